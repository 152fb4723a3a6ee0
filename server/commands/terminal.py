"""`billcore terminal …`: the tills, kiosks and devices of a channel, on a running server."""

from typing import Annotated

import typer

from billcore.server.commands.channel import Enabled, Revision, Why, remote
from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key, RequestId

app = typer.Typer(no_args_is_help=True, help="Terminals of a channel, on a running server.")

Channel = Annotated[str, typer.Argument(help="The code of the channel.")]
Code = Annotated[
    str, typer.Argument(metavar="TERMINAL", help="Its code: 1 to 40 letters, digits and ._:/-.")
]


@app.command()
def create(
    channel: Channel,
    terminal: Code,
    place: Annotated[str, typer.Option(help="Where it stands.")] = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Adds a terminal of a channel."""
    remote(address, key, provider).create_terminal(channel, terminal, place, request_id)


@app.command("list")
def list_terminals(
    channel: Channel, provider: HouseProvider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Lists the terminals of a channel."""
    remote(address, key, provider).terminals(channel)


@app.command()
def update(
    channel: Channel,
    terminal: Code,
    revision: Revision,
    place: Annotated[str | None, typer.Option(help="Another place; none: as it is.")] = None,
    enabled: Enabled = None,
    reason: Why = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Changes what is given."""
    changes: dict[str, object] = {}
    if place is not None:
        changes["place"] = place
    if enabled is not None:
        changes["enabled"] = enabled
    remote(address, key, provider).update_terminal(
        channel, terminal, revision, changes, reason, request_id
    )
