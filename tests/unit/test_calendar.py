"""Billing days: two calendars against independent ones, the day convention, exact counts."""

import calendar as python_calendar
from collections import Counter
from datetime import date
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from convertdate import persian
from hypothesis import example, given
from hypothesis import strategies as st

from billcore.core.calendar import (
    DAY_MAX,
    DAY_MIN,
    MONTH_DENOMINATOR,
    PERIOD_DAYS_MAX,
    YEAR_DENOMINATOR,
    Calendar,
    MonthDay,
    Period,
    borders_within,
    calendar_months,
    calendar_years,
    cut,
    month_starts,
    months_scaled,
    parse_month_day,
    periods_valid,
    recurring_borders,
    year_starts,
    years_scaled,
)
from billcore.core.errors import DateInvalid, PeriodInvalid

JALALI, GREGORIAN = Calendar.JALALI, Calendar.GREGORIAN
F = Fraction


def j(text: str) -> int:
    return JALALI.parse(text)


def g(text: str) -> int:
    return GREGORIAN.parse(text)


# --- the seed's facts ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("previous", "this", "days"),
    [
        ("1396-02-24", "1397-01-31", 341),
        ("1397-06-03", "1397-07-30", 58),
        ("1397-01-31", "1397-06-03", 127),
        ("1395-10-06", "1396-02-24", 139),
        ("1395-01-29", "1395-10-06", 253),
        ("1395-12-29", "1395-12-30", 1),
        ("1395-12-30", "1396-01-01", 1),
        ("1396-12-29", "1397-01-01", 1),
        ("1399-12-01", "1400-01-01", 30),
        ("1400-12-01", "1401-01-01", 29),
    ],
)
def test_billed_days(previous: str, this: str, days: int) -> None:
    """Days between two Jalali readings; 1395 and 1399 are leap years."""
    assert Period(j(previous), j(this)).days == days


def test_a_version_starts_on_its_first_day() -> None:
    """341 days with a version from 1396-07-01 are 131 old days and 210 new ones."""
    parts = cut(j("1396-02-24"), j("1397-01-31"), [j("1396-07-01")])
    assert [this - previous for previous, this in parts] == [131, 210]
    assert JALALI.format(parts[0][1]) == "1396-06-31"


@pytest.mark.parametrize(
    ("starts", "segments"),
    [
        ([], [(10, 20)]),
        ([10], [(10, 20)]),
        ([11], [(10, 20)]),
        ([12], [(10, 11), (11, 20)]),
        ([20], [(10, 19), (19, 20)]),
        ([21], [(10, 20)]),
        ([15, 12, 15, 99], [(10, 11), (11, 14), (14, 20)]),
    ],
)
def test_cut(starts: list[int], segments: list[tuple[int, int]]) -> None:
    """Days 11..20 are cut before a first-day only where days lie on both sides."""
    assert cut(10, 20, starts) == segments
    assert borders_within(10, 20, starts) == [previous + 1 for previous, _ in segments[1:]]


@given(st.integers(1, 10**6), st.integers(1, 400), st.lists(st.integers(-5, 410), max_size=9))
def test_cuts_cover_every_day_once(previous: int, days: int, offsets: list[int]) -> None:
    """Each segment has days, together they are the period, a start is a segment's first day."""
    starts = [previous + offset for offset in offsets]
    segments = cut(previous, previous + days, starts)
    covered = [day for first, last in segments for day in range(first + 1, last + 1)]
    assert covered == list(range(previous + 1, previous + days + 1))
    assert all(first < last for first, last in segments)
    assert {first + 1 for first, _ in segments} - {previous + 1} <= set(starts)


# --- the calendars against independent ones -----------------------------------------------


JULIAN_DAY_OF_ORDINAL_0 = 1721424


