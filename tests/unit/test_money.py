"""Money: exact decimals, minor units, and the one rounding."""

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.errors import MoneyInvalid
from billcore.core.money import (
    CURRENCY_DIGITS,
    MINOR_MAX,
    Mode,
    Rounding,
    decimal_text,
    divide,
    exact_text,
    minor,
    minor_digits,
    parse_decimal,
    parse_percent,
    split_exactly,
)
from billcore.core.tariff import ir

F = Fraction


# --- currencies ---------------------------------------------------------------------------

DIGITS = """
    IRR 0   VND 0   KRW 0   JPY 0   XOF 0   IDR 0   TWD 0   CLP 0   ISK 0
    RUB 2   CNY 2   USD 2   EUR 2   INR 2   EGP 2   MYR 2   BRL 2   BND 2   AED 2   PEN 2   PHP 2
    KWD 3   BHD 3   OMR 3   TND 3   JOD 3   LYD 3   IQD 3   CLF 4
""".split()


@pytest.mark.parametrize(("code", "digits"), list(zip(DIGITS[::2], DIGITS[1::2], strict=True)))
def test_minor_digits(code: str, digits: str) -> None:
    """Minor digits are those of ISO 4217, but 0 for the rial, the rupiah, the Taiwan dollar."""
    assert minor_digits(code) == int(digits)


def test_the_table_holds_the_active_codes() -> None:
    """165 codes of three capital letters; those that left ISO 4217 are gone."""
    assert len(CURRENCY_DIGITS) == 165
    assert all(len(code) == 3 and code.isalpha() and code.isupper() for code in CURRENCY_DIGITS)
    assert not {"HRK", "BGN", "ANG", "ZWL", "SLL", "VEF", "XXX", "XAU"} & set(CURRENCY_DIGITS)


@pytest.mark.parametrize(
    ("code", "allowed"), [("irr", ("IRR",)), (" USD", ("USD",)), ("RIAL", ()), ("", ())]
)
def test_an_unknown_currency_is_refused(code: str, allowed: tuple[str, ...]) -> None:
    """A code is never guessed; a likely one is offered."""
    with pytest.raises(MoneyInvalid, match="ISO 4217") as caught:
        minor_digits(code)
    assert (caught.value.rule, caught.value.allowed) == ("currency", allowed)


# --- decimals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", F(0)),
        ("-0", F(0)),
        ("007", F(7)),
        ("4300", F(4300)),
        ("0.1", F(1, 10)),
        ("-12.50", F(-25, 2)),
        ("-0.05", F(-1, 20)),
        ("1" * 40, F(int("1" * 40))),
        ("0." + "3" * 39, F(int("3" * 39), 10**39)),
    ],
)
def test_plain_decimals(text: str, value: Fraction) -> None:
    """A plain decimal is exactly what it says: 0.1 is one tenth."""
    assert parse_decimal(text) == value


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        (" 1", "remove the space"),
        ("1\n", "remove the space"),
        ("+1", "without the plus sign"),
        ("1e3", "write the power of ten out"),
        ("-1.5E-3", "write the power of ten out"),
        ("1_000", "without underscores"),
        ("1,5", "write a point before the decimals"),
        ("1.000,50", "write a point before the decimals"),
        (".5", "write a zero before the point"),
        ("-.5", "write a zero before the point"),
        ("5.", "write digits after the point"),
        ("3%", "a percentage does not belong here"),
        ("۱۲", "the digits 0 to 9"),
        ("１", "the digits 0 to 9"),
        ("−1", "the digits 0 to 9"),
        ("inf", "write digits"),
        ("nan", "write digits"),
        ("0x10", "write digits"),
        ("1/3", "write digits"),
        ("--1", "write digits"),
        ("1.2.3", "write digits"),
        ("1" * 41, "41 digits, at most 40"),
        ("0." + "0" * 40, "41 digits, at most 40"),
        ("x" * 10_000, "write digits"),
    ],
)
def test_anything_else_is_refused_with_advice(text: str, advice: str) -> None:
    """What is not a plain decimal is no number, and the error says what to write."""
    with pytest.raises(MoneyInvalid) as caught:
        parse_decimal(text)
    assert advice in caught.value.message
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    ("text", "value"), [("3%", F(3, 100)), ("9.5%", F(19, 200)), ("-0%", F(0)), ("120%", F(6, 5))]
)
def test_percentages(text: str, value: Fraction) -> None:
    """A percentage is an exact fraction."""
    assert parse_percent(text) == value


