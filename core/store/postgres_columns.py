"""Columns as rows of COPY BINARY and back: the door to `billcore.ext.copy_binary`.

A table's columns are checked here, all of them, before anything is sent.
"""

import ctypes
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from psycopg import pq

from billcore.core.store.errors import StoreValueInvalid
from billcore.core.store.port import Column, Columns, Ints, Kind
from billcore.ext import copy_binary

BLOCK_BYTES = 1 << 20
"""What is encoded and sent at a time."""

BYTEA, INT8, INT2, INT4, TEXT, NUMERIC = 17, 20, 21, 23, 25, 1700
"""PostgreSQL's numbers of the types that the schema uses; of sums, NUMERIC."""

ARRAYS = {BYTEA: "bytea[]", INT8: "int8[]", INT2: "int2[]", INT4: "int4[]", TEXT: "text[]"}
"""The type of an array of each."""

WIDTHS = {
    BYTEA: copy_binary.VARYING,
    TEXT: copy_binary.VARYING,
    INT2: 2,
    INT4: 4,
    INT8: 8,
    NUMERIC: copy_binary.NUMERIC,
}
_KINDS = {
    BYTEA: Kind.BYTES,
    TEXT: Kind.TEXT,
    INT2: Kind.INT,
    INT4: Kind.INT,
    INT8: Kind.INT,
    NUMERIC: Kind.INT,
}
_WANTED = {
    Kind.INT: "signed integers (numpy)",
    Kind.TEXT: "texts (Arrow)",
    Kind.BYTES: "bytes (Arrow)",
}

_libpq = ctypes.CDLL(sys.modules[pq.PGconn.__module__].__file__)
_LIBPQ = tuple(
    ctypes.cast(function, ctypes.c_void_p).value or 0
    for function in (_libpq.PQgetCopyData, _libpq.PQfreemem)
)
"""Addresses of libpq's functions, of the libpq that psycopg itself is linked with."""

Types = Mapping[str, int]
"""The type of each column of a table, by its name, in the table's order."""


# -- columns to rows


class Array(NamedTuple):
    """A column as a value of a statement, in the binary format of a type's values."""

    type: str
    data: bytes


class Rows:
    """The checked columns of an insert. Raises StoreValueInvalid."""

    def __init__(self, table: str, types: Types, columns: Columns) -> None:
        _check_names(table, types, columns)
        self.names = tuple(columns)
        self.count = len(columns[self.names[0]])
        self._oids = [types[name] for name in self.names]
        self._columns = [_source(table, n, types[n], c) for n, c in columns.items()]

    def month(self) -> int | None:
        """The month of all rows, if they have one and the same."""
        if not self.count or "month" not in self.names:
            return None
        months: Ints = self._columns[self.names.index("month")][1]
        return int(months[0]) if months.min() == months.max() else None

    def blocks(self) -> Iterator[bytes]:
        """The rows in COPY BINARY, with header and trailer."""
        encoder = copy_binary.Encoder(self._columns, self.count)
        yield copy_binary.HEADER
        at = 0
        while at < self.count:
            stop = encoder.stop(at, BLOCK_BYTES)
            yield encoder.encode(at, stop)
            at = stop
        yield copy_binary.TRAILER

    def arrays(self) -> list[Array]:
        """Each column as an array."""
        return [self._array(o, c) for o, c in zip(self._oids, self._columns, strict=True)]

    def _array(self, oid: int, column: tuple[Any, ...]) -> Array:
        encoder = copy_binary.Encoder([column], self.count, fields=False)
        head = np.array([1, 0, oid, self.count, 1], ">i4").tobytes()
        return Array(ARRAYS[oid], head + encoder.encode(0, self.count))


def _check_names(table: str, types: Types, columns: Columns) -> None:
    for name in columns:
        if name not in types:
            raise StoreValueInvalid(table, name, "is not a column of the table.")
    for name in types:
        if name not in columns:
            raise StoreValueInvalid(table, name, "is missing.")
    first = next(iter(columns))
    for name, column in columns.items():
        if len(column) != len(columns[first]):
            message = f"has {len(column)} rows, {first} has {len(columns[first])}."
            raise StoreValueInvalid(table, name, message)


def _source(table: str, name: str, oid: int, column: Column) -> tuple[Any, ...]:
    """A column as the encoder takes it."""
    kind = _KINDS[oid]
    if _kind(column) is not kind:
        held = getattr(column, "dtype", None) or getattr(column, "type", type(column).__name__)
        raise StoreValueInvalid(table, name, f"holds {held}, not {_WANTED[kind]}.")
    if isinstance(column, np.ndarray):
        return WIDTHS[oid], _ints(table, name, WIDTHS[oid], column)
    return copy_binary.VARYING, *_texts(table, name, kind, column)


