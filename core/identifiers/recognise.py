"""What a payer's text is: scanned or typed at a kiosk, a counter, a phone.

One text may be read in several ways: an account number may pass as a phone number, one number in
eleven as a bill id. All readings are listed: first those without a fault, in the order of `Kind`,
then those with faults, in the same order. Nothing is looked up: whether there is such a bill or
account is for the caller, who tries the readings in their order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from billcore.core.identifiers import emvco, gost
from billcore.core.identifiers.digits import latin_digits
from billcore.core.identifiers.emvco import Payload
from billcore.core.identifiers.faults import PAYLOAD_MAX, Fault, IdentifierInvalid
from billcore.core.identifiers.gost import Receipt
from billcore.core.identifiers.iran import (
    BillId,
    PaymentId,
    parse_barcode,
    parse_bill_id,
    parse_pair,
)
from billcore.core.identifiers.iran_faults import (
    ANY,
    BARCODE_DIGITS,
    DIGITS_MAX,
    DIGITS_MIN,
    Accepted,
)


class Kind(IntEnum):
    """What a text may be, in the order of precedence.

    1 and 2 begin as nothing else does (ST0001, 000201 and a letter somewhere); 3 is 20 to 26
    digits, with fewer than 26 a fault; 4 is two numbers of 6 to 13 digits, whatever words stand
    around them; 5 is one of 6 to 13 digits; 6 is + or 00 and 8 to 15 digits, or the digits of a
    number of the country; 7 is what the provider's account numbers look like. 3 to 7 are tried
    with and without the spaces and hyphens of a grouped number.
    """

    GOST = 1
    EMVCO = 2
    BARCODE = 3
    BILL_AND_PAYMENT = 4
    BILL = 5
    PHONE = 6
    ACCOUNT = 7


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number in the international form of ITU-T E.164: + and 8 to 15 digits."""

    e164: str


Parts = PaymentId | BillId | Payload | Receipt | Phone | str


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the text. parts: None if it has faults; of an account its number."""

    kind: Kind
    parts: Parts | None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What is usual where the text was given.

    accepted: services and companies of bill ids. country: the country's code without +, empty:
    only international numbers are phone numbers; trunk: what stands before a number within the
    country, may be left out in typing; national: how many digits follow. account: a pattern that
    account numbers match wholly, case counts.
    """

    accepted: Accepted = ANY
    country: str = ""
    trunk: str = "0"
    national: frozenset[int] = frozenset({10})
    account: str = r"[0-9A-Za-z][0-9A-Za-z./-]{0,39}"


DEFAULT = Rules()

_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Marks of direction and joiners, which come along with copied text."""
_GROUPED = re.compile(r"[0-9]+(?:[\s-]+[0-9]+)*")
_INTERNATIONAL = re.compile(r"(?:\+|00)([1-9][0-9]{7,14})")


def recognise(given: str | bytes, rules: Rules = DEFAULT) -> tuple[Reading, ...]:
    """Every reading of a text, the likeliest first; none: it is nothing that we know.

    Bytes are what a scanner read: a receipt's code says its encoding itself, others are UTF-8.
    Positions of faults are those of the text without marks of direction and spaces around it, and
    for kinds 3 to 7 of their digits.
    """
    if len(given) > PAYLOAD_MAX:
        return ()
    readings = sorted(_readings(given, rules), key=lambda r: (bool(r.faults), r.kind))
    return tuple(readings)


def _readings(given: str | bytes, rules: Rules) -> Iterator[Reading]:
    if isinstance(given, bytes):
        if given.lstrip().startswith(gost.HEAD.encode()):
            yield _read_gost(given.lstrip().rstrip(b"\r\n"))
            return
        given = given.decode(errors="replace")
    bare = given.strip().strip("\ufeff")
    text = latin_digits(_UNSEEN.sub("", bare)).strip()
    if text.startswith(gost.HEAD):
        yield _read_gost(bare)
    elif text.startswith("000201") and not text.isdigit():
        yield _read_emvco(bare)
    elif text:
        yield from _read_numbers(text, rules)


def _read_gost(data: str | bytes) -> Reading:
    try:
        return Reading(Kind.GOST, gost.read(data))
    except IdentifierInvalid as error:
        return Reading(Kind.GOST, None, error.faults)


def _read_emvco(text: str) -> Reading:
    try:
        return Reading(Kind.EMVCO, emvco.read(text))
    except IdentifierInvalid as error:
        return Reading(Kind.EMVCO, None, error.faults)


def _read_numbers(text: str, rules: Rules) -> Iterator[Reading]:
    joined = re.sub(r"[\s-]", "", text) if _GROUPED.fullmatch(text) else ""
    groups = re.findall(r"[0-9]+", text)
    if DIGITS_MAX + DIGITS_MIN < len(joined) <= BARCODE_DIGITS:
        yield _read_barcode(joined, rules)
    pair = len(groups) == 2 and all(DIGITS_MIN <= len(g) <= DIGITS_MAX for g in groups)
    if pair and len(joined) != BARCODE_DIGITS:
        yield _read_pair(groups[0], groups[1], rules)
    if DIGITS_MIN <= len(joined) <= DIGITS_MAX:
        yield _read_bill(joined, rules)
    phone = _phone(re.sub(r"[\s().-]", "", text), rules)
    if phone:
        yield Reading(Kind.PHONE, phone)
    for number in dict.fromkeys((text, joined)):
        if re.fullmatch(rules.account, number):
            yield Reading(Kind.ACCOUNT, number)


def _read_barcode(digits: str, rules: Rules) -> Reading:
    try:
        return Reading(Kind.BARCODE, parse_barcode(digits, rules.accepted))
    except IdentifierInvalid as error:
        return Reading(Kind.BARCODE, None, error.faults)


def _read_pair(bill_id: str, payment_id: str, rules: Rules) -> Reading:
    """A bill id is printed first; the other way round only if that alone is right."""
    try:
        return Reading(Kind.BILL_AND_PAYMENT, parse_pair(bill_id, payment_id, rules.accepted))
    except IdentifierInvalid as error:
        faults = error.faults
    try:
        return Reading(Kind.BILL_AND_PAYMENT, parse_pair(payment_id, bill_id, rules.accepted))
    except IdentifierInvalid:
        return Reading(Kind.BILL_AND_PAYMENT, None, faults)


def _read_bill(digits: str, rules: Rules) -> Reading:
    try:
        return Reading(Kind.BILL, parse_bill_id(digits, rules.accepted))
    except IdentifierInvalid as error:
        return Reading(Kind.BILL, None, error.faults)


def _phone(number: str, rules: Rules) -> Phone | None:
    international = _INTERNATIONAL.fullmatch(number)
    if international:
        return Phone(f"+{international[1]}")
    if not (rules.country and number.isascii() and number.isdigit()):
        return None
    national = number.removeprefix(rules.trunk)
    return Phone(f"+{rules.country}{national}") if len(national) in rules.national else None
