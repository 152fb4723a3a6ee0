"""What a kiosk is told while another request for the same payment is at some point of its way."""

import asyncio

import grpc
import grpc.aio
import pytest

from billcore.core.payments.codes import TargetKind
from billcore.server.adapters.osmp import settings as settings_of
from billcore.server.adapters.osmp.kiosk import Asked, Kiosk
from billcore.v1 import payment_service_pb2 as pb

SETTINGS = settings_of.load(None, channel="k", currency="RUB", time_zone="UTC")

PAY = {
    "command": "pay",
    "txn_id": "7",
    "account": "A1",
    "sum": "1.00",
    "txn_date": "20240101000000",
}
STATUS = {"command": "status", "txn_id": "7"}
CANCEL = {"command": "cancel", "txn_id": "8", "cancel_txn_id": "7"}

TOLD = pb.Payment(
    payment_id=5,
    amount=100,
    paid_at=1_704_067_200_000_000,
    target=pb.Target(kind=int(TargetKind.ACCOUNT), text="A1"),
)


class Server:
    """What stands for the server: payments wait for `posted`, answers to status for `told`."""

    def __init__(self) -> None:
        self.posted, self.told = asyncio.Event(), asyncio.Event()
        self.kept: dict[str, pb.Payment] = {}
        self.asked = asyncio.Event()

    async def post(self, order, *rest):
        await self.posted.wait()
        self.kept[order.txn_id] = TOLD
        return TOLD

    async def status(self, txn_id, *rest):
        kept = self.kept.get(txn_id)
        self.asked.set()
        await self.told.wait()
        state = pb.PAYMENT_STATE_POSTED if kept else pb.PAYMENT_STATE_UNKNOWN
        return pb.GetPaymentStatusResponse(state=state, payment=kept)


def ask(kiosk: Kiosk, form: dict[str, str], **more: str) -> "asyncio.Task":
    return asyncio.ensure_future(kiosk.answer(Asked(form | more, "r", 20)))


@pytest.mark.parametrize(("form", "result"), [(STATUS, 90), (CANCEL, 90), (PAY | {"sum": "0"}, 90)])
def test_a_payment_that_is_posted_while_the_server_says_that_it_has_none(form, result):
    """The server was asked before it was posted and answered after: nobody is told `unknown`."""

    async def scene():
        server = Server()
        kiosk = Kiosk(SETTINGS, server)
        paying = ask(kiosk, PAY)
        await asyncio.sleep(0)
        asking = ask(kiosk, form)
        await server.asked.wait()
        server.posted.set()
        assert (await paying).result == 0
        server.told.set()
        assert (await asking).result == result
        assert (await ask(kiosk, STATUS)).prv_txn == "5"
        assert (await ask(kiosk, PAY)).prv_txn == "5"

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("form", "result"), [(STATUS, 300), (CANCEL, 300), (PAY | {"sum": "0"}, 241)]
)
def test_a_payment_that_nobody_knows(form, result):
    async def scene():
        server = Server()
        server.told.set()
        assert (await ask(Kiosk(SETTINGS, server), form)).result == result

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("change", "result"),
    [({}, 0), ({"account": " A1 "}, 0), ({"account": "A2"}, 300), ({"sum": "1.01"}, 300),
     ({"txn_date": "20240101000001"}, 300), ({"txn_date": ""}, 300), ({"trm_id": "x" * 41}, 300)],
)  # fmt: skip
def test_a_payment_that_the_server_refuses_now_and_has(change, result):
    """A channel that is disabled since, say: its own word about the payment is what counts."""

    class Refusing(Server):
        async def post(self, order, *rest):
            status, nothing = grpc.StatusCode.FAILED_PRECONDITION, grpc.aio.Metadata()
            raise grpc.aio.AioRpcError(status, nothing, nothing, "disabled")

    async def scene():
        server = Refusing()
        server.told.set()
        kiosk = Kiosk(SETTINGS, server)
        assert (await ask(kiosk, PAY)).result == 7
        server.kept["7"] = TOLD
        assert (await ask(kiosk, PAY, **change)).result == result

    asyncio.run(scene())
