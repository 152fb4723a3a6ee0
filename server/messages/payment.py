"""Payments as messages, and back.

Goals: what a request says is checked against its form before core sees it. Non-goals: the rules of
payments.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from billcore.core.enquiries.payable import Payable, PayableDocument, is_bill
from billcore.core.errors import BatchTooLarge, RequestInvalid
from billcore.core.ledger.folding import BILL, PERIOD, SERVICE
from billcore.core.money import minor_digits
from billcore.core.payments.codes import Code, State, TargetKind
from billcore.core.payments.intake.place import Place
from billcore.core.payments.intake.post import ROWS_MAX, Posted
from billcore.core.payments.orders import Orders, Told
from billcore.core.payments.refusals import PaymentInvalid
from billcore.core.payments.reversals import Asked, ReversalKind
from billcore.core.payments.status import Status
from billcore.core.store.payments import (
    MoveRow,
    OrderRow,
    PartRow,
    ReservationRow,
    ReversalRow,
    SuspenseRow,
)
from billcore.core.store.port import Column
from billcore.core.store.providers import Provider
from billcore.server import pages, wire
from billcore.server.messages import account as account_messages
from billcore.v1 import payment_service_pb2 as pb

SUSPENSE = "suspense"

REFUSED_MAX = 1_000
"""So many refused rows of a batch are told in its answer."""


# -- requests


def target(
    given: pb.Target, kinds: Sequence[TargetKind], field: str = "target"
) -> tuple[TargetKind, str]:
    """What a request names in a field. Raises PaymentInvalid."""
    allowed = {int(kind): kind for kind in kinds}
    if given.kind not in allowed:
        names = [f"TARGET_KIND_{kind.name}" for kind in kinds]
        raise PaymentInvalid(f"{field}.kind", f"{given.kind} is none of them.", names)
    return allowed[given.kind], given.text.strip()


POSTABLE = (TargetKind.ACCOUNT, TargetKind.BILL, TargetKind.DOCUMENT)
ASKABLE = (*POSTABLE, TargetKind.TEXT)


def told(request: pb.PostPaymentRequest, place: Place, client_id: int) -> Told:
    """The payment of a request. Raises PaymentInvalid, FieldRefused."""
    if request.currency and request.currency != place.currency:
        raise PaymentInvalid("currency", f"this provider's is {place.currency}.", [place.currency])
    kind, text = target(request.target, POSTABLE)
    day = account_messages.day(request.value_day, "value_day") if request.value_day else 0
    return Told(
        channel_no=place.channel.channel_no,
        reference=request.reference,
        target_kind=kind,
        target=text,
        amount=request.amount,
        taken=request.money_taken or place.channel.policies.money_taken,
        client_id=client_id,
        fee=request.fee,
        terminal_no=place.terminal_no,
        direction=_direction(request.direction),
        paid_at=_time(request.paid_at, "paid_at"),
        value_day=day,
    )


def reserved(request: pb.ReservePaymentRequest, place: Place, client_id: int) -> Told:
    """The payment that a request announces. Raises PaymentInvalid."""
    kind, text = target(request.target, POSTABLE)
    return Told(
        channel_no=place.channel.channel_no,
        reference=request.reference,
        target_kind=kind,
        target=text,
        amount=request.amount,
        taken=False,
        client_id=client_id,
        fee=request.fee,
        terminal_no=place.terminal_no,
    )


def asked(request: pb.ReversePaymentRequest) -> Asked:
    """The reversal of a request. Raises PaymentInvalid, FieldRefused."""
    known = {int(kind): kind for kind in ReversalKind}
    if request.kind not in known:
        names = [f"REVERSAL_KIND_{kind.name}" for kind in ReversalKind]
        raise PaymentInvalid("kind", "say why.", names)
    day = account_messages.day(request.day, "day") if request.day else 0
    return Asked(
        request.reference, request.payment_reference, known[request.kind], request.reason, day
    )


def _time(given: int, field: str) -> int:
    if given < 0:
        raise PaymentInvalid(field, "it counts microseconds since 1970; 0 is now.")
    return given


def _direction(given: pb.Direction) -> str:
    match given.WhichOneof("by"):
        case "bill_id":
            return f"{BILL}{given.bill_id}"
        case "service":
            return f"{SERVICE}{given.service}"
        case "period":
            return f"{PERIOD}{given.period}"
    return ""


# -- streams


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a stream."""

    channel: str
    money_taken: bool
    terminal: str


