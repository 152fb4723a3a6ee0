from collections.abc import Mapping, Sequence
from typing import Any, Final

AUTO: Final[int]
WIDE: Final[int]
FAST: Final[int]
STATUSES: Mapping[str, int]
CODES: Mapping[str, int]

def levels() -> tuple[int, ...]: ...
def level() -> int: ...

class Program:
    n_inputs: int
    n_outputs: int
    has_fast: bool
    def __init__(
        self,
        inputs: Sequence[tuple[int, int]],
        ops: Sequence[tuple[int, int, int, int, int, int]],
        outputs: Sequence[int],
        narrow: Sequence[tuple[int, int]] | None = None,
        fast: Any = None,
    ) -> None: ...

def run(
    program: Program,
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    status: Any,
    *,
    start: int = 0,
    stop: int | None = None,
    level: int | None = None,
    path: int = ...,
) -> None: ...
