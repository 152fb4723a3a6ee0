"""What proves a receipt: a short code that the server checks, and a signature that anybody can.

The record of a receipt is one line of capitals, digits and strokes, so that a QR code holds it in
alphanumeric mode:

    R1/<key>/<provider>/<number>/<UTC seconds>/<account>/<minor units>/<currency>/<content>

content: the first eight hexadecimal digits of SHA-256 over what the receipt says beside it.
The code is HMAC-SHA-256 of the record cut to 40 bits, in Crockford's base 32 with its check symbol;
it has 10^12 values, so tries are limited. The signature is Ed25519 (RFC 8032) of the record; its 64
bytes are 103 letters of base 32 (RFC 4648) without padding, behind a last stroke.

Keys have ids, which records name: a new one is added as a last line of the file of keys, and a line
is kept for as long as its receipts are to be proved, which is ten years.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from billcore.core.key_files import key_lines
from billcore.core.signatures import verifies

VERSION = "R1"
CODE_BITS = 40
CODE_LETTERS = 8
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"
"""Crockford's base 32, and behind it the five symbols that only check: the number modulo 37."""

CONTENT_DIGITS = 8
SIGNATURE_LETTERS = 103

KEY_LINE = re.compile(
    r"(?P<id>[A-Z0-9]{1,8})[ \t]+(?P<secret>[0-9a-fA-F]{64})[ \t]+(?P<seed>[0-9a-fA-F]{64})"
)
RECORD = re.compile(
    rf"{VERSION}/(?P<key_id>[A-Z0-9]{{1,8}})/(?P<provider_id>[0-9]{{1,4}})/(?P<number>[0-9]{{1,18}})"
    r"/(?P<seconds>[0-9]{1,12})/(?P<account_id>[0-9]{1,13})/(?P<amount>[0-9]{1,18})"
    r"/(?P<currency>[A-Z]{3})/(?P<content>[0-9A-F]{8})"
)

_NUMBERS = ("provider_id", "number", "seconds", "account_id", "amount")


class Record(NamedTuple):
    """What a receipt's code and signature stand for. amount: minor units; seconds: since 1970."""

    key_id: str
    provider_id: int
    number: int
    seconds: int
    account_id: int
    amount: int
    currency: str
    content: str

    @property
    def text(self) -> str:
        """The line that is hashed and signed."""
        return "/".join((VERSION, *(str(field) for field in self)))


@dataclass(frozen=True, slots=True)
class Key:
    """A key: what codes are hashed with, and the seed of what signs; 32 bytes each."""

    secret: bytes
    seed: bytes

    def __repr__(self) -> str:
        return "Key(…)"

    @property
    def public(self) -> bytes:
        """The 32 bytes that signatures are checked with."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """The keys of receipts by their ids, the last for new ones."""

    keys: Mapping[str, Key]

    @property
    def current(self) -> str:
        """The id of the key of new receipts; '' where there is none."""
        return list(self.keys)[-1] if self.keys else ""


def parse_receipt_keys(text: str) -> ReceiptKeys:
    """Keys of a text: a line is an id, 64 hexadecimal digits for codes and 64 for signatures.

    # begins a comment. Raises SettingsInvalid with the line, never with what stands there.
    """
    told = "an id of capitals and digits and twice 64 hexadecimal digits, spaces between"
    found = {
        key_id: Key(bytes.fromhex(line["secret"]), bytes.fromhex(line["seed"]))
        for key_id, line in key_lines(text, "receipt_keys", KEY_LINE, told)
    }
    return ReceiptKeys(found)


def content(*told: str | int) -> str:
    """The digest of what a receipt says beside its record, in this order; texts as NFC."""
    digest = hashlib.sha256()
    for one in told:
        raw = unicodedata.normalize("NFC", str(one)).encode()
        digest.update(f"{len(raw)}:".encode() + raw)
    return digest.hexdigest()[:CONTENT_DIGITS].upper()


# -- the short code


def code(key: Key, record: Record) -> str:
    """The code of a record, as people read it: ABCD-EFGH-J."""
    number = int.from_bytes(hmac.digest(key.secret, record.text.encode(), "sha256")[:5], "big")
    letters = "".join(SYMBOLS[number >> shift & 31] for shift in range(CODE_BITS - 5, -1, -5))
    return f"{letters[:4]}-{letters[4:]}-{SYMBOLS[number % 37]}"


def read_code(text: str) -> str:
    """A code as it was typed, as `code` writes it; '' where its check symbol or form is wrong."""
    plain = re.sub(r"[\s-]", "", text).upper()
    letters = plain[:CODE_LETTERS].translate(str.maketrans("OIL", "011"))
    if len(plain) != CODE_LETTERS + 1 or any(letter not in SYMBOLS[:32] for letter in letters):
        return ""
    number = 0
    for letter in letters:
        number = number << 5 | SYMBOLS.index(letter)
    check = plain[CODE_LETTERS].translate(str.maketrans("OIL", "011"))
    if SYMBOLS[number % 37] != check:
        return ""
    return f"{letters[:4]}-{letters[4:]}-{check}"


def is_code(key: Key, record: Record, text: str) -> bool:
    """Whether a typed code is that of a record; takes as long for every wrong one."""
    return hmac.compare_digest(code(key, record).encode(), read_code(text).encode())


# -- the signature


def signed(key: Key, record: Record) -> str:
    """The record with its signature, as the QR code of a receipt says it."""
    signature = Ed25519PrivateKey.from_private_bytes(key.seed).sign(record.text.encode())
    return f"{record.text}/{base64.b32encode(signature).decode().rstrip('=')}"


def read_signed(text: str) -> tuple[Record, bytes] | None:
    """The record and signature of a signed text; None: it is none."""
    head, _, letters = text.strip().rpartition("/")
    parts = RECORD.fullmatch(head)
    if parts is None or not re.fullmatch(rf"[A-Z2-7]{{{SIGNATURE_LETTERS}}}", letters):
        return None
    numbers = (int(parts[name]) for name in _NUMBERS)
    record = Record(parts["key_id"], *numbers, parts["currency"], parts["content"])  # type: ignore[arg-type, call-arg]
    return record, base64.b32decode(letters + "=")


def is_signed(public: bytes, record: Record, signature: bytes) -> bool:
    """Whether a signature is that of a record under the key with these 32 public bytes."""
    return verifies(public, record.text.encode(), signature)