@pytest.mark.parametrize("text", ["3", "", "%", "3 %", "3%%", "1e1%", "3٪"])
def test_a_bad_percentage_is_refused(text: str) -> None:
    """A percentage is a plain decimal and a percent sign, nothing between."""
    with pytest.raises(MoneyInvalid):
        parse_percent(text)


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (F(3, 2), 2, "1.50"),
        (F(-1, 20), 2, "-0.05"),
        (F(0), 2, "0.00"),
        (F(925331), 0, "925331"),
        (F(-7), 0, "-7"),
        (F(1, 1000), 3, "0.001"),
    ],
)
def test_decimal_text(x: Fraction, digits: int, text: str) -> None:
    """Text has exactly the decimals asked for."""
    assert decimal_text(x, digits) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [(F(1, 20), "0.05"), (F(1000), "1000"), (F(-25, 2), "-12.5"), (F(1, 64), "0.015625")],
)
def test_exact_text(x: Fraction, text: str) -> None:
    """The shortest exact decimal."""
    assert exact_text(x) == text


def test_text_never_rounds() -> None:
    """A third has no decimals; 1.005 has none of two digits."""
    with pytest.raises(MoneyInvalid, match="1/3 has no exact decimal"):
        exact_text(F(1, 3))
    with pytest.raises(MoneyInvalid, match="201/200 has no exact text of 2 decimals"):
        decimal_text(F(201, 200), 2)


@given(st.integers(-(10**18), 10**18), st.integers(0, 12))
def test_texts_are_read_back(n: int, digits: int) -> None:
    """parse_decimal undoes decimal_text and exact_text."""
    x = F(n, 10**digits)
    assert parse_decimal(decimal_text(x, digits)) == x == parse_decimal(exact_text(x))


# --- minor units --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "digits", "amount"),
    [
        ("925331", 0, 925331),
        ("-0.01", 2, -1),
        ("1.5", 3, 1500),
        ("9223372036854775807", 0, MINOR_MAX),
        ("-92233720368547758.07", 2, -MINOR_MAX),
    ],
)
def test_minor(text: str, digits: int, amount: int) -> None:
    """An amount is a whole count of minor units."""
    assert minor(parse_decimal(text), digits) == amount


@pytest.mark.parametrize(
    ("text", "digits", "rule"),
    [
        ("0.5", 0, "minor_unit"),
        ("1.005", 2, "minor_unit"),
        ("9223372036854775808", 0, "amount_max"),
        ("-92233720368547758.08", 2, "amount_max"),
    ],
)
def test_minor_never_rounds_nor_wraps(text: str, digits: int, rule: str) -> None:
    """A part of a minor unit, or more than an int64, is an error."""
    with pytest.raises(MoneyInvalid) as caught:
        minor(parse_decimal(text), digits)
    assert caught.value.rule == rule


# --- rounding -----------------------------------------------------------------------------


def test_the_one_rounding_is_the_engine_s() -> None:
    """Money rounds with the very function that the kernels are proved against."""
    assert divide is ir.divide
    assert Mode is ir.Mode


MODES = "half_up half_even half_down half_ceiling down up floor ceiling".split()
TIES = """
     2.5     3    2    2    3    2    3    2    3
     3.5     4    4    3    4    3    4    3    4
    -2.5    -3   -2   -2   -2   -2   -3   -3   -2
    -3.5    -4   -4   -3   -3   -3   -4   -4   -3
     2.4     2    2    2    2    2    3    2    3
     2.6     3    3    3    3    2    3    2    3
    -2.6    -3   -3   -3   -3   -2   -3   -3   -2
     0.5     1    0    0    1    0    1    0    1
    -0.5    -1    0    0    0    0   -1   -1    0
     7       7    7    7    7    7    7    7    7
"""
CASES = [
    (line.split()[0], mode, result)
    for line in TIES.strip().splitlines()
    for mode, result in zip(MODES, line.split()[1:], strict=True)
]


@pytest.mark.parametrize(("x", "mode", "result"), CASES)
def test_modes_at_ties(x: str, mode: str, result: str) -> None:
    """half_up takes halves away from zero, for both signs; the others as named."""
    assert Rounding.parse(f"1 {mode}").apply(parse_decimal(x)) == int(result)


@pytest.mark.parametrize(
    ("x", "rounding", "result"),
    [
        ("26.125", "0.01 half_up", "26.13"),
        ("444.635", "0.01 half_up", "444.64"),
        ("540.875", "0.01 half_up", "540.88"),
        ("17.37", "0.05 half_up", "17.35"),
        ("17.375", "0.05 half_up", "17.40"),
        ("-17.375", "0.05 half_up", "-17.40"),
        ("47728", "10 down", "47720"),
        ("362344", "1000 down", "362000"),
        ("362500", "1000 half_up", "363000"),
        ("362500", "1000 half_even", "362000"),
        ("0.0000000000000005", "0.000000000000001 half_up", "0.000000000000001"),
    ],
)
def test_units(x: str, rounding: str, result: str) -> None:
    """A unit may be any positive decimal: below one, one, ten, a thousand."""
    assert Rounding.parse(rounding).apply(parse_decimal(x)) == parse_decimal(result)


