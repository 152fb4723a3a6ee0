"""`billcore ask …`: what people ask about an account, from a running server."""

from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.bill_shown import Account
from billcore.server.commands.options import LOCAL, Address, Key, Provider

if TYPE_CHECKING:
    from billcore.server.commands.ask_remote import Asked

app = typer.Typer(no_args_is_help=True, help="What people ask about an account.")


@app.command()
def dashboard(
    account: Account, provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Prints what the first screen of a portal shows."""
    remote(address, key, provider).dashboard(account)


@app.command()
def consumption(
    account: Account,
    first: Annotated[
        str, typer.Option("--from", help="First month, as 1397-01; none: a year.")
    ] = "",
    until: Annotated[str, typer.Option(help="Last month; none: the last billed one.")] = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Prints what was used and charged month by month, beside the norm."""
    remote(address, key, provider).consumption(account, first, until)


@app.command()
def bills(
    account: Account,
    language: Annotated[str, typer.Option(help="Of the labels; none: the account's.")] = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists every bill of an account with its lines, the newest first."""
    remote(address, key, provider).bills(account, language)


@app.command()
def payments(
    account: Account, provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Lists every payment of an account, the newest first."""
    remote(address, key, provider).payments(account)


@app.command("look-up")
def look_up(
    account: Account, provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Prints what anybody may learn who has an account's number."""
    remote(address, key, provider).look_up(account)


def remote(address: str, key: str, provider: str) -> "Asked":
    """Enquiries on a server."""
    from billcore.server.commands.ask_remote import Asked  # gRPC is slow to import

    return Asked(address, key, provider)
