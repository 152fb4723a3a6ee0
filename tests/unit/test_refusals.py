"""What a document may not say: each refused when it is loaded, with place and rule.

A row is one edit of a good document (old text, new text), the rule that is broken, the
line of the edited document where the finding points, and a word that its message holds.
"""

import json
from fractions import Fraction

import pytest
from jsonschema import Draft202012Validator

from billcore.core.errors import TariffInvalid
from billcore.core.tariff.language.document import Formula
from billcore.core.tariff.language.expression import Number
from billcore.core.tariff.language.schema import schema
from billcore.core.tariff.tariff import Tariff

GOOD = """\
tariff: town-power
currency: USD
rounding: {line: 0.01 half_up}
inputs:
  kwh: {kind: quantity, unit: kWh, decimals: 0, max: 100000}
  persons: {kind: number, unit: person, decimals: 0, min: 1, max: 20}
  class: {kind: choice, oneof: [home, shop]}
seasons:
  summer: {from: 06-01, until: 09-30}
  winter: {rest: yes}
versions:
  - from: 2024-01-01
    slabs: [{upto: 100, rate: 0.10}, {upto: 300, rate: 0.20}, {rate: 0.30}]
    fee: {home: 5, shop: 9.5}
    tax: 8%
    summer_rate: {summer: 0.02, winter: 0.01}
values:
  each_one: bill.kwh / persons
lines:
  - {id: energy, tiers: {of: kwh, by: slabs, scale: days / 30}}
  - {id: season_fee, is: 'kwh * summer_rate[season]'}
  - {id: standing, is: 'share(fee[class])'}
  - {id: discount, is: -1, when: each_one < 50}
  - {id: vat, percent: {rate: tax, of: [energy, season_fee, standing]}}
total: {of: all}
"""

SECOND = """\
  - from: 2024-07-01
    tax: 9%
values:
"""

