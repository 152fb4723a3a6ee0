"""Lengths of time in microseconds, as moments are (since 1970 in UTC), and the day of a moment.

DAY is one of 24 hours; civil days may have others.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def civil_day(moment: int, time_zone: str) -> int:
    """The day (an ordinal) that it is at a moment in a time zone, by its IANA name."""
    return datetime.fromtimestamp(moment // SECOND, ZoneInfo(time_zone)).toordinal()
