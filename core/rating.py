"""The door to rating: columns of bills in, columns of amounts out.

`rate` is exact for every row or says in `status` why the row failed; a fault of the
whole batch (a missing column, a wrong length) is an error and rates nothing. The
same programs serve one bill and a month.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from billcore.core.batch import Batch, Changes, Column, Ints, Rows, Segments, Statuses
from billcore.core.columns import (
    Columns,
    ColumnSpec,
    batch_of,
    column_names,
    columns_of,
    line_names,
    state_names,
)
from billcore.core.errors import ColumnUnknown, TariffInvalid
from billcore.core.ragged import RaggedGroup, ragged_groups
from billcore.core.rating_kernel import Level, Path, PlanIds, PlanSet, run_mixed
from billcore.core.shapes import Grouping, Times, grouping
from billcore.core.tariff.language.expression import FOLDS
from billcore.core.tariff.program.scope import Binding, Variant
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Program, Tariff

__all__ = [
    "Changes",
    "ColumnSpec",
    "RatedColumns",
    "Segments",
    "column_names",
    "columns_of",
    "line_names",
    "rate",
    "rate_plans",
    "state_names",
]

TOTAL = "total"

TIME_KINDS = ("days", "months", "years")

TimeColumns = Times | RaggedGroup


@dataclass(frozen=True, slots=True)
class RatedColumns:
    """One entry a row: amounts in units of account, states scaled, status 0 = rated.

    Where status is not 0, every amount of the row is 0.
    """

    total: Ints
    lines: dict[str, Ints]
    state: dict[str, Ints]
    status: npt.NDArray[np.uint8]


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
    batch = batch_of(tariff, columns, changes, segments)
    result = _empty(batch.length, _wanted(tariff, lines), state_names(tariff))
    grouped = grouping(batch, result.status)
    executor = Executor(threads, level, path)
    _rate_grouped(batch, grouped, result, executor)
    for group in ragged_groups(batch, result.status):
        _rate_ragged(batch, group, result, executor)
    return result


@dataclass(frozen=True, slots=True)
class Executor:
    """How programs run: threads, and for tests a dispatch level and a path."""

    threads: int
    level: Level | None
    path: Path

    def run(
        self, program: Program, inputs: list[Column], outputs: list[Ints], status: Statuses
    ) -> None:
        program.native.run(
            inputs, outputs, status, threads=self.threads, level=self.level, path=self.path
        )

    def run_mixed(
        self,
        plans: PlanSet,
        ids: PlanIds,
        inputs: list[Column],
        outputs: list[Ints],
        status: Statuses,
    ) -> None:
        run_mixed(
            plans,
            ids,
            inputs,
            outputs,
            status,
            threads=self.threads,
            level=self.level,
            path=self.path,
        )


def _wanted(tariff: Tariff, lines: bool | Sequence[str]) -> tuple[str, ...]:
    if isinstance(lines, bool):
        return line_names(tariff) if lines else ()
    unknown = [n for n in lines if n not in line_names(tariff)]
    if unknown:
        raise ColumnUnknown(unknown[0], line_names(tariff))
    return tuple(lines)


def _empty(length: int, lines: Sequence[str], states: Sequence[str]) -> RatedColumns:
    def zeros() -> Ints:
        return np.zeros(length, dtype=np.int64)

    return RatedColumns(
        total=zeros(),
        lines={n: zeros() for n in lines},
        state={n: zeros() for n in states},
        status=np.zeros(length, dtype=np.uint8),
    )


def _rate_grouped(
    batch: Batch, grouped: Grouping, result: RatedColumns, executor: Executor
) -> None:
    """Rates the rows of all shapes at once. OUT: result."""
    names = _output_names(result)
    times = Times(batch, grouped)
    programs = [_program(batch.tariff, s.variants, names, times) for s in grouped.shapes]
    failed = {n: p for n, p in enumerate(programs) if isinstance(p, Status)}
    usable = [p for p in programs if isinstance(p, Program)]
    ids = _renumbered(grouped.ids, failed, result.status)
    if not usable:
        return
    bindings = {b.column: b for p in usable for b in p.bindings}
    inputs = {n: _column(batch, times, b) for n, b in bindings.items()}
    outputs = [_target(result, n) for n in names]
    if ids is None:
        ordered = [inputs[i.name] for i in usable[0].native.inputs]
        executor.run(usable[0], ordered, outputs, result.status)
        return
    plans = PlanSet([p.native for p in usable], list(inputs), names)
    status = np.zeros(batch.length, dtype=np.uint8)
    executor.run_mixed(plans, ids, list(inputs.values()), outputs, status)
    result.status[ids >= 0] = status[ids >= 0]


def _renumbered(
    ids: PlanIds | None, failed: Mapping[int, Status], status: Statuses
) -> PlanIds | None:
    """Ids without the shapes that have no program; their rows get its status. OUT: status."""
    if not failed:
        return ids
    if ids is None:
        status[:] = failed[0]
        return ids
    found = ids.copy()
    for n in sorted(failed, reverse=True):
        status[ids == n] = failed[n]
        found[ids == n] = -1
        found[ids > n] -= 1
    return found


def _program(
    tariff: Tariff, variants: tuple[Variant, ...], names: tuple[str, ...], times: TimeColumns
) -> Program | Status:
    """The program of a shape, or why its bills cannot be rated."""
    try:
        program = tariff.program(variants, names)
    except TariffInvalid:
        return Status.UNREPRESENTABLE
    kinds = {b.kind for b in program.bindings if b.kind in TIME_KINDS}
    return program if all(times.told(kind) for kind in kinds) else Status.BAD_PERIOD


def _rate_ragged(
    batch: Batch, group: RaggedGroup, result: RatedColumns, executor: Executor
) -> None:
    names = _output_names(result)
    program = _program(batch.tariff, group.variants, names, group)
    if isinstance(program, Status):
        result.status[group.rows] = program
        return
    known = {b.column: b for b in program.bindings}
    inputs = [_ragged_column(batch, group, known[i.name]) for i in program.native.inputs]
    status = np.zeros(group.rows.size, dtype=np.uint8)
    outputs = [np.zeros(group.rows.size, dtype=np.int64) for _ in names]
    executor.run(program, inputs, outputs, status)
    for name, output in zip(names, outputs, strict=True):
        _target(result, name)[group.rows] = output
    result.status[group.rows] = status


def _output_names(result: RatedColumns) -> tuple[str, ...]:
    return (TOTAL, *result.lines, *(f"state:{n}" for n in result.state))


def _target(result: RatedColumns, name: str) -> Ints:
    if name == TOTAL:
        return result.total
    if name.startswith("state:"):
        return result.state[name.removeprefix("state:")]
    return result.lines[name]


def _column(batch: Batch, times: Times, binding: Binding) -> Column:
    """The column of all rows that a program's input names."""
    if binding.kind in TIME_KINDS:
        return np.ascontiguousarray(times.column(binding.kind, binding.segment))
    if binding.kind in FOLDS:
        return folded(batch, binding)
    return batch.columns[binding.name]


