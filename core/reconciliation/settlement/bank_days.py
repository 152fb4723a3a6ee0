"""A booking day of a bank account: what should have come beside what the bank credited.

The books' side is what was paid of settlements, what is due and was not, and what was posted as
money whose owner is unknown; the statement's side is its credits. Reads what `settle` kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Table, ints
from billcore.core.payments.channels import get_channel
from billcore.core.payments.intake.post import payment_ids
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.computing import (
    BreakState,
    DayState,
    Matched,
    carried,
    numbered,
    sealed,
)
from billcore.core.reconciliation.files.lines import exact_sum, plain
from billcore.core.reconciliation.keeping import FileState
from billcore.core.reconciliation.reading import Day
from billcore.core.reconciliation.settlement.banks import account_of
from billcore.core.reconciliation.settlement.settle import reference_of
from billcore.core.store import recon as recon_rows
from billcore.core.store import settlements as rows
from billcore.core.store.columns import of_rows
from billcore.core.store.port import Reader, Value
from billcore.core.store.recon import DayRow
from billcore.core.store.settlements import BankLine, CreditRow, SettlementRow, SuspendedRow

AROUND = 7
"""A notification tells a credit at most so many days before or after its booking."""

FOUND = {
    name: kind
    for name, kind in recon_rows.BREAK.items()
    if name not in ("break_id", "state", "opened_at", "changed_at")
}
"""What is told of a break before it has an id and an age."""


@dataclass(frozen=True, slots=True)
class Read:
    """A day of a bank account. posted: credits that are money whose owner is unknown, by reference;
    lines: what tells credits, by file and number."""

    credits: list[CreditRow]
    settlements: list[SettlementRow]
    posted: dict[str, SuspendedRow]
    lines: dict[tuple[int, int], BankLine]

    @property
    def unknown(self) -> list[CreditRow]:
        """Credits that pay nothing and are not posted."""
        free = [one for one in self.credits if not one.settlement_id]
        return [one for one in free if reference_of(one.credit_id, one.returns) not in self.posted]


def read_day(reader: Reader, of: Day) -> Read:
    """All that a day is matched from. Raises BankAccountUnset."""
    provider_id, bank_no = of.key
    account = account_of(reader, provider_id, bank_no, of.place.channel.channel)
    around = of.day - AROUND, of.day + AROUND
    lines = rows.lines(reader, provider_id, account, around, FileState.COMPLETE)
    posted = rows.suspended(reader, provider_id, bank_no, (of.day, of.day))
    return Read(
        credits=rows.credits_of_day(reader, provider_id, bank_no, of.day),
        settlements=rows.of_day(reader, provider_id, bank_no, of.day),
        posted={one.reference: one for one in posted},
        lines={(one.file_no, one.line_no): one for one in lines},
    )


def compute(reader: Reader, of: Day, before: DayRow | None, now: int) -> Matched:
    """What a day comes to; before: what was kept of it, of which nothing but age remains."""
    read = read_day(reader, of)
    found = [*_of_settlements(reader, of, read), *_of_credits(of, read)]
    table: Table = of_rows(FOUND, [tuple(one[name] for name in FOUND) for one in found])
    breaks = carried(reader, of, numbered(of, table), now)
    return Matched(_row(of, read, breaks, before, now), breaks, ())


def _break(kind: BreakKind, **told: Value) -> dict[str, Value]:
    blank: dict[str, Value] = {name: "" if name in ("reference", "target") else 0 for name in FOUND}
    return blank | {"kind": int(kind)} | told


def _of_settlements(reader: Reader, of: Day, read: Read) -> Iterator[dict[str, Value]]:
    for one in read.settlements:
        if one.kind == BreakKind.MATCHED:
            continue
        channel = get_channel(reader, of.key[0], one.channel_no).channel
        told = one.batch or f"{_iso(one.first_day)}..{_iso(one.last_day)}"
        yield _break(
            BreakKind(one.kind),
            payment_id=one.settlement_id,
            reference=f"{channel} {told}",
            target=channel,
            ledger_amount=one.net - one.charged,
            report_amount=one.paid,
        )


def _of_credits(of: Day, read: Read) -> Iterator[dict[str, Value]]:
    unknown = read.unknown
    ids = _payment_ids(of, unknown)
    for credit, payment_id in zip(unknown, ids, strict=True):
        line = read.lines.get((credit.file_no, credit.line_no))
        yield _break(
            BreakKind.UNKNOWN_CREDIT,
            payment_id=payment_id,
            reference=reference_of(credit.credit_id, credit.returns),
            target=told_by(line) if line else "",
            file_no=credit.file_no,
            line=line.line if line else 0,
            report_amount=credit.amount,
        )
    known = {
        reference_of(one.credit_id, one.returns) for one in read.credits if not one.settlement_id
    }
    for posted in read.posted.values():
        if posted.reference not in known:  # its file was replaced
            yield _break(
                BreakKind.NOT_IN_REPORT,
                payment_id=posted.payment_id,
                reference=posted.reference,
                ledger_amount=posted.amount,
            )


def told_by(line: BankLine) -> str:
    """What people know a credit by."""
    words = (line.end_to_end, line.reference, line.payer, line.text)
    return plain(" ".join(one for one in words if one))


def _payment_ids(of: Day, unknown: Iterable[CreditRow]) -> list[int]:
    """The ids that credits have, or would have, as payments."""
    references = [reference_of(one.credit_id, one.returns) for one in unknown]
    channel_no = np.full(len(references), of.key[1])
    found: list[int] = payment_ids(
        of.key[0], channel_no, pa.array(references, pa.string())
    ).tolist()
    return found


def _row(of: Day, read: Read, breaks: Table, before: DayRow | None, now: int) -> DayRow:
    standing = ints(breaks["state"]) != BreakState.RESOLVED
    difference = ints(breaks["ledger_amount"]) - ints(breaks["report_amount"])
    unknown = {one.credit_id for one in read.unknown}
    unmatched = {one.settlement_id for one in read.settlements if one.kind != BreakKind.MATCHED}
    booked = [one for one in read.credits if one.credit_id not in unknown]
    matched = [one for one in booked if one.settlement_id not in unmatched]
    known = {reference_of(one.credit_id, one.returns) for one in booked if not one.settlement_id}
    gone = [one.amount for one in read.posted.values() if one.reference not in known]
    missing = [one.missing for one in read.settlements if one.kind != BreakKind.MATCHED]
    row = DayRow(
        provider_id=of.key[0],
        channel_no=of.key[1],
        day=of.day,
        match_no=before.match_no + 1 if before else 1,
        state=DayState.OPEN,
        stale=0,
        files=len({one.file_no for one in read.credits}),
        ledger_count=len(booked) + len(gone) + sum(not one.credit_day for one in read.settlements),
        ledger_amount=sum(one.amount for one in booked) + sum(gone) + sum(missing),
        report_count=len(read.credits),
        report_amount=sum(one.amount for one in read.credits),
        matched_count=len(matched),
        matched_amount=sum(one.amount for one in matched),
        cancelled_count=0,
        date_diff_count=0,
        break_count=int(standing.sum()),
        break_amount=exact_sum(difference[standing]),
        digest=b"",
        matched_at=now,
        closed_at=0,
    )
    return sealed(of, row, breaks, standing)


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
