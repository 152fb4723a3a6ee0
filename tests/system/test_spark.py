"""The example that rates in Spark: the integers of billcore itself."""

import os
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from tests import lake
from tests.lake import BILLS, LAKE, TARIFF

SECONDS = 300

pytestmark = [pytest.mark.system, pytest.mark.java]


def test_spark_rates_as_billcore_does(tmp_path):
    """mapInArrow, in a session of one thread."""
    source, out = tmp_path / "bills.parquet", tmp_path / "rated"
    pq.write_table(lake.bills(), source)
    run = subprocess.run(
        [sys.executable, LAKE / "with_spark.py", TARIFF, source, out],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env=os.environ
        | {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
        | {"PYSPARK_SUBMIT_ARGS": "--master local[1] pyspark-shell"},
    )
    assert run.returncode == 0, run.stderr[-4_000:]
    assert run.stdout.strip().endswith(str(BILLS))
    lake.check(pq.read_table(out))
