"""Single bills through the same programs as a month: `Bill` objects to columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from billcore.core.rating import Changes, ColumnSpec, RatedColumns, Segments, columns_of, rate
from billcore.core.rating_kernel import Level, Path
from billcore.core.tariff.bill import Bill, BillFailed, Number
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RatedBill:
    """One bill's figures in units of account, states scaled; see `rating.RatedColumns`."""

    total: int
    lines: Mapping[str, int]
    state: Mapping[str, int]


def rate_bill(tariff: Tariff, bill: Bill) -> RatedBill:
    """One bill through the kernel. Raises BillFailed with the status of its row."""
    rated = rate_bills(tariff, [bill])
    status = Status(int(rated.status[0]))
    if status is not Status.OK:
        raise BillFailed(status, status.message)
    return RatedBill(
        total=int(rated.total[0]),
        lines={n: int(c[0]) for n, c in rated.lines.items()},
        state={n: int(c[0]) for n, c in rated.state.items()},
    )


def rate_bills(
    tariff: Tariff, bills: Sequence[Bill], *, level: Level | None = None, path: Path = Path.AUTO
) -> RatedColumns:
    """Bills as the rows of one batch; all have dates or none, all have days or none."""
    columns = {s.name: c for s in columns_of(tariff) if (c := _column(s, bills)) is not None}
    columns |= _month_columns(tariff, bills)
    if not columns:
        columns["days"] = np.ones(len(bills), dtype=np.int64)
    changes, segments = _changes(tariff, bills), _segments(tariff, bills)
    return rate(tariff, columns, changes=changes, segments=segments, level=level, path=path)


def _column(spec: ColumnSpec, bills: Sequence[Bill]) -> Ints | None:
    if spec.kind in ("date", "days"):
        return _times(spec.name, bills)
    if spec.kind == "history":
        return _histories([b.state.get(spec.name, ()) for b in bills], spec)
    source = [b.state if spec.kind == "state" else b.inputs for b in bills]
    if not any(spec.name in s for s in source):
        return None
    return np.array([_scaled(spec, s.get(spec.name)) for s in source], dtype=np.int64)


def _times(name: str, bills: Sequence[Bill]) -> Ints | None:
    values = [getattr(b, name) for b in bills]
    if any(v is None for v in values):
        return None
    return np.array(values, dtype=np.int64)


def _scaled(spec: ColumnSpec, value: Number | object | None) -> int:
    """The integer by which a column holds a value. Raises BillFailed."""
    if spec.kind == "choice":
        if value not in spec.choices:
            raise BillFailed(
                Status.UNKNOWN_CHOICE, f"{spec.name}: '{value}' is not one of the choices."
            )
        return spec.choices.index(str(value))
    if value is None:
        raise BillFailed(Status.OUT_OF_RANGE, f"The input '{spec.name}' is missing.")
    assert isinstance(value, Fraction | int | str)
    scaled = Fraction(value) * 10**spec.decimals
    if scaled.denominator != 1 or not -(2**62) < scaled < 2**62:
        raise BillFailed(
            Status.OUT_OF_RANGE, f"{spec.name}: {value} does not fit {spec.decimals} decimals."
        )
    return int(scaled)


def _histories(histories: Sequence[object], spec: ColumnSpec) -> Ints | None:
    if not any(histories):
        return None
    longest = max(len(h) for h in histories if isinstance(h, tuple))
    found = np.zeros((len(histories), longest), dtype=np.int64)
    for row, history in enumerate(histories):
        assert isinstance(history, tuple)
        for n, (_, value) in enumerate(history, longest - len(history)):
            found[row, n] = _scaled(spec, value)
    return found


def _month_columns(tariff: Tariff, bills: Sequence[Bill]) -> dict[str, Ints]:
    found = {}
    for spec in columns_of(tariff):
        histories = [b.state.get(spec.name, ()) for b in bills]
        if spec.kind != "history" or not any(histories):
            continue
        longest = max(len(h) for h in histories if isinstance(h, tuple))
        months = np.zeros((len(bills), longest), dtype=np.int64)
        for row, history in enumerate(histories):
            assert isinstance(history, tuple)
            for n, (month, _) in enumerate(history, longest - len(history)):
                months[row, n] = month
        found[f"{spec.name}.month"] = months
    return found


def _changes(tariff: Tariff, bills: Sequence[Bill]) -> Changes | None:
    specs = {s.name: s for s in columns_of(tariff)}
    found = [
        (row, day, name, _scaled(specs[name], value))
        for row, bill in enumerate(bills)
        for day, name, value in bill.changes
    ]
    return Changes(*(list(c) for c in zip(*found, strict=True))) if found else None


def _segments(tariff: Tariff, bills: Sequence[Bill]) -> Segments | None:
    specs = {s.name: s for s in columns_of(tariff)}
    given = [(row, s) for row, bill in enumerate(bills) for s in bill.segments]
    if not given:
        return None
    names = {n for _, s in given for n in s.inputs}
    inputs = {
        n: [_scaled(specs[n], s.inputs.get(n, bills[row].inputs.get(n))) for row, s in given]
        for n in sorted(names)
    }
    return Segments(
        [row for row, _ in given], [s.day for _, s in given], [s.days for _, s in given], inputs
    )
