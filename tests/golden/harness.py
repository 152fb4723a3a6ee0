"""From a golden file to bills: what every engine is checked against.

A golden file (`cases/*.json`) states published figures. A mapping says which document of
`tariffs/` rates a case, how the case's inputs become a `Bill`, and which figure of the
rated bill each published line is. Nothing here knows a tariff, or which engine rates.

A mapping module holds `MAPPINGS: dict[str, tuple[Case, ...]]`, keyed by golden id; a case
is taken by the first `Case` whose `when` accepts its inputs. For example, the golden case
{"inputs": {"m3": "45", "days": "58"}, "expected": {"lines": {"vat": "6"}, "total": "99"}}:

    MAPPINGS = {
        "xx_town_water": (
            Case(
                document="xx-town-water",
                bill=lambda i: Bill(inputs=take(i, "m3"), days=int(i["days"])),
                figures={"vat": "tax.amount"},
            ),
        ),
    }

A figure is a selector, '-' and a selector, or several joined by ' + ' and ' - ':

    total, total.exact            what the customer owes; before the total's rounding
    tax.amount, .exact, .shown    of line `tax`; `.posted` is in units of the currency
    energy[2], energy.parts[0]    its 2nd tier; its part in the first segment
    energy.rows[2].quantity       of row 2 over the bill; also .amount, .rate, .lower, .upper
    energy.rows[2].quantity@1     the same in the second segment
    .parts[0].shown, .rows[2].shown   such an amount as the line's `show` would print it
    value.width, value.width@1    a named value (or input) of the whole bill; in a segment
    bill.kwh                      the whole bill's, as in a formula
    carried.in, carried.out       the remainder of `total.carry`
    state.used, push.peaks        a running state after the bill; what a history takes

`bill` may return a list: consecutive bills of one agreement. State is carried from each to
the next and figures name the bill, counted from 1: '1:value.units'; without a number the
last one.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from billcore.core.calendar import Calendar
from billcore.core.tariff.bill import Bill, Number
from billcore.core.tariff.checks.check import Analysis, check
from billcore.core.tariff.language.document import Document
from billcore.core.tariff.language.expression import Name, Whole
from billcore.core.tariff.language.loader import load
from billcore.core.tariff.reference.evaluation import Evaluation, Fill, LineResult, Rated

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "golden" / "cases"
TARIFFS = ROOT / "tariffs"

Inputs = Mapping[str, Any]
"""A golden case's inputs: decimal strings, lists and mappings of them."""


def always(inputs: Inputs) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Case:
    """How some cases of one golden file are billed; see the module's example.

    document: a tariff's id. figures: published line -> selector; every published line of
    the cases taken needs one. total: the selector of the published total.
    """

    document: str
    bill: Callable[[Inputs], Bill | Sequence[Bill]]
    figures: Mapping[str, str] = field(default_factory=dict)
    total: str = "total"
    when: Callable[[Inputs], bool] = always


@dataclass(frozen=True, slots=True)
class Golden:
    """One published case, as its file states it."""

    file: str
    name: str
    inputs: Inputs
    lines: Mapping[str, Fraction]
    total: Fraction | None

    @property
    def id(self) -> str:
        return f"{self.file}: {self.name}"


@dataclass(frozen=True, slots=True)
class Run:
    """One case ready for any engine: rate `bills` in order, compare `figures`.

    figures: (published line, selector, expected). Bills after the first need the state
    that the one before left: `carry`.
    """

    golden: Golden
    document: Document
    analysis: Analysis
    bills: tuple[Bill, ...]
    figures: tuple[tuple[str, str, Fraction], ...]


# -- helpers of mappings


def take(inputs: Inputs, *names: str, **renamed: str) -> dict[str, Number]:
    """Numbers of a golden case as a bill's inputs: take(i, "kwh", m3="water_m3")."""
    wanted = {n: n for n in names} | renamed
    return {ours: Fraction(inputs[theirs]) for ours, theirs in wanted.items()}


def day(text: str, calendar: Calendar = Calendar.GREGORIAN) -> int:
    """A written date as a day number."""
    return calendar.parse(text)


def given(name: str, *values: str) -> Callable[[Inputs], bool]:
    """Accepts cases that have the input (with one of these values, where given)."""
    return lambda i: name in i and (not values or i[name] in values)


# -- golden files


