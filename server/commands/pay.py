"""`billcore pay …`: payments, on a running server; files of them through `billcore load`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billcore.core.errors import RequestInvalid
from billcore.core.loading.loads import CHUNK_ROWS, CHUNK_ROWS_MAX
from billcore.server.commands import autopay, load
from billcore.server.commands.load import LoadKind
from billcore.server.commands.moments import moment
from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.pay_remote import Payments

app = typer.Typer(
    no_args_is_help=True,
    help="Takes payments, on a running server. Amounts are integers of minor units: 12050 is "
    "120.50 dollars, or 12,050 rials.",
)


class TargetWord(StrEnum):
    """What a target is, as the wire has it."""

    ACCOUNT = "account"
    BILL = "bill"
    DOCUMENT = "document"
    TEXT = "text"


class ReversalWord(StrEnum):
    """The words of ReversalKind."""

    CANCELLED = "cancelled"
    DISHONOURED = "dishonoured"
    CHARGEBACK = "chargeback"
    RETURNED = "returned"


Channel = Annotated[str, typer.Argument(metavar="CHANNEL", help="The code of the channel.")]
Reference = Annotated[str, typer.Argument(help="The channel's own name for the payment.")]
Target = Annotated[str, typer.Argument(help="What is paid: the number of an account, or --kind.")]
Kind = Annotated[TargetWord, typer.Option(help="What the target is.")]
Amount = Annotated[int, typer.Option(min=1, help="In minor units.")]
Fee = Annotated[int, typer.Option(min=0, help="What the payer paid the channel on top.")]
Terminal = Annotated[str, typer.Option(help="The terminal of the channel; none: none.")]
Taken = Annotated[
    bool, typer.Option("--taken", help="The payer's money was taken already: post it anyhow.")
]
PaidAt = Annotated[
    str, typer.Option(help="When the payer paid, as 2024-03-01T12:30:05+03:30; none: now.")
]


@app.command()
def fetch(
    channel: Channel,
    target: Target,
    kind: Kind = TargetWord.ACCOUNT,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Tells what there is to pay."""
    remote(address, key, provider).fetch(channel, kind, target)


