"""The register of payment orders: what was told of each, what became of it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from billcore.core.store.columns import stacked
from billcore.core.store.listed import lists
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Session, Value

ORDER: dict[str, Kind] = {
    "provider_id": Kind.INT,
    "channel_no": Kind.INT,
    "reference": Kind.TEXT,
    "target_kind": Kind.INT,
    "target": Kind.TEXT,
    "amount": Kind.INT,
    "fee": Kind.INT,
    "terminal_no": Kind.INT,
    "direction": Kind.TEXT,
    "paid_at": Kind.INT,
    "value_day": Kind.INT,
    "payment_id": Kind.INT,
    "state": Kind.INT,
    "code": Kind.INT,
    "account_id": Kind.INT,
    "bill_id": Kind.INT,
    "day": Kind.INT,
    "client_id": Kind.INT,
    "recorded_at": Kind.INT,
}
"""Every column of an order, in order."""

ONE = f"""SELECT {", ".join(ORDER)} FROM payment_order
WHERE provider_id = :provider_id AND channel_no = :channel_no AND reference = :reference"""  # noqa: S608 - our own column names

OF_REFERENCES = f"""SELECT {", ".join(ORDER)} FROM payment_order
WHERE provider_id = :provider_id AND channel_no = :channel_no
AND reference IN (:references)"""  # noqa: S608 - our own column names


class OrderRow(NamedTuple):
    """A row of `payment_order`."""

    provider_id: int
    channel_no: int
    reference: str
    target_kind: int
    target: str
    amount: int
    fee: int
    terminal_no: int
    direction: str
    paid_at: int
    value_day: int
    payment_id: int
    state: int
    code: int
    account_id: int
    bill_id: int
    day: int
    client_id: int
    recorded_at: int


def add(session: Session, columns: Columns) -> int:
    """Adds orders, but for those whose key is there; how many were new."""
    return session.insert("payment_order", columns, existing="skip")


def one(reader: Reader, provider_id: int, channel_no: int, reference: str) -> OrderRow | None:
    """The order of a channel's reference, or None."""
    values: dict[str, Value] = {"provider_id": provider_id, "channel_no": channel_no}
    row = reader.row(ONE, **values, reference=reference)
    return None if row is None else OrderRow(*row)  # type: ignore[arg-type]


def of_references(
    reader: Reader, provider_id: int, channel_no: int, references: Sequence[str]
) -> dict[str, Column]:
    """The columns of a channel's orders that have one of these references, in any order."""
    tables = [
        reader.fetch(sql, ORDER, provider_id=provider_id, channel_no=channel_no, **values)
        for sql, values in lists(OF_REFERENCES, ":references", references)
    ]
    return {name: stacked([table[name] for table in tables], ORDER[name]) for name in ORDER}


def suspend(session: Session, columns: Columns) -> None:
    """Rows of `suspense_item`; StoreConflict when one is there."""
    session.insert("suspense_item", columns)


# -- several accounts


PARTS = """SELECT part_no, part_provider_id, target_kind, target, amount, payment_id, state, code,
account_id, bill_id, day FROM payment_part
WHERE provider_id = :provider_id AND channel_no = :channel_no AND reference = :reference
ORDER BY part_no"""


class PartRow(NamedTuple):
    """A row of `payment_part`, without its order's key."""

    part_no: int
    part_provider_id: int
    target_kind: int
    target: str
    amount: int
    payment_id: int
    state: int
    code: int
    account_id: int
    bill_id: int
    day: int


def add_parts(session: Session, columns: Columns) -> None:
    """Rows of `payment_part`."""
    session.insert("payment_part", columns)


def parts(reader: Reader, provider_id: int, channel_no: int, reference: str) -> list[PartRow]:
    """The payments of an order that pays several accounts, in order."""
    values: dict[str, Value] = {"provider_id": provider_id, "channel_no": channel_no}
    found = reader.rows(PARTS, **values, reference=reference)
    return [PartRow(*row) for row in found]  # type: ignore[arg-type]


