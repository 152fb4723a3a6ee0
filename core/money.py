"""Currencies, exact decimals, and the one rounding of the system.

In: text of documents, exact Fractions. Out: exact Fractions, and int counts of minor
units. Nothing here is binary floating point, and nothing is rounded unless a `Rounding`
says how. The rounding itself is `divide` of the engine's intermediate form, the same
integers that the kernels are proved against; it is re-exported here.
Non-goals: exchange rates, printing with separators or symbols.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Self

from billcore.core.errors import MoneyInvalid
from billcore.core.tariff.ir import Mode, divide

__all__ = [
    "CURRENCY_DIGITS",
    "MINOR_MAX",
    "NUMBER_DIGITS_MAX",
    "Mode",
    "Rounding",
    "decimal_text",
    "decimals_of",
    "divide",
    "exact_text",
    "minor",
    "minor_digits",
    "parse_decimal",
    "parse_percent",
    "scaled_text",
    "split_exactly",
]

NUMBER_DIGITS_MAX = 40
"""A number in a document has at most this many digits (MoneyInvalid, rule digits_max)."""

MINOR_MAX = 2**63 - 1
"""Money is an int64: |minor units| are at most this (MoneyInvalid, rule amount_max)."""

# ISO 4217, the active codes that have minor units, by number of digits.
_ISO_4217 = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL "
    "GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
    "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD "
    "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
    "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR "
    "ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

# Where billing departs from ISO 4217, which gives these 2 digits: no bill shows a part of
# a rial, a rupiah or a new Taiwan dollar, no channel carries one, so the minor unit is the whole.
_PRACTICE = {"IDR": 0, "IRR": 0, "TWD": 0}

CURRENCY_DIGITS: Mapping[str, int] = MappingProxyType(
    {code: digits for digits, codes in _ISO_4217.items() for code in codes.split()} | _PRACTICE
)
"""Currency code -> decimal digits of its minor unit, as billed here."""


def minor_digits(code: str) -> int:
    """The decimal digits of a currency's minor unit: RUB 2, IRR 0, KWD 3."""
    if code not in CURRENCY_DIGITS:
        raise MoneyInvalid(
            f"{code!r} is not an active currency: give the three capital letters of ISO 4217, "
            "as IRR, RUB or USD.",
            text=code,
            rule="currency",
            allowed=[known for known in CURRENCY_DIGITS if known == code.strip().upper()],
        )
    return CURRENCY_DIGITS[code]


_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")

_HINTS = (
    (re.compile(r"\s*"), "it is empty"),
    (re.compile(r"\s.*|.*\s", re.DOTALL), "remove the space around it"),
    (re.compile(r"\+.*"), "write it without the plus sign"),
    (re.compile(r"[-+0-9.]+[eE].*"), "write the power of ten out, as 1000 or 0.001"),
    (re.compile(r".*_.*"), "write it without underscores"),
    (re.compile(r".*,.*"), "write a point before the decimals and nothing between thousands"),
    (re.compile(r"-?\.[0-9]+"), "write a zero before the point"),
    (re.compile(r"-?[0-9]+\."), "write digits after the point, or no point"),
    (re.compile(r".*%"), "a percentage does not belong here: write the fraction, as 0.03"),
    (re.compile(r"-?[^\x00-\x7f].*"), "write it with the digits 0 to 9"),
)


def parse_decimal(text: str) -> Fraction:
    """The exact value of a plain decimal: -12, 0.05, 4300; nothing else is a number."""
    if not _PLAIN.fullmatch(text):
        raise MoneyInvalid(
            f"{_shown(text)} is not a plain decimal: {_hint(text)}.", text=text, rule="decimal"
        )
    whole, _, decimals = text.lstrip("-").partition(".")
    digits = len(whole) + len(decimals)
    if digits > NUMBER_DIGITS_MAX:
        raise MoneyInvalid(
            f"{_shown(text)} has {digits} digits, at most {NUMBER_DIGITS_MAX} are allowed.",
            text=text,
            rule="digits_max",
        )
    magnitude = Fraction(int(whole + decimals), 10 ** len(decimals))
    return -magnitude if text.startswith("-") else magnitude


def parse_percent(text: str) -> Fraction:
    """The exact fraction of a percentage: "9.5%" is 0.095."""
    if not text.endswith("%"):
        raise MoneyInvalid(
            f"{_shown(text)} is not a percentage: write a plain decimal and %, as 9.5%.",
            text=text,
            rule="percent",
        )
    return parse_decimal(text[:-1]) / 100


def _hint(text: str) -> str:
    fitting = (hint for pattern, hint in _HINTS if pattern.fullmatch(text))
    return next(fitting, "write digits, and a point before the decimals, as 1250 or 0.05")


def _shown(text: str) -> str:
    return repr(text if len(text) <= NUMBER_DIGITS_MAX else text[:NUMBER_DIGITS_MAX] + "…")


