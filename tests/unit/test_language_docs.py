"""The page on the tariff language tells the truth: documents load, figures are both engines'.

A ```yaml block is a whole document. Findings in a ```text block behind it are what the checker
says of it. A table with an arrow behind it states bills; `<!-- bill: … -->` states the bill of a
table with a line and a figure a row. Figures are selectors of `tests.golden.harness`.
"""

import ast
import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest

from billcore.core import calendar, money
from billcore.core.errors import TariffInvalid
from billcore.core.money import Rounding
from billcore.core.rating.bills import rate_bill
from billcore.core.tariff.bill import Bill, Number
from billcore.core.tariff.ir import MODE_BY_NAME
from billcore.core.tariff.language.document import Document
from billcore.core.tariff.language.expression import FUNCTIONS
from billcore.core.tariff.language.reading import LABELS, RESERVED
from billcore.core.tariff.language.schema import schema
from billcore.core.tariff.language.units import UNITS
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff
from tests.golden.harness import ROOT, TARIFFS, Figures
from tests.unit.test_schema import complaints

PAGE = ROOT / "docs" / "tariff-language.md"
TEXT = PAGE.read_text(encoding="utf-8")
FILE = "tariff.yaml"
ARROW = "→"


@dataclass(slots=True)
class Example:
    """A document of the page, the findings printed behind it, and the bills beside it."""

    line: int
    text: str
    findings: list[str] = field(default_factory=list)
    bills: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)


def cells(row: str) -> list[str]:
    return [cell.strip().strip("`") for cell in row.strip().strip("|").split("|")]


def tables(text: str) -> Iterator[list[list[str]]]:
    """Every table as rows of cells, the heading first."""
    for block in re.findall(r"(?:^\|.*\n)+", text + "\n", re.MULTILINE):
        heading, _, *rows = block.splitlines()
        yield [cells(heading), *(cells(row) for row in rows)]


