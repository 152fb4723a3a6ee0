"""BillingService's calls on one-off bills. Each handler: convert, call, convert, return."""

import grpc

from billcore.core.billing.one_off import bill_one_off, simulate_one_off
from billcore.server import asked
from billcore.server.backend import Backend, Write
from billcore.server.messages import billing as bill_messages
from billcore.server.messages import one_off as messages
from billcore.v1 import billing_service_pb2, one_off_pb2

Context = grpc.ServicerContext


class OneOffCalls:
    """The one-off bills of the caller's provider over gRPC."""

    _backend: Backend

    def BillOneOff(self, request: one_off_pb2.BillOneOffRequest, context: Context) -> bytes:
        published = messages.published(request.order, self._backend.catalog)

        def act(write: Write) -> billing_service_pb2.BillOneOffResponse:
            account = asked.account(write.session, request.order, "order.by")
            moment = asked.moment(write.session, write.now)
            charge = messages.charge(request.order, account, published, moment)
            provider, source = asked.provider(write.session), asked.source(write, request)
            made = bill_one_off(write, provider, charge, source)
            told = bill_messages.bill(made, provider)
            return billing_service_pb2.BillOneOffResponse(bill=told)

        return self._backend.once(request, context, act)

    def SimulateOneOffBill(
        self, request: one_off_pb2.SimulateOneOffBillRequest, context: Context
    ) -> billing_service_pb2.SimulateOneOffBillResponse:
        published = messages.published(request.order, self._backend.catalog)
        now = self._backend.now()
        with self._backend.store.read() as reader:
            account = asked.account(reader, request.order, "order.by")
            charge = messages.charge(request.order, account, published, asked.moment(reader, now))
            provider = asked.provider(reader)
            made = simulate_one_off(reader, provider, charge, now)
        told = bill_messages.bill(made, provider)
        return billing_service_pb2.SimulateOneOffBillResponse(bill=told)
