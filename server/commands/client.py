"""`billcore client …`: the clients of a running server, through its AdminService."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from billcore.core.caller import Role
from billcore.core.durations import DAY
from billcore.server import authorisation_page
from billcore.server.clock import now
from billcore.server.commands.console import err, out
from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key
from billcore.server.times import rfc3339

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
    terminal: Annotated[
        str, typer.Option(help="Code of the one terminal of that channel; none: any.")
    ] = "",
    expires: Annotated[
        str, typer.Option(help="When its key ends, as 2027-01-01T00:00+03:30; none: never.")
    ] = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Makes a client and prints its key, once."""
    made = _admin(address, key, provider).create(
        name, role, channel=channel, terminal=terminal, expires_at=expires
    )
    _tell_key(made.client, made.key)


@app.command("list")
def list_clients(
    ending_in: Annotated[
        int | None,
        typer.Option(min=0, help="Only those whose keys end within so many days, or have ended."),
    ] = None,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists the clients of a provider; of all providers for the house."""
    before = "" if ending_in is None else rfc3339(now() + ending_in * DAY)
    _tell(_admin(address, key, provider).clients(before))


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
    expires: Annotated[
        str, typer.Option(help="When the new key ends, or `never`; none: when this one would.")
    ] = "",
    old_until: Annotated[
        str, typer.Option(help="So long the key before is good as well; none: no longer.")
    ] = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Gives a client another key and prints it, once."""
    made = _admin(address, key, provider).rotate(client_id, reason, expires, old_until)
    _tell_key(made.client, made.key)


@app.command()
def matrix() -> None:
    """Prints who may call what, method by role, as docs/authorisation.md."""
    typer.echo(authorisation_page.matrix(), nl=False)


def _admin(address: str, key: str, provider: str) -> "Admin":
    from billcore.server.commands.remote import Admin  # gRPC is slow to import

    return Admin(address, key, provider)


def _tell_key(client: "pb.Client", key: str) -> None:
    told = f"The key of client {client.client_id} ({client.name}), which is not told again:"
    err.print(told, markup=False, soft_wrap=True)
    typer.echo(key)


def _tell(clients: Iterable["pb.Client"]) -> None:
    from billcore.server.messages.admin import role_name

    heads = "client", "name", "provider", "roles", "channel", "terminal", "enabled", "ends", "made"
    table = Table(*heads, box=None)
    for client in clients:
        table.add_row(
            str(client.client_id),
            client.name,
            client.provider or "the house",
            " ".join(role_name(number) for number in client.roles),
            client.channel or "any",
            client.terminal or "any",
            "yes" if client.enabled else "no",
            client.expires_at or "never",
            client.created_at,
        )
    out.print(table)
