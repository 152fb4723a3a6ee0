"""Columns in and out of SQLite, through the extension `billcore.ext.sqlite_columns`.

A table's columns are checked here, then one statement reads them (`insert`) or fills them
(`fetch`): no Python object a row.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import apsw
import numpy as np

from billcore.core.errors import TEXT_MAX
from billcore.core.store.columns import check_kind, check_names, checked_ints, checked_parts, made
from billcore.core.store.errors import StoreConflict, StoreValueInvalid
from billcore.core.store.port import Column, Columns, Kind, Value
from billcore.core.store.sqlite_errors import key_columns
from billcore.core.store.sqlite_schema import INT64, ColumnShape
from billcore.core.store.statements import with_keys
from billcore.ext import sqlite_columns

HANDLE = "billcore_handle"
"""The name of a fetch's own value; a query's values have other names."""

KEYS_HANDLE = "billcore_keys"
"""The same of the keys of `among`."""

_REFUSED = {
    "null": "is null: a query gives a value for every row.",
    "type": "has another kind of value.",
    "too_large": "holds more than 2 GiB: fetch fewer rows.",
}


def load_extension(connection: apsw.Connection) -> None:
    """Makes the kernel's table and aggregate known to a connection."""
    connection.enable_load_extension(True)
    connection.load_extension(sqlite_columns.__file__, sqlite_columns.ENTRY)
    connection.enable_load_extension(False)


def insert(
    connection: apsw.Connection,
    table: str,
    shape: Mapping[str, ColumnShape],
    columns: Columns,
    skip: bool,
) -> int:
    """Inserts columns as rows, or with `skip` those whose key is not there; how many were new."""
    given = _given(table, shape, columns)
    before = connection.total_changes()
    with sqlite_columns.Source(given) as source:
        try:
            connection.execute(_insert_sql(table, tuple(columns), skip), (source.handle,))
        except apsw.ConstraintError as error:
            conflict = _conflict(error, columns, source.row)
            if conflict is None:
                raise
            raise conflict from error
    return connection.total_changes() - before


@lru_cache
def _insert_sql(table: str, names: tuple[str, ...], skip: bool) -> str:
    sources = ", ".join(f"c{i}" for i in range(len(names)))
    end = " ON CONFLICT DO NOTHING" if skip else ""
    return (
        f"INSERT INTO {table} ({', '.join(names)}) "  # noqa: S608 - names of our own schema
        f"SELECT {sources} FROM billcore_columns(?) WHERE true{end}"
    )


def _conflict(error: apsw.Error, columns: Columns, row: int) -> StoreConflict | None:
    key = key_columns(error)
    if key is None:
        return None
    table, names = key
    values = ", ".join(f"{name}={_shown(columns[name], row)}" for name in names)
    return StoreConflict(table, f"the row with {values} (row {row} of the given) is there already.")


def _shown(column: Column, row: int) -> str:
    value = column[row].item() if isinstance(column, np.ndarray) else column[row].as_py()
    return repr(value)[:TEXT_MAX]


def _given(table: str, shape: Mapping[str, ColumnShape], columns: Columns) -> list[Any]:
    """The columns as the kernel takes them, each checked against its table."""
    check_names(table, shape, columns)
    return [_column(table, name, shape[name], column) for name, column in columns.items()]


def _column(table: str, name: str, shape: ColumnShape, column: Column) -> Any:
    check_kind(table, name, shape.kind, column)
    if isinstance(column, np.ndarray):
        return checked_ints(table, name, shape.lo, shape.hi, column)
    return shape.kind.value, *checked_parts(table, name, column)


def fetch(
    connection: apsw.Connection, sql: str, kinds: Mapping[str, Kind], values: Mapping[str, Value]
) -> dict[str, Column]:
    """The columns of a query in its order, named and typed by `kinds`."""
    with sqlite_columns.Sink([kind.value for kind in kinds.values()]) as sink:
        taking = {**values, HANDLE: sink.handle}
        try:
            connection.execute(_fetch_sql(sql, len(kinds)), taking).fetchall()
        except apsw.SQLError as error:
            raise _not_taken(error, sink, list(kinds)) from None
        taken = sink.take()
    return {name: made(kinds[name], part) for name, part in zip(kinds, taken, strict=True)}


def among(
    connection: apsw.Connection,
    sql: str,
    kinds: Mapping[str, Kind],
    keys: Column,
    values: Mapping[str, Value],
) -> dict[str, Column]:
    """As `fetch`, of a query with `IN (:keys)`."""
    shape = ColumnShape(Kind.INT if isinstance(keys, np.ndarray) else Kind.TEXT, *INT64)
    with sqlite_columns.Source([_column("query", "keys", shape, keys)]) as source:
        text = with_keys(sql, f"SELECT c0 FROM billcore_columns(:{KEYS_HANDLE})")  # noqa: S608 - our own words
        return fetch(connection, text, kinds, {**values, KEYS_HANDLE: source.handle})


def _not_taken(error: apsw.SQLError, sink: sqlite_columns.Sink, names: list[str]) -> Exception:
    counts = re.match(r"table q has (\d+) values for (\d+) columns", str(error))
    if counts is not None:
        return TypeError(f"the query has {counts[1]} columns, {counts[2]} were named: {names}")
    if sink.failure is None:
        return error
    why, column, row = sink.failure
    return StoreValueInvalid("query", names[column], _REFUSED[why], row)


@lru_cache
def _fetch_sql(sql: str, n_columns: int) -> str:
    names = ", ".join(f"c{i}" for i in range(n_columns))
    return (
        f"WITH q ({names}) AS (\n{sql}\n) "  # noqa: S608 - a statement of ours
        f"SELECT billcore_take(:{HANDLE}, {names}) FROM q"
    )