@cache
def convertdate_days() -> dict[int, tuple[int, int, int]]:
    """Every day of 1300 to 1500 by convertdate, which computes the equinox in Tehran."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(persian, "equinox_jd", cache(persian.equinox_jd))  # it asks once a day
        first, last = persian.to_jd(1300, 1, 1), persian.to_jd(1500, 12, 29)
        ordinals = range(
            int(first) - JULIAN_DAY_OF_ORDINAL_0, int(last) - JULIAN_DAY_OF_ORDINAL_0 + 1
        )
        return {n: persian.from_jd(n + JULIAN_DAY_OF_ORDINAL_0) for n in ordinals}


def test_every_jalali_day_agrees_with_the_equinox() -> None:
    """All 73,414 days from 1300-01-01 to 1500-12-29, both ways."""
    days = convertdate_days()
    assert len(days) == 73_414
    for ordinal, theirs in days.items():
        assert JALALI.ymd(ordinal) == theirs
        assert JALALI.ordinal(*theirs) == ordinal


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ("1300-01-01", "1921-03-21"),
        ("1357-11-22", "1979-02-11"),
        ("1395-12-30", "2017-03-20"),
        ("1396-07-01", "2017-09-23"),
        ("1399-12-30", "2021-03-20"),
        ("1403-01-01", "2024-03-20"),
    ],
)
def test_days_that_every_calendar_on_a_wall_shows(jalali: str, gregorian: str) -> None:
    """One day, two names."""
    assert j(jalali) == g(gregorian)


def test_jalali_leap_years() -> None:
    """The leap years of our time: every fourth year, and once in a while every fifth."""
    assert [year for year in range(1370, 1413) if JALALI.is_leap(year)] == [
        *(1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412)
    ]
    assert JALALI.year_length(1395) == 366
    assert JALALI.month_length(1395, 12) == 30
    assert JALALI.month_length(1396, 12) == 29


@pytest.mark.parametrize("month", [0, 13, -1])
def test_there_are_twelve_months(month: int) -> None:
    """No thirteenth month is taken for another."""
    with pytest.raises(DateInvalid, match="give 1 to 12"):
        JALALI.month_length(1396, month)


def test_jalali_years_are_years_wherever_the_table_reaches() -> None:
    """From -61 to 3176 every year has 365 or 366 days and starts from 19 to 22 March."""
    assert {JALALI.year_length(year) for year in range(-61, 3177)} == {365, 366}
    starts = {date.fromordinal(JALALI.new_year(year)) for year in range(-61, 3178)}
    assert {(day.month, day.day) for day in starts} <= {(3, n) for n in range(18, 23)}


@pytest.mark.parametrize("year", [-62, 3178])
def test_jalali_years_beyond_the_table_are_refused(year: int) -> None:
    """No new year is guessed."""
    with pytest.raises(DateInvalid, match="known from -61 to 3177"):
        JALALI.new_year(year)


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)))
@example(date(1900, 2, 28))
@example(date(2000, 2, 29))
@example(date(2024, 12, 31))
def test_gregorian_agrees_with_python(day: date) -> None:
    """Year, month, day, month length, year length and text are those of datetime."""
    ordinal = day.toordinal()
    assert GREGORIAN.ymd(ordinal) == (day.year, day.month, day.day)
    assert GREGORIAN.format(ordinal) == day.isoformat()
    assert GREGORIAN.ordinal(day.year, day.month, day.day) == ordinal
    assert GREGORIAN.is_leap(day.year) == python_calendar.isleap(day.year)
    length = python_calendar.monthrange(day.year, day.month)[1]
    assert GREGORIAN.month_length(day.year, day.month) == length


# --- texts --------------------------------------------------------------------------------


@given(st.sampled_from(Calendar), st.integers(DAY_MIN, DAY_MAX))
def test_dates_are_read_as_written(calendar: Calendar, ordinal: int) -> None:
    """parse undoes format for every day of the billing range."""
    assert calendar.parse(calendar.format(ordinal)) == ordinal


@pytest.mark.parametrize(
    ("calendar", "text", "message"),
    [
        (JALALI, "1396-12-30", "1396-12-30 is not a Jalali date: Esfand 1396 has 29 days."),
        (JALALI, "1396-07-31", "1396-07-31 is not a Jalali date: Mehr 1396 has 30 days."),
        (JALALI, "1396-02-32", "Ordibehesht 1396 has 31 days."),
        (JALALI, "1396-01-00", "Farvardin 1396 has 31 days."),
        (JALALI, "1396-13-01", "1396-13-01 is not a Jalali date: months go from 01 to 12."),
        (JALALI, "2024-02-29", "It looks like a Gregorian date: write it in Jalali."),
        (GREGORIAN, "1396-07-01", "It looks like a Jalali date: write it in Gregorian."),
        (GREGORIAN, "9999-12-31", "9999-12-31 is outside the Gregorian years 1800 to 2299."),
        (GREGORIAN, "2023-02-29", "2023-02-29 is not a Gregorian date: February 2023 has 28 days."),
        (GREGORIAN, "1900-02-29", "February 1900 has 28 days."),
        (GREGORIAN, "2024-00-01", "months go from 01 to 12."),
        (GREGORIAN, "2024-2-9", "write year-month-day"),
        (GREGORIAN, "2024/02/09", "write year-month-day"),
        (GREGORIAN, "2024-02-09\n", "write year-month-day"),
        (JALALI, "۱۳۹۶-۰۷-۰۱", "with the digits 0 to 9"),
        (JALALI, "", "write year-month-day"),
    ],
)
def test_a_wrong_date_is_refused_with_advice(calendar: Calendar, text: str, message: str) -> None:
    """What is no day of the calendar is refused, and the error says why."""
    with pytest.raises(DateInvalid) as caught:
        calendar.parse(text)
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("calendar", "text", "border"),
    [
        (GREGORIAN, "02-28", (2, 28)),
        (GREGORIAN, "12-31", (12, 31)),
        (JALALI, "02-31", (2, 31)),
        (JALALI, "12-29", (12, 29)),
    ],
)
def test_yearly_borders(calendar: Calendar, text: str, border: tuple[int, int]) -> None:
    """A yearly border is a day that every year of its calendar has."""
    assert parse_month_day(calendar, text) == border


@pytest.mark.parametrize(
    ("calendar", "text", "advice"),
    [
        (GREGORIAN, "02-29", "February always has 02-01 to 02-28"),
        (GREGORIAN, "04-31", "start the next season from 05-01"),
        (GREGORIAN, "02-00", "not a day of every Gregorian year"),
        (GREGORIAN, "13-01", "months go from 01 to 12"),
        (GREGORIAN, "2-1", "write MM-DD"),
        (JALALI, "12-30", "start the next season from 01-01"),
        (JALALI, "07-31", "Mehr always has 07-01 to 07-30"),
        (JALALI, "00-01", "months go from 01 to 12"),
    ],
)
def test_a_border_that_some_year_lacks_is_refused(
    calendar: Calendar, text: str, advice: str
) -> None:
    """02-29 and Esfand 30 are no yearly borders; the error says which days are."""
    with pytest.raises(DateInvalid) as caught:
        parse_month_day(calendar, text)
    assert advice in caught.value.message


# --- borders in a range -------------------------------------------------------------------


def test_recurring_borders() -> None:
    """Two seasons, two years: every border between the ends, both ends included."""
    borders = [MonthDay(7, 1), MonthDay(4, 1)]
    days = recurring_borders(JALALI, borders, j("1395-07-01"), j("1397-04-01"))
    texts = [JALALI.format(day) for day in days]
    assert texts == ["1395-07-01", "1396-04-01", "1396-07-01", "1397-04-01"]


def test_month_and_year_starts() -> None:
    """First days of months and years, both ends included."""
    months = month_starts(GREGORIAN, g("2023-12-01"), g("2024-03-01"))
    assert [GREGORIAN.format(day)[:7] for day in months] == [
        *("2023-12", "2024-01", "2024-02", "2024-03")
    ]
    assert year_starts(JALALI, j("1395-01-02"), j("1397-01-01")) == [
        *(j("1396-01-01"), j("1397-01-01"))
    ]
    assert month_starts(GREGORIAN, g("2024-01-02"), g("2024-01-31")) == []


# --- periods ------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "rule"), [(0, "days_min"), (-3, "days_min"), (401, "days_max")])
def test_a_period_has_1_to_400_days(days: int, rule: str) -> None:
    """Reversed, empty and overlong periods are refused, naming both readings."""
    with pytest.raises(PeriodInvalid, match="The readings of 2024-01-01 and ") as caught:
        Period(g("2024-01-01"), g("2024-01-01") + days)
    assert caught.value.rule == rule


def test_the_shortest_and_the_longest_period() -> None:
    """1 day and 400 days are allowed; a longer limit must be asked for."""
    assert Period(5, 6).days == 1
    assert Period(5, 5 + PERIOD_DAYS_MAX).days == 400
    assert Period(5, 806, days_max=801).days == 801


def test_valid_periods_of_a_column() -> None:
    """Row by row: too short, too long and out of range are found without an error."""
    day = g("2024-01-01")
    rows = [
        (day, day + 1, True),
        (day, day + 400, True),
        (day, day, False),
        (day, day - 1, False),
        (day, day + 401, False),
        (DAY_MIN, DAY_MIN + 1, True),
        (DAY_MIN - 1, DAY_MIN + 1, False),
        (DAY_MAX - 1, DAY_MAX, True),
        (DAY_MAX, DAY_MAX + 1, False),
    ]
    previous = np.array([row[0] for row in rows], dtype=np.int32)
    this = np.array([row[1] for row in rows], dtype=np.int32)
    valid = [row[2] for row in rows]
    assert periods_valid(previous, this).tolist() == valid
    assert periods_valid(previous.astype(np.int64), this.astype(np.int64)).tolist() == valid
    extremes = np.array([-(2**63), 2**63 - 1], dtype=np.int64)
    assert not periods_valid(extremes, extremes[::-1].copy()).any()


# --- months and years, counted exactly ----------------------------------------------------


@pytest.mark.parametrize(
    ("calendar", "previous", "this", "months"),
    [
        (GREGORIAN, "2022-06-24", "2022-07-24", F(6, 30) + F(24, 31)),
        (GREGORIAN, "2024-01-31", "2024-02-29", F(1)),
        (GREGORIAN, "2024-02-28", "2024-03-01", F(1, 29) + F(1, 31)),
        (GREGORIAN, "1900-02-27", "1900-03-01", F(1, 28) + F(1, 31)),
        (GREGORIAN, "2023-12-31", "2024-12-31", F(12)),
        (GREGORIAN, "2024-05-05", "2024-05-05", F(0)),
        (JALALI, "1395-11-30", "1395-12-30", F(1)),
        (JALALI, "1396-12-28", "1397-01-01", F(1, 29) + F(1, 31)),
        (JALALI, "1396-06-30", "1396-07-10", F(1, 31) + F(10, 30)),
    ],
)
def test_calendar_months(calendar: Calendar, previous: str, this: str, months: Fraction) -> None:
    """Each month counts its billed days over its days."""
    assert calendar_months(calendar, calendar.parse(previous), calendar.parse(this)) == months


@pytest.mark.parametrize(
    ("calendar", "previous", "this", "years"),
    [
        (GREGORIAN, "2023-12-31", "2024-12-31", F(1)),
        (GREGORIAN, "2023-12-21", "2024-01-20", F(10, 365) + F(20, 366)),
        (JALALI, "1395-12-29", "1396-01-01", F(1, 366) + F(1, 365)),
        (JALALI, "1398-12-29", "1399-12-30", F(1)),
    ],
)
def test_calendar_years(calendar: Calendar, previous: str, this: str, years: Fraction) -> None:
    """Each year counts its billed days over its days."""
    assert calendar_years(calendar, calendar.parse(previous), calendar.parse(this)) == years


def test_counts_do_not_run_backwards() -> None:
    """A segment that ends before it starts is an error."""
    with pytest.raises(PeriodInvalid, match="cannot run backwards"):
        calendar_months(GREGORIAN, 10, 9)


Month = tuple[int, int]


def independent_month(calendar: Calendar, ordinal: int) -> Month:
    if calendar is GREGORIAN:
        day = date.fromordinal(ordinal)
        return day.year, day.month
    return convertdate_days()[ordinal][:2]


@cache
def jalali_months() -> Counter[Month]:
    return Counter(day[:2] for day in convertdate_days().values())


def independent_month_days(calendar: Calendar, month: Month) -> int:
    if calendar is GREGORIAN:
        return python_calendar.monthrange(*month)[1]
    return jalali_months()[month]


def independent_months(calendar: Calendar, previous: int, this: int) -> Fraction:
    days = Counter(independent_month(calendar, day) for day in range(previous + 1, this + 1))
    shares = (F(n, independent_month_days(calendar, month)) for month, n in days.items())
    return sum(shares, F(0))


def independent_years(calendar: Calendar, previous: int, this: int) -> Fraction:
    days = Counter(independent_month(calendar, day)[0] for day in range(previous + 1, this + 1))
    lengths = {
        year: sum(independent_month_days(calendar, (year, month)) for month in range(1, 13))
        for year in days
    }
    return sum((F(n, lengths[year]) for year, n in days.items()), F(0))


def both_ends(previous: int, days: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.array([previous, previous + days], dtype=np.int32)


PREVIOUS = st.integers(j("1300-01-01"), j("1498-01-01"))
DAYS = st.integers(1, PERIOD_DAYS_MAX)


@given(st.sampled_from(Calendar), PREVIOUS, DAYS)
@example(JALALI, j("1395-12-01"), 60)
@example(JALALI, j("1399-01-01"), 400)
@example(GREGORIAN, g("2000-02-01"), 60)
@example(GREGORIAN, g("2024-02-28"), 1)
@example(GREGORIAN, g("1900-02-28"), 1)
def test_counts_agree_with_an_independent_calendar(
    calendar: Calendar, previous: int, days: int
) -> None:
    """Periods of 1 to 400 days: scalar and column counts equal a count day by day."""
    this = previous + days
    months = independent_months(calendar, previous, this)
    years = independent_years(calendar, previous, this)
    assert calendar_months(calendar, previous, this) == months
    assert calendar_years(calendar, previous, this) == years
    scaled = np.diff(months_scaled(calendar, both_ends(previous, days)))
    assert F(int(scaled[0]), MONTH_DENOMINATOR[calendar]) == months
    scaled = np.diff(years_scaled(calendar, both_ends(previous, days)))
    assert F(int(scaled[0]), YEAR_DENOMINATOR) == years


@given(st.sampled_from(Calendar), PREVIOUS, DAYS, DAYS)
def test_counts_add_up(calendar: Calendar, previous: int, days: int, more: int) -> None:
    """A cut never changes a count of months or years."""
    between, this = previous + days, previous + days + more
    for count in (calendar_months, calendar_years):
        parts = count(calendar, previous, between) + count(calendar, between, this)
        assert parts == count(calendar, previous, this)


@pytest.mark.parametrize("calendar", Calendar)
def test_columns_equal_the_scalars_at_both_ends_of_the_range(calendar: Calendar) -> None:
    """From the first to the last day of the tables nothing is lost."""
    ends = np.array([DAY_MIN, DAY_MAX], dtype=np.int64)
    months, years = np.diff(months_scaled(calendar, ends)), np.diff(years_scaled(calendar, ends))
    exact = calendar_months(calendar, DAY_MIN, DAY_MAX) * MONTH_DENOMINATOR[calendar]
    assert int(months[0]) == exact
    assert int(years[0]) == calendar_years(calendar, DAY_MIN, DAY_MAX) * YEAR_DENOMINATOR
    assert months.dtype == years.dtype == np.int64


@pytest.mark.parametrize("ordinal", [DAY_MIN - 1, DAY_MAX + 1, 0, -1, 2**31 - 1])
def test_a_day_outside_the_tables_is_refused(ordinal: int) -> None:
    """A column with a day before 1800 or after 2200 is an error that names the row."""
    column = np.array([DAY_MIN, DAY_MAX, ordinal], dtype=np.int32)
    for scaled in (months_scaled, years_scaled):
        with pytest.raises(PeriodInvalid, match="Row 2: ") as caught:
            scaled(GREGORIAN, column)
        assert caught.value.fields["row"] == "2"


def test_denominators() -> None:
    """The least common multiples of the month and year lengths."""
    assert MONTH_DENOMINATOR == {GREGORIAN: 377_580, JALALI: 26_970}
    assert YEAR_DENOMINATOR == 133_590
