"""The values of a program as a graph of linear forms: what the fast path is made from.

Goals: bring an `Ir` into a shape where whole lines are single ops: sums of multiples
become one form, a common factor of a line and its divisor is divided out, equal values
are one value, a graduated table is one value. Non-goals: numbers of registers, limits,
the order of execution (see `code`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from math import gcd

from billcore.core.tariff.ir import Code, Ir, Mode, Op, TierBlock

SHARED_TERMS_MIN = 3
"""A sum that only a rounding reads is worth a value of its own from this many terms on."""


class Kind(IntEnum):
    """How a value arises; those that are also a `Code` mean the same."""

    INPUT = 0
    LINEAR = 1  # lins[0]
    ROUND = 2  # round(lins[0] / k, mode)
    MIN = 3
    MAX = 4
    LT = 5
    LE = 6
    EQ = 7
    SELECT = 8
    MUL = 9
    DIV = 10
    FAIL = 11
    TIER = 12  # the sum of a table's rounded lines
    LINE = 13  # line k of the TIER value lins[0]
    TSUM = 14  # lins[0] + the sum of rate * reach over a table, rounded by k unless k is 0
    RSUM = 15  # lins[0] + the sum of `parts`, each rounded half up


_KIND_OF = {code: Kind[code.name] for code in Code if code.name in Kind.__members__}
CODE_OF = {kind: code for code, kind in _KIND_OF.items()}


@dataclass(frozen=True, slots=True)
class Lin:
    """constant + the sum of k * value over `terms`, which are sorted by value."""

    terms: tuple[tuple[int, int], ...] = ()
    constant: int = 0

    @property
    def is_constant(self) -> bool:
        return not self.terms

    @property
    def value(self) -> int | None:
        """The value that this form is, if it is just one."""
        if self.constant == 0 and len(self.terms) == 1 and self.terms[0][1] == 1:
            return self.terms[0][0]
        return None

    def plus(self, other: "Lin", k: int = 1) -> "Lin":
        terms = dict(self.terms)
        for value, factor in other.terms:
            terms[value] = terms.get(value, 0) + k * factor
        return _lin(terms, self.constant + k * other.constant)

    def times(self, k: int) -> "Lin":
        return Lin().plus(self, k)

    def divided(self, by: int) -> "Lin":
        """The same with every number divided; `by` divides them all."""
        return Lin(tuple((v, k // by) for v, k in self.terms), self.constant // by)

    def multiple_of(self, other: "Lin") -> int | None:
        """The k with self = k * other, if there is one."""
        if other == Lin():
            return 0 if self == Lin() else None
        ours, theirs = (
            (self.terms[0][1], other.terms[0][1])
            if self.terms and other.terms
            else (self.constant, other.constant)
        )
        if theirs == 0 or ours % theirs:
            return None
        return ours // theirs if other.times(ours // theirs) == self else None


def _lin(terms: Mapping[int, int], constant: int) -> Lin:
    return Lin(tuple(sorted((v, k) for v, k in terms.items() if k)), constant)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a graduated table: up to `upto` (None: open), rate / divisor."""

    upto: Lin | None
    rate: int
    divisor: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A graduated table over `quantity`; the last row is open.

    reach[r] = min(quantity, upto[r]); a line is round(rate * (reach[r] - reach[r-1]) / divisor).
    """

    quantity: Lin
    rows: tuple[Row, ...]

    @property
    def forms(self) -> tuple[Lin, ...]:
        return self.quantity, *(row.upto for row in self.rows if row.upto is not None)


@dataclass(frozen=True, slots=True)
class Value:
    kind: Kind
    lins: tuple[Lin, ...] = ()
    k: int = 0
    mode: Mode = Mode.HALF_UP
    table: Table | None = None
    parts: tuple[tuple[Lin, int], ...] = ()
    """Numerators and divisors."""

    @property
    def forms(self) -> tuple[Lin, ...]:
        """Every form that it is computed from."""
        table = self.table.forms if self.table else ()
        return self.lins + table + tuple(lin for lin, _ in self.parts)

    @property
    def operands(self) -> list[int]:
        """The values that it reads, as often as it does."""
        return [number for lin in self.forms for number, _ in lin.terms]


class Graph:
    """Values by number; equal values are one."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.register: dict[int, int] = {}
        """The register of the intermediate form that a value is, where it is one."""
        self._number: dict[Value, int] = {}

    def add(self, value: Value) -> Lin:
        return Lin(((self.number(value), 1),))

    def number(self, value: Value) -> int:
        number = self._number.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number

    def known(self, value: Value) -> int | None:
        return self._number.get(value)

    def plain(self, lin: Lin) -> Lin:
        """A form that is a constant or one value, computing it first if it is neither."""
        if lin.is_constant or lin.value is not None:
            return lin
        return self.add(Value(Kind.LINEAR, (lin,)))


