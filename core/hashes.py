"""The one door to the hashing kernel: SHA-256 of texts that are joined of columns."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from billcore.core.store.columns import text_parts
from billcore.ext import sha256


def sha256_joined(
    heads: npt.NDArray[np.int64], columns: Sequence[pa.BinaryArray]
) -> npt.NDArray[np.uint8]:
    """The SHA-256, (rows, 32), of each row's numbers, little-endian, and of its texts behind them;
    heads: (rows, numbers). Texts have no nulls."""
    hashes = np.empty((len(heads), sha256.BYTES), dtype=np.uint8)
    raw = np.ascontiguousarray(heads, dtype="<i8").view(np.uint8)
    sha256.joined(raw, [text_parts(column) for column in columns], hashes)
    return hashes
