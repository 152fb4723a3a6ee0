"""What time and money do to plans: paid ones are completed, late ones given up."""

from collections.abc import Callable, Iterator

import numpy as np

from billcore.core.accounts.acting import Acting, provider_acting
from billcore.core.accounts.late_fees import Bears
from billcore.core.caller import Caller
from billcore.core.collections.dunning.judging import debt_of
from billcore.core.collections.dunning.owing import Overdue, disputed, in_flight
from billcore.core.collections.instalments import plans
from billcore.core.collections.instalments.reading import Plan, plan_of
from billcore.core.collections.instalments.states import PlanState
from billcore.core.ids import id_range
from billcore.core.ledger.balances import NOW
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.metering.provider import metering_provider
from billcore.core.store import instalments as rows
from billcore.core.store import providers
from billcore.core.store.again import again
from billcore.core.store.port import Reader, Session, Store

REASONS = {
    PlanState.COMPLETED: "all instalments are paid",
    PlanState.ACTIVE: "a payment was taken back",
    PlanState.DEFAULTED: "an instalment was not paid in time",
}


def sweep_plans(
    store: Store, caller: Caller, clock: Callable[[], int]
) -> Iterator[tuple[int, int, PlanState]]:
    """(account, plan, state) of the plans that go on today, each in a transaction of its own, which
    decides in the account's turn; the same again does nothing."""
    provider_id = provider_acting(caller)
    with store.read() as reader:
        today = metering_provider(reader, provider_id).today(clock())
        grace = _grace(reader, provider_id)
        found = [
            (account_id, plan_no)
            for account_id, plan_no in rows.live(reader, *id_range(provider_id))
            if due(plan_of(reader, plans.find(reader, account_id, plan_no)), today, grace)
        ]
    for account_id, plan_no in found:

        def act(session: Session, key: tuple[int, int] = (account_id, plan_no)) -> PlanState | None:
            return _decide(Acting(session, caller, clock()), *key)

        state = again(store, act)
        if state is not None:
            yield account_id, plan_no, state


def due(plan: Plan, today: int, grace_days: int) -> PlanState | None:
    """The state to which a plan goes on a day, or None."""
    late = plan.late_since()
    if plan.row.state == PlanState.COMPLETED:
        return PlanState.ACTIVE if late else None
    if not late:
        return PlanState.COMPLETED
    return PlanState.DEFAULTED if late + grace_days < today else None


def _decide(write: Acting, account_id: int, plan_no: int) -> PlanState | None:
    provider_id = provider_acting(write.caller)
    turn_to_correct(write.session, provider_id, np.array([account_id]), write.now)
    today = metering_provider(write.session, provider_id).today(write.now)
    row = plans.find(write.session, account_id, plan_no)
    if row.state not in (PlanState.ACTIVE, PlanState.COMPLETED):
        return None
    plan, grace = plan_of(write.session, row), _grace(write.session, provider_id)
    state = due(plan, today, grace)
    if state is PlanState.DEFAULTED:
        if _covered(write, plan, today, grace):
            return None
        plans.give_up(write, account_id, plan_no, state, REASONS[state])
    elif state is PlanState.ACTIVE and plans.open_plan(write.session, account_id):
        return None  # an account has one open plan at most: this one waits until that has ended
    elif state is not None:
        plans.note(write, row, state, today, REASONS[state])
    return state


def _covered(write: Acting, plan: Plan, today: int, grace_days: int) -> bool:
    """Whether what is late beyond the days of grace is in dispute, or on its way: money on its way
    pays the oldest debts of the account first."""
    account_id = plan.row.account_id
    one = np.array([account_id])
    held = disputed(write.session, one, today, NOW)
    coming = in_flight(write.session, one, write.now).get(account_id, 0)
    overdue = Overdue(write.session, provider_acting(write.caller), one, today, NOW)
    owed = overdue.owed(account_id, tuple(Bears), held, coming)
    own = {part.account_entry_id for part in plan.parts}
    return not any(
        asked.debt and asked.item.item_id in own and asked.item.due_day + grace_days < today
        for asked in debt_of(owed).asked
    )


def _grace(reader: Reader, provider_id: int) -> int:
    provider = providers.provider(reader, provider_id)
    assert provider is not None
    return plans.policy_of(provider).grace_days
