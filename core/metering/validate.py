"""What is odd about readings, seen against the register's other readings.

All candidates of a call belong to different registers and days, so that none is another's
neighbour; `record` sees to that.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from billcore.core.metering.dial import turn
from billcore.core.metering.exact import Bools, Exact, Ints, power, product
from billcore.core.metering.findings import Finding, Source, Status
from billcore.core.metering.history import Average, Spans
from billcore.core.metering.policy import ReadingPolicy
from billcore.core.metering.readings import Readings, Timeline, timeline
from billcore.core.metering.registers import Installations, coded, gather
from billcore.core.metering.usage import expanded, unit_decimals

SMALL_PART = 10
"""Without a history a dial is believed to have gone round for at most 1/10 of its length."""

LOW_DAYS_MIN = 10
"""Fewer days tell nothing of a usage that is too low."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Readings that could be kept: of a known register, at work, on the dial, not of the future.

    row: the place in what was given; rank: of the installations. billed: whether the day is
    billed already. correction: whether a person corrects another reading by this one.
    """

    row: Ints
    rank: Ints
    day: Ints
    value: Ints
    source: Ints
    billed: Bools
    correction: Bools

    def take(self, rows: Ints | Bools) -> "Candidates":
        """These rows."""
        names = ("row", "rank", "day", "value", "source", "billed", "correction")
        return Candidates(*(getattr(self, name)[rows] for name in names))


class Judged(NamedTuple):
    """Of candidates. fresh: to be kept as this version; others are known as this version."""

    findings: Ints
    status: Ints
    version: Ints
    fresh: Bools


class Rules(NamedTuple):
    """What judges: window is that of customers' readings today, None: closed."""

    policy: ReadingPolicy
    window: tuple[int, int] | None


def judge(
    installations: Installations, known: Readings, candidates: Candidates, rules: Rules
) -> Judged:
    """Findings, statuses and versions of candidates; `known` has every version of what is known."""
    counted = timeline(known, installations)
    accepted = timeline(known, installations, (Status.ACCEPTED,))
    findings = (
        _against_the_day(counted, candidates)
        | _against_neighbours(installations, accepted, candidates, rules.policy)
        | _of_customers(candidates, rules)
        | _bits(candidates.billed, Finding.BEFORE_BILLED)
        | _bits(candidates.correction, Finding.CORRECTION)
    )
    status = rules.policy.statuses(findings, candidates.source)
    return _numbered(installations, known, counted, candidates, findings, status)


def _bits(mask: Bools, finding: Finding) -> Ints:
    return np.where(mask, int(finding), 0).astype(np.int64)


# -- the same day


def _against_the_day(counted: Timeline, candidates: Candidates) -> Ints:
    """CONFLICT with the day's reading; an actual reading only with an actual one."""
    there = counted.on(candidates.rank, candidates.day)
    actual = gather(counted.status, there) == Status.ACCEPTED
    other = gather(counted.value, there) != candidates.value
    conflict = (there >= 0) & actual & other & ~candidates.correction
    return _bits(conflict, Finding.CONFLICT)


def _numbered(
    installations: Installations,
    known: Readings,
    counted: Timeline,
    candidates: Candidates,
    findings: Ints,
    status: Ints,
) -> Judged:
    """The version of each candidate: the next of its day, or the one that says the same."""
    rank = installations.ranks(known.account_id, known.meter_id, known.register_no)
    code = coded(rank, known.day)
    order = np.lexsort((known.version, code))
    candidate, at = expanded(code[order], coded(candidates.rank, candidates.day))
    version = order[at]
    last = np.zeros(len(candidates.row), dtype=np.int64)
    np.maximum.at(last, candidate, known.version[version])
    same = _says_the_same(known, counted, candidates, candidate, version, status)
    twin = np.zeros(len(candidates.row), dtype=np.int64)
    np.maximum.at(twin, candidate[same], known.version[version[same]])
    fresh = twin == 0
    told = status.copy()
    of_twin = same & (known.version[version] == twin[candidate])
    told[candidate[of_twin]] = known.status[version[of_twin]]
    found = np.where(fresh, findings, findings & ~Finding.CONFLICT | Finding.DUPLICATE)
    return Judged(found, told, np.where(fresh, last + 1, twin), fresh)


