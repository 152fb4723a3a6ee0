"""Payments explained, as messages."""

from billcore.core.ledger.allocation.explain import Cause
from billcore.core.ledger.balances import DocumentKind
from billcore.core.ledger.folding import BILL, DOCUMENT, PERIOD, SERVICE
from billcore.core.money import minor_digits
from billcore.core.payments.explained.explained import (
    AppliedPayment,
    AppliedStep,
    ExplainedPart,
    ExplainedPayment,
)
from billcore.server.messages import account as account_messages
from billcore.server.messages import payment as messages
from billcore.v1 import payment_service_pb2 as pb

CAUSES = {
    Cause.AT_ONCE: pb.APPLIED_CAUSE_AT_ONCE,
    Cause.NEW_ITEM: pb.APPLIED_CAUSE_NEW_ITEM,
    Cause.UNDONE: pb.APPLIED_CAUSE_UNDONE,
}


def told(found: ExplainedPayment, channel: str) -> pb.ExplainPaymentResponse:
    """What became of a payment's money. channel: the code of the order's channel."""
    reversal = found.status.reversal
    return pb.ExplainPaymentResponse(
        state=int(found.status.state),  # type: ignore[arg-type]
        payments=[_payment(found, one, channel) for one in found.parts],
        fee=found.order.fee,
        reversal=None if reversal is None else messages.reversal(reversal),
        currency=found.currency,
        digits=minor_digits(found.currency),
    )


def _payment(found: ExplainedPayment, one: ExplainedPart, channel: str) -> pb.ExplainedPayment:
    if one.part is None:
        payment = messages.payment(found.order, channel)
    else:
        payment = messages.part(found.order, one.part, channel)
    return pb.ExplainedPayment(
        payment=payment,
        sentence=one.sentence,
        applied=[_applied(credited) for credited in one.applied],
        suspended=one.suspended,
        returned=one.returned,
    )


def _applied(one: AppliedPayment) -> pb.AppliedPayment:
    said = one.entry.direction
    return pb.AppliedPayment(
        account_id=one.account_id,
        number=one.number,
        account_entry_id=one.entry.id,
        amount=one.amount,
        day=account_messages.iso(one.entry.day),
        strategy=one.explained.strategy.name,
        direction=_direction(said),
        referred_bill_id=int(said.removeprefix(DOCUMENT)) if said.startswith(DOCUMENT) else 0,
        sentence=one.sentence,
        steps=[_step(step) for step in one.steps],
        credit=one.credit,
        credit_sentence=one.credit_sentence,
        undone=one.explained.undone,
    )


def _direction(text: str) -> pb.Direction | None:
    if text.startswith(BILL):
        return pb.Direction(bill_id=int(text.removeprefix(BILL)))
    if text.startswith(SERVICE):
        return pb.Direction(service=text.removeprefix(SERVICE))
    if text.startswith(PERIOD):
        return pb.Direction(period=text.removeprefix(PERIOD))
    return None


def _step(one: AppliedStep) -> pb.AppliedStep:
    document, step = one.document, one.step
    bill = document.kind is DocumentKind.BILL
    return pb.AppliedStep(
        bill_id=document.id if bill else 0,
        account_entry_id=0 if bill else document.id,
        what=document.what,
        due_day=account_messages.iso(document.due_day),
        service=step.service_name,
        penalty=step.penalty,
        cause=CAUSES[step.cause],
        open_before=step.open_before,
        divided_over=step.divided_over,
        amount=step.amount,
        rest=step.rest,
        undone_day="" if one.undone_by is None else account_messages.iso(one.undone_by.day),
        sentence=one.sentence,
    )
