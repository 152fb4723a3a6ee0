"""PaymentService as the adapter calls it: with its key, for its channel, each call with an end."""

from typing import Any

import grpc.aio
from grpc_health.v1 import health_pb2
from grpc_health.v1.health_pb2_grpc import HealthStub

from billcore.server import dialing
from billcore.server.adapters.osmp.form import Order
from billcore.server.adapters.osmp.settings import Settings
from billcore.server.commands.remote import credentials
from billcore.server.status import REQUEST_ID_KEY
from billcore.v1 import payment_service_pb2 as pb
from billcore.v1.payment_service_pb2_grpc import PaymentServiceStub

RECONNECT_MS_MAX = 1_000
"""A server that comes back is found again within so long."""

CANCELLED = "cancelled by the payment system"
"""The reason of every reversal: a repeated one must be the same."""

HEALTH_SECONDS = 2


class Calls:
    """The calls of one adapter; made within its event loop. seconds: what is left for an answer.

    Raises AioRpcError for what the server refuses, or does not answer in time.
    """

    def __init__(self, settings: Settings, key: str) -> None:
        options = [("grpc.max_reconnect_backoff_ms", RECONNECT_MS_MAX)]
        self._settings = settings
        self._channel = dialing.aio_channel(settings.address, options)
        self._payments: Any = PaymentServiceStub(self._channel)
        self._health: Any = HealthStub(self._channel)
        self._credentials = credentials(key, settings.provider)

    async def close(self) -> None:
        """Ends what is under way."""
        await self._channel.close()

    async def healthy(self) -> bool:
        """Whether the server takes calls."""
        request = health_pb2.HealthCheckRequest()
        try:
            found = await self._health.Check(request, timeout=HEALTH_SECONDS)
        except grpc.aio.AioRpcError:
            return False
        return bool(found.status == health_pb2.HealthCheckResponse.SERVING)

    async def fetch(self, account: str, request_id: str, seconds: float) -> pb.FetchBillResponse:
        """What there is to pay."""
        request = pb.FetchBillRequest(channel=self._settings.channel, target=self._target(account))
        found: pb.FetchBillResponse = await self._payments.FetchBill(
            request, **self._call(request_id, seconds)
        )
        return found

    async def post(self, order: Order, request_id: str, seconds: float) -> pb.Payment:
        """The payment, posted now or before."""
        request = pb.PostPaymentRequest(
            channel=self._settings.channel,
            reference=order.txn_id,
            target=self._target(order.account),
            amount=order.amount,
            paid_at=order.paid_at,
            terminal=order.terminal,
            currency=self._settings.currency,
        )
        posted = await self._payments.PostPayment(request, **self._call(request_id, seconds))
        found: pb.Payment = posted.payment
        return found

    async def status(
        self, txn_id: str, request_id: str, seconds: float
    ) -> pb.GetPaymentStatusResponse:
        """Where a payment is."""
        request = pb.GetPaymentStatusRequest(channel=self._settings.channel, reference=txn_id)
        found: pb.GetPaymentStatusResponse = await self._payments.GetPaymentStatus(
            request, **self._call(request_id, seconds)
        )
        return found

    async def cancel(
        self, txn_id: str, cancelled: str, request_id: str, seconds: float
    ) -> pb.Reversal:
        """The reversal of a payment, done now or before."""
        request = pb.ReversePaymentRequest(
            channel=self._settings.channel,
            reference=txn_id,
            payment_reference=cancelled,
            kind=pb.REVERSAL_KIND_CANCELLED,
            reason=CANCELLED,
        )
        done = await self._payments.ReversePayment(request, **self._call(request_id, seconds))
        found: pb.Reversal = done.reversal
        return found

    def _target(self, account: str) -> pb.Target:
        return pb.Target(kind=int(self._settings.kind), text=account)  # type: ignore[arg-type]

    def _call(self, request_id: str, seconds: float) -> dict[str, Any]:
        metadata = (*self._credentials, (REQUEST_ID_KEY, request_id))
        return {"metadata": metadata, "timeout": seconds}
