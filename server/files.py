"""CSV and Parquet files as Arrow texts, block by block.

Goals: a file that cannot be read is told with its place (TableInvalid); a missing value is the
empty text; binary floats are refused, they are not exact. Millions of rows stream through. Non-
goals: what texts mean, spreadsheets, encodings other than UTF-8.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from billcore.server.refusals import TableInvalid

BLOCK_ROWS = 1 << 17
"""Rows of a block of Parquet."""

CSV_BLOCK_BYTES = 1 << 23


def is_parquet(file: Path) -> bool:
    """By the name; other files are CSV."""
    return file.suffix.lower() == ".parquet"


def names(file: Path) -> list[str]:
    """The columns, each named once. Raises TableInvalid."""
    found = _parquet_names(file) if is_parquet(file) else _csv_names(file)
    return _checked_header(file, found)


def rows_about(file: Path) -> int:
    """How many rows there are: known for Parquet, estimated for CSV."""
    if is_parquet(file):
        return int(pa.parquet.read_metadata(file).num_rows)
    with file.open("rb") as stream:
        head = stream.read(1 << 16)
    return max(file.stat().st_size * head.count(b"\n") // max(len(head), 1) - 1, 1)


def batches(
    file: Path,
    columns: list[str],
    *,
    encoding: str = "utf8",
    broken: Callable[[Any], str] | None = None,
) -> Iterator[pa.RecordBatch]:
    """The file from top to bottom. Raises TableInvalid.

    Of a CSV: its encoding; broken: what to do with an Arrow InvalidRow, a line with other columns:
    "skip" or "error". It is not asked about lines that are no texts in the encoding.
    """
    try:
        if is_parquet(file):
            yield from _parquet_batches(file)
        else:
            yield from _csv_batches(file, columns, encoding, broken)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise TableInvalid(str(file), [f"{file}: {error}"]) from None


def texts(column: pa.Array, file: Path, name: str) -> pa.Array:
    """A column as texts; a missing value is the empty text. Binary floats are refused."""
    if pa.types.is_floating(column.type):
        fault = (
            f"{file}: column {name} holds binary floats, which are not exact: store decimals, "
            "integers or text."
        )
        raise TableInvalid(str(file), [fault])
    return pc.fill_null(column.cast(pa.string()), "")


def _csv_names(file: Path) -> list[str]:
    """The first line; what is no text behind it is found when it is read."""
    try:
        with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            found = [name.strip() for name in next(csv.reader(stream), [])]
        "".join(found).encode()
    except csv.Error as error:
        raise TableInvalid(str(file), [f"{file}:1: {error}."]) from None
    except UnicodeEncodeError as error:
        raise TableInvalid(str(file), [f"{file}:1: the file is not UTF-8: {error}."]) from None
    return found


def _parquet_names(file: Path) -> list[str]:
    try:
        return list(pa.parquet.read_schema(file).names)
    except pa.ArrowInvalid as error:
        raise TableInvalid(str(file), [f"{file}: {error}"]) from None


def _checked_header(file: Path, found: list[str]) -> list[str]:
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        raise TableInvalid(str(file), [f"{file}:1: column {twice[0]!r} stands twice."])
    if not any(found):
        raise TableInvalid(str(file), [f"{file}:1: the first line names the columns; it is empty."])
    return found


def _parquet_batches(file: Path) -> Iterator[pa.RecordBatch]:
    with pa.parquet.ParquetFile(file) as parquet:
        yield from parquet.iter_batches(BLOCK_ROWS)


def _csv_batches(
    file: Path, columns: list[str], encoding: str, broken: Callable[[Any], str] | None
) -> Iterator[pa.RecordBatch]:
    reader = pa.csv.open_csv(
        file,
        read_options=pa.csv.ReadOptions(
            column_names=columns,
            skip_rows=1,
            block_size=CSV_BLOCK_BYTES,
            use_threads=False,
            encoding=encoding,
        ),
        parse_options=pa.csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=broken),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
        ),
    )
    with reader:
        yield from reader
