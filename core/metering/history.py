"""What was used before: the spans between accepted readings, and daily averages of them."""

from typing import NamedTuple

import numpy as np

from billcore.core.metering.exact import Exact, Ints, power, product, running
from billcore.core.metering.readings import Timeline
from billcore.core.metering.registers import DAY_BITS, Installations, coded, gather
from billcore.core.metering.usage import counted_between, unit_decimals

YEAR_DAYS = 365


class Average(NamedTuple):
    """usage in so many days; days 0: nothing is known. Usage has the series' decimals."""

    usage: Exact
    days: Ints


class Spans:
    """Usage between neighbouring accepted readings of the installations' series, before sharing.

    A series goes on through exchanges and new multipliers; all its usage has the decimals of its
    finest installation (`decimals`, by series).
    """

    def __init__(self, installations: Installations, accepted: Timeline) -> None:
        series = installations.series
        decimals = unit_decimals(installations, np.arange(len(installations)))
        self.decimals = np.zeros(len(installations), dtype=np.int64)
        np.maximum.at(self.decimals, series, decimals)
        rank, day = accepted.rank, accepted.day
        closing = np.flatnonzero(rank[1:] == rank[:-1]) + 1
        row = installations.row_at(rank[closing], day[closing])
        inside = (row >= 0) & (gather(installations.from_day, row) <= day[closing - 1])
        row, closing = row[inside], closing[inside]
        counted, _ = counted_between(installations, accepted, row, closing - 1, closing)
        fine = product(counted, power(self.decimals[series[row]] - decimals[row]))
        code = coded(series[row], day[closing])
        order = np.argsort(code, kind="stable")
        self._code, self._opening = code[order], day[closing - 1][order]
        self._usage = running(fine[order])
        self._days = running((day[closing] - day[closing - 1])[order])

    def recent(self, series: Ints, day: Ints, periods: int) -> Average:
        """Of the last `periods` spans that end before a day."""
        end = np.searchsorted(self._code, coded(series, day))
        start = np.searchsorted(self._code, coded(series, np.zeros_like(day)))
        return self._between(np.maximum(start, end - periods), end)

    def last_year(self, series: Ints, previous: Ints, this: Ints) -> Average:
        """Of the span that had the middle of (previous, this] a year before."""
        middle = (previous + this + 1) // 2 - YEAR_DAYS
        at = np.searchsorted(self._code, coded(series, middle))
        row = np.where(at < len(self._code), at, -1)
        same = gather(self._code, row, -1) >> DAY_BITS == series
        found = (row >= 0) & same & (gather(self._opening, row) < middle)
        return self._between(np.where(found, at, 0), np.where(found, at + 1, 0))

    def _between(self, start: Ints, end: Ints) -> Average:
        return Average(self._usage[end] - self._usage[start], self._days[end] - self._days[start])
