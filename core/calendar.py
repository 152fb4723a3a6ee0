"""Billing days in two calendars: dates, months, years and the borders that cut a period.

A civil date is a day ordinal everywhere inside: an int, Python's `date.toordinal`
(1 = 0001-01-01 Gregorian), in the provider's time zone. Text and calendars are only at
the doors, `Calendar.parse` and `Calendar.format`.

The convention, stated here once:

* Billing days are (previous reading, this reading]: the day of the previous reading was
  billed before, the day of this reading is billed now. this - previous days are billed.
* What starts `from` day F covers day F. It cuts a period between F - 1 and F:
  (previous, F - 1] and (F - 1, this]. F = previous + 1 and F = this + 1 cut nothing.
* A month's part of a period is its billed days over the days of that month; a year's alike.

Jalali new years follow the break table of K. M. Borkowski, "The Persian calendar for 3000
years", Earth, Moon, and Planets 74 (1996) 223-230, in the form made common by the library
jalaali. From 1300 to 1502 it agrees with the equinox as computed for Tehran; in 1503 and
1602 it starts the year one day after it.

Non-goals: times of day, time zones, working days and holidays.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import InitVar, dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import lcm
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from billcore.core.errors import DateInvalid, PeriodInvalid

PERIOD_DAYS_MAX = 400
"""A billing period has 1 to this many days (PeriodInvalid, rule days_max)."""

DAY_MIN = date(1800, 1, 1).toordinal()
DAY_MAX = date(2200, 12, 31).toordinal()
"""Columns of days lie in DAY_MIN..DAY_MAX, both included (PeriodInvalid, rule day_range)."""

Ordinals = npt.NDArray[np.signedinteger[Any]]
"""A column of day ordinals, int32 or int64."""


class Calendar(Enum):
    """A civil calendar; its value is the word of the tariff documents."""

    GREGORIAN = "gregorian"
    JALALI = "jalali"

    def parse(self, text: str) -> int:
        """The day ordinal of an ISO date text in this calendar, as 1396-07-01."""
        if not _DATE.fullmatch(text):
            raise _date_invalid(text, "date_form", f"{text!r} is not a date: write {_FORM}.")
        year, month, day = (int(part) for part in text.split("-"))
        first, last = _YEARS[self]
        if not first <= year <= last:
            raise _date_invalid(text, "year_range", _year_advice(self, text, year))
        return self.ordinal(year, month, day)

    def format(self, ordinal: int) -> str:
        """The ISO text of a day in this calendar, as 1396-07-01."""
        year, month, day = self.ymd(ordinal)
        return f"{year:04}-{month:02}-{day:02}"

    def ordinal(self, year: int, month: int, day: int) -> int:
        """The day ordinal of a date given by its numbers, each counted from 1."""
        lengths = _month_lengths(self, year)
        if not 1 <= month <= 12 or not 1 <= day <= lengths[month - 1]:
            text = f"{year:04}-{month:02}-{day:02}"
            raise _date_invalid(text, "date", _day_advice(self, text, year, month))
        return self.new_year(year) + sum(lengths[: month - 1]) + day - 1

    def ymd(self, ordinal: int) -> tuple[int, int, int]:
        """Year, month and day of a day ordinal, each counted from 1."""
        year = self.year(ordinal)
        day = ordinal - self.new_year(year) + 1
        for month, length in enumerate(_month_lengths(self, year), start=1):
            if day <= length:
                return year, month, day
            day -= length
        raise AssertionError(ordinal)

    def year(self, ordinal: int) -> int:
        """The year in which a day lies."""
        year = date.fromordinal(ordinal).year - _YEAR_OFFSET[self]
        return year if self.new_year(year) <= ordinal else year - 1

    def new_year(self, year: int) -> int:
        """The day ordinal of a year's first day."""
        return _new_year(self, year)

    def year_length(self, year: int) -> int:
        """Days of a year: 365 or 366."""
        return self.new_year(year + 1) - self.new_year(year)

    def is_leap(self, year: int) -> bool:
        """Whether a year has 366 days."""
        return self.year_length(year) == 366

    def month_length(self, year: int, month: int) -> int:
        """Days of a month, 28 to 31; month counts from 1 to 12."""
        if not 1 <= month <= 12:
            raise _date_invalid(f"{month}", "month", f"{month} is not a month: give 1 to 12.")
        return _month_lengths(self, year)[month - 1]


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORM = "year-month-day with the digits 0 to 9, as 2024-02-29 or 1396-07-01"
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")

