"""One bill to be rated, and its segments.

A segment is a longest run of days in which version, season and the attributes of
a bill are constant. `cut` makes them from dates; a caller may give them instead.
Amounts and quantities are exact Fractions in the units of the document's inputs.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction

from billcore.core import calendar
from billcore.core.errors import BillcoreError
from billcore.core.tariff.language.analysis import (
    depends_on_dates,
    season_on,
    season_starts,
    splits,
)
from billcore.core.tariff.language.document import Change, Document, Kind
from billcore.core.tariff.status import Status

Number = Fraction | str
"""An input's value: a Fraction, or the word of a choice; a flag is 0 or 1."""

History = tuple[tuple[int, Fraction], ...]
"""(month 1..12, value) of earlier bills, oldest first."""


class BillFailed(BillcoreError):
    """This bill cannot be rated; `status` says why. Other bills are not touched."""

    reason = "BILL_FAILED"

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message, status=status.name)
        self.status = status


@contextmanager
def telling(where: str) -> Iterator[None]:
    """A bill that fails inside fails with the place told: a line, a state, a table."""
    try:
        yield
    except BillFailed as failed:
        raise BillFailed(failed.status, f"{where}: {failed.message}") from None


@dataclass(frozen=True, slots=True)
class GivenSegment:
    """A segment stated by the caller: any day in it, its billed days, its attributes."""

    day: int
    days: int
    inputs: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bill:
    """Inputs of one bill.

    previous/this: ordinals of the readings; the period is (previous, this]. days
    replaces the calendar's count. changes: (first day, attribute, new value) of
    inputs `per: segment`. state: running values and histories; missing is initial.
    """

    inputs: Mapping[str, Number] = field(default_factory=dict)
    previous: int | None = None
    this: int | None = None
    days: int | None = None
    changes: Sequence[tuple[int, str, Number]] = ()
    segments: Sequence[GivenSegment] = ()
    state: Mapping[str, Fraction | History] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Segment:
    """weight/Σweights is the share of the period. resets: states that start anew.

    days, months and years are None where the bill does not tell them.
    """

    version: int
    season: str
    days: Fraction | None
    weight: Fraction
    months: Fraction | None
    years: Fraction | None
    inputs: Mapping[str, Number]
    active: tuple[bool, ...]
    resets: frozenset[str]
    last_day: int | None


def cut(document: Document, bill: Bill) -> tuple[Segment, ...]:
    """The segments of a bill, in date order, at least one. Raises BillFailed."""
    if bill.segments:
        return _given(document, bill)
    if bill.previous is None or bill.this is None:
        return _parts(document, _undated(document, bill))
    _check_period(document, bill.previous, bill.this, bill.days)
    if document.period.cut > 1:
        billed = Fraction(bill.this - bill.previous if bill.days is None else bill.days)
        return _parts(document, _dated(document, bill, bill.previous, bill.this, billed))
    pieces = calendar.cut(
        bill.previous, bill.this, borders(document, bill, bill.previous, bill.this)
    )
    _check_quantities_told(document, bill, [before + 1 for before, _ in pieces[1:]])
    if bill.days is None or bill.days == bill.this - bill.previous:
        return tuple(_dated(document, bill, a, b, Fraction(b - a)) for a, b in pieces)
    if len(pieces) > 1:
        raise BillFailed(
            Status.BAD_PERIOD,
            "Billed days differ from the dates: give the days of each segment.",
        )
    return (_dated(document, bill, bill.previous, bill.this, Fraction(bill.days)),)


def _check_quantities_told(document: Document, bill: Bill, starts: Sequence[int]) -> None:
    """A quantity `per: segment` adds up: every later segment states its own."""
    told = {(day, name) for day, name, _ in bill.changes}
    for name, spec in document.inputs.items():
        if spec.per_segment and spec.kind is Kind.QUANTITY:
            missing = [day for day in starts if (day, name) not in told]
            if missing:
                shown = document.calendar.format(missing[0])
                message = f"{name} is given per segment: state that of the segment from {shown}."
                raise BillFailed(Status.BAD_PERIOD, message)


