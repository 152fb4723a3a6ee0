"""`billcore client …`: the clients of a running server, through its AdminService."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from billcore.core.caller import Role
from billcore.server.commands.console import err, out
from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key

if TYPE_CHECKING:
    from billcore.server.commands.remote import Admin
    from billcore.v1 import admin_service_pb2 as pb

app = typer.Typer(no_args_is_help=True, help="Clients and their API keys, on a running server.")

Number = Annotated[int, typer.Argument(min=1, help="The client's number, as `list` tells it.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="A name that no other client has.")],
    role: Annotated[list[Role], typer.Option(help="What it may do; may be repeated.")],
    channel: Annotated[
        str, typer.Option(help="Code of the one channel that it posts payments for; none: any.")
    ] = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Makes a client and prints its key, once."""
    made = _admin(address, key, provider).create(name, role, channel)
    _tell_key(made.client, made.key)


@app.command("list")
def list_clients(provider: HouseProvider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the clients of a provider; of all providers for the house."""
    _tell(_admin(address, key, provider).clients())


@app.command()
def disable(
    client_id: Number,
    reason: Reason = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Ends what a client's key is good for."""
    _tell([_admin(address, key, provider).disable(client_id, reason)])


@app.command()
def rotate(
    client_id: Number,
    reason: Reason = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Gives a client another key and prints it, once."""
    made = _admin(address, key, provider).rotate(client_id, reason)
    _tell_key(made.client, made.key)


def _admin(address: str, key: str, provider: str) -> "Admin":
    from billcore.server.commands.remote import Admin  # gRPC is slow to import

    return Admin(address, key, provider)


def _tell_key(client: "pb.Client", key: str) -> None:
    told = f"The key of client {client.client_id} ({client.name}), which is not told again:"
    err.print(told, markup=False, soft_wrap=True)
    typer.echo(key)


def _tell(clients: Iterable["pb.Client"]) -> None:
    from billcore.server.messages.admin import role_name

    table = Table("client", "name", "provider", "roles", "channel", "enabled", "made", box=None)
    for client in clients:
        table.add_row(
            str(client.client_id),
            client.name,
            client.provider or "the house",
            " ".join(role_name(number) for number in client.roles),
            client.channel or "any",
            "yes" if client.enabled else "no",
            client.created_at,
        )
    out.print(table)
