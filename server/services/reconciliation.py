"""ReconciliationService: files, days, breaks. Each handler: convert, call, convert, return."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc

from billcore.core.accounts.acting import provider_acting
from billcore.core.payments.channels import by_code, check_channel
from billcore.core.reconciliation import closing, importing, matching, report_formats, treating
from billcore.core.reconciliation.computing import BreakState, day_of
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.reconciliation.keeping import Imported
from billcore.core.reconciliation.settlement import enquiries
from billcore.core.reconciliation.terms import set_terms, terms_of
from billcore.core.store import channel_files as file_rows
from billcore.core.store import recon as rows
from billcore.core.store.channels import Channel
from billcore.core.store.port import Reader
from billcore.core.store.recon import DayRow
from billcore.server import pages
from billcore.server.asked import channel_codes
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as fields
from billcore.server.messages import reconciliation as messages
from billcore.server.services.settlement import SettlementCalls
from billcore.server.telemetry import Metrics
from billcore.v1 import reconciliation_service_pb2 as pb
from billcore.v1.reconciliation_service_pb2_grpc import ReconciliationServiceServicer

Context = grpc.ServicerContext


class ReconciliationService(SettlementCalls, ReconciliationServiceServicer):
    """What channels and banks of the caller's provider say, over gRPC."""

    def __init__(self, backend: Backend, metrics: Metrics) -> None:
        self._backend = backend
        self._metrics = metrics

    # -- files

    def ImportChannelReport(
        self, requests: Iterator[pb.ImportChannelReportRequest], context: Context
    ) -> pb.ImportChannelReportResponse:
        given = messages.sent(requests)
        with self._counting("report"):
            done = importing.import_report(
                self._backend.store,
                CALLER.get(),
                self._backend.now,
                given.channel,
                given.asked,
                given.content,
                given.format,
                given.day,
            )
        told = self._told(done)
        return pb.ImportChannelReportResponse(file=told, repeated=done.repeated)

    def ImportStatement(
        self, requests: Iterator[pb.ImportStatementRequest], context: Context
    ) -> pb.ImportStatementResponse:
        given = messages.sent(requests)
        with self._counting("statement"):
            done = importing.import_statement(
                self._backend.store,
                CALLER.get(),
                self._backend.now,
                given.asked,
                given.content,
                given.format,
            )
        return pb.ImportStatementResponse(file=self._told(done), repeated=done.repeated)

    @contextmanager
    def _counting(self, kind: str) -> Iterator[None]:
        """Counts a file that is refused."""
        try:
            yield
        except FileBroken:
            self._metrics.file_refused(kind)
            raise

    def _told(self, done: Imported) -> pb.ChannelFile:
        with self._backend.store.read() as reader:
            return messages.file(done.row, channel_codes(reader))

    def ListFiles(self, request: pb.ListFilesRequest, context: Context) -> pb.ListFilesResponse:
        check_channel(CALLER.get(), request.channel)
        after, size = pages.after_number(request, "file"), pages.page_size(request)
        with self._backend.store.read() as reader:
            number = _channel(reader, request.channel).channel_no if request.channel else None
            found = file_rows.listed(reader, _provider(), after, size + 1, number)
            codes = channel_codes(reader)
        page, token = fields.cut(found, size, "file", "file_no")
        files = [messages.file(one, codes) for one in page]
        return pb.ListFilesResponse(files=files, next_page_token=token)

    # -- terms and formats

    def GetTerms(self, request: pb.GetTermsRequest, context: Context) -> pb.GetTermsResponse:
        check_channel(CALLER.get(), request.channel)
        with self._backend.store.read() as reader:
            channel = _channel(reader, request.channel)
            found, revision = terms_of(reader, _provider(), channel)
        return pb.GetTermsResponse(terms=messages.terms(channel, found.text, revision))

    def SetTerms(self, request: pb.SetTermsRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SetTermsResponse:
            given = request.terms
            channel = _channel(write.session, given.channel)
            why = fields.reason(request)
            made = set_terms(write, channel, given.terms, given.revision, why)
            told = messages.terms(channel, made.text, given.revision + 1)
            return pb.SetTermsResponse(terms=told)

        return self._backend.once(request, context, act)

    def ListReportFormats(
        self, request: pb.ListReportFormatsRequest, context: Context
    ) -> pb.ListReportFormatsResponse:
        with self._backend.store.read() as reader:
            found = report_formats.FORMATS.every(reader, _provider())
        return pb.ListReportFormatsResponse(formats=map(messages.report_format, found))

    def SetReportFormat(self, request: pb.SetReportFormatRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SetReportFormatResponse:
            given = request.format
            why = fields.reason(request)
            kept = report_formats.FORMATS.set(write, given.definition, given.revision, why)
            return pb.SetReportFormatResponse(format=messages.report_format(kept))

        return self._backend.once(request, context, act)

    # -- days

    def MatchDay(self, request: pb.MatchDayRequest, context: Context) -> pb.MatchDayResponse:
        day = fields.day(request.day, "day")
        whose = self._backend.store, CALLER.get(), self._backend.now
        made = matching.match_day(*whose, request.channel, day)
        return pb.MatchDayResponse(day=self._day(made.row, request.channel))

    def TreatDay(self, request: pb.TreatDayRequest, context: Context) -> pb.TreatDayResponse:
        day = fields.day(request.day, "day")
        whose = self._backend.store, CALLER.get(), self._backend.now
        return messages.treated(treating.treat_day(*whose, request.channel, day))

    def CloseDay(self, request: pb.CloseDayRequest, context: Context) -> pb.CloseDayResponse:
        day = fields.day(request.day, "day")
        whose = self._backend.store, CALLER.get(), self._backend.now
        made = closing.close_day(*whose, request.channel, day)
        return pb.CloseDayResponse(day=self._day(made, request.channel))

    def ReopenDay(self, request: pb.ReopenDayRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ReopenDayResponse:
            day = fields.day(request.day, "day")
            made = closing.reopen_day(write, request.channel, day, request.reason)
            return pb.ReopenDayResponse(day=_told_day(write.session, made, request.channel))

        return self._backend.once(request, context, act)

    def ListDays(self, request: pb.ListDaysRequest, context: Context) -> pb.ListDaysResponse:
        first = fields.day(request.after_day, "after_day") if request.after_day else 0
        with self._backend.store.read() as reader:
            of = day_of(reader, CALLER.get(), request.channel, 0)
            name = f"day/{of.key[1]}"
            after, size = pages.after_number(request, name), pages.page_size(request)
            found = rows.days(reader, of.key, max(after, first), size + 1)
            rests = enquiries.rests(reader, of, [one.day for one in found])
        page, token = fields.cut(found, size, name, "day")
        days = [
            messages.reconciliation_day(one, request.channel, rests.get(one.day, 0)) for one in page
        ]
        return pb.ListDaysResponse(days=days, next_page_token=token)

    def _day(self, row: DayRow, channel: str) -> pb.ReconciliationDay:
        with self._backend.store.read() as reader:
            return _told_day(reader, row, channel)

    # -- breaks

    def ListBreaks(self, request: pb.ListBreaksRequest, context: Context) -> pb.ListBreaksResponse:
        day = fields.day(request.day, "day")
        state = BreakState.RESOLVED if request.resolved else BreakState.ACCEPTED
        with self._backend.store.read() as reader:
            of = day_of(reader, CALLER.get(), request.channel, day)
            name = f"break/{of.key[1]}/{day}"
            after, size = pages.after_number(request, name), pages.page_size(request)
            found = rows.listed_breaks(reader, of.key, day, after, size + 1, state)
        page, token = fields.cut(found, size, name, "break_id")
        told = [messages.broken(one, of) for one in page]
        return pb.ListBreaksResponse(breaks=told, next_page_token=token)

    def DecideBreak(self, request: pb.DecideBreakRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.DecideBreakResponse:
            day = fields.day(request.day, "day")
            wanted = messages.decision(request.decision)
            found = closing.decide(
                write, request.channel, day, request.break_id, wanted, request.reason
            )
            of = day_of(write.session, write.caller, request.channel, day)
            told = messages.broken(found, of)
            return pb.DecideBreakResponse(decided=told)

        return self._backend.once(request, context, act)

    def SummariseBreaks(
        self, request: pb.SummariseBreaksRequest, context: Context
    ) -> pb.SummariseBreaksResponse:
        check_channel(CALLER.get(), "")
        with self._backend.store.read() as reader:
            found = closing.groups(reader, _provider(), self._backend.now())
            codes = channel_codes(reader)
        groups = [messages.group(one, codes) for one in found]
        return pb.SummariseBreaksResponse(groups=groups)


def _provider() -> int:
    return provider_acting(CALLER.get())


def _told_day(reader: Reader, row: DayRow, channel: str) -> pb.ReconciliationDay:
    of = day_of(reader, CALLER.get(), channel, row.day)
    rest = enquiries.rests(reader, of, [row.day]).get(row.day, 0)
    return messages.reconciliation_day(row, channel, rest)


def _channel(reader: Reader, code: str) -> Channel:
    return by_code(reader, _provider(), code)
