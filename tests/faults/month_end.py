"""A month end that is disturbed: its books, what must come of it, the processes that drive it.

The plan is the same in every process and on every store, so what comes of a disturbed run must be
what comes of one that nobody disturbed, to the bill and to the digest.
"""

import multiprocessing
import os
import random
import select
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from billcore.core.billing.runs import digest, holds
from billcore.core.billing.runs.drive import Driver, Pool, drive
from billcore.core.billing.runs.states import Phase, State
from billcore.core.ledger.kinds import BillKind
from billcore.core.store.open import open_store
from billcore.core.store.port import Store
from tests import runs_world as at
from tests.runs_world import World
from tests.stores import migrated

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["pytest", "tests.faults.month_end"])

ACCOUNTS = 72
CHUNK = 2
CHUNKS = ACCOUNTS // CHUNK
TICKS = 2 * CHUNKS
"""The clock is asked twice a chunk."""

ORPHAN_S = 0.1
"""So long a worker goes on behind the death of who drives it."""

PAUSE_S_MAX = 0.02
"""Between what was seen last and a kill: about two chunks."""

WAIT_S_MAX = 120

GATE_S = 0.002

HELD = 7
"""The account, from 1, whose bill somebody holds in two phases."""


class Clock:
    """A clock that stands still and counts how often any process asks it; they can be held up."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._gate = path.with_name(f"{path.name} closed")
        path.touch()

    def __call__(self) -> int:
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        os.write(file, b".")
        os.close(file)
        while self._gate.exists():
            time.sleep(GATE_S)
        return at.clock()

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """Whoever asks meanwhile waits, amid a chunk."""
        self._gate.touch()
        try:
            yield
        finally:
            self._gate.unlink()

    @property
    def ticks(self) -> int:
        return self._path.stat().st_size


# -- the plan


def opened(url: str, accounts: int = ACCOUNTS) -> World:
    """A new store with the company, its readings and some payments."""
    store = migrated(url)
    world = at.settle(store, accounts, months=2)
    for count in range(1, min(accounts, 40), 4):
        at.pay(world, count, 1_000 * count, at.day_of(0) + 2, f"before {count}")
    return world


@dataclass(frozen=True)
class Begun:
    """A run of which a phase has begun. end: the state that it must come to."""

    world: World
    run_id: int
    phase: Phase
    end: State

    def driven(self, pool: Pool | None = None, workers: int = 1, clock=at.clock) -> State | None:
        store = self.world.store
        driver = Driver(store, store.url, clock, threading.Event(), pool, lambda: workers)
        return drive(driver, self.world.provider_id, self.run_id)

    def on(self, store: Store) -> "Begun":
        """The same in a store that was opened again."""
        world = World(store, self.world.caller, self.world.accounts)
        return Begun(world, self.run_id, self.phase, self.end)

    @property
    def done(self) -> bool:
        return at.view(self.world, self.run_id).state is self.end


def begin_rate(world: World) -> Begun:
    run_id = at.create(world, at.order(world, chunk_accounts=CHUNK))
    at.begin(world, run_id, Phase.RATE)
    return Begun(world, run_id, Phase.RATE, State.OUTSORTED)


def begin_freeze(world: World) -> Begun:
    """In two phases: a bill is held, and some accounts pay between them."""
    rated = begin_rate(world)
    rated.driven()
    with world.store.write() as session:
        holds.hold(world.act(session), rated.run_id, world.account(HELD), "to be looked at")
    at.approved(world, rated.run_id)
    for count in range(1, world.accounts + 1, 5):
        at.pay(world, count, 500 * count, at.day_of(1) + 2, f"between {count}")
    at.begin(world, rated.run_id, Phase.FREEZE)
    return Begun(world, rated.run_id, Phase.FREEZE, State.FROZEN)


def begin_straight(world: World) -> Begun:
    run_id = at.create(world, at.order(world, chunk_accounts=CHUNK, straight=True))
    at.begin(world, run_id, Phase.FREEZE)
    return Begun(world, run_id, Phase.FREEZE, State.FROZEN)


def begin_reverse(world: World) -> Begun:
    """Some accounts paid their bills."""
    frozen = begin_straight(world)
    frozen.driven()
    for count in range(1, world.accounts + 1, 6):
        at.pay(world, count, 700 * count, at.day_of(1) + 9, f"after {count}")
    at.begin(world, frozen.run_id, Phase.REVERSE, at.day_of(1) + 10, "wrong tariff")
    return Begun(world, frozen.run_id, Phase.REVERSE, State.REVERSED)


PHASES: dict[str, Callable[[World], Begun]] = {
    "rate": begin_rate,
    "freeze": begin_freeze,
    "straight": begin_straight,
    "reverse": begin_reverse,
}


# -- what must be there

BILLS = """SELECT bill_id, account_id, kind, previous_day, this_day, opening, total, closing
FROM bill ORDER BY account_id, bill_id"""

EXCEPTIONS = """SELECT account_id, pass, outcome, rule, total FROM run_exception
WHERE run_id = :run_id ORDER BY account_id, pass"""

ISSUED = """SELECT entry_id, COUNT(*), CAST(SUM(total) AS BIGINT) FROM bill
WHERE kind <> :credit GROUP BY entry_id"""


@dataclass(frozen=True)
class Told:
    """All that a run came to but its times."""

    state: State
    steps: tuple[str, ...]
    digests: dict[tuple[int, int], bytes]
    chunks: tuple[tuple[object, ...], ...]
    bills: tuple[tuple[object, ...], ...]
    exceptions: tuple[tuple[object, ...], ...]


def told(begun: Begun) -> Told:
    """What came of a run; nothing is half done, and `verify` finds nothing."""
    check(begun)
    found = at.view(begun.world, begun.run_id)
    assert found.unfinished is None
    with begun.world.store.read() as reader:
        bills = reader.rows(BILLS)
        exceptions = reader.rows(EXCEPTIONS, run_id=begun.run_id)
    passes = {(one.phase, one.pass_no): found.of(one.phase, one.pass_no) for one in found.passes}
    return Told(
        found.state,
        tuple(State(step.state).name for step in found.steps),
        {key: digest.added([chunk.digest for chunk in own]) for key, own in passes.items()},
        tuple((c.phase, c.pass_no, c.chunk, c.bills, c.held, c.total) for c in found.chunks),
        tuple(bills),
        tuple(exceptions),
    )


def check(begun: Begun) -> None:
    """What is there is whole: chunks with all they made, nothing of others; the books are right."""
    world, run_id = begun.world, begun.run_id
    assert at.broken(world) == {}
    with world.store.read() as reader:
        found = at.runs.view(reader, world.provider_id, run_id)
        issued = {e: (n, total) for e, n, total in reader.rows(ISSUED, credit=int(BillKind.CREDIT))}
        (notes,) = reader.row("SELECT COUNT(*) FROM bill WHERE kind = :k", k=int(BillKind.CREDIT))
        kept = reader.rows(
            "SELECT chunk FROM run_result WHERE run_id = :r ORDER BY chunk", r=run_id
        )
    assert all(len(chunk.digest) == digest.DIGEST_BYTES for chunk in found.chunks)
    frozen = [c for c in found.chunks if c.phase == Phase.FREEZE and c.bills]
    assert issued == {c.entry_id: (c.bills, c.total) for c in frozen}
    assert notes == sum(c.bills for c in found.chunks if c.phase == Phase.REVERSE)
    assert kept == [(c.chunk,) for c in found.chunks if c.phase == Phase.RATE]


def undisturbed(name: str, folder: Path) -> Told:
    """What comes of a phase that nobody disturbs, in one thread of one process."""
    world = opened(f"sqlite:///{folder / 'store.db'}")
    begun = PHASES[name](world)
    assert begun.driven() is begun.end
    found = told(begun)
    world.store.close()
    return found


# -- the processes


class Workers:
    """A pool of processes, made again when it broke; each worker can be killed."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.made: list[ProcessPoolExecutor] = []

    def __call__(self) -> ProcessPoolExecutor:
        made = ProcessPoolExecutor(
            self.count, mp_context=PROCESSES, initializer=_follow, initargs=(os.getpid(),)
        )
        self.made.append(made)
        return made

    def alive(self) -> list[multiprocessing.Process]:
        """The workers of the newest pool that run now."""
        found = self.made[-1]._processes if self.made else None
        return [one for one in list((found or {}).values()) if one.is_alive()]