# old text, new text, rule, line, a word of the message
BROKEN = [
    # text and keys
    ("tariff: town-power", "tariff: [", "NOT_YAML", 3, "Expected"),
    ("currency: USD", "currency: USD\ncurrency: USD", "DUPLICATE_KEY", 3, "twice"),
    ("fee: {home: 5, shop: 9.5}", "fee: *a", "NOT_YAML", 14, "alias"),
    ("currency: USD", "currency: XXZ", "CURRENCY", 2, "XXZ"),
    ("total: {of: all}", "totl: {of: all}", "UNKNOWN_KEY", 25, "total"),
    ("{of: kwh, by: slabs,", "{of: kwh, bye: slabs,", "UNKNOWN_KEY", 20, "by"),
    ("kind: number", "kind: count", "NOT_ALLOWED", 6, "count"),
    # numbers, units, roundings
    ("upto: 100,", "upto: 1e2,", "FORMULA", 13, "1e2"),
    ("max: 100000", "max: 1.0e5", "DECIMAL", 5, "1.0e5"),
    ("max: 100000", "max: .inf", "DECIMAL", 5, ".inf"),
    ("min: 1, max: 20", "min: 30, max: 20", "LIMITS", 6, "30"),
    ("unit: kWh", "unit: kWhh", "NOT_ALLOWED", 5, "kWhh"),
    ("0.01 half_up", "0.01 halfup", "ROUNDING_MODE", 3, "halfup"),
    ("0.01 half_up", "0 half_up", "ROUNDING_UNIT", 3, "0"),
    ("decimals: 0, max: 100000", "max: 100000", "MISSING_KEY", 5, "decimals"),
    ("bill.kwh / persons", "bill.kwh + persons", "WRONG_UNIT", 18, "person"),
    # tables, versions, seasons
    ("upto: 300", "upto: 100", "TABLE_ORDER", 13, "100"),
    ("upto: 300", "upto: 90", "TABLE_ORDER", 13, "90"),
    ("{upto: 300, rate: 0.20}", "{rate: 0.20}", "TABLE_ORDER", 13, "open"),
    ("{upto: 300,", "{upto: 300, below: 300,", "TABLE_BOUND", 13, "both"),
    ("by: slabs", "by: slabs, price: cost", "UNKNOWN_COLUMN", 20, "cost"),
    ("fee: {home: 5, shop: 9.5}", "fee: {home: 5}", "MISSING_CHOICE", 22, "shop"),
    ("fee: {home: 5, shop: 9.5}", "fee: {home: 5, shop: 9, farm: 1}", "UNKNOWN_CHOICE", 22, "farm"),
    ("values:\n", SECOND.replace("2024-07-01", "2023-07-01"), "VERSION_ORDER", 17, "2023-07-01"),
    ("values:\n", SECOND.replace("2024-07-01", "2024-13-01"), "DATE", 17, "2024-13-01"),
    ("winter: {rest: yes}", "winter: {from: 11-01, until: 05-31}", "SEASONS", 9, "summer"),
    ("winter: {rest: yes}", "winter: {from: 09-01, until: 05-31}", "SEASONS", 10, "over"),
    ("from: 06-01", "from: 06-31", "BORDER", 9, "06-31"),
    # names
    ("bill.kwh / persons", "bill.kw / persons", "UNKNOWN_NAME", 18, "kw"),
    ("of: [energy,", "of: [enrgy,", "UNKNOWN_NAME", 24, "enrgy"),
    ("of: [energy,", "of: [vat,", "SELF_REFERENCE", 24, "vat"),
    ("is: -1", "is: -vat", "LINE_ORDER", 23, "vat"),
    ("is: -1", "is: -discount", "SELF_REFERENCE", 23, "discount"),
    ("each_one: bill.kwh / persons", "each_one: other\n  other: each_one", "CYCLE", 18, "each_one"),
    ("each_one: bill.kwh / persons", "each_one: each_one + 1", "CYCLE", 18, "each_one"),
    ("each_one: bill", "spare: 1\n  each_one: bill", "UNUSED_NAME", 18, "spare"),
    ("each_one: bill", "kwh: 1\n  each_one: bill", "DUPLICATE_NAME", 18, "kwh"),
    ("each_one: bill", "days: 1\n  each_one: bill", "RESERVED_NAME", 18, "days"),
    # formulas
    ("each_one < 50", "each_one < 50 <", "FORMULA", 23, "<"),
    ("each_one < 50", "each_one", "NOT_A_CONDITION", 23, "condition"),
    ("is: -1", "is: sqrt(4)", "FORMULA", 23, "sqrt"),
    ("is: -1", "is: min(4)", "FORMULA", 23, "min"),
    ("is: -1", "is: class", "NOT_A_NUMBER", 23, "choice"),
    ("is: -1", "is: slabs", "NOT_A_NUMBER", 23, "table"),
    ("is: -1", "is: 'if(class == farm, 1, 2)'", "UNKNOWN_CHOICE", 23, "farm"),
    ("is: -1", "is: 'round(1.5, 1, halfway)'", "ROUNDING_MODE", 23, "mode"),
    # parts and levels
    (", scale: days / 30", "", "BOUND_NOT_SCALED", 20, "scale"),
    ("share(fee[class])", "fee[class] * summer_rate[season]", "DOES_NOT_ADD_UP", 22, "share"),
    ("share(fee[class])", "days * kwh", "PART_TIMES_PART", 22, "part"),
    ("share(fee[class])", "kwh + fee[class]", "PART_AND_LEVEL", 22, "bill.x"),
    ("share(fee[class])", "share(kwh)", "SHARE_OF_PART", 22, "share"),
    ("share(fee[class])", "slabs[kwh].rate", "LOOKUP_BY_PART", 22, "bill.x"),
    ("share(fee[class])", "bill.summer_rate[season]", "NOT_A_NUMBER", 22, "table"),
    ("values:\n", SECOND, "RATE_CHANGES", 26, "parts"),
    # what cannot be exact
    ("min: 1, max: 20", "max: 20", "DIVISION_BY_ZERO", 18, "0"),
    ("rounding: {line: 0.01 half_up}\n", "", "TOTAL_NOT_WHOLE", 24, "round"),
    ("bill.kwh /", "bill.kwh * " * 7 + "bill.kwh /", "TOO_WIDE", 18, "126"),
    ("max: 100000", "max: 100000000000000000000000000000000000", "LIMITS", 5, "64"),
    # tables: nothing is priced by accident
    ("{upto: 300, rate: 0.20}", "{upto: 300, rates: 0.20}", "MISSING_PRICE", 13, "rate: 0"),
    ("{upto: 300, rate: 0.20}", "{upto: 300, rate: 0.20, fee: 1}", "UNUSED_COLUMN", 13, "fee"),
]