def _kind(column: Column) -> Kind | None:
    if isinstance(column, np.ndarray):
        return Kind.INT if column.dtype.kind == "i" and column.ndim == 1 else None
    if isinstance(column, pa.StringArray):
        return Kind.TEXT
    return Kind.BYTES if isinstance(column, pa.BinaryArray) else None


def _ints(table: str, name: str, width: int, column: Ints) -> Ints:
    column = np.ascontiguousarray(column, dtype=column.dtype.newbyteorder("="))
    if column.itemsize == 1:
        return column.astype(np.int16)
    if column.itemsize > width and len(column):
        _check_range(table, name, np.iinfo(f"i{width}"), column)
    return column


def _check_range(table: str, name: str, limits: np.iinfo[Any], column: Ints) -> None:
    lo, hi = limits.min, limits.max
    if column.min() < lo or column.max() > hi:
        row = int(np.argmax((column < lo) | (column > hi)))
        raise StoreValueInvalid(table, name, f"{column[row]} is not from {lo} to {hi}.", row)


def _texts(table: str, name: str, kind: Kind, column: pa.Array) -> tuple[Any, Any]:
    """Offsets (one more than rows) and bytes of an array, also of a slice."""
    if column.null_count:
        row = column.is_null().index(True).as_py()
        raise StoreValueInvalid(table, name, "is null; no column holds nulls.", row)
    try:
        column.validate(full=True)
    except pa.ArrowInvalid as error:
        raise StoreValueInvalid(table, name, f"{error}.") from None
    offsets, data = _buffers(column)
    if kind is Kind.TEXT:
        _check_texts(table, name, offsets, data)
    return offsets, data


def _buffers(column: pa.Array) -> tuple[Ints, bytes | pa.Buffer]:
    _, offsets, data = column.buffers()
    if offsets is None or not offsets.size:
        return np.zeros(1, np.int32), b""
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return ends, b"" if data is None else data


def _check_texts(table: str, name: str, offsets: Ints, data: bytes | pa.Buffer) -> None:
    used = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
    if not used.all():
        at = offsets[0] + int(np.argmin(used))
        row = int(np.searchsorted(offsets, at, side="right")) - 1
        raise StoreValueInvalid(table, name, "a text has no character 0.", row)


# -- rows to columns


class Taken:
    """Columns that come in as COPY BINARY. `kinds` are what is wanted, `oids` what comes."""

    def __init__(self, kinds: Mapping[str, Kind], oids: tuple[int, ...]) -> None:
        _check_kinds(kinds, oids)
        self._kinds = kinds
        widths = (WIDTHS[oid] for oid in oids)
        self._decoder = copy_binary.Decoder(list(zip(kinds, widths, strict=True)))

    def drain(self, connection: int) -> int:
        """Takes what the connection holds: 0 for more to come, below 0 at the end.

        connection: libpq's address of one in COPY OUT. Raises StoreValueInvalid for a null.
        """
        try:
            return self._decoder.drain(connection, *_LIBPQ)
        except copy_binary.CopyInvalid as error:
            raise StoreValueInvalid("query", error.column, f"{error}.", error.row) from None

    def columns(self) -> dict[str, Column]:
        """All that came in, once the rows have ended."""
        try:
            parts = self._decoder.finish()
        except copy_binary.CopyInvalid as error:
            raise StoreValueInvalid("query", error.column, f"{error}.", error.row) from None
        kinds = self._kinds.items()
        return {n: _taken(kind, part) for (n, kind), part in zip(kinds, parts, strict=True)}


def _check_kinds(kinds: Mapping[str, Kind], oids: tuple[int, ...]) -> None:
    if len(kinds) != len(oids):
        raise TypeError(f"the query has {len(oids)} columns, {len(kinds)} were named: {[*kinds]}")
    for (name, kind), oid in zip(kinds.items(), oids, strict=True):
        if _KINDS.get(oid) is not kind:
            raise StoreValueInvalid("query", name, f"has another kind of value, not {kind.value}.")


def _taken(kind: Kind, part: Any) -> Column:
    if kind is Kind.INT:
        return np.frombuffer(part, np.int64)
    offsets, data = (pa.py_buffer(memory) for memory in part)
    held = pa.string() if kind is Kind.TEXT else pa.binary()
    return pa.Array.from_buffers(held, offsets.size // 4 - 1, [None, offsets, data])
