"""Reports, warnings and cut-offs as messages, and back."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from billcore.core.accounts.errors import FieldRefused
from billcore.core.collections.analytics.ageing import Aged
from billcore.core.collections.analytics.collection import Collected, per_million
from billcore.core.collections.analytics.cut_offs import month_text
from billcore.core.collections.analytics.grouping import Asked
from billcore.core.collections.analytics.reading import AsOf
from billcore.core.collections.analytics.receipts import By, Received, month_of_day
from billcore.core.collections.analytics.report import Report, Request, Section
from billcore.core.collections.analytics.scoring import Scored
from billcore.core.errors import quoted
from billcore.core.ids import accounting_month_of
from billcore.core.store.cut_offs import CutOff, Figure
from billcore.core.store.providers import Provider
from billcore.server import pages
from billcore.server.asked import Moment, currency
from billcore.server.messages import account as fields
from billcore.v1 import report_service_pb2 as pb

W = TypeVar("W", bound=StrEnum)

AREA_LENGTH = 2
"""Characters of an area, where nothing else is asked for."""

MONTHS, DAYS = 12, 365
"""How many months, and days of receipts, are told where nothing else is asked for."""

WARNINGS = "warning"
CUT_OFFS = "cut_off"

SECTIONS: Mapping[int, Section] = {
    pb.REPORT_SECTION_COLLECTION: Section.COLLECTION,
    pb.REPORT_SECTION_AGEING: Section.AGEING,
    pb.REPORT_SECTION_RECEIPTS: Section.RECEIPTS,
    pb.REPORT_SECTION_WARNINGS: Section.WARNINGS,
}
DIMENSIONS: Mapping[int, By] = {
    pb.REPORT_DIMENSION_AREA: By.AREA,
    pb.REPORT_DIMENSION_CLASS: By.CLASS,
    pb.REPORT_DIMENSION_CHANNEL: By.CHANNEL,
    pb.REPORT_DIMENSION_TERMINAL: By.TERMINAL,
    pb.REPORT_DIMENSION_DAY: By.DAY,
    pb.REPORT_DIMENSION_MONTH: By.MONTH,
}


# -- asked


def as_of(request: pb.GetReportRequest | pb.GetWarningRequest, moment: Moment) -> AsOf:
    """The cut-off of a request. Raises FieldRefused."""
    return AsOf(moment.day(request.day, "day"), moment.known_at(request.known_at))


def request(given: pb.GetReportRequest, provider: Provider, moment: Moment) -> Request:
    """What a report is asked for. Raises FieldRefused."""
    at = as_of(given, moment)
    last = month_of_day(at.day, provider.calendar, "day")
    last = month(given.until_month, "until_month") if given.until_month else last
    first = month(given.from_month, "from_month") if given.from_month else last - MONTHS + 1
    from_day = fields.day(given.from_day, "from_day") if given.from_day else at.day - DAYS + 1
    by = _words(given.by, DIMENSIONS, "by")
    return Request(
        at=at,
        months=(first, last),
        from_day=from_day,
        sections=_words(given.sections, SECTIONS, "sections") or tuple(Section),
        by=by,
        asked=_grouped(given, by),
        ages=tuple(given.ages),
    )


def _words(given: Collection[int], known: Mapping[int, W], field: str) -> tuple[W, ...]:
    for one in given:
        if one not in known:
            raise FieldRefused(field, f"{one} is none of it.", [str(number) for number in known])
    return tuple(known[one] for one in given)


def _grouped(given: pb.GetReportRequest, by: Collection[By]) -> Asked:
    """By what accounts are grouped. Raises FieldRefused."""
    if given.area_length and By.AREA not in by:
        raise FieldRefused("area_length", "it goes with areas: name AREA in `by`.")
    if bool(given.class_attribute) != (By.CLASS in by):
        raise FieldRefused("class_attribute", "it goes with classes: name it, and CLASS in `by`.")
    length = given.area_length or AREA_LENGTH
    return Asked(length if By.AREA in by else 0, given.class_attribute)


def month(text: str, field: str) -> int:
    """The number of a month as people write it. Raises FieldRefused."""
    found = accounting_month_of(text)
    if found < 0:
        raise FieldRefused(field, f"{quoted(text)} is no month, as 2024-03.")
    return found


# -- told


def report(found: Report, asked: Request, provider: Provider) -> pb.GetReportResponse:
    told = _Told(found, provider)
    return pb.GetReportResponse(
        day=fields.iso(asked.at.day),
        known_at=asked.at.known_at,
        collection=[told.collected(one) for one in found.collection],
        collection_by_channel=told.by_channel(),
        ageing=[told.aged(one) for one in found.ageing],
        receipts=[told.received(one, By.CHANNEL in asked.by) for one in found.received.rows],
        warnings=list(told.warnings()),
        **currency(provider),
    )


class _Told:
    """A report's figures with the names of what they are told by."""

    def __init__(self, found: Report, provider: Provider) -> None:
        self._found = found
        self._calendar = provider.calendar

    def _group(self, number: int) -> dict[str, str]:
        area, word = self._found.groups.names[number]
        return {"area": area, "account_class": word}

    def collected(self, one: Collected) -> pb.CollectionFigure:
        area, word = self._found.groups.names[one.group]
        numbers = (getattr(one, name) for name in Figure._fields[2:])
        return _figure(Figure(area, word, *numbers), self._month(one.month))

    def by_channel(self) -> list[pb.ChannelFigure]:
        billed = {(one.month, one.group): one.billed for one in self._found.collection}
        return [
            pb.ChannelFigure(
                month=self._month(one.month),
                channel=self._channel(one.channel_no),
                received=one.received,
                rate=per_million(one.received, billed[one.month, one.group]),
                **self._group(one.group),
            )
            for one in self._found.channel_parts
        ]

    def _channel(self, number: int) -> str:
        return self._found.channels[number].channel if number else ""

    def _month(self, number: int) -> str:
        return month_text(number, self._calendar)

    def aged(self, one: Aged) -> pb.AgeingFigure:
        ages: Sequence[int] = self._found.ages
        first = -1
        if one.age <= len(ages):
            first = ages[one.age - 1] + 1 if one.age else 0
        return pb.AgeingFigure(
            from_days=first,
            until_days=ages[one.age] if one.age < len(ages) else 0,
            accounts=one.accounts,
            items=one.items,
            amount=one.amount,
            late_fees=one.late_fees,
            **self._group(one.group),
        )

    def received(self, one: Received, by_channel: bool) -> pb.ReceiptFigure:
        told = pb.ReceiptFigure(
            terminal_no=one.terminal_no,
            day=fields.iso(one.day) if one.day else "",
            month=self._month(one.month) if one.month else "",
            payments=one.payments,
            amount=one.amount,
            fees=one.fees,
            reversals=one.reversals,
            reversed_amount=one.reversed_amount,
            net=one.net,
            share_of_payments=self._found.received.share_of_payments(one),
            share_of_amount=self._found.received.share_of_amount(one),
            **self._group(one.group),
        )
        if by_channel:
            channel = self._found.channels[one.channel_no]
            told.channel, told.channel_kind = channel.channel, channel.kind
            told.channel_name = channel.name
        return told

    def warnings(self) -> Iterator[pb.WarningFigure]:
        for one in self._found.warnings:
            yield pb.WarningFigure(
                band=self._found.policy.bands[one.band - 1].band,
                accounts=one.accounts,
                arrears=one.arrears,
                **self._group(one.group),
            )