def _ragged_column(batch: Batch, group: RaggedGroup, binding: Binding) -> Column:
    """The same for the rows of a ragged group."""
    if binding.kind in TIME_KINDS:
        return np.ascontiguousarray(group.column(binding.kind, binding.segment))
    if binding.kind in FOLDS:
        return folded(batch, binding)[group.rows]
    if binding.segment is not None and binding.name in group.attributes:
        return group.attributes[binding.name][binding.segment]
    return batch.columns[binding.name][group.rows]


def folded(batch: Batch, binding: Binding) -> Ints:
    """What each row's history comes to (`FOLDS`), in multiples of binding.scale; 0 if empty."""
    state = batch.tariff.document.states[binding.name]
    if state.name not in batch.columns:
        return np.zeros(batch.length, dtype=np.int64)
    months = np.clip(batch.columns[f"{state.name}.month"], 0, 12)  # rows beyond have failed
    unit = Fraction(1, 10**state.decimals)
    factors = np.array([0, *(int(f * unit / binding.scale) for f in binding.factors)])
    return _fold(binding.kind, batch.columns[state.name] * factors[months], months > 0)


def _fold(kind: str, entries: Ints, present: npt.NDArray[np.bool_]) -> Ints:
    """rows x entries to one number a row, of the present ones."""
    found: Ints
    if kind == "count_of":
        found = np.count_nonzero(present, axis=1).astype(np.int64)
        return found
    if kind == "sum_of":
        found = np.sum(entries, axis=1, where=present, dtype=np.int64)
        return found
    ends = np.iinfo(np.int64)
    if kind == "highest":
        found = np.max(entries, axis=1, where=present, initial=ends.min)
    else:
        found = np.min(entries, axis=1, where=present, initial=ends.max)
    return np.where(present.any(axis=1), found, 0)


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
    result = _empty(length, names, states)
    result.status[:] = Status.UNKNOWN_PLAN
    known = [column_names(t) for t in tariffs]
    used = {n: c for n, c in columns.items() if any(n in k for k in known)}
    order, stored = _by_plan(plan, used)
    for index, start, stop in _stretches(plan if order is None else plan[order], len(tariffs)):
        mine = {n: c[start:stop] for n, c in stored.items() if n in known[index]}
        rated = rate(tariffs[index], mine, lines=lines, threads=threads)
        _scatter(rated, result, slice(start, stop) if order is None else order[start:stop])
    return result


def _by_plan(plan: npt.NDArray[np.integer], columns: Columns) -> tuple[Rows | None, Columns]:
    """The order that brings rows of a plan together, and the columns in it; None: as stored."""
    if (plan[1:] >= plan[:-1]).all():
        return None, columns
    order = np.argsort(plan, kind="stable")
    return order, {n: c[order] for n, c in columns.items()}


def _stretches(plan: npt.NDArray[np.integer], count: int) -> Iterator[tuple[int, int, int]]:
    """(plan, first row, row after the last) of every plan 0..count-1 that has rows, in order."""
    edges = np.searchsorted(plan, np.arange(count + 1)).tolist()
    for index, (start, stop) in enumerate(pairwise(edges)):
        if start < stop:
            yield index, start, stop


def _scatter(rated: RatedColumns, result: RatedColumns, rows: slice | Rows) -> None:
    result.total[rows] = rated.total
    result.status[rows] = rated.status
    for name, column in rated.lines.items():
        result.lines[name][rows] = column
    for name, column in rated.state.items():
        result.state[name][rows] = column
