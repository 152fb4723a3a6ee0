"""The analytics suite: one report over all accounts, on both stores, beside the same by DuckDB.

Collection of three months, ageing, receipts and early warnings, by area, class and channel. DuckDB
has the exported columns in its memory, in its own format, and one thread; billcore reads its store.
Both answers are compared before a figure counts. Each contender is a process of its own, so that
its peak of memory is its own.
"""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import TypeVar

from benchmarks import analytics_peer, analytics_world
from benchmarks.analytics_peer import Days, Figures
from benchmarks.analytics_world import FIRST_MONTH, LAST_DAY, MONTHS
from benchmarks.race import NotExact
from benchmarks.report import Goal, Section, Table, goal
from benchmarks.store_engines import Engine, Peak, ServerClock, engines
from benchmarks.timing import collector_off
from billcore.core.collections.analytics.grouping import Asked
from billcore.core.collections.analytics.reading import AsOf
from billcore.core.collections.analytics.receipts import By
from billcore.core.collections.analytics.report import Report, Request, report
from billcore.core.ledger.balances import NOW
from billcore.core.store import providers
from billcore.core.store.open import open_store

SUITE = "analytics"
ROWS = (1_000_000,)
ROWS_JUDGED = 1_000_000
ROUNDS_MAX = 3
PEER_MAX = 5
SECONDS_MAX = 30
DAYS = Days(LAST_DAY - 45, LAST_DAY - 105)

Say = Callable[[str], None]
Answer = TypeVar("Answer")

