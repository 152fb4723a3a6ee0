"""Receipts: what each was issued for, its prints, and wrong codes."""

from typing import NamedTuple

from billcore.core.store.port import Reader, Row, Session

COLUMNS = (
    "number", "channel_no", "reference", "part_no", "account_id", "payment_id", "amount",
    "paid_at", "content", "key_id", "client_id", "recorded_at",
)  # fmt: skip
_COLUMNS = ", ".join(COLUMNS)

OF_NUMBER = f"""SELECT {_COLUMNS} FROM receipt
WHERE provider_id = :provider_id AND number = :number"""  # noqa: S608 - our own column names

OF_PAYMENT = f"""SELECT {_COLUMNS} FROM receipt
WHERE provider_id = :provider_id AND payment_id = :payment_id"""  # noqa: S608 - as above

ADD = f"""INSERT INTO receipt (provider_id, {_COLUMNS})
VALUES (:provider_id, {", ".join(f":{name}" for name in COLUMNS)})"""  # noqa: S608 - as above

COPIES = """SELECT COUNT(*) FROM receipt_copy
WHERE provider_id = :provider_id AND number = :number"""

ADD_COPY = """INSERT INTO receipt_copy (provider_id, number, copy_no, recipient, client_id,
    recorded_at)
VALUES (:provider_id, :number, :copy_no, :recipient, :client_id, :recorded_at)"""

LOCKED = """SELECT locked_until FROM receipt_guard
WHERE provider_id = :provider_id AND kind = :kind AND subject = :subject"""

COUNT_WRONG = """INSERT INTO receipt_guard (provider_id, kind, subject, failures, since,
locked_until) VALUES (:provider_id, :kind, :subject, 1, :now, 0)
ON CONFLICT (provider_id, kind, subject) DO UPDATE SET
failures = CASE WHEN receipt_guard.since < :begin THEN 1 ELSE receipt_guard.failures + 1 END,
since = CASE WHEN receipt_guard.since < :begin THEN :now ELSE receipt_guard.since END
RETURNING failures"""

LOCK = """UPDATE receipt_guard SET failures = 0, since = :now, locked_until = :locked_until
WHERE provider_id = :provider_id AND kind = :kind AND subject = :subject"""

COUNTED = """SELECT COUNT(*), COALESCE(MAX(number), 0) FROM receipt
WHERE provider_id = :provider_id AND number < :below"""

MISFIT = """SELECT r.number FROM receipt r
WHERE r.provider_id = :provider_id AND (
    NOT EXISTS (SELECT 1 FROM account_entry e WHERE e.account_id = r.account_id
        AND e.account_entry_id = r.payment_id AND e.amount = -r.amount)
    OR (SELECT COUNT(*) FROM receipt_copy c
        WHERE c.provider_id = r.provider_id AND c.number = r.number) <>
       (SELECT COALESCE(MAX(c.copy_no), -2) + 1 FROM receipt_copy c
        WHERE c.provider_id = r.provider_id AND c.number = r.number))
ORDER BY r.number LIMIT :most"""

COPIED_ALONE = """SELECT c.number FROM receipt_copy c WHERE c.provider_id = :provider_id
AND NOT EXISTS (SELECT 1 FROM receipt r
    WHERE r.provider_id = c.provider_id AND r.number = c.number)
ORDER BY c.number LIMIT :most"""


class ReceiptRow(NamedTuple):
    """A row of `receipt`, without its provider."""

    number: int
    channel_no: int
    reference: str
    part_no: int
    account_id: int
    payment_id: int
    amount: int
    paid_at: int
    content: str
    key_id: str
    client_id: int
    recorded_at: int


def of_number(reader: Reader, provider_id: int, number: int) -> ReceiptRow | None:
    """A receipt of the provider, or None."""
    return _row(reader.row(OF_NUMBER, provider_id=provider_id, number=number))


def of_payment(reader: Reader, provider_id: int, payment_id: int) -> ReceiptRow | None:
    """The receipt of a payment, or None."""
    return _row(reader.row(OF_PAYMENT, provider_id=provider_id, payment_id=payment_id))


def _row(row: Row | None) -> ReceiptRow | None:
    return None if row is None else ReceiptRow(*row)  # type: ignore[arg-type]


def add(session: Session, provider_id: int, row: ReceiptRow) -> None:
    """A new receipt; StoreConflict when its number or payment has one."""
    session.run(ADD, provider_id=provider_id, **row._asdict())


def copies(reader: Reader, provider_id: int, number: int) -> int:
    """How often a receipt was printed, the original included."""
    row = reader.row(COPIES, provider_id=provider_id, number=number)
    assert row is not None
    return int(row[0])


def add_copy(
    session: Session, provider_id: int, number: int, copy_no: int, recipient: str,
    client_id: int, now: int,
) -> None:  # fmt: skip
    """A print of a receipt."""
    values = {"copy_no": copy_no, "client_id": client_id, "recorded_at": now}
    session.run(ADD_COPY, provider_id=provider_id, number=number, recipient=recipient, **values)


def locked_until(reader: Reader, provider_id: int, kind: int, subject: int) -> int:
    """Until when nobody may try codes of a subject; 0: it never was locked."""
    row = reader.row(LOCKED, provider_id=provider_id, kind=kind, subject=subject)
    return int(row[0]) if row else 0


def count_wrong(
    session: Session, provider_id: int, kind: int, subject: int, now: int, begin: int
) -> int:
    """Counts a wrong code; how many there were since one that is not before `begin`."""
    values = {"kind": kind, "subject": subject, "now": now, "begin": begin}
    (row,) = session.rows(COUNT_WRONG, provider_id=provider_id, **values)
    return int(row[0])


def lock(session: Session, provider_id: int, kind: int, subject: int, now: int, until: int) -> None:
    """Locks a subject, and counts anew."""
    values = {"kind": kind, "subject": subject, "now": now, "locked_until": until}
    session.run(LOCK, provider_id=provider_id, **values)


# -- what verify looks at


def counted(reader: Reader, provider_id: int, below: int) -> tuple[int, int]:
    """How many receipts there are with numbers below one, and the highest of those."""
    row = reader.row(COUNTED, provider_id=provider_id, below=below)
    assert row is not None
    return int(row[0]), int(row[1])


def misfit(reader: Reader, provider_id: int, most: int) -> list[int]:
    """Receipts without their payment, or with a gap in their prints."""
    return [int(row[0]) for row in reader.rows(MISFIT, provider_id=provider_id, most=most)]


def copied_alone(reader: Reader, provider_id: int, most: int) -> list[int]:
    """Numbers of prints whose receipt is not there."""
    return [int(row[0]) for row in reader.rows(COPIED_ALONE, provider_id=provider_id, most=most)]
