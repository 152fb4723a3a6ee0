"""What a plan posts: a credit for each item that it covers, a debit for each instalment."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write, provider_acting
from billcore.core.ids import provider_of
from billcore.core.ledger.account_entries import (
    AccountEntries,
    Posting,
    entry_id_of,
    post_account_entries,
    reverse_account_entry,
)
from billcore.core.ledger.folding import BILL, ENTRY
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store.instalments import InstalmentRow, ItemRow, PlanRow

SOURCE = "instalments/"
"""What the sources of plans in the general ledger begin with."""


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """An account entry of a plan. instalment_no: 0: it is the credit of an item."""

    account_entry_id: int
    day: int
    amount: int
    reference: str
    direction: str
    instalment_no: int


def source_of(plan: PlanRow) -> str:
    """What names the posting of a plan, unique per provider."""
    return f"{SOURCE}{plan.account_id}/{plan.plan_no}"


def entries_of(
    plan: PlanRow, covered: Sequence[ItemRow], parts: Sequence[InstalmentRow], day: int
) -> list[PlanEntry]:
    """What a plan that became active on a day posts, the credits first."""
    named = f"plan {plan.plan_no}"
    told = [
        (day, -item.amount, f"{named}: covers {'bill' if item.is_bill else 'entry'} {item.item_id}",
         f"{BILL if item.is_bill else ENTRY}{item.item_id}", 0)
        for item in covered
    ]  # fmt: skip
    told += [
        (part.due_day, part.amount, f"{named}: instalment {part.instalment_no} of {len(parts)}",
         "", part.instalment_no)
        for part in parts
    ]  # fmt: skip
    owner, source = provider_of(plan.account_id), source_of(plan)
    return [
        PlanEntry(entry_id_of(owner, source, plan.account_id, reference), on, amount, reference,
                  direction, number)
        for on, amount, reference, direction, number in told
    ]  # fmt: skip


def post(write: Write, plan: PlanRow, entries: Sequence[PlanEntry]) -> None:
    """Posts the entries of a plan."""
    count = len(entries)
    columns = AccountEntries(
        account_id=np.full(count, plan.account_id),
        kind=np.full(count, int(EntryKind.INSTALMENT)),
        day=np.array([one.day for one in entries], dtype=np.int64),
        amount=np.array([one.amount for one in entries], dtype=np.int64),
        reference=pa.array([one.reference for one in entries], pa.string()),
        reverses=np.zeros(count, dtype=np.int64),
        direction=pa.array([one.direction for one in entries], pa.string()),
    )
    post_account_entries(write.session, columns, _posting(write, source_of(plan)))


def take_back(write: Write, plan: PlanRow, entries: Sequence[PlanEntry], today: int) -> None:
    """Takes back what a plan posted, the credits first: the items are open again, and what paid
    instalments pays them. What is due later is taken back on its own day, so that the balance of
    no day between is wrong."""
    for number, one in enumerate(entries, start=1):
        source = f"{source_of(plan)}/back/{number}"
        entry, day = one.account_entry_id, max(one.day, today)
        reverse_account_entry(write.session, plan.account_id, entry, day, _posting(write, source))


def _posting(write: Write, source: str) -> Posting:
    return Posting(provider_acting(write.caller), source, write.caller.client_id, write.now)