def header(requests: Iterator[pb.PostPaymentsRequest]) -> Header:
    """The first message of a stream. Raises RequestInvalid."""
    first = next(requests, None)
    if first is None or first.WhichOneof("message") != "header":
        raise RequestInvalid("header", "the first message of a stream is its header.")
    given = first.header
    return Header(given.channel, given.money_taken, given.terminal)


def batch(request: pb.PostPaymentsRequest, place: Place, client_id: int, taken: bool) -> Orders:
    """The payments of a batch. Raises RequestInvalid, BatchTooLarge, ColumnInvalid."""
    if request.WhichOneof("message") != "batch":
        raise RequestInvalid("batch", "after the header every message is a batch.")
    given = request.batch
    rows = given.rows
    if not 1 <= rows <= ROWS_MAX:
        raise BatchTooLarge("rows_max", ROWS_MAX, rows)
    taken = taken or place.channel.policies.money_taken
    return Orders(
        channel_no=np.full(rows, place.channel.channel_no),
        reference=wire.texts(given.references, given.reference_ends, "references", rows),
        target_kind=_kinds(given, rows),
        target=wire.texts(given.targets, given.target_ends, "targets", rows),
        amount=_column(given.amounts, "amounts", rows, needed=True),
        taken=np.full(rows, taken),
        client_id=np.full(rows, client_id),
        fee=_column(given.fees, "fees", rows),
        terminal_no=np.full(rows, place.terminal_no),
        direction=_directions(given, rows),
        paid_at=_column(given.paid_at, "paid_at", rows),
        value_day=_value_days(given, rows),
    )


def _kinds(given: pb.PaymentsBatch, rows: int) -> wire.Ints:
    if len(given.target_kinds) == 1:
        return np.full(rows, given.target_kinds[0], dtype=np.int64)
    if len(given.target_kinds) != rows:
        message = f"{len(given.target_kinds)} values; give one, or one for each row."
        raise RequestInvalid("batch.target_kinds", message)
    return np.array(given.target_kinds, dtype=np.int64)


def _directions(given: pb.PaymentsBatch, rows: int) -> pa.StringArray:
    if not len(given.direction_ends) and not given.directions:
        return pa.repeat(pa.scalar(""), rows)
    return wire.texts(given.directions, given.direction_ends, "directions", rows)


def _value_days(given: pb.PaymentsBatch, rows: int) -> wire.Ints:
    told = _column(given.value_days, "value_days", rows)
    return np.where(told != 0, wire.days(told), 0)


def _column(values: Sequence[int], name: str, rows: int, *, needed: bool = False) -> wire.Ints:
    if not len(values) and not needed:
        return np.zeros(rows, dtype=np.int64)
    if len(values) != rows:
        raise RequestInvalid(f"batch.{name}", f"{len(values)} values for {rows} rows.")
    return wire.array(values, np.int64)


def opened() -> bytes:
    """The answer to a header, encoded."""
    told = pb.PaymentsOpened(rows_max=ROWS_MAX)
    return pb.PostPaymentsResponse(opened=told).SerializeToString()


