"""A water company that bills all its accounts month by month, and what a run costs by phase.

The company is that of the store suite with a tariff of its own (`month.yaml`); its readings are
inserted raw. Every second account pays something after its first bill, so that what others owe is
in arrears. The prices change inside the month that is judged, so each of its bills has two parts.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from unittest import mock

import numpy as np
import pyarrow as pa

from benchmarks import store_engines
from benchmarks.race import NotExact
from benchmarks.store_engines import Engine
from benchmarks.store_world import LOADS, Act, Chunk, Town, company, day_of, insert_readings, now_of
from benchmarks.timing import Clock
from billcore.core.billing import make
from billcore.core.billing.charges.due import Window
from billcore.core.billing.runs import chunk as chunks
from billcore.core.billing.runs import digest, runs
from billcore.core.billing.runs.chunk import Task
from billcore.core.billing.runs.drive import Driver, Pool, drive
from billcore.core.billing.runs.order import RunOrder
from billcore.core.billing.runs.states import Phase, State
from billcore.core.ids import owned_id
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store.runs import Done
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from billcore.core.verify import CHECKS

TARIFF = Path(__file__).parent / "month.yaml"
TARIFF_ID = "benchmark-month"

FIRST, JUDGED, RACED = 1, 2, 3
"""The months whose readings close the first bills, those that are judged, and those of races."""

PAID = 50_000
DAYS = 5
"""Closing readings lie so many days about the 20th."""

START = now_of(day_of(0))

PHASES = ("read", "rate", "pack", "write", "digest", "rest", "commit")
"""rest: claiming and finishing the chunk; commit: with what `drive` does between chunks."""


@dataclass
class Cost:
    """Processor seconds of a run by phase, its bills and digest.

    curve: seconds so far by accounts done; wall: seconds of wall time.
    """

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PHASES, 0.0))
    curve: list[tuple[float, float]] = field(default_factory=list)
    bills: int = 0
    total: int = 0
    digest: bytes = digest.EMPTY
    wall: float = 0.0

    @property
    def whole(self) -> float:
        """All phases."""
        return sum(self.seconds.values())

    @property
    def each(self) -> float:
        """Of a bill."""
        return self.whole / max(self.bills, 1)


def founded(engine: Engine, accounts: int, months: int, say: Callable[[str], None]) -> Town:
    """The company, loaded, with the openings and so many months of readings after them."""
    store = engine.fresh()
    caller = company(store, "month-end")
    Catalog(Stored(store, now)).publish(TARIFF.read_text(), "bench", caller=caller)
    town = Town(engine, store, engine.fresh(), caller, accounts, tariff=TARIFF_ID)
    say(f"runs: {engine.name}, loading")
    for first, last in ranges(town):
        for kind in ("customers", "points", "accounts", "agreements", "meters"):
            chunk = Chunk(town, first, last)
            given = LOADS[kind].given(chunk)
            with store.write() as session:
                LOADS[kind].load(chunk, session, given)
        for month in range(1, months + 1):
            insert_readings(Chunk(town, first, last, month))
    analysed(town)
    return town


def analysed(town: Town) -> None:
    """What PostgreSQL does by itself where autovacuum is on."""
    if town.engine.is_postgres:
        with town.store.write() as session:
            session.run("ANALYZE")


def check_books(town: Town) -> None:
    """Raises NotExact unless every invariant holds."""
    for name, check in CHECKS.items():
        with town.store.read() as reader:
            found = list(check(reader, town.provider_id))
        if found:
            raise NotExact(f"{name} of {town.engine.name}: {found[0]}")


def now() -> int:
    """A clock that stands still: times follow the turns."""
    return now_of(day_of(11))


def ranges(town: Town) -> Iterator[tuple[int, int]]:
    """The first and last account of each chunk of CHUNK."""
    for start in range(0, town.accounts, store_engines.CHUNK):
        last = min(start + store_engines.CHUNK, town.accounts)
        yield owned_id(town.provider_id, start + 1), owned_id(town.provider_id, last)


def paid(town: Town) -> None:
    """A payment of every second account."""
    for first, last in ranges(town):
        account = np.arange(first, last + 1, 2)
        entries = AccountEntries(
            account_id=account,
            kind=np.full(len(account), int(EntryKind.PAYMENT)),
            day=np.full(len(account), day_of(FIRST) + 10),
            amount=np.full(len(account), -PAID),
            reference=pa.array([f"payment {number}" for number in account.tolist()]),
            reverses=np.zeros(len(account), dtype=np.int64),
        )
        with town.store.write() as session:
            how = Posting(town.provider_id, f"payments {first}", town.caller.client_id, START)
            post_account_entries(session, entries, how)


# -- runs


def order(town: Town, month: int, **changed: object) -> RunOrder:
    """A run up to the readings of a month; of all accounts, straight through, unless changed."""
    day = day_of(month)
    given: dict[str, object] = {
        "first_account": owned_id(town.provider_id, 1),
        "last_account": owned_id(town.provider_id, town.accounts),
        "window": Window(day - DAYS, day + DAYS),
        "issued_day": day + DAYS + 1,
        "straggler_day": day + 3 * DAYS,
        "chunk_accounts": store_engines.CHUNK,
        "straight": True,
    }
    return RunOrder(**(given | changed))  # type: ignore[arg-type]


Between = Callable[[Task], None]
"""Called after each chunk; what it takes is not the run's."""


