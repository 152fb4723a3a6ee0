"""What plans of instalments refuse."""

from collections.abc import Iterable

from billcore.core.collections.instalments.states import PlanState
from billcore.core.errors import BillcoreError


class PlanUnknown(BillcoreError):
    """The account has no such plan."""

    reason = "INSTALMENT_PLAN_UNKNOWN"

    def __init__(self, account_id: int, plan_no: int) -> None:
        super().__init__(
            f"Account {account_id} has no plan {plan_no} of instalments.",
            account_id=account_id,
            plan=plan_no,
        )


class PlanStateUnfit(BillcoreError):
    """The plan is in no state for this."""

    reason = "INSTALMENT_PLAN_STATE_UNFIT"

    def __init__(self, plan_no: int, state: PlanState, wanted: Iterable[PlanState]) -> None:
        listed = ", ".join(one.name for one in wanted)
        super().__init__(
            f"Plan {plan_no} is {state.name}; it would have to be {listed}.",
            plan=plan_no,
            state=state.name,
        )


class PlanConflict(BillcoreError):
    """The account has a plan already that is proposed or active."""

    reason = "INSTALMENT_PLAN_CONFLICT"

    def __init__(self, account_id: int, plan_no: int, state: PlanState) -> None:
        super().__init__(
            f"Account {account_id} has plan {plan_no}, which is {state.name}: end that first.",
            account_id=account_id,
            plan=plan_no,
            state=state.name,
        )


class PlanStale(BillcoreError):
    """What is open is not what the plan was proposed for."""

    reason = "INSTALMENT_PLAN_STALE"

    def __init__(self, plan_no: int, what: str) -> None:
        super().__init__(f"Plan {plan_no}: {what} Reject it, and propose anew.", plan=plan_no)


class PlanApprovalNeeded(BillcoreError):
    """A plan of such an amount is approved by another person."""

    reason = "INSTALMENT_APPROVAL_NEEDED"

    def __init__(self, plan_no: int, total: int, above: int) -> None:
        super().__init__(
            f"Plan {plan_no} is of {total}, above {above}: another person than who proposed it "
            "approves it.",
            plan=plan_no,
            amount=total,
            above=above,
        )
