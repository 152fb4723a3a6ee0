"""Numbers of things: computed, never drawn from a sequence of the database.

An owned id (account, customer, service point, meter) is 40 bits: its provider's number, then a
count within the provider, so that a provider's ids are one range. A bill's id is computed from what
it bills. Other ids are 63 bits of a hash of what they stand for, so that the same write, sent again
or resumed after a crash, has the same id.

    account_id   provider 12 | count 28
    bill_id      account 40 | month 12 | kind 3 | ordinal 4 | version 4
"""

import hashlib
import re
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

COUNT_BITS = 28
PROVIDER_BITS = 12
PROVIDERS_MAX = (1 << PROVIDER_BITS) - 1
COUNT_MAX = (1 << COUNT_BITS) - 1

DEVICE_RECEIPTS = 10**10
"""Numbers of receipts of field devices are device * this + counter, 1 or more each; others are
below it."""

FIRST_YEAR = {"gregorian": 1900, "jalali": 1279}
"""The year whose first month is accounting month 0, by the provider's calendar."""

BILL_BITS = 23
"""Below the account in the id of a bill."""

Number = TypeVar("Number", int, Ints)
"""An id, or a column of ids."""

BUCKET_BITS = 13
"""Accounts whose ids differ only in so many of their lowest bits are of one bucket: they take turns
together (`ledger.turns`), and `bill_bucket` keeps how late they were billed."""

MONTH_AT, KIND_AT = 11, 8
"""Where the accounting month and the kind begin in the id of a bill."""

MONTH_MAX = (1 << 12) - 1


def owned_id(provider_id: int, count: int) -> int:
    """The id of a provider's count-th thing of a kind; both count from 1."""
    if not 1 <= provider_id <= PROVIDERS_MAX or not 1 <= count <= COUNT_MAX:
        raise ValueError(f"no id for the {count}th of provider {provider_id}")
    return provider_id << COUNT_BITS | count


def provider_of(owned: int) -> int:
    """The provider of an account, customer, service point or meter."""
    return owned >> COUNT_BITS


def id_range(provider_id: int) -> tuple[int, int]:
    """The first and last id that a provider can own."""
    return provider_id << COUNT_BITS, (provider_id + 1 << COUNT_BITS) - 1


def accounting_month(year: int, month: int, calendar: str) -> int:
    """The number of a month (1..12) of a year of this calendar."""
    number = (year - FIRST_YEAR[calendar]) * 12 + month - 1
    if not 0 <= number <= MONTH_MAX:
        raise ValueError(f"{calendar} year {year} has no accounting months")
    return number


def year_and_month(number: int, calendar: str) -> tuple[int, int]:
    """The year and month (1..12) of an accounting month; the other way of `accounting_month`."""
    year, month = divmod(number, 12)
    return FIRST_YEAR[calendar] + year, month + 1


def accounting_month_of(text: str) -> int:
    """The number of the month that a text YYYY-MM tells; -1: it tells none.

    The years of two calendars that have accounting months are apart, so that a year names its own.
    """
    told = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    if told is None:
        return -1
    year, month = int(told[1]), int(told[2])
    first = max((one for one in FIRST_YEAR.values() if one <= year), default=0)
    number = (year - first) * 12 + month - 1
    return number if first and number <= MONTH_MAX else -1


def bill_id(account_id: int, month: int, kind: int, ordinal: int, version: int) -> int:
    """The id of a bill. month: as of `accounting_month`; kind 0..7; ordinal and version 0..15."""
    return (((account_id << 12 | month) << 3 | kind) << 4 | ordinal) << 4 | version


def account_of_bill(bill: Number) -> Number:
    """The account that a bill's id names."""
    return bill >> BILL_BITS


def month_of_bill(bill: Number) -> Number:
    """The accounting month that a bill's id names."""
    return bill >> MONTH_AT & MONTH_MAX


def kind_of_bill(bill: Number) -> Number:
    """The kind of bill that a bill's id names."""
    return bill >> KIND_AT & 7


def computed_id(*parts: int | str | bytes) -> int:
    """63 bits that stand for these parts, in this order; never 0."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        digest.update(f"{len(raw)}:".encode() + raw)
    return int.from_bytes(digest.digest(), "big") >> 1 or 1
