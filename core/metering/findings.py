"""What a reading is: where it comes from, what became of it, and what is odd about it.

The numbers are stored: a number never changes its meaning.
"""

from enum import IntEnum, IntFlag


class Source(IntEnum):
    """Who read the dial."""

    OFFICER = 1
    CUSTOMER = 2
    FILE = 3
    DEVICE = 4
    ESTIMATE = 5  # nobody


class Status(IntEnum):
    """What became of a reading. Of the readings of a day the highest version that counts is used;
    accepted and estimated readings count."""

    ACCEPTED = 1
    ESTIMATED = 2
    HELD = 3
    REJECTED = 4


COUNTED = (Status.ACCEPTED, Status.ESTIMATED)


class Finding(IntFlag):
    """What is odd about a reading, as bits."""

    BACKWARDS = 1 << 0
    ROLLOVER = 1 << 1
    DUPLICATE = 1 << 2
    CONFLICT = 1 << 3
    IMPLAUSIBLE_HIGH = 1 << 4
    IMPLAUSIBLE_LOW = 1 << 5
    IMPLAUSIBLE_ZERO = 1 << 6
    OUT_OF_WINDOW = 1 << 7
    NOT_OPTED_IN = 1 << 8
    FUTURE = 1 << 9
    UNKNOWN_METER = 1 << 10
    NOT_INSTALLED = 1 << 11
    TOO_MANY_DIGITS = 1 << 12
    BEFORE_BILLED = 1 << 13
    CORRECTION = 1 << 14


REFUSED = Finding.FUTURE | Finding.UNKNOWN_METER | Finding.NOT_INSTALLED | Finding.TOO_MANY_DIGITS
"""A reading with one of these is none: nothing is kept of it, whatever the policy says."""

TEXTS = {
    Finding.BACKWARDS: "it runs backwards against its neighbours: read the dial again, or correct "
    "the other reading",
    Finding.ROLLOVER: "the dial went round",
    Finding.DUPLICATE: "it is known already and changes nothing",
    Finding.CONFLICT: "the day has another reading: correct that one, with a reason",
    Finding.IMPLAUSIBLE_HIGH: "the usage is far above that of the last periods",
    Finding.IMPLAUSIBLE_LOW: "the usage is far below that of the last periods",
    Finding.IMPLAUSIBLE_ZERO: "nothing was used, against the last periods",
    Finding.OUT_OF_WINDOW: "the provider takes no readings of customers on this day",
    Finding.NOT_OPTED_IN: "the provider takes no readings of customers",
    Finding.FUTURE: "the day has not come yet",
    Finding.UNKNOWN_METER: "the provider has no such meter and register",
    Finding.NOT_INSTALLED: "the meter was not at work there on this day",
    Finding.TOO_MANY_DIGITS: "the dial cannot show this value",
    Finding.BEFORE_BILLED: "the day is billed already",
    Finding.CORRECTION: "it corrects another reading",
}


def describe(findings: int) -> str:
    """The findings in words for people; "" of none."""
    return "; ".join(text for finding, text in TEXTS.items() if findings & finding)
