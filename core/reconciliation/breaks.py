"""What a line of the books, of a report or of a statement can end in: exactly one of these kinds.

The order of precedence is the order of KINDS: of the kinds that would fit a line, it ends in the
first. docs/reconciliation.md has the same table for people.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag, StrEnum


class BreakKind(IntEnum):
    """The numbers travel and are stored."""

    MATCHED = 1
    IN_TRANSIT = 2
    LATE_ARRIVING = 3
    NOT_IN_REPORT = 4
    REPORTED_UNFUNDED = 5
    UNKNOWN_CREDIT = 6
    AMOUNT_DIFF = 7
    DUPLICATE_IN_REPORT = 8
    WRONG_ACCOUNT = 9
    FEE_DIFF = 10
    REVERSED_BY_CHANNEL = 11
    REPORT_MISSING = 12


class Flag(IntFlag):
    """What is told beside a kind; the numbers travel and are stored."""

    DATE_DIFF = 1  # the report is of another business day than our payment
    CANCELLED = 2  # taken back by us before any report told it
    REVERSAL = 4  # the line is of a reversal, not of a payment
    PAIRED = 8  # by what was paid, amount and day, for the references differ
    PAID_TWICE = 16  # another reference of the day paid the same bill and amount


class Treatment(StrEnum):
    """What becomes of a break where nobody decides otherwise."""

    CLOSE = "close"
    WAIT = "wait"
    POST = "post"  # with the channel's payment time
    QUERY = "query"  # ask the channel; then reverse or wait
    CLAIM = "claim"  # on the channel
    SUSPEND = "suspend"  # money in, owner unknown
    ADJUST = "adjust"  # by an entry with a reason, never netted
    IGNORE = "ignore"
    CASE = "case"  # a correction case
    COMPARE = "compare"  # with the contract
    REVERSE = "reverse"  # cancel the payment, open what it paid
    ASK = "ask"  # the channel for its report


class Owner(StrEnum):
    """Who has to see to a break."""

    NOBODY = "nobody"
    PAYMENTS = "payments"  # the desk that knows channels and their payments
    FINANCE = "finance"  # the desk that knows banks and contracts
    CUSTOMERS = "customers"  # the desk that corrects accounts


@dataclass(frozen=True, slots=True)
class Meaning:
    """age_days: so old a break may become, -1: as the channel's terms have it; posts: whether its
    treatment writes to the books by itself, and so must be done before a day is closed."""

    treatment: Treatment
    owner: Owner
    age_days: int
    posts: bool = False


KINDS: dict[BreakKind, Meaning] = {
    BreakKind.REPORT_MISSING: Meaning(Treatment.ASK, Owner.PAYMENTS, 0),
    BreakKind.DUPLICATE_IN_REPORT: Meaning(Treatment.IGNORE, Owner.PAYMENTS, 1),
    BreakKind.REVERSED_BY_CHANNEL: Meaning(Treatment.REVERSE, Owner.PAYMENTS, 0, posts=True),
    BreakKind.LATE_ARRIVING: Meaning(Treatment.POST, Owner.PAYMENTS, 0, posts=True),
    BreakKind.AMOUNT_DIFF: Meaning(Treatment.ADJUST, Owner.PAYMENTS, 1),
    BreakKind.WRONG_ACCOUNT: Meaning(Treatment.CASE, Owner.CUSTOMERS, 1),
    BreakKind.NOT_IN_REPORT: Meaning(Treatment.QUERY, Owner.PAYMENTS, 1),
    BreakKind.UNKNOWN_CREDIT: Meaning(Treatment.SUSPEND, Owner.FINANCE, 30, posts=True),
    BreakKind.FEE_DIFF: Meaning(Treatment.COMPARE, Owner.FINANCE, 5),
    BreakKind.REPORTED_UNFUNDED: Meaning(Treatment.CLAIM, Owner.FINANCE, 2),
    BreakKind.IN_TRANSIT: Meaning(Treatment.WAIT, Owner.NOBODY, -1),
    BreakKind.MATCHED: Meaning(Treatment.CLOSE, Owner.NOBODY, -1),
}
"""Every kind, the first that fits first."""

_TWICE = Meaning(Treatment.CASE, Owner.CUSTOMERS, 1)
_CLAIMED = Meaning(Treatment.CLAIM, Owner.PAYMENTS, 1)


def meaning(kind: BreakKind, flags: int = 0, *, ledger_prevails: bool = False) -> Meaning:
    """What a break means; ledger_prevails: by the terms with its channel."""
    if kind is BreakKind.DUPLICATE_IN_REPORT and flags & Flag.PAID_TWICE:
        return _TWICE
    if ledger_prevails and kind in (BreakKind.AMOUNT_DIFF, BreakKind.NOT_IN_REPORT):
        return _CLAIMED
    return KINDS[kind]


AGES = (0, 1, 2, 5, 30, 60, 90)
"""Buckets of age begin at so many days."""


def age_bucket(age_days: int) -> int:
    """The days at which the bucket of an age begins."""
    return max(least for least in AGES if least <= max(age_days, 0))
