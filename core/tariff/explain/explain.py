"""The explanation of a bill, out of its exact evaluation.

`recompute` bills it again from the explanation alone and must come to the same amounts;
`text` writes it for people.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from billcore.core.money import Mode, Rounding
from billcore.core.tariff.bill import Bill, History
from billcore.core.tariff.explain.explanation import (
    Explanation,
    FormulaStep,
    LineStep,
    MemberStep,
    RoundingStep,
    SegmentStep,
    TierStep,
    TotalStep,
)
from billcore.core.tariff.explain.substitute import Writer
from billcore.core.tariff.language.analysis import Sort
from billcore.core.tariff.language.document import (
    Basis,
    Document,
    Form,
    Formula,
    Is,
    Limit,
    Line,
    Members,
    Percent,
    Sum,
    Tiers,
)
from billcore.core.tariff.language.expression import Name, Whole, figure_text, walk
from billcore.core.tariff.reference.evaluation import Evaluation, Fill, LineResult, Rated
from billcore.core.tariff.tariff import Tariff

__all__ = ["Explanation", "explain"]


def explain(tariff: Tariff, bill: Bill) -> Explanation:
    """The explanation of a bill. Raises BillFailed as rating it would."""
    evaluation = Evaluation(tariff.document, tariff.analysis, bill)
    return _Explainer(evaluation, evaluation.rated()).explanation()


class _Explainer:
    """Steps of an evaluated bill; a named value is noted when a step uses it."""

    def __init__(self, evaluation: Evaluation, rated: Rated) -> None:
        self.evaluation = evaluation
        self.formulas = evaluation.formulas
        self.given = evaluation.given
        self.document: Document = evaluation.document
        self.rated = rated
        self.values: dict[tuple[str, int], FormulaStep] = {}

    def explanation(self) -> Explanation:
        lines = tuple(self.line(r) for r in self.rated.lines.values())
        total = self.total()
        bill = self.given.bill
        return Explanation(
            tariff=self.document.id,
            hash=self.document.hash,
            currency=self.document.currency,
            digits=self.document.digits,
            period=self.period(bill),
            inputs={n: _given_text(v) for n, v in bill.inputs.items()},
            state={n: _given_text(v) for n, v in bill.state.items()},
            segments=tuple(self.segment(k) for k in self.given.every),
            values=tuple(self.values.values()),
            lines=lines,
            total=total,
        )

    def period(self, bill: Bill) -> dict[str, str]:
        show = self.document.calendar.format
        found = {"calendar": self.document.calendar.value}
        if bill.previous is not None and bill.this is not None:
            found |= {"previous": show(bill.previous), "this": show(bill.this)}
        days = [s.days for s in self.rated.segments if s.days is not None]
        if len(days) == len(self.rated.segments):
            found["days"] = figure_text(sum(days, Fraction(0)))
        return found

    def segment(self, k: int) -> SegmentStep:
        s = self.rated.segments[k]
        show = self.document.calendar.format
        return SegmentStep(
            number=k + 1,
            until="" if s.last_day is None else show(s.last_day),
            days="" if s.days is None else figure_text(s.days),
            share=figure_text(self.given.share(k)),
            version_from=show(self.document.versions[s.version].start),
            season=s.season,
            attributes={n: _given_text(v) for n, v in s.inputs.items()},
        )

    # -- formulas and the values that they use

    def formula(self, formula: Formula, k: int, *, whole: bool = False) -> FormulaStep:
        """A formula in segment k; whole: it stands for the whole bill."""
        writer = Writer(
            lambda e: self.formulas.number(e, k), lambda e: self.formulas.condition(e, k)
        )
        written = writer.written(formula.expr)
        self.used_values(formula, k)
        return FormulaStep(
            segment=0 if whole else k + 1,
            name="",
            formula=formula.text,
            written=written,
            names={n: figure_text(v) for n, v in writer.leaves.items()},
            value=figure_text(self.formulas.number(formula.expr, k)),
        )

    def whole_formula(self, formula: Formula | None) -> tuple[FormulaStep, ...]:
        """The formula in every segment if it is a part, else once."""
        if formula is None:
            return ()
        if self.evaluation.analysis.of(formula) is Sort.PART:
            return tuple(self.formula(formula, k) for k in self.given.every)
        return (self.formula(formula, 0, whole=True),)

    def used_values(self, formula: Formula, k: int) -> None:
        for node in walk(formula.expr):
            if isinstance(node, Name | Whole) and node.id in self.document.values:
                for j in self.given.every if isinstance(node, Whole) else (k,):
                    self.value(node.id, j)

    def value(self, name: str, k: int) -> None:
        """Notes a named value, once a segment; the values under it first."""
        found = self.formulas.known.get((name, k))
        if (name, k) in self.values or not isinstance(found, Fraction):
            return
        value = self.document.values[name]
        if isinstance(value.form, Is):
            step = self.formula(value.form.formula, k)
        else:
            written = figure_text(self.unrounded_value(name, k))
            step = FormulaStep(k + 1, name, "tiers", written, {}, written)
        roundings: tuple[RoundingStep, ...] = ()
        if value.rounding is not None:
            roundings = (rounding_step("value", value.rounding, self.unrounded_value(name, k)),)
        self.values[name, k] = replace(
            step, name=name, value=figure_text(found), roundings=roundings
        )

    def unrounded_value(self, name: str, k: int) -> Fraction:
        found = self.formulas.form_value(self.document.values[name].form, k)
        assert isinstance(found, Fraction)
        return found

    # -- lines

    def line(self, result: LineResult) -> LineStep:
        line, form = result.line, result.line.form
        per_segment = bool(result.parts)
        every = self.given.every if per_segment else range(1)
        on = [k for k in every if self.evaluation.applies(line, k)]
        return LineStep(
            id=line.id,
            label=line.label,
            form=form_name(form),
            present=result.present,
            counts=line.counts,
            formulas=self.line_formulas(form, on, whole=not per_segment),
            tiers=tuple(tier_step(f) for f in result.fills),
            shares=self.shares(form, result.fills),
            rates=self.rates(form, on),
            basis=form.basis.value if isinstance(form, Percent | Sum | Limit) else "",
            members=self.line_members(line, on),
            sub_lines=tuple(figure_text(t) for t in result.tiers),
            roundings=tuple(self.roundings(result, on)),
            exact=figure_text(result.exact),
            amount=figure_text(result.amount),
            shown=figure_text(result.shown),
            posted=result.posted,
            digits=self.document.line_digits(line),
            unit=line.unit,
        )

    def line_formulas(
        self, form: Form, on: Sequence[int], *, whole: bool
    ) -> tuple[FormulaStep, ...]:
        """The formulas of a line in the segments where it stands."""
        if isinstance(form, Is):
            return tuple(self.formula(form.formula, k, whole=whole) for k in on)
        if isinstance(form, Limit):
            return self.whole_formula(form.limit) if on else ()
        if isinstance(form, Tiers):
            for k in on:
                self.used_values(form.of, k)
        return ()

    def rates(self, form: Form, on: Sequence[int]) -> tuple[str, ...]:
        if not isinstance(form, Percent):
            return ()
        return tuple(figure_text(self.formulas.number(form.rate.expr, k)) for k in on)

    def shares(self, form: Form, fills: Sequence[Fill]) -> tuple[str, ...]:
        """With split: money, the share of the period by which each tier was taken."""
        if not isinstance(form, Tiers) or not form.split_money:
            return ()
        return tuple(figure_text(self.given.share(f.segment)) for f in fills)

    def line_members(self, line: Line, on: Sequence[int]) -> tuple[MemberStep, ...]:
        form = line.form
        if not isinstance(form, Percent | Sum | Limit):
            return ()
        found = self.members(form.members, self.document.lines.index(line))
        if form.basis is Basis.PARTS:
            return tuple(_member(m, m.part(k), k + 1) for k in on for m in found)
        if form.basis is Basis.TIERS:
            return tuple(_member(m, t) for m in found for t in m.tiers)
        return _whole_members(found, form.basis) if on else ()

    def members(self, members: Members, before: int | None = None) -> list[LineResult]:
        return [self.rated.lines[x.id] for x in self.document.members(members, before)]

    def roundings(self, result: LineResult, on: Sequence[int]) -> list[RoundingStep]:
        line = result.line
        found: list[RoundingStep] = []
        if line.round_parts is not None:
            unrounded = [self.unrounded_part(result, k) for k in on]
            found += [rounding_step("part", line.round_parts, x) for x in unrounded]
        if line.each is not None:
            found += [rounding_step("tier", line.each, x) for x in self.unrounded_tiers(result)]
        if line.rounding is not None:
            found.append(rounding_step("line", line.rounding, result.exact))
        if line.show is not None:
            found.append(rounding_step("show", line.show, result.amount))
        unit = Rounding(Fraction(1, 10 ** self.document.line_digits(line)), Mode.HALF_UP)
        if unit.apply(result.shown) != result.shown:
            found.append(rounding_step("post", unit, result.shown))
        return found

    def unrounded_part(self, result: LineResult, k: int) -> Fraction:
        fills = [f for f in result.fills if f.segment == k]
        return self.evaluation.line_part(result.line, k, fills)

    def unrounded_tiers(self, result: LineResult) -> list[Fraction]:
        form = result.line.form
        if isinstance(form, Percent):
            rate = self.formulas.number(form.rate.expr, 0)
            members = self.members(form.members, self.document.lines.index(result.line))
            return [rate * t for m in members for t in m.tiers]
        return [
            sum((f.amount for f in result.fills if f.row == n), Fraction(0))
            for n in range(1, len(result.tiers) + 1)
        ]

    # -- total

    def total(self) -> TotalStep:
        total, rated = self.document.total, self.rated
        members: tuple[MemberStep, ...] = ()
        if total.members is not None:
            members = _whole_members(self.members(total.members), total.basis)
        due = rated.exact_total + Fraction(rated.carried_in, 10**self.document.digits)
        roundings = () if total.rounding is None else (rounding_step("total", total.rounding, due),)
        return TotalStep(
            basis=total.basis.value,
            members=members,
            formula=self.whole_formula(total.formula),
            at_least=self.whole_formula(total.at_least),
            at_most=self.whole_formula(total.at_most),
            exact=figure_text(rated.exact_total),
            carried_in=rated.carried_in,
            carried_out=rated.carried_out,
            roundings=roundings,
            rounding_line=rated.rounding_posted,
            total=figure_text(rated.total),
            posted=rated.total_posted,
        )


def form_name(form: Form) -> str:
    """A form as documents write it."""
    match form:
        case Is():
            return "is"
        case Tiers():
            return "tiers"
        case Percent():
            return "percent"
        case Sum():
            return "sum"
        case Limit(lowest=lowest):
            return "at_least" if lowest else "at_most"


def tier_step(fill: Fill) -> TierStep:
    """What a row did, its segment counted from 1."""
    return TierStep(
        segment=fill.segment + 1,
        row=fill.row,
        lower=figure_text(fill.lower),
        upper="" if fill.upper is None else figure_text(fill.upper),
        quantity=figure_text(fill.quantity),
        rate=figure_text(fill.rate),
        base=figure_text(fill.base),
        amount=figure_text(fill.amount),
    )


def rounding_step(stage: str, rounding: Rounding, before: Fraction) -> RoundingStep:
    """A rounding of `before`. stage: see RoundingStep."""
    after = rounding.apply(before)
    unit, mode = figure_text(rounding.unit), rounding.mode.name.lower()
    return RoundingStep(stage, unit, mode, figure_text(before), figure_text(after))


def _whole_members(members: Sequence[LineResult], basis: Basis) -> tuple[MemberStep, ...]:
    """Members taken once a bill: their exact or their rounded amounts."""
    exact = basis is Basis.EXACT
    return tuple(_member(m, m.exact if exact else m.amount) for m in members)


def _member(result: LineResult, amount: Fraction, segment: int = 0) -> MemberStep:
    return MemberStep(result.line.id, segment, figure_text(amount))


def _given_text(value: Fraction | str | History) -> str:
    """An input, an attribute or a state as a bill gives it; a history as month:value."""
    if isinstance(value, tuple):
        return " ".join(f"{month}:{figure_text(v)}" for month, v in value)
    return figure_text(value) if isinstance(value, Fraction) else str(value)
