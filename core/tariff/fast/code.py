"""Code for the vector executor: a schedule written as ops with registers.

Goals: name each value's op, share constants, reuse registers that are not read any
more. Non-goals: what is computed (see `schedule`), whether it is exact (see
`bounds`). The ops are listed in ext/rating_fast_ops.inc.h.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from billcore.core.tariff.fast.bounds import fast_limits
from billcore.core.tariff.fast.graph import Kind, Lin, Row, Value, build
from billcore.core.tariff.fast.schedule import Schedule, schedule
from billcore.core.tariff.ir import Ir, Range

REGISTERS_MAX = 1 << 10
TERMS_UNROLLED_MAX = 4
"""Sums of up to this many terms have ops of their own, LIN1 and so on; others are LINN."""


@dataclass(frozen=True, slots=True)
class FastOp:
    """An op by name, with integers as its signature asks."""

    name: str
    args: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FastCode:
    ops: tuple[FastOp, ...]
    constants: tuple[int, ...]
    """The first registers."""
    registers: int
    limits: tuple[Range, ...]
    """Per input: rows outside are redone by the wide executor."""


def fast_code(ir: Ir, shown: Sequence[int], readers: Sequence[int]) -> FastCode | None:
    """The fast program that shows these registers; None if there is no useful one.

    `readers` counts, per register, the needed ops that read it; -1: not needed.
    """
    built = build(ir, readers)
    if built is None:
        return None
    plan = schedule(built, [built.forms[register] for register in shown])
    inputs = [(i.lo, i.hi) for i in ir.inputs]
    limits = fast_limits(plan, built.graph.register, ir.bounds, inputs)
    if limits is None:
        return None
    ops = list(_Writer(plan, limits).ops())
    constants, registers = _allocate(ops)
    if max(registers.values(), default=0) >= REGISTERS_MAX:
        return None
    size = max(registers.values(), default=0) + 1
    return FastCode(tuple(op.placed(registers) for op in ops), constants, size, limits)


@dataclass(frozen=True, slots=True)
class Reg:
    """A register before it has a place: a value's, a constant's, or one that nobody reads."""

    value: int | None = None
    constant: int | None = None
    unread: tuple[int, int] | None = None


Arg = Reg | int


def _flat(groups: Iterable[tuple[Arg, ...]]) -> tuple[Arg, ...]:
    return tuple(chain.from_iterable(groups))


@dataclass(frozen=True, slots=True)
class _Symbolic:
    """An op whose registers have no place yet. `writes` are among `args`."""

    name: str
    args: tuple[Arg, ...]
    writes: tuple[Reg, ...] = ()

    @property
    def reads(self) -> Iterator[Reg]:
        return (arg for arg in self.args if isinstance(arg, Reg) and arg not in self.writes)

    def placed(self, registers: Mapping[Reg, int]) -> FastOp:
        args = (registers[arg] if isinstance(arg, Reg) else arg for arg in self.args)
        return FastOp(self.name, tuple(args))


class _Writer:
    """The ops of a schedule, in order."""

    def __init__(self, plan: Schedule, limits: Sequence[Range]) -> None:
        self._plan = plan
        self._limits = limits
        self._lines: dict[int, dict[int, int]] = {}
        for number, value in plan.values.items():
            if value.kind is Kind.LINE:
                self._lines.setdefault(value.operands[0], {})[value.k] = number

    def ops(self) -> Iterator[_Symbolic]:
        for number in self._plan.order:
            yield from self._written(number, self._plan.values[number])
        for column, lin in enumerate(self._plan.shown):
            raised = lin.value is not None and self._plan.is_raised(lin.value)
            yield _Symbolic("OUT_RAISED" if raised else "OUT", (_register(lin), column))
        yield _Symbolic("END", ())

    def _written(self, number: int, value: Value) -> Iterator[_Symbolic]:
        dst = Reg(number)
        match value.kind:
            case Kind.LINE:
                pass  # its table writes it
            case Kind.INPUT:
                yield _Symbolic("IN64", (dst, value.k, *self._limits[value.k]), (dst,))
            case Kind.LINEAR:
                yield self._sum(dst, value.lins[0], "SUM")
            case Kind.ROUND:
                yield self._sum(dst, value.lins[0], value.mode.name, value.k)
            case Kind.MIN | Kind.MAX if value.lins[1].is_constant:
                yield self._sum(dst, value.lins[0], value.kind.name, value.lins[1].constant)
            case Kind.FAIL:
                yield _Symbolic("FAIL", (_register(value.lins[0]),))
            case Kind.TIER:
                yield self._table(number, value)
            case Kind.TSUM:
                yield _reach_sum(dst, value)
            case Kind.RSUM:
                yield from self._rounded_sum(dst, value)
            case _:
                yield _Symbolic(_name(value), (dst, *map(_register, value.lins)), (dst,))

    def _sum(self, dst: Reg, lin: Lin, then: str, *args: Arg, onto: int = 0) -> _Symbolic:
        """LIN: a sum and what becomes of it, raised `onto` times; a raised term is lowered.

        That term is first, next to the constant that lowers it, or, where there is none, last:
        it is often the one that is ready last.
        """
        raised = onto - sum(k for number, k in lin.terms if self._plan.is_raised(number))
        terms = sorted(lin.terms, key=lambda term: self._plan.is_raised(term[0]) == (raised == 0))
        unrolled = 1 <= len(terms) <= TERMS_UNROLLED_MAX
        count = () if unrolled else (len(terms),)
        name = f"LIN{len(terms) if unrolled else 'N'}_{then}"
        addends = _flat((Reg(number), k) for number, k in terms)
        return _Symbolic(name, (dst, lin.constant, raised, *count, *addends, *args), (dst,))

    def _rounded_sum(self, dst: Reg, value: Value) -> Iterator[_Symbolic]:
        """A chain: each line is rounded onto the sum so far, which stays raised."""
        base, parts = value.lins[0], list(value.parts)
        onto = dst
        if base.value is not None and self._plan.is_raised(base.value):
            onto = Reg(base.value)
        elif base == Lin():
            lin, divisor = parts.pop(0)
            yield self._sum(dst, lin, "RAISED", divisor)
        else:
            yield self._sum(dst, base, "SUM", onto=1)
        for lin, divisor in parts:
            yield self._sum(dst, lin, "RADD", onto, divisor)
            onto = dst

    def _table(self, number: int, value: Value) -> _Symbolic:
        table, lines = value.table, self._lines.get(number)
        assert table
        mode = "RAISED" if self._plan.is_raised(number) else value.mode.name
        *rows, last = table.rows
        head = (Reg(number), _register(table.quantity), len(rows))
        if lines is None:
            body = _flat((*_bound(row), row.rate, row.divisor) for row in rows)
            args: tuple[Arg, ...] = (*head, *body, last.rate, last.divisor)
            return _Symbolic(f"TIER_{mode}", args, (Reg(number),))
        dst = [
            Reg(lines[r]) if r in lines else Reg(unread=(number, r)) for r in range(len(table.rows))
        ]
        kept = _flat(
            (d, *_bound(row), row.rate, row.divisor) for d, row in zip(dst, rows, strict=False)
        )
        args = (*head, *kept, dst[-1], last.rate, last.divisor)
        return _Symbolic(f"TIERS_{mode}", args, (Reg(number), *dst))


def _name(value: Value) -> str:
    if value.kind is Kind.SELECT and value.k:
        return f"SEL_{Kind(value.k).name}"
    return f"DIV_{value.mode.name}" if value.kind is Kind.DIV else value.kind.name


def _register(lin: Lin) -> Reg:
    assert lin.is_constant or lin.value is not None
    return Reg(constant=lin.constant) if lin.is_constant else Reg(lin.value)


def _bound(row: Row) -> tuple[Reg, int]:
    """A row's upper bound as (register, factor)."""
    assert row.upto is not None
    if row.upto.is_constant:
        return Reg(constant=1), row.upto.constant
    ((number, factor),) = row.upto.terms
    return Reg(number), factor


