"""What the vector executor shall compute, in its order, in the shapes that it has.

Goals: choose which tables run as one op, put sums over a table's reaches, comparisons
and their selects, limits by a constant into one op each; operands before what reads
them. Non-goals: limits (see `fast_bounds`), words (see `fast_code`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from billcore.core.tariff.fast_graph import Built, Fused, Graph, Kind, Lin, Row, Table, Value

Lines = Mapping[int, tuple[int, int]]
"""A value that is a line of an executed table -> (the table, its row)."""


@dataclass(frozen=True, slots=True)
class Schedule:
    order: tuple[int, ...]
    values: Mapping[int, Value]
    """By number, as they are executed; every operand is a register where an op wants one."""
    shown: tuple[Lin, ...]
    """Per output: a constant or one value."""


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
            case Kind.LINEAR | Kind.ROUND:
                return self._with_reaches(value)
            case Kind.MIN | Kind.MAX:
                return self._limited(value)
            case Kind.SELECT:
                return self._with_comparison(value)
            case Kind.TIER:
                return Value(Kind.TIER, mode=value.mode, table=self._addressable(value.table))
        return value

    def _addressable(self, table: Table | None) -> Table:
        """The same with the quantity a register and each bound a constant or k * register."""
        assert table
        rows = (
            Row(row.upto and self._multiple(row.upto), row.rate, row.divisor) for row in table.rows
        )
        return Table(self._graph.plain(table.quantity), tuple(rows))

    def _multiple(self, lin: Lin) -> Lin:
        is_multiple = lin.constant == 0 and len(lin.terms) == 1
        return lin if is_multiple else self._graph.plain(lin)

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
            if value.kind is Kind.MIN and self._reads[number] == 1:
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
        if not b.is_constant:
            a, b = self._graph.plain(a), self._graph.plain(b)
        return Value(value.kind, (a, b))

    def _with_comparison(self, value: Value) -> Value:
        """select(x < y, then, other) as one op: k is then the comparison's kind."""
        mask, then, other = value.lins
        assert mask.value is not None
        test = self._graph.values[mask.value]
        if test.kind not in (Kind.LT, Kind.LE, Kind.EQ) or self._reads[mask.value] > 1:
            return value
        return Value(Kind.SELECT, (*test.lins, then, other), test.kind)
