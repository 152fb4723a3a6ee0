"""The writer on both stores: many share a commit, none takes another with it, none is lost."""

import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from billcore.core.payments.codes import Code, State
from billcore.core.payments.intake import writer as writers
from billcore.core.payments.intake.writer import BATCH_MAX, Waiting, Writer
from billcore.core.payments.refusals import PaymentConflict, QueueFull, TargetUnknown
from billcore.core.store.again import TRIES
from billcore.core.store.errors import StoreBusy, StoreConflict, StoreUnavailable
from tests import payment_writers, payments_world
from tests.payment_writers import WAIT_S_MAX, Breaking, Held
from tests.payments_world import NOW
from tests.stores import migrated

BUSY = StoreBusy("another transaction was in the way.")
CONFLICT = StoreConflict("payment_order", "the key is there.")


@pytest.fixture
def world(books):
    return payments_world.found(books, providers=2)


@pytest.fixture
def started():
    """Starts writers; they are stopped at the end."""
    running = []

    def start(store, **more):
        writer = Writer(store, lambda: NOW, **more)
        writer.start()
        running.append(writer)
        return writer

    yield start
    for writer in running:
        writer.stop()


def sent(pool, writer, world, told, place=None):
    where = place or world.place()
    return [pool.submit(writer.post, where, one) for one in told]


def until(condition):
    end = time.monotonic() + WAIT_S_MAX
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_a_payment_is_posted_and_answered(world, started):
    writer = started(world.store)
    result = writer.post(world.place(), world.told("r1"))
    assert (result.order.state, result.replayed) == (State.POSTED, False)
    again = writer.post(world.place(), world.told("r1"))
    assert (again.order, again.replayed) == (result.order, True)
    with pytest.raises(PaymentConflict):
        writer.post(world.place(), world.told("r1", amount=99))
    with pytest.raises(TargetUnknown):
        writer.post(world.place(), world.told("r2", "nobody"))
    assert world.balance() == -100
    assert world.broken() == []


def test_many_threads_share_a_commit(world, started):
    """While one is held up, all others gather behind it."""
    held = Held(world.store)
    writer = started(held)
    with ThreadPoolExecutor(33) as pool:
        first = pool.submit(writer.post, world.place(), world.told("r0"))
        held.until_held()
        rest = sent(pool, writer, world, [world.told(f"r{n}", n % 5 + 1) for n in range(1, 33)])
        until(lambda: writer.waiting == 32)
        assert writer.is_under_way(1, 1, "r0")
        assert writer.is_under_way(1, 1, "r32")
        held.go.set()
        results = [one.result(WAIT_S_MAX) for one in [first, *rest]]
    assert held.transactions == 2
    assert [one.order.reference for one in results] == [f"r{n}" for n in range(33)]
    assert not any(one.replayed for one in results)
    assert not any(writer.is_under_way(1, 1, f"r{n}") for n in range(33))
    assert world.count("payment_order") == 33
    assert world.count("entry") == 2
    assert world.broken() == []


def test_a_batch_has_an_end(world, started):
    held = Held(world.store)
    writer = started(held)
    done = threading.Semaphore(0)
    place = world.place()
    told = [world.told(f"r{n}", channel_no=1) for n in range(BATCH_MAX + 2)]
    writer.submit(Waiting(place, told[0], lambda _: done.release()))
    held.until_held()
    for one in told[1:]:
        writer.submit(Waiting(place, one, lambda _: done.release()))
    held.go.set()
    for _ in told:
        assert done.acquire(timeout=WAIT_S_MAX)
    assert held.transactions == 3
    assert world.balance() == -100 * len(told)


def test_one_payment_told_by_many_at_once(world, started):
    """Posted once; one is told that it is new, and another amount is refused."""
    held = Held(world.store)
    writer = started(held)
    with ThreadPoolExecutor(12) as pool:
        sent(pool, writer, world, [world.told("r0", 2)])
        held.until_held()
        same = sent(pool, writer, world, [world.told("r1")] * 8)
        until(lambda: writer.waiting == 8)
        other = sent(pool, writer, world, [world.told("r1", amount=99)] * 2)
        until(lambda: writer.waiting == 10)
        held.go.set()
        results = [one.result(WAIT_S_MAX) for one in same]
        errors = [one.exception(WAIT_S_MAX) for one in other]
    assert [one.replayed for one in results].count(False) == 1
    assert len({one.order for one in results}) == 1
    assert all(isinstance(error, PaymentConflict) for error in errors)
    assert world.balance() == -100
    assert world.broken() == []


