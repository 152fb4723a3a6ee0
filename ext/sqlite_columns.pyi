from collections.abc import Sequence
from typing import Any, Final, Literal, Self

ENTRY: Final[str]
COLUMNS_IN_MAX: Final[int]
OPEN_MAX: Final[int]

class _Handle:
    handle: int
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

# Anything with the buffer protocol: contiguous signed integers of 1 to 8 bytes, or
# (kind, int32 offsets, the bytes of all values).
_Given = Any | tuple[Literal["text", "bytes"], Any, Any]

class Source(_Handle):
    row: int
    def __init__(self, columns: Sequence[_Given]) -> None: ...

class Memory:
    def __len__(self) -> int: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...

_Taken = Memory | tuple[Memory, Memory]

class Sink(_Handle):
    failure: tuple[Literal["null", "type", "too_large"], int, int] | None
    def __init__(self, kinds: Sequence[Literal["int", "text", "bytes"]]) -> None: ...
    def take(self) -> list[_Taken]: ...
