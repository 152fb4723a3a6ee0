"""`python -m benchmarks.exact`: the kernel's paths agree, bill by bill.

The fast path against the 128-bit path on millions of random bills over all constructs,
at every dispatch level present, and both against the exact reference on a sample.
Zero differences, or exit status 1.
"""

import argparse
import pathlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.random_ir import random_ir
from benchmarks.report import FOLDER, Goal, Section, Table, goal, write
from benchmarks.standard import TIERS, Kind, plan_ir, random_plans, standard_plan
from billcore.core.rating_kernel import KernelProgram, Level, Path, compile_program, levels
from billcore.core.tariff.ir import Input, Ir
from billcore.core.tariff.ir import run as run_model

SUITE = "exact"
ROWS = 10_000_000
REFERENCE_ROWS = 200_000
RANDOM_IRS = 150
CHUNK_ROWS = 100_000
Columns = Mapping[str, NDArray[np.int64]]
Draw = Callable[[int, np.random.Generator], Columns]
Result = tuple[NDArray[np.int64], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Case:
    """A program and how to draw random bills for it."""

    name: str
    ir: Ir
    draw: Draw


@dataclass(slots=True)
class Count:
    """Bills compared, those with a failing status, and those found different."""

    bills: int = 0
    refused: int = 0
    different: int = 0
    first: str = ""

    def add(self, got: Result, wrong: NDArray[np.intp], where: str) -> None:
        self.bills += len(got[1])
        self.refused += int(np.count_nonzero(got[1]))
        self.different += len(wrong)
        if len(wrong) and not self.first:
            self.first = f"{where}, row {int(wrong[0])}"


def cases(seed: int = 11, random_irs: int = RANDOM_IRS) -> Iterator[Case]:
    """Every program that the comparison covers, with its random bills."""
    kinds: tuple[Kind, ...] = ("random", "tie")
    for kind in kinds:
        for tiers in TIERS:
            yield _case(f"standard {kind} {tiers}", plan_ir(standard_plan(tiers, kind)))
    for k, plan in enumerate(random_plans(20, seed)):
        yield _case(f"plan {k}", plan_ir(plan))
    for k in range(random_irs):
        yield _case(f"random {k}", random_ir(np.random.default_rng((seed, k))))


def _case(name: str, ir: Ir) -> Case:
    return Case(name, ir, lambda rows, rng: draw_columns(ir, rows, rng))


def draw_columns(ir: Ir, rows: int, rng: np.random.Generator) -> Columns:
    """Columns of mixed character: everyday, tie-prone, edges, any size, a few out of range."""
    return {i.name: draw_column(i, rows, rng) for i in ir.inputs}


def draw_column(of: Input, rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    kinds = rng.choice(4, rows, p=(0.4, 0.3, 0.1, 0.2))
    drawn = (_everyday(rows, rng), _whole(rows, rng), _edges(of, rows, rng), _any(of, rows, rng))
    column = np.clip(np.choose(kinds, drawn), of.lo, of.hi)
    beyond = rng.random(rows) < 0.0005
    outside = [v for v in (of.lo - 1, of.hi + 1) if -(2**63) <= v < 2**63]
    if outside:
        column[beyond] = rng.choice(np.array(outside, dtype=np.int64), int(beyond.sum()))
    return column


def _everyday(rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return rng.integers(-20, 2_000_000, rows) >> rng.integers(0, 16, rows)


def _whole(rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    grain = rng.choice(np.array([50, 100, 500, 1_000, 5_000], dtype=np.int64), rows)
    drawn: NDArray[np.int64] = rng.integers(-5, 2_000, rows) * grain
    return drawn


def _edges(of: Input, rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    near = [of.lo, of.lo + 1, -1, 0, 1, of.hi - 1, of.hi]
    powers = [s * 2**b + d for s in (1, -1) for b in (30, 31, 32, 40, 50, 51) for d in (-1, 0, 1)]
    kept = [v for v in (*near, *powers) if -(2**63) <= v < 2**63]
    return rng.choice(np.array(kept, dtype=np.int64), rows)


def _any(of: Input, rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Sizes spread evenly over their number of bits."""
    drawn = rng.integers(of.lo, of.hi, rows, endpoint=True)
    return drawn >> rng.integers(0, 40, rows)


def run_path(
    program: KernelProgram, columns: Columns, path: Path, level: Level | None = None
) -> Result:
    inputs = [columns[i.name] for i in program.inputs]
    rows = len(inputs[0])
    outputs = np.zeros((len(program.outputs), rows), dtype=np.int64)
    status = np.zeros(rows, dtype=np.uint8)
    program.run(inputs, list(outputs), status, level=level, path=path)
    return outputs, status


def different(a: Result, b: Result) -> NDArray[np.intp]:
    """Rows whose status differs, or whose outputs differ where the bill is fine."""
    status = a[1] != b[1]
    values = (a[0] != b[0]).any(axis=0) & (a[1] == 0)
    return np.flatnonzero(status | values)


def compare_with_model(case: Case, columns: Columns, got: Result) -> NDArray[np.intp]:
    """Rows that differ from the plain model; a row out of declared range must fail."""
    names = list(columns)
    rows = zip(*(columns[n].tolist() for n in names), strict=True)
    wrong = [
        at
        for at, row in enumerate(rows)
        if not _agrees(case.ir, dict(zip(names, row, strict=True)), got, at)
    ]
    return np.array(wrong, dtype=np.intp)


def _agrees(ir: Ir, bill: dict[str, int], got: Result, at: int) -> bool:
    status = int(got[1][at])
    if any(not i.lo <= bill[i.name] <= i.hi for i in ir.inputs):
        return status != 0
    expected, failed = run_model(ir, bill)
    if any(not -(2**63) <= v < 2**63 for v in expected.values()):
        return status != 0
    if failed or status:
        return failed == status
    shown: list[int] = got[0][:, at].tolist()
    return list(expected.values()) == shown


class Comparison:
    """All comparisons of all cases, with their counts."""

    def __init__(self) -> None:
        self.counts: dict[str, Count] = {}
        self.fast_cases = 0
        self.cases = 0

    def take(self, case: Case, rows: int, reference_rows: int, seed: int) -> None:
        """One case: `rows` bills on all paths, the first `reference_rows` against the model."""
        program = compile_program(case.ir)
        self.cases += 1
        self.fast_cases += program.path == "fast"
        rng = np.random.default_rng(seed)
        for at in range(0, rows, CHUNK_ROWS):
            columns = case.draw(min(CHUNK_ROWS, rows - at), rng)
            wide = run_path(program, columns, Path.WIDE)
            self._levels(case, program, columns, wide)
            if at == 0:
                self._model(case, program, columns, reference_rows)

    def _levels(self, case: Case, program: KernelProgram, columns: Columns, wide: Result) -> None:
        for level in levels():
            fast = run_path(program, columns, Path.AUTO, level)
            where = f"{case.name} at {level}"
            count = self.counts.setdefault(f"{level} against 128 bits", Count())
            count.add(wide, different(fast, wide), where)

    def _model(self, case: Case, program: KernelProgram, columns: Columns, rows: int) -> None:
        head = {name: column[:rows].copy() for name, column in columns.items()}
        for name, path in (("kernel", Path.AUTO), ("128 bits", Path.WIDE)):
            got = run_path(program, head, path)
            count = self.counts.setdefault(f"{name} against the reference", Count())
            count.add(got, compare_with_model(case, head, got), case.name)

    @property
    def different(self) -> int:
        return sum(count.different for count in self.counts.values())


def compare(
    rows: int,
    reference_rows: int,
    say: Callable[[str], None],
    seed: int = 11,
    random_irs: int = RANDOM_IRS,
) -> Comparison:
    every = list(cases(seed, random_irs))
    comparison = Comparison()
    each, sample = -(-rows // len(every)), -(-reference_rows // len(every))
    for number, case in enumerate(every, start=1):
        comparison.take(case, each, sample, seed + number)
        if number % 20 == 0 or number == len(every):
            say(f"{number} of {len(every)} programs, {comparison.different} differences")
    return comparison


def section(comparison: Comparison, rows: int) -> Section:
    rows_judged = rows >= ROWS
    goals: list[Goal] = [
        goal(f"{SUITE}/G5 differences, {name}", count.different, 0, "lower", rows_judged)
        for name, count in comparison.counts.items()
    ]
    table = Table(
        "Differences",
        ("comparison", "bills", "refused", "different", "first"),
        [_count_row(name, count) for name, count in comparison.counts.items()],
        f"{comparison.cases} programs, of which {comparison.fast_cases} have a fast path.",
    )
    return Section(SUITE, [table], goals)


def _count_row(name: str, count: Count) -> list[str]:
    return [name, f"{count.bills:,}", f"{count.refused:,}", str(count.different), count.first]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exact", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--reference-rows", type=int, default=REFERENCE_ROWS)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument(
        "--report", type=pathlib.Path, help="folder; a full run writes to the usual one"
    )
    options = parser.parse_args(arguments)
    comparison = compare(options.rows, options.reference_rows, print, options.seed)
    made = section(comparison, options.rows)
    folder = options.report or (FOLDER if options.rows >= ROWS else None)
    if folder is not None:
        write(made, folder)
    print(made.tables[0].markdown())
    return 1 if comparison.different else 0


if __name__ == "__main__":
    sys.exit(main())
