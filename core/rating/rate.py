"""The door to rating: columns of bills in, columns of amounts out.

`rate` is exact for every row or says in `status` why the row failed; a fault of the
whole batch (a missing column, a wrong length) is an error and rates nothing. The
same programs serve one bill and a month.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from billcore.core.errors import ColumnUnknown
from billcore.core.rating.batch import Changes, Column, Columns, Given, Ints, Rows, Segments
from billcore.core.rating.columns import (
    ColumnSpec,
    batch_of,
    column_names,
    columns_of,
    line_names,
    part_of,
    state_names,
)
from billcore.core.rating.jobs import Executor, Job, jobs_of, run_jobs
from billcore.core.rating_kernel import Level, Path
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff

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

STATE = "state:"
"""Before the name of a state among the outputs of a program."""


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
    outputs = _output_names(result.lines, result.state)
    jobs = list(jobs_of(batch, outputs, result.status))
    run_jobs(jobs, _targets(result), result.status, Executor(threads, level, path))
    return result


def rate_plans(
    tariffs: Sequence[Tariff],
    plan: npt.NDArray[np.integer],
    columns: Columns,
    *,
    lines: bool = False,
    threads: int = 1,
) -> RatedColumns:
    """Rate rows of several tariffs in any order: plan[i] is the index of row i's tariff.

    A column that a tariff does not know is not given to it. lines: the union of all
    tariffs' lines, 0 where a row's tariff has none of that name.

    Raises ColumnMissing or ColumnInvalid for a fault of the batch.
    """
    given = Given(columns, plan.shape[0])
    names = list(dict.fromkeys(n for t in tariffs for n in line_names(t))) if lines else []
    states = list(dict.fromkeys(n for t in tariffs for n in state_names(t)))
    result = _empty(given.length, names, states)
    result.status[:] = Status.UNKNOWN_PLAN
    jobs: list[Job] = []
    for index, rows, count in _rows_by_plan(plan, len(tariffs)):
        tariff = tariffs[index]
        outputs = _output_names(line_names(tariff) if lines else (), state_names(tariff))
        jobs += jobs_of(part_of(tariff, given, rows, count), outputs, result.status)
    run_jobs(jobs, _targets(result), result.status, Executor(threads))
    return result


def _rows_by_plan(
    plan: npt.NDArray[np.integer], count: int
) -> Iterator[tuple[int, slice | Rows, int]]:
    """(plan, its rows, how many) of every plan 0..count-1 that has rows, in order."""
    key: Column = np.where((plan >= 0) & (plan < count), plan, count).astype(np.int64)
    if count < np.iinfo(np.int16).max:
        key = key.astype(np.int16)  # sorts in linear time
    order = None if (key[1:] >= key[:-1]).all() else np.argsort(key, kind="stable")
    edges = np.cumsum(np.bincount(key, minlength=count + 1)).tolist()
    for index, (start, stop) in enumerate(pairwise([0, *edges[:count]])):
        if start < stop:
            rows = slice(start, stop)
            yield index, rows if order is None else order[rows], stop - start


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


def _output_names(lines: Iterable[str], states: Iterable[str]) -> tuple[str, ...]:
    """Outputs of a program, by which `_targets` has columns."""
    return (TOTAL, *lines, *(f"{STATE}{n}" for n in states))


def _targets(result: RatedColumns) -> dict[str, Ints]:
    """The columns of a result by the outputs of programs."""
    states = {f"{STATE}{n}": column for n, column in result.state.items()}
    return {**result.lines, **states, TOTAL: result.total}
