"""Open items: what of an account's documents is not settled, and which credit pays which.

Documents are folded in the order in which they were recorded, see `ledger.allocation`: what was
recorded later never moves money that was allocated earlier, but for what it undoes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.allocation import OLDEST_FIRST, Strategy
from billcore.core.ids import month_of_bill
from billcore.core.ledger.allocation.documents import Direction, Documents, Kind
from billcore.core.ledger.allocation.explain import Explained, explain
from billcore.core.ledger.allocation.kernel import fold
from billcore.core.ledger.balances import Document, DocumentKind

BILL = "bill:"
"""Stands before the id of the bill that a payer wants paid."""

DOCUMENT = "document:"
"""Stands before the id of the bill by whose payment id, or id, the money came."""

_DIRECTIONS = {BILL: Direction.DOCUMENT, DOCUMENT: Direction.REFERENCE}


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document and what of its amount is open, in minor units; negative: of a credit."""

    document: Document
    open: int


@dataclass(frozen=True, slots=True)
class Applied:
    """How a payment pays: its explanation, and the account's documents, which are its rows."""

    explained: Explained
    documents: tuple[Document, ...]


def open_items(
    documents: Sequence[Document], strategies: Sequence[Strategy] = (OLDEST_FIRST,)
) -> list[OpenItem]:
    """The open ones of an account's documents, in their order; their sum is the balance."""
    order = _order(documents)
    left = np.zeros(len(documents), dtype=np.int64)
    left[order] = fold(_columns([documents[at] for at in order]), strategies).open
    every = zip(documents, left.tolist(), strict=True)
    return [OpenItem(one, left if one.amount > 0 else -left) for one, left in every if left]


def applied(
    documents: Sequence[Document],
    payment_id: int,
    strategies: Sequence[Strategy] = (OLDEST_FIRST,),
) -> Applied:
    """How a payment, one of an account's documents, pays. Raises LookupError without it."""
    ordered = [documents[at] for at in _order(documents)]
    for row, one in enumerate(ordered):
        if one.kind is DocumentKind.ENTRY and one.id == payment_id:
            return Applied(explain(_columns(ordered), row, strategies), tuple(ordered))
    raise LookupError(payment_id)


def _order(documents: Sequence[Document]) -> list[int]:
    """The places of documents in the order in which they were recorded."""
    return sorted(range(len(documents)), key=lambda at: (documents[at].recorded_at, at))


def _columns(ordered: Sequence[Document]) -> Documents:
    """Documents of one account, in the order of the fold."""
    count = len(ordered)
    columns = {name: np.zeros(count, dtype=np.int64) for name in _COLUMNS}
    known: dict[tuple[DocumentKind, int], int] = {}
    for row, values in enumerate(_rows(ordered, known)):
        for name, value in zip(_COLUMNS, values, strict=True):
            columns[name][row] = value
    account = np.zeros(count, dtype=np.int64)
    return Documents(account, *(columns.pop(name) for name in ("kind", "amount", "day")), **columns)  # type: ignore[arg-type]  # all are columns


_COLUMNS = ("kind", "amount", "day", "id", "order", "period", "strategy", "direction", "target")


def _rows(
    ordered: Sequence[Document], known: dict[tuple[DocumentKind, int], int]
) -> Iterator[tuple[int, ...]]:
    """The values of _COLUMNS of each document; OUT: the rows of those that can be undone."""
    for row, one in enumerate(ordered):
        undone = known.pop((one.kind, one.undoes), None) if one.undoes else None
        if undone is not None and ordered[undone].amount == -one.amount:
            yield Kind.UNDO, abs(one.amount), one.day, 0, 0, 0, 0, 0, undone
            continue
        known[one.kind, one.id] = row
        if one.amount < 0:
            direction, target = _direction(one.direction)
            yield Kind.CREDIT, -one.amount, one.day, 0, 0, 0, one.strategy, direction, target
        else:
            bill = one.kind is DocumentKind.BILL
            period = month_of_bill(one.id) if bill else 0
            yield Kind.DEBIT, one.amount, one.due_day, one.id, row, period, 0, 0, 0


def _direction(text: str) -> tuple[int, int]:
    for word, direction in _DIRECTIONS.items():
        if text.startswith(word):
            return direction, int(text.removeprefix(word))
    return Direction.NOWHERE, 0
