"""The audit log: who did what, and why, written in the transaction that did it.

`sequencer` numbers the rows after the commit and chains them by their hashes (`chain`).
"""

from collections.abc import Mapping
from itertools import count

from billcore.core.caller import Caller
from billcore.core.events import canonical
from billcore.core.ids import computed_id
from billcore.core.store import events as rows
from billcore.core.store.port import Session


def audit(
    session: Session,
    caller: Caller,
    action: str,
    subject: str,
    reason: str,
    detail: Mapping[str, object],
    now: int,
) -> None:
    """Writes that the caller did something, in the log of the provider that it acts for.

    action: a stable word such as "client.disable"; subject: what it was done to; reason: why, as
    the caller says, or ''; detail: what changed, see `canonical`; now: microseconds since 1970 in
    UTC. Secrets have no place in it: the log is kept for ever and shown to people.
    """
    content = canonical.text(detail)
    named = caller.client_id, caller.actor, action, subject, reason
    for ordinal in count():
        audit_id = computed_id("audit", caller.provider_id, *named, content, now, ordinal)
        if rows.add_audit(session, caller.provider_id, rows.Audit(audit_id, *named, content, now)):
            return
