"""Numbers what is committed: 1, 2, 3, … for each provider without a gap, audit rows chained.

Writers never wait for a number. A sequencer of any process takes committed rows in order of their
time, then their id; the row of the counter is its lock, so two of them never number at once.
"""

from billcore.core.events import chain
from billcore.core.store import events as rows
from billcore.core.store.port import Session

BATCH = 5_000
"""So many rows of a log are numbered in one transaction."""


def number(session: Session, provider_id: int, limit: int = BATCH) -> int:
    """Numbers up to `limit` events and as many audit rows of a provider; how many in all."""
    return _number_events(session, provider_id, limit) + _number_audits(session, provider_id, limit)


def _number_events(session: Session, provider_id: int, limit: int) -> int:
    last = rows.lock_counter(session, provider_id, rows.EVENT)
    found = rows.pending_events(session, provider_id, limit)
    numbered = [event._replace(sequence=n) for n, event in enumerate(found, start=last + 1)]
    if numbered:
        rows.number_events(session, provider_id, numbered)
    return len(numbered)


def _number_audits(session: Session, provider_id: int, limit: int) -> int:
    last = rows.lock_counter(session, provider_id, rows.AUDIT)
    found = rows.pending_audits(session, provider_id, limit)
    before = rows.last_hash(session, provider_id, last) or chain.START
    numbered = []
    for sequence, row in enumerate(found, start=last + 1):
        placed = row._replace(sequence=sequence)
        before = chain.hash_of(provider_id, placed, before)
        numbered.append(placed._replace(hash=before))
    if numbered:
        rows.number_audits(session, provider_id, numbered)
    return len(numbered)
