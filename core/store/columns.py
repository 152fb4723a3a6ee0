"""Columns on their way into a table or out of a query: what both engines check and build.

Every column is checked before the first row is sent; the errors name its table, itself and the row.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from billcore.core.store.errors import StoreValueInvalid
from billcore.core.store.port import Column, Columns, Ints, Kind, Row

_WANTED = {
    Kind.INT: "signed integers (numpy)",
    Kind.TEXT: "texts (Arrow)",
    Kind.BYTES: "bytes (Arrow)",
}

HELD = {width: (-(1 << 8 * width - 1), (1 << 8 * width - 1) - 1) for width in (1, 2, 4, 8)}
"""The least and the greatest integer of so many bytes."""

FEW = 64
"""So many values are compared faster one by one."""

Parts = tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]
"""Offsets, one more than rows, and the bytes of all values."""


def check_names(table: str, names: Collection[str], columns: Columns) -> int:
    """How many rows the columns have. Raises StoreValueInvalid unless they are those of a table."""
    for name in columns:
        if name not in names:
            raise StoreValueInvalid(table, name, "is not a column of the table.")
    for name in names:
        if name not in columns:
            raise StoreValueInvalid(table, name, "is missing.")
    first, rows = "", 0
    for name, column in columns.items():
        if first and len(column) != rows:
            raise StoreValueInvalid(table, name, f"has {len(column)} rows, {first} has {rows}.")
        first, rows = name, len(column)
    return rows


def check_kind(table: str, name: str, kind: Kind, column: Column) -> None:
    """Raises StoreValueInvalid unless a column holds what its place in the table does."""
    if kind_of(column) is not kind:
        held = getattr(column, "dtype", None) or getattr(column, "type", type(column).__name__)
        raise StoreValueInvalid(table, name, f"holds {held}, not {_WANTED[kind]}.")


def kind_of(column: Column) -> Kind | None:
    """What a column holds; None: nothing that a table does."""
    if isinstance(column, np.ndarray):
        return Kind.INT if column.dtype.kind == "i" and column.ndim == 1 else None
    if isinstance(column, pa.StringArray):
        return Kind.TEXT
    return Kind.BYTES if isinstance(column, pa.BinaryArray) else None


def checked_ints(table: str, name: str, lo: int, hi: int, column: Ints) -> Ints:
    """The column contiguous and in the machine's byte order, every value from lo to hi."""
    if not (column.dtype.isnative and column.flags.c_contiguous):
        column = np.ascontiguousarray(column, dtype=column.dtype.newbyteorder("="))
    least, most = HELD[column.itemsize]
    narrow = least >= lo and most <= hi
    if narrow or not len(column) or _within(column, lo, hi):
        return column
    row = int(np.argmax((column < lo) | (column > hi)))
    raise StoreValueInvalid(table, name, f"{column[row]} is not from {lo} to {hi}.", row)


def _within(column: Ints, lo: int, hi: int) -> bool:
    if len(column) <= FEW:
        values = column.tolist()
        return lo <= min(values) and max(values) <= hi  # type: ignore[no-any-return]
    return bool(column.min() >= lo and column.max() <= hi)


def checked_parts(table: str, name: str, column: pa.StringArray | pa.BinaryArray) -> Parts:
    """The buffers of an array, also of a slice; without nulls, texts in UTF-8 without NUL."""
    if column.null_count:
        row = column.is_null().index(True).as_py()
        raise StoreValueInvalid(table, name, "is null; no column holds nulls.", row)
    try:
        column.validate(full=True)
    except pa.ArrowInvalid as error:
        raise StoreValueInvalid(table, name, f"{error}.") from None
    offsets, data = text_parts(column)
    if isinstance(column, pa.StringArray):
        _check_no_nul(table, name, offsets, data)
    return offsets, data


def text_parts(column: pa.StringArray | pa.BinaryArray) -> Parts:
    """The buffers of an array, also of a slice, unchecked."""
    _, offsets, data = column.buffers()
    if offsets is None or not offsets.size:
        return np.zeros(1, np.int32), np.zeros(0, np.uint8)
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return ends, np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)


def byte_lengths(column: pa.StringArray | pa.BinaryArray) -> Ints:
    """How many bytes each value has."""
    return np.diff(text_parts(column)[0])


def is_whole(rows: Ints, count: int) -> bool:
    """Whether these are all of so many rows, in order."""
    return len(rows) == count and (count == 1 or bool((rows[1:] > rows[:-1]).all()))


C = TypeVar("C", bound=Column)


def picked(column: C, rows: Ints) -> C:
    """These rows of a column; the column itself where they are all of it in order."""
    if is_whole(rows, len(column)):
        return column
    found: Any = column[rows] if isinstance(column, np.ndarray) else column.take(pa.array(rows))
    return found  # type: ignore[no-any-return]


def taken(table: Columns, rows: Ints) -> dict[str, Column]:
    """These rows of a table, in this order; its own columns where they are all of it in order."""
    if is_whole(rows, len(next(iter(table.values()), rows))):
        return dict(table)
    return {name: picked(column, rows) for name, column in table.items()}


def _check_no_nul(
    table: str, name: str, offsets: npt.NDArray[np.int32], data: npt.NDArray[np.uint8]
) -> None:
    used = data[offsets[0] : offsets[-1]]
    if not used.all():
        at = offsets[0] + int(np.argmin(used))
        row = int(np.searchsorted(offsets, at, side="right")) - 1
        raise StoreValueInvalid(table, name, "a text has no character 0.", row)


def ints_of(names: Sequence[str], rows: Sequence[Sequence[int]], **same: int) -> dict[str, Column]:
    """Rows of integers as columns of these names, with columns that are the same in every row."""
    table = np.array(rows, dtype=np.int64).reshape(-1, len(names))
    columns: dict[str, Column] = {name: np.full(len(table), value) for name, value in same.items()}
    return columns | {name: table[:, at].copy() for at, name in enumerate(names)}


def of_rows(kinds: Mapping[str, Kind], rows: Sequence[Row]) -> dict[str, Column]:
    """A few rows as columns of these names and kinds."""
    columns: Sequence[Sequence[Any]] = [*zip(*rows, strict=True)] if rows else [()] * len(kinds)
    found: dict[str, Column] = {}
    for (name, kind), values in zip(kinds.items(), columns, strict=True):
        if kind is Kind.INT:
            found[name] = np.array(values, dtype=np.int64)
        else:
            found[name] = pa.array(values, pa.string() if kind is Kind.TEXT else pa.binary())
    return found


def as_list(column: Column) -> list[Any]:
    """The values of a column, as rows have them."""
    return list(column.tolist() if isinstance(column, np.ndarray) else column.to_pylist())


def made(kind: Kind, part: Any) -> Column:
    """A column around memory: int64 values, or int32 offsets and the bytes of all values."""
    if kind is Kind.INT:
        return np.frombuffer(part, np.int64)
    offsets, data = (pa.py_buffer(memory) for memory in part)
    held = pa.string() if kind is Kind.TEXT else pa.binary()
    return pa.Array.from_buffers(held, offsets.size // 4 - 1, [None, offsets, data])


def stacked(columns: Sequence[Column], kind: Kind) -> Column:
    """One column of several, which may be none."""
    if kind is Kind.INT:
        return np.concatenate([np.zeros(0, dtype=np.int64), *columns])
    held = pa.string() if kind is Kind.TEXT else pa.binary()
    return pa.concat_arrays([pa.array([], held), *columns])
