from collections.abc import Mapping, Sequence
from typing import Any, Final

AUTO: Final[int]
WIDE: Final[int]
FAST: Final[int]
STATUSES: Final[Mapping[str, int]]
CODES: Final[Mapping[str, int]]
MODES: Final[Mapping[str, int]]
FAST_SIGNATURES: Final[Mapping[str, str]]
OPS_MAX: Final[int]
COLUMNS_MAX: Final[int]
PLANS_MAX: Final[int]
FAST_REGISTERS_MAX: Final[int]
FAST_WORDS_MAX: Final[int]

# (ops by name with integers after FAST_SIGNATURES, constants of the first registers, registers)
FastCode = tuple[Sequence[tuple[str, Sequence[int]]], Sequence[int], int]

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
        fast: FastCode | None = None,
    ) -> None: ...

class PlanSet:
    programs: tuple[Program, ...]
    def __init__(
        self,
        programs: Sequence[Program],
        in_maps: Sequence[Sequence[int]],
        out_maps: Sequence[Sequence[int]],
        n_inputs: int,
        n_outputs: int,
    ) -> None: ...

# Columns are anything with the buffer protocol: contiguous, int64 or int32 in, int64 out.
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
def run_mixed(
    plans: PlanSet,
    plan_ids: Any,
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    status: Any,
    *,
    start: int = 0,
    stop: int | None = None,
    level: int | None = None,
    path: int = ...,
) -> None: ...
def memory_only(
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    *,
    start: int = 0,
    stop: int | None = None,
    level: int | None = None,
) -> None: ...
