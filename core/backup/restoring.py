"""A backup restored into nothing: an SQLite file that is not there, an empty database.

Goals: what is restored has the digest of what was backed up, or is no store that anybody serves: a
file has its name last, a database the record of its schema. Non-goals: restoring over a store, one
engine's backup into the other.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from billcore.core.backup import programs
from billcore.core.backup.digest import Contents, Tables, contents
from billcore.core.backup.durable import flush_file, flush_folder
from billcore.core.backup.errors import BackupDamaged, BackupRefused
from billcore.core.backup.making import DATABASE, DUMP, READING, Told
from billcore.core.backup.manifest import (
    POSTGRES,
    SQLITE,
    Applied,
    Manifest,
    applied,
    check_files,
    read,
)
from billcore.core.store import sqlite_backup
from billcore.core.store.errors import SchemaUnknown
from billcore.core.store.migrate import TABLE as SCHEMA
from billcore.core.store.migrate import migrations
from billcore.core.store.open import open_reader, open_store
from billcore.core.store.sqlite_files import Ownership, make_file
from billcore.core.store.urls import masked, sqlite_path


def restore(folder: Path, url: str, jobs: int, told: Told) -> Manifest:
    """Restores a backup into a store that is not there yet; its manifest.

    jobs: of pg_restore at a time; told: called with what is done. Raises BackupRefused,
    BackupDamaged, BackupProgramFailed, SchemaUnknown and the store's errors; a file is then not
    there, and a database has to be emptied.
    """
    manifest = read(folder)
    _check_schema(manifest.migrations)
    path = sqlite_path(url)
    engine = SQLITE if path else POSTGRES
    if engine != manifest.engine:
        why = f"{folder} is of {manifest.engine}: name such a store, not {masked(url)}."
        raise BackupRefused(why, engine=manifest.engine)
    told("checking the files")
    check_files(folder, manifest)
    if path:
        _sqlite(folder, manifest, url, path, told)
    else:
        _postgres(folder, manifest, url, jobs, told)
    return manifest


def _check_schema(had: tuple[Applied, ...]) -> None:
    ours = applied(migrations())
    if had != ours[: len(had)]:
        last = had[-1]
        why = f"the backup has migration {last.number} ({last.name}), or others of its own."
        raise SchemaUnknown(why, [one.number for one in ours])


def _sqlite(folder: Path, manifest: Manifest, url: str, path: str, told: Told) -> None:
    owned = Ownership(url, path)
    part = Path(f"{owned.path}.part")
    try:
        _make_part(owned.path, part, url)
    except BaseException:
        owned.release()
        raise
    try:
        told("copying the file")
        shutil.copyfile(Path(folder, DATABASE), part)
        flush_file(part)
        told("checking the copy")
        sqlite_backup.check(str(part))
        reader = open_reader(f"sqlite:///{part}")
        try:
            with reader.read() as rows:
                told(READING)
                _compare(folder, manifest.tables, contents(rows, False))
        finally:
            reader.close()
        part.rename(owned.path)
        flush_folder(part.parent)
    finally:
        with suppress(OSError):
            part.unlink()
        owned.release()


def _make_part(path: str, part: Path, url: str) -> None:
    """Makes the file that is copied to, if nothing is there that it could be taken for."""
    for place in (path, f"{path}-wal"):
        if os.path.exists(place):
            raise BackupRefused(f"{place} is there already: move it away.", store=url)
    try:
        make_file(str(part))
    except FileExistsError:
        why = f"{part} is there already, perhaps of a restore that was killed: move it away."
        raise BackupRefused(why, store=url) from None


def _postgres(folder: Path, manifest: Manifest, url: str, jobs: int, told: Told) -> None:
    major = int(manifest.engine_version.partition(".")[0])
    programs.check_version(programs.RESTORE, major, "the server of the backup")
    store = open_store(url)
    try:
        with store.write() as session:
            there = sorted(session.tables())
        if there:
            why = f"{masked(url)} has tables ({', '.join(there[:3])}): name an empty database."
            raise BackupRefused(why, store=masked(url))
        dump = Path(folder, DUMP)
        told("restoring the database")
        with tempfile.NamedTemporaryFile("w", prefix="billcore-", suffix=".list") as wanted:
            wanted.write(programs.listed(dump, SCHEMA))
            wanted.flush()
            programs.restore(url, dump, jobs, f"--use-list={wanted.name}")
        with store.read() as reader:
            told(READING)
            found = contents(reader, True)
        rest = {name: one for name, one in manifest.tables.items() if name != SCHEMA}
        _compare(folder, rest, {name: one for name, one in found.items() if name != SCHEMA})
        told("counting what planners want to know")
        with store.write() as session:
            session.define("ANALYZE")
        programs.restore(url, dump, 1, "--data-only", f"--table={SCHEMA}")
    finally:
        store.close()


def _compare(folder: Path, told: Tables, found: Tables) -> None:
    """Raises BackupDamaged unless the tables hold what they did."""
    nothing = Contents(0, "")
    for name in sorted({*told, *found}):
        one, other = told.get(name, nothing), found.get(name, nothing)
        if one != other:
            why = f"table {name} came back with {other.rows} rows, not the {one.rows} it had"
            if one.rows == other.rows:
                why = f"rows of table {name} came back changed"
            raise BackupDamaged(folder, f"{why}: nothing may use this store.")
