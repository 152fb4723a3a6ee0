"""Bills as the command line prints them, and how an account is named there."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from billcore.server.commands.amounts import shown
from billcore.server.commands.console import out

if TYPE_CHECKING:
    from billcore.v1 import billing_service_pb2 as pb

Account = Annotated[str, typer.Argument(help="The number of the account.")]


def tell(account: str, made: "pb.IssuedBill", language: str) -> None:
    """Prints a bill with its lines and sums."""
    from billcore.v1 import billing_service_pb2 as pb

    header = made.header
    period = f"({header.previous_day}, {header.this_day}]"
    if header.kind == pb.BILL_KIND_ONE_OFF:  # it bills no days
        period = f"one-off, {made.reference}" if made.reference else "one-off"
    out.print(
        f"Bill {header.bill_id} of account {account}, {header.currency}: {period}, "
        f"issued {header.issued_day}",
        markup=False,
    )
    table = Table("agreement", "tariff", "days", "line", box=None)
    table.add_column("amount", justify="right")
    for span in made.spans:
        head = (
            str(span.agreement_no or ""),
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
