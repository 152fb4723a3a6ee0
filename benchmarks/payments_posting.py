"""Single durable payments: closed loops of clients at the writer, and what they are judged by.

A client is a task of an event loop that tells its next payment when it has the answer to the last;
clients and writer share a process, and Python's lock. Beside them in every round: a loop of one
8 KiB write and fdatasync on the same disk, and PostgreSQL's own pgbench (TPC-B) on the server that
has the books.
"""

import asyncio
import os
import random
import re
import resource
import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import psycopg

from benchmarks.payments_world import Payers, check_posted, newer_bills
from benchmarks.race import NotExact
from benchmarks.runs_world import now
from benchmarks.store_engines import Engine
from billcore.core.accounts.allocation import OLDEST_FIRST
from billcore.core.ids import owned_id
from billcore.core.ledger import balances
from billcore.core.ledger.items import open_items
from billcore.core.payments.intake.writer import Result, Waiting, Writer
from tests.postgres import find_programs

CLIENTS = (1, 8, 64, 256)
MANY = 64
AMOUNT_MAX = 20
"""Minor units: however many payments, no account has paid its newer bill."""

SYNCS, SYNC_BYTES = 200, 8_192
BENCH_CLIENTS, BENCH_SCALE, BENCH_DATABASE = 32, 10, "pgbench"
SAMPLE = 50
"""Accounts whose open items are compared afterwards."""


@dataclass(frozen=True, slots=True)
class Loop:
    """What a closed loop of clients did. seconds: of wall time; cpu: processor seconds.

    p50, p99: seconds from telling a payment to its answer.
    """

    posts: int
    seconds: float
    cpu: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Payments a second."""
        return self.posts / self.seconds

    @property
    def each(self) -> float:
        """Processor seconds of a payment."""
        return self.cpu / self.posts


def loop_of(latencies: Sequence[float], seconds: float, cpu: float) -> Loop:
    """The figures of a loop that is over."""
    p50, p99 = np.quantile(np.array(latencies), (0.5, 0.99)).tolist()
    return Loop(len(latencies), seconds, cpu, p50, p99)


@dataclass
class Rounds:
    """Every round of a store: fdatasync's p50 in seconds, loops by name, TPC-B transactions a
    second (nothing where there is no pgbench) and their processor seconds each."""

    syncs: list[float] = field(default_factory=list)
    loops: dict[str, list[Loop]] = field(default_factory=dict)
    bench: list[tuple[float, float]] = field(default_factory=list)

    def add(self, name: str, loop: Loop) -> None:
        """A loop of the running round."""
        self.loops.setdefault(name, []).append(loop)

    def median(self, name: str, of: Callable[[Loop], float]) -> float:
        """Of a loop's rounds."""
        return median(of(loop) for loop in self.loops[name])

    def ratio(self, name: str, base: str) -> float:
        """How many times the rate of `base` the rate of `name` is."""
        pairs = zip(self.loops[name], self.loops[base], strict=True)
        return median(one.rate / other.rate for one, other in pairs)

    def over_sync(self, name: str, extra: float) -> float:
        """p50 less `extra` seconds, in times that of fdatasync."""
        pairs = zip(self.loops[name], self.syncs, strict=True)
        return median((loop.p50 - extra) / sync for loop, sync in pairs)

    def over_bench(self, name: str) -> float | None:
        """How many times pgbench's rate; None: there is none."""
        if not self.bench:
            return None
        pairs = zip(self.loops[name], self.bench, strict=True)
        return median(loop.rate / rate for loop, (rate, _) in pairs)


def label(clients: int) -> str:
    """What the loop of so many clients is called."""
    return f"{clients} client{'s' * (clients > 1)}"


EXPLICIT = f"{label(MANY)}, explicit"
"""Payments that name the bill which they pay."""


def posted(payers: Payers, rounds: int, seconds: float) -> Rounds:
    """All loops, once a round, with their peers; every payment is looked for afterwards."""
    engine, found = payers.town.engine, Rounds()
    bill_ids = newer_bills(payers.town)
    bench = Bench.prepared(engine) if engine.is_postgres else None
    writer = Writer(payers.town.store, now)
    writer.start()
    try:
        for turn in range(rounds):
            found.syncs.append(synced(engine.files))
            for clients in CLIENTS if turn % 2 else CLIENTS[::-1]:
                found.add(label(clients), looped(payers, writer, clients, seconds))
            found.add(EXPLICIT, looped(payers, writer, MANY, seconds, bill_ids))
            if bench is not None:
                found.bench.append(bench.run(engine, seconds))
    finally:
        writer.stop()
    check_posted(payers)
    check_open(payers, bill_ids)
    return found


def sustained(payers: Payers, seconds: float) -> tuple[Loop, list[int]]:
    """Explicit payments without a pause; how many were answered in each second of it."""
    bill_ids = newer_bills(payers.town)
    ends: list[float] = []
    writer = Writer(payers.town.store, now)
    writer.start()
    try:
        start = time.perf_counter()
        found = looped(payers, writer, MANY, seconds, bill_ids, ends)
    finally:
        writer.stop()
    check_posted(payers)
    check_open(payers, bill_ids)
    whole = [int(end - start) for end in ends if end - start < int(seconds)]
    return found, np.bincount(whole, minlength=int(seconds)).tolist()


