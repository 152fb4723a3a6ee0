"""Usage: what registers counted in periods (previous, this], as exact integers.

A period's usage is the sum over the installations in it, each from its own first reading in the
period to its last: so exchanges and new multipliers need no rule of their own. Usage needs readings
on the borders; where one is missing it is flagged, never guessed.
"""

from dataclasses import dataclass
from enum import IntFlag

import numpy as np

from billcore.core.metering.dial import turn
from billcore.core.metering.exact import (
    Bools,
    Exact,
    Ints,
    half_up,
    narrow,
    power,
    product,
    sums,
)
from billcore.core.metering.readings import Timeline
from billcore.core.metering.registers import Installations, agreement_key, gather
from billcore.core.ordered import ascending, places, search


class UsageFlag(IntFlag):
    """What to know of a period's usage, as bits."""

    NEGATIVE = 1 << 0  # less than nothing: an actual reading below an estimate, or an override
    ROLLED_OVER = 1 << 1
    EXCHANGED = 1 << 2  # several meters, one after the other
    MULTIPLIER_CHANGED = 1 << 3
    OPENING_ESTIMATED = 1 << 4  # an actual closing reading settles it
    CLOSING_ESTIMATED = 1 << 5
    OPENING_MISSING = 1 << 6  # no usage without it
    CLOSING_MISSING = 1 << 7
    SHARED = 1 << 8
    INCOMPLETE = 1 << 9  # no meter was at work on its first or last days
    OVERFLOW = 1 << 10  # beyond int64


MISSING = UsageFlag.OPENING_MISSING | UsageFlag.CLOSING_MISSING


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """Periods (previous_day, this_day] of agreements; an agreement may have several."""

    account_id: Ints
    agreement_no: Ints
    previous_day: Ints
    this_day: Ints

    def __len__(self) -> int:
        return len(self.account_id)


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """An installation in a period, by period and quantity: its first and last reading there.

    period and installation: rows of the periods and the installations. opening and closing: rows
    of the timeline, -1 where the reading is missing.
    """

    period: Ints
    installation: Ints
    opening_day: Ints
    closing_day: Ints
    opening: Ints
    closing: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Usage:
    """Usage by period and quantity: `usage` counts 10^-decimals of the quantity's unit.

    period: a row of the periods; quantity_no: a place in the installations' quantities. flags: of
    `UsageFlag`; usage is 0 where a reading is missing or the sum overflows. A period without a
    meter has no row. first: the row of `parts` with which each begins.
    """

    period: Ints
    quantity_no: Ints
    usage: Ints
    decimals: Ints
    flags: Ints
    first: Ints
    parts: Parts


def usage(
    installations: Installations, readings: Timeline, periods: Periods, parts: Parts | None = None
) -> Usage:
    """What the registers of agreements counted in their periods. parts: of `parts_of`, if known."""
    parts = parts_of(installations, readings, periods) if parts is None else parts
    quantity = installations.quantity_no[parts.installation]
    fresh = np.ones(len(parts.period), dtype=np.bool_)
    fresh[1:] = (parts.period[1:] != parts.period[:-1]) | (quantity[1:] != quantity[:-1])
    group, first = fresh.cumsum() - 1, np.flatnonzero(fresh)
    counted, flags = _counted(installations, readings, parts)
    flags |= _flagged(installations, periods, parts, group, first)
    decimals = unit_decimals(installations, parts.installation)
    common = _reduced(np.maximum, decimals, first)
    total = sums(product(counted, power(common[group] - decimals)), group, len(first))
    value, fits = narrow(total)
    bits = _reduced(np.bitwise_or, flags, first)
    value = np.where((bits & MISSING) == 0, value, 0)
    bits |= np.where(value < 0, UsageFlag.NEGATIVE, 0) | np.where(fits, 0, UsageFlag.OVERFLOW)
    return Usage(parts.period[first], quantity[first], value, common, bits, first, parts)


def parts_of(installations: Installations, readings: Timeline, periods: Periods) -> Parts:
    """The installations that were at work in the periods, by period, quantity and register."""
    key = agreement_key(installations.account_id, installations.agreement_no)
    wanted = agreement_key(periods.account_id, periods.agreement_no)
    if ascending(key):
        period, row = expanded(key, wanted)
    else:
        order = np.lexsort((installations.quantity_no, key))
        period, at = expanded(key[order], wanted)
        row = order[at]
    opening = np.maximum(periods.previous_day[period], installations.from_day[row])
    closing = np.minimum(periods.this_day[period], installations.until_day[row])
    works = opening < closing
    if not works.all():
        period, row, opening, closing = period[works], row[works], opening[works], closing[works]
    rank = installations.rank[row]
    return Parts(
        period, row, opening, closing, readings.on(rank, opening), readings.on(rank, closing)
    )


