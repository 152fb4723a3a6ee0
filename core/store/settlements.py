"""Settlements: what reports of days come to, what channels pay at once, and credits of banks."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.columns import of_rows
from billcore.core.store.port import Kind, Reader, Row, Session

REPORTED: dict[str, Kind] = {
    "provider_id": Kind.INT,
    "channel_no": Kind.INT,
    "day": Kind.INT,
    "batch": Kind.TEXT,
    "line_count": Kind.INT,
    "amount": Kind.INT,
    "fee": Kind.INT,
}

REPORTED_DAYS = """SELECT channel_no, day, batch, line_count, amount, fee FROM reported_day
WHERE provider_id = :provider_id AND channel_no = :channel_no AND day >= :since
ORDER BY day, batch"""

FORGET_REPORTED = """DELETE FROM reported_day
WHERE provider_id = :provider_id AND channel_no = :channel_no AND day = :day"""

REPORTED_SUMS = """SELECT d.channel_no, d.day, d.report_amount,
CAST(COALESCE((SELECT SUM(b.report_amount) FROM recon_break b WHERE b.provider_id = d.provider_id
    AND b.channel_no = d.channel_no AND b.day = d.day AND b.kind = :duplicate
    AND b.ledger_amount = 0 AND b.state <> :resolved), 0) AS BIGINT),
CAST(COALESCE((SELECT SUM(r.amount) FROM reported_day r WHERE r.provider_id = d.provider_id
    AND r.channel_no = d.channel_no AND r.day = d.day), 0) AS BIGINT)
FROM recon_day d JOIN channel c ON c.channel_no = d.channel_no
    AND (c.provider_id = d.provider_id OR c.provider_id = 0)
WHERE d.provider_id = :provider_id AND c.kind <> :bank_account ORDER BY d.channel_no, d.day"""

SETTLEMENT: dict[str, Kind] = {
    "provider_id": Kind.INT,
    "settlement_id": Kind.INT,
    "channel_no": Kind.INT,
    "bank_no": Kind.INT,
    "batch": Kind.TEXT,
    "first_day": Kind.INT,
    "last_day": Kind.INT,
    "due_day": Kind.INT,
    "line_count": Kind.INT,
    "gross": Kind.INT,
    "fee": Kind.INT,
    "paid": Kind.INT,
    "charged": Kind.INT,
    "credit_day": Kind.INT,
    "kind": Kind.INT,
    "posted_bank": Kind.INT,
    "posted_fee": Kind.INT,
    "posting_no": Kind.INT,
    "changed_at": Kind.INT,
}

_SETTLEMENT = f"""SELECT {", ".join(SETTLEMENT)} FROM settlement
WHERE provider_id = :provider_id"""  # noqa: S608 - our own column names

OF_BANK = f"{_SETTLEMENT} AND bank_no = :bank_no AND last_day >= :since ORDER BY settlement_id"

OF_DAY = f"""{_SETTLEMENT} AND bank_no = :bank_no
AND (credit_day = :day OR credit_day = 0 AND due_day = :day) ORDER BY settlement_id"""

COVERING = f"""{_SETTLEMENT} AND channel_no = :channel_no
AND last_day >= :first_day AND first_day <= :last_day ORDER BY settlement_id"""

LISTED = f"""{_SETTLEMENT} AND channel_no = :channel_no AND last_day >= :since
AND settlement_id > :after AND (:open = 0 OR kind <> :matched) ORDER BY settlement_id LIMIT :most"""

FIND = f"{_SETTLEMENT} AND settlement_id = :settlement_id"

FORGET = """DELETE FROM settlement
WHERE provider_id = :provider_id AND settlement_id = :settlement_id"""

CREDIT: dict[str, Kind] = {
    "provider_id": Kind.INT,
    "bank_no": Kind.INT,
    "credit_id": Kind.INT,
    "day": Kind.INT,
    "file_no": Kind.INT,
    "line_no": Kind.INT,
    "amount": Kind.INT,
    "charged": Kind.INT,
    "settlement_id": Kind.INT,
    "returns": Kind.INT,
}

_CREDIT = f"""SELECT {", ".join(CREDIT)} FROM bank_credit
WHERE provider_id = :provider_id AND bank_no = :bank_no"""  # noqa: S608 - our own column names

CREDITS = f"{_CREDIT} AND day >= :since ORDER BY credit_id"

CREDITS_OF_DAY = f"{_CREDIT} AND day = :day ORDER BY credit_id"

CREDITS_OF = f"""SELECT {", ".join(CREDIT)} FROM bank_credit
WHERE provider_id = :provider_id AND settlement_id = :settlement_id ORDER BY day, credit_id"""  # noqa: S608 - our own column names

FORGET_CREDITS = """DELETE FROM bank_credit
WHERE provider_id = :provider_id AND bank_no = :bank_no AND day >= :since"""

CREDIT_DAYS = """SELECT bank_no, day, CAST(SUM(amount) AS BIGINT), COUNT(DISTINCT file_no)
FROM bank_credit WHERE provider_id = :provider_id GROUP BY bank_no, day"""

STATEMENT_LINES = """SELECT l.file_no, l.line_no, s.format, l.kind, l.amount, l.fee, l.day,
l.value_day, l.batch, l.count, l.reference, l.end_to_end, l.return_code, l.payer, l.text, l.line
FROM bank_statement s
JOIN channel_file f ON f.provider_id = s.provider_id AND f.file_no = s.file_no AND f.state = :state
JOIN statement_line l ON l.provider_id = s.provider_id AND l.file_no = s.file_no
    AND l.statement_no = s.statement_no
