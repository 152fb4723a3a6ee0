"""Issuing bills: rows, the general ledger's entry and the events, in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.billing.errors import BillExists
from billcore.core.ids import BILL_BITS, bill_id
from billcore.core.ledger import journal
from billcore.core.ledger.kinds import BILLS, BillKind
from billcore.core.ledger.told import BILLS_ISSUED, tell_documents
from billcore.core.rating.batch import Ints
from billcore.core.store import bills as rows
from billcore.core.store.errors import StoreConflict
from billcore.core.store.port import Session


@dataclass(frozen=True, slots=True)
class Drafts:
    """Bills to be issued, one an account, by account; amounts in minor units.

    opening: the balance before; lines, inputs, carried: packed texts.
    """

    account_id: Ints
    previous_day: Ints
    this_day: Ints
    opening: Ints
    total: Ints
    lines: pa.BinaryArray
    inputs: pa.BinaryArray
    carried: pa.BinaryArray

    def __len__(self) -> int:
        return len(self.account_id)


@dataclass(frozen=True, slots=True)
class Issue:
    """How drafts are issued. month: accounting month; days are ordinals.

    source: what issues them, unique per provider (a run's chunk, a request).
    """

    provider_id: int
    month: int
    kind: BillKind
    ordinal: int
    version: int
    issued_day: int
    due_day: int
    source: str
    client_id: int
    recorded_at: int

    def bill_ids(self, account_id: Ints) -> Ints:
        """The id of each account's bill."""
        first = bill_id(0, self.month, self.kind, self.ordinal, self.version)
        return (account_id.astype(np.int64) << BILL_BITS) | first


def issue(session: Session, drafts: Drafts, how: Issue, amounts: Mapping[str, int]) -> Ints:
    """Writes bills and posts them; their ids. amounts: all drafts' by ledger account code.

    Raises BillExists, having written nothing that stays, when an account has such a bill.
    """
    ids = how.bill_ids(drafts.account_id)
    entry_id = journal.post(
        session,
        journal.Entry(
            provider_id=how.provider_id,
            source=how.source,
            day=how.issued_day,
            kind=BILLS,
            amounts=amounts,
            client_id=how.client_id,
            recorded_at=how.recorded_at,
        ),
    )
    _add(session, drafts, how, ids, entry_id)
    told = {
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
    return ids


def _add(session: Session, drafts: Drafts, how: Issue, ids: Ints, entry_id: int) -> None:
    same = {
        "month": how.month,
        "kind": how.kind,
        "ordinal": how.ordinal,
        "version": how.version,
        "entry_id": entry_id,
        "issued_day": how.issued_day,
        "due_day": how.due_day,
        "recorded_at": how.recorded_at,
    }
    columns = {name: np.full(len(drafts), value, dtype=np.int64) for name, value in same.items()}
    own = {
        "account_id": drafts.account_id,
        "bill_id": ids,
        "previous_day": drafts.previous_day,
        "this_day": drafts.this_day,
        "opening": drafts.opening,
        "total": drafts.total,
        "closing": drafts.opening + drafts.total,
        "lines": drafts.lines,
        "inputs": drafts.inputs,
        "carried": drafts.carried,
    }
    try:
        rows.add(session, how.provider_id, how.month, columns | own)
    except StoreConflict:
        if len(drafts) == 1:
            raise BillExists(int(drafts.account_id[0]), int(ids[0])) from None
        raise
