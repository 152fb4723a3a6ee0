"""Rows of a batch by the shape of their bill.

Goals: a few passes over the columns, whatever the number of shapes; the rule of cutting
stays in one place (`tariff.bill.cut`) and is asked once for a row of each shape. Rows with
attributes that change inside the period, or with given segments, are cut one by one (`ragged`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from billcore.core import calendar
from billcore.core.rating.batch import Batch, Bools, Column, Ints, Statuses, as_choice, ragged_rows
from billcore.core.rating.columns import choices_of, histories_of
from billcore.core.tariff.bill import Bill, BillFailed, Number, cut, resets
from billcore.core.tariff.language.analysis import season_starts
from billcore.core.tariff.language.document import Document
from billcore.core.tariff.program.scope import Variant
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff, variant

CODES_MAX = 1 << 22
"""Combined keys up to here are looked up in a table; beyond they are sorted."""

SHAPES_KEPT = 1 << 14
"""Shapes that are remembered, by tariff, dates and choices."""

COMPARED_MAX = 8
"""So many borders are compared one by one; more are searched."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the rows of one id share: variants, and the last days of all segments but the last."""

    variants: tuple[Variant, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """ids[row] is the place of the row's shape in `shapes`; -1: it failed, or is ragged.

    ids None: every row has the one shape.
    """

    shapes: tuple[Shape, ...]
    ids: npt.NDArray[np.int32] | None


def grouping(batch: Batch, status: Statuses) -> Grouping:
    """The shapes of all rows that are cut by their dates. OUT: status of those that cannot be."""
    mark_bad_periods(batch, status)
    mark_unknown_choices(batch, status)
    mark_bad_histories(batch, status)
    code = codes(batch)
    plain = batch.changes is None and batch.segments is None
    if code is None and plain and not status.any():
        return one_shape(batch, status)
    usable = (status == 0) & ~ragged_rows(batch)
    if code is None:
        code = np.zeros(batch.length, dtype=np.int64)
    shapes: list[Shape] = []
    found = np.full(int(code.max(initial=0)) + 1, -1, dtype=np.int32)
    for key, row in representatives(code, usable):
        try:
            shapes.append(shape_of(batch, row))
        except BillFailed as failed:
            status[usable & (code == key)] = failed.status
        else:
            found[key] = len(shapes) - 1
    ids = found[code]
    ids[~usable] = -1
    return Grouping(tuple(shapes), ids)


def one_shape(batch: Batch, status: Statuses) -> Grouping:
    """The grouping of rows that all have one shape. OUT: status."""
    if batch.length:
        try:
            return Grouping((shape_of(batch, 0),), None)
        except BillFailed as failed:
            status[:] = failed.status
    return Grouping((), np.full(batch.length, -1, dtype=np.int32))


def representatives(code: Ints, usable: Bools) -> Iterator[tuple[int, int]]:
    """(code, a usable row that has it), for every code."""
    rows = np.flatnonzero(usable)
    last = np.full(int(code.max(initial=0)) + 1, -1, dtype=np.int64)
    last[code[rows]] = rows
    for key in np.flatnonzero(last >= 0).tolist():
        yield key, int(last[key])


def shape_of(batch: Batch, row: int) -> Shape:
    """The shape of a row. Raises BillFailed where it cannot be cut."""
    choices = tuple(
        (spec.name, as_choice(spec, int(batch.column(spec.name)[row])))
        for spec, _ in choices_of(batch.tariff)
    )
    if not batch.given.dated:
        return cut_shape(batch.tariff, choices)
    days = int(batch.column("days")[row]) if "days" in batch.given else None
    previous, this = (int(batch.column(name)[row]) for name in ("previous", "this"))
    return cut_shape(batch.tariff, choices, previous, this, days)


@lru_cache(SHAPES_KEPT)
def cut_shape(
    tariff: Tariff,
    choices: tuple[tuple[str, Number], ...],
    previous: int | None = None,
    this: int | None = None,
    days: int | None = None,
) -> Shape:
    """The shape of a bill in which only its dates change anything. Raises BillFailed.

    Without dates days do not shape it.
    """
    document, bill = tariff.document, Bill(dict(choices), previous, this, days)
    segments = cut(document, bill)
    variants = tuple(variant(document, bill, s) for s in segments)
    inner = () if document.period.cut > 1 else segments[:-1]
    return Shape(variants, tuple(s.last_day for s in inner if s.last_day is not None))


def mark_bad_periods(batch: Batch, status: Statuses) -> None:
    most = batch.tariff.document.period.days_max
    if batch.given.dated:
        previous, this = batch.column("previous"), batch.column("this")
        known = all(
            batch.within(name, calendar.DAY_MIN, calendar.DAY_MAX) for name in ("previous", "this")
        )
        if not known or not all_between(this - previous, 1, most):
            status[~calendar.periods_valid(previous, this, most)] = Status.BAD_PERIOD
    if "days" in batch.given and not batch.within("days", 1, most):
        days = batch.column("days")
        status[(days < 1) | (days > most)] = Status.BAD_PERIOD


def mark_unknown_choices(batch: Batch, status: Statuses) -> None:
    for spec, count in choices_of(batch.tariff):
        if not batch.within(spec.name, 0, count - 1):
            column = batch.column(spec.name)
            unknown = (column < 0) | (column >= count)
            status[(status == 0) & unknown] = Status.UNKNOWN_CHOICE


def mark_bad_histories(batch: Batch, status: Statuses) -> None:
    """Entries outside the state's limits, or of a month that is not 1..12 (0: no entry)."""
    for spec in histories_of(batch.tariff):
        if spec.name not in batch.given:
            continue
        values, months = batch.column(spec.name), batch.column(f"{spec.name}.month")
        beyond = (values < spec.lo) | (values > spec.hi)
        bad = (months < 0) | (months > 12) | ((months > 0) & beyond)
        status[(status == 0) & bad.any(axis=1)] = Status.OUT_OF_RANGE


def all_between(column: Column, lo: int, hi: int) -> bool:
    """Whether all values lie in lo..hi; true without rows."""
    return not column.size or (int(column.min()) >= lo and int(column.max()) <= hi)


# -- keys: rows of one code have one shape


def codes(batch: Batch) -> Ints | None:
    """A small number per row: rows with the same number have the same shape. None: all have."""
    code: Ints | None = None
    size = 1
    for key in keys(batch):
        lowest, highest = int(key.min()), int(key.max())
        if lowest == highest:
            continue
        digit = key - np.int64(lowest)
        code = digit if code is None else code * (highest - lowest + 1) + digit
        size *= highest - lowest + 1
        if size > CODES_MAX:
            _, code = np.unique(code, return_inverse=True)
            size = int(code.max()) + 1
    return code


def keys(batch: Batch) -> Iterator[Column]:
    """Per row: between which borders its first and last day lie, and its choices."""
    document = batch.tariff.document
    if batch.given.dated and batch.length:
        yield from date_keys(batch, document)
    for spec, count in choices_of(batch.tariff) if batch.length else ():
        column = batch.column(spec.name)
        yield column if batch.within(spec.name, 0, count) else np.clip(column, -1, count)


def known_days(batch: Batch, name: str) -> Column:
    """Days that calendars know; others (their rows have failed) become the nearest of these."""
    days = batch.column(name)
    if batch.within(name, calendar.DAY_MIN, calendar.DAY_MAX):
        return days
    return np.clip(days, calendar.DAY_MIN, calendar.DAY_MAX)


def known_limits(batch: Batch, name: str) -> tuple[int, int]:
    """The least and greatest of `known_days`."""
    if not batch.whole:  # an absurd day of another tariff's bill would add borders without end
        days = known_days(batch, name)
        return int(days.min()), int(days.max())
    lowest, highest = batch.limits(name)
    lo, hi = calendar.DAY_MIN, calendar.DAY_MAX
    return min(max(lowest, lo), hi), min(max(highest, lo), hi)


def date_keys(batch: Batch, document: Document) -> Iterator[Column]:
    before, last = known_days(batch, "previous"), known_days(batch, "this")
    befores, lasts = known_limits(batch, "previous"), known_limits(batch, "this")
    borders, starting = all_borders(document, befores[0] + 1, lasts[1])
    yield interval(borders - 1, before, *befores)
    yield interval(borders, last, *lasts)
    if starting.size:
        yield np.isin(before, starting - 1).astype(np.int64)
    if "days" in batch.given:
        yield (batch.column("days") != last - before).astype(np.int64)


def interval(borders: Ints, days: Column, lowest: int, highest: int) -> Column:
    """How many borders lie at or before each day; all days lie in lowest..highest."""
    inner = borders[(borders > lowest) & (borders <= highest)]
    if not inner.size:
        return np.zeros(1, dtype=np.int64)
    if inner.size > COMPARED_MAX:
        return np.searchsorted(inner, days, "right").astype(np.int64)
    found = np.zeros(days.size, dtype=np.int64)
    for border in inner.tolist():
        found += days >= border
    return found


def all_borders(document: Document, first: int, last: int) -> tuple[Ints, Ints]:
    """First days on which anything can change in first..last, and those that reset states."""
    days: set[int] = set()
    for v in document.versions:
        days |= {v.start} | ({v.end + 1} if v.end is not None else set())
    days |= document.line_borders()
    if document.seasons:
        starts = [start for start, _ in season_starts(document)]
        days |= set(calendar.recurring_borders(document.calendar, starts, first, last))
    resetting: set[int] = set()
    for state in document.states.values():
        resetting |= set(resets(document, state.resets, first, last))
    return _sorted(days | resetting), _sorted(resetting)


def _sorted(days: set[int]) -> Ints:
    return np.array(sorted(days), dtype=np.int64)


# -- time columns of grouped rows


class Times:
    """days, months and years of whole bills and of segments, for all rows of a grouping."""

    def __init__(self, batch: Batch, grouped: Grouping) -> None:
        self.batch = batch
        self.grouped = grouped
        self.ends: dict[int, Column] = {}
        self.borders_max = max((len(s.ends) for s in grouped.shapes), default=0)

    def told(self, kind: str) -> bool:
        """Whether the batch tells days, months or years."""
        return self.batch.given.dated or (kind == "days" and "days" in self.batch.given)

    def column(self, kind: str, segment: int | None) -> Column:
        """kind: days, months or years (scaled as programs want them); segment None: the bill."""
        if kind == "days" and segment is None and "days" in self.batch.given:
            return self.batch.column("days")
        start = self.end(-1 if segment is None else segment - 1)
        end = self.end(self.borders_max if segment is None else segment)
        if kind == "days":
            return end - start
        scaled = calendar.months_scaled if kind == "months" else calendar.years_scaled
        document = self.batch.tariff.document
        return scaled(document.calendar, end) - scaled(document.calendar, start)

    def end(self, segment: int) -> Column:
        """The last day of a segment (the bill's where it has fewer); -1: the day before it."""
        if segment not in self.ends:
            self.ends[segment] = self.fresh_end(segment)
        return self.ends[segment]

    def fresh_end(self, segment: int) -> Column:
        if segment < 0:
            return known_days(self.batch, "previous")
        if segment >= self.borders_max:
            return known_days(self.batch, "this")
        none = calendar.DAY_MAX + 1
        table = np.array(
            [s.ends[segment] if segment < len(s.ends) else none for s in self.grouped.shapes],
            dtype=np.int64,
        )
        ends = table[0 if self.grouped.ids is None else self.grouped.ids]
        return np.where(ends == none, self.end(self.borders_max), ends)