WHERE s.provider_id = :provider_id AND s.account = :account AND l.day BETWEEN :since AND :until
ORDER BY l.file_no, l.line_no"""

SUSPENDED = """SELECT o.reference, o.payment_id, o.day, o.amount,
CAST(o.amount - COALESCE(SUM(m.amount), 0) AS BIGINT)
FROM payment_order o LEFT JOIN suspense_move m
    ON m.provider_id = o.provider_id AND m.payment_id = o.payment_id
WHERE o.provider_id = :provider_id AND o.channel_no = :bank_no AND o.day BETWEEN :since AND :until
AND NOT EXISTS (SELECT 1 FROM payment_reversal r WHERE r.provider_id = o.provider_id
    AND r.channel_no = o.channel_no AND r.payment_reference = o.reference)
GROUP BY o.reference, o.payment_id, o.day, o.amount ORDER BY o.reference"""

COLLECTED = """SELECT o.reference, o.day, o.amount,
CASE WHEN r.reference IS NULL THEN 0 ELSE 1 END
FROM payment_order o LEFT JOIN payment_reversal r ON r.provider_id = o.provider_id
    AND r.channel_no = o.channel_no AND r.payment_reference = o.reference
WHERE o.provider_id = :provider_id AND o.channel_no = :channel_no AND o.day >= :since
ORDER BY o.day, o.reference"""

POSTED = """SELECT s.bank_no, CAST(SUM(s.posted_bank) AS BIGINT) FROM settlement s
WHERE s.provider_id = :provider_id GROUP BY s.bank_no ORDER BY s.bank_no"""

MISFITS = """SELECT s.settlement_id, s.paid, CAST(COALESCE(SUM(c.amount), 0) AS BIGINT)
FROM settlement s LEFT JOIN bank_credit c
    ON c.provider_id = s.provider_id AND c.settlement_id = s.settlement_id
