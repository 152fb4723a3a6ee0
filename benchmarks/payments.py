"""The payments suite: single durable payments, files of payments, and how long callers wait.

A water company whose accounts owe two bills each, on both stores. Goals: every figure as a ratio to
a peer of the same run: fdatasync on the same disk, PostgreSQL's own pgbench, raw inserts of the
same rows, the same call alone. Everything that was posted is looked for before a figure counts,
what is open is compared with what was paid, and at last every invariant is verified.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks import payments_calls, payments_posting, payments_server
from benchmarks.payments_bulk import Bulk, bulk
from benchmarks.payments_calls import Waits
from benchmarks.payments_posting import CLIENTS, EXPLICIT, MANY, Loop, Rounds, label
from benchmarks.payments_world import Payers, billed, check_posted
from benchmarks.report import Goal, Section, Table, goal
from benchmarks.runs_world import check_books
from benchmarks.store_engines import CHUNK, Engine, engines
from benchmarks.timing import collector_off
from billcore.core.store.open import open_store

SUITE = "payments"
FULL = os.environ.get("BILLCORE_BENCH") == "full"
ROWS = (1_000_000,) if FULL else (200_000,)
ROWS_JUDGED = 200_000
ROUNDS_MAX = 3
SECONDS = 2.0
SUSTAINED_SECONDS = 60.0 if FULL else 10.0
"""How long a loop lasts, and the one without a pause."""

SYNC_MAX = {"PostgreSQL": 5, "SQLite": 2}
SYNC_EXTRA = 0.0001
"""Of one client's p50: so many times fdatasync, and so many seconds more."""

GROUP_MIN = {"PostgreSQL": 15, "SQLite": 25}
BENCH_MIN = 8
RAW_MAX = {"PostgreSQL": 2.5, "SQLite": 2}
BESIDE_MAX = 5

Say = Callable[[str], None]

REMARKS = (
    "Rates and waits are wall time of clients and server on one machine; both stores are durable "
    "(fsync; synchronous=FULL). Processor time is that of the process that posts and of "
    "PostgreSQL's backends; of the loops through the core the clients are in it.",
    "A payment is an order, an account entry, its part of an entry of the general ledger and of an "
    "event. What it pays is not written: it follows from the documents in their order.",
)


@dataclass
class Paid:
    """All figures of a store. over_grpc: loops by number of clients; seconds: answers in each."""

    name: str
    accounts: int
    single: Rounds
    sustained: Loop
    seconds: Sequence[int]
    bulk: Bulk
    over_grpc: Mapping[int, Loop] = field(default_factory=dict)
    waits: Waits = field(default_factory=Waits)


def run(rows: Sequence[int] = ROWS, rounds: int = 9, say: Say = print) -> Section:
    """The suite with each of these numbers of accounts."""
    tables: list[Table] = []
    goals: list[Goal] = []
    for accounts in rows:
        say(f"payments: {accounts:,} accounts")
        with engines() as pair, collector_off():
            paid = [measured(engine, accounts, min(rounds, ROUNDS_MAX), say) for engine in pair]
        tables += told(paid)
        goals = [one for of in paid for one in _goals(of)] if accounts == max(rows) else goals
    return Section(SUITE, tables, goals, REMARKS)


def measured(
    engine: Engine,
    accounts: int,
    rounds: int,
    say: Say,
    seconds: float = SECONDS,
    sustained: float = SUSTAINED_SECONDS,
    calls: tuple[int, int] = (payments_calls.FETCHES, payments_calls.ROUNDS),
) -> Paid:
    """One store: through the core, a file, through a server; verified before and after that."""
    payers = billed(engine, accounts, say)
    say(f"payments: {engine.name}, a file")
    file = bulk(payers)
    say(f"payments: {engine.name}, single payments")
    single = payments_posting.posted(payers, rounds, seconds)
    loop, each = payments_posting.sustained(payers, sustained)
    found = Paid(engine.name, accounts, single, loop, each, file)
    check_books(payers.town)
    say(f"payments: {engine.name}, a server")
    with payments_server.served(payers) as server:
        found.over_grpc = {
            clients: payments_server.looped(payers, server, clients, seconds) for clients in CLIENTS
        }
    _again(payers)
    check_posted(payers)
    with payments_server.served(payers) as server:
        found.waits = payments_calls.waited(payers, server, *calls)
    _again(payers)
    check_books(payers.town)
    payers.town.store.close()
    return found


