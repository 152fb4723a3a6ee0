"""VoucherService: prepaid cards. Each handler: convert, call, convert, return.

The answer of a request that is kept is never one with secrets: they are held by the call that made
them, told behind its commit, and gone.
"""

from collections.abc import Iterator
from typing import Any

import grpc

from billcore.core.payments.intake.place import place, redeeming_place
from billcore.core.payments.vouchers import batches, moves, redemption, sales, secret
from billcore.core.payments.vouchers.batches import Made
from billcore.core.payments.vouchers.errors import VoucherUnknown
from billcore.core.payments.vouchers.secret import Keys
from billcore.core.store import channels as channel_rows
from billcore.core.store import vouchers as rows
from billcore.core.store.port import Reader
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Backend, Write, mark_replayed
from billcore.server.messages import account as fields
from billcore.server.messages import voucher as messages
from billcore.server.telemetry import Metrics
from billcore.v1 import voucher_service_pb2 as pb
from billcore.v1.voucher_service_pb2_grpc import VoucherServiceServicer

Context = grpc.ServicerContext


class VoucherService(VoucherServiceServicer):
    """The vouchers of the caller's provider over gRPC."""

    def __init__(self, backend: Backend, keys: Keys, metrics: Metrics) -> None:
        self._backend = backend
        self._keys = keys
        self._metrics = metrics

    def MakeVouchers(
        self, request: pb.MakeVouchersRequest, context: Context
    ) -> Iterator[bytes | pb.MakeVouchersResponse]:
        told: list[Made] = []

        def act(write: Write) -> pb.MakeVouchersResponse:
            today = asked.moment(write.session, write.now).today
            told[:] = [batches.make(write, messages.asked(request), self._keys, today)]
            return pb.MakeVouchersResponse(batch=messages.batch(told[0].batch))

        yield self._backend.once(request, context, act)
        for made in told:
            yield from messages.secrets(made)

    def ShipVouchers(self, request: pb.ShipVouchersRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ShipVouchersResponse:
            return pb.ShipVouchersResponse(vouchers=moves.ship(write, _range(write, request)))

        return self._backend.once(request, context, act)

    def SellVouchers(self, request: pb.SellVouchersRequest, context: Context) -> bytes:
        with self._backend.store.write() as session:
            write = Write(session, CALLER.get(), self._backend.now())
            where = place(session, write.caller, request.channel)
            today = asked.moment(session, write.now).today
            done = sales.sell(write, where, request.reference, _range(write, request), today)
        if done.replayed:
            mark_replayed(context)
        told = messages.sale(done.row, where.channel.channel)
        return pb.SellVouchersResponse(sale=told).SerializeToString(deterministic=True)

    def RedeemVoucher(self, request: pb.RedeemVoucherRequest, context: Context) -> bytes:
        given = redemption.Asked(
            request.reference, request.serial, request.secret, request.number.strip()
        )
        with self._backend.store.write() as session:
            write = Write(session, CALLER.get(), self._backend.now())
            where = redeeming_place(session, write.caller, request.channel, request.terminal)
            today = asked.moment(session, write.now).today
            done = redemption.redeem(write, where, given, self._keys, today)
        if done.refused is not None:
            self._metrics.voucher_refused()
            raise done.refused
        if done.replayed:
            mark_replayed(context)
        assert done.order is not None  # it was not refused
        return messages.redeemed(done.order).SerializeToString(deterministic=True)

    def BlockVouchers(self, request: pb.BlockVouchersRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.BlockVouchersResponse:
            count = moves.block(write, _range(write, request), asked.reason(request))
            return pb.BlockVouchersResponse(vouchers=count)

        return self._backend.once(request, context, act)

    def UnblockVouchers(self, request: pb.UnblockVouchersRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.UnblockVouchersResponse:
            count = moves.unblock(write, _range(write, request), asked.reason(request))
            return pb.UnblockVouchersResponse(vouchers=count)

        return self._backend.once(request, context, act)

    def ExpireVouchers(self, request: pb.ExpireVouchersRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ExpireVouchersResponse:
            today = asked.moment(write.session, write.now).today
            done = moves.expire(write, today, asked.source(write, request))
            return pb.ExpireVouchersResponse(vouchers=done.vouchers, forfeited=done.forfeited)

        return self._backend.once(request, context, act)

    def GetVoucher(self, request: pb.GetVoucherRequest, context: Context) -> pb.GetVoucherResponse:
        number = secret.voucher_no(request.serial, "serial")
        provider_id = CALLER.get().provider_id
        with self._backend.store.read() as reader:
            found = rows.voucher(reader, provider_id, number)
            if found is None:
                raise VoucherUnknown(request.serial)
            sold = _sale(reader, provider_id, number)
            paid = rows.redemption_of(reader, provider_id, number)
        return pb.GetVoucherResponse(voucher=messages.voucher(found, sold, paid))

    def GetVoucherBatch(
        self, request: pb.GetVoucherBatchRequest, context: Context
    ) -> pb.GetVoucherBatchResponse:
        provider_id = CALLER.get().provider_id
        with self._backend.store.read() as reader:
            found = batches.found(reader, provider_id, request.batch_no)
            return messages.report(batches.report(reader, provider_id, found))

    def ListVoucherBatches(
        self, request: pb.ListVoucherBatchesRequest, context: Context
    ) -> pb.ListVoucherBatchesResponse:
        after, size = pages.after_number(request, "voucher batch"), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = rows.batches(reader, CALLER.get().provider_id, after, size + 1)
        page, token = fields.cut(found, size, "voucher batch", "batch_no")
        told = [messages.batch(one) for one in page]
        return pb.ListVoucherBatchesResponse(batches=told, next_page_token=token)


def _range(write: Write, request: Any) -> moves.Range:
    return messages.vouchers(write.session, write.caller.provider_id, request.range)


def _sale(reader: Reader, provider_id: int, number: int) -> pb.VoucherSale | None:
    sold = rows.sale_of(reader, provider_id, number)
    if sold is None:
        return None
    channel = channel_rows.find(reader, provider_id, sold.channel_no)
    return messages.sale(sold, channel.channel if channel else "")
