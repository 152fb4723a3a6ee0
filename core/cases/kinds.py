"""What cases are about, what they are founded on, and what each kind must have."""

from collections.abc import Mapping, Sequence
from enum import IntEnum, StrEnum


class CaseKind(IntEnum):
    """What the customer says; the numbers travel and are stored."""

    LATE_PAYMENT = 1  # paid after the bill was due, and the next one asks for it again
    DEBITED_NOT_RECEIVED = 2  # taken from the customer's account, and not at ours
    WRONG_ID_SUBSCRIBER = 3  # paid with the ids of another subscriber
    WRONG_ID_ORGANISATION = 4  # paid with the ids of another organisation
    PAST_BILL_ID = 5  # paid with the payment id of a past bill
    DOUBLE_PAYMENT = 6  # paid twice


class EvidenceKind(IntEnum):
    """What is handed in; the numbers travel and are stored."""

    RECEIPT = 1  # of the last bill that was paid
    STUB = 2  # the paid stub of a bill
    PRINT_OUT = 3  # of the customer's bank account
    TURNOVER = 4  # of that account, with bill id and payment id
    BILL = 5
    TOLD = 6  # what the customer says; there is nothing to look at
    OTHER = 7


class Need(StrEnum):
    """What a case may lack. Words of GetCase, of the errors and of docs/corrections.md."""

    TRACE_OR_IDS = "trace or bill id and payment id"
    TWO_TRACES = "two traces"
    IDS = "bill id and payment id"
    TRACE = "trace"
    PAID_AT = "time of payment"
    AMOUNT = "amount"
    STUB = "stub or turnover"
    TURNOVER = "turnover"


NEEDS: Mapping[CaseKind, Sequence[Need]] = {
    CaseKind.LATE_PAYMENT: (Need.TRACE_OR_IDS,),
    CaseKind.DEBITED_NOT_RECEIVED: (
        Need.TURNOVER, Need.IDS, Need.TRACE, Need.PAID_AT, Need.AMOUNT,
    ),
    CaseKind.WRONG_ID_SUBSCRIBER: (Need.STUB, Need.IDS),
    CaseKind.WRONG_ID_ORGANISATION: (Need.STUB, Need.IDS),
    CaseKind.PAST_BILL_ID: (Need.STUB, Need.IDS),
    CaseKind.DOUBLE_PAYMENT: (Need.TWO_TRACES,),
}  # fmt: skip
"""What must be there before a case of a kind is investigated."""

PROOFS = frozenset(
    {EvidenceKind.RECEIPT, EvidenceKind.STUB, EvidenceKind.PRINT_OUT, EvidenceKind.TURNOVER}
)
"""What must have been handed in before money moves to an account that it was not posted to."""
