"""Rows of columns, as the store and the domain pick them."""

import numpy as np
import pyarrow as pa
import pytest

from billcore.core.store.columns import taken

TABLE = {"number": np.array([7, 8, 9]), "text": pa.array(["a", "b", "c"])}


@pytest.mark.parametrize("rows", [[], [0], [2], [0, 2], [2, 1, 0], [1, 0, 2], [1, 1, 1], [0, 1, 2]])
def test_rows_of_a_table(rows):
    found = taken(TABLE, np.array(rows, dtype=np.int64))
    assert found["number"].tolist() == [TABLE["number"][row] for row in rows]
    assert found["text"].to_pylist() == [TABLE["text"][row].as_py() for row in rows]


def test_all_rows_in_order_are_the_columns_themselves():
    found = taken(TABLE, np.arange(3))
    assert found == TABLE
    assert found["number"] is TABLE["number"]
    found["number"] = np.zeros(3)
    assert TABLE["number"].tolist() == [7, 8, 9]


def test_a_table_without_columns_or_rows():
    nothing = np.zeros(0, dtype=np.int64)
    assert taken({}, nothing) == {}
    assert len(taken({"number": nothing}, nothing)["number"]) == 0
