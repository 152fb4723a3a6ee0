"""What the EMV QRCPS allows in the data objects of a payment code."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from billcore.core.errors import MoneyInvalid, quoted
from billcore.core.identifiers import tlv
from billcore.core.identifiers.currencies import CURRENCY_CODES
from billcore.core.identifiers.faults import PAYLOAD_MAX, Fault
from billcore.core.identifiers.tlv import Item, Reason
from billcore.core.money import minor, minor_digits, parse_decimal

FORMAT = "01"
NAPAS, NAPAS_TAG = "A000000727", "38"
"""The identifier of VietQR, in tag 38."""
TRANSFERS = ("QRIBFTTA", "QRIBFTTC")
"""VietQR's services without a merchant: transfers to an account, to a card."""

_ASCII = re.compile(r"[ -~]*")
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]*)?")


class Rule(NamedTuple):
    """A value's length, and whether it is digits (n), printable ASCII (a) or any text (s)."""

    least: int
    most: int
    kind: str


RULES = {
    "00": Rule(2, 2, "n"),
    "01": Rule(2, 2, "n"),
    "52": Rule(4, 4, "n"),
    "53": Rule(3, 3, "n"),
    "54": Rule(1, 13, "a"),
    "55": Rule(2, 2, "n"),
    "56": Rule(1, 13, "a"),
    "57": Rule(1, 5, "a"),
    "58": Rule(2, 2, "a"),
    "59": Rule(1, 25, "a"),
    "60": Rule(1, 15, "a"),
    "61": Rule(1, 10, "a"),
    **{f"62.{n:02}": Rule(1, 25, "a") for n in range(1, 9)},
    "62.09": Rule(1, 3, "a"),
    "64.00": Rule(2, 2, "a"),
    "64.01": Rule(1, 25, "s"),
    "64.02": Rule(1, 15, "s"),
}
"""By path; what is not named may be any text."""

_VALUES = {"00": (FORMAT,), "01": ("11", "12")}
_REQUIRED = ("00", "52", "53", "58", "59", "60")
_REQUIRED_TRANSFER = ("00", "53", "58")
_ACCOUNTS = range(2, 52)
_GLOBAL = {f"{n:02}" for n in (*range(26, 52), *range(80, 100))}
"""Templates that begin with a globally unique identifier, tag 00 of at most 32 characters."""
_TEMPLATES = {*_GLOBAL, "62", "64"}
_BROKEN = {Reason.TAG_INVALID, Reason.LENGTH_INVALID, Reason.VALUE_CUT}


@dataclass(slots=True)
class Examined:
    """A payload: the values of its objects and of its templates, and everything wrong with it."""

    root: dict[str, str] = field(default_factory=dict)
    templates: dict[str, dict[str, str]] = field(default_factory=dict)
    amount: int | None = None
    faults: list[Fault] = field(default_factory=list)


def examined(text: str) -> Examined:
    """Reads a payload. After a fault of form (tag, length) nothing else is looked at."""
    found = Examined()
    if len(text) > PAYLOAD_MAX:
        message = f"{len(text)} characters, a QR code holds at most {PAYLOAD_MAX}"
        found.faults.append(Fault(Reason.PAYLOAD_TOO_LONG, "payload", PAYLOAD_MAX + 1, message))
        return found
    items, found.faults = tlv.read(text)
    if any(fault.reason in _BROKEN for fault in found.faults):
        return found
    found.root = {item.tag: item.value for item in items}
    for item in items:
        found.faults += value_faults(item)
        if item.tag in _TEMPLATES:
            found.templates[item.tag] = _template(item, found.faults)
    found.faults += _missing(found) + _first(items) + tlv.crc_faults(text, items)
    _read_amount(items, found)
    found.faults.sort(key=lambda fault: fault.position)
    return found


