"""Lists of a channel's payments on both stores: whole, in order, while payments are added."""

import pytest

from billcore.core.payments import lists
from billcore.core.payments.codes import TargetKind
from billcore.core.payments.lists import SPAN_DAYS_MAX
from billcore.core.payments.refusals import PaymentInvalid
from billcore.core.payments.splits import Act, Part, split
from billcore.core.store.payment_lists import Cursor
from tests import payments_world
from tests.payments_world import DAY, NOW, SECOND, TODAY

MIDNIGHT = NOW - NOW % DAY - 12_600 * SECOND
"""The day of NOW begins in Teheran, three and a half hours before UTC."""


@pytest.fixture
def world(books):
    return payments_world.found(books)


def page(world, paid_from, paid_until, behind=None, size=2, channel="kiosk"):
    span = lists.span(world.place(channel), paid_from, paid_until)
    with world.store.read() as reader:
        return lists.page(reader, span, behind or Cursor(), size)


def listed(world, paid_from=NOW - 3 * DAY, paid_until=NOW + DAY, size=2, between=lambda: None):
    """The references that all pages tell; between: done after each of them. And the last page."""
    told, behind = [], Cursor()
    while behind is not None:
        found = page(world, paid_from, paid_until, behind, size)
        assert len(found.payments) <= size
        told += [one.order.reference for one in found.payments]
        behind = found.behind
        between()
    return told, found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_every_payment_is_told_once_in_the_order_in_which_it_was_kept(world, size):
    """By day, then as kept; references of one commit in their order; other channels' not."""
    for seconds, references in ((0, "zb"), (1, "a"), (2, "ycd")):
        world.at(seconds).post(*(world.told(one, amount=10 + seconds) for one in references))
    world.at(3).post(world.told("early", paid_at=NOW - DAY))
    world.at(3).post(world.told("other", channel_no=2))
    told, last = listed(world, size=size)
    assert told == ["early", "b", "z", "a", "c", "d", "y"]
    assert (last.count, last.amount) == (7, 100 + 2 * 10 + 11 + 3 * 12)


def test_payments_that_are_added_meanwhile_are_told(world):
    """Whatever their references: what is kept later stands behind the cursor."""
    later = iter(range(1, 7))
    world.post(*(world.told(f"m{n}") for n in range(5)))

    def add():
        if (n := next(later, None)) is not None:
            world.at(n).post(world.told(f"{'az'[n % 2]}{n}"))

    told, last = listed(world, between=add)
    assert told == ["m0", "m1", "m2", "m3", "m4", "z1", "a2", "z3"]
    assert last.count == len(told)


def test_what_was_kept_behind_the_cursor_shows_in_the_totals(world):
    """A payment of an earlier day is missed by a list that has passed that day, and it says so."""
    world.post(world.told("old", paid_at=NOW - DAY), world.told("new"), world.told("newer"))
    late = iter([world.told("late", paid_at=NOW - 2 * DAY)])
    told, last = listed(world, between=lambda: [world.at(9).post(one) for one in late])
    assert (told, last.count) == (["old", "new", "newer"], 4)
    told, last = listed(world)
    assert (told, last.count, last.amount) == (["late", "old", "new", "newer"], 4, 400)


@pytest.mark.parametrize(
    ("paid_at", "inside"),
    [
        (MIDNIGHT - 1, False),
        (MIDNIGHT, True),
        (MIDNIGHT + DAY // 2, True),
        (MIDNIGHT - DAY // 2, False),
    ],
)
def test_a_span_is_from_a_time_until_another(world, paid_at, inside):
    """The first moment is inside, the last is not, whatever the provider's day is."""
    world.post(world.told("r", paid_at=paid_at))
    for first, end, expected in (
        (MIDNIGHT, MIDNIGHT + DAY, inside),
        (paid_at, paid_at + 1, True),
        (paid_at - 1, paid_at, False),
        (paid_at + 1, paid_at + DAY, False),
    ):
        told, last = listed(world, first, end)
        assert (told == ["r"], last.count, last.amount) == (expected, expected, 100 * expected)


def test_a_payment_that_told_no_time_was_paid_when_it_was_kept(world):
    """Also when the wait for its turn took it into the next day, past its effective day."""
    (order,) = world.post(world.told("r")).all()
    assert listed(world, order.recorded_at, order.recorded_at + 1)[0] == ["r"]
    assert listed(world, order.recorded_at + 1, NOW + DAY)[0] == []
    with world.store.write() as session:
        session.run("UPDATE payment_order SET day = day - 1 WHERE reference = 'r'")
    assert listed(world, order.recorded_at, order.recorded_at + 1)[0] == ["r"]


def test_what_became_of_a_payment_stands_with_it(world):
    world.post(world.told("kept"), world.told("undone"), world.told("lost", "nobody", taken=True))
    world.reverse("u1", "undone")
    where = world.place()
    parts = tuple(Part(where, TargetKind.ACCOUNT, f"N{n}", 10 * n) for n in (1, 2))
    world.at(5).write(lambda write: split(write, where, Act("both", parts, False)))
    found = page(world, NOW - DAY, NOW + DAY, size=10)
    told = {one.order.reference: one for one in found.payments}
    assert list(told) == ["kept", "lost", "undone", "both"]
    assert [told[name].reversal is None for name in told] == [True, True, False, True]
    assert told["undone"].reversal.reference == "u1"
    assert [(part.target, part.amount) for part in told["both"].parts] == [("N1", 10), ("N2", 20)]
    assert told["lost"].order.account_id == 0
    assert (found.count, found.amount) == (4, 330)


@pytest.mark.parametrize(
    ("first", "end", "field"),
    [
        (0, NOW, "paid_from"),
        (-1, NOW, "paid_from"),
        (2**63 - 1, 2**63 - 1, "paid_from"),
        (NOW, NOW, "paid_until"),
        (NOW, NOW - 1, "paid_until"),
        (NOW, NOW + SPAN_DAYS_MAX * DAY + 1, "paid_until"),
    ],
)
def test_spans_that_are_refused(world, first, end, field):
    with pytest.raises(PaymentInvalid) as caught:
        lists.span(world.place(), first, end)
    assert caught.value.fields["field"] == field


def test_the_longest_span(world):
    world.post(world.told("r"))
    first = NOW - SPAN_DAYS_MAX * DAY + 1
    assert listed(world, first, first + SPAN_DAYS_MAX * DAY)[0] == ["r"]
    assert page(world, first, first + 1).count == 0


def test_the_days_of_a_span_are_the_provider_s(world):
    assert lists.span(world.place(), MIDNIGHT, MIDNIGHT + DAY).last_day == TODAY
    assert lists.span(world.place(), MIDNIGHT - 1, MIDNIGHT).last_day == TODAY - 1
