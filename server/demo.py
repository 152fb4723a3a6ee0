"""`make demo`: a server on loopback, five printed bills to the rial, a million rated.

The five bills are those of a customer of a water company in Kerman, printed on its dashboard, with
Jalali dates and periods that cross a price change. Everything goes through gRPC.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from threading import Thread
from typing import Any

import grpc
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from billcore.core.calendar import Calendar
from billcore.server import wire
from billcore.v1 import common_pb2, rating_service_pb2, tariff_service_pb2
from billcore.v1.rating_service_pb2_grpc import RatingServiceStub
from billcore.v1.tariff_service_pb2_grpc import TariffServiceStub

ACCOUNTS = 1_000_000
BATCH_ROWS = 65_536
START_SECONDS = 60

OPTIONS = [("grpc.max_receive_message_length", 16 << 20)]
"""A client takes answers of 4 MiB unless it says otherwise; an itemised batch is larger."""

console = Console(highlight=False)


@dataclass(frozen=True)
class PrintedBill:
    """A bill as the company printed it; amounts in rials, days only where the dates give others."""

    previous: str
    this: str
    days: int
    m3: int
    water: int
    subscription: int
    services: int
    levy: int
    vat: int
    total: int


LINES = ("water", "subscription", "services", "levy", "vat")

PRINTED = [
    PrintedBill("1397-06-03", "1397-07-30", 0, 45, 193500, 46400, 92510, 9972, 19945, 362327),
    PrintedBill("1397-01-31", "1397-06-03", 0, 35, 150500, 101600, 202565, 13640, 27280, 495585),
    PrintedBill("1396-02-24", "1397-01-31", 0, 10, 40311, 255333, 553283, 25468, 50936, 925331),
    PrintedBill("1395-10-06", "1396-02-24", 138, 10, 36000, 92000, 230000, 10740, 21480, 390220),
    PrintedBill("1395-01-29", "1395-10-06", 0, 22, 79200, 168667, 421667, 20086, 40172, 729792),
]
"""The company billed 138 days where the calendar counts 139, so the fourth states its days."""

PRICE_CHANGE = 2
"""The third bill crosses the price change: 131 days before it, 210 after."""


def main() -> None:
    """Runs the demo; ends with 1 if an amount differs."""
    with server() as port, grpc.insecure_channel(f"127.0.0.1:{port}", OPTIONS) as channel:
        grpc.channel_ready_future(channel).result(START_SECONDS)
        plan = publish(TariffServiceStub(channel))
        rating = RatingServiceStub(channel)
        agree = show_bills(rating, plan)
        show_explanation(rating, plan, PRINTED[PRICE_CHANGE])
        rate_accounts(channel, plan)
    sys.exit(0 if agree else 1)


@contextmanager
def server() -> Iterator[int]:
    """A server of its own on free loopback ports."""
    command = [sys.executable, "-m", "billcore.server.cli", "serve", "--port=0", "--metrics-port=0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603  # our own
    try:
        yield _port(process)
    finally:
        process.terminate()
        process.wait()


def _port(process: "subprocess.Popen[str]") -> int:
    """The port from the server's log, which says when it serves."""
    assert process.stderr is not None
    for line in process.stderr:
        event = json.loads(line) if line.startswith("{") else {"event": line}
        if event["event"] == "serving":
            # The rest of the log is read and dropped, so that the server never waits for us.
            Thread(target=process.stderr.read, daemon=True).start()
            return int(event["port"])
    raise SystemExit("the server did not start")


def publish(tariffs: TariffServiceStub) -> common_pb2.Plan:
    """Publishes the water tariff of the package."""
    document = (files("billcore.tariffs") / "ir-mehrab-water.yaml").read_text("utf-8")
    request = tariff_service_pb2.PublishTariffRequest(document=document, request_id="demo")
    published = tariffs.PublishTariff(request).tariff
    console.print(
        f"Published [bold]{published.tariff_id}[/] version {published.version}, "
        f"hash {published.hash[:12]}\n"
    )
    return common_pb2.Plan(tariff_id=published.tariff_id, version=published.version)


def bill(printed: PrintedBill) -> rating_service_pb2.Bill:
    """The message of a printed bill: Jalali dates become ISO dates."""
    m3 = rating_service_pb2.InputValue(name="m3", number=str(printed.m3))
    return rating_service_pb2.Bill(
        previous_date=_iso(printed.previous),
        this_date=_iso(printed.this),
        days=printed.days,
        inputs=[m3],
    )


