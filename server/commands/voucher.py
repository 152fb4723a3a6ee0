"""`billcore voucher …`: prepaid cards, on a running server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.voucher_remote import Vouchers

app = typer.Typer(no_args_is_help=True, help="Vouchers (prepaid cards), on a running server.")

Batch = Annotated[int, typer.Option(help="All vouchers of this batch.")]
First = Annotated[str, typer.Option(help="From this serial on.")]
Last = Annotated[str, typer.Option(help="Up to this serial; none: the first alone.")]
Why = Annotated[str, typer.Option(help="Why, for the audit log.")]
Channel = Annotated[str, typer.Argument(help="The code of the channel.")]
Reference = Annotated[str, typer.Argument(help="The channel's own name for it.")]
Serial = Annotated[str, typer.Argument(help="The voucher's serial.")]


@app.command()
def make(
    vouchers: Annotated[int, typer.Argument(help="How many, at most 100,000.")],
    face_value: Annotated[int, typer.Argument(help="What each is worth, in minor units.")],
    out: Annotated[Path, typer.Option(help="A new file: a line for each serial and secret.")],
    valid_until: Annotated[str, typer.Option(help="The last day; none: for ever.")] = "",
    grace_days: Annotated[int, typer.Option(help="Days after it that still count.")] = 0,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Makes a batch. Its secrets are told this once, into a file that nobody else may read."""
    given = vouchers, face_value, valid_until, grace_days
    remote(address, key, provider).make(*given, out, request_id)


@app.command()
def ship(
    batch: Batch = 0,
    first: First = "",
    last: Last = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Notes that vouchers left for their sellers."""
    remote(address, key, provider).ship(batch, first, last, request_id)


@app.command()
def sell(
    channel: Channel,
    reference: Reference,
    batch: Batch = 0,
    first: First = "",
    last: Last = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Sells (activates) vouchers through a channel."""
    remote(address, key, provider).sell(channel, reference, batch, first, last)


@app.command()
def redeem(
    channel: Channel,
    reference: Reference,
    serial: Serial,
    account: Annotated[str, typer.Argument(help="The number of the account that is paid.")],
    secret: Annotated[str, typer.Option(prompt=True, hide_input=True, help="The secret.")],
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Redeems a voucher to an account; asks for the secret."""
    remote(address, key, provider).redeem(channel, reference, serial, secret, account)


@app.command()
def block(
    reason: Why,
    batch: Batch = 0,
    first: First = "",
    last: Last = "",
    undo: Annotated[bool, typer.Option("--undo", help="Unblock them.")] = False,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Blocks vouchers, or unblocks them."""
    remote(address, key, provider).block(batch, first, last, reason, undo, request_id)


@app.command()
def expire(
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Ends the vouchers whose last day of grace has passed."""
    remote(address, key, provider).expire(request_id)


@app.command()
def show(
    serial: Serial, provider: HouseProvider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Shows a voucher."""
    remote(address, key, provider).show(serial)


@app.command("list")
def list_batches(provider: HouseProvider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the batches."""
    remote(address, key, provider).batches()


@app.command()
def report(
    batch: Annotated[int, typer.Argument(help="The number of the batch.")],
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Tells how many vouchers of a batch are in each state, and what is owed for them."""
    remote(address, key, provider).report(batch)


def remote(address: str, key: str, provider: str) -> "Vouchers":
    """The vouchers of a server."""
    from billcore.server.commands.voucher_remote import Vouchers  # gRPC is slow to import

    return Vouchers(address, key, provider)
