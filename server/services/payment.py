"""PaymentService: money comes in. Each handler: convert, call, convert, return.

A payment goes through the writer of this process, which commits those that come in together; what
is done by hand or rarely (reversals, two phases, splits, suspense) has a transaction of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import grpc

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.policies import Policies
from billcore.core.accounts.providers import get_provider
from billcore.core.caller import HOUSE
from billcore.core.enquiries.named import named
from billcore.core.enquiries.payable import payable
from billcore.core.payments import reservations, reversals, splits, suspense
from billcore.core.payments.channels import by_code
from billcore.core.payments.codes import State
from billcore.core.payments.intake.place import (
    Place,
    asked_place,
    at_provider,
    check_money,
    check_whole,
    opened,
    place,
)
from billcore.core.payments.intake.post import Intake, post
from billcore.core.payments.intake.writer import Writer
from billcore.core.payments.refusals import PaymentInvalid
from billcore.core.payments.splits import Part
from billcore.core.payments.status import status
from billcore.core.store import channels as channel_rows
from billcore.core.store import payments as rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.payments import SuspenseRow
from billcore.core.store.port import Reader
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Backend, Write, mark_replayed
from billcore.server.messages import payment as messages
from billcore.server.places import Places
from billcore.v1 import payment_service_pb2 as pb
from billcore.v1.payment_service_pb2_grpc import PaymentServiceServicer

STREAM = "PaymentService/PostPayments"

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
        return pb.PostPaymentResponse(payment=payment).SerializeToString(deterministic=True)

    def PostPayments(
        self, requests: Iterator[pb.PostPaymentsRequest], context: Context
    ) -> Iterator[bytes]:
        caller = CALLER.get()
        header = messages.header(requests)
        where = self._places.get(caller, header.channel)
        yield messages.opened()
        for request in requests:
            given = messages.batch(request, where, caller.client_id, header.money_taken)
            with self._backend.store.write() as session:
                found = post(session, _intake(where, self._backend.now()), given)
            yield messages.posted(found)

    def GetPaymentStatus(
        self, request: pb.GetPaymentStatusRequest, context: Context
    ) -> pb.GetPaymentStatusResponse:
        with self._backend.store.read() as reader:
            where = asked_place(reader, CALLER.get(), request.channel)
            key = where.provider_id, where.channel.channel_no, request.reference
            under_way = self._writer.is_under_way(*key)
            found = status(reader, *key, self._backend.now())
        if under_way and found.order is None:
            return pb.GetPaymentStatusResponse(state=int(State.IN_PROGRESS))  # type: ignore[arg-type]
        return messages.status(found, where.channel.channel)

    def ReversePayment(self, request: pb.ReversePaymentRequest, context: Context) -> bytes:
        def act(write: Write, where: Place) -> tuple[pb.ReversePaymentResponse, bool]:
            today = asked.moment(write.session, write.now).today
            given = messages.asked(request)
            charge = getattr(where.policies.reversal_fees, given.kind.name.lower())
            done = reversals.reverse(write, where, given, today, charge)
            told = pb.ReversePaymentResponse(reversal=messages.reversal(done.row))
            return told, done.replayed

        return self._at(request.channel, context, act)

    def ReservePayment(self, request: pb.ReservePaymentRequest, context: Context) -> bytes:
        def act(write: Write, where: Place) -> tuple[pb.ReservePaymentResponse, bool]:
            told = messages.reserved(request, where, write.caller.client_id)
            done = reservations.reserve(write, where, told, request.seconds)
            kept = messages.reservation(done.row)
            return pb.ReservePaymentResponse(reservation=kept), done.replayed

        return self._at(request.channel, context, act, request.terminal)

    def ConfirmPayment(self, request: pb.ConfirmPaymentRequest, context: Context) -> bytes:
        def act(write: Write, where: Place) -> tuple[pb.ConfirmPaymentResponse, bool]:
            taken = request.money_taken or where.channel.policies.money_taken
            done = reservations.confirm(write, where, request.reference, taken, request.paid_at)
            payment = messages.payment(done.order, where.channel.channel)
            return pb.ConfirmPaymentResponse(payment=payment), done.replayed

        return self._at(request.channel, context, act, anyhow=True)

    def ReleasePayment(self, request: pb.ReleasePaymentRequest, context: Context) -> bytes:
        def act(write: Write, where: Place) -> tuple[pb.ReleasePaymentResponse, bool]:
            state = reservations.release(write, where, request.reference)
            return pb.ReleasePaymentResponse(state=int(state)), False  # type: ignore[arg-type]

        return self._at(request.channel, context, act, anyhow=True)

    def SplitPayment(self, request: pb.SplitPaymentRequest, context: Context) -> bytes:
        with self._backend.store.write() as session:
            write = Write(session, CALLER.get(), self._backend.now())
            where = _split_place(session, request)
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
        return pb.SplitPaymentResponse(payments=payments).SerializeToString(deterministic=True)

    def FetchBill(self, request: pb.FetchBillRequest, context: Context) -> pb.FetchBillResponse:
        caller = CALLER.get()
        where = self._places.get(caller, request.channel)
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
        return messages.suspense(items, size, held)

    def TransferSuspense(self, request: pb.TransferSuspenseRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.TransferSuspenseResponse:
            provider_id = write.caller.provider_id
            account = things.by_number(write.session, provider_id, ACCOUNTS, request.number)
            source, reason = asked.source(write, request), asked.reason(request)
            after = suspense.transfer(
                write, request.payment_id, account, request.amount, reason, source
            )
            (item,) = _items(write.session, [after])
            return pb.TransferSuspenseResponse(item=messages.item(item))

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
        with self._backend.store.write() as session:
            if anyhow:
                where = asked_place(session, caller, channel)
            else:
                where = place(session, caller, channel, terminal)
            told, replayed = act(Write(session, caller, self._backend.now()), where)
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


def _split_place(reader: Reader, request: pb.SplitPaymentRequest) -> Place:
    """Whose order an act is: the provider's that the call acts for, or the house's."""
    caller = CALLER.get()
    if caller.provider_id != HOUSE:
        found = place(reader, caller, request.channel, request.terminal)
        check_whole(found.channel)
        return found
    channel = opened(by_code(reader, HOUSE, request.channel))
    check_money(channel)
    check_whole(channel)
    return Place(HOUSE, "UTC", "", Policies(), channel)


def _part(reader: Reader, where: Place, part: pb.SplitPart, number: int) -> Part:
    """A payment of an act, at its provider. Raises PaymentInvalid, ProviderUnknown."""
    kind, text = messages.target(part.target, messages.POSTABLE)
    caller = CALLER.get()
    provider_id = caller.provider_id
    if part.provider:
        provider_id = provider_rows.provider_of_code(reader, part.provider)
    if not provider_id:
        raise PaymentInvalid(f"parts[{number}].provider", "name the provider by its code.")
    provider = get_provider(reader, caller, provider_id)
    at = at_provider(provider, where.channel, where.terminal_no)
    return Part(at, kind, text, part.amount)
