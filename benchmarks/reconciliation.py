"""The reconciliation suite: a channel's report of a day beside its payments, on both stores.

The file is imported and the day matched, durably; the same two files are joined by DuckDB, full and
outer, in the same run: read, compared, and what differs written to a database. Each contender is a
process of its own, so that its peak of memory is its own. What comes of the day is compared with
what was drawn before a figure counts, and what is kept is verified.
"""

import importlib
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import TypeVar

from benchmarks.race import NotExact
from benchmarks.reconciliation_world import CHANNEL, DAY, Files, files, founded
from benchmarks.report import Goal, Section, Table, goal
from benchmarks.store_engines import Engine, Peak, ServerClock, engines
from benchmarks.store_world import now_of
from benchmarks.timing import collector_off
from billcore.core.caller import Caller
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.checks import days_agree, files_agree
from billcore.core.reconciliation.importing import import_report
from billcore.core.reconciliation.keeping import Asked
from billcore.core.reconciliation.matching import match_day
from billcore.core.reconciliation.settlement.checks import settlements_agree
from billcore.core.store.open import open_store
from billcore.core.store.port import Store

SUITE = "reconciliation"
ROWS = (1_000_000,)
ROWS_JUDGED = 1_000_000
ROUNDS_MAX = 3
JOIN_MAX = 5
SECONDS_MAX = 60
TODAY = DAY + 10

Say = Callable[[str], None]
Answer = TypeVar("Answer")

JOIN = """CREATE OR REPLACE TABLE line AS
SELECT reference, target, amount, row_number() OVER (PARTITION BY reference) AS told
FROM read_csv('{report}', header = true,
    columns = {{'reference': 'VARCHAR', 'paid_at': 'VARCHAR', 'target': 'VARCHAR',
                'amount': 'BIGINT'}});
CREATE OR REPLACE TABLE differing AS
SELECT COALESCE(l.reference, p.reference) AS reference, p.amount AS ours, l.amount AS theirs,
    CASE WHEN l.told > 1 THEN 'DUPLICATE_IN_REPORT' WHEN p.reference IS NULL THEN 'LATE_ARRIVING'
         WHEN l.reference IS NULL THEN 'NOT_IN_REPORT' WHEN p.amount <> l.amount THEN 'AMOUNT_DIFF'
         ELSE 'MATCHED' END AS kind
FROM read_csv('{payments}', header = true,
    columns = {{'reference': 'VARCHAR', 'paid_at': 'VARCHAR', 'target': 'VARCHAR',
                'amount': 'BIGINT'}}) p
FULL OUTER JOIN line l ON l.reference = p.reference
WHERE l.told > 1 OR p.reference IS NULL OR l.reference IS NULL OR p.amount <> l.amount;
CHECKPOINT"""

KINDS = "SELECT kind, COUNT(*) FROM differing GROUP BY kind"

