"""How much of what was billed for a month has come in: by group of accounts, and by channel. Pure.

A bill that is cancelled by the cut-off counts nowhere, nor does its credit note.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.collections.analytics.standing import Source, Standing
from billcore.core.collections.analytics.sums import Sums
from billcore.core.rating.batch import Ints
from billcore.core.tariff.ir import Mode, divide

MILLION = 1_000_000


def per_million(part: int, whole: int) -> int:
    """A share in parts per million, half up; 0 of nothing."""
    return divide(part * MILLION, whole, Mode.HALF_UP) if whole else 0


@dataclass(frozen=True, slots=True)
class Collected:
    """The bills of a month and group at a cut-off; minor units.

    billed = received + transferred + written_off + credited + open. transferred: to plans, too.
    """

    month: int
    group: int
    bills: int
    settled: int
    billed: int
    received: int
    transferred: int
    written_off: int
    credited: int
    open: int

    @property
    def rate(self) -> int:
        """The collection rate: received of what was billed, per million."""
        return per_million(self.received, self.billed)


@dataclass(frozen=True, slots=True)
class ChannelPart:
    """What of the bills of a month and group came in through a channel; 0: none is known."""

    month: int
    group: int
    channel_no: int
    received: int


class Collecting:
    """The collection of months first..last, put together from parts of the accounts."""

    def __init__(self, first: int, last: int) -> None:
        self._first = first
        self._last = last
        self._bills = Sums(4)
        self._paid = Sums(1)
        self._channels = Sums(1)

    def add(self, found: Standing, group: Ints, channel_no: Ints | None = None) -> None:
        """Adds accounts. group: (items,) of each item; channel_no: (steps,) of each step."""
        wanted = found.is_bill & (found.month >= self._first) & (found.month <= self._last)
        rows = np.flatnonzero(wanted)
        settled = (found.open[rows] == 0).astype(np.int64)
        keys = [found.month[rows] - self._first, group[rows]]
        values = [np.ones(len(rows), dtype=np.int64), settled, found.amount[rows], found.open[rows]]
        self._bills.add(keys, values)
        steps = np.flatnonzero(wanted[found.item])
        row = found.item[steps]
        keys = [found.month[row] - self._first, group[row]]
        self._paid.add([*keys, found.source[steps]], [found.paid[steps]])
        if channel_no is None:
            return
        received = steps[found.source[steps] == Source.RECEIVED]
        row = found.item[received]
        keys = [found.month[row] - self._first, group[row], channel_no[received]]
        self._channels.add(keys, [found.paid[received]])

    @property
    def rows(self) -> list[Collected]:
        """By month and group."""
        paid: Mapping[tuple[int, ...], Sequence[int]] = dict(self._paid)
        found = []
        for (month, group), (bills, settled, billed, left) in self._bills:
            by_source = (paid.get((month, group, source), (0,))[0] for source in Source)
            received, transferred, written_off, credited, planned = by_source
            told = received, transferred + planned, written_off, credited, left
            found.append(Collected(self._first + month, group, bills, settled, billed, *told))
        return found

    @property
    def channels(self) -> list[ChannelPart]:
        """By month, group and channel."""
        return [
            ChannelPart(self._first + month, group, channel_no, received)
            for (month, group, channel_no), (received,) in self._channels
        ]
