"""`billcore collect deposit …`: security deposits."""

from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.deposit_remote import Deposits

app = typer.Typer(no_args_is_help=True, help="Security deposits.")

Number = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The number of the account.")]
DepositNo = Annotated[int, typer.Argument(metavar="DEPOSIT", help="The number of the deposit.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]
Amount = Annotated[int, typer.Option(help="Minor units; 0: as much as there is.")]


@app.command()
def ask(
    account: Number,
    amount: Annotated[int, typer.Argument(help="Minor units.")],
    reason: Reason,
    due: Annotated[str, typer.Option(help="When it is due; none: today.")] = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Asks an account for a deposit."""
    remote(address, key, provider).ask(account, amount, due, reason, request_id)


@app.command()
def set_off(
    account: Number,
    deposit: DepositNo,
    reason: Reason,
    amount: Amount = 0,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Pays debts that are due from a deposit."""
    remote(address, key, provider).move("SET_OFF", account, deposit, amount, reason, request_id)


@app.command()
def refund(
    account: Number,
    deposit: DepositNo,
    reason: Reason,
    amount: Amount = 0,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Owes the customer what is held."""
    remote(address, key, provider).move("REFUNDED", account, deposit, amount, reason, request_id)


@app.command()
def cancel(
    account: Number,
    deposit: DepositNo,
    reason: Reason,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Asks no more for a deposit that was not paid."""
    remote(address, key, provider).move("CANCELLED", account, deposit, 0, reason, request_id)


@app.command()
def interest(
    account: Number,
    deposit: DepositNo,
    until: Annotated[str, typer.Option("--until", help="The last day; none: today.")] = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Credits what a deposit bears."""
    remote(address, key, provider).interest(account, deposit, until, request_id)


@app.command()
def show(account: Number, provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """The deposits of an account."""
    remote(address, key, provider).show(account)


def remote(address: str, key: str, provider: str) -> "Deposits":
    """The deposits of a server."""
    from billcore.server.commands.deposit_remote import Deposits  # gRPC is slow to import

    return Deposits(address, key, provider)
