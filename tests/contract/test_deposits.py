"""Deposits on both stores: paid, bearing interest, set off, refunded."""

from contextlib import suppress

import pytest

from billcore.core.accounts.errors import FieldRefused
from billcore.core.collections.deposits import deposits
from billcore.core.collections.deposits.checks import deposits_agree
from billcore.core.collections.deposits.errors import DepositUnfit, DepositUnknown
from billcore.core.collections.deposits.holding import deposit_of
from billcore.core.collections.write_offs import write_offs
from billcore.core.ledger.kinds import EntryKind
from tests import dunning_world
from tests.contract.test_instalments import Desk as PlanDesk
from tests.late_fees_world import day


class Desk(PlanDesk):
    """Deposits of account 1."""

    def ask(self, text, amount, due=""):
        account, due_day = self.world.account(1), day(due) if due else 0
        return self.on(text, lambda w: deposits.ask(w, account, amount, due_day, "new here"))

    def move(self, text, how, number=1, amount=0):
        account = self.world.account(1)
        return self.on(text, lambda w: how(w, account, number, amount, "moves out"))

    def interest(self, text, until="", number=1):
        account, last, provider = self.world.account(1), day(until or text), self.provider()
        return self.on(text, lambda w: deposits.credit_interest(w, provider, account, number, last))

    def deposit(self, number=1):
        with self.world.store.read() as reader:
            return deposit_of(reader, self.world.account(1), number)


@pytest.fixture
def desk(books):
    found = Desk(dunning_world.found(books).world)
    found.policy(deposits={"rate": {"per_million": 36_500}})  # 1 per 10,000 a day
    return found


@pytest.fixture(autouse=True)
def verified(desk):
    """Whatever a test did, the books verify."""
    yield
    assert desk.world.broken() == []


def test_the_life_of_a_deposit(desk):
    """1,000,000, paid in two parts; interest by days and parts, rounded once, credited as a
    difference; a debt set off; the rest refunded."""
    assert desk.ask("2026-01-01", 1_000_000).held == 0
    assert desk.sweep("2026-03-01") == []  # a deposit is no debt that is dunned
    desk.pay(600_000, "2026-01-01")
    desk.pay(400_000, "2026-01-11")
    assert desk.deposit().held == 1_000_000
    # 600,000 for 20 days and 400,000 for 10
    assert desk.interest("2026-01-21").interest == 1_200 + 400
    assert desk.interest("2026-01-21").interest == 1_600
    assert desk.world.balance() == -1_600
    desk.post(251_600, "2026-01-25")
    found = desk.move("2026-01-31", deposits.set_off)
    assert (found.held, desk.world.balance()) == (750_000, 0)
    # 250,000 of the first part until 31 January, the rest until 10 February
    found = desk.interest("2026-02-10")
    assert (
        found.interest == 250_000 * 30 // 10_000 + 350_000 * 40 // 10_000 + 400_000 * 30 // 10_000
    )
    found = desk.move("2026-02-10", deposits.refund)
    assert found.held == 0
    trial = desk.world.trial()
    assert (trial["refund_payable"], "deposit" in trial) == (-750_000, False)
    assert desk.interest("2027-02-10").interest == found.interest
    assert trial["deposit_interest"] == found.interest


def test_interest_is_exact_and_follows_rates(desk):
    """A rate that changes, of a series, with fractions of a unit that are rounded once."""
    desk.policy(deposits={"rate": {"series": "base"}, "basis": "actual"})
    desk.rate("base", "2026-01-01", 50_000)
    desk.rate("base", "2026-01-11", 70_000)
    desk.ask("2026-01-01", 12_345)
    desk.pay(12_345, "2026-01-01")
    # 12,345 x (9 x 5 % + 10 x 7 %) / 365 = 38.894
    assert desk.interest("2026-01-20").interest == 39


def test_a_payment_taken_back_takes_its_interest_back(desk):
    desk.ask("2026-01-01", 1_000_000)
    payment = desk.pay(1_000_000, "2026-01-01")
    assert desk.interest("2026-01-11").interest == 1_000
    desk.undo(payment, "2026-01-12")
    found = desk.interest("2026-01-13")
    assert (found.interest, desk.world.balance()) == (0, 1_000_000)
    assert found.held == 1_000  # the interest paid so much of it when it was open again