def test_a_queue_that_is_full(world, started):
    """What is refused is not kept, and may be sent again."""
    held = Held(world.store)
    writer = started(held, queue_max=3)
    with ThreadPoolExecutor(8) as pool:
        first = sent(pool, writer, world, [world.told("r0")])
        held.until_held()
        rest = sent(pool, writer, world, [world.told(f"r{n}") for n in (1, 2, 3)])
        until(lambda: writer.waiting == 3)
        with pytest.raises(QueueFull) as caught:
            writer.post(world.place(), world.told("r4"))
        assert caught.value.retryable
        assert not writer.is_under_way(1, 1, "r4")
        held.go.set()
        for one in first + rest:
            one.result(WAIT_S_MAX)
    assert world.status("r4").state == State.UNKNOWN
    assert not writer.post(world.place(), world.told("r4")).replayed
    assert world.balance() == -500
    assert world.broken() == []


@pytest.mark.parametrize(
    "bad",
    [
        {"amount": 2**70},  # no number of the store's
        {"reference": "\ud800"},  # no text
        {"reference": "a\0b"},
        {"target": "a\0b", "taken": True},
        {"target": "a\0b"},
    ],
    ids=["huge", "surrogate", "nul", "nul_target_taken", "nul_target"],
)
def test_a_bad_payment_takes_no_other_with_it(world, started, bad):
    held = Held(world.store)
    writer = started(held)
    with ThreadPoolExecutor(8) as pool:
        first = sent(pool, writer, world, [world.told("r0")])
        held.until_held()
        told = [world.told(f"r{n}", n) for n in (1, 2, 3)]
        told[1] = told[1]._replace(**bad)
        rest = sent(pool, writer, world, told)
        until(lambda: writer.waiting == 3)
        held.go.set()
        errors = [one.exception(WAIT_S_MAX) for one in first + rest]
    assert [error is None for error in errors] == [True, True, False, True]
    assert [world.balance(n) for n in (1, 2, 3)] == [-200, 0, -100]
    assert not writer.post(world.place(), world.told("r4", 4)).replayed
    assert world.broken() == []


@pytest.mark.parametrize("text", ["a\0b", "a\nb", ""])
@pytest.mark.parametrize("field", ["reference", "target"])
@pytest.mark.parametrize("taken", [False, True])
def test_a_text_that_no_store_holds_is_refused_in_its_row(world, field, text, taken):
    bad = world.told("r1", taken=taken)._replace(**{field: text})
    posted = world.post(world.told("r0"), bad, world.told("r2"))
    wanted = Code.INVALID if field == "reference" else Code.ACCOUNT_FORMAT
    assert posted.code.tolist() == [Code.OK, wanted, Code.OK]
    assert world.balance() == -200


@pytest.mark.parametrize("error", [BUSY, CONFLICT], ids=["busy", "conflict"])
@pytest.mark.parametrize("times", [1, TRIES - 1])
def test_what_others_were_in_the_way_of_is_done_again(world, started, error, times):
    breaking = Breaking(world.store, *[error] * times)
    writer = started(breaking)
    assert not writer.post(world.place(), world.told("r1")).replayed
    assert breaking.tried == times + 1
    assert world.balance() == -100
    assert world.broken() == []


def test_a_batch_that_never_goes_is_done_one_by_one(world, started):
    """Whoever is in the way of one is not in the way of all."""
    held = Held(world.store)
    breaking = Breaking(held, *[CONFLICT] * (1 + TRIES))
    writer = started(breaking)
    with ThreadPoolExecutor(8) as pool:
        breaking.errors = []
        first = sent(pool, writer, world, [world.told("r0")])
        held.until_held()
        rest = sent(pool, writer, world, [world.told(f"r{n}", n) for n in (1, 2, 3)])
        until(lambda: writer.waiting == 3)
        breaking.errors = [CONFLICT] * TRIES
        held.go.set()
        results = [one.result(WAIT_S_MAX) for one in first + rest]
    assert not any(one.replayed for one in results)
    assert breaking.tried == 1 + TRIES + 3
    assert world.broken() == []


def test_a_store_that_stays_busy(world, started):
    """The caller is told; the writer lives on."""
    breaking = Breaking(world.store, *[BUSY] * TRIES)
    writer = started(breaking)
    with pytest.raises(StoreBusy):
        writer.post(world.place(), world.told("r1"))
    assert world.status("r1").state == State.UNKNOWN
    assert not writer.post(world.place(), world.told("r1")).replayed
    assert breaking.tried == TRIES + 1
    assert world.broken() == []


