"""A stream's messages: header to plans, batches to columns, columns to results.

Goals: whatever a header or batch says is checked against its bounds before core sees it; a fault
names column and rule. Non-goals: rules of columns and rows, which core has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.calendar import DAY_MAX, DAY_MIN
from billcore.core.errors import BatchTooLarge, ColumnInvalid, RequestInvalid
from billcore.core.rating.rate import Changes, RatedColumns, Segments
from billcore.server import wire
from billcore.server.messages import tariff as tariff_messages
from billcore.server.rater import Batch, Plans
from billcore.server.wire import Ints
from billcore.v1 import rating_service_pb2 as pb

PLANS_MAX = 1_000
COLUMNS_MAX = 1_000
ENTRIES_MAX = 120

DATES = ("previous", "this")


@dataclass(frozen=True, slots=True)
class Header:
    """A stream's header, checked in itself."""

    keys: tuple[tuple[str, int, str], ...]
    lines: bool
    columns: tuple[pb.BatchColumn, ...]
    segment_columns: tuple[pb.BatchColumn, ...]

    def names(self) -> list[str]:
        return [c.name for c in (*self.columns, *self.segment_columns)]


def header(requests: Iterator[pb.RateBatchRequest]) -> Header:
    """The first message of a stream."""
    first = next(requests, None)
    if first is None or first.WhichOneof("message") != "header":
        raise RequestInvalid("header", "the first message of a stream is its header.")
    given = first.header
    _check_count("header.plans", len(given.plans), PLANS_MAX)
    return Header(
        keys=tuple(
            tariff_messages.plan_key(plan, f"header.plans[{n}]")
            for n, plan in enumerate(given.plans)
        ),
        lines=_output(given.output) == pb.BATCH_OUTPUT_LINES,
        columns=_columns(given.columns, "header.columns"),
        segment_columns=_columns(given.segment_columns, "header.segment_columns"),
    )


def _check_count(field: str, given: int, count_max: int) -> None:
    if not given:
        raise RequestInvalid(field, "give at least one.")
    if given > count_max:
        raise BatchTooLarge(field, count_max, given)


def _output(output: pb.BatchOutput) -> pb.BatchOutput:
    wanted = ("BATCH_OUTPUT_TOTAL", "BATCH_OUTPUT_LINES")
    if output not in (pb.BATCH_OUTPUT_TOTAL, pb.BATCH_OUTPUT_LINES):
        raise RequestInvalid("header.output", f"{output} is no output.", wanted)
    return output


def _columns(columns: Sequence[pb.BatchColumn], field: str) -> tuple[pb.BatchColumn, ...]:
    if len(columns) > COLUMNS_MAX:
        raise BatchTooLarge(field, COLUMNS_MAX, len(columns))
    seen: set[str] = set()
    for n, column in enumerate(columns):
        _check_column(column, f"{field}[{n}]")
        if column.name in seen:
            raise RequestInvalid(f"{field}[{n}].name", f"{column.name!r} stands twice.")
        seen.add(column.name)
    return tuple(columns)


def _check_column(column: pb.BatchColumn, field: str) -> None:
    if column.type not in (pb.COLUMN_TYPE_SFIXED32, pb.COLUMN_TYPE_SFIXED64):
        wanted = ("COLUMN_TYPE_SFIXED32", "COLUMN_TYPE_SFIXED64")
        raise RequestInvalid(f"{field}.type", f"{column.type} is no type.", wanted)
    if not 0 <= column.entries <= ENTRIES_MAX:
        raise RequestInvalid(f"{field}.entries", f"{column.entries} is not 0 to {ENTRIES_MAX}.")


def layout(header: Header, plans: Plans, rows_max: int) -> pb.RateBatchResponse:
    """The answer to a header."""
    _check_shapes(header, plans)
    documents = [p.tariff.document for p in plans.published]
    return pb.RateBatchResponse(
        layout=pb.BatchLayout(
            plans=[tariff_messages.plan(p) for p in plans.published],
            lines=plans.lines,
            states=plans.states,
            currencies=[d.currency for d in documents],
            digits=[d.digits for d in documents],
            rows_max=rows_max,
        )
    )


def _check_shapes(header: Header, plans: Plans) -> None:
    """Only a history has entries, only attributes change inside a bill."""
    documents = [p.tariff.document for p in plans.published]
    histories = {n for d in documents for n, state in d.states.items() if state.history}
    for n, column in enumerate(header.columns):
        if column.entries and column.name.removesuffix(".month") not in histories:
            raise RequestInvalid(
                f"header.columns[{n}].entries", f"{column.name!r} is no history.", sorted(histories)
            )
    for n, column in enumerate(header.segment_columns):
        if column.entries or column.name not in _attributes(plans):
            raise RequestInvalid(
                f"header.segment_columns[{n}]",
                f"{column.name!r} does not change inside a bill.",
                _attributes(plans),
            )