def _follow(driver: int) -> None:
    """In a worker: it ends a while behind its driver, or it would wait for it for ever."""
    try:
        handle = os.pidfd_open(driver)
    except ProcessLookupError:
        os._exit(1)
    threading.Thread(target=_die_behind, args=(handle,), daemon=True).start()


def _die_behind(handle: int) -> None:
    select.select([handle], [], [])
    time.sleep(random.uniform(0, ORPHAN_S))
    os._exit(1)


def drives(url: str, provider_id: int, run_id: int, workers: int, clock: Clock) -> None:
    """A process that drives what has begun; workers 0: in its own thread."""
    store = open_store(url)
    pool = Workers(workers) if workers else None
    driver = Driver(store, url, clock, threading.Event(), pool, lambda: workers)
    drive(driver, provider_id, run_id)
    store.close()


@contextmanager
def driving(
    url: str, begun: Begun, workers: int, clock: Clock
) -> Iterator[multiprocessing.Process]:
    """A process that drives a run until it is done or killed."""
    given = url, begun.world.provider_id, begun.run_id, workers, clock
    child = PROCESSES.Process(target=drives, args=given)
    child.start()
    try:
        yield child
    finally:
        child.kill()
        child.join()
        child.close()


def wait_for(happened: Callable[[], object]) -> None:
    until = time.monotonic() + WAIT_S_MAX
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.001)
