"""A cut at which nothing changes never changes money.

Every document of `tariffs/` gets an attribute that may change inside a bill and changes
nothing (`probe`). Where the checks accept that, a bill is rated uncut and with cuts on
random days: every exact amount, the total and the state must be the same, unless the
document itself rounds a part, a bound or a split. Where the checks refuse, the document
does not say how a change would split it.

Calendar months are not in proportion to days: a document that uses them is cut at every
month's start first.
"""

from collections.abc import Iterator, Mapping, Sequence
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
from billcore.core.tariff.bill import Bill, BillFailed, GivenSegment, Number
from billcore.core.tariff.checks.check import Analysis, check
from billcore.core.tariff.language.analysis import Sort, all_formulas, names_used, splits
from billcore.core.tariff.language.document import (
    Document,
    Formula,
    InputSpec,
    Kind,
    Record,
    State,
    Tiers,
)
from billcore.core.tariff.language.expression import Call, walk
from billcore.core.tariff.language.loader import load
from billcore.core.tariff.reference.evaluation import rate
from billcore.core.tariff.status import Status
from tests.golden.harness import TARIFFS

PROBE = "probe: {kind: number, per: segment, decimals: 0, max: 9, default: 0}"
PROBED = "- {id: probed, is: share(probe), info: yes}"
NAMES = sorted(path.stem for path in TARIFFS.glob("*.yaml"))

CALENDAR_UNITS = {"calendar_months", "calendar_years"}
NOT_SAID = {"BOUND_NOT_SCALED", "DOES_NOT_ADD_UP", "LEVEL_BY_PART", "LOOKUP_BY_PART"}
NOT_SAID |= {"PART_AND_LEVEL", "PART_TIMES_PART", "RATE_CHANGES"}
"""Rules of a document that need not, and does not, say how a change would split it."""


# -- documents


@lru_cache
def probed(name: str) -> tuple[Document, Analysis] | frozenset[str]:
    """The document with the probe, or the rules by which the checks refuse it."""
    text = (TARIFFS / f"{name}.yaml").read_text(encoding="utf-8")
    text = text.replace("\ninputs:\n", f"\ninputs:\n  {PROBE}\n")
    text = text.replace("\ntotal:", f"\n  {PROBED}\ntotal:")
    try:
        document = load(text, name)
        return document, check(document)
    except TariffInvalid as error:
        return frozenset(finding.rule for finding in error.findings)


def accepted(name: str) -> tuple[Document, Analysis]:
    found = probed(name)
    assert isinstance(found, tuple), f"{name}: {found}"
    return found


def rounds_parts(document: Document, analysis: Analysis) -> bool:
    """Whether the document itself rounds a part of the bill, a bound or a split."""

    def part_rounded(formula: Formula) -> bool:
        part = analysis.formulas.get(id(formula), Sort.PART) is Sort.PART
        calls = {node.function for node in walk(formula.expr) if isinstance(node, Call)}
        return part and bool(calls & {"round", "floor", "ceil"})

    values = document.values
    forms = [*(x.form for x in document.lines), *(v.form for v in values.values())]
    return (
        any(x.round_parts for x in document.lines)
        or any(isinstance(f, Tiers) and (f.bounds or f.split_fill) for f in forms)
        or any(i.split.rounding for i in document.inputs.values())
        or any(v.rounding and analysis.values[n] is Sort.PART for n, v in values.items())
        or any(part_rounded(formula) for formula in all_formulas(document))
    )


SAID = [n for n in NAMES if not isinstance(probed(n), frozenset)]
REFUSED = [n for n in NAMES if n not in SAID]
LONG = [n for n in SAID if accepted(n)[0].period.days_max > 1]
EXACT = [n for n in LONG if not rounds_parts(*accepted(n))]


# -- bills


@dataclass(frozen=True)
class Drawn:
    """A bill, the days on which it is cut, and the daily part of quantities per segment."""

    bill: Bill
    days: Sequence[int]
    daily: Sequence[int]


def numbers(lo: Fraction, hi: Fraction, decimals: int) -> st.SearchStrategy[Fraction]:
    """Exact decimals within limits, as often of the size of a household as of any size."""
    unit = 10**decimals
    low, high = int(lo * unit), int(hi * unit)
    usual = min(high, max(low, 0) + 500 * unit)
    scaled = st.integers(max(low, 0), usual) | st.integers(low, high)
    return scaled.map(lambda n: Fraction(n, unit))


