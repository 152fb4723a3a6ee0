"""Amounts that differ, adjusted: the account gets what the channel says, or what the bank lacks of
a settlement becomes a fee, by an entry with a reason.

The payment or settlement and its break stay as they are: nothing is netted, the break stands as
accepted, and the entry explains it against what the channel has to clear. Who decides otherwise
later, or whose break is gone, posts the difference.
"""

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write
from billcore.core.ledger import journal
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.by_hand import REFERENCE_MAX
from billcore.core.ledger.kinds import SETTLEMENTS, EntryKind
from billcore.core.ledger.turns import turn_to_post
from billcore.core.payments.channels import by_code
from billcore.core.payments.intake.place import opened
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.computing import Decision
from billcore.core.reconciliation.reading import Day
from billcore.core.reconciliation.settlement.banks import FEES
from billcore.core.store import recon as rows
from billcore.core.store.port import Reader
from billcore.core.store.recon import BreakRow


def adjustable(row: BreakRow) -> bool:
    """Whether a break is of amounts of a payment that one account was credited, or of fees."""
    if row.kind == BreakKind.FEE_DIFF:
        return True
    return row.kind == BreakKind.AMOUNT_DIFF and row.account_id != 0


def adjusted(reader: Reader, of: Day, break_id: int) -> tuple[int, int]:
    """(by what it was adjusted, how many decisions there were); debit positive."""
    made = rows.decisions_of(reader, of.key[0], break_id)
    last = made[-1] if made else None
    return (last.difference if last and last.decision == Decision.ADJUST else 0), len(made)


def post(write: Write, of: Day, row: BreakRow, decision: Decision) -> None:
    """Posts what a decision that is about to be kept changes: about an account, or about fees."""
    before, count = adjusted(write.session, of, row.break_id)
    amount = (row.difference if decision is Decision.ADJUST else 0) - before
    if not amount:
        return
    source = f"break/{row.break_id}/{count + 1}"
    if row.account_id:
        _of_account(write, of, row, amount, source)
    else:
        _of_fees(write, of, row, amount, source)


def _of_account(write: Write, of: Day, row: BreakRow, amount: int, source: str) -> None:
    entries = AccountEntries(
        account_id=np.array([row.account_id]),
        kind=np.array([int(EntryKind.ADJUSTMENT)]),
        day=np.array([of.day]),
        amount=np.array([amount]),
        reference=pa.array([f"adjusted {row.reference}"[:REFERENCE_MAX]]),
        reverses=np.array([0]),
    )
    clearing = of.place.channel.ledger
    posting = Posting(of.key[0], source, write.caller.client_id, write.now, clearing)
    post_account_entries(write.session, entries, posting)


def _of_fees(write: Write, of: Day, row: BreakRow, amount: int, source: str) -> None:
    """What a channel kept beside its terms is its fee; target: the code of the channel."""
    channel = opened(by_code(write.session, of.key[0], row.target))
    nobody = np.zeros(0, dtype=np.int64)
    entry = journal.Entry(
        provider_id=of.key[0],
        source=source,
        day=of.day,
        kind=SETTLEMENTS,
        amounts={f"{FEES}:{channel.channel}": amount, channel.ledger: -amount},
        client_id=write.caller.client_id,
        recorded_at=turn_to_post(write.session, of.key[0], nobody, write.now),
    )
    journal.post(write.session, entry)
