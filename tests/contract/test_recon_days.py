"""Breaks are treated and decided, days are closed and opened again, on both stores."""

import pytest

from billcore.core.payments.codes import State
from billcore.core.reconciliation import closing
from billcore.core.reconciliation.breaks import BreakKind, Owner
from billcore.core.reconciliation.computing import BreakState, DayState, Decision
from billcore.core.reconciliation.errors import (
    BreakUnknown,
    DayUnfit,
    DayUnknown,
    ReconciliationFieldInvalid,
)
from tests.payments_world import DAY, SECOND, TODAY
from tests.recon_world import found, midnight


@pytest.fixture
def world(books):
    return found(books)


def test_late_money_is_posted_with_the_time_of_the_channel(world):
    """To the account, or to suspense where nobody knows it; the same again changes nothing."""
    world.report("a.csv", ("r1", 100, "N1", 5_000), ("r2", 50, "nobody", 6_000))
    world.match()
    done = world.treat()
    assert (done.posted, done.reversed, done.refused_count) == (2, 0, 0)
    order = world.status("r1").order
    assert order.paid_at == midnight() + 5_000 * SECOND
    assert (order.day, order.state, order.amount) == (TODAY, State.POSTED, 100)
    assert world.balance() == -100
    assert world.trial()["suspense"] == -50
    assert world.treat().posted == 0
    made = world.match()
    assert (made.row.matched_count, made.row.break_count) == (2, 0)
    assert made.row.ledger_amount == made.row.report_amount == 150
    assert world.broken() == []


def test_a_payment_that_the_channel_took_back_is_reversed(world):
    world.pay("r1", 100)
    world.report("a.csv", ("r1", 100), ("r1", -100))
    assert world.breaks() == {"r1": BreakKind.REVERSED_BY_CHANNEL}
    assert world.treat().reversed == 1
    assert world.balance() == 0
    assert world.status("r1").state == State.REVERSED
    made = world.match()
    assert (made.row.ledger_amount, made.row.break_count, made.row.matched_count) == (0, 0, 2)
    assert world.treat().reversed == 0
    assert world.broken() == []


def test_a_payment_that_came_late_and_was_taken_back(world):
    """Both, in this order."""
    world.report("a.csv", ("r1", -100), ("r1", 100))
    world.match()
    done = world.treat()
    assert (done.posted, done.reversed) == (1, 1)
    assert world.breaks() == {}
    assert world.broken() == []


def test_what_cannot_be_treated_stays_and_says_why(world):
    """A line older than the channel may tell; a reversal of what nobody paid."""
    old = TODAY - 61
    world.report("a.csv", ("r1", 100, "N1", -61 * 86_400), ("r2", -5, "N1", -61 * 86_400), day=old)
    world.match(old)
    done = world.treat(old)
    assert (done.posted, done.reversed, done.refused_count) == (0, 0, 2)
    assert [one.reason for one in done.refused] == ["PAYMENT_INVALID", "PAYMENT_UNKNOWN"]
    assert len(world.breaks(old)) == 2
    assert world.broken() == []


def test_a_day_is_closed_when_everything_is_explained(world):
    with pytest.raises(DayUnknown):
        world.close()
    world.pay("r1", 100)
    world.pay("ours", 30)
    world.report("a.csv", ("r1", 100), ("theirs", 40))
    world.match()
    with pytest.raises(DayUnfit, match="1 open LATE_ARRIVING"):
        world.close()
    world.treat()
    with pytest.raises(DayUnfit, match="match it again"):
        world.close()
    world.match()
    closed = world.close()
    assert closed.state == DayState.CLOSED
    assert (closed.ledger_amount, closed.report_amount, closed.break_amount) == (170, 140, 30)
    assert world.close() == closed
    assert world.events("day.closed") == 1
    assert world.broken() == []


def test_a_closed_day_is_opened_again_by_a_word_alone(world):
    world.pay("r1", 100)
    world.report("a.csv", ("r1", 100))
    world.match()
    world.close()
    with pytest.raises(DayUnfit, match="it agrees"):
        world.match()
    world.report("b.csv", ("r2", 5))
    with pytest.raises(DayUnfit, match="otherwise"):
        world.match()
    with pytest.raises(ReconciliationFieldInvalid):
        world.reopen("")
    assert world.reopen().state == DayState.OPEN
    assert world.reopen().state == DayState.OPEN
    assert world.events("day.reopened") == 1
    assert world.breaks() == {"r2": BreakKind.LATE_ARRIVING}
    assert world.broken() == []


def test_a_late_payment_of_ours_is_seen_by_a_closed_day(world):
    """Nobody tells the day; whoever looks is told that it would match otherwise."""
    world.report("a.csv", day=TODAY)
    world.match()
    world.close()
    world.pay("r1", 10)
    with pytest.raises(DayUnfit, match="otherwise"):
        world.match()
    with world.store.read() as reader:
        assert closing.rows.day(reader, (1, 1), TODAY).stale == 1


def test_a_day_without_a_report_is_closed_when_somebody_accepts_that(world):
    world.pay("r1", 10)
    later = TODAY + 2
    world.match(today=later)
    with pytest.raises(DayUnfit, match="no report"):
        world.close(today=later)
    world.decide("", Decision.ACCEPT, "the kiosk was shut")
    assert world.close(today=later).break_amount == 10
    assert world.broken() == []


def test_decisions(world):
    """They last while the break is the same; what was moved cannot be accepted."""
    world.pay("r1", 100)
    world.pay("r2", 10)
    world.report("a.csv", ("r1", 90), ("r2", 10), ("r3", 5))
    world.match()
    with pytest.raises(DayUnfit, match="treat it"):
        world.decide("r3", Decision.ACCEPT)
    with pytest.raises(ReconciliationFieldInvalid):
        world.decide("r1", Decision.ACCEPT, "")
    with pytest.raises(BreakUnknown):
        world.write(lambda write: closing.decide(write, "kiosk", TODAY, 5, Decision.ACCEPT, "seen"))
    for _ in range(2):
        assert world.decide("r1", Decision.ACCEPT).state == BreakState.ACCEPTED
    assert world.events("break.accepted") == 1
    states = dict.fromkeys((0, 1), None)
    for attempt in states:
        made = world.at(attempt).match()
        at = made.breaks["reference"].to_pylist().index("r1")
        assert made.breaks["state"][at] == BreakState.ACCEPTED
    assert world.decide("r1", Decision.REOPEN).state == BreakState.OPEN
    world.decide("r1", Decision.ACCEPT)
    world.report("a.csv", ("r1", 91), ("r2", 10), ("r3", 5), replaces=True)
    made = world.match()
    at = made.breaks["reference"].to_pylist().index("r1")
    assert made.breaks["state"][at] == BreakState.OPEN  # it is another difference now
    with world.store.read() as reader:
        told = closing.rows.decisions_of(reader, 1, int(made.breaks["break_id"][at]))
    assert [one.decision for one in told] == [1, 2, 1]
    assert [one.difference for one in told] == [10, 10, 10]
    assert world.broken() == []


def test_open_breaks_have_owner_age_and_sum(world):
    world.pay("r1", 100)
    world.pay("r2", 30)
    world.report("a.csv", ("r3", 5), ("r4", 6))
    world.match(today=TODAY + 2)
    with world.store.read() as reader:
        made = closing.groups(reader, 1, world.now + 6 * DAY)
    assert made == [
        closing.Group(1, BreakKind.LATE_ARRIVING, Owner.PAYMENTS, 5, 2, -11),
        closing.Group(1, BreakKind.NOT_IN_REPORT, Owner.PAYMENTS, 5, 2, 130),
    ]
