"""The embedded engine: an SQLite file that one process owns.

One connection writes, one transaction at a time; readers have connections of their own, each
block a snapshot. Commits are durable (WAL, synchronous FULL) and wait for no checkpoint. A
transaction in which a statement failed is over: it keeps nothing, on both engines.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Literal

import apsw

from billcore.core.store import sqlite_bulk
from billcore.core.store.errors import StoreUnavailable, StoreValueInvalid
from billcore.core.store.port import Column, Columns, Kind, Row, Value
from billcore.core.store.sqlite_checkpoint import Checkpointer
from billcore.core.store.sqlite_errors import StoreErrors
from billcore.core.store.sqlite_files import Ownership, open_main, open_reader
from billcore.core.store.sqlite_schema import ColumnShape, table_shape, translated
from billcore.core.store.statements import checked, with_keys

READERS_IDLE_MAX = 8
"""Reading connections that wait for their next use; more are opened and closed again."""

FAILED = "a statement of this session failed: leave its block, nothing of it is kept"
ENDED = "the block of this session has ended: open another one"

CLOSED = "it was closed in this process."

MONTHS = range(2**31)

TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"

Shapes = dict[str, Mapping[str, ColumnShape]]


class _Use(StoreErrors):
    """What surrounds each statement of a session: none runs behind one that failed."""

    __slots__ = ("over",)

    def __init__(self, connection: apsw.Connection) -> None:
        super().__init__(connection)
        self.over = ""

    def __enter__(self) -> apsw.Connection:
        if self.over:
            raise RuntimeError(self.over)
        return self.connection

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None:
            self.over = FAILED
            super().__exit__(kind, error, trace)


class SqliteReader:
    """A snapshot of one connection, usable until its block ends or a statement fails."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._used = _Use(connection)

    def rows(self, sql: str, /, **values: Value) -> list[Row]:
        """As in the port."""
        with self._used as connection:
            return connection.execute(sql, checked(sql, values)).fetchall()  # type: ignore[return-value]

    def row(self, sql: str, /, **values: Value) -> Row | None:
        """As in the port."""
        with self._used as connection:
            cursor = connection.execute(sql, checked(sql, values))
            first: Row | None = cursor.fetchone()
            cursor.close(True)
            return first

    def fetch(self, sql: str, kinds: Mapping[str, Kind], /, **values: Value) -> dict[str, Column]:
        """As in the port."""
        with self._used as connection:
            return sqlite_bulk.fetch(connection, sql, kinds, checked(sql, values))

    def among(
        self, sql: str, kinds: Mapping[str, Kind], keys: Column, /, **values: Value
    ) -> dict[str, Column]:
        """As in the port."""
        with self._used as connection:
            given = checked(with_keys(sql, ""), values)
            return sqlite_bulk.among(connection, sql, kinds, keys, given)

    def check(self) -> None:
        """Raises RuntimeError when a statement failed, also if the caller caught its error."""
        with self._used:
            return

    def end(self) -> None:
        """No statement may run any more."""
        self._used.over = ENDED


class SqliteSession(SqliteReader):
    """A transaction of the writing connection."""

    def __init__(self, connection: apsw.Connection, shapes: Shapes) -> None:
        super().__init__(connection)
        self._shapes = shapes

    def run(self, sql: str, /, **values: Value) -> int:
        """As in the port."""
        with self._used as connection:
            before = connection.total_changes()
            connection.execute(sql, checked(sql, values)).fetchall()
            return connection.total_changes() - before

    def insert(
        self, table: str, columns: Columns, existing: Literal["refuse", "skip"] = "refuse"
    ) -> int:
        """As in the port."""
        with self._used as connection:
            shape = self._shapes.get(table)
            if shape is None:
                shape = self._shapes[table] = table_shape(connection, table)
            return sqlite_bulk.insert(connection, table, shape, columns, existing == "skip")

    def together(self, rows: int) -> AbstractContextManager[None]:  # noqa: ARG002
        """As in the port; there is nobody to wait for."""
        return nullcontext()

    def open_month(self, month: int) -> None:
        """As in the port; the keys of such tables begin with the month, so there is room."""
        with self._used:
            if month not in MONTHS:
                raise StoreValueInvalid("value", "month", f"{month} is no month.")

    def hold(self, buckets: Sequence[int], alone: bool) -> None:  # noqa: ARG002
        """As in the port; there is one writer, who is always alone."""
        with self._used:
            return

    def define(self, sql: str, /) -> None:
        """As in the port."""
        with self._used as connection:
            self._shapes.clear()
            connection.execute(translated(sql)).fetchall()

    def tables(self) -> set[str]:
        """As in the port."""
        return {str(name) for (name,) in self.rows(TABLES)}


