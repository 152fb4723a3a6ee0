"""Formulas as steps of a program: names, tables, operators and functions.

What the words mean stands in `reference.formulas`; this must agree with it.
"""

from fractions import Fraction

from billcore.core.money import Mode, Rounding
from billcore.core.tariff.checks.infer_calls import MONTHS
from billcore.core.tariff.ir import MODE_BY_NAME
from billcore.core.tariff.language.analysis import Sort
from billcore.core.tariff.language.document import (
    TIMES,
    Cell,
    Formula,
    Is,
    Record,
    Row,
    Rows,
    Split,
    Tiers,
)
from billcore.core.tariff.language.expression import (
    Binary,
    Call,
    Expr,
    Field,
    Index,
    Name,
    Negative,
    Not,
    Number,
    Text,
    Whole,
    choice_word,
)
from billcore.core.tariff.program.builder import ZERO, Mask, Val, const, whole_multiple
from billcore.core.tariff.program.cells import Ref, Switch, choose, entry, one_of, select
from billcore.core.tariff.program.inputs import Inputs
from billcore.core.tariff.program.scope import LineValue, Scope
from billcore.core.tariff.program.tiers import TierRow, bought, price, price_between, split
from billcore.core.tariff.status import Status

WHOLE_UP = Rounding(Fraction(1), Mode.CEILING)
WHOLE_DOWN = Rounding(Fraction(1), Mode.FLOOR)


