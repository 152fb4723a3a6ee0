"""The rate of each day: fixed, or of a series of reference rates; what is added, and the cap."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from billcore.core.accounts.late_fees import Rate
from billcore.core.collections.late_fees.errors import ReferenceRateMissing
from billcore.core.rating.batch import Ints
from billcore.core.store.port import OPEN_DAY


class Reference(NamedTuple):
    """A reference rate per million from a day on; source_day: when its source told it."""

    from_day: int
    per_million: int
    source: str
    source_day: int


Series = Mapping[str, tuple[Reference, ...]]
"""The rates of each series by from_day."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates by day: from from_day[i], to the day before the next, per_million[i].

    source_day: when the reference rate was told; 0 of a fixed one. Before the first there is none.
    """

    series: str
    from_day: Ints
    per_million: Ints
    source_day: Ints

    def place(self, days: Ints) -> Ints:
        """Which rate counts on each day. Raises ReferenceRateMissing."""
        found = np.searchsorted(self.from_day, days, side="right") - 1
        if len(found) and found.min() < 0:
            raise ReferenceRateMissing(self.series, int(days.min()))
        return found


def rates_of(rate: Rate, known: Series) -> Rates:
    """The rates that a rule speaks of. Raises ReferenceRateMissing for a series without rates."""
    if not rate.series:
        told: tuple[Reference, ...] = (Reference(1, rate.per_million, "", 0),)
    else:
        told = known.get(rate.series, ())
        if not told:
            raise ReferenceRateMissing(rate.series, 0)
    days = {one.from_day for one in told}
    if rate.cap_per_million and told[0].from_day <= rate.cap_until_day < OPEN_DAY:
        days.add(rate.cap_until_day + 1)
    from_day = np.array(sorted(days), dtype=np.int64)
    at = np.searchsorted(np.array([one.from_day for one in told]), from_day, side="right") - 1
    per_million = np.array([one.per_million for one in told], dtype=np.int64)[at]
    per_million = np.maximum(per_million + rate.plus_per_million, 0)
    if rate.cap_per_million:
        capped = np.minimum(per_million, rate.cap_per_million)
        per_million = np.where(from_day <= rate.cap_until_day, capped, per_million)
    source_day = np.array([one.source_day for one in told], dtype=np.int64)[at]
    return Rates(rate.series, from_day, per_million, source_day)
