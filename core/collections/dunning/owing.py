"""What is overdue of accounts, off the allocation's fold, and what of it is disputed or coming."""

from collections.abc import Mapping, Sequence

import numpy as np

from billcore.core.accounts.checks import ints
from billcore.core.accounts.late_fees import Bears
from billcore.core.billing.items import folded_items
from billcore.core.collections.dunning.judging import OverdueItem, Owed
from billcore.core.collections.late_fees.debts import SORTS, sorts_of
from billcore.core.collections.late_fees.holds import held_of
from billcore.core.ledger.allocation.documents import Kind
from billcore.core.ordered import places
from billcore.core.payments.codes import State
from billcore.core.rating.batch import Ints
from billcore.core.store import debits, payments
from billcore.core.store.port import Column, Reader


class Overdue:
    """The debts of accounts that are overdue on a day, from what was posted up to a time.

    account_id: those of them that have any, sorted.
    """

    def __init__(
        self, reader: Reader, provider_id: int, account_id: Ints, day: int, known_at: int
    ) -> None:
        folded = folded_items(reader, provider_id, account_id, known_at=known_at)
        rows, documents, found = folded.rows, folded.documents, folded.found
        sort, left = sorts_of(rows), ~found.undone & (found.open > 0)
        debt = left & (documents.kind == Kind.DEBIT) & (documents.day < day) & (sort >= 0)
        at = np.flatnonzero(debt)
        at = at[np.lexsort((at, documents.day[at], rows.account_id[at]))]
        self._owner, self._item = rows.account_id[at], rows.document_id[at]
        self._due, self._open, self._sort = documents.day[at], found.open[at], sort[at]
        credit = np.flatnonzero(left & (documents.kind == Kind.CREDIT))
        self._free = _summed(rows.account_id[credit], found.open[credit])
        self.account_id: Ints = np.unique(self._owner)

    def owed(
        self,
        account: int,
        items: Sequence[Bears],
        held: Mapping[tuple[int, int], int],
        in_flight: int,
    ) -> Owed:
        """What an account owes in items of these kinds; held: in dispute, by account and item."""
        first, last = np.searchsorted(self._owner, [account, account + 1]).tolist()
        columns = (c[first:last].tolist() for c in (self._item, self._due, self._open, self._sort))
        found = tuple(
            OverdueItem(item, due, left, held.get((account, item), 0))
            for item, due, left, sort in zip(*columns, strict=True)
            if SORTS[sort] in items
        )
        return Owed(found, self._free.get(account, 0), in_flight)


def disputed(
    reader: Reader, account_id: Ints, day: int, known_at: int
) -> dict[tuple[int, int], int]:
    """What is in dispute on a day, by account and item, in minor units."""
    if not account_id.size:
        return {}
    every = held_of(reader, int(account_id[0]), int(account_id[-1]), known_at)
    return {
        key: sum(one.amount for one in holds if one.from_day <= day <= one.until_day)
        for key, holds in every.items()
    }


def in_flight(reader: Reader, account_id: Ints, now: int) -> dict[int, int]:
    """What direct debits fetch from accounts, and what payers have announced, in minor units."""
    found: dict[int, int] = {}
    if not account_id.size:
        return found
    for part in (
        debits.live_amounts(reader, account_id, waiting=True),
        payments.reserved_of(reader, account_id, State.RESERVED, now),
    ):
        for account, amount in _summed(ints(part["account_id"]), ints(part["amount"])).items():
            found[account] = found.get(account, 0) + amount
    return found


def _summed(account_id: Column, amount: Column) -> dict[int, int]:
    keys = np.unique(ints(account_id))
    total = np.zeros(len(keys), dtype=np.int64)
    at, _ = places(keys, ints(account_id))
    np.add.at(total, at, ints(amount))
    return dict(zip(keys.tolist(), total.tolist(), strict=True))
