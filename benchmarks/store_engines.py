"""Both engines for the store suite: opened in a folder that goes away, and what they cost.

Costs are processor seconds of this process and, for PostgreSQL, of the server's processes that work
for it: /proc says what they used. A server is started for the suite, durable, without autovacuum.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.timing import Clock, Timings, collector_off
from billcore.core.store.migrate import migrate
from billcore.core.store.open import open_store
from billcore.core.store.port import Columns, Kind, Store
from billcore.core.store.sqlite_files import open_main
from billcore.core.store.sqlite_schema import table_shape
from tests.postgres import Cluster

NOW = 1_500_000_000_000_000
"""When the migrations were applied, in microseconds."""

CHUNK = 50_000
"""Accounts, or rows, that are written or read in one transaction."""

SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",
}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Engine:
    """A kind of store. fresh: opens an empty one with our schema; it is closed with the suite.
    nowhere: the URL of a place where none is yet.

    clock: processor seconds so far; files: a folder that the engine's server may read and write.
    """

    name: str
    fresh: Callable[[], Store]
    clock: Clock
    files: Path
    nowhere: Callable[[], str]

    @property
    def is_postgres(self) -> bool:
        """Whether its statements run in another process."""
        return self.name == "PostgreSQL"


@contextmanager
def engines() -> Iterator[tuple[Engine, Engine]]:
    """PostgreSQL and SQLite; everything that they write is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="billcore-bench-") as folder, ExitStack() as open_now:
        cluster = Cluster(SETTINGS)
        open_now.callback(cluster.remove)
        server = ServerClock(cluster.folder / "data" / "postmaster.pid")
        numbers = count(1)

        def opened(url: str) -> Store:
            store = open_store(url)
            open_now.callback(store.close)
            migrate(store, NOW)
            return store

        yield (
            Engine(
                "PostgreSQL",
                lambda: opened(cluster.url(cluster.create())),
                lambda: time.process_time() + server.seconds(),
                cluster.folder,
                lambda: cluster.url(cluster.create()),
            ),
            Engine(
                "SQLite",
                lambda: opened(f"sqlite:///{folder}/{next(numbers)}.db"),
                time.process_time,
                Path(folder),
                lambda: f"sqlite:///{folder}/{next(numbers)}.db",
            ),
        )


class ServerClock:
    """Processor seconds of a cluster's processes that serve clients, ended ones included."""

    def __init__(self, pid_file: Path) -> None:
        self._server = int(pid_file.read_text().splitlines()[0])

    def seconds(self) -> float:
        """Of clients' backends that live, and of every process of the cluster that has ended."""
        ended = sum(map(int, _stat(self._server)[13:15]))
        children = Path(f"/proc/{self._server}/task/{self._server}/children").read_text().split()
        return (ended + sum(_ticks(int(child)) for child in children)) / TICKS


def _ticks(pid: int) -> int:
    """Of a backend; 0 of the server's own helpers."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        serves = command.startswith((b"postgres: billcore", b"postgres: parallel"))
        return sum(map(int, _stat(pid)[11:13])) if serves else 0
    except (FileNotFoundError, ProcessLookupError):  # it ended before, or amid, being looked at
        return 0


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


class Peak:
    """Bytes of memory that this process had at most since `reset`; 0 where Linux is not."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the peak so far."""
        self._known = False
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
            self._known = True

    def bytes(self) -> int:
        """The peak so far."""
        return _status("VmHWM") if self._known else 0

    def own(self) -> int:
        """The peak so far without what files fill: programs, libraries, mapped parts of a store."""
        return max(self.bytes() - _status("RssFile") - _status("RssShmem"), 0)


def _status(name: str) -> int:
    """Bytes that /proc tells of this process."""
    status = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in status if line.startswith(f"{name}:"))


def kinds_of(tables: tuple[str, ...]) -> dict[str, dict[str, Kind]]:
    """The columns of tables, in order, and what they hold."""
    with tempfile.TemporaryDirectory(prefix="billcore-bench-") as folder:
        path = f"{folder}/schema.db"
        store = open_store(f"sqlite:///{path}")
        migrate(store, NOW)
        store.close()
        connection = open_main("sqlite:", path)
        try:
            return {
                table: {name: shape.kind for name, shape in table_shape(connection, table).items()}
                for table in tables
            }
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to do a job. prepare and undo are not timed; prepare answers what run takes."""

    prepare: Callable[[], object]
    run: Callable[[object], object]
    undo: Callable[[object], object]
    check: Callable[[object], None]

    def timed(self, clock: Clock) -> float:
        """The seconds of one run."""
        at = self.prepare()
        try:
            start = clock()
            self.run(at)
            return max(clock() - start, 1e-9)
        finally:
            self.undo(at)

    def checked(self) -> None:
        """One run, which is compared with what it should have done; also the warm-up."""
        at = self.prepare()
        try:
            self.run(at)
            self.check(at)
        finally:
            self.undo(at)


def raced(contenders: Mapping[str, Contender], rows: int, rounds: int, clock: Clock) -> Timings:
    """Checks all, then times each once per round, in turning order."""
    for contender in contenders.values():
        contender.checked()
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    with collector_off():
        for turn in range(rounds):
            shift = turn % len(names)
            for name in names[shift:] + names[:shift]:
                seconds[name].append(contenders[name].timed(clock) / rows)
    return Timings({name: tuple(found) for name, found in seconds.items()})


def chunked(columns: Columns) -> list[Columns]:
    """Columns cut into CHUNK rows each."""
    rows = len(next(iter(columns.values())))
    return [
        {name: column[start : start + CHUNK] for name, column in columns.items()}
        for start in range(0, rows, CHUNK)
    ]
