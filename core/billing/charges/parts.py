"""A rated batch as the packed parts of its bills."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from billcore.core.billing.charges import packing
from billcore.core.billing.charges.due import Spans
from billcore.core.billing.charges.inputs import packed_columns, packed_values
from billcore.core.billing.charges.rated import Batch
from billcore.core.ordered import distinct, places
from billcore.core.rating.batch import Changes, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The spans of a batch whose accounts are billed: rows of the batch, and the bill of each."""

    batch: Batch
    rows: Ints
    bill: Ints
    lines: packing.Part
    inputs: tuple[packing.Part, ...]

    @property
    def totals(self) -> Ints:
        """Minor units of each row."""
        return self.batch.rated.total[self.rows]


def parts_of(batch: Batch, spans: Spans, account: Ints) -> Parts:
    """The parts of a batch for the bills of these accounts, which are sorted."""
    bill, mine = places(account, spans.account_id[batch.rows])
    rows, bill = np.flatnonzero(mine), bill[mine]
    number = spans.agreement_no[batch.rows[rows]]
    amounts = np.stack([column[rows] for column in batch.rated.lines.values()]).T
    return Parts(
        batch,
        rows,
        bill,
        packing.lines_part(bill, number, batch.tariff_no, batch.version, amounts),
        tuple(_inputs_parts(batch, spans, rows, bill)),
    )


def _inputs_parts(batch: Batch, spans: Spans, rows: Ints, bill: Ints) -> Iterator[packing.Part]:
    """The inputs, a part for each number of changes, for a part has one width."""
    columns, span = batch.inputs.columns, batch.rows[rows]
    previous, this = spans.previous_day[span], spans.this_day[span]
    days = columns["days"][rows] if "days" in columns else this - previous
    stated = np.where(days == this - previous, 0, days)
    values = packed_values(batch.tariff, batch.inputs)[rows]
    tariff = batch.tariff_no, batch.version
    count = _changes_a_row(batch)[rows]
    for number in distinct(count).tolist():
        at = np.flatnonzero(count == number)
        period = packing.Period(previous[at], this[at], stated[at])
        changes = _changes(batch, rows[at], number) if number else None
        agreement = spans.agreement_no[span[at]]
        yield packing.inputs_part(bill[at], agreement, tariff, period, values[at], changes)


def _changes_a_row(batch: Batch) -> Ints:
    found = np.zeros(len(batch.rows), dtype=np.int64)
    if batch.inputs.changes is not None:
        np.add.at(found, np.asarray(batch.inputs.changes.row, dtype=np.int64), 1)
    return found


def _changes(batch: Batch, rows: Ints, count: int) -> packing.Changes:
    """The changes of rows that have `count` each, (rows, count)."""
    changes = batch.inputs.changes
    assert isinstance(changes, Changes)
    places = {spec.name: at for at, (spec, _) in enumerate(packed_columns(batch.tariff))}
    row = np.asarray(changes.row, dtype=np.int64)
    mine = np.isin(row, rows)

    def column(values: list[int]) -> Ints:
        return np.array(values, dtype=np.int64)[mine].reshape(-1, count)

    return packing.Changes(
        column([places[name] for name in changes.name]),
        column(list(changes.day)),
        column(list(changes.value)),
    )
