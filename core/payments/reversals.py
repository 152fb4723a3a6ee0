"""Payments that are taken back: cancelled by the channel, not honoured, charged back, returned.

A reversal undoes a payment whole, once, by entries that name what they undo; what it had paid is
open again from its own due day. It has a key of its own (provider, channel, its reference) and is
answered again like a payment.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write
from billcore.core.durations import DAY
from billcore.core.errors import BillcoreError
from billcore.core.events.audit import audit
from billcore.core.events.outbox import record
from billcore.core.ids import computed_id
from billcore.core.ledger import journal
from billcore.core.ledger.account_entries import (
    AccountEntries,
    Posting,
    post_account_entries,
    reverse_account_entry,
)
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ledger.turns import turn_to_post
from billcore.core.payments.codes import State
from billcore.core.payments.intake import cash
from billcore.core.payments.intake.place import Place, check_terminal
from billcore.core.payments.moving import undo_moves
from billcore.core.payments.refusals import PaymentConflict, PaymentInvalid, PaymentUnknown
from billcore.core.payments.suspense import add_move, found, standing_moves
from billcore.core.store import payments as rows
from billcore.core.store.payments import OrderRow, ReversalRow

REFERENCE_MAX = 100
REASON_MAX = 500

REVERSED = "payment.reversed"


class ReversalKind(IntEnum):
    """Why; the numbers travel and are stored."""

    CANCELLED = 1
    DISHONOURED = 2
    CHARGEBACK = 3
    RETURNED = 4


class PaymentReversed(BillcoreError):
    """The payment is reversed already, by another reversal."""

    reason = "PAYMENT_REVERSED"

    def __init__(self, reference: str, reversal: str) -> None:
        super().__init__(
            f"Payment {reference!r} is reversed already, by {reversal!r}.",
            reference=reference,
            reversal=reversal,
        )


class ReversalLate(BillcoreError):
    """The channel may not cancel a payment so long after it."""

    reason = "REVERSAL_LATE"

    def __init__(self, reference: str, days: int) -> None:
        super().__init__(
            f"Payment {reference!r} is older than {days} days, within which this channel may "
            "cancel: register a correction case.",
            reference=reference,
            days=days,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A reversal as its channel tells it. day: an ordinal, from which on; 0: today."""

    reference: str
    payment_reference: str
    kind: ReversalKind
    reason: str
    day: int = 0


@dataclass(frozen=True, slots=True)
class Reversed:
    """A reversal, and whether it was told before."""

    row: ReversalRow
    replayed: bool


def reverse(write: Write, place: Place, asked: Asked, today: int, charge: int = 0) -> Reversed:
    """Undoes a payment, charging its account a fee (minor units, 0: none).

    Raises PaymentInvalid, PaymentUnknown, TerminalForbidden, PaymentReversed, PaymentConflict,
    ReversalLate.
    """
    _check(asked)
    key = place.provider_id, place.channel.channel_no
    kept = rows.reversal(write.session, *key, asked.reference)
    if kept is not None:
        return _told_before(asked, kept)
    order = rows.one(write.session, *key, asked.payment_reference)
    if order is None:
        raise PaymentUnknown(asked.payment_reference)
    check_terminal(write.caller, place, order.terminal_no)
    if rows.reversal_of(write.session, *key, asked.payment_reference) is not None:
        return _lost(write, place, asked)
    _check_window(write, place, asked, order)
    row = ReversalRow(
        reference=asked.reference,
        payment_reference=asked.payment_reference,
        reversal_id=computed_id("payment reversal", *key, asked.payment_reference),
        kind=asked.kind,
        reason=asked.reason,
        day=asked.day or today,
        amount=order.amount,
        charged=charge if order.state == State.POSTED and order.account_id else 0,
        client_id=write.caller.client_id,
        recorded_at=write.now,
    )
    if not rows.add_reversal(write.session, *key, row):
        return _lost(write, place, asked)
    cash.gave_back(write.session, place, order, row)  # holds the agent before any account
    _undo(write, place, order, row)
    detail = {
        "payment_id": order.payment_id,
        "account_id": order.account_id,
        "amount": row.amount,
        "kind": asked.kind.name,
    }
    subject = f"payment {order.payment_id}"
    record(write.session, place.provider_id, REVERSED, subject, detail, write.now)
    audit(write.session, write.caller, REVERSED, subject, asked.reason, detail, write.now)
    return Reversed(row, replayed=False)


