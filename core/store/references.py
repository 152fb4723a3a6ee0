"""What one-off bills stand for, as their callers said."""

from billcore.core.store.port import Reader, Session

ADD = """INSERT INTO bill_reference (account_id, bill_id, reference)
VALUES (:account_id, :bill_id, :reference)"""

COPY = """INSERT INTO bill_reference (account_id, bill_id, reference)
SELECT account_id, :to, reference FROM bill_reference
WHERE account_id = :account_id AND bill_id = :bill_id"""

OF_BILL = """SELECT reference FROM bill_reference
WHERE account_id = :account_id AND bill_id = :bill_id"""


def add(session: Session, account_id: int, bill_id: int, reference: str) -> None:
    """The reference of a new bill."""
    session.run(ADD, account_id=account_id, bill_id=bill_id, reference=reference)


def copy(session: Session, account_id: int, bill_id: int, to: int) -> None:
    """Gives a new bill the reference of another, if that has one."""
    session.run(COPY, account_id=account_id, bill_id=bill_id, to=to)


def of_bill(reader: Reader, account_id: int, bill_id: int) -> str:
    """What a bill stands for; "": nothing is said."""
    row = reader.row(OF_BILL, account_id=account_id, bill_id=bill_id)
    return str(row[0]) if row else ""
