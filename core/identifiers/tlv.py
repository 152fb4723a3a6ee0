"""Data objects of the EMV QR Code Specification for Payment Systems (EMV QRCPS).

An object is a tag of two digits, a length of two digits that counts characters, and the value; a
template's value is objects again. The last object of a payload is the CRC: tag 63, length 04,
CRC-16/CCITT-FALSE over the UTF-8 bytes of everything before the value, "6304" included, as four
upper-case hexadecimal digits.
"""

from binascii import crc_hqx
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from billcore.core.errors import quoted
from billcore.core.identifiers.digits import first_other
from billcore.core.identifiers.faults import Fault

CRC = "63"
CRC_HEAD = f"{CRC}04"
HEAD = 4
"""Characters of tag and length."""
VALUE_MAX = 99
"""The longest value, in characters: its length has two digits."""


class Reason(StrEnum):
    """The broken rule of a payload."""

    TAG_INVALID = "TAG_INVALID"
    LENGTH_INVALID = "LENGTH_INVALID"
    VALUE_CUT = "VALUE_CUT"
    TAG_REPEATED = "TAG_REPEATED"
    TAG_MISSING = "TAG_MISSING"
    TAG_MISPLACED = "TAG_MISPLACED"
    VALUE_INVALID = "VALUE_INVALID"
    VALUE_TOO_LONG = "VALUE_TOO_LONG"
    CHARACTER_INVALID = "CHARACTER_INVALID"
    CURRENCY_UNKNOWN = "CURRENCY_UNKNOWN"
    AMOUNT_INVALID = "AMOUNT_INVALID"
    CRC_INVALID = "CRC_INVALID"
    CRC_MISMATCH = "CRC_MISMATCH"
    PAYLOAD_TOO_LONG = "PAYLOAD_TOO_LONG"


@dataclass(frozen=True, slots=True)
class Item:
    """An object that was read. path: its tags from the root, as 38.01; position: of its value."""

    path: str
    tag: str
    value: str
    position: int


def crc(text: str) -> str:
    """The CRC of a payload up to and including its literal 6304: four hexadecimal digits."""
    return f"{crc_hqx(text.encode(errors='surrogatepass'), 0xFFFF):04X}"


def written(objects: Iterable[tuple[str, str]]) -> str:
    """Objects as text: tags and values, of which each is 1 to VALUE_MAX characters long."""
    return "".join(f"{tag}{len(value):02}{value}" for tag, value in objects)


def read(text: str, path: str = "", position: int = 1) -> tuple[list[Item], list[Fault]]:
    """The objects of a text that begins at a position of the payload, and what is wrong with it.

    Reading ends at the first fault of form, after which nothing has its place; a tag that comes
    again is a fault too, the first one counts.
    """
    items: dict[str, Item] = {}
    faults: list[Fault] = []
    at = 0
    while at < len(text):
        item = _item(text, at, path, position)
        if isinstance(item, Fault):
            return list(items.values()), [*faults, item]
        if item.tag in items:
            message = f"tag {item.tag} was there before, at {items[item.tag].position - HEAD}"
            faults.append(Fault(Reason.TAG_REPEATED, item.path, item.position - HEAD, message))
        items.setdefault(item.tag, item)
        at += HEAD + len(item.value)
    return list(items.values()), faults


def _item(text: str, at: int, path: str, position: int) -> Item | Fault:
    """The object that begins `at` characters after the beginning, or why there is none."""
    tag, size = text[at : at + 2], text[at + 2 : at + HEAD]
    if len(tag) < 2 or first_other(tag):
        message = f"{quoted(tag)} is not a tag: two digits are needed"
        return Fault(Reason.TAG_INVALID, path or "payload", position + at, message)
    where = f"{path}.{tag}" if path else tag
    if len(size) < 2 or first_other(size) or size == "00":
        message = f"{quoted(size)} is not a length: two digits, 01 to 99, are needed"
        return Fault(Reason.LENGTH_INVALID, where, position + at + 2, message)
    value = text[at + HEAD : at + HEAD + int(size)]
    if len(value) < int(size):
        message = f"the length is {int(size)}, only {len(value)} characters follow"
        return Fault(Reason.VALUE_CUT, where, position + at + HEAD, message)
    return Item(where, tag, value, position + at + HEAD)


def crc_faults(text: str, items: list[Item]) -> list[Fault]:
    """What is wrong with the CRC of a payload with these objects."""
    found = next((item for item in items if item.tag == CRC), None)
    if found is None:
        message = "the CRC is missing: a payload ends with 6304 and four hexadecimal digits"
        return [Fault(Reason.TAG_MISSING, CRC, 0, message)]
    if found.position + len(found.value) - 1 != len(text):
        message = "the CRC must be the last object"
        return [Fault(Reason.TAG_MISPLACED, CRC, found.position - HEAD, message)]
    if len(found.value) != 4 or set(found.value) - set("0123456789ABCDEF"):
        message = f"{quoted(found.value)} is not four upper-case hexadecimal digits"
        return [Fault(Reason.CRC_INVALID, CRC, found.position, message)]
    right = crc(text[: found.position - 1])
    if found.value != right:
        message = f"the CRC is {found.value}, the payload gives {right}: it was altered or misread"
        return [Fault(Reason.CRC_MISMATCH, CRC, found.position, message)]
    return []
