"""DirectDebitService. Each handler: convert, call, convert, return."""

from collections.abc import Iterator

import grpc

from billcore.core.accounts.acting import provider_acting
from billcore.core.collections.direct_debit import (
    formats,
    mandates,
    planning,
    reversing,
    sealing,
    shown,
    sweeping,
)
from billcore.core.collections.direct_debit.desk import Desk, desk
from billcore.core.collections.direct_debit.results import import_results
from billcore.core.collections.direct_debit.states import DebitState, MandateState
from billcore.core.collections.direct_debit.terms import check_kind, set_terms, terms_of
from billcore.core.payments.channels import by_code, check_channel, get_channel
from billcore.core.store import debit_batches as batch_rows
from billcore.core.store import debit_results as result_rows
from billcore.core.store import debits as rows
from billcore.core.store import mandates as mandate_rows
from billcore.core.store.debit_results import ResultRow
from billcore.core.store.mandates import MandateRow
from billcore.core.store.port import Reader
from billcore.server import asked, pages
from billcore.server.asked import channel_codes
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as fields
from billcore.server.messages import direct_debit as messages
from billcore.server.telemetry import Metrics
from billcore.v1 import direct_debit_service_pb2 as pb
from billcore.v1.direct_debit_service_pb2_grpc import DirectDebitServiceServicer

Context = grpc.ServicerContext

PLAN = "debit plan"
"""The list of accounts that PlanDebits goes through."""


