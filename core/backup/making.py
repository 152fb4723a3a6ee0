"""A backup made: a folder that appears under its name when it is whole, and not before.

Goals: of one moment, beside servers that go on writing; durable and proved before it has its name;
what a killed backup left is never taken for one, and is cleared away by the next one there.
Non-goals: keys of vouchers, receipts and events: they are files of the server, not of the store.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from billcore.core.backup import programs
from billcore.core.backup.digest import Tables, contents, digest
from billcore.core.backup.durable import flush_folder, flush_tree
from billcore.core.backup.errors import BackupRefused
from billcore.core.backup.manifest import (
    FORMAT,
    NAME,
    POSTGRES,
    SQLITE,
    Manifest,
    applied,
    files,
    written,
)
from billcore.core.store import sqlite_backup
from billcore.core.store.contents import shapes
from billcore.core.store.errors import SchemaMissing
from billcore.core.store.migrate import migrations, recorded
from billcore.core.store.open import open_existing, open_reader
from billcore.core.store.port import Reader
from billcore.core.store.urls import masked, sqlite_path

DATABASE = "store.db"
DUMP = "store.dump"
"""The file of SQLite, the folder of pg_dump."""

READING = "reading every row"

Told = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Made:
    """What was copied, before the manifest is written."""

    engine: str
    engine_version: str
    schema: int
    tables: Tables


def make(url: str, target: Path, now: int, jobs: int, told: Told) -> Manifest:
    """Makes a backup of a store in a new folder; its manifest.

    now: microseconds since 1970 in UTC; jobs: of pg_dump at a time; told: called with what is done.
    Raises BackupRefused, BackupProgramFailed and the store's errors, having made nothing.
    """
    if target.exists():
        raise BackupRefused(f"{target} is there already: name a new folder.", target=target)
    with _part(target) as (part, lock):
        copied = _sqlite if sqlite_path(url) else _postgres
        made = copied(url, part, jobs, lock, told)
        told("hashing the files")
        manifest = Manifest(
            format=FORMAT,
            billcore=version("billcore"),
            engine=made.engine,
            engine_version=made.engine_version,
            made_at=now,
            store=masked(url),
            migrations=applied(migrations()[: made.schema]),
            tables=made.tables,
            digest=digest(made.tables),
            files=tuple(files(part)),
        )
        Path(part, NAME).write_text(written(manifest), encoding="utf-8")
        flush_tree(part)
        part.rename(target)
        flush_folder(target.parent)
    return manifest


@contextmanager
def _part(target: Path) -> Iterator[tuple[Path, int]]:
    """A folder beside the target that goes away with the block, and a lock on it."""
    part = target.with_name(f".{target.name}.part")
    if part.exists():
        _clear(part)
    try:
        part.mkdir(mode=0o700)
    except OSError as error:
        raise BackupRefused(f"{part} cannot be made: {error.strerror}.", target=target) from None
    lock = _locked(part)
    try:
        yield part, lock
    finally:
        shutil.rmtree(part, ignore_errors=True)
        os.close(lock)


def _clear(part: Path) -> None:
    """Removes what a killed backup left. Raises BackupRefused where one is at work."""
    lock = _locked(part)
    try:
        shutil.rmtree(part)
    finally:
        os.close(lock)


def _locked(part: Path) -> int:
    lock = os.open(part, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise BackupRefused(f"a backup is writing {part} now.", target=part) from None
    return lock


def _sqlite(url: str, part: Path, jobs: int, lock: int, told: Told) -> Made:  # noqa: ARG001
    target = Path(part, DATABASE)
    told("copying the file")
    path = sqlite_path(url)
    if not os.path.exists(path):
        raise BackupRefused(f"{path} is not there.", target=path)
    sqlite_backup.copy(path, str(target))
    told("checking the copy")
    sqlite_backup.check(str(target))
    copied = open_reader(f"sqlite:///{target}")
    try:
        with copied.read() as reader:
            schema = _schema(reader, url, False)
            told(READING)
            return Made(SQLITE, sqlite_backup.VERSION, schema, contents(reader, False))
    finally:
        copied.close()


def _postgres(url: str, part: Path, jobs: int, lock: int, told: Told) -> Made:
    store = open_existing(url)
    try:
        with store.read() as reader:
            schema = _schema(reader, url, True)
            number = _one(reader, "SELECT current_setting('server_version_num')::integer")
            programs.check_version(programs.DUMP, int(number) // 10_000, "the server")
            snapshot = _one(reader, "SELECT pg_export_snapshot()")
            told("dumping the database")
            dump = programs.dump(url, snapshot, Path(part, DUMP), jobs, (lock,))
            try:
                told(READING)
                tables = contents(reader, True)
                told("waiting for pg_dump")
                dump.done()
            finally:
                dump.end()
            return Made(POSTGRES, _one(reader, "SHOW server_version"), schema, tables)
    finally:
        store.close()


def _schema(reader: Reader, url: str, shared: bool) -> int:
    """How many migrations the store has: a store is backed up before it is migrated, too."""
    have = recorded(reader, [shape.name for shape in shapes(reader, shared)])
    if not have:
        raise SchemaMissing(masked(url), 0, len(migrations()))
    return have


def _one(reader: Reader, query: str) -> str:
    row = reader.row(query)
    assert row is not None
    return str(row[0])
