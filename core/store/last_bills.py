"""What an account's last bills are found by, and how late the bills of a month are by buckets."""

import numpy as np

from billcore.core.ids import BUCKET_BITS
from billcore.core.ordered import distinct
from billcore.core.store.chosen import chosen
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Row, Session

DOCUMENTS = """SELECT bill_id, this_day, recorded_at, closing, carried FROM bill
WHERE month = :month AND account_id :chosen"""

CANCELLED = """SELECT bill_id FROM bill_correction WHERE account_id BETWEEN :first AND :last"""

RATED_FROM = """SELECT bill_id, inputs, carried FROM bill
WHERE month = :month AND account_id :chosen"""

KEEP_LATEST = """INSERT INTO bill_bucket (bucket, month, recorded_at, this_day)
VALUES (:bucket, :month, :recorded_at, :this_day) ON CONFLICT (bucket, month) DO UPDATE SET
recorded_at = CASE WHEN bill_bucket.recorded_at < excluded.recorded_at
    THEN excluded.recorded_at ELSE bill_bucket.recorded_at END,
this_day = CASE WHEN bill_bucket.this_day < excluded.this_day
    THEN excluded.this_day ELSE bill_bucket.this_day END"""

LATEST = """SELECT bucket, month, recorded_at, this_day FROM bill_bucket
WHERE bucket BETWEEN :first AND :last"""

LATEST_WRONG = f"""SELECT bucket, month FROM (
    SELECT bucket, month, recorded_at, this_day FROM bill_bucket
    WHERE bucket BETWEEN :lo >> {BUCKET_BITS} AND :hi >> {BUCKET_BITS}
    UNION ALL
    SELECT b.account_id >> {BUCKET_BITS}, b.month, MAX(b.recorded_at), MAX(b.this_day)
    FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id BETWEEN :lo AND :hi
    WHERE m.provider_id = :provider_id GROUP BY b.account_id >> {BUCKET_BITS}, b.month
) AS both_ways GROUP BY bucket, month
HAVING COUNT(*) <> 2 OR MIN(recorded_at) <> MAX(recorded_at) OR MIN(this_day) <> MAX(this_day)
ORDER BY bucket, month LIMIT :most"""  # noqa: S608 - our own number


def keep_latest(session: Session, month: int, bills: Columns) -> None:
    """Keeps how late these bills of a month are."""
    bucket = _ints(bills, "account_id") >> BUCKET_BITS
    late = {name: _ints(bills, name) for name in ("recorded_at", "this_day")}
    for number in distinct(bucket).tolist():
        mine = bucket == number
        latest = {name: int(column[mine].max()) for name, column in late.items()}
        session.run(KEEP_LATEST, bucket=number, month=month, **latest)


def latest(reader: Reader, first: int, last: int) -> dict[str, Column]:
    """Of the buckets of a range of accounts, by month, the latest recorded_at and this_day."""
    kinds = dict.fromkeys(("bucket", "month", "recorded_at", "this_day"), Kind.INT)
    buckets = {"first": first >> BUCKET_BITS, "last": last >> BUCKET_BITS}
    return reader.fetch(LATEST, kinds, **buckets)


def latest_wrong(reader: Reader, provider_id: int, lo: int, hi: int, most: int) -> list[Row]:
    """(bucket, month) where what is kept is not the latest of the bills. lo..hi: all accounts."""
    return reader.rows(LATEST_WRONG, provider_id=provider_id, lo=lo, hi=hi, most=most)


def documents(reader: Reader, month: int, account_id: Ints) -> dict[str, Column]:
    """bill_id, this_day, recorded_at, closing and carried of all bills of a month, of these
    accounts (and maybe of some between them)."""
    names = ("bill_id", "this_day", "recorded_at", "closing")
    kinds = dict.fromkeys(names, Kind.INT) | {"carried": Kind.BYTES}
    return chosen(reader, DOCUMENTS, kinds, account_id, month=month)


def cancelled(reader: Reader, first: int, last: int) -> Ints:
    """The ids of the bills of a range of accounts that do not stand."""
    return _ints(reader.fetch(CANCELLED, {"bill_id": Kind.INT}, first=first, last=last), "bill_id")


def rated_from(reader: Reader, month: int, account_id: Ints) -> dict[str, Column]:
    """bill_id, inputs and carried of all bills of a month, of these accounts (and maybe of some
    between them)."""
    kinds = {"bill_id": Kind.INT} | dict.fromkeys(("inputs", "carried"), Kind.BYTES)
    return chosen(reader, RATED_FROM, kinds, account_id, month=month)


def _ints(columns: Columns, name: str) -> Ints:
    column = columns[name]
    assert isinstance(column, np.ndarray)
    return column
