"""`billcore debit …`: direct debit on a running server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands import mandate
from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.debit_remote import Debits

app = typer.Typer(
    no_args_is_help=True, help="Mandates, debits and files for banks, on a running server."
)
app.add_typer(mandate.app, name="mandate")

Code = Annotated[str, typer.Argument(metavar="CHANNEL", help="The code of the channel.")]
Scheme = Annotated[str, typer.Argument(metavar="SCHEME", help="core, b2b or domestic.")]
Day = Annotated[str, typer.Argument(metavar="DAY", help="The collection day, as 2026-03-31.")]
Batch = Annotated[int, typer.Argument(metavar="BATCH", help="The number of the batch.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The end-to-end id.")]
Revision = Annotated[int, typer.Option(min=0, help="The revision that is changed; 0: none is.")]
Why = Annotated[str, typer.Option(help="Why, for the audit log.")]


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
    """Shows how a channel's debits are collected, or sets it."""
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
    """Lists the domestic pairs of files, or keeps one of the provider's own."""
    asked = remote(address, key, provider)
    if file is None:
        asked.formats()
    else:
        asked.set_format(file.read_text(encoding="utf-8"), revision, reason, request_id)


@app.command()
def plan(
    channel: Code,
    scheme: Scheme,
    day: Day,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Plans the debits of a collection day; again, it plans what is missing."""
    remote(address, key, provider).plan(channel, scheme, day)


@app.command()
def notify(
    channel: Code,
    day: Annotated[str, typer.Argument(metavar="DAY", help="For this day; none: today.")] = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Announces the debits that come up, as events."""
    remote(address, key, provider).notify(channel, day)


@app.command()
def seal(
    channel: Code,
    scheme: Scheme,
    day: Day,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Seals the announced debits of a collection day, in as many batches as it takes."""
    remote(address, key, provider).seal(channel, scheme, day)


@app.command("file")
def batch_file(
    batch: Batch,
    into: Annotated[Path, typer.Argument(metavar="FILE", help="Where it is written.")],
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Writes the file of a sealed batch: names and accounts of payers are in it."""
    remote(address, key, provider).file(batch, into)


@app.command()
def sent(
    batch: Batch,
    day: Annotated[str, typer.Option(help="On which day; none: today.")] = "",
    reason: Why = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Says that the bank has a batch's file."""
    remote(address, key, provider).sent(batch, day, reason, request_id)


@app.command("import")
def import_results(
    channel: Code,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file.")],
    format_name: Annotated[
        str,
        typer.Option("--format", help="pain.002, statement, domestic; none: as it looks."),
    ] = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Takes in a bank's file of results, whole or not at all; again, it changes nothing."""
    remote(address, key, provider).results(channel, file, format_name)


@app.command("list")
def list_debits(
    what: Annotated[
        str, typer.Argument(help="debits, batches, results, or sum: what debits come to.")
    ] = "debits",
    state: Annotated[str, typer.Option(help="Debits in this state, as collected.")] = "",
    batch: Annotated[int, typer.Option(min=0, help="Debits of this batch.")] = 0,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists debits, batches or files of results, or sums debits up by state."""
    asked = remote(address, key, provider)
    known = {
        "debits": lambda: asked.list(state, batch),
        "batches": asked.batches,
        "results": asked.imported,
        "sum": asked.summary,
    }
    if what not in known:
        raise typer.BadParameter(f"one of {', '.join(known)}", param_hint="WHAT")
    known[what]()


@app.command()
def show(
    end_to_end_id: Id, provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Tells the story of a debit."""
    remote(address, key, provider).show(end_to_end_id)


@app.command()
def reverse(
    end_to_end_id: Id,
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")],
    day: Annotated[str, typer.Option(help="From which day on; none: today.")] = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Gives a collected debit back: the creditor's own undo."""
    remote(address, key, provider).reverse(end_to_end_id, day, reason, request_id)


@app.command()
def sweep(provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Does what time alone does: expired mandates, closed windows, debits that were too late."""
    remote(address, key, provider).sweep()


def remote(address: str, key: str, provider: str) -> "Debits":
    """Direct debit on a server."""
    from billcore.server.commands.debit_remote import Debits  # gRPC is slow to import

    return Debits(address, key, provider)
