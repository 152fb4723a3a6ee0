"""What a run issued, taken back: a credit note for each of its bills that still stands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from billcore.core.accounts.checks import ints
from billcore.core.billing.corrections.credits import NUMBERS, cancel, credited, next_number
from billcore.core.billing.errors import AccountUnbillable
from billcore.core.billing.issue import Issue
from billcore.core.billing.last_bills import last_bills
from billcore.core.billing.openings import openings
from billcore.core.ledger.kinds import BillKind
from billcore.core.ordered import distinct
from billcore.core.store import bills as rows
from billcore.core.store.columns import taken
from billcore.core.store.port import Session

LATER_BILL = "LATER_BILL"
"""The rule of an account that was billed for later days."""

NOTES_EXHAUSTED = "NOTES_EXHAUSTED"
"""The rule of an account that has as many credit notes in a month as there can be."""


def reverse_issued(
    session: Session, how: Issue, accounts: tuple[int, int], entries: Sequence[int], correction: int
) -> tuple[int, int, Mapping[int, AccountUnbillable]]:
    """(how many bills, their credit, refused accounts) of what entries posted to accounts.

    how: of the notes, with the accounting month of the bills. An account with a later bill keeps
    its own: what follows was billed from where it ends.
    """
    count, total, refused = 0, 0, {}
    issued = [rows.of_entry(session, how.month, *accounts, entry_id) for entry_id in entries]
    owner = [ints(bills["account_id"]) for bills in issued]
    last = last_bills(session, distinct(np.concatenate([np.zeros(0, dtype=np.int64), *owner])))
    for place, bills in enumerate(issued):
        newest = np.isin(ints(bills["bill_id"]), last.bill_id)
        for account in ints(bills["account_id"])[~newest].tolist():
            why = "it has a bill for later days: cancel that first."
            refused[account] = AccountUnbillable(account, LATER_BILL, why)
        number = next_number(session, how.month, BillKind.CREDIT, ints(bills["account_id"]))
        full = number >= NUMBERS
        for account in ints(bills["account_id"])[newest & full].tolist():
            why = f"it has {NUMBERS} credit notes in the month, the most that there can be."
            refused[account] = AccountUnbillable(account, NOTES_EXHAUSTED, why)
        bills = taken(bills, np.flatnonzero(newest & ~full))
        if not len(bills["bill_id"]):
            continue
        opening = openings(session, ints(bills["account_id"]))
        notes = credited(session, bills, opening)
        cancel(session, bills, notes, replace(how, source=f"{how.source}/{place}"), correction)
        count += len(notes)
        total += int(notes.total.sum())
    return count, total, refused
