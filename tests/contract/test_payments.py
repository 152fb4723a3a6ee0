"""Payments on both stores: posted once, answered again, put into suspense, refused."""

from dataclasses import replace

import pytest

from billcore.core.ledger import balances
from billcore.core.ledger.told import events_rebuild_balances
from billcore.core.payments.codes import Code, State, TargetKind
from billcore.core.payments.intake.post import order_rows
from billcore.core.payments.refusals import AmountHigh, PaymentConflict, TargetUnknown
from billcore.core.payments.status import status
from billcore.core.payments.suspense import suspense_agrees
from billcore.core.store import ledger as ledger_rows
from billcore.core.store.port import OPEN_DAY
from billcore.core.verify import CHECKS
from tests import payments_world
from tests.payments_world import DAY, NOW, TODAY


@pytest.fixture
def world(books):
    return payments_world.found(books)


def balance(world, count=1):
    with world.store.read() as reader:
        return balances.balance(reader, world.account(count))


def trial(world):
    with world.store.read() as reader:
        found = ledger_rows.trial_balance(reader, world.provider_id, OPEN_DAY, 2**63 - 1)
        return {str(code): int(amount) for code, _, amount in found if amount}


def broken(world):
    """What verify finds."""
    with world.store.read() as reader:
        return [one for check in CHECKS.values() for one in check(reader, world.provider_id)]


def test_a_payment_is_posted(world):
    world.owe(300)
    posted = world.post(world.told("r1", amount=120))
    (order,) = posted.all()
    assert posted.code.tolist() == [Code.OK]
    assert (order.state, order.code, order.account_id) == (State.POSTED, Code.OK, world.account(1))
    assert order.day == TODAY
    assert balance(world) == 180
    assert trial(world) == {"adjustment": -300, "receivable": 180, "channel_clearing:kiosk": 120}
    assert broken(world) == []


def test_the_same_payment_again_has_the_first_answer(world):
    first = world.post(world.told("r1", amount=120)).all()
    later = world.at(1000)
    again = later.post(world.told("r1", amount=120))
    assert again.code.tolist() == [Code.OK_REPLAYED]
    assert again.all() == first
    assert balance(world) == -120
    assert world.count("account_entry") == world.count("payment_order") == 1
    assert broken(world) == []


def test_twice_in_one_batch(world):
    told = world.told("r1", amount=120)
    posted = world.post(told, world.told("r2", 2), told, told._replace(amount=121))
    codes = [Code.OK, Code.OK, Code.OK_REPLAYED, Code.CONFLICT]
    assert posted.code.tolist() == codes
    assert posted.all()[0] == posted.all()[2]
    assert isinstance(posted.error(3), PaymentConflict)
    assert balance(world) == -120


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", 99), ("target", "N2"), ("fee", 3), ("paid_at", NOW - DAY), ("direction", "bill:4"),
     ("terminal_no", 1), ("value_day", TODAY)],
)  # fmt: skip
def test_another_payment_under_the_reference_is_refused(world, field, value):
    told = world.told("r1")
    world.post(told)
    posted = world.post(told._replace(**{field: value}))
    assert posted.code.tolist() == [Code.CONFLICT]
    error = posted.error(0)
    assert isinstance(error, PaymentConflict)
    assert error.fields["differs"] == field
    assert str(value) in error.message
    assert balance(world) == -100


def test_channels_have_references_of_their_own(world):
    bank = world.place("bank").channel.channel_no
    world.post(world.told("r1"), world.told("r1", channel_no=bank))
    assert balance(world) == -200
    assert trial(world)["channel_clearing:bank"] == 100


def test_what_is_not_known_is_refused_and_writes_nothing(world):
    posted = world.post(world.told("r1", "nobody"))
    assert posted.code.tolist() == [Code.ACCOUNT_NOT_FOUND]
    assert isinstance(posted.error(0), TargetUnknown)
    assert world.count("payment_order") == world.count("entry") == 0
    assert world.post(world.told("r1", 1)).code.tolist() == [Code.OK]  # nothing was kept of it


def test_money_that_was_taken_goes_to_suspense(world):
    posted = world.post(world.told("r1", "nobody", taken=True), world.told("r2", 2, taken=True))
    assert posted.code.tolist() == [Code.OK, Code.OK]
    lost, known = posted.all()
    assert (lost.state, lost.code, lost.account_id) == (
        State.SUSPENDED, Code.ACCOUNT_NOT_FOUND, 0
    )  # fmt: skip
    assert known.state == State.POSTED
    assert trial(world) == {
        "channel_clearing:kiosk": 200, "receivable": -100, "suspense": -100
    }  # fmt: skip
    assert broken(world) == []
    assert world.post(world.told("r1", "nobody", taken=True)).all() == [lost]


