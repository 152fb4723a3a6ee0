"""The attributes of an agreement as one value: pairs of int64 (attribute_no, value), little-endian,
in order of attribute_no. Whole columns are packed and unpacked at once."""

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Bools, Ints

PAIR = 16
"""Bytes of a pair."""


def packed(rows: int, row: Ints, attribute_no: Ints, value: Ints) -> pa.BinaryArray:
    """A column of `rows` packed values from pairs that are sorted by row and attribute."""
    pairs = np.empty((len(row), 2), dtype="<i8")
    pairs[:, 0], pairs[:, 1] = attribute_no, value
    counts = np.bincount(row, minlength=rows)
    offsets = np.zeros(rows + 1, dtype=np.int32)
    np.cumsum(counts * PAIR, out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(pairs.tobytes())]
    return pa.BinaryArray.from_buffers(pa.binary(), rows, buffers)


def unpacked(column: pa.BinaryArray) -> tuple[Ints, Ints, Ints]:
    """(row, attribute_no, value) of every pair of a column."""
    _, offset_buffer, data = column.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)
    offsets = offsets[column.offset : column.offset + len(column) + 1]
    first, last = int(offsets[0]), int(offsets[-1])
    raw = memoryview(data)[first:last] if data is not None else b""
    pairs = np.frombuffer(raw, dtype="<i8").reshape(-1, 2).astype(np.int64)
    row = np.repeat(np.arange(len(column)), np.diff(offsets) // PAIR)
    return row, pairs[:, 0], pairs[:, 1]


def by_attribute(column: pa.BinaryArray) -> dict[int, tuple[Ints, Bools]]:
    """For every attribute_no that occurs: its values, 0 where absent, and where it is present."""
    row, numbers, values = unpacked(column)
    width = len(numbers) // max(len(column), 1)
    if width and len(numbers) == width * len(column) and _repeats(row, numbers, width):
        there = np.ones(len(column), dtype=np.bool_)
        return {
            no: (values[n::width].copy(), there) for n, no in enumerate(numbers[:width].tolist())
        }
    found: dict[int, tuple[Ints, Bools]] = {}
    for number in np.unique(numbers).tolist():
        at = row[numbers == number]
        column_of = np.zeros(len(column), dtype=np.int64)
        present = np.zeros(len(column), dtype=np.bool_)
        column_of[at], present[at] = values[numbers == number], True
        found[number] = column_of, present
    return found


def _repeats(row: Ints, numbers: Ints, width: int) -> bool:
    """Whether every row has the same attributes, so many."""
    table, rows = numbers.reshape(-1, width), row.reshape(-1, width)
    return bool((table == table[0]).all() and (rows == rows[:, :1]).all())