DECIMAL_MODES = {
    Mode.HALF_UP: decimal.ROUND_HALF_UP,
    Mode.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    Mode.HALF_DOWN: decimal.ROUND_HALF_DOWN,
    Mode.DOWN: decimal.ROUND_DOWN,
    Mode.UP: decimal.ROUND_UP,
    Mode.FLOOR: decimal.ROUND_FLOOR,
    Mode.CEILING: decimal.ROUND_CEILING,
}


@given(st.integers(-(10**12), 10**12), st.integers(0, 6), st.sampled_from(sorted(DECIMAL_MODES)))
def test_rounding_agrees_with_the_decimal_module(n: int, digits: int, mode: Mode) -> None:
    """An independent implementation gives the same."""
    x = Decimal(n).scaleb(-digits)
    theirs = x.quantize(Decimal("0.01"), rounding=DECIMAL_MODES[mode])
    assert Rounding(F(1, 100), mode).apply(F(x)) == F(theirs)


@given(
    st.fractions(max_denominator=10**9),
    st.sampled_from(["0.05", "0.01", "0.25", "1", "10", "1000"]),
    st.sampled_from(Mode),
)
def test_rounding_is_near_and_settled(x: Fraction, unit: str, mode: Mode) -> None:
    """A rounded figure is a multiple less than a unit away; rounding again changes nothing."""
    rounding = Rounding(parse_decimal(unit), mode)
    rounded = rounding.apply(x)
    assert (rounded / rounding.unit).denominator == 1
    assert abs(rounded - x) < rounding.unit
    assert rounding.apply(rounded) == rounded


@given(st.fractions(max_denominator=10**6), st.sampled_from(Mode))
def test_half_ceiling_and_signs(x: Fraction, mode: Mode) -> None:
    """half_ceiling is the floor of x + 1/2; the modes that ignore the sign are odd functions."""
    assert Rounding(F(1), Mode.HALF_CEILING).apply(x) == (x + F(1, 2)).__floor__()
    if mode in (Mode.HALF_UP, Mode.HALF_EVEN, Mode.HALF_DOWN, Mode.DOWN, Mode.UP):
        assert Rounding(F(1), mode).apply(-x) == -Rounding(F(1), mode).apply(x)


@pytest.mark.parametrize("text", ["0.01 half_up", "0.05 down", "1 half_even", "1000 ceiling"])
def test_a_rounding_is_written_as_it_is_read(text: str) -> None:
    """The text of a rounding is canonical."""
    assert str(Rounding.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "rounding"),
        ("half_up", "rounding"),
        ("0.01", "rounding"),
        ("0.01  half_up", "rounding"),
        ("0.01 half up", "rounding"),
        ("1e-2 half_up", "decimal"),
        ("0.01 HALF_UP", "rounding_mode"),
        ("0.01 nearest", "rounding_mode"),
        ("0 half_up", "rounding_unit"),
        ("-1 half_up", "rounding_unit"),
    ],
)
def test_a_bad_rounding_is_refused(text: str, rule: str) -> None:
    """A rounding is a positive unit and a mode of the eight, nothing else."""
    with pytest.raises(MoneyInvalid) as caught:
        Rounding.parse(text)
    assert caught.value.rule == rule
    if rule == "rounding_mode":
        assert caught.value.allowed == tuple(MODES)


def test_a_unit_is_a_decimal() -> None:
    """A third of a unit has no text in a document, so it is no unit."""
    with pytest.raises(MoneyInvalid, match="1/3 is not a rounding unit"):
        Rounding(F(1, 3), Mode.DOWN)


# --- exact splits -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [33, 34, 33]),
        (-100, [1, 1, 1], [-33, -34, -33]),
        (1, [1, 1], [1, 0]),
        (10, [131, 210], [4, 6]),
        (0, [3, 4], [0, 0]),
        (7, [0, 5, 0], [0, 7, 0]),
        (5, [2], [5]),
    ],
)
def test_split_exactly(total: int, weights: list[int], parts: list[int]) -> None:
    """The running sum is rounded half away from zero; the parts are its steps."""
    assert split_exactly(total, weights) == parts


@given(
    st.integers(-(10**15), 10**15),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any),
    st.sampled_from(Mode),
)
def test_a_split_is_whole(total: int, weights: list[int], mode: Mode) -> None:
    """The parts sum to the total, have its sign, and lie within a unit of their share."""
    parts = split_exactly(total, weights, mode)
    assert sum(parts) == total
    assert all(part * total >= 0 for part in parts)
    shares = [F(total * weight, sum(weights)) for weight in weights]
    assert all(abs(part - share) <= 1 for part, share in zip(parts, shares, strict=True))


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [-1]])
def test_bad_weights_are_refused(weights: list[int]) -> None:
    """Nothing to split by is an error, not a lost amount."""
    with pytest.raises(MoneyInvalid, match="none may be negative"):
        split_exactly(5, weights)
