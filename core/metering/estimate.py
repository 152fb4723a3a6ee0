"""Estimates: what a dial would show, where nobody read it.

An estimate continues from the last reading that counts. What was used since is taken from the
register's history, or from a norm; the policy says in which order. Rounded half up to the dial's
last digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from billcore.core import calendar
from billcore.core.calendar import Calendar
from billcore.core.caller import Caller
from billcore.core.errors import RequestInvalid
from billcore.core.metering.errors import EstimateImpossible
from billcore.core.metering.exact import Bools, Exact, Ints, half_up, power, product
from billcore.core.metering.findings import Source, Status
from billcore.core.metering.history import Average, Spans
from billcore.core.metering.policy import Method
from billcore.core.metering.provider import MeteringProvider
from billcore.core.metering.readings import Timeline, timeline
from billcore.core.metering.record import (
    DIAL,
    NewReadings,
    Results,
    known_readings,
    record,
)
from billcore.core.metering.registers import Installations, coded, gather, installations_of
from billcore.core.metering.usage import unit_decimals
from billcore.core.store import meters as meter_rows
from billcore.core.store.port import Session

LAST_YEAR_MONTHS = 15
"""So far back the period of last year is looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Norms:
    """By row: norm (x 10^-decimals of the unit) for each of `persons` a month, or a day.

    persons 0: the norm says nothing about the row.
    """

    norm: Ints
    decimals: Ints
    persons: Ints
    daily: Bools
    calendar: Calendar


class Ratio(NamedTuple):
    """Usage as an exact quotient of whole units; denominator 0: nothing is known."""

    numerator: Exact
    denominator: Exact


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """By row: the dial, and the place in `methods` of what told it, -1 where nothing did."""

    value: Ints
    method: Ints


def estimate(
    installations: Installations,
    counted: Timeline,
    accepted: Timeline,
    rank: Ints,
    day: Ints,
    methods: Sequence[Method],
    periods: int,
    norms: Norms | None = None,
) -> Estimates:
    """The dials of registers on days, each by the first method that knows anything."""
    row = installations.row_at(rank, day)
    before = counted.before(rank, day)
    since = gather(counted.day, before)
    usable = (row >= 0) & (before >= 0) & (since >= gather(installations.run_from, row))
    spans = Spans(installations, accepted)
    series, decimals = installations.series[row], unit_decimals(installations, row)
    distance = np.zeros(len(rank), dtype=np.int64)
    method = np.full(len(rank), -1, dtype=np.int64)
    for place, name in enumerate(methods):
        found = _ratio(name, spans, series, since, day, periods, norms)
        told = usable & (method < 0) & np.asarray(found.denominator > 0, dtype=np.bool_)
        below = np.where(told, found.denominator, 1)
        turns = half_up(
            product(np.where(told, found.numerator, 0), power(decimals)),
            product(below, installations.multiplier[row]),
        )
        distance = np.where(told, turns, distance)
        method[told] = place
    modulus = power(installations.digits[row]).astype(np.int64)
    value = (gather(counted.value, before) + distance) % modulus
    return Estimates(value.astype(np.int64), method)


def _ratio(
    method: Method,
    spans: Spans,
    series: Ints,
    previous: Ints,
    this: Ints,
    periods: int,
    norms: Norms | None,
) -> Ratio:
    """The usage of (previous, this] by a method, in whole units."""
    nothing = Ratio(np.zeros(len(this), dtype=np.int64), np.zeros(len(this), dtype=np.int64))
    match method:
        case Method.RECENT:
            return _averaged(spans, spans.recent(series, this, periods), series, this - previous)
        case Method.LAST_YEAR:
            average = spans.last_year(series, previous, this)
            return _averaged(spans, average, series, this - previous)
        case Method.NORM:
            return nothing if norms is None else norm_usage(norms, previous, this)
        case Method.ZERO:
            return nothing._replace(denominator=np.ones(len(this), dtype=np.int64))


def _averaged(spans: Spans, average: Average, series: Ints, days: Ints) -> Ratio:
    tells = (average.days > 0) & (average.usage >= 0)
    return Ratio(
        product(np.where(tells, average.usage, 0), days),
        product(np.where(tells, average.days, 0), power(spans.decimals[series])),
    )


def norm_usage(norms: Norms, previous: Ints, this: Ints) -> Ratio:
    """norm x persons x months (or days) of periods (previous, this], exactly."""
    scaled = calendar.months_scaled
    since = np.maximum(previous, calendar.DAY_MIN)  # 0 where a register has no reading
    months = scaled(norms.calendar, this) - scaled(norms.calendar, since)
    denominator = calendar.MONTH_DENOMINATOR[norms.calendar]
    span = np.where(norms.daily, (this - previous) * denominator, months)
    below = product(np.full(len(this), denominator), power(norms.decimals))
    return Ratio(product(norms.norm, norms.persons, span), np.where(norms.persons > 0, below, 0))


