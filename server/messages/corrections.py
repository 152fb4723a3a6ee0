"""Corrections of bills as messages, and back."""

import json
from collections.abc import Sequence

from billcore.core.billing.corrections.cancelling import Cancelled
from billcore.core.billing.corrections.credits import Reason
from billcore.core.billing.corrections.estimates import Reestimated
from billcore.core.billing.corrections.family import Family
from billcore.core.billing.corrections.rerating import Change, Rerated
from billcore.core.billing.corrections.undoing import Undone
from billcore.core.billing.corrections.wanted import Wanted
from billcore.core.store.corrections import Correction
from billcore.core.store.providers import Provider
from billcore.server.asked import Moment, currency
from billcore.server.messages import account as account_messages
from billcore.server.messages import billing as billing_messages
from billcore.server.messages import meter as meter_messages
from billcore.v1 import billing_service_pb2 as pb
from billcore.v1 import corrections_pb2

Request = (
    corrections_pb2.CancelBillRequest
    | corrections_pb2.CancelBillsRequest
    | corrections_pb2.RebillBillRequest
    | corrections_pb2.RerateAccountRequest
    | corrections_pb2.UndoCorrectionRequest
)
"""What asks for a correction: every one has `why` and `issued_day`."""


def wanted(request: Request, moment: Moment, source: str) -> Wanted:
    """What a correction is asked with. Raises FieldRefused."""
    why = request.why
    return Wanted(
        Reason(why.reason_code, why.reason, tuple(why.evidence)),
        moment.day(request.issued_day, "issued_day"),
        source,
    )


# -- answers


def cancelled(
    bill_ids: Sequence[int], done: Cancelled, provider: Provider
) -> corrections_pb2.CancelBillsResponse:
    """What became of each bill, in the order in which they were named."""
    results = [_result(place, bill, done) for place, bill in enumerate(bill_ids)]
    return corrections_pb2.CancelBillsResponse(
        correction_id=done.correction_id,
        results=results,
        cancelled=len(done.credits),
        total=done.total,
        **currency(provider),
    )


def _result(place: int, bill: int, done: Cancelled) -> corrections_pb2.CancelledBill:
    why = done.refused.get(place)
    if why is None:
        return corrections_pb2.CancelledBill(bill_id=bill, credit_id=done.credits[bill])
    return corrections_pb2.CancelledBill(
        bill_id=bill, refusal=why.reason, rule=why.fields.get("rule", ""), message=why.message
    )


def rerated(done: Rerated, provider: Provider) -> corrections_pb2.RerateAccountResponse:
    return corrections_pb2.RerateAccountResponse(
        correction_id=done.correction_id,
        corrected=[_document(one) for one in done.changes],
        unchanged=done.unchanged,
        readings=[_reading(one) for one in done.estimates],
        **currency(provider),
    )


def undone(done: Undone, provider: Provider) -> corrections_pb2.UndoCorrectionResponse:
    return corrections_pb2.UndoCorrectionResponse(
        correction_id=done.correction_id,
        corrected=[_document(one) for one in done.changes],
        readings=done.estimates,
        **currency(provider),
    )


def _document(one: Change) -> corrections_pb2.CorrectedDocument:
    return corrections_pb2.CorrectedDocument(
        bill_id=one.bill_id,
        taken_back_by=one.credit_id,
        place_taken_by=one.rebill_id,
        previous_day=account_messages.iso(one.previous_day),
        this_day=account_messages.iso(one.this_day),
        total_before=one.total_before,
        total_after=one.total_after,
    )


def _reading(one: Reestimated) -> corrections_pb2.ReestimatedReading:
    return corrections_pb2.ReestimatedReading(
        account_id=one.account_id,
        meter_id=one.meter_id,
        register_no=one.register_no,
        day=account_messages.iso(one.day),
        version=one.version,
        value=meter_messages.decimal(one.value, one.decimals),
        value_before=meter_messages.decimal(one.before, one.decimals),
    )


def family(found: Family, provider: Provider) -> pb.GetBillFamilyResponse:
    return pb.GetBillFamilyResponse(
        members=[
            pb.FamilyMember(
                header=billing_messages.header(one.header, provider, one.fate),
                correction_id=one.correction_id,
            )
            for one in found.members
        ],
        corrections=[
            _correction(one, found.undone_by.get(one.correction_id, 0)) for one in found.corrections
        ],
    )


def _correction(found: Correction, undone_by: int) -> corrections_pb2.Correction:
    why = corrections_pb2.CorrectionReason(
        reason_code=found.reason_code, reason=found.reason, evidence=json.loads(found.evidence)
    )
    return corrections_pb2.Correction(
        correction_id=found.correction_id,
        why=why,
        client_id=found.client_id,
        actor=found.actor,
        recorded_at=found.recorded_at,
        undoes=found.undoes,
        undone_by=undone_by,
    )
