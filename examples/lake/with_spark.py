"""Rates bills of Parquet files in Spark: `python with_spark.py TARIFF.yaml BILLS.parquet OUT`.

`mapInArrow` hands batches to Python workers, each of which compiles the tariff once. The workers
need billcore (the same wheel) and this folder: on a cluster ship `rated.py` by `--py-files`.
"""

import sys
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from rated import rated_batches, schema


def rate(bills: DataFrame, document: str) -> DataFrame:
    """The bills rated, when they are asked for."""
    return bills.mapInArrow(
        lambda batches: rated_batches(document, batches), from_arrow_schema(schema(document))
    )


def main(tariff: str, bills: str, out: str) -> int:
    """Writes the rated bills; how many."""
    document = Path(tariff).read_text(encoding="utf-8")
    here = str(Path(__file__).with_name("rated.py"))
    spark = SparkSession.builder.appName("billcore").getOrCreate()
    try:
        spark.sparkContext.addPyFile(here)
        rate(spark.read.parquet(bills), document).write.parquet(out)
        return int(spark.read.parquet(out).count())
    finally:
        spark.stop()


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
