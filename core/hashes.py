"""The one door to the hashing kernel: SHA-256 of every text of a column."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from billcore.core.store.columns import text_parts
from billcore.ext import sha256


def sha256_each(texts: pa.BinaryArray) -> npt.NDArray[np.uint8]:
    """The SHA-256 of each text, (texts, 32); texts have no nulls."""
    hashes = np.empty((len(texts), sha256.BYTES), dtype=np.uint8)
    sha256.each(*text_parts(texts), hashes)
    return hashes
