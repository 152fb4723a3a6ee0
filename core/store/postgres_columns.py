"""Columns as rows of COPY BINARY and back: the door to `billcore.ext.copy_binary`.

A table's columns are checked here, all of them, before anything is sent.
"""

import ctypes
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from psycopg import pq

from billcore.core.store.columns import (
    HELD,
    check_kind,
    check_names,
    checked_ints,
    checked_parts,
    made,
)
from billcore.core.store.errors import StoreValueInvalid
from billcore.core.store.port import Column, Columns, Ints, Kind, Value
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
        self.count = check_names(table, types, columns)
        self.names = tuple(columns)
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

    def only(self) -> list[Value]:
        """The values of the one row."""
        return [_value(o, c) for o, c in zip(self._oids, self._columns, strict=True)]

    def arrays(self) -> list[Array]:
        """Each column as an array."""
        return [self._array(o, c) for o, c in zip(self._oids, self._columns, strict=True)]

    def _array(self, oid: int, column: tuple[Any, ...]) -> Array:
        encoder = copy_binary.Encoder([column], self.count, fields=False)
        head = np.array([1, 0, oid, self.count, 1], ">i4").tobytes()
        return Array(ARRAYS[oid], head + encoder.encode(0, self.count))


def _value(oid: int, column: tuple[Any, ...]) -> Value:
    """The only value of a column as the encoder takes it."""
    if column[0] != copy_binary.VARYING:
        return int(column[1][0])
    _, ends, data = column
    value: bytes = data[ends[0] : ends[1]].tobytes()
    return value.decode() if oid == TEXT else value


def _source(table: str, name: str, oid: int, column: Column) -> tuple[Any, ...]:
    """A column as the encoder takes it."""
    check_kind(table, name, _KINDS[oid], column)
    if not isinstance(column, np.ndarray):
        return copy_binary.VARYING, *checked_parts(table, name, column)
    checked = checked_ints(table, name, *HELD[WIDTHS[oid]], column)
    return WIDTHS[oid], checked.astype(np.int16) if checked.itemsize == 1 else checked


# -- rows to columns


def fields_of(oids: Sequence[int]) -> list[tuple[int, ...]]:
    """The fields of a row that comes in: a column each, of integers of at most 32 bits two.

    A field costs the server three times what it takes to put two integers into one.
    """
    small = [at for at, oid in enumerate(oids) if oid in (INT2, INT4)]
    pairs = dict(zip(small[::2], small[1::2], strict=False))
    seconds = {*pairs.values()}
    return [
        (at, pairs[at]) if at in pairs else (at,) for at in range(len(oids)) if at not in seconds
    ]


def sent(query: bytes, oids: Sequence[int]) -> bytes:
    """A query whose rows have the fields of its columns."""
    names = [b"c%d" % at for at in range(len(oids))]
    fields = [
        names[at[0]]
        if len(at) == 1
        # Signs of the second one stand in the first one's bits too: `_split` takes them away.
        else b"%s::bigint << 32 # %s" % (names[at[0]], names[at[1]])
        for at in fields_of(oids)
    ]
    return b"SELECT %s FROM (\n%s\n) AS q (%s)" % (b", ".join(fields), query, b", ".join(names))


def _split(both: Ints) -> tuple[Ints, Ints]:
    """The two integers of a field."""
    second = both.astype(np.int32).astype(np.int64)
    return (both ^ second) >> 32, second


class Taken:
    """Columns that come in as COPY BINARY. `kinds` are what is wanted, `oids` what comes."""

    def __init__(self, kinds: Mapping[str, Kind], oids: tuple[int, ...]) -> None:
        _check_kinds(kinds, oids)
        self._kinds = kinds
        self._fields = fields_of(oids)
        names = list(kinds)
        told = [
            (" or ".join(names[n] for n in at), WIDTHS[oids[at[0]]] if len(at) == 1 else 8)
            for at in self._fields
        ]
        self._decoder = copy_binary.Decoder(told)

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
        kinds = list(self._kinds.values())
        found: dict[int, Column] = {}
        for at, part in zip(self._fields, parts, strict=True):
            column = made(kinds[at[0]], part)
            if len(at) == 1:
                found[at[0]] = column
            else:
                assert isinstance(column, np.ndarray)
                found[at[0]], found[at[1]] = _split(column)
        return {name: found[at] for at, name in enumerate(self._kinds)}


def _check_kinds(kinds: Mapping[str, Kind], oids: tuple[int, ...]) -> None:
    if len(kinds) != len(oids):
        raise TypeError(f"the query has {len(oids)} columns, {len(kinds)} were named: {[*kinds]}")
    for (name, kind), oid in zip(kinds.items(), oids, strict=True):
        if _KINDS.get(oid) is not kind:
            raise StoreValueInvalid("query", name, f"has another kind of value, not {kind.value}.")
