"""The standard plan: the bill on which rating is measured.

Graduated tiers with bounds per day, each its own rounded line; a fixed charge by days;
a rider; a surcharge above a daily allowance; a levy on tiers and fixed; a tax on all
but the fixed charge; the previous balance. Consumption in thousandths of a unit, rates
in ten-thousandths of a minor unit. The ops are what a straightforward compiler emits.
"""

from collections.abc import Sequence

from billcore.core.tariff.ir import Code, Input, Ir, Mode, Op, Output, Range, TierBlock, op_bounds

MILLI = 1000
RATE_SCALE = 10_000
LINE_DIVISOR = MILLI * RATE_SCALE
TIER_UNITS_PER_DAY = (3, 7, 12, 20, 33, 50, 80)
TIER_RATES = (1_2345, 1_8671, 2_9999, 4_5003, 6_0001, 7_7777, 9_1234, 11_0007)
FIXED_PER_DAY = 35_2500
RIDER_RATE = 3127
SURCHARGE_FREE_PER_DAY = 15
SURCHARGE_RATE = 8765
LEVY_PERCENT = 3
TAX_PERCENT = 6


class _Ops:
    """Appends ops, with the bounds that interval arithmetic proves."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        self.inputs = tuple(inputs)
        self.ranges = [(i.lo, i.hi) for i in inputs]
        self.ops: list[Op] = []
        self.bounds: list[Range] = []

    def add(self, code: Code, a: int = -1, b: int = -1, k: int = 0) -> int:
        op = Op(code, a, b, -1, k, Mode.HALF_UP)
        self.bounds.append(op_bounds(op, self.bounds, self.ranges))
        self.ops.append(op)
        return len(self.ops) - 1

    def sum(self, first: int, *others: int) -> int:
        for other in others:
            first = self.add(Code.ADD, first, other)
        return first

    def line(self, quantity: int, rate: int, divisor: int) -> int:
        return self.add(Code.DIVK, self.add(Code.MULK, quantity, k=rate), k=divisor)


def standard_plan_ir(tiers: int = 4) -> Ir:
    """The plan with 1 to 8 tiers; 5 lines and the total follow the tiers."""
    ops = _Ops(
        [
            Input("consumption", -(10**11), 10**11),
            Input("days", 0, 1000),
            Input("previous", -(10**14), 10**14),
        ]
    )
    consumption, days, previous = (ops.add(Code.INPUT, k=j) for j in range(3))
    block = _tier_block(ops, consumption, days, tiers)
    fixed = ops.line(days, FIXED_PER_DAY, RATE_SCALE)
    rider = ops.line(consumption, RIDER_RATE, LINE_DIVISOR)
    surcharge = _surcharge(ops, consumption, days)
    tier_sum = ops.sum(*block.amounts)
    levy = ops.line(ops.sum(tier_sum, fixed), LEVY_PERCENT, 100)
    taxed = ops.sum(tier_sum, rider, surcharge, levy)
    tax = ops.line(taxed, TAX_PERCENT, 100)
    total = ops.sum(previous, tier_sum, fixed, rider, surcharge, levy, tax)
    lines = [(f"tier_{r + 1}", amount) for r, amount in enumerate(block.amounts)]
    lines += [("fixed", fixed), ("rider", rider), ("surcharge", surcharge)]
    lines += [("levy", levy), ("tax", tax), ("total", total)]
    return Ir(
        inputs=ops.inputs,
        ops=tuple(ops.ops),
        outputs=tuple(Output(name, register) for name, register in lines),
        bounds=tuple(ops.bounds),
        tier_blocks=(block,),
    )


def _tier_block(ops: _Ops, quantity: int, days: int, tiers: int) -> TierBlock:
    uptos: list[int | None] = []
    fills, amounts = [], []
    below = -1
    for r in range(tiers):
        upto, reach = None, quantity
        if r < tiers - 1:
            upto = ops.add(Code.MULK, days, k=TIER_UNITS_PER_DAY[r] * MILLI)
            reach = ops.add(Code.MIN, quantity, upto)
        uptos.append(upto)
        fills.append(ops.add(Code.SUB, reach, below) if r else reach)
        amounts.append(ops.line(fills[r], TIER_RATES[r], LINE_DIVISOR))
        below = reach
    return TierBlock(quantity, tuple(uptos), tuple(fills), tuple(amounts))


def _surcharge(ops: _Ops, consumption: int, days: int) -> int:
    free = ops.add(Code.MULK, days, k=SURCHARGE_FREE_PER_DAY * MILLI)
    zero = ops.add(Code.CONST, k=0)
    above = ops.add(Code.MAX, zero, ops.add(Code.SUB, consumption, free))
    return ops.line(above, SURCHARGE_RATE, LINE_DIVISOR)
