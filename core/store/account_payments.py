"""The payments of an account, the newest first, with what took them back."""

from typing import NamedTuple

from billcore.core.store.port import Reader

OF_ACCOUNT = """SELECT e.account_entry_id, e.day, e.amount, e.reference, e.recorded_at,
    COALESCE(u.account_entry_id, 0), COALESCE(u.day, 0)
FROM account_entry e LEFT JOIN account_entry u
    ON u.account_id = e.account_id AND u.reverses = e.account_entry_id
WHERE e.account_id = :account_id AND e.kind = 2 AND e.reverses = 0
AND (e.day, e.recorded_at, e.account_entry_id) < (:day, :recorded_at, :account_entry_id)
ORDER BY e.day DESC, e.recorded_at DESC, e.account_entry_id DESC LIMIT :most"""


class PaymentRow(NamedTuple):
    """A payment of an account. amount: as it changes the debt, minor units, so below 0;
    reversed_by: the entry that undid it, or 0, and its day."""

    account_entry_id: int
    day: int
    amount: int
    reference: str
    recorded_at: int
    reversed_by: int
    reversed_day: int


class Cursor(NamedTuple):
    """The place of a payment in the list."""

    day: int
    recorded_at: int
    account_entry_id: int


NEWEST = Cursor(2**31 - 1, 2**63 - 1, 2**63 - 1)
"""Before all."""


def newest(reader: Reader, account_id: int, behind: Cursor, most: int) -> list[PaymentRow]:
    """The payments of an account behind one."""
    rows = reader.rows(OF_ACCOUNT, account_id=account_id, most=most, **behind._asdict())
    return [PaymentRow(*row) for row in rows]  # type: ignore[arg-type]
