"""Moments as people write and read them on the command line: microseconds since 1970 in UTC."""

from billcore.server import times
from billcore.server.times import EPOCH, MICROSECOND


def moment(text: str, field: str = "paid_at") -> int:
    """Microseconds since 1970 of a time with an offset; 0: none is told. Raises RequestInvalid."""
    return times.moment(text, field)


def shown_moment(microseconds: int) -> str:
    """In UTC, to the second: 2024-03-01 09:00:05+00:00."""
    return (EPOCH + microseconds * MICROSECOND).isoformat(" ", "seconds")