def test_what_is_refused(desk):
    """Nothing held, nothing due, more than there is, after it was cancelled."""
    for amount, due in ((0, ""), (10**18, ""), (1, "2025-12-31")):
        with pytest.raises(FieldRefused):
            desk.ask("2026-01-01", amount, due)
    with pytest.raises(DepositUnknown):
        desk.move("2026-01-01", deposits.refund)
    desk.ask("2026-01-01", 1_000)
    account = desk.world.account(1)
    with pytest.raises(DepositUnfit, match="0 are held"):
        desk.move("2026-01-02", deposits.refund)
    desk.pay(400, "2026-01-02")
    with pytest.raises(DepositUnfit, match="0 are due"):
        desk.move("2026-01-02", deposits.set_off)
    with pytest.raises(DepositUnfit, match="was paid"):
        desk.on("2026-01-02", lambda w: deposits.cancel(w, account, 1, "why"))
    with pytest.raises(FieldRefused, match="after today"):
        desk.interest("2026-01-02", "2026-01-03")
    desk.ask("2026-01-03", 500, "2026-02-01")
    desk.on("2026-01-03", lambda w: deposits.cancel(w, account, 2, "why"))
    with pytest.raises(DepositUnfit, match="cancelled"):
        desk.move("2026-01-03", deposits.refund, 2)
    assert desk.world.balance() == 600


@pytest.mark.parametrize("kind", [EntryKind.WRITE_OFF, EntryKind.PROVISIONAL])
def test_what_is_no_money_is_not_held(desk, kind):
    """A credit that settles a deposit without money coming is neither held nor refunded."""
    desk.ask("2026-01-01", 500)
    credit = desk.post(-500, "2026-01-02", kind)
    assert (desk.world.balance(), desk.deposit().held) == (0, 0)
    with pytest.raises(DepositUnfit, match="0 are held"):
        desk.move("2026-01-02", deposits.refund)
    desk.undo(credit, "2026-01-03")
    desk.pay(500, "2026-01-03")
    assert desk.deposit().held == 500


def test_a_deposit_is_neither_planned_nor_written_off(desk):
    """Among all that is due it is left out; named, it is refused."""
    deposit = desk.ask("2026-01-01", 500).row.account_entry_id
    account, provider = desk.world.account(1), desk.provider()
    with pytest.raises(FieldRefused, match="DEPOSIT"):
        desk.propose("2026-01-02", items=[deposit])
    give_up = lambda w: write_offs.propose(w, account, [deposit], "MOVED", "gone")  # noqa: E731
    with pytest.raises(FieldRefused, match="DEPOSIT"):
        desk.on("2026-01-02", give_up)
    debt = desk.post(90, "2026-01-01")
    assert desk.propose("2026-01-02").total == 90
    desk.on("2026-01-02", lambda w: write_offs.propose(w, account, [], "MOVED", "gone"))
    desk.on("2026-01-02", lambda w: write_offs.approve(w, provider, account, 1, "seen"), "Boris", 8)
    assert (desk.open().get(debt, 0), desk.open()[deposit], desk.deposit().held) == (0, 500, 0)


def test_what_is_in_dispute_is_not_set_off(desk):
    desk.ask("2026-01-01", 100)
    desk.pay(100, "2026-01-01")
    debt = desk.post(60, "2026-01-05")
    other = desk.post(30, "2026-01-06")
    desk.hold(debt, 60, "2026-01-05")
    assert desk.move("2026-01-07", deposits.set_off).held == 70
    assert (desk.open()[debt], desk.open().get(other, 0)) == (60, 0)
    with pytest.raises(DepositUnfit, match="0 are due and not in dispute"):
        desk.move("2026-01-07", deposits.set_off)


def test_what_went_out_is_to_be_paid(desk):
    """The cheque that paid a deposit bounces behind its set-off: it is not cancelled."""
    desk.ask("2026-01-01", 100)
    cheque = desk.pay(100, "2026-01-01")
    desk.post(100, "2026-01-05")
    desk.move("2026-01-06", deposits.set_off)
    desk.undo(cheque, "2026-01-07")
    assert (desk.deposit().paid, desk.deposit().held) == ((), -100)
    account = desk.world.account(1)
    with pytest.raises(DepositUnfit, match="100 were set off"):
        desk.on("2026-01-08", lambda w: deposits.cancel(w, account, 1, "why"))
    assert desk.world.balance() == 100


DAMAGES = [
    ("UPDATE deposit SET amount = amount + 1", "deposits come to"),
    ("UPDATE deposit_move SET amount = amount + 1 WHERE kind = 3", "deposits come to"),
    ("UPDATE deposit_move SET interest = interest + 1", "what was known then comes to"),
    ("UPDATE account_entry SET amount = amount + 1 WHERE kind = 11", "not an account entry"),
    ("UPDATE deposit_move SET kind = 4 WHERE kind = 2 AND move_no = 2", "money of it went out"),
]


def test_damage_is_found(desk):
    """Each kind of damage is found, and found by what it is."""
    desk.ask("2026-01-01", 1_000_000)
    desk.pay(1_000_000, "2026-01-01")
    desk.interest("2026-01-21")
    desk.move("2026-01-21", deposits.refund, amount=10)
    desk.move("2026-01-21", deposits.refund, amount=10)
    for damage, says in DAMAGES:
        found = ""
        with suppress(_Undo), desk.world.store.write() as session:
            assert session.run(damage) > 0
            found = " ".join(str(one["message"]) for one in deposits_agree(session, 1))
            raise _Undo
        assert says in found


class _Undo(Exception):
    """Ends a transaction that is not to be kept."""