def decimal_text(x: Fraction, digits: int) -> str:
    """x with exactly this many decimals, "1.50"; an error if that would round it."""
    scaled = _scaled(x, digits)
    if scaled.denominator != 1:
        raise MoneyInvalid(
            f"{_fraction(x)} has no exact text of {digits} decimals: round it first.",
            text=str(x),
            rule="decimals",
        )
    sign, magnitude = "-" if x < 0 else "", str(abs(scaled.numerator)).zfill(digits + 1)
    whole = len(magnitude) - digits
    return sign + magnitude[:whole] + ("." + magnitude[whole:] if digits else "")


def scaled_text(count: int, decimals: int, least: int = 0) -> str:
    """A count of minor units, or of another scale, in whole units: 12050 of 2 decimals is "120.50".

    least: so many decimals are written at least.
    """
    return decimal_text(Fraction(count, 10**decimals), max(decimals, least))


def exact_text(x: Fraction) -> str:
    """x as the shortest plain decimal, "0.05"; an error for a third, which has none."""
    digits = decimals_of(x.denominator)
    if digits is None:
        raise MoneyInvalid(
            f"{_fraction(x)} has no exact decimal text: round it first.",
            text=str(x),
            rule="decimals",
        )
    return decimal_text(x, digits)


def decimals_of(denominator: int) -> int | None:
    """The least n for which the denominator divides 10**n."""
    twos, rest = _removed(denominator, 2)
    fives, rest = _removed(rest, 5)
    return max(twos, fives) if rest == 1 else None


def _removed(n: int, prime: int) -> tuple[int, int]:
    count = 0
    while n % prime == 0:
        n, count = n // prime, count + 1
    return count, n


def _scaled(x: Fraction, digits: int) -> Fraction:
    shift: int = 10**digits
    return x * shift


def _fraction(x: Fraction) -> str:
    return f"{x.numerator}/{x.denominator}"


def minor(x: Fraction, digits: int) -> int:
    """The int64 count of minor units that an amount is, exactly; an error if it is between."""
    amount = _scaled(x, digits)
    if amount.denominator != 1:
        raise MoneyInvalid(
            f"{_fraction(x)} is not a whole number of minor units of {digits} decimals: "
            "a rounding must come first.",
            text=str(x),
            rule="minor_unit",
        )
    if abs(amount.numerator) > MINOR_MAX:
        raise MoneyInvalid(
            f"{_fraction(x)} is beyond {MINOR_MAX} minor units, the largest amount.",
            text=str(x),
            rule="amount_max",
        )
    return amount.numerator


_MODE_NAMES = tuple(mode.name.lower() for mode in Mode)


@dataclass(frozen=True, slots=True)
class Rounding:
    """To whole multiples of `unit` (any positive decimal: 0.05, 1, 1000) by `mode`."""

    unit: Fraction
    mode: Mode

    def __post_init__(self) -> None:
        if self.unit <= 0 or decimals_of(self.unit.denominator) is None:
            raise MoneyInvalid(
                f"{_fraction(self.unit)} is not a rounding unit: give a positive decimal, "
                "as 0.05, 1 or 1000.",
                text=str(self.unit),
                rule="rounding_unit",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """A rounding as documents write it: "0.01 half_up"."""
        unit, *modes = text.split(" ")
        if len(modes) != 1:
            raise MoneyInvalid(
                f"{text!r} is not a rounding: write the unit, a space and the mode, "
                "as 0.01 half_up.",
                text=text,
                rule="rounding",
            )
        return cls(parse_decimal(unit), _mode(modes[0]))

    def apply(self, x: Fraction) -> Fraction:
        """The multiple of the unit that x rounds to; x may have any unit of measure."""
        n = x / self.unit
        return divide(n.numerator, n.denominator, self.mode) * self.unit

    def __str__(self) -> str:
        return f"{exact_text(self.unit)} {self.mode.name.lower()}"


def _mode(name: str) -> Mode:
    if name not in _MODE_NAMES:
        raise MoneyInvalid(
            f"{name!r} is not a rounding mode.",
            text=name,
            rule="rounding_mode",
            allowed=_MODE_NAMES,
        )
    return Mode[name.upper()]


def split_exactly(total: int, weights: Sequence[int], mode: Mode = Mode.HALF_UP) -> list[int]:
    """Whole parts of `total` by weight that always sum to it, in the total's unit.

    The running sum is rounded, not the part: no part ever has the wrong sign.
    """
    if min(weights, default=-1) < 0 or sum(weights) == 0:
        raise MoneyInvalid(
            f"{total} cannot be split by the weights {list(weights)}: none may be negative "
            "and one must be positive.",
            text=str(total),
            rule="weights",
        )
    whole = sum(weights)
    borders = [divide(total * upto, whole, mode) for upto in accumulate(weights, initial=0)]
    return [this - previous for previous, this in pairwise(borders)]
