"""What records of devices tell, kind by kind: their fields in the order of the line."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, TypeAlias


class RecordKind(IntEnum):
    """What a record tells; the numbers are stored, the names are written."""

    START = 1
    NOTICE = 2
    RECEIPT = 3
    VOID = 4
    REPRINT = 5
    VISIT = 6
    HAND_IN = 7
    ZERO = 8
    CLOSE = 9


class Tender(IntEnum):
    """What was paid with."""

    CASH = 1
    TRANSFER = 2  # a payment of another channel that the device saw confirmed


class Step(IntEnum):
    """What a collector tells of a visit; the names are written."""

    CONTACTED = 1
    DATA_CONFIRMED = 2
    DEFERRED = 3
    ABSENT = 4
    REVISIT = 5
    HANDED_OVER = 6
    DISPUTED = 7


# Each kind of record: its fields in the order in which they are written.


@dataclass(frozen=True, slots=True)
class Start:
    """A shift begins. counter: of its first receipt; snapshot_at: when the debts were read."""

    KIND: ClassVar = RecordKind.START
    counter: int
    snapshot_at: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice was printed. account: its number; assignment_no 0: off the route; copy_no 0: the
    original; debt: what it said is owed."""

    KIND: ClassVar = RecordKind.NOTICE
    account: str
    assignment_no: int
    copy_no: int
    debt: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt was printed for money. debt: what was shown as owed before; bill_id 0: no bill was
    named; transfer: 'channel reference' of the payment, '' for cash."""

    KIND: ClassVar = RecordKind.RECEIPT
    account: str
    assignment_no: int
    number: int
    tender: Tender
    amount: int
    debt: int
    bill_id: int
    transfer: str


@dataclass(frozen=True, slots=True)
class Void:
    """A receipt was taken back, with the customer's copy, and the money given back."""

    KIND: ClassVar = RecordKind.VOID
    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Reprint:
    """A copy of a receipt was printed; copy_no counts from 1."""

    KIND: ClassVar = RecordKind.REPRINT
    number: int
    copy_no: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of a visit. appointment_at: of a deferred one, 0: none; dispute: the kind of the
    case, '' for other steps; note: for people, as the collection point or the words."""

    KIND: ClassVar = RecordKind.VISIT
    account: str
    assignment_no: int
    step: Step
    appointment_at: int
    dispute: str
    note: str


@dataclass(frozen=True, slots=True)
class HandIn:
    """The cash of the shift, counted. total: receipts less voids; denominations: 'value x pieces'
    as 500000x3,100000x12, '' for none."""

    KIND: ClassVar = RecordKind.HAND_IN
    total: int
    receipts: int
    voids: int
    denominations: str


@dataclass(frozen=True, slots=True)
class Zero:
    """The device works; total: the cash of the shift so far."""

    KIND: ClassVar = RecordKind.ZERO
    total: int


@dataclass(frozen=True, slots=True)
class Close:
    """The shift ends."""

    KIND: ClassVar = RecordKind.CLOSE
    total: int
    receipts: int
    voids: int


Content: TypeAlias = Start | Notice | Receipt | Void | Reprint | Visit | HandIn | Zero | Close