def findings(text: str) -> list[tuple[str, int, str]]:
    try:
        Tariff.load(text, "town.yaml")
    except TariffInvalid as error:
        return [(f.rule, f.line, str(f)) for f in error.findings]
    return []


def test_the_good_document_loads() -> None:
    assert findings(GOOD) == []


@pytest.mark.parametrize(("old", "new", "rule", "line", "word"), BROKEN)
def test_refused_with_place_and_rule(old: str, new: str, rule: str, line: int, word: str) -> None:
    assert old in GOOD
    found = findings(GOOD.replace(old, new, 1))
    matching = [f for f in found if f[0] == rule and f[1] == line]
    assert matching, found
    assert any(word in message for _, _, message in matching), found


PREPAID = """\
tariff: town-prepaid
currency: USD
inputs:
  credit: {kind: money, min: 0, max: 1000}
versions:
  - from: 2024-01-01
    slabs: [{upto: 100, rate: 0.10}, {rate: 0.30}]
lines:
  - {id: bought, is: 'units_for(credit, slabs)', show: 0.1 half_up, info: yes}
total: {of: all}
"""


@pytest.mark.parametrize(
    ("old", "new", "rule", "word"),
    [
        ("upto: 100", "upto: days2000", "UNKNOWN_NAME", "'days'"),
        ("upto: 100", "upto: bought", "SELF_REFERENCE", "bought"),
        ("rate: 0.10", "rate: price", "UNKNOWN_NAME", "'price'"),
        ("rate: 0.10", "base: 5", "NOT_INVERTIBLE", "graduated"),
    ],
)
def test_an_inverted_table_is_looked_at(old: str, new: str, rule: str, word: str) -> None:
    """The rows of units_for are formulas like all others."""
    assert findings(PREPAID) == []
    (found,) = findings(PREPAID.replace(old, new, 1))
    assert (found[0], found[1]) in ((rule, 7), (rule, 9))
    assert word in found[2]


def test_a_percentage_of_tiers_that_are_refused() -> None:
    """Only they are told: nothing is wrong with the percentage."""
    text = GOOD.replace("scale: days / 30}}", "scale: days / 30}, each: 0.01 half_up}").replace(
        "rate: tax, of: [energy, season_fee, standing]}",
        "rate: tax, of: [energy], basis: tiers}, each: 0.01 half_up",
    )
    assert findings(text) == []
    found = findings(text.replace("rate: 0.20", "rates: 0.20"))
    assert [rule for rule, *_ in found] == ["MISSING_PRICE"]


SEASONS_OVERLAP = [
    # seasons beside `winter: {rest: yes}`
    "spring: {from: 06-01, until: 06-30}",
    "spring: {from: 09-30, until: 10-05}",
    "spring: {from: 12-01, until: 06-01}",
    "spring: {from: 05-01, until: 07-31}",
]


@pytest.mark.parametrize("other", SEASONS_OVERLAP)
def test_seasons_do_not_overlap(other: str) -> None:
    """A day belongs to one season, whichever is stated first and whichever wraps the year."""
    text = GOOD.replace("  winter: {rest", f"  {other}\n  winter: {{rest")
    text = text.replace("summer_rate: {", "summer_rate: {spring: 0.015, ")
    assert [rule for rule, _, _ in findings(text)] == ["SEASONS"]


