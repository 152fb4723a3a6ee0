"""An explanation billed again from its own numbers: it must come to the same amounts.

Nothing but the explanation is read: no document, no bill, no evaluation. A figure that
does not follow from the ones before it is an error.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from billcore.core.money import Mode, Rounding, divide
from billcore.core.tariff.explain.explanation import (
    Explanation,
    FormulaStep,
    LineStep,
    MemberStep,
    RoundingStep,
)
from billcore.core.tariff.explain.substitute import computed

ZERO = Fraction(0)


class DoesNotFollow(ValueError):
    """A figure of an explanation that its own numbers do not give."""


def recompute(explanation: Explanation) -> dict[str, int]:
    """The posted lines, `rounding` and `total` in units of account.

    Raises DoesNotFollow when a stated figure is not what the numbers before it give.
    """
    amounts: dict[str, Fraction] = {}
    posted: dict[str, int] = {}
    for value in explanation.values:
        found = _stage(value.roundings, "value", computed(value.written))
        _agree(value.name, found, value.value)
    for line in explanation.lines:
        exact = _exact(line, amounts)
        _agree(line.id, exact, line.exact)
        amounts[line.id] = _stage(line.roundings, "line", exact)
        shown = _stage(line.roundings, "show", amounts[line.id])
        posted[line.id] = _units(shown, line.digits)
    total = _total(explanation, amounts)
    counted = sum(posted[line.id] for line in explanation.lines if line.counts)
    step = explanation.total
    posted["total"] = _units(total, explanation.digits)
    posted["rounding"] = posted["total"] - counted - step.carried_in + step.carried_out
    return posted


def _agree(what: str, found: Fraction, stated: str) -> None:
    if found != computed(stated):
        raise DoesNotFollow(f"{what}: the numbers give {found}, the explanation says {stated}")


def _exact(line: LineStep, amounts: Mapping[str, Fraction]) -> Fraction:
    if not line.present:
        return ZERO
    _members_agree(line.members, line.basis, amounts)
    tier_rounding = _rounding(line.roundings, "tier")
    if tier_rounding is not None:
        return sum((tier_rounding.apply(t) for t in _sub_lines(line)), ZERO)
    parts = _parts(line)
    part_rounding = _rounding(line.roundings, "part")
    if part_rounding is not None:
        parts = [part_rounding.apply(p) for p in parts]
    return sum(parts, ZERO)


def _members_agree(
    members: Sequence[MemberStep], basis: str, amounts: Mapping[str, Fraction]
) -> None:
    if basis == "whole":
        for member in members:
            _agree(member.line, amounts[member.line], member.amount)


def _sub_lines(line: LineStep) -> list[Fraction]:
    if line.form == "percent":
        return [computed(line.rates[0]) * computed(m.amount) for m in line.members]
    rows = sorted({t.row for t in line.tiers})
    return [sum((a for t, a in _tier_amounts(line) if t == row), ZERO) for row in rows]


def _tier_amounts(line: LineStep) -> list[tuple[int, Fraction]]:
    shares = [computed(s) for s in line.shares] or [Fraction(1)] * len(line.tiers)
    found = []
    for tier, share in zip(line.tiers, shares, strict=True):
        full = computed(tier.quantity) * computed(tier.rate) + computed(tier.base)
        _agree(f"{line.id}[{tier.row}]", full * share, tier.amount)
        found.append((tier.row, full * share))
    return found


def _parts(line: LineStep) -> list[Fraction]:
    """The line's value in each segment where it stands, unrounded."""
    match line.form:
        case "is":
            return [_formula(f) for f in line.formulas]
        case "tiers":
            segments = sorted({t.segment for t in line.tiers})
            amounts = [
                (t.segment, a) for t, (_, a) in zip(line.tiers, _tier_amounts(line), strict=True)
            ]
            return [sum((a for s, a in amounts if s == k), ZERO) for k in segments]
        case "percent" | "sum":
            return _shares_of_members(line)
    return [_limited(line)]


def _formula(step: FormulaStep) -> Fraction:
    found = computed(step.written)
    _agree(step.formula, found, step.value)
    return found


def _shares_of_members(line: LineStep) -> list[Fraction]:
    segments = list(dict.fromkeys(m.segment for m in line.members)) or [0]
    bases = [
        sum((computed(m.amount) for m in line.members if m.segment == s), ZERO) for s in segments
    ]
    rates = [computed(r) for r in line.rates] or [Fraction(1)] * len(bases)
    return [b * r for b, r in zip(bases, rates, strict=True)] if line.members else [ZERO]


def _limited(line: LineStep) -> Fraction:
    have = sum((computed(m.amount) for m in line.members), ZERO)
    rest = sum((_formula(f) for f in line.formulas), ZERO) - have
    return max(rest, ZERO) if line.form == "at_least" else min(rest, ZERO)


def _rounding(steps: Sequence[RoundingStep], stage: str) -> Rounding | None:
    return next((Rounding.parse(f"{s.unit} {s.mode}") for s in steps if s.stage == stage), None)


def _stage(steps: Sequence[RoundingStep], stage: str, x: Fraction) -> Fraction:
    """x after the rounding of a stage, if there is one; it must start from x."""
    for step in steps:
        if step.stage == stage:
            _agree(f"{stage} rounding", x, step.before)
            return Rounding.parse(f"{step.unit} {step.mode}").apply(x)
    return x


def _total(explanation: Explanation, amounts: Mapping[str, Fraction]) -> Fraction:
    step = explanation.total
    _members_agree(step.members, step.basis, amounts)
    if step.formula:
        found = sum((_formula(f) for f in step.formula), ZERO)
    else:
        found = sum((computed(m.amount) for m in step.members), ZERO)
    if step.at_least:
        found = max(found, sum((_formula(f) for f in step.at_least), ZERO))
    if step.at_most:
        found = min(found, sum((_formula(f) for f in step.at_most), ZERO))
    _agree("total", found, step.exact)
    due = found + Fraction(step.carried_in, 10**explanation.digits)
    return _stage(step.roundings, "total", due)


def _units(x: Fraction, digits: int) -> int:
    scaled = x * 10**digits
    return divide(scaled.numerator, scaled.denominator, Mode.HALF_UP)
