"""Fees that grow with every day: a rule as layers, each with one rate a day.

A layer is a part of the late days of each stretch: a band, the days of a year, the days for which a
reference rate counts. The days in it times its rate are what a debt bears there, exactly; the same
layers are the explanation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from billcore.core.accounts.late_fees import (
    MILLION,
    Basis,
    FeeKind,
    LateFeeRule,
    RateDay,
    YearRule,
)
from billcore.core.calendar import Calendar
from billcore.core.collections.late_fees.rates import Rates, Series, rates_of
from billcore.core.collections.late_fees.slices import Late
from billcore.core.rating.batch import Ints

FOR_EVER = 2**31
"""Behind every day, and every number of late days."""

YEAR_DAYS = 366


@dataclass(frozen=True, slots=True)
class Layer:
    """Days of some stretches and what each of them bears.

    stretch: which, ascending; first_day: of the layer; days: how many, above 0. rate: what a debt
    bears a day, of one kind in the whole layer: `rates` has each one of its rates per million, and
    `rate_of` which one is a stretch's; `part` times it, per million, is the rate a day. band: the
    number of the rule's band from 1, 0: it has none. source_day: of each of its rates.
    """

    stretch: Ints
    first_day: Ints
    days: Ints
    rates: Ints
    rate_of: Ints
    part: Fraction
    band: int
    source_day: Ints


def layers(rule: LateFeeRule, late: Late, series: Series, calendar: Calendar) -> Iterator[Layer]:
    """The layers of a rule, of a kind that grows daily, over late days.

    Raises ReferenceRateMissing.
    """
    match rule.kind:
        case FeeKind.INTEREST:
            yield from _interest(rule, late, rates_of(rule.rate, series), calendar)
        case FeeKind.BANDS:
            yield from _banded(rule, late, rates_of(rule.rate, series))
        case FeeKind.DAILY:
            yield from _daily(rule, late, calendar)


@dataclass(frozen=True, slots=True)
class _Days:
    """Days of stretches: first..last, both included; empty where last is before first."""

    first: Ints
    last: Ints

    def between(self, first: "Ints | int", last: "Ints | int") -> "_Days":
        return _Days(np.maximum(self.first, first), np.minimum(self.last, last))


def _numbered(late: Late, first: int, last: int = FOR_EVER) -> _Days:
    """The late days with the numbers first..last of each slice."""
    stretches = late.stretches
    of = _Days(stretches.first_day, stretches.last_day)
    origin = stretches.first_day - stretches.before - 1
    return of.between(origin + first, origin + last)


def _beyond_grace(rule: LateFeeRule, late: Late) -> _Days:
    """The late days that bear fees; of a slice that ends within its days of grace, none."""
    if not rule.grace_counts:
        return _numbered(late, rule.grace_days + 1)
    beyond = (late.days > rule.grace_days)[late.stretches.slice]
    days = _numbered(late, 1)
    return _Days(days.first, np.where(beyond, days.last, 0))


def _interest(rule: LateFeeRule, late: Late, rates: Rates, calendar: Calendar) -> Iterator[Layer]:
    days = _beyond_grace(rule, late)
    if rule.basis is not Basis.ACTUAL:
        yield from _at_rates(rule, late, days, rates, Fraction(1, int(rule.basis)), 0)
        return
    for first, end in _years(days, calendar):
        year = days.between(first, end - 1)
        yield from _at_rates(rule, late, year, rates, Fraction(1, end - first), 0)


def _years(days: _Days, calendar: Calendar) -> Iterator[tuple[int, int]]:
    """The first day of each year that has some of these days, and that of the next one."""
    some = days.last >= days.first
    if some.any():
        first, last = int(days.first[some].min()), int(days.last[some].max())
        for year in range(calendar.year(first), calendar.year(last) + 1):
            yield calendar.new_year(year), calendar.new_year(year + 1)


def _banded(rule: LateFeeRule, late: Late, rates: Rates) -> Iterator[Layer]:
    first = 1
    for number, band in enumerate(rule.bands, start=1):
        last = band.until or FOR_EVER
        if band.divisor:
            days = _numbered(late, first, last)
            yield from _at_rates(rule, late, days, rates, Fraction(1, band.divisor), number)
        first = last + 1


def _at_rates(
    rule: LateFeeRule, late: Late, days: _Days, rates: Rates, part: Fraction, band: int
) -> Iterator[Layer]:
    """A part of the rates on some days: one layer, or one for each rate that counts in them."""
    some = np.flatnonzero(days.last >= days.first)
    if not len(some):
        return
    if rule.rate.day is RateDay.PAYMENT:
        paid = late.slices.paid_day[late.stretches.slice[some]]
        place = rates.place(paid)
        yield from _layer(days, some, rates.per_million, place, part, band, rates.source_day)
        return
    first, last = int(days.first[some].min()), int(days.last[some].max())
    begin, end = rates.place(np.array([first, last])).tolist()
    borders = [*rates.from_day.tolist(), FOR_EVER]
    for at in range(begin, end + 1):
        inside = days.between(borders[at], borders[at + 1] - 1)
        chosen = np.flatnonzero(inside.last >= inside.first)
        one, source = rates.per_million[at : at + 1], rates.source_day[at : at + 1]
        yield from _layer(inside, chosen, one, np.zeros_like(chosen), part, band, source)


def _daily(rule: LateFeeRule, late: Late, calendar: Calendar) -> Iterator[Layer]:
    days = _beyond_grace(rule, late)
    due = late.slices.due_day[late.stretches.slice]
    year_end = _year_ends(due, calendar)
    crosses = late.last_day[late.stretches.slice] > year_end
    if rule.year_rule is YearRule.FROM_NEW_YEAR:
        this_year, past = days.between(0, year_end), days.between(year_end + 1, FOR_EVER)
    else:
        begin = 0 if rule.year_rule is YearRule.ALL_DAYS else year_end + 1
        this_year = _Days(days.first, np.where(crosses, 0, days.last))
        past = _Days(np.maximum(days.first, begin), np.where(crosses, days.last, 0))
    for number, (some, rate) in enumerate(
        ((this_year, rule.per_million), (past, rule.past_year)), start=1
    ):
        chosen = np.flatnonzero(some.last >= some.first)
        told, nothing = np.array([rate]), np.zeros(1, dtype=np.int64)
        yield from _layer(some, chosen, told, np.zeros_like(chosen), Fraction(1), number, nothing)


def _year_ends(days: Ints, calendar: Calendar) -> Ints:
    """The last day of the year of each day."""
    distinct, place = np.unique(days, return_inverse=True)
    ends = [calendar.new_year(calendar.year(day) + 1) - 1 for day in distinct.tolist()]
    found: Ints = np.array(ends, dtype=np.int64)[place]
    return found


def _layer(
    days: _Days, rows: Ints, rates: Ints, rate_of: Ints, part: Fraction, band: int, source: Ints
) -> Iterator[Layer]:
    """The layer of these rows, if there are any and it bears something."""
    if not len(rows) or not rates.any():
        return
    first = days.first[rows]
    count = days.last[rows] - first + 1
    yield Layer(rows, first, count, rates, rate_of, Fraction(part, MILLION), band, source)