def test_the_first_answer_stands_when_the_account_is_there_by_now(world):
    (lost,) = world.post(world.told("r1", "N9", taken=True)).all()
    with world.store.write() as session:
        session.run(
            "INSERT INTO number (provider_id, kind, number, id) VALUES (1, 'account', 'N9', :id)",
            id=world.account(3),
        )
    again = world.post(world.told("r1", "N9", taken=False))
    assert again.code.tolist() == [Code.OK_REPLAYED]
    assert again.all() == [lost]


def test_limits_hold_before_money_is_taken_only(world):
    low, high = world.told("r1", amount=9), world.told("r2", amount=1_000_001)
    posted = world.post(low, high)
    assert posted.code.tolist() == [Code.AMOUNT_LOW, Code.AMOUNT_HIGH]
    assert isinstance(posted.error(1), AmountHigh)
    taken = world.post(low._replace(taken=True), high._replace(taken=True))
    assert taken.code.tolist() == [Code.OK, Code.OK]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("amount", 0, Code.INVALID),
        ("amount", 10**17 + 1, Code.INVALID),
        ("fee", -1, Code.INVALID),
        ("reference", "", Code.INVALID),
        ("reference", "x" * 101, Code.INVALID),
        ("reference", "a\nb", Code.INVALID),
        ("target", "", Code.ACCOUNT_FORMAT),
        ("paid_at", NOW - 61 * DAY, Code.INVALID),
        ("paid_at", NOW + DAY, Code.INVALID),
        ("target_kind", TargetKind.TEXT, Code.INVALID),
    ],
)
@pytest.mark.parametrize("taken", [False, True])
def test_what_has_no_form_is_refused_always(world, field, value, code, taken):
    good = world.told("good", 2)
    told = world.told("r1", taken=taken)._replace(**{field: value})
    posted = world.post(told, good)
    assert posted.code.tolist() == [code, Code.OK]
    assert posted.error(0).message
    assert world.count("payment_order") == 1


def close(world, count, day):
    with world.store.write() as session:
        session.run(
            "UPDATE account SET closed_day = :day WHERE account_id = :id",
            day=day,
            id=world.account(count),
        )


def test_a_closed_account_takes_what_it_owes(world):
    world.owe(50)
    close(world, 1, TODAY - 1)
    close(world, 2, TODAY - 1)
    posted = world.post(world.told("r1"), world.told("r2", 2), world.told("r3", 2, taken=True))
    assert posted.code.tolist() == [Code.OK, Code.ACCOUNT_CLOSED, Code.OK]
    assert posted.all()[2].state == State.SUSPENDED
    again = world.post(world.told("r4"))
    assert again.code.tolist() == [Code.ACCOUNT_CLOSED]


def test_a_payment_counts_from_the_payers_day(world):
    """Midnight of Tehran is 20:30 in UTC."""
    late = NOW - 3 * DAY
    posted = world.post(world.told("r1", paid_at=late), world.told("r2", paid_at=late - DAY // 2))
    assert [order.day for order in posted.all()] == [TODAY - 3, TODAY - 3]
    with world.store.read() as reader:
        assert balances.balance(reader, world.account(1), TODAY - 4) == 0
        assert balances.balance(reader, world.account(1), TODAY - 3) == -200


def test_many_at_once(world):
    """More than one list of references, accounts and channels mixed, in any order."""
    bank = world.place("bank").channel.channel_no
    told = [
        world.told(f"r{n * 37 % 500:03}", n % 5 + 1, amount=10 + n, channel_no=(1, bank)[n % 2])
        for n in range(500)
    ]
    first = world.post(*told[:300])
    assert set(first.code.tolist()) == {Code.OK}
    both = world.post(*told)
    assert both.code.tolist() == [Code.OK_REPLAYED] * 300 + [Code.OK] * 200
    assert both.all()[:300] == first.all()
    assert sum(balance(world, n) for n in range(1, 6)) == -sum(one.amount for one in told)
    assert broken(world) == []


def test_the_status_is_told_for_ever(world):
    world.post(world.told("r1"), world.told("r2", "nobody", taken=True))
    channel_no = world.place().channel.channel_no
    with world.store.read() as reader:
        states = [
            status(reader, 1, channel_no, reference, NOW).state for reference in ("r1", "r2", "r3")
        ]
    assert states == [State.POSTED, State.SUSPENDED, State.UNKNOWN]


def test_checks_have_teeth(world):
    world.post(world.told("r1"), world.told("r2", "nobody", taken=True))
    with world.store.write() as session:
        session.run("UPDATE suspense_item SET amount = amount + 1")
    with world.store.read() as reader:
        (found,) = suspense_agrees(reader, 1)
        assert "101" in found["message"]
        assert list(events_rebuild_balances(reader, 1)) == []


def test_rows_of_orders_are_those_of_columns(world):
    posted = world.post(world.told("r1"), world.told("r2", 2))
    assert order_rows(posted.orders) == posted.all()
    assert replace(world, now=1).now == 1
