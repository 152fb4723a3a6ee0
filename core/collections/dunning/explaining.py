"""Why something is done about an account, or why not."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from billcore.core.billing.items import account_items
from billcore.core.collections.dunning.judging import Judgement, Owed, judge
from billcore.core.collections.dunning.looking import Moment, Seen, look, pauses_of
from billcore.core.collections.dunning.policies import NONE, choose, policies
from billcore.core.store import dunning as rows
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


class Counts(IntEnum):
    """What an open item counts for; the numbers travel."""

    DEBT = 1
    DISPUTED = 2
    COVERED = 3
    NOT_DUE = 4
    NOT_COUNTED = 5


class ExplainedItem(NamedTuple):
    """An open item. open: minor units; held: what of it is in dispute; debt: what may be dunned."""

    item_id: int
    due_day: int
    open: int
    held: int
    debt: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class ExplainedDunning:
    """An account on a day, with its open items by due day."""

    seen: Seen
    items: tuple[ExplainedItem, ...]

    @property
    def judgement(self) -> Judgement:
        """What is to be done, or why nothing is."""
        return self.seen.judgement


def explain(
    reader: Reader, provider: Provider, account_id: int, moment: Moment
) -> ExplainedDunning:
    """What a sweep would do about an account at a moment, and why. Raises DunningPolicyUnfit."""
    one = np.array([account_id])
    found = [*look(reader, provider.provider_id, one, moment)]
    seen = found[0] if found else _calm(reader, provider.provider_id, account_id, moment)
    asked = {one.item.item_id: one for one in seen.judgement.debt.asked}
    items = []
    for item in account_items(reader, account_id, known_at=moment.known_at).open():
        document = item.document
        if item.open <= 0:
            continue
        held = debt = 0
        if (of := asked.get(document.id)) is not None:
            held, debt = of.item.held, of.debt
            counts = Counts.DEBT if debt else Counts.DISPUTED if held else Counts.COVERED
        else:
            due = document.due_day < moment.today
            counts = Counts.NOT_COUNTED if due else Counts.NOT_DUE
        items.append(ExplainedItem(document.id, document.due_day, item.open, held, debt, counts))
    return ExplainedDunning(seen, tuple(sorted(items, key=lambda one: (one.due_day, one.item_id))))


def _calm(reader: Reader, provider_id: int, account_id: int, moment: Moment) -> Seen:
    """An account that is neither overdue nor in an episode."""
    one = np.array([account_id])
    every = policies(reader, provider_id)
    (place,) = choose(reader, provider_id, every, one, moment.today).tolist()
    named = None if place == NONE else every[place]
    state = next((row for row in rows.states(reader, one) if row.account_id == account_id), None)
    pause = pauses_of(reader, one, moment.today).get(account_id)
    judgement = judge(named.policy if named else None, state, Owed(), 0, moment.today)
    return Seen(account_id, named, state, pause, Owed(), judgement)
