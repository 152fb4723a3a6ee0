from typing import Any, Final

BYTES: Final[int]

# Columns are anything with the buffer protocol, contiguous.
def each(ends: Any, data: Any, hashes: Any) -> None: ...
