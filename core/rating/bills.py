"""Single bills through the same programs as a month: `Bill` objects to columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from billcore.core.rating.batch import Changes, Columns, Ints, Segments
from billcore.core.rating.columns import ColumnSpec, columns_of
from billcore.core.rating.rate import RatedColumns, rate
from billcore.core.rating_kernel import Level, Path
from billcore.core.tariff.bill import Bill, BillFailed, History, Number
from billcore.core.tariff.language.document import COLUMN_MAX
from billcore.core.tariff.language.expression import figure_text
from billcore.core.tariff.reference.evaluation import failure
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff


@dataclass(frozen=True, slots=True)
class RatedBill:
    """One bill's figures in units of account, states scaled; see `rating.RatedColumns`."""

    total: int
    lines: Mapping[str, int]
    state: Mapping[str, int]


def rate_bill(tariff: Tariff, bill: Bill) -> RatedBill:
    """One bill through the kernel.

    Raises BillFailed with the status of its row, ColumnMissing for what it does not tell.
    """
    rated = rate_bills(tariff, [bill])
    status = Status(int(rated.status[0]))
    if status is not Status.OK:
        raise failure(tariff.document, tariff.analysis, bill, status)
    return RatedBill(
        total=int(rated.total[0]),
        lines={n: int(c[0]) for n, c in rated.lines.items()},
        state={n: int(c[0]) for n, c in rated.state.items()},
    )


def rate_bills(
    tariff: Tariff, bills: Sequence[Bill], *, level: Level | None = None, path: Path = Path.AUTO
) -> RatedColumns:
    """Bills as the rows of one batch; all have dates or none, all have days or none.

    Raises BillFailed for the first value that its column cannot hold.
    """
    specs = {s.name: s for s in columns_of(tariff)}
    columns = bill_columns(tariff, bills)
    if not columns:
        columns["days"] = np.ones(len(bills), dtype=np.int64)
    changes, segments = _changes(specs, bills), _segments(specs, bills)
    return rate(tariff, columns, changes=changes, segments=segments, level=level, path=path)


def bill_columns(tariff: Tariff, bills: Sequence[Bill]) -> dict[str, Ints]:
    """The columns that bills tell, see `rate_bills`. Raises BillFailed as it does."""
    found: dict[str, Ints] = {}
    for spec in columns_of(tariff):
        found |= _columns(spec, bills)
    return found


def bill_at(tariff: Tariff, columns: Columns, row: int, changes: Changes | None = None) -> Bill:
    """The bill that a row of columns means, see `rate`; what is no column is not told."""
    inputs: dict[str, Number] = {}
    state: dict[str, Fraction | History] = {}
    days: dict[str, int] = {}
    specs = {spec.name: spec for spec in columns_of(tariff)}
    for name, spec in specs.items():
        if name not in columns:
            continue
        match spec.kind:
            case "date" | "days":
                days[name] = int(columns[name][row])
            case "history":
                state[name] = _history_at(spec, columns, row)
            case "state":
                state[name] = Fraction(int(columns[name][row]), 10**spec.decimals)
            case _:
                inputs[name] = _number(spec, int(columns[name][row]))
    days_told = (days.get("previous"), days.get("this"), days.get("days"))
    return Bill(inputs, *days_told, changes=_changes_at(specs, changes, row), state=state)


def _changes_at(
    specs: Mapping[str, ColumnSpec], changes: Changes | None, row: int
) -> list[tuple[int, str, Number]]:
    if changes is None:
        return []
    every = zip(changes.row, changes.day, changes.name, changes.value, strict=True)
    return [(day, name, _number(specs[name], value)) for at, day, name, value in every if at == row]


def _number(spec: ColumnSpec, value: int) -> Number:
    return spec.choices[value] if spec.choices else Fraction(value, 10**spec.decimals)


