"""Oldest first in numpy: the peer of the allocation kernel.

Items (what is owed) and credits of every account are laid end to end, each in its order; a credit
pays the items that it lies over. It knows no other order, no directions, no parts and no undoing.
"""

from dataclasses import dataclass

import numpy as np

from billcore.core.rating.batch import Ints


@dataclass(frozen=True, slots=True)
class Allocations:
    """credit and item: row numbers of the documents; amount: minor units, positive."""

    credit: Ints
    item: Ints
    amount: Ints


def oldest_first(account: Ints, day: Ints, order: Ints, amount: Ints) -> Allocations:
    """Allocates the credits of each account to its items, oldest first.

    Columns of documents in any order; order breaks ties of a day; amount: minor units, debit
    positive. Raises OverflowError when all accounts together do not fit 62 bits.
    """
    sequence = np.lexsort((order, day, account))
    items = sequence[amount[sequence] > 0]
    credits = sequence[amount[sequence] < 0]
    accounts = np.unique(account)
    item_begin, item_end = _laid(accounts, account[items], amount[items])
    credit_begin, credit_end = _laid(accounts, account[credits], -amount[credits])
    room = np.maximum(*_totals(accounts, account, amount))
    if int((room >> 20).sum()) + len(room) >= 1 << 42:
        raise OverflowError("the sums of these accounts do not fit 64 bits: allocate fewer at once")
    base = np.concatenate([[0], np.cumsum(room)])
    item_at = base[np.searchsorted(accounts, account[items])]
    credit_at = base[np.searchsorted(accounts, account[credits])]
    return _overlaps(
        (items, item_at + item_begin, item_at + item_end),
        (credits, credit_at + credit_begin, credit_at + credit_end),
    )


def open_amounts(amount: Ints, allocations: Allocations) -> Ints:
    """What is left of each document: of an item still owed, of a credit (negative) not yet used."""
    left = amount.astype(np.int64)
    np.subtract.at(left, allocations.item, allocations.amount)
    np.add.at(left, allocations.credit, allocations.amount)
    return left


def _totals(accounts: Ints, account: Ints, amount: Ints) -> tuple[Ints, Ints]:
    """(credits, debits) of each account, both positive."""
    at = np.searchsorted(accounts, account)
    paid = np.zeros(len(accounts), dtype=np.int64)
    owed = np.zeros(len(accounts), dtype=np.int64)
    np.add.at(paid, at, np.maximum(-amount, 0))
    np.add.at(owed, at, np.maximum(amount, 0))
    return paid, owed


def _laid(accounts: Ints, account: Ints, amount: Ints) -> tuple[Ints, Ints]:
    """Where each amount begins and ends among those of its account, in order."""
    ends = np.cumsum(amount)
    first = np.searchsorted(account, accounts)
    before = np.concatenate([[0], ends])[first]
    offset = before[np.searchsorted(accounts, account)]
    return ends - amount - offset, ends - offset


Spans = tuple[Ints, Ints, Ints]
"""Row numbers, and where each begins and ends; in order, without overlap."""


def _overlaps(items: Spans, credits: Spans) -> Allocations:
    """Every stretch that both an item and a credit lie over."""
    item, item_begin, item_end = items
    credit, credit_begin, credit_end = credits
    first = np.searchsorted(item_end, credit_begin, side="right")
    last = np.searchsorted(item_begin, credit_end, side="left")
    count = np.maximum(last - first, 0)
    which = np.repeat(np.arange(len(credit)), count)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    paid = np.repeat(first, count) + step
    amount = np.minimum(item_end[paid], credit_end[which]) - np.maximum(
        item_begin[paid], credit_begin[which]
    )
    return Allocations(credit[which], item[paid], amount)
