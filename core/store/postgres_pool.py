"""Connections to one PostgreSQL database: opened when needed, kept, replaced when cut.

Every taken connection has begun a transaction: BEGIN is the proof that it lives, so a server that
came back is noticed by the next transaction and costs no round trip of its own. A connection is
made by the thread that asks, which then knows at once why it cannot be made.
"""

import re
import threading

import psycopg
from psycopg import conninfo, pq
from psycopg.adapt import Dumper, Loader
from psycopg.types.string import BytesBinaryDumper

from billcore.core.store.errors import StoreBusy, StoreUnavailable, StoreUrlInvalid
from billcore.core.store.postgres_columns import Array
from billcore.core.store.postgres_errors import not_connected
from billcore.core.store.urls import has_password, masked

CONNECTIONS_MAX = 32
"""Connections, and so transactions, that a process has at a time."""

WAIT_S_MAX = 30
"""How long a transaction waits for one of them."""

LOCK_MS_MAX = 60_000
"""How long a statement waits for another transaction's lock."""

Connection = psycopg.Connection[tuple[object, ...]]

_PARAMETERS: dict[str, str | int | None] = {
    "application_name": "billcore",
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}

_SETTINGS = f"""SET synchronous_commit = on; SET lock_timeout = {LOCK_MS_MAX}; SET jit = off;
SET standard_conforming_strings = on"""

_COMPRESSION = """SELECT set_config(name, 'lz4', false) FROM pg_settings
WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"""
"""Long texts are compressed in a third of the time of pglz, where the server has lz4."""


class _BigintDumper(Dumper):
    """Every int is a bigint, so that sums of values behave as SQLite's do."""

    oid = 20

    def dump(self, obj: int) -> bytes:
        return b"%d" % obj

    def quote(self, obj: int) -> bytes:
        return b"'%d'::bigint" % obj


class _ArrayDumper(Dumper):
    """A column that is encoded already; its placeholder has a cast that says its type."""

    format = pq.Format.BINARY

    def dump(self, obj: Array) -> bytes:
        return obj.data


class _WholeLoader(Loader):
    """The sum of a bigint column is a numeric."""

    def load(self, data: pq.abc.Buffer) -> int:
        return int(bytes(data))


class _FlagLoader(Loader):
    """A comparison is 1 or 0, as in SQLite."""

    def load(self, data: pq.abc.Buffer) -> int:
        return int(bytes(data) == b"t")


def parameters(url: str) -> dict[str, str | int | None]:
    """libpq's parameters of a URL: ours, unless the URL has its own. Raises StoreUrlInvalid."""
    try:
        given = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise StoreUrlInvalid(masked(url), "PostgreSQL's library cannot read it.") from None
    if given.get("password") and not has_password(url):  # what libpq finds, no message may show
        raise StoreUrlInvalid("postgresql://…", "a password has no place in it.")
    if re.search(r"(?<!\w)dbname", " ".join(given)) is None:
        raise StoreUrlInvalid(masked(url), "it names no database.")
    return {**_PARAMETERS, **given, "client_encoding": "UTF8"}


class Pool:
    """The connections of a store; safe for threads."""

    def __init__(self, url: str, most: int = CONNECTIONS_MAX) -> None:
        self._url = masked(url)
        self._parameters = parameters(url)
        self._most = most
        self._free = threading.Semaphore(most)
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._closed = False

    def take(self, begin: str) -> Connection:
        """A connection on which `begin` has run.

        Raises StoreUnavailable, StoreBusy, StoreUrlInvalid.
        """
        if self._closed:
            raise StoreUnavailable("it was closed in this process.")
        if not self._free.acquire(timeout=WAIT_S_MAX):
            raise StoreBusy(f"all of its {self._most} connections are in use.")
        try:
            return self._begun(begin)
        except BaseException:
            self._free.release()
            raise

    def give(self, connection: Connection) -> None:
        """Takes a connection back; one that is cut or inside a transaction is closed."""
        usable = connection.pgconn.transaction_status == pq.TransactionStatus.IDLE
        with self._lock:
            kept = usable and not self._closed
            if kept:
                self._idle.append(connection)
        if not kept:
            connection.close()
        self._free.release()

    def close(self) -> None:
        """Closes every connection; one that is in use is closed when it is given back."""
        self._closed = True
        self._drop_idle()

    def _begun(self, begin: str) -> Connection:
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is not None:
            try:
                connection.execute(begin)
            except psycopg.OperationalError:
                connection.close()
                self._drop_idle()
            else:
                return connection
        return self._connected(begin)

    def _drop_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _connected(self, begin: str) -> Connection:
        try:
            connection = psycopg.connect(**self._parameters, autocommit=True)  # type: ignore[arg-type]
        except psycopg.OperationalError as error:
            raise not_connected(error, self._url) from None
        try:
            self._check_encoding(connection)
            _adapt(connection)
            connection.execute(_SETTINGS)
            connection.execute(_COMPRESSION)
            connection.execute(begin)
        except psycopg.OperationalError as error:
            connection.close()
            raise not_connected(error, self._url) from None
        except BaseException:
            connection.close()
            raise
        return connection

    def _check_encoding(self, connection: Connection) -> None:
        encoding = (connection.pgconn.parameter_status(b"server_encoding") or b"").decode()
        if encoding != "UTF8":
            message = f"its encoding is {encoding}: create the database with ENCODING 'UTF8'."
            raise StoreUrlInvalid(self._url, message)


def _adapt(connection: Connection) -> None:
    adapters = connection.adapters
    adapters.register_dumper(int, _BigintDumper)
    adapters.register_dumper(bool, _BigintDumper)
    adapters.register_dumper(bytes, BytesBinaryDumper)
    adapters.register_dumper(Array, _ArrayDumper)
    adapters.register_loader("numeric", _WholeLoader)
    adapters.register_loader("bool", _FlagLoader)
