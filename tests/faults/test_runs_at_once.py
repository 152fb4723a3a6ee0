"""Two who drive, create, cancel, hold, release or pay at the same moment as a run goes on."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
import pyarrow as pa
import pytest

from billcore.core.billing.runs import chunk as chunks
from billcore.core.billing.runs import holds, runs
from billcore.core.billing.runs.errors import RunBusy, RunFinished, RunOverlaps, RunStateUnfit
from billcore.core.billing.runs.states import Phase, State
from billcore.core.caller import Caller
from billcore.core.ledger import balances
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store.open import open_store
from billcore.core.store.port import Session, Store
from tests import runs_world as at
from tests.faults import month_end
from tests.faults.conftest import FULL
from tests.faults.month_end import CHUNK, PHASES, PROCESSES, Begun, Clock, Workers
from tests.runs_world import World

pytestmark = pytest.mark.usefixtures("no_orphans")

AMID_S = 0.5
"""What begins second goes as far as it can while the first has not been committed."""

RACES = 30 if FULL else 3
SOME = list(PHASES) if FULL else ["straight"]
WORKERS = [0, 2] if FULL else [2]
WAYS = ["two phases", "straight", "reverse"] if FULL else ["two phases", "straight"]
PAYERS = 2
PAID_MAX = 400
"""Payments of a payer, if the run takes so long."""


@pytest.fixture
def world(url):
    world = month_end.opened(url)
    yield world
    world.store.close()


def together(*acts: Callable[[], object]) -> list[object]:
    """What each comes to, begun at the same moment: its value, or the error that it raised."""
    barrier = threading.Barrier(len(acts))

    def act(one: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return one()
        except Exception as error:  # it is told
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return [
            future.result(month_end.WAIT_S_MAX) for future in [threads.submit(act, a) for a in acts]
        ]


# -- two drivers


@pytest.mark.parametrize("phase", SOME)
@pytest.mark.parametrize("workers", WORKERS)
def test_two_drivers_in_a_process(world, phase, workers, calm):
    """Each chunk is done once, by whoever comes first; both end the run."""
    begun = PHASES[phase](world)
    pools = [Workers(workers) if workers else None for _ in range(2)]
    found = together(*(lambda pool=pool: begun.driven(pool, workers) for pool in pools))
    assert set(found) <= {begun.end} or isinstance(found[0] or found[1], RunFinished)
    assert begun.done
    assert month_end.told(begun) == calm(phase)


@pytest.mark.parametrize("phase", SOME)
def test_two_drivers_in_two_processes(postgres_url, phase, tmp_path, calm):
    """With workers of their own, on PostgreSQL."""
    begun = PHASES[phase](month_end.opened(postgres_url))
    with ExitStack() as stack:
        children = [
            stack.enter_context(
                month_end.driving(postgres_url, begun, workers, Clock(tmp_path / f"{workers}"))
            )
            for workers in (0, 2)
        ]
        for child in children:
            child.join(month_end.WAIT_S_MAX)
            assert child.exitcode == 0
    assert month_end.told(begun) == calm(phase)
    begun.world.store.close()


# -- two runs


def test_two_runs_of_the_same_accounts(world):
    """Of two that are created at the same moment exactly one is, again and again."""
    order = at.order(world)
    for _ in range(RACES):
        found = together(*([lambda: at.create(world, order)] * 2))
        (run_id,) = [one for one in found if isinstance(one, int)]
        assert sum(isinstance(one, RunOverlaps) for one in found) == 1
        with world.store.write() as session:
            runs.cancel(world.act(session), run_id, "another race")
    assert at.broken(world) == {}


def test_two_runs_from_two_processes(postgres_url):
    """The same from two processes: one number, one run, one refusal."""
    world = month_end.opened(postgres_url)
    for _ in range(RACES):
        barrier, said = PROCESSES.Barrier(2), PROCESSES.Queue()
        given = postgres_url, world.caller, world.accounts, barrier, said
        children = [PROCESSES.Process(target=creates, args=given) for _ in range(2)]
        for child in children:
            child.start()
        found = sorted(said.get(timeout=month_end.WAIT_S_MAX) for _ in children)
        for child in children:
            child.join(month_end.WAIT_S_MAX)
            child.close()
        assert found[1] == "RUN_OVERLAPS"
        with world.store.write() as session:
            runs.cancel(world.act(session), int(found[0]), "another race")
    assert at.broken(world) == {}
    world.store.close()


def creates(url: str, caller: Caller, accounts: int, barrier, said) -> None:
    """A process that creates a run of all accounts when the other is ready too."""
    world = World(open_store(url), caller, accounts)
    barrier.wait(month_end.WAIT_S_MAX)
    try:
        said.put(str(at.create(world, at.order(world))))
    except RunOverlaps as error:
        said.put(error.reason)
    world.store.close()


# -- a step beside another, or beside chunks


def test_freezing_beside_cancelling(world):
    """One of the two is done; a cancelled run has issued nothing."""
    for _ in range(RACES):
        run_id = at.create(world, at.order(world, chunk_accounts=CHUNK * 9))
        at.rated(world, run_id)
        at.approved(world, run_id)
        frozen, cancelled = together(
            lambda run_id=run_id: at.frozen(world, run_id),
            lambda run_id=run_id: cancel(world, run_id),
        )
        if frozen is State.FROZEN:
            assert isinstance(cancelled, RunBusy | RunStateUnfit)
            reverse(world, run_id)
        else:
            assert isinstance(frozen, RunStateUnfit)
            assert cancelled is None
            assert at.view(world, run_id).of(Phase.FREEZE, 0) == []
        assert at.broken(world) == {}


def test_cancelling_amid_a_freeze(url, tmp_path):
    """What has begun to issue bills cannot be cancelled, not even behind its last chunk."""
    begun = PHASES["straight"](month_end.opened(url))
    world = begun.world
    with world.store.read() as reader:
        todo = runs.tasks(reader, world.provider_id, begun.run_id)
    for task in todo:
        with pytest.raises(RunBusy):
            cancel(world, begun.run_id)
        with world.store.write() as session:
            chunks.do(session, task, at.clock)
    with pytest.raises(RunBusy):
        cancel(world, begun.run_id)
    assert begun.driven() is State.FROZEN
    with pytest.raises(RunStateUnfit):
        cancel(world, begun.run_id)
    world.store.close()


@pytest.mark.parametrize("workers", WORKERS)
def test_cancelling_amid_rating(world, workers, tmp_path):
    """The driver is told, nothing is kept, and the accounts are free for another run."""
    begun = PHASES["rate"](world)
    clock = Clock(tmp_path / "clock")

    def cancelling() -> None:
        month_end.wait_for(lambda: clock.ticks > month_end.TICKS // 4)
        cancel(world, begun.run_id)

    pool = Workers(workers) if workers else None
    driven, cancelled = together(lambda: begun.driven(pool, workers, clock), cancelling)
    assert isinstance(driven, RunStateUnfit)
    assert cancelled is None
    with world.store.read() as reader:
        assert reader.row("SELECT COUNT(*) FROM run_result") == (0,)
    at.whole(world, at.order(world, straight=True))
    assert at.broken(world) == {}


def cancel(world: World, run_id: int) -> None:
    with world.store.write() as session:
        runs.cancel(world.act(session), run_id, "not now")


def reverse(world: World, run_id: int) -> None:
    at.begin(world, run_id, Phase.REVERSE, at.day_of(1) + 10, "another race")
    at.driven(world, run_id)


# -- holds


@pytest.mark.parametrize("workers", WORKERS)
def test_releasing_beside_a_freeze(world, workers, chance):
    """A released bill is issued once: with the others, or by the next pass."""
    run_id = at.create(world, at.order(world, chunk_accounts=CHUNK))
    at.rated(world, run_id)
    counts = chance.sample(range(1, world.accounts + 1), 16)
    for count in counts:
        decide(world, run_id, count, holds.hold)
    at.approved(world, run_id)
    at.begin(world, run_id, Phase.FREEZE)
    begun = Begun(world, run_id, Phase.FREEZE, State.FROZEN)

    def releasing() -> None:
        for count in counts:
            decide(world, run_id, count, holds.release)

    pool = Workers(workers) if workers else None
    assert together(lambda: begun.driven(pool, workers), releasing) == [State.FROZEN, None]
    month_end.check(begun)
    at.begin(world, run_id, Phase.FREEZE)
    assert begun.driven() is State.FROZEN
    month_end.check(begun)
    assert billed(world) == Counter(range(1, world.accounts + 1))


def test_a_hold_between_preparing_and_writing(world):
    """A chunk that another process prepared issues no bill that is held by now."""
    begun = PHASES["freeze"](world)
    with world.store.read() as reader:
        todo = runs.tasks(reader, world.provider_id, begun.run_id)
        ready = [chunks.prepare(reader, task) for task in todo]
    decide(world, begun.run_id, 1, holds.hold)
    decide(world, begun.run_id, month_end.HELD, holds.release)
    for task, one in zip(todo, ready, strict=True):
        with world.store.write() as session:
            chunks.do(session, task, at.clock, one)
    assert begun.driven() is State.FROZEN
    assert billed(world) == Counter(range(2, world.accounts + 1))
    month_end.check(begun)


def decide(world: World, run_id: int, count: int, act) -> None:
    with world.store.write() as session:
        act(world.act(session), run_id, world.account(count), "looked at")


def billed(world: World) -> Counter[int]:
    """How many bills each account has, from 1."""
    with world.store.read() as reader:
        found = reader.rows("SELECT account_id FROM bill")
    return Counter(account - world.account(1) + 1 for (account,) in found)


# -- payments


def pay(world: World, session: Session, count: int, amount: int, name: str, now: int) -> None:
    """Posts a payment; `at.pay` in a transaction of the caller's."""
    entries = AccountEntries(
        account_id=np.array([world.account(count)]),
        kind=np.array([int(EntryKind.PAYMENT)]),
        day=np.array([at.day_of(1) + 2]),
        amount=np.array([-amount]),
        reference=pa.array([name]),
        reverses=np.array([0]),
    )
    posting = Posting(world.provider_id, f"payment/{name}", world.caller.client_id, now)
    post_account_entries(session, entries, posting)


