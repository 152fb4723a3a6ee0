"""The proof that a scheduled program is exact in doubles, for given limits of its inputs.

Goals: intervals of every value, numerator and partial sum; the widest limits that
halving finds. Non-goals: shapes and order (see `schedule`).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

from billcore.core.tariff.fast.graph import CODE_OF, Kind, Lin, Table, Value
from billcore.core.tariff.fast.narrowing import narrowed
from billcore.core.tariff.fast.schedule import Schedule
from billcore.core.tariff.ir import Mode, Op, Range, divide, op_bounds

FAST_MAX = (1 << 51) - 1
"""Every value and every numerator on the fast path is at most this, in magnitude."""
PARTIAL_MAX = 1 << 53
"""Partial sums and constants: doubles hold integers exactly up to here."""

Intervals = Mapping[int, Range]


def fast_limits(
    plan: Schedule, register: Mapping[int, int], proved: Sequence[Range], inputs: Sequence[Range]
) -> tuple[Range, ...] | None:
    """Per input the interval inside which the schedule is exact; None: not of practical size.

    `register` maps values to registers of the intermediate form, whose bounds are `proved`.
    """
    if any(abs(lin.constant) > FAST_MAX for lin in plan.shown):
        return None
    place = {number: i for i, number in enumerate(plan.order)}
    spans: dict[int, Range] = {}

    def fits(i: int, limits: Sequence[Range]) -> bool:
        number = plan.order[i]
        lo, hi = _interval(plan.values[number], plan.values, spans, limits)
        if number in register:
            least, most = proved[register[number]]
            lo, hi = max(lo, least), min(hi, most)
        spans[number] = lo, hi
        return max(-lo, hi) <= FAST_MAX and _exact(plan.values[number], spans)

    reads = [_reads(plan.values[number], place) for number in plan.order]
    return narrowed(len(plan.order), reads, fits, inputs)


def _reads(value: Value, place: Mapping[int, int]) -> tuple[int, list[int]]:
    own = value.k if value.kind is Kind.INPUT else -1
    return own, [place[number] for number in value.operands]


def interval(lin: Lin, of: Intervals) -> Range:
    lo = hi = lin.constant
    for number, k in lin.terms:
        a, b = of[number]
        lo += min(k * a, k * b)
        hi += max(k * a, k * b)
    return lo, hi


def weight(lin: Lin, of: Intervals) -> int:
    """No partial sum of the form, in any order, exceeds this; nor does a factor."""
    return abs(lin.constant) + sum(abs(k) * max(_reach(of[number]), 1) for number, k in lin.terms)


def _reach(span: Range) -> int:
    return max(-span[0], span[1])


def _interval(
    value: Value, values: Mapping[int, Value], of: Intervals, limits: Sequence[Range]
) -> Range:
    spans = [interval(lin, of) for lin in value.lins]
    match value.kind:
        case Kind.INPUT:
            return limits[value.k]
        case Kind.LINEAR:
            return spans[0]
        case Kind.FAIL:
            return 0, 0
        case Kind.ROUND:
            return _divided(spans[0], value.k, value.mode)
        case Kind.TIER:
            return reduce(_plus, _lines(value, of))
        case Kind.LINE:
            return list(_lines(values[value.operands[0]], of))[value.k]
        case Kind.TSUM:
            total = _reach_sum(value, of)
            return _divided(total, value.k, value.mode) if value.k else total
        case Kind.RSUM:
            return reduce(_plus, _parts(value, of), spans[0])
        case Kind.SELECT:
            spans = [(0, 1), *spans[-2:]]
    return op_bounds(Op(CODE_OF[value.kind], 0, 1, 2, 0, value.mode), spans, limits)


def _exact(value: Value, of: Intervals) -> bool:
    """Are constants, numerators and partial sums exact on the way to the value?"""
    if any(weight(lin, of) > PARTIAL_MAX for lin in value.lins):
        return False
    match value.kind:
        case Kind.ROUND:
            return _roundable(interval(value.lins[0], of), value.k)
        case Kind.TIER:
            return _exact_table(value, of)
        case Kind.TSUM:
            return _exact_reach_sum(value, of)
        case Kind.RSUM:
            return _exact_parts(value, of)
    return True


def _roundable(numerator: Range, divisor: int) -> bool:
    """Is every executor's rounding of the quotient exact? See docs/decisions/0002-kernel.md."""
    return _reach(numerator) + divisor // 2 <= FAST_MAX and divisor <= FAST_MAX


def _plus(a: Range, b: Range) -> Range:
    return a[0] + b[0], a[1] + b[1]


def _times(span: Range, k: int) -> Range:
    return min(span[0] * k, span[1] * k), max(span[0] * k, span[1] * k)


def _divided(span: Range, divisor: int, mode: Mode) -> Range:
    return divide(span[0], divisor, mode), divide(span[1], divisor, mode)


def _reaches(table: Table, of: Intervals) -> Iterator[Range]:
    """min(quantity, upto) of each row."""
    quantity = interval(table.quantity, of)
    for row in table.rows:
        upto = quantity if row.upto is None else interval(row.upto, of)
        yield min(quantity[0], upto[0]), min(quantity[1], upto[1])


def _numerators(table: Table, of: Intervals) -> Iterator[Range]:
    below = (0, 0)
    for row, reach in zip(table.rows, _reaches(table, of), strict=True):
        yield _times((reach[0] - below[1], reach[1] - below[0]), row.rate)
        below = reach


def _lines(value: Value, of: Intervals) -> Iterator[Range]:
    assert value.table
    for row, n in zip(value.table.rows, _numerators(value.table, of), strict=True):
        yield _divided(n, row.divisor, value.mode)


def _exact_table(value: Value, of: Intervals) -> bool:
    assert value.table
    rows = value.table.rows
    return (
        all(weight(row.upto, of) <= PARTIAL_MAX for row in rows if row.upto)
        and all(abs(row.rate) <= PARTIAL_MAX for row in rows)
        and all(
            _roundable(n, row.divisor)
            for row, n in zip(rows, _numerators(value.table, of), strict=True)
        )
        and sum(_reach(line) for line in _lines(value, of)) <= FAST_MAX
    )


def _reach_sum(value: Value, of: Intervals) -> Range:
    assert value.table
    parts = (
        _times(reach, row.rate)
        for row, reach in zip(value.table.rows, _reaches(value.table, of), strict=True)
    )
    return reduce(_plus, parts, interval(value.lins[0], of))


def _exact_reach_sum(value: Value, of: Intervals) -> bool:
    assert value.table
    rows = value.table.rows
    heaviest = weight(value.lins[0], of) + sum(
        abs(row.rate) * max(_reach(reach), 1)
        for row, reach in zip(rows, _reaches(value.table, of), strict=True)
    )
    return (
        heaviest <= PARTIAL_MAX
        and all(weight(row.upto, of) <= PARTIAL_MAX for row in rows if row.upto)
        and (value.k == 0 or _roundable(_reach_sum(value, of), value.k))
    )


def _parts(value: Value, of: Intervals) -> Iterator[Range]:
    for lin, divisor in value.parts:
        yield _divided(interval(lin, of), divisor, Mode.HALF_UP)


def _exact_parts(value: Value, of: Intervals) -> bool:
    """Partial sums too must stay below 2^51, for raised registers have no more room."""
    heaviest = weight(value.lins[0], of) + sum(map(_reach, _parts(value, of)))
    return heaviest <= FAST_MAX and all(
        weight(lin, of) <= PARTIAL_MAX and _roundable(interval(lin, of), divisor)
        for lin, divisor in value.parts
    )
