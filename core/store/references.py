"""What one-off bills stand for, as their callers said."""

from collections.abc import Sequence

from billcore.core.store.port import Reader, Row, Session

ADD = """INSERT INTO bill_reference (account_id, bill_id, reference)
VALUES (:account_id, :bill_id, :reference)"""

COPY = """INSERT INTO bill_reference (account_id, bill_id, reference)
SELECT account_id, :to, reference FROM bill_reference
WHERE account_id = :account_id AND bill_id = :bill_id"""

OF_BILL = """SELECT reference FROM bill_reference
WHERE account_id = :account_id AND bill_id = :bill_id"""

BILLLESS = """SELECT r.account_id, r.bill_id FROM bill_reference r
WHERE r.account_id BETWEEN :lo AND :hi AND NOT EXISTS (
    SELECT 1 FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id = r.account_id
    WHERE m.provider_id = r.account_id >> 28 AND b.bill_id = r.bill_id)
ORDER BY r.account_id, r.bill_id LIMIT :most"""


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


def billless(reader: Reader, lo: int, hi: int, most: int) -> Sequence[Row]:
    """(account, bill) of references of a range of accounts whose bill is not there."""
    return reader.rows(BILLLESS, lo=lo, hi=hi, most=most)