def _check(asked: Asked) -> None:
    for name, text, most in (
        ("reference", asked.reference, REFERENCE_MAX),
        ("payment_reference", asked.payment_reference, REFERENCE_MAX),
        ("reason", asked.reason, REASON_MAX),
    ):
        if not 1 <= len(text) <= most or not text.isprintable():
            raise PaymentInvalid(name, f"it has 1 to {most} printable characters.")


def _told_before(asked: Asked, kept: ReversalRow) -> Reversed:
    pairs: Mapping[str, tuple[object, object]] = {
        "payment_reference": (kept.payment_reference, asked.payment_reference),
        "kind": (ReversalKind(kept.kind).name, asked.kind.name),
        "reason": (kept.reason, asked.reason),
        "day": (kept.day, asked.day or kept.day),
    }
    differs = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if differs:
        raise PaymentConflict(asked.reference, differs)
    return Reversed(kept, replayed=True)


def _lost(write: Write, place: Place, asked: Asked) -> Reversed:
    """It is reversed: by another transaction meanwhile under this reference, or another one."""
    key = place.provider_id, place.channel.channel_no
    kept = rows.reversal(write.session, *key, asked.reference)
    if kept is not None:
        return _told_before(asked, kept)
    other = rows.reversal_of(write.session, *key, asked.payment_reference)
    raise PaymentReversed(asked.payment_reference, other.reference if other else "")


def _check_window(write: Write, place: Place, asked: Asked, order: OrderRow) -> None:
    most = place.channel.policies.reversal_days
    age = write.now - order.recorded_at
    if asked.kind is ReversalKind.CANCELLED and age > most * DAY:
        raise ReversalLate(asked.payment_reference, most)


def _undo(write: Write, place: Place, order: OrderRow, row: ReversalRow) -> None:
    for provider_id, payment_id, account_id, part_no in _payments(write, order):
        source = f"payment reversal/{row.reversal_id}/{part_no}"
        clearing = place.channel.ledger
        posting = Posting(provider_id, source, write.caller.client_id, write.now, clearing)
        if account_id:
            undo_moves(write.session, payment_id, row.day, posting)
            reverse_account_entry(write.session, account_id, payment_id, row.day, posting)
        else:
            _undo_suspended(write, payment_id, row.day, posting)
    if row.charged:
        _charge(write, place, order, row)


def _payments(write: Write, order: OrderRow) -> Iterator[tuple[int, int, int, int]]:
    """(provider, payment, account, part) of each payment of an order; account 0: suspended."""
    key = order.provider_id, order.channel_no, order.reference
    if order.target_kind:
        yield order.provider_id, order.payment_id, order.account_id, 0
        return
    for part in rows.parts(write.session, *key):
        yield part.part_provider_id, part.payment_id, part.account_id, part.part_no


def _undo_suspended(write: Write, payment_id: int, day: int, posting: Posting) -> None:
    """Takes money back from where it is: from suspense, and from accounts that it moved to."""
    rows.lock_item(write.session, posting.provider_id, payment_id)
    item = found(write.session, posting.provider_id, payment_id)
    for move in standing_moves(rows.moves(write.session, posting.provider_id, payment_id)):
        if move.account_id:
            moved = Posting(
                posting.provider_id,
                f"{posting.source}/move {move.move_no}",
                posting.client_id,
                posting.recorded_at,
                posting.contra,
            )
            entry = move.account_entry_id
            reverse_account_entry(write.session, move.account_id, entry, day, moved)
    if not item.open:
        return
    nobody = np.zeros(0, dtype=np.int64)
    now = turn_to_post(write.session, posting.provider_id, nobody, posting.recorded_at)
    journal.post(
        write.session,
        journal.Entry(
            provider_id=posting.provider_id,
            source=posting.source,
            day=day,
            kind=EntryKind.PAYMENT,
            amounts={item.ledger: item.open, posting.contra: -item.open},
            client_id=posting.client_id,
            recorded_at=now,
        ),
    )
    add_move(write, item, 0, 0, item.open)


def _charge(write: Write, place: Place, order: OrderRow, row: ReversalRow) -> None:
    fee = AccountEntries(
        account_id=np.array([order.account_id]),
        kind=np.array([int(EntryKind.FEE)]),
        day=np.array([row.day]),
        amount=np.array([row.charged]),
        reference=pa.array([f"fee: {ReversalKind(row.kind).name.lower()} {order.reference}"]),
        reverses=np.array([0]),
    )
    source = f"payment reversal/{row.reversal_id}/fee"
    posting = Posting(place.provider_id, source, write.caller.client_id, write.now)
    post_account_entries(write.session, fee, posting)