# Years that a date text may name. No number is a year of both: a date that was written in
# the other calendar is caught, never misread.
_YEARS = {Calendar.GREGORIAN: (1800, 2299), Calendar.JALALI: (1178, 1699)}
_YEAR_OFFSET = {Calendar.GREGORIAN: 0, Calendar.JALALI: 621}
_OTHER = {Calendar.GREGORIAN: Calendar.JALALI, Calendar.JALALI: Calendar.GREGORIAN}

# Esfand and February as in a common year; a leap year gives them one day more.
_COMMON = {
    Calendar.GREGORIAN: (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31),
    Calendar.JALALI: (31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 29),
}
_LEAP_MONTH = {Calendar.GREGORIAN: 2, Calendar.JALALI: 12}

_MONTH_NAMES = {
    Calendar.GREGORIAN: "January February March April May June July August September October "
    "November December".split(),
    Calendar.JALALI: "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey "
    "Bahman Esfand".split(),
}

MONTH_DENOMINATOR = {Calendar.GREGORIAN: lcm(28, 29, 30, 31), Calendar.JALALI: lcm(29, 30, 31)}
"""Calendar months are whole multiples of 1/377580 (Gregorian) or 1/26970 (Jalali)."""

YEAR_DENOMINATOR = lcm(365, 366)
"""Calendar years are whole multiples of 1/133590."""


def _date_invalid(text: str, rule: str, detail: str) -> DateInvalid:
    return DateInvalid(detail, text=text, rule=rule)


def _year_advice(calendar: Calendar, text: str, year: int) -> str:
    first, last = _YEARS[calendar]
    name, other = calendar.value.capitalize(), _OTHER[calendar]
    advice = f"{text} is outside the {name} years {first} to {last}."
    if _YEARS[other][0] <= year <= _YEARS[other][1]:
        advice += f" It looks like a {other.value.capitalize()} date: write it in {name}."
    return advice


def _day_advice(calendar: Calendar, text: str, year: int, month: int) -> str:
    name = calendar.value.capitalize()
    if not 1 <= month <= 12:
        return f"{text} is not a {name} date: months go from 01 to 12."
    month_name, length = _MONTH_NAMES[calendar][month - 1], calendar.month_length(year, month)
    return f"{text} is not a {name} date: {month_name} {year} has {length} days."


@lru_cache(maxsize=4096)
def _new_year(calendar: Calendar, year: int) -> int:
    if calendar is Calendar.GREGORIAN:
        return _gregorian_new_year(year)
    return _jalali_new_year(year)


@lru_cache(maxsize=4096)
def _month_lengths(calendar: Calendar, year: int) -> tuple[int, ...]:
    lengths = list(_COMMON[calendar])
    lengths[_LEAP_MONTH[calendar] - 1] += calendar.is_leap(year)
    return tuple(lengths)


def _gregorian_new_year(year: int) -> int:
    before = year - 1
    return 365 * before + before // 4 - before // 100 + before // 400 + 1


# Years in which the 33-year pattern of leap years starts anew (Borkowski's table).
_BREAKS = (
    -61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210,
    1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178,
)  # fmt: skip


def _jalali_new_year(year: int) -> int:
    if not _BREAKS[0] <= year < _BREAKS[-1]:
        raise _date_invalid(
            f"{year}",
            "year_range",
            f"Jalali new years are known from {_BREAKS[0]} to {_BREAKS[-1] - 1}, not {year}.",
        )
    gregorian = year + 621
    leaps = gregorian // 4 - (gregorian // 100 + 1) * 3 // 4 - 150
    return date(gregorian, 3, 20).toordinal() + _jalali_leaps(year) - leaps


def _jalali_leaps(year: int) -> int:
    leaps, start, jump = -14, 0, 0
    for start, end in pairwise(_BREAKS):
        jump = end - start
        if year < end:
            break
        leaps += jump // 33 * 8 + jump % 33 // 4
    since = year - start
    last_of_long = jump % 33 == 4 and jump - since == 4
    return leaps + since // 33 * 8 + (since % 33 + 3) // 4 + last_of_long


