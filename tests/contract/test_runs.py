"""Runs on both stores: their states, what they issue, what they hold, and what they refuse."""

from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor

import pytest

from billcore.core.billing.runs import chunk, digest, drive, holds, runs
from billcore.core.billing.runs.errors import (
    HoldUnknown,
    ReasonMissing,
    RunBusy,
    RunFinished,
    RunOverlaps,
    RunStateUnfit,
    RunUnknown,
)
from billcore.core.billing.runs.states import Phase, State
from billcore.core.ledger import balances
from billcore.core.store import bills as bill_rows
from billcore.core.store import runs as rows
from tests import runs_world as at


@pytest.fixture
def world(books):
    return at.settle(books)


def bills(world):
    """Every bill: (account, opening, total)."""
    found = []
    with world.store.read() as reader:
        for month in bill_rows.months(reader, world.provider_id):
            lo, hi = world.account(1), world.account(world.accounts)
            columns = bill_rows.of_month(reader, month, lo, hi)
            told = (columns[name].tolist() for name in ("account_id", "opening", "total"))
            found += zip(*told, strict=True)
    return found


def test_a_run_goes_through_its_states(world):
    run_id = at.create(world, at.order(world))
    assert at.rated(world, run_id) is State.OUTSORTED
    assert bills(world) == []
    at.approved(world, run_id)
    assert at.frozen(world, run_id) is State.FROZEN
    with world.store.write() as session:
        runs.publish(world.act(session), run_id)
    found = at.view(world, run_id)
    assert [State(step.state).name for step in found.steps] == [
        "PLANNED", "RATED", "OUTSORTED", "APPROVED", "FROZEN", "PUBLISHED",
    ]  # fmt: skip
    assert len(bills(world)) == world.accounts
    rate, freeze = found.of(Phase.RATE, 0), found.of(Phase.FREEZE, 0)
    assert len(rate) == len(freeze) == 5
    assert digest.added([c.digest for c in rate]) == digest.added([c.digest for c in freeze])
    assert sum(c.total for c in freeze) == sum(total for _, _, total in bills(world)) > 0
    assert at.broken(world) == {}


def test_pools_that_break_while_they_start_a_worker(world):
    """Each is made anew: pipes that are closed just then raise this or that."""
    errors = [ValueError("bad value(s) in fds_to_keep"), OSError("handle is closed")]
    pools = []

    class Breaking(ThreadPoolExecutor):
        def submit(self, *what):
            if errors:
                raise errors.pop()
            return super().submit(*what)

    def pool():
        pools.append(Breaking(1))
        return pools[-1]

    run_id = at.create(world, at.order(world))
    assert at.rated(world, run_id, pool=pool) is State.OUTSORTED
    assert (errors, len(pools)) == ([], 3)
    assert len(at.view(world, run_id).of(Phase.RATE, 0)) == 5


def test_a_pool_that_never_tells_of_a_chunk(world, monkeypatch):
    """It broke while the chunk was submitted: it is asked, and made anew; a busy one is left be."""
    monkeypatch.setattr(drive, "LOOK_S", 0.001)
    pools, asked = [], []

    class Silent(ThreadPoolExecutor):
        def submit(self, act, *what):
            if act is int:
                asked.append(self)
            if self is not pools[0]:
                return super().submit(act, *what)
            if act is int:
                raise BrokenExecutor
            return Future()

    def pool():
        pools.append(Silent(1))
        return pools[-1]

    run_id = at.create(world, at.order(world))
    assert at.rated(world, run_id, pool=pool) is State.OUTSORTED
    assert (len(pools), asked.count(pools[0])) == (2, 1)
    assert len(at.view(world, run_id).of(Phase.RATE, 0)) == 5


def test_straight_through_is_the_same(world):
    simulated = at.create(world, at.order(world), simulated=True)
    at.rated(world, simulated)
    straight = at.create(world, at.order(world, straight=True, chunk_accounts=13))
    assert at.frozen(world, straight) is State.FROZEN
    one, other = at.view(world, simulated), at.view(world, straight)
    assert digest.added([c.digest for c in one.chunks]) == digest.added(
        [c.digest for c in other.chunks]
    )
    assert len(other.chunks) == 4
    assert len(bills(world)) == world.accounts
    assert at.broken(world) == {}


