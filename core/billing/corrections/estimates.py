"""Estimates that an actual reading shows to be too high: estimated again, spread over the days.

Between the last actual reading before them and the one that contradicts them, estimates get the
dial that an even use would have shown: no usage is negative, and all of it stays the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Table
from billcore.core.accounts.days import iso
from billcore.core.billing.corrections.again import billed, borders
from billcore.core.billing.corrections.issuing import Correction
from billcore.core.events.audit import audit
from billcore.core.metering.dial import turn
from billcore.core.metering.errors import EstimateImpossible, ReadingRefused
from billcore.core.metering.exact import Bools, Ints, half_up, product
from billcore.core.metering.findings import Finding, Source, Status
from billcore.core.metering.provider import MeteringProvider, metering_provider
from billcore.core.metering.readings import (
    Readings,
    Timeline,
    decided,
    joined,
    month_of,
    readings_of,
    timeline,
)
from billcore.core.metering.record import DIAL, NewReadings, recorded
from billcore.core.metering.registers import Installations, installations_of
from billcore.core.store import meters as meter_rows
from billcore.core.store import readings as rows
from billcore.core.store.port import Reader

ACTION = "reading.re_estimated"


class Reestimated(NamedTuple):
    """An estimate in the place of another. value, before: the dial in 10^-decimals; day: ordinal.

    until: the day of the actual reading that contradicts the estimate before.
    """

    account_id: int
    meter_id: int
    register_no: int
    day: int
    version: int
    value: int
    before: int
    decimals: int
    until: int


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """Estimates between two actual readings: rows of the timeline, in their order."""

    first: int
    estimates: Ints
    last: int


# -- again


def estimate_again(
    correction: Correction, account_id: int, from_day: int
) -> tuple[Reestimated, ...]:
    """Replaces the estimates that actual readings of from_day or later contradict.

    Raises EstimateImpossible where two actual readings contradict each other.
    """
    session, provider = correction.session, _provider(correction)
    installations = installations_of(meter_rows.of_accounts(session, account_id, account_id))
    if not len(installations):
        return ()
    today = provider.today(correction.now)
    counted = _counted(session, account_id, installations, from_day, today)
    found: list[Reestimated] = []
    for run in _runs(installations, counted, from_day):
        if _contradicted(installations, counted, run):
            found += _spread(account_id, installations, counted, run)
    return _recorded(correction, provider, found)


def _provider(correction: Correction) -> MeteringProvider:
    return metering_provider(correction.session, correction.provider.provider_id)


def _counted(
    reader: Reader, account_id: int, installations: Installations, from_day: int, today: int
) -> Timeline:
    """The readings of from_day and later, and before it those back to an actual one."""
    account = np.array([account_id])
    decisions = rows.decisions(reader, account)
    days = np.array([installations.from_day.min(), from_day, today])
    oldest, first, newest = month_of(np.maximum(days, days[0])).tolist()
    parts = [
        decided(readings_of(table), decisions)
        for table in rows.of_account(reader, account_id, first, newest)
    ]
    found = timeline(joined(parts), installations)
    for month in range(first - 1, oldest - 1, -1):
        if _grounded(installations, found, from_day):
            break
        parts.append(decided(readings_of(rows.of_month(reader, month, account)), decisions))
        found = timeline(joined(parts), installations)
    return found


def _grounded(installations: Installations, found: Timeline, from_day: int) -> bool:
    """Whether every register has an actual reading before a day."""
    actual = ~found.estimated & (found.day < from_day)
    return len(np.unique(found.rank[actual])) == len(installations.registers)


def _runs(installations: Installations, counted: Timeline, from_day: int) -> Iterator[_Run]:
    """Estimates between actual readings of a register, where it was at work without a gap."""
    rank, day, estimated = counted.rank, counted.day, counted.estimated
    actual = np.flatnonzero(~estimated)
    for first, last in zip(actual[:-1].tolist(), actual[1:].tolist(), strict=True):
        if rank[first] != rank[last] or last == first + 1 or day[last] < from_day:
            continue
        row = int(installations.row_at(rank[last : last + 1], day[last : last + 1])[0])
        if row >= 0 and installations.run_from[row] <= day[first]:
            yield _Run(first, np.arange(first + 1, last), last)


def _whole(installations: Installations, counted: Timeline, run: _Run) -> int:
    """How far the dial went from the actual reading before a run to the one behind it."""
    marked = counted.marked[[run.last]]
    ends = np.array([run.first]), np.array([run.last])
    return int(_turned(installations, counted, *ends, estimated=False, marked=marked)[0])


def _turned(
    installations: Installations,
    counted: Timeline,
    earlier: Ints,
    later: Ints,
    estimated: bool,
    marked: Bools,
) -> Ints:
    """How far dials went from earlier to later readings (rows of the timeline)."""
    digits = installations.digits[np.searchsorted(installations.rank, counted.rank[earlier])]
    values = counted.value[earlier], counted.value[later]
    return turn(*values, digits, np.full(len(earlier), estimated), marked).distance


def _contradicted(installations: Installations, counted: Timeline, run: _Run) -> bool:
    """Whether the estimates of a run go back, or beyond the actual reading behind them."""
    every = np.arange(run.first, run.last)
    earlier, later = every[:-1], every[1:]
    # Two estimates that are both marked as gone round are so since the actual reading before them.
    marked = counted.marked[later] & ~counted.marked[earlier]
    steps = _turned(installations, counted, earlier, later, estimated=True, marked=marked)
    return bool((steps < 0).any()) or int(steps.sum()) > _whole(installations, counted, run)


def _spread(
    account_id: int, installations: Installations, counted: Timeline, run: _Run
) -> Iterator[Reestimated]:
    """The estimates of a run as an even use would have them. Raises EstimateImpossible."""
    row = int(np.searchsorted(installations.rank, counted.rank[run.first]))
    meter_id, register_no = int(installations.meter_id[row]), int(installations.register_no[row])
    since, until = counted.day[[run.first, run.last]].tolist()
    whole = _whole(installations, counted, run)
    if whole < 0:
        raise EstimateImpossible(
            meter_id,
            register_no,
            f"the actual reading of {iso(until)} stands below the actual one of {iso(since)}: "
            "correct one of them.",
        )
    passed = counted.day[run.estimates] - since
    used = half_up(product(passed, whole), np.full(len(passed), until - since))
    modulus = 10 ** int(installations.digits[row])
    value = ((int(counted.value[run.first]) + used) % modulus).tolist()
    for at, dial in zip(run.estimates.tolist(), value, strict=True):
        if int(dial) != int(counted.value[at]):
            yield Reestimated(
                account_id,
                meter_id,
                register_no,
                int(counted.day[at]),
                int(counted.version[at]),
                int(dial),
                int(counted.value[at]),
                int(installations.decimals[row]),
                until,
            )


def _one(*values: int) -> list[Ints]:
    return [np.array([value], dtype=np.int64) for value in values]


# -- taken back


def take_back(correction: Correction, account_id: int, from_day: int, at: int) -> int:
    """Puts estimates of a day or later back as they were; how many.

    at: when the correction that made them again was recorded, microseconds. Those that were
    corrected since stay as they are.
    """
    session, account = correction.session, np.array([account_id])
    provider = _provider(correction)
    first, last = month_of(np.array([from_day, provider.today(correction.now)])).tolist()
    decisions = rows.decisions(session, account)
    tables = rows.of_account(session, account_id, first, last)
    parts = [decided(readings_of(table), decisions) for table in tables]
    installations = installations_of(meter_rows.of_accounts(session, account_id, account_id))
    every = joined(parts)
    mine = (every.account_id == account_id) & (every.source == Source.ESTIMATE)
    mine &= (every.recorded_at == at) & ((every.findings & Finding.CORRECTION) != 0)
    now = timeline(every, installations)
    without = timeline(every.take(~mine), installations)
    found = [
        one
        for one in (_put_back(installations, now, without, *key) for key in _keys(every, mine))
        if one is not None
    ]
    return len(_recorded(correction, provider, found))


def _keys(every: Readings, mine: Bools) -> Iterator[tuple[int, ...]]:
    names = ("account_id", "meter_id", "register_no", "day", "version", "value")
    yield from zip(*(getattr(every, name)[mine].tolist() for name in names), strict=True)


def _put_back(
    installations: Installations, now: Timeline, before: Timeline, *key: int
) -> Reestimated | None:
    """The estimate as it was before; None: another counts now, or it says the same."""
    account_id, meter_id, register_no, day, version, value = key
    rank = installations.ranks(*_one(account_id, meter_id, register_no))
    on = _one(day)[0]
    at, old = int(now.on(rank, on)[0]), int(before.on(rank, on)[0])
    if at < 0 or old < 0 or int(now.version[at]) != version or not before.estimated[old]:
        return None
    decimals = int(installations.decimals[np.searchsorted(installations.rank, rank[0])])
    dial = int(before.value[old])
    return Reestimated(account_id, meter_id, register_no, day, version, dial, value, decimals, day)


# -- kept


def _recorded(
    correction: Correction, provider: MeteringProvider, found: Sequence[Reestimated]
) -> tuple[Reestimated, ...]:
    """Keeps estimates as the next versions of their days, with a line each in the audit log."""
    if not found:
        return ()
    session, caller = correction.session, correction.write.caller
    for meter_id in sorted({one.meter_id for one in found}):
        meter_rows.touch(session, meter_id, correction.now)
    names = "account_id", "meter_id", "register_no", "day", "value"
    account, meter, register, day, value = _columns(found, *names)
    dial, estimate = np.full(len(found), DIAL), np.full(len(found), int(Source.ESTIMATE))
    given = NewReadings(account, meter, register, day, value, dial, estimate)
    results, kept = recorded(session, caller, provider, given, correction.now, correction=True)
    for row in np.flatnonzero(results.status != Status.ESTIMATED).tolist():
        one = found[row]
        raise ReadingRefused(one.meter_id, one.register_no, results.message(row))
    told = tuple(_told(kept.readings.take(kept.fresh), found))
    for one in told:
        detail = {
            "meter_id": one.meter_id,
            "register_no": one.register_no,
            "day": iso(one.day),
            "version": one.version,
            "value": one.value,
            "value_before": one.before,
            "correction_id": correction.correction_id,
        }
        why = correction.wanted.why.text
        audit(session, caller, ACTION, f"account {one.account_id}", why, detail, correction.now)
    return told


def _told(kept: Readings, found: Sequence[Reestimated]) -> Iterator[Reestimated]:
    """What was written, at every account that shares a meter."""
    asked = {(one.meter_id, one.register_no, one.day): one for one in found}
    for row in range(len(kept)):
        key = int(kept.meter_id[row]), int(kept.register_no[row]), int(kept.day[row])
        account, version = int(kept.account_id[row]), int(kept.version[row])
        yield asked[key]._replace(account_id=account, version=version)


# -- which bills used them


class Use:
    """Whether a bill used one of the readings: on a border of its days, or where meters change."""

    def __init__(self, reader: Reader, account_id: int, found: Sequence[Reestimated]) -> None:
        installations = installations_of(meter_rows.of_accounts(reader, account_id, account_id))
        mine = [one for one in found if one.account_id == account_id]
        meter, register = _columns(mine, "meter_id", "register_no")
        rank = installations.ranks(np.full(len(mine), account_id), meter, register)
        self._days: set[tuple[int, int]] = set()
        for day in _columns(mine, "day", "until"):
            agreement = installations.agreement_no[installations.row_at(rank, day)]
            self._days |= set(zip(agreement.tolist(), day.tolist(), strict=True))
        changing = installations.from_day.tolist() + installations.until_day.tolist()
        self._changing = {key for key in self._days if key[1] in changing}

    def of(self, bill: Table) -> bool:
        """Of a bill, a table of one row."""
        inputs = bill["inputs"]
        assert isinstance(inputs, pa.Array)
        days = billed(inputs)
        inside = any(
            days[agreement].previous <= day <= days[agreement].this
            for agreement, day in self._changing
            if agreement in days
        )
        return inside or not self._days.isdisjoint(borders(inputs))


def _columns(found: Sequence[Reestimated], *names: str) -> list[Ints]:
    return [np.array([getattr(one, name) for one in found], dtype=np.int64) for name in names]
