"""Whose amount prevails, and bills that were paid twice, on both stores."""

import json

import pytest

from billcore.core.ledger.by_hand import reverse_one
from billcore.core.ledger.errors import EntryReversed
from billcore.core.payments.codes import TargetKind
from billcore.core.reconciliation.breaks import BreakKind, Flag, Owner, Treatment, meaning
from billcore.core.reconciliation.checks import adjustments_agree, days_agree, files_agree
from billcore.core.reconciliation.closing import groups
from billcore.core.reconciliation.computing import BreakState, Decision
from billcore.core.reconciliation.errors import DayUnfit
from billcore.core.reconciliation.settlement.checks import settlements_agree
from tests.payments_world import TODAY
from tests.recon_world import found


@pytest.fixture
def world(books):
    made = found(books)
    made.pay("r1", 100)
    made.report("a.csv", ("r1", 90))
    made.match()
    return made


def ledger_prevails(world):
    world.terms('{"time_zone": "UTC", "prevails": "ledger"}', revision=1)


def test_the_channel_prevails(world):
    """The account gets what the report says, by an entry; the payment and its break stay."""
    done = world.treat()
    assert (done.adjusted, done.refused_count) == (1, 0)
    assert world.balance() == -90
    assert world.trial() == {"channel_clearing:kiosk": 90, "receivable": -90}
    assert world.treat().adjusted == 0
    made = world.match()
    assert (made.row.ledger_amount, made.row.report_amount, made.row.break_amount) == (100, 90, 10)
    assert made.breaks["state"].tolist() == [BreakState.ACCEPTED]
    assert world.treat().adjusted == 0
    assert world.close().break_amount == 10
    assert world.broken() == []


def test_the_ledger_prevails(world):
    """Then it is a claim, and nothing is done but by people."""
    ledger_prevails(world)
    assert world.treat().adjusted == 0
    assert world.balance() == -100
    assert meaning(BreakKind.AMOUNT_DIFF, ledger_prevails=True).treatment is Treatment.CLAIM
    assert meaning(BreakKind.NOT_IN_REPORT, ledger_prevails=True).treatment is Treatment.CLAIM
    assert meaning(BreakKind.AMOUNT_DIFF).treatment is Treatment.ADJUST
    world.decide("r1", Decision.ADJUST, "the slip says 90")
    assert world.balance() == -90
    world.decide("r1", Decision.ADJUST, "the slip says 90")
    assert world.balance() == -90
    assert world.broken() == []


def test_an_adjustment_is_taken_back_by_another_decision(world):
    world.treat()
    assert world.decide("r1", Decision.REOPEN).state == BreakState.OPEN
    assert world.balance() == -100
    assert world.decide("r1", Decision.ACCEPT).state == BreakState.ACCEPTED
    assert world.balance() == -100
    assert world.decide("r1", Decision.ADJUST).state == BreakState.ACCEPTED
    assert world.balance() == -90
    assert world.broken() == []


def test_another_report_changes_an_adjustment(world):
    """By the difference; where the amounts agree, it is taken back."""
    world.treat()
    world.report("a.csv", ("r1", 95), replaces=True)
    assert world.breaks() == {"r1": BreakKind.AMOUNT_DIFF}
    assert world.treat().adjusted == 1
    assert world.balance() == -95
    world.report("a.csv", ("r1", 100), replaces=True)
    assert world.breaks() == {}
    assert world.treat().adjusted == 1
    assert world.balance() == -100
    assert world.treat().adjusted == 0
    assert world.broken() == []


def test_an_adjustment_that_is_not_there_is_found(world):
    world.treat()
    with world.store.write() as session:
        session.run("UPDATE break_decision SET difference = 11")
    with world.store.read() as reader:
        (told,) = adjustments_agree(reader, 1)
    assert "11" in str(told)


