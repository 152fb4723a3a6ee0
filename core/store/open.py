"""A store from its URL."""

import os

from billcore.core.store.errors import StoreUrlInvalid
from billcore.core.store.port import ReadStore, Store
from billcore.core.store.postgres import PostgresStore
from billcore.core.store.sqlite import SqliteReaders, SqliteStore
from billcore.core.store.urls import sqlite_path


def open_store(url: str) -> Store:
    """Opens `sqlite:///path` (four slashes: an absolute path) or `postgresql://user@host/database`.

    Raises StoreUrlInvalid, StoreUnavailable, StoreBusy. Looks at no schema (`migrate`).
    """
    path = sqlite_path(url)
    return SqliteStore(url, path) if path else PostgresStore(url)


def open_existing(url: str) -> Store:
    """Opens a store that is there already; `open_store` makes an SQLite file that is not.

    Raises as `open_store` does.
    """
    path = sqlite_path(url)
    if path and not os.path.exists(path):
        raise StoreUrlInvalid(url, "there is no such file; `billcore init` makes one.")
    return open_store(url)


def open_reader(url: str) -> ReadStore:
    """Opens a store to read, beside the process that owns it. Raises as `open_store` does."""
    path = sqlite_path(url)
    return SqliteReaders(path) if path else open_store(url)
