"""The worklist of early warnings: accounts by score, the highest first, each with its reasons."""

from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.early_warning import EarlyWarning
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.items import folded_items
from billcore.core.collections.analytics.grouping import Channels
from billcore.core.collections.analytics.reading import (
    AsOf,
    Check,
    account_features,
    parts,
    returned_payments,
    unchecked,
)
from billcore.core.collections.analytics.scoring import Scored, explained, scores
from billcore.core.collections.analytics.standing import standing
from billcore.core.rating.batch import Ints
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

NO_IDS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Worklist:
    """Accounts by score, the highest first, of equals the first account; columns."""

    account_id: Ints
    score: Ints

    def behind(self, score: int, account_id: int, most: int) -> Ints:
        """So many accounts behind one of that score; score 0: from the beginning."""
        start = 0
        if score:
            after = (self.score < score) | (self.score == score) & (self.account_id > account_id)
            start = int(np.argmax(after)) if after.any() else len(self.score)
        found: Ints = self.account_id[start : start + most]
        return found


def policy_of(provider: Provider) -> EarlyWarning:
    """The provider's."""
    return parse_policies(provider.policies).early_warning


def worklist(
    reader: Reader, provider: Provider, at: AsOf, least: int, check: Check = unchecked
) -> Worklist:
    """The accounts whose score is at least so much, at least 1."""
    number, policy = provider.provider_id, policy_of(provider)
    returned = returned_payments(reader, number, at, policy)
    accounts, points = [NO_IDS], [NO_IDS]
    channels = Channels(reader, number, {}, at.known_at)
    for first, last, found in parts(reader, number, at, channels, check):
        every = np.arange(first, last + 1)
        told = account_features(reader, number, found, every, returned, at, policy)
        score = scores(told, policy)
        rows = np.flatnonzero(score >= max(least, 1))
        accounts.append(first + rows)
        points.append(score[rows])
    account_id, score = np.concatenate(accounts), np.concatenate(points)
    order = np.lexsort((account_id, -score))
    return Worklist(account_id[order], score[order])


def scored(reader: Reader, provider: Provider, at: AsOf, account_id: Ints) -> list[Scored]:
    """The scores of some accounts with their reasons, in the order in which they are asked for."""
    if not len(account_id):
        return []
    number, policy = provider.provider_id, policy_of(provider)
    accounts = np.sort(account_id)
    returned = returned_payments(reader, number, at, policy)
    folded = folded_items(reader, number, accounts, at.day, at.known_at)
    found = standing(folded, NO_IDS)
    told = account_features(reader, number, found, accounts, returned, at, policy)
    at_of = np.searchsorted(accounts, account_id).tolist()
    pairs = zip(account_id.tolist(), at_of, strict=True)
    return [explained(account, place, told, policy) for account, place in pairs]
