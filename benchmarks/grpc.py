"""The grpc suite: RateBatch over loopback against echo streams and a loop of single calls.

Goals: rows a second of the standard bill, client and server in two processes, every total
compared with the exact one before anything is timed. RateBatch is judged against an echo of
as many bytes each way: what the same messages cost when nobody reads them. The echo that
returns the request itself is shown beside it. Non-goals: parsing on the client's side; answers
are taken as bytes, of RateBatch as of the echo.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import grpc
import numpy as np

from benchmarks.grpc_server import ECHO
from benchmarks.peers import Work, expected_columns
from benchmarks.race import NotExact
from benchmarks.report import Goal, Section, Table, goal
from benchmarks.standard import Data, Int64s, Plan, random_data, random_plans, standard_plan
from benchmarks.timing import Timings, interleaved
from billcore.server import wire
from billcore.v1 import common_pb2
from billcore.v1 import rating_service_pb2 as pb
from billcore.v1.rating_service_pb2_grpc import RatingServiceStub
from billcore.v1.tariff_service_pb2 import PublishTariffRequest
from billcore.v1.tariff_service_pb2_grpc import TariffServiceStub

SUITE = "grpc"
ROWS = (1_000_000,)
ROWS_JUDGED = 1_000_000
BATCH_ROWS = 65_536
UNARY_ROWS = 1_000
UNARY_TARGET, ECHO_TARGET = 200, 0.5
TARIFF = "bench-standard"
PLANS = 200
TOTALS, ITEMISED, MIXED = "totals", "itemised", "totals, plans in random order"
OUTPUTS = (TOTALS, ITEMISED)
OPTIONS = [("grpc.max_receive_message_length", 64 << 20), ("grpc.max_send_message_length", -1)]
Say = Callable[[str], None]


def document(plan: Plan, name: str = TARIFF) -> str:
    """The standard plan as a tariff: minor units are cents, rates have six decimals."""
    uptos = [f"upto: {_decimal(u, 3)}, " for u in plan.uptos_milli_per_day] + [""]
    rows = [f"{{{u}rate: {_decimal(r, 6)}}}" for u, r in zip(uptos, plan.rates, strict=True)]
    taxed = "energy, rider, surcharge, levy"
    extra = f"max(0, used - {_decimal(plan.allowance_milli_per_day, 3)} * days)"
    return f"""\
tariff: {name}
currency: USD
rounding: {{line: 0.01 half_up}}
inputs:
  used: {{kind: quantity, unit: kWh, decimals: 3, max: 2000000}}
  balance: {{kind: money, min: -1000000000, max: 1000000000}}
versions:
  - from: 2000-01-01
    slabs: [{", ".join(rows)}]
lines:
  - {{id: energy, tiers: {{of: used, by: slabs, scale: days}}, each: 0.01 half_up}}
  - {{id: fixed, is: days * {_decimal(plan.fee_per_day, 6)}}}
  - {{id: rider, is: used * {_decimal(plan.rider_rate, 6)}}}
  - {{id: surcharge, is: '{extra} * {_decimal(plan.surcharge_rate, 6)}'}}
  - {{id: levy, percent: {{rate: {_decimal(plan.levy_ppm, 6)}, of: [energy, fixed]}}}}
  - {{id: tax, percent: {{rate: {_decimal(plan.tax_ppm, 6)}, of: [{taxed}]}}}}
  - {{id: previous_balance, is: balance}}
