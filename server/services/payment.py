"""PaymentService: money comes in. Each handler: convert, call, convert, return.

A payment goes through the writer of this process, which commits those that come in together; what
is done by hand or rarely (reversals, two phases, splits, suspense) has a transaction of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

import grpc
import numpy as np

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.errors import ProviderUnknown
from billcore.core.accounts.providers import get_provider
from billcore.core.caller import HOUSE
from billcore.core.enquiries.named import named
from billcore.core.enquiries.payable import payable
from billcore.core.errors import quoted
from billcore.core.payments import lists, reservations, reversals, splits, suspense
from billcore.core.payments.explained.explained import explain_payment
from billcore.core.payments.intake.place import (
    Place,
    asked_place,
    at_provider,
    check_whole,
    place,
)
from billcore.core.payments.intake.post import Intake, Posted, days, post
from billcore.core.payments.intake.writer import Writer
from billcore.core.payments.orders import Orders
from billcore.core.payments.refusals import PaymentInvalid
from billcore.core.payments.splits import Part
from billcore.core.payments.status import status
from billcore.core.store import channels as channel_rows
from billcore.core.store import payments as rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.again import again
from billcore.core.store.payments import SuspenseRow
from billcore.core.store.port import Reader, Session
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Backend, Write, mark_replayed
from billcore.server.messages import explained
from billcore.server.messages import payment as messages
from billcore.server.messages import payment_list as list_messages
from billcore.server.places import Places
from billcore.v1 import payment_service_pb2 as pb
from billcore.v1.payment_service_pb2_grpc import PaymentServiceServicer

Context = grpc.ServicerContext

T = TypeVar("T")


class PaymentService(PaymentServiceServicer):
    """The payments of the caller's provider over gRPC."""

    def __init__(self, backend: Backend, writer: Writer) -> None:
        self._backend = backend
        self._writer = writer
        self._places = Places(backend.store)

    def PostPayment(self, request: pb.PostPaymentRequest, context: Context) -> bytes:
        caller = CALLER.get()
        where = self._places.get(caller, request.channel, request.terminal)
        result = self._writer.post(where, messages.told(request, where, caller.client_id))
        if result.replayed:
            mark_replayed(context)
        assert result.order is not None  # an error was raised
        payment = messages.payment(result.order, where.channel.channel)
        answer = pb.PostPaymentResponse(payment=payment, **messages.currency(where))
        return answer.SerializeToString(deterministic=True)

    def PostPayments(
        self, requests: Iterator[pb.PostPaymentsRequest], context: Context
    ) -> Iterator[bytes]:
        caller = CALLER.get()
        header = messages.header(requests)
        place_of = partial(self._places.get, caller, header.channel, header.terminal)
        place_of()
        yield messages.opened()
        for request in requests:
            where = place_of()  # it may have been disabled since
            given = messages.batch(request, where, caller.client_id, header.money_taken)
            yield messages.posted(again(self._backend.store, partial(self._posted, where, given)))

    def _posted(self, where: Place, given: Orders, session: Session) -> Posted:
        return post(session, _intake(where, self._backend.now()), given)

    def GetPaymentStatus(
        self, request: pb.GetPaymentStatusRequest, context: Context
    ) -> pb.GetPaymentStatusResponse:
        with self._backend.store.read() as reader:
            where = asked_place(reader, CALLER.get(), request.channel)
            key = where.provider_id, where.channel.channel_no, request.reference
            under_way = self._writer.is_under_way(*key)
            found = status(reader, *key, self._backend.now())
            where = _paid_at(reader, where, request.reference)
        if under_way and found.order is None:
            return messages.under_way(where)
        return messages.status(found, where)

    def ListPayments(
        self, request: pb.ListPaymentsRequest, context: Context
    ) -> pb.ListPaymentsResponse:
        with self._backend.store.read() as reader:
            where = asked_place(reader, CALLER.get(), request.channel)
            span = lists.span(where, request.paid_from, request.paid_until)
            behind, size = list_messages.behind(request, span), pages.page_size(request)
            found = lists.page(reader, span, behind, size)
        return list_messages.listed(found, span, where)

    def ExplainPayment(
        self, request: pb.ExplainPaymentRequest, context: Context
    ) -> pb.ExplainPaymentResponse:
        caller, now = CALLER.get(), self._backend.now()
        with self._backend.store.read() as reader:
            where = asked_place(reader, caller, request.channel)
            key = where.provider_id, where.channel.channel_no, request.reference
            found = explain_payment(reader, *key, now)
        return explained.told(found, where.channel.channel)

    def ReversePayment(self, request: pb.ReversePaymentRequest, context: Context) -> bytes:
        def act(write: Write, where: Place) -> tuple[pb.ReversePaymentResponse, bool]:
            given = messages.asked(request)
            today = int(days(np.array([write.now]), where.time_zone)[0])
            charge = getattr(where.policies.reversal_fees, given.kind.name.lower())
            done = reversals.reverse(write, where, given, today, charge)
            paid = _paid_at(write.session, where, given.payment_reference)
            told = messages.reversal(done.row)
            answer = pb.ReversePaymentResponse(reversal=told, **messages.currency(paid))
            return answer, done.replayed

        return self._at(request.channel, context, act, anyhow=True)

    def ReservePayment(self, request: pb.ReservePaymentRequest, context: Context) -> bytes:
        def act(write: Write, where: Place) -> tuple[pb.ReservePaymentResponse, bool]:
            told = messages.reserved(request, where, write.caller.client_id)
            done = reservations.reserve(write, where, told, request.seconds)
            kept = messages.reservation(done.row)
            answer = pb.ReservePaymentResponse(reservation=kept, **messages.currency(where))
            return answer, done.replayed

        return self._at(request.channel, context, act, request.terminal)

    def ConfirmPayment(self, request: pb.ConfirmPaymentRequest, context: Context) -> bytes:
        def act(write: Write, where: Place) -> tuple[pb.ConfirmPaymentResponse, bool]:
            taken = request.money_taken or where.channel.policies.money_taken
            done = reservations.confirm(write, where, request.reference, taken, request.paid_at)
            payment = messages.payment(done.order, where.channel.channel)
            answer = pb.ConfirmPaymentResponse(payment=payment, **messages.currency(where))
            return answer, done.replayed

        return self._at(request.channel, context, act, anyhow=True)

    def ReleasePayment(self, request: pb.ReleasePaymentRequest, context: Context) -> bytes:
        def act(write: Write, where: Place) -> tuple[pb.ReleasePaymentResponse, bool]:
            state, replayed = reservations.release(write, where, request.reference)
            return pb.ReleasePaymentResponse(state=int(state)), replayed  # type: ignore[arg-type]

        return self._at(request.channel, context, act, anyhow=True)

    def SplitPayment(self, request: pb.SplitPaymentRequest, context: Context) -> bytes:
        with self._backend.store.write() as session:
            write = Write(session, CALLER.get(), self._backend.now())
            where = place(session, write.caller, request.channel, request.terminal)
            check_whole(where.channel)
            act = splits.Act(
                request.reference,
                tuple(_part(session, where, one, n) for n, one in enumerate(request.parts)),
                request.money_taken or where.channel.policies.money_taken,
                request.paid_at,
            )
            done = splits.split(write, where, act)
        if done.replayed:
            mark_replayed(context)
        code = where.channel.channel
        payments = [messages.part(done.order, one, code) for one in done.parts]
        told = messages.currency(act.parts[0].place)
        answer = pb.SplitPaymentResponse(payments=payments, **told)
        return answer.SerializeToString(deterministic=True)

    def FetchBill(self, request: pb.FetchBillRequest, context: Context) -> pb.FetchBillResponse:
        caller = CALLER.get()
        where = self._places.fetching(caller, request.channel)
        kind, text = messages.target(request.target, messages.ASKABLE)
        with self._backend.store.read() as reader:
            provider = get_provider(reader, caller, where.provider_id)
            today = asked.moment(reader, self._backend.now()).today
            found = named(reader, where, kind, text, self._backend.now())
            accounts = [
                payable(
                    reader,
                    where,
                    things.get(reader, where.provider_id, ACCOUNTS, one),
                    found,
                    today,
                )
                for one in found.account_ids
            ]
        return messages.fetched(found.kind, provider, accounts)

    def ListSuspense(
        self, request: pb.ListSuspenseRequest, context: Context
    ) -> pb.ListSuspenseResponse:
        size, behind = pages.page_size(request), messages.behind(request)
        provider_id = CALLER.get().provider_id
        with self._backend.store.read() as reader:
            found = rows.suspended(reader, provider_id, request.settled, behind, size + 1)
            items = _items(reader, found)
            held = sum(rows.open_by_ledger(reader, provider_id).values())
            told = asked.currency(asked.provider(reader))
        return messages.suspense(items, size, held, told)

    def TransferSuspense(self, request: pb.TransferSuspenseRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.TransferSuspenseResponse:
            provider_id = write.caller.provider_id
            account = things.by_number(write.session, provider_id, ACCOUNTS, request.number)
            source, reason = asked.source(write, request), asked.reason(request)
            after = suspense.transfer(
                write, request.payment_id, account, request.amount, reason, source
            )
            (item,) = _items(write.session, [after])
            told = asked.currency(asked.provider(write.session))
            return pb.TransferSuspenseResponse(item=messages.item(item), **told)

        return self._backend.once(request, context, act)

    def _at(
        self,
        channel: str,
        context: Context,
        act: "Callable[[Write, Place], tuple[T, bool]]",
        terminal: str = "",
        *,
        anyhow: bool = False,
    ) -> bytes:
        """The answer of a write whose key is the channel's own reference.

        anyhow: also through a channel that is disabled since.
        """
        caller = CALLER.get()

        def once(session: Session) -> tuple[T, bool]:
            if anyhow:
                where = asked_place(session, caller, channel)
            else:
                where = place(session, caller, channel, terminal)
            return act(Write(session, caller, self._backend.now()), where)

        told, replayed = again(self._backend.store, once)
        if replayed:
            mark_replayed(context)
        content: bytes = told.SerializeToString(deterministic=True)  # type: ignore[attr-defined]
        return content


def _intake(where: Place, now: int) -> Intake:
    channel = where.channel
    known = {channel.channel_no: channel}
    return Intake(where.provider_id, now, where.time_zone, where.policies, known)


def _items(reader: Reader, found: Sequence[SuspenseRow]) -> list[messages.Item]:
    items = []
    for row in found:
        key = row.order_provider_id, row.channel_no, row.reference
        order = rows.one(reader, *key)
        assert order is not None  # an item is written with its order
        said: tuple[int, str, int] = order.target_kind, order.target, order.code
        if row.part_no:
            part = rows.parts(reader, *key)[row.part_no - 1]
            said = part.target_kind, part.target, part.code
        channel = channel_rows.find(reader, row.provider_id, row.channel_no)
        moves = rows.moves(reader, row.provider_id, row.payment_id)
        code = channel.channel if channel else ""
        items.append(messages.Item(row, code, *said, order.paid_at, moves))
    return items


def _paid_at(reader: Reader, where: Place, reference: str) -> Place:
    """Where an order was paid: of the house's, with the currency of what it pays."""
    if where.currency:
        return where
    parts = rows.parts(reader, where.provider_id, where.channel.channel_no, reference)
    if not parts:
        return where
    paid = get_provider(reader, CALLER.get(), parts[0].part_provider_id)
    return replace(where, currency=paid.currency)


def _part(reader: Reader, where: Place, part: pb.SplitPart, number: int) -> Part:
    """A payment of an act, at its provider. Raises PaymentInvalid, ProviderUnknown."""
    kind, text = messages.target(part.target, messages.POSTABLE, f"parts[{number}].target")
    caller, field = CALLER.get(), f"parts[{number}].provider"
    provider_id = caller.provider_id
    if part.provider:
        provider_id = provider_rows.provider_of_code(reader, part.provider)
        if not provider_id or caller.provider_id not in (HOUSE, provider_id):
            raise ProviderUnknown(field, f"no provider {quoted(part.provider)} is known here.")
    if not provider_id:
        raise PaymentInvalid(field, "name the provider by its code.")
    provider = get_provider(reader, caller, provider_id)
    at = at_provider(provider, where.channel, where.terminal_no)
    return Part(at, kind, text, part.amount)
