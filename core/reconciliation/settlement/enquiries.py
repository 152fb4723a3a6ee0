"""What can be asked of settlements: what a day's lines end in, what a bank told, how far a payment
is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa

from billcore.core.payments.intake.post import payment_ids
from billcore.core.payments.refusals import PaymentUnknown
from billcore.core.reconciliation.breaks import KINDS, BreakKind
from billcore.core.reconciliation.computing import BreakState
from billcore.core.reconciliation.files.lines import LineKind
from billcore.core.reconciliation.keeping import FileState
from billcore.core.reconciliation.reading import Day, payments_of
from billcore.core.reconciliation.settlement.bank_days import told_by
from billcore.core.reconciliation.settlement.banks import account_of, is_bank_account
from billcore.core.reconciliation.settlement.collected import is_collected
from billcore.core.reconciliation.settlement.settle import reference_of
from billcore.core.reconciliation.settlement.units import cycle
from billcore.core.store import channel_files as file_rows
from billcore.core.store import recon as recon_rows
from billcore.core.store import settlements as rows
from billcore.core.store.port import Reader
from billcore.core.store.settlements import BankLine, CreditRow, SettlementRow

AROUND = 60
"""Reports of so many days before and behind a payment's own are looked through for it."""


class Stage(IntEnum):
    """How far a payment is; the numbers travel."""

    ACCEPTED = 1  # we have it
    REPORTED = 2  # its channel's report tells it, too
    SETTLED = 3  # and the bank has its money


@dataclass(frozen=True, slots=True)
class Search:
    """Which lines of a bank account. days: the first and last of booking; least, most: of the
    amount as booked, both included; text: in what the bank tells, in any case of letters; unknown:
    only credits that pay no settlement; returned: only debits and what was taken back or returned.
    """

    days: tuple[int, int]
    least: int | None = None
    most: int | None = None
    text: str = ""
    unknown: bool = False
    returned: bool = False


@dataclass(frozen=True, slots=True)
class BankEntry:
    """A line of a statement. credit: what it is to settlements, None: nothing; reference: of the
    credit as a payment whose owner is unknown, and its payment_id; '' and 0 where it is none."""

    line: BankLine
    credit: CreditRow | None
    reference: str
    payment_id: int

    @property
    def number(self) -> int:
        """Its place among all lines."""
        return self.line.file_no << 32 | self.line.line_no


@dataclass(frozen=True, slots=True)
class Trace:
    """How far a payment is. file_no, line, day: which report tells it, 0: none does; kind: of its
    break that stands, MATCHED: there is none; settlement: that it is in, None: in none yet."""

    payment_id: int
    stage: Stage
    file_no: int
    line: int
    day: int
    kind: BreakKind
    settlement: SettlementRow | None


def rests(reader: Reader, of: Day, days: Iterable[int]) -> dict[int, BreakKind]:
    """What the lines of days end in that have no break: MATCHED where all of their settlements are
    paid, else the first kind of them by precedence; no day where no bank account is compared."""
    wanted = list(days)
    if not of.terms.bank_account or is_bank_account(of.place.channel.kind) or not wanted:
        return {}
    found = rows.covering(reader, of.key, min(wanted), max(wanted))
    order = list(KINDS)
    made = {}
    for day in wanted:
        kinds = [_rest(one) for one in found if one.first_day <= day <= one.last_day]
        made[day] = min(kinds or [BreakKind.IN_TRANSIT], key=order.index)
    return made


def _rest(row: SettlementRow) -> BreakKind:
    """A settlement that the bank paid is funded, though its fees may differ."""
    kind = BreakKind(row.kind)
    return BreakKind.MATCHED if kind is BreakKind.FEE_DIFF else kind


# -- what a bank told


def bank_entries(reader: Reader, of: Day, search: Search) -> list[BankEntry]:
    """The lines of a bank account, in the order of files; of: any day of it."""
    provider_id, bank_no = of.key
    account = account_of(reader, provider_id, bank_no, of.place.channel.channel)
    lines = rows.lines(reader, provider_id, account, search.days, FileState.COMPLETE)
    kept = rows.credits(reader, provider_id, bank_no, search.days[0])
    credits = {(one.file_no, one.line_no): one for one in kept}
    suspended = rows.suspended(reader, provider_id, bank_no, search.days)
    payment = {one.reference: one.payment_id for one in suspended}
    return list(_entries(search, lines, credits, payment))


def _entries(
    search: Search,
    lines: Iterable[BankLine],
    credits: dict[tuple[int, int], CreditRow],
    payment: dict[str, int],
) -> Iterator[BankEntry]:
    for line in lines:
        credit = credits.get((line.file_no, line.line_no))
        if not _wanted(search, line, credit):
            continue
        name = reference_of(credit.credit_id, credit.returns) if credit else ""
        there = name in payment
        yield BankEntry(line, credit, name if there else "", payment.get(name, 0))


def _wanted(search: Search, line: BankLine, credit: CreditRow | None) -> bool:
    booked = line.amount - line.fee
    if search.least is not None and booked < search.least:
        return False
    if search.most is not None and booked > search.most:
        return False
    if search.unknown and (credit is None or credit.settlement_id):
        return False
    if search.returned and line.kind == LineKind.CREDIT and not line.return_code:
        return False
    words = f"{told_by(line)} {line.text} {line.batch}".casefold()
    return search.text.casefold() in words


# -- how far a payment is


def trace(reader: Reader, of: Day, reference: str) -> Trace:
    """How far a payment of a channel is. Raises PaymentUnknown."""
    flow = payments_of(reader, of, [reference])
    if not len(flow["payment_id"]):
        raise PaymentUnknown(reference)
    channel_no = np.array([of.key[1]])
    payment_id = int(payment_ids(of.key[0], channel_no, pa.array([reference], pa.string()))[0])
    paid_day = int(flow["day"][0])
    around = paid_day - AROUND, paid_day + AROUND
    if is_collected(of.place.channel.kind):
        within = _settlement(reader, of, paid_day, "")
        funded = within is not None and bool(within.credit_day)
        stage = Stage.SETTLED if funded else Stage.REPORTED
        return Trace(payment_id, stage, 0, 0, 0, BreakKind.MATCHED, within)
    told = file_rows.telling(reader, of.key, payment_id, around, FileState.COMPLETE)
    line = next((one for one in told if one.kind == LineKind.PAYMENT), None)
    kind = recon_rows.standing_kind(reader, of.key, payment_id, BreakState.RESOLVED)
    broken = BreakKind(kind) if kind else BreakKind.MATCHED
    if line is None:
        return Trace(payment_id, Stage.ACCEPTED, 0, 0, 0, broken, None)
    settlement = _settlement(reader, of, line.day, line.batch)
    funded = settlement is not None and bool(settlement.credit_day)
    stage = Stage.SETTLED if funded else Stage.REPORTED
    return Trace(payment_id, stage, line.file_no, line.line, line.day, broken, settlement)


def _settlement(reader: Reader, of: Day, day: int, batch: str) -> SettlementRow | None:
    """The settlement that a line of a day is in."""
    days = (day, day) if batch else cycle(of.terms, day)
    found = rows.covering(reader, of.key, *days)
    return next((one for one in found if one.batch == batch), None)
