"""A store from its URL."""

import os
from urllib.parse import urlsplit

from billcore.core.store.errors import StoreUrlInvalid
from billcore.core.store.port import ReadStore, Store
from billcore.core.store.postgres import PostgresStore
from billcore.core.store.sqlite import SqliteReaders, SqliteStore


def open_store(url: str) -> Store:
    """Opens `sqlite:///path` (four slashes: an absolute path) or `postgresql://user@host/database`.

    Raises StoreUrlInvalid, StoreUnavailable, StoreBusy. Looks at no schema (`migrate`).
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise StoreUrlInvalid(url, f"{error}.") from None
    if parts.scheme == "sqlite":
        return SqliteStore(url, _path(url, parts.netloc, parts.path))
    if parts.scheme in ("postgresql", "postgres"):
        return PostgresStore(url)
    raise StoreUrlInvalid(url, "it names no store.")


def open_existing(url: str) -> Store:
    """Opens a store that is there already; `open_store` makes an SQLite file that is not.

    Raises as `open_store` does.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and not os.path.exists(_path(url, parts.netloc, parts.path)):
        raise StoreUrlInvalid(url, "there is no such file; `billcore init` makes one.")
    return open_store(url)


def open_reader(url: str) -> ReadStore:
    """Opens a store to read, beside the process that owns it. Raises as `open_store` does."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return SqliteReaders(_path(url, parts.netloc, parts.path))
    return open_store(url)


def _path(url: str, host: str, path: str) -> str:
    if host:
        raise StoreUrlInvalid(url, f"{host!r} stands where the path begins: use three slashes.")
    if len(path) < 2:
        raise StoreUrlInvalid(url, "it has no path.")
    return path[1:]