class SqliteReaders:
    """Snapshots of a file that this process, or another one, owns."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._idle: list[apsw.Connection] = []
        self._closed = False

    @contextmanager
    def read(self) -> Iterator[SqliteReader]:
        """As in the port; the snapshot is that of the moment at which the block begins."""
        connection = self._taken()
        session = SqliteReader(connection)
        try:
            _execute(connection, "BEGIN", "SELECT 1 FROM sqlite_schema LIMIT 1")
            yield session
            session.check()
        finally:
            session.end()
            self._put_back(connection)

    def close(self) -> None:
        """As in the port."""
        self._closed = True
        for connection in self._idle:
            connection.close()

    def _taken(self) -> apsw.Connection:
        if self._closed:
            raise StoreUnavailable(CLOSED)
        try:
            return self._idle.pop()
        except IndexError:
            return open_reader(self._path)

    def _put_back(self, connection: apsw.Connection) -> None:
        with suppress(apsw.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if not self._closed and len(self._idle) < READERS_IDLE_MAX:
                self._idle.append(connection)
                return
        connection.close(True)


class SqliteStore:
    """A file that this process owns. Raises StoreUrlInvalid, StoreUnavailable and StoreBusy."""

    shared = False

    def __init__(self, url: str, path: str) -> None:
        self.url = url
        self._ownership = Ownership(url, path)
        self._readers = SqliteReaders(self._ownership.path)
        self._shapes: Shapes = {}
        self._writing = threading.Lock()
        self._writing_thread = 0
        self._closed = False
        try:
            self._writer = self._open_main()
            self._checkpointer = Checkpointer(self._open_main(), self._writing)
        except BaseException:
            self._ownership.release()
            raise
        self._writer.set_wal_hook(self._checkpointer.committed)

    @contextmanager
    def write(self) -> Iterator[SqliteSession]:
        """As in the port; waits for the transaction of another thread."""
        self._refuse_nested()
        with self._writing:
            self._writing_thread = threading.get_ident()
            try:
                with self._transaction() as session:
                    yield session
            finally:
                self._writing_thread = 0

    def read(self) -> AbstractContextManager[SqliteReader]:
        """As in the port; the snapshot is that of the moment at which the block begins."""
        return self._readers.read()

    def close(self) -> None:
        """As in the port; a store that is closed stays closed."""
        self._refuse_nested()
        with self._writing:
            if self._closed:
                return
            self._closed = True
        self._checkpointer.close()
        self._readers.close()
        self._writer.close()
        self._ownership.release()

    @contextmanager
    def _transaction(self) -> Iterator[SqliteSession]:
        self._refuse_closed()
        session = SqliteSession(self._writer, self._shapes)
        try:
            _execute(self._writer, "BEGIN IMMEDIATE")
            yield session
            session.check()
            _execute(self._writer, "COMMIT")
        except BaseException:
            self._roll_back()
            raise
        finally:
            session.end()

    def _roll_back(self) -> None:
        """Leaves no transaction behind, with a new connection if there is no other way."""
        self._shapes.clear()
        try:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
        except apsw.Error:
            self._writer.close(True)
            self._writer = self._open_main()
            self._writer.set_wal_hook(self._checkpointer.committed)

    def _open_main(self) -> apsw.Connection:
        return open_main(self.url, self._ownership.path)

    def _refuse_nested(self) -> None:
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("this thread is in a write already: pass its session on")

    def _refuse_closed(self) -> None:
        if self._closed:
            raise StoreUnavailable(CLOSED)


def _execute(connection: apsw.Connection, *statements: str) -> None:
    with StoreErrors(connection):
        for statement in statements:
            connection.execute(statement).fetchall()
