"""What follows when a debit fails: its payment is reversed, mandate and agreement follow the table
of reasons, and what may be collected later is tried again."""

from collections.abc import Sequence
from dataclasses import dataclass

from billcore.core.billing.items import account_items
from billcore.core.caller import Caller
from billcore.core.collections.direct_debit import mandates, moves, planning, retries
from billcore.core.collections.direct_debit.desk import Desk
from billcore.core.collections.direct_debit.months import months_after
from billcore.core.collections.direct_debit.moves import To
from billcore.core.collections.direct_debit.reasons import Action, Kind, Reason
from billcore.core.collections.direct_debit.retries import Failed
from billcore.core.collections.direct_debit.states import (
    LIVE,
    MANDATE_FROM,
    DebitState,
    MandateState,
)
from billcore.core.events.outbox import record
from billcore.core.payments.autopay import agreed
from billcore.core.payments.intake.place import Place
from billcore.core.payments.reversals import Asked, ReversalKind, reverse
from billcore.core.store import autopay as autopay_rows
from billcore.core.store import debits as rows
from billcore.core.store import mandates as mandate_rows
from billcore.core.store import payments as payment_rows
from billcore.core.store.debits import DebitRow
from billcore.core.store.port import Session

FAILED = "debit.failed"
"""The event of a debit that was rejected or taken back."""


@dataclass(frozen=True, slots=True)
class Acting:
    """A write of this room."""

    session: Session
    desk: Desk
    place: Place
    result_no: int

    @property
    def caller(self) -> Caller:
        """Who calls."""
        return self.desk.caller

    @property
    def now(self) -> int:
        """When."""
        return self.desk.now


def taken_back_as(desk: Desk, debit: DebitRow, code: str, day: int) -> DebitState:
    """Whether money that went back was returned by a bank, refunded to its payer, or reversed by
    us: the code says so; one of several kinds is a refund behind the window of returns."""
    kinds = desk.terms.reason(code).kinds
    if debit.state == DebitState.FINAL:
        return DebitState.REFUNDED
    if Kind.RETURN in kinds or Kind.REFUSAL in kinds:
        late = day > debit.collected_day + desk.terms.return_days
        return DebitState.REFUNDED if late and Kind.REFUND in kinds else DebitState.RETURNED
    return DebitState.REFUNDED if Kind.REFUND in kinds else DebitState.REVERSED


def take_back(
    acting: Acting, debit: DebitRow, code: str, day: int, line: int, state: DebitState | None = None
) -> DebitState:
    """Reverses the payment of a collected debit, and says how. day: from which on."""
    desk, session = acting.desk, acting.session
    state = state or taken_back_as(desk, debit, code, day)
    key = desk.provider_id, desk.channel.channel_no
    fee = acting.place.policies.reversal_fees.returned if state is DebitState.RETURNED else 0
    if payment_rows.reversal_of(session, *key, debit.end_to_end_id) is None:
        asked = Asked(
            reference=f"return {debit.end_to_end_id}",
            payment_reference=debit.end_to_end_id,
            kind=ReversalKind.RETURNED,
            reason=f"{code} {desk.terms.reason(code).meaning}".strip(),
            day=day,
        )
        reverse(acting, acting.place, asked, desk.today, fee)
    by = desk.by(result_no=acting.result_no)
    moves.move_rows(session, by, [debit], To(state, day, code=code, until_day=0, line=line))
    return state


def follow(acting: Acting, debit: DebitRow, state: DebitState, code: str, day: int) -> None:
    """What follows from a failure, and its event. debit: as it was before it failed."""
    desk = acting.desk
    reason = desk.terms.reason(code)
    again = _retried(acting, debit, reason)
    action = retries.final_action(reason, again is not None)
    _act(acting, debit, action, reason)
    collected = debit.collected_day
    limit = months_after(collected or desk.today, desk.terms.unauthorised_months)
    told = {
        "debit_no": debit.debit_no,
        "end_to_end_id": debit.end_to_end_id,
        "account_id": debit.account_id,
        "mandate_no": debit.mandate_no,
        "state": state.name,
        "code": code,
        "meaning": reason.meaning,
        "action": action.value,
        "amount": debit.amount,
        "day": day,
        "retry_debit_no": again.debit_no if again else 0,
        "retry_day": again.collection_day if again else 0,
        "beyond_all_windows": bool(collected) and day > limit,
    }
    subject = f"debit {debit.debit_no}"
    record(acting.session, desk.provider_id, FAILED, subject, told, desk.now)


def _retried(acting: Acting, debit: DebitRow, reason: Reason) -> DebitRow | None:
    if reason.action is not Action.RETRY:
        return None
    desk, session = acting.desk, acting.session
    mandate = mandate_rows.find(session, desk.provider_id, debit.mandate_no)
    agreement = autopay_rows.find(session, debit.account_id)
    allowed = mandate and mandate.state == MandateState.ACTIVE
    agrees = agreement and agreement.enabled and agreement.channel_no == debit.channel_no
    if not allowed or not agrees:
        return None
    others = rows.of_mandate(session, desk.provider_id, debit.mandate_no)
    failed = Failed(
        attempt=debit.attempt,
        day=debit.collection_day,
        today=desk.today,
        next_due=_next_due(acting, debit, others),
        taken={one.collection_day for one in others},
    )
    day = retries.retry_day(desk.terms, reason, failed)
    return planning.retry(session, desk, debit, day, desk.now) if day else None


def _next_due(acting: Acting, debit: DebitRow, others: Sequence[DebitRow]) -> int:
    """The day of the account's next debit, or bill, behind a debit's; 0: none is known."""
    days = [one.collection_day for one in others if one.state in LIVE]
    items = account_items(acting.session, debit.account_id)
    days += [one.document.due_day for one in items.open() if one.open > 0]
    last = max(debit.collection_day, acting.desk.today)
    return min((day for day in days if day > last), default=0)


def _act(acting: Acting, debit: DebitRow, action: Action, reason: Reason) -> None:
    why = f"{reason.code}: {reason.meaning}, of {debit.end_to_end_id}"
    match action:
        case Action.SUSPEND:
            _mandate(acting, debit, MandateState.SUSPENDED, why)
        case Action.CANCEL:
            _mandate(acting, debit, MandateState.CANCELLED, why)
        case Action.STOP_AUTOPAY:
            _stop_autopay(acting, debit, why)
        case Action.STOP_ALL:
            _mandate(acting, debit, MandateState.CANCELLED, why)
            _stop_autopay(acting, debit, why)


def _mandate(acting: Acting, debit: DebitRow, state: MandateState, why: str) -> None:
    row = mandate_rows.find(acting.session, acting.desk.provider_id, debit.mandate_no)
    if row is not None and row.state in MANDATE_FROM[state]:
        mandates.move(acting, row, state, row.version, why)


def _stop_autopay(acting: Acting, debit: DebitRow, why: str) -> None:
    row = autopay_rows.find(acting.session, debit.account_id)
    if row is not None and row.enabled and row.channel_no == debit.channel_no:
        agreed.end_autopay(acting, debit.account_id, row.revision, why)
