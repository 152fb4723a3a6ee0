"""The engine for several processes: a PostgreSQL database.

A write is a READ COMMITTED transaction, a read one snapshot. A transaction in which a statement
failed is over: it keeps nothing, on both engines.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Literal

import psycopg
from psycopg import pq

from billcore.core.store import postgres_bulk
from billcore.core.store.columns import of_rows
from billcore.core.store.errors import StoreUnavailable, StoreValueInvalid
from billcore.core.store.port import Column, Columns, Kind, Row, Value
from billcore.core.store.postgres_bulk import FEW
from billcore.core.store.postgres_catalog import (
    Catalog,
    Table,
    add_month,
    hold,
    partition,
    table_names,
)
from billcore.core.store.postgres_columns import Rows
from billcore.core.store.postgres_errors import UNKNOWN_OUTCOME, store_error
from billcore.core.store.postgres_pool import Connection, Pool
from billcore.core.store.statements import checked, pyformat, with_keys
from billcore.core.store.urls import masked

WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1"
"""The snapshot is taken by the first statement."""

MONTHS = range(2**31)

KEYS_NAME = "billcore_keys"
"""The name of the keys of `among`; a query's values have other names."""

_NO_PARTITION = (psycopg.errors.CheckViolation, psycopg.errors.UndefinedTable)
"""A month that was known has been removed by somebody: it is looked up again."""


class PostgresSession:
    """A transaction of one connection, usable until its block ends or a statement fails."""

    def __init__(self, connection: Connection, catalog: Catalog) -> None:
        self._connection = connection
        self._catalog = catalog
        self._months: set[int] = set()
        self._staged: set[str] = set()
        self._over = ""
        self.defined = False

    def run(self, sql: str, /, **values: Value) -> int:
        """As in the port."""
        cursor = self._execute(sql, values)
        return 0 if (cursor.statusmessage or "").startswith("SELECT") else max(cursor.rowcount, 0)

    def rows(self, sql: str, /, **values: Value) -> list[Row]:
        """As in the port."""
        with self._used():
            return self._execute(sql, values).fetchall()  # type: ignore[return-value]

    def row(self, sql: str, /, **values: Value) -> Row | None:
        """As in the port."""
        with self._used():
            return self._execute(sql, values).fetchone()  # type: ignore[return-value]

    def insert(
        self, table: str, columns: Columns, existing: Literal["refuse", "skip"] = "refuse"
    ) -> int:
        """As in the port."""
        with self._used(table) as connection:
            target = self._catalog.table(connection, table)
            rows = Rows(table, target.types, columns)
            place = self._place(target, rows)
            if rows.count <= FEW:
                return postgres_bulk.insert_few(connection, place, rows, existing == "skip")
            if existing == "skip":
                return postgres_bulk.insert_new(connection, place, rows, self._staged)
            return postgres_bulk.insert(connection, place, rows)

    def fetch(self, sql: str, kinds: Mapping[str, Kind], /, **values: Value) -> dict[str, Column]:
        """As in the port."""
        with self._used() as connection:
            query = postgres_bulk.bound(connection, pyformat(sql), checked(sql, values))
            oids = self._catalog.query_types.get(sql)
            if oids is None:
                oids = self._catalog.query_types[sql] = postgres_bulk.types(connection, query)
            return postgres_bulk.fetch(connection, query, kinds, oids)

    def among(
        self, sql: str, kinds: Mapping[str, Kind], keys: Column, /, **values: Value
    ) -> dict[str, Column]:
        """As in the port."""
        checked(with_keys(sql, ""), values)
        with self._used() as connection:
            array = postgres_bulk.key_array(keys)
            # Behind a subquery a planner does not see how many they are, and takes the index.
            text = with_keys(sql, f"SELECT unnest((SELECT :{KEYS_NAME}::{array.type}))")
            given = {**values, KEYS_NAME: array}
            rows = connection.execute(pyformat(text).encode(), given).fetchall()
        return of_rows(kinds, rows)  # type: ignore[arg-type]

    @contextmanager
    def together(self, rows: int) -> Iterator[None]:
        """As in the port: in libpq's pipeline mode, which has no COPY."""
        if rows > FEW:
            yield
            return
        with self._used() as connection:
            try:
                with connection.pipeline():
                    yield
            except BaseException:
                # psycopg still counts on what this block prepared, which the server threw away.
                connection.close()
                raise

    def open_month(self, month: int) -> None:
        """As in the port; waits for another transaction that opens the same month."""
        with self._used() as connection:
            if month not in MONTHS:
                raise StoreValueInvalid("value", "month", f"{month} is no month.")
            if not self._has_month(month):
                add_month(connection, month)
                self._months.add(month)

    def hold(self, buckets: Sequence[int], alone: bool) -> None:
        """As in the port; in the order of the buckets, so that two never wait in a circle."""
        with self._used() as connection:
            hold(connection, sorted(set(buckets)), alone)

    def define(self, sql: str, /) -> None:
        """As in the port."""
        with self._used() as connection:
            self.defined = True
            self._catalog = Catalog()
            connection.execute(sql.encode())

    def tables(self) -> set[str]:
        """As in the port; waits for another process that migrates."""
        with self._used() as connection:
            return table_names(connection)

    def commit(self) -> None:
        """Called when the block ends normally; RuntimeError when a statement failed in it."""
        if self._over:
            raise RuntimeError(self._over)
        try:
            self._connection.execute("COMMIT")
        except psycopg.Error as error:
            cut = self._connection.broken or not error.sqlstate
            raise (StoreUnavailable(UNKNOWN_OUTCOME) if cut else _known(error)) from error
        self._catalog.months |= self._months

    def end(self) -> None:
        """Called when the block ends in any way: what is not committed is rolled back."""
        self._over = "the session is over: use it inside its block"
        with suppress(psycopg.Error):
            status = self._connection.pgconn.transaction_status
            if status in (pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR):
                self._connection.execute("ROLLBACK")

    def _has_month(self, month: int) -> bool:
        return month in self._catalog.months or month in self._months

    def _place(self, table: Table, rows: Rows) -> str:
        """Where rows go: straight into a month's partition, if they have one month."""
        month = rows.month() if table.monthly else None
        if month is None or not self._has_month(month):
            return table.name
        return partition(table.name, month)

    def _execute(self, sql: str, values: Mapping[str, Value]) -> psycopg.Cursor[tuple[object, ...]]:
        with self._used() as connection:
            return connection.execute(pyformat(sql).encode(), checked(sql, values))

    @contextmanager
    def _used(self, table: str = "") -> Iterator[Connection]:
        if self._over:
            raise RuntimeError(self._over)
        try:
            yield self._connection
        except BaseException as error:
            self._over = "a statement of this session failed: nothing of it is kept"
            if isinstance(error, _NO_PARTITION):
                self._catalog.months.clear()
            known = _known(error, table)
            if known is error:
                raise
            raise known from error