@app.command()
def post(
    channel: Channel,
    reference: Reference,
    target: Target,
    amount: Amount,
    kind: Kind = TargetWord.ACCOUNT,
    taken: Taken = False,
    paid_at: PaidAt = "",
    value_day: Annotated[str, typer.Option(help="When the bank counts it; none: then.")] = "",
    terminal: Terminal = "",
    fee: Fee = 0,
    bill: Annotated[int, typer.Option(min=0, help="Pay this bill first; none: by policy.")] = 0,
    service: Annotated[str, typer.Option(help="Pay this service first; none: by policy.")] = "",
    period: Annotated[
        str, typer.Option(help="Pay this month first, as 2024-03; none: by policy.")
    ] = "",
    currency: Annotated[str, typer.Option(help="Refuse if the provider's is another one.")] = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Posts a payment; the same again changes nothing."""
    told = {"bill_id": bill, "service": service, "period": period}
    direction = {name: value for name, value in told.items() if value}
    if len(direction) > 1:
        raise RequestInvalid("direction", "name one to be paid first: a bill, service or period.")
    remote(address, key, provider).post(
        channel=channel,
        reference=reference,
        target=(kind, target),
        amount=amount,
        money_taken=taken,
        paid_at=moment(paid_at),
        value_day=value_day,
        terminal=terminal,
        fee=fee,
        direction=direction or None,
        currency=currency,
    )


@app.command()
def status(
    channel: Channel,
    reference: Reference,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Tells what became of a payment."""
    remote(address, key, provider).status(channel, reference)


@app.command("list")
def list_payments(
    channel: Channel,
    since: Annotated[
        str, typer.Option("--from", help="Paid from then on, as 2024-03-01T00:00+03:30.")
    ],
    until: Annotated[str, typer.Option("--until", help="Paid before then; at most 31 days on.")],
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists the payments of a channel, with their sum."""
    span = moment(since, "from"), moment(until, "until")
    remote(address, key, provider).list(channel, *span)


@app.command()
def explain(
    channel: Channel,
    reference: Reference,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Tells what the money of a payment paid, in which order and why."""
    remote(address, key, provider).explain(channel, reference)


@app.command()
def reverse(
    channel: Channel,
    reference: Reference,
    kind: Annotated[ReversalWord, typer.Option(help="Why.")],
    reason: Annotated[str, typer.Option(help="Why, in words.")],
    name: Annotated[
        str, typer.Option("--as", help="The channel's own name for the reversal; none: the same.")
    ] = "",
    day: Annotated[str, typer.Option(help="From which day on; none: today.")] = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Takes a payment back; the same again changes nothing."""
    remote(address, key, provider).reverse(
        channel=channel,
        reference=name or reference,
        payment_reference=reference,
        kind=f"REVERSAL_KIND_{kind.name}",
        reason=reason,
        day=day,
    )


@app.command()
def reserve(
    channel: Channel,
    reference: Reference,
    target: Target,
    amount: Amount,
    kind: Kind = TargetWord.ACCOUNT,
    seconds: Annotated[int, typer.Option(min=0, help="For so long; 0: the channel's policy.")] = 0,
    terminal: Terminal = "",
    fee: Fee = 0,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Announces a payment, which is then confirmed or released."""
    remote(address, key, provider).reserve(
        channel=channel,
        reference=reference,
        target=(kind, target),
        amount=amount,
        seconds=seconds,
        terminal=terminal,
        fee=fee,
    )


@app.command()
def confirm(
    channel: Channel,
    reference: Reference,
    taken: Taken = False,
    paid_at: PaidAt = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Posts what was reserved."""
    remote(address, key, provider).confirm(
        channel=channel, reference=reference, money_taken=taken, paid_at=moment(paid_at)
    )


@app.command()
def release(
    channel: Channel,
    reference: Reference,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Ends a reservation without a payment."""
    remote(address, key, provider).release(channel, reference)


@app.command()
def split(
    channel: Channel,
    reference: Reference,
    parts: Annotated[
        list[str],
        typer.Option(
            "--part", metavar="[PROVIDER:]ACCOUNT=AMOUNT", help="A payment of the act; repeat it."
        ),
    ],
    taken: Taken = False,
    paid_at: PaidAt = "",
    terminal: Terminal = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Pays several accounts in one act: all of it is posted, or nothing."""
    remote(address, key, provider).split(
        [part(text) for text in parts],
        channel=channel,
        reference=reference,
        money_taken=taken,
        paid_at=moment(paid_at),
        terminal=terminal,
    )


@app.command()
def suspense(
    settled: Annotated[bool, typer.Option("--settled", help="Also what is done.")] = False,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists the money that is not any account's, the oldest first."""
    remote(address, key, provider).suspense(settled)


@app.command()
def transfer(
    payment_id: Annotated[int, typer.Argument(min=1, help="The payment in suspense.")],
    account: Annotated[str, typer.Argument(help="The number of the account that gets it.")],
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")],
    amount: Annotated[int, typer.Option(min=0, help="In minor units; 0: all that is open.")] = 0,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Moves money from suspense to an account."""
    remote(address, key, provider).transfer(payment_id, account, amount, reason, request_id)


@app.command()
def remind(
    day: Annotated[str, typer.Option(help="Bills due from this day on; none: today.")] = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Reminds of bills that are to be paid automatically; servers do it by themselves, too."""
    autopay.remote(address, key, provider).remind(day)


@app.command("import")
def import_files(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Rows: .csv or .parquet.")
    ],
    address: Address = LOCAL,
    provider: HouseProvider = "",
    store: Annotated[
        str | None, typer.Option(help="URL of a store that no server has: load into it directly.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Try every row, keep none.")] = False,
    chunk_rows: Annotated[
        int, typer.Option(min=1, max=CHUNK_ROWS_MAX, help="Rows that are kept at a time.")
    ] = CHUNK_ROWS,
    refused: Annotated[
        Path | None, typer.Option(help="A CSV for every refused row: file, row, field, reason.")
    ] = None,
    again: load.Again = "",
) -> None:
    """Posts files of payments: `billcore load payments`; amounts are decimals there."""
    to = address, provider, store
    load.load(LoadKind.PAYMENTS, files, *to, dry_run, chunk_rows, refused, again)


def part(text: str) -> tuple[str, str, int]:
    """(provider, account, minor units) of PROVIDER:ACCOUNT=AMOUNT. Raises RequestInvalid."""
    target, _, amount = text.rpartition("=")
    provider, _, account = target.rpartition(":")
    if not (account and amount.isascii() and amount.isdigit() and len(amount) <= 18):
        raise RequestInvalid("part", f"{text[:60]!r}: write [PROVIDER:]ACCOUNT=AMOUNT, as 17=900.")
    return provider, account, int(amount)


def remote(address: str, key: str, provider: str) -> "Payments":
    """The payments of a server."""
    from billcore.server.commands.pay_remote import Payments  # gRPC is slow to import

    return Payments(address, key, provider)
