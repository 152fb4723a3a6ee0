"""Rows of a batch that are cut one by one: attributes that change, or given segments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from billcore.core import calendar
from billcore.core.rating.batch import (
    Batch,
    Changes,
    Ints,
    Rows,
    Segments,
    Statuses,
    as_choice,
    bill_at,
    ragged_rows,
)
from billcore.core.tariff.bill import Bill, BillFailed, GivenSegment, Number, Segment, cut
from billcore.core.tariff.language.document import Document, InputSpec
from billcore.core.tariff.program.scope import Variant
from billcore.core.tariff.tariff import variant


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
        """As `shapes.Times.column`."""
        parts = self.times[kind]
        if segment is not None:
            return parts[segment]
        whole: Ints = np.sum(parts, axis=0, dtype=np.int64)
        return whole


def ragged_groups(batch: Batch, status: Statuses) -> Iterator[RaggedGroup]:
    """Groups of the rows with changes or given segments. OUT: status of those that fail."""
    if batch.changes is None and batch.segments is None:
        return
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
        if not spec.listed:
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
            s.name: Fraction(int(self.batch.column(s.name)[row])) for s in varying(self.specs)
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
    return [s for s in specs.values() if s.per_segment and not s.listed]


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