@dataclass(frozen=True, slots=True)
class Period:
    """Billing days (previous, this], by the ordinals of two readings; 1 to days_max days."""

    previous: int
    this: int
    days_max: InitVar[int] = PERIOD_DAYS_MAX

    def __post_init__(self, days_max: int) -> None:
        if self.days < 1:
            raise _period_invalid(self, "days_min", "the later reading must be after the earlier")
        if self.days > days_max:
            raise _period_invalid(self, "days_max", f"a period has at most {days_max} days")

    @property
    def days(self) -> int:
        """Billed days."""
        return self.this - self.previous


def _period_invalid(period: Period, rule: str, advice: str) -> PeriodInvalid:
    previous, this = _iso(period.previous), _iso(period.this)
    return PeriodInvalid(
        f"The readings of {previous} and {this} are {period.days} days apart: {advice}.",
        rule=rule,
        previous=period.previous,
        this=period.this,
    )


def _iso(ordinal: int) -> str:
    known = 1 <= ordinal <= date.max.toordinal()
    return date.fromordinal(ordinal).isoformat() if known else f"day {ordinal}"


def borders_within(previous: int, this: int, starts: Iterable[int]) -> list[int]:
    """The first-days that cut (previous, this], in order and each once."""
    return sorted({start for start in starts if previous + 1 < start <= this})


def cut(previous: int, this: int, starts: Sequence[int]) -> list[tuple[int, int]]:
    """(previous, this] cut at the first-days strictly inside, as (previous, this) pairs."""
    inside = [start - 1 for start in borders_within(previous, this, starts)]
    return list(pairwise([previous, *inside, this]))


class MonthDay(NamedTuple):
    """A day of every year, each part counted from 1."""

    month: int
    day: int


def parse_month_day(calendar: Calendar, text: str) -> MonthDay:
    """A yearly border "MM-DD"; refused for a day that some year lacks (02-29, Esfand 30)."""
    if not _MONTH_DAY.fullmatch(text):
        raise _date_invalid(text, "border_form", f"{text!r} is not a day of the year: write MM-DD.")
    month, day = (int(part) for part in text.split("-"))
    if not 1 <= month <= 12:
        raise _date_invalid(text, "border", f"{text} is not a day: months go from 01 to 12.")
    length = _COMMON[calendar][month - 1]
    if not 1 <= day <= length:
        raise _date_invalid(text, "border", _border_advice(calendar, text, month, length))
    return MonthDay(month, day)


def _border_advice(calendar: Calendar, text: str, month: int, length: int) -> str:
    name, next_month = calendar.value.capitalize(), month % 12 + 1
    return (
        f"{text} is not a day of every {name} year: {_MONTH_NAMES[calendar][month - 1]} always "
        f"has {month:02}-01 to {month:02}-{length}. To change when the month is over, start the "
        f"next season from {next_month:02}-01."
    )


def recurring_borders(
    calendar: Calendar, borders: Sequence[MonthDay], first: int, last: int
) -> list[int]:
    """The ordinals of yearly borders on the days first..last, both included, in order."""
    years = range(calendar.year(first), calendar.year(last) + 1)
    days = {calendar.ordinal(year, *border) for year in years for border in borders}
    return sorted(day for day in days if first <= day <= last)


def month_starts(calendar: Calendar, first: int, last: int) -> list[int]:
    """The first days of months on the days first..last, both included."""
    return recurring_borders(calendar, [MonthDay(n, 1) for n in range(1, 13)], first, last)


def year_starts(calendar: Calendar, first: int, last: int) -> list[int]:
    """The first days of years on the days first..last, both included."""
    return recurring_borders(calendar, [MonthDay(1, 1)], first, last)


def calendar_months(calendar: Calendar, previous: int, this: int) -> Fraction:
    """The months in (previous, this]: for each month, its billed days over its days."""
    return _counted(previous, this, lambda day: _month_around(calendar, day))


def calendar_years(calendar: Calendar, previous: int, this: int) -> Fraction:
    """The years in (previous, this]: for each year, its billed days over its days."""
    return _counted(previous, this, lambda day: _year_around(calendar, day))


