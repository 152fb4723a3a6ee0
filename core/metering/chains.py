"""Chains of estimates among the stored readings: where nobody has read a dial for long."""

import numpy as np

from billcore.core.metering.determinants import registers_at_work
from billcore.core.metering.estimate import chain_lengths
from billcore.core.metering.exact import Bools, Ints
from billcore.core.metering.findings import Status
from billcore.core.metering.readings import (
    Readings,
    decided,
    joined,
    month_of,
    readings_of,
    timeline,
)
from billcore.core.metering.registers import installations_of
from billcore.core.store import meters
from billcore.core.store import readings as rows
from billcore.core.store.port import Reader

MONTHS_MAX = 120
"""So far back a chain is followed."""


def in_long_chains(
    reader: Reader, account_id: Ints, agreement_no: Ints, day: Ints, least: int
) -> Bools:
    """Which agreements have a register whose reading of the day is at least the `least`-th estimate
    in a row.

    The readings are read a month at a time, for those agreements whose chains can still grow.
    """
    installations = installations_of(meters.of_account_list(reader, account_id))
    given, row = registers_at_work(installations, account_id, agreement_no, day)
    rank, on = installations.rank[row], day[given]
    decisions = rows.decisions(reader, account_id)
    known: Readings = joined([])
    length = np.zeros(len(given), dtype=np.int64)
    left = np.arange(len(given))
    newest = int(month_of(on).max(initial=0))
    first = month_of(installations.run_from[row])
    for month in range(newest, newest - MONTHS_MAX, -1):
        left = left[(length[left] < least) & (first[left] <= month)]
        if not len(left):
            break
        part = readings_of(rows.of_month(reader, month, account_id[given[left]]))
        known = joined([known, decided(part, decisions)])
        length = chain_lengths(timeline(known, installations), rank, on)
        actual = timeline(known, installations, (Status.ACCEPTED,)).before(rank, on + 1)
        left = left[actual[left] < 0]
    found = np.zeros(len(account_id), dtype=np.bool_)
    found[given[length >= least]] = True
    return found
