"""What a document may not say: each refused when it is loaded, with place and rule.

A row is one edit of a good document (old text, new text), the rule that is broken, the
line of the edited document where the finding points, and a word that its message holds.
"""

import pytest

from billcore.core.errors import TariffInvalid
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
