"""The shift of a device: what each record does to it, what a device may not do. Pure.

Phases: none → (START) open → (HAND_IN) counted → (CLOSE) none. A record that an honest device
cannot write (a number that is not its next, a void of another shift, a total that is not the sum)
is a fault: the device is locked. What people or clocks can do is flagged and counts: money that was
taken stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, IntFlag
from typing import NamedTuple
from zoneinfo import ZoneInfo

from billcore.core.collections.field.contents import (
    Close,
    HandIn,
    Notice,
    Receipt,
    RecordKind,
    Reprint,
    Start,
    Tender,
    Void,
    Zero,
)
from billcore.core.collections.field.records import NUMBER_AT, Record

TOTAL_MAX = 10**17
"""No shift takes more than so many minor units."""

CLOCK_SECONDS = 300
"""A device's clock may differ by so many seconds from what its server time says."""


class Phase(IntEnum):
    """Where a device's shift is; the numbers travel and are stored."""

    NONE = 1
    OPEN = 2
    COUNTED = 3


class Flag(IntFlag):
    """What is remarkable about a record that has effect; the numbers travel and are stored."""

    CLOCK_BACK = 1  # earlier than the record before
    CLOCK_OFF = 2  # the device's clock is not that of the server
    OFFLINE_LONG = 4  # longer without the server than allowed
    SNAPSHOT_OLD = 8  # the debts were read too long ago
    FLOAT_EXCEEDED = 16  # more cash than the collector may hold
    CASH_EXCEEDED = 32  # one amount is more than allowed
    OFF_ROUTE = 64  # no visit of the account is assigned to the collector
    VISIT_UNFIT = 128  # the visit was in no state for this
    SUSPENDED = 256  # nobody has such an account: the money is in suspense
    PAID_ELSEWHERE = 512  # the debt was paid otherwise meanwhile
    TRANSFER_UNKNOWN = 1024  # no such payment of the account stands
    SHIFT_OVERDUE = 2048  # past the end of the shift's day and its grace
    HAND_IN_OPEN = 4096  # the hand-in before is not confirmed yet
    UNDONE_BEFORE = 8192  # the office had taken the payment back
    VOID_LATE = 16384  # it cannot be taken back here: the office has to


class Rules(NamedTuple):
    """What goes for a collector. Amounts are minor units, 0: no limit but float_limit's; seconds.

    allotted: the last counter of a receipt that the device may use; now: the server's seconds.
    """

    allotted: int
    float_limit: int
    cash_max: int
    offline_seconds: int
    snapshot_seconds: int
    grace_seconds: int
    time_zone: str
    now: int


class Fault(NamedTuple):
    """What an honest device cannot have recorded."""

    detail: str


@dataclass(slots=True)
class Kept:
    """A receipt of the device. start_seq: of its shift; copies: printed since."""

    start_seq: int
    tender: Tender
    amount: int
    voided: bool = False
    copies: int = 0


