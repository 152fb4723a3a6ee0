"""Distinct numbers, counted: as numpy's own way says."""

import numpy as np
import pytest

from billcore.core.ordered import ascending, distinct, tally

CASES = [[], [5], [5, 5], [1, 2, 9], [9, 2, 1], [3, 1, 3, -4, 1, 3], [-1, -1, 0, 0, 2]]


@pytest.mark.parametrize("values", CASES, ids=str)
def test_distinct_and_tally_are_those_of_numpy(values):
    column = np.array(values, dtype=np.int64)
    numbers, count = np.unique(column, return_counts=True)
    assert distinct(column).tolist() == numbers.tolist()
    assert [part.tolist() for part in tally(column)] == [numbers.tolist(), count.tolist()]
    assert column.tolist() == values
    assert ascending(column) == (sorted(set(values)) == values)
