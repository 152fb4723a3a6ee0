"""Plans of instalments on both stores: what they move, how they end, what they leave behind."""

from contextlib import suppress
from datetime import date

import pytest

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.collecting import InstalmentPolicy
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.asked import asked_for
from billcore.core.billing.items import account_items
from billcore.core.calendar import Calendar
from billcore.core.caller import Caller
from billcore.core.collections.instalments import plans
from billcore.core.collections.instalments.checks import instalments_agree
from billcore.core.collections.instalments.errors import (
    PlanApprovalNeeded,
    PlanConflict,
    PlanStale,
    PlanStateUnfit,
    PlanUnknown,
)
from billcore.core.collections.instalments.plans import Terms
from billcore.core.collections.instalments.reading import plans_of
from billcore.core.collections.instalments.schedule import schedule, split
from billcore.core.collections.instalments.states import PlanState
from billcore.core.collections.instalments.sweeping import sweep_plans
from billcore.core.enquiries.dashboard import dashboard
from billcore.core.enquiries.masked import masked
from billcore.core.ids import owned_id
from billcore.core.ledger import balances
from billcore.core.ledger.by_hand import reverse_one
from billcore.core.ledger.errors import EntryReversed
from billcore.core.store import providers
from tests import dunning_world
from tests.late_fees_world import DAILY, day, moment
from tests.payments_world import SECOND, Acting


class Desk(dunning_world.Desk):
    """Plans on days: a write's clock is that of its day."""

    def on(self, text, act, actor="Maryam", client=7):
        caller = self.world.caller
        caller = Caller(client, caller.provider_id, caller.roles, actor)
        with self.world.store.write() as session:
            return act(Acting(session, caller, self.clock(text)))

    def propose(self, text, number=3, first="", every_days=0, items=(), parts=(), count=1):
        account = self.world.account(count)
        terms = Terms(number, day(first or text), every_days, parts)
        provider = self.provider()
        return self.on(
            text, lambda w: plans.propose(w, provider, account, items, terms, "asked for it")
        )

    def approve(self, text, plan=1, actor="Boris", client=8, count=1):
        account, provider = self.world.account(count), self.provider()
        act = lambda w: plans.approve(w, provider, account, plan, "fine")  # noqa: E731
        return self.on(text, act, actor, client)

    def plan(self, number=1, count=1):
        with self.world.store.read() as reader:
            return plans_of(reader, self.world.account(count))[number - 1]

    def plans(self, text):
        """(plan, state) of what a sweep of plans did on a day."""
        swept = sweep_plans(self.world.store, self.world.caller, lambda: self.clock(text))
        return [(plan, state.name) for _, plan, state in swept]

    def balance_on(self, text):
        with self.world.store.read() as reader:
            return balances.balance(reader, self.world.account(1), day(text))


@pytest.fixture
def desk(books):
    return Desk(dunning_world.found(books).world)


@pytest.fixture(autouse=True)
def verified(desk):
    """Whatever a test did, the books verify."""
    yield
    assert desk.world.broken() == []


def test_a_plan_moves_debts_and_payments_pay_it(desk):
    """1,000.01 in three parts: 333.35, 333.33, 333.33; dunning ends, parts are paid in their order,
    the last one completes the plan; the balance of each day is what is due."""
    desk.post(70_001, "2026-03-01")
    desk.post(30_000, "2026-03-05")
    desk.sweep("2026-03-10")
    desk.propose("2026-03-12", first="2026-03-31")
    assert desk.sweep("2026-03-12") == []  # waits for its level
    plan = desk.approve("2026-03-13")
    assert (plan.total, plan.state) == (100_001, PlanState.ACTIVE)
    assert desk.sweep("2026-03-13") == [(1, "settled", 0)]
    assert [(part.row.due_day, part.row.amount, part.open) for part in desk.plan().parts] == [
        (day("2026-03-31"), 33_335, 33_335),
        (day("2026-04-30"), 33_333, 33_333),
        (day("2026-05-31"), 33_333, 33_333),
    ]
    assert [desk.balance_on(on) for on in ("2026-03-12", "2026-03-13", "2026-04-30")] == [
        100_001, 0, 66_668,
    ]  # fmt: skip
    assert desk.world.balance() == 100_001
    assert desk.world.trial().get("instalment_receivable", 0) == 0
    desk.pay(50_000, "2026-03-30")
    assert [part.open for part in desk.plan().parts] == [0, 16_668, 33_333]
    assert desk.plans("2026-05-07") == []
    desk.pay(50_001, "2026-05-08")
    assert desk.plans("2026-05-09") == [(1, "COMPLETED")]
    assert desk.plans("2026-05-09") == []
    assert desk.world.balance() == 0