def _attributes(plans: Plans) -> list[str]:
    inputs = plans.published[0].tariff.document.inputs
    return [name for name, spec in inputs.items() if spec.per_segment]


def batch(request: pb.RateBatchRequest, header: Header, plans: Plans, rows_max: int) -> Batch:
    """The columns of a batch."""
    if request.WhichOneof("message") != "batch":
        raise RequestInvalid("batch", "after the header every message is a batch.")
    given = request.batch
    rows = _rows(given.rows, rows_max)
    single = len(plans.published) == 1
    if not single and (given.HasField("changes") or given.HasField("segments")):
        raise RequestInvalid("batch", "changes and segments need a header with one plan.")
    return Batch(
        rows=rows,
        plan=None if single and not len(given.plan) else _plan(given, rows),
        columns=_values(given.columns, header.columns, rows, "batch.columns"),
        changes=_changes(given.changes, header, plans, rows, rows_max),
        segments=_segments(given.segments, header, rows, rows_max),
    )


def _rows(rows: int, rows_max: int) -> int:
    if rows < 1:
        raise RequestInvalid("batch.rows", f"{rows} is not a number of bills: 1 to {rows_max}.")
    if rows > rows_max:
        raise BatchTooLarge("batch_rows_max", rows_max, rows)
    return rows


def _plan(given: pb.BatchColumns, rows: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    if len(given.plan) != rows:
        raise ColumnInvalid("plan", f"{len(given.plan)} values, {rows} rows.", rule="length")
    return np.asarray(given.plan, dtype=np.int32)


def _values(
    given: Sequence[pb.ColumnValues], headers: Sequence[pb.BatchColumn], rows: int, field: str
) -> dict[str, Ints]:
    if len(given) != len(headers):
        raise RequestInvalid(field, f"{len(given)} columns, the header has {len(headers)}.")
    found = {h.name: wire.column(v, h, rows) for v, h in zip(given, headers, strict=True)}
    return {name: wire.days(v) if name in DATES else v for name, v in found.items()}


def _changes(
    given: pb.BatchChanges, header: Header, plans: Plans, rows: int, count_max: int
) -> Changes | None:
    count = len(given.rows)
    if not count:
        return None
    _check_parallel(
        "batch.changes", count, count_max, given.first_days, given.columns, given.values
    )
    names, able = [c.name for c in header.columns], _attributes(plans)
    return Changes(
        row=_ascending(given.rows, rows, "batch.changes.rows"),
        day=_days(given.first_days, "batch.changes.first_days"),
        name=[_attribute(n, names, able) for n in given.columns],
        value=list(given.values),
    )


def _segments(
    given: pb.BatchSegments, header: Header, rows: int, count_max: int
) -> Segments | None:
    count = len(given.rows)
    if not count:
        return None
    _check_parallel("batch.segments", count, count_max, given.days, given.billed_days)
    inputs = _values(given.columns, header.segment_columns, count, "batch.segments.columns")
    return Segments(
        row=_ascending(given.rows, rows, "batch.segments.rows"),
        day=_days(given.days, "batch.segments.days"),
        days=list(given.billed_days),
        inputs={name: values.tolist() for name, values in inputs.items()},
    )


def _check_parallel(field: str, count: int, count_max: int, *others: Sequence[int]) -> None:
    if count > count_max:
        raise BatchTooLarge(field, count_max, count)
    if any(len(other) != count for other in others):
        raise RequestInvalid(field, f"its columns differ in length; `rows` has {count} values.")


def _ascending(values: Sequence[int], rows: int, field: str) -> list[int]:
    found = list(values)
    if found != sorted(found) or found[0] < 0 or found[-1] >= rows:
        raise RequestInvalid(field, f"bills in ascending order, 0 to {rows - 1}.")
    return found


def _days(values: Sequence[int], field: str) -> list[int]:
    found = [value + wire.EPOCH for value in values]
    if not DAY_MIN <= min(found) <= max(found) <= DAY_MAX:
        raise RequestInvalid(field, "a day is outside the years 1800 to 2200.")
    return found


def _attribute(index: int, names: Sequence[str], able: Sequence[str]) -> str:
    if not 0 <= index < len(names):
        raise RequestInvalid("batch.changes.columns", f"{index} is not 0 to {len(names) - 1}.")
    if names[index] not in able:
        raise RequestInvalid(
            "batch.changes.columns", f"{names[index]!r} does not change inside a bill.", able
        )
    return names[index]


def result(sequence: int, plans: Plans, rated: RatedColumns) -> bytes:
    """The answer to a batch, encoded."""
    lines = [rated.lines[name] for name in plans.lines]
    states = [rated.state[name] for name in plans.states]
    return wire.result(sequence, rated.status, rated.total, lines, states)