def ran(
    town: Town,
    wanted: RunOrder,
    clock: Clock,
    between: Between | None = None,
    pool: Pool | None = None,
    workers: int = 1,
) -> Cost:
    """Makes and drives a run to where its bills are frozen."""
    with town.store.write() as session:
        run_id = runs.create(_act(town, session), wanted, simulated=False)
    cost, driven = Cost(), Phase.FREEZE
    if not wanted.straight:
        _drive(town, run_id, Phase.RATE, cost, clock, between, pool, workers)
        with town.store.write() as session:
            runs.approve(_act(town, session), run_id, "looked at")
    state = _drive(town, run_id, driven, cost, clock, between, pool, workers)
    if state is not State.FROZEN:
        raise NotExact(f"the run is {state}")
    _told(town, run_id, cost)
    wished = wanted.last_account - wanted.first_account + 1
    if cost.bills != wished:
        raise NotExact(f"{town.engine.name}: {cost.bills} bills of {wished} accounts")
    return cost


def simulated(
    town: Town, wanted: RunOrder, pool: Pool | None = None, workers: int = 1
) -> tuple[int, bytes]:
    """(how many bills, their digest) of a run that issues nothing; it is cancelled then."""
    with town.store.write() as session:
        run_id = runs.create(_act(town, session), wanted, simulated=True)
    cost = Cost()
    _drive(town, run_id, Phase.RATE, cost, time.process_time, None, pool, workers)
    _told(town, run_id, cost, Phase.RATE)
    with town.store.write() as session:
        runs.cancel(_act(town, session), run_id, "done")
    return cost.bills, cost.digest


def newest(town: Town) -> runs.View:
    """The run that was made last, with all its chunks."""
    with town.store.read() as reader:
        number = max(run.run_id for run in runs.rows.listed(reader, town.provider_id, 2**31 - 1, 1))
        return runs.view(reader, town.provider_id, number)


def _told(town: Town, run_id: int, cost: Cost, phase: Phase = Phase.FREEZE) -> None:
    with town.store.read() as reader:
        found = runs.view(reader, town.provider_id, run_id).of(phase, 0)
    cost.bills = sum(chunk.bills for chunk in found)
    cost.total = sum(chunk.total for chunk in found)
    cost.digest = digest.added([chunk.digest for chunk in found])


def _act(town: Town, session: object) -> Act:
    return Act(session, town.caller, now())  # type: ignore[arg-type]


def _drive(
    town: Town,
    run_id: int,
    phase: Phase,
    cost: Cost,
    clock: Clock,
    between: Between | None,
    pool: Pool | None,
    workers: int,
) -> State | None:
    with town.store.write() as session:
        runs.begin(_act(town, session), run_id, phase)
    aside, done = [0.0], [0]

    def told(task: Task, chunk: Done) -> None:
        done[0] += chunk.bills
        begin = clock()
        cost.curve.append((done[0], begin - start - aside[0]))
        if between is not None:
            between(task)
        aside[0] += clock() - begin

    driver = Driver(town.store, town.store.url, now, Event(), pool, lambda: workers, told)
    with phased(clock) as spent:
        start, wall = clock(), time.perf_counter()
        state = drive(driver, town.provider_id, run_id)
        whole = clock() - start - aside[0]
        cost.wall += time.perf_counter() - wall
    _add(cost.seconds, spent, whole)
    return state


def _add(seconds: dict[str, float], spent: Mapping[str, float], whole: float) -> None:
    """Adds the phases, which have others inside them, each without those."""
    inner = {name: spent.get(name, 0.0) for name in ("read", "rate", "write", "digest")}
    prepared, done = spent.get("prepare", 0.0), spent.get("do", 0.0)
    inner["pack"] = prepared - inner["read"] - inner["rate"]
    inner["rest"] = done - prepared - inner["write"] - inner["digest"]
    inner["commit"] = whole - done
    for name, some in inner.items():
        seconds[name] += some


PARTS = (
    (make, "due", "read"),
    (make, "rated", "rate"),
    (chunks, "prepare", "prepare"),
    (chunks, "issue", "write"),
    (digest, "digest", "digest"),
    (chunks, "do", "do"),
)
"""What a run calls in this process, by what it is timed as."""


@contextmanager
def phased(
    clock: Clock, parts: Sequence[tuple[object, str, str]] = PARTS
) -> Iterator[dict[str, float]]:
    """Yields the seconds that the parts take inside the block."""
    spent: dict[str, float] = {}
    with ExitStack() as patched:
        for module, name, phase in parts:
            timed = _timed(getattr(module, name), phase, clock, spent)
            patched.enter_context(mock.patch.object(module, name, timed))
        yield spent


def _timed(
    of: Callable[..., object], phase: str, clock: Clock, spent: dict[str, float]
) -> Callable[..., object]:
    def call(*arguments: object, **named: object) -> object:
        start = clock()
        try:
            return of(*arguments, **named)
        finally:
            spent[phase] = spent.get(phase, 0.0) + clock() - start

    return call
