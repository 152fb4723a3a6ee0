"""Records of devices: one line each, written in one way only, so that its bytes can be signed.

    F1/<provider>/<device>/<seq>/<kind>/<at>/<server at>/<elapsed>/<previous>/<fields of the kind>

Numbers are decimal digits without leading zeros, amounts minor units, times whole seconds since
1970 in UTC; texts are NFC in UTF-8, percent-encoded (RFC 3986: all but letters, digits and -._~).
at: by the device's clock; server at: the server's time as it was told last; elapsed: seconds since
then by a clock that nobody sets; previous: SHA-256 of the line before, in hexadecimal, 64 zeros
before the first. A line that is not what `line` makes of what it says is none.

The order of a shop's receipts is chained in the same way by the cash registers of Austria
(Registrierkassensicherheitsverordnung, BGBl. II 410/2015).
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import IntEnum
from urllib.parse import quote, unquote_to_bytes

from billcore.core.collections.field.contents import (
    Close,
    Content,
    HandIn,
    Notice,
    Receipt,
    RecordKind,
    Reprint,
    Start,
    Step,
    Tender,
    Visit,
    Void,
    Zero,
)
from billcore.core.collections.field.errors import DeviceRecordInvalid
from billcore.core.ids import DEVICE_RECEIPTS

VERSION = "F1"
NOTHING_BEFORE = bytes(32)

LINE_MAX = 8_000
"""A line has at most so many characters: longer than the longest fields in any script."""

NOTE_MAX = 200
"""A text of a record has at most so many characters."""

ACCOUNT_MAX = 40
"""The number of an account has at most so many characters."""

SECONDS_MAX = 32_503_680_000
"""The year 3000 begins: no time of a record is later."""

ASSIGNMENTS_MAX = 2**31 - 1
"""No assignment has a number beyond this."""

AMOUNT_MAX = 10**14
"""No amount of a record is beyond this many minor units."""

NUMBER_AT = DEVICE_RECEIPTS
"""Receipt numbers are device * this + counter, so that a device's are its own."""

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_HASH = re.compile(r"[0-9a-f]{64}")
_NUMBER_MAX = 2**63 - 1


_CONTENTS: Mapping[str, type[Content]] = {
    one.KIND.name: one
    for one in (Start, Notice, Receipt, Void, Reprint, Visit, HandIn, Zero, Close)
}
_NAMES = {one.KIND: tuple(each.name for each in fields(one)) for one in _CONTENTS.values()}
_WORDS: Mapping[str, type[Tender] | type[Step]] = {"tender": Tender, "step": Step}
_TIMES = ("snapshot_at", "appointment_at")
_AMOUNTS = ("amount", "debt", "total")


@dataclass(frozen=True, slots=True)
class Record:
    """One record. Times are seconds since 1970 in UTC; previous: the hash of the record before."""

    provider_id: int
    device_no: int
    seq: int
    at: int
    server_at: int
    elapsed: int
    previous: bytes
    content: Content

    @property
    def kind(self) -> RecordKind:
        """What it tells."""
        return self.content.KIND

    @property
    def line(self) -> str:
        """The one way in which it is written."""
        numbers = (self.provider_id, self.device_no, self.seq)
        times = (self.at, self.server_at, self.elapsed)
        told = (_written(getattr(self.content, name)) for name in _names(self.content))
        head = (VERSION, *numbers, self.kind.name, *times, self.previous.hex())
        return "/".join((*map(str, head), *told))


def hash_of(line: str) -> bytes:
    """What the next record calls this one."""
    return hashlib.sha256(line.encode()).digest()


