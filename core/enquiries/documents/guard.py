"""Wrong codes of receipts: counted by receipt and by client, and too many lock both for a time.

A code has 2^40 values: at five tries an hour for each receipt, and a hundred in ten minutes for
each client, nobody finds one. Counts and locks are in the store: a restart forgets nothing.
"""

from enum import IntEnum
from typing import NamedTuple

from billcore.core.durations import HOUR, MINUTE, SECOND
from billcore.core.enquiries.documents.errors import ReceiptLocked
from billcore.core.store import receipts as rows
from billcore.core.store.port import Session


class Guarded(IntEnum):
    """What is counted; the numbers are stored."""

    RECEIPT = 1
    CLIENT = 2


class Limit(NamedTuple):
    """failures within `window` lock for `lock`, both in microseconds."""

    failures: int
    window: int
    lock: int


LIMITS = {
    Guarded.RECEIPT: Limit(5, HOUR, HOUR),
    Guarded.CLIENT: Limit(100, 10 * MINUTE, 10 * MINUTE),
}


def check(session: Session, provider_id: int, number: int, client_id: int, now: int) -> None:
    """Raises ReceiptLocked where nothing may be tried now."""
    for kind, subject in ((Guarded.RECEIPT, number), (Guarded.CLIENT, client_id)):
        until = rows.locked_until(session, provider_id, kind, subject)
        if until > now:
            raise ReceiptLocked(kind.name.lower(), -((now - until) // SECOND))


def count(session: Session, provider_id: int, number: int, client_id: int, now: int) -> None:
    """Counts a wrong code."""
    for kind, subject in ((Guarded.RECEIPT, number), (Guarded.CLIENT, client_id)):
        limit, key = LIMITS[kind], (provider_id, kind, subject)
        failures = rows.count_wrong(session, *key, now, now - limit.window)
        if failures >= limit.failures:
            rows.lock(session, *key, now, now + limit.lock)
