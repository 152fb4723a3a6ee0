"""`billcore run compare`: what two runs come to, on a running server."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from billcore.server.commands.amounts import shown
from billcore.server.commands.console import out
from billcore.server.commands.options import LOCAL, Address, Key, Provider

if TYPE_CHECKING:
    from billcore.v1 import compare_pb2 as pb

SECONDS = 600.0
"""A comparison of large runs takes a while."""

Number = Annotated[int, typer.Argument(min=1, help="The run that is the base.")]
Other = Annotated[int, typer.Argument(min=1, help="The run, or simulation, to compare it with.")]


def compare(
    run: Number,
    other: Other,
    by_attribute: Annotated[
        str, typer.Option(metavar="NAME", help="Also by this attribute of agreements.")
    ] = "",
    area: Annotated[
        int, typer.Option(min=0, help="Also by so many characters of the geographic code.")
    ] = 0,
    movers: Annotated[int, typer.Option(min=0, help="How many accounts of each list.")] = 10,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Compares two runs, or a run and a simulation with proposed tariffs; writes nothing."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1 import compare_pb2 as pb
    from billcore.v1.billing_service_pb2_grpc import BillingServiceStub

    remote = Remote(address, key, provider)
    request = pb.CompareRunsRequest(
        run_id=run, other_run_id=other, attribute=by_attribute, area_length=area, movers=movers
    )
    with remote.channel() as channel:
        stub = BillingServiceStub(channel)
        found = stub.CompareRuns(request, metadata=remote.metadata, timeout=SECONDS)
    _tell(found, by_attribute)


def _tell(found: "pb.CompareRunsResponse", attribute: str) -> None:
    sides = " with ".join(_side(side) for side in (found.run, found.other_run))
    out.print(f"{sides}, amounts in {found.currency}", markup=False)
    whole = [("all bills", found.whole)]
    out.print(_groups("", whole, found.digits))
    for what, groups in (
        ("tariff", found.tariffs),
        (attribute, found.classes),
        ("area", found.areas),
    ):
        if groups:
            rows = [(group.name or "(none)", group.compared) for group in groups]
            out.print(_groups(what, rows, found.digits))
    for what, accounts in (("dearer", found.rises), ("cheaper", found.falls)):
        if accounts:
            out.print(_accounts(what, accounts, found.digits))
    for side, alone in (
        (found.run, found.only_run),
        (found.other_run, found.only_other_run),
    ):
        if alone.accounts:
            total = shown(alone.total, found.digits)
            out.print(f"only in run {side.run_id}: {alone.accounts:,} accounts, {total}")
            out.print(_accounts("account", alone.first, found.digits))


def _side(side: "pb.ComparedRun") -> str:
    word = "simulation" if side.simulated else "run"
    return f"{word} {side.run_id} as {'issued' if side.issued else 'rated'}"


def _table(what: str, numbers: Iterable[str]) -> Table:
    table = Table(box=None)
    table.add_column(what, overflow="fold")
    for number in numbers:
        table.add_column(number, justify="right")
    return table


def _groups(what: str, rows: Iterable[tuple[str, "pb.Compared"]], digits: int) -> Table:
    table = _table(
        what, numbers=("bills", "other bills", "total", "other total", "difference", "per mille")
    )
    for name, one in rows:
        amounts = (shown(n, digits) for n in (one.total, one.other_total, one.difference))
        table.add_row(
            name, f"{one.bills:,}", f"{one.other_bills:,}", *amounts, f"{one.per_mille:,}"
        )
    return table


def _accounts(what: str, accounts: Iterable["pb.ComparedAccount"], digits: int) -> Table:
    table = _table(what, numbers=("total", "other total", "difference"))
    for one in accounts:
        amounts = (shown(n, digits) for n in (one.total, one.other_total, one.difference))
        table.add_row(one.number, *amounts)
    return table
