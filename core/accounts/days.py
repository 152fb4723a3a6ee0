"""Days as people read them."""

from datetime import date

from billcore.core.store.port import OPEN_DAY


def iso(day: int) -> str:
    """The ISO text of a day ordinal, or "open"."""
    if day == OPEN_DAY:
        return "open"
    known = 1 <= day <= date.max.toordinal()
    return date.fromordinal(int(day)).isoformat() if known else f"day {day}"
