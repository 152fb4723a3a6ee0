"""Documents of accounts as the rows of a fold: what is an item, a credit, an undoing.

Goals: one rule for one account and for a million, in columns. Non-goals: reading them
(`billing.items`), who pays whom (`ledger.allocation`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.allocation import Strategy, by_parts
from billcore.core.ids import accounting_month_of, month_of_bill
from billcore.core.ledger.allocation.documents import Direction, Documents, Kind, Parts
from billcore.core.rating.batch import Bools, Ints

BILL = "bill:"
"""Stands before the id of the bill that a payer wants paid."""

SERVICE = "service:"
"""Stands before the name of the service that a payer wants paid."""

PERIOD = "period:"
"""Stands before the accounting month that a payer wants paid, YYYY-MM of its provider."""

DOCUMENT = "document:"
"""Stands before the id of the bill by whose payment id, or id, the money came."""

DIRECTIONS: Mapping[str, Direction] = {
    BILL: Direction.DOCUMENT,
    SERVICE: Direction.SERVICE,
    PERIOD: Direction.PERIOD,
    DOCUMENT: Direction.REFERENCE,
}
"""What the word before a colon says."""

NO_NAME = ("",)
"""Services by number, where nobody asks for one: number 0 is of what has none."""


class Origin(IntEnum):
    """Where a document is kept; ids are unique within an account and an origin."""

    BILL = 0
    ENTRY = 1


@dataclass(frozen=True, slots=True)
class ItemRows:
    """Documents of accounts, columns of one length: by account, in the order of recording.

    origin: `Origin`; amount: minor units, debit positive; day, due_day: ordinals; undoes: the
    document of the same account and origin that it takes back, or 0; direction, strategy: of a
    payment; penalty: whether it is one, 0 or 1.
    """

    account_id: Ints
    origin: Ints
    id: Ints
    amount: Ints
    day: Ints
    due_day: Ints
    recorded_at: Ints
    undoes: Ints
    strategy: Ints
    penalty: Ints
    direction: pa.StringArray

    def __len__(self) -> int:
        return len(self.id)

    def in_order(self) -> tuple["ItemRows", Ints]:
        """The same rows by account and in the order of the fold, and where each stood.

        By the time of recording; of one time by day, bills before entries, id.
        """
        keys = (self.id, self.origin, self.day, self.recorded_at, self.account_id)
        order: Ints = np.lexsort(keys)
        return self.take(order), order

    def take(self, at: Ints) -> "ItemRows":
        """Some rows, by place."""
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        direction = columns.pop("direction").take(pa.array(at))
        return ItemRows(**{name: one[at] for name, one in columns.items()}, direction=direction)


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


def divided(rows: ItemRows, strategies: Sequence[Strategy]) -> Ints:
    """The accounts, sorted, in which it matters what bills consist of: a credit is allocated by a
    strategy that asks for it, or is directed to a service."""
    wanted = np.array([*by_parts(strategies), False])
    asks: Bools = wanted[np.clip(rows.strategy, -1, len(strategies))]
    asks |= _begins(rows.direction, SERVICE)
    found: Ints = np.unique(rows.account_id[asks & (rows.amount < 0)])
    return found


def documents_of(rows: ItemRows, parts: BillParts | None = None) -> Documents:
    """What is folded; rows in their order (`in_order`). parts: of the bills that are divided.

    A document that takes an earlier one back, whole, is an UNDO; else a credit, or an item.
    """
    names = NO_NAME if parts is None else parts.services
    target = _undone(rows)
    undo, credit = target >= 0, rows.amount < 0
    kind = np.where(undo, Kind.UNDO, np.where(credit, Kind.CREDIT, Kind.DEBIT)).astype(np.int64)
    debit, credit = kind == Kind.DEBIT, kind == Kind.CREDIT
    direction, named, services = _directions(rows.direction, names)
    bill = rows.origin == Origin.BILL
    return Documents(
        account=rows.account_id,
        kind=kind,
        amount=np.abs(rows.amount),
        day=np.where(debit, rows.due_day, rows.day),
        id=np.where(debit, rows.id, 0),
        order=np.arange(len(rows)),
        period=np.where(debit & bill, month_of_bill(rows.id), 0),
        penalty=np.where(debit, rows.penalty, 0) if parts is None else None,
        strategy=np.where(credit, rows.strategy, 0),
        direction=np.where(credit, direction, 0),
        target=np.where(undo, target, np.where(credit, named, 0)),
        parts=None if parts is None else _parts(rows, debit, parts),
        services=services,
    )


def _undone(rows: ItemRows) -> Ints:
    """The row that each one takes back, or -1.

    An UNDO is not undone: what takes one back is an item or a credit itself, and can be undone.
    """
    found = np.full(len(rows), -1, dtype=np.int64)
    undoing = np.flatnonzero(rows.undoes)
    if not undoing.size:
        return found
    wanted = set(zip(*_keys(rows, undoing, rows.undoes), strict=True))
    listed = np.flatnonzero(np.isin(rows.id, rows.undoes[undoing]) | (rows.undoes != 0))
    keys = list(zip(*_keys(rows, listed, rows.id), strict=True))
    targets = zip(*_keys(rows, listed, rows.undoes), strict=True)
    known: dict[tuple[int, ...], int] = {}
    for row, key, target in zip(listed.tolist(), keys, targets, strict=True):
        undone = known.pop(target, -1) if rows.undoes[row] else -1
        if undone >= 0 and rows.amount[undone] == -rows.amount[row]:
            found[row] = undone
        elif key in wanted:
            known[key] = row
    return found


def _keys(rows: ItemRows, at: Ints, ids: Ints) -> tuple[list[int], ...]:
    return rows.account_id[at].tolist(), rows.origin[at].tolist(), ids[at].tolist()


def _directions(texts: pa.StringArray, names: Sequence[str]) -> tuple[Ints, Ints, tuple[str, ...]]:
    """What each text directs to, and to which; the services by number, more than `names` if texts
    name more. A text that is none of them directs nowhere."""
    direction = np.zeros(len(texts), dtype=np.int64)
    target = np.zeros(len(texts), dtype=np.int64)
    services = {name: number for number, name in enumerate(names)}
    if not pc.any(pc.not_equal(texts, "")).as_py():
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


def _parts(rows: ItemRows, debit: Bools, parts: BillParts) -> Parts:
    """The parts of all items: those of bills that have some, else the whole of the item."""
    at = np.searchsorted(parts.bill_id, rows.id)
    near = np.minimum(at, max(len(parts.bill_id) - 1, 0))
    has = np.zeros(len(rows), dtype=np.bool_)
    if len(parts.bill_id):
        has = debit & (rows.origin == Origin.BILL) & (parts.bill_id[near] == rows.id)
    width = np.diff(parts.begin)
    count = debit.astype(np.int64)
    count[has] = width[near[has]]
    begin: Ints = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    row = np.repeat(np.arange(len(rows)), count)
    place = np.arange(len(row)) - begin[row]
    mine = has[row]
    source = parts.begin[near[row[mine]]] + place[mine]
    amount, penalty = rows.amount[row], rows.penalty[row].copy()
    service = np.zeros(len(row), dtype=np.int64)
    amount[mine], service[mine] = parts.amount[source], parts.service[source]
    penalty[mine] = parts.penalty[source]
    return Parts(begin, amount, service, penalty)
