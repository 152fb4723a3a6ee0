"""What a unary write acts with, and how it is told: one event and one audit row each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from billcore.core.accounts.errors import ProviderNeeded
from billcore.core.caller import HOUSE, Caller
from billcore.core.events.audit import audit
from billcore.core.events.outbox import record
from billcore.core.store.port import Session


class Write(Protocol):
    """A transaction, who calls, and when (microseconds since 1970 in UTC)."""

    @property
    def session(self) -> Session:
        """The transaction."""

    @property
    def caller(self) -> Caller:
        """Who calls, for which provider."""

    @property
    def now(self) -> int:
        """When."""


@dataclass(frozen=True, slots=True)
class Acting:
    """A write of core's own, where no caller brings a transaction."""

    session: Session
    caller: Caller
    now: int


def provider_acting(caller: Caller) -> int:
    """The provider for which a caller acts. Raises ProviderNeeded for the house."""
    if caller.provider_id == HOUSE:
        raise ProviderNeeded(
            "provider_id", "this client belongs to the house: call with a client of the provider."
        )
    return caller.provider_id


def same_person(caller: Caller, client_id: int, actor: str) -> bool:
    """Whether a caller is who did something before, as far as clients say who calls: two keys of
    one person are one person."""
    if actor and actor == caller.actor:
        return True
    return client_id == caller.client_id and actor == caller.actor


def tell(
    write: Write,
    provider_id: int,
    kind: str,
    subject: str,
    detail: Mapping[str, object],
    reason: str = "",
) -> None:
    """Writes what was done as an event of the provider and in the caller's audit log.

    detail: ids, days and names of fields; names, addresses and other personal data stay out.
    """
    record(write.session, provider_id, kind, subject, detail, write.now)
    audit(write.session, write.caller, kind, subject, reason, detail, write.now)
