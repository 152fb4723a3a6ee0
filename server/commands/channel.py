"""`billcore channel …`: payment channels, on a running server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billcore.core.payments.channels import ChannelKind
from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key, RequestId
from billcore.server.commands.provider import policies_text

if TYPE_CHECKING:
    from billcore.server.commands.channel_remote import Channels

app = typer.Typer(no_args_is_help=True, help="What payments come through, on a running server.")

Code = Annotated[
    str, typer.Argument(metavar="CHANNEL", help="Its code: 1 to 40 small letters, digits, - and _.")
]
Policies = Annotated[
    Path | None, typer.Option(help="A file with its policies as JSON; none: see the guide.")
]
Revision = Annotated[int, typer.Option(min=1, help="The revision that is changed: see `list`.")]
Enabled = Annotated[
    bool | None, typer.Option("--enable/--disable", help="Whether anything new is paid there.")
]
Why = Annotated[str, typer.Option(help="Why, for the audit log.")]


@app.command()
def create(
    channel: Code,
    kind: Annotated[ChannelKind, typer.Option(help="What kind of place.")],
    name: Annotated[str, typer.Option(help="Its name.")],
    policies: Policies = None,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Adds a channel of a provider, or of the house, which serves every provider."""
    text = policies_text(policies)
    remote(address, key, provider).create(channel, kind, name, text, request_id)


@app.command("list")
def list_channels(provider: HouseProvider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists a provider's channels, then the house's."""
    remote(address, key, provider).list()


@app.command()
def update(
    channel: Code,
    revision: Revision,
    name: Annotated[str, typer.Option(help="Another name; none: as it is.")] = "",
    policies: Policies = None,
    enabled: Enabled = None,
    reason: Why = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Changes what is given; policies that a file leaves out take their defaults."""
    changes: dict[str, object] = {}
    if name:
        changes["name"] = name
    if policies is not None:
        changes["policies"] = policies_text(policies)
    if enabled is not None:
        changes["enabled"] = enabled
    remote(address, key, provider).update(channel, revision, changes, reason, request_id)


def remote(address: str, key: str, provider: str) -> "Channels":
    """The channels of a server."""
    from billcore.server.commands.channel_remote import Channels  # gRPC is slow to import

    return Channels(address, key, provider)
