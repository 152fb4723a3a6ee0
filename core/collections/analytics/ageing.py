"""What is owed by how long it has been due, by group of accounts. Pure.

The sum over all ages is what accounts owe: credit that pays nothing stands there below 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from billcore.core.accounts.errors import FieldRefused
from billcore.core.collections.analytics.standing import Standing
from billcore.core.collections.analytics.sums import Sums
from billcore.core.rating.batch import Ints

AGES = (0, 30, 60, 90, 180, 365)
"""The last day in arrears of each age but the last, which has no end; 0: not due."""

AGES_MAX = 20
DAYS_MAX = 36_500


@dataclass(frozen=True, slots=True)
class Aged:
    """What a group owes of an age: accounts that owe any of it, items, minor units.

    age: its place among the ages; the one behind the last is free credit, of which amount is below
    0 and items counts the credits. late_fees: what of the amount is late fees.
    """

    age: int
    group: int
    accounts: int
    items: int
    amount: int
    late_fees: int


def check_ages(ages: Sequence[int]) -> tuple[int, ...]:
    """The ages that are asked for, AGES where none is. Raises FieldRefused."""
    if not ages:
        return AGES
    found = tuple(ages)
    rising = all(low < high for low, high in pairwise(found))
    if not rising or found[0] < 0 or found[-1] > DAYS_MAX or len(found) > AGES_MAX:
        raise FieldRefused(
            "ages",
            f"they are 1 to {AGES_MAX} days from 0 to {DAYS_MAX}, each above the one before.",
        )
    return found


class Ageing:
    """The ageing at a day, put together from parts of the accounts."""

    def __init__(self, day: int, ages: Sequence[int]) -> None:
        self._day = day
        self._ages = np.array(ages, dtype=np.int64)
        self._items = Sums(3)
        self._accounts = Sums(1)

    def add(self, found: Standing, group: Ints, free_group: Ints) -> None:
        """Adds accounts, whole. group: (items,) of each item; free_group: (credits,)."""
        rows = np.flatnonzero(found.open)
        late = self._day - found.due_day[rows]
        age = np.searchsorted(self._ages, late, side="left")
        credit = np.full(len(found.free), len(self._ages) + 1)
        account = np.concatenate([found.account_id[rows], found.free_account])
        key = np.concatenate([age, credit])
        of = np.concatenate([group[rows], free_group])
        amount = np.concatenate([found.open[rows], -found.free])
        fees = np.where(found.is_late_fee[rows], found.open[rows], 0)
        fees = np.concatenate([fees, np.zeros(len(found.free), dtype=np.int64)])
        ones = np.ones(len(key), dtype=np.int64)
        self._items.add([key, of], [ones, amount, fees])
        if not len(key):
            return
        order = np.lexsort((key, account))
        account, key, of = account[order], key[order], of[order]
        first = np.append(True, (account[1:] != account[:-1]) | (key[1:] != key[:-1]))
        self._accounts.add([key[first], of[first]], [ones[: int(first.sum())]])

    @property
    def rows(self) -> list[Aged]:
        """By age and group."""
        accounts = dict(self._accounts)
        return [
            Aged(age, group, accounts[age, group][0], *sums) for (age, group), sums in self._items
        ]
