"""Payments in two phases: reserved, then confirmed or released; a reservation ends by itself."""

from dataclasses import dataclass

from billcore.core.accounts.acting import Write
from billcore.core.durations import SECOND
from billcore.core.errors import BillcoreError
from billcore.core.payments.codes import Code, State, TargetKind
from billcore.core.payments.intake.place import Place, check_terminal
from billcore.core.payments.intake.post import Intake, judge, order_rows, post
from billcore.core.payments.orders import RESERVED, Told, orders
from billcore.core.payments.refusals import PaymentConflict, PaymentInvalid, PaymentUnknown
from billcore.core.payments.status import reserved_state
from billcore.core.store import payments as rows
from billcore.core.store.payments import OrderRow, ReservationRow


class ReservationEnded(BillcoreError):
    """A reservation was released, or has ended by itself, or is a payment by now."""

    reason = "RESERVATION_ENDED"

    def __init__(self, reference: str, state: State) -> None:
        super().__init__(
            f"The reservation {reference!r} is {state.name.lower()}: ask for the payment's status; "
            "where the payer's money was taken, confirm it with money_taken.",
            reference=reference,
            state=state.name,
        )


@dataclass(frozen=True, slots=True)
class Reserved:
    """A reservation, and whether it was told before."""

    row: ReservationRow
    replayed: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A payment, and whether it was posted before."""

    order: OrderRow
    replayed: bool


def reserve(write: Write, place: Place, told: Told, seconds: int) -> Reserved:
    """Checks a payment and notes it until it is confirmed. seconds: 0: the channel's.

    Raises what would refuse the payment, and PaymentConflict.
    """
    most = place.channel.policies.reservation_seconds
    if not 0 <= seconds <= most:
        raise PaymentInvalid("seconds", f"{seconds} is not from 0 to {most}.")
    key = place.provider_id, place.channel.channel_no
    kept = rows.reservation(write.session, *key, told.reference)
    if kept is not None:
        return _told_before(told, kept)
    if rows.one(write.session, *key, told.reference) is not None:
        kept = rows.reservation(write.session, *key, told.reference)
        if kept is not None:  # another transaction added it meanwhile, and it is confirmed
            return _told_before(told, kept)
        differs: dict[str, tuple[object, object]] = {"state": ("posted", "to be reserved")}
        raise PaymentConflict(told.reference, differs)
    found = judge(write.session, _intake(write, place), orders([told._replace(taken=False)]))
    row = ReservationRow(
        reference=told.reference,
        target_kind=told.target_kind,
        target=told.target,
        amount=told.amount,
        fee=told.fee,
        terminal_no=told.terminal_no,
        account_id=int(found.account_id[0]),
        bill_id=int(found.bill_id[0]),
        state=State.RESERVED,
        expires_at=write.now + (seconds or most) * SECOND,
        client_id=write.caller.client_id,
        recorded_at=write.now,
    )
    if rows.add_reservation(write.session, *key, row):
        return Reserved(row, replayed=False)
    kept = rows.reservation(write.session, *key, told.reference)
    assert kept is not None  # another transaction added it meanwhile
    return _told_before(told, kept)


def confirm(write: Write, place: Place, reference: str, taken: bool, paid_at: int) -> Confirmed:
    """Posts what was reserved. taken: although the reservation has ended.

    Raises PaymentUnknown, TerminalForbidden, PaymentConflict, ReservationEnded, and what refuses
    the payment.
    """
    key = place.provider_id, place.channel.channel_no, reference
    kept = rows.reservation(write.session, *key)
    if kept is None:
        raise PaymentUnknown(reference)
    check_terminal(write.caller, place, kept.terminal_no)
    order = rows.one(write.session, *key)
    if order is not None:
        _check_same(order, kept)
        return _confirmed_before(order, paid_at)
    state = reserved_state(kept, write.now)
    if state is not State.RESERVED and not taken:
        raise ReservationEnded(reference, state)
    if not rows.end_reservation(write.session, *key, kept.state, State.POSTED):
        return confirm(write, place, reference, taken, paid_at)  # somebody was quicker
    told = Told(
        channel_no=place.channel.channel_no,
        reference=reference,
        target_kind=TargetKind(kept.target_kind),
        target=kept.target,
        amount=kept.amount,
        taken=True,  # what was checked when it was reserved is not checked again
        client_id=write.caller.client_id,
        fee=kept.fee,
        terminal_no=kept.terminal_no,
        paid_at=paid_at,
    )
    posted = post(write.session, _intake(write, place), orders([told]))
    if posted.code[0] not in (Code.OK, Code.OK_REPLAYED):
        raise posted.error(0)
    return Confirmed(order_rows(posted.orders)[0], posted.code[0] == Code.OK_REPLAYED)


def _confirmed_before(order: OrderRow, paid_at: int) -> Confirmed:
    if paid_at != order.paid_at:
        raise PaymentConflict(order.reference, {"paid_at": (order.paid_at, paid_at)})
    return Confirmed(order, replayed=True)


def release(write: Write, place: Place, reference: str) -> tuple[State, bool]:
    """Ends a reservation: RELEASED, or EXPIRED where it had ended by itself; whether it was ended
    before.

    Raises PaymentUnknown, TerminalForbidden, and ReservationEnded where it is a payment by now.
    """
    key = place.provider_id, place.channel.channel_no, reference
    kept = rows.reservation(write.session, *key)
    if kept is None:
        raise PaymentUnknown(reference)
    check_terminal(write.caller, place, kept.terminal_no)
    state = reserved_state(kept, write.now)
    if rows.one(write.session, *key) is not None:
        state = State.POSTED  # whoever did it
    if state is State.RESERVED:
        if not rows.end_reservation(write.session, *key, State.RESERVED, State.RELEASED):
            return release(write, place, reference)  # somebody was quicker
        return State.RELEASED, False
    if state is State.POSTED:
        raise ReservationEnded(reference, state)
    return state, state is State.RELEASED


def _intake(write: Write, place: Place) -> Intake:
    channel = place.channel
    known = {channel.channel_no: channel}
    return Intake(place.provider_id, write.now, place.time_zone, place.policies, known)


def _told_before(told: Told, kept: ReservationRow) -> Reserved:
    _check_same(told, kept)
    return Reserved(kept, replayed=True)


def _check_same(told: Told | OrderRow, kept: ReservationRow) -> None:
    pairs = {name: (getattr(kept, name), getattr(told, name)) for name in RESERVED}
    differs = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if differs:
        raise PaymentConflict(kept.reference, differs)
