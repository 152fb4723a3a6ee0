from typing import Any, Final

BYTES: Final[int]

# Columns are anything with the buffer protocol, contiguous.
def joined(heads: Any, columns: Any, hashes: Any) -> None: ...
