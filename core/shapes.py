"""Rows of a batch grouped by the shape of their bill.

Goals: vectorised over dates and choices; the rule of cutting itself stays in one
place (`tariff.bill.cut`), asked once per group for a representative row. Rows with
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
from billcore.core.tariff.document import Document, InputSpec, Kind
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff, Variant, choice_values, variant

Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]


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


@dataclass(slots=True)
class Group:
    """Rows of one shape. days, months, years: a column per segment (scaled as the
    kernels want it); attributes: per input `per: segment`, a column per segment."""

    rows: Rows
    shape: tuple[Variant, ...]
    days: list[Ints]
    months: list[Ints]
    years: list[Ints]
    attributes: dict[str, list[Ints]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Validated columns of one tariff. Missing dates and days are None."""

    tariff: Tariff
    length: int
    columns: Mapping[str, Ints]
    previous: Ints | None
    this: Ints | None
    days: Ints | None
    changes: Changes | None = None
    segments: Segments | None = None


def groups(batch: Batch, status: npt.NDArray[np.uint8]) -> Iterator[Group]:
    """The groups of all rows that can be cut; others get their status. OUT: status."""
    document = batch.tariff.document
    mark_bad_periods(batch, status)
    mark_unknown_choices(batch, status)
    ragged = ragged_rows(batch)
    plain = np.flatnonzero((status == 0) & ~ragged)
    for rows in by_key(batch, plain):
        yield from _together(batch, document, rows, status)
    yield from one_by_one(batch, np.flatnonzero((status == 0) & ragged), status)


def mark_bad_periods(batch: Batch, status: npt.NDArray[np.uint8]) -> None:
    most = batch.tariff.document.period.days_max
    if batch.previous is not None and batch.this is not None:
        length = batch.this - batch.previous
        inside = (batch.previous >= calendar.DAY_MIN) & (batch.this <= calendar.DAY_MAX)
        status[~(inside & (length >= 1) & (length <= most))] = Status.BAD_PERIOD
    if batch.days is not None:
        status[(batch.days < 1) | (batch.days > most)] = Status.BAD_PERIOD


def mark_unknown_choices(batch: Batch, status: npt.NDArray[np.uint8]) -> None:
    for spec in choosing(batch.tariff.document):
        column = batch.columns[spec.name]
        known = (column >= 0) & (column < len(choice_values(spec)))
        status[(status == 0) & ~known] = Status.UNKNOWN_CHOICE


def choosing(document: Document) -> list[InputSpec]:
    return [s for s in document.inputs.values() if s.kind in (Kind.CHOICE, Kind.FLAG)]


def ragged_rows(batch: Batch) -> npt.NDArray[np.bool_]:
    found = np.zeros(batch.length, dtype=np.bool_)
    for part in (batch.changes, batch.segments):
        if part is not None and len(part.row):
            found[np.asarray(part.row, dtype=np.intp)] = True
    return found


# -- rows that share a shape


def by_key(batch: Batch, rows: Rows) -> Iterator[Rows]:
    """Rows whose dates lie between the same borders and whose choices are equal."""
    if not rows.size:
        return
    code = np.zeros(rows.size, dtype=np.int64)
    for key in _keys(batch, rows):
        _, inverse = np.unique(key, return_inverse=True)
        code = code * (int(inverse.max()) + 1) + inverse
        _, code = np.unique(code, return_inverse=True)
    order = np.argsort(code, kind="stable")
    ends = np.flatnonzero(np.diff(code[order])) + 1
    for part in np.split(order, ends):
        yield rows[part]


def _keys(batch: Batch, rows: Rows) -> Iterator[Ints]:
    document = batch.tariff.document
    if batch.previous is not None and batch.this is not None:
        first, last = batch.previous[rows] + 1, batch.this[rows]
        borders, starting = all_borders(document, int(first.min()), int(last.max()))
        if borders.size:
            yield np.searchsorted(borders, first, "right").astype(np.int64)
            yield np.searchsorted(borders, last, "right").astype(np.int64)
        if starting.size:
            yield np.isin(first, starting).astype(np.int64)
        if batch.days is not None:
            yield (batch.days[rows] != last - first + 1).astype(np.int64)
    for spec in choosing(document):
        yield batch.columns[spec.name][rows]


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


def _together(
    batch: Batch, document: Document, rows: Rows, status: npt.NDArray[np.uint8]
) -> Iterator[Group]:
    bill = bill_at(batch, int(rows[0]))
    try:
        segments = cut(document, bill)
    except BillFailed as failed:
        status[rows] = failed.status
        return
    shape = tuple(variant(document, bill, s) for s in segments)
    days, months, years = times(batch, document, rows, segments)
    attributes = {
        s.name: [batch.columns[s.name][rows]] * len(segments)
        for s in document.inputs.values()
        if s.per_segment and s.kind not in (Kind.CHOICE, Kind.FLAG)
    }
    yield Group(rows, shape, days, months, years, attributes)


