"""`python -m benchmarks.exact`: the kernel's paths agree, bill by bill.

Goals: the fast path against the 128-bit path on millions of random bills at every dispatch
level present, and both against the exact reference on a sample: of every document in
`tariffs/`, of random documents, of standard plans, and of random programs that reach every
instruction. Zero differences, or exit status 1.
Non-goals: time; a bill that both paths refuse counts as equal if the status is the same.
"""

import argparse
import os
import pathlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from benchmarks.bills import DocumentCase, IrCase, different
from benchmarks.random_ir import random_ir
from benchmarks.report import FOLDER, Goal, Section, Table, goal, write
from benchmarks.standard import TIERS, Kind, plan_ir, random_plans, standard_plan
from billcore.core.errors import TariffInvalid
from billcore.core.rating_kernel import Path, levels
from billcore.core.tariff.tariff import Tariff
from tests.random_documents import DocumentMaker

SUITE = "exact"
ROWS = 10_000_000
REFERENCE_ROWS = 200_000
RANDOM_IRS = 150
RANDOM_DOCUMENTS = 60
CHUNK_ROWS = 50_000
TARIFFS = pathlib.Path(__file__).parents[1] / "tariffs"
Case = IrCase | DocumentCase
Counted = Mapping[str, "Count"]


@dataclass(slots=True)
class Count:
    """Bills compared, those with a failing status, and those found different."""

    bills: int = 0
    refused: int = 0
    different: int = 0
    first: str = ""

    def add(self, bills: int, refused: int, wrong: Sequence[int], where: str) -> None:
        self.bills += bills
        self.refused += refused
        self.different += len(wrong)
        if len(wrong) and not self.first:
            self.first = f"{where}, row {int(wrong[0])}"

    def join(self, other: "Count") -> None:
        self.bills += other.bills
        self.refused += other.refused
        self.different += other.different
        self.first = self.first or other.first


@dataclass(frozen=True, slots=True)
class Job:
    """A case with its share of the rows; what a process is sent."""

    case: Case
    rows: int
    reference_rows: int
    seed: int


def cases(
    seed: int = 11, random_irs: int = RANDOM_IRS, random_documents: int = RANDOM_DOCUMENTS
) -> Iterator[Case]:
    """Everything that the comparison covers."""
    yield from ir_cases(seed, random_irs)
    for file in sorted(TARIFFS.glob("*.yaml")):
        yield DocumentCase(file.name, file.read_text(encoding="utf-8"), "documents")
    for k in range(seed * 1_000, seed * 1_000 + random_documents):
        text = DocumentMaker(k).text()
        if _loads(text):
            yield DocumentCase(f"random document {k}", text, "random documents")


def ir_cases(seed: int = 11, random_irs: int = RANDOM_IRS) -> Iterator[IrCase]:
    """Programs without a document."""
    kinds: tuple[Kind, ...] = ("random", "tie")
    for kind in kinds:
        for tiers in TIERS:
            ir = plan_ir(standard_plan(tiers, kind))
            yield IrCase(f"standard {kind} {tiers}", ir, "standard plans")
    for k, plan in enumerate(random_plans(20, seed)):
        yield IrCase(f"plan {k}", plan_ir(plan), "standard plans")
    for k in range(random_irs):
        ir = random_ir(np.random.default_rng((seed, k)))
        yield IrCase(f"random program {k}", ir, "random programs")


def _loads(text: str) -> bool:
    """Whether a random document is a tariff; the checker refuses some."""
    try:
        Tariff.load(text)
    except TariffInvalid:
        return False
    return True


@dataclass(slots=True)
class Comparison:
    """All comparisons of all cases, with their counts."""

    counts: dict[str, Count] = field(default_factory=dict)
    kinds: dict[str, list[int]] = field(default_factory=dict)
    """Per kind of case: cases, programs seen, those with a fast path."""

    def join(self, job: Job, counted: Counted, programs: int, fast: int) -> None:
        for name, count in counted.items():
            self.counts.setdefault(name, Count()).join(count)
        known = self.kinds.setdefault(job.case.kind, [0, 0, 0])
        for at, number in enumerate((1, programs, fast)):
            known[at] += number

    @property
    def different(self) -> int:
        return sum(count.different for count in self.counts.values())


