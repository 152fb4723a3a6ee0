"""The door to rating: columns of bills in, columns of amounts out.

`rate` is exact for every row or says in `status` why the row failed; a fault of the
whole batch (a missing column, a wrong length) is an error and rates nothing. The
same programs serve one bill and a month.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np
import numpy.typing as npt

from billcore.core import calendar
from billcore.core.errors import ColumnInvalid, ColumnMissing, ColumnUnknown, TariffInvalid
from billcore.core.rating_kernel import KernelProgram, Level, Path
from billcore.core.shapes import Batch, Changes, Group, Ints, Rows, Segments, groups
from billcore.core.tariff.analysis import names_used
from billcore.core.tariff.compiler import Binding
from billcore.core.tariff.document import CARRY_LIMIT, Document, InputSpec, Kind, State
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Program, Tariff, choice_values

__all__ = [
    "Changes",
    "ColumnSpec",
    "RatedColumns",
    "Segments",
    "columns_of",
    "line_names",
    "rate",
    "rate_plans",
]

Columns = Mapping[str, npt.NDArray[np.integer]]

TOTAL = "total"

Run = Callable[[KernelProgram, list[Ints], list[Ints], npt.NDArray[np.uint8]], None]


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """An input column: integers that count 10**-decimals of unit.

    kind: date (day ordinals), days, quantity, number, money (units of account),
    choice (index into choices), flag (0 or 1), state, history (rows x entries, beside
    `name.month` with 1..12 and 0 for no entry). lo and hi bound the integers.
    """

    name: str
    kind: str
    unit: str
    decimals: int
    required: bool
    choices: tuple[str, ...]
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class RatedColumns:
    """One entry a row: amounts in units of account, states scaled, status 0 = rated.

    Where status is not 0, every amount of the row is 0.
    """

    total: Ints
    lines: dict[str, Ints]
    state: dict[str, Ints]
    status: npt.NDArray[np.uint8]


def columns_of(tariff: Tariff) -> tuple[ColumnSpec, ...]:
    """Every input column that a batch of this tariff may have; the required ones must be there."""
    return tuple(
        [
            *_time_columns(tariff.document),
            *_input_columns(tariff.document),
            *_state_columns(tariff.document),
        ]
    )


def _time_columns(document: Document) -> Iterator[ColumnSpec]:
    used = names_used(document)
    dated = len(document.versions) > 1 or bool(document.seasons)
    dated |= any(s.resets or s.history for s in document.states.values())
    dated |= bool(used & {"calendar_months", "calendar_years"})
    dated |= any(x.start is not None or x.end is not None for x in document.lines)
    lo, hi = calendar.DAY_MIN, calendar.DAY_MAX
    yield ColumnSpec("previous", "date", "", 0, dated, (), lo, hi)
    yield ColumnSpec("this", "date", "", 0, dated, (), lo, hi)
    yield ColumnSpec(
        "days", "days", "day", 0, "days" in used and not dated, (), 1, document.period.days_max
    )


def _input_columns(document: Document) -> Iterator[ColumnSpec]:
    for name, spec in document.inputs.items():
        decimals = document.digits if spec.kind is Kind.MONEY else spec.decimals
        choices = spec.oneof if spec.kind is Kind.CHOICE else ()
        required = spec.default is None
        if spec.kind in (Kind.CHOICE, Kind.FLAG):
            yield ColumnSpec(
                name, spec.kind.value, "", 0, required, choices, 0, len(choice_values(spec)) - 1
            )
            continue
        lo, hi = _scaled_limits(spec.lo, spec.hi, decimals)
        yield ColumnSpec(name, spec.kind.value, spec.unit, decimals, required, (), lo, hi)


def _state_columns(document: Document) -> Iterator[ColumnSpec]:
    for name, state in document.states.items():
        kind = "history" if state.history else "state"
        lo, hi = _scaled_limits(state.lo, state.hi, state.decimals)
        yield ColumnSpec(name, kind, "", state.decimals, False, (), lo, hi)
    carry = document.total.carry
    if carry is not None:
        lo, hi = _scaled_limits(-CARRY_LIMIT, CARRY_LIMIT, document.digits)
        yield ColumnSpec(carry, "state", "", document.digits, False, (), lo, hi)


def _scaled_limits(lo: Fraction, hi: Fraction, decimals: int) -> tuple[int, int]:
    return int(lo * 10**decimals), int(hi * 10**decimals)


def line_names(tariff: Tariff) -> tuple[str, ...]:
    """The output columns in order: lines, their tiers, rounding, what is carried."""
    document = tariff.document
    found: list[str] = []
    for line in document.lines:
        found.append(line.id)
        if line.itemised:
            found += [f"{line.id}[{n}]" for n in range(1, tariff.analysis.sub_lines[line.id] + 1)]
    carried = ["carried_in", "carried_out"] if document.total.carry is not None else []
    return (*found, "rounding", *carried)


def state_names(tariff: Tariff) -> tuple[str, ...]:
    """The states that rating a bill gives back."""
    return tuple(tariff.document.states)


def rate(
    tariff: Tariff,
    columns: Columns,
    *,
    lines: bool | Sequence[str] = True,
    threads: int = 1,
    changes: Changes | None = None,
    segments: Segments | None = None,
    level: Level | None = None,
    path: Path = Path.AUTO,
) -> RatedColumns:
    """Rate every row. columns: see `columns_of`; lines: all, none, or names of `line_names`.

    level and path choose the executor, for tests and benchmarks: no result depends on them.

    Raises ColumnMissing, ColumnUnknown or ColumnInvalid for a fault of the batch.
    """
    batch = _batch(tariff, columns, changes, segments)
    wanted = _wanted(tariff, lines)
    result = _empty(tariff, batch.length, wanted)
    run = partial(KernelProgram.run, threads=threads, level=level, path=path)
    for group in groups(batch, result.status):
        _rate_group(batch, group, result, wanted, run)
    return result


def _wanted(tariff: Tariff, lines: bool | Sequence[str]) -> tuple[str, ...]:
    if isinstance(lines, bool):
        return line_names(tariff) if lines else ()
    unknown = [n for n in lines if n not in line_names(tariff)]
    if unknown:
        raise ColumnUnknown(unknown[0], line_names(tariff))
    return tuple(lines)


def _empty(tariff: Tariff, length: int, wanted: Sequence[str]) -> RatedColumns:
    def zeros() -> Ints:
        return np.zeros(length, dtype=np.int64)

    return RatedColumns(
        total=zeros(),
        lines={n: zeros() for n in wanted},
        state={n: zeros() for n in state_names(tariff)},
        status=np.zeros(length, dtype=np.uint8),
    )


def _rate_group(
    batch: Batch, group: Group, result: RatedColumns, wanted: Sequence[str], run: Run
) -> None:
    names = (TOTAL, *wanted, *(f"state:{n}" for n in result.state))
    try:
        program = batch.tariff.program(group.shape, names)
    except TariffInvalid:
        result.status[group.rows] = Status.UNREPRESENTABLE
        return
    if not _times_told(group, program.bindings):
        result.status[group.rows] = Status.BAD_PERIOD
        return
    every = group.rows.size == batch.length
    inputs = [_bound(batch, group, b, every=every) for b in _in_order(program)]
    targets = [_target(result, n) for n in names]
    if every:
        run(program.native, inputs, targets, result.status)
        return
    status = np.zeros(group.rows.size, dtype=np.uint8)
    outputs = [np.zeros(group.rows.size, dtype=np.int64) for _ in names]
    run(program.native, inputs, outputs, status)
    for target, output in zip(targets, outputs, strict=True):
        target[group.rows] = output
    result.status[group.rows] = status


def _in_order(program: Program) -> list[Binding]:
    """The bindings in the order of the native program's inputs."""
    known = {b.column: b for b in program.bindings}
    return [known[i.name] for i in program.native.inputs]


