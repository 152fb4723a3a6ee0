"""Bills: the rows of record of what was charged."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from billcore.core.store.chosen import chosen
from billcore.core.store.columns import picked
from billcore.core.store.last_bills import keep_latest
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Session

INTS = (
    "month",
    "account_id",
    "kind",
    "ordinal",
    "version",
    "bill_id",
    "entry_id",
    "previous_day",
    "this_day",
    "issued_day",
    "due_day",
    "recorded_at",
    "opening",
    "total",
    "closing",
)
BLOBS = ("lines", "inputs", "carried")
COLUMNS: dict[str, Kind] = dict.fromkeys(INTS, Kind.INT) | dict.fromkeys(BLOBS, Kind.BYTES)
"""Every column of a bill, in order."""

RATED = "b.kind IN (0, 1, 4)"
"""Bills of days: regular and final ones, and those in the place of others."""

STANDS = """NOT EXISTS (SELECT 1 FROM bill_correction c
    WHERE c.account_id = b.account_id AND c.bill_id = b.bill_id)"""
"""Bills that no credit note cancels."""

_HEADER = ", ".join(f"b.{name}" for name in INTS)
_LIST = ", ".join(f"b.{name}" for name in COLUMNS)

ADD_MONTH = """INSERT INTO bill_month (provider_id, month) VALUES (:provider_id, :month)
ON CONFLICT DO NOTHING"""

MONTHS = "SELECT month FROM bill_month WHERE provider_id = :provider_id ORDER BY month"

AMOUNTS = """SELECT b.bill_id, b.kind, b.issued_day, b.due_day, b.total, b.recorded_at,
COALESCE(r.reference, ''), COALESCE(c.bill_id, 0)
FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id = :account_id
LEFT JOIN bill_reference r ON r.account_id = b.account_id AND r.bill_id = b.bill_id
LEFT JOIN bill_correction c ON c.account_id = b.account_id AND c.credit_id = b.bill_id
WHERE m.provider_id = :account_id >> 28
AND b.issued_day <= :until_day AND b.recorded_at <= :known_at"""

AMOUNTS_OF = """SELECT b.account_id, b.bill_id, b.issued_day, b.due_day, b.total, b.recorded_at,
COALESCE(c.bill_id, 0) AS cancels
FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id :chosen
LEFT JOIN bill_correction c ON c.account_id = b.account_id AND c.credit_id = b.bill_id
WHERE m.provider_id = :provider_id
AND b.issued_day <= :until_day AND b.recorded_at <= :known_at"""

LINES_OF = """SELECT b.bill_id, b.total, b.lines
FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id :chosen
WHERE m.provider_id = :provider_id AND b.total > 0"""

PERIOD_DAYS = f"""SELECT b.bill_id, b.this_day - b.previous_day AS days
FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id :chosen
WHERE m.provider_id = :provider_id AND b.issued_day > :after AND {RATED}
ORDER BY b.bill_id"""  # noqa: S608 - our own words

LAST = """SELECT b.month, b.bill_id FROM bill_month m
JOIN bill b ON b.month = m.month AND b.account_id = :account_id
WHERE m.provider_id = :account_id >> 28
ORDER BY b.recorded_at DESC, b.bill_id DESC LIMIT 1"""

OF_MONTH = f"""SELECT {_LIST} FROM bill b
WHERE b.month = :month AND b.account_id BETWEEN :lo AND :hi
ORDER BY b.account_id, b.kind, b.ordinal, b.version"""  # noqa: S608 - our own column names

ONE = f"""SELECT {_LIST} FROM bill b WHERE b.month = :month AND b.account_id = :account_id
AND b.bill_id = :bill_id"""  # noqa: S608 - our own column names

HEADERS = f"""SELECT {_HEADER} FROM bill_month m
JOIN bill b ON b.month = m.month AND b.account_id = :account_id
WHERE m.provider_id = :account_id >> 28 AND b.bill_id > :after
ORDER BY b.bill_id LIMIT :most"""  # noqa: S608 - our own column names

NEWEST_HEADERS = f"""SELECT {_HEADER} FROM bill_month m
JOIN bill b ON b.month = m.month AND b.account_id = :account_id
WHERE m.provider_id = :account_id >> 28 AND b.bill_id < :before
ORDER BY b.bill_id DESC LIMIT :most"""  # noqa: S608 - our own column names

NEWEST = f"""SELECT {_HEADER} FROM bill_month m
JOIN bill b ON b.month = m.month AND b.account_id = :account_id
WHERE m.provider_id = :account_id >> 28 AND b.kind <> 3 AND b.issued_day <= :day AND {STANDS}
ORDER BY b.issued_day DESC, b.recorded_at DESC, b.bill_id DESC LIMIT 1"""  # noqa: S608 - our words

HEADER = f"""SELECT {_HEADER} FROM bill b WHERE b.month = :month AND b.account_id = :account_id
AND b.bill_id = :bill_id"""  # noqa: S608 - our own column names

_NEWEST = f"""SELECT :columns, ROW_NUMBER() OVER (
        PARTITION BY b.account_id ORDER BY b.this_day DESC, b.recorded_at DESC, b.bill_id DESC
    ) AS place
    FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id BETWEEN :lo AND :hi
    WHERE m.provider_id = :provider_id AND {RATED} AND {STANDS}"""  # noqa: S608 - our own words
"""The bills of days that stand, each with its place among its account's, the last one's is 1."""


def _newest(columns: str) -> str:
    return _NEWEST.replace(":columns", columns)


LAST_TOTALS = f"""SELECT account_id, COUNT(*) AS bills, CAST(SUM(days) AS BIGINT) AS days,
    CAST(SUM(total) AS BIGINT) AS total FROM (
    {_newest("b.account_id, b.total, b.this_day - b.previous_day AS days")}
) AS ordered WHERE place <= :most GROUP BY account_id ORDER BY account_id"""  # noqa: S608 - as above

LAST_INPUTS = f"""SELECT account_id, inputs FROM (
    {_newest("b.account_id, b.inputs")}
) AS ordered WHERE place <= :most ORDER BY account_id, place"""  # noqa: S608 - our own words

BALANCES = """SELECT account_id, CAST(SUM(amount) AS BIGINT) AS balance FROM (
    SELECT account_id, amount FROM account_entry WHERE account_id BETWEEN :lo AND :hi
    UNION ALL
    SELECT b.account_id, b.total FROM bill_month m
    JOIN bill b ON b.month = m.month AND b.account_id BETWEEN :lo AND :hi
    WHERE m.provider_id = :provider_id
) AS documents GROUP BY account_id ORDER BY account_id"""

BILLED_SINCE = """SELECT DISTINCT b.account_id FROM bill_month m
JOIN bill b ON b.month = m.month AND b.account_id BETWEEN :lo AND :hi
WHERE m.provider_id = :provider_id AND b.recorded_at > :since ORDER BY b.account_id"""

SPANS = f"""SELECT b.account_id, b.bill_id, b.inputs
FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id BETWEEN :lo AND :hi
WHERE m.provider_id = :provider_id AND {RATED} AND {STANDS}
ORDER BY b.account_id, b.bill_id"""  # noqa: S608 - our own words

OF_ENTRY = f"""SELECT {_LIST} FROM bill b WHERE b.month = :month
AND b.account_id BETWEEN :lo AND :hi AND b.entry_id = :entry_id AND {STANDS}
ORDER BY b.account_id, b.kind, b.ordinal, b.version"""  # noqa: S608 - our own words

_ISSUED_BY = """SELECT :columns FROM bill b WHERE b.month = :month
AND b.account_id BETWEEN :lo AND :hi AND b.entry_id = :entry_id ORDER BY b.account_id"""

ACCOUNTS_OF_ENTRY = """SELECT account_id FROM bill WHERE month = :month
AND account_id BETWEEN :lo AND :hi AND entry_id = :entry_id ORDER BY account_id"""

KEYS = f"""SELECT b.account_id, b.kind, b.ordinal, b.version, b.bill_id,
CASE WHEN {STANDS} THEN 1 ELSE 0 END AS stands
FROM bill b WHERE b.month = :month AND b.account_id BETWEEN :lo AND :hi
ORDER BY b.account_id, b.kind, b.ordinal, b.version"""  # noqa: S608 - our own words

STANDING = f"""SELECT b.bill_id, CASE WHEN {STANDS} THEN 1 ELSE 0 END AS stands
FROM bill b WHERE b.month = :month AND b.account_id :chosen ORDER BY b.bill_id"""  # noqa: S608 - ours

CHAIN = """SELECT b.account_id, b.bill_id, b.issued_day, b.recorded_at,
    b.opening, b.total, b.closing
FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id BETWEEN :lo AND :hi
WHERE m.provider_id = :provider_id"""


class BillAmount(NamedTuple):
    """What a statement needs of a bill; total in minor units; cancels: the bill that it takes back,
    or 0."""

    bill_id: int
    kind: int
    issued_day: int
    due_day: int
    total: int
    recorded_at: int
    reference: str
    cancels: int


class BillHeader(NamedTuple):
    """What a bill says beside its lines: INTS, see the migration."""

    month: int
    account_id: int
    kind: int
    ordinal: int
    version: int
    bill_id: int
    entry_id: int
    previous_day: int
    this_day: int
    issued_day: int
    due_day: int
    recorded_at: int
    opening: int
    total: int
    closing: int


def add(session: Session, provider_id: int, month: int, columns: Columns) -> None:
    """Inserts bills of one accounting month; StoreConflict when one is there."""
    session.open_month(month)
    session.run(ADD_MONTH, provider_id=provider_id, month=month)
    session.insert("bill", columns)
    keep_latest(session, month, columns)


def months(reader: Reader, provider_id: int) -> list[int]:
    """The accounting months in which the provider has bills, in order."""
    return [int(month) for (month,) in reader.rows(MONTHS, provider_id=provider_id)]


def amounts(reader: Reader, account_id: int, until_day: int, known_at: int) -> list[BillAmount]:
    """The bills of an account issued up to a day, as known at a time."""
    rows = reader.rows(AMOUNTS, account_id=account_id, until_day=until_day, known_at=known_at)
    return [BillAmount(*row) for row in rows]  # type: ignore[arg-type]


def amounts_of(
    reader: Reader, provider_id: int, account_id: Ints, until_day: int, known_at: int
) -> dict[str, Column]:
    """account_id, bill_id, issued_day, due_day, total, recorded_at, cancels of the bills of these
    accounts (and maybe of some between them) issued up to a day, as known at a time."""
    names = ("account_id", "bill_id", "issued_day", "due_day", "total", "recorded_at", "cancels")
    kinds = dict.fromkeys(names, Kind.INT)
    values = {"provider_id": provider_id, "until_day": until_day, "known_at": known_at}
    return chosen(reader, AMOUNTS_OF, kinds, account_id, **values)


def lines_of(reader: Reader, provider_id: int, account_id: Ints) -> dict[str, Column]:
    """bill_id, total and packed lines of the bills of these accounts (and maybe of some between
    them) that ask for money."""
    kinds = {"bill_id": Kind.INT, "total": Kind.INT, "lines": Kind.BYTES}
    return chosen(reader, LINES_OF, kinds, account_id, provider_id=provider_id)


def period_days(
    reader: Reader, provider_id: int, account_id: Ints, after: int
) -> dict[str, Column]:
    """bill_id (sorted) and days of the bills of days of these accounts (and maybe of some between
    them) that were issued after a day."""
    kinds = {"bill_id": Kind.INT, "days": Kind.INT}
    values = {"provider_id": provider_id, "after": after}
    found = chosen(reader, PERIOD_DAYS, kinds, account_id, **values)
    order = np.argsort(found["bill_id"])  # of several lists, each is sorted
    return {name: picked(column, order) for name, column in found.items()}


def last(reader: Reader, account_id: int) -> tuple[int, int] | None:
    """(month, bill id) of the bill of an account that was recorded last."""
    row = reader.row(LAST, account_id=account_id)
    return None if row is None else (int(row[0]), int(row[1]))


def headers(reader: Reader, account_id: int, after: int, most: int) -> list[BillHeader]:
    """The account's bills behind one, in the order of their ids, which is that of their months."""
    rows = reader.rows(HEADERS, account_id=account_id, after=after, most=most)
    return [BillHeader(*row) for row in rows]  # type: ignore[arg-type]


