"""Automatic payment: what accounts agreed, which bills are to be reminded of, and which were."""

from typing import NamedTuple

from billcore.core.store.bills import STANDS
from billcore.core.store.port import Reader, Row, Session

_AUTOPAY = """SELECT account_id, channel_no, remind_days, amount_max, enabled, revision,
    recorded_at FROM autopay"""

FIND = f"{_AUTOPAY} WHERE account_id = :account_id"

ADD = """INSERT INTO autopay (account_id, channel_no, remind_days, amount_max, enabled, revision,
    recorded_at)
VALUES (:account_id, :channel_no, :remind_days, :amount_max, :enabled, :revision, :recorded_at)
ON CONFLICT DO NOTHING"""

CHANGE = """UPDATE autopay SET channel_no = :channel_no, remind_days = :remind_days,
    amount_max = :amount_max, enabled = :enabled, revision = revision + 1,
    recorded_at = :recorded_at
WHERE account_id = :account_id AND revision = :revision"""

OWNERS = """SELECT p.provider_id FROM provider p WHERE EXISTS (SELECT 1 FROM autopay a
WHERE a.account_id >= CAST(p.provider_id AS BIGINT) << 28
AND a.account_id < CAST(p.provider_id + 1 AS BIGINT) << 28 AND a.enabled = 1)
ORDER BY p.provider_id"""

_DUE = f"""FROM autopay a JOIN bill_month m ON m.provider_id = :provider_id
JOIN bill b ON b.month = m.month AND b.account_id = a.account_id
WHERE a.account_id > :after AND a.account_id <= :last AND a.enabled = 1
AND b.due_day >= :day AND b.due_day <= :day + a.remind_days
AND b.kind <> 3 AND b.total > 0 AND {STANDS}
AND NOT EXISTS (SELECT 1 FROM autopay_reminder r
    WHERE r.account_id = b.account_id AND r.bill_id = b.bill_id)"""  # noqa: S608 - our own words

DUE = f"""SELECT a.account_id, b.bill_id, b.due_day, a.channel_no, a.amount_max
{_DUE} ORDER BY a.account_id, b.due_day, b.bill_id"""

SLICE = """SELECT COALESCE(MAX(account_id), 0) FROM (
    SELECT account_id FROM autopay WHERE account_id > :after AND account_id <= :last
    AND enabled = 1 ORDER BY account_id LIMIT :most) AS sliced"""

DUE_ACCOUNTS = f"""SELECT DISTINCT a.account_id
{_DUE} ORDER BY a.account_id LIMIT :most"""

ADD_REMINDER = """INSERT INTO autopay_reminder (account_id, bill_id, channel_no, day, due_day,
    amount, open, recorded_at)
VALUES (:account_id, :bill_id, :channel_no, :day, :due_day, :amount, :open, :recorded_at)"""

REMINDERS = """SELECT account_id, bill_id, channel_no, day, due_day, amount, open, recorded_at
FROM autopay_reminder WHERE account_id = :account_id ORDER BY bill_id"""

STRANGE = """SELECT a.account_id, a.channel_no FROM autopay a
WHERE a.account_id BETWEEN :lo AND :hi AND NOT (
    EXISTS (SELECT 1 FROM account c WHERE c.account_id = a.account_id)
    AND EXISTS (SELECT 1 FROM channel h WHERE h.channel_no = a.channel_no
        AND (h.provider_id = 0 OR h.provider_id = :provider_id)))
ORDER BY a.account_id LIMIT :most"""

MISFIT = """SELECT r.account_id, r.bill_id FROM autopay_reminder r
WHERE r.account_id BETWEEN :lo AND :hi AND NOT EXISTS (
    SELECT 1 FROM bill_month m JOIN bill b ON b.month = m.month AND b.account_id = r.account_id
    WHERE m.provider_id = :provider_id AND b.bill_id = r.bill_id AND b.due_day = r.due_day
    AND r.day <= r.due_day AND r.amount BETWEEN 1 AND r.open AND r.open <= b.total)
ORDER BY r.account_id, r.bill_id LIMIT :most"""