def pays(world: World, name: str, over) -> dict[str, tuple[int, int]]:
    """Payments one after the other until it is over: (account, amount) by reference."""
    chance, paid = random.Random(name), {}
    while not over.is_set() and len(paid) < PAID_MAX:
        count, amount = chance.randint(1, world.accounts), chance.randint(1, 10**6)
        reference = f"{name} {len(paid)}"
        with world.store.write() as session:
            pay(world, session, count, amount, reference, at.START + chance.randint(0, at.DAY))
        paid[reference] = count, amount
    return paid


def pays_apart(url: str, caller: Caller, accounts: int, name: str, over, said) -> None:
    """A process that pays until it is over."""
    world = World(open_store(url), caller, accounts)
    said.put(pays(world, name, over))
    world.store.close()


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("way", WAYS)
def test_payments_amid_a_run(world, way, workers):
    """By threads: each is counted once, and every bill opens with what was paid before it."""
    over = threading.Event()
    with ThreadPoolExecutor(PAYERS) as payers:
        paying = [payers.submit(pays, world, f"thread {n}", over) for n in range(PAYERS)]
        try:
            runs_whole(world, way, workers)
        finally:
            over.set()
        paid = {key: one for payer in paying for key, one in payer.result().items()}
    is_counted_once(world, paid, way)


