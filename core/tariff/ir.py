"""The intermediate form of a tariff: straight-line integer arithmetic with proven bounds.

Goals: one small, total, unambiguous instruction set that every executor (the
exact 128-bit kernel, the vector kernel, the plain model below) reads alike.
Non-goals: speed (see `lowering`), tariff words (see `compiler`).

An `Ir` is for one *variant*: versions, seasons and choices are folded to
constants, the segments of a bill are unrolled. Register i is the result of op i
(single assignment); operands name earlier registers. Every register holds an
integer; the compiler knows its scale and has proved `bounds` for all inputs
inside `Input.lo..hi`, so that no executor can overflow 128 bits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from math import isqrt

WIDE_BITS_MAX = 126
"""Every register of the exact path satisfies |value| < 2**WIDE_BITS_MAX."""


class Code(IntEnum):
    """What an op computes from registers a, b, c, the constant k and `mode`."""

    INPUT = 0  # input column k
    CONST = 1  # k
    ADD = 2  # a + b
    SUB = 3  # a - b
    MUL = 4  # a * b
    MULK = 5  # a * k
    ADDK = 6  # a + k
    MIN = 7
    MAX = 8
    LT = 9  # 1 if a < b else 0
    LE = 10
    EQ = 11
    SELECT = 12  # b if a != 0 else c
    DIVK = 13  # round(a / k, mode), k > 0
    DIV = 14  # round(a / b, mode); 0 where b <= 0 (the compiler guards it)
    FAIL = 15  # the row fails with status k where a != 0; result 0
    POWER_FACTOR = 16  # a = active, b = reactive, k = 1/unit: round_half_up(k*a/sqrt(a*a+b*b))


class Mode(IntEnum):
    """How a quotient becomes an integer. half_up: halves away from zero."""

    HALF_UP = 0
    HALF_EVEN = 1
    HALF_DOWN = 2
    HALF_CEILING = 3
    DOWN = 4
    UP = 5
    FLOOR = 6
    CEILING = 7


MODE_BY_NAME = {mode.name.lower(): mode for mode in Mode}


@dataclass(frozen=True, slots=True)
class Op:
    code: Code
    a: int = -1
    b: int = -1
    c: int = -1
    k: int = 0
    mode: Mode = Mode.HALF_UP


@dataclass(frozen=True, slots=True)
class Input:
    """A column: integers lo..hi (declared by the document); outside, the bill fails."""

    name: str
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Output:
    """A column: the register that it shows. Always whole units of account."""

    name: str
    register: int


@dataclass(frozen=True, slots=True)
class TierBlock:
    """A hint for executors: these registers are one graduated table.

    `fills[r] = min(quantity, upto[r]) - min(quantity, upto[r-1])`, with the first
    row starting at 0 and `upto[-1]` None for an open row; `amounts[r]` is fills[r]
    times its rate, maybe rounded. Following the ops gives the same numbers.
    """

    quantity: int
    uptos: tuple[int | None, ...]
    fills: tuple[int, ...]
    amounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ir:
    inputs: tuple[Input, ...]
    ops: tuple[Op, ...]
    outputs: tuple[Output, ...]
    bounds: tuple[tuple[int, int], ...]
    tier_blocks: tuple[TierBlock, ...] = field(default=())


def divide(n: int, d: int, mode: Mode) -> int:
    """round(n / d) for d > 0: the rounding of the whole engine, in integers."""
    q, r = divmod(abs(n), d)
    negative = n < 0
    up = {
        Mode.HALF_UP: 2 * r >= d,
        Mode.HALF_EVEN: 2 * r > d or (2 * r == d and q % 2 == 1),
        Mode.HALF_DOWN: 2 * r > d,
        Mode.HALF_CEILING: 2 * r > d or (2 * r == d and not negative),
        Mode.DOWN: False,
        Mode.UP: r > 0,
        Mode.FLOOR: r > 0 and negative,
        Mode.CEILING: r > 0 and not negative,
    }[mode]
    magnitude = q + up
    return -magnitude if negative else magnitude


def power_factor(active: int, reactive: int, k: int) -> int:
    """The largest n with (2n - 1)^2 (a^2 + r^2) <= (2k)^2 a^2; 0 when nothing flows."""
    if active <= 0:
        return 0
    square = active * active + reactive * reactive
    return (isqrt(4 * k * k * active * active // square) + 1) // 2


Range = tuple[int, int]


def op_bounds(op: Op, of: Sequence[Range], inputs: Sequence[Range]) -> Range:
    """The interval of an op's result, given those of earlier registers."""
    match op.code:
        case Code.INPUT:
            return inputs[op.k]
        case Code.CONST:
            return op.k, op.k
        case Code.FAIL:
            return 0, 0
        case Code.LT | Code.LE | Code.EQ:
            return _compared(op.code, of[op.a], of[op.b])
        case Code.POWER_FACTOR:
            return 0, op.k
    lo, hi = of[op.a]
    match op.code:
        case Code.ADD:
            return lo + of[op.b][0], hi + of[op.b][1]
        case Code.SUB:
            return lo - of[op.b][1], hi - of[op.b][0]
        case Code.MUL:
            corners = [x * y for x in (lo, hi) for y in of[op.b]]
            return min(corners), max(corners)
        case Code.MULK:
            return min(lo * op.k, hi * op.k), max(lo * op.k, hi * op.k)
        case Code.ADDK:
            return lo + op.k, hi + op.k
        case Code.MIN:
            return min(lo, of[op.b][0]), min(hi, of[op.b][1])
        case Code.MAX:
            return max(lo, of[op.b][0]), max(hi, of[op.b][1])
        case Code.SELECT:
            return _selected(of[op.a], of[op.b], of[op.c])
        case Code.DIVK:
            return divide(lo, op.k, op.mode), divide(hi, op.k, op.mode)
        case Code.DIV:
            return _quotient((lo, hi), of[op.b], op.mode)
    raise AssertionError(op.code)


