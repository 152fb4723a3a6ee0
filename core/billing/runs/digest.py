"""The digest of bills: the same whatever the order, the chunks and the workers that made them.

It is the sum modulo 2^256 of SHA-256 over each bill's canonical bytes: eleven little-endian 64-bit
numbers (id, previous day, last day, day of issue, due day, opening, total, closing, and the lengths
of what follows), then its packed lines, inputs and what it hands on.
"""

import hashlib

import numpy as np

from billcore.core.billing.issue import Drafts, Issue

MODULUS = 1 << 256
DIGEST_BYTES = 32
EMPTY = bytes(DIGEST_BYTES)


def digest(drafts: Drafts, how: Issue) -> bytes:
    """The digest of bills as they are issued."""
    count = len(drafts)
    texts = [getattr(drafts, name).to_pylist() for name in ("lines", "inputs", "carried")]
    head = np.empty((count, 11), dtype="<i8")
    columns = (
        drafts.bill_ids(how.month),
        drafts.previous_day,
        drafts.this_day,
        how.issued_day,
        how.due_day,
        drafts.opening,
        drafts.total,
        drafts.opening + drafts.total,
        *([len(text) for text in one] for one in texts),
    )
    for at, column in enumerate(columns):
        head[:, at] = column
    width = head.shape[1] * head.itemsize
    heads = head.tobytes()
    total = 0
    for at, (lines, inputs, carried) in enumerate(zip(*texts, strict=True)):
        one = hashlib.sha256(heads[at * width : (at + 1) * width] + lines + inputs + carried)
        total += int.from_bytes(one.digest(), "little")
    return (total % MODULUS).to_bytes(DIGEST_BYTES, "little")


def added(digests: list[bytes]) -> bytes:
    """The digest of all the bills of several digests."""
    total = sum(int.from_bytes(one, "little") for one in digests)
    return (total % MODULUS).to_bytes(DIGEST_BYTES, "little")
