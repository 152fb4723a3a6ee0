"""`billcore debit mandate …`: what payers allowed, on a running server."""

from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.mandate_remote import Mandates

app = typer.Typer(no_args_is_help=True, help="What payers allowed.")

Code = Annotated[str, typer.Argument(metavar="CHANNEL", help="The code of the channel.")]
Reference = Annotated[
    str, typer.Argument(metavar="MANDATE", help="Its reference, or its number behind a #.")
]
Version = Annotated[int, typer.Option(min=0, help="The version that is meant; 0: any.")]
Why = Annotated[str, typer.Option(help="Why, for the audit log.")]


@app.command()
def create(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The number of the account.")],
    channel: Code,
    name: Annotated[str, typer.Option(help="The name of the account's owner.")],
    signed: Annotated[str, typer.Option(help="The day on which it was signed.")],
    scheme: Annotated[str, typer.Option(help="core, b2b or domestic.")] = "core",
    iban: Annotated[str, typer.Option(help="Of the schemes of SEPA.")] = "",
    bic: Annotated[str, typer.Option(help="Its bank; none: not told.")] = "",
    bank_account: Annotated[str, typer.Option(help="Of the domestic scheme.")] = "",
    umr: Annotated[str, typer.Option(help="Its reference; none: one is made.")] = "",
    one_off: Annotated[bool, typer.Option("--one-off", help="For one collection.")] = False,
    amount_max: Annotated[
        int, typer.Option(min=0, help="The most of one debit, in minor units; 0: no limit.")
    ] = 0,
    reason: Why = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Makes a mandate, as a draft."""
    debtor = {"name": name, "iban": iban, "bic": bic, "bank_account": bank_account}
    given = {
        "channel": channel,
        "signed_day": signed,
        "umr": umr,
        "one_off": one_off,
        "amount_max": amount_max,
    }
    asked = remote(address, key, provider)
    asked.create(account, scheme, given, debtor, reason, request_id)


@app.command()
def change(
    mandate: Reference,
    version: Annotated[int, typer.Option(min=1, help="The version that is changed: see `show`.")],
    amount_max: Annotated[
        int | None, typer.Option(min=0, help="The most of one debit, in minor units.")
    ] = None,
    name: Annotated[str, typer.Option(help="The owner, with the account that is debited.")] = "",
    iban: Annotated[str, typer.Option(help="Of the schemes of SEPA.")] = "",
    bic: Annotated[str, typer.Option(help="Its bank; none: not told.")] = "",
    bank_account: Annotated[str, typer.Option(help="Of the domestic scheme.")] = "",
    reason: Why = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Changes the cap, and before it is used whose account is debited."""
    debtor = {"name": name, "iban": iban, "bic": bic, "bank_account": bank_account}
    asked = remote(address, key, provider)
    asked.change(mandate, version, amount_max, debtor, reason, request_id)


@app.command()
def submit(
    mandate: Reference,
    version: Version = 0,
    reason: Why = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Says that the payer's bank is asked to confirm it."""
    remote(address, key, provider).go("Submit", mandate, version, reason, request_id)


@app.command()
def activate(
    mandate: Reference,
    version: Version = 0,
    reason: Why = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lets it be used."""
    remote(address, key, provider).go("Activate", mandate, version, reason, request_id)


@app.command()
def suspend(
    mandate: Reference,
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")],
    version: Version = 0,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lets it rest."""
    remote(address, key, provider).go("Suspend", mandate, version, reason, request_id)


@app.command()
def cancel(
    mandate: Reference,
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")],
    version: Version = 0,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Ends it for ever."""
    remote(address, key, provider).go("Cancel", mandate, version, reason, request_id)


@app.command("show")
def show_mandate(
    mandate: Reference, provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Shows a mandate, what it was, and its debits."""
    remote(address, key, provider).show(mandate)


@app.command("list")
def list_mandates(
    state: Annotated[str, typer.Option(help="In this state, as active.")] = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists mandates."""
    remote(address, key, provider).list(state)


def remote(address: str, key: str, provider: str) -> "Mandates":
    """Mandates on a server."""
    from billcore.server.commands.mandate_remote import Mandates  # gRPC is slow to import

    return Mandates(address, key, provider)