def test_line_above_only_through_a_value() -> None:
    """A value cannot bring the amount of a line below into a line above."""
    text = GOOD.replace("each_one: bill", "later: vat * 2\n  each_one: bill")
    text = text.replace("is: -1, when", "is: -later, when")
    assert [rule for rule, _, _ in findings(text)] == ["LINE_ORDER"]


def test_a_total_is_not_of_parts() -> None:
    text = GOOD.replace("total: {of: all}", "total: {of: all, basis: parts}")
    assert [rule for rule, _, _ in findings(text)] == ["BASIS"]


def test_a_comma_in_braces_is_explained() -> None:
    """The commonest slip: a formula with a comma, unquoted inside { }."""
    found = findings(GOOD.replace("is: -1", "is: min(1, 2)"))
    assert any("quotes" in message for _, _, message in found)


def test_a_hostile_number_of_variants_is_refused() -> None:
    flags = "".join(f"  f{n}: {{kind: flag}}\n" for n in range(14))
    used = " + ".join(f"if(f{n}, 1, 0)" for n in range(14))
    text = GOOD.replace("seasons:", f"{flags}seasons:", 1).replace("is: -1", f"is: '{used}'")
    assert [rule for rule, _, _ in findings(text)] == ["TOO_MANY_VARIANTS"]


VERSION_BORDERS = [
    # until of the first, from of the second, rule
    ("2024-06-30", "2024-07-01", ""),
    ("2024-06-30", "2024-07-02", "VERSION_GAP"),
    ("2024-06-30", "2024-06-30", "VERSION_OVERLAP"),
    ("2023-12-31", "2024-01-01", "VERSION_ORDER"),
]


@pytest.mark.parametrize(("until", "start", "rule"), VERSION_BORDERS)
def test_versions_follow_without_gap(until: str, start: str, rule: str) -> None:
    text = GOOD.replace("from: 2024-01-01", f"from: 2024-01-01\n    until: {until}")
    text = text.replace(
        "values:\n", f"  - {{from: {start}, fee: {{home: 6, shop: 10}}}}\nvalues:\n"
    )
    found = {f[0] for f in findings(text)}
    assert rule in found if rule else not found


STEPS = [
    # next of a state in a document whose bills can be cut, rule
    ("counted + kwh", ""),
    ("max(counted - kwh, 0)", ""),
    ("bill.kwh", ""),
    ("counted + bill.kwh", "PART_AND_LEVEL"),
    ("counted + 1", "PART_AND_LEVEL"),
]


@pytest.mark.parametrize(("step", "rule"), STEPS)
def test_a_state_steps_by_what_adds_up(step: str, rule: str) -> None:
    """A state is stepped once a segment: a whole would be added once for each."""
    state = f"state:\n  counted: {{next: '{step}', decimals: 0, max: 1000000000}}\n"
    text = GOOD.replace("seasons:", f"{state}seasons:", 1).replace(
        "decimals: 0, max: 100000}", "decimals: 0, max: 100000, split: 1 half_up last}"
    )
    assert [f[0] for f in findings(text)] == ([rule] if rule else [])


