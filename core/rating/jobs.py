"""Groups of rows with their programs, run in one call of the kernel.

Goals: one tariff or hundreds, one shape or many, are one set of plans over common columns.
Non-goals: which rows belong together (`groups`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from billcore.core.rating.batch import Batch, Column, Ints, Rows, Statuses
from billcore.core.rating.groups import Group, groups_of
from billcore.core.rating_kernel import Level, Path, Plan, PlanIds, PlanSet, run_mixed
from billcore.core.tariff.program.scope import Binding
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Program


@dataclass(frozen=True, slots=True)
class Executor:
    """How programs run: threads, and for tests a dispatch level and a path."""

    threads: int
    level: Level | None = None
    path: Path = Path.AUTO

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


@dataclass(frozen=True, slots=True)
class Job:
    """The programs of a group's shapes.

    ids[row] is the place of the row's program, -1: none; None: all have the first.
    """

    group: Group
    outputs: tuple[str, ...]
    programs: tuple[Program, ...]
    ids: PlanIds | None

    @property
    def rows(self) -> slice | Rows:
        return self.group.batch.rows

    @property
    def whole(self) -> bool:
        """Whether every row of the batch has the one program."""
        return self.ids is None and self.group.batch.whole

    @property
    def bindings(self) -> dict[str, Binding]:
        """What the programs read, by their own names."""
        return {b.column: b for program in self.programs for b in program.bindings}


def jobs_of(batch: Batch, outputs: tuple[str, ...], status: Statuses) -> Iterator[Job]:
    """What is to run for the rows of a tariff. OUT: their status, in that of the whole batch."""
    own = np.zeros(batch.length, dtype=np.uint8)
    groups = list(groups_of(batch, own))
    status[batch.rows] = own
    for group in groups:
        found = [group.program(shape, outputs) for shape in group.shapes]
        programs = tuple(p for p in found if isinstance(p, Program))
        ids = group.ids if len(programs) == len(found) else _usable(group, found, status)
        if programs:
            yield Job(group, outputs, programs, ids)


def _usable(group: Group, found: Sequence[Program | Status], status: Statuses) -> PlanIds:
    """Ids among the shapes that have a program. OUT: status of the rows of the others."""
    ids = np.zeros(group.batch.length, dtype=np.int32) if group.ids is None else group.ids
    refused = np.array([p if isinstance(p, Status) else 0 for p in [*found, 0]], dtype=np.uint8)
    rows = group.batch.rows
    status[rows] = np.maximum(status[rows], refused[ids])
    places = np.where(refused == 0, np.cumsum(refused == 0) - 1, -1)
    places[-1] = -1
    return places[ids].astype(np.int32)


def run_jobs(
    jobs: Sequence[Job], targets: Mapping[str, Ints], status: Statuses, executor: Executor
) -> None:
    """Rates the rows of all jobs in one call; a row of two jobs by the later.

    OUT: targets, by the outputs' names, and status of rows that fail; zeroed by the caller.
    """
    if not jobs:
        return
    inputs, reads = _inputs(jobs, status.size)
    outputs, shows = _outputs(jobs, targets, status.size)
    if len(jobs) == 1 and jobs[0].whole:
        (program,) = jobs[0].programs
        ordered = [inputs[reads[0][i.name]] for i in program.native.inputs]
        executor.run(program, ordered, outputs, status)
        return
    plans = [
        Plan(program.native, read, show)
        for job, read, show in zip(jobs, reads, shows, strict=True)
        for program in job.programs
    ]
    ids, own = _plan_ids(jobs, status.size), np.zeros(status.size, dtype=np.uint8)
    executor.run_mixed(PlanSet(plans, len(inputs), len(outputs)), ids, inputs, outputs, own)
    np.copyto(status, own, where=ids >= 0)
    for job, show in zip(jobs, shows, strict=True):
        for name, place in show.items():
            if outputs[place] is not targets[name]:
                targets[name][job.rows] = outputs[place][job.rows]


def _inputs(jobs: Sequence[Job], length: int) -> tuple[list[Column], list[dict[str, int]]]:
    """Common columns, and per job the places of what its programs read.

    A given column that all jobs read stands as it is; the others are filled job by job.
    """
    bindings = [job.bindings for job in jobs]
    names = [
        {n: job.group.given_name(b) for n, b in own.items()}
        for job, own in zip(jobs, bindings, strict=True)
    ]
    shared, reads = _places(names)
    given = jobs[0].group.batch.given
    columns = [given.column(n) for n in shared]
    if len(jobs) == 1 and jobs[0].whole:
        made = [n for n, place in reads[0].items() if place >= len(shared)]
        columns += [np.ascontiguousarray(jobs[0].group.column(bindings[0][n])) for n in made]
        return columns, reads
    columns += [np.zeros(length, dtype=np.int64) for _ in range(_most(reads) - len(shared))]
    for job, own, read in zip(jobs, bindings, reads, strict=True):
        for name, place in read.items():
            if place >= len(shared):
                columns[place][job.rows] = job.group.column(own[name])
    return columns, reads


def _outputs(
    jobs: Sequence[Job], targets: Mapping[str, Ints], length: int
) -> tuple[list[Ints], list[dict[str, int]]]:
    """Common columns, and per job the places of what its programs show.

    A target that all jobs show stands as it is; the others are to be copied job by job.
    """
    shared, shows = _places([{n: n for n in job.outputs} for job in jobs])
    free = _most(shows) - len(shared)
    return [targets[n] for n in shared] + [np.empty(length, np.int64) for _ in range(free)], shows


def _places(
    names: Sequence[Mapping[str, str | None]],
) -> tuple[list[str], list[dict[str, int]]]:
    """The common columns that all jobs share, which stand first, and per job places by its names.

    names: per job its own name of a column to the common one, if any. A column that not all
    share has a place behind, where each job has another one in its rows.
    """
    common = set(names[0].values()).intersection(*(own.values() for own in names[1:]))
    shared = [n for n in dict.fromkeys(names[0].values()) if n is not None and n in common]
    place = {name: n for n, name in enumerate(shared)}
    found = []
    for own in names:
        free = count(len(shared))
        found.append({n: next(free) if c not in place else place[c] for n, c in own.items()})
    return shared, found


def _most(places: Sequence[Mapping[str, int]]) -> int:
    """How many common columns there are."""
    return max((place + 1 for own in places for place in own.values()), default=0)


def _plan_ids(jobs: Sequence[Job], length: int) -> PlanIds:
    """Per row of the batch the place of its program among those of all jobs; -1: none."""
    found = np.full(length, -1, dtype=np.int32)
    first = 0
    for job in jobs:
        own = job.ids
        found[job.rows] = first if own is None else np.where(own < 0, -1, own + first)
        first += len(job.programs)
    return found
