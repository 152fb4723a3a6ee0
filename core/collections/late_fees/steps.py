"""Fees that grow in steps: a percentage once, or of every so many days or months."""

from fractions import Fraction

import numpy as np

from billcore.core.accounts.late_fees import MILLION, Compound, Every, LateFeeRule
from billcore.core.calendar import Calendar
from billcore.core.collections.late_fees.slices import Late
from billcore.core.rating.batch import Ints


def steps_of(rule: LateFeeRule, late: Late, calendar: Calendar) -> Ints:
    """How many steps each slice reached on its last late day.

    Months are counted from the due day, later by as many days as the clock stood still: a month has
    ended when its day of the month, or the month's last day, has passed.
    """
    days = late.days
    beyond = days - rule.grace_days
    match rule.every:
        case Every.ONCE:
            steps = np.minimum(np.maximum(beyond, 0), 1)
        case Every.DAYS:
            ended = np.maximum(beyond - 1, -1) // rule.step_days
            steps = np.where(beyond > 0, ended + rule.at_once, 0)
        case Every.MONTHS:
            last = late.last_day
            steps = _months(last - beyond, last, calendar) - (not rule.at_once)
            steps = np.where(beyond > 0, np.maximum(steps, 0), 0)
    return np.minimum(steps, rule.most_steps) if rule.most_steps else steps


def share(rule: LateFeeRule, steps: int, joins: bool) -> Fraction:
    """What part of a debt its steps bear together."""
    rate = Fraction(rule.per_million, MILLION)
    match rule.compound:
        case _ if not steps:
            return Fraction(0)
        case Compound.FULL:
            return power(1 + rate, steps) - 1
        case Compound.FEES:
            return rate * power(1 + rate, steps - 1 + joins)
    return rate * steps


def power(base: Fraction, exponent: int) -> Fraction:
    """A fraction to the power of a whole number, 0 or more."""
    return Fraction(base.numerator**exponent, base.denominator**exponent)


def _months(first: Ints, last: Ints, calendar: Calendar) -> Ints:
    """How many months have begun between days: 1 on the day after the first."""
    distinct = np.unique(np.concatenate([first, last]))
    dates = np.array([_year_month_day(calendar, d) for d in distinct.tolist()], dtype=np.int64)
    dates = dates.reshape(-1, 3)
    month, day, _ = dates[np.searchsorted(distinct, first)].T
    until, on, length = dates[np.searchsorted(distinct, last)].T
    begun: Ints = until - month + (on > np.minimum(day, length))
    return begun


def _year_month_day(calendar: Calendar, ordinal: int) -> tuple[int, int, int]:
    """Number of the month, day of the month, and how many days it has."""
    year, month, day = calendar.ymd(ordinal)
    return year * 12 + month, day, calendar.month_length(year, month)
