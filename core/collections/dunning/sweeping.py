"""The sweep: whatever is to be done today about the accounts of a provider.

Accounts are looked at from a snapshot, in chunks; those about which something is to be done are
looked at again in their turn, in which nobody posts to them, and that look decides. A payment that
was committed before the turn counts; one that is committed later was made after the act. The same
again does nothing, so whoever is killed leaves only what is left to do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from billcore.core.accounts.acting import provider_acting
from billcore.core.caller import Caller
from billcore.core.collections.dunning.acting import act
from billcore.core.collections.dunning.looking import Moment, look
from billcore.core.collections.dunning.policy import Signal
from billcore.core.ids import id_range, owned_id
from billcore.core.ledger.turns import turn_to_look
from billcore.core.metering.provider import metering_provider
from billcore.core.rating.batch import Ints
from billcore.core.store import dunning as rows
from billcore.core.store import late_fees, ledger, providers
from billcore.core.store.again import again
from billcore.core.store.dunning import ActionRow
from billcore.core.store.port import Reader, Session, Store

CHUNK = 16_384
"""Accounts that are looked at from one snapshot."""

ACTS = 2_000
"""Accounts about which something is done in one transaction; payments to their buckets wait so
long."""

Clock = Callable[[], int]
"""Microseconds since 1970 in UTC."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What was done for some accounts: how many were looked at, and the actions.

    last: the last account that was looked at; more: whether there are others behind it.
    """

    accounts: int
    actions: tuple[ActionRow, ...]
    last: int = 0
    more: bool = False

    def count(self, signal: Signal) -> int:
        """How many of the actions give a signal."""
        return sum(one.signal == signal for one in self.actions)


def sweep(store: Store, caller: Caller, clock: Clock, after: int = 0) -> Iterator[Swept]:
    """Does all that is to be done today, a chunk of accounts after another.

    after: the accounts behind this one alone. Raises ProviderNeeded, DunningPolicyUnfit.
    """
    provider_id = provider_acting(caller)
    with store.read() as reader:
        drawn = providers.drawn(reader, provider_id, "account")
    first, last = max(after + 1, owned_id(provider_id, 1)), owned_id(provider_id, drawn)
    for begin in range(first, last + 1, CHUNK):
        end = min(begin + CHUNK - 1, last)
        done = sweep_some(store, caller, clock, np.arange(begin, end + 1))
        yield replace(done, last=end, more=end < last)


def settle(store: Store, caller: Caller, clock: Clock, since: int = 0) -> Iterator[Swept]:
    """As `sweep`, of the accounts with an open episode alone to which something was posted after a
    time: who paid is reconnected without waiting for the next day."""
    provider_id = provider_acting(caller)
    with store.read() as reader:
        found = rows.open_accounts(reader, *id_range(provider_id))
        found = _posted_to(reader, found, since)
    for begin in range(0, len(found), CHUNK):
        yield sweep_some(store, caller, clock, found[begin : begin + CHUNK])


def sweep_some(store: Store, caller: Caller, clock: Clock, account_id: Ints) -> Swept:
    """Does what is to be done today about these accounts, sorted, of the caller's provider."""
    provider_id = provider_acting(caller)
    with store.read() as reader:
        today = metering_provider(reader, provider_id).today(clock())
        seen = look(reader, provider_id, account_id, Moment(today, clock()))
        wanted = [one.account_id for one in seen if one.judgement.acts]
    done: list[ActionRow] = []
    for begin in range(0, len(wanted), ACTS):
        some = np.array(wanted[begin : begin + ACTS], dtype=np.int64)
        done += again(store, lambda session, some=some: _decide(session, caller, some, clock()))  # type: ignore[misc]
    return Swept(len(account_id), tuple(done))


def _decide(session: Session, caller: Caller, account_id: Ints, now: int) -> list[ActionRow]:
    """Looks at accounts in their turn, and does what is to be done then."""
    provider_id = provider_acting(caller)
    known_at = turn_to_look(session, account_id)[provider_id]
    provider = providers.provider(session, provider_id)
    assert provider is not None
    held = late_fees.last_hold(session, int(account_id[0]), int(account_id[-1]))
    moment = Moment(
        today=metering_provider(session, provider_id).today(now),
        now=max(now, known_at + 1, held + 1),
        known_at=known_at,
    )
    seen = list(look(session, provider_id, account_id, moment))
    return act(session, caller, provider, seen, moment)


def _posted_to(reader: Reader, account_id: Ints, since: int) -> Ints:
    if not since or not account_id.size:
        return account_id
    posted = ledger.amounts_since(reader, account_id, since)["account_id"]
    found: Ints = np.intersect1d(account_id, posted)
    return found
