"""An account's documents, and the chain of its bills of days.

Each bill of the chain takes what the one before hands on. The chain has the order of last days, and
of one day that of recording.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from billcore.core.accounts.checks import Table, ints
from billcore.core.ids import BILL_BITS, MONTH_AT, MONTH_MAX, kind_of_bill, month_of_bill
from billcore.core.ledger.kinds import BillKind
from billcore.core.rating.batch import Ints
from billcore.core.store import bills as bill_rows
from billcore.core.store import corrections as rows
from billcore.core.store.columns import stacked, taken
from billcore.core.store.port import Reader

RATED = (BillKind.REGULAR, BillKind.FINAL, BillKind.CORRECTION)
"""Kinds of bills of days."""


class Document(NamedTuple):
    """What the header of a bill says; days are ordinals, amounts minor units; stands: 1 or 0."""

    account_id: int
    bill_id: int
    previous_day: int
    this_day: int
    issued_day: int
    recorded_at: int
    opening: int
    total: int
    stands: int

    @property
    def kind(self) -> BillKind:
        """What it is."""
        return BillKind(kind_of_bill(self.bill_id))

    @property
    def month(self) -> int:
        """Its accounting month."""
        return month_of_bill(self.bill_id)

    @property
    def place(self) -> tuple[int, int, int]:
        """Orders the chain."""
        return self.this_day, self.recorded_at, self.bill_id


def documents(
    reader: Reader, provider_id: int, account_id: Ints
) -> Mapping[int, Mapping[int, Document]]:
    """The documents of accounts by account and bill."""
    table = rows.documents(reader, provider_id, account_id)
    columns = [ints(table[name]).tolist() for name in Document._fields]
    found: dict[int, dict[int, Document]] = {}
    for row in zip(*columns, strict=True):
        document = Document(*row)
        found.setdefault(document.account_id, {})[document.bill_id] = document
    return found


def of_account(reader: Reader, provider_id: int, account_id: int) -> Mapping[int, Document]:
    """The documents of one account by bill."""
    return documents(reader, provider_id, np.array([account_id])).get(account_id, {})


def chained(every: Mapping[int, Document]) -> list[Document]:
    """The bills of days that stand, in the order of the chain."""
    standing = (one for one in every.values() if one.stands and one.kind in RATED)
    return sorted(standing, key=lambda one: one.place)


def count(every: Mapping[int, Document], month: int, kind: BillKind) -> int:
    """How many documents of a kind an account has in a month."""
    return sum(one.kind is kind and one.month == month for one in every.values())


def whole(reader: Reader, bill_id: Ints) -> Table:
    """Every column of bills that there are, in this order."""
    account, month = bill_id >> BILL_BITS, bill_id >> MONTH_AT & MONTH_MAX
    parts = [
        rows.bills_named(reader, number, bill_id[month == number], account[month == number])
        for number in np.unique(month).tolist()
    ]
    kinds = bill_rows.COLUMNS
    table = {name: stacked([part[name] for part in parts], kinds[name]) for name in kinds}
    order = np.argsort(ints(table["bill_id"]))
    place = order[np.searchsorted(ints(table["bill_id"])[order], bill_id)]
    return taken(table, place)
