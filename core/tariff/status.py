"""What can become of one bill in a batch: the status column, one number a bill.

Goals: the one list of these numbers; kernels, compilers and the wire repeat none of
their own (tests compare). Non-goals: errors of a whole call (see `billcore.core.errors`).
"""

from enum import IntEnum


class Status(IntEnum):
    """The first thing that went wrong with a bill; its amounts are then all 0."""

    OK = 0
    OUT_OF_RANGE = 1
    OVERFLOW = 2
    ABOVE_LAST_ROW = 3
    UNKNOWN_CHOICE = 4
    NOT_IN_FORCE = 5
    BAD_PERIOD = 6
    CHANGE_REFUSED = 7
    MISSING_KEY = 8
    UNREPRESENTABLE = 9
    UNKNOWN_PLAN = 10
    DIVISION_BY_ZERO = 11

    @property
    def message(self) -> str:
        return _MESSAGES[self]


_MESSAGES = {
    Status.OK: "Rated.",
    Status.OUT_OF_RANGE: "An input is outside the limits that the tariff declares for it.",
    Status.OVERFLOW: "An amount does not fit 64 bits; check the inputs.",
    Status.ABOVE_LAST_ROW: "A quantity is above the last row of its table.",
    Status.UNKNOWN_CHOICE: "An attribute has a value that the tariff does not list.",
    Status.NOT_IN_FORCE: "No version of the tariff is in force on a day of the period.",
    Status.BAD_PERIOD: "The period ends before it starts, or is longer than the tariff allows.",
    Status.CHANGE_REFUSED: "Something changed inside the period that the tariff says may not.",
    Status.MISSING_KEY: "A table has no row for the key.",
    Status.UNREPRESENTABLE: "A value has more decimals than its declared unit can hold.",
    Status.UNKNOWN_PLAN: "The plan id names no program of the set.",
    Status.DIVISION_BY_ZERO: "A formula divides by an input that is 0.",
}
