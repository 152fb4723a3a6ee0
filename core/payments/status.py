"""Where a payment is, by channel and reference, for ever: derived from what is kept of it."""

from dataclasses import dataclass, field

from billcore.core.payments.codes import State
from billcore.core.store import payments as rows
from billcore.core.store.payments import MoveRow, OrderRow, PartRow, ReservationRow, ReversalRow
from billcore.core.store.port import Reader


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a payment; see State."""

    state: State
    order: OrderRow | None = None
    parts: tuple[PartRow, ...] = ()
    reversal: ReversalRow | None = None
    reservation: ReservationRow | None = None
    moves: tuple[MoveRow, ...] = field(default=())


def status(reader: Reader, provider_id: int, channel_no: int, reference: str, now: int) -> Status:
    """Where a payment is. now: microseconds since 1970 in UTC."""
    key = provider_id, channel_no, reference
    order = rows.one(reader, *key)
    reservation = rows.reservation(reader, *key)
    if order is None:
        return Status(reserved_state(reservation, now), reservation=reservation)
    parts = tuple(rows.parts(reader, *key)) if not order.target_kind else ()
    reversal = rows.reversal_of(reader, *key)
    moves = _moves(reader, order, parts)
    moved = sum(move.amount for move in moves if move.account_id)
    state = State(order.state)
    if reversal is not None:
        state = State.REVERSED
    elif state is State.SUSPENDED and moved == order.amount:
        state = State.TRANSFERRED
    return Status(state, order, parts, reversal, reservation, moves)


def _moves(reader: Reader, order: OrderRow, parts: tuple[PartRow, ...]) -> tuple[MoveRow, ...]:
    """Where the money of an order went that was put into suspense, part by part."""
    whole = (order.provider_id, order.payment_id, order.state)
    payments = [(one.part_provider_id, one.payment_id, one.state) for one in parts] or [whole]
    held = [(owner, number) for owner, number, state in payments if state == State.SUSPENDED]
    return tuple(move for item in held for move in rows.moves(reader, *item))


def reserved_state(reservation: ReservationRow | None, now: int) -> State:
    """Where a payment is of which there is a reservation at most."""
    if reservation is None:
        return State.UNKNOWN
    if reservation.state == State.RESERVED and reservation.expires_at <= now:
        return State.EXPIRED
    return State(reservation.state)