def test_a_plan_that_is_not_paid_is_given_up(desk):
    """Late by more than the days of grace: the debts are open from their own days, what was paid
    pays them, late fees are as if there had been no plan, dunning begins again."""
    desk.policy(DAILY, instalments={"grace_days": 5})
    debt = desk.post(90_000, "2026-03-01")
    assert desk.assess("2026-03-11") == (900, 0)  # ten days, then the plan, which covers that too
    desk.propose("2026-03-11", first="2026-03-21", every_days=10)
    desk.approve("2026-03-11")
    assert desk.assess("2026-03-20") == (0, 0)
    desk.pay(30_300, "2026-03-21")
    assert desk.plans("2026-04-05") == []
    assert desk.plans("2026-04-06") == [(1, "DEFAULTED")]
    assert desk.plans("2026-04-06") == []
    assert desk.open()[debt] == 59_700
    assert desk.world.balance() == desk.balance_on("2026-04-06") == 60_600
    # 30,300 for 20 days, 59,700 for 41: 3,053.7, less what was charged
    assert desk.assess("2026-04-11") == (3_054 - 900, 0)
    assert desk.sweep("2026-04-11") == [(1, "reminder", 59_700)]
    assert desk.plan().open == 0


def test_a_year_later_it_comes_to_the_same(desk):
    """Late fees of a plan that was paid, and of one that was given up, assessed again a year
    later: nothing is charged for days that are past, and what is open bears its year."""
    desk.policy(DAILY)
    for count in (1, 2):
        desk.post(90_000, "2026-03-01", count=count)
    desk.assess("2026-03-11")
    for count in (1, 2):
        desk.propose("2026-03-11", number=2, first="2026-03-21", every_days=10, count=count)
        desk.approve("2026-03-11", count=count)
    desk.pay(90_900, "2026-03-20")
    assert sorted(desk.plans("2026-04-20")) == [(1, "COMPLETED"), (1, "DEFAULTED")]
    then = desk.plan(), desk.plan(count=2)
    assert desk.assess("2026-04-20") == (90 * 40, 0)
    assert desk.assess("2027-04-20") == (90 * 365, 0)
    assert desk.assess("2027-04-20") == (0, 0)
    assert (desk.plan(), desk.plan(count=2)) == then
    assert desk.plans("2027-04-20") == []


def test_a_payment_taken_back_opens_a_completed_plan(desk):
    desk.post(90_000, "2026-03-01")
    desk.propose("2026-03-11", number=2, first="2026-03-21", every_days=10)
    desk.approve("2026-03-11")
    payment = desk.pay(90_000, "2026-03-12")
    assert desk.plans("2026-03-12") == [(1, "COMPLETED")]
    desk.undo(payment, "2026-03-14")
    assert desk.plans("2026-03-14") == [(1, "ACTIVE")]
    assert desk.plans("2026-04-30") == [(1, "DEFAULTED")]
    assert [PlanState(step.state).name for step in desk.plan().steps] == [
        "PROPOSED", "ACTIVE", "COMPLETED", "ACTIVE", "DEFAULTED",
    ]  # fmt: skip


