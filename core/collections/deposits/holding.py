"""What is held of deposits, since when, and what that bears: read and computed, nothing is kept."""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from billcore.core.accounts.late_fees import LateFeeRule
from billcore.core.billing.items import FoldedItems, folded_items
from billcore.core.calendar import Calendar
from billcore.core.collections.deposits.errors import DepositUnknown
from billcore.core.collections.late_fees.fees import Explained, explained, fees
from billcore.core.collections.late_fees.rates import Series
from billcore.core.collections.late_fees.slices import Slices
from billcore.core.ids import provider_of
from billcore.core.ledger.balances import NOW
from billcore.core.ledger.folding import Rows
from billcore.core.ledger.kinds import EntryKind
from billcore.core.rating.batch import Bools
from billcore.core.store import deposits as rows
from billcore.core.store.deposits import DepositRow, MoveRow
from billcore.core.store.port import Reader


class MoveKind(IntEnum):
    """What became of money; the numbers are kept and travel."""

    SET_OFF = 1
    REFUNDED = 2
    INTEREST = 3
    CANCELLED = 4


OUTS = (MoveKind.SET_OFF, MoveKind.REFUNDED)
"""The moves by which money goes."""


class Paid(NamedTuple):
    """So much was paid on a day, by the payer's day."""

    day: int
    amount: int


class Deposit(NamedTuple):
    """A deposit with what was paid of it, by day, and what became of it."""

    row: DepositRow
    paid: tuple[Paid, ...]
    moves: tuple[MoveRow, ...]

    @property
    def cancelled(self) -> bool:
        """Whether it is not asked for any more."""
        return any(one.kind == MoveKind.CANCELLED for one in self.moves)

    @property
    def out(self) -> int:
        """What was set off or refunded."""
        return sum(one.amount for one in self.outs)

    @property
    def outs(self) -> tuple[MoveRow, ...]:
        """The moves by which money went."""
        return tuple(one for one in self.moves if one.kind in OUTS)

    @property
    def held(self) -> int:
        """What is held, in minor units; below 0: a payment was taken back behind a refund."""
        return sum(one.amount for one in self.paid) - self.out

    @property
    def interest(self) -> int:
        """What was credited for it."""
        return sum(one.amount for one in self.moves if one.kind == MoveKind.INTEREST)


def deposits_of(reader: Reader, account_id: int, known_at: int = NOW) -> list[Deposit]:
    """The deposits of an account, as known at a time."""
    every = rows.deposits(reader, account_id, account_id)
    if not every:
        return []
    accounts = np.array([account_id])
    folded = folded_items(reader, provider_of(account_id), accounts, known_at=known_at)
    moves = rows.moves(reader, account_id, account_id)
    return [
        Deposit(
            one,
            _paid(folded, one.account_entry_id),
            tuple(m for m in moves if m.deposit_no == one.deposit_no and m.recorded_at <= known_at),
        )
        for one in every
    ]


def deposit_of(reader: Reader, account_id: int, deposit_no: int, known_at: int = NOW) -> Deposit:
    """A deposit. Raises DepositUnknown."""
    for one in deposits_of(reader, account_id, known_at):
        if one.row.deposit_no == deposit_no:
            return one
    raise DepositUnknown(account_id, deposit_no)


def bears(
    of: Deposit, rule: LateFeeRule, series: Series, calendar: Calendar, until_day: int
) -> Explained:
    """What a deposit bears up to the end of a day, exactly and rounded, with its lines: from the
    day after the money came to the day on which it went, what came first goes first.

    Raises ReferenceRateMissing.
    """
    slices = _slices(of.paid, [(one.day, one.amount) for one in of.outs], until_day)
    if not len(slices):
        return Explained.nothing()
    return explained(rule, slices, (), series, calendar)


def amount_of(
    of: Deposit, rule: LateFeeRule, series: Series, calendar: Calendar, until_day: int
) -> int:
    """The same, the amount alone, in minor units."""
    slices = _slices(of.paid, [(one.day, one.amount) for one in of.outs], until_day)
    if not len(slices):
        return 0
    return int(fees(rule, slices, {}, series, calendar).amount.sum())


def _is_money(rows: Rows) -> Bools:
    """Which documents, of those that are credits, are not a plan, a write-off or money that is
    still on its way: these settle an item, and nobody holds anything."""
    none = [EntryKind.INSTALMENT, EntryKind.WRITE_OFF, EntryKind.PROVISIONAL]
    found: Bools = (rows.is_entry == 0) | ~np.isin(rows.kind, none)
    return found


def _paid(folded: FoldedItems, entry_id: int) -> tuple[Paid, ...]:
    found = folded.found
    item = np.flatnonzero((folded.rows.document_id == entry_id) & (folded.rows.is_entry == 1))
    steps = np.flatnonzero(np.isin(found.item, item) & ~found.undone[found.item])
    steps = steps[_is_money(folded.rows)[found.credit[steps]]]
    by_day: dict[int, int] = {}
    for day, amount in zip(
        folded.documents.day[found.credit[steps]].tolist(),
        found.amount[steps].tolist(),
        strict=True,
    ):
        by_day[day] = by_day.get(day, 0) + amount
    return tuple(Paid(day, amount) for day, amount in sorted(by_day.items()))


def _slices(paid: Sequence[Paid], outs: Sequence[tuple[int, int]], until_day: int) -> Slices:
    """Money that was held for days: what came first goes first."""
    left, found = [[day, amount] for day, amount in paid], []
    for out_day, out in [*sorted(outs), (until_day, sum(one.amount for one in paid))]:
        for part in left:
            used = min(part[1], out)
            out, part[1] = out - used, part[1] - used
            end = min(out_day, until_day)
            if used and end > part[0]:
                found.append((used, part[0], end))
    debt, first, last = np.array(found, dtype=np.int64).reshape(-1, 3).T
    zeros = np.zeros(len(found), dtype=np.int64)
    return Slices(zeros, debt.copy(), first.copy(), last.copy(), zeros.astype(np.bool_))