def _again(payers: Payers) -> None:
    """Opens the store behind a server."""
    payers.town.store = open_store(payers.town.store.url)


# -- told


def _goals(paid: Paid) -> list[Goal]:
    judged, name = paid.accounts >= ROWS_JUDGED, f"{SUITE}/{paid.name}"
    one, many = label(1), label(MANY)
    sync = paid.single.over_sync(one, SYNC_EXTRA)
    group = paid.single.ratio(many, one)
    _, alone = payments_server.p50_p99(paid.waits.alone)
    _, beside = payments_server.p50_p99(paid.waits.beside_run)
    found = [
        goal(f"{name}, one client's p50 less 0.1 ms ÷ fdatasync", sync, SYNC_MAX[paid.name],
             "lower", judged),
        goal(f"{name}, {many} ÷ one, rate", group, GROUP_MIN[paid.name], "higher", judged),
        goal(f"{name}, a file ÷ raw inserts, processor time", paid.bulk.whole / paid.bulk.raw,
             RAW_MAX[paid.name], "lower", judged),
        goal(f"{name}, FetchBill p99 during a run ÷ alone", beside / alone, BESIDE_MAX, "lower",
             judged),
    ]  # fmt: skip
    if paid.name in WITH_BENCH:
        times = paid.single.over_bench(EXPLICIT)
        what = f"{name}, {EXPLICIT} ÷ pgbench with {payments_posting.BENCH_CLIENTS}, rate"
        found.append(goal(what, times, BENCH_MIN, "higher", judged))
    return found


WITH_BENCH = ("PostgreSQL",)


def told(paid: Sequence[Paid]) -> list[Table]:
    """Every table of both stores."""
    return [_single(paid), _over_grpc(paid), _sustained(paid), _bulk(paid), _fetched(paid),
            _calls(paid)]  # fmt: skip


def _single(paid: Sequence[Paid]) -> Table:
    shown, bars = [], {}
    for of in paid:
        for name in of.single.loops:
            middle = {
                what: of.single.median(name, read)
                for what, read in (
                    ("rate", lambda loop: loop.rate),
                    ("p50", lambda loop: loop.p50 * 1e3),
                    ("p99", lambda loop: loop.p99 * 1e3),
                    ("cpu", lambda loop: loop.each * 1e6),
                )
            }
            bars[f"{of.name}, {name}"] = middle["rate"]
            shown.append([f"{of.name}, {name}", f"{middle['rate']:,.0f}", f"{middle['p50']:.2f}",
                          f"{middle['p99']:.2f}", f"{middle['cpu']:,.0f}"])  # fmt: skip
        sync = f"{median(of.single.syncs) * 1e3:.3f}"
        shown.append([f"beside {of.name}: 8 KiB and fdatasync", "", sync, "", ""])
        if of.single.bench:
            rate, cpu = (median(some) for some in zip(*of.single.bench, strict=True))
            name = f"beside {of.name}: pgbench, {payments_posting.BENCH_CLIENTS} clients"
            shown.append([name, f"{rate:,.0f}", "", "", f"{cpu * 1e6:,.0f}"])
    note = (
        f"Medians of {len(paid[0].single.syncs)} rounds of {SECONDS:g} s. Explicit: each payment "
        "names the bill that it pays; the others are told by account."
    )
    headings = ("clients", "payments/s", "p50 ms", "p99 ms", "processor µs each")
    return Table("Single payments through the core, a second", headings, shown, note, bars)


