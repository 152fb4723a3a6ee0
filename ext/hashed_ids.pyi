from typing import Any

# Buffers, contiguous: 16 bytes; int64 of columns x rows; int32; bytes; int64 of rows.
def hashed(key: Any, numbers: Any, offsets: Any, data: Any, out: Any) -> None: ...