SLIPS = [
    # old text, new text, rule, line, words of the message: the value, and what to do
    ("tax: 8%", "tax: 8 %", "FORMULA", 15, "'8 %': '%' cannot be read here: '%' stands right"),
    ("tax: 8%", "tax: 8,5%", "FORMULA", 15, "a number has a point"),
    ("tax: 8%", "tax: .5", "FORMULA", 15, "write a zero before the point"),
    ("tax: 8%", "tax: 1_000", "FORMULA", 15, "no separators"),
    ("tax: 8%", "tax: ۸%", "FORMULA", 15, "digits 0 to 9"),
    ("tax: 8%", f"tax: {'9' * 41}", "FORMULA", 15, "41 digits: at most 40"),
    ("tax: 8%", "tax: %8", "NOT_YAML", 15, "a percentage ends with %"),
    ("tax: 8%", "tax: tax", "CYCLE", 15, "versions[0].tax (line 15) needs itself"),
    ("tax: 8%", "tax: other\n    other: tax", "CYCLE", 15, "needs itself"),
    ("tax: 8%", "tax: taxx", "UNKNOWN_NAME", 15, "named 'taxx'"),
    ("is: 'kwh * summer", "is: 'kwhh * summer", "UNKNOWN_NAME", 21, "Did you mean 'kwh'?"),
    ("when: each_one < 50", "when: each_one = 50", "FORMULA", 23, "compare with =="),
    ("when: each_one < 50", "when: 'each_one && kwh'", "FORMULA", 23, "say 'and'"),
    ("is: -1", "is: (1 + 2", "FORMULA", 23, "')' is missing at the end"),
    ("is: -1", "is: 3 kWh", "FORMULA", 23, "'kWh' is too much here"),
    ("  each_one: bill.kwh / persons", "  each_one:", "NOT_A_FORMULA", 18, "not nothing"),
    ("is: -1", "is: 'if(class == hom, 1, 2)'", "UNKNOWN_CHOICE", 23, "Did you mean 'home'?"),
    ("by: slabs", "by: fee", "NOT_A_TABLE", 20, "not versions[0].fee (line 14)"),
    ("is: -1,", "is: -1, from: 2024-02-01, until: 2024-01-31,", "VERSION_ORDER", 23, "2024-01-31"),
    ("seasons:", "state: {n: {decimals: 0, max: 9, next: n, resets: year}}\nseasons:",
     "BORDER_FORM", 8, "Allowed: yearly, monthly, MM-DD"),
    # commas and brackets inside { }
    ("'share(fee[class])'", "share(fee[class])", "NOT_YAML", 22, "needs quotes"),
    ("is: -1, when", "is: max(1, 2), when", "KEY", 23, "'2)' is a key without a value"),
    ("fee: {home: 5", "fee: {home: if(senior, 1, 2)", "KEY", 14, "needs quotes"),
    ("rate: 0.10", "rate: 0,10", "KEY", 13, "a number has a point"),
    ("total: {of: all}", "total: {of: all", "NOT_YAML", 26, "never closed"),
    ("of: all}", "of: all\nnote: x}", "NOT_YAML", 26, "a comma is missing"),
    # maps and tables: which, where, in which version
    ("{home: 5, shop: 9.5}", "{home: 5}", "MISSING_CHOICE", 22,
     "The map versions[0].fee (line 14) has no entry for class shop"),
    ("{home: 5, shop: 9.5}", "{home: 5, shop: 9, farm: 1}", "UNKNOWN_CHOICE", 22,
     "'farm' of the map versions[0].fee (line 14) is no class"),
    ("fee[class]", "fee.farm", "UNKNOWN_COLUMN", 22,
     "versions[0].fee (line 14) has no column 'farm'"),
    ("fee[class]", "slabs[bill.kwh].fee", "UNKNOWN_COLUMN", 22, "versions[0].slabs[0] (line 13)"),
    ("by: slabs", "by: slabs, price: cost", "UNKNOWN_COLUMN", 20, "versions[0].slabs (line 13)"),
    ("values:\n", "  - {from: 2024-07-01, fee: {home: 6}}\nvalues:\n", "MISSING_CHOICE", 23,
     "[1].fee (line 17) has no entry for class shop. This is with the prices from 2024-07-01"),
    # the period
    ("seasons:", "period: {cut: 2}\nseasons:", "PERIOD", 8,
     "cut: 2 cuts into equal parts, but seasons"),
    ("seasons:", "period: {named: month}\nseasons:", "PERIOD", 8, "say into how many parts"),
    # the text
    ("    tax: 8%", "\ttax: 8%", "NOT_YAML", 15, "not with tabs"),
    ("    tax: 8%", "   tax: 8%", "NOT_YAML", 15, "same indentation"),
    ("currency: USD", "currency:USD", "NOT_YAML", 3, "a colon and a space"),
    ("currency: USD", "currency: !!str USD", "TAG", 2, "remove it"),
    ("currency: USD", "currency: U\0SD", "NOT_YAML", 2, "U+0000"),
    ("currency: USD", 'provider: "\\ud83d"\ncurrency: USD', "ENCODING", 2, "both halves"),
    ("total: {of: all}", "total: [all]", "NOT_A_MAPPING", 25, "not a list"),
    ("oneof: [home, shop]", "oneof: home", "NOT_A_LIST", 7, "not 'home'"),
    ("decimals: 0, max: 100000", "decimals: 12, max: 100000", "OUT_OF_RANGE", 5, "not 12"),
    ("min: 1, max: 20", "min: 0.5, max: 0.25", "LIMITS", 6, "min 0.5 is above max 0.25"),
    ("upto: 300", "upto: 20 / 3", "TABLE_ORDER", 13, "20/3 is not above 100"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "rule", "line", "words"), SLIPS)
