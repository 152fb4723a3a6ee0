"""The meaning of the tariff language: one bill in exact fractions.

Goals: to be read beside `docs/tariff-language.md` and agree with it word by word;
to prove the kernels. Non-goals: speed. It shares no arithmetic with the compiler.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from billcore.core.money import Mode, Rounding, divide
from billcore.core.tariff.bill import Bill, BillFailed, History, Number, Segment, cut, month_of
from billcore.core.tariff.expression import choice_word
from billcore.core.tariff.sorts import Analysis
from billcore.core.tariff.analysis import Sort
from billcore.core.tariff.document import (
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
from billcore.core.tariff.ir import MODE_BY_NAME, power_factor
from billcore.core.tariff.status import Status

Result = Fraction | bool | str | Cell
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Fill:
    """What one row of a table did in one segment: quantity * rate + base = amount.

    row counts from 1; lower and upper are the row's scaled bounds (None: open).
    base is the money brought from below (tables that re-price or step), else 0.
    """

    segment: int
    row: int
    lower: Fraction
    upper: Fraction | None
    quantity: Fraction
    rate: Fraction
    base: Fraction
    amount: Fraction


@dataclass(frozen=True, slots=True)
class LineResult:
    """A line of one bill, in units of the currency; posted in units of account.

    parts: one a segment (before rounding, after round_parts), empty for a line
    computed once. tiers: the sub-lines id[1], id[2] ... (rounded by `each`).
    """

    line: Line
    present: bool
    exact: Fraction
    amount: Fraction
    shown: Fraction
    posted: int
    parts: tuple[Fraction, ...]
    tiers: tuple[Fraction, ...]
    fills: tuple[Fill, ...]

    @property
    def printed(self) -> bool:
        return self.present and (self.amount != 0 or self.line.show_zero)


@dataclass(frozen=True, slots=True)
class Rated:
    """A rated bill. total = sum of counted posted lines + rounding + carried in - carried out."""

    lines: dict[str, LineResult]
    exact_total: Fraction
    total: Fraction
    total_posted: int
    rounding_posted: int
    carried_in: int
    carried_out: int
    state: dict[str, Fraction]
    segments: tuple[Segment, ...]


def rate(document: Document, analysis: Analysis, bill: Bill) -> Rated:
    """The bill, exactly. Raises BillFailed with the status that the kernels would give."""
    return Evaluation(document, analysis, bill).rated()


class Evaluation:
    """One bill being rated: values on demand, lines from top to bottom."""

    def __init__(self, document: Document, analysis: Analysis, bill: Bill) -> None:
        self.document = document
        self.analysis = analysis
        self.bill = bill
        self.segments = cut(document, bill)
        self.weight = sum((s.weight for s in self.segments), ZERO)
        self.results: dict[str, LineResult] = {}
        self.known: dict[tuple[str, int], Result] = {}
        self.check_inputs()

    def rated(self) -> Rated:
        for line in self.document.lines:
            self.results[line.id] = self.line(line)
        exact, total, carry_in, carry_out = self.total()
        posted = self.unit_count(total, "total")
        counted = sum(r.posted for r in self.results.values() if r.line.counts)
        return Rated(
            lines=self.results,
            exact_total=exact,
            total=total,
            total_posted=posted,
            rounding_posted=posted - counted - carry_in + carry_out,
            carried_in=carry_in,
            carried_out=carry_out,
            state=self.states_after(),
            segments=self.segments,
        )

    # -- inputs

    def check_inputs(self) -> None:
        for name, spec in self.document.inputs.items():
            for k in range(len(self.segments)) if spec.per_segment else (0,):
                self.check_input(spec, self.raw(spec, k))
            if (
                name in self.bill.inputs
                and spec.per_segment is False
                and spec.kind is Kind.QUANTITY
            ):
                self.check_input(spec, self.bill.inputs[name])

    def check_input(self, spec: InputSpec, value: Number) -> None:
        if spec.kind is Kind.CHOICE:
            if value not in spec.oneof:
                raise BillFailed(
                    Status.UNKNOWN_CHOICE,
                    f"{spec.name}: '{value}' is not one of {', '.join(spec.oneof)}.",
                )
            return
        number = Fraction(value)
        decimals = self.document.digits if spec.kind is Kind.MONEY else spec.decimals
        if not spec.lo <= number <= spec.hi or (number * 10**decimals).denominator != 1:
            raise BillFailed(
                Status.OUT_OF_RANGE,
                f"{spec.name}: {number} is not within {spec.lo}..{spec.hi} with {decimals} decimals.",
            )

    def raw(self, spec: InputSpec, k: int) -> Number:
        """The input as given for segment k, or its default."""
        given = self.segments[k].inputs if spec.per_segment else self.bill.inputs
        if spec.name in given:
            return given[spec.name]
        if spec.default is not None:
            return spec.default
        raise BillFailed(Status.OUT_OF_RANGE, f"The input '{spec.name}' is missing.")

    def input(self, spec: InputSpec, k: int) -> Result:
        value = self.raw(spec, k)
        if spec.kind is Kind.CHOICE:
            return str(value)
        if spec.kind is Kind.FLAG:
            return bool(value)
        number = Fraction(value)
        if spec.kind is Kind.QUANTITY and not spec.per_segment:
            return self.cut_quantity(number, spec.split, k)
        return number

    def cut_quantity(self, whole: Fraction, split: Split, k: int) -> Fraction:
        """Segment k's part of a quantity of which only the whole is known."""
        if split.rounding is None:
            return whole * self.segments[k].weight / self.weight
        if split.rest_first:
            return self.after(whole, split.rounding, k) - self.after(whole, split.rounding, k + 1)
        return self.upto(whole, split.rounding, k + 1) - self.upto(whole, split.rounding, k)

    def upto(self, whole: Fraction, rounding: Rounding, k: int) -> Fraction:
        """The rounded running sum over the first k segments; the last takes the rest."""
        if k in (0, len(self.segments)):
            return whole if k else ZERO
        return rounding.apply(
            whole * sum((s.weight for s in self.segments[:k]), ZERO) / self.weight
        )

    def after(self, whole: Fraction, rounding: Rounding, k: int) -> Fraction:
        """The rounded running sum over segments k and later; the first takes the rest."""
        if k in (0, len(self.segments)):
            return ZERO if k else whole
        return rounding.apply(
            whole * sum((s.weight for s in self.segments[k:]), ZERO) / self.weight
        )

    # -- formulas

    def number(self, expr: Expr, k: int) -> Fraction:
        found = self.value(expr, k)
        while isinstance(found, Formula):
            found = self.value(found.expr, k)
        assert isinstance(found, Fraction), expr
        return found

    def condition(self, expr: Expr, k: int) -> bool:
        return bool(self.value(expr, k))

    def whole(self, formula: Formula) -> Fraction:
        """A formula over the whole bill: a part is summed, anything else taken once."""
        if self.analysis.of(formula) is Sort.PART:
            return sum((self.number(formula.expr, k) for k in range(len(self.segments))), ZERO)
        return self.number(formula.expr, 0)

    def value(self, expr: Expr, k: int) -> Result:
        match expr:
            case Literal(value=value):
                return value
            case Text(value=text):
                return text
            case Name(id=name):
                return self.name(name, k)
            case Whole(id=name):
                return self.bill_wide(name)
            case Field(base=base, name=name):
                return self.cells(base, k)[name]
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

    def name(self, name: str, k: int) -> Result:
        document = self.document
        if name in ("days", "calendar_months", "calendar_years"):
            return self.time(name, k)
        if name == document.period.named:
            return Fraction(1)
        if name == "season" and document.seasons:
            return self.segments[k].season
        if name in document.inputs:
            return self.input(document.inputs[name], k)
        if name in document.values:
            return self.named_value(name, k)
        if name in document.states:
            return self.state(name, k)
        if name in self.results:
            return self.results[name].amount
        cell = document.cell(self.segments[k].version, name)
        assert cell is not None, name
        return self.value(cell.expr, k) if isinstance(cell, Formula) else cell

    def time(self, name: str, k: int) -> Fraction:
        segment = self.segments[k]
        found = {
            "days": segment.days,
            "calendar_months": segment.months,
            "calendar_years": segment.years,
        }[name]
        if found is None:
            raise BillFailed(Status.BAD_PERIOD, f"The bill does not tell its {name}: give dates.")
        return found

    def bill_wide(self, name: str) -> Fraction:
        """bill.name: the sum of parts, or the one value of the whole bill."""
        spec = self.document.inputs.get(name)
        if spec is not None and not spec.per_segment and spec.kind is not Kind.FLAG:
            return Fraction(self.raw(spec, 0))
        additive = spec is not None and spec.kind is Kind.QUANTITY
        additive |= (
            name in ("days", "calendar_months", "calendar_years")
            or name == self.document.period.named
        )
        additive |= self.analysis.values.get(name) is Sort.PART
        if additive:
            return sum((self.number(Name(name), k) for k in range(len(self.segments))), ZERO)
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
        if isinstance(form, Is):
            found = self.value(form.formula.expr, k)
            return self.number(form.formula.expr, k) if isinstance(found, Formula) else found
        assert isinstance(form, Tiers)
        return sum((f.amount for f in self.fills(form, k)), ZERO)

    def cells(self, expr: Expr, k: int) -> dict[str, Cell]:
        found = self.value(expr, k)
        assert isinstance(found, Record | Row), expr
        return found.cells

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
            raise BillFailed(Status.MISSING_KEY, f"There is no entry for {x}.")
        assert isinstance(base, Rows)
        row = base.rows[self.row_of(x, [(self.bound(r, k), r.inclusive) for r in base.rows])]
        return Record(row.cells, row.place)

    def bound(self, row: Row, k: int) -> Fraction | None:
        return None if row.bound is None else self.number(row.bound.expr, k)

    def row_of(self, x: Fraction, bounds: Iterable[tuple[Fraction | None, bool]]) -> int:
        for n, (upper, inclusive) in enumerate(bounds):
            if upper is None or x < upper or (inclusive and x == upper):
                return n
        raise BillFailed(Status.ABOVE_LAST_ROW, f"{x} lies above the last row of its table.")

    def binary(self, expr: Binary, k: int) -> Result:
        op = expr.op
        if op == "and":
            return self.condition(expr.left, k) and self.condition(expr.right, k)
        if op == "or":
            return self.condition(expr.left, k) or self.condition(expr.right, k)
        if op in ("==", "!="):
            return self.equal(expr, k) == (op == "==")
        left, right = self.number(expr.left, k), self.number(expr.right, k)
        match op:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case "<":
                return left < right
            case "<=":
                return left <= right
            case ">":
                return left > right
        return left >= right

    def equal(self, expr: Binary, k: int) -> bool:
        for subject, other in ((expr.left, expr.right), (expr.right, expr.left)):
            if isinstance(subject, Name) and self.is_choice(subject.id):
                return self.name(subject.id, k) == choice_word(other)
        return self.number(expr.left, k) == self.number(expr.right, k)

    def is_choice(self, name: str) -> bool:
        spec = self.document.inputs.get(name)
        return (spec is not None and spec.kind is Kind.CHOICE) or (
            name == "season" and bool(self.document.seasons)
        )

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
                return self.number(arguments[0], k) * self.segments[k].weight / self.weight
            case "first":
                return self.number(arguments[0], 0)
            case "last":
                return self.number(arguments[0], len(self.segments) - 1)
        return self.rare_call(expr, k)

    def rounded(self, expr: Call, k: int) -> Fraction:
        mode = expr.arguments[2]
        assert isinstance(mode, Name)
        unit = self.number(expr.arguments[1], k)
        return Rounding(unit, MODE_BY_NAME[mode.id]).apply(self.number(expr.arguments[0], k))

    def rare_call(self, expr: Call, k: int) -> Fraction:
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

    def line_named(self, expr: Expr) -> LineResult:
        assert isinstance(expr, Name)
        return self.results[expr.id]

    def part(self, result: LineResult, k: int) -> Fraction:
        return result.parts[k] if result.parts else result.exact

    def highest(self, expr: Call, k: int) -> Fraction:
        name = expr.arguments[0]
        assert isinstance(name, Name)
        factors: dict[str, Cell] = {}
        if len(expr.arguments) == 2:
            record = self.value(expr.arguments[1], k)
            assert isinstance(record, Record)
            factors = record.cells
        return max(
            (v * self.factor(factors, month, k) for month, v in self.history(name.id)), default=ZERO
        )

    def factor(self, factors: dict[str, Cell], month: int, k: int) -> Fraction:
        cell = factors.get(str(month))
        return Fraction(1) if cell is None else self.cell_number(cell, k)

    def history(self, name: str) -> History:
        state = self.document.states[name]
        found = self.bill.state.get(name, ())
        assert isinstance(found, tuple)
        for _, value in found:
            self.check_state(name, value)
        return found[-(state.history or 0) :]

    def power_factor(self, expr: Call, k: int) -> Fraction:
        active, reactive, unit = (self.number(a, k) for a in expr.arguments)
        scale = active.denominator * reactive.denominator
        steps = 1 / unit
        assert steps.denominator == 1
        return power_factor(int(active * scale), int(reactive * scale), int(steps)) * unit

    def units_for(self, expr: Call, k: int) -> Fraction:
        """The quantity that an amount buys, from position `start` of the table."""
        money = self.number(expr.arguments[0], k)
        table = self.value(expr.arguments[1], k)
        start = self.number(expr.arguments[2], k) if len(expr.arguments) == 3 else ZERO
        assert isinstance(table, Rows)
        got, lower = ZERO, ZERO
        for row in table.rows:
            upper, rate = self.bound(row, k), self.cell_number(row.cells["rate"], k)
            room = None if upper is None else max(upper - max(lower, start), ZERO)
            if rate > 0 and (room is None or money <= room * rate):
                return got + money / rate
            if room is None:
                break
            got, money, lower = got + room, money - room * rate, max(lower, upper or ZERO)
        raise BillFailed(Status.ABOVE_LAST_ROW, "The money buys more than the table holds.")

    def cell_number(self, cell: Cell, k: int) -> Fraction:
        assert isinstance(cell, Formula)
        return self.number(cell.expr, k)

    # -- tiers

    def fills(self, form: Tiers, k: int) -> list[Fill]:
        """What each row of the table prices in segment k."""
        q = self.number(form.of.expr, k)
        rows = self.tier_rows(form, k)
        if form.split_fill is not None and len(self.segments) > 1:
            return self.split_fills(q, rows, form.split_fill.rounding, k)
        if form.start is not None:
            start = self.number(form.start.expr, k)
            return _between(self.price(rows, start + q, k), self.price(rows, start, k))
        found = self.price(rows, q, k)
        if form.split_money:
            share = self.segments[k].weight / self.weight
            return [replace(f, amount=f.amount * share) for f in found]
        return found

    def tier_rows(self, form: Tiers, k: int) -> list["TierRow"]:
        table = self.value(form.by.expr, k)
        assert isinstance(table, Rows)
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
    ) -> "TierRow":
        def cell(name: str) -> Fraction | None:
            return self.cell_number(row.cells[name], k) if name in row.cells else None

        rate = cell(form.price) or ZERO
        base, over = cell("base"), cell("over")
        return TierRow(lower, upper, row.inclusive, rate, base, over, row.reprice or form.whole)

    def price(self, rows: list["TierRow"], q: Fraction, k: int) -> list[Fill]:
        """A quantity through a table: graduated rows fill one by one, others replace."""
        reached = self.row_of(q, [(r.upper, r.inclusive) for r in rows])
        found: list[Fill] = []
        for n, row in enumerate(rows[: reached + 1]):
            upto = q if n == reached or row.upper is None else row.upper
            if row.base is not None:
                over = row.lower if row.over is None else row.over
                found = [_fill(k, n, row, upto - over, row.base)]
            elif row.reprice:
                found = [_fill(k, n, row, upto, ZERO)]
            else:
                found.append(_fill(k, n, row, upto - row.lower, ZERO))
        return found

    def split_fills(
        self, q: Fraction, rows: list["TierRow"], rounding: Rounding, k: int
    ) -> list[Fill]:
        """Each tier's whole-bill quantity by days, rounded; the highest takes the rest."""
        mine = self.cut_quantity(q, Split(rounding), k)
        share = self.segments[k].weight / self.weight
        whole = self.price(rows, q, k)
        lower = [replace(f, quantity=rounding.apply(f.quantity * share)) for f in whole[:-1]]
        rest = mine - sum((f.quantity for f in lower), ZERO)
        return [
            replace(f, amount=f.quantity * f.rate)
            for f in [*lower, replace(whole[-1], quantity=rest)]
        ]

    # -- lines

    def line(self, line: Line) -> LineResult:
        parts, fills, tiers, exact = self.figures(line)
        if tiers and line.each is not None:
            exact = sum(tiers, ZERO)
        amount = exact if line.rounding is None else line.rounding.apply(exact)
        shown = amount if line.show is None else line.show.apply(amount)
        return LineResult(
            line=line,
            present=any(self.applies(line, k) for k in range(len(self.segments))),
            exact=exact,
            amount=amount,
            shown=shown,
            posted=self.half_up(shown, self.document.line_digits(line)),
            parts=tuple(parts),
            tiers=tuple(tiers),
            fills=tuple(fills),
        )

    def figures(self, line: Line) -> tuple[list[Fraction], list[Fill], list[Fraction], Fraction]:
        """parts, fills, sub-lines and the exact amount of a line."""
        every = range(len(self.segments)) if self.analysis.has_parts(line) else (0,)
        fills = [f for k in every for f in self.line_fills(line, k)]
        tiers = self.sub_lines(line, fills)
        parts = [self.line_part(line, k, [f for f in fills if f.segment == k]) for k in every]
        if line.round_parts is not None:
            parts = [line.round_parts.apply(p) for p in parts]
        exact = sum(parts, ZERO)
        return (parts if self.analysis.has_parts(line) else []), fills, tiers, exact

    def applies(self, line: Line, k: int) -> bool:
        position = self.document.lines.index(line)
        return self.segments[k].active[position] and (
            line.when is None or self.condition(line.when.expr, k)
        )

    def line_fills(self, line: Line, k: int) -> list[Fill]:
        if not isinstance(line.form, Tiers) or not self.applies(line, k):
            return []
        return self.fills(line.form, k)

    def sub_lines(self, line: Line, fills: list[Fill]) -> list[Fraction]:
        """The amount of each tier over the bill, rounded by `each`."""
        if isinstance(line.form, Percent) and line.form.basis is Basis.TIERS:
            rate = self.number(line.form.rate.expr, 0) if self.applies(line, 0) else ZERO
            members = self.members(line.form.members)
            found = [rate * t for m in members for t in m.tiers]
        else:
            rows = range(1, self.analysis.sub_lines[line.id] + 1)
            found = [sum((f.amount for f in fills if f.row == n), ZERO) for n in rows]
        return found if line.each is None else [line.each.apply(t) for t in found]

    def line_part(self, line: Line, k: int, fills: list[Fill]) -> Fraction:
        if not self.applies(line, k):
            return ZERO
        match line.form:
            case Is(formula=formula):
                return self.number(formula.expr, k)
            case Tiers():
                return sum((f.amount for f in fills), ZERO)
            case Percent(rate=rate, members=members, basis=basis):
                return self.number(rate.expr, k) * self.basis_sum(members, basis, k)
            case Sum(members=members, basis=basis):
                return self.basis_sum(members, basis, k)
            case Limit():
                return self.limit(line.form)

    def members(self, members: Members) -> list[LineResult]:
        """The members among the lines so far."""
        found = self.document.members(members, len(self.results))
        return [self.results[x.id] for x in found]

    def basis_sum(self, members: Members, basis: Basis, k: int) -> Fraction:
        found = self.members(members)
        match basis:
            case Basis.WHOLE:
                return sum((m.amount for m in found), ZERO)
            case Basis.EXACT:
                return sum((m.exact for m in found), ZERO)
            case Basis.PARTS:
                return sum((self.part(m, k) for m in found), ZERO)
            case Basis.TIERS:
                return sum((t for m in found for t in m.tiers), ZERO)

    def limit(self, form: Limit) -> Fraction:
        have, limit = self.basis_sum(form.members, form.basis, 0), self.whole(form.limit)
        return max(limit - have, ZERO) if form.lowest else min(limit - have, ZERO)

    # -- total and state

    def total(self) -> tuple[Fraction, Fraction, int, int]:
        """(exact, payable, carried in, carried out); the carries in units of account."""
        total = self.document.total
        carried = ZERO
        if total.carry is not None:
            value = self.bill.state.get(total.carry, ZERO)
            assert isinstance(value, Fraction)
            carried = value
        if total.formula is not None:
            exact = self.whole(total.formula)
        else:
            assert total.members is not None
            exact = self.basis_sum(total.members, total.basis, 0)
        if total.at_least is not None:
            exact = max(exact, self.whole(total.at_least))
        if total.at_most is not None:
            exact = min(exact, self.whole(total.at_most))
        due = exact + carried
        payable = due if total.rounding is None else total.rounding.apply(due)
        if total.carry is None:
            return exact, payable, 0, 0
        return (
            exact,
            payable,
            self.unit_count(carried, "carry"),
            self.unit_count(due - payable, "carry"),
        )

    def state(self, name: str, k: int) -> Fraction:
        """A running state's value at the start of segment k."""
        spec = self.document.states[name]
        if name in self.segments[k].resets:
            return spec.initial
        if k > 0:
            return self.state_after(name, k - 1)
        given = self.bill.state.get(name, spec.initial)
        assert isinstance(given, Fraction)
        return self.check_state(name, given)

    def state_after(self, name: str, k: int) -> Fraction:
        spec = self.document.states[name]
        assert spec.next is not None
        return self.check_state(name, self.number(spec.next.expr, k))

    def check_state(self, name: str, value: Fraction) -> Fraction:
        spec = self.document.states[name]
        if not spec.lo <= value <= spec.hi or (value * 10**spec.decimals).denominator != 1:
            raise BillFailed(
                Status.OUT_OF_RANGE, f"The state {name} is {value}: outside its limits or decimals."
            )
        return value

    def states_after(self) -> dict[str, Fraction]:
        """Running states after the bill, and the value to push on each history."""
        found = {}
        for name, spec in self.document.states.items():
            if spec.push is not None:
                found[name] = self.check_state(name, self.whole(spec.push))
            else:
                found[name] = self.state_after(name, len(self.segments) - 1)
        return found

    def month(self) -> int:
        """The calendar month under which histories store this bill; 0 without dates."""
        return month_of(self.document, self.segments)

    # -- units of account

    def unit_count(self, x: Fraction, what: str) -> int:
        scaled = x * 10**self.document.digits
        if scaled.denominator != 1:
            raise BillFailed(
                Status.UNREPRESENTABLE, f"The {what} {x} is not a whole number of units of account."
            )
        return scaled.numerator

    def half_up(self, x: Fraction, digits: int) -> int:
        unit: int = 10**digits
        scaled = x * unit
        return divide(scaled.numerator, scaled.denominator, Mode.HALF_UP)


@dataclass(frozen=True, slots=True)
class TierRow:
    """A row with its scaled bounds; upper None: open. reprice: from zero at its rate."""

    lower: Fraction
    upper: Fraction | None
    inclusive: bool
    rate: Fraction
    base: Fraction | None
    over: Fraction | None
    reprice: bool


def _fill(k: int, n: int, row: TierRow, quantity: Fraction, base: Fraction) -> Fill:
    amount = base + quantity * row.rate
    return Fill(k, n + 1, row.lower, row.upper, quantity, row.rate, base, amount)


def _between(upto: list[Fill], start: list[Fill]) -> list[Fill]:
    """amount(start + q) - amount(start), row by row; rows that cancel are left out."""
    minus = [replace(f, quantity=-f.quantity, base=-f.base, amount=-f.amount) for f in start]
    merged: dict[tuple[int, Fraction], Fill] = {}
    for f in [*upto, *minus]:
        have = merged.get((f.row, f.rate))
        merged[f.row, f.rate] = (
            f
            if have is None
            else replace(
                have,
                quantity=have.quantity + f.quantity,
                base=have.base + f.base,
                amount=have.amount + f.amount,
            )
        )
    return [f for f in merged.values() if f.quantity or f.amount]
