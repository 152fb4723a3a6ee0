"""The bills of a run as Arrow record batches, for files and for other systems.

Goals: memory that does not grow with the run, no step a bill, no snapshot held while somebody reads
slowly: each batch is read from one of its own. Of a run that has issued bills, these, as they were
issued; of one that is rated, or simulated, what it would issue and what is held. Non-goals: the
accounts that a run refused, which have no bill.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import ints
from billcore.core.billing.charges import packing
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.issue import Drafts
from billcore.core.billing.make import issue_of, month_of_issue
from billcore.core.billing.runs import packed, runs, states
from billcore.core.billing.runs.chunk import Task, Work
from billcore.core.billing.runs.states import ISSUED, Phase, State
from billcore.core.ids import year_and_month
from billcore.core.ledger.kinds import BillKind
from billcore.core.money import minor_digits
from billcore.core.rating.batch import Ints
from billcore.core.rating.columns import line_names
from billcore.core.store import accounts
from billcore.core.store import bills as bill_rows
from billcore.core.store import runs as rows
from billcore.core.store.columns import taken
from billcore.core.store.port import Columns, Reader, ReadStore
from billcore.core.store.providers import Provider

BATCH_BILLS = 4_096
"""A batch has at most so many bills, or those of so many accounts."""

BILLED = (*ISSUED, State.REVERSED)
"""States of a run that has issued bills."""

RATED = (State.RATED, State.OUTSORTED, State.APPROVED)
"""States of a run that keeps what it rated."""

LINE = pa.struct(
    {
        "agreement_no": pa.int32(),
        "tariff": pa.string(),
        "version": pa.int32(),
        "line": pa.string(),
        "amount": pa.int64(),
    }
)

SCHEMA = pa.schema(
    {
        "bill_id": pa.int64(),
        "account_id": pa.int64(),
        "account": pa.string(),
        "kind": pa.string(),
        "month": pa.string(),
        "previous_day": pa.date32(),
        "this_day": pa.date32(),
        "issued_day": pa.date32(),
        "due_day": pa.date32(),
        "opening": pa.int64(),
        "total": pa.int64(),
        "closing": pa.int64(),
        "outcome": pa.string(),
        "lines": pa.list_(LINE),
    }
)
"""Of every batch. Money is in minor units; a line's amount too, or in the line's own unit."""

OUTCOMES = ("issued", "cancelled", "rated", "held")
"""What became of a bill; cancelled: it was issued, and a credit note cancels it."""

_ISSUED, _CANCELLED, _RATED, _HELD = range(len(OUTCOMES))
_DAYS = ("previous_day", "this_day", "issued_day", "due_day")
_MONEY = ("opening", "total", "closing")
_KINDS = pa.array([kind.name.lower() for kind in BillKind])
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Export:
    """A run that can be exported, as it was when that was asked."""

    store: ReadStore
    provider: Provider
    run: runs.View

    @property
    def schema(self) -> pa.Schema:
        """SCHEMA; its metadata name the run, its state, the currency and the digits of money."""
        told = {
            "provider": self.provider.code,
            "run_id": str(self.run.run_id),
            "state": self.run.state.name.lower(),
            "simulated": str(int(self.run.simulated)),
            "currency": self.provider.currency,
            "digits": str(minor_digits(self.provider.currency)),
        }
        return SCHEMA.with_metadata({f"billcore.{name}": text for name, text in told.items()})

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The bills by account. Raises RunStateUnfit when a rated run is cancelled meanwhile."""
        return self._issued() if self.run.state in BILLED else self._rated()

    def _issued(self) -> Iterator[pa.RecordBatch]:
        frozen = [c for c in self.run.chunks if c.phase == Phase.FREEZE and c.entry_id]
        entries = np.array([chunk.entry_id for chunk in frozen], dtype=np.int64)
        month = month_of_issue(self.provider, self.run.order.issued_day)
        for first, last in sorted({(c.first_account, c.last_account) for c in frozen}):
            for lo in range(first, last + 1, BATCH_BILLS):
                at = lo, min(lo + BATCH_BILLS - 1, last)
                with self.store.read() as reader:
                    found = _of_entries(reader, month, at, entries)
                    batch = self._batch(reader, found)
                if batch.num_rows:
                    yield batch

    def _rated(self) -> Iterator[pa.RecordBatch]:
        for chunk in range(self.run.order.chunks):
            with self.store.read() as reader:
                _expect(reader, self.provider, self.run.run_id)
                drafts, held = self._result(reader, chunk)
            for start in range(0, len(drafts), BATCH_BILLS):
                some = drafts.take(np.arange(start, min(start + BATCH_BILLS, len(drafts))))
                with self.store.read() as reader:
                    batch = self._batch(reader, self._drafted(some, held))
                yield batch

    def _result(self, reader: Reader, chunk: int) -> tuple[Drafts, Ints]:
        """(what was rated of a chunk, the accounts whose bills are held)."""
        run = self.provider.provider_id, self.run.run_id
        content = rows.result(reader, rows.ChunkKey(*run, Phase.RATE, 0, chunk))
        assert content is not None, "the rate phase has ended"
        at = first, last = self.run.order.accounts(chunk)
        found = rows.exceptions(reader, *run, (first - 1, last), self.run.order.chunk_accounts)
        held = {e.account_id: 1 for e in found if e.outcome == rows.HELD}
        held |= {one.account_id: one.held for one in rows.decisions(reader, *run, at)}
        accounts_held = [account for account, is_held in held.items() if is_held]
        return packed.unpacked(content)[0], np.array(accounts_held, dtype=np.int64)

    def _drafted(self, drafts: Drafts, held: Ints) -> Columns:
        """Drafts as the bills that they would be."""
        task = Task(self.provider.provider_id, self.run.run_id, Phase.RATE, 0, 0, 0, 0)
        work = Work(task, self.provider, self.run.order, self.run.simulated)
        how = issue_of(self.provider, work.order(0))
        same = {"month": how.month, "issued_day": how.issued_day, "due_day": how.due_day}
        columns = {name: np.full(len(drafts), value) for name, value in same.items()}
        own = ("account_id", "kind", "previous_day", "this_day", "opening", "total", "lines")
        return {
            **columns,
            **{name: getattr(drafts, name) for name in own},
            "bill_id": drafts.bill_ids(how.month),
            "closing": drafts.opening + drafts.total,
            "outcome": np.where(np.isin(drafts.account_id, held), _HELD, _RATED),
        }

    def _batch(self, reader: Reader, found: Columns) -> pa.RecordBatch:
        tariffs = Tariffs(reader, self.run.order.proposed)
        account = ints(found["account_id"])
        made = {
            "bill_id": pa.array(ints(found["bill_id"])),
            "account_id": pa.array(account),
            "account": _account_numbers(reader, account),
            "kind": _KINDS.take(pa.array(ints(found["kind"]))),
            "month": _months(ints(found["month"]), self.provider.calendar),
            **{name: _dates(ints(found[name])) for name in _DAYS},
            **{name: pa.array(ints(found[name])) for name in _MONEY},
            "outcome": pa.array(OUTCOMES).take(pa.array(found["outcome"])),
            "lines": listed(tariffs, found["lines"]),
        }
        columns = [made[name] for name in SCHEMA.names]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)