def values_of(document: Document, spec: InputSpec) -> st.SearchStrategy[Number]:
    if spec.kind is Kind.CHOICE:
        return st.sampled_from(spec.oneof)
    if spec.kind is Kind.FLAG:
        return st.sampled_from((Fraction(0), Fraction(1)))
    decimals = document.digits if spec.kind is Kind.MONEY else spec.decimals
    listed = [k for k in map_keys(document) if spec.lo <= k <= spec.hi]
    listed = [k for k in listed if (k * 10**decimals).denominator == 1]
    sizes = numbers(spec.lo, spec.hi, decimals)
    return st.sampled_from(listed) | sizes if listed else sizes


def map_keys(document: Document) -> list[Fraction]:
    """The numbers by which a map of the document can be asked."""
    cells = [cell for version in document.versions for cell in version.cells.values()]
    keys = {k for cell in cells if isinstance(cell, Record) for k in cell.cells}
    return sorted(Fraction(k) for k in keys if k.replace(".", "", 1).isdigit())


def states_of(spec: State) -> st.SearchStrategy[object]:
    value = numbers(spec.lo, spec.hi, spec.decimals)
    if spec.history is None:
        return value
    return st.lists(st.tuples(st.integers(1, 12), value), max_size=spec.history).map(tuple)


@st.composite
def drawn_bills(draw: st.DrawFn, document: Document) -> Drawn:
    """A bill around a day on which the tariff changes, or anywhere in its years."""
    previous, this = draw(periods(document))
    of_bill = {n: s for n, s in document.inputs.items() if not is_own(s)}
    changing = [n for n, s in of_bill.items() if s.per_segment]
    changes = []
    for name in draw(st.lists(st.sampled_from(changing), max_size=2)):
        at = draw(st.integers(previous + 1, this))
        changes.append((at, name, draw(values_of(document, document.inputs[name]))))
    inside = st.integers(previous + 2, this)
    return Drawn(
        bill=Bill(
            inputs={n: draw(values_of(document, s)) for n, s in of_bill.items()},
            previous=previous,
            this=this,
            changes=changes,
            state={n: draw(states_of(s)) for n, s in document.states.items()},
        ),
        days=draw(st.lists(inside, min_size=1, max_size=4, unique=True)),
        daily=draw(st.lists(st.integers(0, 20), min_size=3, max_size=3)),
    )


@st.composite
def periods(draw: st.DrawFn, document: Document) -> tuple[int, int]:
    first, end = document.versions[0].start, document.versions[-1].end
    last = document.versions[-1].start + 800 if end is None else end
    most = min(90, document.period.days_max)
    starts = [v.start for v in document.versions]
    starts += [x.start for x in document.lines if x.start is not None]
    pivot = draw(st.sampled_from(starts) | st.integers(first, last))
    previous = min(max(first - 1, pivot - draw(st.integers(1, 60))), last - 2)
    return previous, min(last, previous + draw(st.integers(2, most)))


def is_own(spec: InputSpec) -> bool:
    """A quantity read at every border: each segment has its own."""
    return spec.kind is Kind.QUANTITY and spec.per_segment


# -- cutting


Outcome = Status | tuple[object, ...]


def outcome(document: Document, analysis: Analysis, bill: Bill) -> Outcome:
    """Every exact figure of a bill, or why it fails."""
    try:
        rated = rate(document, analysis, bill)
    except BillFailed as failed:
        return failed.status
    lines = [(x.line.id, x.exact, x.amount, x.posted, x.tiers) for x in rated.lines.values()]
    around = (rated.rounding_posted, rated.carried_in, rated.carried_out)
    return (lines, rated.exact_total, rated.total, around, rated.state)


def months_first(document: Document, bill: Bill) -> list[int]:
    """The month starts at which a document of calendar months or years is cut anyway."""
    assert bill.previous is not None
    assert bill.this is not None
    if not names_used(document) & CALENDAR_UNITS:
        return []
    return calendar.month_starts(document.calendar, bill.previous + 1, bill.this)


