"""Issued documents: the bill and payment ids that bills were issued with."""

from billcore.core.store.chosen import chosen
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Session

OF_RANGE = """SELECT account_id, bill_id, payer_code, payment_code, amount FROM issued_document
WHERE account_id :chosen ORDER BY account_id, payment_code, bill_id"""

KINDS = dict.fromkeys(("account_id", "bill_id", "payer_code", "payment_code", "amount"), Kind.INT)


def add(session: Session, columns: Columns) -> None:
    """Rows of `issued_document`; StoreConflict when one is there."""
    session.insert("issued_document", columns)


def of_accounts(reader: Reader, account_id: Ints) -> dict[str, Column]:
    """The documents of these accounts, and maybe of some between them; sorted by account only."""
    return chosen(reader, OF_RANGE, KINDS, account_id)
