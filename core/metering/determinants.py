"""Usage of a range of accounts for a month's bills, read as columns.

Only the months in which border days lie are read: those of the window for the whole range, others
for the accounts that need them.
"""

from dataclasses import dataclass

import numpy as np

from billcore.core.ids import provider_of
from billcore.core.metering.exact import Bools, Ints
from billcore.core.metering.readings import (
    Readings,
    Timeline,
    decided,
    joined,
    month_of,
    readings_of,
    timeline,
)
from billcore.core.metering.registers import (
    DAY_BITS,
    DAY_LAST,
    Installations,
    agreement_key,
    coded,
    installations_of,
)
from billcore.core.metering.usage import Parts, Periods, Usage, expanded, parts_of, usage
from billcore.core.ordered import ascending, distinct, places, tally
from billcore.core.store import meters as meter_rows
from billcore.core.store import readings as rows
from billcore.core.store.port import Reader


@dataclass(frozen=True, slots=True, eq=False)
class Agreements:
    """Agreements to bill, by row, and the day of the reading up to which they are billed.

    last_day: the last day of each.
    """

    account_id: Ints
    agreement_no: Ints
    previous_day: Ints
    last_day: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Determinants:
    """periods: a row an agreement; this_day is previous_day where the window has no reading.

    usage: of the periods, see `usage.Usage`; installations and readings: what its rows mean.
    """

    periods: Periods
    usage: Usage
    installations: Installations
    readings: Timeline


def determinants(
    reader: Reader,
    first: int,
    last: int,
    agreements: Agreements,
    window: tuple[int, int],
    known: Readings | None = None,
) -> Determinants:
    """The usage of agreements of accounts first..last since they were billed; see `borders`."""
    installations = installations_of(meter_rows.of_accounts(reader, first, last))
    found = borders(reader, (first, last), installations, agreements, window, known)
    counted = usage(installations, found.readings, found.periods, found.parts)
    return Determinants(found.periods, counted, installations, found.readings)


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """Periods with the readings on their borders, see `Determinants`; parts: of `parts_of`."""

    periods: Periods
    installations: Installations
    readings: Timeline
    parts: Parts


def borders(
    reader: Reader,
    accounts: tuple[int, int],
    installations: Installations,
    agreements: Agreements,
    window: tuple[int, int],
    known: Readings | None = None,
) -> Borders:
    """The periods of agreements of a range of accounts since they were billed.

    window: the first and last day on which a closing reading may lie. An agreement's closing day is
    the last one on which every register at work was read; if there is none, the last one on which
    any was, with the missing readings flagged. One that ends by the end of the window is closed on
    its last day, whenever that was. known: readings that the caller has, as those of days inside
    the periods.
    """
    decisions = rows.decisions_range(reader, *accounts)
    in_window = range(*(month_of(np.array(window)) + np.array([0, 1])).tolist())
    tables = [rows.borders_of_range(reader, month, *accounts) for month in in_window]
    opening = month_of(agreements.previous_day)
    metered = _metered(installations, agreements)
    tables += [
        rows.borders_of_month(reader, month, agreements.account_id[metered & (opening == month)])
        for month in distinct(opening[metered]).tolist()
        if month not in in_window
    ]
    parts = [decided(readings_of(table), decisions) for table in tables]
    parts += [known] if known is not None else []
    readings = timeline(joined(parts), installations)
    this_day = closing_days(installations, readings, agreements, window)
    periods = Periods(
        agreements.account_id, agreements.agreement_no, agreements.previous_day, this_day
    )
    found = parts_of(installations, readings, periods)
    missing = _missing(installations, found, [*in_window], opening)
    if missing:
        parts += [
            decided(readings_of(rows.borders_of_month(reader, month, account)), decisions)
            for month, account in missing
        ]
        readings = timeline(joined(parts), installations)
        found = parts_of(installations, readings, periods)
    return Borders(periods, installations, readings, found)


def _metered(installations: Installations, agreements: Agreements) -> Bools:
    """Which agreements have, or had, a meter."""
    key = agreement_key(agreements.account_id, agreements.agreement_no)
    metered = distinct(agreement_key(installations.account_id, installations.agreement_no))
    return places(metered, key)[1]