def times(
    batch: Batch, document: Document, rows: Rows, segments: Sequence[Segment]
) -> tuple[list[Ints], list[Ints], list[Ints]]:
    """days, months and years per segment; empty where the rows have no dates."""
    if batch.previous is None or batch.this is None:
        return ([] if batch.days is None else [batch.days[rows]]), [], []
    previous, this = batch.previous[rows], batch.this[rows]
    if document.period.cut > 1 or len(segments) == 1:
        ends = [previous, this]
    else:
        inner = [np.full(rows.size, s.last_day, dtype=np.int64) for s in segments[:-1]]
        ends = [previous, *inner, this]
    days = [b - a for a, b in zip(ends, ends[1:], strict=False)]
    if batch.days is not None and len(days) == 1:
        days = [batch.days[rows]]
    months = [calendar.months_scaled(document.calendar, e) for e in ends]
    years = [calendar.years_scaled(document.calendar, e) for e in ends]
    return days, _steps(months), _steps(years)


def _steps(marks: list[Ints]) -> list[Ints]:
    return [b - a for a, b in zip(marks, marks[1:], strict=False)]


# -- rows cut one by one


def bill_at(batch: Batch, row: int) -> Bill:
    """The dates and choices of a row as a Bill (numbers do not shape it)."""
    inputs: dict[str, Number] = {}
    for spec in choosing(batch.tariff.document):
        inputs[spec.name] = as_choice(spec, int(batch.columns[spec.name][row]))

    def at(column: Ints | None) -> int | None:
        return None if column is None else int(column[row])

    return Bill(inputs, at(batch.previous), at(batch.this), at(batch.days))


def as_choice(spec: InputSpec, index: int) -> Number:
    """The word of a choice (a flag's Fraction) that a column's index means."""
    if not 0 <= index < len(choice_values(spec)):
        raise BillFailed(
            Status.UNKNOWN_CHOICE, f"{spec.name}: {index} is not the index of a choice."
        )
    return spec.oneof[index] if spec.kind is Kind.CHOICE else Fraction(index)


def one_by_one(batch: Batch, rows: Rows, status: npt.NDArray[np.uint8]) -> Iterator[Group]:
    """Groups of the rows with changes or given segments, equal shapes together."""
    document = batch.tariff.document
    found: dict[tuple[Variant, ...], list[tuple[int, tuple[Segment, ...], Bill]]] = {}
    parts = _Parts(batch)
    for row in rows.tolist():
        try:
            bill = parts.bill(row)
            segments = cut(document, bill)
            shape = tuple(variant(document, bill, s) for s in segments)
        except BillFailed as failed:
            status[row] = failed.status
            continue
        found.setdefault(shape, []).append((row, segments, bill))
    for shape, members in found.items():
        yield _ragged_group(batch, shape, members)


class _Parts:
    """The changes and segments of a batch by row."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.changes: dict[int, list[tuple[int, str, Number]]] = {}
        self.segments: dict[int, list[GivenSegment]] = {}
        specs = batch.tariff.document.inputs
        if batch.changes is not None:
            c = batch.changes
            for row, day, name, value in zip(c.row, c.day, c.name, c.value, strict=True):
                self.changes.setdefault(int(row), []).append(
                    (int(day), name, self.number(specs[name], int(value)))
                )
        if batch.segments is not None:
            s = batch.segments
            for i, (row, day, days) in enumerate(zip(s.row, s.day, s.days, strict=True)):
                inputs = {n: self.number(specs[n], int(v[i])) for n, v in s.inputs.items()}
                self.segments.setdefault(int(row), []).append(
                    GivenSegment(int(day), int(days), inputs)
                )

    def number(self, spec: InputSpec, value: int) -> Number:
        if spec.kind in (Kind.CHOICE, Kind.FLAG):
            return as_choice(spec, value)
        return Fraction(value)

    def bill(self, row: int) -> Bill:
        plain = bill_at(self.batch, row)
        inputs = dict(plain.inputs)
        for spec in self.batch.tariff.document.inputs.values():
            if spec.per_segment and spec.kind not in (Kind.CHOICE, Kind.FLAG):
                inputs[spec.name] = Fraction(int(self.batch.columns[spec.name][row]))
        return Bill(
            inputs,
            plain.previous,
            plain.this,
            plain.days,
            changes=self.changes.get(row, []),
            segments=self.segments.get(row, []),
        )


def _ragged_group(
    batch: Batch, shape: tuple[Variant, ...], members: list[tuple[int, tuple[Segment, ...], Bill]]
) -> Group:
    document = batch.tariff.document
    rows = np.array([row for row, _, _ in members], dtype=np.intp)
    count = 1 if document.period.cut > 1 else len(shape)

    def column(of: list[int]) -> Ints:
        return np.array(of, dtype=np.int64)

    def scaled(values: list[Fraction | None], by: int) -> Ints:
        whole = document.period.cut
        return column([int((v or 0) * by * whole) for v in values])

    timed = [[segments[k] for _, segments, _ in members] for k in range(count)]
    month = calendar.MONTH_DENOMINATOR[document.calendar]
    dated = all(s.months is not None for part in timed for s in part)
    names = [
        s.name
        for s in document.inputs.values()
        if s.per_segment and s.kind not in (Kind.CHOICE, Kind.FLAG)
    ]
    return Group(
        rows,
        shape,
        days=[scaled([s.days for s in part], 1) for part in timed],
        months=[scaled([s.months for s in part], month) for part in timed] if dated else [],
        years=[scaled([s.years for s in part], calendar.YEAR_DENOMINATOR) for part in timed]
        if dated
        else [],
        attributes={
            n: [
                column([int(segments[k].inputs[n]) for _, segments, _ in members])
                for k in range(len(shape))
            ]
            for n in names
        },
    )
