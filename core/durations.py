"""Lengths of time in microseconds, as moments are kept; a day is one of 24 hours."""

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
