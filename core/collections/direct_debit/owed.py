"""What accounts owe that may be fetched: open items that are due by a day, less credits that pay
nothing yet, less what is in dispute, less what other debits fetch already."""

import numpy as np

from billcore.core.accounts.checks import Ints, ints
from billcore.core.billing.items import folded_items
from billcore.core.collections.late_fees.holds import held_of
from billcore.core.ledger.allocation.documents import Kind
from billcore.core.ledger.balances import NOW
from billcore.core.ordered import places
from billcore.core.store import debits as rows
from billcore.core.store.port import Reader


def owed(reader: Reader, provider_id: int, account_id: Ints, day: int, *, waiting: bool) -> Ints:
    """Minor units that each account owes of what is due on a day or before, at least 0.

    account_id: in order, each once. waiting: debits that are not sealed fetch, too.
    """
    if not account_id.size:
        return np.zeros(0, dtype=np.int64)
    folded = folded_items(reader, provider_id, account_id)
    found, documents = folded.found, folded.documents
    left = found.open.copy()
    debit = (documents.kind == Kind.DEBIT) & ~found.undone & (documents.day <= day) & (left > 0)
    credit = (documents.kind == Kind.CREDIT) & ~found.undone & (left > 0)
    held = held_of(reader, int(account_id[0]), int(account_id[-1]), NOW)
    if held:
        account, item = folded.rows.account_id, folded.rows.document_id
        for row in np.flatnonzero(debit).tolist():
            for one in held.get((int(account[row]), int(item[row])), ()):
                if one.from_day <= day <= one.until_day:
                    left[row] -= min(int(left[row]), one.amount)
    signed = np.where(debit, left, np.where(credit, -left, 0))
    total = np.zeros(len(account_id), dtype=np.int64)
    at, there = places(account_id, folded.rows.account_id)
    np.add.at(total, at[there], signed[there])
    live = rows.live_amounts(reader, account_id, waiting=waiting)
    at, there = places(account_id, ints(live["account_id"]))
    np.subtract.at(total, at[there], ints(live["amount"])[there])
    return np.maximum(total, 0)


def capped(amount: Ints, *limits: Ints) -> Ints:
    """Amounts at most as large as limits; 0: no limit."""
    for limit in limits:
        amount = np.where(limit > 0, np.minimum(amount, limit), amount)
    return amount
