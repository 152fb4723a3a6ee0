"""The reports of a running server as `billcore report` calls them."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from billcore.core.collections.analytics.collection import per_million
from billcore.server.commands.console import say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.server.commands.report_files import Bars, Figures, Files, Kind, Value, percent
from billcore.v1 import report_service_pb2 as pb
from billcore.v1.report_service_pb2_grpc import ReportServiceStub

SECONDS = 600.0
"""A report of millions of accounts takes longer than other calls."""

GROUP = {"area": Kind.TEXT, "account_class": Kind.TEXT}

COLLECTION = {
    "month": Kind.TEXT,
    **GROUP,
    "bills": Kind.COUNT,
    "settled": Kind.COUNT,
    **dict.fromkeys(
        ("billed", "received", "transferred", "credited", "written_off", "open"), Kind.MONEY
    ),
    "rate": Kind.SHARE,
}
BY_CHANNEL = {
    "month": Kind.TEXT, **GROUP, "channel": Kind.TEXT, "received": Kind.MONEY, "rate": Kind.SHARE,
}  # fmt: skip
AGEING = {
    "days": Kind.TEXT, **GROUP, "accounts": Kind.COUNT, "items": Kind.COUNT,
    "amount": Kind.MONEY, "late_fees": Kind.MONEY,
}  # fmt: skip
RECEIPTS = {
    **GROUP,
    **dict.fromkeys(
        ("channel", "channel_kind", "channel_name", "terminal", "day", "month"), Kind.TEXT
    ),
    "payments": Kind.COUNT,
    "share_of_payments": Kind.SHARE,
    "amount": Kind.MONEY,
    "share_of_amount": Kind.SHARE,
    "fees": Kind.MONEY,
    "reversals": Kind.COUNT,
    "reversed_amount": Kind.MONEY,
    "net": Kind.MONEY,
}
WARNINGS = {"band": Kind.TEXT, **GROUP, "accounts": Kind.COUNT, "arrears": Kind.MONEY}
WORKLIST = {
    "account": Kind.TEXT, "score": Kind.COUNT, "band": Kind.TEXT, "arrears": Kind.MONEY,
    "reasons": Kind.TEXT,
}  # fmt: skip

SETTLED_BY = ("received", "transferred", "credited", "written_off", "open")


class Reports:
    """ReportService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, ReportServiceStub)
        self._call: dict[str, Any] = self._remote.call | {"timeout": SECONDS}

    def request(
        self, day: str, known_at: int, by: Iterable[str], area_length: int, class_attribute: str
    ) -> pb.GetReportRequest:
        """What every section is asked by."""
        words = [f"REPORT_DIMENSION_{word.upper()}" for word in by]
        return pb.GetReportRequest(
            day=day,
            known_at=known_at,
            by=words,
            area_length=area_length,
            class_attribute=class_attribute,
        )

    def collection(self, request: pb.GetReportRequest, files: Files) -> None:
        """Tells collection; by channel, through which channels."""
        told = self._report(request, pb.REPORT_SECTION_COLLECTION)
        if told.collection_by_channel:
            rows = [_values(one, BY_CHANNEL) for one in told.collection_by_channel]
            labels = ("month", "area", "account_class", "channel")
            bars = Bars(f"Collected by {told.day}, by channel", labels, ("received",), "rate")
            files.write(_figures(BY_CHANNEL, rows, told), bars)
            return
        self._collected(told.collection, told, f"Collected by {told.day}", files)

    def _collected(
        self, figures: Iterable[pb.CollectionFigure], told: Any, title: str, files: Files
    ) -> None:
        rows = [_values(one, COLLECTION) for one in figures]
        bars = Bars(title, ("month", "area", "account_class"), SETTLED_BY, "rate")
        files.write(_figures(COLLECTION, rows, told), bars)

    def ageing(self, request: pb.GetReportRequest, files: Files) -> None:
        """Tells what is owed, by age."""
        told = self._report(request, pb.REPORT_SECTION_AGEING)
        rows = [[_age(one), *_values(one, AGEING, "days")] for one in told.ageing]
        bars = Bars(
            f"Owed on {told.day}, by days since it was due",
            ("days", "area", "account_class"),
            ("amount",),
            "amount",
        )
        files.write(_figures(AGEING, rows, told), bars)

    def receipts(self, request: pb.GetReportRequest, files: Files) -> None:
        """Tells what came in."""
        told = self._report(request, pb.REPORT_SECTION_RECEIPTS)
        rows = []
        for one in told.receipts:
            row = dict(zip(RECEIPTS, _values(one, RECEIPTS, "terminal", keep=True), strict=True))
            row["terminal"] = str(one.terminal_no) if one.terminal_no else ""
            rows.append([*row.values()])
        labels = ("month", "day", "area", "account_class", "channel", "terminal")
        bars = Bars(f"Received up to {told.day}", labels, ("amount",), "share_of_amount")
        files.write(_figures(RECEIPTS, rows, told), bars)
        payments, amount = (
            sum(getattr(one, name) for one in told.receipts) for name in ("payments", "amount")
        )
        whole = _figures({"amount": Kind.MONEY}, (), told).text(amount, Kind.MONEY)
        say(f"{payments:,} payments of {whole} {told.currency}")

    def warnings(self, request: pb.GetReportRequest, files: Files) -> None:
        """Tells how many accounts are in each band."""
        told = self._report(request, pb.REPORT_SECTION_WARNINGS)
        rows = [_values(one, WARNINGS) for one in told.warnings]
        labels = ("band", "area", "account_class")
        bars = Bars(
            f"Accounts in bands of early warning, {told.day}", labels, ("accounts",), "accounts"
        )
        files.write(_figures(WARNINGS, rows, told), bars)

    def worklist(self, day: str, least: int, most: int, files: Files) -> None:
        """Tells the accounts of the highest scores."""
        request = pb.ListWarningsRequest(day=day, least=least, page_size=min(most, PAGE_SIZE))
        found: list[pb.Warning] = []
        told = pb.ListWarningsResponse()
        with self._stub() as stub:
            for told in pages(stub.ListWarnings, request, self._call):
                found += told.warnings
                if len(found) >= most:
                    break
        rows: list[list[Value]] = [
            [one.number, one.score, one.band, one.arrears, ", ".join(map(_reason, one.reasons))]
            for one in found[:most]
        ]
        files.write(_figures(WORKLIST, rows, told))

    def warning(self, number: str, day: str) -> None:
        """Tells an account's score with its reasons."""
        request = pb.GetWarningRequest(number=number, day=day)
        with self._stub() as stub:
            told = stub.GetWarning(request, **self._call)
        one = told.warning
        arrears = _figures({}, (), told).text(one.arrears, Kind.MONEY)
        say(f"{one.number}: {one.score}, {one.band or 'no band'}; in arrears {arrears}")
        for reason in one.reasons:
            say(f"    {_reason(reason)}")

    def fix(
        self, month: str, day: str, area_length: int, class_attribute: str, given_id: str
    ) -> None:
        """Fixes a cut-off and tells its figures."""
        request = pb.FixCutOffRequest(
            request_id=request_named(given_id),
            month=month,
            day=day,
            area_length=area_length,
            class_attribute=class_attribute,
        )
        with self._stub() as stub:
            self._tell(stub.FixCutOff(request, **self._call).cut_off, Files())

    def cut_off(self, month: str, day: str, files: Files) -> None:
        """Tells a cut-off with its figures."""
        with self._stub() as stub:
            request = pb.GetCutOffRequest(month=month, day=day)
            self._tell(stub.GetCutOff(request, **self._call).cut_off, files)

    def _tell(self, told: pb.CutOff, files: Files) -> None:
        title = f"Collected of {told.month} by {told.day}, as fixed"
        self._collected(told.figures, told, title, files)
        billed, received = (
            sum(getattr(one, name) for one in told.figures) for name in ("billed", "received")
        )
        rate = percent(per_million(received, billed))
        state = "" if told.complete else ", not complete: send the same request again"
        say(f"{told.month} by {told.day}: {rate} collected{state}")

    def cut_offs(self) -> None:
        """Tells every cut-off."""
        request = pb.ListCutOffsRequest(page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListCutOffs, request, self._call):
                for one in page.cut_offs:
                    state = "complete" if one.complete else "not complete"
                    say(f"{one.month} by {one.day}: {state}, known at {one.known_at}")

    def _report(self, request: pb.GetReportRequest, section: int) -> pb.GetReportResponse:
        request.sections.append(section)  # type: ignore[arg-type]
        with self._stub() as stub:
            told: pb.GetReportResponse = stub.GetReport(request, **self._call)
        return told


def _figures(columns: dict[str, Kind], rows: Sequence[Sequence[str | int]], told: Any) -> Figures:
    return Figures(columns, rows, told.currency, told.digits)


def _values(one: Any, columns: dict[str, Kind], but: str = "", *, keep: bool = False) -> list[Any]:
    """The fields of a message that columns are called after; without one, or with '' for it."""
    return ["" if name == but else getattr(one, name) for name in columns if keep or name != but]


def _age(one: pb.AgeingFigure) -> str:
    """What an age is called."""
    if one.from_days < 0:
        return "credit"
    if one.from_days == 0:
        return f"up to {one.until_days}" if one.until_days else "not due"
    return f"{one.from_days}-{one.until_days}" if one.until_days else f"{one.from_days} and more"


def _reason(one: pb.WarningReason) -> str:
    return f"{one.feature} {one.value} (at least {one.at_least}): {one.points}"
