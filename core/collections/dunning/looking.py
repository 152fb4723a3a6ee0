"""Accounts as dunning sees them: what they owe, by which policy, and what is to be done."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from billcore.core.accounts.late_fees import Bears
from billcore.core.collections.dunning.judging import Judgement, Owed, judge
from billcore.core.collections.dunning.owing import Overdue, disputed, in_flight
from billcore.core.collections.dunning.policies import NONE, NamedPolicy, choose, policies
from billcore.core.ledger.balances import NOW
from billcore.core.rating.batch import Ints
from billcore.core.store import dunning as rows
from billcore.core.store import write_offs
from billcore.core.store.dunning import PauseRow, StateRow
from billcore.core.store.port import Reader


class Moment(NamedTuple):
    """today: an ordinal of the provider; now: microseconds since 1970 in UTC; known_at: what was
    posted up to then counts."""

    today: int
    now: int
    known_at: int = NOW


class Seen(NamedTuple):
    """An account. policy: None: it has none; state: None: it was never dunned; pause: that runs."""

    account_id: int
    policy: NamedPolicy | None
    state: StateRow | None
    pause: PauseRow | None
    owed: Owed
    judgement: Judgement


def look(reader: Reader, provider_id: int, account_id: Ints, moment: Moment) -> Iterator[Seen]:
    """Those of these accounts, sorted, that are overdue or have an open episode.

    Raises DunningPolicyUnfit.
    """
    overdue = Overdue(reader, provider_id, account_id, moment.today, moment.known_at)
    states = {one.account_id: one for one in rows.states(reader, account_id)}
    running = [account for account, one in states.items() if one.level]
    wanted = np.union1d(overdue.account_id, np.array(running, dtype=np.int64))
    wanted = wanted[np.isin(wanted, account_id)]
    every = policies(reader, provider_id)
    chosen = choose(reader, provider_id, every, wanted, moment.today)
    held = disputed(reader, wanted, moment.today, NOW)
    coming = in_flight(reader, wanted, moment.now)
    pauses = pauses_of(reader, wanted, moment.today)
    lost = write_offs.lost_since_dunned(reader, min(running), max(running)) if running else {}
    for account, place in zip(wanted.tolist(), chosen.tolist(), strict=True):
        named = None if place == NONE else every[place]
        state, pause = states.get(account), pauses.get(account)
        items = named.policy.items if named else tuple(Bears)
        owed = overdue.owed(account, items, held, coming.get(account, 0))
        owed = replace(owed, written_off=lost.get(account, 0))
        policy = named.policy if named else None
        until = pause.until_day if pause else 0
        judgement = judge(policy, state, owed, until, moment.today)
        yield Seen(account, named, state, pause, owed, judgement)


def pauses_of(reader: Reader, account_id: Ints, day: int) -> dict[int, PauseRow]:
    """The pause of each account on a day, of several the one that ends last."""
    found: dict[int, PauseRow] = {}
    for one in rows.pauses(reader, account_id) if account_id.size else ():
        if one.from_day <= day <= one.until_day:
            known = found.get(one.account_id)
            if known is None or known.until_day < one.until_day:
                found[one.account_id] = one
    return found
