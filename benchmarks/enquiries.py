"""The enquiries suite: how long a portal waits for its screens, alone and beside a run.

The water company of the payments suite, whose accounts owe two bills each and have paid a part.
Random accounts are asked over gRPC, by one client, one call after the other; every answer is looked
at. Goal: the same calls during a run against themselves alone, in the same run of the suite.
"""

import asyncio
import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.payments_bulk import bulk
from benchmarks.payments_calls import running
from benchmarks.payments_server import Server, p50_p99, served
from benchmarks.payments_world import Payers, account_number, billed
from benchmarks.race import NotExact
from benchmarks.report import Goal, Section, Table, goal
from benchmarks.runs_world import analysed
from benchmarks.store_engines import Engine, engines
from benchmarks.timing import collector_off
from billcore.v1 import enquiry_service_pb2 as pb
from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceStub

SUITE = "enquiries"
ROWS = (1_000_000,)
ROWS_JUDGED = 1_000_000
CALLS_A_ROUND = 70
"""Of each call, alone; beside a run as many as it lasts."""

WARMED = 50
"""Calls of each before any counts."""

BESIDE_MAX = 5
JUDGED = ("GetDashboard", "GetStatement", "GetBalance")
"""Whose waits during a run are compared with those alone."""

REMARKS = (
    "Waits are wall time of one client and the server on one machine. The run bills all accounts, "
    "in one worker process at lower priority, as a server has by default.",
    "An account has two bills and one or two payments; a statement is all of them, consumption is "
    "of twelve months.",
)

Say = Callable[[str], None]


@dataclass
class Waits:
    """Seconds of each call of a store, alone and beside a run."""

    name: str
    alone: dict[str, list[float]] = field(default_factory=dict)
    beside: dict[str, list[float]] = field(default_factory=dict)


def run(rows: Sequence[int] = ROWS, rounds: int = 9, say: Say = print) -> Section:
    """The suite with each of these numbers of accounts."""
    tables: list[Table] = []
    goals: list[Goal] = []
    for accounts in rows:
        with engines() as pair, collector_off():
            found = [measured(engine, accounts, rounds, say) for engine in pair]
        tables.append(_told(accounts, found))
        judged = accounts >= ROWS_JUDGED
        goals = [one for of in found for one in _goals(of, judged)]
    return Section(SUITE, tables, goals, REMARKS)


def measured(engine: Engine, accounts: int, rounds: int, say: Say) -> Waits:
    """One store, its company founded, billed and paid."""
    say(f"{SUITE}: {engine.name}, {accounts:,} accounts")
    payers = billed(engine, accounts, say)
    say(f"{SUITE}: {engine.name}, a file of payments")
    bulk(payers)
    analysed(payers.town)
    with served(payers) as server:
        say(f"{SUITE}: {engine.name}, screens")
        return asyncio.run(_waited(payers, server, rounds))


async def _waited(payers: Payers, server: Server, rounds: int) -> Waits:
    found = Waits(payers.town.engine.name)
    async with server.channel() as channel:
        screens = Screens(payers, server, EnquiryServiceStub(channel))
        for _ in range(WARMED):
            await screens.once({})
        for _ in range(rounds * CALLS_A_ROUND):
            await screens.once(found.alone)
        async for _ in running(payers, server, channel):
            await screens.once(found.beside, JUDGED)
    return found


class Screens:
    """The screens of a portal, each of a random account."""

    def __init__(self, payers: Payers, server: Server, stub: EnquiryServiceStub) -> None:
        self._accounts, self._draw = payers.town.accounts, random.Random(17)
        self._stub, self._metadata = stub, server.metadata

    async def once(self, seconds: dict[str, list[float]], calls: Sequence[str] = ()) -> None:
        """Each call once, or those that are named. OUT: seconds, one more of each.

        Raises NotExact where an answer is another account's, or does not sum to itself.
        """
        number = account_number(self._draw.randint(1, self._accounts))
        for name, (request, balance_of) in CALLS.items():
            if calls and name not in calls:
                continue
            start = time.perf_counter()
            waiting = getattr(self._stub, name)(request(number=number), metadata=self._metadata)
            answer = await waiting
            seconds.setdefault(name, []).append(time.perf_counter() - start)
            if not balance_of(answer, number):
                raise NotExact(f"{name} of {number}: {answer}")


def _is_dashboard(answer: pb.GetDashboardResponse, number: str) -> bool:
    owed = sum(one.open for one in answer.open_items)
    return answer.summary.number == number and answer.summary.balance == owed


def _is_statement(answer: pb.GetStatementResponse, number: str) -> bool:
    moved = sum(one.amount for one in answer.documents)
    owed = sum(one.open for one in answer.open_items)
    return answer.number == number and answer.opening + moved == answer.closing == owed


def _is_bills(answer: pb.ListAccountBillsResponse, _: str) -> bool:
    return len(answer.bills) > 1 and all(
        sum(line.amount for span in bill.spans for line in span.lines if line.counts)
        == bill.header.total
        for bill in answer.bills
    )


def _is_consumption(answer: pb.GetConsumptionResponse, number: str) -> bool:
    return answer.number == number and all(series.months for series in answer.series)


CALLS: Mapping[str, tuple[Callable[..., object], Callable[..., bool]]] = {
    "GetDashboard": (pb.GetDashboardRequest, _is_dashboard),
    "GetStatement": (pb.GetStatementRequest, _is_statement),
    "ListAccountBills": (pb.ListAccountBillsRequest, _is_bills),
    "ListAccountPayments": (pb.ListAccountPaymentsRequest, lambda answer, _: answer.currency != ""),
    "GetConsumption": (pb.GetConsumptionRequest, _is_consumption),
    "GetBalance": (pb.GetBalanceRequest, lambda answer, _: answer.currency != ""),
}
"""The screens: what is asked, and whether an answer is right."""


# -- told


def _goals(waits: Waits, judged: bool) -> list[Goal]:
    return [
        goal(f"{SUITE}/{waits.name}, {name} p99 during a run ÷ alone",
             p50_p99(waits.beside[name])[1] / p50_p99(waits.alone[name])[1], BESIDE_MAX, "lower",
             judged)
        for name in JUDGED
    ]  # fmt: skip


def _told(accounts: int, found: Sequence[Waits]) -> Table:
    shown = []
    for of in found:
        for name in CALLS:
            figures = [
                *p50_p99(of.alone[name]),
                *(p50_p99(of.beside[name]) if name in JUDGED else ()),
            ]
            shown.append(
                [f"{of.name}, {name}", *(f"{one * 1e3:.2f}" for one in figures),
                 *([""] * (4 - len(figures))),
                 f"{len(of.beside[name]):,}" if name in JUDGED else ""]
            )  # fmt: skip
    headings = ("call", "p50 ms", "p99 ms", "during a run p50 ms", "p99 ms", "calls then")
    cores = os.cpu_count()
    calls = len(found[0].alone[JUDGED[0]])
    note = f"{calls:,} calls of each alone, one after the other; {cores} cores."
    return Table(f"Screens of one of {accounts:,} accounts", headings, shown, note)
