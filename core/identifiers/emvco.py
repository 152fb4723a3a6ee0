"""Payloads of merchant-presented payment QR codes: EMV QR Code Specification (EMV QRCPS).

Goals: what a bill needs, exactly: accounts, amount, currency, names, additional data, the names in
another language; every other object is kept as it is. Reading is strict and places every fault;
only transfers of VietQR may lack category, name and city, as NAPAS's own examples do. Writing
refuses what reading refuses. Non-goals: the meaning of schemes' own templates, see
`billcore.core.identifiers.vietqr`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from billcore.core.identifiers import emvco_rules as rules
from billcore.core.identifiers import tlv
from billcore.core.identifiers.currencies import CURRENCY_CODES, CURRENCY_NUMBERS
from billcore.core.identifiers.faults import Fault, refuse
from billcore.core.money import minor_digits, scaled_text

Objects = tuple[tuple[str, str], ...]
"""Data objects as (tag, value); the value of a template is the text of its objects."""


class Point(StrEnum):
    """Point of initiation: shown for many payments, or for one."""

    STATIC = "11"
    DYNAMIC = "12"


@dataclass(frozen=True, slots=True)
class Additional:
    """Tag 62: its tags 01 to 09 and others; texts of at most 25 characters, empty: not there."""

    bill_number: str = ""
    mobile_number: str = ""
    store_label: str = ""
    loyalty_number: str = ""
    reference_label: str = ""
    customer_label: str = ""
    terminal_label: str = ""
    purpose: str = ""
    data_request: str = ""
    others: Objects = ()


NOTHING = Additional()
"""No additional data."""


@dataclass(frozen=True, slots=True)
class Language:
    """Tag 64: name (at most 25 characters) and city (15, may be empty) in a language of ISO 639."""

    language: str
    name: str
    city: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """What a payment code says; empty texts and None are not there.

    accounts: tags 02 to 51; currency: its three letters; amount: in minor units of the currency;
    category: of ISO 18245 (4900: utilities); country: of ISO 3166; name: at most 25 characters,
    city: 15, postal_code: 10; others: tags 55 to 57 and 65 to 99.
    """

    accounts: Objects
    currency: str
    country: str
    point: Point | None = None
    amount: int | None = None
    category: str = ""
    name: str = ""
    city: str = ""
    postal_code: str = ""
    additional: Additional = NOTHING
    language: Language | None = None
    others: Objects = ()

    @property
    def dynamic(self) -> bool:
        """Whether the code is for one payment only."""
        return self.point is Point.DYNAMIC


def write(payload: Payload) -> str:
    """The text of a payment code, with its CRC. Raises IdentifierInvalid with every fault."""
    minor_digits(payload.currency)
    objects = _objects(payload)
    refuse("payment code", _too_long(objects))
    head = tlv.written((tag, value) for tag, value in objects if value) + tlv.CRC_HEAD
    text = head + tlv.crc(head)
    refuse("payment code", rules.examined(text).faults)
    return text


def faults(text: str) -> list[Fault]:
    """What is wrong with the text of a payment code."""
    return rules.examined(text).faults


def read(text: str) -> Payload:
    """What a payment code says. Raises IdentifierInvalid with every fault."""
    found = rules.examined(text)
    refuse("payment code", found.faults)
    root = found.root
    point = root.get("01")
    return Payload(
        accounts=_kept(root, range(2, 52)),
        currency=CURRENCY_CODES[root["53"]],
        country=root["58"],
        point=Point(point) if point else None,
        amount=found.amount,
        category=root.get("52", ""),
        name=root.get("59", ""),
        city=root.get("60", ""),
        postal_code=root.get("61", ""),
        additional=_additional(found.templates.get("62", {})),
        language=_language(found.templates.get("64")),
        others=_kept(root, [*range(55, 58), *range(65, 100)]),
    )


def _objects(payload: Payload) -> list[tuple[str, str]]:
    amount, decimals = payload.amount, minor_digits(payload.currency)
    return [
        ("00", rules.FORMAT),
        ("01", payload.point or ""),
        *payload.accounts,
        ("52", payload.category),
        ("53", CURRENCY_NUMBERS[payload.currency]),
        ("54", "" if amount is None else scaled_text(amount, decimals)),
        *(pair for pair in payload.others if pair[0] < "58"),
        ("58", payload.country),
        ("59", payload.name),
        ("60", payload.city),
        ("61", payload.postal_code),
        ("62", tlv.written(_additional_objects(payload.additional))),
        ("64", _language_text(payload.language)),
        *(pair for pair in payload.others if pair[0] >= "58"),
    ]


def _too_long(objects: Sequence[tuple[str, str]]) -> list[Fault]:
    return [
        Fault(
            tlv.Reason.VALUE_TOO_LONG,
            tag,
            0,
            f"{len(value)} characters, at most {tlv.VALUE_MAX} fit into an object",
        )
        for tag, value in objects
        if len(value) > tlv.VALUE_MAX
    ]


_NAMED = tuple(name for name in Additional.__dataclass_fields__ if name != "others")


def _additional_objects(of: Additional) -> Objects:
    named = ((f"{n:02}", getattr(of, name)) for n, name in enumerate(_NAMED, 1))
    return (*((tag, value) for tag, value in named if value), *of.others)


def _additional(items: dict[str, str]) -> Additional:
    named = {name: items.get(f"{n:02}", "") for n, name in enumerate(_NAMED, 1)}
    others = ((tag, items[tag]) for tag in sorted(items) if tag > "09" or tag == "00")
    return Additional(**named, others=tuple(others))


def _language_text(of: Language | None) -> str:
    if of is None:
        return ""
    objects = (("00", of.language), ("01", of.name), ("02", of.city))
    return tlv.written((tag, value) for tag, value in objects if value)


def _language(items: dict[str, str] | None) -> Language | None:
    return Language(items["00"], items["01"], items.get("02", "")) if items else None


def _kept(root: dict[str, str], tags: Sequence[int]) -> Objects:
    return tuple((tag, root[tag]) for tag in (f"{n:02}" for n in tags) if tag in root)
