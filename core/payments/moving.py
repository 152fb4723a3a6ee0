"""Money of a posted payment, moved to the account that was meant.

The payment stays as it was posted: a debit takes the money from its account, a credit gives it to
another one, both transfers that name the payment. The credit pays on the day on which the payer
paid; the debit is of the day of the move, so that nobody owes for money that he did not ask for. A
payment that is taken back takes its moves back with it.
"""

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write, provider_acting
from billcore.core.accounts.policies import parse_policies
from billcore.core.accounts.providers import get_provider
from billcore.core.errors import BillcoreError
from billcore.core.events.audit import audit
from billcore.core.ledger.account_entries import (
    AccountEntries,
    Posting,
    post_account_entries,
    reverse_account_entry,
)
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import ledger as ledger_rows
from billcore.core.store import payment_moves as rows
from billcore.core.store.payment_moves import PaymentMoveRow
from billcore.core.store.port import Reader, Session


class PaymentMoved(BillcoreError):
    """Less of a payment is at its account than is to be moved."""

    reason = "PAYMENT_MOVED"

    def __init__(self, payment_id: int, wanted: int, left: int) -> None:
        super().__init__(
            f"Of payment {payment_id} {left} is at its account, not {wanted}: it was moved or "
            "taken back.",
            payment_id=payment_id,
            wanted=wanted,
            open=left,
        )


def left_of(reader: Reader, provider_id: int, account_id: int, payment_id: int) -> int:
    """What of a payment is at the account that it was posted to, in minor units; 0: nothing."""
    found = ledger_rows.account_entry(reader, account_id, payment_id)
    if found is None or found.amount >= 0 or ledger_rows.is_undone(reader, account_id, payment_id):
        return 0
    moved = rows.moves(reader, provider_id, payment_id)
    return -found.amount - sum(move.amount for move in moves_standing(moved))


def moves_standing(moves: list[PaymentMoveRow]) -> list[PaymentMoveRow]:
    """Those that are not undone."""
    return [move for move in moves if not move.undone]


def move_payment(
    write: Write,
    payment_id: int,
    from_account_id: int,
    to_account_id: int,
    amount: int,
    day: int,
    reference: str,
    reason: str,
    source: str,
) -> PaymentMoveRow:
    """Moves money of a payment; day: of the debit. source: unique per provider.

    reference: what both statements call it. The caller holds both accounts. Raises PaymentMoved.
    """
    session, provider_id = write.session, provider_acting(write.caller)
    left = left_of(session, provider_id, from_account_id, payment_id)
    if not 0 < amount <= left:
        raise PaymentMoved(payment_id, amount, left)
    paid = ledger_rows.account_entry(session, from_account_id, payment_id)
    assert paid is not None  # something of it is left
    provider = get_provider(session, write.caller, provider_id)
    entries = AccountEntries(
        account_id=np.array([from_account_id, to_account_id]),
        kind=np.full(2, int(EntryKind.TRANSFER)),
        day=np.array([day, paid.day]),
        amount=np.array([amount, -amount]),
        reference=pa.array([reference] * 2),
        reverses=np.zeros(2, dtype=np.int64),
    )
    posting = Posting(
        provider_id,
        source,
        write.caller.client_id,
        write.now,
        strategy=parse_policies(provider.policies).allocation.default_number,
    )
    debit, credit = post_account_entries(session, entries, posting).tolist()
    number = len(rows.moves(session, provider_id, payment_id)) + 1
    told = from_account_id, debit, to_account_id, credit, amount
    row = PaymentMoveRow(payment_id, number, *told, write.caller.client_id, write.now)
    rows.add(session, provider_id, row)
    sides = {"from": from_account_id, "to": to_account_id}
    detail = {"payment_id": payment_id, "amount": amount, **sides}
    subject = f"payment {payment_id}"
    audit(session, write.caller, "payment.moved", subject, reason, detail, write.now)
    return row


def move_back(write: Write, payment_id: int, move_no: int, day: int, reason: str) -> int:
    """Undoes a move on a day, both legs; the entry that takes back the credit.

    Raises EntryReversed.
    """
    provider_id = provider_acting(write.caller)
    moves = rows.moves(write.session, provider_id, payment_id)
    move = next(one for one in moves if one.move_no == move_no)
    source = f"payment move back/{payment_id}/{move_no}"
    posting = Posting(provider_id, source, write.caller.client_id, write.now)
    undoing = _undo(write.session, move, day, posting)
    detail = {"payment_id": payment_id, "move_no": move_no, "amount": move.amount}
    subject = f"payment {payment_id}"
    audit(write.session, write.caller, "payment.moved_back", subject, reason, detail, write.now)
    return undoing


def undo_moves(session: Session, payment_id: int, day: int, posting: Posting) -> None:
    """Undoes what stands of a payment's moves, as the payment itself is taken back."""
    moves = rows.moves(session, posting.provider_id, payment_id)
    for move in moves_standing(moves):
        source = f"{posting.source}/moved {move.move_no}"
        told = posting.client_id, posting.recorded_at
        _undo(session, move, day, Posting(posting.provider_id, source, *told))


def _undo(session: Session, move: PaymentMoveRow, day: int, posting: Posting) -> int:
    """Undoes both legs; the entry that takes back the credit."""
    undoing = []
    for side, account_id, entry_id in (
        ("to", move.to_account_id, move.to_entry_id),
        ("from", move.from_account_id, move.from_entry_id),
    ):
        source = f"{posting.source}/{side}"
        at = Posting(posting.provider_id, source, posting.client_id, posting.recorded_at)
        undoing.append(reverse_account_entry(session, account_id, entry_id, day, at))
    return undoing[0]
