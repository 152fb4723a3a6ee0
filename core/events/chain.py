"""The hash chain of the audit log: altering one stored byte breaks it at its row."""

import hashlib

from billcore.core.events import canonical
from billcore.core.store.events import Audit

START = bytes(32)
"""The hash before the first row."""


def hash_of(provider_id: int, row: Audit, before: bytes) -> bytes:
    """SHA-256 over the hash of the row before and this row's canonical bytes, all but its hash."""
    said = canonical.text([provider_id, *row[: Audit._fields.index("hash")]])
    return hashlib.sha256(before + said.encode()).digest()