def export(store: ReadStore, provider: Provider, run_id: int) -> Export:
    """A run of the provider to be exported. Raises RunUnknown, RunStateUnfit."""
    with store.read() as reader:
        _expect(reader, provider, run_id)
        return Export(store, provider, runs.view(reader, provider.provider_id, run_id))


def _expect(reader: Reader, provider: Provider, run_id: int) -> None:
    states.expect(reader, provider.provider_id, run_id, "export", (*RATED, *BILLED))


def _of_entries(reader: Reader, month: int, at: tuple[int, int], entries: Ints) -> Columns:
    """The bills of a month and a range of accounts that these entries posted."""
    found = bill_rows.of_month(reader, month, *at)
    known = bill_rows.keys(reader, month, *at)
    mine = np.flatnonzero(np.isin(ints(found["entry_id"]), entries))
    standing = ints(known["bill_id"])[ints(known["stands"]) == 1]
    posted = taken(found, mine)
    stands = np.isin(ints(posted["bill_id"]), standing)
    return {**posted, "outcome": np.where(stands, _ISSUED, _CANCELLED)}


def listed(tariffs: Tariffs, lines: pa.BinaryArray) -> pa.ListArray:
    """Packed lines as a list of LINE a bill, in the order of the bill."""
    parts = list(packing.lines_parts(lines))
    names: dict[str, int] = {}
    ids: dict[str, int] = {}
    counts = np.zeros(len(lines), dtype=np.int64)
    for part in parts:
        counts[part.bill] += (part.words.shape[1] - packing.LINES_HEADER) // 2
    ends = np.cumsum(counts)
    begin = ends - counts
    columns = {
        name: np.empty(int(counts.sum()), dtype=np.int64)
        for name in ("agreement_no", "tariff", "version", "line", "amount")
    }
    for part in parts:
        tariff = tariffs.one(*part.tariff)
        amounts = packing.amounts_of(part)
        codes = np.array([names.setdefault(name, len(names)) for name in line_names(tariff)])
        at = begin[part.bill][:, None] + np.arange(len(codes))
        begin[part.bill] += len(codes)
        columns["agreement_no"][at] = part.field(0)[:, None]
        columns["tariff"][at] = ids.setdefault(tariff.id, len(ids))
        columns["version"][at] = part.tariff[1]
        columns["line"][at] = codes
        columns["amount"][at] = amounts
    arrays = [
        pa.array(columns["agreement_no"].astype(np.int32)),
        _texts(ids, columns["tariff"]),
        pa.array(columns["version"].astype(np.int32)),
        _texts(names, columns["line"]),
        pa.array(columns["amount"]),
    ]
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    return pa.ListArray.from_arrays(
        pa.array(offsets), pa.StructArray.from_arrays(arrays, fields=list(LINE)), pa.list_(LINE)
    )


def _texts(codes: dict[str, int], column: Ints) -> pa.StringArray:
    return pa.array(list(codes), pa.string()).take(pa.array(column))


def _account_numbers(reader: Reader, account: Ints) -> pa.StringArray:
    """The number of each account."""
    if not len(account):
        return pa.array([], pa.string())
    found = accounts.numbers(reader, "account", int(account.min()), int(account.max()))
    ids = ints(found["id"])
    order = np.argsort(ids)
    return found["number"].take(pa.array(order[np.searchsorted(ids[order], account)]))


def _months(month: Ints, calendar: str) -> pa.StringArray:
    """Accounting months as "1397-07"."""
    numbers, place = np.unique(month, return_inverse=True)
    texts = ["{:04}-{:02}".format(*year_and_month(n, calendar)) for n in numbers.tolist()]
    return pa.array(texts, pa.string()).take(pa.array(place))


def _dates(day: Ints) -> pa.Array:
    return pa.array((day - _EPOCH).astype(np.int32)).view(pa.date32())
