"""The fields of ГОСТ Р 56042-2014: names, lengths, and what their values look like.

Lengths are those of the standard's tables; fields that it leaves open are bounded by the code.
"""

import re
import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from billcore.core.errors import quoted
from billcore.core.identifiers.faults import PAYLOAD_MAX, Fault


class Reason(StrEnum):
    """The broken rule of a receipt's code."""

    HEADER_INVALID = "HEADER_INVALID"
    ENCODING_INVALID = "ENCODING_INVALID"
    PAYLOAD_TOO_LONG = "PAYLOAD_TOO_LONG"
    BLOCK_TOO_LONG = "BLOCK_TOO_LONG"
    FIELD_INVALID = "FIELD_INVALID"
    FIELD_REPEATED = "FIELD_REPEATED"
    FIELD_MISSING = "FIELD_MISSING"
    FIELD_UNKNOWN = "FIELD_UNKNOWN"
    VALUE_INVALID = "VALUE_INVALID"
    VALUE_TOO_LONG = "VALUE_TOO_LONG"
    CHARACTER_INVALID = "CHARACTER_INVALID"
    SUM_NOT_KOPECKS = "SUM_NOT_KOPECKS"
    SEPARATOR_NONE = "SEPARATOR_NONE"
    # tolerated when reading:
    ORDER_BROKEN = "ORDER_BROKEN"
    KEY_CASE = "KEY_CASE"
    VALUE_EMPTY = "VALUE_EMPTY"
    SEPARATOR_MIXED = "SEPARATOR_MIXED"


class Rule(NamedTuple):
    """A value: most characters, the pattern it has, in words."""

    most: int = PAYLOAD_MAX
    pattern: str = ".*"
    words: str = "text"


_ACCOUNT = Rule(20, r"[0-9]{5}[0-9ABCEHKMPTX][0-9]{14}", "an account of 20 characters")
_DATE = Rule(10, r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}", "a date, as 31.12.2026")
_KOPECKS = Rule(18, r"[0-9]{1,18}", "kopecks, 1 to 18 digits")
_TEXT = Rule()


def _digits(least: int, most: int) -> Rule:
    return Rule(most, rf"[0-9]{{{least},{most}}}", f"{least} to {most} digits")


MANDATORY = {
    "Name": Rule(160),
    "PersonalAcc": _ACCOUNT,
    "BankName": Rule(45),
    "BIC": Rule(9, r"[0-9]{9}", "9 digits"),
    "CorrespAcc": Rule(20, _ACCOUNT.pattern + "|0", "an account of 20 characters, 0 if none"),
}
"""In the order in which they are written."""

OPTIONAL = {
    "Sum": _KOPECKS,
    "Purpose": Rule(210),
    "PayeeINN": _digits(1, 12),
    "PayerINN": _digits(1, 12),
    "DrawerStatus": Rule(2),
    "KPP": Rule(9, r"[0-9A-Z]{1,9}", "1 to 9 digits and capital letters"),
    "CBC": Rule(20),
    "OKTMO": Rule(11),
    "PaytReason": Rule(2),
    "TaxPeriod": Rule(10),
    "DocNo": Rule(15),
    "DocDate": _DATE,
    "TaxPaytKind": Rule(2),
    **dict.fromkeys(
        "LastName FirstName MiddleName PayerAddress PersonalAccount DocIdx PensAcc Contract "
        "PersAcc Flat Phone PayerIdType PayerIdNum ChildFio".split(),
        _TEXT,
    ),
    "BirthDate": _DATE,
    **dict.fromkeys(
        "PaymTerm PaymPeriod Category ServiceName CounterId CounterVal QuittId".split(), _TEXT
    ),
    "QuittDate": _DATE,
    **dict.fromkeys("InstNum ClassNum SpecFio".split(), _TEXT),
    "AddAmount": _KOPECKS,
    **dict.fromkeys("RuleId ExecId RegType UIN".split(), _TEXT),
    "TechCode": Rule(2, r"0[1-9]|1[0-5]", "a technical code, 01 to 15 (02: housing, utilities)"),
}
"""In the order of the standard's tables."""

FIELDS = MANDATORY | OPTIONAL
BY_CASE = {key.casefold(): key for key in FIELDS}
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
AMOUNTS = ("Sum", "AddAmount")


def value_faults(key: str, value: str, position: int) -> list[Fault]:
    """What is wrong with a value that begins at a position (0: that is to be written)."""
    rule = FIELDS.get(key, _TEXT)
    at = next((at for at, c in enumerate(value) if unicodedata.category(c) in _UNSEEN), None)
    if at is not None:
        message = f"{value[at]!r} is not allowed, only characters that can be printed"
        return [Fault(Reason.CHARACTER_INVALID, key, position and position + at, message)]
    if key in AMOUNTS and not re.fullmatch(rule.pattern, value):
        message = f"{quoted(value)} is not a sum of {rule.words}, without a point"
        return [Fault(Reason.SUM_NOT_KOPECKS, key, position, message)]
    if len(value) > rule.most:
        message = f"{len(value)} characters, at most {rule.most} are allowed"
        return [Fault(Reason.VALUE_TOO_LONG, key, position and position + rule.most, message)]
    if not re.fullmatch(rule.pattern, value) or (rule is _DATE and not _is_date(value)):
        message = f"{quoted(value)} is not {rule.words}"
        return [Fault(Reason.VALUE_INVALID, key, position, message)]
    return []


def _is_date(text: str) -> bool:
    try:
        datetime.strptime(text, "%d.%m.%Y").astimezone()
    except ValueError:
        return False
    return True