def _iso(jalali: str) -> str:
    return date.fromordinal(Calendar.JALALI.parse(jalali)).isoformat()


def show_bills(rating: RatingServiceStub, plan: common_pb2.Plan) -> bool:
    """Rates the printed bills and shows them beside the print; True: they agree to the rial."""
    table = Table("bill", "", *LINES, "total", title="Five printed bills, in rials")
    same = True
    for number, printed in enumerate(PRINTED, start=1):
        request = rating_service_pb2.RateBillRequest(plan=plan, bill=bill(printed))
        rated = rating.RateBill(request)
        amounts = {line.name: line.amount for line in rated.lines} | {"total": rated.total}
        wanted = [getattr(printed, name) for name in (*LINES, "total")]
        given = [amounts[name] for name in (*LINES, "total")]
        same &= wanted == given
        table.add_row(str(number), "printed", *(f"{n:,}" for n in wanted), style="dim")
        marks = [_mark(a, b) for a, b in zip(given, wanted, strict=True)]
        table.add_row("", "billcore", *marks, end_section=True)
    console.print(table)
    verdict = "[green]All agree to the rial.[/]" if same else "[red]Amounts differ.[/]"
    console.print(verdict + "\n")
    return same


def _mark(given: int, wanted: int) -> Text:
    return Text(f"{given:,}", style="green" if given == wanted else "bold red")


def show_explanation(
    rating: RatingServiceStub, plan: common_pb2.Plan, printed: PrintedBill
) -> None:
    """Explains one bill as a clerk reads it out."""
    request = rating_service_pb2.ExplainBillRequest(plan=plan, bill=bill(printed))
    explained = rating.ExplainBill(request)
    days = " + ".join(segment.days for segment in explained.explanation.segments)
    console.print(f"[bold]Bill {PRICE_CHANGE + 1} explained[/] ({days} days)")
    console.print(explained.text, markup=False, soft_wrap=True)


def rate_accounts(channel: grpc.Channel, plan: common_pb2.Plan) -> None:
    """Rates synthetic accounts through one RateBatch stream and prints bills per second."""
    batches = [_batch(columns) for columns in _synthetic(ACCOUNTS)]
    header = rating_service_pb2.BatchHeader(
        plans=[plan],
        output=rating_service_pb2.BATCH_OUTPUT_LINES,
        columns=[
            rating_service_pb2.BatchColumn(name=name, type=kind)
            for name, kind in (
                ("previous", rating_service_pb2.COLUMN_TYPE_SFIXED32),
                ("this", rating_service_pb2.COLUMN_TYPE_SFIXED32),
                ("m3", rating_service_pb2.COLUMN_TYPE_SFIXED64),
            )
        ],
    )
    first = rating_service_pb2.RateBatchRequest(header=header).SerializeToString()
    call: Any = channel.stream_stream(
        "/billcore.v1.RatingService/RateBatch",
        response_deserializer=rating_service_pb2.RateBatchResponse.FromString,
    )
    rated, failed, money = 0, 0, 0
    started = time.perf_counter()
    with _progress() as progress:
        task = progress.add_task("RateBatch, itemised", total=ACCOUNTS)
        for answer in call(iter([first, *batches])):
            if answer.HasField("result"):
                rated += len(answer.result.statuses)
                failed += answer.result.failed
                money += int(np.asarray(answer.result.totals).sum())
                progress.update(task, completed=rated)
    seconds = time.perf_counter() - started
    console.print(
        f"[bold]{rated / seconds:,.0f} bills per second[/] over gRPC: {rated:,} accounts in "
        f"{seconds:.2f} s, {failed} failed, {money:,} rials in all"
    )


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console
    )


Columns = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]


def _synthetic(accounts: int) -> Iterator[Columns]:
    """Two months of readings around the price change, consumption in litres."""
    random = np.random.default_rng(1397)
    change = Calendar.JALALI.parse("1396-07-01") - wire.EPOCH
    previous = (change - random.integers(1, 40, accounts)).astype(np.int32)
    this = previous + random.integers(20, 70, accounts).astype(np.int32)
    litres = random.gamma(2.0, 9_000.0, accounts).astype(np.int64)
    for start in range(0, accounts, BATCH_ROWS):
        part = slice(start, start + BATCH_ROWS)
        yield previous[part], this[part], litres[part]


def _batch(columns: Columns) -> bytes:
    return wire.batch(len(columns[0]), columns)


if __name__ == "__main__":
    main()
