"""A tariff over batches of Arrow, as DuckDB, Polars and Spark hand them over; see README.md.

A batch has the columns of the tariff, `previous` and `this` as date32, quantities as decimals or as
integers that count their smallest step, and `bill`, which is handed through. Amounts are in units
of account, the same integers as of a server, a run and `billcore rate`.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
import pyarrow as pa

from billcore.core.rating.rate import columns_of, line_names, rate
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff

KEY = "bill"

EPOCH = 719_163
"""The ordinal of 1970-01-01: dates of Arrow count from it, those of billcore from the year 1."""

DIGITS = 18
"""Decimals of so many digits are whole numbers of 64 bits."""


@lru_cache(8)
def tariff_of(document: str) -> Tariff:
    """Compiled once a process, whatever hands the batches over."""
    return Tariff.load(document)


def schema(document: str, key: pa.DataType | None = None) -> pa.Schema:
    """The columns that come out: key, total, status, then each line."""
    lines = [(name, pa.int64()) for name in line_names(tariff_of(document))]
    key = key or pa.int64()
    return pa.schema([(KEY, key), ("total", pa.int64()), ("status", pa.string()), *lines])


def rated(document: str, batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch rated; a row that cannot be has its status, as OUT_OF_RANGE, and amounts of 0.

    Raises ColumnMissing, ColumnUnknown, and of pyarrow what does not fit a column exactly.
    """
    tariff = tariff_of(document)
    decimals = {spec.name: spec.decimals for spec in columns_of(tariff)}
    given = {
        name: _integers(batch.column(name), decimals.get(name, 0))
        for name in batch.schema.names
        if name != KEY
    }
    found = rate(tariff, given)
    words = np.array([status.name for status in Status], dtype=object)
    numbers = {int(status): at for at, status in enumerate(Status)}
    places = np.vectorize(numbers.__getitem__, otypes=[np.intp])(found.status)
    columns = [batch.column(KEY), pa.array(found.total), pa.array(words[places], pa.string())]
    columns += [pa.array(found.lines[name]) for name in line_names(tariff)]
    return pa.RecordBatch.from_arrays(columns, schema=schema(document, batch.column(KEY).type))


def rated_batches(document: str, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batch after batch: what Spark's mapInArrow asks for."""
    for batch in batches:
        yield rated(document, batch)


def _integers(column: pa.Array, decimals: int) -> np.ndarray:
    """Days as ordinals, decimals as what they count, integers as they are; nothing is rounded."""
    if column.null_count:
        raise pa.ArrowInvalid("a bill needs every column: there are nulls")
    if pa.types.is_date32(column.type):
        return column.view(pa.int32()).to_numpy() + np.int32(EPOCH)
    if pa.types.is_decimal(column.type):
        exact = pa.concat_arrays([column]).cast(pa.decimal128(DIGITS, decimals))
        low = np.frombuffer(exact.buffers()[1], dtype=np.int64)[::2]
        return np.ascontiguousarray(low[exact.offset : exact.offset + len(exact)])
    return column.cast(pa.int64()).to_numpy()
