"""The meaning of the tariff language: one bill in exact fractions.

Goals: to be read beside `docs/tariff-language.md` and agree with it word by word;
to prove the kernels. Non-goals: speed. It shares no arithmetic with the compiler.
"""

from collections.abc import Sequence
from fractions import Fraction

from billcore.core.money import Mode, divide
from billcore.core.tariff.bill import Bill, BillFailed, month_of, telling
from billcore.core.tariff.checks.sorts import Analysis
from billcore.core.tariff.language.document import (
    Basis,
    Document,
    Is,
    Limit,
    Line,
    Members,
    Percent,
    Sum,
    Tiers,
)
from billcore.core.tariff.language.expression import Expr, figure_text
from billcore.core.tariff.rated import Fill, LineResult, Rated
from billcore.core.tariff.reference.formulas import Formulas
from billcore.core.tariff.reference.inputs import Given
from billcore.core.tariff.status import Status

__all__ = ["Evaluation", "Fill", "LineResult", "Rated", "rate"]

ZERO = Fraction(0)

AMOUNT_LIMIT = 2**63
"""Columns of amounts hold integers below this, and down to its negative."""


def rate(document: Document, analysis: Analysis, bill: Bill) -> Rated:
    """The bill, exactly. Raises BillFailed with the status that the kernels would give."""
    return Evaluation(document, analysis, bill).rated()


def failure(document: Document, analysis: Analysis, bill: Bill, status: Status) -> BillFailed:
    """Why the kernels gave a bill this status: with the input or the line, where it is known."""
    try:
        rate(document, analysis, bill)
    except BillFailed as failed:
        if failed.status is status:
            return failed
    return BillFailed(status, status.message)


