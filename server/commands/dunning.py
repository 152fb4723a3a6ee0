"""`billcore collect dunning …`: policies, sweeps, pauses, and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.dunning_remote import DunningRemote

app = typer.Typer(no_args_is_help=True, help="What is done about overdue accounts, by levels.")

Number = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The number of the account.")]
Source = Annotated[str, typer.Argument(help="What pauses it, as a promise: the pause's name.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]


@app.command("policies")
def list_policies(provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the policies, in the order in which they are tried."""
    remote(address, key, provider).policies()


@app.command("set")
def set_policy(
    name: Annotated[str, typer.Argument(help="The name of the policy.")],
    file: Annotated[Path, typer.Argument(help="Its JSON.")],
    revision: Annotated[int, typer.Option(min=0, help="That is changed; 0: there is none.")] = 0,
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")] = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Sets a policy."""
    text = file.read_text(encoding="utf-8")
    remote(address, key, provider).set_policy(name, text, revision, reason, request_id)


@app.command()
def sweep(provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Does what is to be done today; servers do it by themselves."""
    remote(address, key, provider).sweep()


@app.command()
def explain(
    account: Number,
    day: Annotated[str, typer.Option("--day", help="The day of a sweep; none: today.")] = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Why something is to be done about an account, or why not."""
    remote(address, key, provider).explain(account, day)


@app.command()
def show(account: Number, provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """What was done about an account, newest first."""
    remote(address, key, provider).show(account)


@app.command()
def pause(
    account: Number,
    code: Annotated[str, typer.Argument(metavar="CODE", help="A reason of the policy.")],
    source: Source,
    reason: Reason,
    from_day: Annotated[str, typer.Option("--from", help="The first day; none: today.")] = "",
    until: Annotated[str, typer.Option("--until", help="The last day; none: the most.")] = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Does nothing about an account for some days."""
    calls = remote(address, key, provider)
    calls.pause(account, code, source, from_day, until, reason, request_id)


@app.command()
def resume(
    account: Number,
    source: Source,
    reason: Reason,
    until: Annotated[str, typer.Option("--until", help="The last day; none: yesterday.")] = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Ends a pause earlier."""
    remote(address, key, provider).resume(account, source, until, reason, request_id)


@app.command()
def pauses(
    account: Number, provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Lists the pauses of an account."""
    remote(address, key, provider).pauses(account)


@app.command()
def waive(
    account: Number,
    entry: Annotated[int, typer.Argument(help="The account entry of the charge.")],
    reason: Reason,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Takes a charge back, with its tax."""
    remote(address, key, provider).waive(account, entry, reason, request_id)


def remote(address: str, key: str, provider: str) -> "DunningRemote":
    """The dunning of a server."""
    from billcore.server.commands.dunning_remote import DunningRemote  # gRPC is slow to import

    return DunningRemote(address, key, provider)