# -- suspense

_OPEN = """i.amount - COALESCE((SELECT SUM(m.amount) FROM suspense_move m
WHERE m.provider_id = i.provider_id AND m.payment_id = i.payment_id), 0)"""

ITEMS = f"""SELECT i.provider_id, i.payment_id, i.order_provider_id, i.channel_no, i.reference,
i.part_no, i.ledger, i.amount, i.day, i.recorded_at, CAST({_OPEN} AS BIGINT)
FROM suspense_item i WHERE i.provider_id = :provider_id
AND (i.recorded_at > :recorded_at OR i.recorded_at = :recorded_at AND i.payment_id > :after)
AND (:settled = 1 OR {_OPEN} <> 0)
ORDER BY i.recorded_at, i.payment_id LIMIT :most"""  # noqa: S608 - our own words

ITEM = f"""SELECT i.provider_id, i.payment_id, i.order_provider_id, i.channel_no, i.reference,
i.part_no, i.ledger, i.amount, i.day, i.recorded_at, CAST({_OPEN} AS BIGINT)
FROM suspense_item i
WHERE i.provider_id = :provider_id AND i.payment_id = :payment_id"""  # noqa: S608 - our own words

LOCK_ITEM = """UPDATE suspense_item SET amount = amount
WHERE provider_id = :provider_id AND payment_id = :payment_id"""

MOVES = """SELECT move_no, account_id, account_entry_id, amount, day, entry_id, client_id,
recorded_at FROM suspense_move
WHERE provider_id = :provider_id AND payment_id = :payment_id ORDER BY move_no"""

ADD_MOVE = """INSERT INTO suspense_move (provider_id, payment_id, move_no, account_id,
account_entry_id, amount, day, entry_id, client_id, recorded_at)
VALUES (:provider_id, :payment_id, :move_no, :account_id,
:account_entry_id, :amount, :day, :entry_id, :client_id, :recorded_at)"""

OPEN_BY_LEDGER = f"""SELECT i.ledger, CAST(SUM({_OPEN}) AS BIGINT) FROM suspense_item i
WHERE i.provider_id = :provider_id GROUP BY i.ledger"""  # noqa: S608 - our own words


class SuspenseRow(NamedTuple):
    """A row of `suspense_item`, and what of it is open."""

    provider_id: int
    payment_id: int
    order_provider_id: int
    channel_no: int
    reference: str
    part_no: int
    ledger: str
    amount: int
    day: int
    recorded_at: int
    open: int


class MoveRow(NamedTuple):
    """A row of `suspense_move`, without its item's key."""

    move_no: int
    account_id: int
    account_entry_id: int
    amount: int
    day: int
    entry_id: int
    client_id: int
    recorded_at: int


def suspended(
    reader: Reader, provider_id: int, settled: bool, after: tuple[int, int], most: int
) -> list[SuspenseRow]:
    """Items behind one (recorded_at, payment_id), the oldest first."""
    found = reader.rows(
        ITEMS,
        provider_id=provider_id,
        settled=int(settled),
        recorded_at=after[0],
        after=after[1],
        most=most,
    )
    return [SuspenseRow(*row) for row in found]  # type: ignore[arg-type]


def suspense_item(reader: Reader, provider_id: int, payment_id: int) -> SuspenseRow | None:
    """An item, or None."""
    row = reader.row(ITEM, provider_id=provider_id, payment_id=payment_id)
    return None if row is None else SuspenseRow(*row)  # type: ignore[arg-type]


def lock_item(session: Session, provider_id: int, payment_id: int) -> None:
    """Lets one transaction at a time move an item's money; what follows sees the others' moves."""
    session.run(LOCK_ITEM, provider_id=provider_id, payment_id=payment_id)


def moves(reader: Reader, provider_id: int, payment_id: int) -> list[MoveRow]:
    """Where the money of an item went, in order."""
    found = reader.rows(MOVES, provider_id=provider_id, payment_id=payment_id)
    return [MoveRow(*row) for row in found]  # type: ignore[arg-type]


