"""Columns in and out of PostgreSQL by COPY BINARY, inside the running transaction."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import psycopg
from psycopg import pq, sql
from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.waiting import Wait

from billcore.core.store.port import Column, Kind, Value
from billcore.core.store.postgres_columns import INT8, TEXT, Array, Rows, Taken, sent
from billcore.core.store.postgres_errors import STAGE
from billcore.core.store.postgres_pool import Connection

FEW = 500
"""Up to so many rows one INSERT with arrays is faster than a COPY, which has more round trips."""


def key_array(keys: Column) -> Array:
    """The keys of `among` as one value."""
    oid = INT8 if isinstance(keys, np.ndarray) else TEXT
    return Rows("query", {"keys": oid}, {"keys": keys}).arrays()[0]


def insert(connection: Connection, table: str, rows: Rows) -> int:
    """Inserts rows; how many."""
    if rows.count:
        _copy(connection, table, rows)
    return rows.count


def insert_new(connection: Connection, table: str, rows: Rows, staged: set[str]) -> int:
    """Inserts the rows whose key is not there; how many. staged: tables with a stage, OUT."""
    try:
        with connection.transaction():
            return insert(connection, table, rows)  # twice as fast, and most often all are new
    except psycopg.errors.UniqueViolation:
        return _insert_staged(connection, table, rows, staged)


def insert_few(connection: Connection, table: str, rows: Rows, skip: bool) -> int:
    """Inserts a few rows, or with `skip` those whose key is not there; how many."""
    if not rows.count:
        return 0
    values: Sequence[Value | Array]
    if rows.count == 1:
        values = rows.only()
        text = f"VALUES ({', '.join(['%s'] * len(values))})"
    else:
        values = arrays = rows.arrays()
        text = f"SELECT * FROM unnest({', '.join(f'%s::{array.type}' for array in arrays)})"  # noqa: S608 - marks
    text = f"INSERT INTO {{table}} ({{names}}) {text}"
    query = _composed(text + " ON CONFLICT DO NOTHING" * skip, table, rows.names)
    cursor = connection.execute(query, values)
    return cursor.rowcount if skip else rows.count


def _insert_staged(connection: Connection, table: str, rows: Rows, staged: set[str]) -> int:
    stage = STAGE + table
    _make_stage(connection, table, stage, table in staged)
    staged.add(table)
    _copy(connection, stage, rows)
    new = "INSERT INTO {table} ({names}) SELECT {names} FROM {stage} ON CONFLICT DO NOTHING"
    return connection.execute(_composed(new, table, rows.names, stage)).rowcount


def _make_stage(connection: Connection, table: str, stage: str, there: bool) -> None:
    text = (
        "TRUNCATE {stage}" if there else "CREATE TEMP TABLE {stage} (LIKE {table}) ON COMMIT DROP"
    )
    names = {"stage": sql.Identifier(stage), "table": sql.Identifier(table)}
    connection.execute(sql.SQL(text).format(**names))


def _copy(connection: Connection, table: str, rows: Rows) -> None:
    text = "COPY {table} ({names}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(_composed(text, table, rows.names)) as copy:
        for block in rows.blocks():
            copy.write(block)


@lru_cache
def _composed(text: str, table: str, columns: tuple[str, ...], stage: str = "") -> bytes:
    """A statement with its names in it; composed once, for that takes as long as a small insert."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    parts = {"stage": sql.Identifier(stage)} if stage else {}
    return sql.SQL(text).format(table=sql.Identifier(table), names=names, **parts).as_bytes(None)


def bound(connection: Connection, query: str, values: Mapping[str, Value]) -> bytes:
    """A query with its values written into it: COPY takes no others."""
    return psycopg.ClientCursor(connection).mogrify(query.encode(), values).encode()


def types(connection: Connection, query: bytes) -> tuple[int, ...]:
    """The types of a query's columns."""
    cursor = connection.execute(b"SELECT * FROM (\n%s\n) AS q LIMIT 0" % query)
    return tuple(column.type_code for column in cursor.description or ())


def fetch(
    connection: Connection, query: bytes, kinds: Mapping[str, Kind], oids: tuple[int, ...]
) -> dict[str, Column]:
    """The columns of a query in its order, named and typed by `kinds`."""
    taken = Taken(kinds, oids)
    copy = b"COPY (%s) TO STDOUT (FORMAT BINARY)" % sent(query, oids)
    with connection.cursor() as cursor, cursor.copy(copy):
        connection.wait(_receive(connection, taken))
    return taken.columns()


def _receive(connection: Connection, taken: Taken) -> PQGen[None]:
    """Takes what the server sends; waits as psycopg does, so that signals are heard."""
    pgconn = connection.pgconn
    address: int = pgconn.pgconn_ptr  # type: ignore[attr-defined]  # of every implementation
    while taken.drain(address) == 0:
        yield from _more(pgconn)
    yield from _finish(pgconn)


def _more(pgconn: pq.abc.PGconn) -> PQGen[None]:
    while not (yield Wait.R):
        pass
    pgconn.consume_input()


def _finish(pgconn: pq.abc.PGconn) -> PQGen[None]:
    """Takes the result that ends a COPY."""
    while True:
        while pgconn.is_busy():
            yield from _more(pgconn)
        result = pgconn.get_result()
        if result is None:
            return
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise error_from_result(result)
