"""Numbered migrations: what the schema is, which of them a store has, and bringing it up to date.

A migration is a file of `migrations/`; once released it never changes, and its checksum in the
store proves it. Each is one transaction with the row that records it, so a crash leaves the schema
before or after it. A store whose migrations are not a beginning of ours is refused.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from billcore.core.store.errors import SchemaMissing, SchemaUnknown
from billcore.core.store.port import Reader, Row, Session, Store

TABLE = "schema_migration"

CREATE_TABLE = """CREATE TABLE schema_migration (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
)"""

RECORD = """INSERT INTO schema_migration (number, name, checksum, recorded_at)
VALUES (:number, :name, :checksum, :recorded_at)"""

RECORDED = "SELECT number, name, checksum FROM schema_migration ORDER BY number"


@dataclass(frozen=True, slots=True)
class Migration:
    """A step of the schema; checksum: SHA-256 of its statements without comments, in hex."""

    number: int
    name: str
    statements: tuple[str, ...]

    @property
    def checksum(self) -> str:
        """What the store keeps of it."""
        return hashlib.sha256(";\n".join(self.statements).encode()).hexdigest()


@lru_cache(maxsize=1)
def migrations() -> tuple[Migration, ...]:
    """All migrations that this billcore knows, in order."""
    folder = resources.files(__package__).joinpath("migrations")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    found = tuple(_migration(file.name, file.read_text(encoding="utf-8")) for file in files)
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"migrations are numbered 1, 2, 3, …: {[f.name for f in files]}")
    return found


def _migration(file: str, text: str) -> Migration:
    number, _, name = file.removesuffix(".sql").partition("_")
    lines = (re.sub(r"\s*--.*$", "", line).rstrip() for line in text.splitlines())
    statements = "\n".join(line for line in lines if line).split(";")
    return Migration(int(number), name, tuple(s.strip() for s in statements if s.strip()))


def migrate(
    store: Store,
    now: int,
    known: Sequence[Migration] | None = None,
    progress: Callable[[Migration], object] | None = None,
) -> tuple[Migration, ...]:
    """Applies what the store lacks; the migrations that this call applied.

    now: microseconds since 1970 in UTC. Raises SchemaUnknown, having changed nothing.
    """
    every = migrations() if known is None else tuple(known)
    applied: list[Migration] = []
    while True:
        with store.write() as session:
            have = _applied(session, every)
            if have == len(every):
                return tuple(applied)
            _apply(session, every[have], now)
        applied.append(every[have])
        if progress is not None:
            progress(every[have])


def check_schema(store: Store, known: Sequence[Migration] | None = None) -> None:
    """Raises SchemaMissing or SchemaUnknown unless the store has exactly our migrations."""
    every = migrations() if known is None else tuple(known)
    with store.write() as session:
        have = _applied(session, every)
    if have < len(every):
        raise SchemaMissing(store.url, have, len(every))


def _apply(session: Session, migration: Migration, now: int) -> None:
    if migration.number == 1:
        session.define(CREATE_TABLE)
    for statement in migration.statements:
        session.define(statement)
    session.run(
        RECORD,
        number=migration.number,
        name=migration.name,
        checksum=migration.checksum,
        recorded_at=now,
    )


def _applied(session: Session, every: Sequence[Migration]) -> int:
    return recorded(session, session.tables(), every)


def recorded(
    reader: Reader, tables: Collection[str], known: Sequence[Migration] | None = None
) -> int:
    """How many migrations a store with these tables has; they are the first of ours.

    Raises SchemaUnknown.
    """
    every = migrations() if known is None else tuple(known)
    if TABLE not in tables:
        if tables:
            strangers = ", ".join(sorted(tables)[:3])
            raise SchemaUnknown(f"it holds other tables ({strangers}): choose an empty database.")
        return 0
    stored = reader.rows(RECORDED)
    if not stored and len(tables) > 1:
        raise SchemaUnknown("a restore into it has not ended: empty it, and restore again.")
    return _matched(stored, every)


def _matched(stored: Sequence[Row], every: Sequence[Migration]) -> int:
    """How many migrations are recorded. Raises SchemaUnknown unless they are the first of ours."""
    numbers = [m.number for m in every]
    for at, (number, name, checksum) in enumerate(stored, start=1):
        told = f"migration {int(number)} ({name!s})"
        if at > len(every):
            raise SchemaUnknown(f"it has {told}.", numbers)
        if (number, checksum) != (at, every[at - 1].checksum):
            raise SchemaUnknown(f"its {told} is not ours.", numbers)
    return len(stored)
