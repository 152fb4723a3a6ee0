"""Distinct numbers, counted, and where numbers stand: as numpy's own way says."""

import numpy as np
import pytest

from billcore.core.ordered import ascending, distinct, places, search, tally
from billcore.ext import sorted_search

CASES = [[], [5], [5, 5], [1, 2, 9], [9, 2, 1], [3, 1, 3, -4, 1, 3], [-1, -1, 0, 0, 2]]


@pytest.mark.parametrize("values", CASES, ids=str)
def test_distinct_and_tally_are_those_of_numpy(values):
    column = np.array(values, dtype=np.int64)
    numbers, count = np.unique(column, return_counts=True)
    assert distinct(column).tolist() == numbers.tolist()
    assert [part.tolist() for part in tally(column)] == [numbers.tolist(), count.tolist()]
    assert column.tolist() == values
    assert ascending(column) == (sorted(set(values)) == values)


EDGES = [-(2**63), -(2**63) + 1, -1, 0, 1, 2**63 - 2, 2**63 - 1]


def drawn(seed):
    """Sorted keys, some there twice, and wanted ones: in order, in runs of order, in none."""
    draw = np.random.default_rng(seed)
    keys = np.sort(draw.integers(0, draw.choice([10, 1000]), draw.integers(0, 200)))
    some = np.sort(draw.integers(-5, 1010, draw.integers(0, 300)))
    return keys, [keys, some, np.concatenate([some, keys, some]), draw.permutation(some)]


def check(keys, wanted):
    below = np.searchsorted(keys, wanted)
    assert search(keys, wanted).tolist() == below.tolist()
    assert (
        search(keys, wanted, after=True).tolist() == np.searchsorted(keys, wanted, "right").tolist()
    )
    there = np.isin(wanted, keys)
    at, found = places(keys, wanted)
    assert found.tolist() == there.tolist()
    assert at.tolist() == np.where(there, below, 0).tolist()


@pytest.mark.parametrize("seed", range(60))
def test_numbers_stand_where_numpy_says(seed):
    keys, every = drawn(seed)
    for wanted in every:
        check(keys, wanted)
        check(keys[::2], wanted[::3])
        check(keys.astype(np.int32), wanted)


@pytest.mark.parametrize("keys", [[], EDGES, EDGES[:1], EDGES[-1:], EDGES[-1:] * 3], ids=len)
def test_the_largest_numbers_have_places(keys):
    check(np.array(keys, dtype=np.int64), np.array([*EDGES, *reversed(EDGES)], dtype=np.int64))


def test_columns_of_other_lengths_are_refused():
    column = np.zeros(3, dtype=np.int64)
    with pytest.raises(ValueError, match="at has one row"):
        sorted_search.search(column, column, False, column[:2].copy())
    with pytest.raises(ValueError, match="there have one row"):
        sorted_search.find(column, column, column.copy(), np.zeros(4, dtype=np.uint8))