def closing_days(
    installations: Installations,
    readings: Timeline,
    agreements: Agreements,
    window: tuple[int, int],
) -> Ints:
    """The last day of the window on which each agreement was read, see `determinants`."""
    visits, have = tally(coded(*_read_days(installations, readings, agreements, window)))
    agreement, day = visits >> DAY_BITS, visits & DAY_LAST
    whole = have >= _at_work(installations, agreements, agreement, day)
    best = np.zeros(len(agreements.account_id), dtype=np.int64)
    np.maximum.at(best, agreement[whole], day[whole])
    any_day = np.zeros_like(best)
    np.maximum.at(any_day, agreement, day)
    best = np.where(best > 0, best, any_day)
    read = np.where(best > 0, best, agreements.previous_day)
    found: Ints = np.where(agreements.last_day <= window[1], agreements.last_day, read)
    return found


def _read_days(
    installations: Installations,
    readings: Timeline,
    agreements: Agreements,
    window: tuple[int, int],
) -> tuple[Ints, Ints]:
    """(agreement, day) of every reading inside the window and after the last bill."""
    day = readings.day
    inside = np.flatnonzero((day >= window[0]) & (day <= window[1]))
    row = installations.row_at(readings.rank[inside], day[inside])
    inside, row = inside[row >= 0], row[row >= 0]
    key = agreement_key(installations.account_id, installations.agreement_no)[row]
    wanted = agreement_key(agreements.account_id, agreements.agreement_no)
    order = np.argsort(wanted, kind="stable")
    pair, at = expanded(wanted[order], key)
    agreement, reading = order[at], inside[pair]
    after = day[reading] > agreements.previous_day[agreement]
    agreement, reading = agreement[after], reading[after]
    return agreement, day[reading]


def registers_at_work(
    installations: Installations, account_id: Ints, agreement_no: Ints, day: Ints
) -> tuple[Ints, Ints]:
    """(given row, row of the installations) of every register at work on a day of an agreement."""
    keys = agreement_key(installations.account_id, installations.agreement_no)
    order = np.argsort(keys, kind="stable")
    given, at = expanded(keys[order], agreement_key(account_id, agreement_no))
    row = order[at]
    here = installations.row_at(installations.rank[row], day[given]) == row
    return given[here], row[here]


def _at_work(
    installations: Installations, agreements: Agreements, agreement: Ints, day: Ints
) -> Ints:
    """How many registers of agreements are at work on days."""
    keys = agreement_key(installations.account_id, installations.agreement_no)
    if ascending(keys):  # one each, and it was read on the day
        return np.ones(len(day), dtype=np.int64)
    account, number = agreements.account_id[agreement], agreements.agreement_no[agreement]
    given, _ = registers_at_work(installations, account, number, day)
    return np.bincount(given, minlength=len(day)).astype(np.int64)


def _missing(
    installations: Installations, parts: Parts, months: list[int], opening: Ints | None = None
) -> list[tuple[int, Ints]]:
    """(month, accounts) of border days whose readings are not at hand and lie in other months.

    opening: by period, a month of which its account's readings are at hand as well.
    """
    absent = np.concatenate([parts.opening < 0, parts.closing < 0])
    if not absent.any():
        return []
    day = np.concatenate([parts.opening_day, parts.closing_day])[absent]
    row = np.concatenate([parts.installation, parts.installation])[absent]
    month, account = month_of(day), installations.account_id[row]
    unread = ~np.isin(month, months)
    if opening is not None:
        unread &= month != opening[np.concatenate([parts.period, parts.period])[absent]]
    month, account = month[unread], account[unread]
    return [(number, account[month == number]) for number in distinct(month).tolist()]


def usage_of(
    reader: Reader,
    provider_id: int,
    account_id: int,
    agreement_no: int,
    previous_day: int,
    this_day: int,
) -> Determinants:
    """What one agreement used in (previous_day, this_day]; without rows if it is unknown."""
    mine = account_id if provider_of(account_id) == provider_id else 0
    installations = installations_of(meter_rows.of_accounts(reader, mine, mine))
    row = [np.array([n]) for n in (mine, agreement_no, previous_day, this_day)]
    periods = Periods(*row)
    nothing = parts_of(installations, timeline(joined([]), installations), periods)
    decisions = rows.decisions(reader, periods.account_id)
    parts = [
        decided(readings_of(rows.borders_of_month(reader, month, account)), decisions)
        for month, account in _missing(installations, nothing, [])
    ]
    readings = timeline(joined(parts), installations)
    return Determinants(periods, usage(installations, readings, periods), installations, readings)