@dataclass(frozen=True, slots=True)
class Fused:
    """A table's sum as a value, and the values that are its lines (None: no line)."""

    total: int
    lines: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Built:
    graph: Graph
    forms: tuple[Lin, ...]
    """Per register of the intermediate form."""
    fails: tuple[int, ...]
    """The values that fail a bill where they are not 0."""
    tables: tuple[Fused, ...]


def build(ir: Ir, readers: Sequence[int]) -> Built | None:
    """The graph of an `Ir`; None if a needed op has no fast counterpart.

    `readers` counts, per register, the needed ops that read it; -1 where it is not
    needed itself (it gets a form all the same, for the hints may speak of it).
    """
    if any(op.code is Code.POWER_FACTOR and n >= 0 for op, n in zip(ir.ops, readers, strict=True)):
        return None
    return _Builder(ir, readers).build()


class _Builder:
    def __init__(self, ir: Ir, readers: Sequence[int]) -> None:
        self.ir = ir
        self.readers = readers
        self.graph = Graph()
        self.forms: list[Lin] = []
        self.fails: list[int] = []
        self.tables: list[Fused] = []
        self.sums: dict[int, list[_Sum]] = {}
        """By their first term's value."""
        self.blocks: dict[int, list[TierBlock]] = {}
        for block in ir.tier_blocks:
            self.blocks.setdefault(max(block.amounts + block.fills), []).append(block)

    def build(self) -> Built:
        for i, op in enumerate(self.ir.ops):
            self.forms.append(self._form(i, op))
            for block in self.blocks.get(i, ()):
                fused = fuse(block, self.forms, self.graph)
                if fused:
                    self.tables.append(fused)
                    lines = sorted(line for line in fused.lines if line is not None)
                    form = Lin(tuple((line, 1) for line in lines))
                    self._note(_Sum(form, self.graph.values[fused.total]))
        return Built(self.graph, tuple(self.forms), tuple(self.fails), tuple(self.tables))

    def _form(self, i: int, op: Op) -> Lin:
        lo, hi = self.ir.bounds[i]
        if op.code is Code.FAIL:
            self._fail(i, op)
        if lo == hi and op.code is not Code.INPUT:  # which is read, so that its limits are kept
            return Lin(constant=lo)
        linear = self._linear(op)
        if linear is None:
            form = self._nonlinear(op)
        else:
            form = self._with_known_sums(linear)
            if self.readers[i] > 1 and len(form.terms) > 1:
                self._note(_Sum(form, Value(Kind.LINEAR, (form,))))
                form = self.graph.plain(form)
        if form.value is not None:
            self.graph.register.setdefault(form.value, i)
        return form

    def _fail(self, i: int, op: Op) -> None:
        mask = self.forms[op.a]
        if self.readers[i] >= 0 and mask != Lin():
            self.fails.append(self.graph.number(Value(Kind.FAIL, (self.graph.plain(mask),))))

    def _linear(self, op: Op) -> Lin | None:
        """The form of an op that only adds and scales."""
        f = self.forms
        match op.code:
            case Code.ADD:
                return f[op.a].plus(f[op.b])
            case Code.SUB:
                return f[op.a].plus(f[op.b], -1)
            case Code.MULK:
                return f[op.a].times(op.k)
            case Code.ADDK:
                return f[op.a].plus(Lin(constant=op.k))
            case Code.MUL if f[op.a].is_constant:
                return f[op.b].times(f[op.a].constant)
            case Code.MUL if f[op.b].is_constant:
                return f[op.a].times(f[op.b].constant)
        return None

    def _nonlinear(self, op: Op) -> Lin:
        f, graph = self.forms, self.graph
        match op.code:
            case Code.INPUT:
                return graph.add(Value(Kind.INPUT, k=op.k))
            case Code.POWER_FACTOR:
                return Lin()  # not needed, see build
            case Code.DIVK:
                return self._rounded(f[op.a], op.k, op.mode)
            case Code.MIN | Code.MAX:
                return graph.add(Value(_KIND_OF[op.code], (f[op.a], f[op.b])))
            case Code.SELECT if f[op.a].is_constant:
                return f[op.b] if f[op.a].constant else f[op.c]
        names = "abc" if op.code is Code.SELECT else "ab"
        lins = tuple(graph.plain(f[getattr(op, name)]) for name in names)
        mode = op.mode if op.code is Code.DIV else Mode.HALF_UP
        return graph.add(Value(_KIND_OF[op.code], lins, mode=mode))

    def _rounded(self, lin: Lin, divisor: int, mode: Mode) -> Lin:
        common = gcd(divisor, lin.constant, *(k for _, k in lin.terms))
        lin, divisor = lin.divided(common), divisor // common
        if divisor == 1:
            return lin
        number = self.graph.number(Value(Kind.ROUND, (lin,), divisor, mode))
        if len(lin.terms) >= SHARED_TERMS_MIN:
            base = lin.divided(gcd(lin.constant, *(k for _, k in lin.terms)))
            self._note(_Sum(base, Value(Kind.LINEAR, (base,)), number))
        return Lin(((number, 1),))

    def _note(self, known: "_Sum") -> None:
        self.sums.setdefault(known.form.terms[0][0], []).append(known)

    def _with_known_sums(self, lin: Lin) -> Lin:
        """The form with sums that something else needs too in the place of their terms."""
        found = [known for first, _ in lin.terms for known in self.sums.get(first, ())]
        for known in sorted(found, key=lambda known: -len(known.form.terms)):
            factor, rest = _contained(known.form, lin)
            if factor:
                lin = rest.plus(self._shared(known), factor)
        return lin

    def _shared(self, known: "_Sum") -> Lin:
        """The sum as a value, also for the rounding that had it first."""
        shared = self.graph.add(known.value)
        if known.first_user is not None:
            user = self.graph.values[known.first_user]
            own = user.lins[0].multiple_of(known.form)
            if own is not None:
                self.graph.values[known.first_user] = replace(user, lins=(shared.times(own),))
        return shared


