"""Random programs of the intermediate form, valid and with proven bounds, and random bills.

Goals: whatever a compiler may emit, in tariff-like shapes (tables, lines, percentages,
guards), with inputs from tiny to beyond 64-bit products; bills at every edge. Non-goals:
tariffs that mean something.
"""

import random
from collections.abc import Callable, Sequence

from billcore.core.tariff.ir import (
    Code,
    Input,
    Ir,
    Mode,
    Op,
    Output,
    Range,
    TierBlock,
    op_bounds,
)

LIMIT = 1 << 125
INT64_MAX = (1 << 63) - 1
SPANS = [(0, 1), (0, 12), (1, 400), (0, 10**5), (-(10**6), 10**6), (0, 10**9), (-(10**11), 10**11)]
WIDE_SPANS = [(-(10**15), 10**15), (-(2**63), 2**63 - 1), (0, 2**62)]
DIVISORS = [2, 2, 3, 4, 5, 7, 8, 10, 12, 60, 100, 365, 1000, 10**4, 10**6, 10**7]
COMPARE = [Code.LT, Code.LE, Code.EQ]


class _Builder:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        spans = SPANS if rng.random() < 0.7 else SPANS + WIDE_SPANS
        chosen = [rng.choice(spans) for _ in range(rng.randint(1, 4))]
        self.inputs = tuple(Input(f"x{j}", lo, hi) for j, (lo, hi) in enumerate(chosen))
        self.ops: list[Op] = []
        self.bounds: list[Range] = []
        self.blocks: list[TierBlock] = []
        self.amounts: list[int] = []
        for j in range(len(self.inputs)):
            self.add(Code.INPUT, k=j)

    def add(
        self,
        code: Code,
        a: int = -1,
        b: int = -1,
        c: int = -1,
        k: int = 0,
        mode: Mode = Mode.HALF_UP,
    ) -> int:
        """The new register, or operand a where its bounds would not be provable."""
        op = Op(code, a, b, c, k, mode)
        lo, hi = op_bounds(op, self.bounds, [(i.lo, i.hi) for i in self.inputs])
        if max(-lo, hi) >= LIMIT:
            return a
        self.ops.append(op)
        self.bounds.append((lo, hi))
        return len(self.ops) - 1

    def any(self) -> int:
        recent = self.rng.random() < 0.5
        return self.rng.randrange(max(0, len(self.ops) - 8) if recent else 0, len(self.ops))

    def mode(self) -> Mode:
        return Mode.HALF_UP if self.rng.random() < 0.5 else self.rng.choice(list(Mode))

    def constant(self) -> int:
        bits = self.rng.choice([1, 4, 10, 17, 24])
        return self.rng.randint(-(1 << bits) if self.rng.random() < 0.3 else 0, 1 << bits)

    def rounded(self, numerator: int) -> int:
        divisor = self.rng.choice(DIVISORS)
        return self.add(Code.DIVK, numerator, k=divisor, mode=self.mode())

    def line(self) -> None:
        rounded = self.rounded(self.add(Code.MULK, self.any(), k=self.constant()))
        self.amounts.append(rounded)

    def share(self) -> None:
        """One rounding of a sum that nothing else reads."""
        total = self.add(Code.MULK, self.any(), k=self.constant())
        for _ in range(self.rng.randint(1, 5)):
            total = self.add(Code.ADD, total, self.add(Code.MULK, self.any(), k=self.constant()))
        if self.rng.random() < 0.3:
            total = self.add(Code.ADDK, total, k=self.constant())
        self.amounts.append(self.rounded(total))

    def sum(self) -> None:
        terms = [self.any() for _ in range(self.rng.randint(2, 6))]
        if self.amounts and self.rng.random() < 0.7:
            terms += self.amounts
        total = terms[0]
        for term in terms[1:]:
            total = self.add(self.rng.choice([Code.ADD, Code.ADD, Code.SUB]), total, term)
        self.amounts.append(total)

    def percent(self) -> None:
        self.sum()
        base = self.add(Code.MULK, self.amounts[-1], k=self.rng.randint(1, 30))
        self.amounts.append(
            self.add(Code.DIVK, base, k=self.rng.choice([100, 1000]), mode=self.mode())
        )

    def table(self) -> None:
        rng = self.rng
        quantity, scale = self.any(), self.any()
        mode = Mode.HALF_UP if rng.random() < 0.7 else self.mode()
        per_row, closed = rng.random() < 0.7, rng.random() < 0.2
        rows = rng.randint(2, 6)
        uptos: list[int | None] = []
        fills, amounts, below, bound = [], [], -1, 0
        for r in range(rows):
            upto, reach = None, quantity
            if r < rows - 1 or closed:
                bound += rng.randint(1, 1 << 16)
                upto = self._bound(scale, bound)
                reach = self.add(Code.MIN, quantity, upto)
            fill = self.add(Code.SUB, reach, below) if r else reach
            amount = self.add(Code.MULK, fill, k=rng.choice([0, rng.randint(1, 10**6)]))
            if per_row:
                amount = self.add(Code.DIVK, amount, k=10**4, mode=mode)
            uptos.append(upto)
            fills.append(fill)
            amounts.append(amount)
            below = reach
        if rng.random() < 0.8:
            self.blocks.append(TierBlock(quantity, tuple(uptos), tuple(fills), tuple(amounts)))
        total = amounts[0]
        for amount in amounts[1:]:
            total = self.add(Code.ADD, total, amount)
        self.amounts.append(total if per_row else self.rounded(total))
        if rng.random() < 0.3:
            self.amounts += amounts

    def _bound(self, scale: int, bound: int) -> int:
        if self.rng.random() < 0.4:
            return self.add(Code.CONST, k=bound)
        upto = self.add(Code.MULK, scale, k=bound)
        return self.rounded(upto) if self.rng.random() < 0.2 else upto

    def select(self) -> None:
        mask = self.add(self.rng.choice(COMPARE), self.any(), self.any())
        if self.rng.random() < 0.3:
            other = self.add(self.rng.choice(COMPARE), self.any(), self.any())
            mask = self.add(self.rng.choice([Code.MUL, Code.MAX]), mask, other)
        self.add(Code.SELECT, mask, self.any(), self.any())

    def limit(self) -> None:
        constant = self.add(Code.CONST, k=self.constant())
        a, b = self.any(), constant if self.rng.random() < 0.6 else self.any()
        if self.rng.random() < 0.5:
            a, b = b, a
        self.add(self.rng.choice([Code.MIN, Code.MAX]), a, b)

    def fail(self) -> None:
        lo, hi = self.bounds[a := self.any()]
        edge = self.add(Code.CONST, k=lo + (hi - lo) * self.rng.randint(0, 20) // 20)
        mask = self.add(Code.LT, edge, a)
        self.add(Code.FAIL, mask, k=self.rng.randint(3, 9))

    def arithmetic(self) -> None:
        code = self.rng.choice([Code.ADD, Code.SUB, Code.MUL, Code.ADDK, Code.MULK])
        self.add(code, self.any(), self.any(), k=self.constant())

    def divide(self) -> None:
        self.add(Code.DIV, self.any(), self.any(), mode=self.mode())

    def power_factor(self) -> None:
        a, b, k = self.any(), self.any(), self.rng.choice([1, 100, 1000, 10**6])
        most_a, most_b = (max(-self.bounds[r][0], self.bounds[r][1]) for r in (a, b))
        if 4 * k * k * (most_a**2 + most_b**2) < 1 << 126:
            self.add(Code.POWER_FACTOR, a, b, k=k)


STEPS: list[tuple[Callable[[_Builder], None], int]] = [
    (_Builder.line, 6),
    (_Builder.share, 3),
    (_Builder.sum, 3),
    (_Builder.percent, 3),
    (_Builder.table, 3),
    (_Builder.select, 2),
    (_Builder.limit, 3),
    (_Builder.arithmetic, 2),
    (_Builder.fail, 1),
]
GENERAL_STEPS = [*STEPS, (_Builder.divide, 2), (_Builder.power_factor, 1)]


def random_ir(seed: int) -> Ir:
    rng = random.Random(seed)
    builder = _Builder(rng)
    steps = STEPS if rng.random() < 0.6 else GENERAL_STEPS
    for _ in range(rng.randint(2, 14)):
        rng.choices([f for f, _ in steps], [w for _, w in steps])[0](builder)
    registers = [builder.any() for _ in range(rng.randint(1, 4))] + builder.amounts[-4:]
    outputs = tuple(Output(f"y{j}", register) for j, register in enumerate(registers))
    return Ir(
        builder.inputs, tuple(builder.ops), outputs, tuple(builder.bounds), tuple(builder.blocks)
    )


def random_bills(
    ir: Ir, fast_limits: Sequence[Range] | None, rng: random.Random, count: int
) -> list[dict[str, int]]:
    """Bills with inputs at edges, small, anywhere, and now and then out of range."""
    limits = fast_limits or [(i.lo, i.hi) for i in ir.inputs]
    return [
        {i.name: _value(i, fast, rng) for i, fast in zip(ir.inputs, limits, strict=True)}
        for _ in range(count)
    ]


def _value(column: Input, fast: Range, rng: random.Random) -> int:
    lo, hi = column.lo, column.hi
    small = min(hi, 10**6)
    kind = rng.random()
    if kind < 0.15:
        return rng.choice([lo, lo + 1, hi, hi - 1, 0, 1, -1, *fast, fast[0] - 1, fast[1] + 1])
    if kind < 0.17:
        return rng.choice([lo - 1, hi + 1, -(2**63), INT64_MAX])
    if kind < 0.6:
        return rng.randint(max(lo, min(0, small)), max(small, lo))
    return rng.randint(fast[0], fast[1]) if kind < 0.9 else rng.randint(lo, hi)
