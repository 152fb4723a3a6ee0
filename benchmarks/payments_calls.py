"""How long callers wait: what is owed, alone and while a run bills everybody; every unary call of
PaymentService, alone and while many post.

One client calls, one call after the other. The run has one worker process at lower priority, as a
server has by default. Every answer is looked at.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from datetime import date

import grpc

from benchmarks import store_engines
from benchmarks.payments_server import POSTED, Server, posting
from benchmarks.payments_world import CHANNEL, Payers, account_number
from benchmarks.race import NotExact
from benchmarks.runs_world import RACED, order
from billcore.v1 import billing_service_pb2_grpc, runs_pb2
from billcore.v1 import payment_service_pb2 as pb
from billcore.v1.payment_service_pb2_grpc import PaymentServiceStub

FETCHES = 1_000
"""Calls alone; as many as the run lasts beside it."""

ROUNDS = 150
"""Times that each unary call is made, alone and beside others."""

POSTING = 32
"""Clients that post meanwhile."""

RUN_SECONDS_MAX = 900
UNKNOWN = "nobody"


@dataclass
class Waits:
    """Seconds of each call: FetchBill alone and beside a run; others alone and beside posting."""

    alone: list[float] = field(default_factory=list)
    beside_run: list[float] = field(default_factory=list)
    calls: dict[str, list[float]] = field(default_factory=dict)
    beside_posting: dict[str, list[float]] = field(default_factory=dict)


def waited(payers: Payers, server: Server, fetches: int = FETCHES, rounds: int = ROUNDS) -> Waits:
    """Every figure of a store."""
    return asyncio.run(_waited(payers, server, fetches, rounds))


async def _waited(payers: Payers, server: Server, fetches: int, rounds: int) -> Waits:
    found = Waits()
    async with server.channel() as channel:
        fetcher = Fetcher(payers, server, channel)
        for _ in range(fetches):
            found.alone.append(await fetcher.fetch())
        async for _ in running(payers, server, channel):
            found.beside_run.append(await fetcher.fetch())
        cycle = Cycle(payers, server, channel)
        for _ in range(rounds):
            await cycle.once(found.calls)
        async with posting(payers, server, channel, POSTING, []):
            for _ in range(rounds):
                await cycle.once(found.beside_posting)
    return found


class Fetcher:
    """Asks what random accounts owe."""

    def __init__(self, payers: Payers, server: Server, channel: grpc.aio.Channel) -> None:
        self._accounts, self._draw = payers.town.accounts, random.Random(11)
        self._stub, self._metadata = PaymentServiceStub(channel), server.metadata

    async def fetch(self) -> float:
        """The seconds of one call. Raises NotExact where another account is told."""
        number = account_number(self._draw.randint(1, self._accounts))
        asked = pb.FetchBillRequest(channel=CHANNEL, target=_account(number))
        start = time.perf_counter()
        answer = await self._stub.FetchBill(asked, metadata=self._metadata)
        seconds = time.perf_counter() - start
        (told,) = answer.accounts
        owed = sum(one.open for one in told.documents)
        if told.number != number or max(told.balance, 0) != owed:
            raise NotExact(f"FetchBill of {number} tells {told.number}, {told.balance}")
        return seconds


async def running(payers: Payers, server: Server, channel: grpc.aio.Channel) -> AsyncIterator[None]:
    """Steps as long as a run over all accounts lasts, which it makes and starts."""
    stub = billing_service_pb2_grpc.BillingServiceStub(channel)
    wanted = order(payers.town, RACED)
    given = runs_pb2.RunOrder(
        first_account=wanted.first_account,
        last_account=wanted.last_account,
        first_day=_day(wanted.window.first_day),
        last_day=_day(wanted.window.last_day),
        issued_day=_day(wanted.issued_day),
        straggler_day=_day(wanted.straggler_day),
        chunk_accounts=store_engines.CHUNK,
        straight=True,
    )
    create = runs_pb2.CreateRunRequest(request_id="run", order=given)
    run_id = (await stub.CreateRun(create, metadata=server.metadata)).run.run_id
    start = runs_pb2.StartRunRequest(request_id="start", run_id=run_id)
    await stub.StartRun(start, metadata=server.metadata)
    until, over = time.monotonic() + RUN_SECONDS_MAX, asyncio.Event()

    async def watch() -> None:
        asked = runs_pb2.GetRunRequest(run_id=run_id)
        while time.monotonic() < until:
            run = (await stub.GetRun(asked, metadata=server.metadata)).run
            if run.state == runs_pb2.RUN_STATE_FROZEN:
                return
            if run.HasField("fault"):
                raise NotExact(f"the run stopped: {run.fault}")
            await asyncio.sleep(0.5)
        raise NotExact("the run does not end")

    watching = asyncio.create_task(watch())
    watching.add_done_callback(lambda _: over.set())
    while not over.is_set():
        yield
    await watching


class Cycle:
    """Every unary call of PaymentService once, in an order in which each has something to do."""

    def __init__(self, payers: Payers, server: Server, channel: grpc.aio.Channel) -> None:
        self._payers, self._draw = payers, random.Random(13)
        self._stub, self._metadata = PaymentServiceStub(channel), server.metadata
        self._fetcher = Fetcher(payers, server, channel)

    async def once(self, seconds: dict[str, list[float]]) -> None:
        """OUT: seconds, one more of each call."""
        seconds.setdefault("FetchBill", []).append(await self._fetcher.fetch())
        paid, reversal = self._payers.reference(), self._payers.reference()
        first, second, split = (self._payers.reference() for _ in range(3))
        here = {"channel": CHANNEL}

        async def call(name: str, asked: object, wanted: int | None = None) -> object:
            start = time.perf_counter()
            waiting: Awaitable[object] = getattr(self._stub, name)(asked, metadata=self._metadata)
            answer = await waiting
            seconds.setdefault(name, []).append(time.perf_counter() - start)
            payment = getattr(answer, "payment", None)
            if wanted is not None and getattr(payment, "state", None) != wanted:
                raise NotExact(f"{name}: {answer}")
            return answer

        payment = {**here, "target": self._target(), "amount": 7}
        await call("PostPayment", pb.PostPaymentRequest(reference=paid, **payment), POSTED)
        status = pb.GetPaymentStatusRequest(channel=CHANNEL, reference=paid)
        await call("GetPaymentStatus", status, POSTED)
        back = pb.ReversePaymentRequest(
            **here, reference=reversal, payment_reference=paid,
            kind=pb.REVERSAL_KIND_CANCELLED, reason="by mistake",
        )  # fmt: skip
        await call("ReversePayment", back)
        for reference in (first, second):
            held = pb.ReservePaymentRequest(**payment, reference=reference)
            await call("ReservePayment", held)
        confirm = pb.ConfirmPaymentRequest(**here, reference=first)
        await call("ConfirmPayment", confirm, POSTED)
        await call("ReleasePayment", pb.ReleasePaymentRequest(**here, reference=second))
        parts = [pb.SplitPart(target=self._target(), amount=5) for _ in range(2)]
        await call("SplitPayment", pb.SplitPaymentRequest(**here, reference=split, parts=parts))
        await self._suspense(call)

    async def _suspense(self, call: object) -> None:
        """Money of nobody comes in, is listed, and goes to an account."""
        lost = pb.PostPaymentRequest(
            channel=CHANNEL, reference=self._payers.reference(), target=_account(UNKNOWN),
            amount=9, money_taken=True,
        )  # fmt: skip
        answer = await self._stub.PostPayment(lost, metadata=self._metadata)
        await call("ListSuspense", pb.ListSuspenseRequest(page_size=20))  # type: ignore[operator]
        transfer = pb.TransferSuspenseRequest(
            request_id=lost.reference, payment_id=answer.payment.payment_id,
            number=account_number(1), reason="found",
        )  # fmt: skip
        await call("TransferSuspense", transfer)  # type: ignore[operator]

    def _target(self) -> pb.Target:
        return _account(account_number(self._draw.randint(1, self._payers.town.accounts)))


def _account(number: str) -> pb.Target:
    return pb.Target(kind=pb.TARGET_KIND_ACCOUNT, text=number)


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
