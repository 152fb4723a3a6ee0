"""Registers at work: the rows of `installation` as columns, and where to find a register's day.

An account's register has a rank, its place among the registers at hand; rank and day make one
integer, so that a search in a sorted column finds the reading or the installation of a day.
Ids of one provider only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from billcore.core.ids import COUNT_BITS, COUNT_MAX
from billcore.core.metering.exact import Bools, Exact, Ints
from billcore.core.ordered import places, search
from billcore.core.store.port import Column

REGISTER_MAX = 127
"""Registers of a meter are numbered 1 to this."""

AGREEMENT_BITS = 20
QUANTITY_BITS = 12
DAY_BITS = 20
DAY_LAST = (1 << DAY_BITS) - 1
"""Beyond every day of the calendars; stands for the open end."""

COLUMNS = (
    "account_id",
    "agreement_no",
    "meter_id",
    "register_no",
    "from_day",
    "until_day",
    "digits",
    "decimals",
    "multiplier",
    "multiplier_decimals",
    "share_before",
    "share",
    "share_of",
)


def register_key(account_id: Ints, meter_id: Ints, register_no: Ints) -> Ints:
    """One integer for a register of an account, in their order, within a provider."""
    counts = (account_id & COUNT_MAX) << COUNT_BITS | (meter_id & COUNT_MAX)
    return counts << 7 | register_no


def agreement_key(account_id: Ints, agreement_no: Ints) -> Ints:
    """One integer for an agreement, in their order, within a provider."""
    return (account_id & COUNT_MAX) << AGREEMENT_BITS | agreement_no


def coded(rank: Ints, day: Ints) -> Ints:
    """One integer for a day of a register, in their order."""
    return rank << DAY_BITS | np.clip(day, 0, DAY_LAST)


def gather(column: Exact, rows: Ints, default: int = 0) -> Any:
    """The values of these rows; `default` where the row is -1."""
    if not column.size:
        return np.full(rows.shape, default, dtype=column.dtype)
    return np.where(rows >= 0, column[rows], default)


@dataclass(frozen=True, eq=False)
class Installations:
    """Rows of `installation`, sorted by account, meter, register and first day.

    quantity_no: the place of the row's quantity in `quantities`, which are sorted. Usage is the
    dial's distance x multiplier, and counts 10^-(decimals + multiplier_decimals) of the unit.
    """

    account_id: Ints
    agreement_no: Ints
    meter_id: Ints
    register_no: Ints
    from_day: Ints
    until_day: Ints
    digits: Ints
    decimals: Ints
    multiplier: Ints
    multiplier_decimals: Ints
    share_before: Ints
    share: Ints
    share_of: Ints
    quantity_no: Ints
    quantities: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.account_id)

    def take(self, rows: Ints | Bools) -> "Installations":
        """These rows, in the order of the table."""
        kept = {name: getattr(self, name)[rows] for name in (*COLUMNS, "quantity_no")}
        return Installations(**kept, quantities=self.quantities)

    # -- registers

    @cached_property
    def key(self) -> Ints:
        """Of each row, the register's key."""
        return register_key(self.account_id, self.meter_id, self.register_no)

    @cached_property
    def rank(self) -> Ints:
        """Of each row, the register's place among all, from 0."""
        return self._starts.cumsum() - 1

    @cached_property
    def _starts(self) -> Bools:
        """Of each row, whether it is its register's first."""
        found = np.ones(len(self), dtype=np.bool_)
        found[1:] = self.key[1:] != self.key[:-1]
        return found

    @cached_property
    def registers(self) -> Ints:
        """The keys of all registers, sorted."""
        return self.key[self._starts]

    def ranks(self, account_id: Ints, meter_id: Ints, register_no: Ints) -> Ints:
        """The places of these registers; -1 of a register that is not at hand."""
        wanted = register_key(account_id, meter_id, register_no)
        at, there = places(self.registers, wanted)
        ranks: Ints = np.where(there, at, -1)
        return ranks

    # -- days

    @cached_property
    def _from_code(self) -> Ints:
        return coded(self.rank, self.from_day)

    def row_at(self, rank: Ints, day: Ints) -> Ints:
        """The row of a register in which a reading of the day lies; -1: none.

        On the day on which one row ends and the next begins it is the one that ends.
        """
        before = search(self._from_code, coded(rank, day)) - 1
        ends_later = self._covers(before, rank, day)
        starts = np.where(before + 1 < len(self), before + 1, -1)
        found = np.where(self._covers(starts, rank, day), starts, -1)
        rows: Ints = np.where(ends_later, before, found).astype(np.int64)
        return rows

    def _covers(self, row: Ints, rank: Ints, day: Ints) -> Bools:
        same = (row >= 0) & (rank >= 0) & (gather(self.rank, row, -1) == rank)
        inside = (gather(self.from_day, row) <= day) & (day <= gather(self.until_day, row))
        found: Bools = same & inside
        return found

    @cached_property
    def run_from(self) -> Ints:
        """Of each row, the day since which the register has been at work there without a gap."""
        return self.from_day[self._run_heads]

    @cached_property
    def run_until(self) -> Ints:
        """Of each row, the day until which the register is at work there without a gap."""
        heads = np.unique(self._run_heads)
        lasts = np.append(heads[1:], len(self)) - 1
        return np.repeat(self.until_day[lasts], lasts - heads + 1)

    @cached_property
    def _run_heads(self) -> Ints:
        """Of each row, the first row of its run."""
        goes_on = ~self._starts
        goes_on[1:] &= self.from_day[1:] == self.until_day[:-1]
        rows: Ints = np.where(goes_on, 0, np.arange(len(self)))
        return np.maximum.accumulate(rows) if len(rows) else rows

    # -- history beyond an exchange

    @cached_property
    def series(self) -> Ints:
        """Of each row, the row at which its history begins, through exchanges and changes.

        A row goes on where a row of the same agreement and quantity ends on the day on which it
        begins. Where several meters change on one day, they follow in the order of their ids.
        """
        heads = np.arange(len(self))
        for row, before in self._successions():
            heads[row] = heads[before]
        return heads

    def _successions(self) -> list[tuple[int, int]]:
        """(row, the row that it continues), earlier ones first."""
        place = agreement_key(self.account_id, self.agreement_no) << QUANTITY_BITS
        place = place | self.quantity_no
        concerned = np.flatnonzero(np.isin(place, place[self.until_day < DAY_LAST]))
        place, key = place[concerned], self.key[concerned]
        began = _numbered(place, self.from_day[concerned], key)
        ended = _numbered(place, self.until_day[concerned], key)
        both = np.concatenate([began, ended])
        codes = np.unique(both, axis=0, return_inverse=True)[1].reshape(2, -1)
        starts, ends = codes
        order = np.argsort(ends)
        at = np.searchsorted(ends[order], starts)
        before = gather(order, np.where(at < len(order), at, -1), -1)
        follows = np.flatnonzero((before >= 0) & (gather(ends, before, -1) == starts))
        rows, earlier = concerned[follows], concerned[before[follows]]
        by_day = np.argsort(self.from_day[rows], kind="stable")
        return list(zip(rows[by_day].tolist(), earlier[by_day].tolist(), strict=True))


