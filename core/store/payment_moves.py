"""Money of posted payments that was moved to other accounts."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.port import Reader, Row, Session

_UNDONE = """EXISTS (SELECT 1 FROM account_entry u
WHERE u.account_id = m.{0}_account_id AND u.reverses = m.{0}_entry_id)"""

_FROM, _TO = _UNDONE.format("from"), _UNDONE.format("to")

MOVES = f"""SELECT m.payment_id, m.move_no, m.from_account_id, m.from_entry_id, m.to_account_id,
m.to_entry_id, m.amount, m.client_id, m.recorded_at, CASE WHEN {_FROM} THEN 1 ELSE 0 END
FROM payment_move m WHERE m.provider_id = :provider_id AND m.payment_id = :payment_id
ORDER BY m.move_no"""  # noqa: S608 - our own words

ADD = """INSERT INTO payment_move (provider_id, payment_id, move_no, from_account_id, from_entry_id,
to_account_id, to_entry_id, amount, client_id, recorded_at)
VALUES (:provider_id, :payment_id, :move_no, :from_account_id, :from_entry_id, :to_account_id,
:to_entry_id, :amount, :client_id, :recorded_at)"""

WRONG_LEGS = f"""SELECT m.payment_id, m.move_no FROM payment_move m
LEFT JOIN account_entry d
    ON d.account_id = m.from_account_id AND d.account_entry_id = m.from_entry_id
LEFT JOIN account_entry c
    ON c.account_id = m.to_account_id AND c.account_entry_id = m.to_entry_id
WHERE m.provider_id = :provider_id AND (m.amount <= 0
    OR d.account_id IS NULL OR d.kind <> :kind OR d.amount <> m.amount OR d.reverses <> 0
    OR c.account_id IS NULL OR c.kind <> :kind OR c.amount <> -m.amount OR c.reverses <> 0
    OR {_FROM} <> {_TO})
ORDER BY m.payment_id, m.move_no LIMIT :most"""  # noqa: S608 - our own words

WRONG_SUMS = f"""SELECT m.payment_id, CAST(SUM(m.amount) AS BIGINT), COALESCE(MAX(-p.amount), 0)
FROM payment_move m LEFT JOIN account_entry p
    ON p.account_id = m.from_account_id AND p.account_entry_id = m.payment_id
WHERE m.provider_id = :provider_id AND NOT {_FROM}
GROUP BY m.payment_id
HAVING SUM(m.amount) > COALESCE(MAX(-p.amount), 0) OR MAX(CASE WHEN EXISTS (
    SELECT 1 FROM account_entry u WHERE u.account_id = m.from_account_id
    AND u.reverses = m.payment_id) THEN 1 ELSE 0 END) = 1
ORDER BY m.payment_id LIMIT :most"""  # noqa: S608 - our own words


class PaymentMoveRow(NamedTuple):
    """A row of `payment_move`, without its provider; undone: 1, or 0: it stands."""

    payment_id: int
    move_no: int
    from_account_id: int
    from_entry_id: int
    to_account_id: int
    to_entry_id: int
    amount: int
    client_id: int
    recorded_at: int
    undone: int = 0


def moves(reader: Reader, provider_id: int, payment_id: int) -> list[PaymentMoveRow]:
    """Where money of a payment was moved, in order, with what was undone."""
    found = reader.rows(MOVES, provider_id=provider_id, payment_id=payment_id)
    return [PaymentMoveRow(*row) for row in found]  # type: ignore[arg-type]


def add(session: Session, provider_id: int, row: PaymentMoveRow) -> None:
    """Adds a move; StoreConflict when another transaction added it meanwhile."""
    values = row._asdict()
    del values["undone"]
    session.run(ADD, provider_id=provider_id, **values)


def wrong_legs(reader: Reader, provider_id: int, kind: int, most: int) -> Sequence[Row]:
    """(payment, number) of moves whose two legs are not their amount, or undone alone."""
    return reader.rows(WRONG_LEGS, provider_id=provider_id, kind=kind, most=most)


def wrong_sums(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(payment, moved, amount) of payments of which more is moved than they had, or that are
    reversed with moves that stand."""
    return reader.rows(WRONG_SUMS, provider_id=provider_id, most=most)
