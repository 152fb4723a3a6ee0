"""The payments' server in a process of its own, and clients that call it.

The clients are tasks of one event loop: each calls again when it has its answer. They share the
machine with the server, as everything here does.
"""

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

import grpc
import numpy as np

from benchmarks.payments_posting import AMOUNT_MAX, Loop, loop_of
from benchmarks.payments_world import CHANNEL, Payers, account_number
from benchmarks.race import NotExact
from benchmarks.runs_world import now
from benchmarks.store_engines import TICKS
from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.server.commands.remote import credentials
from billcore.v1 import payment_service_pb2 as pb
from billcore.v1.payment_service_pb2_grpc import PaymentServiceStub
from tests.programs import environment

SETTINGS = {"THREADS": "320", "CALLS_MAX": "1024", "RUN_WORKERS": "1"}
"""As many threads as clients, so that none waits for another's; the default is 64."""

POSTED = pb.PAYMENT_STATE_POSTED


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs on a store. key: of a client that may do everything at its provider."""

    port: int
    pid: int
    key: str

    def seconds(self) -> float:
        """Processor seconds of its process so far."""
        stat = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, stat[11:13])) / TICKS

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What goes with each call."""
        return credentials(self.key, "")

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @asynccontextmanager
    async def channel(self) -> AsyncIterator[grpc.aio.Channel]:
        """A channel of the running event loop."""
        async with grpc.aio.insecure_channel(self.address) as channel:
            await channel.channel_ready()
            yield channel


@contextmanager
def served(payers: Payers) -> Iterator[Server]:
    """A server on the company's store, which this process has closed."""
    town = payers.town
    house = Caller(1, HOUSE, frozenset(Role))
    with town.store.write() as session:
        name = f"bench {payers.told}"
        made = clients.create(session, house, name, town.provider_id, frozenset(Role), now())
    town.store.close()
    process = subprocess.Popen(
        [sys.executable, "-m", "billcore.server.cli", "serve", "--port=0", "--metrics-port=0"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment()
        | {f"BILLCORE_{name}": value for name, value in SETTINGS.items()}
        | {"BILLCORE_STORE": town.store.url},
    )
    assert process.stderr is not None
    with process.stderr:
        try:
            yield Server(_port(process.stderr), process.pid, made.key)
        finally:
            process.terminate()
            process.wait(120)


def _port(log: IO[str]) -> int:
    """From the server's log; the rest of it is read and dropped."""
    for line in log:
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("event") == "serving":
            Thread(target=log.read, daemon=True).start()
            return int(event["port"])
    raise RuntimeError("the benchmark's server did not start")


# -- closed loops of PostPayment


def request(payers: Payers, draw: random.Random) -> pb.PostPaymentRequest:
    """A payment of some account."""
    number = draw.randint(1, payers.town.accounts)
    return pb.PostPaymentRequest(
        channel=CHANNEL,
        reference=payers.reference(),
        target=pb.Target(kind=pb.TARGET_KIND_ACCOUNT, text=account_number(number)),
        amount=draw.randint(1, AMOUNT_MAX),
    )


def looped(payers: Payers, server: Server, count: int, seconds: float) -> Loop:
    """Clients that post for so long; processor seconds are the server's and its store's."""
    backends = payers.town.engine.clock() - time.process_time()
    used, start = server.seconds(), time.perf_counter()
    latencies = asyncio.run(_together(payers, server, count, seconds))
    wall = time.perf_counter() - start
    backends = payers.town.engine.clock() - time.process_time() - backends
    return loop_of(latencies, wall, server.seconds() - used + backends)


async def _together(payers: Payers, server: Server, count: int, seconds: float) -> list[float]:
    latencies: list[float] = []
    async with server.channel() as channel, posting(payers, server, channel, count, latencies):
        await asyncio.sleep(seconds)
    return latencies


@asynccontextmanager
async def posting(
    payers: Payers,
    server: Server,
    channel: grpc.aio.Channel,
    count: int,
    latencies: list[float],
) -> AsyncIterator[None]:
    """Clients that post while the block runs. OUT: latencies, in seconds."""
    stub, over = PaymentServiceStub(channel), asyncio.Event()

    async def client(number: int) -> None:
        draw = random.Random(f"{payers.told} {number}")
        while not over.is_set():
            asked = request(payers, draw)
            start = time.perf_counter()
            answer = await stub.PostPayment(asked, metadata=server.metadata)
            latencies.append(time.perf_counter() - start)
            if answer.payment.reference != asked.reference or answer.payment.state != POSTED:
                raise NotExact(f"the payment {asked.reference} has another's answer")
            payers.told += 1
            payers.amount += asked.amount

    tasks = [asyncio.create_task(client(number)) for number in range(count)]
    try:
        yield
    finally:
        over.set()
        await asyncio.gather(*tasks)


def p50_p99(seconds: list[float]) -> tuple[float, float]:
    """The median and the 99th percentile."""
    p50, p99 = np.quantile(np.array(seconds), (0.5, 0.99)).tolist()
    return p50, p99