def read(line: str, place: str = "line") -> Record:
    """The record of a line. Raises DeviceRecordInvalid naming `place`."""
    if len(line) > LINE_MAX or not line.isascii():
        raise DeviceRecordInvalid(place, f"it has at most {LINE_MAX} ASCII characters.")
    parts = line.split("/")
    if len(parts) < 9 or parts[0] != VERSION:
        raise DeviceRecordInvalid(place, f"it begins as {VERSION}/provider/device/seq/kind/….")
    if parts[4] not in _CONTENTS:
        raise DeviceRecordInvalid(place, f"{parts[4][:20]!r} is no kind.", list(_CONTENTS))
    numbers = [
        _number(part, place, name)
        for part, name in zip(
            (*parts[1:4], *parts[5:8]),
            ("provider", "device", "seq", "at", "server at", "elapsed"),
            strict=True,
        )
    ]
    if numbers[2] < 1 or max(numbers[3], numbers[4] + numbers[5]) > SECONDS_MAX:
        raise DeviceRecordInvalid(place, "seq counts from 1, times are seconds up to year 3000.")
    if not _HASH.fullmatch(parts[8]):
        raise DeviceRecordInvalid(place, "previous is 64 small hexadecimal digits.")
    content = _content(_CONTENTS[parts[4]], parts[9:], place)
    provider_id, device_no, seq, at, server_at, elapsed = numbers
    previous = bytes.fromhex(parts[8])
    found = Record(provider_id, device_no, seq, at, server_at, elapsed, previous, content)
    if found.line != line:
        raise DeviceRecordInvalid(place, "a text is not written in NFC and percent-encoded so.")
    return found


def pieces(denominations: str) -> int | None:
    """What 'value x pieces' sum to, in minor units; None: they are not written so."""
    total = 0
    for one in denominations.split(",") if denominations else ():
        found = re.fullmatch(r"([1-9][0-9]{0,11})x([1-9][0-9]{0,5})", one)
        if found is None:
            return None
        total += int(found[1]) * int(found[2])
    return total if total <= AMOUNT_MAX else None


def _names(content: Content | type[Content]) -> tuple[str, ...]:
    return _NAMES[content.KIND]


def _written(value: object) -> str:
    if isinstance(value, IntEnum):
        return value.name
    if isinstance(value, str):
        return quote(unicodedata.normalize("NFC", value), safe="")
    return str(value)


def _content(kind: type[Content], parts: list[str], place: str) -> Content:
    names = _names(kind)
    if len(parts) != len(names):
        words = ", ".join(names)
        raise DeviceRecordInvalid(place, f"{kind.KIND.name} has {len(names)} fields: {words}.")
    values: dict[str, object] = {}
    for name, part in zip(names, parts, strict=True):
        if name in _WORDS:
            allowed = _WORDS[name].__members__
            if part not in allowed:
                raise DeviceRecordInvalid(place, f"{part[:20]!r} is no {name}.", list(allowed))
            values[name] = allowed[part]
        elif kind.__annotations__[name] is str:
            values[name] = _text(part, place, name)
        else:
            values[name] = _number(part, place, name)
    _check(values, place)
    return kind(**values)  # type: ignore[arg-type]


def _check(values: Mapping[str, object], place: str) -> None:
    """Limits that one field has alone."""
    for name in _TIMES:
        if int(values.get(name, 0)) > SECONDS_MAX:  # type: ignore[call-overload]
            raise DeviceRecordInvalid(place, f"{name} is seconds up to year 3000.")
    for name in _AMOUNTS:
        if int(values.get(name, 0)) > AMOUNT_MAX:  # type: ignore[call-overload]
            raise DeviceRecordInvalid(place, f"{name} is at most {AMOUNT_MAX} minor units.")
    if not 1 <= len(str(values.get("account", "-"))) <= ACCOUNT_MAX:
        raise DeviceRecordInvalid(place, f"account has 1 to {ACCOUNT_MAX} characters.")
    if int(values.get("assignment_no", 0)) > ASSIGNMENTS_MAX:  # type: ignore[call-overload]
        raise DeviceRecordInvalid(place, f"assignment_no is at most {ASSIGNMENTS_MAX}.")
    if values.get("why") == "":
        raise DeviceRecordInvalid(place, "why says why the receipt is void.")
    if pieces(str(values.get("denominations", ""))) is None:
        raise DeviceRecordInvalid(place, "denominations are written as 500000x3,100000x12.")


def _number(part: str, place: str, name: str) -> int:
    if not _NUMBER.fullmatch(part) or int(part) > _NUMBER_MAX:
        raise DeviceRecordInvalid(place, f"{name}, {part[:24]!r}, is no number of 63 bits.")
    return int(part)


def _text(part: str, place: str, name: str) -> str:
    try:
        found = unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        raise DeviceRecordInvalid(place, f"{name} is not UTF-8.") from None
    if len(found) > NOTE_MAX or not found.isprintable():
        raise DeviceRecordInvalid(place, f"{name} has at most {NOTE_MAX} printable characters.")
    return found
