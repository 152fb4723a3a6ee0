"""The digest of bills: the same whatever the order, the chunks and the workers that made them.

It is the sum modulo 2^256 of SHA-256 over each bill's canonical bytes: eleven little-endian 64-bit
numbers (id, previous day, last day, day of issue, due day, opening, total, closing, and the lengths
of what follows), then its packed lines, inputs and what it hands on.
"""

import numpy as np
import pyarrow.compute as pc

from billcore.core.billing.issue import Drafts, Issue
from billcore.core.hashes import sha256_joined

MODULUS = 1 << 256
DIGEST_BYTES = 32
EMPTY = bytes(DIGEST_BYTES)
HEAD = 11
"""Numbers before the texts."""


def digest(drafts: Drafts, how: Issue) -> bytes:
    """The digest of bills as they are issued."""
    texts = drafts.lines, drafts.inputs, drafts.carried
    head = np.empty((len(drafts), HEAD), dtype="<i8")
    columns = (
        drafts.bill_ids(how.month),
        drafts.previous_day,
        drafts.this_day,
        how.issued_day,
        how.due_day,
        drafts.opening,
        drafts.total,
        drafts.opening + drafts.total,
        *(pc.binary_length(one).to_numpy() for one in texts),
    )
    for at, column in enumerate(columns):
        head[:, at] = column
    hashes = sha256_joined(head, texts)
    # Sums of 32 bits each: those of fewer than 2^31 bills fit 63 bits.
    sums = hashes.view("<u4").sum(axis=0, dtype=np.int64)
    total: int = sum(part << 32 * at for at, part in enumerate(sums.tolist()))
    return (total % MODULUS).to_bytes(DIGEST_BYTES, "little")


def added(digests: list[bytes]) -> bytes:
    """The digest of all the bills of several digests."""
    total = sum(int.from_bytes(one, "little") for one in digests)
    return (total % MODULUS).to_bytes(DIGEST_BYTES, "little")