def _says_the_same(
    known: Readings,
    counted: Timeline,
    candidates: Candidates,
    candidate: Ints,
    version: Ints,
    status: Ints,
) -> Bools:
    """Which pairs of a candidate and a version of its day say the same.

    The version that counts, unless it was an estimate and this is not; one that is held and comes
    from the same source; one that was rejected and would be again.
    """
    equal = known.value[version] == candidates.value[candidate]
    source = candidates.source[candidate]
    alike = equal & (known.source[version] == source)
    old = known.status[version]
    row = counted.on(candidates.rank, candidates.day)[candidate]
    counts = gather(counted.version, row) == known.version[version]
    actual = (old == Status.ACCEPTED) | (source == Source.ESTIMATE)
    again = (old == Status.REJECTED) & (status[candidate] == Status.REJECTED)
    found: Bools = (equal & counts & actual) | (alike & ((old == Status.HELD) | again))
    return found


# -- neighbours and history


def _against_neighbours(
    installations: Installations, accepted: Timeline, candidates: Candidates, policy: ReadingPolicy
) -> Ints:
    """BACKWARDS, ROLLOVER and the implausible ones, against accepted readings."""
    row = installations.row_at(candidates.rank, candidates.day)
    before = accepted.before(candidates.rank, candidates.day)
    before = np.where(gather(accepted.day, before) >= installations.run_from[row], before, -1)
    spans = Spans(installations, accepted)
    series = installations.series[row]
    average = spans.recent(series, candidates.day, policy.periods)
    average = _telling(average, policy)
    modulus = power(installations.digits[row]).astype(np.int64)
    straight = candidates.value - gather(accepted.value, before)
    wrapped = straight + modulus
    finer = power(spans.decimals[series] - unit_decimals(installations, row))
    unit = product(installations.multiplier[row], finer)
    days = candidates.day - gather(accepted.day, before)
    known = average.days > 0
    below = (before >= 0) & (straight < 0)
    near = below & (2 * wrapped <= modulus)
    high = _beyond(product(wrapped, unit), days, average, policy.high_percent)
    rolled = near | (below & known & ~high)
    doubtful = rolled & np.where(known, high, wrapped * SMALL_PART > modulus)
    backwards = (below & ~rolled) | _above_the_next(installations, accepted, candidates, row)
    usage = product(np.maximum(straight, 0), unit)
    judged = (before >= 0) & known & ~below
    high = judged & _beyond(usage, days, average, policy.high_percent)
    late = judged & (days >= LOW_DAYS_MIN)
    zero = late & (straight == 0)
    low = late & (straight > 0) & _below(usage, days, average, policy.low_percent)
    return (
        _bits(backwards, Finding.BACKWARDS)
        | _bits(rolled, Finding.ROLLOVER)
        | _bits(high | doubtful, Finding.IMPLAUSIBLE_HIGH)
        | _bits(low, Finding.IMPLAUSIBLE_LOW)
        | _bits(zero, Finding.IMPLAUSIBLE_ZERO)
    )


def _above_the_next(
    installations: Installations, accepted: Timeline, candidates: Candidates, row: Ints
) -> Bools:
    """Whether a candidate stands above the register's next reading, which did not go round."""
    after = accepted.after(candidates.rank, candidates.day)
    after = np.where(gather(accepted.day, after) <= installations.run_until[row], after, -1)
    no = np.zeros(len(row), dtype=np.bool_)
    marked = gather(accepted.marked, after).astype(np.bool_)
    way = turn(
        candidates.value, gather(accepted.value, after), installations.digits[row], no, marked
    )
    found: Bools = (after >= 0) & (way.distance < 0)
    return found


def _telling(average: Average, policy: ReadingPolicy) -> Average:
    """The averages of histories that are long enough and tell of any usage."""
    tells = (average.days >= policy.history_days_min) & (average.usage > 0)
    return Average(np.where(tells, average.usage, 0), np.where(tells, average.days, 0))


def _beyond(usage: Exact, days: Ints, average: Average, percent: int) -> Bools:
    """usage / days > percent of the average."""
    found = product(usage, average.days, 100) > product(average.usage, days, percent)
    return np.asarray(found, dtype=np.bool_)


def _below(usage: Exact, days: Ints, average: Average, percent: int) -> Bools:
    """usage / days < percent of the average."""
    found = product(usage, average.days, 100) < product(average.usage, days, percent)
    return np.asarray(found, dtype=np.bool_)


# -- customers


def _of_customers(candidates: Candidates, rules: Rules) -> Ints:
    """NOT_OPTED_IN and OUT_OF_WINDOW."""
    first, last = rules.window or (1, 0)
    outside = (candidates.day < first) | (candidates.day > last)
    by_customer = candidates.source == Source.CUSTOMER
    allowed = rules.policy.customer_readings
    return _bits(by_customer & (not allowed), Finding.NOT_OPTED_IN) | np.where(
        by_customer & outside, Finding.OUT_OF_WINDOW, 0
    )
