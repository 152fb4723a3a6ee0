"""Turns at accounts: who posts and who bills meet here, so that a bill opens with what was there.

Posting holds its accounts together with others who post; billing holds them alone. Whoever has the
turn sees all that was committed in earlier ones and records at a later time than any of it,
whatever the clocks of processes say: so what was recorded before a bill is what the bill has seen.
Accounts wait in buckets of 8,192, so that a bulk posting has few locks.
"""

from billcore.core.ids import BUCKET_BITS, COUNT_BITS
from billcore.core.ordered import distinct
from billcore.core.rating.batch import Ints
from billcore.core.store import ledger as rows
from billcore.core.store.port import Session


def turn_to_post(session: Session, provider_id: int, account_id: Ints, now: int) -> int:
    """Waits until nobody bills these accounts; the time to record at, `now` or later."""
    session.hold(distinct(account_id >> BUCKET_BITS).tolist(), alone=False)
    return max(now, rows.last_recorded(session, provider_id) + 1)


def turn_to_bill(session: Session, provider_id: int, first: int, last: int, now: int) -> int:
    """Waits until nobody posts to or bills accounts first..last; the time to record at."""
    session.hold(range(first >> BUCKET_BITS, (last >> BUCKET_BITS) + 1), alone=True)
    return max(now, rows.last_recorded(session, provider_id) + 1)


def turn_to_correct(session: Session, provider_id: int, account_id: Ints, now: int) -> int:
    """As `turn_to_bill`, of accounts that lie anywhere."""
    session.hold(distinct(account_id >> BUCKET_BITS).tolist(), alone=True)
    return max(now, rows.last_recorded(session, provider_id) + 1)


def turn_to_look(session: Session, account_id: Ints) -> dict[int, int]:
    """Waits until nobody posts to or bills these accounts, which may be of several providers.

    By provider, the time up to which all that was recorded of them counts: whatever is posted to
    them later is recorded after it.
    """
    session.hold(distinct(account_id >> BUCKET_BITS).tolist(), alone=True)
    owners = distinct(account_id >> COUNT_BITS).tolist()
    return {owner: rows.last_recorded(session, owner) for owner in owners}