WHERE s.provider_id = :provider_id
GROUP BY s.settlement_id, s.paid HAVING s.paid <> COALESCE(SUM(c.amount), 0)
ORDER BY s.settlement_id LIMIT :most"""

UNPOSTED = f"""{_SETTLEMENT} AND (posted_bank <> paid
OR posted_fee <> CASE WHEN credit_day > 0 OR gross = fee THEN fee + charged ELSE 0 END)
ORDER BY settlement_id LIMIT :most"""


class ReportedRow(NamedTuple):
    """What the reports of a day tell of a batch."""

    channel_no: int
    day: int
    batch: str
    line_count: int
    amount: int
    fee: int


class SettlementRow(NamedTuple):
    """A row of `settlement`."""

    provider_id: int
    settlement_id: int
    channel_no: int
    bank_no: int
    batch: str
    first_day: int
    last_day: int
    due_day: int
    line_count: int
    gross: int
    fee: int
    paid: int
    charged: int
    credit_day: int
    kind: int
    posted_bank: int
    posted_fee: int
    posting_no: int
    changed_at: int

    @property
    def net(self) -> int:
        """What the bank should have of it, by the terms of its channel."""
        return self.gross - self.fee

    @property
    def missing(self) -> int:
        """What the bank has too little of it, beside what it kept itself."""
        return self.net - self.charged - self.paid


class CreditRow(NamedTuple):
    """A row of `bank_credit`."""

    provider_id: int
    bank_no: int
    credit_id: int
    day: int
    file_no: int
    line_no: int
    amount: int
    charged: int
    settlement_id: int
    returns: int


class BankLine(NamedTuple):
    """A line of a statement of an account, with the format that tells it."""

    file_no: int
    line_no: int
    format: str
    kind: int
    amount: int
    fee: int
    day: int
    value_day: int
    batch: str
    transactions: int
    reference: str
    end_to_end: str
    return_code: str
    payer: str
    text: str
    line: int


class SuspendedRow(NamedTuple):
    """A credit that was posted as money whose owner is unknown, and was not taken back."""

    reference: str
    payment_id: int
    day: int
    amount: int
    open: int


class CollectedRow(NamedTuple):
    """A payment of a direct debit; returned: 1 if it was reversed since."""

    reference: str
    day: int
    amount: int
    returned: int


Key = tuple[int, int]
"""(provider, channel)."""


# -- what reports come to


def set_reported(session: Session, key: Key, day: int, found: Sequence[ReportedRow]) -> None:
    """What the reports of a day come to, in the place of what was kept of it."""
    session.run(FORGET_REPORTED, provider_id=key[0], channel_no=key[1], day=day)
    if found:
        session.insert("reported_day", of_rows(REPORTED, [(key[0], *row) for row in found]))


def reported_days(reader: Reader, key: Key, since: int) -> list[ReportedRow]:
    """What the reports of a channel come to from a day on, in order."""
    rows = reader.rows(REPORTED_DAYS, provider_id=key[0], channel_no=key[1], since=since)
    return [ReportedRow(*row) for row in rows]  # type: ignore[arg-type]


def collected(reader: Reader, key: Key, since: int) -> list[CollectedRow]:
    """What the books have of a channel from a day on, in order of days."""
    rows = reader.rows(COLLECTED, provider_id=key[0], channel_no=key[1], since=since)
    return [CollectedRow(*row) for row in rows]  # type: ignore[arg-type]


def reported_sums(
    reader: Reader, provider_id: int, duplicate: int, resolved: int, bank_account: str
) -> list[tuple[int, ...]]:
    """(channel, day, what its reports come to, duplicates of it, what is kept of it)."""
    values = {"duplicate": duplicate, "resolved": resolved}
    rows = reader.rows(REPORTED_SUMS, provider_id=provider_id, bank_account=bank_account, **values)
    return [tuple(map(int, row)) for row in rows]


# -- settlements


def _settlements(rows: Sequence[Row]) -> list[SettlementRow]:
    return [SettlementRow(*row) for row in rows]  # type: ignore[arg-type]


def of_bank(reader: Reader, provider_id: int, bank_no: int, since: int) -> list[SettlementRow]:
    """The settlements of a bank account that end on a day or later, by id."""
    values = {"provider_id": provider_id, "bank_no": bank_no, "since": since}
    return _settlements(reader.rows(OF_BANK, **values))


def of_day(reader: Reader, provider_id: int, bank_no: int, day: int) -> list[SettlementRow]:
    """Those that the bank credited last on a day, or that are due then and not credited."""
    values = {"provider_id": provider_id, "bank_no": bank_no, "day": day}
    return _settlements(reader.rows(OF_DAY, **values))


def covering(reader: Reader, key: Key, first_day: int, last_day: int) -> list[SettlementRow]:
    """The settlements of a channel that some of these days are in."""
    values = {"provider_id": key[0], "channel_no": key[1]}
    rows = reader.rows(COVERING, **values, first_day=first_day, last_day=last_day)
    return _settlements(rows)


def listed(
    reader: Reader, key: Key, since: int, after: int, most: int, matched: int, *, open_: bool
) -> list[SettlementRow]:
    """A channel's settlements that end on a day or later, behind an id; open_: but the matched."""
    values = {"provider_id": key[0], "channel_no": key[1], "since": since, "after": after}
    rows = reader.rows(LISTED, **values, most=most, matched=matched, open=int(open_))
    return _settlements(rows)


