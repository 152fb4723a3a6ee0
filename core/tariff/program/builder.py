"""Exact values as registers of the intermediate form, with their scales.

Goals: the arithmetic of rationals with nothing lost: a `Val` is an integer register
times a constant scale, divided by positive registers (the days of the bill, an
input that a formula divides by). Constants fold, equal steps are shared, and every
step's bounds are proved below 2**WIDE_BITS_MAX. Non-goals: tariff words (`compiler`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from billcore.core.money import Rounding
from billcore.core.tariff.ir import (
    WIDE_BITS_MAX,
    Code,
    Input,
    Ir,
    Op,
    Output,
    Range,
    TierBlock,
    op_bounds,
)
from billcore.core.tariff.status import Status

LIMIT = 1 << WIDE_BITS_MAX


class TooWide(Exception):
    """A step cannot be proved to fit the exact path."""


class CanBeZero(Exception):
    """A divisor is not provably of one sign."""


@dataclass(frozen=True, slots=True)
class Val:
    """register * scale / product of `below`; without a register the constant `scale`.

    scale > 0 where there is a register; `below` are sorted registers, each > 0.
    """

    register: int | None
    scale: Fraction
    below: tuple[int, ...] = ()

    @property
    def constant(self) -> Fraction | None:
        return self.scale if self.register is None else None


Mask = bool | int
"""A condition: known, or a register that holds 0 or 1."""

ZERO = Val(None, Fraction(0))


def const(x: Fraction | int) -> Val:
    return Val(None, Fraction(x))


class Builder:
    """Emits ops; `path` is the condition under which the current step matters."""

    def __init__(self) -> None:
        self.inputs: list[Input] = []
        self.ops: list[Op] = []
        self.bounds: list[Range] = []
        self.shared: dict[Op, int] = {}
        self.tier_blocks: list[TierBlock] = []
        self.path: Mask = True

    # -- registers

    def emit(self, op: Op) -> int:
        """The register of an op, shared with an equal one; bounds proved."""
        if op in self.shared:
            return self.shared[op]
        inputs = [(i.lo, i.hi) for i in self.inputs] if op.code is Code.INPUT else ()
        lo, hi = op_bounds(op, self.bounds, inputs)
        if not -LIMIT < lo <= hi < LIMIT:
            raise TooWide
        if lo == hi and op.code not in (Code.CONST, Code.FAIL, Code.INPUT):
            return self.emit(Op(Code.CONST, k=lo))
        self.ops.append(op)
        self.bounds.append((lo, hi))
        self.shared[op] = len(self.ops) - 1
        return len(self.ops) - 1

    def input(self, name: str, lo: int, hi: int) -> int:
        for n, known in enumerate(self.inputs):
            if known.name == name:
                return self.emit(Op(Code.INPUT, k=n))
        self.inputs.append(Input(name, lo, hi))
        return self.emit(Op(Code.INPUT, k=len(self.inputs) - 1))

    def integer(self, k: int) -> int:
        return self.emit(Op(Code.CONST, k=k))

    def times(self, register: int, k: int) -> int:
        if k == 1:
            return register
        lo, hi = self.bounds[register]
        if lo == hi or k == 0:
            return self.integer(lo * k)
        op = self.ops[register]
        if op.code is Code.MULK:
            return self.times(op.a, op.k * k)
        return self.emit(Op(Code.MULK, register, k=k))

    def product(self, registers: Iterable[int]) -> int | None:
        found: int | None = None
        for register in registers:
            found = register if found is None else self.emit(Op(Code.MUL, found, register))
        return found

    def ir(self, outputs: dict[str, int]) -> Ir:
        shown = tuple(Output(name, register) for name, register in outputs.items())
        blocks = tuple(self.tier_blocks)
        return Ir(tuple(self.inputs), tuple(self.ops), shown, tuple(self.bounds), blocks)

    # -- alignment

    def at(self, val: Val, scale: Fraction, below: tuple[int, ...]) -> int:
        """The register that holds val in units of scale / product(below)."""
        missing = Counter(below) - Counter(val.below)
        factor = val.scale / scale
        assert factor.denominator == 1
        if val.register is None:
            found = self.product(missing.elements())
            return (
                self.integer(factor.numerator)
                if found is None
                else self.times(found, factor.numerator)
            )
        register = self.times(val.register, factor.numerator)
        for other in missing.elements():
            register = self.emit(Op(Code.MUL, register, other))
        return register

    def align(self, vals: list[Val]) -> tuple[list[int], Fraction, tuple[int, ...]]:
        """Registers of all values in one common unit."""
        below: Counter[int] = Counter()
        for val in vals:
            below |= Counter(val.below)
        common = tuple(sorted(below.elements()))
        scale = _common_scale(v.scale for v in vals)
        return [self.at(v, scale, common) for v in vals], scale, common

    # -- arithmetic

    def add(self, a: Val, b: Val) -> Val:
        if a.register is None and b.register is None:
            return const(a.scale + b.scale)
        if a.constant == 0:
            return b
        if b.constant == 0:
            return a
        if b.register is None and not a.below:
            return self.add_constant(a, b.scale)
        if a.register is None and not b.below:
            return self.add_constant(b, a.scale)
        (x, y), scale, below = self.align([a, b])
        return Val(self.emit(Op(Code.ADD, x, y)), scale, below)

    def add_constant(self, a: Val, k: Fraction) -> Val:
        scale = _common_scale((a.scale, k))
        register = self.at(a, scale, ())
        return Val(self.emit(Op(Code.ADDK, register, k=int(k / scale))), scale)

    def sub(self, a: Val, b: Val) -> Val:
        if b.register is None:
            return self.add(a, const(-b.scale))
        (x, y), scale, below = self.align([a, b])
        if x == y:
            return ZERO
        return Val(self.emit(Op(Code.SUB, x, y)), scale, below)

    def sum(self, vals: Iterable[Val]) -> Val:
        found = ZERO
        for val in vals:
            found = self.add(found, val)
        return found

    def negative(self, a: Val) -> Val:
        if a.register is None:
            return const(-a.scale)
        return Val(self.times(a.register, -1), a.scale, a.below)

    def mul(self, a: Val, b: Val) -> Val:
        if a.register is None and b.register is None:
            return const(a.scale * b.scale)
        if a.register is None:
            a, b = b, a
        if b.register is None:
            return self.scaled(a, b.scale)
        assert a.register is not None
        register = self.emit(Op(Code.MUL, a.register, b.register))
        return Val(register, a.scale * b.scale, tuple(sorted(a.below + b.below)))

    def scaled(self, a: Val, k: Fraction) -> Val:
        if k == 0:
            return ZERO
        if k < 0:
            return self.scaled(self.negative(a), -k)
        return Val(a.register, a.scale * k, a.below)

    def div(self, a: Val, b: Val) -> Val:
        """a / b; b's sign must be proved, or b made so by a guard (see `nonzero`)."""
        if b.register is None:
            if b.scale == 0:
                raise CanBeZero
            return self.mul(a, const(1 / b.scale))
        if self.bounds[b.register][1] < 0:
            return self.div(self.negative(a), self.negative(b))
        if self.bounds[b.register][0] <= 0:
            b = self.nonzero(b)
        return self.quotient(a, b)

    def nonzero(self, b: Val) -> Val:
        """b >= 0 inside a branch: zero there fails the bill, elsewhere it cannot matter."""
        assert b.register is not None
        if self.path is True or self.bounds[b.register][0] < 0:
            raise CanBeZero
        zero = self.integer(0)
        self.fail(self.emit(Op(Code.EQ, b.register, zero)), Status.DIVISION_BY_ZERO)
        return Val(self.emit(Op(Code.MAX, b.register, self.integer(1))), b.scale, b.below)

    def quotient(self, a: Val, b: Val) -> Val:
        assert b.register is not None
        if a.constant == 0:
            return ZERO
        above = self.product(b.below)
        if a.register is None:
            register = above if above is not None else self.integer(1)
            return self.scaled(Val(register, 1 / b.scale, (b.register,)), a.scale)
        register = a.register
        if above is not None:
            register = self.emit(Op(Code.MUL, register, above))
        return Val(register, a.scale / b.scale, tuple(sorted((*a.below, b.register))))

    def round(self, a: Val, rounding: Rounding) -> Val:
        """A value rounded to multiples of the unit; its scale is the unit."""
        if a.register is None:
            return const(rounding.apply(a.scale))
        ratio = a.scale / rounding.unit
        above = self.times(a.register, ratio.numerator)
        below = self.product(a.below)
        if below is not None:
            below = self.times(below, ratio.denominator)
            return Val(self.emit(Op(Code.DIV, above, below, mode=rounding.mode)), rounding.unit)
        if ratio.denominator == 1:
            return Val(above, rounding.unit)
        op = Op(Code.DIVK, above, k=ratio.denominator, mode=rounding.mode)
        return Val(self.emit(op), rounding.unit)

    def min(self, a: Val, b: Val) -> Val:
        return self.extreme(Code.MIN, a, b)

    def max(self, a: Val, b: Val) -> Val:
        return self.extreme(Code.MAX, a, b)

    def extreme(self, code: Code, a: Val, b: Val) -> Val:
        if a.register is None and b.register is None:
            return const((min if code is Code.MIN else max)(a.scale, b.scale))
        (x, y), scale, below = self.align([a, b])
        lower, upper = (x, y) if code is Code.MIN else (y, x)
        if x == y or self.bounds[lower][1] <= self.bounds[upper][0]:
            return a
        if self.bounds[upper][1] <= self.bounds[lower][0]:
            return b
        return Val(self.emit(Op(code, x, y)), scale, below)

    # -- conditions

    def compare(self, op: str, a: Val, b: Val) -> Mask:
        if op in (">", ">="):
            return self.compare({">": "<", ">=": "<="}[op], b, a)
        if op == "!=":
            return self.negate(self.compare("==", a, b))
        code = {"<": Code.LT, "<=": Code.LE, "==": Code.EQ}[op]
        (x, y), _, _ = self.align([a, b])
        return self.known(self.emit(Op(code, x, y)))

    def never_negative(self, a: Val) -> bool:
        """Whether a value is proved to be 0 or more."""
        return (a.scale if a.register is None else self.bounds[a.register][0]) >= 0

    def known(self, register: int) -> Mask:
        lo, hi = self.bounds[register]
        return bool(lo) if lo == hi else register

    def negate(self, mask: Mask) -> Mask:
        if isinstance(mask, bool):
            return not mask
        return self.known(self.emit(Op(Code.SUB, self.integer(1), mask)))

    def both(self, a: Mask, b: Mask) -> Mask:
        if isinstance(a, bool):
            return b if a else False
        if isinstance(b, bool):
            return a if b else False
        return a if a == b else self.known(self.emit(Op(Code.MIN, a, b)))

    def either(self, a: Mask, b: Mask) -> Mask:
        return self.negate(self.both(self.negate(a), self.negate(b)))

    def select(self, mask: Mask, a: Val, b: Val) -> Val:
        if isinstance(mask, bool):
            return a if mask else b
        if a == b:
            return a
        (x, y), scale, below = self.align([a, b])
        return Val(self.emit(Op(Code.SELECT, mask, x, y)), scale, below)

    def any_of(self, masks: Iterable[Mask]) -> Mask:
        found: Mask = False
        for mask in masks:
            found = self.either(found, mask)
        return found

    def first_of(self, branches: Sequence[tuple[Mask, Val]], otherwise: Val) -> Val:
        """The value of the first branch whose mask holds."""
        found = otherwise
        for mask, value in reversed(branches):
            found = self.select(mask, value, found)
        return found

    def within(self, x: Val, upper: Val | None, inclusive: bool) -> Mask:
        """Whether x is not above a bound; None: there is none."""
        return True if upper is None else self.compare("<=" if inclusive else "<", x, upper)

    @contextmanager
    def under(self, mask: Mask) -> Iterator[None]:
        """Steps inside matter only where mask holds."""
        before = self.path
        self.path = self.both(before, mask)
        yield
        self.path = before

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """Steps inside matter for every bill, whatever asked for them."""
        before, self.path = self.path, True
        yield
        self.path = before

    def fail(self, mask: Mask, status: Status) -> None:
        """The bill fails where mask holds on the current path."""
        failing = self.both(self.path, mask)
        if failing is False:
            return
        register = self.integer(1) if failing is True else failing
        self.emit(Op(Code.FAIL, register, k=int(status)))

    # -- rare functions

    def power_factor(self, active: Val, reactive: Val, steps: int) -> Val:
        """active / sqrt(active^2 + reactive^2) rounded half up to 1/steps; 0 without active."""
        (a, r), _, _ = self.align(
            [self.max(active, ZERO), self.max(reactive, self.negative(reactive))]
        )
        most = max(self.bounds[a][1], self.bounds[r][1])
        if 8 * (steps * most) ** 2 >= LIMIT:
            raise TooWide
        register = self.emit(Op(Code.POWER_FACTOR, a, r, k=steps))
        return Val(register, Fraction(1, steps))


def _common_scale(scales: Iterable[Fraction]) -> Fraction:
    """The largest unit of which every scale is a whole multiple."""
    n, d = 0, 1
    for scale in scales:
        if scale == 0:
            continue
        n, d = gcd(n * scale.denominator, abs(scale.numerator) * d), d * scale.denominator
        common = gcd(n, d)
        n, d = n // common, d // common
    return Fraction(n, d) if n else Fraction(1)


def whole_multiple(val: Val, unit: Fraction) -> bool:
    """Whether a value is provably a whole number of units."""
    return not val.below and (val.scale / unit).denominator == 1
