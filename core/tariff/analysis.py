"""What of a document may change inside a bill: the facts that every engine shares."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from billcore.core.calendar import MonthDay
from billcore.core.tariff.document import (
    Cell,
    Change,
    Document,
    Formula,
    Record,
    Rows,
    form_formulas,
    formulas,
)
from billcore.core.tariff.expression import Name, Whole, walk


class Sort(IntEnum):
    """How a number behaves over the segments of one bill.

    ZERO is 0 itself; WHOLE is the same in every segment; a LEVEL belongs to its
    segment and does not add up (a price, a bound, persons); a PART adds up.
    """

    ZERO = 0
    WHOLE = 1
    LEVEL = 2
    PART = 3


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
        return any(
            (self.versions, self.seasons, self.attributes, self.cut, self.resets, self.lines)
        )


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


def names_used(document: Document) -> set[str]:
    """Every name that some formula mentions."""
    return {
        node.id
        for formula in all_formulas(document)
        for node in walk(formula.expr)
        if isinstance(node, Name | Whole)
    }


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


def varies(document: Document, name: str) -> bool:
    """Whether a parameter differs between two versions."""
    cells = [cell_text(document.cell(v, name)) for v in range(len(document.versions))]
    return any(c != cells[0] for c in cells)


@lru_cache(maxsize=256)
def _splits(document_hash: str, holder: "_Held") -> Splits:
    del document_hash
    document = holder.document
    used = names_used(document)
    versions = document.period.change is Change.SPLIT and any(
        name in used and varies(document, name) for name in document.parameters()
    )
    return Splits(
        versions=versions,
        seasons=bool(document.seasons)
        and document.period.season_change is Change.SPLIT
        and "season" in used,
        attributes=any(i.per_segment for i in document.inputs.values()),
        cut=document.period.cut > 1,
        resets=any(s.resets for s in document.states.values()),
        lines=any(x.start is not None or x.end is not None for x in document.lines),
    )


class _Held:
    """A document as a cache argument that never compares by content."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


def splits(document: Document) -> Splits:
    """What can cut a bill of this document; remembered by the document's hash."""
    return _splits(document.hash, _Held(document))


def season_starts(document: Document) -> list[tuple[MonthDay, str]]:
    """(first day, season) around the year, in order of the day."""
    rest = next((s.name for s in document.seasons.values() if s.start is None), None)
    dated = sorted(
        (s for s in document.seasons.values() if s.start and s.end), key=lambda s: s.start or (0, 0)
    )
    starts = [(MonthDay(*s.start), s.name) for s in dated if s.start]
    if rest is not None:
        for season, following in zip(dated, [*dated[1:], *dated[:1]], strict=True):
            after = next_day(document, season.end or (12, 31))
            if after != following.start:
                starts.append((after, rest))
        if not dated:
            starts.append((MonthDay(1, 1), rest))
    return sorted(starts)


def next_day(document: Document, day: tuple[int, int]) -> MonthDay:
    """The day of the year after `day`, in a common year of the document's calendar."""
    month, n = day
    year = (
        next(y for y in range(1397, 1402) if not document.calendar.is_leap(y))
        if _is_jalali(document)
        else 2023
    )
    if n < document.calendar.month_length(year, month):
        return MonthDay(month, n + 1)
    return MonthDay(month % 12 + 1, 1)


def _is_jalali(document: Document) -> bool:
    return document.calendar.value == "jalali"


def season_on(document: Document, day: int) -> str:
    """The season of a day (ordinal): the one that started last."""
    _, month, n = document.calendar.ymd(day)
    starts = season_starts(document)
    return next((name for start, name in reversed(starts) if start <= (month, n)), starts[-1][1])
