"""Late fees as a plain model: one day after another, in fractions, rules as they are told.

It shares nothing with `core/collections/late_fees/` but the classes of the policy and its inputs.
"""

import calendar
from datetime import date
from fractions import Fraction
from itertools import pairwise

from billcore.core.accounts.late_fees import Basis, Compound, Every, FeeKind, RateDay, YearRule

MILLION = 1_000_000


def rounded(rule, exact):
    """Multiples of the rule's unit, half up."""
    whole = int(exact / rule.unit + Fraction(1, 2)) * rule.unit
    return max(whole, rule.minimum) if exact else 0


def fee(rule, debts, series, held=(), joins=False):
    """debts: (amount, due day, paid day) of one item, all due on one day; exact."""
    late = sorted((d for d in debts if d[2] > d[1]), key=lambda d: d[2])
    whole, exact, paid_before = sum(d[0] for d in late), Fraction(0), 0
    for amount, due, paid in late:
        heights = {min(max(_held(held, day) - (whole - paid_before - amount), 0), amount)
                   for day in range(due + 1, paid + 1)}  # fmt: skip
        cuts = sorted({0, amount} | {amount - height for height in heights})
        for low, high in pairwise(cuts):
            stands = {
                day
                for day in range(due + 1, paid + 1)
                if whole - _held(held, day) <= paid_before + low
            }
            exact += (high - low) * _unit(rule, due, paid, stands, series, joins)
        paid_before += amount
    return exact


def _held(held, day):
    return sum(one.amount for one in held if one.from_day <= day <= one.until_day)


def _unit(rule, due, paid, stands, series, joins):
    """What a debt of 1 bears that was due and paid on these days, but for days of `stands`."""
    end = paid if rule.payment_day else paid - 1
    days = [day for day in range(due + 1, end + 1) if day not in stands]
    if not days:
        return Fraction(0)
    if rule.kind is FeeKind.PERCENT:
        return _steps(rule, days, joins)
    return sum(
        (_day(rule, number, day, due, paid, days, series) for number, day in enumerate(days, 1)),
        Fraction(0),
    )


def _day(rule, number, day, due, paid, days, series):
    if rule.kind is FeeKind.BANDS:
        band = next(b for b in rule.bands if not b.until or number <= b.until)
        return _rate(rule.rate, day, paid, series) / band.divisor if band.divisor else Fraction(0)
    if number <= rule.grace_days and not (rule.grace_counts and len(days) > rule.grace_days):
        return Fraction(0)
    if rule.kind is FeeKind.INTEREST:
        year = {Basis.DAYS_365: 365, Basis.DAYS_360: 360}.get(rule.basis)
        if year is None:
            year = 366 if calendar.isleap(date.fromordinal(day).year) else 365
        return _rate(rule.rate, day, paid, series) / year
    year = date.fromordinal(due).year
    crossed = date.fromordinal(days[-1]).year > year
    new = date.fromordinal(day).year > year
    other = rule.past_year_per_million
    past = rule.per_million if other < 0 else other
    if rule.year_rule is YearRule.FROM_NEW_YEAR:
        told = past if new else rule.per_million
    elif rule.year_rule is YearRule.ALL_DAYS:
        told = past if crossed else rule.per_million
    else:
        told = (past if new else 0) if crossed else rule.per_million
    return Fraction(told, MILLION)


def _rate(rate, day, paid, series):
    on = paid if rate.day is RateDay.PAYMENT else day
    told = rate.per_million
    if rate.series:
        told = [one.per_million for one in series[rate.series] if one.from_day <= on][-1]
    told = max(told + rate.plus_per_million, 0)
    if rate.cap_per_million and on <= rate.cap_until_day:
        told = min(told, rate.cap_per_million)
    return Fraction(told, MILLION)


def _steps(rule, days, joins):
    steps = 0
    if rule.every is Every.ONCE:
        steps = int(len(days) > rule.grace_days)
    elif len(days) > rule.grace_days:
        # The clock stands still: months are counted from as many days before the end as were late.
        last = days[-1]
        begin = last - len(days) + rule.grace_days
        ends = 0
        if rule.every is Every.DAYS:
            while begin + (ends + 1) * rule.step_days < last:
                ends += 1
        else:
            while _months_after(begin, ends + 1) < last:
                ends += 1
        steps = ends + rule.at_once
    if rule.most_steps:
        steps = min(steps, rule.most_steps)
    rate, borne = Fraction(rule.per_million, MILLION), Fraction(0)
    for step in range(steps):
        match rule.compound:
            case Compound.NO:
                borne += rate
            case Compound.FULL:
                borne += rate * (1 + borne)
            case Compound.FEES:
                borne += rate * borne if step else rate
                if joins and not step:
                    borne += rate * borne
    return borne


def _months_after(day, months):
    start = date.fromordinal(day)
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1])).toordinal()
