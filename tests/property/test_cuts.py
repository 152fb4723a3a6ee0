"""A cut at which nothing changes never changes money.

Every document of `tariffs/` gets an attribute that may change inside a bill and changes
nothing (`probe`). Where the checks accept that, a bill is rated uncut and with cuts on
random days: the exact amounts, the total and the state must be the same, unless the document
itself rounds a part, a bound or a split. Where the checks refuse, they do so because the
document does not say how a change would split it.

Calendar months are not in proportion to days: documents that use them are cut at every
month's start first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billcore.core import calendar
from billcore.core.errors import TariffInvalid
from billcore.core.tariff import bill as bills
from billcore.core.tariff.analysis import Sort, names_used
from billcore.core.tariff.bill import Bill, BillFailed, GivenSegment, History, Number
from billcore.core.tariff.check import Analysis, check
from billcore.core.tariff.document import Document, Formula, InputSpec, Kind, State, Tiers
from billcore.core.tariff.expression import Call, walk
from billcore.core.tariff.loader import load
from billcore.core.tariff.reference import Rated, rate
from billcore.core.tariff.status import Status
from tests.golden.harness import TARIFFS

ROUNDS = {"round", "floor", "ceil"}
CALENDAR_UNITS = {"calendar_months", "calendar_years"}
EXAMPLES = settings(max_examples=25)

NOT_SAID = {"BOUND_NOT_SCALED", "DOES_NOT_ADD_UP", "LOOKUP_BY_PART", "PART_AND_LEVEL"}
"""Why the checks refuse a document of one segment that would have to say how to split."""


def text_of(name: str) -> str:
    return (TARIFFS / f"{name}.yaml").read_text(encoding="utf-8")


@lru_cache
def probed(name: str) -> tuple[Document, Analysis] | frozenset[str]:
    """The document with the probe, or the rules by which the checks refuse it."""
    text = text_of(name).replace(
        "\ninputs:\n", "\ninputs:\n  probe: {kind: number, per: segment, decimals: 0, max: 9}\n"
    )
    text = text.replace("\ntotal:", "\n  - {id: probed, is: share(probe), info: yes}\ntotal:")
    try:
        document = load(text, name)
        return document, check(document)
    except TariffInvalid as error:
        return frozenset(finding.rule for finding in error.findings)


def rounds_a_part(document: Document, analysis: Analysis) -> bool:
    """Whether the document itself rounds a part of the bill, a bound or a split."""

    def rounds(formula: Formula) -> bool:
        part = analysis.formulas.get(id(formula), Sort.PART) is Sort.PART
        calls = (n for n in walk(formula.expr) if isinstance(n, Call))
        return part and any(call.function in ROUNDS for call in calls)

    def rounds_form(form: object) -> bool:
        return isinstance(form, Tiers) and bool(form.bounds or form.split_fill)

    values = document.values
    return (
        any(i.kind is Kind.QUANTITY and i.split.rounding for i in document.inputs.values())
        or any(x.round_parts or rounds_form(x.form) for x in document.lines)
        or any(v.rounding and analysis.values[n] is Sort.PART for n, v in values.items())
        or any(rounds_form(v.form) for v in values.values())
        or any(rounds(f) for f in all_formulas(document))
    )


def all_formulas(document: Document) -> list[Formula]:
    from billcore.core.tariff import analysis

    return list(analysis.all_formulas(document))


NAMES = sorted(path.stem for path in TARIFFS.glob("*.yaml"))
SAID = [n for n in NAMES if not isinstance(probed(n), frozenset)]
CUT = [n for n in NAMES if isinstance(p := probed(n), frozenset) and p == {"PERIOD"}]
REFUSED = [n for n in NAMES if n not in SAID and n not in CUT]
EXACT = [n for n in SAID if not rounds_a_part(*probed(n))]
print(len(NAMES), 'said', len(SAID), 'cut', CUT, 'refused', [(n, probed(n)) for n in REFUSED], 'rounding', [n for n in SAID if n not in EXACT])
