"""Credit notes: a bill's amounts taken back, line by line.

A credit note belongs to the accounting month of its bill and is effective on its own day of issue.
A bill is cancelled by one credit note, once; the bill itself never changes.
"""

import json
from collections.abc import Mapping, Sequence
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
from billcore.core.store import bills as rows
from billcore.core.store import corrections as correction_rows
from billcore.core.store.port import Reader, Session

COUNTED_BITS = 4
"""Credit notes, and bills in the place of others, are counted by ordinal and version together."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why bills are corrected. code: of the provider's list; evidence: references to documents."""

    code: str
    text: str
    evidence: Sequence[str] = ()


def credited(reader: Reader, bills: Table, opening: Ints) -> Drafts:
    """The credit notes of bills of one accounting month: rows as of `bills.of_month`, by account.

    opening: what each account owes before its note.
    """
    account = ints(bills["account_id"])
    lines = bills["lines"]
    assert isinstance(lines, pa.Array)
    count = len(account)
    nothing = pa.array([b""] * count, pa.binary())
    number = next_number(reader, bills, BillKind.CREDIT)
    return Drafts(
        account_id=account,
        kind=np.full(count, int(BillKind.CREDIT)),
        ordinal=number >> COUNTED_BITS,
        version=number & (1 << COUNTED_BITS) - 1,
        previous_day=ints(bills["previous_day"]),
        this_day=ints(bills["this_day"]),
        opening=opening,
        total=-ints(bills["total"]),
        lines=negated(lines),
        inputs=nothing,
        carried=nothing,
    )


def negated(lines: pa.BinaryArray) -> pa.BinaryArray:
    """Packed lines with every amount of the other sign."""
    parts = [
        packing.lines_part(part.bill, part.field(0), *part.tariff, -packing.amounts_of(part))
        for part in packing.lines_parts(lines)
    ]
    return packing.joined(parts, len(lines))


def next_number(reader: Reader, bills: Table, kind: BillKind) -> Ints:
    """How many documents of a kind each account has in the month of these bills, of one month."""
    account = ints(bills["account_id"])
    found = np.zeros(len(account), dtype=np.int64)
    if len(account):
        month = int(ints(bills["month"])[0])
        known = rows.keys(reader, month, int(account[0]), int(account[-1]))
        owner = ints(known["account_id"])[ints(known["kind"]) == kind]
        found += np.searchsorted(owner, account, "right") - np.searchsorted(owner, account)
    return found


def cancel(
    session: Session,
    bills: Table,
    notes: Drafts,
    how: Issue,
    correction: int,
    rebill_id: Mapping[int, int] | None = None,
) -> Issued:
    """Issues the credit notes of bills of one month and says so. Raises StoreConflict when one is
    cancelled already. correction: its id; rebill_id: by bill, the bill in its place."""
    month = int(ints(bills["month"])[0])
    issued = issue(session, notes, replace(how, month=month))
    bill_id = ints(bills["bill_id"])
    instead = rebill_id or {}
    correction_rows.add_bills(
        session,
        {
            "account_id": notes.account_id,
            "bill_id": bill_id,
            "credit_id": issued.bill_id,
            "rebill_id": np.array(
                [instead.get(one, 0) for one in bill_id.tolist()], dtype=np.int64
            ),
            "correction_id": np.full(len(notes), correction),
        },
    )
    return issued


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
