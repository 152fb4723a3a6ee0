"""The reconciliation of a running server as `billcore recon` calls it. Amounts are minor units."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from rich.table import Table

from billcore.server.commands.console import out, say
from billcore.server.commands.moments import shown_moment
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.v1 import reconciliation_service_pb2 as pb
from billcore.v1.reconciliation_service_pb2_grpc import ReconciliationServiceStub

PART_BYTES = 2**20
"""A file is sent in parts of so many bytes."""


class Reconciliation:
    """ReconciliationService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, ReconciliationServiceStub)
        self._long = {"metadata": self._remote.metadata}

    # -- files

    def report(self, file: Path, header: Mapping[str, Any]) -> None:
        """Imports a channel's report and tells it."""
        sent = _parts(pb.ImportChannelReportRequest, file, header)
        with self._stub() as stub:
            _tell_file(stub.ImportChannelReport(sent, **self._long))

    def statement(self, file: Path, header: Mapping[str, Any]) -> None:
        """Imports a bank's file and tells it."""
        sent = _parts(pb.ImportStatementRequest, file, header)
        with self._stub() as stub:
            _tell_file(stub.ImportStatement(sent, **self._long))

    def files(self, channel: str) -> None:
        """Tells every file."""
        table = Table("file", "of", "name", "number", "day", "lines", "amount", "state", box=None)
        request = pb.ListFilesRequest(channel=channel, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListFiles, request, self._remote.call):
                for one in page.files:
                    table.add_row(
                        str(one.file_no), one.channel or "bank", one.name, str(one.sequence_no),
                        one.day, str(one.lines), str(one.amount), _word(pb.FileState, one.state),
                    )  # fmt: skip
        out.print(table)

    # -- terms and formats

    def show_terms(self, channel: str) -> None:
        """Tells how a channel is reconciled."""
        with self._stub() as stub:
            request = pb.GetTermsRequest(channel=channel)
            _tell_terms(stub.GetTerms(request, **self._remote.call).terms)

    def set_terms(self, channel: str, text: str, revision: int, reason: str, named: str) -> None:
        """Sets it and tells it."""
        given = pb.ChannelTerms(channel=channel, terms=text, revision=revision)
        request = pb.SetTermsRequest(request_id=request_named(named), terms=given, reason=reason)
        with self._stub() as stub:
            _tell_terms(stub.SetTerms(request, **self._remote.call).terms)

    def formats(self) -> None:
        """Tells the formats of reports."""
        table = Table("format", "of", "revision", box=None)
        with self._stub() as stub:
            request = pb.ListReportFormatsRequest()
            for one in stub.ListReportFormats(request, **self._remote.call).formats:
                whose = "the provider" if one.revision else "billcore"
                table.add_row(one.format, whose, str(one.revision))
        out.print(table)

    def set_format(self, text: str, revision: int, reason: str, named: str) -> None:
        """Keeps a format and tells it."""
        given = pb.ReportFormat(definition=text, revision=revision)
        name = request_named(named)
        request = pb.SetReportFormatRequest(request_id=name, format=given, reason=reason)
        with self._stub() as stub:
            made = stub.SetReportFormat(request, **self._remote.call).format
        say(f"Format {made.format}, revision {made.revision}")

    # -- days

    def match(self, channel: str, day: str) -> None:
        """Matches a day and tells it."""
        with self._stub() as stub:
            request = pb.MatchDayRequest(channel=channel, day=day)
            _tell_day(stub.MatchDay(request, **self._long).day)

    def treat(self, channel: str, day: str) -> None:
        """Treats a day, matches it again, tells what was done and what it comes to."""
        with self._stub() as stub:
            request = pb.TreatDayRequest(channel=channel, day=day)
            done = stub.TreatDay(request, **self._long)
            again = pb.MatchDayRequest(channel=channel, day=day)
            matched = stub.MatchDay(again, **self._long).day
        told = f"Posted {done.posted}, reversed {done.reversed}, adjusted {done.adjusted}"
        say(f"{told}, left {done.refused_count}")
        for one in done.refused:
            say(f"  {one.reference}: {one.reason}: {one.message}")
        _tell_day(matched)

    def close(self, channel: str, day: str) -> None:
        """Closes a day and tells it."""
        with self._stub() as stub:
            request = pb.CloseDayRequest(channel=channel, day=day)
            _tell_day(stub.CloseDay(request, **self._long).day)

    def reopen(self, channel: str, day: str, reason: str, named: str) -> None:
        """Opens a day again and tells it."""
        request = pb.ReopenDayRequest(
            request_id=request_named(named), channel=channel, day=day, reason=reason
        )
        with self._stub() as stub:
            _tell_day(stub.ReopenDay(request, **self._remote.call).day)

    def days(self, channel: str) -> None:
        """Tells every day that was matched."""
        table = Table("day", "state", "books", "reports", "breaks", "differ by", box=None)
        request = pb.ListDaysRequest(channel=channel, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListDays, request, self._remote.call):
                for one in page.days:
                    sums = one.ledger_amount, one.report_amount, one.break_count, one.break_amount
                    table.add_row(one.day, _state(one), *map(str, sums))
        out.print(table)

    # -- breaks

    def breaks(self, channel: str, day: str, resolved: bool) -> None:
        """Tells the breaks of a day."""
        table = Table(
            "break", "kind", "reference", "target", "books", "report", "state", "treatment",
            "owner", box=None,
        )  # fmt: skip
        request = pb.ListBreaksRequest(
            channel=channel, day=day, resolved=resolved, page_size=PAGE_SIZE
        )
        with self._stub() as stub:
            for page in pages(stub.ListBreaks, request, self._remote.call):
                for one in page.breaks:
                    kind = _word(pb.BreakKind, one.kind) + (" (reversal)" if one.reversal else "")
                    table.add_row(
                        str(one.break_id), kind, one.reference, one.target,
                        str(one.ledger_amount), str(one.report_amount),
                        _word(pb.BreakState, one.state), one.treatment, one.owner,
                    )  # fmt: skip
        out.print(table)

    def summary(self) -> None:
        """Tells what is open in all."""
        table = Table("channel", "kind", "owner", "days", "breaks", "differ by", box=None)
        with self._stub() as stub:
            request = pb.SummariseBreaksRequest()
            for one in stub.SummariseBreaks(request, **self._remote.call).groups:
                kind = _word(pb.BreakKind, one.kind)
                sums = one.age_days, one.count, one.amount
                table.add_row(one.channel, kind, one.owner, *map(str, sums))
        out.print(table)

    def decide(
        self, channel: str, day: str, break_id: int, decision: str, reason: str, named: str
    ) -> None:
        """Decides about a break and tells it. decision: ACCEPT, ADJUST or REOPEN."""
        request = pb.DecideBreakRequest(
            request_id=request_named(named), channel=channel, day=day, break_id=break_id,
            decision=f"BREAK_DECISION_{decision}", reason=reason,
        )  # fmt: skip
        with self._stub() as stub:
            one = stub.DecideBreak(request, **self._remote.call).decided
        kind, state = _word(pb.BreakKind, one.kind), _word(pb.BreakState, one.state)
        say(f"Break {one.break_id}, {kind} of {one.reference or day}: {state}")

    def sweep(self) -> None:
        """Tells the reports that did not come."""
        table = Table("channel", "day", "due", "told", box=None)
        with self._stub() as stub:
            for one in stub.SweepReports(pb.SweepReportsRequest(), **self._remote.call).missing:
                table.add_row(one.channel, one.day, *map(shown_moment, (one.due_at, one.raised_at)))
        out.print(table)

    # -- settlements

    def settlements(self, channel: str, since: str, unsettled: bool) -> None:
        """Tells what a channel pays at once."""
        table = Table(
            "settlement", "of", "due", "gross", "fee", "net", "paid", "on", "kind", box=None
        )
        request = pb.ListSettlementsRequest(
            channel=channel, since=since, open=unsettled, page_size=PAGE_SIZE
        )
        with self._stub() as stub:
            for page in pages(stub.ListSettlements, request, self._remote.call):
                for one in page.settlements:
                    sums = one.gross, one.fee, one.gross - one.fee, one.paid
                    kind = _word(pb.BreakKind, one.kind)
                    table.add_row(
                        str(one.settlement_id), one.batch or f"{one.first_day}..{one.last_day}",
                        one.due_day, *map(str, sums), one.credit_day, kind,
                    )  # fmt: skip
        out.print(table)

    def bank_entries(self, channel: str, wanted: Mapping[str, Any]) -> None:
        """Tells what statements tell of a bank account."""
        table = Table("day", "amount", "reference", "payer", "text", "pays", "payment", box=None)
        request = pb.ListBankEntriesRequest(channel=channel, page_size=PAGE_SIZE, **wanted)
        with self._stub() as stub:
            for page in pages(stub.ListBankEntries, request, self._remote.call):
                for one in page.entries:
                    numbers = (str(number or "") for number in (one.settlement_id, one.payment_id))
                    name = one.end_to_end or one.reference
                    table.add_row(one.day, str(one.amount), name, one.payer, one.text, *numbers)
        out.print(table)

    def trace(self, channel: str, reference: str) -> None:
        """Tells how far a payment is."""
        with self._stub() as stub:
            request = pb.TracePaymentRequest(channel=channel, reference=reference)
            one = stub.TracePayment(request, **self._remote.call)
        say(f"{reference}: {_word(pb.PaymentStage, one.stage)}, {_word(pb.BreakKind, one.kind)}")
        if one.file_no:
            say(f"  told by line {one.line} of file {one.file_no}, of {one.day}")
        if one.settlement.settlement_id:
            within = one.settlement
            kind = _word(pb.BreakKind, within.kind)
            say(f"  in settlement {within.settlement_id}, due {within.due_day}: {kind}")


