"""Corrections: why bills no longer stand, and what stands in their place."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from billcore.core.store import bills
from billcore.core.store.chosen import chosen
from billcore.core.store.columns import stacked, taken
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Session

ADD = """INSERT INTO correction (provider_id, correction_id, source, undoes, reason_code, reason,
evidence, client_id, actor, recorded_at)
VALUES (:provider_id, :correction_id, :source, :undoes, :reason_code, :reason, :evidence,
:client_id, :actor, :recorded_at)"""

FIND = """SELECT correction_id, source, undoes, reason_code, reason, evidence, client_id, actor,
recorded_at FROM correction WHERE provider_id = :provider_id AND correction_id = :correction_id"""

UNDOING = """SELECT correction_id FROM correction
WHERE provider_id = :provider_id AND undoes = :correction_id"""

OF_ACCOUNT = """SELECT account_id, bill_id, credit_id, rebill_id, correction_id
FROM bill_correction WHERE account_id = :account_id ORDER BY bill_id"""

_OF_ACCOUNTS = """SELECT b.account_id, b.bill_id, b.credit_id, b.rebill_id, b.correction_id
FROM bill_correction b WHERE b.account_id :chosen"""

OF_CORRECTION = """SELECT account_id, bill_id, credit_id, rebill_id, correction_id
FROM bill_correction WHERE correction_id = :correction_id
AND account_id BETWEEN :lo AND :hi ORDER BY account_id, bill_id LIMIT :most"""

_DOCUMENTS = f"""SELECT b.account_id, b.bill_id, b.previous_day, b.this_day, b.issued_day,
b.recorded_at, b.opening, b.total, CASE WHEN {bills.STANDS} THEN 1 ELSE 0 END AS stands
FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id :chosen
WHERE m.provider_id = :provider_id"""  # noqa: S608 - our own words

_COUNTS = """SELECT b.account_id, COUNT(*) AS documents FROM bill b
WHERE b.month = :month AND b.kind = :kind AND b.account_id :chosen GROUP BY b.account_id"""

_LIST = ", ".join(f"b.{name}" for name in bills.COLUMNS)

_OF_MONTH = f"SELECT {_LIST} FROM bill b WHERE b.month = :month AND b.account_id :chosen"  # noqa: S608 - ours

_STANDING = f"""SELECT b.account_id, b.bill_id, b.inputs
FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id :chosen
WHERE m.provider_id = :provider_id AND {bills.RATED} AND {bills.STANDS}"""  # noqa: S608 - ours

DOCUMENT_KINDS = dict.fromkeys(
    (
        "account_id",
        "bill_id",
        "previous_day",
        "this_day",
        "issued_day",
        "recorded_at",
        "opening",
        "total",
        "stands",
    ),
    Kind.INT,
)

AT_ONCE = 1_024
"""Rows of so many accounts are read at a time."""

# -- what must not be

ROWS = """SELECT c.account_id, c.bill_id, c.credit_id, c.rebill_id, c.correction_id,
CASE WHEN k.correction_id IS NULL THEN 0 ELSE 1 END AS known
FROM bill_correction c LEFT JOIN correction k
    ON k.provider_id = :provider_id AND k.correction_id = c.correction_id
WHERE c.account_id BETWEEN :lo AND :hi ORDER BY c.account_id, c.bill_id"""

_NAMED = """SELECT c.place - 1 AS place, b.kind, b.previous_day, b.this_day, b.total, b.lines,
b.inputs FROM (
    SELECT account_id, :name AS named, ROW_NUMBER() OVER (ORDER BY account_id, bill_id) AS place
    FROM bill_correction WHERE account_id BETWEEN :lo AND :hi) AS c
JOIN bill b ON b.account_id = c.account_id AND b.month = ((c.named >> 11) & 4095)
    AND b.bill_id = c.named
ORDER BY c.place"""

STRAY = """SELECT b.account_id, b.bill_id, b.kind FROM bill_month m
JOIN bill b ON b.month = m.month AND b.account_id BETWEEN :lo AND :hi
WHERE m.provider_id = :provider_id AND b.kind IN (3, 4) AND NOT EXISTS (
    SELECT 1 FROM bill_correction c WHERE c.account_id = b.account_id
    AND (c.credit_id = b.bill_id OR b.kind = 4 AND c.rebill_id = b.bill_id))
