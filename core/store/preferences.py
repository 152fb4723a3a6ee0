"""Notification preferences of accounts, by version."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.port import Reader, Row, Session

_COLUMNS = "account_id, version, channel, language, events, client_id, recorded_at"

LAST = f"""SELECT {_COLUMNS} FROM notification_preference
WHERE account_id = :account_id AND recorded_at <= :known_at
ORDER BY version DESC LIMIT 1"""  # noqa: S608 - our own words

ADD = f"""INSERT INTO notification_preference ({_COLUMNS})
VALUES (:account_id, :version, :channel, :language, :events, :client_id, :recorded_at)
ON CONFLICT DO NOTHING"""  # noqa: S608 - our own words

UNFIT = """SELECT p.account_id, COUNT(*), MAX(p.version) FROM notification_preference p
WHERE p.account_id BETWEEN :lo AND :hi GROUP BY p.account_id
HAVING MIN(p.version) <> 1 OR MAX(p.version) <> COUNT(*)
    OR MIN(p.channel) < 1 OR MAX(p.channel) > :channels
    OR MIN(p.events) < 0 OR MAX(p.events) > :events
    OR NOT EXISTS (SELECT 1 FROM account a WHERE a.account_id = p.account_id)
ORDER BY p.account_id LIMIT :most"""


class PreferenceRow(NamedTuple):
    """A row of `notification_preference`."""

    account_id: int
    version: int
    channel: int
    language: str
    events: int
    client_id: int
    recorded_at: int


def last(reader: Reader, account_id: int, known_at: int) -> PreferenceRow | None:
    """What an account's last version at a time says, or None."""
    row = reader.row(LAST, account_id=account_id, known_at=known_at)
    return None if row is None else PreferenceRow(*row)  # type: ignore[arg-type]


def add(session: Session, row: PreferenceRow) -> bool:
    """Whether the version is new; waits for a transaction that adds it."""
    return session.run(ADD, **row._asdict()) == 1


def unfit(
    reader: Reader, ids: tuple[int, int], channels: int, events: int, most: int
) -> Sequence[Row]:
    """(account_id, rows, last version) of accounts with gaps, unknown channels or events, or that
    are not there."""
    lo, hi = ids
    return reader.rows(UNFIT, lo=lo, hi=hi, channels=channels, events=events, most=most)
