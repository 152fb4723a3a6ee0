"""Readings and the decisions on them."""

from collections.abc import Iterator
from typing import NamedTuple

from billcore.core.store.chosen import chosen, ranged
from billcore.core.store.columns import of_rows
from billcore.core.store.listed import lists
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Row, Session

OF_MONTH = """SELECT account_id, meter_id, register_no, day, version, value, source, status,
findings, client_id, recorded_at FROM reading WHERE month = :month AND account_id :chosen"""

BORDERS = """SELECT account_id, meter_id, register_no, day, version, value, status, findings
FROM reading WHERE month = :month AND account_id :chosen"""

OF_ACCOUNT = """SELECT account_id, meter_id, register_no, day, version, value, source, status,
findings, client_id, recorded_at FROM reading
WHERE month IN (:months) AND account_id = :account_id"""

DECISIONS = """SELECT account_id, meter_id, register_no, day, version, decision_no, status
FROM reading_decision WHERE account_id :chosen"""

DECIDE = """INSERT INTO reading_decision (account_id, meter_id, register_no, day, version,
decision_no, status, reason, client_id, recorded_at)
SELECT :account_id, :meter_id, :register_no, :day, :version, COALESCE(MAX(decision_no), 0) + 1,
:status, :reason, :client_id, :recorded_at FROM reading_decision
WHERE account_id = :account_id AND meter_id = :meter_id AND register_no = :register_no
AND day = :day AND version = :version"""

NEXT_MONTH = "SELECT month FROM reading WHERE month > :after ORDER BY month LIMIT 1"

KEYS_OF_MONTH = """SELECT account_id, meter_id, register_no, day, version FROM reading
WHERE month = :month AND account_id BETWEEN :first AND :last"""

OUTSIDE = """SELECT r.account_id, r.meter_id, r.register_no, r.day, r.version FROM reading r
WHERE r.account_id BETWEEN :first AND :last AND NOT EXISTS (
SELECT 1 FROM installation i WHERE i.account_id = r.account_id AND i.meter_id = r.meter_id
AND i.register_no = r.register_no AND r.day BETWEEN i.from_day AND i.until_day)
ORDER BY r.account_id, r.meter_id, r.register_no, r.day, r.version"""

SPARSE = """SELECT account_id, meter_id, register_no, day, COUNT(*), MIN(version), MAX(version)
FROM reading WHERE account_id BETWEEN :first AND :last
GROUP BY account_id, meter_id, register_no, day
HAVING MIN(version) <> 1 OR MAX(version) <> COUNT(*)
ORDER BY account_id, meter_id, register_no, day"""

ORPHANED = """SELECT d.account_id, d.meter_id, d.register_no, d.day, d.version
FROM reading_decision d WHERE d.account_id BETWEEN :first AND :last AND NOT EXISTS (
SELECT 1 FROM reading r WHERE r.account_id = d.account_id AND r.meter_id = d.meter_id
AND r.register_no = d.register_no AND r.day = d.day AND r.version = d.version)
ORDER BY d.account_id, d.meter_id, d.register_no, d.day, d.version"""

KINDS = dict.fromkeys(
    (
        "account_id",
        "meter_id",
        "register_no",
        "day",
        "version",
        "value",
        "source",
        "status",
        "findings",
        "client_id",
        "recorded_at",
    ),
    Kind.INT,
)

DECISION_KINDS = dict.fromkeys(
    ("account_id", "meter_id", "register_no", "day", "version", "decision_no", "status"), Kind.INT
)


BORDER_KINDS = {
    name: kind for name, kind in KINDS.items() if name not in ("source", "client_id", "recorded_at")
}

KEY_KINDS = {
    name: KINDS[name] for name in ("account_id", "meter_id", "register_no", "day", "version")
}


class Decision(NamedTuple):
    """A row of `reading_decision` without its number."""

    account_id: int
    meter_id: int
    register_no: int
    day: int
    version: int
    status: int
    reason: str
    client_id: int
    recorded_at: int


def of_month(reader: Reader, month: int, account_id: Ints) -> dict[str, Column]:
    """The readings of these accounts (and maybe of some between them) in a month."""
    return chosen(reader, OF_MONTH, KINDS, account_id, month=month)


def of_account(
    reader: Reader, account_id: int, first: int, last: int
) -> Iterator[dict[str, Column]]:
    """The readings of one account in the months first..last, a statement for many months."""
    for sql, names in lists(OF_ACCOUNT, ":months", range(first, last + 1)):
        yield of_rows(KINDS, reader.rows(sql, **names, account_id=account_id))


def borders_of_month(reader: Reader, month: int, account_id: Ints) -> dict[str, Column]:
    """As `of_month`, without the columns that no usage depends on."""
    return chosen(reader, BORDERS, BORDER_KINDS, account_id, month=month)


def borders_of_range(reader: Reader, month: int, first: int, last: int) -> dict[str, Column]:
    """The same of accounts first..last."""
    return ranged(reader, BORDERS, BORDER_KINDS, first, last, month=month)


def decisions(reader: Reader, account_id: Ints) -> dict[str, Column]:
    """The decisions on readings of these accounts (and maybe of some between them)."""
    return chosen(reader, DECISIONS, DECISION_KINDS, account_id)


def decisions_range(reader: Reader, first: int, last: int) -> dict[str, Column]:
    """The decisions on readings of accounts first..last."""
    return ranged(reader, DECISIONS, DECISION_KINDS, first, last)


def add(session: Session, columns: Columns, months: list[int]) -> None:
    """Writes readings of these months; StoreConflict where another wrote the same version."""
    for month in months:
        session.open_month(month)
    session.insert("reading", columns)


def decide(session: Session, decision: Decision) -> None:
    """Writes the next decision on a reading."""
    session.run(DECIDE, **decision._asdict())


# -- what must not be


def months(reader: Reader) -> list[int]:
    """The months in which there are readings, of any provider."""
    found: list[int] = []
    while row := reader.row(NEXT_MONTH, after=found[-1] if found else -1):
        found.append(int(row[0]))
    return found


def keys_of_month(reader: Reader, month: int, first: int, last: int) -> dict[str, Column]:
    """The keys of the readings of accounts first..last in a month."""
    return reader.fetch(KEYS_OF_MONTH, KEY_KINDS, month=month, first=first, last=last)


def sparse(reader: Reader, first: int, last: int) -> list[Row]:
    """(account, meter, register, day, versions, least, most) where versions are not 1, 2, 3, …"""
    return reader.rows(SPARSE, first=first, last=last)


def orphaned(reader: Reader, first: int, last: int) -> list[Row]:
    """(account, meter, register, day, version) of decisions on no reading."""
    return reader.rows(ORPHANED, first=first, last=last)


def outside(reader: Reader, first: int, last: int) -> list[Row]:
    """(account, meter, register, day, version) of readings outside installations."""
    return reader.rows(OUTSIDE, first=first, last=last)
