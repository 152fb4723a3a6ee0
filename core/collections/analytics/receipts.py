"""What came in between two days: by channel, terminal, group of accounts, day or month.

A payment counts on its effective day, what was taken back on the day of its reversal; so what was
told of days that have passed changes by nothing but what is recorded later.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from billcore.core.accounts.checks import Table, ints
from billcore.core.accounts.errors import FieldRefused
from billcore.core.calendar import Calendar, month_starts
from billcore.core.collections.analytics.collection import per_million
from billcore.core.collections.analytics.grouping import Groups
from billcore.core.collections.analytics.reading import Check, unchecked
from billcore.core.collections.analytics.sums import Sums
from billcore.core.ids import accounting_month
from billcore.core.rating.batch import Ints
from billcore.core.store import received as rows
from billcore.core.store.channels import Channel
from billcore.core.store.port import Reader

STEP_DAYS = 7
"""So many days of a channel are read at a time."""

DAYS_MAX = 3_660
"""Receipts are told of at most so many days."""


class By(StrEnum):
    """What receipts are told by. Area and class are the account's; '' of money in suspense."""

    AREA = "area"
    CLASS = "class"
    CHANNEL = "channel"
    TERMINAL = "terminal"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Received:
    """What came in of a group, through a channel (0: all) and terminal (0: none, or all), on a day
    or in an accounting month (0: all of them); minor units.

    fees: what channels took of payers on top, less what was taken back with its payment.
    """

    group: int
    channel_no: int
    terminal_no: int
    day: int
    month: int
    payments: int
    amount: int
    fees: int
    reversals: int
    reversed_amount: int

    @property
    def net(self) -> int:
        """What came in and was not taken back."""
        return self.amount - self.reversed_amount


@dataclass(frozen=True, slots=True)
class Receipts:
    """What came in: rows, and all payments and amounts of them together."""

    rows: Sequence[Received]
    payments: int
    amount: int

    def share_of_payments(self, row: Received) -> int:
        """Of all payments, per million."""
        return per_million(row.payments, self.payments)

    def share_of_amount(self, row: Received) -> int:
        """Of the whole amount, per million."""
        return per_million(row.amount, self.amount)


@dataclass(frozen=True, slots=True)
class Span:
    """Days first..last of a provider, as known at a time."""

    first: int
    last: int
    known_at: int


def check_days(first: int, last: int) -> None:
    """Raises FieldRefused."""
    if not last - DAYS_MAX < first <= last:
        raise FieldRefused("from_day", f"it is `day`, or up to {DAYS_MAX - 1} days before.")


def month_of_day(day: int, calendar: str, field: str) -> int:
    """The accounting month of a day. Raises FieldRefused, DateInvalid beyond all of them."""
    year, month, _ = Calendar(calendar).ymd(day)
    try:
        return accounting_month(year, month, calendar)
    except ValueError as error:
        raise FieldRefused(field, f"{error}.") from None


def receipts(
    reader: Reader,
    provider_id: int,
    channels: Collection[Channel],
    calendar: str,
    span: Span,
    by: Collection[By],
    groups: Groups,
    check: Check = unchecked,
) -> Receipts:
    """What came in through these channels. by: what the rows are told by."""
    months = _Months(Calendar(calendar), calendar, span)
    sums = Sums(5)
    split = rows.split_channels(reader, provider_id)
    for channel in channels:
        key, parts = (provider_id, channel.channel_no), channel.channel_no in split
        for first in range(span.first, span.last + 1, STEP_DAYS):
            check()
            last = min(first + STEP_DAYS - 1, span.last)
            for back, read in enumerate((rows.paid, rows.taken_back)):
                found = read(reader, key, first, last, span.known_at, parts=parts)
                _add(sums, found, channel, back, by, groups, months, span)
    told = [_row(key, values, months, by, span) for key, values in sums]
    payments, amount = (sum(getattr(one, name) for one in told) for name in ("payments", "amount"))
    return Receipts(told, payments, amount)


class _Months:
    """The accounting months of a span of days."""

    def __init__(self, calendar: Calendar, name: str, span: Span) -> None:
        self.first = month_of_day(span.first, name, "from_day")
        inside = month_starts(calendar, span.first, span.last)
        self._starts = np.array([start for start in inside if start > span.first], dtype=np.int64)

    def of(self, day: Ints) -> Ints:
        """How many months behind the first."""
        found: Ints = np.searchsorted(self._starts, day, side="right")
        return found


def _add(
    sums: Sums,
    found: Table,
    channel: Channel,
    back: int,
    by: Collection[By],
    groups: Groups,
    months: _Months,
    span: Span,
) -> None:
    day, amount, fee = (ints(found[name]) for name in ("day", "amount", "fee"))
    zeros = np.zeros(len(day), dtype=np.int64)
    ones = np.ones(len(day), dtype=np.int64)
    keys = [
        groups(ints(found["account_id"])),
        zeros + (channel.channel_no if By.CHANNEL in by else 0),
        ints(found["terminal_no"]) if By.TERMINAL in by else zeros,
        day - span.first if By.DAY in by else zeros,
        months.of(day) if By.MONTH in by else zeros,
    ]
    paid = (ones, amount, fee, zeros, zeros)
    taken = (zeros, zeros, -fee, ones, amount)
    sums.add(keys, taken if back else paid)


def _row(
    key: tuple[int, ...], values: Sequence[int], months: _Months, by: Collection[By], span: Span
) -> Received:
    group, channel_no, terminal_no, day, month = key
    return Received(
        group,
        channel_no,
        terminal_no,
        span.first + day if By.DAY in by else 0,
        months.first + month if By.MONTH in by else 0,
        *values,
    )
