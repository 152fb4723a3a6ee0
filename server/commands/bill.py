"""`billcore bill`: bills an account through a running server, or only tries to.

Also what charges an account something of its own (`one_off`) and corrects bills (`correct`).
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from billcore.core.errors import RequestInvalid
from billcore.server.commands import correct, one_off
from billcore.server.commands.bill_shown import Account, tell
from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId, request_named

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
    cls=_Bills,
    no_args_is_help=True,
    help="Bills an account (`bill 1421 …`), or charges it something; corrects bills.",
)


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
    request_id: RequestId = "",
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
            wanted = pb.BillAccountRequest(request_id=request_named(request_id), order=order)
            made = stub.BillAccount(wanted, **remote.call).bill
    tell(account, made, language)


def _stated(text: str) -> "pb.StatedDays":
    from billcore.v1 import billing_service_pb2 as pb

    agreement, _, days = text.partition("=")
    if not (agreement.isdecimal() and days.isdecimal()):
        raise RequestInvalid("days", f"{text[:40]!r}: write AGREEMENT=DAYS, as 1=138.")
    return pb.StatedDays(agreement_no=int(agreement), days=int(days))


app.command("one-off")(one_off.one_off)
for command in (correct.cancel, correct.rebill, correct.rerate, correct.undo, correct.family):
    app.command()(command)
