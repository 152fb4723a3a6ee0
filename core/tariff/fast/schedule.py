"""What the vector executor shall compute, in its order, in the shapes that it has.

Goals: choose which tables run as one op; put sums over a table's reaches, sums of
rounded lines, comparisons and their selects, limits by a constant into the ops that do
them at once; operands before what reads them. Non-goals: limits (see `bounds`),
words (see `code`).

Sums of rounded lines come out "raised" (see ext/rating_fast_ops.inc.h): other sums take
one raised term as it is, everything else reads a plain copy.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import gcd

from billcore.core.tariff.fast.graph import Built, Fused, Graph, Kind, Lin, Row, Table, Value
from billcore.core.tariff.ir import Mode

RAISED_FACTOR_MAX = 1 << 50
"""A raised term with a greater factor is lowered first: its bias times that is inexact."""

Lines = Mapping[int, tuple[int, int]]
"""A value that is a line of an executed table -> (the table, its row)."""


@dataclass(frozen=True, slots=True)
class Schedule:
    order: tuple[int, ...]
    values: Mapping[int, Value]
    """By number, as they are executed; every operand is a register where an op wants one."""
    shown: tuple[Lin, ...]
    """Per output: a constant or one value."""

    def is_raised(self, number: int) -> bool:
        return is_raised(self.values[number])


def is_raised(value: Value) -> bool:
    return value.kind is Kind.RSUM or (value.kind is Kind.TIER and value.mode is Mode.HALF_UP)


def schedule(built: Built, shown: Sequence[Lin]) -> Schedule:
    """The schedule for these outputs; every input is read, for its limits must be checked."""
    graph = built.graph
    shown = tuple(graph.plain(lin) for lin in shown)
    inputs = [n for n, value in enumerate(graph.values) if value.kind is Kind.INPUT]
    roots = [*inputs, *built.fails, *(n for lin in shown for n, _ in lin.terms)]
    lines = _executed_lines(built.tables, _reads(graph, roots, {}))
    rewriter = _Rewriter(graph, lines, _reads(graph, roots, lines))
    values: dict[int, Value] = {}
    order = list(_operands_first(roots, lambda n: values.setdefault(n, rewriter.rewritten(n))))
    return Schedule(tuple(order), values, shown)


def _reads(graph: Graph, roots: Sequence[int], lines: Lines) -> dict[int, int]:
    """How often each value is read, counting from the roots."""
    reads: dict[int, int] = {}
    stack = list(roots)
    while stack:
        number = stack.pop()
        if number not in reads:
            value = _line(lines[number]) if number in lines else graph.values[number]
            stack += value.operands
        reads[number] = reads.get(number, 0) + 1
    return reads


def _line(of: tuple[int, int]) -> Value:
    total, row = of
    return Value(Kind.LINE, (Lin(((total, 1),)),), row)


def _executed_lines(tables: Sequence[Fused], reads: Mapping[int, int]) -> Lines:
    """Tables run as one op where their sum is read, or at least two of their lines are."""
    lines: dict[int, tuple[int, int]] = {}
    for fused in tables:
        wanted = sum(line in reads for line in fused.lines)
        if fused.total in reads or wanted > 1:
            for row, line in enumerate(fused.lines):
                if line is not None:
                    lines.setdefault(line, (fused.total, row))
    return lines


def _operands_first(roots: Sequence[int], value_of: Callable[[int], Value]) -> Iterator[int]:
    """Depth first, each value once."""
    met: set[int] = set()
    stack = [(root, False) for root in reversed(roots)]
    while stack:
        number, ready = stack.pop()
        if ready:
            yield number
        elif number not in met:
            met.add(number)
            stack.append((number, True))
            stack += [(operand, False) for operand in reversed(value_of(number).operands)]


class _Rewriter:
    def __init__(self, graph: Graph, lines: Lines, reads: Mapping[int, int]) -> None:
        self._graph = graph
        self._lines = lines
        self._reads = reads

    def rewritten(self, number: int) -> Value:
        if number in self._lines:
            return _line(self._lines[number])
        value = self._graph.values[number]
        match value.kind:
            case Kind.LINEAR:
                return self._sum(value.lins[0])
            case Kind.ROUND:
                return self._with_reaches(replace(value, lins=(self._addend(value.lins[0]),)))
            case Kind.MIN | Kind.MAX:
                return self._limited(value)
            case Kind.SELECT:
                return self._with_comparison(value)
            case Kind.TIER:
                assert value.table
                return replace(value, table=self._addressable(value.table))
            case Kind.INPUT | Kind.TSUM | Kind.RSUM:
                return value
        return replace(value, lins=tuple(map(self._register, value.lins)))

    def _raised(self, number: int) -> bool:
        value = self._graph.values[number]
        return is_raised(value) or (value.kind is Kind.LINEAR and bool(self._parts(value.lins[0])))

    def _register(self, lin: Lin) -> Lin:
        """A constant or a register that is not raised."""
        lin = self._graph.plain(lin)
        if lin.value is not None and self._raised(lin.value):
            return self._graph.add(Value(Kind.LINEAR, (lin,)))
        return lin

    def _multiple(self, lin: Lin) -> Lin:
        """A constant or k * a register that is not raised."""
        is_multiple = lin.constant == 0 and len(lin.terms) == 1
        if is_multiple and not self._raised(lin.terms[0][0]):
            return lin
        return self._register(lin)

    def _addressable(self, table: Table) -> Table:
        rows = (
            Row(row.upto and self._multiple(row.upto), row.rate, row.divisor) for row in table.rows
        )
        return Table(self._register(table.quantity), tuple(rows))

    def _parts(self, lin: Lin) -> dict[int, tuple[Lin, int]]:
        """The terms of a sum that are lines rounded for it alone: numerators and divisors."""
        parts = {}
        for number, k in lin.terms:
            value = self._graph.values[number]
            alone = self._reads.get(number) == 1 and number not in self._lines
            if value.kind is Kind.ROUND and value.mode is Mode.HALF_UP and alone and abs(k) == 1:
                parts[number] = value.lins[0].times(k), value.k
        return parts

    def _sum(self, lin: Lin) -> Value:
        """A sum: of lines that are rounded onto it, over reaches, or a plain one."""
        parts = self._parts(lin)
        if not parts:
            return self._with_reaches(Value(Kind.LINEAR, (self._with_one_raised(lin),)))
        base = Lin(tuple(term for term in lin.terms if term[0] not in parts), lin.constant)
        base = self._over_reaches(self._with_one_raised(base, onto_raised=True))
        summed = tuple(
            (self._over_reaches(self._addend(part)), divisor) for part, divisor in parts.values()
        )
        return Value(Kind.RSUM, (base,), parts=summed)

    def _addend(self, lin: Lin) -> Lin:
        """A form for one op: a multiple of a sum of lines as that sum, one raised term at most."""
        factor = gcd(lin.constant, *(k for _, k in lin.terms))
        if factor and len(lin.terms) > 1 and self._parts(lin.divided(factor)):
            lin = self._graph.add(Value(Kind.LINEAR, (lin.divided(factor),))).times(factor)
        return self._with_one_raised(lin)

    def _with_one_raised(self, lin: Lin, onto_raised: bool = False) -> Lin:
        """All raised terms but one lowered; that too, if lowering it inside is inexact.

        Inside, the constant becomes constant - k * BIAS (+ BIAS onto a raised sum).
        """
        raised = [(n, k) for n, k in lin.terms if self._raised(n)]
        if raised:
            k = raised[-1][1]
            exact = lin.constant == 0 or k == 1 or (k == -1 and not onto_raised)
            if exact and abs(k) < RAISED_FACTOR_MAX:
                raised.pop()
        for number, k in raised:
            value = Lin(((number, 1),))
            lin = lin.plus(value, -k).plus(self._register(value), k)
        return lin

    def _over_reaches(self, lin: Lin) -> Lin:
        """The form, with a sum over reaches as a value of its own."""
        value = self._with_reaches(Value(Kind.LINEAR, (lin,)))
        return value.lins[0] if value.kind is Kind.LINEAR else self._graph.add(value)

    def _with_reaches(self, value: Value) -> Value:
        """A sum over reaches, min(quantity, upto), of one quantity is one op."""
        lin = value.lins[0]
        quantity, reaches = self._reaches(lin)
        if len(reaches) < 2:
            return value
        factors = dict(lin.terms)
        rows = tuple(Row(upto, factors[number]) for number, upto in reaches.items())
        table = self._addressable(Table(quantity, rows))
        own = table.quantity.value
        base = Lin(tuple(term for term in lin.terms if term[0] == own), lin.constant)
        rest = Lin(tuple(t for t in lin.terms if t[0] != own and t[0] not in reaches))
        if rest == Lin():
            return Value(Kind.TSUM, (base,), value.k, value.mode, table)
        total = self._graph.add(Value(Kind.TSUM, (base,), table=table))
        return Value(value.kind, (rest.plus(total),), value.k, value.mode)

    def _reaches(self, lin: Lin) -> tuple[Lin, dict[int, Lin]]:
        """The quantity that most single-use minima among the terms share: value -> bound."""
        found: dict[Lin, dict[int, Lin]] = {}
        for number, _ in lin.terms:
            value = self._graph.values[number]
            if value.kind is Kind.MIN and self._reads.get(number) == 1:
                a, b = value.lins
                for quantity, upto in ((a, b), (b, a)):
                    if not quantity.is_constant:
                        found.setdefault(quantity, {})[number] = upto
        return max(found.items(), key=lambda item: len(item[1]), default=(Lin(), {}))

    def _limited(self, value: Value) -> Value:
        """MIN and MAX: a form and a constant, or two registers."""
        a, b = value.lins
        if a.is_constant:
            a, b = b, a
        if b.is_constant:
            return replace(value, lins=(self._addend(a), b))
        return replace(value, lins=(self._register(a), self._register(b)))

    def _with_comparison(self, value: Value) -> Value:
        """select(x < y, then, other) as one op: k is then the comparison's kind."""
        mask, then, other = value.lins
        assert mask.value is not None
        test = self._graph.values[mask.value]
        lins: tuple[Lin, ...] = (mask,)
        kind = 0
        if test.kind in (Kind.LT, Kind.LE, Kind.EQ) and self._reads.get(mask.value) == 1:
            lins, kind = test.lins, test.kind
        return Value(Kind.SELECT, tuple(map(self._register, (*lins, then, other))), kind)
