"""`billcore collect plan …`: plans of instalments."""

from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.plan_remote import Plans

app = typer.Typer(no_args_is_help=True, help="Plans of instalments.")

Number = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The number of the account.")]
PlanNo = Annotated[int, typer.Argument(metavar="PLAN", help="The number of the plan.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]


@app.command()
def propose(
    account: Number,
    instalments: Annotated[int, typer.Argument(help="How many.")],
    reason: Reason,
    first: Annotated[str, typer.Option(help="When the first is due; none: today.")] = "",
    every_days: Annotated[int, typer.Option(help="Days to the next; 0: a month.")] = 0,
    item: Annotated[list[int] | None, typer.Option(help="Covered; none: all that is due.")] = None,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Proposes a plan for open items of an account."""
    calls = remote(address, key, provider)
    calls.propose(account, instalments, first, every_days, item or [], reason, request_id)


@app.command()
def approve(
    account: Number,
    plan: PlanNo,
    reason: Reason,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Approves a plan: it covers its items from now on."""
    remote(address, key, provider).approve(account, plan, reason, request_id)


@app.command()
def end(
    account: Number,
    plan: PlanNo,
    reason: Reason,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Rejects a plan that was proposed, cancels one that is active."""
    remote(address, key, provider).end(account, plan, reason, request_id)


@app.command()
def show(account: Number, provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """The plans of an account."""
    remote(address, key, provider).show(account)


@app.command()
def sweep(provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Completes plans that are paid, gives up late ones; servers do it by themselves."""
    remote(address, key, provider).sweep()


def remote(address: str, key: str, provider: str) -> "Plans":
    """The plans of a server."""
    from billcore.server.commands.plan_remote import Plans  # gRPC is slow to import

    return Plans(address, key, provider)