def compared(job: Job) -> tuple[Counted, int, int]:
    """One case: (counts, programs, of them fast): all rows on all paths, a sample by reference."""
    runner = job.case.runner()
    rng = np.random.default_rng(job.seed)
    counts: dict[str, Count] = {}
    for at in range(0, job.rows, CHUNK_ROWS):
        columns = runner.draw(min(CHUNK_ROWS, job.rows - at), rng)
        wide = runner.run(columns, Path.WIDE)
        refused = int(np.count_nonzero(wide[1]))
        for level in levels():
            wrong = different(runner.run(columns, Path.AUTO, level), wide).tolist()
            where = f"{job.case.name} at {level}, seed {job.seed}"
            count = counts.setdefault(f"{level} against 128 bits", Count())
            count.add(len(wide[1]), refused, wrong, where)
    sample = runner.by_reference(job.reference_rows, job.seed) if job.reference_rows else ()
    for path, wrong, refused in sample:
        name = f"{'kernel' if path is Path.AUTO else '128 bits'} against the reference"
        count = counts.setdefault(name, Count())
        count.add(job.reference_rows, refused, wrong, f"{job.case.name}, seed {job.seed}")
    return counts, *runner.programs()


def compare(
    rows: int,
    reference_rows: int,
    say: Callable[[str], None],
    every: Iterable[Case] | None = None,
    seed: int = 11,
    processes: int = 1,
) -> Comparison:
    """All jobs; half of the rows go to documents."""
    todo = list(jobs(list(cases(seed) if every is None else every), rows, reference_rows, seed))
    comparison, started = Comparison(), perf_counter()
    for number, (job, found) in enumerate(_done(todo, processes), start=1):
        comparison.join(job, *found)
        if number % 20 == 0 or number == len(todo):
            seconds = perf_counter() - started
            wrong = comparison.different
            say(f"{number} of {len(todo)} cases, {wrong} differences, {seconds:.0f} s")
    return comparison


def _done(todo: Sequence[Job], processes: int) -> Iterator[tuple[Job, tuple[Counted, int, int]]]:
    if processes == 1:
        yield from ((job, compared(job)) for job in todo)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from zip(todo, pool.map(compared, todo), strict=True)


def jobs(every: Sequence[Case], rows: int, reference_rows: int, seed: int) -> Iterator[Job]:
    """Documents share half of the rows and four fifths of the sample, programs the rest."""
    documents = sum(isinstance(case, DocumentCase) for case in every)
    programs = len(every) - documents
    for number, case in enumerate(every, start=1):
        among, half, sample = (
            (documents, 0.5, 0.8) if isinstance(case, DocumentCase) else (programs, 0.5, 0.2)
        )
        alone = not documents or not programs
        share = 1.0 if alone else half
        share_of_sample = 1.0 if alone else sample
        yield Job(
            case,
            -(-int(rows * share) // among),
            -(-int(reference_rows * share_of_sample) // among),
            seed * 10_000 + number,
        )


def section(comparison: Comparison, rows: int, reference_rows: int, seconds: float) -> Section:
    goals = [_goal(name, c, rows, reference_rows) for name, c in comparison.counts.items()]
    differences = Table(
        "Differences",
        ("comparison", "bills", "refused", "different", "first"),
        [_count_row(name, count) for name, count in comparison.counts.items()],
        f"In {seconds:.0f} s. A refused bill is one that fails with a status, the same on both "
        "sides.",
    )
    covered = Table(
        "What was compared",
        ("kind", "cases", "programs", "with a fast path"),
        [[kind, *map(str, numbers)] for kind, numbers in comparison.kinds.items()],
        "Programs of documents: their shapes of one segment and of two neighbouring ones.",
    )
    return Section(SUITE, [differences, covered], goals)


def _goal(name: str, count: Count, rows: int, reference_rows: int) -> Goal:
    sampled = name.endswith("reference")
    able = reference_rows >= REFERENCE_ROWS if sampled else rows >= ROWS
    return goal(f"{SUITE}/G5 differences, {name}", count.different, 0, "lower", able)


def _count_row(name: str, count: Count) -> list[str]:
    return [name, f"{count.bills:,}", f"{count.refused:,}", str(count.different), count.first]


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    started = perf_counter()

    def say(text: str) -> None:
        print(text, flush=True)

    comparison = compare(
        options.rows,
        options.reference_rows,
        say,
        seed=options.seed,
        processes=options.processes,
    )
    seconds = perf_counter() - started
    made = section(comparison, options.rows, options.reference_rows, seconds)
    folder = options.report or (FOLDER if options.rows >= ROWS else None)
    if folder is not None:
        write(made, folder)
    for table in made.tables:
        print(table.markdown())
    return 1 if comparison.different else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exact", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--reference-rows", type=int, default=REFERENCE_ROWS)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--report", type=pathlib.Path, help="folder; a full run writes to the usual one"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