class Evaluation:
    """One bill being rated: values on demand, lines from top to bottom.

    The lines rated so far are `formulas.results`. Raises BillFailed.
    """

    def __init__(self, document: Document, analysis: Analysis, bill: Bill) -> None:
        self.document = document
        self.analysis = analysis
        self.given = Given(document, bill)
        self.formulas = Formulas(self.given, analysis)

    def rated(self) -> Rated:
        results = self.formulas.results
        for line in self.document.lines:
            with telling(f"line {line.id}"):
                results[line.id] = self.line(line)
        with telling("total"):
            exact, total, carry_in, carry_out = self.total()
        posted = self.unit_count(total, "total")
        counted = sum(r.posted for r in results.values() if r.line.counts)
        return Rated(
            lines=results,
            exact_total=exact,
            total=total,
            total_posted=posted,
            rounding_posted=posted - counted - carry_in + carry_out,
            carried_in=carry_in,
            carried_out=carry_out,
            state=self.states_after(),
            segments=self.given.segments,
        )

    def number(self, expr: Expr, k: int) -> Fraction:
        """What a formula gives in segment k, after the lines rated so far."""
        return self.formulas.number(expr, k)

    def month(self) -> int:
        """The calendar month under which histories store this bill; 0 without dates."""
        return month_of(self.document, self.given.segments)

    # -- lines

    def line(self, line: Line) -> LineResult:
        has_parts = self.analysis.has_parts(line)
        every = self.given.every if has_parts else (0,)
        fills = [f for k in every for f in self.line_fills(line, k)]
        tiers = self.sub_lines(line, fills)
        parts = [self.line_part(line, k, [f for f in fills if f.segment == k]) for k in every]
        if line.round_parts is not None:
            parts = [line.round_parts.apply(p) for p in parts]
        exact = sum(tiers if tiers and line.each is not None else parts, ZERO)
        amount = exact if line.rounding is None else line.rounding.apply(exact)
        shown = amount if line.show is None else line.show.apply(amount)
        return LineResult(
            line=line,
            present=any(self.applies(line, k) for k in self.given.every),
            exact=exact,
            amount=amount,
            shown=shown,
            posted=_half_up(shown, self.document.line_digits(line)),
            parts=tuple(parts) if has_parts else (),
            tiers=tuple(tiers),
            fills=tuple(fills),
        )

    def applies(self, line: Line, k: int) -> bool:
        """Whether a line stands in segment k: by its dates and its `when`."""
        position = self.document.lines.index(line)
        return self.given.segments[k].active[position] and (
            line.when is None or self.formulas.condition(line.when.expr, k)
        )

    def line_fills(self, line: Line, k: int) -> list[Fill]:
        if not isinstance(line.form, Tiers) or not self.applies(line, k):
            return []
        return self.formulas.fills(line.form, k)

    def sub_lines(self, line: Line, fills: Sequence[Fill]) -> list[Fraction]:
        """The amount of each tier over the bill, rounded by `each`."""
        if isinstance(line.form, Percent) and line.form.basis is Basis.TIERS:
            rate = self.number(line.form.rate.expr, 0) if self.applies(line, 0) else ZERO
            members = self.members(line.form.members)
            found = [rate * t for m in members for t in m.tiers]
        else:
            rows = range(1, self.analysis.sub_lines[line.id] + 1)
            found = [sum((f.amount for f in fills if f.row == n), ZERO) for n in rows]
        return found if line.each is None else [line.each.apply(t) for t in found]

    def line_part(self, line: Line, k: int, fills: Sequence[Fill]) -> Fraction:
        """A line's unrounded value in segment k. fills: what its table did there."""
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
        results = self.formulas.results
        return [results[x.id] for x in self.document.members(members, len(results))]

    def basis_sum(self, members: Members, basis: Basis, k: int) -> Fraction:
        found = self.members(members)
        match basis:
            case Basis.WHOLE:
                return sum((m.amount for m in found), ZERO)
            case Basis.EXACT:
                return sum((m.exact for m in found), ZERO)
            case Basis.PARTS:
                return sum((m.part(k) for m in found), ZERO)
            case Basis.TIERS:
                return sum((t for m in found for t in m.tiers), ZERO)

    def limit(self, form: Limit) -> Fraction:
        have = self.basis_sum(form.members, form.basis, 0)
        rest = self.formulas.whole(form.limit) - have
        return max(rest, ZERO) if form.lowest else min(rest, ZERO)

    # -- total and states

    def total(self) -> tuple[Fraction, Fraction, int, int]:
        """(exact, payable, carried in, carried out); the carries in units of account."""
        total, carried = self.document.total, self.given.carried()
        exact = self.total_exact()
        due = exact + carried
        payable = due if total.rounding is None else total.rounding.apply(due)
        if total.carry is None:
            return exact, payable, 0, 0
        carry_in = self.unit_count(carried, "carry")
        return exact, payable, carry_in, self.unit_count(due - payable, "carry")

    def total_exact(self) -> Fraction:
        """The total between its limits, before what is carried and before rounding."""
        total = self.document.total
        if total.formula is not None:
            exact = self.formulas.whole(total.formula)
        else:
            assert total.members is not None
            exact = self.basis_sum(total.members, total.basis, 0)
        if total.at_least is not None:
            exact = max(exact, self.formulas.whole(total.at_least))
        if total.at_most is not None:
            exact = min(exact, self.formulas.whole(total.at_most))
        return exact

    def states_after(self) -> dict[str, Fraction]:
        """Running states after the bill, and the value to push on each history."""
        last = len(self.given.segments) - 1
        return {
            name: self.formulas.state_after(name, last)
            if spec.push is None
            else self.given.check_state(name, self.formulas.whole(spec.push))
            for name, spec in self.document.states.items()
        }

    def unit_count(self, x: Fraction, what: str) -> int:
        """x in units of account. Raises BillFailed where it is none of them."""
        shift: int = 10**self.document.digits
        scaled = x * shift
        if scaled.denominator != 1:
            message = f"{what}: {figure_text(x)} has more than {self.document.digits} decimals."
            raise BillFailed(Status.UNREPRESENTABLE, message)
        return _column(scaled.numerator)


def _half_up(x: Fraction, digits: int) -> int:
    shift: int = 10**digits
    scaled = x * shift
    return _column(divide(scaled.numerator, scaled.denominator, Mode.HALF_UP))


def _column(amount: int) -> int:
    """An amount that fits a column. Raises BillFailed."""
    if not -AMOUNT_LIMIT <= amount < AMOUNT_LIMIT:
        message = f"{amount} units of account do not fit 64 bits: check the inputs."
        raise BillFailed(Status.OVERFLOW, message)
    return amount
