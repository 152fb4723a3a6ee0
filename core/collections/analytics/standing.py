"""What accounts owe at the end of a day and what paid it, off the allocation's fold.

Goals: one form from which collection, ageing and warnings are computed. Pure.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from billcore.core.billing.items import FoldedItems
from billcore.core.ids import month_of_bill
from billcore.core.ledger.allocation.documents import Kind
from billcore.core.ledger.folding import Rows
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ordered import places
from billcore.core.rating.batch import Bools, Ints


class Source(IntEnum):
    """What an item was settled by.

    RECEIVED: payments, payments that were moved to the account that was meant, deposits set off,
    which were paid in before. TRANSFERRED: other money or debt that was moved between accounts.
    WRITTEN_OFF. CREDITED: all else that is no money, as adjustments, credit notes, the interest of
    deposits. PLANNED: moved to a plan, whose instalments are debts of their own.
    """

    RECEIVED = 0
    TRANSFERRED = 1
    WRITTEN_OFF = 2
    CREDITED = 3
    PLANNED = 4


SOURCES = {
    EntryKind.PAYMENT: Source.RECEIVED,
    EntryKind.TRANSFER: Source.TRANSFERRED,
    EntryKind.WRITE_OFF: Source.WRITTEN_OFF,
    EntryKind.INSTALMENT: Source.PLANNED,
    EntryKind.DEPOSIT: Source.RECEIVED,
}
"""By the kind of the account entry that paid; other kinds, and bills, are CREDITED."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Items that stand (not undone), (items,) each: account_id, document_id, is_bill, is_late_fee,
    month (accounting; of a bill), due_day, amount, open.

    What paid them, (steps,) each: item (its row), paid (amount), paid_day (effective), credit_id
    (the document), source. Credit that pays nothing, (credits,) each: free_account, free.
    Minor units, above 0; free is, too.
    """

    account_id: Ints
    document_id: Ints
    is_bill: Bools
    is_late_fee: Bools
    month: Ints
    due_day: Ints
    amount: Ints
    open: Ints
    item: Ints
    paid: Ints
    paid_day: Ints
    credit_id: Ints
    source: Ints
    free_account: Ints
    free: Ints


def standing(folded: FoldedItems, moved: Ints) -> Standing:
    """Of folded items. moved: account entries, sorted, that are payments of other accounts."""
    rows, documents, found = folded.rows, folded.documents, folded.found
    stands = (documents.kind == Kind.DEBIT) & ~found.undone
    items = np.flatnonzero(stands)
    number = np.cumsum(stands) - 1
    free = np.flatnonzero((documents.kind == Kind.CREDIT) & (found.open > 0))
    return Standing(
        account_id=rows.account_id[items],
        document_id=rows.document_id[items],
        is_bill=rows.is_entry[items] == 0,
        is_late_fee=rows.is_late_fee[items],
        month=np.where(rows.is_entry[items] == 0, month_of_bill(rows.document_id[items]), 0),
        due_day=documents.day[items],
        amount=documents.amount[items],
        open=found.open[items],
        item=number[found.item],
        paid=found.amount,
        paid_day=documents.day[found.credit],
        credit_id=rows.document_id[found.credit],
        source=_sources(rows, moved)[found.credit],
        free_account=rows.account_id[free],
        free=found.open[free],
    )


def _sources(rows: Rows, moved: Ints) -> Ints:
    """The source that each row is, as a credit."""
    by_kind = np.full(max(EntryKind) + 1, Source.CREDITED.value)
    for kind, source in SOURCES.items():
        by_kind[kind] = source
    known = np.clip(rows.kind, 0, max(EntryKind))
    found: Ints = np.where(rows.is_entry == 1, by_kind[known], Source.CREDITED)
    if moved.size:
        found[(rows.is_entry == 1) & places(moved, rows.document_id)[1]] = Source.RECEIVED
    return found
