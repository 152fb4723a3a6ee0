"""What a store's engine says of itself: version, settings that durability rests on, clock, size.

Only reads. What cannot be known (the disk of a database on another machine) is left out.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from billcore.core.store.port import Reader
from billcore.core.store.sqlite import TABLES as SQLITE_TABLES
from billcore.core.store.sqlite_files import SYNCHRONOUS
from billcore.core.store.urls import sqlite_path

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"

POSTGRES_SETTINGS = (
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "server_encoding",
    "max_connections",
)

POSTGRES_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"

CLOCK = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"

NEWEST = """SELECT MAX(recorded_at) FROM (SELECT MAX(recorded_at) AS recorded_at FROM event_pending
UNION ALL SELECT MAX(recorded_at) FROM audit_pending
UNION ALL SELECT MAX(recorded_at) FROM schema_migration
UNION ALL SELECT e.recorded_at FROM event e JOIN drawn d
    ON d.provider_id = e.provider_id AND d.kind = 'event' AND d.last = e.sequence
UNION ALL SELECT a.recorded_at FROM audit a JOIN drawn d
    ON d.provider_id = a.provider_id AND d.kind = 'audit' AND d.last = a.sequence) AS told"""


@dataclass(frozen=True, slots=True)
class Engine:
    """settings: by their own names. clock: of the database's machine, microseconds since 1970 in
    UTC; 0: it is this machine's."""

    name: str
    version: str
    settings: Mapping[str, str]
    clock: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of the parts of a store, and those that are free where it is, by place."""

    parts: Mapping[str, int]
    free: Mapping[str, int]


def file_of(url: str) -> str | None:
    """The path of a store in a file; None: it is a database. Raises StoreUrlInvalid."""
    path = sqlite_path(url)
    return os.path.realpath(path) if path else None


def engine(reader: Reader, url: str) -> Engine:
    """The engine of a store and how it is set."""
    if file_of(url) is not None:
        version = _one(reader, "SELECT sqlite_version()")
        # Each connection that writes sets how it waits for the disk; a reader's own says nothing.
        settings = {"journal_mode": _one(reader, "PRAGMA journal_mode"), "synchronous": SYNCHRONOUS}
        return Engine(SQLITE, version, settings)
    settings = {
        name: _one(reader, "SELECT current_setting(:name)", name=name) for name in POSTGRES_SETTINGS
    }
    version = _one(reader, "SELECT current_setting('server_version')")
    return Engine(POSTGRESQL, version, settings, int(_one(reader, CLOCK)))


def tables(reader: Reader, url: str) -> set[str]:
    """The names of a store's tables; of PostgreSQL those of partitions, too."""
    sql = POSTGRES_TABLES if file_of(url) is None else SQLITE_TABLES
    return {str(name) for (name,) in reader.rows(sql)}


def room(reader: Reader, url: str) -> Room:
    """How large a store is, and how much it may grow."""
    path = file_of(url)
    if path is None:
        size = int(_one(reader, "SELECT pg_database_size(current_database())"))
        return Room({"database": size}, {})
    parts = {"database": _size(path), "log": _size(f"{path}-wal")}
    return Room(parts, {"store": shutil.disk_usage(os.path.dirname(path)).free})


def newest(reader: Reader) -> int:
    """The newest moment that the store's events, audit rows and migrations tell; microseconds."""
    row = reader.row(NEWEST)
    return int(row[0]) if row and row[0] is not None else 0


def _one(reader: Reader, sql: str, **values: str) -> str:
    row = reader.row(sql, **values)
    assert row is not None  # each of these has one
    return str(row[0])


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except FileNotFoundError:
        return 0
