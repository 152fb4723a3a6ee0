"""`billcore consolidate …`: the bills of a group in one document, on a running server."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from billcore.server.commands.amounts import shown
from billcore.server.commands.console import out, say
from billcore.server.commands.group import Number, called
from billcore.server.commands.options import (
    LOCAL,
    Address,
    HouseProvider,
    Key,
    RequestId,
    request_named,
)

if TYPE_CHECKING:
    from billcore.v1 import consolidation_service_pb2 as pb

app = typer.Typer(no_args_is_help=True, help="The bills of a group in one document.")

BillNumber = Annotated[
    int, typer.Argument(min=1, metavar="NUMBER", help="The consolidated bill's number.")
]


@app.command()
def make(
    group_no: Number,
    day: Annotated[str, typer.Option(help="Up to which day, as 2018-10-22; none: today.")] = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Makes the consolidated bill of a group."""
    from billcore.v1 import consolidation_service_pb2 as pb

    request = pb.ConsolidateBillsRequest(
        request_id=request_named(request_id), group_no=group_no, day=day
    )
    with called(address, key, provider) as (stub, remote):
        _tell(stub.ConsolidateBills(request, **remote.call).bill)


@app.command()
def show(
    number: BillNumber, provider: HouseProvider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Shows a consolidated bill."""
    from billcore.v1 import consolidation_service_pb2 as pb

    request = pb.GetConsolidatedBillRequest(consolidated_no=number)
    with called(address, key, provider) as (stub, remote):
        _tell(stub.GetConsolidatedBill(request, **remote.call).bill)


@app.command("list")
def list_bills(
    group: Annotated[int, typer.Option(min=0, help="Only of this group; 0: of all.")] = 0,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists consolidated bills."""
    from billcore.server.commands.remote import pages
    from billcore.v1 import consolidation_service_pb2 as pb

    table = Table("number", "group", "day", "name", "currency", box=None)
    for name in ("bills", "owed"):
        table.add_column(name, justify="right")
    request = pb.ListConsolidatedBillsRequest(group_no=group)
    with called(address, key, provider) as (stub, remote):
        for page in pages(stub.ListConsolidatedBills, request, remote.call):
            for one in page.bills:
                amounts = shown(one.total, one.digits), shown(one.owed, one.digits)
                numbers = str(one.consolidated_no), str(one.group_no)
                table.add_row(*numbers, one.day, one.name, one.currency, *amounts)
    out.print(table)


def _tell(bill: "pb.ConsolidatedBill") -> None:
    header = bill.header
    say(
        f"Consolidated bill {header.consolidated_no} of group {header.group_no}, {header.name}, "
        f"{header.currency}: up to {header.day}"
    )
    table = Table("provider", "account", "bill", "due", box=None)
    for name in ("billed", "owed"):
        table.add_column(name, justify="right")
    for member in bill.members:
        table.add_row(
            member.provider,
            member.number,
            str(member.bill_id or ""),
            member.due_day,
            shown(member.total, header.digits) if member.bill_id else "",
            shown(member.owed, header.digits),
        )
    for one in bill.providers:
        amounts = shown(one.total, header.digits), shown(one.owed, header.digits)
        table.add_row(one.provider, one.name, "", "", *amounts, style="italic")
    amounts = shown(header.total, header.digits), shown(header.owed, header.digits)
    table.add_row("all", "", "", "", *amounts, style="bold")
    out.print(table)
