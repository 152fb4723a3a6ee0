"""What can become of a payment request: one table for every channel's protocol.

OSMP: the codes of the check/pay protocol of Russian and CIS payment terminals (developer.qiwi.com,
"QIWI Wallet provider protocol"). BBPS: compliance codes of the Indian bill payment system (NPCI).
Both protocols have fewer words than we do; a test walks the table.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Code(IntEnum):
    """The numbers travel; they never change."""

    OK = 1
    OK_REPLAYED = 2
    TEMPORARY = 3
    ACCOUNT_FORMAT = 4
    ACCOUNT_NOT_FOUND = 5
    NOTHING_DUE = 6
    BILL_NOT_PAYABLE = 7
    ACCOUNT_INACTIVE = 8
    ACCOUNT_CLOSED = 9
    AMOUNT_LOW = 10
    AMOUNT_HIGH = 11
    AMOUNT_NOT_EXACT = 12
    IN_PROGRESS = 13
    CONFLICT = 14
    INTERNAL = 15
    FOREIGN = 16
    INVALID = 17


class Retry(StrEnum):
    """Whether the same request may be sent again and end otherwise."""

    NO = "no"
    YES = "yes"
    ASK = "ask"  # for its status


@dataclass(frozen=True, slots=True)
class Meaning:
    """A code in the words of each protocol. bbps: '' where it has none; fatal: OSMP ends there."""

    osmp: int
    bbps: str
    grpc: str
    retry: Retry

    @property
    def fatal(self) -> bool:
        """Whether a terminal of OSMP gives up and gives the money back."""
        return self.osmp not in (0, 1, 90)


MEANINGS: dict[Code, Meaning] = {
    Code.OK: Meaning(0, "000", "OK", Retry.NO),
    Code.OK_REPLAYED: Meaning(0, "000", "OK", Retry.NO),
    Code.TEMPORARY: Meaning(1, "BFR008", "UNAVAILABLE", Retry.YES),
    Code.ACCOUNT_FORMAT: Meaning(4, "BFR001", "INVALID_ARGUMENT", Retry.NO),
    Code.ACCOUNT_NOT_FOUND: Meaning(5, "BFR001", "NOT_FOUND", Retry.NO),
    Code.NOTHING_DUE: Meaning(0, "BFR004", "OK", Retry.NO),
    Code.BILL_NOT_PAYABLE: Meaning(7, "BFR007", "FAILED_PRECONDITION", Retry.NO),
    Code.ACCOUNT_INACTIVE: Meaning(79, "BFR006", "FAILED_PRECONDITION", Retry.NO),
    Code.ACCOUNT_CLOSED: Meaning(79, "BFR005", "FAILED_PRECONDITION", Retry.NO),
    Code.AMOUNT_LOW: Meaning(241, "", "OUT_OF_RANGE", Retry.NO),
    Code.AMOUNT_HIGH: Meaning(242, "", "OUT_OF_RANGE", Retry.NO),
    Code.AMOUNT_NOT_EXACT: Meaning(7, "", "OUT_OF_RANGE", Retry.NO),
    Code.IN_PROGRESS: Meaning(90, "", "OK", Retry.ASK),
    Code.CONFLICT: Meaning(300, "", "ALREADY_EXISTS", Retry.NO),
    Code.INTERNAL: Meaning(300, "200", "INTERNAL", Retry.NO),
    Code.FOREIGN: Meaning(5, "BFR002", "FAILED_PRECONDITION", Retry.NO),
    Code.INVALID: Meaning(31, "", "INVALID_ARGUMENT", Retry.NO),
}
"""docs/api.md has the same table for people."""


class State(IntEnum):
    """Where a payment is; the numbers travel."""

    UNKNOWN = 1
    RESERVED = 2
    RELEASED = 3
    EXPIRED = 4
    IN_PROGRESS = 5
    POSTED = 6
    SUSPENDED = 7
    TRANSFERRED = 8
    REVERSED = 9


class TargetKind(IntEnum):
    """What a payment is for, as it was told; the numbers travel and are stored."""

    PARTS = 0  # several, see the parts
    ACCOUNT = 1
    BILL = 2
    DOCUMENT = 3
    TEXT = 4
