"""The readings of an account as people see them: place, dial, usage, newest first."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from billcore.core.caller import Caller
from billcore.core.ids import provider_of
from billcore.core.metering.findings import Source, Status
from billcore.core.metering.readings import (
    Readings,
    Timeline,
    decided,
    joined,
    month_of,
    readings_of,
    timeline,
)
from billcore.core.metering.registers import Installations, gather, installations_of
from billcore.core.metering.usage import counted_between, shared, unit_decimals
from billcore.core.store import meters as meter_rows
from billcore.core.store import readings as rows
from billcore.core.store.port import Reader

MONTHS_MAX = 120
"""A list goes over at most this many months, up to its last day."""

BEFORE_MONTHS = 24
"""The reading before the first of a list is looked for in so many months."""


class Position(NamedTuple):
    """The place of an entry in a list, newest first; the list goes on behind it."""

    day: int
    meter_id: int
    register_no: int
    version: int


class Wanted(NamedTuple):
    """Readings of an account on first_day..last_day; meter_id and register_no 0: of all."""

    account_id: int
    meter_id: int
    register_no: int
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A version of a reading. counts: it is the one that is used. usage: since the reading before
    it, in 10^-usage_decimals of the unit, after sharing; days 0: there is none before it."""

    account_id: int
    agreement_no: int
    meter_id: int
    register_no: int
    day: int
    version: int
    value: int
    decimals: int
    unit: str
    quantity: str
    place: str
    address: str
    source: Source
    status: Status
    findings: int
    counts: bool
    usage: int
    usage_decimals: int
    days: int
    recorded_at: int

    @property
    def position(self) -> Position:
        """Its place in a list."""
        return Position(self.day, self.meter_id, self.register_no, self.version)


def listing(
    reader: Reader, caller: Caller, wanted: Wanted, after: Position | None, limit: int
) -> tuple[list[Entry], bool]:
    """(at most `limit` entries behind a position, are there more). Of an account that the provider
    does not have there are none."""
    account = wanted.account_id
    if provider_of(account) != caller.provider_id:
        return [], False
    installations = installations_of(meter_rows.of_accounts(reader, account, account))
    readings = _readings(reader, wanted)
    counted = timeline(readings, installations)
    kept = readings.take(_asked(readings, wanted, after))
    order = np.lexsort((-kept.version, kept.register_no, kept.meter_id, -kept.day))
    page = kept.take(order[:limit])
    return _entries(reader, installations, counted, page, account), len(kept) > limit


def _readings(reader: Reader, wanted: Wanted) -> Readings:
    """Every version of the account's readings that the list may need."""
    decisions = rows.decisions(reader, np.array([wanted.account_id]))
    first, last = month_of(np.array([wanted.first_day, wanted.last_day])).tolist()
    start = max(first, last - MONTHS_MAX) - BEFORE_MONTHS
    tables = rows.of_account(reader, wanted.account_id, start, last)
    return decided(joined([readings_of(table) for table in tables]), decisions)


def _asked(readings: Readings, wanted: Wanted, after: Position | None) -> np.ndarray:
    asked = (readings.day >= wanted.first_day) & (readings.day <= wanted.last_day)
    if wanted.meter_id:
        asked &= readings.meter_id == wanted.meter_id
    if wanted.register_no:
        asked &= readings.register_no == wanted.register_no
    if after is None:
        return asked
    keys = (-readings.day, readings.meter_id, readings.register_no, -readings.version)
    place = (-after.day, after.meter_id, after.register_no, -after.version)
    behind, equal = np.zeros_like(asked), np.ones_like(asked)
    for column, at in zip(keys, place, strict=True):
        behind |= equal & (column > at)
        equal &= column == at
    return asked & behind


def _entries(
    reader: Reader,
    installations: Installations,
    counted: Timeline,
    page: Readings,
    account_id: int,
) -> list[Entry]:
    rank = installations.ranks(page.account_id, page.meter_id, page.register_no)
    row = installations.row_at(rank, page.day)
    here = counted.on(rank, page.day)
    counts = gather(counted.version, here) == page.version
    before = counted.before(rank, page.day)
    since = gather(counted.day, before)
    known = counts & (before >= 0) & (since >= gather(installations.from_day, row))
    opening, closing = np.where(known, before, -1), np.where(known, here, -1)
    whole, _ = counted_between(installations, counted, row, opening, closing)
    own = shared(
        whole,
        installations.share_before[row],
        installations.share[row],
        installations.share_of[row],
    )
    days = np.where(known, page.day - since, 0)
    decimals = unit_decimals(installations, row)
    places, units = meter_rows.places(reader, account_id), meter_rows.units(reader, account_id)
    found = []
    for n in range(len(page)):
        at = int(row[n])
        agreement_no = int(installations.agreement_no[at])
        meter_id, register_no = int(page.meter_id[n]), int(page.register_no[n])
        place, address, _ = places.get(agreement_no, ("", "", ""))
        found.append(
            Entry(
                account_id,
                agreement_no,
                meter_id,
                register_no,
                int(page.day[n]),
                int(page.version[n]),
                int(page.value[n]),
                int(installations.decimals[at]),
                units.get((meter_id, register_no), ""),
                installations.quantities[int(installations.quantity_no[at])],
                place,
                address,
                Source(int(page.source[n])),
                Status(int(page.status[n])),
                int(page.findings[n]),
                bool(counts[n]),
                int(own[n]),
                int(decimals[n]),
                int(days[n]),
                int(page.recorded_at[n]),
            )
        )
    return found