def _over_grpc(paid: Sequence[Paid]) -> Table:
    shown = []
    for of in paid:
        for clients, loop in of.over_grpc.items():
            name = f"{of.name}, {label(clients)}"
            shown.append([name, f"{loop.rate:,.0f}", f"{loop.p50 * 1e3:.2f}",
                          f"{loop.p99 * 1e3:.2f}", f"{loop.each * 1e6:,.0f}"])  # fmt: skip
    note = "Processor time of the server and its store, without the clients."
    headings = ("clients", "payments/s", "p50 ms", "p99 ms", "processor µs each")
    return Table("Single payments over gRPC", headings, shown, note)


def _sustained(paid: Sequence[Paid]) -> Table:
    shown, curves = [], {}
    for of in paid:
        curves[of.name] = [(at + 1.0, float(sum(of.seconds[: at + 1])))
                           for at in range(len(of.seconds))]  # fmt: skip
        shown.append([of.name, f"{of.sustained.rate:,.0f}", f"{min(of.seconds):,}",
                      f"{of.sustained.p50 * 1e3:.2f}", f"{of.sustained.p99 * 1e3:.2f}",
                      f"{of.sustained.each * 1e6:,.0f}"])  # fmt: skip
    headings = ("store", "payments/s", "in the worst second", "p50 ms", "p99 ms", "processor µs")
    title = f"Explicit payments of {MANY} clients without a pause"
    return Table(title, headings, shown, curves=curves)


def _bulk(paid: Sequence[Paid]) -> Table:
    shown, bars = [], {}
    for of in paid:
        phases = of.bulk.seconds | {
            "all phases": of.bulk.whole,
            "raw inserts of the same rows": of.bulk.raw,
            "insert() of the same rows": of.bulk.insert,
        }
        for phase, seconds in phases.items():
            each = max(seconds, 1e-9) / of.bulk.payments * 1e6
            bars[f"{of.name}, {phase}"] = each
            shown.append([f"{of.name}, {phase}", f"{each:.2f}", f"{seconds / of.bulk.raw:.2f}"])
    title = f"A file of {paid[0].bulk.payments:,} payments, oldest first, µs each"
    note = (
        f"Processor time; chunks of {CHUNK:,} in random order of accounts. Allocation reads every "
        "account's documents and folds them. Raw: the rows of orders and account entries, by a "
        "server-side COPY from a file or by executemany, in transactions of a chunk."
    )
    return Table(title, ("phase", "µs", "÷ raw"), shown, note, bars)


def _fetched(paid: Sequence[Paid]) -> Table:
    shown = []
    for of in paid:
        for name, some in (("alone", of.waits.alone), ("during a run", of.waits.beside_run)):
            p50, p99 = payments_server.p50_p99(some)
            shown.append([f"{of.name}, {name}", f"{len(some):,}", f"{p50 * 1e3:.2f}",
                          f"{p99 * 1e3:.2f}"])  # fmt: skip
    note = (
        f"One client; the run bills all {paid[0].accounts:,} accounts, in one worker process at "
        "lower priority."
    )
    return Table("FetchBill alone and during a run", ("", "calls", "p50 ms", "p99 ms"), shown, note)


def _calls(paid: Sequence[Paid]) -> Table:
    shown = []
    for of in paid:
        for name in sorted(of.waits.calls):
            figures = (*payments_server.p50_p99(of.waits.calls[name]),
                       *payments_server.p50_p99(of.waits.beside_posting[name]))  # fmt: skip
            shown.append([f"{of.name}, {name}", *(f"{one * 1e3:.2f}" for one in figures)])
    headings = ("call", "p50 ms", "p99 ms", "beside others p50 ms", "p99 ms")
    note = f"One client; beside others: while {payments_calls.POSTING} clients post."
    return Table("Every unary call of PaymentService", headings, shown, note)