def examples() -> list[Example]:
    found: list[Example] = []
    pieces = re.split(r"^```(\w+)\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
    for language, content, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        if language == "yaml":
            line = TEXT[: TEXT.index(content)].count("\n") + 1
            found.append(Example(line, content))
        elif content.startswith(f"{FILE}:"):
            found[-1].findings = content.splitlines()
        if found:
            found[-1].bills += bills_in(after)
    return found


def bills_in(text: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """(what a bill tells, its figures) of every table with an arrow and every bill comment."""
    for heading, *rows in tables(text):
        if ARROW in heading:
            at = heading.index(ARROW)
            for row in rows:
                yield pairs(heading[:at], row[:at]), pairs(heading[at + 1 :], row[at + 1 :])
    for given, table in re.findall(r"<!-- bill: (.*?) -->\s*((?:^\|.*\n)+)", text, re.MULTILINE):
        ((_, *rows),) = tables(table)
        yield dict(word.split("=") for word in given.split()), {r[0]: r[1] for r in rows}


def pairs(names: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    return dict(zip(names, values, strict=True))


def number(text: str) -> Fraction:
    return Fraction(text.replace("−", "-"))


def bill_of(document: Document, told: dict[str, str]) -> Bill:
    days = {k: document.calendar.parse(told[k]) for k in ("previous", "this") if k in told}
    inputs: dict[str, Number] = {
        name: told[name] if spec.kind == "choice" else number(told[name])
        for name, spec in document.inputs.items()
        if name in told
    }
    state = {k[6:]: number(v) for k, v in told.items() if k.startswith("state.")}
    return Bill(inputs, days.get("previous"), days.get("this"), state=state)


EXAMPLES = examples()
SOUND = [e for e in EXAMPLES if not e.findings]
RATED = [(e, told, figures) for e in SOUND for told, figures in e.bills]


def at(example: Example) -> str:
    return f"line {example.line}"


# -- documents and figures


@pytest.mark.parametrize("example", SOUND, ids=at)
def test_documents_load(example: Example) -> None:
    """Every document of the page is a tariff, and valid under the schema."""
    Tariff.load(example.text, FILE)
    assert not complaints(example.text)


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.findings], ids=at)
def test_findings_are_those_of_the_checker(example: Example) -> None:
    """What the page says the checker asks, it asks, to the letter."""
    with pytest.raises(TariffInvalid) as refused:
        Tariff.load(example.text, FILE)
    assert [str(finding) for finding in refused.value.findings] == example.findings


@pytest.mark.parametrize(("example", "told", "figures"), RATED, ids=[at(e) for e, _, _ in RATED])
def test_figures(example: Example, told: dict[str, str], figures: dict[str, str]) -> None:
    """Every figure is the reference's, and every line and total the kernel's."""
    loaded = Tariff.load(example.text, FILE)
    document = loaded.document
    bill = bill_of(document, told)
    exact, fast = Figures(document, loaded.analysis, bill), rate_bill(loaded, bill)
    for selector, expected in figures.items():
        if selector == "rounding":
            found = exact.rated.rounding_posted * exact.unit
        else:
            found = exact.select(selector)
        assert found == number(expected), selector
    for line, result in exact.rated.lines.items():
        assert fast.lines[line] == result.posted, line
    assert fast.total == exact.rated.total_posted
    assert fast.lines["rounding"] == exact.rated.rounding_posted


def test_most_documents_have_figures() -> None:
    """No table has lost its arrow."""
    assert len(SOUND) >= 7
    assert [e.line for e in SOUND if not e.bills] == []


def test_rounding_table() -> None:
    """Every mode on ties and negatives."""
    (table,) = [t for t in tables(TEXT) if t[0][0] == "to 1"]
    heading, *rows = table
    modes = [row[0].split("`")[0] for row in rows]
    assert set(modes) == set(MODE_BY_NAME)
    for mode, row in zip(modes, rows, strict=True):
        for x, rounded in zip(heading[1:], row[1:], strict=True):
            assert Rounding.parse(f"1 {mode}").apply(number(x)) == number(rounded), (mode, x)


# -- lists that must agree


def section(title: str) -> str:
    """The page from a heading to the next of its rank."""
    heading = re.search(rf"^(#+) {title}$", TEXT, re.MULTILINE)
    assert heading, title
    rest = TEXT[heading.end() :]
    end = re.search(rf"^#{{1,{len(heading[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def in_first_column(text: str) -> set[str]:
    """Every word in backticks in the first column of a section's tables."""
    rows = re.findall(r"^\|(.*?)\|", text, re.MULTILINE)
    return {word for row in rows for word in re.findall(r"`(\w+)`", row)}


RULE = re.compile(r"[A-Z]{2,}(?:_[A-Z]+)*")
"""In the language's modules a text in capitals that is handed on is a rule."""

TEXT_RULES = (money.parse_decimal, money.minor_digits, money.Rounding, money._mode, calendar)
"""Whose rules, in capitals, a document can break: the readers that the loader calls."""

NOT_OF_DOCUMENTS = {"MONTH", "DAYS_MIN", "DAYS_MAX", "DAY_RANGE"}
"""Rules of the calendar that columns break, not documents."""


def rules_told(module: Path) -> set[str]:
    """The rules that a module can put into a finding: capitals as an argument, or chosen by if."""
    found: set[object] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        given = node.args if isinstance(node, ast.Call) else []
        chosen = [node.body, node.orelse] if isinstance(node, ast.IfExp) else []
        found |= {e.value for e in (*given, *chosen) if isinstance(e, ast.Constant)}
    return {text for text in found if isinstance(text, str) and RULE.fullmatch(text)}


def text_rules() -> set[str]:
    """The rules of readers of decimals, roundings, currencies and dates, as findings have them."""
    found = set()
    for reader in TEXT_RULES:
        for node in ast.walk(ast.parse(inspect.getsource(reader))):
            if not isinstance(node, ast.Call):
                continue
            found |= {str(k.value.value) for k in node.keywords if k.arg == "rule"
                      and isinstance(k.value, ast.Constant)}  # fmt: skip
            if getattr(node.func, "id", "") in ("_date_invalid", "_period_invalid"):
                found |= {str(a.value) for a in node.args[1:2] if isinstance(a, ast.Constant)}
    return {rule.upper() for rule in found} - NOT_OF_DOCUMENTS


def test_every_rule_is_explained() -> None:
    """The error catalogue has the rules of the code, each once, and no others."""
    modules = [m for m in (ROOT / "core" / "tariff").rglob("*.py") if m.parent.name != "fast"]
    known = text_rules().union(*(rules_told(m) for m in modules))
    told = section("Of the text") + section("Of the meaning")
    assert in_first_column(told) == known


def test_every_status_is_explained() -> None:
    """The table of statuses is the list of statuses."""
    assert in_first_column(section("Of one bill")) == {status.name for status in Status}


def test_limits() -> None:
    """The table of limits has the constants' values."""
    (table,) = tables(section("Limits"))
    for name, value, _ in table[1:]:
        module, _, constant = name.partition(".")
        (path,) = (
            p for p in (ROOT / "core").rglob(f"{module}.py") if f"\n{constant} = " in p.read_text()
        )
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        assert getattr(import_module(f"billcore.{dotted}"), constant) == int(value), name


def test_every_key_function_mode_and_unit_is_named() -> None:
    """The reference leaves nothing of the language out."""
    words = {word for span in re.findall(r"`([^`\n]+)`", TEXT) for word in re.findall(r"\w+", span)}
    keys = {
        key
        for name, node in schema()["$defs"].items()
        if name != "record"
        for key in node.get("properties", {})
    }
    wanted = keys | schema()["properties"].keys() | set(FUNCTIONS) | set(MODE_BY_NAME) | set(UNITS)
    assert wanted - words == set()


def test_reserved_words_are_named() -> None:
    """What may not be a name is said where names are explained."""
    said = set(re.findall(r"`(\w+)`", section("The document")))
    assert RESERVED - set(FUNCTIONS) | LABELS <= said


def test_links() -> None:
    """Every link leads somewhere, and every tariff is somewhere linked."""
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    headings = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    anchors = {"#" + h.lower().replace(" ", "-") for h in headings}
    assert {link for link in links if link.startswith("#")} <= anchors
    files = {link for link in links if not link.startswith("#")}
    assert all((PAGE.parent / link).exists() for link in files)
    assert {Path(link).name for link in files} >= {p.name for p in TARIFFS.glob("*.yaml")}


def test_the_architecture_names_files_that_exist() -> None:
    """Every path of ARCHITECTURE.md is there."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    paths = re.findall(r"`([\w./-]+(?:/|\.(?:py|json|toml|md)))`", text)
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []
