"""Why a bill is what it is: every input, day, tier, base and rounding, as data and text.

An explanation holds exact numbers as text ("1310/341" where no decimal is exact).
`recompute` bills it again from these alone and must come to the same amounts;
`explain_text` writes it for people.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction

from billcore.core.money import Mode, Rounding
from billcore.core.tariff.bill import Bill
from billcore.core.tariff.document import (
    Basis,
    Document,
    Formula,
    Is,
    Limit,
    Line,
    Percent,
    Sum,
    Tiers,
)
from billcore.core.tariff.expression import Name, Whole, walk
from billcore.core.tariff.reference import Evaluation, Fill, LineResult, Rated
from billcore.core.tariff.substitute import Writer, number_text
from billcore.core.tariff.tariff import Tariff


@dataclass(frozen=True, slots=True)
class RoundingStep:
    """A rounding before and after; stage: part, tier, line, show, post or total."""

    stage: str
    unit: str
    mode: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SegmentStep:
    """Days of constant version, season and attributes. Dates in the tariff's calendar."""

    number: int
    until: str
    days: str
    share: str
    version_from: str
    season: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class FormulaStep:
    """A formula in one segment (0: the whole bill), with its names and its value.

    name: of a named value, else "". roundings: what a named value rounds.
    """

    segment: int
    name: str
    formula: str
    written: str
    names: dict[str, str]
    value: str
    roundings: tuple[RoundingStep, ...] = ()


@dataclass(frozen=True, slots=True)
class TierStep:
    """quantity * rate + base = amount, in one row of a table; upper "" is open."""

    segment: int
    row: int
    lower: str
    upper: str
    quantity: str
    rate: str
    base: str
    amount: str


@dataclass(frozen=True, slots=True)
class MemberStep:
    """A line that a percentage, sum or limit is taken of, with the figure it gives."""

    line: str
    segment: int
    amount: str


@dataclass(frozen=True, slots=True)
class LineStep:
    """A line. form: is, tiers, percent, sum, at_least, at_most. Amounts in currency.

    posted counts 10**-digits; unit names the quantity of an information line that is one.
    """

    id: str
    label: dict[str, str]
    form: str
    present: bool
    counts: bool
    formulas: tuple[FormulaStep, ...]
    tiers: tuple[TierStep, ...]
    shares: tuple[str, ...]
    rates: tuple[str, ...]
    basis: str
    members: tuple[MemberStep, ...]
    sub_lines: tuple[str, ...]
    roundings: tuple[RoundingStep, ...]
    exact: str
    amount: str
    shown: str
    posted: int
    digits: int
    unit: str


@dataclass(frozen=True, slots=True)
class TotalStep:
    """The total: members or a formula, limits, what was carried, roundings."""

    basis: str
    members: tuple[MemberStep, ...]
    formula: tuple[FormulaStep, ...]
    at_least: tuple[FormulaStep, ...]
    at_most: tuple[FormulaStep, ...]
    exact: str
    carried_in: int
    carried_out: int
    roundings: tuple[RoundingStep, ...]
    rounding_line: int
    total: str
    posted: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of one bill. posted figures count units of account: 10**-digits of currency."""

    tariff: str
    hash: str
    currency: str
    digits: int
    period: dict[str, str]
    inputs: dict[str, str]
    state: dict[str, str]
    segments: tuple[SegmentStep, ...]
    values: tuple[FormulaStep, ...]
    lines: tuple[LineStep, ...]
    total: TotalStep

    def as_dict(self) -> dict[str, object]:
        """The explanation in JSON's types."""
        return asdict(self)


def explain(tariff: Tariff, bill: Bill) -> Explanation:
    """The explanation of a bill. Raises BillFailed as rating it would."""
    evaluation = Evaluation(tariff.document, tariff.analysis, bill)
    return _Explainer(tariff, evaluation, evaluation.rated()).explanation()


