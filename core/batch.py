"""A batch of bills as validated columns of one tariff, and a row of it as a `Bill`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from billcore.core.tariff.bill import Bill, BillFailed, Number
from billcore.core.tariff.language.document import InputSpec, Kind
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff, choice_values

Column = npt.NDArray[np.signedinteger]
"""int32 or int64."""

Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Statuses = npt.NDArray[np.uint8]


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
    seen: dict[int, tuple[int, int]] = field(default_factory=dict, compare=False)

    def limits(self, column: Column) -> tuple[int, int]:
        """The least and greatest value of a column that this batch holds; looked at once.

        Needs rows. Not for columns made on the way: they are known by their identity.
        """
        found = self.seen.get(id(column))
        if found is None:
            found = self.seen[id(column)] = int(column.min()), int(column.max())
        return found

    def within(self, column: Column, lo: int, hi: int) -> bool:
        """Whether all values of a column of this batch lie in lo..hi; true without rows."""
        if not column.size:
            return True
        lowest, highest = self.limits(column)
        return lo <= lowest and highest <= hi


def ragged_rows(batch: Batch) -> Bools:
    """Rows that are cut one by one."""
    found = np.zeros(batch.length, dtype=np.bool_)
    for part in (batch.changes, batch.segments):
        if part is not None and len(part.row):
            found[np.asarray(part.row, dtype=np.intp)] = True
    return found


def bill_at(batch: Batch, row: int) -> Bill:
    """The dates and choices of a row as a Bill (numbers do not shape it)."""
    inputs = {
        spec.name: as_choice(spec, int(batch.columns[spec.name][row]))
        for spec in batch.tariff.document.choosing()
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
