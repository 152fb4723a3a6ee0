"""The examples that rate in DuckDB and Polars: the integers of billcore itself."""

from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import lake
from tests.lake import BILLS, TARIFF, example


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_an_engine_rates_as_billcore_does(engine, tmp_path):
    """Every total, line and status, in the order of the bills; decimals and dates are exact."""
    source, out = tmp_path / "bills.parquet", tmp_path / "rated.parquet"
    pq.write_table(lake.bills(), source, row_group_size=1_000)
    assert example(f"with_{engine}").main(str(TARIFF), str(source), str(out)) == BILLS
    lake.check(pq.read_table(out))


def test_what_is_not_exact_is_refused():
    """A decimal with more places than the input has, a null: nothing is rounded or guessed."""
    rated = example("rated").rated
    document = TARIFF.read_text(encoding="utf-8")
    (batch,) = lake.bills().slice(0, 3).to_batches()
    finer = pa.array([Decimal("1.0005")] * 3, pa.decimal128(9, 4))
    for column in (finer, pa.array([Decimal("1"), None, Decimal("2")], pa.decimal128(9, 3))):
        with pytest.raises(pa.ArrowInvalid):
            rated(document, batch.set_column(batch.schema.get_field_index("m3"), "m3", column))
    assert rated(document, batch.slice(1, 2)).column("bill").to_pylist() == [1, 2]
