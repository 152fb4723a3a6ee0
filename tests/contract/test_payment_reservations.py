"""Two phases on both stores: reserved, then confirmed, released or expired; never guessed."""

import pytest

from billcore.core.payments.codes import Code, State
from billcore.core.payments.refusals import (
    AccountClosed,
    AmountHigh,
    AmountLow,
    PaymentConflict,
    PaymentInvalid,
    PaymentUnknown,
    TargetUnknown,
)
from billcore.core.payments.reservations import ReservationEnded
from billcore.core.store import payments as rows
from tests import payments_world
from tests.payments_world import DAY, NOW, SECOND, TODAY


@pytest.fixture
def world(books):
    return payments_world.found(books)


def reserved(world, count=1):
    """What is announced of an account."""
    with world.store.read() as reader:
        return rows.reserved(reader, world.account(count), State.RESERVED, world.now)


def test_reserved_is_not_posted(world):
    done = world.reserve(world.told("r1", amount=120))
    assert not done.replayed
    assert done.row.account_id == world.account(1)
    assert done.row.expires_at == NOW + 900 * SECOND
    assert world.balance() == 0
    assert world.count("payment_order") == world.count("entry") == 0
    assert reserved(world) == 120
    found = world.status("r1")
    assert (found.state, found.order, found.reservation) == (State.RESERVED, None, done.row)
    assert world.broken() == []


def test_confirmed_is_posted(world):
    world.reserve(world.told("r1", amount=120, fee=5, terminal_no=1))
    done = world.confirm("r1", paid_at=NOW - 2 * DAY)
    order = done.order
    assert not done.replayed
    assert (order.state, order.amount, order.fee, order.terminal_no, order.day) == (
        State.POSTED, 120, 5, 1, TODAY - 2
    )  # fmt: skip
    assert world.balance() == -120
    assert reserved(world) == 0
    assert world.status("r1").state == State.POSTED
    assert world.broken() == []


def test_confirmed_again_has_the_first_answer(world):
    world.reserve(world.told("r1"))
    first = world.confirm("r1")
    again = world.at(100_000).confirm("r1")
    assert again.replayed
    assert again.order == first.order
    assert world.balance() == -100
    assert world.broken() == []


def test_a_confirmed_payment_is_a_payment_like_others(world):
    """It is answered to who posts it, and reversed, by its reference."""
    world.reserve(world.told("r1"))
    world.confirm("r1")
    posted = world.post(world.told("r1"), world.told("r1", amount=99))
    assert posted.code.tolist() == [Code.OK_REPLAYED, Code.CONFLICT]
    world.reverse("v1", "r1")
    assert world.balance() == 0
    assert world.broken() == []


def test_reserved_again_has_the_first_answer(world):
    first = world.reserve(world.told("r1"), 60)
    again = world.at(30).reserve(world.told("r1"), 90)
    assert again.replayed
    assert again.row == first.row
    world.release("r1")
    assert world.reserve(world.told("r1")).replayed  # it does not come back to life
    assert world.status("r1").state == State.RELEASED


@pytest.mark.parametrize(
    ("field", "value"), [("amount", 99), ("target", "N2"), ("fee", 3), ("terminal_no", 1)]
)
def test_another_reservation_under_the_reference_is_refused(world, field, value):
    told = world.told("r1")
    first = world.reserve(told)
    with pytest.raises(PaymentConflict) as caught:
        world.reserve(told._replace(**{field: value}))
    assert caught.value.fields["differs"] == field
    assert world.status("r1").reservation == first.row


def test_what_is_posted_is_not_reserved(world):
    world.post(world.told("r1"))
    with pytest.raises(PaymentConflict):
        world.reserve(world.told("r1"))
    assert world.count("reservation") == 0


def test_released_is_not_posted(world):
    world.reserve(world.told("r1"))
    assert world.release("r1") is State.RELEASED
    assert world.release("r1") is State.RELEASED
    with pytest.raises(ReservationEnded, match="released"):
        world.confirm("r1")
    assert world.balance() == reserved(world) == 0
    assert world.status("r1").state == State.RELEASED
    assert world.broken() == []


