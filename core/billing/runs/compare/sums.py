"""Sums of two runs by group, and the accounts that differ most: what is kept while reading."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from billcore.core.errors import RequestInvalid
from billcore.core.money import Mode, divide
from billcore.core.rating.batch import Ints

GROUPS_MAX = 1_000
"""A comparison has at most this many groups of a kind."""


@dataclass(slots=True)
class Sum:
    """So many bills, and what they come to in minor units."""

    bills: int = 0
    total: int = 0

    def add(self, bills: int, total: int) -> None:
        """Counts more."""
        self.bills += bills
        self.total += total


@dataclass(slots=True)
class Pair:
    """What a group comes to in either run."""

    one: Sum = field(default_factory=Sum)
    other: Sum = field(default_factory=Sum)

    @property
    def difference(self) -> int:
        """By how much the other run comes to more."""
        return self.other.total - self.one.total

    @property
    def per_mille(self) -> int:
        """The difference in thousandths of what the one comes to, half up; 0 where that is 0."""
        base = abs(self.one.total)
        return divide(1000 * self.difference, base, Mode.HALF_UP) if base else 0


class Groups:
    """Pairs by the name of a group. what: it is grouped by, as the request calls it."""

    def __init__(self, what: str) -> None:
        self._what = what
        self.pairs: dict[str, Pair] = {}

    def add(
        self, names: Sequence[str], group: Ints, bill: Ints, amount: Ints, is_other: bool
    ) -> None:
        """Counts charges of one side: each has the place of its group's name, and of its bill.

        Raises RequestInvalid when there are too many groups.
        """
        keys, back = np.unique(group, return_inverse=True)
        total = np.zeros(len(keys), dtype=np.int64)
        np.add.at(total, back, amount)
        pairs = np.unique(np.stack([back, bill], axis=1), axis=0)
        bills = np.bincount(pairs[:, 0], minlength=len(keys))
        for key, count, sum_ in zip(keys.tolist(), bills.tolist(), total.tolist(), strict=True):
            pair = self.pairs.setdefault(names[key], Pair())
            (pair.other if is_other else pair.one).add(count, sum_)
        if len(self.pairs) > GROUPS_MAX:
            raise RequestInvalid(
                self._what, f"it makes more than {GROUPS_MAX} groups: choose something coarser."
            )

    @property
    def sorted(self) -> list[tuple[str, Pair]]:
        """By name."""
        return sorted(self.pairs.items())


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Accounts with what they come to in either run, by place."""

    account_id: Ints
    one: Ints
    other: Ints

    def take(self, at: Ints) -> "Moves":
        """These."""
        return Moves(self.account_id[at], self.one[at], self.other[at])

    def joined(self, more: "Moves") -> "Moves":
        """These, and more."""
        return Moves(
            np.concatenate([self.account_id, more.account_id]),
            np.concatenate([self.one, more.one]),
            np.concatenate([self.other, more.other]),
        )


_NO_NUMBERS = np.zeros(0, dtype=np.int64)
NO_MOVES = Moves(_NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS)


class Largest:
    """The accounts that rise, or fall, most; of equal ones those with the lowest ids."""

    def __init__(self, most: int, sign: int) -> None:
        self._most, self._sign = most, sign
        self.moves = NO_MOVES

    def add(self, moves: Moves) -> None:
        """Looks at more accounts."""
        rise = self._sign * (moves.other - moves.one)
        every = self.moves.joined(moves.take(np.flatnonzero(rise > 0)))
        rise = self._sign * (every.other - every.one)
        order = np.lexsort((every.account_id, -rise))
        self.moves = every.take(order[: self._most])


class Alone:
    """Accounts of one run alone: all are counted, the first ones are told."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.sum = Sum()
        self.account_id, self.total = _NO_NUMBERS, _NO_NUMBERS

    def add(self, account_id: Ints, total: Ints) -> None:
        """Counts accounts behind those before."""
        self.sum.add(len(account_id), int(total.sum()))
        left = self._most - len(self.account_id)
        self.account_id = np.concatenate([self.account_id, account_id[:left]])
        self.total = np.concatenate([self.total, total[:left]])