def _check_period(document: Document, previous: int, this: int, days: int | None) -> None:
    most = document.period.days_max
    if not calendar.DAY_MIN <= previous < this <= calendar.DAY_MAX or this - previous > most:
        raise BillFailed(
            Status.BAD_PERIOD, f"The period (previous, this] must have 1 to {most} days."
        )
    _check_days(document, days)


def _check_days(document: Document, days: int | None) -> None:
    most = document.period.days_max
    if days is not None and not 1 <= days <= most:
        raise BillFailed(Status.BAD_PERIOD, f"Billed days must be 1 to {most}.")


def borders(document: Document, bill: Bill, previous: int, this: int) -> list[int]:
    """First days of segments that may cut (previous, this]."""
    can = splits(document)
    found: list[int] = []
    if can.versions:
        found += [v.start for v in document.versions]
    if can.seasons:
        starts = [start for start, _ in season_starts(document)]
        found += calendar.recurring_borders(document.calendar, starts, previous + 1, this)
    found += document.line_borders()
    for state in document.states.values():
        found += resets(document, state.resets, previous + 1, this)
    return found + [day for day, _, _ in bill.changes]


def resets(document: Document, when: str | None, first: int, last: int) -> list[int]:
    """The days first..last on which a state with this `resets` starts anew."""
    if when is None:
        return []
    if when == "monthly":
        return calendar.month_starts(document.calendar, first, last)
    if when == "yearly":
        return calendar.year_starts(document.calendar, first, last)
    border = calendar.parse_month_day(document.calendar, when)
    return calendar.recurring_borders(document.calendar, [border], first, last)


def _ends(bill: Bill, day: int) -> tuple[int, int]:
    """The first and the last day of a bill; `day` where it does not tell them."""
    first = day if bill.previous is None else bill.previous + 1
    return first, day if bill.this is None else bill.this


def _version(document: Document, bill: Bill, day: int) -> int:
    """The version that prices a segment whose last day is `day`."""
    first, last = _ends(bill, day)
    change = document.period.change
    if change is Change.FIRST:
        return _in_force(document, first)
    if change is Change.LAST:
        return _in_force(document, last)
    before, found = _in_force(document, first), _in_force(document, day)
    if change is Change.REFUSE and before != _in_force(document, last):
        raise BillFailed(
            Status.CHANGE_REFUSED,
            "The tariff changes inside the period, which this document refuses.",
        )
    return found


def _in_force(document: Document, day: int) -> int:
    found = document.version_on(day)
    if found is None:
        show = document.calendar.format
        starts = show(document.versions[0].start)
        raise BillFailed(
            Status.NOT_IN_FORCE,
            f"No version of {document.id} is in force on {show(day)}; the first starts {starts}.",
        )
    return found


def _season(document: Document, bill: Bill, day: int) -> str:
    if not document.seasons:
        return ""
    first, last = _ends(bill, day)
    change = document.period.season_change
    if change is Change.REFUSE and season_on(document, first) != season_on(document, last):
        raise BillFailed(
            Status.CHANGE_REFUSED,
            "The season changes inside the period, which this document refuses.",
        )
    return season_on(document, {Change.FIRST: first, Change.LAST: last}.get(change, day))


def active_on(document: Document, day: int | None) -> tuple[bool, ...]:
    """Which lines stand on a day, in their order; without a day all."""
    return tuple(
        day is None or ((x.start is None or x.start <= day) and (x.end is None or day <= x.end))
        for x in document.lines
    )


def _attributes(document: Document, bill: Bill, day: int) -> dict[str, Number]:
    """Attribute values on a day: the bill's, then the changes up to that day."""
    ordered = sorted(bill.changes, key=lambda change: change[0])
    return _given_attributes(document, bill) | {n: value for at, n, value in ordered if at <= day}


