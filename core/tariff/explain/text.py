"""An explanation as text that a clerk can read out to a customer."""

from collections.abc import Iterator
from fractions import Fraction

from billcore.core.money import Mode, Rounding
from billcore.core.tariff.explain.explanation import (
    Explanation,
    FormulaStep,
    LineStep,
    RoundingStep,
)
from billcore.core.tariff.explain.substitute import computed, number_text

PLACES = 6
"""Decimals of a quotient that has no exact decimal text; marked with ≈."""


def as_text(explanation: Explanation, language: str = "en") -> str:
    """The whole bill, a paragraph a line. language: of the labels, where a document has it."""
    return "\n".join(_text(explanation, language)) + "\n"


def _text(e: Explanation, language: str) -> Iterator[str]:
    yield from _head(e)
    for line in e.lines:
        if line.present:
            yield from _line(line, e, language)
    yield from _total(e)


def _head(e: Explanation) -> Iterator[str]:
    p = e.period
    dates = f", after {p['previous']} up to and including {p['this']}" if "this" in p else ""
    days = f", {p['days']} days" if "days" in p else ""
    yield f"Tariff {e.tariff}{dates}{days}. Amounts in {e.currency}."
    if e.inputs:
        yield "Given: " + ", ".join(f"{n} {_plain(v)}" for n, v in e.inputs.items()) + "."
    if e.state:
        yield "From before: " + ", ".join(f"{n} {_plain(v)}" for n, v in e.state.items()) + "."
    for s in e.segments:
        season = f", season {s.season}" if s.season else ""
        attributes = "".join(f", {n} {_plain(v)}" for n, v in s.attributes.items())
        length = f"{_plain(s.days)} days" if s.days else "the period"
        until = f" until {s.until}" if s.until else ""
        prices = f"prices from {s.version_from}{season}{attributes}"
        yield f"  Part {s.number}: {length}{until}, {prices}."


def _line(line: LineStep, e: Explanation, language: str) -> Iterator[str]:
    label = line.label.get(language) or line.label.get("en") or line.label.get("") or ""
    name = f"{label} ({line.id})" if label else line.id
    note = "" if line.counts else " (for information)" if line.form != "sum" else " (subtotal)"
    yield f"{name}{note}: {_money(line.posted, line.digits)} {line.unit}".rstrip()
    for formula in line.formulas:
        yield from _formula(formula, e)
    yield from _tiers(line)
    yield from _members(line)
    for step in line.roundings:
        yield f"    {_rounding(step)}"


def _formula(step: FormulaStep, e: Explanation) -> Iterator[str]:
    where = f"part {step.segment}: " if step.segment and len(e.segments) > 1 else ""
    names = ", ".join(f"{n} = {_plain(v)}" for n, v in step.names.items())
    given = f", with {names}" if names and names != f"{step.formula} = {_plain(step.value)}" else ""
    yield f"    {where}{step.formula} = {_plain(step.value)}{given}"
    for value in e.values:
        if value.name in step.names and value.segment == max(step.segment, 1):
            yield f"        where {value.name} = {value.formula} = {_plain(value.value)}"


def _tiers(line: LineStep) -> Iterator[str]:
    for t in line.tiers:
        upper = f"to {_plain(t.upper)}" if t.upper else "and more"
        base = f" + {_plain(t.base)}" if computed(t.base) else ""
        where = f"part {t.segment}, " if any(x.segment != t.segment for x in line.tiers) else ""
        filled = f"{_plain(t.quantity)} × {_plain(t.rate)}{base} = {_plain(t.amount)}"
        yield f"    {where}tier {t.row}, {_plain(t.lower)} {upper}: {filled}"


def _members(line: LineStep) -> Iterator[str]:
    if not line.members:
        return
    if line.form in ("at_least", "at_most"):
        yield _limit(line)
        return
    rates = list(dict.fromkeys(line.rates))
    rate = f"{_percent(rates[0])} of " if len(rates) == 1 else ""
    base = sum((computed(m.amount) for m in line.members), Fraction(0))
    names = " + ".join(f"{m.line} {_plain(m.amount)}" for m in line.members)
    of = _plain(number_text(base))
    base_shown = f"{rate}{of} = " if rate and len(line.members) > 1 else ""
    yield f"    {rate}{names} = {base_shown}{_plain(line.exact)}"


def _limit(line: LineStep) -> str:
    """What the members come to, beside the limit."""
    have = sum((computed(m.amount) for m in line.members), Fraction(0))
    limit = sum((computed(f.written) for f in line.formulas), Fraction(0))
    names = " + ".join(f"{m.line} {_plain(m.amount)}" for m in line.members)
    words = line.form.replace("_", " ")
    reached = "" if computed(line.exact) else ", within the limit"
    come = f"{names} = {_plain(number_text(have))}"
    return f"    {words} {_plain(number_text(limit))}; {come}{reached}: {_plain(line.exact)}"


def _total(e: Explanation) -> Iterator[str]:
    t = e.total
    if t.rounding_line:
        yield f"Rounding: {_money(t.rounding_line, e.digits)}"
    if t.carried_in or t.carried_out:
        carried_in, carried_out = _money(t.carried_in, e.digits), _money(t.carried_out, e.digits)
        yield f"Carried in {carried_in}, carried to the next bill {carried_out}"
    yield f"Total: {_money(t.posted, e.digits)} {e.currency}"
    limits = [("at least ", s) for s in t.at_least] + [("at most ", s) for s in t.at_most]
    for words, step in [("", s) for s in t.formula] + limits:
        yield f"    {words}{step.formula} = {_plain(step.value)}"
    for rounding in t.roundings:
        yield f"    {_rounding(rounding)}"


def _rounding(step: RoundingStep) -> str:
    mode = step.mode.replace("_", " ")
    stage = {"line": "", "post": "posted, ", "show": "printed, "}.get(step.stage, f"{step.stage}, ")
    figures = f"{_plain(step.before)} → {_plain(step.after)}"
    return f"{stage}rounded {mode} to {_plain(step.unit)}: {figures}"


def _plain(text: str) -> str:
    """A number for people: thousands set apart, a quotient as ≈ decimal; words as they are."""
    try:
        x = computed(text)
    except ValueError:
        return text
    exact = Rounding(Fraction(1, 10**PLACES), Mode.HALF_UP).apply(x)
    shown = _decimal(exact)
    return shown if exact == x else f"≈{shown}"


def _percent(text: str) -> str:
    return f"{_plain(number_text(computed(text) * 100))} %"


def _decimal(x: Fraction) -> str:
    scaled = abs(x.numerator * 10**PLACES // x.denominator)
    whole, rest = divmod(scaled, 10**PLACES)
    decimals = f"{rest:0{PLACES}}".rstrip("0")
    sign = "-" if x < 0 else ""
    return f"{sign}{_grouped(whole)}{'.' + decimals if decimals else ''}"


def _grouped(n: int) -> str:
    return f"{n:,}".replace(",", " ")


def _money(units: int, digits: int) -> str:
    whole, rest = divmod(abs(units), 10**digits)
    sign = "-" if units < 0 else ""
    return f"{sign}{_grouped(whole)}" + (f".{rest:0{digits}}" if digits else "")