def test_a_payment_between_rating_and_freezing_is_counted_once(world):
    run_id = at.create(world, at.order(world))
    at.rated(world, run_id)
    at.approved(world, run_id)
    at.pay(world, 3, 5_000, at.day_of(1) + 2, "one")
    at.frozen(world, run_id)
    found = {account: opening for account, opening, _ in bills(world)}
    assert found[world.account(3)] == -5_000
    assert sum(found.values()) == -5_000
    assert at.broken(world) == {}


def test_periods_follow_each_other(world):
    at.whole(world, at.order(world))
    at.read(world, 3)
    at.whole(world, at.order(world, 2))
    at.whole(world, at.order(world, 3, straight=True))
    assert len(bills(world)) == 3 * world.accounts
    assert at.broken(world) == {}


def test_stragglers_are_billed_by_a_later_pass(books):
    world = at.settle(books, months=1)
    at.read(world, 1, without=(2, 11))
    run_id = at.whole(world, at.order(world, 1, straggler_day=at.day_of(2)))
    with world.store.read() as reader:
        everybody = 0, world.account(world.accounts)
        found = rows.exceptions(reader, world.provider_id, run_id, everybody, 100)
    assert [(e.account_id, e.rule) for e in found] == [
        (world.account(2), "NO_READING"), (world.account(11), "NO_READING"),
    ]  # fmt: skip
    assert len(bills(world)) == 38
    at.begin(world, run_id, Phase.FREEZE, at.day_of(1) + 15)
    at.driven(world, run_id)
    assert len(bills(world)) == 38
    at.read(world, 2, without=tuple(n for n in range(1, 41) if n != 2))
    at.begin(world, run_id, Phase.FREEZE, at.day_of(2))
    assert at.driven(world, run_id) is State.FROZEN
    assert len(bills(world)) == 39
    with world.store.read() as reader:
        found = rows.exceptions(reader, world.provider_id, run_id, everybody, 100)
    assert [e.account_id for e in found] == [world.account(11)]
    assert at.broken(world) == {}


def test_a_held_bill_waits_for_its_release(world):
    run_id = at.create(world, at.order(world))
    at.rated(world, run_id)
    with world.store.write() as session:
        holds.hold(world.act(session), run_id, world.account(7), "to be looked at")
        holds.hold(world.act(session), run_id, world.account(8), "too")
        holds.release(world.act(session), run_id, world.account(8), "seen")
        with pytest.raises(HoldUnknown):
            holds.release(world.act(session), run_id, world.account(8), "again")
    at.approved(world, run_id)
    at.frozen(world, run_id)
    assert len(bills(world)) == 39
    with world.store.read() as reader:
        (left,) = rows.exceptions(reader, world.provider_id, run_id, (0, world.account(40)), 100)
    assert (left.account_id, left.rule) == (world.account(7), "BY_HAND")
    with world.store.write() as session:
        holds.release(world.act(session), run_id, world.account(7), "it is right")
    at.begin(world, run_id, Phase.FREEZE)
    at.driven(world, run_id)
    assert len(bills(world)) == 40
    assert [c.refused for c in at.view(world, run_id).of(Phase.FREEZE, 1)] == [0] * 5
    assert at.broken(world) == {}


def test_a_reversed_run_restores_every_balance(world):
    at.pay(world, 5, 700, at.day_of(1), "before")
    run_id = at.whole(world, at.order(world))
    at.pay(world, 6, 900, at.day_of(1) + 9, "after")
    at.begin(world, run_id, Phase.REVERSE, at.day_of(1) + 10, "wrong tariff")
    assert at.driven(world, run_id) is State.REVERSED
    with world.store.read() as reader:
        found = {n: balances.balance(reader, world.account(n)) for n in range(1, 41)}
    assert {n: b for n, b in found.items() if b} == {5: -700, 6: -900}
    assert len(bills(world)) == 80
    assert at.broken(world) == {}
    again = at.whole(world, at.order(world))
    assert len(bills(world)) == 120
    with world.store.read() as reader:
        assert {h.version for h in bill_rows.headers(reader, world.account(1), 0, 9)} == {0, 1}
    assert at.broken(world) == {}
    assert again == run_id + 1


