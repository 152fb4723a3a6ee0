"""The correction cases of a running server as `billcore case` calls them."""

import mimetypes
from functools import partial
from pathlib import Path
from typing import Any

from billcore.core.accounts.errors import FieldRefused
from billcore.core.cases.kinds import CaseKind, EvidenceKind
from billcore.core.cases.states import CaseState
from billcore.server.commands.console import say
from billcore.server.commands.moments import moment, shown_moment
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.v1 import case_service_pb2 as pb
from billcore.v1.case_service_pb2_grpc import CaseServiceStub


class Cases:
    """CaseService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, CaseServiceStub)

    def evidence(
        self,
        kind: str,
        file: Path | None,
        bill_id: str,
        payment_id: str,
        trace: str,
        amount: int,
        paid_at: str,
        paid_channel: str,
        last4: str,
        channel: str,
    ) -> list[pb.Evidence]:
        """The piece of evidence that options tell; none, if they tell nothing.

        Raises FieldRefused.
        """
        told: dict[str, Any] = {
            "payer_code": bill_id,
            "payment_code": payment_id,
            "trace": trace,
            "amount": amount,
            "paid_at": moment(paid_at),
            "paid_channel": paid_channel,
            "pan_last4": last4,
        }
        if file is None and not any(told.values()):
            return []
        told |= {"kind": _number(EvidenceKind, kind or "told", "evidence"), "channel": channel}
        if file is not None:
            told |= {"content": file.read_bytes(), "media_type": _media_type(file)}
        return [pb.Evidence(**told)]

    def register(
        self,
        kind: str,
        number: str,
        channel: str,
        evidence: list[pb.Evidence],
        reason: str,
        given_id: str,
    ) -> None:
        """Registers and tells the case."""
        request = pb.RegisterCaseRequest(
            request_id=request_named(given_id),
            kind=_number(CaseKind, kind, "kind"),  # type: ignore[arg-type]
            number=number,
            channel=channel,
            evidence=evidence,
            reason=reason,
        )
        with self._stub() as stub:
            _tell(stub.RegisterCase(request, **self._remote.call).case)

    def add(self, case: int, evidence: list[pb.Evidence], given_id: str) -> None:
        """Adds evidence and tells the case."""
        name = request_named(given_id)
        request = pb.AddEvidenceRequest(request_id=name, case_no=case, evidence=evidence)
        with self._stub() as stub:
            _tell(stub.AddEvidence(request, **self._remote.call).case)

    def act(self, method: str, case: int, given_id: str, **more: Any) -> None:
        """Calls a method of a case and tells the case."""
        kind = getattr(pb, f"{method}Request")
        request = kind(request_id=request_named(given_id), case_no=case, **more)
        with self._stub() as stub:
            _tell(getattr(stub, method)(request, **self._remote.call).case)

    def show(self, case: int) -> None:
        """Tells a case with all its parts."""
        with self._stub() as stub:
            told = stub.GetCase(pb.GetCaseRequest(case_no=case), **self._remote.call).case
        for one in told.timeline:
            before = CaseState(getattr(one, "from")).name if getattr(one, "from") else "-"
            why = f": {one.reason}" if one.reason else ""
            at = shown_moment(one.recorded_at)
            say(f"{at} {before} > {CaseState(one.to).name}, {one.actor}{why}")
        for piece in told.evidence:
            say(
                f"evidence {piece.evidence_no}: {EvidenceKind(piece.kind).name} "
                f"{piece.payer_code}/{piece.payment_code} {piece.trace} {piece.amount}, "
                f"{piece.size} bytes, kept until {piece.keep_until}"
            )
        _tell(told)

    def list(self, state: str, kind: str, number: str, overdue: bool) -> None:
        """Tells cases, a line each."""
        request = pb.ListCasesRequest(
            state=_number(CaseState, state, "state") if state else 0,  # type: ignore[arg-type]
            kind=_number(CaseKind, kind, "kind") if kind else 0,  # type: ignore[arg-type]
            overdue=overdue,
            page_size=PAGE_SIZE,
        )
        if number:
            request.number = number
        with self._stub() as stub:
            for page in pages(stub.ListCases, request, self._remote.call):
                for one in page.cases:
                    say(_line(one))

    def save(self, case: int, number: int, file: Path) -> None:
        """Writes a piece of evidence to a file. Raises FieldRefused if it is there."""
        request = pb.GetEvidenceRequest(case_no=case, evidence_no=number)
        with self._stub() as stub:
            told = stub.GetEvidence(request, **self._remote.call).evidence
        try:
            with file.open("xb") as made:
                made.write(told.content)
        except OSError as error:
            raise FieldRefused("file", f"{file} cannot be written: {error.strerror}.") from None
        say(f"{file}: {told.media_type}, {told.size} bytes, SHA-256 {told.sha256}")

    def sweep(self) -> None:
        """Sweeps and tells what that did."""
        with self._stub() as stub:
            told = stub.SweepCases(pb.SweepCasesRequest(), **self._remote.call)
        say(f"{told.looked} open cases, {told.warned} warnings, {told.moved} went on")


def _number(kind: type[Any], word: str, field: str) -> int:
    names = {one.name.lower(): int(one) for one in kind}
    if word.lower() not in names:
        raise FieldRefused(field, f"{word[:40]!r} is none.", list(names))
    return names[word.lower()]


def _media_type(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or ""


def _line(one: pb.Case) -> str:
    clock = "overdue" if one.overdue else f"{one.percent} %"
    kind, state = CaseKind(one.kind).name, CaseState(one.state).name
    return f"Case {one.case_no}: {kind} of {one.number}, {state}, clock {clock}"


def _tell(told: pb.Case) -> None:
    say(_line(told))
    for need in told.needs:
        say(f"    lacks: {need}")
    for fact in told.findings[-1].facts if told.findings else ():
        say(_fact(fact))
    if told.waits_until:
        say(f"    it waits until {told.waits_until}")
    if told.letter:
        say(f"    letter to finance {told.letter}")
    if told.proposals:
        _tell_proposal(told.proposals[-1])
    for one in told.corrections:
        _tell_posted(one)


def _fact(fact: pb.CaseFact) -> str:
    words = [
        f"{fact.channel} {fact.reference}".strip(),
        f"account {fact.number}" if fact.number else "",
        str(fact.amount) if fact.amount else "",
        fact.day,
        f"ids {fact.payer_code}/{fact.payment_code}" if fact.payer_code else "",
        f"by {fact.matched}" if fact.matched else "",
        fact.text,
    ]
    return f"    {fact.what}: " + ", ".join(word for word in words if word)


def _tell_proposal(told: pb.CorrectionProposal) -> None:
    approved = f", approved by {told.approved_by}" if told.approved_at else ""
    say(f"    proposal {told.proposal_no} of {told.amount}{approved}")
    for step in told.steps:
        name = pb.CorrectionStepKind.Name(step.kind).removeprefix("CORRECTION_STEP_KIND_")
        asked = f", asks {step.asked_before} > {step.asked_after}" if step.bill_id else ""
        say(f"      {name}{_amount(step.amount)}{asked}")
    for one in told.balances:
        consumed = f", {one.consumed} of it is spent" if one.consumed else ""
        say(f"      account {one.account_id}: {one.before} > {one.after}{consumed}")


def _tell_posted(one: pb.PostedCorrection) -> None:
    name = pb.CorrectionStepKind.Name(one.kind).removeprefix("CORRECTION_STEP_KIND_")
    ids = ""
    if one.rebill_id:
        ids = f", payment id {one.payment_code_before} > {one.payment_code_after}"
    undone = ", undone" if one.undone_at else ""
    say(f"    posted {one.correction_no}: {name}{_amount(one.amount)}{ids}{undone}")


def _amount(amount: int) -> str:
    return f" {amount}" if amount else ""
