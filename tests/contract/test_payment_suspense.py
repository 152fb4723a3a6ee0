"""Suspense on both stores: money that is nobody's is listed, moved, and never twice."""

import pytest

from billcore.core.accounts.errors import ProviderNeeded
from billcore.core.billing.items import account_items
from billcore.core.caller import Caller
from billcore.core.ledger import balances
from billcore.core.ledger.errors import EntryExists
from billcore.core.payments.codes import Code, State
from billcore.core.payments.refusals import PaymentInvalid
from billcore.core.payments.suspense import SuspenseSettled, SuspenseUnknown, transfer
from billcore.core.store import payments as rows
from tests import payments_world
from tests.payments_world import DAY, NOW, TODAY, Acting


@pytest.fixture
def world(books):
    return payments_world.found(books)


@pytest.fixture
def lost(world):
    """A payment of 100 in suspense, paid two days ago."""
    told = world.told("r1", "nobody", taken=True, paid_at=NOW - 2 * DAY)
    return world.post(told).all()[0].payment_id


def listed(world, settled=False, after=(0, 0), most=100):
    with world.store.read() as reader:
        return rows.suspended(reader, world.provider_id, settled, after, most)


def test_all_of_it_is_moved(world, lost):
    world.owe(300)
    item = world.transfer(lost, 1)
    assert (item.amount, item.open) == (100, 0)
    assert world.balance() == 200
    assert world.trial() == {"adjustment": -300, "receivable": 200, "channel_clearing:kiosk": 100}
    with world.store.read() as reader:  # from the day on which the payer paid
        days = [balances.balance(reader, world.account(1), TODAY - ago) for ago in (3, 2)]
    assert days == [0, -100]
    assert world.status("r1").state == State.TRANSFERRED
    assert listed(world) == []
    assert listed(world, settled=True) == [item]
    assert world.broken() == []


@pytest.mark.parametrize(
    ("direction", "left"), [("", [(50, 50), (80, 30)]), ("bill:{}", [(80, 80), (50, 0)])]
)
def test_it_pays_by_the_providers_policy_and_first_what_its_payer_said(world, direction, left):
    """Here the newest first."""
    newest = '{"name": "newest", "kind": "current_first"}'
    world.allocate(f'{{"default": "newest", "strategies": [{newest}]}}')
    bill = world.bill(50, TODAY - 60)
    world.bill(80, TODAY - 20, ordinal=1)
    told = world.told("r1", "nobody", amount=50, taken=True, direction=direction.format(bill))
    world.transfer(world.post(told).all()[0].payment_id, 1)
    with world.store.read() as reader:
        items = account_items(reader, world.account(1)).open()
    wanted = [(amount, still) for amount, still in sorted(left) if still]
    assert sorted((item.document.amount, item.open) for item in items) == wanted


def test_it_is_moved_in_parts(world, lost):
    assert world.transfer(lost, 1, 30, "t1").open == 70
    assert world.status("r1").state == State.SUSPENDED
    assert world.trial()["suspense"] == -70
    assert world.transfer(lost, 2, 30, "t2").open == 40
    assert world.transfer(lost, 1, 0, "t3").open == 0
    moves = world.status("r1").moves
    assert [(move.move_no, move.amount) for move in moves] == [(1, 30), (2, 30), (3, 40)]
    assert [world.balance(n) for n in (1, 2)] == [-70, -30]
    assert "suspense" not in world.trial()
    assert world.broken() == []


@pytest.mark.parametrize(
    ("amount", "kind"), [(101, SuspenseSettled), (-1, PaymentInvalid), (-(2**40), PaymentInvalid)]
)
def test_no_more_is_moved_than_there_is(world, lost, amount, kind):
    with pytest.raises(kind):
        world.transfer(lost, 1, amount)
    assert world.count("suspense_move") == 0
    assert world.balance() == 0
    world.transfer(lost, 1, 60, "t1")
    with pytest.raises(SuspenseSettled, match="40"):
        world.transfer(lost, 1, 41, "t2")
    world.transfer(lost, 1, 40, "t2")
    for asked in (0, 1):
        with pytest.raises(SuspenseSettled):
            world.transfer(lost, 1, asked, f"late {asked}")
    assert world.balance() == -100
    assert world.broken() == []


def test_a_source_moves_once(world, lost):
    world.transfer(lost, 1, 30, "t1")
    with pytest.raises(EntryExists):
        world.transfer(lost, 1, 30, "t1")
    assert world.balance() == -30
    assert world.broken() == []


def test_what_is_not_in_suspense(world, lost):
    (posted,) = world.post(world.told("r2")).all()
    for payment_id in (1, posted.payment_id):
        with pytest.raises(SuspenseUnknown, match=str(payment_id)):
            world.transfer(payment_id, 1)


def test_the_house_moves_no_providers_money(world, lost):
    caller = Caller(1, 0, frozenset())
    with world.store.write() as session, pytest.raises(ProviderNeeded):
        transfer(Acting(session, caller, NOW), lost, None, 0, "r", "t1")


def test_items_are_listed_in_pages(world):
    for second in range(4):
        later = world.at(second)
        later.post(*(later.told(f"r{second}{n}", "nobody", taken=True) for n in range(3)))
    everything = listed(world)
    assert len(everything) == 12
    keys = [(item.recorded_at, item.payment_id) for item in everything]
    assert keys == sorted(keys)
    found, after = [], (0, 0)
    while page := listed(world, after=after, most=5):
        found += page
        after = page[-1].recorded_at, page[-1].payment_id
    assert found == everything
    world.transfer(everything[5].payment_id, 1)
    assert listed(world) == everything[:5] + everything[6:]
    with world.store.read() as reader:
        assert rows.open_by_ledger(reader, 1) == {"suspense": 1100}
    assert world.broken() == []


@pytest.mark.parametrize("target", ["nobody", "N1 ", "n1", "۱"])
def test_the_worklist_keeps_what_was_said(world, target):
    (order,) = world.post(world.told("r1", target, taken=True)).all()
    assert (order.state, order.code, order.target) == (
        State.SUSPENDED, Code.ACCOUNT_NOT_FOUND, target
    )  # fmt: skip
    assert world.broken() == []
