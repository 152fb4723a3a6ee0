"""The file of an SQLite store: who owns it, and connections to it.

One process owns a file, by a lock of the system on `<path>.lock` that dies with the process.
"""

import fcntl
import os
import threading
from collections.abc import Sequence
from contextlib import suppress

import apsw

from billcore.core.store.errors import StoreBusy, StoreCorrupt, StoreUnavailable, StoreUrlInvalid
from billcore.core.store.sqlite_bulk import load_extension
from billcore.core.store.sqlite_errors import StoreErrors

PAGE_BYTES = 8192
"""Of a new file. Bulk inserts and reads are as fast as with larger pages and a tenth faster than
with 4 KiB; a single post writes a page of each table that it touches, so more would be waste."""

WAL_KEPT_BYTES = 256 << 20
"""What is kept of the write-ahead log between transactions; one transaction may need more."""

CACHE_KIB = 64 << 10
"""Of pages, for each connection."""

BUSY_MS = 5000
"""How long a statement waits for a lock: only a tool of another hand can hold one."""

OWNERS = 0o600
"""The mode of a store's file: it holds what customers owe, and hashes of keys."""

SYNCHRONOUS = "FULL"
"""How a connection that writes waits for the disk: at every commit."""

_MAIN = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
_PRAGMAS = (
    f"page_size = {PAGE_BYTES}",
    "journal_mode = WAL",
    f"synchronous = {SYNCHRONOUS}",
    f"journal_size_limit = {WAL_KEPT_BYTES}",
    "wal_autocheckpoint = 0",
    f"cache_size = -{CACHE_KIB}",
    "temp_store = MEMORY",
)
_owned: set[str] = set()
_owned_lock = threading.Lock()


class Ownership:
    """The lock on a file, from its making until `release`. Raises StoreUrlInvalid, StoreBusy."""

    def __init__(self, url: str, path: str) -> None:
        if os.path.isdir(path):
            raise StoreUrlInvalid(url, f"{path} is a folder, not a file.")
        self.path = os.path.realpath(path)
        with _owned_lock:
            if self.path in _owned:
                raise _busy(self.path, os.getpid())
            self._file = _locked_file(url, self.path)
            _owned.add(self.path)

    def release(self) -> None:
        """Gives the file back to any process."""
        with _owned_lock:
            os.close(self._file)
            _owned.discard(self.path)


def _locked_file(url: str, path: str) -> int:
    try:
        file = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreUrlInvalid(url, f"{os.path.dirname(path)} is not a folder.") from None
    except OSError as error:
        raise StoreUnavailable(f"{path}.lock: {error.strerror}.") from error
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        pid = os.read(file, 32).decode("ascii", "replace").strip()
        os.close(file)
        raise _busy(path, pid or "?") from None
    with suppress(OSError):  # a full disk: the lock holds all the same
        os.truncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
    return file


def _busy(path: str, pid: int | str) -> StoreBusy:
    return StoreBusy(f"process {pid} has {path} open, and one may have it at a time.", pid=pid)


def make_file(path: str) -> None:
    """A new, empty file that its owner alone may read; its log will be as it is.

    Raises FileExistsError, OSError.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNERS))


def open_main(url: str, path: str) -> apsw.Connection:
    """A connection that may write, on a file that is made if it is not there."""
    with suppress(OSError):  # it is there; or SQLite says what is wrong with the place
        make_file(path)
    try:
        connection = _opened(path, _MAIN, _PRAGMAS)
    except StoreCorrupt as error:
        if not isinstance(error.__cause__, apsw.NotADBError):
            raise
        raise StoreUrlInvalid(url, f"{path} is not an SQLite database.") from None
    if connection.readonly("main"):
        connection.close()
        raise StoreUnavailable(f"{path} is read-only.")
    return connection


def open_reader(path: str) -> apsw.Connection:
    """A connection that cannot write, on a file that a main connection has opened."""
    return _opened(path, apsw.SQLITE_OPEN_READONLY, (f"cache_size = -{CACHE_KIB}",))


def _opened(path: str, flags: int, pragmas: Sequence[str]) -> apsw.Connection:
    try:
        connection = apsw.Connection(path, flags=flags)
    except apsw.Error as error:
        raise StoreUnavailable(f"{path}: {error}.") from error
    try:
        with StoreErrors(connection):
            _prepare(connection, pragmas)
    except BaseException:
        connection.close(True)
        raise
    return connection


def _prepare(connection: apsw.Connection, pragmas: Sequence[str]) -> None:
    connection.set_busy_timeout(BUSY_MS)
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    load_extension(connection)
