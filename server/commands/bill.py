"""`billcore bill`: bills an account through a running server, or only tries to; corrects bills."""

import uuid
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from typer.core import TyperGroup

from billcore.core.errors import RequestInvalid
from billcore.server.commands import correct
from billcore.server.commands.amounts import shown
from billcore.server.commands.client import LOCAL, Address, Key
from billcore.server.commands.console import out

if TYPE_CHECKING:
    from billcore.v1 import billing_service_pb2 as pb

MAKE = "account"
"""The command that `billcore bill 1421 …` means."""


class _Bills(TyperGroup):
    """A group whose first word, where it names no command, is an account to bill."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help"):
            args = [MAKE, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Bills, no_args_is_help=True, help="Bills an account (`bill 1421 …`); corrects bills."
)

Account = Annotated[str, typer.Argument(help="The number of the account.")]
Provider = Annotated[str, typer.Option(help="Code of the provider; none: the key's.")]


@app.command(MAKE)
def bill(
    account: Account,
    until: Annotated[str, typer.Option(help="Day of the closing reading, as 2018-10-22.")],
    first: Annotated[
        str, typer.Option("--from", help="First day on which the closing reading may lie.")
    ] = "",
    issued: Annotated[str, typer.Option(help="Day of issue; none: today.")] = "",
    days: Annotated[
        list[str] | None,
        typer.Option(metavar="AGREEMENT=DAYS", help="Billed days that are stated."),
    ] = None,
    simulate: Annotated[bool, typer.Option("--simulate", help="Only try: write nothing.")] = False,
    request_id: Annotated[str, typer.Option(help="To send the same again; none: a new one.")] = "",
    language: Annotated[str, typer.Option(help="Of the labels, as the tariff tags them.")] = "en",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Bills an account up to a reading and prints the bill."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1 import billing_service_pb2 as pb
    from billcore.v1.billing_service_pb2_grpc import BillingServiceStub

    order = pb.BillOrder(
        number=account,
        first_day=first,
        last_day=until,
        issued_day=issued,
        stated_days=[_stated(text) for text in days or ()],
    )
    remote = Remote(address, key, provider)
    with remote.channel() as channel:
        stub = BillingServiceStub(channel)
        if simulate:
            tried = pb.SimulateBillRequest(order=order)
            made = stub.SimulateBill(tried, **remote.call).bill
        else:
            name = request_id or f"cli-{uuid.uuid4().hex}"
            wanted = pb.BillAccountRequest(request_id=name, order=order)
            made = stub.BillAccount(wanted, **remote.call).bill
    _tell(account, made, language)


def _stated(text: str) -> "pb.StatedDays":
    from billcore.v1 import billing_service_pb2 as pb

    agreement, _, days = text.partition("=")
    if not (agreement.isdecimal() and days.isdecimal()):
        raise RequestInvalid("days", f"{text[:40]!r}: write AGREEMENT=DAYS, as 1=138.")
    return pb.StatedDays(agreement_no=int(agreement), days=int(days))


def _tell(account: str, made: "pb.IssuedBill", language: str) -> None:
    header = made.header
    out.print(
        f"Bill {header.bill_id} of account {account}, {header.currency}: "
        f"({header.previous_day}, {header.this_day}], issued {header.issued_day}",
        markup=False,
    )
    table = Table("agreement", "tariff", "days", "line", box=None)
    table.add_column("amount", justify="right")
    for span in made.spans:
        head = (
            str(span.agreement_no),
            f"{span.plan.tariff_id} {span.plan.version}",
            str(span.days),
        )
        for line in span.lines:
            if line.counts and line.amount:
                label = line.labels.get(language) or line.name
                table.add_row(*head, label, shown(line.amount, line.digits))
                head = ("", "", "")
    sums = {
        "total": header.total,
        "owed before": header.opening,
        f"to be paid by {header.due_day}": header.closing,
    }
    for words, amount in sums.items():
        table.add_row("", "", "", words, shown(amount, header.digits), style="bold")
    out.print(table)


for command in (correct.cancel, correct.rebill, correct.rerate, correct.undo, correct.family):
    app.command()(command)