def newest_headers(reader: Reader, account_id: int, before: int, most: int) -> list[BillHeader]:
    """The account's bills before one, the other way round: those of the newest month first."""
    rows = reader.rows(NEWEST_HEADERS, account_id=account_id, before=before, most=most)
    return [BillHeader(*row) for row in rows]  # type: ignore[arg-type]


def header(reader: Reader, month: int, account_id: int, bill_id: int) -> BillHeader | None:
    """What a bill says beside its lines; None: there is no such bill."""
    row = reader.row(HEADER, month=month, account_id=account_id, bill_id=bill_id)
    return None if row is None else BillHeader(*row)  # type: ignore[arg-type]


def newest(reader: Reader, account_id: int, day: int) -> BillHeader | None:
    """The bill issued last up to a day, of those that stand, or None; credit notes are no bills."""
    row = reader.row(NEWEST, account_id=account_id, day=day)
    return None if row is None else BillHeader(*row)  # type: ignore[arg-type]


def one(reader: Reader, month: int, account_id: int, bill_id: int) -> dict[str, Column]:
    """The columns of a bill; without rows when there is none."""
    return reader.fetch(ONE, COLUMNS, month=month, account_id=account_id, bill_id=bill_id)


def of_month(reader: Reader, month: int, lo: int, hi: int) -> dict[str, Column]:
    """The columns of a month's bills of a range of accounts."""
    return reader.fetch(OF_MONTH, COLUMNS, month=month, lo=lo, hi=hi)