def _target(result: RatedColumns, name: str) -> Ints:
    if name == TOTAL:
        return result.total
    if name.startswith("state:"):
        return result.state[name.removeprefix("state:")]
    return result.lines[name]


def _bound(batch: Batch, group: Group, binding: Binding, *, every: bool) -> Ints:
    """The column that a program's input names, for the group's rows."""
    found = _column(batch, group, binding, every=every)
    return np.ascontiguousarray(found)


def _column(batch: Batch, group: Group, binding: Binding, *, every: bool) -> Ints:
    rows = slice(None) if every else group.rows
    match binding.kind:
        case "days":
            return _time(group.days, binding)
        case "months":
            return _time(group.months, binding)
        case "years":
            return _time(group.years, binding)
        case "highest":
            return highest(
                batch.columns,
                binding,
                batch.tariff.document.states[binding.name],
                rows,
                group.rows.size,
            )
    if binding.segment is not None and binding.name in group.attributes:
        return group.attributes[binding.name][binding.segment]
    return batch.columns[binding.name][rows]


def _time(parts: list[Ints], binding: Binding) -> Ints:
    """A segment's column, or the whole bill's sum."""
    if binding.segment is not None:
        return parts[binding.segment]
    return parts[0] if len(parts) == 1 else sum(parts[1:], start=parts[0].copy())


