"""The last bills of accounts: what each closes with, and up to which day it bills.

Months are read from the newest on, and of an older one only the accounts of which it can hold a
later bill than those found: `bill_bucket` says how late the bills of a month are. So it does not
matter what belongs to which month: a credit note belongs to the month of the bill that it cancels,
and a bill may be issued for a month that has passed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import Table, ints
from billcore.core.ids import BUCKET_BITS, account_of_bill, kind_of_bill, month_of_bill
from billcore.core.ledger.kinds import BillKind
from billcore.core.ordered import distinct, one_of, places
from billcore.core.rating.batch import Bools, Ints
from billcore.core.store import last_bills as rows
from billcore.core.store.columns import stacked, taken
from billcore.core.store.port import Column, Kind, Reader

OF_DAYS = (BillKind.REGULAR, BillKind.FINAL, BillKind.CORRECTION)

NEVER = -1
"""When a bill was recorded, and the last day it bills, where there is none."""


LATEST = ("recorded_at", "this_day")
"""By what bills are late, or later."""


@dataclass(frozen=True, slots=True, eq=False)
class LastBills:
    """By account, in the order of ids.

    recorded_at, closing: of the document that was recorded last, NEVER and 0 without any. bill_id,
    this_day: of the bill of days that stands and ends last, 0 without one; carried: what it hands
    on, by account, where that is anything.
    """

    account_id: Ints
    recorded_at: Ints
    closing: Ints
    bill_id: Ints
    this_day: Ints
    carried: dict[int, bytes]


def last_bills(reader: Reader, account_id: Ints) -> LastBills:
    """The last bills of accounts of one provider, which are sorted and each there once."""
    recorded_at, closing, bill_id, this_day = (
        np.full(len(account_id), nothing, dtype=np.int64) for nothing in (NEVER, 0, 0, 0)
    )
    carried: dict[int, bytes] = {}
    parts = list(_read(reader, account_id))
    if parts:
        found = _joined(parts)
        newest = found.take(greatest(found.at, found.recorded_at, found.bill_id))
        recorded_at[newest.at], closing[newest.at] = newest.recorded_at, newest.closing
        of_days = found.take(
            np.flatnonzero(found.stands & one_of(kind_of_bill(found.bill_id), OF_DAYS))
        )
        keys = of_days.this_day, of_days.recorded_at, of_days.bill_id
        last = of_days.take(greatest(of_days.at, *keys))
        bill_id[last.at], this_day[last.at] = last.bill_id, last.this_day
        carried = texts_of(account_id[last.at], last.carried)
    return LastBills(account_id, recorded_at, closing, bill_id, this_day, carried)


_NO_NUMBERS = np.zeros(0, dtype=np.int64)
NOBODY = LastBills(_NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, {})
"""The last bills of no account."""


def last_inputs(reader: Reader, last: LastBills) -> Table:
    """account_id, inputs: what the bills of days that end last were rated from, by account."""
    billed = last.bill_id > 0
    account, bill_id = last.account_id[billed], last.bill_id[billed]
    months = month_of_bill(bill_id)
    parts = [
        rows.rated_from(reader, month, account[months == month])
        for month in distinct(months).tolist()
    ]
    number = np.concatenate([bill_id[:0], *(ints(part["bill_id"]) for part in parts)])
    inputs = stacked([part["inputs"] for part in parts], Kind.BYTES)
    order = np.argsort(number)
    table = {"account_id": account_of_bill(number), "inputs": inputs}
    return taken(table, order[np.isin(number[order], bill_id)])


@dataclass(frozen=True, slots=True, eq=False)
class _Documents:
    """Rows of bills; at: the places of their accounts."""

    at: Ints
    stands: Bools
    bill_id: Ints
    this_day: Ints
    recorded_at: Ints
    closing: Ints
    carried: pa.BinaryArray

    def take(self, rows: Ints) -> "_Documents":
        """These rows, which are sorted."""
        if len(rows) == len(self.at):
            return self
        return _Documents(
            self.at[rows],
            self.stands[rows],
            self.bill_id[rows],
            self.this_day[rows],
            self.recorded_at[rows],
            self.closing[rows],
            self.carried.take(pa.array(rows)),
        )


def _read(reader: Reader, account_id: Ints) -> Iterator[_Documents]:
    """The documents of accounts, months from the newest on, as far as they can be the last ones."""
    if not len(account_id):
        return
    cancelled = rows.cancelled(reader, int(account_id[0]), int(account_id[-1]))
    known = {name: np.full(len(account_id), NEVER, dtype=np.int64) for name in LATEST}
    for month, wanted in months_back(reader, account_id, known):
        found = _documents(rows.documents(reader, month, wanted), account_id, cancelled)
        of_days = found.stands & one_of(kind_of_bill(found.bill_id), OF_DAYS)
        np.maximum.at(known["recorded_at"], found.at, found.recorded_at)
        np.maximum.at(known["this_day"], found.at[of_days], found.this_day[of_days])
        yield found


def months_back(
    reader: Reader, account_id: Ints, known: Mapping[str, Ints]
) -> Iterator[tuple[int, Ints]]:
    """(month, the accounts of which it can have a later bill), from the newest month on.

    account_id: sorted. known: by the names of LATEST, or one of them, how late the bill of each
    account is that was found, NEVER while none was; the caller puts it in after each month.
    """
    for month, latest in _months(reader, account_id):
        wanted = np.zeros(len(account_id), dtype=np.bool_)
        for name, found in known.items():
            wanted |= (latest[name] != NEVER) & (latest[name] >= found)
        if wanted.any():
            yield month, account_id[wanted]


def _months(reader: Reader, account_id: Ints) -> Iterator[tuple[int, dict[str, Ints]]]:
    """(month, how late the bills are beside each account), the newest month first."""
    kept = {name: ints(c) for name, c in rows.latest(reader, *account_id[[0, -1]].tolist()).items()}
    bucket = account_id >> BUCKET_BITS
    for month in distinct(kept["month"])[::-1].tolist():
        mine = np.flatnonzero(kept["month"] == month)
        mine = mine[np.argsort(kept["bucket"][mine])]
        at, there = places(kept["bucket"][mine], bucket)
        yield month, {name: np.where(there, kept[name][mine[at]], NEVER) for name in LATEST}


def _documents(columns: dict[str, Column], account_id: Ints, cancelled: Ints) -> _Documents:
    """Rows of a month, of these accounts."""
    bill_id, carried = ints(columns["bill_id"]), columns["carried"]
    assert isinstance(carried, pa.Array)
    at, there = places(account_id, account_of_bill(bill_id))
    stands = ~np.isin(bill_id, cancelled)
    found = _Documents(
        at,
        stands,
        bill_id,
        ints(columns["this_day"]),
        ints(columns["recorded_at"]),
        ints(columns["closing"]),
        carried,
    )
    return found.take(np.flatnonzero(there))


def _joined(parts: list[_Documents]) -> _Documents:
    if len(parts) == 1:
        return parts[0]
    names = [field.name for field in fields(_Documents)]
    columns = {name: [getattr(part, name) for part in parts] for name in names}
    carried = pa.concat_arrays(columns.pop("carried"))
    return _Documents(**{n: np.concatenate(c) for n, c in columns.items()}, carried=carried)


def greatest(at: Ints, *keys: Ints) -> Ints:
    """Of the rows of each place the one with the greatest keys, the first key first."""
    if (at[1:] > at[:-1]).all():
        return np.arange(len(at))
    order = np.lexsort((*reversed(keys), at))
    owner = at[order]
    found: Ints = order[np.append(owner[1:] != owner[:-1], True)]
    return found


def texts_of(owner: Ints, texts: pa.BinaryArray) -> dict[int, bytes]:
    """The texts that are not empty, by owner."""
    told = np.flatnonzero(pc.binary_length(texts).to_numpy())
    return dict(zip(owner[told].tolist(), texts.take(pa.array(told)).to_pylist(), strict=True))