def _parts(kind: Any, file: Path, header: Mapping[str, Any]) -> Iterator[Any]:
    yield kind(header=pb.FileHeader(**header))
    with file.open("rb") as content:
        while part := content.read(PART_BYTES):
            yield kind(part=part)


def _word(enum: Any, number: int) -> str:
    """An enum's value without the enum's name: matched, late arriving."""
    name = str(enum.Name(number))
    prefix = str(enum.Name(0)).removesuffix("UNSPECIFIED")
    return name.removeprefix(prefix).lower().replace("_", " ")


def _tell_file(told: Any) -> None:
    one = told.file
    before = "was imported before: nothing changed" if told.repeated else "imported"
    day = f", {one.day}" if one.day else ""
    say(f"File {one.file_no} ({one.name}{day}), {one.lines} lines of {one.amount}: {before}")


def _tell_terms(told: pb.ChannelTerms) -> None:
    say(f"Terms of {told.channel}, revision {told.revision}\n{told.terms}")


def _tell_day(told: pb.ReconciliationDay) -> None:
    say(
        f"{told.day} of {told.channel}: {_state(told)}, matched {shown_moment(told.matched_at)}\n"
        f"  books    {told.ledger_count} of {told.ledger_amount}\n"
        f"  reports  {told.report_count} of {told.report_amount}, in {told.files} files\n"
        f"  matched  {told.matched_count} of {told.matched_amount}\n"
        f"  breaks   {told.break_count}, which differ by {told.break_amount}"
    )
    if told.rest:
        say(f"  the rest is {_word(pb.BreakKind, told.rest)}")


def _state(told: pb.ReconciliationDay) -> str:
    return _word(pb.DayState, told.state) + (", stale" if told.stale else "")
