"""Rates bills of Parquet files in Polars.

    python with_polars.py TARIFF.yaml BILLS.parquet OUT.parquet

A lazy frame: what Polars reads in batches is rated in batches, and written as it comes.
"""

import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
from rated import rated, schema


def lazily(document: str, bills: pl.LazyFrame) -> pl.LazyFrame:
    """The bills rated, when they are asked for."""

    def each(frame: pl.DataFrame) -> pl.DataFrame:
        (batch,) = frame.rechunk().to_arrow().combine_chunks().to_batches() or [None]
        return frame.head(0) if batch is None else pl.from_arrow(pa.table(rated(document, batch)))

    wanted = pl.from_arrow(schema(document).empty_table()).schema
    return bills.map_batches(each, schema=wanted, streamable=True)


def main(tariff: str, bills: str, out: str) -> int:
    """Writes the rated bills; how many."""
    document = Path(tariff).read_text(encoding="utf-8")
    lazily(document, pl.scan_parquet(bills)).sink_parquet(out)
    return int(pl.scan_parquet(out).select(pl.len()).collect().item())


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
