"""QR codes of Russian receipts: ГОСТ Р 56042-2014.

Eight bytes of service: ST, version 0001, encoding (1 cp1251, 2 UTF-8, 3 KOI8-R) and the separator;
then key=value pairs. The mandatory fields come first and in order, in at most 300 bytes. Sums are
in kopecks. The separator is "|" or, when a value contains it, another sign.

Reading tolerates, and tells, what cannot change the meaning: a separator at the end, empty
optional values, keys in another case, mandatory fields in another order (that it binds a reader is
not certain), unknown keys, and optional fields joined by "|" after a block with another separator.
Strict reading refuses them too. A sum with a point is always refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from billcore.core.errors import quoted
from billcore.core.identifiers.faults import PAYLOAD_MAX, Fault, refuse
from billcore.core.identifiers.gost_fields import (
    AMOUNTS,
    BY_CASE,
    FIELDS,
    MANDATORY,
    Reason,
    value_faults,
)

HEAD = "ST0001"
HEAD_SIZE = 8
BLOCK_MAX = 300
"""Bytes of the mandatory fields with their keys and separators."""
SEPARATORS = "|~^#$%&*!@;_{}[]<>?+"
"""Tried in this order."""
WHAT = "receipt's code"


class Encoding(IntEnum):
    """The seventh byte."""

    CP1251 = 1
    UTF_8 = 2
    KOI8_R = 3

    @property
    def codec(self) -> str:
        """Python's name of it."""
        return {1: "cp1251", 2: "utf-8", 3: "koi8-r"}[self]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt's code says. sum, add_amount: kopecks (add_amount: a penalty, an insurance).

    others: optional fields by the standard's keys (Purpose, PersAcc, PaymPeriod, …), in order.
    """

    name: str
    personal_acc: str
    bank_name: str
    bic: str
    corresp_acc: str
    sum: int | None = None
    add_amount: int | None = None
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Examined:
    """A code that was read: its fields, what is wrong, and what was tolerated."""

    fields: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    tolerated: list[Fault] = field(default_factory=list)


def write(receipt: Receipt, encoding: Encoding = Encoding.UTF_8) -> bytes:
    """The bytes of a receipt's code. Raises IdentifierInvalid with every fault."""
    pairs = _pairs(receipt)
    faults = [fault for key, value in pairs for fault in _written_faults(key, value)]
    faults += _encoding_faults(pairs, encoding)
    refuse(WHAT, faults)
    values = {c for _, value in pairs for c in value}
    separator = next((sign for sign in SEPARATORS if sign not in values), None)
    if separator is None:
        message = f"every separator stands in a value: leave out one of {SEPARATORS}"
        refuse(WHAT, [Fault(Reason.SEPARATOR_NONE, "header", 0, message)])
    text = f"{HEAD}{encoding:d}" + "".join(f"{separator}{k}={v}" for k, v in pairs)
    data = text.encode(encoding.codec)
    refuse(WHAT, examined(data, strict=True).faults)
    return data


def read(data: bytes | str, *, strict: bool = False) -> Receipt:
    """What a receipt's code says; a text was decoded by the scanner. Raises IdentifierInvalid."""
    found = examined(data, strict=strict)
    refuse(WHAT, found.faults)
    rest = dict(found.fields)
    name, personal_acc, bank_name, bic, corresp_acc = (rest.pop(key) for key in MANDATORY)
    total, add_amount = (int(rest.pop(key)) if key in rest else None for key in AMOUNTS)
    return Receipt(name, personal_acc, bank_name, bic, corresp_acc, total, add_amount, rest)


def examined(data: bytes | str, *, strict: bool = False) -> Examined:
    """Reads a code, with everything wrong in it; positions are characters of the decoded text."""
    found = Examined()
    if len(data) > PAYLOAD_MAX:
        message = f"{len(data)} characters, a QR code holds at most {PAYLOAD_MAX}"
        found.faults.append(Fault(Reason.PAYLOAD_TOO_LONG, "payload", PAYLOAD_MAX + 1, message))
        return found
    head = data[:HEAD_SIZE].decode("latin-1") if isinstance(data, bytes) else data[:HEAD_SIZE]
    found.faults += _head_faults(head)
    if found.faults:
        return found
    encoding = Encoding(int(head[6]))
    text = _decoded(data, encoding, found.faults)
    if found.faults:
        return found
    for position, piece in _pieces(text, found):
        _take(position, piece, found)
    found.faults += _block_faults(found, encoding)
    if strict:
        found.faults += found.tolerated
        found.tolerated = []
    found.faults.sort(key=lambda fault: fault.position)
    return found


def _pairs(receipt: Receipt) -> list[tuple[str, str]]:
    values = (
        receipt.name,
        receipt.personal_acc,
        receipt.bank_name,
        receipt.bic,
        receipt.corresp_acc,
    )
    amounts = dict(zip(AMOUNTS, (receipt.sum, receipt.add_amount), strict=True))
    said = {key: str(amount) for key, amount in amounts.items() if amount is not None}
    return [*zip(MANDATORY, values, strict=True), *said.items(), *receipt.others.items()]