@dataclass(frozen=True, slots=True)
class _Sum:
    """A sum that is a value, or becomes one when a second reader turns up."""

    form: Lin
    value: Value
    first_user: int | None = None


def _contained(part: Lin, whole: Lin) -> tuple[int, Lin]:
    """(k, whole - k * part) where k takes all of part's terms away from the whole; else k = 0."""
    factors = dict(whole.terms)
    value, k = part.terms[0]
    factor, remainder = divmod(factors.get(value, 0), k)
    if remainder or any(factors.get(v) != factor * k for v, k in part.terms):
        return 0, whole
    return factor, whole.plus(part, -factor)


def fuse(block: TierBlock, forms: Sequence[Lin], graph: Graph) -> Fused | None:
    """Adds the value of a hinted table's sum, if the values are a table with rounded lines."""
    quantity, reached = forms[block.quantity], Lin()
    rows: list[Row] = []
    lines: list[int | None] = []
    for upto, fill, amount in zip(block.uptos, block.fills, block.amounts, strict=True):
        reach = quantity if upto is None else _reach(quantity, forms[upto], graph)
        if reach is None or reach.is_constant:
            return None
        row = _row(reach.plus(reached, -1), forms[fill], forms[amount], graph)
        if row is None:
            return None
        rows.append(replace(row, upto=None if upto is None else forms[upto]))
        lines.append(None if forms[amount].is_constant else forms[amount].value)
        reached = reach
    return _fused(Table(quantity, _open(rows)), lines, graph)


def _reach(quantity: Lin, upto: Lin, graph: Graph) -> Lin | None:
    for lins in ((quantity, upto), (upto, quantity)):
        number = graph.known(Value(Kind.MIN, lins))
        if number is not None:
            return Lin(((number, 1),))
    return None


def _row(expected: Lin, fill: Lin, amount: Lin, graph: Graph) -> Row | None:
    """The row whose line is `amount`, if that is a rounded multiple of the expected fill."""
    if amount == Lin():
        return Row(None, 0, 2)
    if fill != expected and not _computes(fill, expected, graph):
        return None
    line = None if amount.value is None else graph.values[amount.value]
    if line is None or line.kind is not Kind.ROUND:
        return None
    rate = line.lins[0].multiple_of(fill)
    return None if rate is None else Row(None, rate, line.k)


def _computes(form: Lin, lin: Lin, graph: Graph) -> bool:
    return form.value is not None and graph.values[form.value] == Value(Kind.LINEAR, (lin,))


def _open(rows: Sequence[Row]) -> tuple[Row, ...]:
    """A closed table goes on with nothing above its last row."""
    return (*rows, Row(None, 0, 2)) if rows[-1].upto is not None else tuple(rows)


def _fused(table: Table, lines: list[int | None], graph: Graph) -> Fused | None:
    present = [line for line in lines if line is not None]
    modes = {graph.values[line].mode for line in present}
    if len(present) < 2 or len(set(present)) < len(present) or len(modes) > 1:
        return None
    if any(row.upto is None for row in table.rows[:-1]):
        return None
    total = graph.number(Value(Kind.TIER, mode=modes.pop(), table=table))
    return Fused(total, tuple(lines + [None] * (len(table.rows) - len(lines))))
