"""What could bear late fees: items of accounts and their late slices, off the allocation's fold.

A credit pays on the day on which its payer paid, whenever it was recorded. What was undone never
was: a payment that was taken back leaves its items open from their own due days, a cancelled bill
is no item.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.late_fees import Bears
from billcore.core.billing.items import FoldedItems
from billcore.core.collections.late_fees.slices import Bools, Slices
from billcore.core.ledger.allocation.documents import Kind
from billcore.core.ledger.folding import Rows
from billcore.core.ledger.kinds import EntryKind
from billcore.core.rating.batch import Ints

BEARS: Mapping[Bears, EntryKind | None] = {
    Bears.BILL: None,
    Bears.OPENING: EntryKind.OPENING,
    Bears.ADJUSTMENT: EntryKind.ADJUSTMENT,
    Bears.TRANSFER: EntryKind.TRANSFER,
    Bears.INSTALMENT: EntryKind.INSTALMENT,
}
"""What kind of account entry each is; a bill is none."""

SORTS = tuple(BEARS)
"""The sorts of items, by number."""


@dataclass(frozen=True, slots=True)
class Items:
    """Items that were late, (items,) each, by account and due day. sort: its place in SORTS; amount
    and open (at the end of the day): minor units."""

    account_id: Ints
    item_id: Ints
    sort: Ints
    due_day: Ints
    amount: Ints
    open: Ints

    def __len__(self) -> int:
        return len(self.item_id)


@dataclass(frozen=True, slots=True)
class Debts:
    """Late items, and their slices: `Slices.item` is the row of the item."""

    items: Items
    slices: Slices


def debts(folded: FoldedItems, until_day: int) -> Debts:
    """The items of accounts that were late on until_day or before."""
    rows, documents, found = folded.rows, folded.documents, folded.found
    sort = sorts_of(rows)
    debit = (documents.kind == Kind.DEBIT) & ~found.undone
    bears = debit & (sort >= 0) & (documents.day < until_day)
    steps = np.flatnonzero(bears[found.item])
    left = np.flatnonzero(bears & (found.open > 0))
    row = np.concatenate([found.item[steps], left])
    debt = np.concatenate([found.amount[steps], found.open[left]])
    paid = np.minimum(documents.day[found.credit[steps]], until_day)
    paid = np.concatenate([paid, np.full(len(left), until_day)])
    kept = paid > documents.day[row]
    row, debt, paid = row[kept], debt[kept], paid[kept]
    return _debts(rows, row, debt, paid, documents.day, sort, found.open)


def sorts_of(rows: Rows) -> Ints:
    """The place in SORTS of each document, or -1."""
    sort = np.full(len(rows), -1, dtype=np.int64)
    for number, kind in enumerate(BEARS.values()):
        own = rows.is_entry == 0 if kind is None else (rows.is_entry == 1) & (rows.kind == kind)
        sort[own] = number
    return sort


def _debts(
    rows: Rows, row: Ints, debt: Ints, paid: Ints, due_day: Ints, sort: Ints, left: Ints
) -> Debts:
    late = np.unique(row)
    late = late[np.lexsort((late, due_day[late], rows.account_id[late]))]
    items = Items(
        account_id=rows.account_id[late],
        item_id=rows.document_id[late],
        sort=sort[late],
        due_day=due_day[late],
        amount=rows.amount[late],
        open=left[late],
    )
    number = np.zeros(len(rows), dtype=np.int64)
    number[late] = np.arange(len(late))
    order = np.lexsort((paid, number[row]))
    item = number[row][order]
    joins = _joins(items, item, paid[order])
    slices = Slices(item, debt[order], items.due_day[item], paid[order], joins[item])
    return Debts(items, slices)


def _joins(items: Items, item: Ints, paid_day: Ints) -> Bools:
    """Whether each item fell late beside an item of its account that is due before it."""
    if not len(items):
        return np.zeros(0, dtype=np.bool_)
    end = np.zeros(len(items), dtype=np.int64)
    np.maximum.at(end, item, paid_day)
    account = np.cumsum(np.append(False, items.account_id[1:] != items.account_id[:-1]))
    base = account << 32
    latest = np.maximum.accumulate(base + end)  # of an account before, it is below this one's base
    same = np.append(
        False, (items.due_day[1:] == items.due_day[:-1]) & (account[1:] == account[:-1])
    )
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(items))))
    before = np.append(0, latest[:-1])[first]
    joined: Bools = before - base > items.due_day
    return joined