def add_move(session: Session, provider_id: int, payment_id: int, move: MoveRow) -> None:
    """Adds a move; StoreConflict when another transaction added it meanwhile."""
    session.run(ADD_MOVE, provider_id=provider_id, payment_id=payment_id, **move._asdict())


def open_by_ledger(reader: Reader, provider_id: int) -> dict[str, int]:
    """What is open in all, by ledger account."""
    found = reader.rows(OPEN_BY_LEDGER, provider_id=provider_id)
    return {str(ledger): int(amount) for ledger, amount in found}


# -- reversals

_REVERSAL = """SELECT reference, payment_reference, reversal_id, kind, reason, day, amount, charged,
client_id, recorded_at FROM payment_reversal
WHERE provider_id = :provider_id AND channel_no = :channel_no AND """

REVERSAL = f"{_REVERSAL} reference = :reference"
REVERSAL_OF = f"{_REVERSAL} payment_reference = :reference"

ADD_REVERSAL = """INSERT INTO payment_reversal (provider_id, channel_no, reference,
payment_reference, reversal_id, kind, reason, day, amount, charged, client_id, recorded_at)
VALUES (:provider_id, :channel_no, :reference,
:payment_reference, :reversal_id, :kind, :reason, :day, :amount, :charged, :client_id, :recorded_at)
ON CONFLICT DO NOTHING"""


class ReversalRow(NamedTuple):
    """A row of `payment_reversal`, without provider and channel."""

    reference: str
    payment_reference: str
    reversal_id: int
    kind: int
    reason: str
    day: int
    amount: int
    charged: int
    client_id: int
    recorded_at: int


def reversal(
    reader: Reader, provider_id: int, channel_no: int, reference: str
) -> ReversalRow | None:
    """The reversal of a channel's own reference, or None."""
    return _reversal(reader, REVERSAL, provider_id, channel_no, reference)


def reversal_of(
    reader: Reader, provider_id: int, channel_no: int, payment_reference: str
) -> ReversalRow | None:
    """What undid a payment, or None."""
    return _reversal(reader, REVERSAL_OF, provider_id, channel_no, payment_reference)


def _reversal(
    reader: Reader, sql: str, provider_id: int, channel_no: int, reference: str
) -> ReversalRow | None:
    values: dict[str, Value] = {"provider_id": provider_id, "channel_no": channel_no}
    row = reader.row(sql, **values, reference=reference)
    return None if row is None else ReversalRow(*row)  # type: ignore[arg-type]


def add_reversal(session: Session, provider_id: int, channel_no: int, row: ReversalRow) -> bool:
    """Whether the reversal is new; waits for a transaction that has it."""
    values: dict[str, Value] = {"provider_id": provider_id, "channel_no": channel_no}
    return session.run(ADD_REVERSAL, **values, **row._asdict()) == 1


# -- reservations

RESERVATION = """SELECT reference, target_kind, target, amount, fee, terminal_no, account_id,
bill_id, state, expires_at, client_id, recorded_at FROM reservation
WHERE provider_id = :provider_id AND channel_no = :channel_no AND reference = :reference"""

ADD_RESERVATION = """INSERT INTO reservation (provider_id, channel_no, reference, target_kind,
target, amount, fee, terminal_no, account_id, bill_id, state, expires_at, client_id, recorded_at)
VALUES (:provider_id, :channel_no, :reference, :target_kind,
:target, :amount, :fee, :terminal_no, :account_id, :bill_id, :state, :expires_at, :client_id,
:recorded_at)
ON CONFLICT DO NOTHING"""

END_RESERVATION = """UPDATE reservation SET state = :state
WHERE provider_id = :provider_id AND channel_no = :channel_no AND reference = :reference
AND state = :was"""

