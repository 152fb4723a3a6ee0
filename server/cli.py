"""The `billcore` command: documents checked, explained and compared, files rated, a server run.

Goals: answers on standard output, errors on standard error with their place; exit status 0 fine,
1 some bills failed (they are listed), 2 unusable input. Non-goals: rules, they are in core.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from billcore.core import rating
from billcore.core.errors import BillcoreError, TariffConflict, TariffInvalid
from billcore.core.tariff.bill import BillFailed
from billcore.core.tariff.catalog import read_document
from billcore.core.tariff.explain.explain import explain
from billcore.core.tariff.explain.text import as_text
from billcore.core.tariff.language import schema as schema_of_documents
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff
from billcore.server import settings as settings_of
from billcore.server import telemetry
from billcore.server.differences import differences
from billcore.server.outline import day_of, outline, programs
from billcore.server.tables import Reader, Writer

FAILED, UNUSABLE = 1, 2
"""Exit statuses: some bills failed; the input is unusable."""

FAILED_LISTED_MAX = 20
"""So many failed bills are listed one by one; the others are counted."""

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Exact utility bills from tariff documents.",
)
tariffs = typer.Typer(no_args_is_help=True, help="Tariff documents: check, explain, compare.")
app.add_typer(tariffs, name="tariff")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

TariffFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A tariff document, YAML or JSON.")
]


def main() -> None:
    """Runs the command; errors of the domain end it with status 2."""
    try:
        app()
    except BillcoreError as error:
        complain(error)
        sys.exit(UNUSABLE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(UNUSABLE)


def complain(error: BillcoreError) -> None:
    """The error on standard error; of a refused document every finding, one a line."""
    if isinstance(error, TariffInvalid):
        for finding in error.findings:
            err.print(str(finding), style="red", markup=False, soft_wrap=True)
        return
    err.print(f"error: {error.message}", style="red", markup=False, soft_wrap=True)


# -- documents


@tariffs.command("check")
def check(files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Checks documents as publishing would: names, units, sorts, and that every bill is exact."""
    good = [_checks(file) for file in files]
    if not all(good):
        raise typer.Exit(UNUSABLE)


def _checks(file: Path) -> bool:
    try:
        tariff = _load(file)
    except TariffInvalid as error:
        complain(error)
        return False
    names = len(rating.line_names(tariff))
    out.print(
        f"{file}: {tariff.id} is fine: versions {len(tariff.document.versions)}, "
        f"output columns {names}, hash {tariff.hash[:12]}",
        markup=False,
        soft_wrap=True,
    )
    return True


def _load(file: Path) -> Tariff:
    return Tariff.load(read_document(file), str(file))


@tariffs.command("explain")
def explain_tariff(
    file: TariffFile,
    program: Annotated[bool, typer.Option(help="Also the compiled programs.")] = False,
    at: Annotated[
        str | None, typer.Option(help="Only what is in force on this day, in either calendar.")
    ] = None,
) -> None:
    """Prints a tariff: inputs, versions, lines, total; with --program what the kernel runs."""
    tariff = _load(file)
    day = None if at is None else day_of(at)
    for part in outline(tariff, day):
        out.print(part)
    if program:
        for part in programs(tariff, day):
            out.print(part, soft_wrap=True)


@tariffs.command("diff")
def diff(
    before: TariffFile,
    after: TariffFile,
    exit_code: Annotated[bool, typer.Option(help="End with 1 if they differ.")] = False,
) -> None:
    """Lists what differs in meaning; labels, comments and layout do not count."""
    texts = read_document(before), read_document(after)
    found = differences(*texts, names=(str(before), str(after)))
    for difference in found:
        out.print(str(difference), markup=False, soft_wrap=True)
    if found and exit_code:
        raise typer.Exit(FAILED)


@app.command()
def schema() -> None:
    """Prints the JSON Schema of tariff documents, for editors."""
    typer.echo(schema_of_documents.text(), nl=False)


# -- rating a file