def _history_at(spec: ColumnSpec, columns: Columns, row: int) -> History:
    values = columns[spec.name][row].tolist()
    months = columns[f"{spec.name}.month"][row].tolist()
    pairs = zip(months, values, strict=True)
    return tuple((month, Fraction(value, 10**spec.decimals)) for month, value in pairs if month)


def _columns(spec: ColumnSpec, bills: Sequence[Bill]) -> dict[str, Ints]:
    """The columns of a date, an input or a state; none where no bill states it."""
    match spec.kind:
        case "date" | "days":
            return _time_column(spec.name, bills)
        case "history":
            return _history_columns(spec, bills)
    source = [b.state if spec.kind == "state" else b.inputs for b in bills]
    if not any(spec.name in s for s in source):
        return {}
    return {spec.name: _integers(_scaled(spec, s.get(spec.name)) for s in source)}


def _time_column(name: str, bills: Sequence[Bill]) -> dict[str, Ints]:
    """previous, this or days; none where one bill lacks it."""
    values = {
        "previous": [b.previous for b in bills],
        "this": [b.this for b in bills],
        "days": [b.days for b in bills],
    }[name]
    known = [v for v in values if v is not None]
    return {name: _integers(known)} if len(known) == len(bills) else {}


def _integers(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _scaled(spec: ColumnSpec, value: Number | History | None) -> int:
    """The integer by which a column holds a value. Raises BillFailed."""
    if spec.kind == "choice":
        if value not in spec.choices:
            message = f"input {spec.name}: '{value}' is not one of {', '.join(spec.choices)}."
            raise BillFailed(Status.UNKNOWN_CHOICE, message)
        return spec.choices.index(str(value))
    if value is None:
        raise BillFailed(Status.OUT_OF_RANGE, f"The input '{spec.name}' is missing.")
    assert not isinstance(value, tuple)
    scaled = Fraction(value) * 10**spec.decimals
    if scaled.denominator != 1 or not -COLUMN_MAX < scaled < COLUMN_MAX:
        shown = figure_text(Fraction(value))
        message = f"{spec.name}: {shown} does not fit a column of {spec.decimals} decimals."
        raise BillFailed(Status.OUT_OF_RANGE, message)
    return int(scaled)


def _history_columns(spec: ColumnSpec, bills: Sequence[Bill]) -> dict[str, Ints]:
    """name and name.month of a history, the newest entries last; none where no bill has one."""
    histories = [_history(spec, b) for b in bills]
    if not any(histories):
        return {}
    longest = max(len(h) for h in histories)
    values = np.zeros((len(bills), longest), dtype=np.int64)
    months = np.zeros((len(bills), longest), dtype=np.int64)
    for row, history in enumerate(histories):
        for n, (month, value) in enumerate(history, longest - len(history)):
            months[row, n], values[row, n] = month, _scaled(spec, value)
    return {spec.name: values, f"{spec.name}.month": months}


def _history(spec: ColumnSpec, bill: Bill) -> History:
    """The newest entries that the document keeps, oldest first."""
    found = bill.state.get(spec.name, ())
    assert isinstance(found, tuple)
    return found[-spec.entries :]


def _changes(specs: Mapping[str, ColumnSpec], bills: Sequence[Bill]) -> Changes | None:
    found = [
        (row, day, name, _scaled(specs[name], value))
        for row, bill in enumerate(bills)
        for day, name, value in bill.changes
    ]
    return Changes(*(list(c) for c in zip(*found, strict=True))) if found else None


def _segments(specs: Mapping[str, ColumnSpec], bills: Sequence[Bill]) -> Segments | None:
    given = [(row, s) for row, bill in enumerate(bills) for s in bill.segments]
    if not given:
        return None
    names = sorted({n for _, s in given for n in s.inputs})
    inputs = {
        n: [_scaled(specs[n], s.inputs.get(n, bills[row].inputs.get(n))) for row, s in given]
        for n in names
    }
    rows, days = [row for row, _ in given], [s.day for _, s in given]
    return Segments(rows, days, [s.days for _, s in given], inputs)
