"""The bills of a run, a range of accounts at a time: as issued, or before that as rated."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Table, ints
from billcore.core.billing import revenue
from billcore.core.billing.charges import packing
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.issue import EMPTY, Drafts
from billcore.core.billing.make import month_of_issue
from billcore.core.billing.runs import packed
from billcore.core.billing.runs.errors import RunStateUnfit
from billcore.core.billing.runs.runs import View, view
from billcore.core.billing.runs.states import Phase, State
from billcore.core.rating.batch import Ints
from billcore.core.store import bills as bill_rows
from billcore.core.store import runs as rows
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

AS_ISSUED = (State.FROZEN, State.PUBLISHED, State.REVERSED)
"""Runs whose bills are compared, cancelled or not; of others it is what they rated, held or not."""

AS_RATED = (State.OUTSORTED, State.APPROVED)

_COLUMNS = ("account_id", "this_day", "total", "lines")


@dataclass(frozen=True, slots=True, eq=False)
class Bills:
    """Bills by account, and what they charge by agreement and tariff.

    bill: of each charge, the place of its bill; day: the last day of the bill; amount: minor units.
    """

    account_id: Ints
    total: Ints
    bill: Ints
    agreement_no: Ints
    tariff_no: Ints
    day: Ints
    amount: Ints

    def __len__(self) -> int:
        return len(self.account_id)


class Side:
    """A run that is compared."""

    def __init__(self, reader: Reader, provider: Provider, run: View) -> None:
        self._reader = reader
        self._provider_id = provider.provider_id
        self._month = month_of_issue(provider, run.order.issued_day)
        self._unpacked: tuple[int, Drafts] = -1, EMPTY
        self.run = run
        self.issued = run.state in AS_ISSUED
        self.tariffs = Tariffs(reader, run.order.proposed)

    @property
    def borders(self) -> list[int]:
        """The first account of each chunk, and the one behind the last."""
        order = self.run.order
        firsts = [order.accounts(chunk)[0] for chunk in range(order.chunks)]
        return [*firsts, order.last_account + 1]

    def bills(self, first: int, last: int) -> Bills:
        """The bills of accounts first..last, which lie in one chunk, or outside of the run."""
        order = self.run.order
        if last < order.first_account or first > order.last_account:
            return _bills(self.tariffs, *_columns(EMPTY))
        chunk = (first - order.first_account) // order.chunk_accounts
        found = self._issued(chunk, first, last) if self.issued else self._rated(chunk)
        account, day, total, lines = found
        mine = slice(*np.searchsorted(account, [first, last + 1]).tolist())
        return _bills(self.tariffs, account[mine], day[mine], total[mine], lines[mine])

    def _issued(self, chunk: int, first: int, last: int) -> "_Columns":
        entries = [
            one.entry_id
            for one in self.run.chunks
            if one.phase == Phase.FREEZE and one.chunk == chunk and one.entry_id
        ]
        tables = [
            bill_rows.issued_by(self._reader, self._month, first, last, entry, _COLUMNS)
            for entry in entries
        ]
        return _stacked(tables)

    def _rated(self, chunk: int) -> "_Columns":
        """Of the whole chunk, which is kept for the next range of accounts."""
        number, drafts = self._unpacked
        if number != chunk:
            key = rows.ChunkKey(self._provider_id, self.run.run_id, Phase.RATE, 0, chunk)
            content = rows.result(self._reader, key)
            assert content is not None, "the rate phase has ended"
            drafts, _ = packed.unpacked(content)
            self._unpacked = chunk, drafts
        return _columns(drafts)


_Columns = tuple[Ints, Ints, Ints, pa.BinaryArray]
"""account_id, this_day, total, lines; by account."""


def side(reader: Reader, provider: Provider, run_id: int) -> Side:
    """A run to compare. Raises RunUnknown, RunStateUnfit before it is rated or when it is
    cancelled."""
    run = view(reader, provider.provider_id, run_id)
    wanted = (*AS_RATED, *AS_ISSUED)
    if run.state not in wanted:
        names = [state.name.lower() for state in wanted]
        raise RunStateUnfit(run_id, "compare", run.state.name.lower(), names)
    return Side(reader, provider, run)


def ranges(one: Side, other: Side) -> Iterator[tuple[int, int]]:
    """The accounts of both, cut where a chunk of either begins or ends."""
    borders = sorted({*one.borders, *other.borders})
    for first, behind in pairwise(borders):
        yield first, behind - 1


def _columns(drafts: Drafts) -> _Columns:
    return drafts.account_id, drafts.this_day, drafts.total, drafts.lines


def _stacked(tables: list[Table]) -> _Columns:
    """The rows of several passes, by account."""
    if not tables:
        return _columns(EMPTY)
    numbers = [np.concatenate([ints(t[name]) for t in tables]) for name in _COLUMNS[:3]]
    lines = pa.concat_arrays([t["lines"] for t in tables])
    order = np.argsort(numbers[0], kind="stable")
    account, day, total = (column[order] for column in numbers)
    return account, day, total, lines.take(pa.array(order))


def _bills(tariffs: Tariffs, account: Ints, day: Ints, total: Ints, lines: pa.BinaryArray) -> Bills:
    found: list[tuple[Ints, ...]] = [(np.zeros(0, dtype=np.int64),) * 4]
    for part in packing.lines_parts(lines):
        amount = revenue.part_totals(tariffs.one(*part.tariff), part)
        found.append((part.bill, part.field(0), part.field(1), amount))
    bill, agreement, tariff, amount = (np.concatenate(c) for c in zip(*found, strict=True))
    return Bills(account, total, bill, agreement, tariff, day[bill], amount)