def expanded(keys: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """All pairs of a wanted row and a place in the sorted keys that holds it."""
    if ascending(keys):
        at, there = places(keys, wanted)
        row = np.flatnonzero(there)
        return row, at[row]
    lo = search(keys, wanted)
    count = search(keys, wanted, after=True) - lo
    row = np.repeat(np.arange(len(wanted)), count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return row, np.repeat(lo, count) + nth


def unit_decimals(installations: Installations, row: Ints) -> Ints:
    """Of installations, how many decimals their usage has."""
    return (installations.decimals + installations.multiplier_decimals)[row]


def counted_between(
    installations: Installations, readings: Timeline, row: Ints, opening: Ints, closing: Ints
) -> tuple[Exact, Bools]:
    """(the usage between two readings of an installation before it is shared, went it round).

    opening and closing: rows of the timeline; 0 where one is -1.
    """
    estimated = gather(readings.estimated, opening) | gather(readings.estimated, closing)
    found = turn(
        gather(readings.value, opening),
        gather(readings.value, closing),
        installations.digits[row],
        estimated.astype(np.bool_),
        gather(readings.marked, closing).astype(np.bool_),
    )
    whole = (opening >= 0) & (closing >= 0)
    distance = np.where(whole, found.distance, 0)
    return product(distance, installations.multiplier[row]), whole & found.rolled


def shared(whole: Exact, before: Ints, share: Ints, of: Ints) -> Exact:
    """The parts before+1 .. before+share of `of` of a whole: the parts of all equal the whole."""
    upto = product(whole, before + share) // of
    found: Exact = upto - product(whole, before) // of
    return found


def _counted(installations: Installations, readings: Timeline, parts: Parts) -> tuple[Exact, Ints]:
    """The usage of parts in their own decimals, and what their readings say."""
    row = parts.installation
    whole, rolled = counted_between(installations, readings, row, parts.opening, parts.closing)
    own = shared(
        whole,
        installations.share_before[row],
        installations.share[row],
        installations.share_of[row],
    )
    flags = np.zeros(len(row), dtype=np.int64)
    for flag, mask in (
        (UsageFlag.ROLLED_OVER, rolled),
        (UsageFlag.OPENING_MISSING, parts.opening < 0),
        (UsageFlag.CLOSING_MISSING, parts.closing < 0),
        (UsageFlag.OPENING_ESTIMATED, gather(readings.estimated, parts.opening) != 0),
        (UsageFlag.CLOSING_ESTIMATED, gather(readings.estimated, parts.closing) != 0),
        (UsageFlag.SHARED, installations.share[row] != installations.share_of[row]),
    ):
        flags[mask] |= flag
    return own, flags


def _flagged(
    installations: Installations, periods: Periods, parts: Parts, group: Ints, first: Ints
) -> Ints:
    """What the days of parts say of their period, on each part of it."""
    begins_inside = parts.opening_day > periods.previous_day[parts.period]
    rank = installations.rank[parts.installation]
    again = np.zeros(len(rank), dtype=np.bool_)
    again[1:] = (
        (rank[1:] == rank[:-1])
        & (group[1:] == group[:-1])
        & (parts.opening_day[1:] == parts.closing_day[:-1])
    )
    opened = _reduced(np.minimum, parts.opening_day, first)[group]
    closed = _reduced(np.maximum, parts.closing_day, first)[group]
    short = (opened > periods.previous_day[parts.period]) | (
        closed < periods.this_day[parts.period]
    )
    flags = np.zeros(len(rank), dtype=np.int64)
    flags[again] |= UsageFlag.MULTIPLIER_CHANGED
    flags[begins_inside & ~again & (parts.opening_day > opened)] |= UsageFlag.EXCHANGED
    flags[short] |= UsageFlag.INCOMPLETE
    return flags


def _reduced(how: np.ufunc, values: Ints, first: Ints) -> Ints:
    """One value a group, whose rows begin at `first`."""
    found: Ints = how.reduceat(values, first) if len(first) else np.zeros(0, dtype=np.int64)
    return found


# -- other scales, shorter periods


def rescaled(usage: Ints, decimals: Ints, wanted: int) -> tuple[Ints, Bools]:
    """Usage with `wanted` decimals, half up where it has more; and which rows fit int64."""
    up, down = np.maximum(wanted - decimals, 0), np.maximum(decimals - wanted, 0)
    if not down.any():
        return narrow(product(usage, power(up)))
    return narrow(half_up(product(usage, power(up)), power(down)))


def segments(
    installations: Installations,
    readings: Timeline,
    periods: Periods,
    cut_period: Ints,
    cut_day: Ints,
) -> tuple[Periods, Ints]:
    """Periods cut where readings allow it: at the end of a day on which every register of the
    agreement at work has a reading that counts.

    cut_period, cut_day: a row of the periods and the last day of a segment, in any order. Gives the
    segments in order and the period of each; `usage` of them sums to that of their period.
    """
    allowed = _readable(installations, readings, periods, cut_period, cut_day)
    period = np.concatenate([np.arange(len(periods)), cut_period[allowed]])
    last = np.concatenate([periods.this_day, cut_day[allowed]])
    borders = np.unique(np.stack([period, last], axis=1), axis=0)
    origin, this = borders[:, 0], borders[:, 1]
    previous = periods.previous_day[origin]
    goes_on = np.flatnonzero(origin[1:] == origin[:-1]) + 1
    previous[goes_on] = this[goes_on - 1]
    own = periods.account_id[origin], periods.agreement_no[origin]
    return Periods(*own, previous, this), origin


def _readable(
    installations: Installations,
    readings: Timeline,
    periods: Periods,
    cut_period: Ints,
    cut_day: Ints,
) -> Bools:
    """Which cuts lie inside their period and have all readings."""
    parts = parts_of(installations, readings, periods)
    cut, part = expanded(parts.period, cut_period)
    day = cut_day[cut]
    at_work = (parts.opening_day[part] < day) & (day < parts.closing_day[part])
    rank = installations.rank[parts.installation[part]]
    found = (periods.previous_day[cut_period] < cut_day) & (cut_day < periods.this_day[cut_period])
    found[cut[at_work & (readings.on(rank, day) < 0)]] = False
    return found
