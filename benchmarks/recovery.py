"""The recovery suite: a store of many accounts backed up, restored into nothing, and verified.

Goals: how long books are away when a machine is lost, on both engines: files checked, rows
restored, every row compared with the manifest, every invariant verified. A restore that does not
bring the same digest stops the run. Non-goals: moving files between machines; that is the
network's.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import store_books, store_world
from benchmarks.race import NotExact
from benchmarks.report import Goal, Section, Table
from benchmarks.store_engines import Engine, engines
from billcore.core import verify
from billcore.core.backup.making import make
from billcore.core.backup.manifest import Manifest
from billcore.core.backup.restoring import restore
from billcore.core.caller import HOUSE
from billcore.core.store.open import open_existing
from tests.postgres import find_programs

SUITE = "recovery"
ROWS = (1_000_000,)
JOBS = os.cpu_count() or 1
NOW = store_world.now_of(store_world.FIRST_DAY)

REMARKS = (
    "Wall time on one machine, beside whatever else it did. The books are those of the store "
    "suite: each account with a customer, a point, an agreement, a meter, twelve readings and a "
    "month's bill. Restoring counts the checks of all files and rows; the network is not in it.",
)

Say = Callable[[str], None]

NO_GOALS: list[Goal] = []
"""How long is too long depends on whose books they are."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of wall time, and what there was. engine: its name."""

    engine: str
    manifest: Manifest
    seconds: dict[str, float]

    @property
    def back(self) -> float:
        """From an empty machine with the backup to books that are verified."""
        return self.seconds["restore"] + self.seconds["verify"]


def run(rows: Sequence[int] = ROWS, rounds: int = 1, say: Say = print) -> Section:  # noqa: ARG001
    tables = [table_of(n, measured(n, say)) for n in rows]
    return Section(SUITE, tables, NO_GOALS, REMARKS)


def measured(accounts: int, say: Say) -> list[Measured]:
    """Both engines, one after the other; everything is removed at the end."""
    with engines() as pair:
        return [recovered(_town(engine, accounts, say), say) for engine in pair]


def _town(engine: Engine, accounts: int, say: Say) -> store_world.Town:
    town = store_world.founded(engine, accounts)
    store_world.loaded(town, say)
    store_books.billed([town], say)
    return town


def recovered(town: store_world.Town, say: Say) -> Measured:
    """A town's store backed up, restored and verified. Raises NotExact."""
    seconds: dict[str, float] = {}
    url, new = town.store.url, town.engine.nowhere()
    prefix = "billcore-recovery-"
    with _client_programs(), tempfile.TemporaryDirectory(prefix=prefix) as place:
        folder = Path(place, "backup")
        say(f"recovery: {town.engine.name}, backup")
        with _timed(seconds, "backup"):
            made = make(url, folder, NOW, JOBS, _quiet)
        say(f"recovery: {town.engine.name}, restore")
        with _timed(seconds, "restore"):
            back = restore(folder, new, JOBS, _quiet)
        if back.digest != made.digest:
            raise NotExact(f"{town.engine.name}: {back.digest} came back, not {made.digest}")
        say(f"recovery: {town.engine.name}, verify")
        store = open_existing(new)
        with _timed(seconds, "verify"), store.read() as reader:
            for verdict in verify.verify(reader, verify.books(reader, HOUSE)):
                if verdict.broken:
                    raise NotExact(f"{town.engine.name}: {verdict.check}: {verdict.broken[0]}")
        store.close()
        say(f"recovery: {town.engine.name}, {made.rows:,} rows, {made.bytes:,} bytes: {seconds}")
        return Measured(town.engine.name, made, seconds)


@contextmanager
def _timed(seconds: dict[str, float], what: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    seconds[what] = time.monotonic() - started


@contextmanager
def _client_programs() -> Iterator[None]:
    """The programs of the PostgreSQL that the suite starts, before others on the path."""
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{find_programs()}:{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _quiet(what: str) -> None:
    """Nobody listens."""


def table_of(accounts: int, found: Sequence[Measured]) -> Table:
    """The figures of some engines."""
    shown, bars = [], {}
    for one in found:
        for what, seconds in {**one.seconds, "restore and verify": one.back}.items():
            label = f"{one.engine}, {what}"
            bars[label] = seconds
            shown.append([label, f"{seconds:.1f}"])
    sizes = "; ".join(
        f"{one.engine}: {one.manifest.rows:,} rows, {one.manifest.bytes / 1e9:.2f} GB of backup"
        for one in found
    )
    title = f"Backup and recovery of {accounts:,} accounts, seconds"
    return Table(title, ("step", "seconds"), shown, f"{sizes}. {JOBS} jobs of pg_dump.", bars)
