"""Wrong secrets: counted by account and by channel, and too many lock both for a time.

A secret has 10^16 values: at five tries an hour for each account the least chance to hit one of a
card is gone before the card is. A channel may mistype for many customers, so its limit is higher;
it stops who tries one secret with many accounts. Counts and locks are in the store: a restart, or
another server, forgets nothing. Tries for one account wait for each other, so that no burst gets
past the limit; those through one channel do not, so that as many more as there are threads may.
"""

from enum import IntEnum
from typing import NamedTuple

from billcore.core.durations import HOUR, MINUTE, SECOND
from billcore.core.payments.vouchers.errors import VoucherLocked
from billcore.core.store import vouchers as rows
from billcore.core.store.port import Session


class Guarded(IntEnum):
    """Who is counted; the numbers are stored."""

    ACCOUNT = 1
    CHANNEL = 2


class Limit(NamedTuple):
    """failures within `window` lock for `lock`, both in microseconds."""

    failures: int
    window: int
    lock: int


LIMITS = {
    Guarded.ACCOUNT: Limit(5, HOUR, HOUR),
    Guarded.CHANNEL: Limit(100, 10 * MINUTE, 10 * MINUTE),
}


class Subjects(NamedTuple):
    """For whom and through which channel a secret is tried."""

    provider_id: int
    account_id: int
    channel_no: int

    def each(self) -> tuple[tuple[Guarded, int], ...]:
        """Who is counted, and its number."""
        return (Guarded.ACCOUNT, self.account_id), (Guarded.CHANNEL, self.channel_no)


def hold(session: Session, subjects: Subjects, now: int) -> VoucherLocked | None:
    """Why nothing may be tried now, or None; lets others of the account wait for this try."""
    rows.hold_guard(session, subjects.provider_id, Guarded.ACCOUNT, subjects.account_id)
    for kind, subject in subjects.each():
        until = rows.locked_until(session, subjects.provider_id, kind, subject)
        if until > now:
            return VoucherLocked(kind.name.lower(), -((now - until) // SECOND))
    return None


def count(session: Session, subjects: Subjects, now: int) -> list[str]:
    """Counts a wrong secret; who is locked from now on: account, channel."""
    locked = []
    for kind, subject in subjects.each():
        limit = LIMITS[kind]
        key = subjects.provider_id, kind, subject
        failures = rows.count_wrong(session, *key, now, now - limit.window)
        if failures >= limit.failures:
            rows.lock(session, *key, now, now + limit.lock)
            locked.append(kind.name.lower())
    return locked
