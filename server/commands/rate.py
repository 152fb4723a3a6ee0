"""`billcore rate`: the bills of a file, without a server."""

import sys
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.table import Table

from billcore.core.rating import rate as rating
from billcore.core.tariff.bill import BillFailed
from billcore.core.tariff.explain.explain import explain
from billcore.core.tariff.explain.text import as_text
from billcore.core.tariff.reference.evaluation import failure
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff
from billcore.server import files
from billcore.server.commands.console import FAILED, err, progress
from billcore.server.commands.tariff import TariffFile, load
from billcore.server.tables import Chunk, Reader, Writer

FAILED_LISTED_MAX = 20
"""So many failed bills are listed one by one; the others are counted."""


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
    loaded = load(tariff)
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
        _tell(row, failed)
        raise typer.Exit(FAILED) from None


def _tell(row: int, failed: BillFailed) -> None:
    err.print(f"row {row}: {failed.status.name}: {failed.message}", markup=False, soft_wrap=True)


class Failures:
    """The bills that failed: the first ones by row with the reason, all of them by status."""

    def __init__(self, tariff: Tariff, reader: Reader) -> None:
        self.rows: list[tuple[int, BillFailed]] = []
        self.counts = np.zeros(256, dtype=np.int64)
        self.bills = 0
        self._tariff = tariff
        self._reader = reader

    def add(self, chunk: Chunk, statuses: np.ndarray[Any, np.dtype[np.uint8]]) -> None:
        self.bills += len(statuses)
        self.counts += np.bincount(statuses, minlength=256)
        room = FAILED_LISTED_MAX - len(self.rows)
        for row in np.flatnonzero(statuses)[:room].tolist():
            self.rows.append((chunk.first + row, self._why(chunk, row, Status(int(statuses[row])))))

    def _why(self, chunk: Chunk, row: int, status: Status) -> BillFailed:
        try:
            bill = self._reader.bill_of(chunk, row)
        except BillFailed as failed:
            return failed
        return failure(self._tariff.document, self._tariff.analysis, bill, status)

    @property
    def total(self) -> int:
        return int(self.counts[1:].sum())


def _rate_file(tariff: Tariff, reader: Reader, output: Path | None, threads: int) -> Failures:
    failures = Failures(tariff, reader)
    with progress() as bar, Writer(output, tariff, sys.stdout.buffer) as writer:
        task = bar.add_task("rating", total=files.rows_about(reader.file))
        for chunk in reader.chunks():
            rated = rating.rate(tariff, chunk.columns, threads=threads)
            chunk.mark(rated)
            writer.write(chunk, rated)
            failures.add(chunk, rated.status)
            bar.advance(task, chunk.rows)
        bar.update(task, completed=failures.bills, total=failures.bills)
    return failures


def _list_failures(failures: Failures) -> None:
    if not failures.total:
        err.print(f"{failures.bills} bills rated", style="green")
        return
    for row, failed in failures.rows:
        _tell(row, failed)
    if failures.total > len(failures.rows):
        err.print(f"and {failures.total - len(failures.rows)} more")
    table = Table("status", "bills", box=None)
    for number in np.flatnonzero(failures.counts).tolist():
        table.add_row(Status(number).name, str(failures.counts[number]))
    err.print(table)
    raise typer.Exit(FAILED)