class Formulas:
    """Formulas in segment k of a bill. Raises TariffInvalid, TooWide or CanBeZero."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.document = scope.document
        self.build = scope.build
        self.inputs = Inputs(scope)
        self._known: dict[tuple[str, int, int], Val | Mask | str] = {}
        self._states: dict[tuple[str, int], Val] = {}

    def formula(self, formula: Formula, k: int) -> Val:
        with self.scope.at(formula.place):
            return self.number(formula.expr, k)

    def cell_number(self, cell: Cell, k: int) -> Val:
        assert isinstance(cell, Formula), cell
        return self.formula(cell, k)

    def whole(self, formula: Formula) -> Val:
        """A formula over the whole bill: a part is summed, anything else taken once."""
        if self.scope.analysis.of(formula) is Sort.PART:
            return self.build.sum(self.formula(formula, k) for k in self.scope.every)
        return self.formula(formula, 0)

    # -- expressions

    def number(self, expr: Expr, k: int) -> Val:
        found = self.plain(expr, k)
        assert isinstance(found, Val), expr
        return found

    def condition(self, expr: Expr, k: int) -> Mask:
        found = self.value(expr, k)
        assert isinstance(found, bool | int), expr
        return found

    def plain(self, expr: Expr, k: int) -> Val | Mask:
        """A number or a condition."""
        found = self.value(expr, k)
        assert not isinstance(found, str), expr
        return found if isinstance(found, Val | bool | int) else self.chosen(found, k)

    def chosen(self, ref: Ref, k: int) -> Val:
        """The number in a cell, of the branch that holds."""
        return choose(self.build, ref, lambda cell: self.cell_number(cell, k))

    def ref(self, expr: Expr, k: int) -> Ref:
        found = self.value(expr, k)
        assert isinstance(found, Formula | Record | Rows | Switch), expr
        return found

    def value(self, expr: Expr, k: int) -> Val | Mask | str | Ref:
        match expr:
            case Number(value=value):
                return const(value)
            case Text(value=text):
                return text
            case Name(id=name):
                return self.name(name, k)
            case Whole(id=name):
                return self.bill_wide(name)
            case Field(base=base, name=name):
                return entry(self.ref(base, k), name)
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

    # -- names

    def name(self, name: str, k: int) -> Val | Mask | str | Ref:
        document = self.document
        if name in TIMES:
            return self.inputs.time(name, k)
        if name == document.period.named:
            return const(1)
        if name == "season" and document.seasons:
            return self.scope.shape[k].season
        if name in document.inputs:
            return self.inputs.input(document.inputs[name], k)
        if name in document.values:
            return self.named_value(name, k)
        if name in document.states:
            return self.state(name, k)
        if name in self.scope.lines:
            return self.scope.lines[name].amount
        cell = document.cell(self.scope.shape[k].version, name)
        assert cell is not None, name
        return self.cell_number(cell, k) if isinstance(cell, Formula) else cell

    def bill_wide(self, name: str) -> Val:
        """bill.name: the sum of parts, or the one value of the whole bill."""
        if name in TIMES:
            return self.inputs.time(name, None)
        spec = self.document.given_once(name)
        if spec is not None:
            return self.inputs.column(spec, None)
        if self.scope.analysis.adds_up(self.document, name):
            return self.build.sum(self.number(Name(name), k) for k in self.scope.every)
        return self.number(Name(name), 0)

    def named_value(self, name: str, k: int) -> Val | Mask | str:
        """A named value: once for each path that uses it, so that it fails only where used."""
        path = -1 if self.build.path is True else self.build.path
        if (name, k, path) not in self._known:
            self._known[name, k, path] = self.fresh_value(name, k)
        return self._known[name, k, path]

    def fresh_value(self, name: str, k: int) -> Val | Mask | str:
        value = self.document.values[name]
        if isinstance(value.form, Tiers):
            found: Val | Mask | str = self.build.sum(self.fills(value.form, k))
        else:
            assert isinstance(value.form, Is)
            found = self.formula_value(value.form.formula, k)
        if value.rounding is not None:
            assert isinstance(found, Val)
            found = self.build.round(found, value.rounding)
        return found

    def formula_value(self, formula: Formula, k: int) -> Val | Mask | str:
        """What a formula gives, be it a number, a condition or a choice's word."""
        with self.scope.at(formula.place):
            found = self.value(formula.expr, k)
            if isinstance(found, Formula | Switch):
                return self.chosen(found, k)
        assert not isinstance(found, Record | Rows)
        return found

    # -- states

    def state(self, name: str, k: int) -> Val:
        """A running state's value at the start of segment k."""
        if name in self.scope.shape[k].resets:
            return const(self.document.states[name].initial)
        return self.inputs.running(name) if k == 0 else self.state_after(name, k - 1)

    def state_after(self, name: str, k: int) -> Val:
        """A running state's value at the end of segment k."""
        if (name, k) not in self._states:
            step = self.document.states[name].next
            assert step is not None
            with self.build.everywhere():
                self._states[name, k] = self.kept(name, self.formula(step, k))
        return self._states[name, k]

    def kept(self, name: str, val: Val) -> Val:
        """A state's new value, within its limits and decimals."""
        spec, build = self.document.states[name], self.build
        if not whole_multiple(val, Fraction(1, 10**spec.decimals)):
            message = f"The state {name} can need more than {spec.decimals} decimals: round it."
            raise self.scope.refused("STATE_DECIMALS", message)
        build.fail(build.compare("<", val, const(spec.lo)), Status.OUT_OF_RANGE)
        build.fail(build.compare("<", const(spec.hi), val), Status.OUT_OF_RANGE)
        return val

    # -- records, maps and tables

    def index(self, expr: Index, k: int) -> Val | Ref:
        if isinstance(expr.base, Name) and expr.base.id in self.scope.lines:
            assert isinstance(expr.key, Number)
            tiers, n = self.scope.lines[expr.base.id].tiers, int(expr.key.value)
            return tiers[n - 1] if 1 <= n <= len(tiers) else ZERO
        base = self.ref(expr.base, k)
        key = self.value(expr.key, k)
        if isinstance(key, str):
            return entry(base, key)
        x = self.number(expr.key, k)
        return select(self.build, base, lambda cell: self.row(cell, x, k))

    def row(self, cell: Cell, x: Val, k: int) -> Switch:
        """The row whose bound holds x, or the entry of a map of decimals."""
        build = self.build
        if isinstance(cell, Record):
            entries = [
                (build.compare("==", x, const(Fraction(key))), inner)
                for key, inner in cell.cells.items()
            ]
            return one_of(build, entries, Status.MISSING_KEY)
        assert isinstance(cell, Rows)
        rows = [
            (build.within(x, self.bound(r, k), r.inclusive), Record(r.cells, r.place))
            for r in cell.rows
        ]
        return one_of(build, rows, Status.ABOVE_LAST_ROW)

    def bound(self, row: Row, k: int) -> Val | None:
        return None if row.bound is None else self.formula(row.bound, k)

    # -- tiers

    def fills(self, form: Tiers, k: int) -> list[Val]:
        """The amount of each row (a graduated table), or the one amount of any other."""
        table = self.ref(form.by.expr, k)
        if not isinstance(table, Switch):
            return self.table_fills(form, table, k)
        whole = choose(
            self.build, table, lambda cell: self.build.sum(self.table_fills(form, cell, k))
        )
        return [whole]

    def table_fills(self, form: Tiers, cell: Cell, k: int) -> list[Val]:
        assert isinstance(cell, Rows)
        build, inputs = self.build, self.inputs
        q = self.formula(form.of, k)
        rows = self.tier_rows(form, cell, k)
        if form.split_fill is not None and not self.scope.single:
            rounding = form.split_fill.rounding
            mine = inputs.cut_quantity(q, Split(rounding), k)
            return split(build, rows, q, mine, lambda val: inputs.share(val, k), rounding)
        if form.start is not None:
            return price_between(build, rows, self.formula(form.start, k), q)
        found = price(build, rows, q)
        return [inputs.share(a, k) for a in found] if form.split_money else found

    def tier_rows(self, form: Tiers, table: Rows, k: int) -> list[TierRow]:
        scale = const(1) if form.scale is None else self.formula(form.scale, k)
        found: list[TierRow] = []
        lower = ZERO
        bounds = [row.bound.expr for row in table.rows if row.bound is not None]
        # Constant bounds rise, as the checker saw; a scale of one sign keeps that.
        rises = all(isinstance(b, Number) for b in bounds) and self.build.never_negative(scale)
        for row in table.rows:
            upper = None if row.bound is None else self.upper(form, row.bound, scale, k)
            if upper is not None and not rises:
                upper = self.build.max(upper, lower)
            found.append(self.tier_row(form, row, lower, upper, k))
            lower = lower if upper is None else upper
        return found

    def upper(self, form: Tiers, bound: Formula, scale: Val, k: int) -> Val:
        found = self.build.mul(self.formula(bound, k), scale)
        return found if form.bounds is None else self.build.round(found, form.bounds)

    def tier_row(self, form: Tiers, row: Row, lower: Val, upper: Val | None, k: int) -> TierRow:
        def cell(name: str) -> Val | None:
            return self.cell_number(row.cells[name], k) if name in row.cells else None

        rate = cell(form.price) or ZERO
        base, over = cell("base"), cell("over")
        return TierRow(lower, upper, row.inclusive, rate, base, over, row.reprice or form.whole)

    # -- operators

    def binary(self, expr: Binary, k: int) -> Val | Mask:
        op, build = expr.op, self.build
        if op in ("and", "or"):
            return self.logic(expr, k)
        if op in ("==", "!=") and (equal := self.choice_equal(expr, k)) is not None:
            return equal == (op == "==")
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
        """Whether a choice has a value; None if neither side is a choice."""
        for subject, other in ((expr.left, expr.right), (expr.right, expr.left)):
            if isinstance(subject, Name) and self.document.is_choice(subject.id):
                return self.name(subject.id, k) == choice_word(other)
        return None

    # -- functions

    def call(self, expr: Call, k: int) -> Val | Mask:
        arguments, build = expr.arguments, self.build
        match expr.function:
            case "if":
                return self.conditional(expr, k)
            case "min" | "max":
                return self.extreme(expr, k)
            case "abs":
                found = self.number(arguments[0], k)
                return build.max(found, build.negative(found))
            case "floor":
                return build.round(self.number(arguments[0], k), WHOLE_DOWN)
            case "ceil":
                return build.round(self.number(arguments[0], k), WHOLE_UP)
            case "round":
                return self.rounded(expr, k)
            case "share":
                return self.inputs.share(self.number(arguments[0], k), k)
            case "first":
                return self.number(arguments[0], 0)
            case "last":
                return self.number(arguments[0], len(self.scope.shape) - 1)
        return self.rare_call(expr, k)

    def rare_call(self, expr: Call, k: int) -> Val:
        match expr.function:
            case "part":
                return self.line_named(expr.arguments[0]).part(k)
            case "exact":
                return self.line_named(expr.arguments[0]).exact
            case "highest" | "lowest" | "sum_of" | "count_of":
                return self.fold(expr, k)
            case "power_factor":
                return self.power_factor(expr, k)
        return self.units_for(expr, k)

    def line_named(self, expr: Expr) -> LineValue:
        assert isinstance(expr, Name)
        return self.scope.lines[expr.id]

    def conditional(self, expr: Call, k: int) -> Val | Mask:
        condition, yes, no = expr.arguments
        mask = self.condition(condition, k)
        if isinstance(mask, bool):
            return self.plain(yes if mask else no, k)
        build = self.build
        negated = build.negate(mask)
        with build.under(mask):
            then = self.plain(yes, k)
        with build.under(negated):
            other = self.plain(no, k)
        if isinstance(then, Val) and isinstance(other, Val):
            return build.select(mask, then, other)
        assert not isinstance(then, Val)
        assert not isinstance(other, Val)
        return build.either(build.both(mask, then), build.both(negated, other))

    def extreme(self, expr: Call, k: int) -> Val:
        step = self.build.min if expr.function == "min" else self.build.max
        found = self.number(expr.arguments[0], k)
        for other in expr.arguments[1:]:
            found = step(found, self.number(other, k))
        return found

    def rounded(self, expr: Call, k: int) -> Val:
        x, unit, mode = expr.arguments
        assert isinstance(mode, Name)
        rounding = Rounding(self.constant(unit, k), MODE_BY_NAME[mode.id])
        return self.build.round(self.number(x, k), rounding)

    def constant(self, expr: Expr, k: int) -> Fraction:
        found = self.number(expr, k).constant
        if found is None or found <= 0:
            message = "A rounding unit is a positive constant."
            raise self.scope.refused("ROUNDING_UNIT", message)
        return found

    def fold(self, expr: Call, k: int) -> Val:
        state, *rest = expr.arguments
        assert isinstance(state, Name)
        factors: tuple[Fraction, ...] = (Fraction(1),) * len(MONTHS)
        if rest:
            record = self.ref(rest[0], k)
            assert isinstance(record, Record)
            factors = tuple(self.factor(record.cells[month], k) for month in MONTHS)
        return self.inputs.fold(expr.function, state.id, factors)

    def factor(self, cell: Cell, k: int) -> Fraction:
        found = self.cell_number(cell, k).constant
        assert found is not None
        return found

    def power_factor(self, expr: Call, k: int) -> Val:
        unit = self.constant(expr.arguments[2], k)
        if unit.numerator != 1:
            message = "The unit of power_factor() is one of 1, 0.1, 0.01 ..."
            raise self.scope.refused("ROUNDING_UNIT", message)
        active, reactive = (self.number(a, k) for a in expr.arguments[:2])
        return self.build.power_factor(active, reactive, unit.denominator)

    def units_for(self, expr: Call, k: int) -> Val:
        money = self.number(expr.arguments[0], k)
        start = self.number(expr.arguments[2], k) if len(expr.arguments) == 3 else ZERO
        table = self.ref(expr.arguments[1], k)
        assert isinstance(table, Rows)
        rows = ((self.bound(r, k), self.cell_number(r.cells["rate"], k)) for r in table.rows)
        return bought(self.build, money, rows, start)