def looped(
    payers: Payers,
    writer: Writer,
    clients: int,
    seconds: float,
    bill_ids: np.ndarray | None = None,
    ends: list[float] | None = None,
) -> Loop:
    """Clients that post for so long. bill_ids: what they pay; OUT: ends, when each was answered."""
    clock = payers.town.engine.clock
    begun, cpu = time.perf_counter(), clock()
    every = asyncio.run(_together(payers, writer, clients, begun + seconds, bill_ids))
    wall, cpu = time.perf_counter() - begun, clock() - cpu
    payers.told += len(every)
    payers.amount += sum(amount for _, _, amount in every)
    if ends is not None:
        ends += [end for _, end, _ in every]
    return loop_of([end - start for start, end, _ in every], wall, cpu)


class _Answers:
    """Results on their way from the writer's thread to those who wait in an event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._given: deque[tuple[asyncio.Future[Result], Result]] = deque()

    def give(self, waiting: asyncio.Future[Result], result: Result) -> None:
        """Called by the writer; wakes the loop once for all that it answers at a time."""
        self._given.append((waiting, result))
        if len(self._given) == 1:
            self._loop.call_soon_threadsafe(self._hand_out)

    def _hand_out(self) -> None:
        while self._given:
            waiting, result = self._given[0]
            waiting.set_result(result)
            self._given.popleft()  # last, so that whoever gives meanwhile is handed out here


async def _together(
    payers: Payers, writer: Writer, clients: int, until: float, bill_ids: np.ndarray | None
) -> list[tuple[float, float, int]]:
    """(told, answered, amount) of each payment of clients that post until then."""
    loop, done = asyncio.get_running_loop(), list[tuple[float, float, int]]()
    answers = _Answers(loop)

    async def client(number: int) -> None:
        draw = random.Random(f"{payers.told} {number}")
        while time.perf_counter() < until:
            account = draw.randint(1, payers.town.accounts)
            bill_id = 0 if bill_ids is None else int(bill_ids[account - 1])
            told = payers.payment(account, draw.randint(1, AMOUNT_MAX), bill_id)
            waiting: asyncio.Future[Result] = loop.create_future()
            start = time.perf_counter()
            writer.submit(Waiting(payers.place, told, partial(answers.give, waiting)))
            result = await waiting
            end = time.perf_counter()
            if result.order is None or result.order.reference != told.reference:
                raise NotExact(f"the payment {told.reference} has another's answer") from (
                    result.error
                )
            done.append((start, end, told.amount))

    await asyncio.gather(*(client(number) for number in range(clients)))
    return done


def check_open(payers: Payers, bill_ids: np.ndarray) -> None:
    """Raises NotExact unless some accounts owe what they have not paid, on their newer bill."""
    town, draw = payers.town, random.Random(7)
    for number in draw.sample(range(1, town.accounts + 1), min(SAMPLE, town.accounts)):
        account_id, bill_id = owned_id(town.provider_id, number), int(bill_ids[number - 1])
        with town.store.read() as reader:
            documents = balances.documents(reader, account_id)
        left = [(one.document.id, one.open) for one in open_items(documents, (OLDEST_FIRST,))]
        if left != [(bill_id, sum(one.amount for one in documents))]:
            raise NotExact(f"of the account {account_id} {left} is open")


# -- peers


def synced(folder: Path) -> float:
    """The median seconds of writing 8 KiB over what was there, and fdatasync."""
    path, data, seconds = folder / "sync.dat", os.urandom(SYNC_BYTES), []
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        for at in range(SYNCS):
            os.pwrite(file, data, at * SYNC_BYTES)
        os.fsync(file)
        for at in range(SYNCS):
            start = time.perf_counter()
            os.pwrite(file, data, at * SYNC_BYTES)
            os.fdatasync(file)
            seconds.append(time.perf_counter() - start)
    finally:
        os.close(file)
        path.unlink()
    return median(seconds)


@dataclass(frozen=True, slots=True)
class Bench:
    """PostgreSQL's pgbench on the server that has the books, in a database of its own."""

    program: Path
    options: Sequence[str]

    @classmethod
    def prepared(cls, engine: Engine) -> "Bench | None":
        """With its tables filled; None where this PostgreSQL comes without pgbench."""
        program = find_programs() / "pgbench"
        if not os.access(program, os.X_OK):
            return None
        url = f"postgresql://billcore@/postgres?host={engine.files}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {BENCH_DATABASE}".encode())
        bench = cls(program, ("-h", str(engine.files), "-U", "billcore"))
        bench._called("-i", "-q", "-s", str(BENCH_SCALE))
        return bench

    def run(self, engine: Engine, seconds: float) -> tuple[float, float]:
        """(transactions a second, processor seconds of each) of BENCH_CLIENTS clients."""
        cpu, children = engine.clock(), _children()
        told = self._called(
            *("-n", "-M", "prepared", "-c", str(BENCH_CLIENTS), "-j", "2"),
            *("-T", str(max(1, round(seconds)))),
        )
        cpu = engine.clock() - cpu + _children() - children
        found = dict(
            re.findall(r"^(tps|number of transactions[^:=]*)\s*[:=]\s*([\d.]+)", told, re.M)
        )
        count = next(int(n) for name, n in found.items() if name != "tps")
        return float(found["tps"]), cpu / max(count, 1)

    def _called(self, *more: str) -> str:
        command = [str(self.program), *self.options, *more, BENCH_DATABASE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
        return done.stdout


def _children() -> float:
    """Processor seconds of this process's children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