REMARKS = (
    "Processor time is that of the process and of PostgreSQL's backends. Both stores are durable "
    "(fsync; synchronous=FULL); DuckDB writes a database file, with one thread.",
    "billcore checks each line, keeps the file's lines, computes the day, and keeps it with its "
    "breaks; DuckDB reads both files, keeps the lines of the report, and what differs.",
)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Processor and wall seconds of importing and of matching; peaks of memory, bytes."""

    name: str
    imported: float
    matched: float
    wall: float
    import_peak: int
    match_peak: int

    @property
    def whole(self) -> float:
        """Processor seconds of both."""
        return self.imported + self.matched


@dataclass(frozen=True, slots=True)
class Joined:
    """Processor seconds of the join, the peak of memory in bytes."""

    seconds: float
    peak: int


def run(rows: Sequence[int] = ROWS, rounds: int = 9, say: Say = print) -> Section:
    """The suite with each of these numbers of payments."""
    tables: list[Table] = []
    goals: list[Goal] = []
    for payments in rows:
        with tempfile.TemporaryDirectory(prefix="billcore-bench-") as folder:
            say(f"{SUITE}: files of {payments:,} payments")
            made = files(Path(folder), payments)
            turns = min(rounds, ROUNDS_MAX)
            say(f"{SUITE}: DuckDB")
            joined = [_alone(join, Path(folder), made) for _ in range(turns)]
            with engines() as pair:
                found = [measured(engine, made, payments, say) for engine in pair]
            tables.append(_told(payments, found, joined))
            judged = payments >= ROWS_JUDGED
            goals = _goals(found, joined, judged) if payments == max(rows) else goals
    return Section(SUITE, tables, goals, REMARKS)


def measured(engine: Engine, made: Files, payments: int, say: Say) -> Reconciled:
    """One store: filled, reconciled by a process of its own, verified."""
    say(f"{SUITE}: {engine.name}, {payments:,} payments")
    store = engine.fresh()
    caller = founded(store, payments)
    if engine.is_postgres:
        with store.write() as session:
            session.run("ANALYZE")
    url = store.url
    store.close()
    say(f"{SUITE}: {engine.name}, the report")
    pid_file = engine.files / "data" / "postmaster.pid" if engine.is_postgres else None
    done = _alone(reconciled, engine.name, url, pid_file, caller, made)
    _check(url, caller)
    return done


def reconciled(
    name: str, url: str, pid_file: Path | None, caller: Caller, made: Files
) -> Reconciled:
    """Imports the report and matches the day. Raises NotExact."""
    server = ServerClock(pid_file) if pid_file else None
    store, peak = open_store(url), Peak()

    def clock() -> float:
        return time.process_time() + (server.seconds() if server else 0.0)

    with collector_off():
        began, start = time.perf_counter(), clock()
        asked = Asked(made.report.name)
        import_report(store, caller, _now, CHANNEL, asked, made.report.read_bytes())
        middle, import_peak = clock(), peak.bytes()
        peak.reset()
        match_day(store, caller, _now, CHANNEL, DAY, TODAY)
        end, wall = clock(), time.perf_counter() - began
    _check_kinds(store, made.breaks)
    store.close()
    return Reconciled(name, middle - start, end - middle, wall, import_peak, peak.bytes())


def _now() -> int:
    return now_of(DAY + 1)


def join(folder: Path, made: Files) -> Joined:
    """DuckDB's full outer join of the two files. Raises NotExact."""
    duckdb = importlib.import_module("duckdb")
    database, peak = folder / "join.duckdb", Peak()
    for left in (database, database.with_suffix(".duckdb.wal")):
        with suppress(FileNotFoundError):
            left.unlink()
    connection = duckdb.connect(str(database))
    connection.execute("SET threads = 1")
    start = time.process_time()
    connection.execute(JOIN.format(report=made.report, payments=made.payments))
    seconds = time.process_time() - start
    found = {BreakKind[kind]: count for kind, count in connection.execute(KINDS).fetchall()}
    connection.close()
    if found != dict(made.breaks):
        raise NotExact(f"DuckDB finds {found}, drawn were {dict(made.breaks)}")
    return Joined(seconds, peak.bytes())


def _check_kinds(store: Store, wanted: Mapping[BreakKind, int]) -> None:
    with store.read() as reader:
        kinds = reader.rows("SELECT kind FROM recon_break")
    found = Counter(BreakKind(int(row[0])) for row in kinds)
    if found != Counter(wanted):
        raise NotExact(f"the day has {dict(found)}, drawn were {dict(wanted)}")


def _check(url: str, caller: Caller) -> None:
    """Raises NotExact where what is kept does not agree."""
    store = open_store(url)
    with store.read() as reader:
        for check in (files_agree, days_agree, settlements_agree):
            for one in check(reader, caller.provider_id):
                raise NotExact(str(one))
    store.close()


def _alone(act: Callable[..., Answer], *given: object) -> Answer:
    """What is done by a process that does nothing else."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(act, *given).result()


# -- told


def _goals(found: Sequence[Reconciled], joined: Sequence[Joined], judged: bool) -> list[Goal]:
    seconds = median(one.seconds for one in joined)
    return [
        one
        for of in found
        for one in (
            goal(f"{SUITE}/{of.name}, import and match ÷ DuckDB, processor time",
                 of.whole / seconds, JOIN_MAX, "lower", judged),
            goal(f"{SUITE}/{of.name}, import and match, seconds", of.wall, SECONDS_MAX, "lower",
                 judged),
        )
    ]  # fmt: skip


def _told(payments: int, found: Sequence[Reconciled], joined: Sequence[Joined]) -> Table:
    seconds, peak = (median(getattr(one, name) for one in joined) for name in ("seconds", "peak"))
    shown, bars = [], {}
    for one in found:
        bars[one.name] = one.whole
        largest = max(one.import_peak, one.match_peak)
        shown.append(
            [one.name, f"{one.imported:.2f}", f"{one.matched:.2f}", f"{one.whole:.2f}",
             f"{one.wall:.2f}", f"{largest / 2**20:,.0f}", f"{one.whole / seconds:.2f}"]
        )  # fmt: skip
    bars["DuckDB"] = seconds
    shown.append(["DuckDB", "", "", f"{seconds:.2f}", "", f"{peak / 2**20:,.0f}", "1.00"])
    headings = (
        "store", "import", "match", "both, processor s", "both, wall s", "peak MiB", "÷ DuckDB",
    )  # fmt: skip
    note = f"A report of a day beside {payments:,} payments; {os.cpu_count()} cores."
    return Table(f"A day of {payments:,} payments, processor seconds", headings, shown, note, bars)