REMARKS = (
    "Processor time is that of the process and of PostgreSQL's backends. One call: collection, "
    "ageing, receipts and warnings by 20 areas, 3 classes and 4 channels.",
    "DuckDB allocates by windows, which is only possible where all money pays the oldest first and "
    "nothing is taken back; billcore folds every account by its provider's strategies.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """Processor and wall seconds of a report, the peak of memory in bytes, what it told."""

    name: str
    seconds: float
    wall: float
    peak: int
    figures: Figures


def run(rows: Sequence[int] = ROWS, rounds: int = 9, say: Say = print) -> Section:
    """The suite with each of these numbers of accounts."""
    tables: list[Table] = []
    goals: list[Goal] = []
    for accounts in rows:
        turns = min(rounds, ROUNDS_MAX)
        say(f"{SUITE}: DuckDB, {accounts:,} accounts")
        peers = [alone(peer, accounts) for _ in range(turns)]
        with engines() as pair:
            found = [measured(engine, accounts, turns, peers[0], say) for engine in pair]
        tables.append(_table(accounts, found, peers))
        judged = accounts >= ROWS_JUDGED
        goals = _goals(found, peers, judged) if accounts == max(rows) else goals
    return Section(SUITE, tables, goals, REMARKS)


def measured(engine: Engine, accounts: int, turns: int, twin: Told, say: Say) -> Told:
    """The median of a store's reports, each by a process of its own. Raises NotExact."""
    say(f"{SUITE}: {engine.name}, {accounts:,} accounts")
    store = engine.fresh()
    _, provider = analytics_world.founded(store, accounts)
    if engine.is_postgres:
        with store.write() as session:
            session.run("ANALYZE")
    url = store.url
    store.close()
    pid_file = engine.files / "data" / "postmaster.pid" if engine.is_postgres else None
    say(f"{SUITE}: {engine.name}, reports")
    every = [alone(made, engine.name, url, pid_file, provider.provider_id) for _ in range(turns)]
    for one in every:
        check_same(one, twin)
    return sorted(every, key=lambda one: one.seconds)[len(every) // 2]


def made(name: str, url: str, pid_file: Path | None, provider_id: int) -> Told:
    """One report."""
    server = ServerClock(pid_file) if pid_file else None
    store, peak = open_store(url), Peak()

    def clock() -> float:
        return time.process_time() + (server.seconds() if server else 0.0)

    with collector_off():
        began, start = time.perf_counter(), clock()
        with store.read() as reader:
            provider = providers.provider(reader, provider_id)
            assert provider is not None
            found = report(reader, provider, request_of(DAYS))
        seconds, wall = clock() - start, time.perf_counter() - began
    store.close()
    return Told(name, seconds, wall, peak.bytes(), figures(found))


def peer(accounts: int) -> Told:
    """The same by DuckDB, of tables in its memory."""
    tables = analytics_world.exported(analytics_world.chunks(accounts))
    with analytics_peer.connected(tables) as connection:
        peak = Peak()
        began, start = time.perf_counter(), time.process_time()
        found = analytics_peer.told(connection, DAYS)
        seconds, wall = time.process_time() - start, time.perf_counter() - began
        return Told("DuckDB", seconds, wall, peak.bytes(), found)


def check_same(one: Told, twin: Told) -> None:
    """Raises NotExact where two reports differ."""
    for section, wanted in twin.figures.items():
        if one.figures[section] != wanted or not wanted:
            raise NotExact(f"{one.name}: {section} is not what DuckDB tells")


def alone(act: Callable[..., Answer], *given: object) -> Answer:
    """What is done by a process that does nothing else."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(act, *given).result()


def request_of(days: Days) -> Request:
    """All sections by area, class and channel."""
    return Request(
        at=AsOf(days.day, NOW),
        months=(FIRST_MONTH, FIRST_MONTH + MONTHS - 1),
        from_day=days.from_day,
        by=(By.AREA, By.CLASS, By.CHANNEL),
        asked=Asked(2, "customer_class"),
    )


def figures(found: Report) -> Figures:
    """A report in the form of its twin."""
    names: Sequence[tuple[str, str]] = found.groups.names
    channel = {number: one.channel for number, one in found.channels.items()}
    return {
        "collection": {
            (one.month - FIRST_MONTH, *names[one.group]): (
                one.bills, one.settled, one.billed, one.received, one.written_off, one.credited,
                one.open,
            )
            for one in found.collection
        },
        "channels": {
            (one.month - FIRST_MONTH, *names[one.group], channel[one.channel_no]): (one.received,)
            for one in found.channel_parts
        },
        "ageing": {
            (one.age, *names[one.group]): (one.accounts, one.items, one.amount)
            for one in found.ageing
        },
        "receipts": {
            (channel[one.channel_no], *names[one.group]): (one.payments, one.amount)
            for one in found.received.rows
        },
        "warnings": {
            (one.band, *names[one.group]): (one.accounts, one.arrears) for one in found.warnings
        },
    }  # fmt: skip


# -- told


def _goals(found: Sequence[Told], peers: Sequence[Told], judged: bool) -> list[Goal]:
    seconds = median(one.seconds for one in peers)
    return [
        one
        for of in found
        for one in (
            goal(f"{SUITE}/{of.name}, the report ÷ DuckDB, processor time",
                 of.seconds / seconds, PEER_MAX, "lower", judged),
            goal(f"{SUITE}/{of.name}, the report, seconds", of.wall, SECONDS_MAX, "lower", judged),
        )
    ]  # fmt: skip


def _table(accounts: int, found: Sequence[Told], peers: Sequence[Told]) -> Table:
    seconds = median(one.seconds for one in peers)
    shown, bars = [], {}
    for one in (*found, sorted(peers, key=lambda one: one.seconds)[len(peers) // 2]):
        bars[one.name] = one.seconds
        shown.append(
            [one.name, f"{one.seconds:.2f}", f"{one.wall:.2f}", f"{one.peak / 2**20:,.0f}",
             f"{one.seconds / seconds:.2f}"]
        )  # fmt: skip
    headings = ("store", "processor s", "wall s", "peak MiB", "÷ DuckDB")
    note = f"{MONTHS} months of bills and what paid them; {os.cpu_count()} cores."
    title = f"A report of {accounts:,} accounts, processor seconds"
    return Table(title, headings, shown, note, bars)
