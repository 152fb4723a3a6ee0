"""Random programs: every instruction, every rounding, bounds proved as a compiler would.

Non-goals: sense. Half of them stay small, so that the fast path is open to them.
"""

import numpy as np

from billcore.core.tariff.ir import WIDE_BITS_MAX, Code, Input, Ir, Mode, Op, Output, op_bounds

OPS = 40
OUTPUT_LIMIT = 2**62
DIVISORS = (2, 3, 7, 10, 30, 31, 100, 365, 1_000, 10_000, 1_000_000, 10_000_000)
BINARY = (Code.ADD, Code.SUB, Code.MUL, Code.MIN, Code.MAX, Code.LT, Code.LE, Code.EQ, Code.DIV)
UNARY = (Code.MULK, Code.MULK, Code.ADDK, Code.DIVK, Code.DIVK, Code.DIVK)
STATUS_CUSTOM = 20


class _Draft:
    """A program under construction; an op that might leave `limit` is not taken."""

    def __init__(self, rng: np.random.Generator, inputs: tuple[Input, ...], limit: int) -> None:
        self.rng, self.inputs, self.limit = rng, inputs, limit
        self.ranges = [(i.lo, i.hi) for i in inputs]
        self.ops: list[Op] = []
        self.bounds: list[tuple[int, int]] = []
        for k in range(len(inputs)):
            self.offer(Op(Code.INPUT, k=k))

    def offer(self, op: Op) -> None:
        lo, hi = op_bounds(op, self.bounds, self.ranges)
        if max(abs(lo), abs(hi)) < self.limit or op.code is Code.INPUT:
            self.ops.append(op)
            self.bounds.append((lo, hi))

    def register(self) -> int:
        """Rather a late register than an early one."""
        n = len(self.ops)
        return int(n - 1 - min(n - 1, self.rng.geometric(0.2) - 1))

    def pick(self, among: tuple[int, ...]) -> int:
        return among[int(self.rng.integers(len(among)))]

    def step(self) -> None:
        kind = self.rng.random()
        if kind < 0.5:
            self._unary()
        elif kind < 0.88:
            code = BINARY[int(self.rng.integers(len(BINARY)))]
            self.offer(Op(code, a=self.register(), b=self.register(), mode=self._mode()))
        elif kind < 0.94:
            self.offer(Op(Code.SELECT, a=self.register(), b=self.register(), c=self.register()))
        elif kind < 0.96:
            self._fail()
        else:
            self.offer(Op(Code.CONST, k=int(self.rng.integers(-1_000, 1_000_000))))

    def _unary(self) -> None:
        code = UNARY[int(self.rng.integers(len(UNARY)))]
        k = self.pick(DIVISORS) if code is Code.DIVK else int(self.rng.integers(-2_000, 400_000))
        self.offer(Op(code, a=self.register(), k=k, mode=self._mode()))

    def _fail(self) -> None:
        """A condition that only few bills meet: an input of one whole number."""
        self.offer(Op(Code.CONST, k=1_000 * int(self.rng.integers(1, 50))))
        self.offer(Op(Code.EQ, a=int(self.rng.integers(len(self.inputs))), b=len(self.ops) - 1))
        self.offer(Op(Code.FAIL, a=len(self.ops) - 1, k=STATUS_CUSTOM))

    def _mode(self) -> Mode:
        return Mode.HALF_UP if self.rng.random() < 0.5 else Mode(int(self.rng.integers(len(Mode))))


def random_ir(rng: np.random.Generator) -> Ir:
    small = bool(rng.random() < 0.5)
    draft = _Draft(rng, _inputs(rng, small), 2**50 if small else 2**WIDE_BITS_MAX)
    while len(draft.ops) < OPS:
        draft.step()
    fitting = [r for r, (lo, hi) in enumerate(draft.bounds) if max(-lo, hi) < OUTPUT_LIMIT]
    shown = fitting[-8:]
    outputs = tuple(Output(f"line_{r}", r) for r in shown)
    return Ir(draft.inputs, tuple(draft.ops), outputs, tuple(draft.bounds))


def _inputs(rng: np.random.Generator, small: bool) -> tuple[Input, ...]:
    wide_bits = 24 if small else int(rng.integers(25, 60))
    lowest = -(2**wide_bits) if rng.random() < 0.5 else 0
    return (
        Input("quantity", lowest, 2**wide_bits),
        Input("days", 0, 400),
        Input("previous", -(2**40), 2**40),
        Input("persons", 1, 50),
    )
