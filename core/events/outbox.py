"""The outbox: what happened, written in the transaction that did it.

A row has no number yet; `sequencer` gives it one after the commit, so that no counter is locked on
the way of a write. Consumers read by number (`EventService`).
"""

from collections.abc import Mapping, Sequence
from itertools import count

from billcore.core.events import canonical
from billcore.core.ids import computed_id
from billcore.core.store import events as rows
from billcore.core.store.port import Session


def record(
    session: Session,
    provider_id: int,
    kind: str,
    subject: str,
    payload: Mapping[str, object],
    now: int,
) -> None:
    """Writes an event of a provider.

    kind: a stable word such as "payment.posted"; subject: what it is about, such as
    "account 4711"; payload: see `canonical`, money in minor units; now: microseconds since 1970 in
    UTC. The id is computed from all of it and an ordinal, which tells equal events of one
    microsecond apart.
    """
    record_texts(session, provider_id, kind, subject, [canonical.text(payload)], now)


def record_new(
    session: Session, provider_id: int, kind: str, subject: str, contents: Sequence[str], now: int
) -> None:
    """As `record_texts`, of a subject that is new with this transaction and of contents that
    differ: no event can be equal, so nothing is asked. Also within `together`."""
    told = {
        computed_id("event", provider_id, kind, subject, now, content, 0): content
        for content in contents
    }
    rows.add_new_events(session, provider_id, kind, subject, now, told)


def record_texts(
    session: Session, provider_id: int, kind: str, subject: str, contents: Sequence[str], now: int
) -> None:
    """An event each of payloads that are spelled already, see `canonical`."""
    left = contents
    for ordinal in count():
        told, equal = {}, []
        for content in left:
            event_id = computed_id("event", provider_id, kind, subject, now, content, ordinal)
            if event_id in told:
                equal.append(content)
            told[event_id] = content
        new = rows.add_events(session, provider_id, kind, subject, now, told)
        left = [content for event_id, content in told.items() if event_id not in new] + equal
        if not left:
            return
