"""Files that commands write: whole under their name, or not at all; tables as CSV and Parquet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@contextmanager
def whole(file: Path) -> Iterator[Path]:
    """A file beside the wanted one, which takes its place when the block ends well."""
    part = file.with_name(f".{file.name}.part")
    try:
        yield part
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def csv(table: "pa.Table", file: Path) -> None:
    """Writes a table without nested columns."""
    import pyarrow.csv

    options = pyarrow.csv.WriteOptions(quoting_style="needed")
    with whole(file) as part:
        pyarrow.csv.write_csv(table, part, options)


def parquet(table: "pa.Table", file: Path) -> None:
    """Writes a table with its metadata."""
    import pyarrow.parquet

    with whole(file) as part:
        pyarrow.parquet.write_table(table, part, compression="zstd")