def accounts_of_entry(reader: Reader, month: int, lo: int, hi: int, entry_id: int) -> Ints:
    """The accounts of a range whose bills of a month an entry posted, sorted."""
    values = {"month": month, "lo": lo, "hi": hi, "entry_id": entry_id}
    found = reader.fetch(ACCOUNTS_OF_ENTRY, {"account_id": Kind.INT}, **values)["account_id"]
    assert isinstance(found, np.ndarray)
    return found


def of_entry(reader: Reader, month: int, lo: int, hi: int, entry_id: int) -> dict[str, Column]:
    """The columns of a month's bills that an entry posted and that stand."""
    return reader.fetch(OF_ENTRY, COLUMNS, month=month, lo=lo, hi=hi, entry_id=entry_id)


def issued_by(
    reader: Reader, month: int, lo: int, hi: int, entry_id: int, names: Sequence[str]
) -> dict[str, Column]:
    """Some columns of a month's bills that an entry posted, whether they stand or not."""
    sql = _ISSUED_BY.replace(":columns", ", ".join(f"b.{name}" for name in names))
    kinds = {name: COLUMNS[name] for name in names}
    return reader.fetch(sql, kinds, month=month, lo=lo, hi=hi, entry_id=entry_id)


def last_totals(reader: Reader, provider_id: int, lo: int, hi: int, most: int) -> dict[str, Column]:
    """By account of a range: how many of its last `most` bills of days that stand there are, their
    days and their total. Accounts without any are left out."""
    kinds = dict.fromkeys(("account_id", "bills", "days", "total"), Kind.INT)
    return reader.fetch(LAST_TOTALS, kinds, provider_id=provider_id, lo=lo, hi=hi, most=most)


def last_inputs(reader: Reader, provider_id: int, lo: int, hi: int, most: int) -> dict[str, Column]:
    """What the last `most` bills of days that stand, of each account, were rated from."""
    kinds = {"account_id": Kind.INT, "inputs": Kind.BYTES}
    return reader.fetch(LAST_INPUTS, kinds, provider_id=provider_id, lo=lo, hi=hi, most=most)


def balances(reader: Reader, provider_id: int, lo: int, hi: int) -> dict[str, Column]:
    """What each account of a range owes now; accounts without documents are left out."""
    kinds = {"account_id": Kind.INT, "balance": Kind.INT}
    return reader.fetch(BALANCES, kinds, provider_id=provider_id, lo=lo, hi=hi)


def keys(reader: Reader, month: int, lo: int, hi: int) -> dict[str, Column]:
    """account_id, kind, ordinal, version, bill_id of a month's bills; stands 0: cancelled."""
    names = ("account_id", "kind", "ordinal", "version", "bill_id", "stands")
    return reader.fetch(KEYS, dict.fromkeys(names, Kind.INT), month=month, lo=lo, hi=hi)


def standing(reader: Reader, month: int, account_id: Ints) -> dict[str, Column]:
    """bill_id (sorted) of a month's bills of these accounts, and maybe some between; stands 0:
    cancelled."""
    kinds = {"bill_id": Kind.INT, "stands": Kind.INT}
    return chosen(reader, STANDING, kinds, account_id, month=month)


def billed_since(reader: Reader, provider_id: int, lo: int, hi: int, since: int) -> Ints:
    """The accounts of a range for which a bill was recorded after a time, sorted."""
    kinds = {"account_id": Kind.INT}
    found = reader.fetch(BILLED_SINCE, kinds, provider_id=provider_id, lo=lo, hi=hi, since=since)
    column = found["account_id"]
    assert isinstance(column, np.ndarray)
    return column


def spans(reader: Reader, provider_id: int, lo: int, hi: int) -> dict[str, Column]:
    """What every bill of days that stands, of a range of accounts, was rated from."""
    kinds = {"account_id": Kind.INT, "bill_id": Kind.INT, "inputs": Kind.BYTES}
    return reader.fetch(SPANS, kinds, provider_id=provider_id, lo=lo, hi=hi)


def chain(reader: Reader, provider_id: int, lo: int, hi: int) -> dict[str, Column]:
    """The balances of every bill of a range of accounts: opening, total, closing."""
    names: Sequence[str] = (
        "account_id",
        "bill_id",
        "issued_day",
        "recorded_at",
        "opening",
        "total",
        "closing",
    )
    kinds = dict.fromkeys(names, Kind.INT)
    return reader.fetch(CHAIN, kinds, provider_id=provider_id, lo=lo, hi=hi)
