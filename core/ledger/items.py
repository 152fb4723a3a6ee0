"""Open items: what of an account's documents is not settled, and which credit pays which.

Documents are folded in the order in which they were recorded, see `ledger.allocation`: what was
recorded later never moves money that was allocated earlier, but for what it undoes. Nothing is read
here; who reads an account asks `billing.items`, which knows strategies and parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from billcore.core.accounts.allocation import OLDEST_FIRST, Strategy
from billcore.core.ledger.allocation.explain import Explained, explain
from billcore.core.ledger.allocation.kernel import fold
from billcore.core.ledger.balances import Document, DocumentKind
from billcore.core.ledger.folding import BillParts, Rows
from billcore.core.ledger.kinds import EntryKind


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document and what of its amount is open, in minor units; negative: of a credit."""

    document: Document
    open: int

    def is_deferred(self, day: int) -> bool:
        """Whether it is an instalment that is due after a day: nobody is asked for it yet."""
        entry = self.document.kind is DocumentKind.ENTRY
        kind = self.document.kind_no == EntryKind.INSTALMENT
        return entry and kind and self.open > 0 and self.document.due_day > day


@dataclass(frozen=True, slots=True)
class Applied:
    """How a payment pays: its explanation, and the account's documents, which are its rows."""

    explained: Explained
    documents: tuple[Document, ...]

    @property
    def entry(self) -> Document:
        """The payment."""
        return self.documents[self.explained.row]

    @property
    def direction(self) -> str:
        """What its payer said, as 'service:water', or by which document it came; '': nothing."""
        return self.entry.direction


def open_items(
    documents: Sequence[Document],
    strategies: Sequence[Strategy] = (OLDEST_FIRST,),
    parts: BillParts | None = None,
) -> list[OpenItem]:
    """The open ones of an account's documents, in their order; their sum is the balance.

    strategies: of the provider, by number; parts: of the bills, where `divided` tells the account.
    """
    rows, order = rows_of(documents).in_order()
    left = np.zeros(len(documents), dtype=np.int64)
    left[order] = fold(rows.documents(parts), strategies).open
    every = zip(documents, left.tolist(), strict=True)
    return [OpenItem(one, left if one.amount > 0 else -left) for one, left in every if left]


def applied(
    documents: Sequence[Document],
    payment_id: int,
    strategies: Sequence[Strategy] = (OLDEST_FIRST,),
    parts: BillParts | None = None,
) -> Applied:
    """How a payment, one of an account's documents, pays. Raises LookupError without it."""
    rows, order = rows_of(documents).in_order()
    ordered = [documents[at] for at in order.tolist()]
    for row, one in enumerate(ordered):
        if one.kind is DocumentKind.ENTRY and one.id == payment_id:
            return Applied(explain(rows.documents(parts), row, strategies), tuple(ordered))
    raise LookupError(payment_id)


def rows_of(documents: Sequence[Document]) -> Rows:
    """An account's documents as rows, in their order; the account is 0."""
    told = [
        (
            0, one.id, one.kind is DocumentKind.ENTRY, one.kind_no, one.day, one.due_day,
            one.recorded_at, one.amount, one.undoes, one.strategy,
        )
        for one in documents
    ]  # fmt: skip
    columns = np.array(told, dtype=np.int64).reshape(len(told), len(_NUMBERS)).T
    direction = pa.array([one.direction for one in documents], pa.string())
    return Rows(**dict(zip(_NUMBERS, columns, strict=True)), direction=direction)


_NUMBERS = [field.name for field in fields(Rows) if field.name != "direction"]