total: {{of: all}}
"""


def _decimal(number: int, decimals: int) -> str:
    whole, part = divmod(number, 10**decimals)
    return f"{whole}.{part:0{decimals}}"


@dataclass(frozen=True, slots=True)
class Ports:
    rating: int
    echo: int


@contextmanager
def served() -> Iterator[Ports]:
    """A server process of its own; its log is dropped."""
    command = [sys.executable, "-m", "benchmarks.grpc_server"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("the benchmark's server did not start")
        yield Ports(**json.loads(line))
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


class Streams:
    """Bills on the wire, and the calls that are timed.

    messages: the requests of a stream, the header's first, by what it asks for.
    """

    def __init__(
        self, rating: grpc.Channel, echo: grpc.Channel, data: Data, unary_rows: int, plans: int
    ) -> None:
        self.data = data
        one, many = list(_batches(data, mixed=False)), list(_batches(data, mixed=True))
        self.messages = {
            TOTALS: [_header([TARIFF], pb.BATCH_OUTPUT_TOTAL), *one],
            ITEMISED: [_header([TARIFF], pb.BATCH_OUTPUT_LINES), *one],
            MIXED: [_header([_name(n) for n in range(plans)], pb.BATCH_OUTPUT_TOTAL), *many],
        }
        self.bills = [_unary(row) for row in data.head(unary_rows).rows()]
        self._rate: Any = rating.stream_stream("/billcore.v1.RatingService/RateBatch")
        self._echo: Any = echo.stream_stream(ECHO)
        self._stub = RatingServiceStub(rating)

    def batches(self, asked: str) -> list[bytes]:
        """The requests of a stream without its header."""
        return self.messages[asked][1:]

    def rated(self, asked: str) -> list[bytes]:
        """The answers to all batches, the header's first."""
        return list(self._rate(iter(self.messages[asked])))

    def echoed(self, asked: str, size: int) -> int:
        """Bytes of the answers of an echo; size 0: the requests themselves."""
        answers = self._echo(iter([str(size).encode(), *self.batches(asked)]))
        return sum(len(answer) for answer in answers)

    def singly(self) -> list[int]:
        """Totals of the first bills, one call each."""
        return [int(self._stub.RateBill(request).total) for request in self.bills]


def _name(plan: int) -> str:
    """The tariff of one of many plans."""
    return f"{TARIFF}-{plan}"


def _batches(data: Data, *, mixed: bool) -> Iterator[bytes]:
    """mixed: with the plan of each bill."""
    for start in range(0, len(data), BATCH_ROWS):
        rows = slice(start, start + BATCH_ROWS)
        columns = (data.consumption_milli[rows], data.days[rows], data.previous_minor[rows])
        yield wire.batch(len(columns[0]), columns, data.plan[rows] if mixed else None)


def _header(tariffs: Sequence[str], output: pb.BatchOutput) -> bytes:
    columns = (
        ("used", pb.COLUMN_TYPE_SFIXED64),
        ("days", pb.COLUMN_TYPE_SFIXED32),
        ("balance", pb.COLUMN_TYPE_SFIXED64),
    )
    header = pb.BatchHeader(
        plans=[common_pb2.Plan(tariff_id=name) for name in tariffs],
        output=output,
        columns=[pb.BatchColumn(name=name, type=kind) for name, kind in columns],
    )
    return pb.RateBatchRequest(header=header).SerializeToString()


def _unary(row: tuple[int, int, int, int]) -> pb.RateBillRequest:
    consumption, days, previous, _ = row
    inputs = [
        pb.InputValue(name="used", number=_decimal(consumption, 3)),
        pb.InputValue(name="balance", money=previous),
    ]
    bill = pb.Bill(days=days, inputs=inputs)
    return pb.RateBillRequest(plan=common_pb2.Plan(tariff_id=TARIFF), bill=bill)


def run(rows: Sequence[int] = ROWS, rounds: int = 9, say: Say = print) -> Section:
    tables: list[Table] = []
    goals: list[Goal] = []
    for n in rows:
        say(f"grpc: {n:,} rows")
        table, judged = measured(n, rounds)
        tables.append(table)
        goals = judged if n == max(rows) else goals
    remarks = [
        "Wall time, medians of interleaved rounds, client and server in two processes on one "
        f"machine; the standard bill with 4 tiers in batches of {BATCH_ROWS:,} rows, one stream. "
        "Answers are taken as bytes, of RateBatch as of the echoes.",
        "An echo of the same sizes answers each batch by as many bytes as RateBatch does; the "
        "goals use it. An echo of the request returns the request's own bytes.",
        f"Plans in random order: {PLANS} tariffs of the standard form in one stream, whose batches "
        "have a column that names each bill's plan.",
    ]
    return Section(SUITE, tables, goals, remarks)


def measured(rows: int, rounds: int) -> tuple[Table, list[Goal]]:
    """Publishes, checks every total, then times."""
    plan, plans, data = standard_plan(), random_plans(PLANS), random_data(rows, plans=PLANS)
    one = expected_columns(Work((plan,), data))[-1]
    exact = {TOTALS: one, ITEMISED: one, MIXED: expected_columns(Work(plans, data))[-1]}
    with connected(plan, plans, data) as streams:
        sizes = checked(streams, exact)
        return timed(streams, sizes, rounds)


