"""The first part: five printed bills to the rial and a million rated, through gRPC alone."""

import time
from collections.abc import Iterator
from typing import Any

import grpc
import numpy as np
from numpy.typing import NDArray
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from billcore.core.calendar import Calendar
from billcore.server import wire
from billcore.server.demo.printed import LINES, PRINTED, PrintedBill, document, iso
from billcore.server.demo.process import connected
from billcore.server.demo.screen import console
from billcore.v1 import common_pb2, rating_service_pb2, tariff_service_pb2
from billcore.v1.rating_service_pb2_grpc import RatingServiceStub
from billcore.v1.tariff_service_pb2_grpc import TariffServiceStub

BATCH_ROWS = 65_536

PRICE_CHANGE = 2
"""The third bill crosses the price change: 131 days before it, 210 after."""


def show(accounts: int) -> bool:
    """Rates the printed bills, explains one, rates accounts in bulk; True: all amounts agree."""
    with connected() as server:
        plan = publish(TariffServiceStub(server.channel))
        rating = RatingServiceStub(server.channel)
        agree = show_bills(rating, plan)
        show_explanation(rating, plan, PRINTED[PRICE_CHANGE])
        rate_accounts(server.channel, plan, accounts)
    return agree


def publish(tariffs: TariffServiceStub) -> common_pb2.Plan:
    """Publishes the water tariff of the package."""
    request = tariff_service_pb2.PublishTariffRequest(document=document(), request_id="demo")
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
        previous_date=iso(printed.previous),
        this_date=iso(printed.this),
        days=printed.days,
        inputs=[m3],
    )


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


def rate_accounts(channel: grpc.Channel, plan: common_pb2.Plan, accounts: int) -> None:
    """Rates synthetic accounts through one RateBatch stream and prints bills per second."""
    batches = [_batch(columns) for columns in _synthetic(accounts)]
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
        task = progress.add_task("RateBatch, itemised", total=accounts)
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
