"""Random bills as columns, for programs and for documents, and how both are run and judged.

Goals: columns drawn by numpy alone, so that millions are cheap; ties, edges, powers of two
and values out of range among them. A sample is also rated bill by bill by the reference.
Non-goals: attributes that change inside a period, except in that sample.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from billcore.core import calendar
from billcore.core.rating.bills import rate_bills
from billcore.core.rating.rate import ColumnSpec, RatedColumns, columns_of, rate
from billcore.core.rating_kernel import Level, Path, compile_program
from billcore.core.tariff.ir import Ir
from billcore.core.tariff.ir import run as run_model
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff, proof_shapes
from tests.engines import Expected, expected, row
from tests.random_bills import random_bill

BEYOND_SHARE = 0.0005
NEAR_DAYS = 500
EVERYDAY_DAYS = (28, 30, 31, 59, 61, 62, 365)
REFERENCE_PATHS = (Path.AUTO, Path.WIDE)
Ints = NDArray[np.int64]
Columns = Mapping[str, Ints]
Result = tuple[Ints, NDArray[np.uint8]]
Judged = tuple[Path, Sequence[int], int]
"""A path, the sampled rows that differ from the reference, how many bills it refused."""


def different(a: Result, b: Result) -> NDArray[np.intp]:
    """Rows whose status differs, or whose outputs differ (those of a failed bill are 0)."""
    return np.flatnonzero((a[1] != b[1]) | (a[0] != b[0]).any(axis=0))


# -- programs


@dataclass(frozen=True, slots=True)
class IrCase:
    """A program without a document."""

    name: str
    ir: Ir
    kind: str

    def runner(self) -> "IrRunner":
        return IrRunner(self.ir)


class IrRunner:
    """A compiled program with its random bills."""

    def __init__(self, ir: Ir) -> None:
        self.ir = ir
        self.program = compile_program(ir)

    def programs(self) -> tuple[int, int]:
        return 1, int(self.program.path == "fast")

    def draw(self, rows: int, rng: np.random.Generator) -> Columns:
        return {i.name: draw_column(i.lo, i.hi, rows, rng) for i in self.ir.inputs}

    def run(self, columns: Columns, path: Path, level: Level | None = None) -> Result:
        inputs = [columns[i.name] for i in self.program.inputs]
        rows = len(inputs[0])
        outputs = np.full((len(self.program.outputs), rows), -1, dtype=np.int64)
        status = np.zeros(rows, dtype=np.uint8)
        self.program.run(inputs, list(outputs), status, level=level, path=path)
        return outputs, status

    def by_reference(self, rows: int, seed: int) -> Iterator[Judged]:
        """Against the plain model of the program, in Python's integers."""
        columns = self.draw(rows, np.random.default_rng(seed))
        bills = [
            dict(zip(columns, bill, strict=True))
            for bill in zip(*(c.tolist() for c in columns.values()), strict=True)
        ]
        wanted = [self._modelled(bill) for bill in bills]
        for path in REFERENCE_PATHS:
            got = self.run(columns, path)
            wrong = [at for at, want in enumerate(wanted) if not _agrees(want, got, at)]
            yield path, wrong, int(np.count_nonzero(got[1]))

    def _modelled(self, bill: dict[str, int]) -> list[int] | int:
        """The outputs, or why the bill fails."""
        if any(not i.lo <= bill[i.name] <= i.hi for i in self.ir.inputs):
            return int(Status.OUT_OF_RANGE)
        outputs, failed = run_model(self.ir, bill)
        if failed:
            return failed
        values = list(outputs.values())
        fits = all(-(2**63) <= v < 2**63 for v in values)
        return values if fits else int(Status.OVERFLOW)


def _agrees(want: list[int] | int, got: Result, at: int) -> bool:
    status, shown = int(got[1][at]), got[0][:, at].tolist()
    if isinstance(want, int):
        return status == want and not any(shown)
    return status == 0 and shown == want


# -- documents


@dataclass(frozen=True, slots=True)
class DocumentCase:
    """A tariff document, rated through the door of core."""

    name: str
    text: str
    kind: str

    def runner(self) -> "DocumentRunner":
        return DocumentRunner(Tariff.load(self.text, self.name))


