"""Texts that people set for a provider, terms and definitions: each in the place of what the caller
has seen, told as an event."""

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.errors import changed_meanwhile
from billcore.core.store.kept import K, Kept


def keep(
    write: Write,
    table: Kept[K],
    key: K,
    text: str,
    revision: int,
    event: str,
    subject: str,
    reason: str,
    **told: str,
) -> None:
    """Keeps a text whose revision the caller has seen; 0: there was none. Raises RevisionConflict.

    event, subject, reason, told: what the event and the audit log say; the new revision is added.
    """
    provider_id = provider_acting(write.caller)
    if not table.put(write.session, provider_id, key, text, revision, write.now):
        there = table.one(write.session, provider_id, key)[1]
        raise changed_meanwhile(subject, revision, there)
    tell(write, provider_id, event, subject, {**told, "revision": revision + 1}, reason)
