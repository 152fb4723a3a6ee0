"""Peers: the standard bill in what else one could use, each as its own users would write it.

Goals: every peer gets the same columns and the same plan; an exact one is compared
with the exact totals before it is timed. Peers may assume what holds for the data
(no negative consumption), so that none is slower than need be. Libraries of the bench
extra are imported when a peer is prepared, not before. Non-goals: peers beyond one core.
"""

import ctypes
import importlib
import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from benchmarks import codegen
from benchmarks.standard import (
    ENERGY_DIVISOR,
    FEE_DIVISOR,
    PERCENT_DIVISOR,
    TIERS_MAX,
    Data,
    Int64s,
    Plan,
    grouped,
)

BLOCK_ROWS = 16_384
NO_UPTO = 2**40
UNWRITTEN = -(2**62)


@dataclass(frozen=True)
class Work:
    """Bills to rate: the plans, the columns (which name a plan per row), lines or totals only."""

    plans: tuple[Plan, ...]
    data: Data
    itemised: bool = False

    @property
    def lines(self) -> int:
        return len(self.plans[0].line_names) if self.itemised else 0

    @cached_property
    def starts(self) -> Int64s:
        """Where each plan's rows begin, when the data is grouped by plan."""
        edges = np.arange(len(self.plans) + 1)
        return np.searchsorted(self.data.plan, edges).astype(np.int64)

    def head(self, rows: int) -> "Work":
        return Work(self.plans, self.data.head(rows), self.itemised)


class Peer(ABC):
    """One way to rate the work. `prepare` loads and compiles, `run` is what is timed."""

    name: ClassVar[str]
    exact: ClassVar[bool] = True
    bound: ClassVar[bool] = False
    rows_max: ClassVar[int | None] = None
    note: ClassVar[str] = ""

    @abstractmethod
    def prepare(self, work: Work) -> None:
        """Loads and compiles; not timed."""

    @abstractmethod
    def run(self) -> object:
        """Rates every row; timed."""

    @abstractmethod
    def totals(self) -> Int64s:
        """The totals of the last run."""

    def forget(self) -> None:  # noqa: B027  # a hook; most own their outputs
        """Spoils outputs that others may have written too, so that only our own run is judged."""

    def wrong(self, expected: Int64s) -> int:
        """How many totals of the last run are not the exact ones."""
        return int(np.count_nonzero(self.totals() != expected))


class _Compiled(Peer):
    """Shared by the peers that are C: columns by address, outputs in caller's memory."""

    level: codegen.Level = "native"

    def __init__(self, level: codegen.Level = "native", columns: Int64s | None = None) -> None:
        self.level = level
        self._columns = columns

    def source(self, work: Work) -> str:
        return codegen.program_source(work.plans[0], work.itemised)

    def prepare(self, work: Work) -> None:
        self.work = work
        self.library = codegen.build(self.source(work), self.level)
        if self._columns is None:
            self._columns = np.zeros((work.lines + 1, len(work.data)), dtype=np.int64)
        self.columns = self._columns
        data = work.data
        ins = (data.consumption_milli, data.days, data.previous_minor)
        self._ins = [ctypes.c_void_p(a.ctypes.data) for a in map(np.ascontiguousarray, ins)]
        self._outs = (ctypes.c_void_p * len(self.columns))(*(c.ctypes.data for c in self.columns))
        self._rows = ctypes.c_int64(len(data))

    def forget(self) -> None:
        self.columns.fill(UNWRITTEN)

    def totals(self) -> Int64s:
        totals: Int64s = self.columns[-1]
        return totals


class GeneratedC(_Compiled):
    """A function per plan with every constant baked in; one plan."""

    name = "generated C"
    function = "bill"

    def prepare(self, work: Work) -> None:
        super().prepare(work)
        self._bill = getattr(self.library, self.function)

    def run(self) -> None:
        self._bill(*self._ins, self._outs, ctypes.c_int64(0), self._rows)


class WideC(GeneratedC):
    """The same in plain 128-bit integers: slow and beyond doubt; gives the expected totals."""

    name = "generated C, 128 bits"
    function = "bill_wide"