@app.command()
def rate(
    tariff: TariffFile,
    data: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Bills: .csv or .parquet.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=".csv or .parquet; CSV to stdout if none.")
    ] = None,
    explain_row: Annotated[
        int | None, typer.Option("--explain", metavar="ROW", min=1, help="Explain this row only.")
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option(help="A column to hand through, as an account number.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, max=256, help="Threads that rate.")] = 1,
) -> None:
    """Rates every row of a file: a column a line, total and status."""
    loaded = _load(tariff)
    reader = Reader(data, loaded, key or ())
    if explain_row is not None:
        _explain_row(loaded, reader, explain_row)
        return
    failures = _rate_file(loaded, reader, output, threads)
    _list_failures(failures)


def _explain_row(tariff: Tariff, reader: Reader, row: int) -> None:
    try:
        typer.echo(as_text(explain(tariff, reader.bill(row))), nl=False)
    except BillFailed as failed:
        err.print(
            f"row {row}: {failed.status.name}: {failed.message}", markup=False, soft_wrap=True
        )
        raise typer.Exit(FAILED) from None


def _tell(row: int, status: Status, message: str) -> None:
    err.print(f"row {row}: {status.name}: {message}", markup=False, soft_wrap=True)


class Failures:
    """The bills that failed: the first ones by row, all of them by status."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, Status]] = []
        self.counts = np.zeros(256, dtype=np.int64)
        self.bills = 0

    def add(self, first: int, statuses: np.ndarray[Any, np.dtype[np.uint8]]) -> None:
        self.bills += len(statuses)
        self.counts += np.bincount(statuses, minlength=256)
        room = FAILED_LISTED_MAX - len(self.rows)
        for row in np.flatnonzero(statuses)[:room].tolist():
            self.rows.append((first + row, Status(int(statuses[row]))))

    @property
    def total(self) -> int:
        return int(self.counts[1:].sum())


def _rate_file(tariff: Tariff, reader: Reader, output: Path | None, threads: int) -> Failures:
    failures = Failures()
    with _progress() as progress, Writer(output, tariff, sys.stdout.buffer) as writer:
        task = progress.add_task("rating", total=reader.rows_about())
        for chunk in reader.chunks():
            rated = rating.rate(tariff, chunk.columns, threads=threads)
            chunk.mark(rated)
            writer.write(chunk, rated)
            failures.add(chunk.first, rated.status)
            progress.advance(task, chunk.rows)
        progress.update(task, completed=failures.bills, total=failures.bills)
    return failures


def _progress() -> Progress:
    done = MofNCompleteColumn()
    columns = TextColumn("{task.description}"), BarColumn(), done, TimeRemainingColumn()
    return Progress(*columns, console=err, disable=not err.is_terminal)


def _list_failures(failures: Failures) -> None:
    if not failures.total:
        err.print(f"{failures.bills} bills rated", style="green")
        return
    for row, status in failures.rows:
        _tell(row, status, status.message)
    if failures.total > len(failures.rows):
        err.print(f"and {failures.total - len(failures.rows)} more")
    table = Table("status", "bills", box=None)
    for number in np.flatnonzero(failures.counts).tolist():
        table.add_row(Status(number).name, str(failures.counts[number]))
    err.print(table)
    raise typer.Exit(FAILED)


# -- the server


@app.command()
def serve(
    config: Annotated[Path | None, typer.Option(help="A TOML file of settings.")] = None,
    tariffs: Annotated[Path | None, typer.Option(help="Folder of tariff documents.")] = None,
    host: Annotated[str | None, typer.Option(help="Address of gRPC.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of gRPC; 0 takes a free one.")] = None,
    metrics_port: Annotated[int | None, typer.Option(help="Port of the metrics page.")] = None,
) -> None:
    """Serves gRPC until SIGTERM. Other settings: BILLCORE_… in the environment, or the file."""
    from billcore.server.app import App  # gRPC is slow to import; the other commands need none

    settings = settings_of.load(
        config, tariffs=tariffs, host=host, port=port, metrics_port=metrics_port
    )
    telemetry.start_logs(settings.log_level)
    telemetry.log.info("starting", settings=settings.shown())
    try:
        server = App(settings)
        server.start()
    except (TariffInvalid, TariffConflict) as error:
        telemetry.log.error("start_refused", reason=error.reason)
        raise
    server.run()


if __name__ == "__main__":
    main()