def test_no_hand_takes_an_adjustment_back(world):
    world.treat()
    with world.store.read() as reader:
        (row,) = reader.rows("SELECT account_entry_id FROM account_entry WHERE amount = 10")
    with pytest.raises(EntryReversed):
        world.write(
            lambda write: reverse_one(write, world.account(1), int(row[0]), TODAY, "why", "s")
        )


def test_only_amounts_of_one_account_are_adjusted(world):
    world.post(world.told("lost", "nobody", 50, taken=True))
    world.report("b.csv", ("lost", 40, "nobody"), ("late", 5))
    assert world.breaks()["lost"] == BreakKind.AMOUNT_DIFF
    for reference in ("lost", "late"):
        with pytest.raises(DayUnfit, match=r"nothing to adjust|treat it"):
            world.decide(reference, Decision.ADJUST)
    assert world.treat().adjusted == 1
    assert world.trial()["suspense"] == -50


# -- paid twice


@pytest.fixture
def bills(books):
    """A world whose kiosk tells bills, with a bill of the first account."""
    made = found(books)
    made.terms(json.dumps({"time_zone": "UTC", "target_kind": "bill"}), revision=1)
    return made, str(made.bill(100, TODAY))


def pay(world, reference, bill, amount=100):
    world.pay(reference, amount, target_kind=TargetKind.BILL, target=bill)


def test_a_bill_that_two_payments_of_one_amount_paid(bills):
    """Both count; the second is a break for somebody to open a case of."""
    world, bill = bills
    for reference in ("r1", "r2"):
        pay(world, reference, bill)
    pay(world, "half", bill, 50)
    world.report("a.csv", ("r1", 100, bill), ("r2", 100, bill), ("half", 50, bill))
    made = world.match()
    assert made.breaks["reference"].to_pylist() == ["r2"]
    assert made.breaks["kind"].tolist() == [BreakKind.DUPLICATE_IN_REPORT]
    assert made.breaks["flags"].tolist() == [Flag.PAID_TWICE]
    assert (made.row.ledger_amount, made.row.report_amount, made.row.break_amount) == (250, 250, 0)
    (group,) = groups_of(world)
    assert (group.owner, group.count, group.amount) == (Owner.CUSTOMERS, 1, 0)
    means = meaning(BreakKind.DUPLICATE_IN_REPORT, Flag.PAID_TWICE)
    assert means.treatment is Treatment.CASE
    assert in_order(world)


def in_order(world):
    """The bills of this world are in no ledger: of what concerns reconciliation."""
    with world.store.read() as reader:
        checks = days_agree, settlements_agree, files_agree
        return [one for check in checks for one in check(reader, 1)] == []


def groups_of(world):
    with world.store.read() as reader:
        return groups(reader, 1, world.now)


def test_a_late_payment_of_a_bill_that_was_paid(bills):
    """It is posted, with the flag beside its kind."""
    world, bill = bills
    pay(world, "r1", bill)
    world.report("a.csv", ("r1", 100, bill), ("r2", 100, bill))
    made = world.match()
    assert made.breaks["kind"].tolist() == [BreakKind.LATE_ARRIVING]
    assert made.breaks["flags"].tolist() == [Flag.PAID_TWICE]
    assert world.treat().posted == 1
    assert world.breaks() == {"r2": BreakKind.DUPLICATE_IN_REPORT}
    assert in_order(world)


def test_a_payment_that_was_taken_back_is_not_the_first(bills):
    world, bill = bills
    for reference in ("r1", "r2"):
        pay(world, reference, bill)
    world.reverse("x1", "r1")
    world.report("a.csv", ("r1", 100, bill), ("r1", -100, bill), ("r2", 100, bill))
    assert world.breaks() == {}


def test_accounts_may_be_paid_twice(world):
    world.pay("r2", 90)
    world.report("b.csv", ("r2", 90))
    assert world.breaks() == {"r1": BreakKind.AMOUNT_DIFF}