def _given_attributes(document: Document, bill: Bill) -> dict[str, Number]:
    specs = document.inputs.items()
    return {n: bill.inputs[n] for n, s in specs if s.per_segment and n in bill.inputs}


def _dated(document: Document, bill: Bill, previous: int, this: int, days: Fraction) -> Segment:
    return Segment(
        version=_version(document, bill, this),
        season=_season(document, bill, this),
        days=days,
        weight=days,
        months=calendar.calendar_months(document.calendar, previous, this),
        years=calendar.calendar_years(document.calendar, previous, this),
        inputs=_attributes(document, bill, this),
        active=active_on(document, this),
        resets=_resetting(document, previous + 1),
        last_day=this,
    )


def _resetting(document: Document, day: int) -> frozenset[str]:
    return frozenset(n for n, s in document.states.items() if resets(document, s.resets, day, day))


def _parts(document: Document, whole: Segment) -> tuple[Segment, ...]:
    """The n equal parts of `period.cut`; the segment itself where n is 1."""
    n = document.period.cut
    if n == 1:
        return (whole,)
    nth = replace(
        whole,
        weight=Fraction(1),
        days=None if whole.days is None else whole.days / n,
        months=None if whole.months is None else whole.months / n,
        years=None if whole.years is None else whole.years / n,
    )
    return (nth,) * n


def _undated(document: Document, bill: Bill) -> Segment:
    """A bill without dates: only for documents in which no date decides anything."""
    if depends_on_dates(document):
        raise BillFailed(
            Status.BAD_PERIOD, f"{document.id} depends on dates: give the days of both readings."
        )
    _check_days(document, bill.days)
    days = None if bill.days is None else Fraction(bill.days)
    inputs, active = _given_attributes(document, bill), active_on(document, None)
    return Segment(0, "", days, Fraction(1), None, None, inputs, active, frozenset(), None)


def _given(document: Document, bill: Bill) -> tuple[Segment, ...]:
    days = sum(s.days for s in bill.segments)
    if any(s.days < 1 for s in bill.segments) or days > document.period.days_max:
        raise BillFailed(
            Status.BAD_PERIOD,
            f"Segments have at least 1 day, together at most {document.period.days_max}.",
        )
    if any(s.resets for s in document.states.values()):
        raise BillFailed(
            Status.BAD_PERIOD, "A state that resets needs the dates of the readings, not segments."
        )
    if len(bill.segments) > 1 and not splits(document).any:
        raise BillFailed(
            Status.BAD_PERIOD, f"Nothing in {document.id} changes inside a bill: give one segment."
        )
    if list(bill.segments) != sorted(bill.segments, key=lambda s: s.day):
        raise BillFailed(Status.BAD_PERIOD, "Segments stand in the order of their days.")
    first, last = bill.segments[0].day, bill.segments[-1].day
    dated = replace(
        bill,
        previous=first - 1 if bill.previous is None else bill.previous,
        this=last if bill.this is None else bill.this,
    )
    return tuple(_from_given(document, dated, s) for s in bill.segments)


def _from_given(document: Document, bill: Bill, given: GivenSegment) -> Segment:
    return Segment(
        version=_version(document, bill, given.day),
        season=_season(document, bill, given.day),
        days=Fraction(given.days),
        weight=Fraction(given.days),
        months=None,
        years=None,
        inputs=_given_attributes(document, bill) | dict(given.inputs),
        active=active_on(document, given.day),
        resets=frozenset(),
        last_day=given.day,
    )


def month_of(document: Document, segments: Sequence[Segment]) -> int:
    """The calendar month (1..12) of the bill's last day; 0 without dates."""
    day = segments[-1].last_day
    return document.calendar.ymd(day)[1] if day is not None else 0
