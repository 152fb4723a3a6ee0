"""The digest of a store: the same for the same rows, whatever file or server they are in.

Of a table it is the sum modulo 2^256 of SHA-256 over each row: its integers in the order of the
columns, then the lengths of its texts and bytes, all little-endian 64-bit numbers, then these
themselves. Of the store it is SHA-256 over a line for each table, by name: name, rows and digest.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.hashes import sha256_joined
from billcore.core.store.columns import byte_lengths
from billcore.core.store.contents import Shape, chunks, shapes
from billcore.core.store.port import Columns, Reader

MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds: how many rows, and their digest in hex."""

    rows: int
    digest: str


Tables = Mapping[str, Contents]


def contents(reader: Reader, shared: bool) -> Tables:
    """What every table of a snapshot holds; shared: as the store says."""
    return {shape.name: _contents(reader, shape) for shape in shapes(reader, shared)}


def digest(tables: Tables) -> str:
    """The digest of all of them, in hex."""
    lines = (f"{name} {one.rows} {one.digest}\n" for name, one in sorted(tables.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _contents(reader: Reader, shape: Shape) -> Contents:
    rows, total = 0, 0
    for columns in chunks(reader, shape):
        rows += len(columns[shape.key[0]])
        total += _summed(columns)
    return Contents(rows, f"{total % MODULUS:064x}")


def _summed(columns: Columns) -> int:
    """The sum of the hashes of some rows."""
    ints = [one for one in columns.values() if isinstance(one, np.ndarray)]
    texts = [one for one in columns.values() if not isinstance(one, np.ndarray)]
    head = np.stack([*ints, *map(byte_lengths, texts)], axis=1).astype("<i8", copy=False)
    hashes = sha256_joined(head, [one.cast(pa.binary()) for one in texts])
    # Sums of 32 bits each: those of fewer than 2^31 rows fit 63 bits.
    sums: list[int] = hashes.view("<u4").sum(axis=0, dtype=np.int64).tolist()
    return sum(part << 32 * at for at, part in enumerate(sums))
