"""A month of the province: two runs, what they hold, what people decide, what is issued.

March is tried first and then goes straight through: the digest says that what was tried is what was
issued. April is rated, looked at, decided, approved, frozen and published step by step, and late
readings are billed behind it. Everything goes through the calls of a server.
"""

import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet

from billcore.server.commands.run_watch import follow
from billcore.server.demo import report, settling, statement
from billcore.server.demo.process import BILLCORE, Server
from billcore.server.demo.province import DEBTORS, READ_DAYS, Province
from billcore.server.demo.screen import console
from billcore.server.gate import AUTHORIZATION
from billcore.v1 import runs_pb2 as pb
from billcore.v1.billing_service_pb2_grpc import BillingServiceStub

ISSUED_AFTER_DAYS = 2
LATE_DAYS = 4
"""The accounts that were not read are read so many days later."""

CHUNK_ACCOUNTS = 6 << 11
LISTED_MAX = 8
RELEASED_MAX = 5

READ_TWICE = "a bakery; the meter was read twice"


def show(server: Server, key: str, province: Province) -> bool:
    """True: digests and totals agree wherever they must."""
    runs = Runs(server, key)
    console.print("\n[bold]March, tried and then straight through[/]")
    tried = runs.done("StartRun", runs.create(2, simulated=True))
    issued = runs.done("StartRun", runs.create(2, straight=True))
    report.show(tried)
    report.show(issued)
    agree = _same("What was tried is what was issued", tried.passes[-1], issued.passes[-1])
    console.print("\n[bold]April, step by step[/]")
    settling.load(server.port, key, province, range(3, 4))
    agree &= _april(runs, province)
    console.print(f"\n[bold]Account {_number(DEBTORS - 1)}[/], which owed something from before")
    statement.show(server.channel, key, _number(DEBTORS - 1))
    return agree


def _april(runs: "Runs", province: Province) -> bool:
    tried = runs.done("StartRun", runs.create(3, simulated=True))
    run_id = runs.create(3)
    rated = runs.done("StartRun", run_id)
    agree = _same("What was tried is what was rated", tried.passes[-1], rated.passes[-1])
    held = runs.left_out(run_id, "RUN_OUTCOME_HELD")
    refused = runs.left_out(run_id, "RUN_OUTCOME_REFUSED")
    console.print(f"{len(held)} bills are held, {len(refused)} accounts cannot be billed yet:")
    report.exceptions([*held[:LISTED_MAX], *refused[:LISTED_MAX]], rated.digits)
    released = held[: min(RELEASED_MAX, len(held) // 2)]
    for one in released:
        runs.ask("ReleaseBill", run_id=run_id, account_id=one.account_id, reason=READ_TWICE)
    console.print(f"{len(released)} of the held bills are released: {READ_TWICE}.")
    runs.ask("ApproveRun", run_id=run_id, reason="the held bills were looked at")
    frozen = runs.done("FreezeRun", run_id)
    wanted = rated.passes[-1].total + sum(one.total for one in released)
    agree &= report.agree("Rated and released is what was frozen", frozen.passes[-1].total, wanted)
    runs.ask("PublishRun", run_id=run_id)
    late = province.late(_later(READ_DAYS[-1], LATE_DAYS))
    settling.load_tables(runs.server.port, runs.key, province, [late])
    done = runs.done("SupplementRun", run_id)
    report.show(done)
    agree &= report.agree(
        "The late readings are billed", done.passes[-1].bills, len(province.unread)
    )
    return agree & _exported(runs, done)


def _exported(runs: "Runs", run: pb.Run) -> bool:
    """Has `billcore run export` write the run's bills, and reads them; True: the totals agree."""
    with tempfile.TemporaryDirectory(prefix="billcore-demo-") as folder:
        file = Path(folder) / "bills.parquet"
        address = f"--address=127.0.0.1:{runs.server.port}"
        subprocess.run(  # noqa: S603 - our own
            [*BILLCORE, "run", "export", str(run.run_id), "-o", str(file), address],
            check=True,
            env={**os.environ, "BILLCORE_KEY": runs.key},
            stdout=subprocess.DEVNULL,
        )
        found = pyarrow.parquet.read_table(file)
        size = file.stat().st_size
    lines = pc.sum(pc.list_value_length(found["lines"])).as_py() or 0
    total = pc.sum(found["total"]).as_py() or 0
    console.print(
        f"Exported to Parquet: {found.num_rows:,} bills with {lines:,} lines in {size:,} bytes"
    )
    issued = sum(one.total for one in run.passes if one.phase == pb.RUN_PHASE_FREEZE)
    return report.agree("The file's total is the run's", total, issued)


@dataclass
class Runs:
    """The runs of the province over gRPC."""

    server: Server
    key: str
    numbers: Any = field(default_factory=lambda: count(1))

    def ask(self, method: str, **fields: object) -> Any:
        """Calls a write, with a request id of its own, or a question."""
        kind = getattr(pb, f"{method}Request")
        if "request_id" in kind.DESCRIPTOR.fields_by_name:
            fields["request_id"] = f"r{next(self.numbers)}"
        metadata = ((AUTHORIZATION, f"Bearer {self.key}"), ("x-billcore-actor", "Mary"))
        stub = BillingServiceStub(self.server.channel)
        return getattr(stub, method)(kind(**fields), metadata=metadata)

    def create(self, month: int, *, simulated: bool = False, straight: bool = False) -> int:
        """A run of everybody up to the readings of a month; its number."""
        day = READ_DAYS[month]
        order = pb.RunOrder(
            last_day=day,
            issued_day=_later(day, ISSUED_AFTER_DAYS),
            straggler_day=_later(day, 2 * LATE_DAYS),
            chunk_accounts=CHUNK_ACCOUNTS,
            straight=straight,
        )
        return int(self.ask("CreateRun", order=order, simulated=simulated).run.run_id)

    def done(self, method: str, run_id: int) -> pb.Run:
        """Begins something and follows it to its end; the run."""
        self.ask(method, run_id=run_id)
        ended = follow(self.ask("WatchRun", run_id=run_id))
        if ended is None or ended.under_way:
            raise SystemExit(f"run {run_id} stopped: {ended.fault.message if ended else ''}")
        return ended

    def left_out(self, run_id: int, outcome: str) -> list[pb.RunException]:
        """Every account of an outcome."""
        found: list[pb.RunException] = []
        token = ""
        while True:
            page = self.ask("ListRunExceptions", run_id=run_id, outcome=outcome, page_token=token)
            found += page.exceptions
            token = page.next_page_token
            if not token:
                return found


def _same(what: str, one: pb.RunProgress, other: pb.RunProgress) -> bool:
    told = one.bills, one.total, one.digest
    return report.agree(
        what, told, (other.bills, other.total, other.digest), report.short(one.digest)
    )


def _number(account: int) -> str:
    return f"A{account + 1:07}"


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
