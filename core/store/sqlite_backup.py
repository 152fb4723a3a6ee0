"""Copies of an SQLite store, made beside the process that owns it.

The copy is of one snapshot: a reader's transaction is open all the while, so that writers go on and
their commits wait in the log. It is a file by itself, without a log.
"""

import apsw

from billcore.core.store.errors import StoreCorrupt
from billcore.core.store.sqlite_errors import StoreErrors
from billcore.core.store.sqlite_files import open_reader

PAGES = 1 << 12
"""Pages that are copied at a time, 32 MiB of them."""

VERSION = apsw.sqlite_lib_version()


def copy(path: str, target: str) -> None:
    """Copies a store into a new file; flushing it is the caller's. Raises the store's errors."""
    source = open_reader(path)
    try:
        made = apsw.Connection(target)
        try:
            with StoreErrors(source):
                source.execute("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
            with StoreErrors(made):
                _copy(source, made)
        finally:
            made.close(True)
    finally:
        source.close(True)


def _copy(source: apsw.Connection, made: apsw.Connection) -> None:
    made.execute("PRAGMA synchronous = OFF").fetchall()  # all of it is flushed at the end
    with made.backup("main", source, "main") as copying:
        while not copying.done:
            copying.step(PAGES)
    found = made.execute("PRAGMA journal_mode = DELETE").get
    if found != "delete":
        raise StoreCorrupt(f"the copy's journal is {found!r}.")


def check(path: str) -> None:
    """Raises StoreCorrupt unless the file is a whole database."""
    connection = open_reader(path)
    try:
        with StoreErrors(connection):
            found = connection.execute("PRAGMA quick_check(3)").fetchall()
    finally:
        connection.close(True)
    if found != [("ok",)]:
        raise StoreCorrupt("; ".join(str(line) for (line,) in found))