@pytest.mark.parametrize("way", WAYS)
def test_payments_of_other_processes(postgres_url, way):
    """The same, on PostgreSQL."""
    world = month_end.opened(postgres_url)
    over, said = PROCESSES.Event(), PROCESSES.Queue()
    children = [
        PROCESSES.Process(
            target=pays_apart,
            args=(postgres_url, world.caller, world.accounts, f"process {n}", over, said),
        )
        for n in range(PAYERS)
    ]
    for child in children:
        child.start()
    try:
        runs_whole(world, way, 2)
    finally:
        over.set()
    paid = {key: one for _ in children for key, one in said.get(timeout=60).items()}
    for child in children:
        child.join(month_end.WAIT_S_MAX)
        child.close()
    is_counted_once(world, paid, way)
    world.store.close()


def runs_whole(world: World, way: str, workers: int) -> None:
    """Drives a run from its beginning to its end, in small chunks."""
    how = {"pool": Workers(workers), "workers": workers} if workers else {}
    straight = way != "two phases"
    run_id = at.create(world, at.order(world, chunk_accounts=CHUNK, straight=straight))
    if not straight:
        assert at.rated(world, run_id, **how) is State.OUTSORTED
        at.approved(world, run_id)
    assert at.frozen(world, run_id, **how) is State.FROZEN
    if way == "reverse":
        at.begin(world, run_id, Phase.REVERSE, at.day_of(1) + 10, "wrong tariff")
        assert at.driven(world, run_id, **how) is State.REVERSED