class _Explainer:
    def __init__(self, tariff: Tariff, evaluation: Evaluation, rated: Rated) -> None:
        self.tariff = tariff
        self.document: Document = tariff.document
        self.evaluation = evaluation
        self.rated = rated
        self.values: dict[tuple[str, int], FormulaStep] = {}

    def explanation(self) -> Explanation:
        lines = tuple(self.line(r) for r in self.rated.lines.values())
        total = self.total()
        bill = self.evaluation.bill
        return Explanation(
            tariff=self.document.id,
            hash=self.document.hash,
            currency=self.document.currency,
            digits=self.document.digits,
            period=self.period(bill),
            inputs={n: self.shown_input(v) for n, v in bill.inputs.items()},
            state={n: self.shown_input(v) for n, v in bill.state.items()},
            segments=tuple(self.segment(k) for k in range(len(self.rated.segments))),
            values=tuple(self.values.values()),
            lines=lines,
            total=total,
        )

    def period(self, bill: Bill) -> dict[str, str]:
        show = self.document.calendar.format
        found = {"calendar": self.document.calendar.value}
        if bill.previous is not None and bill.this is not None:
            found |= {"previous": show(bill.previous), "this": show(bill.this)}
        if all(s.days is not None for s in self.rated.segments):
            found["days"] = number_text(
                sum((s.days or Fraction(0) for s in self.rated.segments), Fraction(0))
            )
        return found

    def shown_input(self, value: object) -> str:
        if isinstance(value, tuple):
            return " ".join(f"{month}:{number_text(v)}" for month, v in value)
        return number_text(value) if isinstance(value, Fraction) else str(value)

    def segment(self, k: int) -> SegmentStep:
        s = self.rated.segments[k]
        show = self.document.calendar.format
        return SegmentStep(
            number=k + 1,
            until="" if s.last_day is None else show(s.last_day),
            days="" if s.days is None else number_text(s.days),
            share=number_text(s.weight / self.evaluation.weight),
            version_from=show(self.document.versions[s.version].start),
            season=s.season,
            attributes={n: self.shown_input(v) for n, v in s.inputs.items()},
        )

    # -- formulas and the values that they use

    def formula(self, formula: Formula, k: int, *, whole: bool = False) -> FormulaStep:
        writer = Writer(
            lambda e: self.evaluation.number(e, k), lambda e: self.evaluation.condition(e, k)
        )
        written = writer.written(formula.expr)
        self.used_values(formula, k)
        return FormulaStep(
            segment=0 if whole else k + 1,
            name="",
            formula=formula.text,
            written=written,
            names={n: number_text(v) for n, v in writer.leaves.items()},
            value=number_text(self.evaluation.number(formula.expr, k)),
        )

    def used_values(self, formula: Formula, k: int) -> None:
        for node in walk(formula.expr):
            if not isinstance(node, Name | Whole) or node.id not in self.document.values:
                continue
            for j in range(len(self.rated.segments)) if isinstance(node, Whole) else (k,):
                self.value(node.id, j)

    def value(self, name: str, k: int) -> None:
        """Notes a named value, once a segment; the values under it first."""
        if (name, k) in self.values or (name, k) not in self.evaluation.known:
            return
        found = self.evaluation.known[name, k]
        if not isinstance(found, Fraction):
            return
        value = self.document.values[name]
        if isinstance(value.form, Is):
            step = self.formula(value.form.formula, k)
        else:
            written = number_text(self.unrounded_value(name, k))
            step = FormulaStep(k + 1, name, "tiers", written, {}, written)
        roundings: tuple[RoundingStep, ...] = ()
        if value.rounding is not None:
            roundings = (rounding_step("value", value.rounding, self.unrounded_value(name, k)),)
        self.values[name, k] = replace(
            step, name=name, value=number_text(found), roundings=roundings
        )

    def unrounded_value(self, name: str, k: int) -> Fraction:
        found = self.evaluation.form_value(self.document.values[name].form, k)
        assert isinstance(found, Fraction)
        return found

    def whole_formula(self, formula: Formula) -> tuple[FormulaStep, ...]:
        """The formula in every segment if it is a part, else once."""
        if self.tariff.analysis.of(formula).name == "PART":
            return tuple(self.formula(formula, k) for k in range(len(self.rated.segments)))
        return (self.formula(formula, 0, whole=True),)

    # -- lines

    def line(self, result: LineResult) -> LineStep:
        line = result.line
        form = line.form
        per_segment = bool(result.parts)
        every = range(len(self.rated.segments)) if per_segment else range(1)
        on = [k for k in every if self.evaluation.applies(line, k)]
        return LineStep(
            id=line.id,
            label=line.label,
            form=form_name(line),
            present=result.present,
            counts=line.counts,
            formulas=self.line_formulas(line, on, whole=not per_segment),
            tiers=tuple(tier_step(f) for f in result.fills),
            shares=self.shares(form, result.fills),
            rates=tuple(number_text(self.evaluation.number(form.rate.expr, k)) for k in on)
            if isinstance(form, Percent)
            else (),
            basis=form.basis.value if isinstance(form, Percent | Sum | Limit) else "",
            members=self.members(line, on),
            sub_lines=tuple(number_text(t) for t in result.tiers),
            roundings=tuple(self.roundings(result, on)),
            exact=number_text(result.exact),
            amount=number_text(result.amount),
            shown=number_text(result.shown),
            posted=result.posted,
            digits=self.document.line_digits(line),
            unit=line.unit,
        )

    def line_formulas(
        self, line: Line, on: Sequence[int], *, whole: bool
    ) -> tuple[FormulaStep, ...]:
        form = line.form
        if isinstance(form, Is):
            return tuple(self.formula(form.formula, k, whole=whole) for k in on)
        if isinstance(form, Limit):
            return self.whole_formula(form.limit) if on else ()
        if isinstance(form, Tiers):
            for k in on:
                self.used_values(form.of, k)
            return ()
        return ()

    def shares(self, form: object, fills: Sequence[Fill]) -> tuple[str, ...]:
        """With split: money, the share of the period by which each tier was taken."""
        if not isinstance(form, Tiers) or not form.split_money:
            return ()
        weight = self.evaluation.weight
        return tuple(number_text(self.rated.segments[f.segment].weight / weight) for f in fills)

    def members(self, line: Line, on: Sequence[int]) -> tuple[MemberStep, ...]:
        form = line.form
        if not isinstance(form, Percent | Sum | Limit):
            return ()
        position = self.document.lines.index(line)
        lines = self.document.members(form.members, position)
        found = [self.rated.lines[x.id] for x in lines]
        if form.basis is Basis.PARTS:
            return tuple(
                self.member(m, self.evaluation.part(m, k), k + 1) for k in on for m in found
            )
        if form.basis is Basis.TIERS:
            return tuple(self.member(m, t, 0) for m in found for t in m.tiers)
        exact = form.basis is Basis.EXACT
        return tuple(self.member(m, m.exact if exact else m.amount, 0) for m in found if on)

    def member(self, result: LineResult, amount: Fraction, segment: int) -> MemberStep:
        return MemberStep(result.line.id, segment, number_text(amount))

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
            rate = self.evaluation.number(form.rate.expr, 0)
            position = self.document.lines.index(result.line)
            members = [
                self.rated.lines[x.id] for x in self.document.members(form.members, position)
            ]
            return [rate * t for m in members for t in m.tiers]
        count = len(result.tiers)
        return [
            sum((f.amount for f in result.fills if f.row == n), Fraction(0))
            for n in range(1, count + 1)
        ]

    # -- total

    def total(self) -> TotalStep:
        total, rated = self.document.total, self.rated
        members: tuple[MemberStep, ...] = ()
        if total.members is not None:
            exact = total.basis is Basis.EXACT
            lines = [rated.lines[x.id] for x in self.document.members(total.members)]
            members = tuple(self.member(m, m.exact if exact else m.amount, 0) for m in lines)
        unit = Fraction(1, 10**self.document.digits)
        due = rated.exact_total + rated.carried_in * unit
        roundings = () if total.rounding is None else (rounding_step("total", total.rounding, due),)
        return TotalStep(
            basis=total.basis.value,
            members=members,
            formula=self.whole_formula(total.formula) if total.formula else (),
            at_least=self.whole_formula(total.at_least) if total.at_least else (),
            at_most=self.whole_formula(total.at_most) if total.at_most else (),
            exact=number_text(rated.exact_total),
            carried_in=rated.carried_in,
            carried_out=rated.carried_out,
            roundings=roundings,
            rounding_line=rated.rounding_posted,
            total=number_text(rated.total),
            posted=rated.total_posted,
        )


def form_name(line: Line) -> str:
    match line.form:
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
    return TierStep(
        segment=fill.segment + 1,
        row=fill.row,
        lower=number_text(fill.lower),
        upper="" if fill.upper is None else number_text(fill.upper),
        quantity=number_text(fill.quantity),
        rate=number_text(fill.rate),
        base=number_text(fill.base),
        amount=number_text(fill.amount),
    )


def rounding_step(stage: str, rounding: Rounding, before: Fraction) -> RoundingStep:
    after = rounding.apply(before)
    unit, mode = number_text(rounding.unit), rounding.mode.name.lower()
    return RoundingStep(stage, unit, mode, number_text(before), number_text(after))
