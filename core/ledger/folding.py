"""Documents of accounts as the rows of a fold: what is an item, a credit, an undoing.

Goals: one rule for one account and for a million, in columns. Non-goals: reading them
(`billing.items`), who pays whom (`ledger.allocation`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.allocation import Strategy, by_parts
from billcore.core.ids import accounting_month_of, month_of_bill
from billcore.core.ledger.allocation.documents import Direction, Documents, Kind, Parts
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ordered import places
from billcore.core.rating.batch import Bools, Ints

BILL = "bill:"
"""Stands before the id of the bill that a payer wants paid."""

SERVICE = "service:"
"""Stands before the name of the service that a payer wants paid."""

PERIOD = "period:"
"""Stands before the accounting month that a payer wants paid, YYYY-MM of its provider."""

DOCUMENT = "document:"
"""Stands before the id of the bill by whose payment id, or id, the money came."""

ENTRY = "entry:"
"""Stands before the id of the account entry that is to be paid."""

DIRECTIONS: Mapping[str, Direction] = {
    BILL: Direction.DOCUMENT,
    ENTRY: Direction.DOCUMENT,
    SERVICE: Direction.SERVICE,
    PERIOD: Direction.PERIOD,
    DOCUMENT: Direction.REFERENCE,
}
"""What the word before a colon says."""

NO_NAME = ("",)
"""Services by number, where nobody asks for one: number 0 is of what has none."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Documents of accounts, columns of one length.

    is_entry: 1 of an account entry, 0 of a bill: ids are unique among those of an account. kind: an
    `EntryKind` or `BillKind`; day, due_day: ordinals, of an entry the same; amount: minor units,
    debit positive; undoes: the document of the same sort that it takes back, or 0; strategy,
    direction: of a payment.
    """

    account_id: Ints
    document_id: Ints
    is_entry: Ints
    kind: Ints
    day: Ints
    due_day: Ints
    recorded_at: Ints
    amount: Ints
    undoes: Ints
    strategy: Ints
    direction: pa.StringArray

    def __len__(self) -> int:
        return len(self.account_id)

    @property
    def is_late_fee(self) -> Bools:
        """Which rows are late fees, and credits of such."""
        found: Bools = (self.is_entry == 1) & (self.kind == EntryKind.LATE_FEE)
        return found

    def documents(self, parts: "BillParts | None" = None) -> Documents:
        """What is folded, of rows in their order (`in_order`). parts: of bills that are divided.

        A document that takes an earlier one back, whole, is an UNDO; else a credit, or an item.
        """
        names = NO_NAME if parts is None else parts.services
        target = undone_rows(self)
        undo, credit = target >= 0, self.amount < 0
        kind = np.where(undo, Kind.UNDO, np.where(credit, Kind.CREDIT, Kind.DEBIT)).astype(np.int64)
        debit, credit = kind == Kind.DEBIT, kind == Kind.CREDIT
        direction, named, services = _directions(self.direction, names)
        bill = self.is_entry == 0
        return Documents(
            account=self.account_id,
            kind=kind,
            amount=np.abs(self.amount),
            day=np.where(debit, self.due_day, self.day),
            id=np.where(debit, self.document_id, 0),
            order=np.arange(len(self)),
            period=np.where(debit & bill, month_of_bill(self.document_id), 0),
            penalty=(debit & self.is_late_fee).astype(np.int64) if parts is None else None,
            strategy=np.where(credit, self.strategy, 0),
            direction=np.where(credit, direction, 0),
            target=np.where(undo, target, np.where(credit, named, 0)),
            parts=None if parts is None else _parts(self, debit, parts),
            services=services,
        )

    def in_order(self) -> tuple["Rows", Ints]:
        """The same rows by account and in the order of the fold, and where each stood.

        By the time of recording; of one time by day, bills before entries, id.
        """
        keys = (self.document_id, self.is_entry, self.day, self.recorded_at, self.account_id)
        order: Ints = np.lexsort(keys)
        return self.take(order), order

    def take(self, at: Ints) -> "Rows":
        """Some rows, by place."""
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        direction = columns.pop("direction").take(pa.array(at))
        return Rows(**{name: one[at] for name, one in columns.items()}, direction=direction)


@dataclass(frozen=True, slots=True)
class BillParts:
    """Parts of bills, by bill. bill_id: (bills,) sorted; begin: (bills + 1,) where the parts of
    each begin; amount, service, penalty: (parts,), see `Parts`; services: names by number.
    """

    bill_id: Ints
    begin: Ints
    amount: Ints
    service: Ints
    penalty: Ints
    services: Sequence[str]


def divided(rows: Rows, strategies: Sequence[Strategy]) -> Ints:
    """The accounts, sorted, in which it matters what bills consist of: a credit is allocated by a
    strategy that asks for it, or is directed to a service."""
    wanted = np.array([*by_parts(strategies), False])
    asks: Bools = wanted[np.clip(rows.strategy, -1, len(strategies))]
    asks |= _begins(rows.direction, SERVICE)
    found: Ints = np.unique(rows.account_id[asks & (rows.amount < 0)])
    return found


def undone_rows(rows: Rows) -> Ints:
    """The row that each one takes back, or -1.

    An UNDO is not undone: what takes one back is an item or a credit itself, and can be undone.
    """
    found = np.full(len(rows), -1, dtype=np.int64)
    undoing = np.flatnonzero(rows.undoes)
    if not undoing.size:
        return found
    wanted = set(zip(*_keys(rows, undoing, rows.undoes), strict=True))
    listed = np.flatnonzero(np.isin(rows.document_id, rows.undoes[undoing]) | (rows.undoes != 0))
    keys = list(zip(*_keys(rows, listed, rows.document_id), strict=True))
    targets = zip(*_keys(rows, listed, rows.undoes), strict=True)
    known: dict[tuple[int, ...], int] = {}
    for row, key, target in zip(listed.tolist(), keys, targets, strict=True):
        undone = known.pop(target, -1) if rows.undoes[row] else -1
        if undone >= 0 and rows.amount[undone] == -rows.amount[row]:
            found[row] = undone
        elif key in wanted:
            known[key] = row
    return found


def _keys(rows: Rows, at: Ints, ids: Ints) -> tuple[list[int], ...]:
    return rows.account_id[at].tolist(), rows.is_entry[at].tolist(), ids[at].tolist()


def _directions(texts: pa.StringArray, names: Sequence[str]) -> tuple[Ints, Ints, tuple[str, ...]]:
    """What each text directs to, and to which; the services by number, more than `names` if texts
    name more. A text that is none of them directs nowhere."""
    direction = np.zeros(len(texts), dtype=np.int64)
    target = np.zeros(len(texts), dtype=np.int64)
    services = {name: number for number, name in enumerate(names)}
    if not np.asarray(pc.binary_length(texts)).any():
        return direction, target, tuple(services)
    for word, meaning in DIRECTIONS.items():
        rows = np.flatnonzero(_begins(texts, word))
        if not rows.size:
            continue
        said = pc.utf8_slice_codeunits(texts.take(pa.array(rows)), len(word))
        direction[rows] = meaning
        if meaning in (Direction.DOCUMENT, Direction.REFERENCE):
            target[rows] = said.cast(pa.int64()).to_numpy()
            continue
        words = said.dictionary_encode()
        told = words.dictionary.to_pylist()
        if meaning is Direction.SERVICE:
            numbers = [services.setdefault(one, len(services)) for one in told]
        else:
            numbers = [accounting_month_of(one) for one in told]
        target[rows] = np.array(numbers, dtype=np.int64)[words.indices.to_numpy()]
    return direction, target, tuple(services)


def _begins(texts: pa.StringArray, word: str) -> Bools:
    found: Bools = pc.starts_with(texts, word).to_numpy(zero_copy_only=False).astype(np.bool_)
    return found


def _parts(rows: Rows, debit: Bools, parts: BillParts) -> Parts:
    """The parts of all items: those of bills that have some, else the whole of the item."""
    at, has = places(parts.bill_id, rows.document_id)
    has &= debit & (rows.is_entry == 0)
    width = np.diff(parts.begin)
    count = debit.astype(np.int64)
    count[has] = width[at[has]]
    begin: Ints = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    row = np.repeat(np.arange(len(rows)), count)
    place = np.arange(len(row)) - begin[row]
    mine = has[row]
    source = parts.begin[at[row[mine]]] + place[mine]
    amount, penalty = rows.amount[row], rows.is_late_fee[row].astype(np.int64)
    service = np.zeros(len(row), dtype=np.int64)
    amount[mine], service[mine] = parts.amount[source], parts.service[source]
    penalty[mine] = parts.penalty[source]
    return Parts(begin, amount, service, penalty)
