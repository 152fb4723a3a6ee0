"""Whole-number arithmetic over columns that cannot overflow.

A product is int64 where its bound allows and Python's integers where it does not: exact either way,
and fast for every real meter.
"""

from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Exact = npt.NDArray[Any]
"""int64, or Python integers where int64 might not do."""

INT64_MAX = 2**63 - 1


def largest(column: Exact | int) -> int:
    """The largest magnitude in a column; 0 of an empty one."""
    if isinstance(column, int):
        return abs(column)
    return max(int(column.max()), -int(column.min())) if column.size else 0


def product(*factors: Exact | int) -> Exact:
    """The product of columns, row by row."""
    fits = prod(map(largest, factors)) <= INT64_MAX
    found: Exact = np.asarray(factors[0], dtype=np.int64 if fits else object)
    for factor in factors[1:]:
        found = found * factor
    return found


def power(exponent: Ints) -> Exact:
    """10^exponent, row by row; exponents of 0 or more."""
    most = largest(exponent)
    table = np.array([10**n for n in range(most + 1)], dtype=np.int64 if most < 19 else object)
    found: Exact = table[exponent]
    return found


def half_up(numerator: Exact, denominator: Exact) -> Exact:
    """The nearest integer to numerator / denominator, halves away from zero; denominators > 0.

    `core.money.divide` with Mode.HALF_UP, over columns.
    """
    doubled = product(np.abs(numerator), 2) + denominator
    found: Exact = np.where(numerator < 0, -1, 1) * (doubled // product(denominator, 2))
    return found


def narrow(column: Exact) -> tuple[Ints, Bools]:
    """As int64, with 0 where a row does not fit, and which rows fit."""
    if column.dtype != object:
        return column.astype(np.int64), np.ones(column.shape, dtype=np.bool_)
    fits = (column <= INT64_MAX) & (column >= -INT64_MAX)
    return np.where(fits, column, 0).astype(np.int64), fits.astype(np.bool_)


def running(column: Exact) -> Exact:
    """The sums of the first 0, 1, 2, … rows."""
    wide = product(column, max(1, column.size)).dtype == object
    kind: Any = object if wide else np.int64
    zero = np.zeros(1, dtype=kind)
    found: Exact = np.concatenate([zero, np.cumsum(column.astype(kind))])
    return found


def sums(values: Exact, group: Ints, groups: int) -> Exact:
    """The sum of each group's values; `group` is sorted."""
    upto = running(values)
    ends = np.searchsorted(group, np.arange(groups + 1))
    found: Exact = upto[ends[1:]] - upto[ends[:-1]]
    return found