def _known(error: BaseException, table: str = "") -> BaseException:
    return (isinstance(error, psycopg.Error) and store_error(error, table)) or error


class PostgresStore:
    """A database; see the port. Raises StoreUrlInvalid, StoreUnavailable, StoreBusy.

    `url` is without the password that it was opened with.
    """

    shared = True

    def __init__(self, url: str) -> None:
        self.url = masked(url)
        self._pool = Pool(url)
        self._catalog = Catalog()
        self._writing = threading.local()
        with self.read():
            pass

    @contextmanager
    def write(self) -> Iterator[PostgresSession]:
        """As in the port."""
        if getattr(self._writing, "here", False):
            raise RuntimeError("this thread is in a write already: pass its session on")
        self._writing.here = True
        try:
            with self._transaction(WRITE) as session:
                yield session
        finally:
            self._writing.here = False

    @contextmanager
    def read(self) -> Iterator[PostgresSession]:
        """As in the port; the snapshot is of the moment at which the block begins."""
        with self._transaction(READ) as session:
            yield session

    def close(self) -> None:
        """As in the port."""
        self._pool.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[PostgresSession]:
        connection = self._pool.take(begin)
        session = PostgresSession(connection, self._catalog)
        try:
            yield session
            session.commit()
            if session.defined:
                self._catalog = Catalog()
        finally:
            session.end()
            self._pool.give(connection)