def _counted(previous: int, this: int, around: Callable[[int], tuple[int, int]]) -> Fraction:
    """Walks (previous, this] unit by unit; `around` gives a day's unit as (previous, this]."""
    if this < previous:
        raise _backwards(previous, this)
    count = Fraction()
    while previous < this:
        before, end = around(previous + 1)
        count += Fraction(min(end, this) - previous, end - before)
        previous = end
    return count


def _month_around(calendar: Calendar, ordinal: int) -> tuple[int, int]:
    year, month, day = calendar.ymd(ordinal)
    return ordinal - day, ordinal - day + calendar.month_length(year, month)


def _year_around(calendar: Calendar, ordinal: int) -> tuple[int, int]:
    year = calendar.year(ordinal)
    return calendar.new_year(year) - 1, calendar.new_year(year + 1) - 1


def _backwards(previous: int, this: int) -> PeriodInvalid:
    return PeriodInvalid(
        f"{_iso(this)} is before {_iso(previous)}: a segment cannot run backwards.",
        rule="days_min",
        previous=previous,
        this=this,
    )


def months_scaled(calendar: Calendar, ordinals: Ordinals) -> npt.NDArray[np.int64]:
    """F(d) of a column of days, in 1/MONTH_DENOMINATOR months: at the end of day d.

    F(this) - F(previous) = calendar_months(previous, this) * MONTH_DENOMINATOR, exactly.
    """
    return _looked_up(_months_table(calendar), ordinals)


def years_scaled(calendar: Calendar, ordinals: Ordinals) -> npt.NDArray[np.int64]:
    """F(d) of a column of days, in 1/YEAR_DENOMINATOR years: at the end of day d.

    F(this) - F(previous) = calendar_years(previous, this) * YEAR_DENOMINATOR, exactly.
    """
    return _looked_up(_years_table(calendar), ordinals)


def periods_valid(
    previous: Ordinals, this: Ordinals, days_max: int = PERIOD_DAYS_MAX
) -> npt.NDArray[np.bool_]:
    """Row by row: (previous, this] has 1..days_max days inside DAY_MIN..DAY_MAX."""
    earlier, later = previous.astype(np.int64), this.astype(np.int64)
    in_range = (earlier >= DAY_MIN) & (later <= DAY_MAX)
    return in_range & (earlier < later) & (later - days_max <= earlier)


def _looked_up(table: npt.NDArray[np.int64], ordinals: Ordinals) -> npt.NDArray[np.int64]:
    outside = np.flatnonzero((ordinals < DAY_MIN) | (ordinals > DAY_MAX))
    if outside.size:
        raise _day_range(int(outside[0]), int(ordinals[outside[0]]))
    found: npt.NDArray[np.int64] = table[ordinals.astype(np.int64) - DAY_MIN]
    return found


def _day_range(row: int, ordinal: int) -> PeriodInvalid:
    return PeriodInvalid(
        f"Row {row}: {_iso(ordinal)} is outside {_iso(DAY_MIN)} to {_iso(DAY_MAX)}, the days "
        "that columns may hold.",
        rule="day_range",
        this=ordinal,
        row=row,
    )


@lru_cache(maxsize=len(Calendar))
def _months_table(calendar: Calendar) -> npt.NDArray[np.int64]:
    years = range(calendar.year(DAY_MIN), calendar.year(DAY_MAX) + 1)
    lengths = [length for year in years for length in _month_lengths(calendar, year)]
    return _table(calendar, years, lengths, MONTH_DENOMINATOR[calendar])


@lru_cache(maxsize=len(Calendar))
def _years_table(calendar: Calendar) -> npt.NDArray[np.int64]:
    years = range(calendar.year(DAY_MIN), calendar.year(DAY_MAX) + 1)
    return _table(calendar, years, [calendar.year_length(y) for y in years], YEAR_DENOMINATOR)


def _table(
    calendar: Calendar, years: range, lengths: Sequence[int], denominator: int
) -> npt.NDArray[np.int64]:
    """Running sums of denominator / length over the days DAY_MIN..DAY_MAX."""
    days = np.array(lengths, dtype=np.int64)
    daily = np.repeat(denominator // days, days)
    skipped = DAY_MIN - calendar.new_year(years[0])
    table = np.cumsum(daily[skipped : skipped + DAY_MAX - DAY_MIN + 1], dtype=np.int64)
    table.setflags(write=False)
    return table
