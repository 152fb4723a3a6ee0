"""Receipts of debts that had been paid otherwise: listed, and settled in one of two ways.

The receipt stands and the surplus is credit of the account. It is kept for the next bill, or a
correction case (paid twice) is opened, whose correction pays it back.
"""

from collections.abc import Callable
from enum import IntEnum

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.collections.field.errors import ConflictSettled, ConflictUnknown
from billcore.core.store import field_records as rows
from billcore.core.store.field_records import ReceiptRow


class Settlement(IntEnum):
    """What became of a surplus; the numbers travel and are stored. 0: there is none."""

    OPEN = 1
    KEPT = 2  # as credit of the account
    REFUND = 3  # a correction case was opened
    VOIDED = 4  # the receipt was taken back


def settle(
    write: Write,
    number: int,
    how: Settlement,
    reason: str,
    open_case: Callable[[Write, ReceiptRow], int],
) -> ReceiptRow:
    """Settles the conflict of a receipt. Raises ConflictUnknown, ConflictSettled."""
    session, provider_id = write.session, provider_acting(write.caller)
    row = rows.held_receipt(session, provider_id, number)
    if row is None or not row.surplus:
        raise ConflictUnknown(number)
    there = settlement_of(row)
    if there is not Settlement.OPEN:
        raise ConflictSettled(
            f"The conflict of receipt {number} was settled: {there.name.lower()}.", number=number
        )
    case_no = open_case(write, row) if how is Settlement.REFUND else 0
    rows.settle(session, provider_id, number, int(how), case_no)
    told = {"number": number, "how": how.name, "case_no": case_no, "account_id": row.account_id}
    tell(write, provider_id, "field.conflict_settled", f"receipt {number}", told, reason)
    return row._replace(settlement=int(how), case_no=case_no)


def settlement_of(row: ReceiptRow) -> Settlement:
    """What became of the surplus of a receipt."""
    return Settlement.VOIDED if row.void_seq else Settlement(row.settlement)
