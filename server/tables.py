"""Files of bills: CSV and Parquet to exact columns, amounts back to files.

Goals: text becomes scaled integers without a binary float in between; a value that cannot be read
is told with file, line, column, value and rule; a value that the tariff cannot take fails its own
bill only. Millions of rows stream through in chunks. Non-goals: rules of tariffs (core has them),
spreadsheets, encodings other than UTF-8.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from billcore.core.errors import ColumnMissing, ColumnUnknown
from billcore.core.rating import rate as rating
from billcore.core.rating.bills import bill_at
from billcore.core.rating.rate import ColumnSpec, RatedColumns
from billcore.core.tariff.bill import Bill, BillFailed
from billcore.core.tariff.language.document import Document
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff
from billcore.server import files
from billcore.server.refusals import TableInvalid
from billcore.server.texts import FAULTS_MAX, Fault, Texts

CHUNK_ROWS = 1 << 17
"""Rows that are read, rated and written at a time."""

Ints = NDArray[np.int64]


@dataclass(slots=True)
class Chunk:
    """Some rows of a file as columns; first: the number of its first row, counted from 1.

    failed: what reading alone found wrong with a row (0: nothing); told: of the first ones, what.
    """

    first: int
    rows: int
    columns: dict[str, Ints]
    failed: NDArray[np.uint8]
    keys: dict[str, pa.Array] = field(default_factory=dict)
    told: dict[int, BillFailed] = field(default_factory=dict)

    def mark(self, rated: RatedColumns) -> None:
        """Rows that could not be read are not rated. OUT: rated."""
        rows = np.flatnonzero(self.failed)
        rated.status[rows] = self.failed[rows]
        for amounts in (rated.total, *rated.lines.values(), *rated.state.values()):
            amounts[rows] = 0


class Reader:
    """A file of bills for one tariff. keys: columns that are handed through unread."""

    def __init__(self, file: Path, tariff: Tariff, keys: Sequence[str] = ()) -> None:
        self.file = file
        self.keys = tuple(keys)
        self._tariff = tariff
        self.names = files.names(file)
        self._specs = self._checked_names()

    def _checked_names(self) -> list[ColumnSpec]:
        specs = {spec.name: spec for spec in rating.columns_of(self._tariff)}
        for name in self.names:
            if name not in specs and name not in self.keys:
                raise ColumnUnknown(name, [*specs, "or name it with --key"])
        for name in [n for n, s in specs.items() if s.required] + list(self.keys):
            if name not in self.names:
                required = [n for n, s in specs.items() if s.required]
                raise ColumnMissing(name, required + list(self.keys))
        return [specs[name] for name in self.names if name not in self.keys]

    def chunks(self) -> Iterator[Chunk]:
        """The file from top to bottom."""
        for first, part in self._parts():
            yield self._chunk(part, first)

    def _parts(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """(number of its first row, rows), from top to bottom."""
        first = 1
        for batch in files.batches(self.file, self.names):
            for start in range(0, batch.num_rows, CHUNK_ROWS):
                part = batch.slice(start, CHUNK_ROWS)
                yield first, part
                first += part.num_rows

    def bill(self, row: int) -> Bill:
        """The bill of a row, counted from 1. Raises BillFailed for a value that it cannot have."""
        for first, part in self._parts():
            if first <= row < first + part.num_rows:
                return self.bill_of(self._chunk(part.slice(row - first, 1), row), 0)
        raise TableInvalid(str(self.file), [f"{self.file}: there is no row {row}."])

    def bill_of(self, chunk: Chunk, row: int) -> Bill:
        """The bill of a row of a chunk, counted from 0. Raises BillFailed as `bill`."""
        if chunk.failed[row]:
            status = Status(int(chunk.failed[row]))
            raise chunk.told.get(row, BillFailed(status, status.message))
        return bill_at(self._tariff, chunk.columns, row)

    def _chunk(self, batch: pa.RecordBatch, first: int) -> Chunk:
        chunk = Chunk(first, batch.num_rows, {}, np.zeros(batch.num_rows, dtype=np.uint8))
        faults: list[tuple[str, Fault]] = []
        for spec in self._specs:
            column = Texts(spec, self._tariff.document, batch.num_rows)
            column.read(files.texts(batch.column(spec.name), self.file, spec.name))
            chunk.columns |= column.found
            chunk.told |= {r: f for r, f in column.told.items() if f.status > chunk.failed[r]}
            np.maximum(chunk.failed, column.failed, out=chunk.failed)
            faults += [(spec.name, fault) for fault in column.faults]
        if faults:
            raise self._refused(faults, first)
        chunk.keys = {name: batch.column(name) for name in self.keys}
        return chunk

    def _refused(self, faults: list[tuple[str, Fault]], first: int) -> TableInvalid:
        """The first faults by row; a CSV's place is its line, where the header is line 1."""
        told = sorted(faults, key=lambda f: f[1][0])[:FAULTS_MAX]
        place = "{file}: row {row}" if files.is_parquet(self.file) else "{file}:{line}"
        return TableInvalid(
            str(self.file),
            [
                place.format(file=self.file, row=first + row, line=first + row + 1)
                + f": column {name}: {text}"
                for name, (row, text) in told
            ],
        )


# -- writing


class Writer:
    """Rated bills to a file, which appears under its name only when it is complete."""

    def __init__(self, file: Path | None, tariff: Tariff, stdout: Any = None) -> None:
        self.file = file
        self._tariff = tariff
        self._stdout = stdout
        self._part = file.with_name(f".{file.name}.part") if file else None
        self._sink: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None
    ) -> None:
        if self._sink is not None:
            self._sink.close()
        if self.file is None or self._part is None or not self._part.exists():
            return
        if kind is None:
            self._part.replace(self.file)
        else:
            self._part.unlink()

    def write(self, chunk: Chunk, rated: RatedColumns) -> None:
        table = self._table(chunk, rated)
        if self._sink is None:
            self._sink = self._opened(table.schema)
        self._sink.write(table)

    def _opened(self, schema: pa.Schema) -> Any:
        if self.file is not None and files.is_parquet(self.file):
            return pa.parquet.ParquetWriter(self._part, schema)
        options = pa.csv.WriteOptions(quoting_style="needed")
        return pa.csv.CSVWriter(self._part or self._stdout, schema, write_options=options)

    def _table(self, chunk: Chunk, rated: RatedColumns) -> pa.Table:
        document = self._tariff.document
        found: dict[str, pa.Array] = dict(chunk.keys)
        if not found:
            found["row"] = pa.array(np.arange(chunk.first, chunk.first + chunk.rows))
        for name, values in rated.lines.items():
            found[name] = decimals(values, _digits(document, name))
        found["total"] = decimals(rated.total, document.digits)
        found["status"] = pa.array([s.name for s in Status]).take(pa.array(rated.status))
        for name, values in rated.state.items():
            found[name] = decimals(values, document.states[name].decimals)
        return pa.table(found)


def _digits(document: Document, name: str) -> int:
    line = document.line(name.partition("[")[0])
    return document.digits if line is None else document.line_digits(line)


def decimals(values: Ints, digits: int) -> pa.Array:
    """Integers as exact decimals with so many digits behind the point."""
    halves = np.empty((len(values), 2), dtype="<i8")
    halves[:, 0], halves[:, 1] = values, values >> 63
    return pa.Array.from_buffers(
        pa.decimal128(19, digits), len(values), [None, pa.py_buffer(halves)]
    )