def test_a_plan_is_not_given_up_for_what_is_disputed_or_on_its_way(desk):
    """Late beyond the days of grace: with a dispute about it, or money announced for all of it,
    the plan waits."""
    desk.post(90_000, "2026-03-01")
    desk.propose("2026-03-11", number=2, first="2026-03-21", every_days=60)
    desk.approve("2026-03-11")
    part = desk.plan().parts[0].account_entry_id
    desk.hold(part, 45_000, "2026-03-20")
    assert desk.plans("2026-03-30") == []
    desk.release("2026-03-30")
    late = moment("2026-04-01T07:59:00")
    for amount in (44_990, 10):
        at = desk.world.at((late - desk.world.now) // SECOND)
        at.reserve(at.told(f"r{amount}", 1, amount))
    assert desk.plans("2026-04-01") == []
    assert desk.plans("2026-04-03") == [(1, "DEFAULTED")]  # it was not confirmed


def test_a_plan_that_is_open_again_waits_for_another_one(desk):
    """An account has one open plan at most: the first is opened when the second has ended."""
    desk.post(90_000, "2026-03-01")
    desk.propose("2026-03-11", number=2, first="2026-03-21", every_days=10)
    desk.approve("2026-03-11")
    payment = desk.pay(90_000, "2026-03-12")
    assert desk.plans("2026-03-12") == [(1, "COMPLETED")]
    desk.post(50_000, "2026-04-01")
    desk.propose("2026-04-11", number=2, first="2026-05-21", every_days=10)
    desk.approve("2026-04-11", plan=2)
    desk.undo(payment, "2026-04-14")
    assert desk.plans("2026-04-14") == []
    account = desk.world.account(1)
    desk.on("2026-04-15", lambda w: plans.end(w, account, 2, "pays at once"))
    assert desk.plans("2026-04-15") == [(1, "ACTIVE")]


def test_four_eyes_and_states(desk):
    """Above the limit another person approves; what is stale, ended or unknown is refused."""
    desk.policy(instalments={"approval_above": 50_000, "most": 3})
    desk.post(90_000, "2026-03-01")
    desk.propose("2026-03-11")
    with pytest.raises(PlanApprovalNeeded):
        desk.approve("2026-03-11", actor="Maryam", client=9)
    with pytest.raises(PlanConflict):
        desk.propose("2026-03-11")
    with pytest.raises(PlanUnknown):
        desk.approve("2026-03-11", plan=2)
    desk.pay(10, "2026-03-11")
    with pytest.raises(PlanStale, match="89990 are open, not 90000"):
        desk.approve("2026-03-11")
    account = desk.world.account(1)
    desk.on("2026-03-11", lambda w: plans.reject(w, account, 1, "stale"))
    with pytest.raises(PlanStateUnfit, match="is REJECTED"):
        desk.approve("2026-03-11")
    desk.propose("2026-03-12")
    with pytest.raises(PlanStale, match="before today"):
        desk.approve("2026-03-13", plan=2)
    desk.on("2026-03-13", lambda w: plans.reject(w, account, 2, "stale"))
    desk.propose("2026-03-13", items=[], parts=[(day("2026-04-01"), 89_990)])
    desk.approve("2026-03-13", plan=3)
    (entry,) = [part.account_entry_id for part in desk.plan(3).parts]
    with pytest.raises(EntryReversed, match="cancel the plan"):
        desk.write(lambda w: reverse_one(w, account, entry, day("2026-03-14"), "why", "s"))
    desk.on(
        "2026-03-14",
        lambda w: plans.give_up(w, account, 3, PlanState.CANCELLED, "the customer wants to pay"),
    )
    assert desk.balance_on("2026-03-14") == desk.balance_on("2026-04-02") == 89_990


REFUSED = [
    ({"number": 13}, "1..12"),
    ({"number": 0}, "1..12"),
    ({"first": "2026-03-10"}, "before today"),
    ({"items": [17]}, r"item_ids\[0\]"),
    ({"parts": [(737_000, 5)]}, r"instalments\[0\]"),
    ({"parts": [("2026-04-01", 1), ("2026-04-01", 2)]}, r"instalments\[1\]"),
    ({"parts": [("2026-04-01", 1)]}, "sum to what is open"),
    ({"number": 2, "every_days": 500}, "every_days"),
    ({"number": 12, "first": "2027-03-01"}, "400 days"),
]


def test_terms_that_are_refused(desk):
    desk.post(90_000, "2026-03-01")
    for given, says in REFUSED:
        parts = given.get("parts", ())
        days = [(day(on) if isinstance(on, str) else on, amount) for on, amount in parts]
        with pytest.raises(FieldRefused, match=says):
            desk.propose("2026-03-11", **given | {"parts": days})
    assert desk.world.count("instalment_plan") == 0


def test_what_is_disputed_or_planned_is_not_planned(desk):
    item = desk.post(90_000, "2026-03-01")
    desk.hold(item, 1, "2026-03-02")
    with pytest.raises(FieldRefused, match="in dispute"):
        desk.propose("2026-03-11", items=[item])
    desk.release("2026-03-10")
    desk.propose("2026-03-11")
    desk.hold(item, 1, "2026-03-11", "case 2")
    with pytest.raises(PlanStale, match="in dispute"):
        desk.approve("2026-03-11")
    with pytest.raises(FieldRefused, match="none are due"):
        desk.propose("2026-03-11", count=2)


def test_what_is_due_later_is_not_asked_for(desk):
    desk.post(90_000, "2026-03-01")
    desk.propose("2026-03-11", first="2026-03-21", every_days=10)
    desk.approve("2026-03-11")
    with desk.world.store.read() as reader:
        every = account_items(reader, desk.world.account(1))
    later = [every.deferred(day(on)) for on in ("2026-03-20", "2026-03-21", "2026-04-10")]
    assert (every.balance, later) == (90_000, [90_000, 60_000, 0])


def test_every_screen_asks_for_what_is_due_within_the_days_of_a_bill(desk):
    """The dashboard, the masked look-up and counters: the instalments of the next ten days."""
    desk.post(90_000, "2026-03-01")
    desk.propose("2026-03-11", first="2026-03-21", every_days=10)
    desk.approve("2026-03-11")
    with desk.world.store.write() as session:
        session.run("UPDATE account SET customer_id = :owner", owner=owned_id(1, 1))
        session.run(
            "INSERT INTO customer (customer_id, kind, name, number, phone, email, address,"
            " language, revision, recorded_at)"
            " VALUES (:owner, 'person', 'Ann', 'C1', '', '', '', '', 1, 0)",
            owner=owned_id(1, 1),
        )
    with desk.world.store.read() as reader:
        provider = providers.provider(reader, desk.world.caller.provider_id)
        provider = provider._replace(policies='{"due_days": 10}')
        account = things.get(reader, provider.provider_id, ACCOUNTS, desk.world.account(1))
        for on, asked in (("2026-03-10", 0), ("2026-03-11", 30_000), ("2026-03-21", 60_000)):
            screens = (
                dashboard(reader, desk.world.caller, provider, account, day(on)).payable,
                masked(reader, provider, account, day(on)).payable,
                asked_for(reader, account.account_id, parse_policies(provider.policies), day(on)),
            )
            assert screens == (asked,) * 3, on


DAMAGES = [
    ("UPDATE instalment SET amount = amount + 1 WHERE instalment_no = 1", "sum to its total"),
    ("UPDATE instalment_item SET amount = amount - 1", "sum to its total"),
    ("UPDATE account_entry SET amount = amount + 1 WHERE kind = 10", "not as it was posted"),
    ("DELETE FROM instalment_step WHERE step_no = 1", "do not follow the table"),
    (
        "INSERT INTO instalment_plan SELECT account_id, 2, total, client_id, actor, recorded_at "
        "FROM instalment_plan; INSERT INTO instalment_step SELECT account_id, 2, step_no, state, "
        "day, client_id, actor, reason, recorded_at FROM instalment_step WHERE step_no = 1",
        "another plan that is open",
    ),
    ("UPDATE instalment_step SET state = 5 WHERE step_no = 2", "is of no plan"),
]


def test_damage_is_found(desk):
    """Each kind of damage is found, and found by what it is."""
    desk.post(90_000, "2026-03-01")
    desk.propose("2026-03-11")
    desk.approve("2026-03-11")
    for damage, says in DAMAGES:
        found = ""
        with suppress(_Undo), desk.world.store.write() as session:
            assert session.run(damage) > 0
            found = " ".join(str(one["message"]) for one in instalments_agree(session, 1))
            raise _Undo
        assert says in found


class _Undo(Exception):
    """Ends a transaction that is not to be kept."""


@pytest.mark.parametrize(
    ("total", "number", "policy", "parts"),
    [
        (1_000, 3, {"unit": 10}, [340, 330, 330]),
        (1_000, 3, {"unit": 10, "rest_first": False}, [330, 330, 340]),
        (7, 3, {}, [3, 2, 2]),
        (1_234_567, 1, {"unit": 1_000}, [1_234_567]),
    ],
)
def test_a_total_is_split_to_the_last_unit(total, number, policy, parts):
    assert split(total, number, InstalmentPolicy(**policy)) == parts


def test_months_of_two_calendars():
    """From the last day of a month on: the last day where a month is shorter, then it again."""
    first = date(2026, 1, 31).toordinal()
    for calendar, days in (
        (Calendar.GREGORIAN, ["2026-01-31", "2026-02-28", "2026-03-31"]),
        (Calendar.JALALI, ["2026-01-31", "2026-03-02", "2026-03-31"]),  # 11 Bahman 1404
    ):
        made = schedule(30, 3, first, 0, calendar, first, InstalmentPolicy())
        assert [date.fromordinal(one.due_day).isoformat() for one in made] == days
