"""`billcore collect write-off …`: debts that are given up."""

from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.write_off_remote import WriteOffs

app = typer.Typer(no_args_is_help=True, help="Debts that are given up, and recovered.")

Number = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The number of the account.")]
WriteOffNo = Annotated[int, typer.Argument(metavar="NUMBER", help="Of the write-off.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]


@app.command()
def propose(
    account: Number,
    code: Annotated[str, typer.Argument(metavar="CODE", help="Why, as INSOLVENCY.")],
    reason: Reason,
    item: Annotated[list[int] | None, typer.Option(help="Given up; none: all that is due.")] = None,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Proposes to give up open items of an account."""
    remote(address, key, provider).propose(account, code, item or [], reason, request_id)


@app.command()
def approve(
    account: Number,
    number: WriteOffNo,
    reason: Reason,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Approves a write-off and posts it."""
    remote(address, key, provider).approve(account, number, reason, request_id)


@app.command()
def end(
    account: Number,
    number: WriteOffNo,
    reason: Reason,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Rejects a write-off that was proposed, undoes one that was posted."""
    remote(address, key, provider).end(account, number, reason, request_id)


@app.command()
def show(account: Number, provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """The write-offs of an account."""
    remote(address, key, provider).show(account)


@app.command()
def recover(provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Takes money that came for nothing else; servers do it by themselves."""
    remote(address, key, provider).recover()


def remote(address: str, key: str, provider: str) -> "WriteOffs":
    """The write-offs of a server."""
    from billcore.server.commands.write_off_remote import WriteOffs  # gRPC is slow to import

    return WriteOffs(address, key, provider)
