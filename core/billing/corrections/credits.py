"""Credit notes: a bill's amounts taken back, line by line; and bills in the place of others.

Both belong to the accounting month of their bill and are effective on their own day of issue. A
bill is cancelled by one credit note, once; the bill itself never changes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Table, ints
from billcore.core.billing.charges import packing
from billcore.core.billing.issue import Drafts, Issue, Issued, issue
from billcore.core.caller import Caller
from billcore.core.ids import computed_id
from billcore.core.ledger.kinds import BillKind
from billcore.core.rating.batch import Ints
from billcore.core.store import corrections as correction_rows
from billcore.core.store.port import Column, Reader, Session

COUNTED_BITS = 4
"""Credit notes, and bills in the place of others, are counted by ordinal and version together."""

NUMBERS = 1 << 2 * COUNTED_BITS
"""An account has so many credit notes a month, and as many bills in the place of others."""

ONE_OFFS = 1 << COUNTED_BITS
"""One that stands again is numbered behind all one-off bills of its month, by version alone: their
own numbers are ordinals. So there are at most so many with it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why bills are corrected. code: of the provider's list; evidence: references to documents."""

    code: str
    text: str
    evidence: Sequence[str] = ()


def credited(reader: Reader, bills: Table, opening: Ints) -> Drafts:
    """The credit notes of bills of one accounting month: rows as of `bills.of_month`, by account.

    opening: what each account owes before its note. No account has NUMBERS of them yet.
    """
    notes = taking_back(bills)
    if not len(notes):
        return notes
    month = int(ints(bills["month"])[0])
    number = next_number(reader, month, BillKind.CREDIT, notes.account_id)
    return replace(numbered(notes, number), opening=opening)


def taking_back(bills: Table) -> Drafts:
    """The credit notes of bills, rows as of `bills.of_month`; not numbered, opening with 0."""
    lines = bills["lines"]
    assert isinstance(lines, pa.Array)
    nothing = pa.array([b""] * len(lines), pa.binary())
    kind = np.full(len(lines), int(BillKind.CREDIT))
    return _drafts(bills, kind, -ints(bills["total"]), (negated(lines), nothing, nothing))


def repeating(bills: Table) -> Drafts:
    """Bills that say what these said, in their place; not numbered, opening with 0.

    One-off bills stay such: a correction is a bill of days.
    """
    texts = bills["lines"], bills["inputs"], bills["carried"]
    stays = ints(bills["kind"]) == BillKind.ONE_OFF
    kind = np.where(stays, int(BillKind.ONE_OFF), int(BillKind.CORRECTION))
    return _drafts(bills, kind, ints(bills["total"]), texts)


def _drafts(bills: Table, kind: Ints, total: Ints, texts: tuple[Column, ...]) -> Drafts:
    account = ints(bills["account_id"])
    zero = np.zeros(len(account), dtype=np.int64)
    lines, inputs, carried = texts
    return Drafts(
        account_id=account,
        kind=kind,
        ordinal=zero,
        version=zero,
        previous_day=ints(bills["previous_day"]),
        this_day=ints(bills["this_day"]),
        opening=zero,
        total=total,
        lines=lines,
        inputs=inputs,
        carried=carried,
    )


def numbered(drafts: Drafts, number: Ints) -> Drafts:
    """Drafts with their numbers, below NUMBERS."""
    assert (number < NUMBERS).all()
    return replace(drafts, ordinal=number >> COUNTED_BITS, version=number & (1 << COUNTED_BITS) - 1)


def negated(lines: pa.BinaryArray) -> pa.BinaryArray:
    """Packed lines with every amount of the other sign."""
    parts = [
        packing.lines_part(part.bill, part.field(0), *part.tariff, -packing.amounts_of(part))
        for part in packing.lines_parts(lines)
    ]
    return packing.joined(parts, len(lines))


def next_number(reader: Reader, month: int, kind: BillKind, account_id: Ints) -> Ints:
    """How many documents of a kind each of these accounts has in a month."""
    known = correction_rows.counts(reader, month, kind, account_id)
    owner, count = ints(known["account_id"]), ints(known["documents"])
    at = np.searchsorted(owner, account_id)
    there = at < len(owner)
    there[there] = owner[at[there]] == account_id[there]
    found = np.zeros(len(account_id), dtype=np.int64)
    found[there] = count[at[there]]
    return found


def cancel(session: Session, bills: Table, notes: Drafts, how: Issue, correction: int) -> Issued:
    """Issues the credit notes of bills of one month and says so. Raises StoreConflict when one is
    cancelled already. correction: its id."""
    month = int(ints(bills["month"])[0])
    issued = issue(session, notes, replace(how, month=month))
    nothing = np.zeros(len(notes), dtype=np.int64)
    add_bills(
        session, notes.account_id, ints(bills["bill_id"]), issued.bill_id, nothing, correction
    )
    return issued


def add_bills(
    session: Session, account: Ints, bill: Ints, credit: Ints, rebill: Ints, correction: int
) -> None:
    """Says what takes documents back, and which bills (0: none) stand in their place."""
    columns = {"account_id": account, "bill_id": bill, "credit_id": credit, "rebill_id": rebill}
    correction_rows.add_bills(
        session, {**columns, "correction_id": np.full(len(account), correction)}
    )


def record_correction(
    session: Session, caller: Caller, source: str, why: Reason, now: int, undoes: int = 0
) -> int:
    """Writes why bills are corrected; the correction's id."""
    number = correction_id(caller.provider_id, source)
    row = correction_rows.Correction(
        number,
        source,
        undoes,
        why.code,
        why.text,
        json.dumps(list(why.evidence), ensure_ascii=False),
        caller.client_id,
        caller.actor,
        now,
    )
    correction_rows.add(session, caller.provider_id, row)
    return number


def correction_id(provider_id: int, source: str) -> int:
    """The id of what is corrected under a source."""
    return computed_id("correction", provider_id, source)
