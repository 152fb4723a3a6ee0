"""What formulas give in one bill, exactly: names, tables, operators and functions."""

from fractions import Fraction
from math import ceil, floor

from billcore.core.money import Rounding
from billcore.core.tariff.bill import BillFailed, telling
from billcore.core.tariff.checks.sorts import Analysis
from billcore.core.tariff.ir import MODE_BY_NAME, power_factor
from billcore.core.tariff.language.analysis import Sort
from billcore.core.tariff.language.document import (
    TIMES,
    Cell,
    Form,
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
    figure_text,
)
from billcore.core.tariff.rated import Fill, LineResult
from billcore.core.tariff.reference.inputs import Given
from billcore.core.tariff.reference.tiers import (
    TierRow,
    bought,
    price,
    price_between,
    row_of,
    shared,
    split,
)
from billcore.core.tariff.status import Status

Result = Fraction | bool | str | Cell
ZERO = Fraction(0)


class Formulas:
    """Formulas in segment k of a bill. results: the lines so far, by id.

    known: named values by (name, segment). Every question may raise BillFailed.
    """

    def __init__(self, given: Given, analysis: Analysis) -> None:
        self.given = given
        self.document = given.document
        self.analysis = analysis
        self.results: dict[str, LineResult] = {}
        self.known: dict[tuple[str, int], Result] = {}

    def number(self, expr: Expr, k: int) -> Fraction:
        found = self.value(expr, k)
        while isinstance(found, Formula):
            found = self.value(found.expr, k)
        assert isinstance(found, Fraction), expr
        return found

    def cell_number(self, cell: Cell, k: int) -> Fraction:
        assert isinstance(cell, Formula)
        return self.number(cell.expr, k)

    def condition(self, expr: Expr, k: int) -> bool:
        return bool(self.value(expr, k))

    def whole(self, formula: Formula) -> Fraction:
        """A formula over the whole bill: a part is summed, anything else taken once."""
        if self.analysis.of(formula) is Sort.PART:
            return self.over_segments(formula.expr)
        return self.number(formula.expr, 0)

    def over_segments(self, expr: Expr) -> Fraction:
        return sum((self.number(expr, k) for k in self.given.every), ZERO)

    def value(self, expr: Expr, k: int) -> Result:
        match expr:
            case Number(value=value):
                return value
            case Text(value=text):
                return text
            case Name(id=name):
                return self.name(name, k)
            case Whole(id=name):
                return self.bill_wide(name)
            case Field(base=base, name=name):
                return self.record(base, k).cells[name]
            case Index():
                return self.index(expr, k)
            case Negative(of=of):
                return -self.number(of, k)
            case Not(of=of):
                return not self.condition(of, k)
            case Binary():
                return self.binary(expr, k)
            case Call():
                return self.call(expr, k)

    # -- names

    def name(self, name: str, k: int) -> Result:
        document = self.document
        if name in TIMES:
            return self.given.time(name, k)
        if name == document.period.named:
            return Fraction(1)
        if name == "season" and document.seasons:
            return self.given.segments[k].season
        if name in document.inputs:
            return self.given.input(document.inputs[name], k)
        if name in document.values:
            return self.named_value(name, k)
        if name in document.states:
            return self.state(name, k)
        if name in self.results:
            return self.results[name].amount
        cell = document.cell(self.given.segments[k].version, name)
        assert cell is not None, name
        return self.value(cell.expr, k) if isinstance(cell, Formula) else cell

    def bill_wide(self, name: str) -> Fraction:
        """bill.name: the sum of parts, or the one value of the whole bill."""
        spec = self.document.given_once(name)
        if spec is not None:
            return Fraction(self.given.raw(spec, 0))
        if self.analysis.adds_up(self.document, name):
            return self.over_segments(Name(name))
        return self.number(Name(name), 0)

    def named_value(self, name: str, k: int) -> Result:
        if (name, k) not in self.known:
            value = self.document.values[name]
            found = self.form_value(value.form, k)
            if value.rounding is not None:
                assert isinstance(found, Fraction)
                found = value.rounding.apply(found)
            self.known[name, k] = found
        return self.known[name, k]

    def form_value(self, form: Form, k: int) -> Result:
        """What a named value is before its rounding."""
        if isinstance(form, Is):
            found = self.value(form.formula.expr, k)
            return self.number(form.formula.expr, k) if isinstance(found, Formula) else found
        assert isinstance(form, Tiers)
        return sum((f.amount for f in self.fills(form, k)), ZERO)

    def state(self, name: str, k: int) -> Fraction:
        """A running state's value at the start of segment k."""
        if name in self.given.segments[k].resets:
            return self.document.states[name].initial
        return self.given.running(name) if k == 0 else self.state_after(name, k - 1)

    def state_after(self, name: str, k: int) -> Fraction:
        """A running state's value at the end of segment k."""
        step = self.document.states[name].next
        assert step is not None
        return self.given.check_state(name, self.number(step.expr, k))

    # -- records, maps and tables

    def record(self, expr: Expr, k: int) -> Record:
        found = self.value(expr, k)
        assert isinstance(found, Record), expr
        return found

    def table(self, expr: Expr, k: int) -> Rows:
        found = self.value(expr, k)
        assert isinstance(found, Rows), expr
        return found

    def index(self, expr: Index, k: int) -> Result:
        if isinstance(expr.base, Name) and expr.base.id in self.results:
            return self.sub_line(expr.base.id, expr.key)
        base = self.value(expr.base, k)
        key = self.value(expr.key, k)
        if isinstance(key, str):
            assert isinstance(base, Record)
            return base.cells[key]
        return self.select(base, self.number(expr.key, k), k)

    def sub_line(self, name: str, key: Expr) -> Fraction:
        tiers = self.results[name].tiers
        n = int(self.number(key, 0))
        return tiers[n - 1] if 1 <= n <= len(tiers) else ZERO

    def select(self, base: Result, x: Fraction, k: int) -> Cell:
        """The row whose bound holds x, or the entry of a map of decimals."""
        if isinstance(base, Record):
            for key, cell in base.cells.items():
                if Fraction(key) == x:
                    return cell
            message = f"The map {base.place.told} has no entry for {figure_text(x)}."
            raise BillFailed(Status.MISSING_KEY, message)
        assert isinstance(base, Rows)
        with telling(f"table {base.place.told}"):
            row = base.rows[row_of(x, [(self.bound(r, k), r.inclusive) for r in base.rows])]
        return Record(row.cells, row.place)

    def bound(self, row: Row, k: int) -> Fraction | None:
        return None if row.bound is None else self.number(row.bound.expr, k)

    # -- tiers

    def fills(self, form: Tiers, k: int) -> list[Fill]:
        """What each row of the form's table prices in segment k."""
        with telling(f"table {form.by.text}"):
            return self.priced(form, k)

    def priced(self, form: Tiers, k: int) -> list[Fill]:
        q = self.number(form.of.expr, k)
        rows = self.tier_rows(form, k)
        share = self.given.share(k)
        if form.split_fill is not None and len(self.given.segments) > 1:
            rounding = form.split_fill.rounding
            mine = self.given.cut_quantity(q, Split(rounding), k)
            return split(price(rows, q, k), mine, share, rounding)
        if form.start is not None:
            return price_between(rows, self.number(form.start.expr, k), q, k)
        found = price(rows, q, k)
        return shared(found, share) if form.split_money else found

    def tier_rows(self, form: Tiers, k: int) -> list[TierRow]:
        """The rows with their bounds scaled and rounded, none below the one before."""
        table = self.table(form.by.expr, k)
        scale = Fraction(1) if form.scale is None else self.number(form.scale.expr, k)
        found: list[TierRow] = []
        lower = ZERO
        for row in table.rows:
            upper = self.bound(row, k)
            if upper is not None:
                upper = upper * scale if form.bounds is None else form.bounds.apply(upper * scale)
                upper = max(upper, lower)
            found.append(self.tier_row(form, row, lower, upper, k))
            lower = lower if upper is None else upper
        return found

    def tier_row(
        self, form: Tiers, row: Row, lower: Fraction, upper: Fraction | None, k: int
    ) -> TierRow:
        def cell(name: str) -> Fraction | None:
            return self.cell_number(row.cells[name], k) if name in row.cells else None

        rate = cell(form.price) or ZERO
        base, over = cell("base"), cell("over")
        return TierRow(lower, upper, row.inclusive, rate, base, over, row.reprice or form.whole)

    # -- operators

    def binary(self, expr: Binary, k: int) -> Result:
        match expr.op:
            case "and":
                return self.condition(expr.left, k) and self.condition(expr.right, k)
            case "or":
                return self.condition(expr.left, k) or self.condition(expr.right, k)
            case "==":
                return self.equal(expr, k)
            case "!=":
                return not self.equal(expr, k)
        return _computed(expr.op, self.number(expr.left, k), self.number(expr.right, k))

    def equal(self, expr: Binary, k: int) -> bool:
        for subject, other in ((expr.left, expr.right), (expr.right, expr.left)):
            if isinstance(subject, Name) and self.document.is_choice(subject.id):
                return self.name(subject.id, k) == choice_word(other)
        return self.number(expr.left, k) == self.number(expr.right, k)

    # -- functions

    def call(self, expr: Call, k: int) -> Result:
        arguments = expr.arguments
        match expr.function:
            case "if":
                return self.value(arguments[1 if self.condition(arguments[0], k) else 2], k)
            case "min":
                return min(self.number(a, k) for a in arguments)
            case "max":
                return max(self.number(a, k) for a in arguments)
            case "abs":
                return abs(self.number(arguments[0], k))
            case "floor":
                return Fraction(floor(self.number(arguments[0], k)))
            case "ceil":
                return Fraction(ceil(self.number(arguments[0], k)))
            case "round":
                return self.rounded(expr, k)
            case "share":
                return self.number(arguments[0], k) * self.given.share(k)
            case "first":
                return self.number(arguments[0], 0)
            case "last":
                return self.number(arguments[0], len(self.given.segments) - 1)
        return self.rare_call(expr, k)

    def rare_call(self, expr: Call, k: int) -> Fraction:
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

    def line_named(self, expr: Expr) -> LineResult:
        assert isinstance(expr, Name)
        return self.results[expr.id]

    def rounded(self, expr: Call, k: int) -> Fraction:
        x, unit, mode = expr.arguments
        assert isinstance(mode, Name)
        rounding = Rounding(self.number(unit, k), MODE_BY_NAME[mode.id])
        return rounding.apply(self.number(x, k))

    def fold(self, expr: Call, k: int) -> Fraction:
        """What the entries of a history come to, each times its month's factor."""
        state, *rest = expr.arguments
        assert isinstance(state, Name)
        factors = self.record(rest[0], k).cells if rest else {}
        history = self.given.history(state.id)
        entries = [v * self.factor(factors, month, k) for month, v in history]
        match expr.function:
            case "highest":
                return max(entries, default=ZERO)
            case "lowest":
                return min(entries, default=ZERO)
            case "sum_of":
                return sum(entries, ZERO)
        return Fraction(len(entries))

    def factor(self, factors: dict[str, Cell], month: int, k: int) -> Fraction:
        cell = factors.get(str(month))
        return Fraction(1) if cell is None else self.cell_number(cell, k)

    def power_factor(self, expr: Call, k: int) -> Fraction:
        active, reactive, unit = (self.number(a, k) for a in expr.arguments)
        scale = active.denominator * reactive.denominator
        steps = 1 / unit
        assert steps.denominator == 1
        return power_factor(int(active * scale), int(reactive * scale), int(steps)) * unit

    def units_for(self, expr: Call, k: int) -> Fraction:
        money = self.number(expr.arguments[0], k)
        table = self.table(expr.arguments[1], k)
        start = self.number(expr.arguments[2], k) if len(expr.arguments) == 3 else ZERO
        rows = ((self.bound(r, k), self.cell_number(r.cells["rate"], k)) for r in table.rows)
        return bought(money, rows, start)


def _computed(op: str, left: Fraction, right: Fraction) -> Fraction | bool:
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            if right == 0:
                raise BillFailed(Status.DIVISION_BY_ZERO, "A formula divides by 0.")
            return left / right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
    return left >= right
