"""Document and shape of a bill -> straight-line program (`Ir`).

A shape is the list of a bill's segments, each a `Variant`: version, season, active
lines, states that start anew, and the choices; they fold to constants, so that one
program serves all bills of the shape. What the words mean stands in `reference`;
this module must agree with it, and the tests compare them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from billcore.core import calendar
from billcore.core.errors import TariffInvalid
from billcore.core.money import Mode, Rounding
from billcore.core.tariff.analysis import Sort
from billcore.core.tariff.builder import (
    ZERO,
    Builder,
    CanBeZero,
    Mask,
    TooWide,
    Val,
    const,
    whole_multiple,
)
from billcore.core.tariff.expression import choice_word
from billcore.core.tariff.sorts import Analysis
from billcore.core.tariff.document import (
    CARRY_LIMIT,
    Basis,
    Cell,
    Document,
    Form,
    Formula,
    InputSpec,
    Is,
    Kind,
    Limit,
    Line,
    Members,
    Percent,
    Record,
    Row,
    Rows,
    Split,
    Sum,
    Tiers,
)
from billcore.core.tariff.expression import (
    Binary,
    Call,
    Expr,
    Field,
    Index,
    Name,
    Negative,
    Not,
    Text,
    Whole,
)
from billcore.core.tariff.expression import Number as Literal
from billcore.core.tariff.ir import MODE_BY_NAME, Ir
from billcore.core.tariff.ir import TierBlock as TierHint
from billcore.core.tariff.source import Place
from billcore.core.tariff.status import Status

PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Variant:
    """What is constant in one segment and folds into the program."""

    version: int
    season: str
    active: tuple[bool, ...]
    resets: frozenset[str]
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """Where an input column of a program comes from.

    kind: input (the bill's or segment's attribute), days, months, years, state, or
    highest (of a history, folded by factors: month 1..12 to factor). segment None:
    the whole bill. scale: the column counts multiples of it.
    """

    column: str
    kind: str
    name: str
    segment: int | None
    scale: Fraction
    factors: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program and what its columns are."""

    ir: Ir
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """A cell that depends on the bill: the first branch whose mask holds."""

    branches: tuple[tuple[Mask, "Ref"], ...]


Ref = Cell | Switch


@dataclass(frozen=True, slots=True)
class LineValue:
    """A line's figures in a program, as `reference.LineResult`."""

    exact: Val
    amount: Val
    posted: Val
    parts: tuple[Val, ...]
    tiers: tuple[Val, ...]


@dataclass(frozen=True, slots=True)
class TierRow:
    lower: Val
    upper: Val | None
    inclusive: bool
    rate: Val
    base: Val | None
    over: Val | None
    reprice: bool


def compile_shape(document: Document, analysis: Analysis, shape: Sequence[Variant]) -> Compiled:
    """The program of all bills of a shape.

    Raises TariffInvalid, located, when a step cannot be proved exact.
    """
    return _Compiler(document, analysis, tuple(shape)).compiled()


