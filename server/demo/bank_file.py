"""The payments of a month in one file of a bank: posted once, however often they come.

The file goes in as an operator would post it, with `billcore pay import`; the same payments in
another order, as another file, change nothing.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pyarrow as pa
import pyarrow.csv
from rich.table import Table

from billcore.server.commands.amounts import shown
from billcore.server.demo import report, settling, statement
from billcore.server.demo.books import Call
from billcore.server.demo.process import BILLCORE, Server
from billcore.server.demo.province import BANK, DEBTORS, Province
from billcore.server.demo.province import Table as Rows
from billcore.server.demo.screen import console
from billcore.server.gate import AUTHORIZATION
from billcore.v1 import channel_service_pb2, ledger_service_pb2
from billcore.v1.channel_service_pb2_grpc import ChannelServiceStub
from billcore.v1.ledger_service_pb2_grpc import LedgerServiceStub

LEDGERS = ("receivable", f"channel_clearing:{BANK}", "suspense")
"""What accounts owe, what the bank owes for them, and what nobody knows the account of."""


def show(server: Server, key: str, province: Province) -> bool:
    """True: to the cent the file is what accounts owe less, and what waits in suspense."""
    console.print(f"\n[bold]A bank's file: {province.accounts:,} payments[/]")
    call = ((AUTHORIZATION, f"Bearer {key}"),)
    _open_channel(server.channel, call)
    ledger = Call(LedgerServiceStub(server.channel), call)
    rows = province.payments()
    before = _balances(ledger)
    _import(server, key, rows)
    after = _balances(ledger)
    settling.load_tables(server.port, key, province, [_other_way_round(rows)])
    again = _balances(ledger)
    _tell(before, after, again)
    lost = int(province.paid[province.mistyped].sum())
    known = int(province.paid.sum()) - lost
    moved = [after[name] - before[name] for name in LEDGERS]
    agree = report.agree("Accounts owe less by what is theirs", -moved[0], known)
    agree &= report.agree("The bank owes what its file says", moved[1], known + lost)
    told = f"{len(province.mistyped)} payments for unknown accounts wait in suspense"
    agree &= report.agree(told, -moved[2], lost)
    agree &= report.agree("Sent again, nothing is posted", again, after)
    console.print(f"\n[bold]Account {_debtor()}[/], which paid some of it")
    statement.show(server.channel, key, _debtor())
    return agree


def _open_channel(channel: grpc.Channel, call: Any) -> None:
    pb = channel_service_pb2
    bank = pb.Channel(channel=BANK, kind=pb.CHANNEL_KIND_BANK_COUNTER, name="Bank, counters")
    Call(ChannelServiceStub(channel), call).CreateChannel(
        pb.CreateChannelRequest(channel=bank, request_id=BANK)
    )


def _import(server: Server, key: str, rows: Rows) -> None:
    """Writes the file, and has `billcore pay import` post it. Raises SystemExit if it refuses."""
    with tempfile.TemporaryDirectory(prefix="billcore-demo-") as folder:
        file = Path(folder) / "bank.csv"
        pyarrow.csv.write_csv(pa.table(dict(rows.columns)), file)
        started = time.perf_counter()
        done = subprocess.run(  # noqa: S603 - our own
            [*BILLCORE, "pay", "import", str(file), f"--address=127.0.0.1:{server.port}"],
            check=False,
            env={**os.environ, "BILLCORE_KEY": key},
        )
    if done.returncode:
        raise SystemExit(f"{file.name} was not imported: {done.returncode}")
    seconds = time.perf_counter() - started
    rate = len(rows) / seconds
    console.print(f"  {len(rows):,} payments posted in {seconds:.1f} s: {rate:,.0f} a second")


def _other_way_round(rows: Rows) -> Rows:
    """The same payments in another file, the last one first."""
    last_first = pa.array(np.arange(len(rows))[::-1])
    columns = {name: column.take(last_first) for name, column in rows.columns.items()}
    return Rows(rows.kind, f"{rows.name} again", columns)


def _balances(ledger: Call) -> dict[str, int]:
    """What each ledger account of LEDGERS holds, in minor units, debit positive."""
    told = ledger.GetTrialBalance(ledger_service_pb2.GetTrialBalanceRequest()).balances
    return dict.fromkeys(LEDGERS, 0) | {
        one.code: one.balance for one in told if one.code in LEDGERS
    }


def _tell(*held: dict[str, int]) -> None:
    table = Table("ledger account", title="The general ledger, USD", box=None)
    for name in ("before", "after", "sent again"):
        table.add_column(name, justify="right")
    for name in LEDGERS:
        table.add_row(name, *(shown(one[name], 2) for one in held))
    console.print(table)


def _debtor() -> str:
    return f"A{DEBTORS:07}"
