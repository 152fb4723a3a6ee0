"""`billcore run export`: the bills of a run from a running server to a file.

Goals: batch by batch, so that memory does not grow with the run; the file appears under its name
only when it is whole. Parquet is what the server tells, lines included, money in minor units as its
metadata say. CSV has no place for lists nor for metadata: the columns but the lines, money as
decimals of the currency.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from billcore.server.commands.console import out, progress
from billcore.server.commands.options import LOCAL, Address, Key, Provider
from billcore.server.commands.written import whole

if TYPE_CHECKING:
    import pyarrow as pa

MONEY = ("opening", "total", "closing")
LISTS = ("lines",)
"""Columns that a CSV leaves out."""


def export(
    run: Annotated[int, typer.Argument(min=1, help="The run's number.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", dir_okay=False, help=".parquet, else CSV.")
    ],
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Writes the bills of a run to a file: all columns to Parquet, without lines to CSV."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.server.messages import export as messages
    from billcore.v1 import export_pb2 as pb
    from billcore.v1.billing_service_pb2_grpc import BillingServiceStub

    remote = Remote(address, key, provider)
    with remote.channel() as channel:
        stub = BillingServiceStub(channel)
        answers = stub.ExportRun(pb.ExportRunRequest(run_id=run), metadata=remote.metadata)
        with messages.opened(answers) as batches, whole(output) as part:
            bills = _write(batches, part, parquet=output.suffix.lower() == ".parquet")
    out.print(f"{output}: {bills:,} bills of run {run}.", markup=False)


def _write(batches: "pa.RecordBatchReader", part: Path, *, parquet: bool) -> int:
    """How many bills were written."""
    bills = 0
    with progress() as bar, (_parquet if parquet else _csv)(batches.schema, part) as write:
        task = bar.add_task("bills", total=None)
        for batch in batches:
            write(batch)
            bills += batch.num_rows
            bar.update(task, completed=bills)
    return bills


@contextmanager
def _parquet(schema: "pa.Schema", part: Path) -> Iterator[Any]:
    import pyarrow.parquet

    with pyarrow.parquet.ParquetWriter(part, schema, compression="zstd") as writer:
        yield writer.write_batch


@contextmanager
def _csv(schema: "pa.Schema", part: Path) -> Iterator[Any]:
    import pyarrow.csv

    options = pyarrow.csv.WriteOptions(quoting_style="needed")
    told = _flat(schema.empty_table().to_batches(), schema)
    with pyarrow.csv.CSVWriter(part, told.schema, write_options=options) as writer:
        yield lambda batch: writer.write_table(_flat([batch], schema))


def _flat(batches: "list[pa.RecordBatch]", schema: "pa.Schema") -> "pa.Table":
    """The columns that a CSV has, money as decimals."""
    import pyarrow as pa

    from billcore.server.tables import decimals

    digits = int(schema.metadata[b"billcore.digits"])
    table = pa.Table.from_batches(batches, schema).drop(list(LISTS)).combine_chunks()
    for name in MONEY:
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, decimals(table[name].to_numpy(), digits))
    return table.replace_schema_metadata()