def _reach_sum(dst: Reg, value: Value) -> _Symbolic:
    """TSUM: a sum over a table's reaches and what is done to it."""
    table, base = value.table, value.lins[0]
    assert table
    slope = base.terms[0][1] if base.terms else 0
    body = _flat((*_bound(row), row.rate) for row in table.rows)
    then, k = (value.mode.name, [value.k]) if value.k else ("SUM", [])
    head = (dst, _register(table.quantity), base.constant, slope, len(table.rows))
    return _Symbolic(f"TSUM_{then}", (*head, *body, *k), (dst,))


def _allocate(ops: Sequence[_Symbolic]) -> tuple[tuple[int, ...], dict[Reg, int]]:
    """The constants, and a place for every register; a place is free after the last use."""
    constants = {reg: reg.constant for op in ops for reg in op.reads if reg.constant is not None}
    places = {reg: i for i, reg in enumerate(constants)}
    last_use = {reg: i for i, op in enumerate(ops) for reg in (*op.writes, *op.reads)}
    free: list[int] = []
    n_places = len(places)
    for i, op in enumerate(ops):
        used = [reg for reg in dict.fromkeys((*op.reads, *op.writes)) if reg not in constants]
        done = [reg for reg in used if last_use[reg] == i]
        read = [places[reg] for reg in done if reg in op.reads]
        if len(op.writes) == 1:  # it reads everything before it writes
            free, read = free + read, []
        for reg in op.writes:
            if reg in places:
                continue  # a chain goes on
            if not free:
                free.append(n_places)
                n_places += 1
            places[reg] = free.pop()
        free += read + [places[reg] for reg in done if reg in op.writes]
    return tuple(constants.values()), places