def _numbered(place: Ints, day: Ints, key: Ints) -> Ints:
    """(place, day, which of those by key), row by row."""
    order = np.lexsort((key, day, place))
    sorted_place, sorted_day = place[order], day[order]
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = (sorted_place[1:] != sorted_place[:-1]) | (sorted_day[1:] != sorted_day[:-1])
    rows = np.arange(len(order))
    heads = np.maximum.accumulate(np.where(fresh, rows, 0)) if len(rows) else rows
    nth = np.empty(len(order), dtype=np.int64)
    nth[order] = rows - heads
    return np.stack([place, day, nth], axis=1)


def installations_of(columns: Mapping[str, Column]) -> Installations:
    """The rows of a table with the columns of `installation`, in any order."""
    ints = {name: np.asarray(columns[name], dtype=np.int64) for name in COLUMNS}
    number, words = _numbers(columns["quantity"])
    key = register_key(ints["account_id"], ints["meter_id"], ints["register_no"])
    order = np.lexsort((ints["from_day"], key))
    sorted_ints = {name: ints[name][order] for name in COLUMNS}
    return Installations(**sorted_ints, quantity_no=number[order], quantities=words)


def _numbers(texts: Any) -> tuple[Ints, tuple[str, ...]]:
    """Texts by their place in a sorted list of them."""
    encoded = pa.array(texts, pa.string()).dictionary_encode()
    words = encoded.dictionary.to_pylist()
    order = sorted(range(len(words)), key=words.__getitem__)
    place = np.zeros(len(words), dtype=np.int64)
    place[order] = np.arange(len(words))
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return place[codes] if len(words) else codes, tuple(words[n] for n in order)
