"""Ed25519 (RFC 8032) signatures: the keys of a server, and what others need to verify with.

Goals: a key is rotated by adding a line to the file of keys, without a break for who verifies; what
is signed says what it is for (`spelled`), so that one key signs several things and no signature
fits another. Non-goals: where keys are kept, who may read the file (docs/operations.md).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from billcore.core.key_files import key_lines

KEY_LINE = re.compile(
    r"(?P<id>[A-Za-z0-9][A-Za-z0-9._-]{0,39})[ \t]+"
    r"(?P<public>public[ \t]+)?(?P<hex>[0-9a-fA-F]{64})"
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What verifies the signatures of a key. key: 32 bytes; signs: new signatures are its own."""

    key_id: str
    key: bytes
    signs: bool


@dataclass(frozen=True, slots=True)
class Signer:
    """The keys of a server; without any it signs nothing."""

    public: Mapping[str, bytes] = field(default_factory=dict)
    key_id: str = ""
    _key: Ed25519PrivateKey | None = field(default=None, repr=False)

    def sign(self, content: bytes) -> bytes:
        """The signature, 64 bytes; b"" without a key. The same content has the same signature."""
        return b"" if self._key is None else self._key.sign(content)

    def verifiers(self) -> list[PublicKey]:
        """Every key, in the order of the file."""
        return [PublicKey(name, key, name == self.key_id) for name, key in self.public.items()]


def spelled(purpose: str, fields: Iterable[str]) -> bytes:
    """What is signed: a netstring (its length in bytes in decimal digits, ":", the bytes of its
    UTF-8, ",") each of the purpose and of the fields, one behind the other."""
    return b"".join(_netstring(text.encode()) for text in (purpose, *fields))


def _netstring(content: bytes) -> bytes:
    return b"%d:%s," % (len(content), content)


def verifies(key: bytes, content: bytes, signature: bytes) -> bool:
    """Whether a signature is of the content by a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def parse_keys(text: str, setting: str) -> Signer:
    """Keys of a text: a line is an id and a secret key, 64 hexadecimal digits (the 32 bytes of
    RFC 8032), or an id, the word "public" and a public key, whose secret half is destroyed; #
    begins a comment. The last secret key signs.

    Raises SettingsInvalid with the line, never with what stands there.
    """
    told = 'an id, a space, for a retired key "public" and a space, and 64 hexadecimal digits'
    public, secret = dict[str, bytes](), None
    for key_id, line in key_lines(text, setting, KEY_LINE, told):
        given = bytes.fromhex(line["hex"])
        if line["public"]:
            public[key_id] = given
        else:
            secret = key_id, Ed25519PrivateKey.from_private_bytes(given)
            public[key_id] = secret[1].public_key().public_bytes_raw()
    return Signer(public) if secret is None else Signer(public, *secret)
