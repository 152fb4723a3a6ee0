"""Issuing bills: rows, the general ledger's entry and the events, in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Table
from billcore.core.billing import revenue
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.errors import BillExists
from billcore.core.billing.items import deferred_of
from billcore.core.billing.payment_ids import PaymentIds, issue_payment_ids
from billcore.core.ids import BILL_BITS
from billcore.core.ledger import journal
from billcore.core.ledger.kinds import BILLS
from billcore.core.ledger.told import BILLS_ISSUED, tell_documents
from billcore.core.rating.batch import Bools, Ints
from billcore.core.store import bills as rows
from billcore.core.store.columns import picked
from billcore.core.store.errors import StoreConflict
from billcore.core.store.port import Session


@dataclass(frozen=True, slots=True)
class Drafts:
    """Bills to be issued, by account; amounts in minor units.

    kind: of `BillKind`, with ordinal and version; opening: the balance before; lines, inputs,
    carried: packed texts.
    """

    account_id: Ints
    kind: Ints
    ordinal: Ints
    version: Ints
    previous_day: Ints
    this_day: Ints
    opening: Ints
    total: Ints
    lines: pa.BinaryArray
    inputs: pa.BinaryArray
    carried: pa.BinaryArray

    def __len__(self) -> int:
        return len(self.account_id)

    def take(self, rows: Ints | Bools) -> "Drafts":
        """These drafts: by place, or those that are true."""
        if rows.dtype == np.bool_ and rows.all():
            return self
        at: Ints = np.arange(len(self))[rows]
        return Drafts(*(picked(getattr(self, field.name), at) for field in fields(self)))

    def bill_ids(self, month: int) -> Ints:
        """The id of each bill in an accounting month, see `ids.bill_id`."""
        account = self.account_id.astype(np.int64)
        below = ((month << 3 | self.kind) << 4 | self.ordinal) << 4 | self.version
        found: Ints = account << BILL_BITS | below
        return found


_NO_NUMBERS, _NO_TEXTS = np.zeros(0, dtype=np.int64), pa.array([], pa.binary())
EMPTY = Drafts(*([_NO_NUMBERS] * 8), *([_NO_TEXTS] * 3))
"""No drafts."""


@dataclass(frozen=True, slots=True)
class Issue:
    """How drafts are issued. month: accounting month; days are ordinals.

    source: what issues them, unique per provider (a run's chunk, a request). taxes: see `revenue`.
    payment_ids: which are issued with them; None: none.
    """

    provider_id: int
    month: int
    issued_day: int
    due_day: int
    taxes: tuple[str, ...]
    source: str
    client_id: int
    recorded_at: int
    payment_ids: PaymentIds | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued: the bills' ids, in the order of the drafts, and their ledger entry."""

    bill_id: Ints
    entry_id: int


def drafts_of(bills: Table) -> Drafts:
    """Rows of bills as the drafts that they were."""
    return Drafts(**{field.name: bills[field.name] for field in fields(Drafts)})


def joined(parts: list[Drafts]) -> Drafts:
    """The drafts of several, at least one, in the order of accounts."""
    whole = Drafts(*(_stacked([getattr(p, f.name) for p in parts]) for f in fields(Drafts)))
    order = np.argsort(whole.account_id, kind="stable")
    return whole.take(order)


def issue(session: Session, drafts: Drafts, how: Issue) -> Issued:
    """Writes bills and posts them.

    Raises BillExists, having written nothing that stays, when an account has such a bill.
    """
    ids = drafts.bill_ids(how.month)
    entry_id = journal.post(
        session,
        journal.Entry(
            provider_id=how.provider_id,
            source=how.source,
            day=how.issued_day,
            kind=BILLS,
            amounts=revenue.posted(Tariffs(session), drafts.lines, how.taxes),
            client_id=how.client_id,
            recorded_at=how.recorded_at,
        ),
    )
    _add(session, drafts, how, ids, entry_id)
    if how.payment_ids is not None:
        later = deferred_of(session, how.provider_id, drafts.account_id, how.due_day)
        asked = drafts.opening + drafts.total - later
        issue_payment_ids(session, how.payment_ids, how.recorded_at, ids, asked)
    told: Mapping[str, Ints] = {
        "account_ids": drafts.account_id,
        "document_ids": ids,
        "amounts": drafts.total,
    }
    tell_documents(
        session,
        how.provider_id,
        BILLS_ISSUED,
        how.source,
        told,
        how.recorded_at,
        day=how.issued_day,
        due_day=how.due_day,
    )
    return Issued(ids, entry_id)


def _add(session: Session, drafts: Drafts, how: Issue, ids: Ints, entry_id: int) -> None:
    same = {
        "month": how.month,
        "entry_id": entry_id,
        "issued_day": how.issued_day,
        "due_day": how.due_day,
        "recorded_at": how.recorded_at,
    }
    columns = {name: np.full(len(drafts), value, dtype=np.int64) for name, value in same.items()}
    own = {field.name: getattr(drafts, field.name) for field in fields(Drafts)}
    own |= {"bill_id": ids, "closing": drafts.opening + drafts.total}
    try:
        rows.add(session, how.provider_id, how.month, columns | own)
    except StoreConflict:
        if len(drafts) == 1:
            raise BillExists(int(drafts.account_id[0]), int(ids[0])) from None
        raise


def _stacked(columns: list[Ints | pa.BinaryArray]) -> Ints | pa.BinaryArray:
    if isinstance(columns[0], np.ndarray):
        return np.concatenate(columns)
    return pa.concat_arrays(columns)
