"""`billcore autopay …`: automatic payment of accounts, on a running server."""

from typing import TYPE_CHECKING, Annotated

import typer

from billcore.core.payments.autopay.agreed import REMIND_DAYS_MAX
from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.autopay_remote import Autopays

app = typer.Typer(
    no_args_is_help=True, help="Accounts that are paid automatically, on a running server."
)

Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The number of the account.")]
Why = Annotated[str, typer.Option(help="Why, for the audit log.")]


@app.command("set")
def set_autopay(
    account: Account,
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="The code of the channel.")],
    remind_days: Annotated[
        int,
        typer.Option(min=0, max=REMIND_DAYS_MAX, help="So many days before a bill is due."),
    ],
    amount_max: Annotated[
        int, typer.Option(min=0, help="The most of one debit, in minor units; 0: no limit.")
    ] = 0,
    revision: Annotated[
        int, typer.Option(min=0, help="The revision that is replaced: see `show`; 0: none.")
    ] = 0,
    reason: Why = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Agrees that an account is paid automatically through a channel."""
    terms = channel, remind_days, amount_max
    remote(address, key, provider).set(account, terms, revision, reason, request_id)


@app.command()
def show(
    account: Account, provider: HouseProvider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Shows what was agreed for an account, and its reminders."""
    remote(address, key, provider).show(account)


@app.command()
def end(
    account: Account,
    revision: Annotated[int, typer.Option(min=1, help="The revision that is ended: see `show`.")],
    reason: Why = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Ends it: its payer is reminded no more."""
    remote(address, key, provider).end(account, revision, reason, request_id)


def remote(address: str, key: str, provider: str) -> "Autopays":
    """Automatic payment on a server."""
    from billcore.server.commands.autopay_remote import Autopays  # gRPC is slow to import

    return Autopays(address, key, provider)