# -- warnings


def warning(found: Scored, number: str) -> pb.Warning:
    return pb.Warning(
        account_id=found.account_id,
        number=number,
        score=found.score,
        band=found.band,
        arrears=found.arrears,
        reasons=[
            pb.WarningReason(
                feature=one.feature.value,
                value=one.value,
                at_least=one.at_least,
                points=one.points,
            )
            for one in found.reasons
        ],
    )


Place = tuple[int, int, int, int, int]
"""Of a page of warnings: day, known_at, least, and behind which score and account it begins."""


def place(given: pb.ListWarningsRequest, moment: Moment, least: int) -> Place:
    """Where a page begins; least: the first band's score. Raises FieldRefused, RequestInvalid."""
    said = pages.after(given, WARNINGS)
    if said:
        day, known_at, asked, score, account_id = _numbers(said, 5, 2**62)
        return day, known_at, asked, score, account_id
    if given.least < 0:
        raise FieldRefused("least", "a score is at least 1; 0 is that of the first band.")
    day, known_at = moment.day(given.day, "day"), moment.known_at(given.known_at)
    return day, known_at, given.least or least, 0, 0


def warnings_token(at: Place, last: Scored) -> str:
    """The cursor behind an account."""
    told = (*at[:3], last.score, last.account_id)
    return pages.token(WARNINGS, "/".join(str(number) for number in told))


# -- cut-offs


def cut_off(found: CutOff, provider: Provider, figures: Sequence[Figure] = ()) -> pb.CutOff:
    named = month_text(found.month, provider.calendar)
    return pb.CutOff(
        month=named,
        day=fields.iso(found.day),
        known_at=found.known_at,
        area_length=found.area_length,
        class_attribute=found.class_attribute,
        complete=bool(found.complete),
        recorded_at=found.recorded_at,
        figures=[_figure(one, named) for one in figures],
        **currency(provider),
    )


def _figure(found: Figure, named: str) -> pb.CollectionFigure:
    told = pb.CollectionFigure(month=named, **found._asdict())
    told.rate = per_million(found.received, found.billed)
    return told


def before(given: pb.ListCutOffsRequest) -> tuple[int, int]:
    """Before which cut-off the page begins. Raises RequestInvalid."""
    said = pages.after(given, CUT_OFFS)
    if not said:
        return 2**31 - 1, 0
    month, day = _numbers(said, 2, 2**31 - 1)
    return month, day


def _numbers(said: str, count: int, most: int) -> list[int]:
    """So many numbers from 0 of a cursor. Raises RequestInvalid."""
    parts = said.split("/")
    good = [part.isascii() and part.isdigit() and len(part) < 20 for part in parts]
    if len(parts) != count or not all(good) or max(map(int, parts)) > most:
        raise pages.bad_token()
    return [int(part) for part in parts]


def cut_offs(found: Sequence[CutOff], size: int, provider: Provider) -> pb.ListCutOffsResponse:
    """A page of `size` cut-offs, of one more where there is another page."""
    page, token = found[:size], ""
    if len(found) > size:
        token = pages.token(CUT_OFFS, f"{page[-1].month}/{page[-1].day}")
    told = [cut_off(one, provider) for one in page]
    return pb.ListCutOffsResponse(cut_offs=told, next_page_token=token)
