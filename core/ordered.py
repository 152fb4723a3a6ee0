"""Numbers in order, and among few: the distinct ones, how often each is there, where they stand.

`np.unique` hashes, which takes ten times as long as sorting, and sorts what is sorted already;
`np.searchsorted` bisects for each number, though columns of one account range mostly go together.
The one door to the kernel that searches.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from billcore.ext import sorted_search

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def distinct(values: Ints) -> Ints:
    """The distinct values, sorted."""
    ordered = _sorted(values)
    found: Ints = ordered[_first(ordered)]
    return found


def tally(values: Ints) -> tuple[Ints, Ints]:
    """The distinct values, sorted, and how often each is there."""
    ordered = _sorted(values)
    first = np.flatnonzero(_first(ordered))
    return ordered[first], np.diff(np.append(first, len(ordered)))


def one_of(values: Ints, allowed: Sequence[int]) -> Bools:
    """Which values are one of these few."""
    found = np.zeros(len(values), dtype=np.bool_)
    for one in allowed:
        found |= values == one
    return found


def search(keys: Ints, wanted: Ints, after: bool = False) -> Ints:
    """Of each wanted number, how many of the sorted keys are below it; with after, not above it."""
    at = np.empty(len(wanted), dtype=np.int64)
    sorted_search.search(_column(keys), _column(wanted), after, at)
    return at


def places(keys: Ints, wanted: Ints) -> tuple[Ints, Bools]:
    """Where each wanted number first stands in the sorted keys, and whether it does; 0 where it
    does not."""
    at, there = np.empty(len(wanted), dtype=np.int64), np.empty(len(wanted), dtype=np.bool_)
    sorted_search.find(_column(keys), _column(wanted), at, there.view(np.uint8))
    return at, there


def ascending(values: Ints) -> bool:
    """Whether each value is above the one before: sorted, and none there twice."""
    return bool((values[1:] > values[:-1]).all())


def _column(values: Ints) -> Ints:
    return np.ascontiguousarray(values, dtype=np.int64)


def _sorted(values: Ints) -> Ints:
    return values if (values[1:] >= values[:-1]).all() else np.sort(values)


def _first(ordered: Ints) -> Bools:
    """Whether each value is the first of its kind."""
    found = np.ones(len(ordered), dtype=np.bool_)
    found[1:] = ordered[1:] != ordered[:-1]
    return found
