"""What accounts owe before a document of theirs."""

import numpy as np

from billcore.core.accounts.checks import ints
from billcore.core.billing.last_bills import LastBills, last_bills
from billcore.core.ordered import distinct, places, search
from billcore.core.rating.batch import Bools, Ints
from billcore.core.store import ledger as rows
from billcore.core.store.port import Reader


def openings(reader: Reader, wanted: Ints) -> Ints:
    """What each wanted account of one provider owes now, in minor units; they may repeat."""
    account = distinct(wanted)
    return balances(reader, last_bills(reader, account))[search(account, wanted)]


def balances(reader: Reader, last: LastBills) -> Ints:
    """What accounts owe now: what their last bills close with, and the entries behind those."""
    found = last.closing.copy()
    usual = int(np.median(last.recorded_at)) if len(found) else 0
    # A few accounts whose last bill is old, or that have none, shall not have all entries read.
    behind = last.recorded_at < usual
    _add_entries(reader, last, ~behind, found)
    _add_entries(reader, last, behind, found)
    return found


def _add_entries(reader: Reader, last: LastBills, mine: Bools, balance: Ints) -> None:
    """Adds the entries that came behind the last bills of some accounts."""
    if not mine.any():
        return
    account = last.account_id
    entries = rows.amounts_since(reader, account[mine], int(last.recorded_at[mine].min()))
    owner, amount = ints(entries["account_id"]), ints(entries["amount"])
    at, there = places(account, owner)
    # What was recorded at the time of a bill stands before it.
    counts = there & mine[at] & (ints(entries["recorded_at"]) > last.recorded_at[at])
    np.add.at(balance, at[counts], amount[counts])
