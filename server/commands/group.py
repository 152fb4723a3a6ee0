"""`billcore group …`: accounts of one address or household, on a running server."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from billcore.core.errors import RequestInvalid
from billcore.server.commands.amounts import shown
from billcore.server.commands.console import out, say
from billcore.server.commands.options import (
    LOCAL,
    Address,
    HouseProvider,
    Key,
    RequestId,
    request_named,
)

if TYPE_CHECKING:
    from billcore.server.commands.remote import Remote
    from billcore.v1 import consolidation_service_pb2 as pb
    from billcore.v1.consolidation_service_pb2_grpc import ConsolidationServiceStub

app = typer.Typer(no_args_is_help=True, help="Accounts whose bills are shown together.")

Number = Annotated[int, typer.Argument(min=1, metavar="GROUP", help="The group's number.")]
Name = Annotated[str, typer.Option(help="To whom the bills are addressed.")]
Where = Annotated[str, typer.Option("--to", help="The address that the bills go to.")]
Members = Annotated[
    list[str] | None,
    typer.Option("--join", metavar="[PROVIDER:]ACCOUNT", help="Who joins; may be repeated."),
]
First = Annotated[str, typer.Option("--from", help="The first day of those who join.")]
Until = Annotated[str, typer.Option(help="The last day of those who join; none: open.")]


@app.command()
def create(
    name: Name,
    to: Where = "",
    join: Members = None,
    first: First = "",
    until: Until = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Adds a group, with the accounts that are in it."""
    from billcore.v1 import consolidation_service_pb2 as pb

    request = pb.CreateGroupRequest(
        request_id=request_named(request_id),
        group=pb.Group(name=name, address=to),
        joining=[_joining(text, first, until) for text in join or ()],
    )
    with called(address, key, provider) as (stub, remote):
        _tell(stub.CreateGroup(request, **remote.call).group)


@app.command()
def change(
    group_no: Number,
    name: Annotated[str | None, typer.Option(help="The new name.")] = None,
    to: Annotated[str | None, typer.Option(help="The new address of the bills.")] = None,
    join: Members = None,
    first: First = "",
    until: Until = "",
    leave: Annotated[
        list[int] | None,
        typer.Option(min=1, metavar="ID", help="Id of an account that leaves; may be repeated."),
    ] = None,
    last: Annotated[str, typer.Option(help="The last day of those who leave.")] = "",
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")] = "",
    revision: Annotated[
        int, typer.Option(min=0, help="The one that is changed, as shown; 0: the newest.")
    ] = 0,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Changes a group: its texts, who leaves it and who joins it."""
    from google.protobuf.field_mask_pb2 import FieldMask

    from billcore.v1 import consolidation_service_pb2 as pb

    if request_id and not revision:
        raise RequestInvalid("revision", "the same request has the same one: say which.")
    paths = [field for field, text in (("name", name), ("address", to)) if text is not None]
    with called(address, key, provider) as (stub, remote):
        if not revision:
            asked = pb.GetGroupRequest(group_no=group_no)
            revision = stub.GetGroup(asked, **remote.call).group.revision
        request = pb.UpdateGroupRequest(
            request_id=request_named(request_id),
            group=pb.Group(group_no=group_no, revision=revision, name=name, address=to),
            update_mask=FieldMask(paths=paths),
            leaving=[pb.LeavingMember(account_id=one, last_day=last) for one in leave or ()],
            joining=[_joining(text, first, until) for text in join or ()],
            reason=reason,
        )
        _tell(stub.UpdateGroup(request, **remote.call).group)


@app.command()
def show(
    group_no: Number, provider: HouseProvider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Shows a group with everybody who was, is or will be in it."""
    from billcore.v1 import consolidation_service_pb2 as pb

    with called(address, key, provider) as (stub, remote):
        _tell(stub.GetGroup(pb.GetGroupRequest(group_no=group_no), **remote.call).group)


@app.command()
def debts(
    group_no: Number, provider: HouseProvider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Shows what the accounts of a group owe today, by provider."""
    from billcore.v1 import consolidation_service_pb2 as pb

    with called(address, key, provider) as (stub, remote):
        request = pb.GetGroupDebtsRequest(group_no=group_no)
        found = stub.GetGroupDebts(request, **remote.call)
    say(f"Group {found.group_no}: {found.name}, {found.currency or 'nobody'}")
    table = Table("provider", "account", "services", "due", box=None)
    for name in ("owes", "overdue", "to pay"):
        table.add_column(name, justify="right")
    for owed in found.providers:
        for one in owed.accounts:
            amounts = (one.balance, one.overdue, one.payable)
            table.add_row(
                owed.provider,
                one.number,
                ", ".join(one.services),
                one.due_day,
                *(shown(amount, found.digits) for amount in amounts),
            )
    sums = shown(found.balance, found.digits), "", shown(found.payable, found.digits)
    table.add_row("", "", "", "in all", *sums, style="bold")
    out.print(table)


@app.command("list")
def list_groups(provider: HouseProvider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the groups."""
    from billcore.server.commands.remote import pages
    from billcore.v1 import consolidation_service_pb2 as pb

    table, request = Table("group", "name", "address", box=None), pb.ListGroupsRequest()
    with called(address, key, provider) as (stub, remote):
        for page in pages(stub.ListGroups, request, remote.call):
            for group in page.groups:
                table.add_row(str(group.group_no), group.name, group.address)
    out.print(table)


@contextmanager
def called(
    address: str, key: str, provider: str
) -> Iterator[tuple["ConsolidationServiceStub", "Remote"]]:
    """The service on a server, called with a key."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1.consolidation_service_pb2_grpc import ConsolidationServiceStub

    remote = Remote(address, key, provider)
    with remote.service(ConsolidationServiceStub) as stub:
        yield stub, remote


def _joining(text: str, first: str, until: str) -> "pb.JoiningMember":
    from billcore.v1 import consolidation_service_pb2 as pb

    if not first:
        raise RequestInvalid("from", "say from which day they are in the group.")
    provider, colon, number = text.partition(":")
    if not colon:
        provider, number = "", text
    return pb.JoiningMember(provider=provider, number=number, first_day=first, last_day=until)


def _tell(group: "pb.Group") -> None:
    to = f", {group.address}" if group.address else ""
    say(f"Group {group.group_no}: {group.name}{to}, revision {group.revision}")
    table = Table("provider", "account", "id", "from", "until", box=None)
    for member in group.members:
        table.add_row(
            member.provider,
            member.number,
            str(member.account_id),
            member.first_day,
            member.last_day or "open",
        )
    out.print(table)