def is_counted_once(world: World, paid: dict[str, tuple[int, int]], way: str) -> None:
    assert len(paid) > PAYERS
    assert at.broken(world) == {}
    assert billed(world) == Counter(
        dict.fromkeys(range(1, world.accounts + 1), 2 if way == "reverse" else 1)
    )
    with world.store.read() as reader:
        rows = reader.rows("SELECT account_id, reference, amount FROM account_entry")
        totals = dict(
            reader.rows(
                "SELECT account_id, CAST(SUM(total) AS BIGINT) FROM bill GROUP BY account_id"
            )
        )
        found = {
            n: balances.balance(reader, world.account(n)) for n in range(1, world.accounts + 1)
        }
    ours = [row for row in rows if not row[1].startswith("before")]
    assert sorted(ours) == sorted(
        (world.account(n), key, -amount) for key, (n, amount) in paid.items()
    )
    owed = Counter({n: totals[world.account(n)] for n in range(1, world.accounts + 1)})
    for account, _, amount in rows:
        owed[account - world.account(1) + 1] += amount
    assert found == dict(owed)


def test_a_payment_under_way_while_its_account_is_rated(postgres_url):
    """Recorded before another that is committed first: its bill opens with it all the same."""
    world = month_end.opened(postgres_url)
    run_id = at.create(world, at.order(world, chunk_accounts=world.accounts))
    at.begin(world, run_id, Phase.RATE)
    with ThreadPoolExecutor(1) as thread:
        with world.store.write() as session:
            pay(world, session, 3, 500, "early", at.START)
            pay_apart(world.store, world, 9, 700, "late", at.START + 1_000)
            driver = thread.submit(at.driven, world, run_id)
            threading.Event().wait(AMID_S)
        assert driver.result(month_end.WAIT_S_MAX) is State.OUTSORTED
    at.approved(world, run_id)
    assert at.frozen(world, run_id) is State.FROZEN
    assert at.broken(world) == {}
    with world.store.read() as reader:
        (opening,) = reader.row(
            "SELECT opening FROM bill WHERE account_id = :a", a=world.account(3)
        )
    assert opening == -500
    world.store.close()


def pay_apart(store: Store, world: World, count: int, amount: int, name: str, now: int) -> None:
    """A payment by another thread, committed at once."""

    def act() -> None:
        with store.write() as session:
            pay(world, session, count, amount, name, now)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(act).result(month_end.WAIT_S_MAX)