@dataclass(slots=True)
class Shift:
    """A device's shift. used: the last counter of receipts; total: cash, receipts less voids."""

    phase: Phase = Phase.NONE
    start_seq: int = 0
    started_at: int = 0
    snapshot_at: int = 0
    used: int = 0
    total: int = 0
    receipts: int = 0
    voids: int = 0
    last_at: int = 0

    def take(self, record: Record, receipts: Mapping[int, Kept], rules: Rules) -> Flag | Fault:
        """What a record does: the shift is changed, or nothing is where it is a fault.

        receipts: those that the record names, by number.
        """
        fault = self._fault(record, receipts, rules)
        if fault:
            return Fault(f"{record.kind.name} {record.seq}: {fault}.")
        self._do(record, receipts)
        flags = self._flags(record, rules)
        self.last_at = max(self.last_at, record.at)
        return flags

    def _fault(self, record: Record, receipts: Mapping[int, Kept], rules: Rules) -> str:
        if record.kind not in ALLOWED[self.phase]:
            return f"the shift is {self.phase.name.lower()}"
        match record.content:
            case Start() as told if told.counter != self.used + 1:
                return f"the next receipt is {self.used + 1}, not {told.counter}"
            case Receipt() as told:
                return self._receipt_fault(record.device_no, told, rules)
            case Void() as told:
                kept = receipts.get(told.number)
                if kept is None or kept.start_seq != self.start_seq:
                    return f"receipt {told.number} is none of this shift"
                if kept.voided:
                    return f"receipt {told.number} is void already"
            case Reprint() as told:
                kept = receipts.get(told.number)
                if kept is None:
                    return f"receipt {told.number} is none of the device"
                if told.copy_no != kept.copies + 1:
                    return f"the next copy is {kept.copies + 1}, not {told.copy_no}"
            case Zero() as told if told.total != self.total:
                return f"the shift has {self.total}, not {told.total}"
            case HandIn() | Close() as told:
                said = told.total, told.receipts, told.voids
                if said != (self.total, self.receipts, self.voids):
                    has = f"{self.total} of {self.receipts} receipts and {self.voids} voids"
                    return f"the shift has {has}"
        return ""

    def _receipt_fault(self, device_no: int, told: Receipt, rules: Rules) -> str:
        wanted = device_no * NUMBER_AT + self.used + 1
        if told.number != wanted:
            return f"the next number is {wanted}, not {told.number}"
        if self.used + 1 > rules.allotted:
            return f"numbers are allotted up to {device_no * NUMBER_AT + rules.allotted}"
        if not told.amount or self.total + told.amount > TOTAL_MAX:
            return f"a shift takes 1 to {TOTAL_MAX}"
        if (told.tender is Tender.TRANSFER) != bool(told.transfer):
            return "a transfer names its payment, cash names none"
        return ""

    def _do(self, record: Record, receipts: Mapping[int, Kept]) -> None:
        match record.content:
            case Start() as told:
                self.phase, self.start_seq = Phase.OPEN, record.seq
                self.started_at = believed(record)
                self.snapshot_at = told.snapshot_at
                self.total = self.receipts = self.voids = 0
            case Receipt() as told:
                self.used += 1
                self.receipts += 1
                self.total += told.amount if told.tender is Tender.CASH else 0
            case Void() as told:
                kept = receipts[told.number]
                kept.voided = True
                self.voids += 1
                self.total -= kept.amount if kept.tender is Tender.CASH else 0
            case Reprint() as told:
                receipts[told.number].copies += 1
            case HandIn():
                self.phase = Phase.COUNTED
            case Close():
                self.phase = Phase.NONE

    def _flags(self, record: Record, rules: Rules) -> Flag:
        time, told = believed(record), record.content
        off = max(abs(record.at - time), time - rules.now) > CLOCK_SECONDS
        shows = isinstance(told, Notice | Receipt)
        cash = isinstance(told, Receipt) and told.tender is Tender.CASH
        amount = told.amount if isinstance(told, Receipt) else 0
        found = {
            Flag.CLOCK_BACK: record.at < self.last_at,
            Flag.CLOCK_OFF: off,
            Flag.OFFLINE_LONG: record.elapsed > rules.offline_seconds > 0,
            Flag.SNAPSHOT_OLD: shows and time - self.snapshot_at > rules.snapshot_seconds > 0,
            Flag.FLOAT_EXCEEDED: cash and self.total > rules.float_limit,
            Flag.CASH_EXCEEDED: cash and amount > rules.cash_max > 0,
            Flag.SHIFT_OVERDUE: time > closes_at(self.started_at, rules),
        }
        return Flag(sum(flag for flag, holds in found.items() if holds))


ALLOWED: Mapping[Phase, frozenset[RecordKind]] = {
    Phase.NONE: frozenset({RecordKind.START}),
    Phase.OPEN: frozenset(RecordKind) - {RecordKind.START, RecordKind.CLOSE},
    Phase.COUNTED: frozenset({RecordKind.REPRINT, RecordKind.ZERO, RecordKind.CLOSE}),
}
"""The kinds that a phase takes."""


def believed(record: Record) -> int:
    """When a record was made, by the clocks that its maker does not set: seconds since 1970."""
    return record.server_at + record.elapsed


def closes_at(started_at: int, rules: Rules) -> int:
    """Until when a shift that began at a time may be open: midnight of its day, and the grace."""
    begun = datetime.fromtimestamp(started_at, ZoneInfo(rules.time_zone))
    midnight = begun.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return int(midnight.timestamp()) + rules.grace_seconds
