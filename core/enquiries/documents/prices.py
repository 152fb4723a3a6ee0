"""At which prices a bill's lines came to be: from its explanation, for documents.

A price stands where a line is a quantity times a rate: each row of a table that usage reached, or a
formula that multiplies one quantity of the tariff. Of other lines there is none to tell.
"""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from billcore.core.billing.stored import Span
from billcore.core.documents.facts import Price
from billcore.core.money import Mode, Rounding, exact_text
from billcore.core.tariff.explain.explanation import LineStep
from billcore.core.tariff.language.document import Document, Kind

PRODUCT = re.compile(r"\(([0-9.]+) \* ([0-9.]+)\)")
"""How an explanation writes a quantity times a rate, both exact decimals."""

SHOWN = Rounding(Fraction(1, 1_000_000), Mode.HALF_UP)
"""Quantities and rates with more decimals are told rounded to six."""


def prices(span: Span) -> Mapping[str, tuple[Price, ...]]:
    """The prices of each line of a span that has some, by its name."""
    document: Document = span.tariff.document
    found = {line.id: tuple(_of(line, document)) for line in span.explanation().lines}
    return {name: some for name, some in found.items() if some}


def _of(line: LineStep, document: Document) -> Iterator[Price]:
    for tier in line.tiers:
        if Fraction(tier.quantity):
            yield Price(_text(tier.quantity), "", _text(tier.rate))
    if line.form == "percent":
        yield from (Price("", "%", _text(str(Fraction(rate) * 100))) for rate in line.rates)
    for step in line.formulas if line.form == "is" else ():
        product = PRODUCT.fullmatch(step.written)
        spec = document.inputs.get(step.formula.partition(" * ")[0])
        if product and spec is not None and spec.kind is Kind.QUANTITY and Fraction(product[1]):
            yield Price(_text(product[1]), spec.unit, _text(product[2]))


def _text(number: str) -> str:
    return exact_text(SHOWN.apply(Fraction(number)))
