"""Rates bills of Parquet files in DuckDB.

    python with_duckdb.py TARIFF.yaml BILLS.parquet OUT.parquet

DuckDB reads, filters and joins; batches go through `rated`; what comes of them is a table to it.
"""

import sys
from pathlib import Path

import duckdb
import pyarrow as pa
from rated import rated_batches, schema

ROWS = 262_144


def main(tariff: str, bills: str, out: str) -> int:
    """Writes the rated bills; how many."""
    document = Path(tariff).read_text(encoding="utf-8")
    reading, writing = duckdb.connect(), duckdb.connect()  # each streams for itself
    batches = reading.read_parquet(bills).to_arrow_reader(ROWS)
    rated = pa.RecordBatchReader.from_batches(schema(document), rated_batches(document, batches))
    writing.register("rated", rated)
    ((count,),) = writing.execute(
        "COPY (FROM rated) TO $out (FORMAT parquet)", {"out": out}
    ).fetchall()
    return int(count)


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
