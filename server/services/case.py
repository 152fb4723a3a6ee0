"""CaseService: correction cases. Each handler: convert, call, convert, return."""

from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf.message import Message

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.cases import correcting, ending, proposing, registering, sweeping, undoing
from billcore.core.cases.changing import found
from billcore.core.cases.errors import EvidenceUnknown
from billcore.core.cases.registering import NewCase, needs_of
from billcore.core.store import case_evidence as evidence_rows
from billcore.core.store import cases as rows
from billcore.core.store.cases import CaseRow
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as fields
from billcore.server.messages import case as messages
from billcore.server.messages.case import Told
from billcore.server.telemetry import Metrics
from billcore.v1 import case_service_pb2 as pb
from billcore.v1.case_service_pb2_grpc import CaseServiceServicer

Context = grpc.ServicerContext


class CaseService(CaseServiceServicer):
    """The correction cases of the caller's provider over gRPC."""

    def __init__(self, backend: Backend, metrics: Metrics) -> None:
        self._backend = backend
        self._metrics = metrics

    # -- begun

    def RegisterCase(self, request: pb.RegisterCaseRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            given = NewCase(
                messages.kind(request.kind),
                asked.account(write.session, request),
                request.channel,
                messages.given(request.evidence),
                request.disputed_item_id,
                request.disputed_amount,
                fields.reason(request),
            )
            return registering.register(write, provider, given)

        return self._acted(request, context, pb.RegisterCaseResponse, act)

    def AddEvidence(self, request: pb.AddEvidenceRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            given = messages.given(request.evidence)
            return registering.add_evidence(write, provider, request.case_no, given)

        return self._acted(request, context, pb.AddEvidenceResponse, act)

    def InvestigateCase(self, request: pb.InvestigateCaseRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            return registering.investigate(write, provider, request.case_no)

        return self._acted(request, context, pb.InvestigateCaseResponse, act)

    # -- corrected

    def ProposeCorrection(self, request: pb.ProposeCorrectionRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            why = request.reason_code, asked.reason(request)
            how = request.refund, request.provisional
            return proposing.propose(write, provider, request.case_no, *why, *how)

        return self._acted(request, context, pb.ProposeCorrectionResponse, act)

    def ApproveCorrection(self, request: pb.ApproveCorrectionRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            proposing.approve(write, provider, request.case_no, asked.reason(request))
            return found(write.session, provider.provider_id, request.case_no)

        return self._acted(request, context, pb.ApproveCorrectionResponse, act)

    def CorrectCase(self, request: pb.CorrectCaseRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            return correcting.correct(write, provider, request.case_no, asked.reason(request))

        return self._acted(request, context, pb.CorrectCaseResponse, act)

    def UndoCaseCorrection(self, request: pb.UndoCaseCorrectionRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            return undoing.undo(write, provider, request.case_no, asked.reason(request))

        return self._acted(request, context, pb.UndoCaseCorrectionResponse, act)

    # -- ended

    def NotifyCase(self, request: pb.NotifyCaseRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            return ending.notify(write, provider, request.case_no)

        return self._acted(request, context, pb.NotifyCaseResponse, act)

    def CloseCase(self, request: pb.CloseCaseRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            return ending.close(write, provider, request.case_no)

        return self._acted(request, context, pb.CloseCaseResponse, act)

    def WithdrawCase(self, request: pb.WithdrawCaseRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            return ending.withdraw(write, provider, request.case_no, asked.reason(request))

        return self._acted(request, context, pb.WithdrawCaseResponse, act)

    def RejectCase(self, request: pb.RejectCaseRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            return ending.reject(write, provider, request.case_no, asked.reason(request))

        return self._acted(request, context, pb.RejectCaseResponse, act)

    def ReopenCase(self, request: pb.ReopenCaseRequest, context: Context) -> bytes:
        def act(write: Write, provider: Provider) -> CaseRow:
            return ending.reopen(write, provider, request.case_no, asked.reason(request))

        return self._acted(request, context, pb.ReopenCaseResponse, act)

    def SweepCases(self, request: pb.SweepCasesRequest, context: Context) -> pb.SweepCasesResponse:
        done = sweeping.sweep(self._backend.store, CALLER.get(), self._backend.now())
        self._metrics.cases_swept(done.warned, done.moved)
        return pb.SweepCasesResponse(looked=done.looked, warned=done.warned, moved=done.moved)

    # -- asked

    def GetCase(self, request: pb.GetCaseRequest, context: Context) -> pb.GetCaseResponse:
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            row = found(reader, provider.provider_id, request.case_no)
            told = _whole(reader, provider, row)
        return pb.GetCaseResponse(case=messages.case(told, provider, self._backend.now()))

    def ListCases(self, request: pb.ListCasesRequest, context: Context) -> pb.ListCasesResponse:
        now = self._backend.now()
        size, after = pages.page_size(request), pages.after_number(request, messages.CASES)
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            named = request.WhichOneof("by") is not None
            account_id = asked.account(reader, request).account_id if named else 0
            wanted = messages.wanted(request, account_id, now)
            every = rows.listed(reader, provider.provider_id, wanted, after, size + 1)
            page, token = fields.cut(every, size, messages.CASES, "case_no")
            told = [Told(row, _number(reader, provider, row)) for row in page]
        cases = [messages.case(one, provider, now) for one in told]
        return pb.ListCasesResponse(cases=cases, next_page_token=token)

    def GetEvidence(
        self, request: pb.GetEvidenceRequest, context: Context
    ) -> pb.GetEvidenceResponse:
        case_no, evidence_no = request.case_no, request.evidence_no
        with self._backend.store.read() as reader:
            key = asked.provider(reader).provider_id, case_no
            found(reader, *key)
            every = {one.evidence_no: one for one in evidence_rows.of_case(reader, key)}
            content = evidence_rows.content(reader, key, evidence_no)
        if evidence_no not in every or content is None:
            raise EvidenceUnknown(case_no, evidence_no)
        told = messages.evidence(every[evidence_no], content)
        return pb.GetEvidenceResponse(evidence=told)

    def _acted(
        self,
        request: Any,
        context: Context,
        answer: Callable[..., Message],
        act: Callable[[Write, Provider], CaseRow],
    ) -> bytes:
        """The answer of a write: the case with all its parts."""

        def once(write: Write) -> Message:
            provider = asked.provider(write.session)
            row = act(write, provider)
            told = _whole(write.session, provider, row)
            return answer(case=messages.case(told, provider, write.now))

        return self._backend.once(request, context, once)


def _whole(reader: Reader, provider: Provider, row: CaseRow) -> Told:
    key = provider.provider_id, row.case_no
    return Told(
        row=row,
        number=_number(reader, provider, row),
        needs=needs_of(reader, provider.provider_id, row),
        timeline=rows.events(reader, key),
        evidence=evidence_rows.of_case(reader, key),
        findings=rows.findings(reader, key),
        proposals=rows.proposals(reader, key),
        corrections=rows.corrections(reader, key),
    )


def _number(reader: Reader, provider: Provider, row: CaseRow) -> str:
    return things.get(reader, provider.provider_id, ACCOUNTS, row.account_id).number
