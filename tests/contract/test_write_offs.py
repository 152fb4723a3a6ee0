"""Write-offs on both stores: approved, undone, recovered."""

from contextlib import suppress

import pytest

from billcore.core.accounts.errors import FieldRefused
from billcore.core.collections.write_offs import write_offs
from billcore.core.collections.write_offs.checks import write_offs_agree
from billcore.core.collections.write_offs.errors import (
    WriteOffApprovalNeeded,
    WriteOffUnfit,
    WriteOffUnknown,
)
from billcore.core.collections.write_offs.reading import StepKind, entries_of
from billcore.core.ledger.by_hand import reverse_one
from billcore.core.ledger.errors import EntryReversed
from billcore.core.ledger.kinds import EntryKind
from tests import dunning_world
from tests.contract.test_instalments import Desk as PlanDesk
from tests.late_fees_world import DAILY, day


class Desk(PlanDesk):
    """Write-offs of account 1."""

    def give_up(self, text, items=(), code="INSOLVENCY"):
        account = self.world.account(1)
        return self.on(
            text, lambda w: write_offs.propose(w, account, items, code, "estate without means")
        )

    def agree(self, text, number=1, actor="Boris", client=8):
        account, provider = self.world.account(1), self.provider()
        act = lambda w: write_offs.approve(w, provider, account, number, "seen")  # noqa: E731
        return self.on(text, act, actor, client)

    def end(self, text, number=1):
        account = self.world.account(1)
        return self.on(text, lambda w: write_offs.end(w, account, number, "mistaken"))

    def recover(self, text):
        """Amounts of the recoveries of a day."""
        clock = lambda: self.clock(text)  # noqa: E731
        done = write_offs.recover(self.world.store, self.world.caller, clock)
        return [one.amount for one in done]


@pytest.fixture
def desk(books):
    return Desk(dunning_world.found(books).world)


@pytest.fixture(autouse=True)
def verified(desk):
    """Whatever a test did, the books verify."""
    yield
    assert desk.world.broken() == []


def test_who_is_cut_off_is_not_reconnected_by_a_write_off(desk):
    """The episode stays open, no charge is posted; recovered, supply comes back."""
    desk.post(100_000, "2026-03-01")
    for on in ("2026-03-04", "2026-03-11", "2026-03-21", "2026-03-22"):
        assert len(desk.sweep(on)) == 1
    desk.give_up("2026-03-23")
    desk.agree("2026-03-23")
    assert desk.sweep("2026-03-24") == desk.settle("2026-03-24") == []
    assert "fee_income:reconnection" not in desk.world.trial()
    desk.pay(60_000, "2026-04-01")
    desk.recover("2026-04-01")
    assert desk.sweep("2026-04-02") == []
    desk.pay(200_000, "2026-04-03")
    desk.recover("2026-04-03")
    assert desk.sweep("2026-04-04") == [(1, "reconnect", 0)]
    assert desk.sweep("2026-04-05") == []


def test_what_is_written_off_and_paid_later(desk):
    """Two debts given up; dunning ends; money that comes later is income, up to what was lost."""
    desk.post(70_000, "2026-03-01")
    desk.post(30_000, "2026-03-02")
    desk.sweep("2026-03-10")
    assert desk.give_up("2026-03-11").row.total == 100_000
    assert desk.world.balance() == 100_000
    desk.agree("2026-03-11")
    assert desk.world.trial()["write_off"] == 100_000
    assert desk.sweep("2026-03-12") == [(1, "settled", 0)]
    assert desk.recover("2026-03-12") == []
    desk.pay(60_000, "2026-05-01")
    assert desk.recover("2026-05-01") == [60_000]
    assert desk.recover("2026-05-01") == []
    desk.pay(50_000, "2026-06-01")
    assert desk.recover("2026-06-01") == [40_000]
    trial = desk.world.trial()
    assert (trial["write_off"], trial["write_off_recovered"]) == (100_000, -100_000)
    assert desk.world.balance() == -10_000
    with pytest.raises(WriteOffUnfit, match="RECOVERED"):
        desk.end("2026-06-02")


def test_money_pays_new_debts_first_and_nothing_if_the_policy_says_so(desk):
    desk.post(70_000, "2026-03-01")
    desk.give_up("2026-03-11")
    desk.agree("2026-03-11")
    desk.post(20_000, "2026-04-01")
    desk.pay(25_000, "2026-04-02")
    desk.policy(write_offs={"recover": False})
    assert desk.recover("2026-04-02") == []
    desk.policy()
    assert desk.recover("2026-04-02") == [5_000]


def test_undone_it_is_as_it_was(desk):
    """The debt is open from its own due day: late fees and dunning go on."""
    desk.policy(DAILY)
    debt = desk.post(100_000, "2026-03-01")
    desk.give_up("2026-03-11")
    desk.agree("2026-03-11")
    assert desk.assess("2026-03-21") == (1_000, 0)
    desk.end("2026-03-22")
    assert desk.open()[debt] == 100_000
    assert desk.assess("2026-03-31") == (2_000, 0)
    assert desk.sweep("2026-03-31") == [(1, "reminder", 100_000)]
    with pytest.raises(WriteOffUnfit):
        desk.agree("2026-03-31")


