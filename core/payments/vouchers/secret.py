"""Serials and secrets of vouchers: made, read, hashed; the keys of the hashes.

A secret is 16 random digits and a check digit; kept is HMAC-SHA-256 of provider, serial and secret
under a key that is in no database: who steals the store can neither try secrets nor give one
voucher the hash of another. A key is rotated by adding a line to the file of keys: the last line is
that of new batches, each batch names its own, and a line is needed until its batches have expired.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from billcore.core.key_files import key_lines
from billcore.core.payments.vouchers.digits import check_digit, is_checked
from billcore.core.payments.vouchers.errors import VoucherFieldInvalid, VoucherKeyMissing

SERIAL_DIGITS = 12
SECRET_DIGITS = 16
"""Without their check digits."""

KEY_LINE = re.compile(
    r"(?P<id>[A-Za-z0-9][A-Za-z0-9._-]{0,39})[ \t]+(?P<key>(?:[0-9a-fA-F]{2}){32,128})"
)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of hashes by their ids, the last for new batches."""

    keys: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"Keys({', '.join(self.keys)})"

    @property
    def current(self) -> str:
        """The id of the key of new batches. Raises VoucherKeyMissing."""
        if not self.keys:
            raise VoucherKeyMissing
        return list(self.keys)[-1]

    def key(self, key_id: str) -> bytes:
        """A key. Raises VoucherKeyMissing."""
        if key_id not in self.keys:
            raise VoucherKeyMissing(key_id)
        return self.keys[key_id]


def parse_keys(text: str) -> Keys:
    """Keys of a text: a line is an id and at least 64 hexadecimal digits; # begins a comment.

    Raises SettingsInvalid with the line, never with what stands there.
    """
    told = "an id, a space and 64 to 256 hexadecimal digits, a pair for each byte"
    return Keys(
        {
            key_id: bytes.fromhex(line["key"])
            for key_id, line in key_lines(text, "voucher_keys", KEY_LINE, told)
        }
    )


def serial(voucher_no: int) -> str:
    """The serial of a voucher, 13 digits."""
    digits = f"{voucher_no:0{SERIAL_DIGITS}d}"
    return digits + check_digit(digits)


def voucher_no(text: str, field: str) -> int:
    """The number of a serial. Raises VoucherFieldInvalid."""
    return int(_checked(text, SERIAL_DIGITS, field)[:-1])


def new_secret() -> str:
    """A secret, 17 digits, of which the last is a check digit."""
    digits = f"{secrets.randbelow(10**SECRET_DIGITS):0{SECRET_DIGITS}d}"
    return digits + check_digit(digits)


def read_secret(text: str) -> str:
    """A secret as it was typed, without spaces and dashes. Raises VoucherFieldInvalid."""
    return _checked(text, SECRET_DIGITS, "secret")


def hashed(key: bytes, provider_id: int, number: int, secret: str) -> bytes:
    """What is kept of a secret, 32 bytes."""
    told = f"voucher/{provider_id}/{number}/{secret}"
    return hmac.digest(key, told.encode(), hashlib.sha256)


def fits(key: bytes, provider_id: int, number: int, secret: str, kept: bytes) -> bool:
    """Whether a secret is that of a voucher; takes as long for every wrong one."""
    return hmac.compare_digest(hashed(key, provider_id, number, secret), kept)


def _checked(text: str, digits: int, field: str) -> str:
    """Digits with a right check digit; the value is not repeated, it may be a secret."""
    plain = re.sub(r"[ -]", "", text)
    if not re.fullmatch(rf"[0-9]{{{digits + 1}}}", plain):
        raise VoucherFieldInvalid(field, f"it has {digits + 1} digits, spaces and dashes aside.")
    if not is_checked(plain):
        raise VoucherFieldInvalid(field, "its check digit is wrong: it is misspelt.")
    return plain
