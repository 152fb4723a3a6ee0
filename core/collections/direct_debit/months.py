"""Spans of months of the Gregorian calendar, in which schemes count."""

from calendar import monthrange
from datetime import date

MONTHS = 12


def months_after(day: int, months: int) -> int:
    """The same day of the month so many months later (below 0: before), an ordinal; in a shorter
    month its last day."""
    of = date.fromordinal(day)
    year, month = divmod(of.year * MONTHS + of.month - 1 + months, MONTHS)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(of.day, last)).toordinal()