def posted(found: Posted) -> bytes:
    """The answer to a batch, encoded."""
    done = np.isin(found.code, (Code.OK, Code.OK_REPLAYED))
    columns = {
        name: _shown(found.orders[name], done) for name in ("state", "payment_id", "account_id")
    }
    fresh = np.flatnonzero(found.code == Code.OK)
    recorded = int(found.orders["recorded_at"][fresh[0]]) if fresh.size else 0
    body = wire.chunk(1, [found.code.astype(np.uint8).data.cast("B")])
    body += wire.chunk(2, [columns["state"].astype(np.uint8).data.cast("B")])
    body += wire.packed(3, columns["payment_id"]) + wire.packed(4, columns["account_id"])
    body += wire.number(5, recorded)
    for row in np.flatnonzero(~done)[:REFUSED_MAX].tolist():
        refused = pb.PaymentRefused(
            row=row,
            code=int(found.code[row]),  # type: ignore[arg-type]
            message=found.error(row).message,
        )
        body += wire.chunk(6, [refused.SerializeToString()])
    return b"".join(wire.chunk(2, body))


def _shown(column: Column, done: np.ndarray) -> wire.Ints:
    assert isinstance(column, np.ndarray)
    return np.where(done, column, 0)


# -- answers


def currency(place: Place) -> dict[str, Any]:
    """The fields that every answer with amounts has; of the house's orders unknown without them."""
    digits = minor_digits(place.currency) if place.currency else 0
    return {"currency": place.currency, "digits": digits}


def payment(order: OrderRow, channel: str) -> pb.Payment:
    """An order of one payment."""
    return pb.Payment(
        payment_id=order.payment_id,
        channel=channel,
        reference=order.reference,
        state=order.state,  # type: ignore[arg-type]
        code=order.code,  # type: ignore[arg-type]
        account_id=order.account_id,
        bill_id=order.bill_id,
        amount=order.amount,
        fee=order.fee,
        day=account_messages.iso(order.day),
        value_day=account_messages.iso(order.value_day or order.day),
        paid_at=order.paid_at or order.recorded_at,
        recorded_at=order.recorded_at,
        target=_told_target(order.target_kind, order.target),
    )


def _told_target(kind: int, text: str) -> pb.Target | None:
    """What was told; None of an order of several payments."""
    return pb.Target(kind=kind, text=text) if kind else None  # type: ignore[arg-type]


def part(order: OrderRow, one: PartRow, channel: str) -> pb.Payment:
    """A payment of an order of several."""
    return pb.Payment(
        payment_id=one.payment_id,
        channel=channel,
        reference=order.reference,
        state=one.state,  # type: ignore[arg-type]
        code=one.code,  # type: ignore[arg-type]
        account_id=one.account_id,
        bill_id=one.bill_id,
        amount=one.amount,
        day=account_messages.iso(one.day),
        value_day=account_messages.iso(one.day),
        paid_at=order.paid_at or order.recorded_at,
        recorded_at=order.recorded_at,
        target=_told_target(one.target_kind, one.target),
    )


def reversal(row: ReversalRow) -> pb.Reversal:
    """What undid a payment."""
    return pb.Reversal(
        reversal_id=row.reversal_id,
        reference=row.reference,
        kind=row.kind,  # type: ignore[arg-type]
        reason=row.reason,
        day=account_messages.iso(row.day),
        amount=row.amount,
        charged=row.charged,
        recorded_at=row.recorded_at,
    )


def reservation(row: ReservationRow) -> pb.Reservation:
    """An announced payment."""
    return pb.Reservation(
        account_id=row.account_id,
        bill_id=row.bill_id,
        amount=row.amount,
        expires_at=row.expires_at,
        recorded_at=row.recorded_at,
    )


def move(row: MoveRow) -> pb.SuspenseMove:
    """Money that left suspense."""
    return pb.SuspenseMove(
        account_id=row.account_id,
        account_entry_id=row.account_entry_id,
        amount=row.amount,
        day=account_messages.iso(row.day),
        recorded_at=row.recorded_at,
    )


