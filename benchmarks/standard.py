"""The standard plan: the one workload that every rating figure speaks of.

Goals: the plan, its data and its exact result, stated so plainly that a peer can
be written from this file alone. Non-goals: speed.

Units: consumption in thousandths of a unit, rates in 1/10000 minor unit per unit,
so a line is round(milli * rate / 10^7); the fee is per day, in 1/10000 minor unit;
percentages are parts per million. Rounding is half away from zero, line by line.
The lines are tier 1..T, fixed, rider, surcharge, levy, tax; then comes the total.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from billcore.core.tariff.ir import Code, Input, Ir, Op, Output, TierBlock, op_bounds

ENERGY_DIVISOR = 10**7
FEE_DIVISOR = 10**4
PERCENT_DIVISOR = 10**6
TIERS = (3, 4, 5, 6)
TIERS_MAX = max(TIERS)
OTHER_LINES = ("fixed", "rider", "surcharge", "levy", "tax")
CONSUMPTION_LIMIT = 2**40
DAYS_LIMIT = 2**12
PREVIOUS_LIMIT = 2**53

Kind = Literal["random", "tie"]
Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Plan:
    """One standard plan. Tier t holds what lies between uptos[t-1] and uptos[t], times days."""

    uptos_milli_per_day: tuple[int, ...]
    rates: tuple[int, ...]
    fee_per_day: int
    rider_rate: int
    allowance_milli_per_day: int
    surcharge_rate: int
    levy_ppm: int
    tax_ppm: int

    @property
    def tiers(self) -> int:
        return len(self.rates)

    @property
    def line_names(self) -> tuple[str, ...]:
        return (*(f"tier_{t}" for t in range(1, self.tiers + 1)), *OTHER_LINES)


@dataclass(frozen=True, slots=True)
class Data:
    """Columns of N bills; `plan` is the row's plan number (all 0 when there is one plan)."""

    consumption_milli: Int64s
    days: Int32s
    previous_minor: Int64s
    plan: Int32s

    def __len__(self) -> int:
        return len(self.consumption_milli)

    def head(self, rows: int) -> "Data":
        return Data(
            self.consumption_milli[:rows],
            self.days[:rows],
            self.previous_minor[:rows],
            self.plan[:rows],
        )

    def rows(self) -> Iterator[tuple[int, int, int, int]]:
        """(consumption, days, previous, plan) of each bill, as Python ints."""
        return zip(
            self.consumption_milli.tolist(),
            self.days.tolist(),
            self.previous_minor.tolist(),
            self.plan.tolist(),
            strict=True,
        )


