"""Plans of instalments as messages, and back."""

from typing import Any

from billcore.core.accounts.errors import FieldRefused
from billcore.core.collections.instalments.plans import Terms
from billcore.core.collections.instalments.reading import Part, Plan
from billcore.core.store.instalments import StepRow
from billcore.core.store.providers import Provider
from billcore.server.asked import Moment, currency
from billcore.server.messages import account as fields
from billcore.v1 import instalments_pb2 as pb


def terms(request: pb.ProposeInstalmentsRequest, moment: Moment) -> Terms:
    """How a plan is to be paid. Raises FieldRefused."""
    listed = request.instalments
    if not listed:
        first = moment.day(request.first_due_day, "first_due_day")
        return Terms(request.instalment_count, first, request.every_days)
    if request.instalment_count or request.first_due_day or request.every_days:
        raise FieldRefused("instalments", "they are listed, or told by number and days.")
    days = [fields.day(one.due_day, f"instalments[{at}].due_day") for at, one in enumerate(listed)]
    return Terms(parts=[(day, one.amount) for day, one in zip(days, listed, strict=True)])


def plan(found: Plan, provider: Provider) -> pb.InstalmentPlan:
    state: Any = found.row.state
    return pb.InstalmentPlan(
        account_id=found.row.account_id,
        plan_no=found.row.plan_no,
        state=state,
        total=found.row.total,
        open=found.open,
        items=[pb.InstalmentItem(item_id=one.item_id, amount=one.amount) for one in found.items],
        instalments=[_part(one) for one in found.parts],
        steps=[_step(one) for one in found.steps],
        **currency(provider),
    )


def _part(found: Part) -> pb.Instalment:
    return pb.Instalment(
        instalment_no=found.row.instalment_no,
        due_day=fields.iso(found.row.due_day),
        amount=found.row.amount,
        open=found.open,
        account_entry_id=found.account_entry_id,
    )


def _step(found: StepRow) -> pb.InstalmentPlanStep:
    state: Any = found.state
    return pb.InstalmentPlanStep(
        state=state,
        day=fields.iso(found.day),
        actor=found.actor,
        reason=found.reason,
        recorded_at=found.recorded_at,
    )
