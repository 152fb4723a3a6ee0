"""The items of accounts as their providers allocate credits: the one place that reads them.

Goals: nobody who asks what is open, or why, can forget a provider's strategies or what bills
consist of; a million accounts are read as columns. Non-goals: how money is allocated
(`ledger.allocation`).
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.allocation import OLDEST_FIRST, Strategy
from billcore.core.accounts.checks import ints
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.parts import bill_parts
from billcore.core.ids import kind_of_bill, provider_of
from billcore.core.ledger import balances, items
from billcore.core.ledger.allocation.documents import Documents
from billcore.core.ledger.allocation.kernel import Allocations, fold
from billcore.core.ledger.balances import NOW, Document, is_late_fee
from billcore.core.ledger.folding import BillParts, Rows, divided
from billcore.core.ledger.items import Applied, OpenItem
from billcore.core.ledger.kinds import EntryKind
from billcore.core.rating.batch import Ints
from billcore.core.store import bills, instalments, ledger, providers
from billcore.core.store.port import OPEN_DAY, Column, Reader


@dataclass(frozen=True, slots=True)
class AccountItems:
    """An account's documents, in the order of days, then of recording, and what allocates them."""

    documents: tuple[Document, ...]
    strategies: tuple[Strategy, ...]
    parts: BillParts | None

    @property
    def balance(self) -> int:
        """What the account owes, in minor units; negative: a credit."""
        return sum(document.amount for document in self.documents)

    @property
    def late_fees(self) -> int:
        """What of late fees is open, in minor units."""
        fees = (one for one in self.open() if is_late_fee(one.document) and one.open > 0)
        return sum(one.open for one in fees)

    def open(self) -> list[OpenItem]:
        """The documents that are not settled, in their order; their sum is the balance."""
        return items.open_items(self.documents, self.strategies, self.parts)

    def deferred(self, day: int) -> int:
        """What is open of instalments that are due after a day: nobody is asked for it yet."""
        return sum(one.open for one in self.open() if one.is_deferred(day))

    def applied(self, payment_id: int) -> Applied:
        """How a payment pays. Raises LookupError where it is none of the documents."""
        return items.applied(self.documents, payment_id, self.strategies, self.parts)


@dataclass(frozen=True, slots=True)
class FoldedItems:
    """Items of many accounts, folded: columns of one length, by account in the order of the fold.

    rows: the documents; documents: as they were folded; found: what that came to.
    """

    rows: Rows
    documents: Documents
    found: Allocations


def account_items(
    reader: Reader, account_id: int, until_day: int = OPEN_DAY, known_at: int = NOW
) -> AccountItems:
    """An account's items at the end of a day, as known at a time (microseconds since 1970)."""
    provider_id = provider_of(account_id)
    found = tuple(balances.documents(reader, account_id, until_day, known_at))
    strategies = strategies_of(reader, provider_id)
    asks = divided(items.rows_of(found), strategies)
    parts = bill_parts(reader, provider_id, np.array([account_id])) if asks.size else None
    return AccountItems(found, strategies, parts)


def folded_items(
    reader: Reader,
    provider_id: int,
    account_id: Ints,
    until_day: int = OPEN_DAY,
    known_at: int = NOW,
) -> FoldedItems:
    """The items of a provider's accounts at the end of a day, as known at a time."""
    rows = read_rows(reader, provider_id, account_id, until_day, known_at)
    strategies = strategies_of(reader, provider_id)
    asks = divided(rows, strategies)
    parts = bill_parts(reader, provider_id, asks) if asks.size else None
    documents = rows.documents(parts)
    return FoldedItems(rows, documents, fold(documents, strategies))


def deferred_of(reader: Reader, provider_id: int, account_id: Ints, day: int) -> Ints:
    """What is open of instalments of each account that are due after a day: nobody is asked for it
    yet. Accounts may repeat."""
    found = np.zeros(len(account_id), dtype=np.int64)
    planned = instalments.planned(reader, account_id) if account_id.size else account_id
    planned = planned[np.isin(planned, account_id)]
    if not planned.size:
        return found
    folded = folded_items(reader, provider_id, planned)
    rows = folded.rows
    later = (rows.is_entry == 1) & (rows.kind == EntryKind.INSTALMENT) & (rows.amount > 0)
    later &= (rows.due_day > day) & ~folded.found.undone
    for account in planned.tolist():
        own = later & (rows.account_id == account)
        found[account_id == account] = int(folded.found.open[own].sum())
    return found


def strategies_of(reader: Reader, provider_id: int) -> tuple[Strategy, ...]:
    """A provider's strategies by number; of one that the store does not know, oldest first."""
    provider = providers.provider(reader, provider_id)
    if provider is None:
        return (OLDEST_FIRST,)
    return parse_policies(provider.policies).allocation.strategies


def read_rows(
    reader: Reader,
    provider_id: int,
    account_id: Ints,
    until_day: int = OPEN_DAY,
    known_at: int = NOW,
) -> Rows:
    """The documents of a provider's accounts, by account in the order of the fold."""
    bill = bills.amounts_of(reader, provider_id, account_id, until_day, known_at)
    entry = ledger.entries_of(reader, account_id, until_day, known_at)
    of_bills, of_entries = len(bill["bill_id"]), len(entry["account_entry_id"])
    zeros = np.zeros(of_bills, dtype=np.int64)
    direction = entry["direction"]
    assert isinstance(direction, pa.Array)
    found = Rows(
        account_id=_both(bill["account_id"], entry["account_id"]),
        document_id=_both(bill["bill_id"], entry["account_entry_id"]),
        is_entry=np.repeat(np.array([0, 1]), [of_bills, of_entries]),
        kind=_both(kind_of_bill(ints(bill["bill_id"])), entry["kind"]),
        day=_both(bill["issued_day"], entry["day"]),
        due_day=_both(bill["due_day"], entry["day"]),
        recorded_at=_both(bill["recorded_at"], entry["recorded_at"]),
        amount=_both(bill["total"], entry["amount"]),
        undoes=_both(bill["cancels"], entry["reverses"]),
        strategy=_both(zeros, entry["strategy"]),
        direction=pa.concat_arrays([pa.repeat(pa.scalar(""), of_bills), direction]),
    )
    asked = np.isin(found.account_id, account_id)
    rows, _ = (found if asked.all() else found.take(np.flatnonzero(asked))).in_order()
    return rows


def _both(bill: Column, entry: Column) -> Ints:
    """A column of bills, then of entries."""
    return np.concatenate([ints(bill), ints(entry)])