def test_a_slip_is_told_with_what_to_do(
    old: str, new: str, rule: str, line: int, words: str
) -> None:
    """A message names the value and the place that is to be mended, and how."""
    assert old in GOOD
    found = findings(GOOD.replace(old, new, 1))
    assert [f for f in found if f[:2] == (rule, line) and words in f[2]], found


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n"])
def test_an_empty_document_is_called_empty(text: str) -> None:
    assert findings(text)[0][0] == "NOT_A_MAPPING"
    assert "is empty" in findings(text)[0][2]


def test_a_season_without_seasons() -> None:
    text = GOOD.replace(
        "seasons:\n  summer: {from: 06-01, until: 09-30}\n  winter: {rest: yes}\n", ""
    )
    assert any("state 'seasons'" in message for _, _, message in findings(text))


def test_a_long_formula_is_quoted_in_part() -> None:
    (found,) = findings(GOOD.replace("is: -1", f"is: {'1 + ' * 1100}1"))
    assert found[0] == "FORMULA"
    assert len(found[2]) < 300


def test_a_chain_of_prices_that_is_too_long_is_refused() -> None:
    """However long a chain of names is, the loader answers."""
    chain = "".join(f"    p{n}: p{n + 1}\n" for n in range(2000))
    text = GOOD.replace("    tax: 8%\n", f"    tax: p0\n{chain}    p2000: 8%\n")
    assert [f[0] for f in findings(text)] == ["CYCLE"]


ENCODED = [GOOD.replace("\n", "\r\n"), GOOD.replace("\n", "\r"), "\ufeff" + GOOD, "---\n" + GOOD]


@pytest.mark.parametrize("text", ENCODED, ids=["CRLF", "CR", "BOM", "document start"])
def test_line_ends_and_marks_do_not_matter(text: str) -> None:
    assert Tariff.load(text).hash == Tariff.load(GOOD).hash


JSON = {
    "tariff": "in-json",
    "provider": "\U0001f4a7",
    "currency": "USD",
    "seasons": {
        "summer": {"from": "06-01", "until": "09-30"},
        "winter": {"rest": True},
    },
    "inputs": {
        "m3": {"kind": "quantity", "unit": "m3", "decimals": 0, "max": 1000},
        "senior": {"kind": "flag", "default": False},
    },
    "versions": [
        {"from": "2024-01-01", "price": 0.1, "slabs": [{"upto": 10, "rate": 0.3}, {"rate": 1.1}]},
    ],
    "lines": [
        {"id": "water", "is": "m3 * price * if(senior, 1, 2) * if(season == summer, 1, 2)"},
        {"id": "tiered", "tiers": {"of": "bill.m3", "by": "slabs", "whole": True}, "info": True},
    ],
    "total": {"of": "all", "round": "0.01 half_up"},
}  # fmt: skip


def test_json_says_true_and_plain_numbers() -> None:
    """JSON's own booleans and numbers are read, a tenth exactly; the schema agrees."""
    text = json.dumps(JSON)
    assert "\\ud83d" in text
    document = Tariff.load(text).document
    price = document.cell(0, "price")
    assert isinstance(price, Formula)
    assert price.expr == Number(Fraction(1, 10))
    assert document.provider == "\U0001f4a7"
    assert document.lines[1].info
    assert document.seasons["winter"].start is None
    assert document.inputs["senior"].default == 0
    assert not list(Draft202012Validator(schema()).iter_errors(JSON))
