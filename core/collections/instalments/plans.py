"""Plans: proposed, approved by another person where the amount asks for it, ended.

A plan is for items that are open, for all that is open of them and nobody disputes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from billcore.core.accounts.acting import Write, provider_acting, same_person, tell
from billcore.core.accounts.collecting import InstalmentPolicy
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.policies import parse_policies
from billcore.core.calendar import Calendar
from billcore.core.collections.instalments import schedule
from billcore.core.collections.instalments.errors import (
    PlanApprovalNeeded,
    PlanConflict,
    PlanStale,
    PlanStateUnfit,
    PlanUnknown,
)
from billcore.core.collections.instalments.posting import PlanEntry, entries_of, post, take_back
from billcore.core.collections.instalments.states import FOLLOWING, GIVEN_UP, OPEN, PlanState
from billcore.core.collections.open_debts import chosen, stale
from billcore.core.ledger.balances import DocumentKind
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.metering.provider import metering_provider
from billcore.core.store import instalments as rows
from billcore.core.store.instalments import InstalmentRow, ItemRow, PlanRow, StepRow
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


class Terms(NamedTuple):
    """How a plan is paid: `parts` of (due day, amount), or so many of them from a day on, every so
    many days, 0: every month of the provider's calendar."""

    number: int = 0
    first_due_day: int = 0
    every_days: int = 0
    parts: Sequence[tuple[int, int]] = ()


def propose(
    write: Write,
    provider: Provider,
    account_id: int,
    items: Sequence[int],
    terms: Terms,
    reason: str,
) -> PlanRow:
    """Proposes a plan for items of an account; none: for all that are due.

    Raises FieldRefused, PlanConflict.
    """
    today = _turn(write, account_id)
    if one := open_plan(write.session, account_id):
        raise PlanConflict(account_id, one.plan_no, PlanState(one.state))
    every = rows.plans(write.session, account_id, account_id)
    covered = _covered(write.session, account_id, items, today)
    total, policy = sum(item.amount for item in covered), policy_of(provider)
    if terms.parts:
        parts = schedule.checked(terms.parts, today, policy)
        if sum(part.amount for part in parts) != total:
            raise FieldRefused("instalments", f"they do not sum to what is open, {total}.")
    else:
        calendar = Calendar(provider.calendar)
        given = terms.number, terms.first_due_day, terms.every_days
        parts = schedule.schedule(total, *given, calendar, today, policy)
    caller = write.caller
    plan = PlanRow(
        account_id, len(every) + 1, total, caller.client_id, caller.actor, write.now, 0, 0
    )
    rows.add_plan(write.session, plan, covered, parts)
    return _go(write, plan, PlanState.PROPOSED, today, reason)


def approve(
    write: Write, provider: Provider, account_id: int, plan_no: int, reason: str
) -> PlanRow:
    """Approves a plan, and posts it.

    Raises PlanUnknown, PlanStateUnfit, PlanApprovalNeeded, PlanStale.
    """
    today = _turn(write, account_id)
    plan = find(write.session, account_id, plan_no)
    check_state(plan, PlanState.ACTIVE)
    above = policy_of(provider).approval_above
    if plan.total > above and same_person(write.caller, plan.client_id, plan.actor):
        raise PlanApprovalNeeded(plan_no, plan.total, above)
    covered = rows.items(write.session, account_id, plan_no)
    parts = rows.instalments(write.session, account_id, plan_no)
    _check_fresh(write.session, plan, covered, parts, today)
    post(write, plan, entries_of(plan, covered, parts, today))
    return _go(write, plan, PlanState.ACTIVE, today, reason)


def reject(write: Write, account_id: int, plan_no: int, reason: str) -> PlanRow:
    """Rejects a plan that was proposed. Raises PlanUnknown, PlanStateUnfit."""
    today = _turn(write, account_id)
    plan = find(write.session, account_id, plan_no)
    check_state(plan, PlanState.REJECTED)
    return _go(write, plan, PlanState.REJECTED, today, reason)


def end(write: Write, account_id: int, plan_no: int, reason: str) -> PlanRow:
    """Rejects a plan that was proposed, cancels one that is active. Raises as these do."""
    if find(write.session, account_id, plan_no).state == PlanState.PROPOSED:
        return reject(write, account_id, plan_no, reason)
    return give_up(write, account_id, plan_no, PlanState.CANCELLED, reason)


def give_up(write: Write, account_id: int, plan_no: int, state: PlanState, reason: str) -> PlanRow:
    """Ends an active plan as CANCELLED or DEFAULTED, and takes back what it posted.

    Raises PlanUnknown, PlanStateUnfit.
    """
    assert state in GIVEN_UP
    today = _turn(write, account_id)
    plan = find(write.session, account_id, plan_no)
    check_state(plan, state)
    take_back(write, plan, posted(write.session, plan), today)
    return _go(write, plan, state, today, reason)


def note(write: Write, plan: PlanRow, state: PlanState, today: int, reason: str) -> PlanRow:
    """Notes that a plan was paid, or is open again. Raises PlanStateUnfit."""
    check_state(plan, state)
    return _go(write, plan, state, today, reason)


# -- what the other rooms of plans use


def find(reader: Reader, account_id: int, plan_no: int) -> PlanRow:
    """A plan. Raises PlanUnknown."""
    for one in rows.plans(reader, account_id, account_id):
        if one.plan_no == plan_no:
            return one
    raise PlanUnknown(account_id, plan_no)


def open_plan(reader: Reader, account_id: int) -> PlanRow | None:
    """The plan of an account that is proposed or active."""
    every = rows.plans(reader, account_id, account_id)
    return next((one for one in every if one.state in OPEN), None)


def posted(reader: Reader, plan: PlanRow) -> list[PlanEntry]:
    """What a plan posted when it was approved; nothing: it never was."""
    steps = rows.steps(reader, plan.account_id, plan.plan_no)
    days = [step.day for step in steps if step.state == PlanState.ACTIVE]
    if not days:
        return []
    covered = rows.items(reader, plan.account_id, plan.plan_no)
    parts = rows.instalments(reader, plan.account_id, plan.plan_no)
    return entries_of(plan, covered, parts, days[0])


def policy_of(provider: Provider) -> InstalmentPolicy:
    """The provider's policy of plans."""
    return parse_policies(provider.policies).instalments


def check_state(plan: PlanRow, state: PlanState) -> None:
    """Raises PlanStateUnfit unless a plan may go to a state."""
    if state not in FOLLOWING[PlanState(plan.state)]:
        before = [one for one, following in FOLLOWING.items() if state in following]
        raise PlanStateUnfit(plan.plan_no, PlanState(plan.state), before)


def _turn(write: Write, account_id: int) -> int:
    """Today, in the turn of an account: nobody posts to it, nor duns it, meanwhile."""
    provider_id = provider_acting(write.caller)
    turn_to_correct(write.session, provider_id, np.array([account_id]), write.now)
    return metering_provider(write.session, provider_id).today(write.now)


def _covered(reader: Reader, account_id: int, items: Sequence[int], today: int) -> list[ItemRow]:
    """The items of a plan, all that is open of each. Raises FieldRefused."""
    found = chosen(reader, account_id, items, today, (EntryKind.INSTALMENT,))
    return [
        ItemRow(one.document.id, int(one.document.kind is DocumentKind.BILL), one.open)
        for one in found
    ]


def _check_fresh(
    reader: Reader,
    plan: PlanRow,
    covered: Sequence[ItemRow],
    parts: Sequence[InstalmentRow],
    today: int,
) -> None:
    """Raises PlanStale where it is not what was proposed."""
    if parts[0].due_day < today:
        raise PlanStale(plan.plan_no, "its first instalment would be due before today.")
    covers = [(item.item_id, item.amount) for item in covered]
    why = stale(reader, plan.account_id, covers, today)
    if why:
        raise PlanStale(plan.plan_no, why)


def _go(write: Write, plan: PlanRow, state: PlanState, today: int, reason: str) -> PlanRow:
    """The plan behind its next step, which is kept and told."""
    caller = write.caller
    step = StepRow(
        plan.step_no + 1, int(state), today, caller.client_id, caller.actor, reason, write.now
    )
    rows.add_step(write.session, plan.account_id, plan.plan_no, step)
    told = {"account_id": plan.account_id, "plan_no": plan.plan_no, "total": plan.total}
    subject = f"account {plan.account_id}"
    provider_id = provider_acting(caller)
    tell(write, provider_id, f"instalment_plan.{state.word}", subject, told, reason)
    return plan._replace(step_no=step.step_no, state=int(state))
