"""A batch of bills: its columns as given, the rows of one tariff, and a row of them as a `Bill`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from billcore.core.errors import ColumnInvalid
from billcore.core.tariff.bill import Bill, BillFailed, Number
from billcore.core.tariff.language.document import InputSpec, Kind
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff, choice_values

Columns = Mapping[str, npt.NDArray[np.integer]]
"""As a caller gives them, one entry a row."""

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


class Given:
    """The columns of a whole batch as the caller gave them; each is checked when first used.

    dated: the days of both readings are given.
    """

    def __init__(self, columns: Columns, length: int) -> None:
        self.columns = columns
        self.length = length
        self._checked: dict[str, Column] = {}
        self._limits: dict[str, tuple[int, int]] = {}
        self.dated = "previous" in columns and "this" in columns

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def column(self, name: str) -> Column:
        """All rows of a column. Raises ColumnInvalid."""
        found = self._checked.get(name)
        if found is None:
            found = self._checked[name] = _checked(name, self.columns[name], self.length)
        return found

    def limits(self, name: str) -> tuple[int, int]:
        """The least and greatest value of a column that has rows."""
        found = self._limits.get(name)
        if found is None:
            column = self.column(name)
            found = self._limits[name] = int(column.min()), int(column.max())
        return found


def _checked(name: str, column: npt.NDArray[np.integer], length: int) -> Column:
    if not np.issubdtype(column.dtype, np.signedinteger):
        raise ColumnInvalid(
            name, f"holds {column.dtype}; a column holds int32 or int64", rule="type"
        )
    if column.ndim not in (1, 2):
        raise ColumnInvalid(name, f"has the shape {column.shape}, not ({length},)", rule="shape")
    if column.shape[0] != length:
        raise ColumnInvalid(
            name, f"has {column.shape[0]} rows, but the batch has {length}", rule="length"
        )
    wide = column if column.dtype.itemsize >= 4 else column.astype(np.int32)
    return np.ascontiguousarray(wide)


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one tariff in a batch: `length` of them, `rows` of all.

    defaults: what a column holds in every row where it is not given.
    """

    tariff: Tariff
    given: Given
    rows: slice | Rows
    length: int
    defaults: Mapping[str, int]
    changes: Changes | None = None
    segments: Segments | None = None
    picked: dict[str, Column] = field(default_factory=dict, compare=False)

    @property
    def whole(self) -> bool:
        """Whether these are all rows, in order."""
        return isinstance(self.rows, slice) and self.length == self.given.length

    def column(self, name: str) -> Column:
        """The tariff's rows of a column, given or by default."""
        found = self.picked.get(name)
        if found is None:
            found = self.picked[name] = self._picked(name)
        return found

    def _picked(self, name: str) -> Column:
        if name in self.given:
            return self.given.column(name)[self.rows]
        return np.full(self.length, self.defaults[name], dtype=np.int64)

    def limits(self, name: str) -> tuple[int, int]:
        """Bounds of the values of a column that has rows: those of all tariffs' rows."""
        if name in self.given:
            return self.given.limits(name)
        return self.defaults[name], self.defaults[name]

    def within(self, name: str, lo: int, hi: int) -> bool:
        """Whether a column is known to lie in lo..hi; true without rows."""
        if not self.length:
            return True
        lowest, highest = self.limits(name)
        return lo <= lowest and highest <= hi

    def subset(self, rows: Rows) -> "Batch":
        """Some rows, which are numbered within this batch."""
        every = np.arange(self.given.length)[self.rows]
        return replace(self, rows=every[rows], length=rows.size, picked={})


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
        spec.name: as_choice(spec, int(batch.column(spec.name)[row]))
        for spec in batch.tariff.document.choosing()
    }

    def at(name: str) -> int | None:
        return int(batch.column(name)[row]) if name in batch.given else None

    previous, this = (at("previous"), at("this")) if batch.given.dated else (None, None)
    return Bill(inputs, previous, this, at("days"))


def as_choice(spec: InputSpec, index: int) -> Number:
    """The word of a choice (a flag's Fraction) that a column's index means."""
    if not 0 <= index < len(choice_values(spec)):
        message = f"{spec.name}: {index} is not the index of a choice."
        raise BillFailed(Status.UNKNOWN_CHOICE, message)
    return spec.oneof[index] if spec.kind is Kind.CHOICE else Fraction(index)