class GeneratedCPlans(_Compiled):
    """A function per plan, over columns stored grouped by plan."""

    name = "generated C per plan"
    function = "bills"

    def source(self, work: Work) -> str:
        return codegen.plans_source(work.plans)

    def prepare(self, work: Work) -> None:
        super().prepare(work)
        self._bills = getattr(self.library, self.function)
        self._starts = ctypes.c_void_p(work.starts.ctypes.data)

    def run(self) -> None:
        self._bills(*self._ins, self._outs, self._starts)


class WideCPlans(GeneratedCPlans):
    name = "generated C per plan, 128 bits"
    function = "bills_wide"

    def source(self, work: Work) -> str:
        return codegen.wide_plans_source(work.plans)


class MemoryOnly(_Compiled):
    """Moves the same columns through memory and adds them, as gcc vectorises it; not a bill."""

    name = "memory only, gcc"
    exact = False
    bound = True

    def run(self) -> None:
        lines = ctypes.c_int64(self.work.lines)
        self.library.memory_only(*self._ins, self._outs, lines, self._rows)


def expected_columns(work: Work) -> Int64s:
    """Exact line and total columns by 128-bit C (itself compared with Fractions in the tests)."""
    if len(work.plans) == 1:
        peer: _Compiled = WideC("baseline")
        peer.prepare(work)
        peer.run()
        return peer.columns
    order = np.argsort(work.data.plan, kind="stable")
    by_plan = WideCPlans("baseline")
    by_plan.prepare(Work(work.plans, grouped(work.data)))
    by_plan.run()
    columns = np.empty_like(by_plan.columns)
    columns[:, order] = by_plan.columns
    return columns


def plan_table(plans: Sequence[Plan]) -> dict[str, Int64s]:
    """The plans as columns; tiers that a plan lacks are empty."""
    table = {f"upto_{t}": [_upto(p, t) for p in plans] for t in range(TIERS_MAX - 1)}
    table |= {f"rate_{t}": [_rate(p, t) for p in plans] for t in range(TIERS_MAX)}
    for name in ("fee_per_day", "rider_rate", "allowance_milli_per_day", "surcharge_rate"):
        table[name] = [getattr(p, name) for p in plans]
    table |= {"levy_ppm": [p.levy_ppm for p in plans], "tax_ppm": [p.tax_ppm for p in plans]}
    table["tiers"] = [p.tiers for p in plans]
    return {name: np.array(column, dtype=np.int64) for name, column in table.items()}


def _upto(plan: Plan, t: int) -> int:
    return plan.uptos_milli_per_day[t] if t < plan.tiers - 1 else NO_UPTO


def _rate(plan: Plan, t: int) -> int:
    return plan.rates[t] if t < plan.tiers else 0


def plan_constants(plan: Plan) -> dict[str, Any]:
    """The plan under the names of `plan_table`, as numbers, without tiers that it lacks."""
    table = {name: int(column[0]) for name, column in plan_table([plan]).items()}
    beyond = {f"upto_{t}" for t in range(plan.tiers - 1, TIERS_MAX - 1)}
    beyond |= {f"rate_{t}" for t in range(plan.tiers, TIERS_MAX)}
    return {name: value for name, value in table.items() if name not in beyond}


def total_of(k: dict[str, Any], c: Any, d: Any, p: Any, least: Any) -> Any:
    """The total in integer column arithmetic; operands are arrays or column expressions."""
    tiers = sum(k_line(q, r, ENERGY_DIVISOR) for q, r in _fills(k, c, d, least))
    fixed = k_line(d, k["fee_per_day"], FEE_DIVISOR)
    rider = k_line(c, k["rider_rate"], ENERGY_DIVISOR)
    excess = c - least(c, d * k["allowance_milli_per_day"])
    surcharge = k_line(excess, k["surcharge_rate"], ENERGY_DIVISOR)
    levy = k_line(tiers + fixed, k["levy_ppm"], PERCENT_DIVISOR)
    taxed = tiers + rider + surcharge + levy
    return p + taxed + fixed + k_line(taxed, k["tax_ppm"], PERCENT_DIVISOR)


