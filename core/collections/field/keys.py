"""Keys of devices: Ed25519 (RFC 8032). The device has the seed, we have what checks."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEY_BYTES = 32
SIGNATURE_BYTES = 64


def is_key(key: bytes) -> bool:
    """Whether these bytes are a public key."""
    if len(key) != KEY_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key)
    except ValueError:
        return False
    return True


class Signatures:
    """Checks what one device signed."""

    def __init__(self, key: bytes) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(key)

    def is_signed(self, line: str, signature: bytes) -> bool:
        """Whether a signature is the device's of a line."""
        try:
            self._key.verify(signature, line.encode())
        except InvalidSignature:
            return False
        return True
