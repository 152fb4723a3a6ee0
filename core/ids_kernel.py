"""The door to the kernel of hashed ids: columns of numbers and texts in, ids out."""

import hashlib

import numpy as np
import numpy.typing as npt

from billcore.ext.hashed_ids import hashed


def hashed_ids(
    stem: str,
    numbers: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int32],
    data: npt.NDArray[np.uint8],
) -> npt.NDArray[np.int64]:
    """63 bits for each row that stand for its numbers and text; never 0.

    stem: what is named; numbers: columns x rows; ends: offsets, one more than rows, of the texts
    in `data`, UTF-8. The same row has the same id on every little-endian machine.
    """
    key = hashlib.blake2b(stem.encode(), digest_size=16).digest()
    found = np.empty(numbers.shape[1], dtype=np.int64)
    hashed(key, np.ascontiguousarray(numbers), ends, data, found)
    return found