def _times_told(group: Group, bindings: Sequence[Binding]) -> bool:
    """Whether the rows tell the days, months and years that the program reads."""
    told = {"days": group.days, "months": group.months, "years": group.years}
    return all(told.get(b.kind, True) for b in bindings)


def highest(
    columns: Mapping[str, Ints], binding: Binding, state: State, rows: Rows | slice, count: int
) -> Ints:
    """max over a row's history of value * factor[month], in multiples of binding.scale; 0 if none."""
    if state.name not in columns:
        return np.zeros(count, dtype=np.int64)
    values, months = columns[state.name][rows], columns[f"{state.name}.month"][rows]
    unit = Fraction(1, 10**state.decimals)
    factors = np.array(
        [0, *(int(f * unit / binding.scale) for f in binding.factors)], dtype=np.int64
    )
    kept = slice(max(values.shape[1] - (state.history or 0), 0), None)
    scaled = values[:, kept] * factors[months[:, kept]]
    present = months[:, kept] > 0
    lowest = np.iinfo(np.int64).min
    found = np.where(present, scaled, lowest).max(axis=1, initial=lowest)
    return np.where(present.any(axis=1), found, 0).astype(np.int64)


# -- columns of a batch


def _batch(
    tariff: Tariff, columns: Columns, changes: Changes | None, segments: Segments | None
) -> Batch:
    document = tariff.document
    specs = {s.name: s for s in columns_of(tariff)}
    known = set(specs) | {f"{n}.month" for n, s in specs.items() if s.kind == "history"}
    for name in columns:
        if name not in known:
            raise ColumnUnknown(name, sorted(known))
    length = _length(columns)
    dated = "previous" in columns and "this" in columns
    for spec in specs.values():
        if spec.required and spec.name not in columns and not _told(spec, dated, segments):
            raise ColumnMissing(spec.name, [s.name for s in specs.values() if s.required])
    found = {n: _checked(n, c, length) for n, c in columns.items()}
    for name, spec in document.inputs.items():
        if name not in found:
            found[name] = np.full(length, _default(spec, document), dtype=np.int64)
    _histories(found, document, length)
    for name, state in document.states.items():
        if name not in found and state.history is None:
            found[name] = np.full(length, int(state.initial * 10**state.decimals), dtype=np.int64)
    if document.total.carry is not None and document.total.carry not in found:
        found[document.total.carry] = np.zeros(length, dtype=np.int64)
    return Batch(
        tariff,
        length,
        found,
        found["previous"] if dated else None,
        found["this"] if dated else None,
        found.get("days"),
        changes,
        segments,
    )


def _told(spec: ColumnSpec, dated: bool, segments: Segments | None) -> bool:
    """Whether something else in the batch stands for a missing column."""
    if segments is not None and (spec.kind in ("date", "days") or spec.name in segments.inputs):
        return True
    return spec.kind == "days" and dated


