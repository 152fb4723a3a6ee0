"""Numbers in order, and among few: the distinct ones, how often each is there.

`np.unique` hashes, which takes ten times as long as sorting, and sorts what is sorted already.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


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


def one_of(values: Ints, allowed: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Which values are one of these few."""
    found = np.zeros(len(values), dtype=np.bool_)
    for one in allowed:
        found |= values == one
    return found


def ascending(values: Ints) -> bool:
    """Whether each value is above the one before: sorted, and none there twice."""
    return bool((values[1:] > values[:-1]).all())


def _sorted(values: Ints) -> Ints:
    return values if (values[1:] >= values[:-1]).all() else np.sort(values)


def _first(ordered: Ints) -> npt.NDArray[np.bool_]:
    """Whether each value is the first of its kind."""
    found = np.ones(len(ordered), dtype=np.bool_)
    found[1:] = ordered[1:] != ordered[:-1]
    return found
