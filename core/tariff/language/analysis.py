"""What of a document may change inside a bill: the facts that every engine shares."""

from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass
from enum import IntEnum
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from billcore.core.calendar import Calendar, MonthDay
from billcore.core.tariff.language.document import (
    PRICE,
    Cell,
    Change,
    Document,
    Formula,
    Percent,
    Record,
    Rows,
    Tiers,
    form_formulas,
    formulas,
)
from billcore.core.tariff.language.expression import Call, Field, Name, Whole, constant, walk
from billcore.core.tariff.language.source import Place

DOCUMENTS_KEPT = 256
"""Documents of which the answers below are remembered."""

COMMON_YEAR = {Calendar.GREGORIAN: 2023, Calendar.JALALI: 1397}
"""A year without a leap day, to count the days of seasons in."""


class Sort(IntEnum):
    """How a number behaves over the segments of one bill.

    ZERO is 0 itself; WHOLE is the same in every segment; a LEVEL belongs to its
    segment and does not add up (a price, a bound, persons); a PART adds up.
    """

    ZERO = 0
    WHOLE = 1
    LEVEL = 2
    PART = 3


class DatedSeason(NamedTuple):
    """A season that states its first and last day, both included."""

    name: str
    start: MonthDay
    end: MonthDay
    place: Place


@dataclass(frozen=True, slots=True)
class Splits:
    """What can cut a bill of this document into segments."""

    versions: bool
    seasons: bool
    attributes: bool
    cut: bool
    resets: bool
    lines: bool

    @property
    def any(self) -> bool:
        return any(astuple(self))

    @property
    def beside_cut(self) -> tuple[str, ...]:
        """What can cut a bill besides `period.cut`."""
        return tuple(name for name, can in asdict(self).items() if can and name != "cut")


def all_formulas(document: Document) -> Iterator[Formula]:
    """Every formula of the document, parameters included."""
    for version in document.versions:
        for cell in version.cells.values():
            yield from formulas(cell)
    for value in document.values.values():
        yield from form_formulas(value.form)
    for line in document.lines:
        yield from form_formulas(line.form)
        if line.when is not None:
            yield line.when
    total = document.total
    yield from (f for f in (total.formula, total.at_least, total.at_most) if f is not None)
    for state in document.states.values():
        yield from (f for f in (state.next, state.push) if f is not None)


@lru_cache(maxsize=DOCUMENTS_KEPT)
def names_used(document: Document) -> frozenset[str]:
    """Every name that some formula mentions."""
    return frozenset(
        node.id
        for formula in all_formulas(document)
        for node in walk(formula.expr)
        if isinstance(node, Name | Whole)
    )


@lru_cache(maxsize=DOCUMENTS_KEPT)
def columns_used(document: Document) -> frozenset[str]:
    """Every column of a table that something reads: named in a formula, or a price."""
    forms = [x.form for x in document.lines] + [v.form for v in document.values.values()]
    prices = {form.price for form in forms if isinstance(form, Tiers)}
    nodes = [node for formula in all_formulas(document) for node in walk(formula.expr)]
    fields = {node.name for node in nodes if isinstance(node, Field)}
    inverted = any(isinstance(n, Call) and n.function == "units_for" for n in nodes)
    return frozenset(prices | fields | {"base", "over"} | ({PRICE} if inverted else set()))


def cell_text(cell: Cell | None) -> object:
    """A cell's content without places, to compare versions by."""
    match cell:
        case Formula(text=text):
            return " ".join(text.split())
        case Record(cells=cells):
            return {k: cell_text(c) for k, c in cells.items()}
        case Rows(rows=rows):
            return [
                (
                    cell_text(r.bound),
                    r.inclusive,
                    r.reprice,
                    {k: cell_text(c) for k, c in r.cells.items()},
                )
                for r in rows
            ]
    return None


def percentages(document: Document, form: Percent) -> list[Fraction]:
    """The rate of each version, where it is a number or a parameter that is one."""
    found = (_constant(document, n, form.rate) for n in range(len(document.versions)))
    return [rate for rate in found if rate is not None]


def _constant(document: Document, version: int, formula: Formula) -> Fraction | None:
    """The number that a formula is, or the parameter that it names."""
    if not isinstance(formula.expr, Name):
        return constant(formula.expr)
    cell = document.cell(version, formula.expr.id)
    return _constant(document, version, cell) if isinstance(cell, Formula) else None


def varies(document: Document, name: str) -> bool:
    """Whether a parameter differs between two versions."""
    cells = [cell_text(document.cell(v, name)) for v in range(len(document.versions))]
    return any(c != cells[0] for c in cells)


@lru_cache(maxsize=DOCUMENTS_KEPT)
def splits(document: Document) -> Splits:
    """What can cut a bill of this document."""
    if document.period.days_max == 1:
        return Splits(False, False, False, document.period.cut > 1, False, False)
    period, used = document.period, names_used(document)
    return Splits(
        versions=period.change is Change.SPLIT
        and any(n in used and varies(document, n) for n in document.parameters()),
        seasons=bool(document.seasons)
        and period.season_change is Change.SPLIT
        and "season" in used,
        attributes=any(i.per_segment for i in document.inputs.values()),
        cut=period.cut > 1,
        resets=any(s.resets for s in document.states.values()),
        lines=any(x.start is not None or x.end is not None for x in document.lines),
    )


def depends_on_dates(document: Document) -> bool:
    """Whether the days of a period, not only their number, decide what a bill costs."""
    return (
        len(document.versions) > 1
        or bool(document.seasons)
        or any(s.resets or s.history for s in document.states.values())
        or any(x.start is not None or x.end is not None for x in document.lines)
    )


def dated_seasons(document: Document) -> list[DatedSeason]:
    """The seasons with dates, in order of their first days."""
    found = [
        DatedSeason(s.name, MonthDay(*s.start), MonthDay(*s.end), s.place)
        for s in document.seasons.values()
        if s.start and s.end
    ]
    return sorted(found, key=lambda s: s.start)


def season_starts(document: Document) -> list[tuple[MonthDay, str]]:
    """(first day, season) around the year, in order of the day."""
    dated = dated_seasons(document)
    starts = [(s.start, s.name) for s in dated]
    rest = next((s.name for s in document.seasons.values() if s.start is None), None)
    if rest is not None:
        ends = [(next_day(document, s.end), following.start) for s, following in around(dated)]
        starts += [(after, rest) for after, start in ends if after != start]
        if not dated:
            starts.append((MonthDay(1, 1), rest))
    return sorted(starts)


def season_days(document: Document, season: DatedSeason) -> set[MonthDay]:
    """The days of a common year in a season."""
    found = {season.start}
    day = season.start
    while day != season.end:
        day = next_day(document, day)
        found.add(day)
    return found


def around(dated: list[DatedSeason]) -> Iterator[tuple[DatedSeason, DatedSeason]]:
    """Every dated season with the one that follows it, the last with the first."""
    return zip(dated, [*dated[1:], *dated[:1]], strict=True)


def next_day(document: Document, day: MonthDay) -> MonthDay:
    """The day of the year after `day`, in a common year of the document's calendar."""
    month, n = day
    if n < document.calendar.month_length(COMMON_YEAR[document.calendar], month):
        return MonthDay(month, n + 1)
    return MonthDay(month % 12 + 1, 1)


def season_on(document: Document, day: int) -> str:
    """The season of a day (ordinal): the one that started last."""
    _, month, n = document.calendar.ymd(day)
    starts = season_starts(document)
    return next((name for start, name in reversed(starts) if start <= (month, n)), starts[-1][1])
