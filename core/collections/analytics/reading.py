"""One pass over the books of a provider: accounts part by part, folded once for all figures.

Memory is bounded by a part of the accounts and eight bytes an account, whatever there is to tell.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.checks import ints
from billcore.core.accounts.early_warning import EarlyWarning, Feature
from billcore.core.billing.items import folded_items
from billcore.core.collections.analytics.grouping import Channels, account_ranges
from billcore.core.collections.analytics.scoring import (
    ENDLESS,
    Features,
    Read,
    features,
    supply_days,
)
from billcore.core.collections.analytics.standing import Standing, standing
from billcore.core.ids import COUNT_BITS
from billcore.core.payments.reversals import ReversalKind
from billcore.core.rating.batch import Ints
from billcore.core.store import bills as bill_rows
from billcore.core.store import providers
from billcore.core.store import received as rows
from billcore.core.store.port import Reader

COUNT_MASK = (1 << COUNT_BITS) - 1


@dataclass(frozen=True, slots=True)
class AsOf:
    """The end of a day, as known at a time (microseconds since 1970 in UTC)."""

    day: int
    known_at: int


Check = Callable[[], None]
"""Called before each part; raises what ends the reading."""


def unchecked() -> None:
    """Nobody ends it."""


def parts(
    reader: Reader,
    provider_id: int,
    at: AsOf,
    channels: Channels,
    check: Check = unchecked,
) -> Iterator[tuple[int, int, Standing]]:
    """(first account, last account, what they owe) of every part of a provider's accounts."""
    for first, last in account_ranges(reader, provider_id):
        check()
        accounts = np.arange(first, last + 1)
        folded = folded_items(reader, provider_id, accounts, at.day, at.known_at)
        yield first, last, standing(folded, channels.moved)


def returned_payments(reader: Reader, provider_id: int, at: AsOf, policy: EarlyWarning) -> Ints:
    """How many payments banks took back, of each account by its count."""
    drawn = providers.drawn(reader, provider_id, "account")
    mistake, after = ReversalKind.CANCELLED, at.day - policy.returned_days
    found = rows.returned(reader, provider_id, mistake, after, at.day, at.known_at)
    counted: Ints = np.bincount(ints(found) & COUNT_MASK, minlength=drawn + 1)
    return counted


def account_features(
    reader: Reader,
    provider_id: int,
    found: Standing,
    accounts: Ints,
    returned: Ints,
    at: AsOf,
    policy: EarlyWarning,
) -> Features:
    """The features of accounts, which are sorted. returned: of every account by its count."""
    place = np.searchsorted(accounts, found.account_id)
    lasts = np.full(len(accounts), ENDLESS, dtype=np.int64)
    if policy.asks(Feature.SUPPLY_DAYS_SHORT):
        after = at.day - policy.charge_days
        bills = bill_rows.period_days(reader, provider_id, accounts, after)
        free_place = np.searchsorted(accounts, found.free_account)
        periods = ints(bills["bill_id"]), ints(bills["days"])
        lasts = supply_days(found, place, free_place, *periods, len(accounts))
    return features(found, place, Read(returned[accounts & COUNT_MASK], lasts), at.day, policy)