class DocumentRunner:
    """A tariff with its random bills, near the days on which anything changes."""

    TIMES: ClassVar[frozenset[str]] = frozenset(("date", "days"))

    def __init__(self, tariff: Tariff) -> None:
        self.tariff = tariff
        self.specs = columns_of(tariff)

    def programs(self) -> tuple[int, int]:
        document = self.tariff.document
        irs = [self.tariff.compiled(shape).ir for shape in proof_shapes(document)]
        return len(irs), sum(compile_program(ir).path == "fast" for ir in irs)

    def draw(self, rows: int, rng: np.random.Generator) -> Columns:
        columns = self._period(rows, rng)
        for spec in self.specs:
            if spec.kind == "history":
                columns |= _history(spec, rows, rng)
            elif spec.kind in ("choice", "flag"):
                columns[spec.name] = rng.integers(spec.lo, spec.hi, rows, endpoint=True)
                _put_beyond(columns[spec.name], spec.lo, spec.hi, rng)
            elif spec.kind not in self.TIMES:
                columns[spec.name] = draw_column(spec.lo, spec.hi, rows, rng)
        return columns

    def _period(self, rows: int, rng: np.random.Generator) -> dict[str, Ints]:
        """Dates near versions; in a third of the draws the billed days beside them."""
        document = self.tariff.document
        starts = [v.start for v in document.versions]
        starts += [d for x in document.lines for d in (x.start, x.end) if d is not None]
        most = document.period.days_max
        usual = [d for d in EVERYDAY_DAYS if d <= most] or [most]
        days = np.where(
            rng.random(rows) < 0.6,
            rng.choice(np.array(usual, dtype=np.int64), rows),
            rng.integers(1, most, rows, endpoint=True),
        )
        days[rng.random(rows) < BEYOND_SHARE] = 0
        first = rng.choice(np.array(starts, dtype=np.int64), rows)
        near = (
            rng.integers(0, 40, rows),
            rng.integers(0, NEAR_DAYS, rows),
            -rng.integers(0, 40, rows),
        )
        this = first - 1 + days + np.choose(rng.choice(3, rows, p=(0.6, 0.2, 0.2)), near)
        previous = np.clip(this - days, calendar.DAY_MIN - 1, calendar.DAY_MAX)
        columns = {"previous": previous, "this": this}
        if rng.random() < 1 / 3:
            columns["days"] = np.clip(days + rng.integers(-1, 2, rows), 0, most + 1)
        return columns

    def run(self, columns: Columns, path: Path, level: Level | None = None) -> Result:
        return _stacked(rate(self.tariff, columns, path=path, level=level))

    def by_reference(self, rows: int, seed: int) -> Iterator[Judged]:
        """Against the reference in Fractions, with attributes that change inside periods."""
        rng = random.Random(seed)
        bills = [random_bill(self.tariff, rng) for _ in range(rows)]
        wanted = [expected(self.tariff, bill) for bill in bills]
        for path in REFERENCE_PATHS:
            rated = rate_bills(self.tariff, bills, path=path)
            wrong = [i for i, want in enumerate(wanted) if not _same(want, row(rated, i))]
            yield path, wrong, int(np.count_nonzero(rated.status))


def _same(want: Expected, have: Expected) -> bool:
    """A bill that fails for several reasons may name another first; its amounts are 0."""
    if want.status is Status.OK or have.status is Status.OK:
        return want == have
    return not any(have.columns.values())


def _stacked(rated: RatedColumns) -> Result:
    columns = [rated.total, *rated.lines.values(), *rated.state.values()]
    return np.stack(columns), rated.status


def _history(spec: ColumnSpec, rows: int, rng: np.random.Generator) -> dict[str, Ints]:
    """Entries of mixed size; a third of the months is 0, which is no entry."""
    shape = (rows, spec.entries)
    values = draw_column(spec.lo, spec.hi, rows * spec.entries, rng).reshape(shape)
    months = np.maximum(rng.integers(-5, 12, shape, endpoint=True), 0)
    return {spec.name: values, f"{spec.name}.month": months}


# -- values


def draw_column(lo: int, hi: int, rows: int, rng: np.random.Generator) -> Ints:
    """Values of mixed character: everyday, tie-prone, edges, any size, a few out of range."""
    kinds = rng.choice(5, rows, p=(0.3, 0.25, 0.2, 0.1, 0.15))
    draws: tuple[Callable[[], Ints], ...] = (
        lambda: _everyday(rows, rng),
        lambda: _small(rows, rng),
        lambda: _whole(rows, rng),
        lambda: _edges(lo, hi, rows, rng),
        lambda: _any(lo, hi, rows, rng),
    )
    column: Ints = np.clip(np.choose(kinds, [draw() for draw in draws]), lo, hi)
    _put_beyond(column, lo, hi, rng)
    return column


def _put_beyond(column: Ints, lo: int, hi: int, rng: np.random.Generator) -> None:
    """A few values just outside lo..hi. OUT: column."""
    beyond = rng.random(len(column)) < BEYOND_SHARE
    outside = [v for v in (lo - 1, hi + 1) if -(2**63) <= v < 2**63]
    if outside:
        column[beyond] = rng.choice(np.array(outside, dtype=np.int64), int(beyond.sum()))


def _everyday(rows: int, rng: np.random.Generator) -> Ints:
    return rng.integers(-20, 2_000_000, rows) >> rng.integers(0, 16, rows)


def _small(rows: int, rng: np.random.Generator) -> Ints:
    """What persons, diameters and keys of tables are like, with up to three decimals."""
    grain = rng.choice(np.array([1, 10, 100, 1_000], dtype=np.int64))
    drawn: Ints = rng.integers(0, 60, rows) * grain
    return drawn


def _whole(rows: int, rng: np.random.Generator) -> Ints:
    grain = rng.choice(np.array([50, 100, 500, 1_000, 5_000], dtype=np.int64), rows)
    drawn: Ints = rng.integers(-5, 2_000, rows) * grain
    return drawn


def _edges(lo: int, hi: int, rows: int, rng: np.random.Generator) -> Ints:
    near = [lo, lo + 1, -1, 0, 1, hi - 1, hi]
    powers = [s * 2**b + d for s in (1, -1) for b in (30, 31, 32, 40, 50, 51) for d in (-1, 0, 1)]
    kept = [v for v in (*near, *powers) if -(2**63) <= v < 2**63]
    drawn: Ints = rng.choice(np.array(kept, dtype=np.int64), rows)
    return drawn


def _any(lo: int, hi: int, rows: int, rng: np.random.Generator) -> Ints:
    """Sizes spread evenly over their number of bits."""
    drawn: Ints = rng.integers(lo, hi, rows, endpoint=True)
    drawn >>= rng.integers(0, 40, rows)
    return drawn
