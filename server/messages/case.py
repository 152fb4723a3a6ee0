"""Correction cases as messages, and back."""

from collections.abc import Sequence
from dataclasses import dataclass

from billcore.core.accounts.errors import FieldRefused
from billcore.core.cases.changing import clock_of
from billcore.core.cases.evidence import Given
from billcore.core.cases.facts import Fact, facts_of
from billcore.core.cases.kinds import CaseKind, EvidenceKind
from billcore.core.cases.plans import Balance, Step, plan_of
from billcore.core.store.case_evidence import EvidenceRow
from billcore.core.store.cases import (
    CaseRow,
    CorrectionRow,
    EventRow,
    FindingRow,
    ProposalRow,
    Wanted,
)
from billcore.core.store.providers import Provider
from billcore.server.asked import currency
from billcore.server.messages import account as fields
from billcore.v1 import case_service_pb2 as pb

CASES = "case"


@dataclass(frozen=True, slots=True)
class Told:
    """A case with its parts."""

    row: CaseRow
    number: str
    needs: Sequence[str] = ()
    timeline: Sequence[EventRow] = ()
    evidence: Sequence[EvidenceRow] = ()
    findings: Sequence[FindingRow] = ()
    proposals: Sequence[ProposalRow] = ()
    corrections: Sequence[CorrectionRow] = ()


# -- asked


def kind(number: int) -> CaseKind:
    """The kind of a request. Raises FieldRefused."""
    known = {int(one): one for one in CaseKind}
    if number not in known:
        allowed = [one.name for one in CaseKind]
        raise FieldRefused("kind", "say what the customer says.", allowed)
    return known[number]


def given(told: Sequence[pb.Evidence]) -> list[Given]:
    """The evidence of a request. Raises FieldRefused."""
    return [_given(one, place) for place, one in enumerate(told)]


def _given(told: pb.Evidence, place: int) -> Given:
    known = {int(one): one for one in EvidenceKind}
    if told.kind not in known:
        allowed = [one.name for one in EvidenceKind]
        raise FieldRefused(f"evidence[{place}].kind", "say what it is.", allowed)
    return Given(
        kind=known[told.kind],
        content=told.content,
        media_type=told.media_type,
        taken_at=told.taken_at,
        channel=told.channel,
        payer_code=told.payer_code,
        payment_code=told.payment_code,
        amount=told.amount,
        paid_at=told.paid_at,
        trace=told.trace,
        paid_channel=told.paid_channel,
        pan_last4=told.pan_last4,
    )


def wanted(request: pb.ListCasesRequest, account_id: int, now: int) -> Wanted:
    """Which cases a list asks for; account_id 0: of any account."""
    return Wanted(request.state, request.kind, account_id, now if request.overdue else 0)


# -- told


def case(told: Told, provider: Provider, now: int) -> pb.Case:
    row = told.row
    at = clock_of(row)
    return pb.Case(
        case_no=row.case_no,
        kind=row.kind,  # type: ignore[arg-type]
        account_id=row.account_id,
        number=told.number,
        channel=row.channel,
        state=row.state,  # type: ignore[arg-type]
        needs=told.needs,
        waits_until=fields.iso_if_any(row.waits_until),
        letter=row.letter,
        held_item_id=row.held_item,
        registered_at=row.registered_at,
        due_at=row.due_at,
        paused_at=row.paused_at,
        stopped_at=row.stopped_at,
        percent=at.percent(now),
        overdue=at.overdue(now),
        round=row.round,
        timeline=[_event(one) for one in told.timeline],
        evidence=[evidence(one) for one in told.evidence],
        findings=[_finding(one) for one in told.findings],
        proposals=[_proposal(one) for one in told.proposals],
        corrections=[_correction(one) for one in told.corrections],
        **currency(provider),
    )