@lru_cache
def golden_files() -> dict[str, tuple[Golden, ...]]:
    found = {}
    for path in sorted(CASES.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        found[content["id"]] = tuple(_golden(content["id"], case) for case in content["cases"])
    return found


def _golden(file: str, case: dict[str, Any]) -> Golden:
    expected = case["expected"]
    total = expected["total"]
    return Golden(
        file=file,
        name=case["name"],
        inputs=case["inputs"],
        lines={k: Fraction(v) for k, v in expected["lines"].items()},
        total=None if total is None else Fraction(total),
    )


@lru_cache
def tariff(name: str) -> tuple[Document, Analysis]:
    """A document of `tariffs/` and what the checks found out about it."""
    path = TARIFFS / f"{name}.yaml"
    document = load(path.read_text(encoding="utf-8"), path.name)
    return document, check(document)


def run_of(golden: Golden, cases: Sequence[Case]) -> Run:
    """The case as bills. An unmapped case or line is an error."""
    case = next((c for c in cases if c.when(golden.inputs)), None)
    assert case is not None, f"{golden.id}: no mapping takes these inputs"
    missing = golden.lines.keys() - case.figures.keys()
    assert not missing, f"{golden.id}: no figure for {', '.join(sorted(missing))}"
    document, analysis = tariff(case.document)
    bills = case.bill(golden.inputs)
    figures = [(line, case.figures[line], value) for line, value in golden.lines.items()]
    if golden.total is not None:
        figures.append(("total", case.total, golden.total))
    return Run(
        golden,
        document,
        analysis,
        (bills,) if isinstance(bills, Bill) else tuple(bills),
        tuple(figures),
    )


def carry(document: Document, bill: Bill, before: "Figures | None") -> Bill:
    """The bill with the state that the bill before left."""
    if before is None:
        return bill
    state = dict(before.bill.state)
    for name, value in before.rated.state.items():
        if document.states[name].history is None:
            state[name] = value
        else:
            old = state.get(name, ())
            assert isinstance(old, tuple)
            state[name] = (*old, (before.month(), value))
    if document.total.carry is not None:
        state[document.total.carry] = before.rated.carried_out * before.unit
    return replace(bill, state=state | dict(bill.state))


# -- figures of a rated bill

_SELECTOR = re.compile(r"(?:(\d+):)?(.+)")


class Figures:
    """A bill rated by the reference, and its figures by selector."""

    def __init__(self, document: Document, analysis: Analysis, bill: Bill) -> None:
        self.bill = bill
        self.evaluation = Evaluation(document, analysis, bill)
        self.rated: Rated = self.evaluation.rated()
        self.unit = Fraction(1, 10**document.digits)

    def month(self) -> int:
        return self.evaluation.month()

    def select(self, selector: str) -> Fraction:
        sign, found = 1, Fraction(0)
        for word in re.split(r"( \+ | - |^-)", selector):
            if word in (" + ", " - ", "-"):
                sign = 1 if word == " + " else -1
            elif word:
                found += sign * self.one(word)
        return found

    def one(self, selector: str) -> Fraction:
        text, _, segment = selector.partition("@")
        head, _, rest = text.partition(".")
        k = int(segment) if segment else None
        match head:
            case "total":
                return self.rated.exact_total if rest == "exact" else self.rated.total
            case "value":
                return self.evaluation.number(Name(rest), k or 0)
            case "bill":
                return self.evaluation.number(Whole(rest), 0)
            case "carried":
                units = {"in": self.rated.carried_in, "out": self.rated.carried_out}
                return units[rest] * self.unit
            case "state" | "push":
                return self.rated.state[rest]
        name, _, number = head.partition("[")
        line = self.rated.lines[name]
        if number:
            return _nth(line.tiers, int(number[:-1]))
        return self.of_line(line, rest or "amount", k)

    def of_line(self, line: LineResult, what: str, k: int | None) -> Fraction:
        if what == "posted":
            return line.posted * self.unit
        if what in ("amount", "exact", "shown"):
            return Fraction(getattr(line, what))
        found = re.fullmatch(r"(parts|rows)\[(\d+)\](?:\.(\w+))?", what)
        assert found, f"no figure '{what}' of a line"
        n, what, printed = int(found[2]), found[3] or "amount", found[3] == "shown"
        if found[1] == "parts":
            figure = line.parts[n]
        else:
            figure = _of_row(line.fills, n, "amount" if printed else what, k)
        return line.line.show.apply(figure) if printed and line.line.show else figure


def _nth(values: Sequence[Fraction], n: int) -> Fraction:
    return values[n - 1] if n <= len(values) else Fraction(0)


def _of_row(fills: Sequence[Fill], row: int, what: str, k: int | None) -> Fraction:
    """A figure of a table's row; amounts and quantities add up over the segments."""
    mine = [f for f in fills if f.row == row and k in (None, f.segment)]
    if what in ("quantity", "amount", "base"):
        return sum((getattr(f, what) for f in mine), Fraction(0))
    (value,) = {getattr(f, what) for f in mine}
    assert isinstance(value, Fraction), f"row {row} has no {what}"
    return value


def rated(run: Run) -> list[Figures]:
    """The bills of a case by the reference; `.bill` of each has the state resolved."""
    found: list[Figures] = []
    for bill in run.bills:
        before = found[-1] if found else None
        found.append(Figures(run.document, run.analysis, carry(run.document, bill, before)))
    return found


def differences(run: Run) -> Iterator[str]:
    """Every figure of a case that the reference gets wrong."""
    bills = rated(run)
    for line, selector, expected in run.figures:
        found = _SELECTOR.fullmatch(selector)
        assert found, f"{run.golden.id}: '{selector}' is not a selector"
        number, rest = found.groups()
        got = bills[int(number) - 1 if number else -1].select(rest)
        if got != expected:
            yield f"{run.golden.id}: {line} ({selector}) expected {expected}, got {got}"
