"""Exact sums of columns by key: small whole numbers as keys, minor units as values."""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from billcore.core.ordered import distinct, search
from billcore.core.rating.batch import Ints

DENSE = 1 << 16
"""Up to so many keys, or as many as rows, are summed in a place each."""

KEYS_MAX = 2**62

HALF = 32
"""Bits of the lower part of an amount where sums of whole ones could leave 64 bits."""


class Sums:
    """Sums by key, put together from parts; whole numbers without limit."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._found: dict[tuple[int, ...], list[int]] = {}

    def add(self, keys: Sequence[Ints], values: Sequence[Ints]) -> None:
        """Adds rows. keys: columns of numbers from 0; values: `width` columns as long."""
        assert len(values) == self._width
        rows = len(keys[0])
        if not rows:
            return
        sizes = [int(column.max()) + 1 for column in keys]
        assert prod(sizes) < KEYS_MAX, "keys are small numbers"
        code = np.zeros(rows, dtype=np.int64)
        for column, size in zip(keys, sizes, strict=True):
            code = code * size + column
        used, at = _places(code, prod(sizes))
        sums = [_summed(at, column, len(used)) for column in values]
        parts = np.unravel_index(used, sizes)
        told = zip(*(part.tolist() for part in parts), strict=True)
        for key, *row in zip(told, *sums, strict=True):
            kept = self._found.setdefault(key, [0] * self._width)
            for place, amount in enumerate(row):
                kept[place] += amount

    def __iter__(self) -> Iterator[tuple[tuple[int, ...], list[int]]]:
        """(key, sums) in the order of keys."""
        return iter(sorted(self._found.items()))


def _places(code: Ints, size: int) -> tuple[Ints, Ints]:
    """The codes that there are, sorted, and the place of each row's among them."""
    if size <= max(DENSE, len(code)):
        there = np.zeros(size, dtype=np.bool_)
        there[code] = True
        used = np.flatnonzero(there)
        place = np.cumsum(there) - 1
        return used, place[code]
    used = distinct(code)
    return used, search(used, code)


def _summed(at: Ints, values: Ints, size: int) -> list[int]:
    """The sum of the values at each place."""
    largest = max(abs(int(values.max())), abs(int(values.min())))
    if largest * len(values) < 2**63:
        return _added(at, values, size)
    upper = _added(at, values >> HALF, size)
    lower = _added(at, values & (1 << HALF) - 1, size)
    return [(high << HALF) + low for high, low in zip(upper, lower, strict=True)]


def _added(at: Ints, values: Ints, size: int) -> list[int]:
    found = np.zeros(size, dtype=np.int64)
    np.add.at(found, at, values)
    return [int(one) for one in found]