def status(found: Status, place: Place) -> pb.GetPaymentStatusResponse:
    """Where a payment is."""
    order, channel = found.order, place.channel.channel
    return pb.GetPaymentStatusResponse(
        state=int(found.state),  # type: ignore[arg-type]
        payment=None if order is None or found.parts else payment(order, channel),
        reversal=None if found.reversal is None else reversal(found.reversal),
        reservation=None if found.reservation is None else reservation(found.reservation),
        moves=[move(row) for row in found.moves],
        parts=[part(order, one, channel) for one in found.parts] if order else [],
        **currency(place),
    )


def under_way(place: Place) -> pb.GetPaymentStatusResponse:
    """Where a payment is that is being posted."""
    state = int(State.IN_PROGRESS)
    return pb.GetPaymentStatusResponse(state=state, **currency(place))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Item:
    """An item in suspense with what its payer said, and where its money went."""

    row: SuspenseRow
    channel: str
    target_kind: int
    target: str
    code: int
    paid_at: int
    moves: Sequence[MoveRow]


def item(found: Item) -> pb.SuspenseItem:
    """An item in suspense."""
    return pb.SuspenseItem(
        payment_id=found.row.payment_id,
        channel=found.channel,
        reference=found.row.reference,
        target=pb.Target(kind=found.target_kind, text=found.target),  # type: ignore[arg-type]
        code=found.code,  # type: ignore[arg-type]
        amount=found.row.amount,
        open=found.row.open,
        paid_at=found.paid_at or found.row.recorded_at,
        recorded_at=found.row.recorded_at,
        moves=[move(row) for row in found.moves],
    )


def behind(request: pb.ListSuspenseRequest) -> tuple[int, int]:
    """(recorded_at, payment id) behind which a page of the worklist begins."""
    said = pages.after(request, SUSPENSE)
    first, _, second = said.partition(":")
    if not said:
        return 0, 0
    if not (first.isascii() and first.isdigit() and second.isascii() and second.isdigit()):
        raise pages.bad_token()
    return int(first), int(second)


def suspense(
    found: Sequence[Item], size: int, held: int, told: Mapping[str, Any]
) -> pb.ListSuspenseResponse:
    """A page of the worklist, of which one more than `size` were asked for."""
    page = found[:size]
    more = ""
    if len(found) > size:
        last = page[-1].row
        more = pages.token(SUSPENSE, f"{last.recorded_at}:{last.payment_id}")
    return pb.ListSuspenseResponse(
        items=[item(one) for one in page], next_page_token=more, open=held, **told
    )


def fetched(
    kind: TargetKind, provider: Provider, accounts: Sequence[Payable]
) -> pb.FetchBillResponse:
    """What there is to pay."""
    due = any(account.code is Code.OK for account in accounts)
    return pb.FetchBillResponse(
        code=int(Code.OK if due else Code.NOTHING_DUE),  # type: ignore[arg-type]
        currency=provider.currency,
        digits=minor_digits(provider.currency),
        recognised=int(kind),  # type: ignore[arg-type]
        accounts=[_payable(account) for account in accounts],
    )


def _payable(found: Payable) -> pb.PayableAccount:
    return pb.PayableAccount(
        number=found.number,
        name=found.name,
        address=found.address,
        code=int(found.code),  # type: ignore[arg-type]
        balance=found.balance,
        payable=found.payable,
        least=found.least,
        most=found.most,
        exactness=int(found.exactness),  # type: ignore[arg-type]
        documents=[_document(one) for one in found.documents],
        fee=found.fee,
    )


def _document(found: PayableDocument) -> pb.PayableDocument:
    one = found.item.document
    return pb.PayableDocument(
        bill_id=one.id if is_bill(found.item) else 0,
        what=one.what,
        day=account_messages.iso(one.day),
        due_day=account_messages.iso(one.due_day),
        amount=one.amount,
        open=found.item.open,
        exactness=int(found.exactness),  # type: ignore[arg-type]
        payer_id=found.payer_id,
        payment_id=found.payment_id,
        asked=found.asked,
    )