def pieces(document: Document, bill: Bill, extra: Sequence[int]) -> list[tuple[int, int]]:
    assert bill.previous is not None
    assert bill.this is not None
    borders = bills.borders(document, bill, bill.previous, bill.this)
    return calendar.cut(bill.previous, bill.this, [*borders, *extra])


def own_parts(
    document: Document, drawn: Drawn, whole: Sequence[tuple[int, int]], piece: tuple[int, int]
) -> Iterator[tuple[str, Fraction]]:
    """The own quantities of a piece: the daily one of the segment that it is cut from."""
    (k,) = [k for k, (a, b) in enumerate(whole) if a <= piece[0] and piece[1] <= b]
    daily = drawn.daily[k % len(drawn.daily)]
    for name, spec in document.inputs.items():
        if is_own(spec):
            yield name, Fraction(daily * (piece[1] - piece[0]), 10**spec.decimals)


def rated_with(document: Document, analysis: Analysis, drawn: Drawn, extra: list[int]) -> Outcome:
    """The bill by its dates, with borders on `extra` days too."""
    always = months_first(document, drawn.bill)
    whole = pieces(document, drawn.bill, always)
    own = [
        (piece[0] + 1, name, value)
        for piece in pieces(document, drawn.bill, [*always, *extra])
        for name, value in own_parts(document, drawn, whole, piece)
    ]
    bill = replace(drawn.bill, changes=[*drawn.bill.changes, *own])
    real = bills.borders
    with patch.object(bills, "borders", lambda *a: [*real(*a), *always, *extra]):
        return outcome(document, analysis, bill)


def in_segments(document: Document, drawn: Drawn, extra: Sequence[int]) -> list[GivenSegment]:
    """The bill's segments as a caller would give them, each cut on the `extra` days."""
    whole = pieces(document, drawn.bill, ())
    found = []
    for start, end in pieces(document, drawn.bill, extra):
        last = next(b for a, b in whole if a <= start and end <= b)
        inputs = attributes(document, drawn.bill, last)
        inputs |= dict(own_parts(document, drawn, whole, (start, end)))
        found.append(GivenSegment(day=last, days=end - start, inputs=inputs))
    return found


def attributes(document: Document, bill: Bill, day: int) -> dict[str, Number]:
    changes: Mapping[str, Number] = {
        name: value for at, name, value in sorted(bill.changes, key=lambda c: c[0]) if at <= day
    }
    return {n: changes[n] for n in document.inputs if n in changes}


# -- the properties


@pytest.mark.parametrize("name", EXACT)
@settings(max_examples=25)
@given(data=st.data())
def test_cuts_by_dates_change_nothing(name: str, data: st.DataObject) -> None:
    document, analysis = accepted(name)
    drawn = data.draw(drawn_bills(document))
    uncut = rated_with(document, analysis, drawn, [])
    assert uncut is not Status.UNREPRESENTABLE
    assert rated_with(document, analysis, drawn, list(drawn.days)) == uncut


def takes_segments(name: str) -> bool:
    document, _ = accepted(name)
    resets = any(s.resets for s in document.states.values())
    return not resets and not names_used(document) & CALENDAR_UNITS


@pytest.mark.parametrize("name", [n for n in EXACT if takes_segments(n)])
@settings(max_examples=25)
@given(data=st.data())
def test_cuts_of_given_segments_change_nothing(name: str, data: st.DataObject) -> None:
    document, analysis = accepted(name)
    drawn = data.draw(drawn_bills(document))

    def rated(extra: Sequence[int]) -> Outcome:
        segments = in_segments(document, drawn, extra)
        return outcome(document, analysis, replace(drawn.bill, changes=(), segments=segments))

    assert rated(drawn.days) == rated(())


@pytest.mark.parametrize("name", REFUSED)
def test_only_a_bill_that_nothing_cuts_may_leave_it_unsaid(name: str) -> None:
    document = load((TARIFFS / f"{name}.yaml").read_text(encoding="utf-8"), name)
    rules = probed(name)
    assert isinstance(rules, frozenset)
    if document.period.cut > 1:
        assert rules == {"PERIOD"}
    else:
        assert not splits(document).any
        assert rules <= NOT_SAID


def test_most_documents_are_cut() -> None:
    assert len(EXACT) > 2 * (len(NAMES) - len(EXACT))