def standard_plan(tiers: int = 4, kind: Kind = "random") -> Plan:
    """The plan with four-decimal rates, or with two-decimal rates for tie data."""
    grain = 1 if kind == "random" else 100
    rates = (81_237, 124_519, 187_963, 254_721, 301_577, 355_119)
    return Plan(
        uptos_milli_per_day=(5_000, 12_000, 25_000, 33_000, 41_000)[: tiers - 1],
        rates=tuple(r // grain * grain for r in rates[:tiers]),
        fee_per_day=253_337 // grain * grain,
        rider_rate=13_751 // grain * grain,
        allowance_milli_per_day=20_000,
        surcharge_rate=40_953 // grain * grain,
        levy_ppm=30_000,
        tax_ppm=60_000,
    )


def random_plans(count: int = 200, seed: int = 2) -> tuple[Plan, ...]:
    """Plans with 3 to 6 tiers; levy and tax keep their subsets, which spares the peers a mask."""
    rng = np.random.default_rng(seed)
    return tuple(_random_plan(rng) for _ in range(count))


def _random_plan(rng: np.random.Generator) -> Plan:
    tiers = int(rng.choice(TIERS))

    def one(lo: int, hi: int) -> int:
        return int(rng.integers(lo, hi))

    steps = rng.integers(2_000, 11_000, tiers - 1)
    return Plan(
        uptos_milli_per_day=tuple(int(u) for u in np.cumsum(steps)),
        rates=tuple(one(20_000, 400_000) for _ in range(tiers)),
        fee_per_day=one(50_000, 500_000),
        rider_rate=one(1_000, 50_000),
        allowance_milli_per_day=one(5_000, 40_000),
        surcharge_rate=one(10_000, 90_000),
        levy_ppm=one(10, 90) * 1_000,
        tax_ppm=one(30, 200) * 1_000,
    )


def random_data(rows: int, kind: Kind = "random", plans: int = 1, seed: int = 1) -> Data:
    """Milli-unit consumption ("random") or whole units ("tie"); rows in random plan order."""
    rng = np.random.default_rng(seed)
    grain = 1 if kind == "random" else 1_000
    return Data(
        consumption_milli=rng.integers(0, 1_500_000 // grain, rows) * grain,
        days=rng.integers(28, 34, rows, dtype=np.int32),
        previous_minor=rng.integers(-5_000, 50_000, rows),
        plan=rng.integers(0, plans, rows, dtype=np.int32),
    )


def grouped(data: Data) -> Data:
    """The same bills, stored by plan."""
    order = np.argsort(data.plan, kind="stable")
    return Data(
        data.consumption_milli[order],
        data.days[order],
        data.previous_minor[order],
        data.plan[order],
    )


def with_out_of_bound(data: Data, share: float, seed: int = 3) -> Data:
    """The same bills with a share of rows whose consumption no 53-bit product can hold."""
    rng = np.random.default_rng(seed)
    consumption = data.consumption_milli.copy()
    at = rng.random(len(data)) < share
    consumption[at] = rng.integers(CONSUMPTION_LIMIT // 2, CONSUMPTION_LIMIT, int(at.sum()))
    return Data(consumption, data.days, data.previous_minor, data.plan)


def half_away(value: Fraction) -> int:
    magnitude = floor(abs(value) + Fraction(1, 2))
    return magnitude if value >= 0 else -magnitude


def exact_bill(plan: Plan, consumption: int, days: int, previous: int) -> tuple[int, ...]:
    """The lines and the total, by Fractions and the wording of the plan."""
    tiers = _exact_tiers(plan, consumption, days)
    fixed = half_away(Fraction(days * plan.fee_per_day, FEE_DIVISOR))
    rider = half_away(Fraction(consumption * plan.rider_rate, ENERGY_DIVISOR))
    excess = max(0, consumption - plan.allowance_milli_per_day * days)
    surcharge = half_away(Fraction(excess * plan.surcharge_rate, ENERGY_DIVISOR))
    levied = sum(tiers) + fixed
    levy = half_away(Fraction(levied * plan.levy_ppm, PERCENT_DIVISOR))
    taxed = sum(tiers) + rider + surcharge + levy
    tax = half_away(Fraction(taxed * plan.tax_ppm, PERCENT_DIVISOR))
    lines = (*tiers, fixed, rider, surcharge, levy, tax)
    return (*lines, previous + sum(lines))


def _exact_tiers(plan: Plan, consumption: int, days: int) -> list[int]:
    bounds = [consumption if u is None else min(consumption, u * days) for u in _uptos(plan)]
    fills = [upper - lower for lower, upper in zip([0, *bounds], bounds, strict=False)]
    return [
        half_away(Fraction(q * r, ENERGY_DIVISOR)) for q, r in zip(fills, plan.rates, strict=True)
    ]


def _uptos(plan: Plan) -> tuple[int | None, ...]:
    return (*plan.uptos_milli_per_day, None)


def exact_totals(plans: Sequence[Plan], data: Data) -> Int64s:
    """The exact total of each bill; slow, for samples."""
    totals = [exact_bill(plans[k], c, d, p)[-1] for c, d, p, k in data.rows()]
    return np.array(totals, dtype=np.int64)


class _Tape:
    """Ops in writing order, with the bounds of their results."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        self.inputs = tuple(inputs)
        self.ranges = [(i.lo, i.hi) for i in inputs]
        self.ops: list[Op] = []
        self.bounds: list[tuple[int, int]] = []

    def put(self, code: Code, a: int = -1, b: int = -1, k: int = 0) -> int:
        op = Op(code, a=a, b=b, k=k)
        self.bounds.append(op_bounds(op, self.bounds, self.ranges))
        self.ops.append(op)
        return len(self.ops) - 1

    def sum(self, registers: Sequence[int]) -> int:
        total = registers[0]
        for register in registers[1:]:
            total = self.put(Code.ADD, total, register)
        return total

    def line(self, quantity: int, rate: int, divisor: int) -> int:
        return self.put(Code.DIVK, self.put(Code.MULK, quantity, k=rate), k=divisor)


def plan_ir(plan: Plan) -> Ir:
    """The plan as the compiler would write it: outputs are the lines, then the total."""
    tape = _Tape(
        (
            Input("consumption", -CONSUMPTION_LIMIT, CONSUMPTION_LIMIT),
            Input("days", 0, DAYS_LIMIT),
            Input("previous", -PREVIOUS_LIMIT, PREVIOUS_LIMIT),
        )
    )
    quantity, days, previous = (tape.put(Code.INPUT, k=i) for i in range(3))
    block = _tier_block(tape, plan, quantity, days)
    energy = tape.sum(block.amounts)
    others = _other_lines(tape, plan, quantity, days, energy)
    lines = [*block.amounts, *others]
    total = tape.sum([previous, energy, *others])
    names = (*plan.line_names, "total")
    outputs = tuple(Output(n, r) for n, r in zip(names, (*lines, total), strict=True))
    return Ir(tape.inputs, tuple(tape.ops), outputs, tuple(tape.bounds), (block,))


def _tier_block(tape: _Tape, plan: Plan, quantity: int, days: int) -> TierBlock:
    uptos = [tape.put(Code.MULK, days, k=u) for u in plan.uptos_milli_per_day]
    heads = [tape.put(Code.MIN, quantity, u) for u in uptos] + [quantity]
    fills = [heads[0]]
    fills += [tape.put(Code.SUB, upper, lower) for lower, upper in pairwise(heads)]
    amounts = [tape.line(q, r, ENERGY_DIVISOR) for q, r in zip(fills, plan.rates, strict=True)]
    return TierBlock(quantity, (*uptos, None), tuple(fills), tuple(amounts))


def _other_lines(tape: _Tape, plan: Plan, quantity: int, days: int, energy: int) -> list[int]:
    fixed = tape.line(days, plan.fee_per_day, FEE_DIVISOR)
    rider = tape.line(quantity, plan.rider_rate, ENERGY_DIVISOR)
    allowance = tape.put(Code.MULK, days, k=plan.allowance_milli_per_day)
    over = tape.put(Code.SUB, quantity, allowance)
    excess = tape.put(Code.MAX, over, tape.put(Code.CONST, k=0))
    surcharge = tape.line(excess, plan.surcharge_rate, ENERGY_DIVISOR)
    levy = tape.line(tape.sum([energy, fixed]), plan.levy_ppm, PERCENT_DIVISOR)
    taxed = tape.sum([energy, rider, surcharge, levy])
    return [fixed, rider, surcharge, levy, tape.line(taxed, plan.tax_ppm, PERCENT_DIVISOR)]