ORDER BY b.account_id, b.bill_id LIMIT :most"""

ROW_KINDS = dict.fromkeys(
    ("account_id", "bill_id", "credit_id", "rebill_id", "correction_id", "known"), Kind.INT
)

NAMED_KINDS = dict.fromkeys(("place", "kind", "previous_day", "this_day", "total"), Kind.INT)
NAMED_KINDS |= dict.fromkeys(("lines", "inputs"), Kind.BYTES)


class Correction(NamedTuple):
    """A row of `correction`. evidence: a JSON list of texts."""

    correction_id: int
    source: str
    undoes: int
    reason_code: str
    reason: str
    evidence: str
    client_id: int
    actor: str
    recorded_at: int


class BillCorrection(NamedTuple):
    """A row of `bill_correction`: the document bill_id is taken back by the document credit_id.

    Mostly a credit note takes back a bill, and rebill_id, unless it is 0, stands in its place.
    Where a credit note is taken back, credit_id is the bill that stands again.
    """

    account_id: int
    bill_id: int
    credit_id: int
    rebill_id: int
    correction_id: int


def add(session: Session, provider_id: int, correction: Correction) -> None:
    """A new correction; StoreConflict when there is one of its source."""
    session.run(ADD, provider_id=provider_id, **correction._asdict())


def find(reader: Reader, provider_id: int, correction_id: int) -> Correction | None:
    """A correction, or None."""
    row = reader.row(FIND, provider_id=provider_id, correction_id=correction_id)
    return None if row is None else Correction(*row)  # type: ignore[arg-type]


def undone_by(reader: Reader, provider_id: int, correction_id: int) -> int:
    """The correction that undoes one, or 0."""
    row = reader.row(UNDOING, provider_id=provider_id, correction_id=correction_id)
    return 0 if row is None else int(row[0])


def add_bills(session: Session, columns: Columns) -> None:
    """Rows of `bill_correction`; StoreConflict when a bill is cancelled already."""
    session.insert("bill_correction", columns)


def of_account(reader: Reader, account_id: int) -> list[BillCorrection]:
    """What became of the cancelled bills of an account, by bill."""
    rows = reader.rows(OF_ACCOUNT, account_id=account_id)
    return [BillCorrection(*row) for row in rows]  # type: ignore[arg-type]


def of_accounts(reader: Reader, account_id: Ints) -> dict[int, list[BillCorrection]]:
    """What became of the cancelled bills of accounts, by account."""
    kinds = dict.fromkeys(BillCorrection._fields, Kind.INT)
    table = _anywhere(reader, _OF_ACCOUNTS, kinds, account_id)
    found: dict[int, list[BillCorrection]] = {}
    for row in zip(*(np.asarray(table[name]).tolist() for name in kinds), strict=True):
        found.setdefault(row[0], []).append(BillCorrection(*row))
    return found


def of_correction(
    reader: Reader, accounts: tuple[int, int], correction_id: int, most: int
) -> list[BillCorrection]:
    """What a correction did at a range of accounts, by account and bill."""
    lo, hi = accounts
    rows = reader.rows(OF_CORRECTION, correction_id=correction_id, lo=lo, hi=hi, most=most)
    return [BillCorrection(*row) for row in rows]  # type: ignore[arg-type]


# -- documents of accounts that lie anywhere


def documents(reader: Reader, provider_id: int, account_id: Ints) -> dict[str, Column]:
    """The headers of all bills of these accounts, by account and bill; stands 0: cancelled."""
    return _anywhere(reader, _DOCUMENTS, DOCUMENT_KINDS, account_id, provider_id=provider_id)


def standing(reader: Reader, provider_id: int, account_id: Ints) -> dict[str, Column]:
    """What the bills of days that stand were rated from, by account and bill."""
    kinds = {"account_id": Kind.INT, "bill_id": Kind.INT, "inputs": Kind.BYTES}
    return _anywhere(reader, _STANDING, kinds, account_id, provider_id=provider_id)


def bills_named(reader: Reader, month: int, bill_id: Ints, account_id: Ints) -> dict[str, Column]:
    """The columns of these bills of a month and of these accounts, by account and bill."""
    return _anywhere(
        reader,
        _OF_MONTH,
        bills.COLUMNS,
        account_id,
        lambda table: np.isin(np.asarray(table["bill_id"]), bill_id),
        month=month,
    )


def counts(reader: Reader, month: int, kind: int, account_id: Ints) -> dict[str, Column]:
    """How many documents of a kind these accounts have in a month; those with none left out."""
    kinds = {"account_id": Kind.INT, "documents": Kind.INT}
    return _anywhere(reader, _COUNTS, kinds, account_id, month=month, kind=kind)


def _anywhere(
    reader: Reader,
    sql: str,
    kinds: dict[str, Kind],
    account_id: Ints,
    wanted: Callable[[dict[str, Column]], np.ndarray] | None = None,
    **values: int,
) -> dict[str, Column]:
    """The rows of these accounts, and of no other, by account and bill; wanted: which of them."""
    accounts = np.unique(account_id)
    tables = []
    for start in range(0, len(accounts), AT_ONCE):
        part = accounts[start : start + AT_ONCE]
        table = chosen(reader, sql, kinds, part, **values)
        kept = np.isin(np.asarray(table["account_id"]), part)
        kept &= True if wanted is None else wanted(table)
        tables.append(taken(table, np.flatnonzero(kept)))
    whole = {name: stacked([table[name] for table in tables], kinds[name]) for name in kinds}
    order = [np.asarray(whole[name]) for name in ("bill_id", "account_id") if name in whole]
    return taken(whole, np.lexsort(order))


# -- what must not be


def rows_of(reader: Reader, provider_id: int, lo: int, hi: int) -> dict[str, Column]:
    """What became of cancelled bills, by account and bill; known 0: there is no such correction."""
    return reader.fetch(ROWS, ROW_KINDS, provider_id=provider_id, lo=lo, hi=hi)


def named(reader: Reader, name: str, lo: int, hi: int) -> dict[str, Column]:
    """The documents that `bill_correction` names as bill_id, credit_id or rebill_id.

    place: the row of `rows_of` that does so. A document that is not there has no row.
    """
    return reader.fetch(_NAMED.replace(":name", name), NAMED_KINDS, lo=lo, hi=hi)


def stray(reader: Reader, provider_id: int, lo: int, hi: int, most: int) -> list[tuple[int, ...]]:
    """(account, bill, kind) of credit notes and corrections that stand for nothing."""
    rows = reader.rows(STRAY, provider_id=provider_id, lo=lo, hi=hi, most=most)
    return [tuple(map(int, row)) for row in rows]