def _written_faults(key: str, value: str) -> list[Fault]:
    if key not in FIELDS:
        message = f"the standard has no field {quoted(key)}"
        return [Fault(Reason.FIELD_UNKNOWN, key, 0, message)]
    if not value:
        return [Fault(Reason.VALUE_EMPTY, key, 0, "the value is empty: leave the field out")]
    return value_faults(key, value, 0)


def _encoding_faults(pairs: list[tuple[str, str]], encoding: Encoding) -> list[Fault]:
    faults = []
    for key, value in pairs:
        try:
            value.encode(encoding.codec)
        except UnicodeEncodeError as error:
            message = f"{encoding.codec} has no {value[error.start]!r}: write the code in UTF-8"
            faults.append(Fault(Reason.ENCODING_INVALID, key, 0, message))
    return faults


def _head_faults(head: str) -> list[Fault]:
    if not head.startswith(HEAD):
        message = f"{quoted(head)} does not begin with {HEAD}: another format or version"
        return [Fault(Reason.HEADER_INVALID, "header", 1, message)]
    if head[6:7] not in ("1", "2", "3"):
        message = f"{quoted(head[6:7])} is no encoding: 1 (cp1251), 2 (UTF-8) and 3 (KOI8-R) are"
        return [Fault(Reason.HEADER_INVALID, "header", 7, message)]
    sign = head[7:]
    if not (sign.isascii() and sign.isprintable() and not sign.isalnum()) or sign in ("", "=", " "):
        message = f"{quoted(sign)} cannot separate fields: a sign is needed, as |"
        return [Fault(Reason.HEADER_INVALID, "header", 8, message)]
    return []


def _decoded(data: bytes | str, encoding: Encoding, faults: list[Fault]) -> str:
    try:
        if isinstance(data, bytes):
            return data.decode(encoding.codec)
        data.encode(encoding.codec)
    except UnicodeError as error:
        at = error.start if isinstance(error, UnicodeDecodeError | UnicodeEncodeError) else 0
        message = f"the text is not {encoding.codec}, as its header says"
        faults.append(Fault(Reason.ENCODING_INVALID, "header", at + 1, message))
    return str(data)


def _pieces(text: str, found: Examined) -> list[tuple[int, str]]:
    """The key=value pairs with their positions; an empty one at the end is no pair."""
    separator = text[HEAD_SIZE - 1]
    pieces = _split(text[HEAD_SIZE:], separator, HEAD_SIZE + 1)
    if pieces[-1][1] == "":
        pieces.pop()
    parted = []
    for position, piece in pieces:
        if separator != "|" and piece.startswith("CorrespAcc=") and "|" in piece:
            message = f'fields are joined by "|", the header says {separator}'
            found.tolerated.append(Fault(Reason.SEPARATOR_MIXED, "header", position, message))
            parted += [part for part in _split(piece, "|", position) if part[1]]
        else:
            parted.append((position, piece))
    return parted


def _split(text: str, separator: str, position: int) -> list[tuple[int, str]]:
    found = []
    for piece in text.split(separator):
        found.append((position, piece))
        position += len(piece) + len(separator)
    return found


def _take(position: int, piece: str, found: Examined) -> None:
    given, equals, value = piece.partition("=")
    if not equals or not given:
        message = f"{quoted(piece)} is not a field: key=value is needed"
        found.faults.append(Fault(Reason.FIELD_INVALID, "payload", position, message))
        return
    key = BY_CASE.get(given.casefold(), given)
    if key != given:
        message = f"the field is called {key}, not {given}"
        found.tolerated.append(Fault(Reason.KEY_CASE, key, position, message))
    if key not in FIELDS:
        message = f"the standard has no field {quoted(key)}"
        found.tolerated.append(Fault(Reason.FIELD_UNKNOWN, key, position, message))
    if key in found.fields:
        message = f"{key} was there before: one of the two is wrong"
        found.faults.append(Fault(Reason.FIELD_REPEATED, key, position, message))
        return
    if not value:
        if key not in MANDATORY:
            message = "the value is empty: the field is left out"
            found.tolerated.append(Fault(Reason.VALUE_EMPTY, key, position, message))
        return
    found.fields[key] = value
    found.faults += value_faults(key, value, position + len(given) + 1)


def _block_faults(found: Examined, encoding: Encoding) -> list[Fault]:
    """What is wrong with the mandatory fields together; their order is only told."""
    faults = [
        Fault(Reason.FIELD_MISSING, key, 0, f"{key} is missing, or it is empty")
        for key in MANDATORY
        if key not in found.fields
    ]
    if faults:
        return faults
    if list(found.fields)[: len(MANDATORY)] != list(MANDATORY):
        message = f"the mandatory fields come first, in the order {', '.join(MANDATORY)}"
        found.tolerated.append(Fault(Reason.ORDER_BROKEN, "payload", HEAD_SIZE + 1, message))
    block = "|".join(f"{key}={found.fields[key]}" for key in MANDATORY)
    size = len(block.encode(encoding.codec))
    if size > BLOCK_MAX:
        message = f"the mandatory fields have {size} bytes, at most {BLOCK_MAX} are allowed"
        return [Fault(Reason.BLOCK_TOO_LONG, "payload", HEAD_SIZE + 1, message)]
    return []
