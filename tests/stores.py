"""Stores with billcore's schema and no rows, made once and copied: migrating takes long."""

import tempfile
from functools import lru_cache
from pathlib import Path

from billcore.core.store.migrate import migrate
from billcore.core.store.open import open_store
from billcore.core.store.port import Store

_SQLITE = "sqlite:///"


def migrated(url: str) -> Store:
    """The store of a URL, whose database is new: with the schema, open."""
    if url.startswith(_SQLITE):
        path = Path(url.removeprefix(_SQLITE))
        assert not path.exists(), f"{path} is no new store"
        path.write_bytes(_schema())
        return open_store(url)
    store = open_store(url)
    migrate(store, 0)
    return store


@lru_cache(1)
def _schema() -> bytes:
    """The file of an empty store of SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "store.db")
        store = open_store(f"{_SQLITE}{path}")
        migrate(store, 0)
        store.close()
        return path.read_bytes()
