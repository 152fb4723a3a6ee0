"""Debts that were late: an item in slices by the day on which each was paid.

A slice is late from the day after its due day on; `stretches` are its late days one after another,
without the days on which it was held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from billcore.core.rating.batch import Ints

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Slices:
    """Parts of debts, (slices,) each; those of an item stand together, items in order.

    item: any number of the item; debt: minor units, above 0; due_day; paid_day: when it was paid,
    or the day up to which fees are computed, whichever is first; later than due_day. joins: whether
    the item fell late beside older arrears of its account.
    """

    item: Ints
    debt: Ints
    due_day: Ints
    paid_day: Ints
    joins: Bools

    def __len__(self) -> int:
        return len(self.item)

    def of(self, rows: "Bools | Ints") -> "Slices":
        """Some of them."""
        return Slices(
            self.item[rows], self.debt[rows], self.due_day[rows], self.paid_day[rows],
            self.joins[rows],
        )  # fmt: skip


class Held(NamedTuple):
    """So much of an item is in dispute from one day to another, both included."""

    amount: int
    from_day: int
    until_day: int


@dataclass(frozen=True, slots=True)
class Stretches:
    """Late days of slices that follow each other, (stretches,) each: first_day..last_day, both
    included and behind `before` late days. slice: whose, ascending."""

    slice: Ints
    first_day: Ints
    last_day: Ints
    before: Ints

    @property
    def days(self) -> Ints:
        """How many they are."""
        return self.last_day - self.first_day + 1


class Late(NamedTuple):
    """Slices with their late days."""

    slices: Slices
    stretches: Stretches

    @property
    def days(self) -> Ints:
        """How many days each slice is late."""
        found = np.zeros(len(self.slices), dtype=np.int64)
        np.add.at(found, self.stretches.slice, self.stretches.days)
        return found

    @property
    def last_day(self) -> Ints:
        """The last late day of each slice."""
        found = np.zeros(len(self.slices), dtype=np.int64)
        np.maximum.at(found, self.stretches.slice, self.stretches.last_day)
        return found


def late(slices: Slices, payment_day: bool, held: Mapping[int, Sequence[Held]]) -> Late:
    """The late days of slices. payment_day: whether that day is late, too; held: by item.

    What is in dispute is what is paid last. On these days the clock stands still: they bear no
    fee, and the days behind them are counted on from there.
    """
    wanted = np.array([item for item, holds in held.items() if holds], dtype=np.int64)
    stopped = np.isin(slices.item, wanted)
    if not stopped.any():
        return _plain(slices, payment_day)
    cut = [_cut(slices.of(slices.item == item), held[int(item)]) for item in
           np.unique(slices.item[stopped])]  # fmt: skip
    plain = _plain(slices.of(~stopped), payment_day)
    parts, pieces = [plain.slices], [plain.stretches]
    count = len(plain.slices)
    for part, holds in cut:
        parts.append(part)
        pieces.append(_stopped(part, holds, count, payment_day))
        count += len(part)
    every = Slices(*(np.concatenate([getattr(p, n) for p in parts]) for n in _SLICE))
    found = Stretches(*(np.concatenate([getattr(p, n) for p in pieces]) for n in _STRETCH))
    return _ordered(every, found)


_SLICE = ("item", "debt", "due_day", "paid_day", "joins")
_STRETCH = ("slice", "first_day", "last_day", "before")


def _plain(slices: Slices, payment_day: bool) -> Late:
    last = slices.paid_day - (not payment_day)
    kept = last > slices.due_day
    if not kept.all():
        slices, last = slices.of(kept), last[kept]
    rows = np.arange(len(slices))
    return Late(slices, Stretches(rows, slices.due_day + 1, last, np.zeros_like(rows)))


def _cut(slices: Slices, holds: Sequence[Held]) -> tuple[Slices, list[list[Held]]]:
    """Slices of one item, cut so that each is held whole or not at all; and the holds of each.

    Holds of the same days add up. Slices are in order of payment: the first are not in dispute.
    """
    slices = slices.of(np.argsort(slices.paid_day, kind="stable"))
    whole = int(slices.debt.sum())
    days = sorted({d for h in holds for d in (h.from_day, h.until_day + 1)})
    heights = [(first, end - 1, min(whole, _height(holds, first))) for first, end in pairwise(days)]
    borders = {whole - height for _, _, height in heights}
    ends = np.cumsum(slices.debt)
    marks = np.array(sorted({0, *borders, *ends.tolist()}), dtype=np.int64)
    low, high = marks[:-1], marks[1:]
    row = np.searchsorted(ends, low, side="right")
    parts = replace(slices.of(row), debt=high - low)
    held = [
        [Held(0, first, last) for first, last, height in heights if floor >= whole - height]
        for floor in low.tolist()
    ]
    return parts, held


def _height(holds: Sequence[Held], day: int) -> int:
    """How much is held on a day."""
    return sum(hold.amount for hold in holds if hold.from_day <= day <= hold.until_day)


def _stopped(
    slices: Slices, held: Sequence[Sequence[Held]], begin: int, payment_day: bool
) -> Stretches:
    """The late days of slices outside the days on which they are held; numbered from `begin`."""
    rows: list[tuple[int, int, int, int]] = []
    for at, holds in enumerate(held):
        day, before = int(slices.due_day[at]) + 1, 0
        last = int(slices.paid_day[at]) - (not payment_day)
        for first, end in [*sorted((h.from_day, h.until_day) for h in holds), (last + 1, last + 1)]:
            until = min(first - 1, last)
            if until >= day:
                rows.append((begin + at, day, until, before))
                before += until - day + 1
            day = max(day, end + 1)
    return Stretches(*np.array(rows, dtype=np.int64).reshape(-1, 4).T.copy())


def _ordered(slices: Slices, stretches: Stretches) -> Late:
    """Items in order again; slices without a late day go."""
    kept = np.unique(stretches.slice)
    kept = kept[np.argsort(slices.item[kept], kind="stable")]
    place = np.zeros(len(slices), dtype=np.int64)
    place[kept] = np.arange(len(kept))
    number = place[stretches.slice]
    order = np.argsort(number, kind="stable")
    columns = (c[order] for c in (stretches.first_day, stretches.last_day, stretches.before))
    return Late(slices.of(kept), Stretches(number[order], *columns))
