"""Published late fees: calculators, laws' own arithmetic, worked examples, to the minor unit."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from billcore.core.accounts.policies import parse_policies
from billcore.core.collections.late_fees.fees import Debt, late_fee
from billcore.core.collections.late_fees.rates import Reference
from tests.golden.not_tariffs import NOT_TARIFFS

CASES = Path(__file__).parent / "cases"


def rule(kind, **told):
    """A rule as policies tell it; it reads back from its canonical text."""
    given = {"late_fees": {"rules": [{"name": "tested", "kind": kind, **told}]}}
    policies = parse_policies(json.dumps(given))
    assert parse_policies(policies.text) == policies
    return policies.late_fees.rules[0]


def day(text):
    return date.fromisoformat(text).toordinal()


def minor(text):
    return Fraction(text) * 100


def cases(name):
    found = json.loads((CASES / f"{name}.json").read_text())
    owned = [case for (file, case), (owner, _) in NOT_TARIFFS.items() if file == name
             and owner == "collections"]  # fmt: skip
    return [case for case in found["cases"] if (case["name"] in owned and "debt" in case["inputs"])
            or "principals" in case["inputs"]]  # fmt: skip


BANDS = [{"until": 30}, {"until": 90, "divisor": 300}, {"divisor": 130}]


@pytest.mark.parametrize("case", cases("ru_zhku_kvartplata_2026"), ids=lambda c: c["name"])
def test_russian_calculator(case):
    """1/300 of the key rate from day 31, 1/130 from day 91, rounded once."""
    series = {"key_rate": (Reference(day("2025-12-22"), 155_000, "regulator", day("2025-12-19")),)}
    bands = rule("bands", rate={"series": "key_rate", "day": "payment"}, bands=BANDS)
    told = case["inputs"]
    debt = Debt(int(minor(told["debt"])), day(told["due"]), day(told["until"]))
    found = late_fee([debt], bands, series)
    assert found.amount == minor(case["expected"]["total"])
    assert sum(line.amount for line in found.lines) == found.exact


@pytest.mark.parametrize("case", cases("ph_building_penalty"), ids=lambda c: c["name"])
def test_compounding_calculator(case):
    """A tenth once, then a tenth of the penalty each month, new bills joining the old ones'."""
    monthly = rule("percent", per_million=100_000, every="months", compound="fees", at_once=False)
    principals, dues = case["inputs"]["principals"], [date(2025, 1 + n, 5) for n in range(10)]
    end = date(2025 + len(principals) // 12, len(principals) % 12 + 1, 6).toordinal()
    exact = sum(
        late_fee([Debt(int(minor(amount)), due.toordinal(), end)], monthly, joins=n > 0).exact
        for n, (amount, due) in enumerate(zip(principals, dues, strict=False))
    )
    wanted = minor(case["expected"]["lines"]["penalty"])
    if "round" in case["inputs"]:
        exact = int(exact + Fraction(1, 2))
    assert exact == wanted


CAPPED = {"series": "key_rate", "day": "payment", "cap_per_million": 95_000,
          "cap_until_day": "2026-12-31"}  # fmt: skip
KEY_RATE = {
    "key_rate": (
        Reference(day("2026-01-01"), 155_000, "regulator", day("2025-12-19")),
        Reference(day("2027-02-01"), 80_000, "regulator", day("2027-01-29")),
    )
}


@pytest.mark.parametrize(
    ("paid", "fee"),
    [
        ("2026-04-10", 0),
        ("2026-05-10", 0),  # day 30
        ("2026-05-11", 158),  # day 31
        ("2026-07-09", 9_500),  # day 90
        ("2026-07-10", 9_865),  # day 91
        ("2026-08-10", 21_192),  # day 122
        ("2027-01-10", 125_788),  # day 275: the cap has ended, 15.5 %
        ("2027-02-10", 74_462),  # day 306: 8 %
    ],
)
def test_russian_bands(paid, fee):
    """5,000.00 due on 10 April 2026, with the cap of 9.5 % until the end of 2026."""
    bands = rule("bands", rate=CAPPED, bands=BANDS)
    assert late_fee([Debt(500_000, day("2026-04-10"), day(paid))], bands, KEY_RATE).amount == fee


@pytest.mark.parametrize(
    ("year_rule", "fee"), [("from_new_year", 190), ("all_days", 222), ("only_new_year", 126)]
)
def test_chinese_year_end(year_rule, fee):
    """2,000 due 15 December and 3,000 due 15 January, paid on 18 January: three readings."""
    daily = rule("daily", per_million=2_000, past_year_per_million=3_000, year_rule=year_rule)
    debts = [(200_000, "2000-12-15"), (300_000, "2001-01-15")]
    paid = day("2001-01-18")
    assert (
        sum(late_fee([Debt(amount, day(due), paid)], daily).amount for amount, due in debts)
        == 100 * fee
    )


def test_chinese_least_fee():
    """86.40 for 5 days at 1 per mille is 0.43; a fee is at least 1 yuan, and none is none."""
    daily = rule("daily", per_million=1_000, minimum=100)
    found = late_fee([Debt(8_640, day("2026-01-10"), day("2026-01-15"))], daily)
    assert (found.exact, found.amount) == (Fraction(216, 5), 100)
    assert late_fee([Debt(8_640, day("2026-01-10"), day("2026-01-10"))], daily).amount == 0


def test_plain_interest():
    """462,327 dong at 10 % a year for 12 days."""
    loan = rule("interest", rate={"per_million": 100_000}, basis="365")
    assert late_fee([Debt(462_327, day("2026-03-05"), day("2026-03-17"))], loan).amount == 1_520


def test_interest_of_actual_years():
    """A year that ends: days of 2023 by 365, of 2024 by 366; 360 counts every day."""
    debt = [Debt(1_000_000, day("2023-12-21"), day("2024-01-20"))]
    actual = rule("interest", rate={"per_million": 100_000}, basis="actual")
    wanted = Fraction(100_000 * 10, 365) + Fraction(100_000 * 20, 366)
    assert late_fee(debt, actual).exact == wanted
    banker = rule("interest", rate={"per_million": 100_000}, basis="360")
    assert late_fee(debt, banker).exact == Fraction(100_000 * 30, 360)


def test_no_fee():
    """A rule that says so."""
    assert late_fee([Debt(1_000_000, 1, 500)], rule("none")) == (0, 0, ())
