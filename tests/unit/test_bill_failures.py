"""A bill that fails alone tells which input, line or table it was, the value and the limits."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from billcore.core.calendar import Calendar
from billcore.core.rating.bills import rate_bill
from billcore.core.tariff.bill import Bill, BillFailed, Number
from billcore.core.tariff.explain.explain import explain
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff

DAY = Calendar.GREGORIAN.parse

POWER = Tariff.load("""\
tariff: failures
currency: USD
inputs:
  kwh: {kind: quantity, unit: kWh, decimals: 1, max: 1000}
  inches: {kind: number, unit: in, decimals: 3, max: 12, default: 1}
  class: {kind: choice, oneof: [home, shop], default: home}
  senior: {kind: flag, default: no}
  persons: {kind: number, unit: person, decimals: 0, max: 9, default: 1}
  meters: {kind: number, unit: meter, decimals: 0, max: 4000000000000000000, default: 1}
versions:
  - from: 2024-01-01
    fee: {0.625: 11, 1: 22}
    slabs: [{upto: 100, rate: 1}, {upto: 200, rate: 2}]
    steps: [{upto: 100, fee: 1}, {upto: 150, fee: 2}]
    rent: 100
state:
  used: {decimals: 1, max: 500, next: used + bill.kwh}
lines:
  - {id: standing, is: 'fee[inches] + if(class == home, 1, 2) + if(senior, 1, 0)'}
  - {id: energy, tiers: {of: kwh, by: slabs}}
  - {id: step, is: 'steps[kwh].fee'}
  - {id: each, is: 'if(kwh > 50, 10 / persons, 0)', round: 0.01 half_up}
  - {id: meter_rent, is: meters * rent}
total: {of: all, round: 0.01 half_up}
""")

FAILURES = [
    # inputs, used before, status, message
    ({"kwh": -1}, 0, Status.OUT_OF_RANGE, "input kwh: -1 is outside 0..1000."),
    ({"kwh": 2000}, 0, Status.OUT_OF_RANGE, "input kwh: 2000 is outside 0..1000."),
    ({"kwh": 9}, 600, Status.OUT_OF_RANGE, "state used: 600 is outside 0..500."),
    ({"kwh": 90}, 450, Status.OUT_OF_RANGE, "state used: 540 is outside 0..500."),
    (
        {"kwh": 1, "class": "farm"},
        0,
        Status.UNKNOWN_CHOICE,
        "input class: 'farm' is not one of home, shop.",
    ),
    (
        {"kwh": 1, "senior": 2},
        0,
        Status.UNKNOWN_CHOICE,
        "input senior: a flag is 1 or 0, yes or no, not 2.",
    ),
    (
        {"kwh": 1, "inches": 2},
        0,
        Status.MISSING_KEY,
        "line standing: The map versions[0].fee (line 12) has no entry for 2.",
    ),
    (
        {"kwh": 300},
        0,
        Status.ABOVE_LAST_ROW,
        "line energy: table slabs: 300 lies above the last row, which ends at 200.",
    ),
    (
        {"kwh": 180},
        0,
        Status.ABOVE_LAST_ROW,
        "line step: table versions[0].steps (line 14): 180 lies above the last row, "
        "which ends at 150.",
    ),
    (
        {"kwh": 60, "persons": 0},
        0,
        Status.DIVISION_BY_ZERO,
        "line each: A formula divides by 0.",
    ),
    (
        {"kwh": 1, "meters": 4 * 10**18},
        0,
        Status.OVERFLOW,
        f"line meter_rent: {4 * 10**22} units of account do not fit 64 bits: check the inputs.",
    ),
]


def given(inputs: Mapping[str, int | str]) -> dict[str, Number]:
    return {n: v if isinstance(v, str) else Fraction(v) for n, v in inputs.items()}


@pytest.mark.parametrize(("inputs", "used", "status", "message"), FAILURES)
@pytest.mark.parametrize("ask", [rate_bill, explain])
def test_a_bill_tells_why_it_failed(ask, inputs, used, status, message) -> None:
    """Rating and explaining give one status and one message."""
    with pytest.raises(BillFailed) as failed:
        ask(POWER, Bill(given(inputs), state={"used": Fraction(used)}))
    assert (failed.value.status, failed.value.message) == (status, message)


@pytest.mark.parametrize("ask", [rate_bill, explain])
def test_more_decimals_than_the_unit_has(ask) -> None:
    """The input and its value are told as a decimal, not as a fraction."""
    with pytest.raises(BillFailed, match=r"kwh: 1\.23 .* 1 decimals"):
        ask(POWER, Bill(given({"kwh": 1}) | {"kwh": Fraction("1.23")}))


CUT = Tariff.load("""\
tariff: attributes
currency: USD
inputs:
  persons: {kind: number, unit: person, decimals: 0, max: 9, per: segment}
versions:
  - {from: 2020-01-01, fee: 31}
lines:
  - {id: fee_by_days, is: share(persons * fee)}
total: {of: all, round: 0.01 half_up}
""")

CHANGES = [
    # first day with 4 persons in place of 2, total in cents of March's 31 days
    ("2024-02-01", 31 * 400),
    ("2024-03-01", 31 * 400),
    ("2024-03-02", 200 + 30 * 400),
    ("2024-03-31", 30 * 200 + 400),
    ("2024-04-01", 31 * 200),
    ("2024-06-01", 31 * 200),
]


@pytest.mark.parametrize(("day", "total"), CHANGES)
def test_changes_outside_the_billed_days(day: str, total: int) -> None:
    """Before them a change counts from the first day, behind them not at all."""
    bill = Bill(
        {"persons": Fraction(2)},
        DAY("2024-02-29"),
        DAY("2024-03-31"),
        changes=[(DAY(day), "persons", Fraction(4))],
    )
    assert rate_bill(CUT, bill).total == total
    assert explain(CUT, bill).total.posted == total