RESERVED = """SELECT CAST(COALESCE(SUM(r.amount), 0) AS BIGINT) FROM reservation r
WHERE r.account_id = :account_id AND r.state = :state AND r.expires_at > :now
AND NOT EXISTS (SELECT 1 FROM payment_order o WHERE o.provider_id = r.provider_id
    AND o.channel_no = r.channel_no AND o.reference = r.reference)"""

RESERVED_OF = """SELECT r.account_id, CAST(SUM(r.amount) AS BIGINT) AS amount FROM reservation r
WHERE r.account_id IN (:keys) AND r.state = :state AND r.expires_at > :now
AND NOT EXISTS (SELECT 1 FROM payment_order o WHERE o.provider_id = r.provider_id
    AND o.channel_no = r.channel_no AND o.reference = r.reference)
GROUP BY r.account_id ORDER BY r.account_id"""

ANY_RESERVATION = """SELECT 1 FROM reservation
WHERE provider_id = :provider_id AND channel_no = :channel_no LIMIT 1"""

OF_RESERVED = """SELECT reference, target_kind, target, amount, fee, terminal_no, account_id,
bill_id, state, expires_at, client_id, recorded_at FROM reservation
WHERE provider_id = :provider_id AND channel_no = :channel_no AND reference IN (:references)"""


class ReservationRow(NamedTuple):
    """A row of `reservation`, without provider and channel."""

    reference: str
    target_kind: int
    target: str
    amount: int
    fee: int
    terminal_no: int
    account_id: int
    bill_id: int
    state: int
    expires_at: int
    client_id: int
    recorded_at: int


def reservation(
    reader: Reader, provider_id: int, channel_no: int, reference: str
) -> ReservationRow | None:
    """The reservation of a channel's reference, or None."""
    values: dict[str, Value] = {"provider_id": provider_id, "channel_no": channel_no}
    row = reader.row(RESERVATION, **values, reference=reference)
    return None if row is None else ReservationRow(*row)  # type: ignore[arg-type]


def has_reservations(reader: Reader, provider_id: int, channel_no: int) -> bool:
    """Whether a channel was ever told a reservation; most never are."""
    found = reader.row(ANY_RESERVATION, provider_id=provider_id, channel_no=channel_no)
    return found is not None


def reservations(
    reader: Reader, provider_id: int, channel_no: int, references: Sequence[str]
) -> dict[str, ReservationRow]:
    """The reservations of those of a channel's references that have one, by reference."""
    found = [
        ReservationRow(*row)  # type: ignore[arg-type]
        for sql, values in lists(OF_RESERVED, ":references", references)
        for row in reader.rows(sql, provider_id=provider_id, channel_no=channel_no, **values)
    ]
    return {row.reference: row for row in found}


def add_reservation(
    session: Session, provider_id: int, channel_no: int, row: ReservationRow
) -> bool:
    """Whether the reservation is new; waits for a transaction that has it."""
    values: dict[str, Value] = {"provider_id": provider_id, "channel_no": channel_no}
    return session.run(ADD_RESERVATION, **values, **row._asdict()) == 1


def end_reservation(
    session: Session, provider_id: int, channel_no: int, reference: str, was: int, state: int
) -> bool:
    """Whether a reservation was in one state, and is in another now."""
    values: dict[str, Value] = {"provider_id": provider_id, "channel_no": channel_no}
    ended = session.run(END_RESERVATION, **values, reference=reference, was=was, state=state)
    return ended == 1


def reserved(reader: Reader, account_id: int, state: int, now: int) -> int:
    """What is announced of an account, has not ended and is not posted, in minor units."""
    row = reader.row(RESERVED, account_id=account_id, state=state, now=now)
    assert row is not None  # an aggregate has a row
    return int(row[0])


def reserved_of(reader: Reader, account_id: Ints, state: int, now: int) -> Columns:
    """account_id and amount of the same, of those of these accounts that have any."""
    kinds = {"account_id": Kind.INT, "amount": Kind.INT}
    return reader.among(RESERVED_OF, kinds, np.unique(account_id), state=state, now=now)