class DirectDebitService(DirectDebitServiceServicer):
    """The direct debit of the caller's provider over gRPC."""

    def __init__(self, backend: Backend, metrics: Metrics) -> None:
        self._backend = backend
        self._metrics = metrics

    # -- terms and formats

    def GetDebitTerms(
        self, request: pb.GetDebitTermsRequest, context: Context
    ) -> pb.GetDebitTermsResponse:
        check_channel(CALLER.get(), request.channel)
        with self._backend.store.read() as reader:
            channel = by_code(reader, _provider(), request.channel)
            check_kind(channel)
            found, revision = terms_of(reader, _provider(), channel)
        return pb.GetDebitTermsResponse(terms=messages.terms(channel, found.json, revision))

    def SetDebitTerms(self, request: pb.SetDebitTermsRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SetDebitTermsResponse:
            given, why = request.terms, fields.reason(request)
            channel = by_code(write.session, _provider(), given.channel)
            made = set_terms(write, channel, given.terms, given.revision, why)
            told = messages.terms(channel, made.json, given.revision + 1)
            return pb.SetDebitTermsResponse(terms=told)

        return self._backend.once(request, context, act)

    def ListDebitFormats(
        self, request: pb.ListDebitFormatsRequest, context: Context
    ) -> pb.ListDebitFormatsResponse:
        with self._backend.store.read() as reader:
            found = formats.PAIRS.every(reader, _whole())
        return pb.ListDebitFormatsResponse(formats=map(messages.debit_format, found))

    def SetDebitFormat(self, request: pb.SetDebitFormatRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SetDebitFormatResponse:
            given, why = request.format, fields.reason(request)
            kept = formats.PAIRS.set(write, given.definition, given.revision, why)
            return pb.SetDebitFormatResponse(format=messages.debit_format(kept))

        return self._backend.once(request, context, act)

    # -- mandates

    def CreateMandate(self, request: pb.CreateMandateRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateMandateResponse:
            account_id = asked.account(write.session, request).account_id
            today = asked.moment(write.session, write.now).today
            given = messages.asked(request.mandate, account_id)
            made = mandates.create(write, given, today, fields.reason(request))
            return pb.CreateMandateResponse(mandate=_mandate(write.session, made))

        return self._backend.once(request, context, act)

    def ChangeMandate(self, request: pb.ChangeMandateRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ChangeMandateResponse:
            most = request.amount_max if request.HasField("amount_max") else None
            debtor = messages.details(request.debtor) if request.HasField("debtor") else None
            why = fields.reason(request)
            made = mandates.change(write, request.mandate, request.version, most, debtor, why)
            return pb.ChangeMandateResponse(mandate=_mandate(write.session, made))

        return self._backend.once(request, context, act)

    def SubmitMandate(self, request: pb.SubmitMandateRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SubmitMandateResponse:
            why = fields.reason(request)
            state = MandateState.PENDING_BANK
            made = mandates.go(write, request.mandate, state, request.version, why)
            return pb.SubmitMandateResponse(mandate=_mandate(write.session, made))

        return self._backend.once(request, context, act)

    def ActivateMandate(self, request: pb.ActivateMandateRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ActivateMandateResponse:
            why = fields.reason(request)
            state = MandateState.ACTIVE
            made = mandates.go(write, request.mandate, state, request.version, why)
            return pb.ActivateMandateResponse(mandate=_mandate(write.session, made))

        return self._backend.once(request, context, act)

    def SuspendMandate(self, request: pb.SuspendMandateRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SuspendMandateResponse:
            why = asked.reason(request)
            state = MandateState.SUSPENDED
            made = mandates.go(write, request.mandate, state, request.version, why)
            return pb.SuspendMandateResponse(mandate=_mandate(write.session, made))

        return self._backend.once(request, context, act)

    def CancelMandate(self, request: pb.CancelMandateRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CancelMandateResponse:
            why = asked.reason(request)
            state = MandateState.CANCELLED
            made = mandates.go(write, request.mandate, state, request.version, why)
            return pb.CancelMandateResponse(mandate=_mandate(write.session, made))

        return self._backend.once(request, context, act)

    def GetMandate(self, request: pb.GetMandateRequest, context: Context) -> pb.GetMandateResponse:
        with self._backend.store.read() as reader:
            row = mandates.found(reader, _whole(), request.mandate)
            told = _mandate(reader, row)
            versions = mandate_rows.versions(reader, _provider(), row.mandate_no)
            debits = rows.of_mandate(reader, _provider(), row.mandate_no)
            codes = channel_codes(reader)
        return pb.GetMandateResponse(
            mandate=told,
            versions=[messages.version(one) for one in versions],
            debits=[messages.debit(one, codes) for one in debits[-messages.DEBITS_MAX :]],
        )

    def ListMandates(
        self, request: pb.ListMandatesRequest, context: Context
    ) -> pb.ListMandatesResponse:
        name = f"mandate/{request.account_id}/{request.state}"
        after, size = pages.after_number(request, name), pages.page_size(request)
        wanted = request.account_id, request.state
        with self._backend.store.read() as reader:
            found = mandate_rows.listed(reader, _whole(), after, size + 1, *wanted)
            codes = channel_codes(reader)
        page, token = fields.cut(found, size, name, "mandate_no")
        told = [messages.mandate(one, codes) for one in page]
        return pb.ListMandatesResponse(mandates=told, next_page_token=token)

    # -- debits

    def PlanDebits(self, request: pb.PlanDebitsRequest, context: Context) -> pb.PlanDebitsResponse:
        scheme = messages.scheme(request.scheme)
        day = fields.day(request.collection_day, "collection_day")
        after = pages.after_number(request, PLAN)
        done = planning.plan(self._backend.store, self._desk(request.channel), scheme, day, after)
        self._metrics.debits_moved(DebitState.DUE.name, done.debits)
        token = pages.token(PLAN, str(done.last)) if done.last else ""
        return pb.PlanDebitsResponse(debits=done.debits, amount=done.amount, next_page_token=token)

    def NotifyDebits(
        self, request: pb.NotifyDebitsRequest, context: Context
    ) -> pb.NotifyDebitsResponse:
        at = self._desk(request.channel)
        day = fields.day(request.day, "day") if request.day else at.today
        done = planning.notify(self._backend.store, at, day)
        self._metrics.debits_moved(DebitState.NOTIFIED.name, done.debits)
        return pb.NotifyDebitsResponse(
            day=fields.iso(day), debits=done.debits, withdrawn=done.withdrawn, more=done.more
        )

    def ReverseDebit(self, request: pb.ReverseDebitRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ReverseDebitResponse:
            day = fields.day(request.day, "day") if request.day else 0
            why = asked.reason(request)
            made = reversing.reverse_debit(write, request.end_to_end_id, day, why)
            told = messages.debit(made, channel_codes(write.session))
            return pb.ReverseDebitResponse(debit=told)

        return self._backend.once(request, context, act)

    def GetDebit(self, request: pb.GetDebitRequest, context: Context) -> pb.GetDebitResponse:
        with self._backend.store.read() as reader:
            found = shown.story(reader, _whole(), request.end_to_end_id)
            told = messages.story(found, channel_codes(reader))
            told.MergeFrom(pb.GetDebitResponse(**asked.currency(asked.provider(reader))))
        return told

    def ListDebits(self, request: pb.ListDebitsRequest, context: Context) -> pb.ListDebitsResponse:
        wanted = {
            "state": request.state,
            "batch_no": request.batch_no,
            "account_id": request.account_id,
        }
        name = "debit/" + "/".join(map(str, wanted.values()))
        after, size = pages.after_number(request, name), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = rows.listed(reader, _whole(), after, size + 1, **wanted)
            codes = channel_codes(reader)
        page, token = fields.cut(found, size, name, "debit_no")
        told = [messages.debit(one, codes) for one in page]
        return pb.ListDebitsResponse(debits=told, next_page_token=token)

    def SummariseDebits(
        self, request: pb.SummariseDebitsRequest, context: Context
    ) -> pb.SummariseDebitsResponse:
        with self._backend.store.read() as reader:
            sums = rows.summed(reader, _whole())
            failures = rows.failed(reader, _provider())
            contingent = shown.contingent(reader, _provider())
            currency = asked.currency(asked.provider(reader))
        self._metrics.debits_contingent(_provider(), contingent)
        return pb.SummariseDebitsResponse(
            sums=[messages.total(*one) for one in sums],
            failures=[messages.failure(*one) for one in failures],
            contingent=contingent,
            **currency,
        )

    # -- batches

    def SealBatch(self, request: pb.SealBatchRequest, context: Context) -> pb.SealBatchResponse:
        scheme = messages.scheme(request.scheme)
        day = fields.day(request.collection_day, "collection_day")
        done = sealing.seal(self._backend.store, self._desk(request.channel), scheme, day)
        self._metrics.debits_moved(DebitState.BATCHED.name, done.batch.debits)
        with self._backend.store.read() as reader:
            told = messages.batch(done.batch, channel_codes(reader))
        return pb.SealBatchResponse(batch=told, left=done.left)

    def GetBatchFile(
        self, request: pb.GetBatchFileRequest, context: Context
    ) -> Iterator[pb.GetBatchFileResponse]:
        for part in sealing.content(self._backend.store, _whole(), request.batch_no):
            yield pb.GetBatchFileResponse(part=part)

    def MarkBatchSent(self, request: pb.MarkBatchSentRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.MarkBatchSentResponse:
            batch = sealing.found(write.session, _whole(), request.batch_no)
            code = get_channel(write.session, _provider(), batch.channel_no).channel
            at = desk(write.session, write.caller, code, write.now, enabled=False)
            day = fields.day(request.day, "day") if request.day else at.today
            made = sealing.mark_sent(write.session, at, batch, day, fields.reason(request))
            told = messages.batch(made, channel_codes(write.session))
            return pb.MarkBatchSentResponse(batch=told)

        return self._backend.once(request, context, act)

    def ListDebitBatches(
        self, request: pb.ListDebitBatchesRequest, context: Context
    ) -> pb.ListDebitBatchesResponse:
        name = "debit batch"
        after, size = pages.after_number(request, name), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = batch_rows.batches(reader, _whole(), after, size + 1)
            codes = channel_codes(reader)
        page, token = fields.cut(found, size, name, "batch_no")
        told = [messages.batch(one, codes) for one in page]
        return pb.ListDebitBatchesResponse(batches=told, next_page_token=token)

    # -- results

    def ImportDebitResults(
        self, requests: Iterator[pb.ImportDebitResultsRequest], context: Context
    ) -> pb.ImportDebitResultsResponse:
        given = messages.sent(requests)
        store, now = self._backend.store, self._backend.now()
        named = given.channel, given.name, given.content, given.format
        done = import_results(store, CALLER.get(), now, *named)
        with store.read() as reader:
            told = _result(reader, done.row)
            contingent = shown.contingent(reader, _provider())
        self._metrics.debit_results_imported(
            done.row.accepted, done.row.collected, dict(done.failures)
        )
        self._metrics.debits_contingent(_provider(), contingent)
        return pb.ImportDebitResultsResponse(result=told, repeated=done.repeated)

    def ListDebitResults(
        self, request: pb.ListDebitResultsRequest, context: Context
    ) -> pb.ListDebitResultsResponse:
        name = "debit result"
        after, size = pages.after_number(request, name), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = result_rows.results(reader, _whole(), after, size + 1)
            page, token = fields.cut(found, size, name, "result_no")
            told = [_result(reader, one) for one in page]
        return pb.ListDebitResultsResponse(results=told, next_page_token=token)

    # -- time

    def SweepMandates(
        self, request: pb.SweepMandatesRequest, context: Context
    ) -> pb.SweepMandatesResponse:
        check_channel(CALLER.get(), "")
        done = sweeping.sweep(self._backend.store, CALLER.get(), self._backend.now)
        self._metrics.debits_moved(DebitState.FINAL.name, done.final)
        with self._backend.store.read() as reader:
            self._metrics.debits_contingent(_provider(), shown.contingent(reader, _provider()))
        return pb.SweepMandatesResponse(
            expired=done.expired, final=done.final, withdrawn=done.withdrawn
        )

    def _desk(self, code: str) -> Desk:
        with self._backend.store.read() as reader:
            return desk(reader, CALLER.get(), code, self._backend.now())


def _provider() -> int:
    return provider_acting(CALLER.get())


def _whole() -> int:
    """The provider, of what is told of all its channels: a client of one is refused."""
    check_channel(CALLER.get(), "")
    return _provider()


def _mandate(reader: Reader, row: MandateRow) -> pb.Mandate:
    debtor = mandate_rows.debtor(reader, _provider(), row.mandate_no)
    return messages.mandate(row, channel_codes(reader), debtor)


def _result(reader: Reader, row: ResultRow) -> pb.DebitResult:
    most = messages.UNKNOWN_MAX
    unknown = result_rows.unknown(reader, _provider(), row.result_no, most) if row.unknown else []
    return messages.result(row, channel_codes(reader), unknown)
