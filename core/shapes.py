"""Rows of a batch by the shape of their bill.

Goals: a few passes over the columns, whatever the number of shapes; the rule of cutting
stays in one place (`tariff.bill.cut`) and is asked once for a row of each shape. Rows with
attributes that change inside the period, or with given segments, are cut one by one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from billcore.core import calendar
from billcore.core.tariff.analysis import season_starts
from billcore.core.tariff.bill import Bill, BillFailed, GivenSegment, Number, Segment, cut, resets
from billcore.core.tariff.compiler import Variant
from billcore.core.tariff.document import Document, InputSpec, Kind
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff, choice_values, variant

Column = npt.NDArray[np.signedinteger]
"""int32 or int64."""

Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]
Statuses = npt.NDArray[np.uint8]

CODES_MAX = 1 << 22
"""Combined keys up to here are looked up in a table; beyond they are sorted."""

COMPARED_MAX = 8
"""So many borders are compared one by one; more are searched."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Attributes that change inside a period: parallel arrays, sorted by row.

    row: the bill's row; day: the first day (ordinal) with the new value; name: the
    input (`per: segment`); value: as its column holds it (scaled, or a choice's index).
    """

    row: Sequence[int]
    day: Sequence[int]
    name: Sequence[str]
    value: Sequence[int]


@dataclass(frozen=True, slots=True)
class Segments:
    """Segments stated by the caller: parallel arrays, sorted by row, in date order.

    day: any day in the segment; days: its billed days; inputs: the values of inputs
    `per: segment` as their columns hold them.
    """

    row: Sequence[int]
    day: Sequence[int]
    days: Sequence[int]
    inputs: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """Validated columns of one tariff. Missing dates and days are None."""

    tariff: Tariff
    length: int
    columns: Mapping[str, Column]
    previous: Column | None
    this: Column | None
    days: Column | None
    changes: Changes | None = None
    segments: Segments | None = None


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
    usable = (status == 0) & ~ragged_rows(batch)
    if code is None:
        return one_shape(batch, usable, status)
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


def one_shape(batch: Batch, usable: npt.NDArray[np.bool_], status: Statuses) -> Grouping:
    """The grouping of rows that all have one shape."""
    every = bool(usable.all())
    row = int(usable.argmax()) if usable.size else 0
    if not usable.size or not usable[row]:
        return Grouping((), np.full(usable.size, -1, dtype=np.int32))
    try:
        shape = shape_of(batch, row)
    except BillFailed as failed:
        status[usable] = failed.status
        return Grouping((), np.full(usable.size, -1, dtype=np.int32))
    return Grouping((shape,), None if every else np.where(usable, 0, -1).astype(np.int32))


def representatives(code: Ints, usable: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """(code, a usable row that has it), for every code."""
    rows = np.flatnonzero(usable)
    last = np.full(int(code.max(initial=0)) + 1, -1, dtype=np.int64)
    last[code[rows]] = rows
    for key in np.flatnonzero(last >= 0).tolist():
        yield key, int(last[key])


def shape_of(batch: Batch, row: int) -> Shape:
    """The shape of a row. Raises BillFailed where it cannot be cut."""
    document = batch.tariff.document
    bill = bill_at(batch, row)
    segments = cut(document, bill)
    variants = tuple(variant(document, bill, s) for s in segments)
    inner = () if document.period.cut > 1 else segments[:-1]
    return Shape(variants, tuple(s.last_day for s in inner if s.last_day is not None))


def mark_bad_periods(batch: Batch, status: Statuses) -> None:
    most = batch.tariff.document.period.days_max
    if batch.previous is not None and batch.this is not None:
        known = all(
            within(column, calendar.DAY_MIN, calendar.DAY_MAX)
            for column in (batch.previous, batch.this)
        )
        if not known or not within(batch.this - batch.previous, 1, most):
            status[~periods_fit(batch.previous, batch.this, most)] = Status.BAD_PERIOD
    if batch.days is not None and not within(batch.days, 1, most):
        status[(batch.days < 1) | (batch.days > most)] = Status.BAD_PERIOD


def periods_fit(previous: Column, this: Column, most: int) -> npt.NDArray[np.bool_]:
    """Row by row: (previous, this] has 1..most days that calendars know."""
    length = this.astype(np.int64) - previous
    inside = (previous >= calendar.DAY_MIN) & (this <= calendar.DAY_MAX)
    fits: npt.NDArray[np.bool_] = inside & (length >= 1) & (length <= most)
    return fits


def mark_unknown_choices(batch: Batch, status: Statuses) -> None:
    for spec in choosing(batch.tariff.document):
        column, count = batch.columns[spec.name], len(choice_values(spec))
        if not within(column, 0, count - 1):
            unknown = (column < 0) | (column >= count)
            status[(status == 0) & unknown] = Status.UNKNOWN_CHOICE


def mark_bad_histories(batch: Batch, status: Statuses) -> None:
    """Entries outside the state's limits, or of a month that is not 1..12 (0: no entry)."""
    for name, state in batch.tariff.document.states.items():
        if state.history is None or name not in batch.columns:
            continue
        values, months = batch.columns[name], batch.columns[f"{name}.month"]
        one = 10**state.decimals
        lo, hi = int(state.lo * one), int(state.hi * one)
        bad = (months < 0) | (months > 12) | ((months > 0) & ((values < lo) | (values > hi)))
        status[(status == 0) & bad.any(axis=1)] = Status.OUT_OF_RANGE


def within(column: Column, lo: int, hi: int) -> bool:
    """Whether all values lie in lo..hi; true without rows."""
    return not column.size or (int(column.min()) >= lo and int(column.max()) <= hi)


def choosing(document: Document) -> list[InputSpec]:
    """The inputs that shape a bill: choices and flags."""
    return [s for s in document.inputs.values() if s.kind in (Kind.CHOICE, Kind.FLAG)]


def ragged_rows(batch: Batch) -> npt.NDArray[np.bool_]:
    """Rows that are cut one by one."""
    found = np.zeros(batch.length, dtype=np.bool_)
    for part in (batch.changes, batch.segments):
        if part is not None and len(part.row):
            found[np.asarray(part.row, dtype=np.intp)] = True
    return found


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
    if batch.previous is not None and batch.this is not None and batch.length:
        first, last = known_days(batch.previous) + 1, known_days(batch.this)
        yield from date_keys(batch, document, first, last)
    for spec in choosing(document) if batch.length else ():
        column, count = batch.columns[spec.name], len(choice_values(spec))
        yield column if within(column, 0, count) else np.clip(column, -1, count)


def known_days(days: Column) -> Column:
    """Days that calendars know; others (their rows have failed) become the nearest of these."""
    if within(days, calendar.DAY_MIN, calendar.DAY_MAX):
        return days
    return np.clip(days, calendar.DAY_MIN, calendar.DAY_MAX)


def date_keys(batch: Batch, document: Document, first: Column, last: Column) -> Iterator[Column]:
    lowest, highest = int(first.min()), int(last.max())
    borders, starting = all_borders(document, lowest, highest)
    yield interval(borders, first)
    yield interval(borders, last)
    if starting.size:
        yield np.isin(first, starting).astype(np.int64)
    if batch.days is not None:
        yield (batch.days != last - first + 1).astype(np.int64)


def interval(borders: Ints, days: Column) -> Column:
    """How many borders lie at or before each day."""
    lowest, highest = int(days.min()), int(days.max())
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
    for line in document.lines:
        days |= {line.start} if line.start is not None else set()
        days |= {line.end + 1} if line.end is not None else set()
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

    def told(self, kind: str) -> bool:
        """Whether the batch tells days, months or years."""
        dated = self.batch.previous is not None and self.batch.this is not None
        return dated or (kind == "days" and self.batch.days is not None)

    def column(self, kind: str, segment: int | None) -> Column:
        """kind: days, months or years (scaled as programs want them); segment None: the bill."""
        if kind == "days" and segment is None and self.batch.days is not None:
            return self.batch.days
        start = self.end(-1) if segment is None else self.end(segment - 1)
        end = self.last() if segment is None else self.end(segment)
        if kind == "days":
            return end - start
        scaled = calendar.months_scaled if kind == "months" else calendar.years_scaled
        document = self.batch.tariff.document
        return scaled(document.calendar, end) - scaled(document.calendar, start)

    def last(self) -> Column:
        assert self.batch.this is not None
        return known_days(self.batch.this)

    def end(self, segment: int) -> Column:
        """The last day of a segment; of segment -1 the day before the bill."""
        assert self.batch.previous is not None
        if segment < 0:
            return known_days(self.batch.previous)
        none = calendar.DAY_MAX + 1
        table = np.array(
            [s.ends[segment] if segment < len(s.ends) else none for s in self.grouped.shapes],
            dtype=np.int64,
        )
        ends = table[0 if self.grouped.ids is None else self.grouped.ids]
        return np.where(ends == none, self.last(), ends)


# -- rows cut one by one


@dataclass(frozen=True, slots=True)
class RaggedGroup:
    """Rows of one shape with a column per segment of days, months, years and attributes.

    months and years are empty where the rows do not tell them.
    """

    rows: Rows
    variants: tuple[Variant, ...]
    times: Mapping[str, list[Ints]]
    attributes: Mapping[str, list[Ints]]

    def told(self, kind: str) -> bool:
        return bool(self.times[kind])

    def column(self, kind: str, segment: int | None) -> Ints:
        """As `Times.column`."""
        parts = self.times[kind]
        if segment is not None:
            return parts[segment]
        return np.sum(parts, axis=0, dtype=np.int64)


def bill_at(batch: Batch, row: int) -> Bill:
    """The dates and choices of a row as a Bill (numbers do not shape it)."""
    inputs = {
        spec.name: as_choice(spec, int(batch.columns[spec.name][row]))
        for spec in choosing(batch.tariff.document)
    }

    def at(column: Column | None) -> int | None:
        return None if column is None else int(column[row])

    return Bill(inputs, at(batch.previous), at(batch.this), at(batch.days))


def as_choice(spec: InputSpec, index: int) -> Number:
    """The word of a choice (a flag's Fraction) that a column's index means."""
    if not 0 <= index < len(choice_values(spec)):
        message = f"{spec.name}: {index} is not the index of a choice."
        raise BillFailed(Status.UNKNOWN_CHOICE, message)
    return spec.oneof[index] if spec.kind is Kind.CHOICE else Fraction(index)


def ragged_groups(batch: Batch, status: Statuses) -> Iterator[RaggedGroup]:
    """Groups of the rows with changes or given segments. OUT: status of those that fail."""
    document = batch.tariff.document
    found: dict[tuple[Variant, ...], list[tuple[int, tuple[Segment, ...]]]] = {}
    parts = _Parts(batch)
    for row in np.flatnonzero(ragged_rows(batch) & (status == 0)).tolist():
        try:
            bill = parts.bill(row)
            segments = cut(document, bill)
            variants = tuple(variant(document, bill, s) for s in segments)
        except BillFailed as failed:
            status[row] = failed.status
            continue
        found.setdefault(variants, []).append((row, segments))
    for variants, members in found.items():
        yield _ragged_group(document, variants, members)


class _Parts:
    """The changes and segments of a batch by row."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.specs = batch.tariff.document.inputs
        self.changes: dict[int, list[tuple[int, str, Number]]] = {}
        self.segments: dict[int, list[GivenSegment]] = {}
        self.unreadable: dict[int, BillFailed] = {}
        if batch.changes is not None:
            self.read_changes(batch.changes)
        if batch.segments is not None:
            self.read_segments(batch.segments)

    def read_changes(self, c: Changes) -> None:
        for row, day, name, value in zip(c.row, c.day, c.name, c.value, strict=True):
            number = self.number(int(row), self.specs[name], int(value))
            self.changes.setdefault(int(row), []).append((int(day), name, number))

    def read_segments(self, s: Segments) -> None:
        for i, (row, day, days) in enumerate(zip(s.row, s.day, s.days, strict=True)):
            inputs = {
                n: self.number(int(row), self.specs[n], int(v[i])) for n, v in s.inputs.items()
            }
            given = GivenSegment(int(day), int(days), inputs)
            self.segments.setdefault(int(row), []).append(given)

    def number(self, row: int, spec: InputSpec, value: int) -> Number:
        """A value as a Bill has it; a choice out of range fails its row, not the batch."""
        if spec.kind not in (Kind.CHOICE, Kind.FLAG):
            return Fraction(value)
        try:
            return as_choice(spec, value)
        except BillFailed as failed:
            self.unreadable[row] = failed
            return Fraction(0)

    def bill(self, row: int) -> Bill:
        if row in self.unreadable:
            raise self.unreadable[row]
        plain = bill_at(self.batch, row)
        numbers = {
            s.name: Fraction(int(self.batch.columns[s.name][row])) for s in varying(self.specs)
        }
        return Bill(
            {**plain.inputs, **numbers},
            plain.previous,
            plain.this,
            plain.days,
            changes=self.changes.get(row, []),
            segments=self.segments.get(row, []),
        )


def varying(specs: Mapping[str, InputSpec]) -> list[InputSpec]:
    """Numbers that may change inside a bill."""
    return [s for s in specs.values() if s.per_segment and s.kind not in (Kind.CHOICE, Kind.FLAG)]


def _ragged_group(
    document: Document,
    variants: tuple[Variant, ...],
    members: list[tuple[int, tuple[Segment, ...]]],
) -> RaggedGroup:
    every = [segments for _, segments in members]
    month = calendar.MONTH_DENOMINATOR[document.calendar]
    times = {
        "days": _times(document, [[s.days for s in segments] for segments in every], 1),
        "months": _times(document, [[s.months for s in segments] for segments in every], month),
        "years": _times(
            document, [[s.years for s in segments] for segments in every], calendar.YEAR_DENOMINATOR
        ),
    }
    attributes = {
        spec.name: [
            np.array([int(segments[k].inputs[spec.name]) for segments in every], dtype=np.int64)
            for k in range(len(variants))
        ]
        for spec in varying(document.inputs)
    }
    rows = np.array([row for row, _ in members], dtype=np.intp)
    return RaggedGroup(rows, variants, times, attributes)


def _times(document: Document, rows: list[list[Fraction | None]], scale: int) -> list[Ints]:
    """A column per segment (of the whole bill where `period.cut` makes equal parts)."""
    if any(value is None for values in rows for value in values):
        return []
    whole = document.period.cut
    count = 1 if whole > 1 else len(rows[0])
    return [
        np.array([int((values[k] or 0) * scale * whole) for values in rows], dtype=np.int64)
        for k in range(count)
    ]