def evidence(row: EvidenceRow, content: bytes = b"") -> pb.Evidence:
    return pb.Evidence(
        kind=row.kind,  # type: ignore[arg-type]
        media_type=row.media_type,
        content=content,
        taken_at=row.taken_at,
        channel=row.channel,
        payer_code=_code(row.payer_code),
        payment_code=_code(row.payment_code),
        amount=row.amount,
        paid_at=row.paid_at,
        trace=row.trace,
        paid_channel=row.paid_channel,
        pan_last4=row.pan_last4,
        evidence_no=row.evidence_no,
        sha256=row.digest.hex(),
        size=row.size,
        keep_until=fields.iso_if_any(row.keep_until),
        uploaded_by=row.actor,
        recorded_at=row.recorded_at,
    )


def _code(number: int) -> str:
    """0: there is none."""
    return str(number) if number else ""


def _event(row: EventRow) -> pb.CaseEvent:
    told = pb.CaseEvent(
        to=row.to_state,  # type: ignore[arg-type]
        reason=row.reason,
        actor=row.actor,
        recorded_at=row.recorded_at,
    )
    setattr(told, "from", row.from_state)
    return told


def _finding(row: FindingRow) -> pb.CaseFinding:
    return pb.CaseFinding(
        outcome=row.outcome,  # type: ignore[arg-type]
        waits_until=fields.iso_if_any(row.waits_until),
        facts=[_fact(one) for one in facts_of(row.facts)],
        recorded_at=row.recorded_at,
    )


def _fact(fact: Fact) -> pb.CaseFact:
    return pb.CaseFact(
        what=fact.what.value,
        channel=fact.channel,
        reference=fact.reference,
        payment_id=fact.payment_id,
        account_id=fact.account_id,
        number=fact.number,
        amount=fact.amount,
        day=fields.iso_if_any(fact.day),
        paid_at=fact.paid_at,
        bill_id=fact.bill_id,
        payer_code=_code(fact.payer_code),
        payment_code=_code(fact.payment_code),
        matched=fact.matched,
        text=fact.text,
    )


def _proposal(row: ProposalRow) -> pb.CorrectionProposal:
    plan = plan_of(row.plan)
    return pb.CorrectionProposal(
        proposal_no=row.proposal_no,
        steps=[_step(one) for one in plan.steps],
        balances=[_balance(one) for one in plan.balances],
        amount=row.amount,
        correct_from=row.correct_from,
        reason_code=row.reason_code,
        refund=bool(row.refund),
        provisional=bool(row.provisional),
        proposed_by=row.actor,
        recorded_at=row.recorded_at,
        approved_by=row.approver,
        approved_at=row.approved_at,
    )


def _step(one: Step) -> pb.CorrectionStep:
    return pb.CorrectionStep(
        kind=int(one.kind),  # type: ignore[arg-type]
        account_id=one.account_id,
        amount=one.amount,
        other_account_id=one.other_account_id,
        payment_id=one.payment_id,
        reference=one.reference,
        bill_id=one.bill_id,
        asked_before=one.asked_before,
        asked_after=one.asked_after,
    )


def _balance(one: Balance) -> pb.AccountBalance:
    return pb.AccountBalance(
        account_id=one.account_id, before=one.before, after=one.after, consumed=one.consumed
    )


def _correction(row: CorrectionRow) -> pb.PostedCorrection:
    return pb.PostedCorrection(
        correction_no=row.correction_no,
        kind=row.kind,  # type: ignore[arg-type]
        account_id=row.account_id,
        account_entry_id=row.account_entry_id,
        other_account_id=row.other_account_id,
        other_entry_id=row.other_entry_id,
        amount=row.amount,
        payment_id=row.payment_id,
        correction_id=row.correction_id,
        bill_id=row.bill_id,
        rebill_id=row.rebill_id,
        payment_code_before=_code(row.code_before),
        payment_code_after=_code(row.code_after),
        recorded_at=row.recorded_at,
        undone_at=row.undone_at,
    )
