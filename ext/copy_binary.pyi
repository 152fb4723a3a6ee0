from collections.abc import Iterable
from typing import Any, Final

HEADER: Final[bytes]
TRAILER: Final[bytes]
VARYING: Final[int]
NUMERIC: Final[int]
COLUMNS_MAX: Final[int]

class CopyInvalid(ValueError):
    column: str
    row: int
    def __init__(self, message: str, column: str = "", row: int = 0) -> None: ...

# Columns are anything with the buffer protocol, contiguous.
class Encoder:
    rows: int
    def __init__(
        self,
        columns: Iterable[tuple[int, Any] | tuple[int, Any, Any]],
        rows: int,
        fields: bool = True,
    ) -> None: ...
    def size(self, start: int, stop: int) -> int: ...
    def stop(self, start: int, size: int) -> int: ...
    def encode(self, start: int, stop: int) -> bytes: ...

class Buffer:
    nbytes: int
    def __buffer__(self, flags: int, /) -> memoryview: ...

class Decoder:
    rows: int
    def __init__(self, columns: Iterable[tuple[str, int]]) -> None: ...
    def feed(self, block: Any) -> None: ...
    def drain(self, connection: int, get_copy_data: int, freemem: int) -> int: ...
    def finish(self) -> list[Buffer | tuple[Buffer, Buffer]]: ...