UNTOLD = """SELECT subject FROM (
    SELECT subject, 0 AS told FROM event WHERE provider_id = :provider_id AND kind = :kind
    UNION ALL
    SELECT subject, 0 FROM event_pending p WHERE provider_id = :provider_id AND kind = :kind
        AND NOT EXISTS (SELECT 1 FROM event e
            WHERE e.provider_id = p.provider_id AND e.event_id = p.event_id)
    UNION ALL
    SELECT 'bill ' || CAST(bill_id AS TEXT), 1 FROM autopay_reminder
    WHERE account_id BETWEEN :lo AND :hi
) AS both_ways GROUP BY subject
HAVING COUNT(*) <> 2 OR SUM(told) <> 1 ORDER BY subject LIMIT :most"""


class AutopayRow(NamedTuple):
    """A row of `autopay`. enabled: 1 or 0."""

    account_id: int
    channel_no: int
    remind_days: int
    amount_max: int
    enabled: int
    revision: int
    recorded_at: int


class DueRow(NamedTuple):
    """A bill that is to be reminded of if it is open; amount_max: minor units, 0: no limit."""

    account_id: int
    bill_id: int
    due_day: int
    channel_no: int
    amount_max: int


class ReminderRow(NamedTuple):
    """A row of `autopay_reminder`."""

    account_id: int
    bill_id: int
    channel_no: int
    day: int
    due_day: int
    amount: int
    open: int
    recorded_at: int


def find(reader: Reader, account_id: int) -> AutopayRow | None:
    """What was agreed for an account, ended or not; None: never anything."""
    row = reader.row(FIND, account_id=account_id)
    return AutopayRow(*row) if row else None  # type: ignore[arg-type]


def add(session: Session, row: AutopayRow) -> bool:
    """Whether it is the account's first; waits for a transaction that adds one."""
    return session.run(ADD, **row._asdict()) == 1


def change(session: Session, row: AutopayRow) -> bool:
    """Writes what may change, if the row still has this revision."""
    return session.run(CHANGE, **row._asdict()) == 1


def owners(reader: Reader) -> list[int]:
    """The providers of which an account is paid automatically."""
    return [int(row[0]) for row in reader.rows(OWNERS)]


# -- reminders


def slice_end(reader: Reader, after: int, last: int, most: int) -> int:
    """The last of the first `most` accounts behind `after`, up to `last`, that are paid
    automatically; 0: there are none."""
    row = reader.row(SLICE, after=after, last=last, most=most)
    assert row is not None  # an aggregate has a row
    return int(row[0])


def due_accounts(
    reader: Reader, provider_id: int, day: int, after: int, last: int, most: int
) -> list[int]:
    """The first accounts behind `after`, up to `last`, that have bills as `due` tells them."""
    values = {"provider_id": provider_id, "day": day, "after": after, "last": last}
    return [int(row[0]) for row in reader.rows(DUE_ACCOUNTS, **values, most=most)]


def due(reader: Reader, provider_id: int, day: int, after: int, last: int) -> list[DueRow]:
    """Bills of accounts behind `after`, up to `last`, that are due in as many days as was agreed,
    or in fewer, stand, and were not reminded of; whether they are open is another question."""
    values = {"provider_id": provider_id, "day": day, "after": after, "last": last}
    return [DueRow(*row) for row in reader.rows(DUE, **values)]  # type: ignore[arg-type]


def add_reminder(session: Session, row: ReminderRow) -> None:
    """Adds a reminder; StoreConflict when the bill was reminded of."""
    session.run(ADD_REMINDER, **row._asdict())


def reminders(reader: Reader, account_id: int) -> list[ReminderRow]:
    """An account's reminders, by bill."""
    rows = reader.rows(REMINDERS, account_id=account_id)
    return [ReminderRow(*row) for row in rows]  # type: ignore[arg-type]


# -- what verify looks at


def strange(reader: Reader, provider_id: int, ids: tuple[int, int], most: int) -> list[Row]:
    """(account_id, channel_no) of rows without their account or channel."""
    lo, hi = ids
    return reader.rows(STRANGE, provider_id=provider_id, lo=lo, hi=hi, most=most)


def misfit(reader: Reader, provider_id: int, ids: tuple[int, int], most: int) -> list[Row]:
    """(account_id, bill_id) of reminders that do not fit their bill."""
    lo, hi = ids
    return reader.rows(MISFIT, provider_id=provider_id, lo=lo, hi=hi, most=most)


def untold(
    reader: Reader, provider_id: int, ids: tuple[int, int], kind: str, most: int
) -> list[str]:
    """The subjects of reminders that have not their one event, or of events without one."""
    values = {"provider_id": provider_id, "lo": ids[0], "hi": ids[1]}
    return [str(row[0]) for row in reader.rows(UNTOLD, **values, kind=kind, most=most)]
