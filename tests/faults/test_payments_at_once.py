"""Two acts upon one payment at the same moment, on PostgreSQL: one of them is done, or both are."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from billcore.core.payments import reservations
from billcore.core.payments.codes import Code, State, TargetKind
from billcore.core.payments.intake.post import post
from billcore.core.payments.orders import orders
from billcore.core.payments.refusals import PaymentConflict
from billcore.core.payments.reservations import ReservationEnded
from billcore.core.payments.reversals import Asked, PaymentReversed, ReversalKind, reverse
from billcore.core.payments.splits import Act, Part, split
from billcore.core.payments.suspense import SuspenseSettled, transfer
from billcore.core.store import payments as rows
from billcore.core.store.errors import StoreConflict
from tests import payments_world
from tests.payments_world import NOW, TODAY, Acting
from tests.stores import migrated

AMID_S = 0.3
"""The second act begins and goes as far as it can while the first has not been committed."""


@pytest.fixture
def world(postgres_url):
    store = migrated(postgres_url)
    yield payments_world.found(store)
    store.close()


def at_once(world, first: Callable[[Acting], object], second: Callable[[], object]) -> Future:
    """Commits the first when the second has begun; what became of the second."""
    with ThreadPoolExecutor(1) as thread:
        with world.store.write() as session:
            first(Acting(session, world.caller, NOW))
            other = thread.submit(second)
            threading.Event().wait(AMID_S)
        other.exception(60)
    return other


def test_two_transfers_of_one_item(world):
    """60 of 100, twice: the second sees what the first left."""
    (order,) = world.post(world.told("r1", "nobody", taken=True)).all()
    row = world.write(lambda write: account(world, write, 1))

    def first(write):
        transfer(write, order.payment_id, row, 60, "found", "t1")

    other = at_once(world, first, lambda: world.transfer(order.payment_id, 2, 60, "t2"))
    assert isinstance(other.exception(), SuspenseSettled)
    assert [world.balance(n) for n in (1, 2)] == [-60, 0]
    assert world.broken() == []


def account(world, write, number):
    from billcore.core.accounts import things
    from billcore.core.accounts.accounts import ACCOUNTS

    return things.get(write.session, 1, ACCOUNTS, world.account(number))


@pytest.mark.parametrize("amount", [40, 0])
def test_a_reversal_beside_a_transfer(world, amount):
    """Whichever is first: no money is given back that an account has kept."""
    for name in ("r1", "r2"):
        world.post(world.told(name, "nobody", taken=True))
    ids = {name: world.status(name).order.payment_id for name in ("r1", "r2")}
    row = world.write(lambda write: account(world, write, 1))
    other = at_once(
        world,
        lambda write: transfer(write, ids["r1"], row, amount, "found", "t1"),
        lambda: world.reverse("v1", "r1"),
    )
    other.result()
    asked = Asked("v2", "r2", ReversalKind.CANCELLED, "by mistake")
    place = world.place()
    other = at_once(
        world,
        lambda write: reverse(write, place, asked, TODAY),
        lambda: world.transfer(ids["r2"], 2, amount, "t2"),
    )
    assert isinstance(other.exception(), SuspenseSettled)
    assert [world.balance(n) for n in (1, 2)] == [0, 0]
    assert world.trial() == {}
    assert world.broken() == []


@pytest.mark.parametrize("same", [True, False])
def test_two_reversals_of_one_payment(world, same):
    """Under one reference the second is answered, under another it is refused."""
    world.post(world.told("r1"))
    asked = Asked("v1", "r1", ReversalKind.CANCELLED, "by mistake")
    place = world.place()
    other = at_once(
        world,
        lambda write: reverse(write, place, asked, TODAY),
        lambda: world.reverse("v1" if same else "v2", "r1"),
    )
    if same:
        assert other.result().replayed
    else:
        assert isinstance(other.exception(), PaymentReversed)
    assert world.balance() == 0
    assert world.broken() == []


def test_a_confirmation_beside_a_release(world):
    for name in ("r1", "r2"):
        world.reserve(world.told(name))
    place = world.place()
    other = at_once(
        world,
        lambda write: reservations.release(write, place, "r1"),
        lambda: world.confirm("r1"),
    )
    assert isinstance(other.exception(), ReservationEnded)
    other = at_once(
        world,
        lambda write: reservations.confirm(write, place, "r2", taken=False, paid_at=0),
        lambda: world.release("r2"),
    )
    assert isinstance(other.exception(), ReservationEnded)
    assert world.balance() == -100
    assert [world.status(name).state for name in ("r1", "r2")] == [State.RELEASED, State.POSTED]
    assert world.broken() == []


def test_two_confirmations(world):
    world.reserve(world.told("r1"))
    place = world.place()
    other = at_once(
        world,
        lambda write: reservations.confirm(write, place, "r1", taken=False, paid_at=0),
        lambda: world.confirm("r1"),
    )
    assert other.result().replayed
    assert world.balance() == -100
    assert world.broken() == []


def test_two_reservations(world):
    place, told = world.place(), world.told("r1")
    other = at_once(
        world,
        lambda write: reservations.reserve(write, place, told, 0),
        lambda: world.reserve(told),
    )
    assert other.result().replayed
    other = at_once(
        world,
        lambda write: reservations.reserve(write, place, told._replace(reference="r2"), 0),
        lambda: world.reserve(told._replace(reference="r2", amount=99)),
    )
    assert isinstance(other.exception(), PaymentConflict)


def test_another_payment_beside_a_reservation(world):
    """Neither sees the other; then what was reserved is not what is confirmed."""
    place = world.place()
    other = at_once(
        world,
        lambda write: reservations.reserve(write, place, world.told("r1"), 0),
        lambda: world.post(world.told("r1", amount=30)),
    )
    assert other.result().code.tolist() == [Code.OK]
    with pytest.raises(PaymentConflict):
        world.confirm("r1")
    with pytest.raises(ReservationEnded):
        world.release("r1")
    assert world.post(world.told("r1", amount=30)).code.tolist() == [Code.OK_REPLAYED]
    assert world.balance() == -30
    assert world.broken() == []


@pytest.mark.parametrize("skew", [0, 1], ids=["same_time", "later"])
@pytest.mark.parametrize("second", ["same", "amount", "account", "nobody", "known"])
def test_one_reference_posted_twice(world, second, skew):
    """The times of recording may be the same, as where one machine's clock is ahead."""
    first = world.told("r1", "nobody" if second == "known" else 1, taken=True)
    other_told = {
        "same": first,
        "amount": first._replace(amount=99),
        "account": first._replace(target="N2"),
        "nobody": first._replace(target="nobody"),
        "known": first._replace(target="N1"),
    }[second]
    intake = world.intake()
    other = at_once(
        world,
        lambda write: post(write.session, intake, orders([first])),
        lambda: world.at(skew).post(other_told, world.told("r2", 3)),
    )
    error = other.exception()
    if error is None:
        wanted = Code.OK_REPLAYED if second == "same" else Code.CONFLICT
        assert other.result().code.tolist() == [wanted, Code.OK]
    else:
        assert isinstance(error, StoreConflict)  # the writer does it again
    again = world.post(other_told)
    assert again.code.tolist() == [Code.OK_REPLAYED if second == "same" else Code.CONFLICT]
    assert [world.balance(n) for n in (1, 2)] == [0 if second == "known" else -100, 0]
    assert world.broken() == []


