"""`billcore doc …`: what customers are handed, from a running server, shown and printed."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.bill_shown import Account
from billcore.server.commands.console import FAILED
from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.doc_remote import Documents

app = typer.Typer(no_args_is_help=True, help="Documents for customers, from a running server.")


class Form(StrEnum):
    """The formats by the names of the command line."""

    TEXT58 = "text58"
    TEXT80 = "text80"
    ESCPOS58 = "escpos58"
    ESCPOS80 = "escpos80"
    PDF = "pdf"


BillId = Annotated[int, typer.Argument(min=1, help="The id of the bill.")]
Language = Annotated[str, typer.Option(help="en, fa, ru, vi or zh; none: the customer's.")]
Format = Annotated[Form, typer.Option("--format", help="As what.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file; none: standard output.")
]
Notice = Annotated[bool, typer.Option("--notice", help="A request to pay, which is no receipt.")]
Collector = Annotated[str, typer.Option(help="Who leaves the notice: NAME, or NAME/PHONE.")]


@app.command()
def show(
    bill: BillId,
    language: Language = "",
    notice: Notice = False,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Shows a bill as text."""
    documents(address, key, provider).bill(bill, notice, "", Form.TEXT80, language, None)


@app.command("print")
def print_(
    bill: BillId,
    form: Format = Form.PDF,
    output: Output = None,
    language: Language = "",
    notice: Notice = False,
    collector: Collector = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Prints a bill, or a notice of what is owed with it, to a file or device."""
    documents(address, key, provider).bill(bill, notice, collector, form, language, output)


@app.command()
def statement(
    account: Account,
    first: Annotated[str, typer.Option("--from", help="First day; none: the beginning.")] = "",
    until: Annotated[str, typer.Option(help="Last day; none: today.")] = "",
    form: Format = Form.TEXT80,
    output: Output = None,
    language: Language = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Prints the statement of an account."""
    documents(address, key, provider).statement(account, first, until, form, language, output)


@app.command()
def receipt(
    channel: Annotated[str, typer.Argument(help="The code of the channel.")],
    reference: Annotated[str, typer.Argument(help="The channel's reference of the payment.")],
    form: Format = Form.TEXT58,
    output: Output = None,
    language: Language = "",
    recipient: Annotated[str, typer.Option(help="To whom it is handed.")] = "",
    part: Annotated[int, typer.Option(min=0, help="Of several payments, which, from 1.")] = 0,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Issues the receipt of a payment and prints it; printed again it is a marked copy."""
    given = channel, reference, part, recipient, request_id
    documents(address, key, provider).receipt(given, form, language, output)


@app.command()
def verify(
    number: Annotated[str, typer.Argument(help="The number, or what the QR code says.")],
    code: Annotated[str, typer.Argument(help="The verification code.")] = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Tells whether a receipt is genuine; ends with status 1 if it is not."""
    if not documents(address, key, provider).verify(number, code):
        raise typer.Exit(FAILED)


@app.command()
def render(
    run: Annotated[int, typer.Option("--run", min=1, help="The run's number.")],
    output: Annotated[Path, typer.Option("--output", "-o", file_okay=False, help="The folder.")],
    form: Format = Form.PDF,
    language: Language = "",
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Documents asked for at a time.")] = 2,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Renders the bills of a run to a folder, but for those that are there."""
    documents(address, key, provider).run(run, form, language, output, jobs)


def documents(address: str, key: str, provider: str) -> "Documents":
    """The documents of a server."""
    from billcore.server.commands.doc_remote import Documents  # gRPC is slow to import

    return Documents(address, key, provider)
