"""`billcore case …`: correction cases, on a running server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.case_remote import Cases

app = typer.Typer(no_args_is_help=True, help="Correction cases, on a running server.")

Case = Annotated[int, typer.Argument(metavar="CASE", help="The number of the case.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]
File = Annotated[Path | None, typer.Option("--file", exists=True, help="What is handed in.")]
What = Annotated[str, typer.Option("--evidence", help="What it is, as stub or turnover.")]
BillId = Annotated[str, typer.Option("--bill-id", help="The bill id on it.")]
PaymentId = Annotated[str, typer.Option("--payment-id", help="The payment id on it.")]
Trace = Annotated[str, typer.Option(help="The bank's reference of the payment.")]
Amount = Annotated[int, typer.Option(help="The amount on it, in minor units.")]
PaidAt = Annotated[str, typer.Option(help="When it was paid, as 2024-02-29T12:00:00+03:30.")]
PaidChannel = Annotated[str, typer.Option(help="The channel through which it was paid.")]
Last4 = Annotated[str, typer.Option(help="The last four digits of the card.")]


@app.command()
def register(
    kind: Annotated[str, typer.Argument(help="What the customer says, as late_payment.")],
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's number.")],
    channel: Annotated[str, typer.Option(help="How it came.")] = "counter",
    file: File = None,
    evidence: What = "",
    bill_id: BillId = "",
    payment_id: PaymentId = "",
    trace: Trace = "",
    amount: Amount = 0,
    paid_at: PaidAt = "",
    paid_channel: PaidChannel = "",
    last4: Last4 = "",
    reason: Reason = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Registers a case, with a piece of evidence; it is investigated at once if nothing lacks."""
    calls = remote(address, key, provider)
    said = calls.evidence(
        evidence, file, bill_id, payment_id, trace, amount, paid_at, paid_channel, last4, channel
    )
    calls.register(kind, account, channel, said, reason, request_id)


@app.command()
def evidence(
    case: Case,
    kind: What = "other",
    file: File = None,
    bill_id: BillId = "",
    payment_id: PaymentId = "",
    trace: Trace = "",
    amount: Amount = 0,
    paid_at: PaidAt = "",
    paid_channel: PaidChannel = "",
    last4: Last4 = "",
    channel: Annotated[str, typer.Option(help="How it came.")] = "counter",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Adds a piece of evidence."""
    calls = remote(address, key, provider)
    said = calls.evidence(
        kind, file, bill_id, payment_id, trace, amount, paid_at, paid_channel, last4, channel
    )
    calls.add(case, said, request_id)


@app.command()
def save(
    case: Case,
    number: Annotated[int, typer.Argument(help="The number of the piece.")],
    file: Annotated[Path, typer.Argument(help="Where it is written to; it must not be there.")],
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Writes what was handed in to a file."""
    remote(address, key, provider).save(case, number, file)


@app.command()
def show(case: Case, provider: HouseProvider = "", address: Address = LOCAL, key: Key = "") -> None:
    """A case: what was handed in, found, proposed, posted and told."""
    remote(address, key, provider).show(case)


@app.command("list")
def list_cases(
    state: Annotated[str, typer.Option(help="In this state, as checking; none: in any.")] = "",
    kind: Annotated[str, typer.Option(help="Of this kind; none: of any.")] = "",
    account: Annotated[str, typer.Option(help="Of the account of this number.")] = "",
    overdue: Annotated[bool, typer.Option(help="Those whose clock has run out.")] = False,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists cases by number."""
    remote(address, key, provider).list(state, kind, account, overdue)


@app.command()
def investigate(
    case: Case,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Looks for the money."""
    remote(address, key, provider).act("InvestigateCase", case, request_id)


@app.command()
def propose(
    case: Case,
    reason: Reason,
    code: Annotated[str, typer.Option(help="Of the provider's reasons; none: OTHER.")] = "",
    refund: Annotated[bool, typer.Option(help="Pay back what was paid twice.")] = False,
    provisional: Annotated[bool, typer.Option(help="Credit while finance looks.")] = False,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Proposes what would be posted, and shows it."""
    how = {"reason_code": code, "refund": refund, "provisional": provisional}
    remote(address, key, provider).act("ProposeCorrection", case, request_id, reason=reason, **how)


@app.command()
def approve(
    case: Case,
    reason: Reason,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Approves a proposal of somebody else."""
    remote(address, key, provider).act("ApproveCorrection", case, request_id, reason=reason)


@app.command()
def correct(
    case: Case,
    reason: Reason,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Posts the proposal."""
    remote(address, key, provider).act("CorrectCase", case, request_id, reason=reason)


@app.command()
def notify(
    case: Case,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Tells both sides."""
    remote(address, key, provider).act("NotifyCase", case, request_id)


@app.command()
def close(
    case: Case,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Closes a case of which both sides are told."""
    remote(address, key, provider).act("CloseCase", case, request_id)


@app.command()
def reject(
    case: Case,
    reason: Reason,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Rejects a case."""
    remote(address, key, provider).act("RejectCase", case, request_id, reason=reason)


@app.command()
def withdraw(
    case: Case,
    reason: Reason,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """The customer takes a case back."""
    remote(address, key, provider).act("WithdrawCase", case, request_id, reason=reason)


@app.command()
def reopen(
    case: Case,
    reason: Reason,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Begins a case again that ended."""
    remote(address, key, provider).act("ReopenCase", case, request_id, reason=reason)


@app.command()
def undo(
    case: Case,
    reason: Reason,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Undoes what was posted."""
    remote(address, key, provider).act("UndoCaseCorrection", case, request_id, reason=reason)


@app.command()
def sweep(provider: HouseProvider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Warns of clocks, and looks again for money that may be here."""
    remote(address, key, provider).sweep()


def remote(address: str, key: str, provider: str) -> "Cases":
    """The cases of a server."""
    from billcore.server.commands.case_remote import Cases  # gRPC is slow to import

    return Cases(address, key, provider)