def test_a_payment_beside_an_act_of_its_reference(world):
    """Recorded at the same time, too: the payment is not taken for the act's."""
    place = world.place()
    act = Act("r1", (Part(place, TargetKind.ACCOUNT, "N1", 100),), taken=False)
    other = at_once(
        world,
        lambda write: split(write, place, act),
        lambda: world.post(world.told("r1", 2)),
    )
    assert other.result().code.tolist() == [Code.CONFLICT]
    assert [world.balance(n) for n in (1, 2)] == [-100, 0]
    assert world.broken() == []


@pytest.fixture
def between(world, monkeypatch):
    """Lets something be committed just before the next look for an order."""

    def let(act: Callable[[], object]) -> None:
        acts, look = [act], rows.one

        def looked(*key):
            if acts:
                with ThreadPoolExecutor(1) as thread:
                    thread.submit(acts.pop()).result(60)
            return look(*key)

        monkeypatch.setattr(rows, "one", looked)

    return let


@pytest.mark.parametrize("same", [True, False])
def test_a_reversal_between_two_looks(world, between, same):
    """The same reversal is answered, whenever the other was committed."""
    world.post(world.told("r1"))
    between(lambda: world.reverse("v1", "r1"))
    if same:
        assert world.reverse("v1", "r1").replayed
    else:
        with pytest.raises(PaymentReversed):
            world.reverse("v2", "r1")
    assert world.balance() == 0
    assert world.broken() == []


def test_a_confirmed_reservation_between_two_looks(world, between):
    def both():
        world.reserve(world.told("r1"))
        world.confirm("r1")

    between(both)
    assert world.reserve(world.told("r1")).replayed
    assert world.balance() == -100
    assert world.broken() == []