@contextmanager
def connected(
    plan: Plan, plans: Sequence[Plan], data: Data, unary_rows: int = UNARY_ROWS
) -> Iterator[Streams]:
    """A server that has published one plan and many, and the bills on the wire."""
    with (
        served() as ports,
        grpc.insecure_channel(f"127.0.0.1:{ports.rating}", OPTIONS) as rating,
        grpc.insecure_channel(f"127.0.0.1:{ports.echo}", OPTIONS) as echo,
    ):
        named = {TARIFF: plan} | {_name(n): one for n, one in enumerate(plans)}
        for name, one in named.items():
            request = PublishTariffRequest(document=document(one, name), request_id=name)
            TariffServiceStub(rating).PublishTariff(request)
        yield Streams(rating, echo, data, unary_rows, len(plans))


def timed(streams: Streams, sizes: dict[str, int], rounds: int) -> tuple[Table, list[Goal]]:
    """sizes: of the answer to a full batch of each stream."""
    timings, rows = _timings(streams, sizes, rounds), len(streams.data)
    return _table(timings, rows, streams, sizes), _goals(timings, rows)


def checked(streams: Streams, exact: Mapping[str, Int64s]) -> dict[str, int]:
    """Bytes of the answer to a full batch of each stream. Raises NotExact."""
    sizes = {}
    for asked, totals in exact.items():
        answers = streams.rated(asked)[1:]
        found = [pb.RateBatchResponse.FromString(a).result.totals for a in answers]
        wrong = int(np.count_nonzero(np.concatenate([np.asarray(t) for t in found]) != totals))
        if wrong:
            raise NotExact(f"RateBatch, {asked}: {wrong} of {len(totals)} totals are wrong")
        sizes[asked] = len(answers[0])
    singly = streams.singly()
    if singly != exact[TOTALS][: len(singly)].tolist():
        raise NotExact("RateBill: a total is wrong")
    return sizes


def _timings(streams: Streams, sizes: dict[str, int], rounds: int) -> Timings:
    jobs: dict[str, Callable[[], object]] = {"unary loop": streams.singly}
    for asked, size in sizes.items():
        jobs[f"RateBatch, {asked}"] = partial(streams.rated, asked)
        jobs[f"echo of the same sizes, {asked}"] = partial(streams.echoed, asked, size)
    jobs["echo of the request"] = partial(streams.echoed, TOTALS, 0)
    rows = dict.fromkeys(jobs, len(streams.data)) | {"unary loop": len(streams.bills)}
    return interleaved(jobs, rows, rounds, time.perf_counter)


def _table(timings: Timings, rows: int, streams: Streams, sizes: dict[str, int]) -> Table:
    shown = []
    sent = _bytes_each_way(streams, sizes, min(rows, BATCH_ROWS))
    for job in timings.seconds:
        ns, unary = timings.ns(job), timings.ratio("unary loop", job)
        shown.append([job, f"{1e9 / ns:,.0f}", f"{ns:,.1f}", sent.get(job, ""), f"{unary:,.1f}"])
    headings = ("call", "rows/s", "ns/row", "bytes a row, asked / answered", "× unary loop")
    bars = {job: timings.ns(job) for job in timings.seconds}
    times = timings.ratio(f"RateBatch, {MIXED}", f"RateBatch, {TOTALS}")
    note = f"Totals of plans in random order take {times:.2f} times as long as those of one plan."
    return Table(
        f"RateBatch over loopback, {rows:,} bills, ns per bill", headings, shown, note, bars
    )


def _bytes_each_way(streams: Streams, sizes: dict[str, int], rows: int) -> dict[str, str]:
    """Bytes a row asked / answered, by job."""
    found = {}
    for asked, size in sizes.items():
        text = f"{len(streams.batches(asked)[0]) / rows:.0f} / {size / rows:.0f}"
        found |= {f"RateBatch, {asked}": text, f"echo of the same sizes, {asked}": text}
    request = len(streams.batches(TOTALS)[0]) / rows
    return found | {"echo of the request": f"{request:.0f} / {request:.0f}"}


def _goals(timings: Timings, rows: int) -> list[Goal]:
    judged = rows >= ROWS_JUDGED
    goals = []
    for output in OUTPUTS:
        batch = f"RateBatch, {output}"
        times = timings.ratio("unary loop", batch)
        share = timings.ratio(f"echo of the same sizes, {output}", batch)
        name = f"{SUITE}/{batch}"
        goals += [
            goal(f"{name}, times a unary loop", times, UNARY_TARGET, "higher", judged),
            goal(f"{name}, share of an echo", share, ECHO_TARGET, "higher", judged),
        ]
    return goals
