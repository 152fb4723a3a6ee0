"""Business days of a channel: where one ends is a matter of its terms."""

import numpy as np

from billcore.core.accounts.checks import Ints
from billcore.core.reconciliation.files.times import civil
from billcore.core.reconciliation.terms import Terms


def business_days(terms: Terms, time_zone: str, times: Ints) -> Ints:
    """The business days (ordinals) of times, microseconds since 1970 in UTC.

    time_zone: the provider's, where the terms tell none.
    """
    day, second = civil(times, terms.time_zone or time_zone)
    if not terms.cut_off_minute:
        return day
    return day + (second >= terms.cut_off_minute * 60)


def days_of_lines(terms: Terms, time_zone: str, paid_at: Ints, day: Ints) -> Ints:
    """The business days of a report's lines; one that tells no time is of the day that it tells."""
    return np.where(paid_at != 0, business_days(terms, time_zone, paid_at), day)
