"""`billcore statement`: what an account owes and why, from a running server."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from billcore.server.commands.amounts import shown
from billcore.server.commands.bill_shown import Account
from billcore.server.commands.console import out
from billcore.server.commands.options import LOCAL, Address, Key, Provider

if TYPE_CHECKING:
    from billcore.v1 import enquiry_service_pb2 as pb


def statement(
    account: Account,
    first: Annotated[str, typer.Option("--from", help="First day; none: the beginning.")] = "",
    until: Annotated[str, typer.Option(help="Last day; none: today.")] = "",
    known_at: Annotated[
        int, typer.Option(min=0, help="As known then, microseconds since 1970; 0: now.")
    ] = 0,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Prints the statement of an account: every document with the balance after it."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1 import enquiry_service_pb2 as pb
    from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceStub

    request = pb.GetStatementRequest(
        number=account, first_day=first, last_day=until, known_at=known_at
    )
    remote = Remote(address, key, provider)
    with remote.channel() as channel:
        told = EnquiryServiceStub(channel).GetStatement(request, **remote.call)
    _tell(told)


def _tell(told: "pb.GetStatementResponse") -> None:
    out.print(f"Account {told.number}, {told.currency}, up to {told.last_day}", markup=False)
    table = Table("day", "document", "reference", box=None)
    for name in ("amount", "balance", "open"):
        table.add_column(name, justify="right")
    still = {(item.kind, item.id): item.open for item in told.open_items}
    if told.first_day:
        table.add_row(told.first_day, "before", "", "", shown(told.opening, told.digits), "")
    for document in told.documents:
        left = still.get((document.kind, document.id), 0)
        table.add_row(
            document.day,
            document.what,
            document.reference,
            shown(document.amount, told.digits),
            shown(document.balance, told.digits),
            shown(left, told.digits) if left else "",
        )
    balance = shown(told.closing, told.digits)
    table.add_row(told.last_day, "owed", "", "", balance, "", style="bold")
    out.print(table)