class _Compiler:
    def __init__(self, document: Document, analysis: Analysis, shape: tuple[Variant, ...]) -> None:
        self.document = document
        self.analysis = analysis
        self.shape = shape
        self.build = Builder()
        self.bindings: dict[str, Binding] = {}
        self.lines: dict[str, LineValue] = {}
        self.known: dict[tuple[str, int, int], Val | Mask | str] = {}
        self.states: dict[tuple[str, int], Val] = {}
        self.place: Place = document.total.place
        self.unit = Fraction(1, 10**document.digits)

    def compiled(self) -> Compiled:
        try:
            ir = self.build.ir(self.outputs())
        except TooWide:
            raise self.refused(
                "TOO_WIDE",
                "This step needs more than 126 bits: round before it, or lower the 'max' or 'decimals' "
                "of the inputs it uses.",
            ) from None
        except CanBeZero:
            raise self.refused(
                "DIVISION_BY_ZERO",
                "This divisor can be 0 (or change its sign): give its input a 'min' above 0, or guard it "
                "with if(x > 0, ..., ...).",
            ) from None
        return Compiled(ir, tuple(self.bindings.values()))

    def refused(self, rule: str, message: str) -> TariffInvalid:
        return TariffInvalid([self.place.finding(rule, message)])

    def outputs(self) -> dict[str, int]:
        self.all_inputs()
        for line in self.document.lines:
            self.place = line.place
            self.lines[line.id] = self.line(line)
        found: dict[str, int] = {}
        for line in self.document.lines:
            value = self.lines[line.id]
            unit = self.line_unit(line)
            found[line.id] = self.count(value.posted, unit)
            if line.itemised:
                found |= self.sub_line_outputs(line, value)
        self.place = self.document.total.place
        return found | self.total() | self.state_outputs()

    def sub_line_outputs(self, line: Line, value: LineValue) -> dict[str, int]:
        """id[1], id[2] ...: as many as the longest table of any version has."""
        count = self.analysis.sub_lines[line.id]
        tiers = [*value.tiers, *[ZERO] * count][:count]
        unit = self.line_unit(line)
        posted = [self.count(self.half_up(t, unit), unit) for t in tiers]
        return {f"{line.id}[{n}]": register for n, register in enumerate(posted, 1)}

    def line_unit(self, line: Line) -> Fraction:
        """What a line's column counts: the unit of account, or a quantity's decimals."""
        return Fraction(1, 10 ** self.document.line_digits(line))

    def all_inputs(self) -> None:
        """Every declared number is an input, used or not: its limits always hold."""
        for spec in self.document.inputs.values():
            if spec.kind not in (Kind.CHOICE, Kind.FLAG):
                for k in range(len(self.shape)) if spec.per_segment else (None,):
                    self.input_column(spec, k)

    def count(self, val: Val, unit: Fraction) -> int:
        """The register that counts a value in units."""
        return self.build.at(val, unit, ())

    def half_up(self, val: Val, unit: Fraction) -> Val:
        return self.build.round(val, Rounding(unit, Mode.HALF_UP))

    # -- inputs

    def bound_input(self, binding: Binding, lo: Fraction, hi: Fraction) -> Val:
        self.bindings[binding.column] = binding
        lowest, highest = lo / binding.scale, hi / binding.scale
        register = self.build.input(
            binding.column,
            -(-lowest.numerator // lowest.denominator),
            highest.numerator // highest.denominator,
        )
        return Val(register, binding.scale)

    def input_column(self, spec: InputSpec, k: int | None) -> Val:
        column = spec.name if k is None else f"{spec.name}@{k}"
        decimals = self.document.digits if spec.kind is Kind.MONEY else spec.decimals
        binding = Binding(column, "input", spec.name, k, Fraction(1, 10**decimals))
        return self.bound_input(binding, spec.lo, spec.hi)

    def days(self, k: int | None) -> Val:
        """Billed days of a segment; None: of the bill."""
        single = len(self.shape) == 1
        column = "days" if k is None or single else f"days@{k}"
        binding = Binding(column, "days", "days", None if single else k, Fraction(1))
        return self.bound_input(binding, Fraction(1), Fraction(self.document.period.days_max))

    def calendar_input(self, name: str, k: int | None) -> Val:
        kind = "months" if name == "calendar_months" else "years"
        whole = (
            calendar.MONTH_DENOMINATOR[self.document.calendar]
            if kind == "months"
            else calendar.YEAR_DENOMINATOR
        )
        where = None if len(self.shape) == 1 else k
        column = name if where is None else f"{name}@{where}"
        most = Fraction(self.document.period.days_max, 28 if kind == "months" else 365)
        binding = Binding(column, kind, name, where, Fraction(1, whole))
        return self.bound_input(binding, Fraction(0), most)

    def time(self, name: str, k: int | None) -> Val:
        """days, calendar_months, calendar_years of a segment or (None) of the bill."""
        cut = self.document.period.cut
        if cut > 1:
            whole = self.days(None) if name == "days" else self.calendar_input(name, None)
            return whole if k is None else self.build.scaled(whole, Fraction(1, cut))
        if name == "days":
            return self.days(k)
        if k is None and len(self.shape) > 1:
            return self.build.sum(self.calendar_input(name, j) for j in range(len(self.shape)))
        return self.calendar_input(name, k)

    def share(self, val: Val, k: int) -> Val:
        """Segment k's share by days (or by equal parts) of something of the whole bill."""
        if len(self.shape) == 1:
            return val
        if self.document.period.cut > 1:
            return self.build.scaled(val, Fraction(1, len(self.shape)))
        return self.build.div(self.build.mul(val, self.days(k)), self.days(None))

    def weight_upto(self, k: int) -> Val:
        """The share of the period in the first k segments."""
        if self.document.period.cut > 1:
            return const(Fraction(k, len(self.shape)))
        above = self.build.sum(self.days(j) for j in range(k))
        return self.build.div(above, self.days(None))

    def quantity(self, spec: InputSpec, k: int) -> Val:
        if spec.per_segment:
            return self.input_column(spec, k)
        return self.cut_quantity(self.input_column(spec, None), spec.split, k)

    def cut_quantity(self, whole: Val, split: Split, k: int) -> Val:
        if split.rounding is None or len(self.shape) == 1:
            return self.share(whole, k)
        if split.rest_first:
            return self.build.sub(
                self.after(whole, split.rounding, k), self.after(whole, split.rounding, k + 1)
            )
        return self.build.sub(
            self.upto(whole, split.rounding, k + 1), self.upto(whole, split.rounding, k)
        )

    def upto(self, whole: Val, rounding: Rounding, k: int) -> Val:
        if k in (0, len(self.shape)):
            return whole if k else ZERO
        return self.build.round(self.build.mul(whole, self.weight_upto(k)), rounding)

    def after(self, whole: Val, rounding: Rounding, k: int) -> Val:
        if k in (0, len(self.shape)):
            return ZERO if k else whole
        rest = self.build.sub(const(1), self.weight_upto(k))
        return self.build.round(self.build.mul(whole, rest), rounding)

    # -- formulas

    def number(self, expr: Expr, k: int) -> Val:
        found = self.plain(expr, k)
        assert isinstance(found, Val), expr
        return found

    def plain(self, expr: Expr, k: int) -> Val | Mask:
        """A number or a condition."""
        found = self.value(expr, k)
        assert not isinstance(found, str), expr
        if isinstance(found, Val | bool | int):
            return found
        return self.choose(found, lambda cell: self.cell_number(cell, k))

    def cell_number(self, cell: Cell, k: int) -> Val:
        assert isinstance(cell, Formula), cell
        before, self.place = self.place, cell.place
        found = self.number(cell.expr, k)
        self.place = before
        return found

    def formula(self, formula: Formula, k: int) -> Val:
        before, self.place = self.place, formula.place
        found = self.number(formula.expr, k)
        self.place = before
        return found

    def choose(self, ref: Ref, leaf: Callable[[Cell], Val]) -> Val:
        """The value of the branch that holds, each evaluated on its own path."""
        if not isinstance(ref, Switch):
            return leaf(ref)
        values: list[tuple[Mask, Val]] = []
        earlier: Mask = False
        for mask, branch in ref.branches:
            here = self.build.both(mask, self.build.negate(earlier))
            if here is not False:
                with self.build.under(here):
                    values.append((mask, self.choose(branch, leaf)))
            earlier = self.build.either(earlier, mask)
        found = values[-1][1]
        for mask, value in reversed(values[:-1]):
            found = self.build.select(mask, value, found)
        return found

    def condition(self, expr: Expr, k: int) -> Mask:
        found = self.value(expr, k)
        assert isinstance(found, bool | int), expr
        return found

    def whole(self, formula: Formula) -> Val:
        if self.analysis.of(formula) is Sort.PART:
            return self.build.sum(self.formula(formula, k) for k in range(len(self.shape)))
        return self.formula(formula, 0)

    def value(self, expr: Expr, k: int) -> Val | Mask | str | Ref:
        match expr:
            case Literal(value=value):
                return const(value)
            case Text(value=text):
                return text
            case Name(id=name):
                return self.name(name, k)
            case Whole(id=name):
                return self.bill_wide(name)
            case Field(base=base, name=name):
                return self.mapped(self.ref(base, k), lambda cell: _field(cell, name))
            case Index():
                return self.index(expr, k)
            case Negative(of=of):
                return self.build.negative(self.number(of, k))
            case Not(of=of):
                return self.build.negate(self.condition(of, k))
            case Binary():
                return self.binary(expr, k)
            case Call():
                return self.call(expr, k)

    def ref(self, expr: Expr, k: int) -> Ref:
        found = self.value(expr, k)
        assert isinstance(found, Formula | Record | Rows | Switch), expr
        return found

    def mapped(self, ref: Ref, step: Callable[[Cell], Ref]) -> Ref:
        if isinstance(ref, Switch):
            return Switch(tuple((mask, self.mapped(branch, step)) for mask, branch in ref.branches))
        return step(ref)

    def name(self, name: str, k: int) -> Val | Mask | str | Ref:
        document = self.document
        if name in ("days", "calendar_months", "calendar_years"):
            return self.time(name, k)
        if name == document.period.named:
            return const(1)
        if name == "season" and document.seasons:
            return self.shape[k].season
        if name in document.inputs:
            return self.input(document.inputs[name], k)
        if name in document.values:
            return self.named_value(name, k)
        if name in document.states:
            return self.state(name, k)
        if name in self.lines:
            return self.lines[name].amount
        cell = document.cell(self.shape[k].version, name)
        assert cell is not None, name
        return self.cell_number(cell, k) if isinstance(cell, Formula) else cell

    def input(self, spec: InputSpec, k: int) -> Val | Mask | str:
        if spec.kind is Kind.QUANTITY:
            return self.quantity(spec, k)
        if spec.kind in (Kind.CHOICE, Kind.FLAG):
            word = dict(self.shape[k].choices)[spec.name]
            return word if spec.kind is Kind.CHOICE else word == "1"
        return self.input_column(spec, k if spec.per_segment else None)

    def bill_wide(self, name: str) -> Val:
        if name in ("days", "calendar_months", "calendar_years"):
            return self.time(name, None)
        spec = self.document.inputs.get(name)
        if spec is not None and not spec.per_segment and spec.kind is not Kind.FLAG:
            return self.input_column(spec, None)
        additive = spec is not None and spec.kind is Kind.QUANTITY
        additive |= (
            name == self.document.period.named or self.analysis.values.get(name) is Sort.PART
        )
        if additive:
            return self.build.sum(self.number(Name(name), k) for k in range(len(self.shape)))
        return self.number(Name(name), 0)

    def named_value(self, name: str, k: int) -> Val | Mask | str:
        """A named value: once for each path that uses it, so that it fails only where used."""
        path = -1 if self.build.path is True else self.build.path
        if (name, k, path) not in self.known:
            self.known[name, k, path] = self.fresh_value(name, k)
        return self.known[name, k, path]

    def fresh_value(self, name: str, k: int) -> Val | Mask | str:
        value = self.document.values[name]
        if isinstance(value.form, Tiers):
            found: Val | Mask | str | Ref = self.build.sum(t for t in self.fills(value.form, k))
        else:
            assert isinstance(value.form, Is)
            before, self.place = self.place, value.form.formula.place
            found = self.value(value.form.formula.expr, k)
            if isinstance(found, Formula | Switch):
                found = self.choose(found, lambda cell: self.cell_number(cell, k))
            self.place = before
        if value.rounding is not None:
            assert isinstance(found, Val)
            found = self.build.round(found, value.rounding)
        assert isinstance(found, Val | bool | int | str)
        return found

    def index(self, expr: Index, k: int) -> Val | Ref:
        if isinstance(expr.base, Name) and expr.base.id in self.lines:
            assert isinstance(expr.key, Literal)
            tiers, n = self.lines[expr.base.id].tiers, int(expr.key.value)
            return tiers[n - 1] if 1 <= n <= len(tiers) else ZERO
        base = self.ref(expr.base, k)
        key = self.value(expr.key, k)
        if isinstance(key, str):
            word = key
            return self.mapped(base, lambda cell: _entry(cell, word))
        x = self.number(expr.key, k)
        return self.select_row(base, x, k)

    def select_row(self, ref: Ref, x: Val, k: int, within: Mask = True) -> Ref:
        """The row that holds x, in every branch of a cell."""
        if isinstance(ref, Switch):
            branches = []
            earlier: Mask = False
            for mask, branch in ref.branches:
                here = self.build.both(mask, self.build.negate(earlier))
                branches.append(
                    (mask, self.select_row(branch, x, k, self.build.both(within, here)))
                )
                earlier = self.build.either(earlier, mask)
            return Switch(tuple(branches))
        with self.build.under(within):
            return self.row_switch(ref, x, k)

    def row_switch(self, cell: Cell, x: Val, k: int) -> Ref:
        if isinstance(cell, Record):
            held = [
                (self.build.compare("==", x, const(Fraction(key))), c)
                for key, c in cell.cells.items()
            ]
            return self.switch(held, Status.MISSING_KEY)
        assert isinstance(cell, Rows)
        found: list[tuple[Mask, Cell]] = []
        for row in cell.rows:
            upper = None if row.bound is None else self.formula(row.bound, k)
            found.append((self.within(x, upper, row.inclusive), Record(row.cells, row.place)))
        return self.switch(found, Status.ABOVE_LAST_ROW)

    def switch(self, held: list[tuple[Mask, Cell]], otherwise: Status) -> Ref:
        any_held: Mask = False
        for mask, _ in held:
            any_held = self.build.either(any_held, mask)
        self.build.fail(self.build.negate(any_held), otherwise)
        return Switch(tuple(held))

    def within(self, x: Val, upper: Val | None, inclusive: bool) -> Mask:
        return True if upper is None else self.build.compare("<=" if inclusive else "<", x, upper)

    def binary(self, expr: Binary, k: int) -> Val | Mask:
        op, build = expr.op, self.build
        if op in ("and", "or"):
            return self.logic(expr, k)
        if op in ("==", "!=") and (choice := self.choice_equal(expr, k)) is not None:
            return choice == (op == "==")
        left, right = self.number(expr.left, k), self.number(expr.right, k)
        match op:
            case "+":
                return build.add(left, right)
            case "-":
                return build.sub(left, right)
            case "*":
                return build.mul(left, right)
            case "/":
                return build.div(left, right)
        return build.compare(op, left, right)

    def logic(self, expr: Binary, k: int) -> Mask:
        build = self.build
        left = self.condition(expr.left, k)
        if isinstance(left, bool) and left == (expr.op == "or"):
            return left
        with build.under(left if expr.op == "and" else build.negate(left)):
            right = self.condition(expr.right, k)
        return build.both(left, right) if expr.op == "and" else build.either(left, right)

    def choice_equal(self, expr: Binary, k: int) -> bool | None:
        for subject, other in ((expr.left, expr.right), (expr.right, expr.left)):
            if isinstance(subject, Name) and self.is_choice(subject.id):
                return self.name(subject.id, k) == choice_word(other)
        return None

    def is_choice(self, name: str) -> bool:
        spec = self.document.inputs.get(name)
        return (spec is not None and spec.kind is Kind.CHOICE) or (
            name == "season" and bool(self.document.seasons)
        )

    def call(self, expr: Call, k: int) -> Val | Mask:
        arguments, build = expr.arguments, self.build
        match expr.function:
            case "if":
                return self.conditional(expr, k)
            case "min" | "max":
                found = self.number(arguments[0], k)
                for other in arguments[1:]:
                    step = build.min if expr.function == "min" else build.max
                    found = step(found, self.number(other, k))
                return found
            case "abs":
                found = self.number(arguments[0], k)
                return build.max(found, build.negative(found))
            case "floor":
                return build.round(self.number(arguments[0], k), Rounding(Fraction(1), Mode.FLOOR))
            case "ceil":
                return build.round(
                    self.number(arguments[0], k), Rounding(Fraction(1), Mode.CEILING)
                )
            case "round":
                return self.rounded(expr, k)
            case "share":
                return self.share(self.number(arguments[0], k), k)
            case "first":
                return self.number(arguments[0], 0)
            case "last":
                return self.number(arguments[0], len(self.shape) - 1)
        return self.rare_call(expr, k)

    def conditional(self, expr: Call, k: int) -> Val | Mask:
        mask = self.condition(expr.arguments[0], k)
        if isinstance(mask, bool):
            return self.plain(expr.arguments[1 if mask else 2], k)
        sides: list[Val | Mask] = []
        for here, side in ((mask, expr.arguments[1]), (self.build.negate(mask), expr.arguments[2])):
            with self.build.under(here):
                sides.append(self.plain(side, k))
        then, other = sides
        if isinstance(then, Val) and isinstance(other, Val):
            return self.build.select(mask, then, other)
        assert not isinstance(then, Val) and not isinstance(other, Val)
        build = self.build
        return build.either(build.both(mask, then), build.both(build.negate(mask), other))

    def rounded(self, expr: Call, k: int) -> Val:
        mode = expr.arguments[2]
        assert isinstance(mode, Name)
        rounding = Rounding(self.constant(expr.arguments[1], k), MODE_BY_NAME[mode.id])
        return self.build.round(self.number(expr.arguments[0], k), rounding)

    def constant(self, expr: Expr, k: int) -> Fraction:
        found = self.number(expr, k).constant
        if found is None or found <= 0:
            raise self.refused("ROUNDING_UNIT", "A rounding unit is a positive constant.")
        return found

    def rare_call(self, expr: Call, k: int) -> Val:
        arguments = expr.arguments
        match expr.function:
            case "part":
                return self.part(self.line_named(arguments[0]), k)
            case "exact":
                return self.line_named(arguments[0]).exact
            case "highest":
                return self.highest(expr, k)
            case "power_factor":
                return self.power_factor(expr, k)
        return self.units_for(expr, k)

    def line_named(self, expr: Expr) -> LineValue:
        assert isinstance(expr, Name)
        return self.lines[expr.id]

    def part(self, line: LineValue, k: int) -> Val:
        return line.parts[k] if line.parts else line.exact

    def highest(self, expr: Call, k: int) -> Val:
        name = expr.arguments[0]
        assert isinstance(name, Name)
        spec = self.document.states[name.id]
        factors = (Fraction(1),) * 12
        if len(expr.arguments) == 2:
            record = self.ref(expr.arguments[1], k)
            assert isinstance(record, Record)
            factors = tuple(self.month_factor(record, m, k) for m in range(1, 13))
        unit = Fraction(1, 10**spec.decimals)
        scale = unit / lcm(*(f.denominator for f in factors))
        corners = [x * f for x in (spec.lo, spec.hi) for f in factors]
        column = f"highest({name.id})" if len(expr.arguments) == 1 else f"highest({name.id})@{k}"
        binding = Binding(column, "highest", name.id, None, scale, factors)
        return self.bound_input(binding, min(Fraction(0), *corners), max(corners))

    def month_factor(self, record: Record, month: int, k: int) -> Fraction:
        found = self.cell_number(record.cells[str(month)], k).constant
        assert found is not None
        return found

    def power_factor(self, expr: Call, k: int) -> Val:
        steps = 1 / self.constant(expr.arguments[2], k)
        if steps.denominator != 1:
            raise self.refused(
                "ROUNDING_UNIT", "The unit of power_factor() is one of 1, 0.1, 0.01 ..."
            )
        active, reactive = (self.number(a, k) for a in expr.arguments[:2])
        return self.build.power_factor(active, reactive, int(steps))

    def units_for(self, expr: Call, k: int) -> Val:
        money = self.number(expr.arguments[0], k)
        start = self.number(expr.arguments[2], k) if len(expr.arguments) == 3 else ZERO
        table = self.ref(expr.arguments[1], k)
        assert isinstance(table, Rows)
        build = self.build
        got, lower, left = ZERO, ZERO, money
        branches: list[tuple[Mask, Val]] = []
        for row in table.rows:
            upper = None if row.bound is None else self.formula(row.bound, k)
            rate = self.cell_number(row.cells["rate"], k)
            here = build.max(lower, start)
            room = None if upper is None else build.max(build.sub(upper, here), ZERO)
            branches.append(self.bought(left, room, rate, got))
            if upper is None or room is None:
                break
            got, left = build.add(got, room), build.sub(left, build.mul(room, rate))
            lower = build.max(lower, upper)
        return self.first_branch(branches)

    def bought(self, left: Val, room: Val | None, rate: Val, got: Val) -> tuple[Mask, Val]:
        """(the money ends in this row, what it bought up to there)."""
        build = self.build
        positive = build.compare("<", ZERO, rate)
        ends = (
            positive
            if room is None
            else build.both(positive, build.compare("<=", left, build.mul(room, rate)))
        )
        if ends is False:
            return False, ZERO
        with build.under(ends):
            return ends, build.add(got, build.div(left, rate))

    def first_branch(self, branches: list[tuple[Mask, Val]]) -> Val:
        build = self.build
        held: Mask = False
        for mask, _ in branches:
            held = build.either(held, mask)
        build.fail(build.negate(held), Status.ABOVE_LAST_ROW)
        found = ZERO
        for mask, value in reversed(branches):
            found = build.select(mask, value, found)
        return found

    # -- tiers

    def fills(self, form: Tiers, k: int) -> list[Val]:
        """The amount of each row (a graduated table), or the one amount of any other."""
        table = self.ref(form.by.expr, k)
        if isinstance(table, Switch):
            return [
                self.choose(table, lambda cell: self.build.sum(self.table_fills(form, cell, k)))
            ]
        return self.table_fills(form, table, k)

    def table_fills(self, form: Tiers, cell: Cell, k: int) -> list[Val]:
        assert isinstance(cell, Rows)
        build = self.build
        q = self.formula(form.of, k)
        rows = self.tier_rows(form, cell, k)
        if form.split_fill is not None and len(self.shape) > 1:
            return self.split_fills(q, rows, form.split_fill.rounding, k)
        if form.start is not None:
            start = self.formula(form.start, k)
            upto, before = self.price(rows, build.add(start, q)), self.price(rows, start)
            return [build.sub(a, b) for a, b in zip(upto, before, strict=True)]
        found = self.price(rows, q)
        return [self.share(a, k) for a in found] if form.split_money else found

    def tier_rows(self, form: Tiers, table: Rows, k: int) -> list[TierRow]:
        scale = const(1) if form.scale is None else self.formula(form.scale, k)
        found: list[TierRow] = []
        lower = ZERO
        for row in table.rows:
            upper = None if row.bound is None else self.upper(form, row.bound, scale, lower, k)
            found.append(self.tier_row(form, row, lower, upper, k))
            lower = lower if upper is None else upper
        return found

    def upper(self, form: Tiers, bound: Formula, scale: Val, lower: Val, k: int) -> Val:
        """The scaled bound, never below the one before."""
        plain = self.formula(bound, k)
        found = self.build.mul(plain, scale)
        if form.bounds is not None:
            found = self.build.round(found, form.bounds)
        if self.rises(form, bound, scale):
            return found
        return self.build.max(found, lower)

    def rises(self, form: Tiers, bound: Formula, scale: Val) -> bool:
        """Constant bounds rise as the checker saw; a scale of one sign keeps that."""
        del form
        constant = isinstance(bound.expr, Literal)
        positive = scale.constant is not None and scale.constant >= 0
        if scale.register is not None:
            positive = self.build.bounds[scale.register][0] >= 0
        return constant and positive

    def tier_row(self, form: Tiers, row: Row, lower: Val, upper: Val | None, k: int) -> TierRow:
        def cell(name: str) -> Val | None:
            return self.cell_number(row.cells[name], k) if name in row.cells else None

        rate = cell(form.price) or ZERO
        return TierRow(
            lower, upper, row.inclusive, rate, cell("base"), cell("over"), row.reprice or form.whole
        )

    def price(self, rows: list[TierRow], q: Val) -> list[Val]:
        last = rows[-1]
        if last.upper is not None:
            self.build.fail(
                self.build.negate(self.within(q, last.upper, last.inclusive)), Status.ABOVE_LAST_ROW
            )
        if any(r.reprice or r.base is not None for r in rows):
            return [self.stepped(rows, q)]
        return self.graduated(rows, q)

    def graduated(self, rows: list[TierRow], q: Val) -> list[Val]:
        build = self.build
        uppers = [r.upper for r in rows if r.upper is not None]
        registers, scale, below = (
            build.align([q, *uppers]) if q.register is not None else ([], q.scale, ())
        )
        if not registers:
            return [
                build.mul(f, r.rate)
                for f, r in zip(self.constant_fills(rows, q), rows, strict=True)
            ]
        reached: Val | None = None
        fills: list[Val] = []
        for n, row in enumerate(rows):
            x = Val(registers[0], scale, below)
            if row.upper is not None:
                x = build.min(x, Val(registers[n + 1], scale, below))
            fills.append(x if reached is None else build.sub(x, reached))
            reached = x
        amounts = [build.mul(f, r.rate) for f, r in zip(fills, rows, strict=True)]
        self.hint(registers, fills, amounts, rows)
        return amounts

    def constant_fills(self, rows: list[TierRow], q: Val) -> list[Val]:
        build = self.build
        reached = [q if r.upper is None else build.min(q, r.upper) for r in rows]
        return [build.sub(x, reached[n - 1]) if n else x for n, x in enumerate(reached)]

    def hint(
        self, registers: list[int], fills: list[Val], amounts: list[Val], rows: list[TierRow]
    ) -> None:
        """Tells executors that these registers are one graduated table."""
        uptos = tuple(registers[n + 1] if r.upper is not None else None for n, r in enumerate(rows))
        filled = [f.register for f in fills if f.register is not None]
        priced = [a.register for a in amounts if a.register is not None]
        if len(filled) == len(priced) == len(rows):
            self.build.tier_blocks.append(
                TierHint(registers[0], uptos, tuple(filled), tuple(priced))
            )

    def stepped(self, rows: list[TierRow], q: Val) -> Val:
        """A table that re-prices or steps: the formula of the row that q reaches."""
        build = self.build
        formulas: list[tuple[Mask, Val]] = []
        carried = ZERO
        for row in rows:
            formulas.append(
                (self.within(q, row.upper, row.inclusive), self.row_amount(row, q, carried))
            )
            if row.upper is not None:
                carried = self.row_amount(row, row.upper, carried)
        found = formulas[-1][1]
        for mask, value in reversed(formulas[:-1]):
            found = build.select(mask, value, found)
        return found

    def row_amount(self, row: TierRow, q: Val, carried: Val) -> Val:
        build = self.build
        if row.base is not None:
            over = row.lower if row.over is None else row.over
            return build.add(row.base, build.mul(row.rate, build.sub(q, over)))
        if row.reprice:
            return build.mul(row.rate, q)
        return build.add(carried, build.mul(row.rate, build.sub(q, row.lower)))

    def split_fills(self, q: Val, rows: list[TierRow], rounding: Rounding, k: int) -> list[Val]:
        build = self.build
        mine = self.cut_quantity(q, Split(rounding), k)
        last = rows[-1]
        if last.upper is not None:
            build.fail(
                build.negate(self.within(q, last.upper, last.inclusive)), Status.ABOVE_LAST_ROW
            )
        found: list[Val] = []
        taken = ZERO
        done: Mask = False
        for row in rows:
            here = self.within(q, row.upper, row.inclusive)
            rest = build.sub(mine, taken)
            if row.upper is None:
                filled = rest
            else:
                full = build.round(self.share(build.sub(row.upper, row.lower), k), rounding)
                filled = build.select(here, rest, full)
                taken = build.add(taken, full)
            filled = build.select(done, ZERO, filled)
            done = build.either(done, here)
            found.append(build.mul(filled, row.rate))
        return found

    # -- lines

    def line(self, line: Line) -> LineValue:
        parts, tiers, exact = self.figures(line)
        if line.each is not None and tiers:
            exact = self.build.sum(tiers)
        amount = exact if line.rounding is None else self.build.round(exact, line.rounding)
        shown = amount if line.show is None else self.build.round(amount, line.show)
        posted = self.half_up(shown, self.line_unit(line))
        return LineValue(exact, amount, posted, tuple(parts), tuple(tiers))

    def figures(self, line: Line) -> tuple[list[Val], list[Val], Val]:
        """parts, sub-lines and the exact amount; see `reference.Evaluation.figures`."""
        has_parts = self.analysis.has_parts(line)
        every = range(len(self.shape)) if has_parts else range(1)
        applies = {k: self.applies(line, k) for k in every}
        rows = {k: self.part_rows(line, k, applies[k]) for k in every}
        parts = [self.build.sum(rows[k]) for k in every]
        if line.round_parts is not None:
            parts = [self.build.round(p, line.round_parts) for p in parts]
        tiers = self.sub_lines(line, list(rows.values()))
        return (parts if has_parts else []), tiers, self.build.sum(parts)

    def applies(self, line: Line, k: int) -> Mask:
        position = self.document.lines.index(line)
        if not self.shape[k].active[position]:
            return False
        return True if line.when is None else self.condition(line.when.expr, k)

    def part_rows(self, line: Line, k: int, applies: Mask) -> list[Val]:
        """What makes up the line in a segment: its tiers, or its one value; 0 if it is absent."""
        if applies is False:
            return [ZERO]
        with self.build.under(applies):
            rows = self.form_rows(line, line.form, k)
        return [self.build.select(applies, r, ZERO) for r in rows]

    def form_rows(self, line: Line, form: Form, k: int) -> list[Val]:
        build = self.build
        match form:
            case Is(formula=formula):
                return [self.formula(formula, k)]
            case Tiers():
                return self.fills(form, k)
            case Percent(rate=rate, members=members, basis=basis):
                level = self.formula(rate, k)
                if basis is Basis.TIERS:
                    return [build.mul(level, t) for m in self.members(members) for t in m.tiers]
                return [build.mul(level, self.basis_sum(members, basis, k))]
            case Sum(members=members, basis=basis):
                return [self.basis_sum(members, basis, k)]
            case Limit():
                return [self.limit(form)]

    def sub_lines(self, line: Line, rows: list[list[Val]]) -> list[Val]:
        longest = max(len(r) for r in rows)
        found = [self.build.sum(r[n] for r in rows if n < len(r)) for n in range(longest)]
        return found if line.each is None else [self.build.round(t, line.each) for t in found]

    def members(self, members: Members) -> list[LineValue]:
        found = self.document.members(members, len(self.lines))
        return [self.lines[x.id] for x in found]

    def basis_sum(self, members: Members, basis: Basis, k: int) -> Val:
        found = self.members(members)
        match basis:
            case Basis.WHOLE:
                return self.build.sum(m.amount for m in found)
            case Basis.EXACT:
                return self.build.sum(m.exact for m in found)
            case Basis.PARTS:
                return self.build.sum(self.part(m, k) for m in found)
            case Basis.TIERS:
                return self.build.sum(t for m in found for t in m.tiers)

    def limit(self, form: Limit) -> Val:
        build = self.build
        have, limit = self.basis_sum(form.members, form.basis, 0), self.whole(form.limit)
        rest = build.sub(limit, have)
        return build.max(rest, ZERO) if form.lowest else build.min(rest, ZERO)

    # -- total and state

    def total(self) -> dict[str, int]:
        build, total = self.build, self.document.total
        due = exact = self.total_exact()
        carried = ZERO
        if total.carry is not None:
            binding = Binding(total.carry, "state", total.carry, None, self.unit)
            carried = self.bound_input(binding, -CARRY_LIMIT, CARRY_LIMIT)
            due = build.add(exact, carried)
        payable = due if total.rounding is None else build.round(due, total.rounding)
        left = build.sub(due, payable)
        self.must_count(payable, "The total")
        if total.carry is not None:
            self.must_count(left, "The carried remainder")
        counted = build.sum(self.lines[x.id].posted for x in self.document.lines if x.counts)
        odd = build.sub(payable, counted)
        found = {}
        if total.carry is not None:
            odd = build.add(build.sub(odd, carried), left)
            found = {
                "carried_in": self.count(carried, self.unit),
                "carried_out": self.count(left, self.unit),
            }
        return {
            "rounding": self.count(odd, self.unit),
            **found,
            "total": self.count(payable, self.unit),
        }

    def total_exact(self) -> Val:
        build, total = self.build, self.document.total
        if total.formula is not None:
            found = self.whole(total.formula)
        else:
            assert total.members is not None
            found = self.basis_sum(total.members, total.basis, 0)
        if total.at_least is not None:
            found = build.max(found, self.whole(total.at_least))
        if total.at_most is not None:
            found = build.min(found, self.whole(total.at_most))
        return found

    def must_count(self, val: Val, what: str) -> None:
        if not whole_multiple(val, self.unit):
            raise self.refused(
                "TOTAL_NOT_WHOLE",
                f"{what} is not always a whole number of units of account ({self.document.digits} decimals): "
                "round the lines or the total, or state money.decimals.",
            )

    def state(self, name: str, k: int) -> Val:
        """A running state's value at the start of segment k."""
        spec = self.document.states[name]
        if name in self.shape[k].resets:
            return const(spec.initial)
        if k > 0:
            return self.state_after(name, k - 1)
        unit = Fraction(1, 10**spec.decimals)
        return self.bound_input(Binding(name, "state", name, None, unit), spec.lo, spec.hi)

    def state_after(self, name: str, k: int) -> Val:
        if (name, k) not in self.states:
            spec = self.document.states[name]
            assert spec.next is not None
            path, self.build.path = self.build.path, True
            self.states[name, k] = self.kept(name, self.formula(spec.next, k))
            self.build.path = path
        return self.states[name, k]

    def kept(self, name: str, val: Val) -> Val:
        """A state's new value, within its limits and decimals."""
        spec, build = self.document.states[name], self.build
        if not whole_multiple(val, Fraction(1, 10**spec.decimals)):
            raise self.refused(
                "STATE_DECIMALS",
                f"The state {name} can need more than {spec.decimals} decimals: round it.",
            )
        build.fail(build.compare("<", val, const(spec.lo)), Status.OUT_OF_RANGE)
        build.fail(build.compare("<", const(spec.hi), val), Status.OUT_OF_RANGE)
        return val

    def state_outputs(self) -> dict[str, int]:
        found = {}
        for name, spec in self.document.states.items():
            if spec.push is not None:
                self.place = spec.push.place
                val = self.kept(name, self.whole(spec.push))
            else:
                val = self.state_after(name, len(self.shape) - 1)
            found[f"state:{name}"] = self.build.at(val, Fraction(1, 10**spec.decimals), ())
        return found


def _field(cell: Cell, name: str) -> Cell:
    assert isinstance(cell, Record)
    return cell.cells[name]


def _entry(cell: Cell, word: str) -> Cell:
    assert isinstance(cell, Record)
    return cell.cells[word]
