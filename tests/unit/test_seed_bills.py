"""The five printed bills of a water company, to the rial, from readings and dates alone."""

from fractions import Fraction
from pathlib import Path

import pytest

from billcore.core.calendar import Calendar
from billcore.core.rating.bills import rate_bill
from billcore.core.tariff.bill import Bill, cut
from billcore.core.tariff.tariff import Tariff

JALALI = Calendar.JALALI.parse
DOCUMENT = Path(__file__).parents[2] / "tariffs" / "ir-mehrab-water.yaml"
LINES = ("water", "subscription", "services", "levy", "vat")

# previous    this        days   m3   water   standing services  levy    vat    total
PRINTED = [
    ("1397-06-03", "1397-07-30", None, 45, 193500, 46400, 92510, 9972, 19945, 362327),
    ("1397-01-31", "1397-06-03", None, 35, 150500, 101600, 202565, 13640, 27280, 495585),
    ("1396-02-24", "1397-01-31", None, 10, 40311, 255333, 553283, 25468, 50936, 925331),
    ("1395-10-06", "1396-02-24", 138, 10, 36000, 92000, 230000, 10740, 21480, 390220),
    ("1395-01-29", "1395-10-06", None, 22, 79200, 168667, 421667, 20086, 40172, 729792),
]


@pytest.fixture(scope="module")
def text() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


def billed(tariff: Tariff, row: tuple[object, ...]) -> tuple[int, ...]:
    previous, this, days, m3 = row[:4]
    bill = Bill({"m3": Fraction(str(m3))}, JALALI(str(previous)), JALALI(str(this)), days)  # type: ignore[arg-type]
    rated = rate_bill(tariff, bill)
    return (*(rated.lines[name] for name in LINES), rated.total)


@pytest.mark.parametrize("row", PRINTED, ids=lambda r: f"{r[3]} m3 to {r[1]}")
def test_the_printed_bill_comes_out(text: str, row: tuple[object, ...]) -> None:
    assert billed(Tariff.load(text), row) == row[4:]


def test_row_three_spans_131_and_210_days(text: str) -> None:
    """The price changes on 1396-07-01: the period (previous, this] has 131 days before it."""
    tariff = Tariff.load(text)
    bill = Bill({"m3": Fraction(10)}, JALALI("1396-02-24"), JALALI("1397-01-31"))
    assert [s.days for s in cut(tariff.document, bill)] == [131, 210]


def test_previous_debt_makes_the_printed_payable(text: str) -> None:
    """17 rials from before and 362 327 now are the 362 344 of the payment screen."""
    bill = Bill(
        {"m3": Fraction(45), "previous_balance": Fraction(17)},
        JALALI("1397-06-03"),
        JALALI("1397-07-30"),
    )
    rated = rate_bill(Tariff.load(text), bill)
    assert (rated.total, rated.lines["balance_due"]) == (362327, 362344)


@pytest.mark.parametrize("other", ["1 down", "1 up", "10 half_up"])
def test_another_rounding_does_not_print_these_bills(text: str, other: str) -> None:
    """The rounding is no accident: some printed bill differs under any other."""
    changed = Tariff.load(text.replace("{line: 1 half_up}", f"{{line: {other}}}"))
    different = [row for row in PRINTED if billed(changed, row) != row[4:]]
    assert different


@pytest.mark.parametrize("shift", [-1, 1])
def test_another_day_convention_does_not_print_these_bills(text: str, shift: int) -> None:
    """[previous, this] or (previous, this): a day more or less changes the bills with dates."""
    tariff = Tariff.load(text)
    for row in PRINTED:
        if row[2] is None:
            bill = Bill(
                {"m3": Fraction(str(row[3]))}, JALALI(str(row[0])) + shift, JALALI(str(row[1]))
            )
            assert rate_bill(tariff, bill).total != row[9]


def test_a_price_change_a_day_later_does_not_print_row_three(text: str) -> None:
    changed = Tariff.load(text.replace("1396-07-01", "1396-07-02"))
    assert billed(changed, PRINTED[2]) != PRINTED[2][4:]