def test_four_eyes_and_what_is_refused(desk):
    desk.policy(write_offs={"approval_above": 50_000})
    item = desk.post(90_000, "2026-03-01")
    for items, code in (([17], "X"), ([], ""), ([], "lower"), ([item, item], "X")):
        with pytest.raises(FieldRefused):
            desk.give_up("2026-03-11", items, code)
    desk.give_up("2026-03-11")
    with pytest.raises(WriteOffApprovalNeeded):
        desk.agree("2026-03-11", actor="Maryam", client=9)
    with pytest.raises(WriteOffUnknown):
        desk.agree("2026-03-11", number=2)
    desk.pay(50_000, "2026-03-11")
    with pytest.raises(WriteOffUnfit, match="40000 are open, not 90000"):
        desk.agree("2026-03-11")
    assert desk.end("2026-03-11").state is StepKind.REJECTED
    desk.give_up("2026-03-12")
    found = desk.agree("2026-03-12", number=2, actor="Maryam", client=7)  # below the limit
    account, (entry,) = desk.world.account(1), entries_of(found)
    with pytest.raises(EntryReversed, match="undo that"):
        desk.write(lambda w: reverse_one(w, account, entry, day("2026-03-13"), "why", "s"))
    desk.hold(desk.post(5, "2026-03-01"), 0, "2026-03-01")
    with pytest.raises(FieldRefused, match="in dispute"):
        desk.give_up("2026-03-12")


def test_what_is_disputed_since_it_was_proposed_is_not_written_off(desk):
    item = desk.post(90_000, "2026-03-01")
    desk.give_up("2026-03-11")
    desk.hold(item, 1, "2026-03-11")
    with pytest.raises(WriteOffUnfit, match="in dispute"):
        desk.agree("2026-03-12")


def test_only_money_is_recovered(desk):
    """A credit without money is no recovery, nor does it lend itself to one, twice."""
    desk.post(90_000, "2026-03-01")
    desk.give_up("2026-03-11")
    desk.agree("2026-03-11")
    for kind in (EntryKind.PROVISIONAL, EntryKind.WRITE_OFF, EntryKind.ADJUSTMENT):
        desk.post(-10_000, "2026-03-12", kind)
    assert desk.recover("2026-03-12") == []
    desk.pay(20_000, "2026-03-13")
    assert desk.recover("2026-03-13") == [20_000]
    assert desk.recover("2026-03-13") == []
    assert desk.world.balance() == -30_000


def test_a_recovery_goes_with_its_payment(desk):
    """One of two payments that were recovered is reversed: income is what the other one brought;
    then that one is, too: all is lost again, and can be undone."""
    desk.post(90_000, "2026-03-01")
    desk.give_up("2026-03-11")
    desk.agree("2026-03-11")
    first, second = desk.pay(40_000, "2026-04-01"), desk.pay(20_000, "2026-04-01")
    assert desk.recover("2026-04-01") == [60_000]
    desk.undo(first, "2026-04-02")
    with pytest.raises(WriteOffUnfit, match="RECOVERED"):
        desk.end("2026-04-02")
    assert desk.recover("2026-04-02") == [-60_000, 20_000]
    assert desk.recover("2026-04-02") == []
    assert (desk.world.balance(), desk.world.trial()["write_off_recovered"]) == (0, -20_000)
    desk.undo(second, "2026-04-03")
    desk.policy(write_offs={"recover": False})
    assert desk.recover("2026-04-03") == [-20_000]
    assert (desk.world.balance(), desk.world.trial().get("write_off_recovered", 0)) == (0, 0)
    found = desk.end("2026-04-04")
    assert (found.state, found.recovered) == (StepKind.UNDONE, 0)
    assert desk.world.balance() == 90_000


DAMAGES = [
    ("UPDATE write_off SET total = total + 1", "sum to its total"),
    ("UPDATE write_off_item SET amount = amount - 1", "sum to its total"),
    ("DELETE FROM write_off_step WHERE step_no = 1", "do not follow the table"),
    ("UPDATE account_entry SET amount = amount + 1 WHERE kind = 13", "not as it was posted"),
    ("DELETE FROM write_off_step WHERE step_no = 3", "is of no write-off"),
]


def test_damage_is_found(desk):
    """Each kind of damage is found, and found by what it is."""
    desk.post(90_000, "2026-03-01")
    desk.give_up("2026-03-11")
    desk.agree("2026-03-11")
    desk.pay(10_000, "2026-05-01")
    desk.recover("2026-05-01")
    for damage, says in DAMAGES:
        found = ""
        with suppress(_Undo), desk.world.store.write() as session:
            assert session.run(damage) > 0
            found = " ".join(str(one["message"]) for one in write_offs_agree(session, 1))
            raise _Undo
        assert says in found


class _Undo(Exception):
    """Ends a transaction that is not to be kept."""
