"""CollectionService: late fees. Each handler: convert, call, convert, return.

Its calls on dunning are in `dunning`, those on plans in `instalments`, on deposits in
`deposits`, on write-offs in `write_offs`.

An assessment is begun once by its request, and driven by the call that asks for it: who asks again
drives what is left.
"""

from collections.abc import Iterator
from threading import Event

import grpc

from billcore.core.collections.late_fees import assessments, holds, reference, shown
from billcore.core.ledger.balances import NOW
from billcore.core.store import late_fees as rows
from billcore.core.store import reference_rates
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.gate import Gate
from billcore.server.messages import account as fields
from billcore.server.messages import collection as messages
from billcore.server.refusals import ServerDraining
from billcore.server.services.deposits import DepositCalls
from billcore.server.services.dunning import DunningCalls
from billcore.server.services.instalments import InstalmentCalls
from billcore.server.services.write_offs import WriteOffCalls
from billcore.server.streams import ASSESS_LATE_FEES
from billcore.server.telemetry import Metrics
from billcore.v1 import collection_service_pb2 as pb
from billcore.v1.collection_service_pb2_grpc import CollectionServiceServicer

Context = grpc.ServicerContext

ASSESSMENTS = "late_fee_assessment"
ASSESSMENT_MAX = 2**31 - 1


class CollectionService(
    DunningCalls, InstalmentCalls, DepositCalls, WriteOffCalls, CollectionServiceServicer
):
    """The late fees, dunning, plans, deposits and write-offs of the caller's provider over gRPC.

    leaving: set when the server drains; an assessment then ends behind its chunk, to be continued.
    """

    def __init__(self, backend: Backend, gate: Gate, leaving: Event, metrics: Metrics) -> None:
        self._backend = backend
        self._gate = gate
        self._leaving = leaving
        self._metrics = metrics

    # -- assessments

    def AssessLateFees(
        self, request: pb.AssessLateFeesRequest, context: Context
    ) -> Iterator[pb.AssessLateFeesResponse]:
        def act(write: Write) -> pb.AssessLateFeesResponse:
            moment, provider = asked.moment(write.session, write.now), asked.provider(write.session)
            day = moment.day(request.until_day, "until_day")
            named = request.WhichOneof("by") is not None
            account = asked.account(write.session, request).account_id if named else 0
            chunk = request.chunk_accounts
            made = assessments.begin(write, day, moment.today, account, chunk)
            told = messages.assessment(assessments.Progress(made, ()), provider)
            return pb.AssessLateFeesResponse(assessment=told)

        first = pb.AssessLateFeesResponse.FromString(self._backend.once(request, context, act))
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
        backend, caller = self._backend, CALLER.get()
        number, seen = first.assessment.assessment_id, -1
        for found in assessments.drive(backend.store, caller, number, backend.now):
            if seen >= 0 and len(found.chunks) > seen:
                chunk = found.chunks[-1]
                self._metrics.late_fees_assessed(chunk.charges, chunk.credits)
            seen = len(found.chunks)
            yield pb.AssessLateFeesResponse(assessment=messages.assessment(found, provider))
            if not found.complete:
                self._check(context)

    def ListLateFeeAssessments(
        self, request: pb.ListLateFeeAssessmentsRequest, context: Context
    ) -> pb.ListLateFeeAssessmentsResponse:
        size, before = pages.page_size(request), pages.after_number(request, ASSESSMENTS)
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            number = provider.provider_id
            found = rows.assessments(reader, number, before or ASSESSMENT_MAX, size + 1)
            page, token = fields.cut(found, size, ASSESSMENTS, "assessment_id")
            told = [assessments.progress(reader, number, one.assessment_id) for one in page]
        items = [messages.assessment(one, provider) for one in told]
        return pb.ListLateFeeAssessmentsResponse(assessments=items, next_page_token=token)

    # -- of an account

    def GetLateFees(
        self, request: pb.GetLateFeesRequest, context: Context
    ) -> pb.GetLateFeesResponse:
        size, item_id = pages.page_size(request), request.item_id
        with self._backend.store.read() as reader:
            account_id, provider = asked.account(reader, request).account_id, asked.provider(reader)
            of = f"late_fee/{account_id}/{item_id}"
            after = pages.after_number(request, of)
            found, last = shown.charges(reader, provider, account_id, item_id, after, size)
        return pb.GetLateFeesResponse(
            account_id=account_id,
            fees=[messages.fee(one) for one in found],
            next_page_token=pages.token(of, str(last)) if last else "",
            **asked.currency(provider),
        )

    def PreviewLateFees(
        self, request: pb.PreviewLateFeesRequest, context: Context
    ) -> pb.PreviewLateFeesResponse:
        with self._backend.store.read() as reader:
            account_id, provider = asked.account(reader, request).account_id, asked.provider(reader)
            moment = asked.moment(reader, self._backend.now())
            day = moment.day(request.until_day, "until_day")
            found = shown.preview(reader, provider, account_id, day)
        return pb.PreviewLateFeesResponse(
            account_id=account_id,
            until_day=fields.iso(day),
            items=[messages.item(one) for one in found],
            change=sum(one.change for one in found),
            **asked.currency(provider),
        )

    # -- rates

    def SetReferenceRate(self, request: pb.SetReferenceRateRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SetReferenceRateResponse:
            given, why = messages.given_rate(request.rate), fields.reason(request)
            kept = reference.set_rate(write, given, why)
            return pb.SetReferenceRateResponse(rate=messages.rate(kept))

        return self._backend.once(request, context, act)

    def ListReferenceRates(
        self, request: pb.ListReferenceRatesRequest, context: Context
    ) -> pb.ListReferenceRatesResponse:
        size, after = pages.page_size(request), messages.after(request)
        with self._backend.store.read() as reader:
            number = CALLER.get().provider_id
            found = reference_rates.listed(reader, number, after, size + 1)
        return messages.rates(found, size)

    # -- holds

    def HoldLateFees(self, request: pb.HoldLateFeesRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.HoldLateFeesResponse:
            account_id = asked.account(write.session, request).account_id
            day = asked.moment(write.session, write.now).day(request.from_day, "from_day")
            why, item, amount = asked.reason(request), request.item_id, request.amount
            kept = holds.hold(write, account_id, item, amount, day, request.source, why)
            return pb.HoldLateFeesResponse(hold=messages.hold(kept))

        return self._backend.once(request, context, act)

    def ReleaseLateFees(self, request: pb.ReleaseLateFeesRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ReleaseLateFeesResponse:
            messages.check_annulled(request)
            account_id = asked.account(write.session, request).account_id
            day = asked.moment(write.session, write.now).day(request.until_day, "until_day")
            why = asked.reason(request)
            kept = holds.release(write, account_id, request.source, day, why, request.annul)
            return pb.ReleaseLateFeesResponse(hold=messages.hold(kept))

        return self._backend.once(request, context, act)

    def ListLateFeeHolds(
        self, request: pb.ListLateFeeHoldsRequest, context: Context
    ) -> pb.ListLateFeeHoldsResponse:
        with self._backend.store.read() as reader:
            account_id = asked.account(reader, request).account_id
            found = rows.holds(reader, account_id, account_id, NOW)
        return pb.ListLateFeeHoldsResponse(holds=[messages.hold(one) for one in found])

    def _check(self, context: Context) -> None:
        """A stream outlives neither its caller, nor its key, nor the server."""
        if self._leaving.is_set() or not context.is_active():
            raise ServerDraining
        self._gate.caller(ASSESS_LATE_FEES, dict(context.invocation_metadata()))