def test_an_account_with_a_later_bill_keeps_its_own(world):
    first = at.whole(world, at.order(world))
    at.whole(world, at.order(world, 2, last_account=world.account(2)))
    at.begin(world, first, Phase.REVERSE, at.day_of(2) + 10, "wrong")
    at.driven(world, first)
    assert len(bills(world)) == 40 + 2 + 38
    assert at.broken(world) == {}


def test_refusals(world):
    run_id = at.create(world, at.order(world))
    with pytest.raises(RunOverlaps):
        at.create(world, at.order(world, 2))
    with pytest.raises(RunStateUnfit, match="planned; to freeze it, it must be approved"):
        at.begin(world, run_id, Phase.FREEZE)
    with pytest.raises(RunFinished):
        at.driven(world, run_id)
    at.begin(world, run_id, Phase.RATE)
    with pytest.raises(RunBusy):
        at.begin(world, run_id, Phase.RATE)
    at.driven(world, run_id)
    with pytest.raises(RunStateUnfit):
        at.begin(world, run_id, Phase.RATE)
    with pytest.raises(RunUnknown), world.store.write() as session:
        runs.approve(world.act(session), run_id + 1, "")
    with pytest.raises(ReasonMissing), world.store.write() as session:
        runs.cancel(world.act(session), run_id, " ")
    with pytest.raises(ReasonMissing), world.store.write() as session:
        holds.hold(world.act(session), run_id, world.account(1), "")
    with world.store.write() as session:
        runs.cancel(world.act(session), run_id, "not now")
    with pytest.raises(RunStateUnfit):
        at.begin(world, run_id, Phase.FREEZE)
    at.whole(world, at.order(world, straight=True))
    assert at.broken(world) == {}


def test_what_is_billed_already_is_refused_alone(world):
    at.whole(world, at.order(world, last_account=world.account(3)))
    at.read(world, 3)
    issued = at.day_of(1) + 6
    run_id = at.whole(world, at.order(world, 3, issued_day=issued, straight=True))
    with world.store.read() as reader:
        found = rows.rules(reader, world.provider_id, run_id)
    assert found == [(rows.REFUSED, "BILL_EXISTS", 3)]
    assert at.broken(world) == {}


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE run_chunk SET bills = bills + 1 WHERE chunk = 2 AND phase = 2", "chunk says 9"),
        ("DELETE FROM run_chunk WHERE chunk = 1 AND phase = 2", "with 4 of 5 chunks"),
        ("UPDATE bill SET due_day = due_day + 1 WHERE account_id % 40 = 3", "digest"),
    ],
)
def test_a_run_that_was_tampered_with_is_found(world, damage, told):
    at.whole(world, at.order(world))
    with world.store.write() as session:
        assert session.run(damage) == 1
    (finding,) = at.broken(world)["runs_agree"]
    assert told in finding["message"]


def test_a_frozen_chunk_holds_nothing_back(world):
    """While others of its run are still to be frozen, what is issued is issued."""
    run_id = at.create(world, at.order(world))
    at.rated(world, run_id)
    at.approved(world, run_id)
    at.begin(world, run_id, Phase.FREEZE)
    with world.store.read() as reader:
        first = runs.tasks(reader, world.provider_id, run_id)[0]
    with world.store.write() as session:
        assert chunk.do(session, first, at.clock)
    with world.store.write() as session, pytest.raises(HoldUnknown, match="frozen already"):
        holds.hold(world.act(session), run_id, world.account(1), "too late")
    with world.store.write() as session:
        holds.hold(world.act(session), run_id, world.account(40), "in time")
    at.driven(world, run_id)
    assert len(bills(world)) == 39
    assert at.broken(world) == {}
