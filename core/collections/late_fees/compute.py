"""The fees of accounts up to a day, from what was recorded up to a time: nothing is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.late_fees import LateFeeRule
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.items import folded_items
from billcore.core.calendar import Calendar
from billcore.core.collections.late_fees.choosing import NONE, choose
from billcore.core.collections.late_fees.debts import Debts, Items, debts
from billcore.core.collections.late_fees.fees import Explained, explained, fees
from billcore.core.collections.late_fees.holds import held_of
from billcore.core.collections.late_fees.rates import Series
from billcore.core.collections.late_fees.reference import series_of
from billcore.core.collections.late_fees.slices import Held
from billcore.core.ledger.folding import Rows
from billcore.core.rating.batch import Ints
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


@dataclass(frozen=True, slots=True)
class Span:
    """Which accounts, up to which day, as known when. The accounts are first..last."""

    first: int
    last: int
    until_day: int
    known_at: int


@dataclass(frozen=True, slots=True)
class Computed:
    """The late items of accounts with their fees, (items,) each.

    rule: its place in `rules`, or NONE; fee: minor units. rows: the documents they were read from;
    held: by row of the item.
    """

    debts: Debts
    rules: Sequence[LateFeeRule]
    rule: Ints
    fee: Ints
    rows: Rows
    held: Mapping[int, Sequence[Held]]
    series: Series
    calendar: Calendar

    def explained(self, item: int) -> Explained:
        """Why the fee of an item, by its row, is what it is."""
        number = int(self.rule[item])
        if number == NONE:
            return Explained.nothing()
        slices = self.debts.slices
        own = slices.of(slices.item == item)
        held = self.held.get(item, ())
        return explained(self.rules[number], own, held, self.series, self.calendar)


Chooser = Callable[[Items], Ints]
"""The number of the rule of each item, or NONE."""


def compute(
    reader: Reader,
    provider: Provider,
    span: Span,
    rules: Sequence[LateFeeRule],
    chooser: Chooser,
) -> Computed:
    """The fees of accounts. Raises ReferenceRateMissing, and what the chooser does."""
    provider_id, calendar = provider.provider_id, Calendar(provider.calendar)
    accounts = np.arange(span.first, span.last + 1)
    folded = folded_items(reader, provider_id, accounts, known_at=span.known_at)
    found = debts(folded, span.until_day)
    series = series_of(reader, provider_id, span.known_at)
    held = _held(found.items, held_of(reader, span.first, span.last, span.known_at))
    rule = chooser(found.items)
    fee = np.zeros(len(found.items), dtype=np.int64)
    for number, one in enumerate(rules):
        chosen = (rule == number)[found.slices.item]
        if chosen.any():
            charged = fees(one, found.slices.of(chosen), held, series, calendar)
            fee[charged.item] = charged.amount
    return Computed(found, rules, rule, fee, folded.rows, held, series, calendar)


def compute_by_policy(reader: Reader, provider: Provider, span: Span) -> Computed:
    """The fees of accounts by the provider's rules of today.

    Raises ReferenceRateMissing, LateFeeRuleUnfit.
    """
    rules = parse_policies(provider.policies).late_fees.rules
    number = provider.provider_id
    return compute(reader, provider, span, rules, lambda of: choose(reader, number, rules, of))


def _held(
    items: Items, held: Mapping[tuple[int, int], Sequence[Held]]
) -> dict[int, Sequence[Held]]:
    """The holds of items, by row."""
    if not held:
        return {}
    wanted = np.flatnonzero(np.isin(items.item_id, [item for _, item in held]))
    keys = ((row, (int(items.account_id[row]), int(items.item_id[row]))) for row in wanted.tolist())
    return {row: held[key] for row, key in keys if key in held}