@pytest.mark.parametrize(("seconds", "last"), [(0, 899), (60, 59)])
def test_a_reservation_ends_by_itself(world, seconds, last):
    world.reserve(world.told("r1"), seconds)
    assert world.at(last).status("r1").state == State.RESERVED
    late = world.at(last + 1)
    assert late.status("r1").state == State.EXPIRED
    assert reserved(late) == 0
    with pytest.raises(ReservationEnded, match="expired"):
        late.confirm("r1")
    assert late.release("r1") is State.EXPIRED
    assert late.status("r1").state == State.EXPIRED
    world.at(last).confirm("r1")  # by the clock of another server it is still time
    assert world.broken() == []


@pytest.mark.parametrize("ended", ["released", "expired"])
def test_money_that_was_taken_is_posted_anyhow(world, ended):
    world.reserve(world.told("r1"))
    if ended == "released":
        world.release("r1")
    late = world.at(1000)
    assert late.confirm("r1", taken=True).order.state == State.POSTED
    assert late.balance() == -100
    assert late.status("r1").state == State.POSTED
    assert late.broken() == []


def test_what_is_confirmed_is_not_released(world):
    world.reserve(world.told("r1"))
    world.confirm("r1")
    with pytest.raises(ReservationEnded, match="posted"):
        world.release("r1")
    assert world.balance() == -100


def test_what_was_posted_meanwhile_is_not_released(world):
    """The channel posted the reference at once: the reservation is that payment now."""
    world.reserve(world.told("r1"))
    world.post(world.told("r1"))
    with pytest.raises(ReservationEnded, match="posted"):
        world.release("r1")
    assert world.status("r1").state == State.POSTED
    assert reserved(world) == 0
    assert world.confirm("r1").replayed
    assert world.balance() == -100
    assert world.broken() == []


@pytest.mark.parametrize(("field", "value"), [("amount", 50), ("target", "N2"), ("fee", 3)])
def test_another_payment_under_a_reserved_reference_is_refused(world, field, value):
    """Else what is confirmed would not be what was reserved."""
    told = world.told("r1")
    world.reserve(told)
    changed = told._replace(**{field: value})
    posted = world.post(changed, world.told("r2", 3))
    assert posted.code.tolist() == [Code.CONFLICT, Code.OK]
    assert posted.error(0).fields["differs"] == field
    assert world.post(changed._replace(taken=True)).code.tolist() == [Code.CONFLICT]
    assert world.confirm("r1").order.amount == 100
    assert world.balance() == -100
    assert world.broken() == []


def test_what_is_unknown_is_neither_confirmed_nor_released(world):
    world.post(world.told("r2"))
    for reference in ("r1", "r2"):
        with pytest.raises(PaymentUnknown):
            world.confirm(reference)
        with pytest.raises(PaymentUnknown):
            world.release(reference)
    assert world.balance() == -100


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"amount": 9}, AmountLow),
        ({"amount": 1_000_001}, AmountHigh),
        ({"amount": 0}, PaymentInvalid),
        ({"target": "nobody"}, TargetUnknown),
        ({"reference": ""}, PaymentInvalid),
    ],
)
@pytest.mark.parametrize("taken", [False, True])
def test_what_would_be_refused_is_not_reserved(world, change, kind, taken):
    with pytest.raises(kind):
        world.reserve(world.told("r1", taken=taken)._replace(**change))
    assert world.count("reservation") == 0


@pytest.mark.parametrize("seconds", [-1, 901])
def test_a_reservation_is_no_longer_than_the_channels(world, seconds):
    with pytest.raises(PaymentInvalid, match="900"):
        world.reserve(world.told("r1"), seconds)
    assert world.count("reservation") == 0


@pytest.mark.parametrize("paid_at", [NOW - 61 * DAY, NOW + DAY])
def test_a_refused_confirmation_changes_nothing(world, paid_at):
    world.reserve(world.told("r1"))
    with pytest.raises(PaymentInvalid):
        world.confirm("r1", paid_at=paid_at)
    assert world.status("r1").state == State.RESERVED
    assert world.confirm("r1").order.state == State.POSTED
    assert world.broken() == []


def test_an_account_that_is_closed_meanwhile(world):
    """What was checked when it was reserved is not checked again: the money waits in suspense."""
    world.reserve(world.told("r1"))
    with world.store.write() as session:
        session.run("UPDATE account SET closed_day = 2")
    order = world.confirm("r1").order
    assert (order.state, order.code) == (State.SUSPENDED, Code.ACCOUNT_CLOSED)
    assert world.status("r1").state == State.SUSPENDED
    with pytest.raises(AccountClosed):
        world.reserve(world.told("r2"))
    assert world.broken() == []
