"""`billcore late-fees …`: late fees, reference rates and holds, on a running server."""

from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.late_fees_remote import LateFees

app = typer.Typer(no_args_is_help=True, help="Late fees, on a running server.")
rates = typer.Typer(no_args_is_help=True, help="Reference rates, with their sources.")
app.add_typer(rates, name="rates")

Number = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The number of the account.")]
Source = Annotated[str, typer.Argument(help="What holds it, as a case: the hold's name.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]
Until = Annotated[str, typer.Option("--until", help="The day at whose end; none: today.")]


@app.command()
def assess(
    until: Until = "",
    account: Annotated[str, typer.Option(help="The number of one account; none: all.")] = "",
    chunk_accounts: Annotated[
        int, typer.Option(help="Accounts in one transaction; 0: 16,384.")
    ] = 0,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Assesses late fees up to a day, and waits; again, it does what is left."""
    remote(address, key, provider).assess(until, account, chunk_accounts, request_id)


@app.command("list")
def list_assessments(provider: HouseProvider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the assessments, newest first."""
    remote(address, key, provider).assessments()


@app.command()
def show(
    account: Number,
    item: Annotated[int, typer.Option(help="Of this bill or entry alone; 0: of all.")] = 0,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """What an account was charged, and why."""
    remote(address, key, provider).show(account, item)


@app.command()
def preview(
    account: Number,
    until: Until = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """What an assessment would charge an account; nothing is kept."""
    remote(address, key, provider).preview(account, until)


@app.command()
def hold(
    account: Number,
    item: Annotated[int, typer.Argument(help="The bill or account entry in dispute.")],
    source: Source,
    reason: Reason,
    amount: Annotated[int, typer.Option(help="How much of it, in minor units; 0: all.")] = 0,
    from_day: Annotated[str, typer.Option("--from", help="The first day; none: today.")] = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Stops the clock for an amount in dispute."""
    calls = remote(address, key, provider)
    calls.hold(account, item, amount, from_day, source, reason, request_id)


@app.command()
def release(
    account: Number,
    source: Source,
    reason: Reason,
    until: Annotated[str, typer.Option("--until", help="The last day; none: today.")] = "",
    annul: Annotated[bool, typer.Option(help="As if it had never been.")] = False,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Ends a hold: the clock goes on."""
    calls = remote(address, key, provider)
    calls.release(account, source, until, annul, reason, request_id)


@app.command()
def holds(
    account: Number, provider: HouseProvider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Lists the holds of an account."""
    remote(address, key, provider).holds(account)


@rates.command("set")
def set_rate(
    series: Annotated[str, typer.Argument(help="The name of the series, as key_rate.")],
    from_day: Annotated[str, typer.Argument(help="The day from which it counts.")],
    per_million: Annotated[int, typer.Argument(help="The rate: 15.5 % is 155000.")],
    source: Annotated[str, typer.Option(help="Who told it.")],
    source_day: Annotated[str, typer.Option(help="When the source told it.")],
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")] = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Tells a reference rate, or corrects one."""
    calls = remote(address, key, provider)
    calls.set_rate(series, from_day, per_million, source, source_day, reason, request_id)


@rates.command("list")
def list_rates(provider: HouseProvider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the reference rates with every version."""
    remote(address, key, provider).rates()


def remote(address: str, key: str, provider: str) -> "LateFees":
    """The late fees of a server."""
    from billcore.server.commands.late_fees_remote import LateFees  # gRPC is slow to import

    return LateFees(address, key, provider)