@pytest.mark.parametrize("committed", [False, True])
def test_a_store_that_is_cut_off(world, started, committed):
    """Nobody guesses: the caller asks again, and is answered once."""
    error = StoreUnavailable("the line is cut.")
    breaking = Breaking(world.store, error, committed=committed)
    writer = started(breaking)
    with pytest.raises(StoreUnavailable):
        writer.post(world.place(), world.told("r1"))
    assert breaking.tried == 1
    assert world.status("r1").state == (State.POSTED if committed else State.UNKNOWN)
    assert writer.post(world.place(), world.told("r1")).replayed == committed
    assert world.balance() == -100
    assert world.broken() == []


def test_a_caller_that_is_gone_does_not_stop_the_writer(world, started):
    """Its answer cannot be given; the others have theirs."""
    held = Held(world.store)
    writer = started(held)
    answered = []

    def gone(_result):
        raise RuntimeError("nobody is there")

    place = world.place()
    for number, done in enumerate((gone, answered.append, gone, answered.append)):
        writer.submit(Waiting(place, world.told(f"r{number}"), done))
    held.go.set()
    until(lambda: len(answered) == 2)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(writer.post, place, world.told("r9"))
        assert not late.result(5).replayed
    assert world.count("payment_order") == 5


def test_what_waits_is_posted_before_the_end(world):
    held = Held(world.store)
    writer = Writer(held, lambda: NOW)
    writer.start()
    with ThreadPoolExecutor(8) as pool:
        first = sent(pool, writer, world, [world.told("r0")])
        held.until_held()
        rest = sent(pool, writer, world, [world.told(f"r{n}", n) for n in (1, 2, 3)])
        until(lambda: writer.waiting == 3)
        stopping = pool.submit(writer.stop)
        until(lambda: writer._stopping)
        with pytest.raises(QueueFull):
            writer.post(world.place(), world.told("r4"))
        assert not stopping.done()
        held.go.set()
        stopping.result(WAIT_S_MAX)
        assert not any(one.result(WAIT_S_MAX).replayed for one in first + rest)
    assert world.count("payment_order") == 4
    assert world.broken() == []


def test_providers_share_a_commit(world, started):
    """The books of each have their own."""
    held = Held(world.store)
    writer = started(held)
    mine = world.place()
    theirs = replace(mine, provider_id=2)
    with ThreadPoolExecutor(8) as pool:
        first = sent(pool, writer, world, [world.told("r0")])
        held.until_held()
        rest = sent(pool, writer, world, [world.told("r1")] * 2, theirs)
        rest += sent(pool, writer, world, [world.told("r1", amount=30)], mine)
        until(lambda: writer.waiting == 3)
        held.go.set()
        results = [one.result(WAIT_S_MAX) for one in first + rest]
    assert sorted(one.order.provider_id for one in results) == [1, 1, 2, 2]
    other = replace(world, provider_id=2)
    assert (world.balance(), other.balance()) == (-130, -100)
    assert world.broken() == other.broken() == []


def test_an_observer_is_told(world, started):
    told = []

    class Observer:
        def posted(self, payments, seconds):
            told.append((payments, seconds))

    times = iter(range(100))
    writer = started(world.store, observer=Observer(), clock=lambda: float(next(times)))
    writer.post(world.place(), world.told("r1"))
    assert told == [(1, 1.0)]
    assert writers.QUEUE_MAX >= BATCH_MAX


def test_writers_of_several_processes(postgres_url, tmp_path):
    """Three on one store, each with all payments in an order of its own: each is posted once."""
    store = migrated(postgres_url)
    world = payments_world.found(store)
    payments, processes = 400, 3
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes) as pool:
        told = [
            pool.apply_async(payment_writers.run, (postgres_url, chance, payments, 16))
            for chance in range(processes)
        ]
        found = [one.get(120) for one in told]
    references = {f"r{n}" for n in range(payments)}
    assert all(one.keys() == references for one in found)
    for reference in references:
        ids = {one[reference][0] for one in found}
        assert len(ids) == 1
        assert sum(one[reference][1] for one in found) == 1
    assert world.count("payment_order") == payments
    amounts = [payment_writers.target(n) for n in range(payments)]
    owed = [-sum(a for t, a in amounts if t == n) for n in range(1, 6)]
    assert [world.balance(n) for n in range(1, 6)] == owed
    assert world.broken() == []
    store.close()