def _compared(code: Code, a: Range, b: Range) -> Range:
    if code is Code.EQ:
        return (1, 1) if a[0] == a[1] == b[0] == b[1] else (0, int(a[0] <= b[1] and b[0] <= a[1]))
    if code is Code.LT:
        return int(a[1] < b[0]), int(a[0] < b[1])
    return int(a[1] <= b[0]), int(a[0] <= b[1])


def _selected(mask: Range, then: Range, other: Range) -> Range:
    if mask[0] > 0:
        return then
    if mask == (0, 0):
        return other
    return min(then[0], other[0]), max(then[1], other[1])


def _quotient(n: Range, d: Range, mode: Mode) -> Range:
    smallest, largest = max(d[0], 1), max(d[1], 1)
    corners = [divide(x, y, mode) for x in n for y in (smallest, largest)]
    return min(*corners, 0), max(*corners, 0)


def run(ir: Ir, columns: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """The plain model: one bill in Python integers -> (outputs, status; 0 is fine)."""
    values: list[int] = []
    status = 0
    for op in ir.ops:
        result = _step(
            op, values, [columns[i.name] for i in ir.inputs] if op.code is Code.INPUT else []
        )
        if op.code is Code.FAIL and values[op.a] and not status:
            status = op.k
        values.append(result)
    return {o.name: values[o.register] for o in ir.outputs}, status


def _step(op: Op, v: Sequence[int], inputs: Sequence[int]) -> int:
    match op.code:
        case Code.INPUT:
            return inputs[op.k]
        case Code.CONST:
            return op.k
        case Code.FAIL:
            return 0
        case Code.MULK:
            return v[op.a] * op.k
        case Code.ADDK:
            return v[op.a] + op.k
        case Code.DIVK:
            return divide(v[op.a], op.k, op.mode)
        case Code.SELECT:
            return v[op.b] if v[op.a] else v[op.c]
        case Code.DIV:
            return divide(v[op.a], v[op.b], op.mode) if v[op.b] > 0 else 0
        case Code.POWER_FACTOR:
            return power_factor(v[op.a], v[op.b], op.k)
    a, b = v[op.a], v[op.b]
    match op.code:
        case Code.ADD:
            return a + b
        case Code.SUB:
            return a - b
        case Code.MUL:
            return a * b
        case Code.MIN:
            return min(a, b)
        case Code.MAX:
            return max(a, b)
        case Code.LT:
            return int(a < b)
        case Code.LE:
            return int(a <= b)
    return int(a == b)