def chain_lengths(counted: Timeline, rank: Ints, day: Ints) -> Ints:
    """How many estimates follow one another up to and on a day of each register."""
    place = np.arange(len(counted.code))
    ends = np.searchsorted(counted.code, coded(rank + 1, np.zeros_like(rank)))
    last = counted.before(rank, day + 1)
    starts = np.searchsorted(counted.code, coded(rank, np.zeros_like(rank)))
    actual = np.maximum.accumulate(np.where(counted.estimated, -1, place)) if len(place) else place
    since = np.maximum(gather(actual, last, -1), starts - 1)
    found: Ints = np.where((last >= 0) & (ends > starts), last - since, 0).astype(np.int64)
    return found


# -- stored readings


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Registers to estimate, by row: at an account, on a day."""

    account_id: Ints
    meter_id: Ints
    register_no: Ints
    day: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """By target: its estimate as recorded; method -1: nothing told it and nothing is kept.

    chain: how many estimates follow one another, with this one.
    """

    results: Results
    estimates: Estimates
    methods: tuple[Method, ...]
    chain: Ints


def record_estimates(
    session: Session,
    caller: Caller,
    provider: MeteringProvider,
    targets: Targets,
    now: int,
    methods: Sequence[Method] = (),
    norms: Norms | None = None,
) -> Estimated:
    """Estimates registers and keeps the estimates as readings; `methods`: else the policy's.

    A day with an accepted reading keeps it (the estimate is rejected); an earlier estimate of the
    day is replaced, unless it says the same.
    """
    tried = tuple(methods) or provider.policy.estimation
    installations = installations_of(meter_rows.of_account_list(session, targets.account_id))
    rank = installations.ranks(targets.account_id, targets.meter_id, targets.register_no)
    known_at = np.flatnonzero(installations.row_at(rank, targets.day) >= 0)
    value = np.zeros(len(rank), dtype=np.int64)
    method = np.full(len(rank), -1, dtype=np.int64)
    chain = np.zeros(len(rank), dtype=np.int64)
    if known_at.size:
        place, day = rank[known_at], targets.day[known_at]
        today = provider.today(now)
        known = known_readings(
            session, installations, place, day, provider.policy, today, LAST_YEAR_MONTHS
        )
        counted = timeline(known, installations)
        accepted = timeline(known, installations, (Status.ACCEPTED,))
        found = estimate(
            installations,
            counted,
            accepted,
            place,
            day,
            tried,
            provider.policy.periods,
            _taken(norms, known_at),
        )
        value[known_at], method[known_at] = found.value, found.method
        chain[known_at] = chain_lengths(counted, place, day - 1) + 1
    told = np.flatnonzero(method >= 0)
    results = _recorded(session, caller, provider, targets, value, told, now)
    return Estimated(results, Estimates(value, method), tried, chain)


def _taken(norms: Norms | None, rows: Ints) -> Norms | None:
    if norms is None:
        return None
    return Norms(
        norms.norm[rows],
        norms.decimals[rows],
        norms.persons[rows],
        norms.daily[rows],
        norms.calendar,
    )


def _recorded(
    session: Session,
    caller: Caller,
    provider: MeteringProvider,
    targets: Targets,
    value: Ints,
    told: Ints,
    now: int,
) -> Results:
    """Keeps the estimates of these rows; of the others nothing."""
    given = NewReadings(
        targets.account_id[told],
        targets.meter_id[told],
        targets.register_no[told],
        targets.day[told],
        value[told],
        np.full(len(told), DIAL),
        np.full(len(told), int(Source.ESTIMATE)),
    )
    kept = record(session, caller, provider, given, now)
    every = Results(*(np.zeros(len(value), dtype=np.int64) for _ in range(3)))
    every.status[:] = Status.REJECTED
    every.status[told], every.findings[told], every.version[told] = (
        kept.status,
        kept.findings,
        kept.version,
    )
    return every


def estimate_one(
    session: Session,
    caller: Caller,
    provider: MeteringProvider,
    target: Targets,
    now: int,
    methods: Sequence[Method] = (),
    norms: Norms | None = None,
) -> tuple[Estimated, int]:
    """(the estimate of one register, the decimals of its dial). Raises EstimateImpossible."""
    found = record_estimates(session, caller, provider, target, now, methods, norms)
    meter_id, register_no = int(target.meter_id[0]), int(target.register_no[0])
    if found.estimates.method[0] < 0:
        tried = ", ".join(found.methods) or "none"
        raise EstimateImpossible(
            meter_id,
            register_no,
            "it needs a reading before the day that counts, and a history; "
            f"tried: {tried}. Name another method, or read the dial.",
        )
    meter = meter_rows.find(session, meter_id)
    registers = meter.registers if meter else ()
    decimals = next(r.decimals for r in registers if r.register_no == register_no)
    return found, decimals


def norm_of_one(norm: int, decimals: int, persons: int, daily: bool, of: Calendar) -> Norms:
    """A norm for a single register. Raises RequestInvalid unless norm and persons are usable."""
    if norm < 0 or persons < 0:
        raise RequestInvalid("norm", "a norm and its persons cannot be negative.")
    return Norms(np.array([norm]), np.array([decimals]), np.array([persons]), np.array([daily]), of)
