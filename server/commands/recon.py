"""`billcore recon …`: what channels and banks say, on a running server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.recon_remote import Reconciliation

app = typer.Typer(
    no_args_is_help=True, help="Reports, statements, and days of channels, on a running server."
)

Code = Annotated[str, typer.Argument(metavar="CHANNEL", help="The code of the channel.")]
Day = Annotated[str, typer.Argument(metavar="DAY", help="The business day, as 2026-03-31.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file.")]
Name = Annotated[str, typer.Option(help="Its name; none: that of the file.")]
Number = Annotated[int, typer.Option(min=0, help="Its number among files of its name.")]
Replaces = Annotated[
    bool, typer.Option("--replaces", help="Takes the place of what has its name and number.")
]
Why = Annotated[str, typer.Option(help="Why, for the audit log.")]
Revision = Annotated[int, typer.Option(min=0, help="The revision that is changed; 0: none is.")]


@app.command("import")
def import_report(
    channel: Code,
    file: File,
    day: Annotated[str, typer.Option(help="Its business day; none: that of its lines.")] = "",
    format_name: Annotated[
        str, typer.Option("--format", help="Its format; none: that of the terms.")
    ] = "",
    name: Name = "",
    number: Number = 0,
    replaces: Replaces = False,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Takes in a channel's report, whole or not at all; again, it changes nothing."""
    told = {"name": name or file.name, "sequence_no": number, "replaces": replaces}
    told |= {"channel": channel, "day": day, "format": format_name}
    remote(address, key, provider).report(file, told)


@app.command()
def statement(
    file: File,
    format_name: Annotated[
        str, typer.Option("--format", help="camt, mt940; none: as its content tells.")
    ] = "",
    name: Name = "",
    number: Number = 0,
    replaces: Replaces = False,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Takes in a bank's file of statements, likewise."""
    told = {"name": name or file.name, "sequence_no": number, "replaces": replaces}
    remote(address, key, provider).statement(file, told | {"format": format_name})


@app.command()
def files(
    channel: Annotated[str, typer.Argument(help="Of this channel; none: all files.")] = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists what was imported."""
    remote(address, key, provider).files(channel)


@app.command()
def terms(
    channel: Code,
    file: Annotated[Path | None, typer.Argument(help="JSON that is set; none: shows them.")] = None,
    revision: Revision = 0,
    reason: Why = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Shows how a channel is reconciled, or sets it."""
    asked = remote(address, key, provider)
    if file is None:
        asked.show_terms(channel)
    else:
        text = file.read_text(encoding="utf-8")
        asked.set_terms(channel, text, revision, reason, request_id)


@app.command()
def formats(
    file: Annotated[Path | None, typer.Argument(help="YAML that is kept; none: lists.")] = None,
    revision: Revision = 0,
    reason: Why = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists the formats that reports can be in, or keeps one of the provider's own."""
    asked = remote(address, key, provider)
    if file is None:
        asked.formats()
    else:
        asked.set_format(file.read_text(encoding="utf-8"), revision, reason, request_id)


@app.command()
def match(
    channel: Code, day: Day, provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Matches a day: our payments beside the reports' lines."""
    remote(address, key, provider).match(channel, day)


@app.command()
def treat(
    channel: Code, day: Day, provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Posts what came late, reverses what the channel took back, and matches the day again."""
    remote(address, key, provider).treat(channel, day)


@app.command()
def breaks(
    channel: Annotated[str, typer.Argument(help="Of this channel; none: sums of all.")] = "",
    day: Annotated[str, typer.Argument(help="And this business day.")] = "",
    resolved: Annotated[bool, typer.Option("--resolved", help="Those that are gone, too.")] = False,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists the breaks of a day; without one, what is open by channel, kind and age."""
    asked = remote(address, key, provider)
    if channel and day:
        asked.breaks(channel, day, resolved)
    elif channel:
        raise typer.BadParameter("a channel needs a day", param_hint="DAY")
    else:
        asked.summary()


@app.command()
def decide(
    channel: Code,
    day: Day,
    break_id: Annotated[int, typer.Argument(help="Which break: see `breaks`.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    reopen: Annotated[bool, typer.Option("--reopen", help="Opens it again.")] = False,
    adjust: Annotated[
        bool, typer.Option("--adjust", help="The account gets what the report says.")
    ] = False,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Accepts a break as it is, adjusts the account, or opens it again."""
    if reopen and adjust:
        raise typer.BadParameter("a break is adjusted or opened", param_hint="--adjust")
    decision = "REOPEN" if reopen else "ADJUST" if adjust else "ACCEPT"
    remote(address, key, provider).decide(channel, day, break_id, decision, reason, request_id)


@app.command()
def close(
    channel: Code, day: Day, provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Closes a day that matches, with nothing left to be posted."""
    remote(address, key, provider).close(channel, day)


@app.command()
def reopen(
    channel: Code,
    day: Day,
    reason: Annotated[str, typer.Option(help="Why.")],
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Opens a closed day again."""
    remote(address, key, provider).reopen(channel, day, reason, request_id)


@app.command()
def show(channel: Code, provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the days of a channel that were matched."""
    remote(address, key, provider).days(channel)


@app.command()
def settlements(
    channel: Code,
    since: Annotated[str, typer.Option(help="Only those that end then or later.")] = "",
    unsettled: Annotated[bool, typer.Option("--open", help="Not those that match.")] = False,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists what a channel pays at once, beside what the bank has of it."""
    remote(address, key, provider).settlements(channel, since, unsettled)


@app.command()
def bank(
    channel: Code,
    from_day: Annotated[str, typer.Argument(help="From this day of booking on.")],
    until_day: Annotated[str, typer.Argument(help="To this one; none: of the first alone.")] = "",
    least: Annotated[int | None, typer.Option(help="At least this amount.")] = None,
    most: Annotated[int | None, typer.Option(help="At most this amount.")] = None,
    text: Annotated[str, typer.Option(help="Words in references, payer or text.")] = "",
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Only credits that pay no settlement.")
    ] = False,
    returned: Annotated[
        bool, typer.Option("--returned", help="Only debits, and what was returned.")
    ] = False,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Searches what statements tell of a bank account."""
    told = {"from_day": from_day, "until_day": until_day or from_day, "least": least, "most": most}
    told |= {"text": text, "unknown": unknown, "returned": returned}
    remote(address, key, provider).bank_entries(channel, told)


@app.command()
def trace(
    channel: Code,
    reference: Annotated[str, typer.Argument(help="The channel's reference of a payment.")],
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Tells how far a payment is: accepted, reported, settled."""
    remote(address, key, provider).trace(channel, reference)


@app.command()
def sweep(provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists reports that are due and did not come, and sees that somebody was told."""
    remote(address, key, provider).sweep()


def remote(address: str, key: str, provider: str) -> "Reconciliation":
    """The reconciliation of a server."""
    from billcore.server.commands.recon_remote import Reconciliation  # gRPC is slow to import

    return Reconciliation(address, key, provider)