def k_line(quantity: Any, rate: Any, divisor: int) -> Any:
    return (quantity * rate + divisor // 2) // divisor


def _fills(k: dict[str, Any], c: Any, d: Any, least: Any) -> list[tuple[Any, Any]]:
    rates = [k[f"rate_{t}"] for t in range(TIERS_MAX) if f"rate_{t}" in k]
    heads = [least(c, d * k[f"upto_{t}"]) for t in range(len(rates) - 1)]
    heads.append(c)
    fills = [heads[0], *(b - a for a, b in pairwise(heads))]
    return list(zip(fills, rates, strict=True))


class NumpyBlocks(Peer):
    """int64 arrays in blocks of 16 K rows; with many plans, tables gathered by plan number."""

    name = "numpy int64, 16 K blocks"

    def prepare(self, work: Work) -> None:
        self.work = work
        self.out = np.empty(len(work.data), dtype=np.int64)
        self.table = plan_table(work.plans)
        self.one = plan_constants(work.plans[0]) if len(work.plans) == 1 else None

    def run(self) -> None:
        for at in range(0, len(self.out), BLOCK_ROWS):
            self._block(slice(at, at + BLOCK_ROWS))

    def _block(self, rows: slice) -> None:
        data = self.work.data
        constants = self.one or {n: t.take(data.plan[rows]) for n, t in self.table.items()}
        c, p = data.consumption_milli[rows], data.previous_minor[rows]
        d = data.days[rows].astype(np.int64)
        self.out[rows] = total_of(constants, c, d, p, np.minimum)

    def totals(self) -> Int64s:
        return self.out


class _Numba(Peer):
    def prepare(self, work: Work) -> None:
        self.out = np.empty(len(work.data), dtype=np.int64)
        data = work.data
        self.columns: tuple[Any, ...] = (data.consumption_milli, data.days, data.previous_minor)
        self.function = self.compiled(work, importlib.import_module("numba").njit)
        self.run()

    @abstractmethod
    def compiled(self, work: Work, njit: Any) -> Any:
        """The row loop, compiled by njit."""

    def run(self) -> None:
        self.function(*self.columns, self.out)

    def totals(self) -> Int64s:
        return self.out


class NumbaBaked(_Numba):
    """A loop over rows in int64, source written for the plan."""

    name = "numba int64, constants baked"

    def compiled(self, work: Work, njit: Any) -> Any:
        names: dict[str, Any] = {}
        exec(_numba_source(work.plans[0]), names)  # noqa: S102 the text is our own
        return njit(names["rate_rows"])


def _numba_source(plan: Plan) -> str:
    """Python source of a row loop with the plan's numbers written in."""
    text = ["def rate_rows(c, d, p, out):", "    for i in range(c.shape[0]):"]
    text += [f"        {line}" for line in ("q = c[i]", "n = int(d[i])", "tiers = 0", "below = 0")]
    half = ENERGY_DIVISOR // 2
    for t, rate in enumerate(plan.rates):
        last = t == plan.tiers - 1
        head = "q" if last else f"min(q, n * {plan.uptos_milli_per_day[t]})"
        text.append(f"        head = {head}")
        text.append(f"        tiers += ((head - below) * {rate} + {half}) // {ENERGY_DIVISOR}")
        text.append("        below = head")
    text.append(f"        over = q - min(q, n * {plan.allowance_milli_per_day})")
    lines = (
        ("fixed", "n", plan.fee_per_day, FEE_DIVISOR),
        ("rider", "q", plan.rider_rate, ENERGY_DIVISOR),
        ("surcharge", "over", plan.surcharge_rate, ENERGY_DIVISOR),
        ("levy", "(tiers + fixed)", plan.levy_ppm, PERCENT_DIVISOR),
        ("tax", "(tiers + rider + surcharge + levy)", plan.tax_ppm, PERCENT_DIVISOR),
    )
    for name, base, rate, by in lines:
        text.append(f"        {name} = ({base} * {rate} + {by // 2}) // {by}")
    text.append("        out[i] = p[i] + tiers + fixed + rider + surcharge + levy + tax")
    return "\n".join(text)


class NumbaTable(_Numba):
    """A loop over rows in int64, the plan's numbers looked up by plan number."""

    name = "numba int64, plan table"

    def prepare(self, work: Work) -> None:
        table = plan_table(work.plans)
        self.uptos = np.stack([table[f"upto_{t}"] for t in range(TIERS_MAX - 1)], axis=1).copy()
        self.rates = np.stack([table[f"rate_{t}"] for t in range(TIERS_MAX)], axis=1).copy()
        others = ("fee_per_day", "rider_rate", "allowance_milli_per_day", "surcharge_rate")
        percents = ("levy_ppm", "tax_ppm")
        self.flat = np.stack([table[n] for n in (*others, *percents)], axis=1).copy()
        self.tiers = table["tiers"]
        super().prepare(work)

    def compiled(self, work: Work, njit: Any) -> Any:
        tables = (work.data.plan, self.tiers, self.uptos, self.rates, self.flat)
        self.columns = (*self.columns, *tables)
        return njit(_rate_rows_by_table)


def _rate_rows_by_table(
    c: Any, d: Any, p: Any, plan: Any, tiers_of: Any, uptos: Any, rates: Any, flat: Any, out: Any
) -> None:
    # One function, as numba inlines best; the numbers are the divisors of benchmarks.standard.
    for i in range(c.shape[0]):
        k = plan[i]
        q = c[i]
        n = np.int64(d[i])
        tiers = np.int64(0)
        below = np.int64(0)
        last = tiers_of[k] - 1
        for t in range(last):
            head = min(q, n * uptos[k, t])
            tiers += ((head - below) * rates[k, t] + 5_000_000) // 10_000_000
            below = head
        tiers += ((q - below) * rates[k, last] + 5_000_000) // 10_000_000
        fixed = (n * flat[k, 0] + 5_000) // 10_000
        rider = (q * flat[k, 1] + 5_000_000) // 10_000_000
        over = q - min(q, n * flat[k, 2])
        surcharge = (over * flat[k, 3] + 5_000_000) // 10_000_000
        levy = ((tiers + fixed) * flat[k, 4] + 500_000) // 1_000_000
        taxed = tiers + rider + surcharge + levy
        out[i] = p[i] + taxed + fixed + (taxed * flat[k, 5] + 500_000) // 1_000_000


class PolarsLazy(Peer):
    """Lazy int64 columns in stages, streaming; with many plans, a left join with the plan table."""

    name = "polars int64, lazy streaming"

    def prepare(self, work: Work) -> None:
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
        pl = importlib.import_module("polars")
        data = work.data
        columns = {"c": data.consumption_milli, "d": data.days, "p": data.previous_minor}
        frame = pl.DataFrame(columns).lazy().with_columns(d=pl.col("d").cast(pl.Int64))
        names = list(plan_table(work.plans))
        constants = plan_constants(work.plans[0])
        if len(work.plans) > 1:
            frame = self._joined(pl, frame, work)
            constants = {name: pl.col(name) for name in names}
        self.query = _polars_total(pl, frame, constants)

    def _joined(self, pl: Any, frame: Any, work: Work) -> Any:
        table = pl.DataFrame({"plan": np.arange(len(work.plans), dtype=np.int32)})
        table = table.with_columns(**plan_table(work.plans)).lazy()
        with_plan = frame.with_columns(plan=pl.Series(work.data.plan))
        return with_plan.join(table, on="plan", how="left", maintain_order="left")

    def run(self) -> None:
        self.result = self.query.collect(engine="streaming")

    def totals(self) -> Int64s:
        column: Int64s = self.result["total"].to_numpy()
        return column


def _polars_total(pl: Any, frame: Any, k: dict[str, Any]) -> Any:
    """Heads of the tiers, then flat lines, levy, tax: each stage names what the next one uses."""
    c, d, p = pl.col("c"), pl.col("d"), pl.col("p")
    tiers, fixed, taxed = pl.col("tiers"), pl.col("fixed"), pl.col("taxed")
    uptos = {n: k[n] for n in k if n.startswith("upto_")}
    heads = {f"head_{n}": pl.min_horizontal(c, d * upto) for n, upto in uptos.items()}
    heads["allowed"] = pl.min_horizontal(c, d * k["allowance_milli_per_day"])
    ends = [*(pl.col(f"head_{n}") for n in uptos), c]
    fills = [ends[0], *(b - a for a, b in pairwise(ends))]
    rates = [k[f"rate_{t}"] for t in range(len(ends))]
    lines = [k_line(q, r, ENERGY_DIVISOR) for q, r in zip(fills, rates, strict=True)]
    flat = {
        "tiers": sum(lines[1:], lines[0]),
        "fixed": k_line(d, k["fee_per_day"], FEE_DIVISOR),
        "rider": k_line(c, k["rider_rate"], ENERGY_DIVISOR),
        "surcharge": k_line(c - pl.col("allowed"), k["surcharge_rate"], ENERGY_DIVISOR),
    }
    staged = frame.with_columns(**heads).with_columns(**flat)
    staged = staged.with_columns(levy=k_line(tiers + fixed, k["levy_ppm"], PERCENT_DIVISOR))
    charged = tiers + pl.col("rider") + pl.col("surcharge") + pl.col("levy")
    staged = staged.with_columns(taxed=charged)
    return staged.select(total=p + taxed + fixed + k_line(taxed, k["tax_ppm"], PERCENT_DIVISOR))


class DuckDbTable(Peer):
    """BIGINT arithmetic in SQL, the totals written to a table; joins the plans when many."""

    name = "DuckDB BIGINT, create table"
    statement = "CREATE OR REPLACE TABLE result AS SELECT total FROM ({bills})"

    def prepare(self, work: Work) -> None:
        duckdb = importlib.import_module("duckdb")
        data = work.data
        self.connection = duckdb.connect(":memory:")
        self.connection.execute("SET threads = 1")
        columns = {
            "c": data.consumption_milli,
            "d": data.days,
            "p": data.previous_minor,
            "plan": data.plan,
        }
        self._load("bill", columns)
        self._load("plans", {"plan": np.arange(len(work.plans)), **plan_table(work.plans)})
        self.query = self.statement.format(bills=_duckdb_bills(work.plans))

    def _load(self, table: str, columns: dict[str, Any]) -> None:
        self.connection.register("columns", columns)
        self.connection.execute(f"CREATE TABLE {table} AS SELECT * FROM columns")
        self.connection.unregister("columns")

    def run(self) -> None:
        self.result = self.connection.execute(self.query).fetchall()

    def totals(self) -> Int64s:
        fetched: Int64s = self.connection.execute("FROM result").fetchnumpy()["total"]
        return fetched


class DuckDbSum(DuckDbTable):
    """The same, answered by one number: the sum of all totals."""

    name = "DuckDB BIGINT, sum"
    statement = "SELECT sum(total) FROM ({bills})"

    def wrong(self, expected: Int64s) -> int:
        return int(int(self.result[0][0]) != int(expected.sum()))


def _duckdb_bills(plans: Sequence[Plan]) -> str:
    """SELECT total of every bill, in nested stages: heads, flat lines, levy, tax."""
    one = len(plans) == 1
    k = plan_constants(plans[0]) if one else {n: n for n in plan_table(plans)}
    source = "bill" if one else "bill JOIN plans USING (plan)"
    uptos = [n for n in k if n.startswith("upto_")]
    heads = [f"least(c, d::BIGINT * {k[n]}) AS head_{n}" for n in uptos]
    heads.append(f"least(c, d::BIGINT * {k['allowance_milli_per_day']}) AS allowed")
    ends = [*(f"head_{n}" for n in uptos), "c"]
    fills = [ends[0], *(f"({b} - {a})" for a, b in pairwise(ends))]
    tiers = [_sql_line(q, k[f"rate_{t}"], ENERGY_DIVISOR) for t, q in enumerate(fills)]
    flat = {
        "energy": " + ".join(tiers),
        "fixed": _sql_line("d::BIGINT", k["fee_per_day"], FEE_DIVISOR),
        "rider": _sql_line("c", k["rider_rate"], ENERGY_DIVISOR),
        "surcharge": _sql_line("(c - allowed)", k["surcharge_rate"], ENERGY_DIVISOR),
    }
    lines = ", ".join(f"{text} AS {name}" for name, text in flat.items())
    levy = _sql_line("(energy + fixed)", k["levy_ppm"], PERCENT_DIVISOR)
    tax = _sql_line("taxed", k["tax_ppm"], PERCENT_DIVISOR)
    query = f"SELECT *, {', '.join(heads)} FROM {source}"
    query = f"SELECT *, {lines} FROM ({query})"
    query = f"SELECT *, {levy} AS levy FROM ({query})"
    query = f"SELECT *, energy + rider + surcharge + levy AS taxed FROM ({query})"
    return f"SELECT p + taxed + fixed + {tax} AS total FROM ({query})"


def _sql_line(quantity: str, rate: Any, divisor: int) -> str:
    return f"(({quantity} * {rate} + {divisor // 2}) // {divisor})"


class OpenFiscaScale(Peer):
    """openfisca-core's MarginalRateTaxScale: the tiers alone, unrounded, in floats."""

    name = "OpenFisca scale (tiers only)"
    exact = False
    note = "tiers only, float"

    def prepare(self, work: Work) -> None:
        scales = importlib.import_module("openfisca_core.taxscales")
        plan, self.work = work.plans[0], work
        self.scale = scales.MarginalRateTaxScale()
        for upto, rate in zip((0, *plan.uptos_milli_per_day), plan.rates, strict=True):
            self.scale.add_bracket(upto, rate / ENERGY_DIVISOR)
        self.base = work.data.consumption_milli.astype(np.float64)
        self.factor = work.data.days.astype(np.float64)

    def run(self) -> None:
        self.result = self.scale.calc(self.base, factor=self.factor)

    def totals(self) -> Int64s:
        """Of the tiers alone, rounded once."""
        rounded: Int64s = np.floor(self.result + 0.5).astype(np.int64)
        return rounded

    def wrong(self, expected: Int64s) -> int:  # noqa: ARG002 they are whole bills
        """Bills whose tiers, rounded once, are not the sum of the rounded tiers."""
        rows = min(len(self.work.data), 100_000)
        columns = expected_columns(Work(self.work.plans, self.work.data.head(rows), itemised=True))
        tiers = columns[: self.work.plans[0].tiers].sum(axis=0)
        return int(np.count_nonzero(self.totals()[:rows] != tiers))


class PythonDecimal(Peer):
    """decimal.Decimal, bill by bill; few rows, its figure is per row."""

    name = "Python Decimal"
    rows_max = 20_000
    note = "20 000 rows, per row"

    def prepare(self, work: Work) -> None:
        self.rows = list(work.data.rows())
        self.plans = [_DecimalPlan(plan) for plan in work.plans]

    def run(self) -> None:
        self.result = [self.plans[k].total(c, d, p) for c, d, p, k in self.rows]

    def totals(self) -> Int64s:
        return np.array([int(total) for total in self.result], dtype=np.int64)


class _DecimalPlan:
    """A plan in units and minor units, as one writes it by hand."""

    def __init__(self, plan: Plan) -> None:
        self.uptos = [Decimal(u) / 1000 for u in plan.uptos_milli_per_day]
        self.rates = [Decimal(r) / 10_000 for r in plan.rates]
        self.fee = Decimal(plan.fee_per_day) / 10_000
        self.rider = Decimal(plan.rider_rate) / 10_000
        self.allowance = Decimal(plan.allowance_milli_per_day) / 1000
        self.surcharge = Decimal(plan.surcharge_rate) / 10_000
        self.levy = Decimal(plan.levy_ppm) / 1_000_000
        self.tax = Decimal(plan.tax_ppm) / 1_000_000

    def total(self, milli: int, days: int, previous: int) -> Decimal:
        quantity = Decimal(milli) / 1000
        tiers = self._tiers(quantity, days)
        fixed = _minor(days * self.fee)
        rider = _minor(quantity * self.rider)
        surcharge = _minor(max(Decimal(0), quantity - self.allowance * days) * self.surcharge)
        levy = _minor((tiers + fixed) * self.levy)
        taxed = tiers + rider + surcharge + levy
        return previous + taxed + fixed + _minor(taxed * self.tax)

    def _tiers(self, quantity: Decimal, days: int) -> Decimal:
        total = below = Decimal(0)
        for upto, rate in zip([*self.uptos, None], self.rates, strict=True):
            head = quantity if upto is None else min(quantity, upto * days)
            total += _minor((head - below) * rate)
            below = head
        return total


def _minor(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