def _length(columns: Columns) -> int:
    lengths = {n: c.shape[0] for n, c in columns.items() if getattr(c, "ndim", 0)}
    if not lengths:
        raise ColumnMissing("this", ("this",))
    first = next(iter(lengths))
    for name, length in lengths.items():
        if length != lengths[first]:
            raise ColumnInvalid(
                name, f"has {length} rows, but '{first}' has {lengths[first]}", rule="length"
            )
    return lengths[first]


def _checked(name: str, column: npt.NDArray[np.integer], length: int) -> Ints:
    if not np.issubdtype(column.dtype, np.signedinteger):
        raise ColumnInvalid(
            name, f"holds {column.dtype}; a column holds int32 or int64", rule="type"
        )
    if column.ndim not in (1, 2) or column.shape[0] != length:
        raise ColumnInvalid(name, f"has the shape {column.shape}, not ({length},)", rule="shape")
    return column.astype(np.int64, copy=False)


def _histories(found: dict[str, Ints], document: Document, length: int) -> None:
    for name, state in document.states.items():
        months = f"{name}.month"
        if state.history is None or name not in found:
            continue
        if months not in found:
            raise ColumnMissing(months, (name, months))
        values = found[name]
        if values.ndim != 2 or found[months].shape != values.shape:
            raise ColumnInvalid(
                name, f"needs the shape ({length}, entries), as '{months}'", rule="shape"
            )
        if found[months].size and not ((found[months] >= 0) & (found[months] <= 12)).all():
            raise ColumnInvalid(months, "holds months 1 to 12, or 0 for no entry", rule="month")
        lo, hi = _scaled_limits(state.lo, state.hi, state.decimals)
        if values.size and not ((values >= lo) & (values <= hi)).all():
            raise ColumnInvalid(name, f"holds values {lo} to {hi}", rule="range")


def _default(spec: InputSpec, document: Document) -> int:
    if spec.default is None:
        return 0
    if spec.kind is Kind.CHOICE:
        return spec.oneof.index(str(spec.default))
    decimals = document.digits if spec.kind is Kind.MONEY else spec.decimals
    return int(Fraction(spec.default) * 10**decimals)


# -- several tariffs in one batch


def rate_plans(
    tariffs: Sequence[Tariff],
    plan: npt.NDArray[np.integer],
    columns: Columns,
    *,
    lines: bool = False,
    threads: int = 1,
) -> RatedColumns:
    """Rate rows of several tariffs: plan[i] is the index of row i's tariff.

    A column that a tariff does not know is not given to it. lines: the union of all
    tariffs' lines, 0 where a row's tariff has none of that name.
    """
    length = plan.shape[0]
    names = list(dict.fromkeys(n for t in tariffs for n in line_names(t))) if lines else []
    states = list(dict.fromkeys(n for t in tariffs for n in state_names(t)))
    result = RatedColumns(
        np.zeros(length, dtype=np.int64),
        {n: np.zeros(length, dtype=np.int64) for n in names},
        {n: np.zeros(length, dtype=np.int64) for n in states},
        np.full(length, Status.UNKNOWN_PLAN, dtype=np.uint8),
    )
    for index, tariff in enumerate(tariffs):
        rows = np.flatnonzero(plan == index)
        if rows.size:
            _rate_plan(tariff, rows, columns, result, lines=lines, threads=threads)
    return result


def _rate_plan(
    tariff: Tariff, rows: Rows, columns: Columns, result: RatedColumns, *, lines: bool, threads: int
) -> None:
    known = {s.name for s in columns_of(tariff)}
    mine = {
        n: c[rows] for n, c in columns.items() if n in known or n.removesuffix(".month") in known
    }
    rated = rate(tariff, mine, lines=lines, threads=threads)
    result.total[rows] = rated.total
    result.status[rows] = rated.status
    for name, column in rated.lines.items():
        result.lines[name][rows] = column
    for name, column in rated.state.items():
        result.state[name][rows] = column