def find(reader: Reader, provider_id: int, settlement_id: int) -> SettlementRow | None:
    """A settlement, or None."""
    row = reader.row(FIND, provider_id=provider_id, settlement_id=settlement_id)
    return SettlementRow(*row) if row else None  # type: ignore[arg-type]


def set_settlements(session: Session, rows: Sequence[SettlementRow]) -> None:
    """Settlements as they are now."""
    for row in rows:
        key = {"provider_id": row.provider_id, "settlement_id": row.settlement_id}
        session.run(FORGET, **key)
    if rows:
        session.insert("settlement", of_rows(SETTLEMENT, rows))


# -- credits


def _credits(rows: Sequence[Row]) -> list[CreditRow]:
    return [CreditRow(*map(int, row)) for row in rows]


def credits(reader: Reader, provider_id: int, bank_no: int, since: int) -> list[CreditRow]:
    """The credits of a bank account from a day on, by id."""
    values = {"provider_id": provider_id, "bank_no": bank_no, "since": since}
    return _credits(reader.rows(CREDITS, **values))


def credits_of_day(reader: Reader, provider_id: int, bank_no: int, day: int) -> list[CreditRow]:
    """The credits of a bank account that were booked on a day, by id."""
    values = {"provider_id": provider_id, "bank_no": bank_no, "day": day}
    return _credits(reader.rows(CREDITS_OF_DAY, **values))


def credits_of(reader: Reader, provider_id: int, settlement_id: int) -> list[CreditRow]:
    """The credits that pay a settlement, by day."""
    values = {"provider_id": provider_id, "settlement_id": settlement_id}
    return _credits(reader.rows(CREDITS_OF, **values))


def set_credits(session: Session, key: Key, since: int, rows: Sequence[CreditRow]) -> None:
    """The credits of a bank account from a day on, in the place of those that there were."""
    session.run(FORGET_CREDITS, provider_id=key[0], bank_no=key[1], since=since)
    if rows:
        session.insert("bank_credit", of_rows(CREDIT, rows))


def lines(
    reader: Reader, provider_id: int, account: str, days: tuple[int, int], state: int
) -> list[BankLine]:
    """What files in a state tell of an account's days from the first to the last, in order."""
    values = {"provider_id": provider_id, "since": days[0], "until": days[1], "state": state}
    rows = reader.rows(STATEMENT_LINES, account=account, **values)
    return [BankLine(*row) for row in rows]  # type: ignore[arg-type]


def suspended(
    reader: Reader, provider_id: int, bank_no: int, days: tuple[int, int]
) -> list[SuspendedRow]:
    """The credits of these days that were posted as money whose owner is unknown."""
    values = {"provider_id": provider_id, "bank_no": bank_no, "since": days[0], "until": days[1]}
    return [SuspendedRow(*row) for row in reader.rows(SUSPENDED, **values)]  # type: ignore[arg-type]


# -- what verify looks at


def credit_days(reader: Reader, provider_id: int) -> dict[tuple[int, int], tuple[int, int]]:
    """By (bank account, day): what its credits come to, and of how many files they are."""
    rows = reader.rows(CREDIT_DAYS, provider_id=provider_id)
    return {(int(a), int(b)): (int(c), int(d)) for a, b, c, d in rows}


def posted(reader: Reader, provider_id: int) -> dict[int, int]:
    """By bank account, what the entries of its settlements come to."""
    rows = reader.rows(POSTED, provider_id=provider_id)
    return {int(bank_no): int(amount) for bank_no, amount in rows}


def misfits(reader: Reader, provider_id: int, most: int) -> list[tuple[int, int, int]]:
    """(settlement, what it says was paid, what its credits come to) where they differ."""
    rows = reader.rows(MISFITS, provider_id=provider_id, most=most)
    return [(int(a), int(b), int(c)) for a, b, c in rows]


def unposted(reader: Reader, provider_id: int, most: int) -> list[SettlementRow]:
    """Settlements whose entries are not what was paid of them and their fees."""
    return _settlements(reader.rows(UNPOSTED, provider_id=provider_id, most=most))
