"""The outbox: what happened, written in the transaction that did it.

A row has no number yet; `sequencer` gives it one after the commit, so that no counter is locked on
the way of a write. Consumers read by number (`EventService`).
"""

from collections.abc import Mapping
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
    record_text(session, provider_id, kind, subject, canonical.text(payload), now)


def record_text(
    session: Session, provider_id: int, kind: str, subject: str, content: str, now: int
) -> None:
    """The same with a payload that is spelled already, see `canonical`."""
    for ordinal in count():
        event = rows.Event(
            computed_id("event", provider_id, kind, subject, now, content, ordinal),
            kind,
            subject,
            content,
            now,
        )
        if rows.add_event(session, provider_id, event):
            return
