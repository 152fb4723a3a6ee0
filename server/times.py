"""Moments as texts and back: microseconds since 1970 in UTC, RFC 3339."""

from datetime import UTC, datetime, timedelta

from billcore.core.errors import RequestInvalid

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

LAST = datetime(9999, 1, 1, tzinfo=UTC)
"""Moments are before it."""

MICROSECOND = timedelta(microseconds=1)


def moment(text: str, field: str) -> int:
    """Microseconds since 1970 of RFC 3339 with an offset, above 0; "": 0. Raises RequestInvalid."""
    if not text:
        return 0
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        told = None
    if told is None or told.tzinfo is None:
        raise RequestInvalid(field, f"{text[:40]!r}: write 2024-03-01T12:30:05+03:30.")
    if not EPOCH < told < LAST:
        raise RequestInvalid(field, f"{text[:40]!r}: it is behind 1970 and before {LAST.year}.")
    return (told - EPOCH) // MICROSECOND


def rfc3339(microseconds: int) -> str:
    """As 2026-11-22T01:02:03.000004Z."""
    moment = EPOCH + timedelta(microseconds=microseconds)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