def value_faults(item: Item) -> list[Fault]:
    """What is wrong with a value by the rule of its path."""
    rule = RULES.get(item.path)
    if rule is None:
        return []
    size, value = len(item.value), item.value
    allowed = str(rule.most) if rule.least == rule.most else f"{rule.least} to {rule.most}"
    if size > rule.most:
        message = f"{quoted(value)} has {size} characters, {allowed} are allowed"
        return [Fault(Reason.VALUE_TOO_LONG, item.path, item.position + rule.most, message)]
    if size < rule.least:
        message = f"{quoted(value)} has {size} characters, {allowed} are needed"
        return [Fault(Reason.VALUE_INVALID, item.path, item.position, message)]
    wrong = _first_wrong(value, rule.kind)
    if wrong:
        words = "0 to 9" if rule.kind == "n" else "letters, digits and signs of ASCII"
        message = f"{quoted(value[wrong - 1])} is not allowed, only {words}"
        return [Fault(Reason.CHARACTER_INVALID, item.path, item.position + wrong - 1, message)]
    if value not in _VALUES.get(item.path, (value,)):
        message = f"{quoted(value)} is not among {', '.join(_VALUES[item.path])}"
        return [Fault(Reason.VALUE_INVALID, item.path, item.position, message)]
    return []


def _first_wrong(value: str, kind: str) -> int:
    """The position, from 1, of the first character that a kind of text does not have; 0: none."""
    for at, character in enumerate(value, 1):
        if kind == "n" and character not in "0123456789":
            return at
        if kind == "a" and not _ASCII.fullmatch(character):
            return at
    return 0


def _template(item: Item, faults: list[Fault]) -> dict[str, str]:
    items, wrong = tlv.read(item.value, item.path, item.position)
    faults += wrong
    for child in items:
        faults += value_faults(child)
    values = {child.tag: child.value for child in items}
    faults += _template_faults(item, values) if not wrong else []
    return values


def _template_faults(item: Item, values: dict[str, str]) -> list[Fault]:
    needed = ("00", "01") if item.tag == "64" else ("00",) if item.tag in _GLOBAL else ()
    faults = [_absent(f"{item.path}.{tag}", item.position) for tag in needed if tag not in values]
    if item.tag in _GLOBAL and len(values.get("00", "")) > 32:
        message = f"{quoted(values['00'])} is longer than the 32 characters of an identifier"
        faults.append(Fault(Reason.VALUE_TOO_LONG, f"{item.path}.00", item.position, message))
    return faults


def _absent(path: str, position: int = 0) -> Fault:
    return Fault(Reason.TAG_MISSING, path, position, f"tag {path} is missing")


def _missing(found: Examined) -> list[Fault]:
    napas = found.templates.get(NAPAS_TAG, {})
    transfer = napas.get("00") == NAPAS and napas.get("02") in TRANSFERS
    required = _REQUIRED_TRANSFER if transfer else _REQUIRED
    faults = [_absent(tag) for tag in required if tag not in found.root]
    if not any(f"{n:02}" in found.root for n in _ACCOUNTS):
        message = "an account, one of the tags 02 to 51, is missing"
        faults.append(Fault(Reason.TAG_MISSING, "02", 0, message))
    return faults


def _first(items: Sequence[Item]) -> list[Fault]:
    if not items or items[0].tag == "00" or all(item.tag != "00" for item in items):
        return []
    message = "tag 00 must be the first object"
    return [Fault(Reason.TAG_MISPLACED, "00", 1, message)]


def _read_amount(items: Sequence[Item], found: Examined) -> None:
    values = {item.tag: item for item in items}
    currency, amount = values.get("53"), values.get("54")
    if currency is None or value_faults(currency):
        return
    if currency.value not in CURRENCY_CODES:
        message = f"{currency.value} is the number of no active currency of ISO 4217"
        found.faults.append(
            Fault(Reason.CURRENCY_UNKNOWN, currency.path, currency.position, message)
        )
    elif amount is not None and not value_faults(amount):
        found.amount = _minor(amount.value, CURRENCY_CODES[currency.value])
        if found.amount is None:
            message = (
                f"{quoted(amount.value)} is not an amount of {CURRENCY_CODES[currency.value]}: "
                "above zero, digits and a point before the decimals, no part of a minor unit"
            )
            found.faults.append(Fault(Reason.AMOUNT_INVALID, amount.path, amount.position, message))


def _minor(text: str, currency: str) -> int | None:
    """The minor units of an amount as codes write it: 98.73, 98 and 98. are amounts; else None."""
    if not _AMOUNT.fullmatch(text):
        return None
    try:
        return minor(parse_decimal(text.removesuffix(".")), minor_digits(currency)) or None
    except MoneyInvalid:
        return None
