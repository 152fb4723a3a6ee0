"""Whether a correction can be undone: nothing that was issued since goes on from what it did.

What it put in the place of bills must stand, or what stands there must say the same; and so must
the bills before and behind it. Corrections that were undone again are no obstacle: they left
everything saying what it said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import ints
from billcore.core.billing.checks import unevenly_billed
from billcore.core.billing.corrections.chain import RATED, Document, chained, count, whole
from billcore.core.billing.corrections.credits import NUMBERS, ONE_OFFS
from billcore.core.billing.corrections.errors import UndoRefused
from billcore.core.billing.corrections.judging import Account, exhausted
from billcore.core.billing.fates import Fates
from billcore.core.ids import kind_of_bill
from billcore.core.ledger.kinds import BillKind
from billcore.core.store import corrections as rows
from billcore.core.store.columns import stacked, taken
from billcore.core.store.corrections import BillCorrection, Correction
from billcore.core.store.port import Kind, Reader


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of a row of a correction; ids, 0: none.

    place: the bill by which it has its place in the chain; taken: what is taken back; again: the
    bill that is repeated.
    """

    account_id: int
    place: int
    taken: int
    again: int

    @property
    def by_note(self) -> bool:
        """Whether a credit note takes back what is; else the repeated bill does."""
        return kind_of_bill(self.taken) != BillKind.CREDIT


def undoable(
    reader: Reader,
    every: Mapping[int, Account],
    undone: Correction,
    found: Sequence[BillCorrection],
) -> list[Step]:
    """The steps that undo these rows, by account and in the order of the chain.

    Raises UndoRefused, BillUncorrectable.
    """
    every_row = rows.of_accounts(reader, np.array([row.account_id for row in found]))
    mine: dict[int, list[BillCorrection]] = {}
    for row in found:
        mine.setdefault(row.account_id, []).append(row)
    steps = []
    for account, some in mine.items():
        one = _Account(reader, every[account], Fates(every_row[account]), undone)
        steps += one.steps(some)
    return steps


class _Account:
    """An account at which a correction is to be undone."""

    def __init__(self, reader: Reader, every: Account, fates: Fates, undone: Correction) -> None:
        self._reader, self._every, self._fates, self._undone = reader, every, fates, undone

    def steps(self, found: Sequence[BillCorrection]) -> list[Step]:
        """The steps, in the order of the chain."""
        steps = [self._step(row) for row in found]
        steps.sort(key=lambda step: self._every[step.place].place)
        self._check_neighbours(steps)
        self._check_numbers(steps)
        return steps

    def _step(self, row: BillCorrection) -> Step:
        if kind_of_bill(row.bill_id) == BillKind.CREDIT:  # it made a bill stand again
            return Step(row.account_id, row.credit_id, self._standing(row.credit_id), 0)
        instead = self._standing(row.rebill_id) if row.rebill_id else row.credit_id
        return Step(row.account_id, row.bill_id, instead, row.bill_id)

    def _standing(self, bill: int) -> int:
        """The bill, or what stands in its place and says the same."""
        found = bill if self._every[bill].stands else self._fates.of(bill).place_taken_by
        if not found or (found != bill and not self._same(found, bill)):
            raise self._later(self._every[found or bill])
        return found

    def _check_neighbours(self, steps: Sequence[Step]) -> None:
        """The bills before and behind say what they said when the correction was recorded."""
        gone = {step.taken for step in steps}
        others = [one for one in chained(self._every) if one.bill_id not in gone]
        for step in steps:
            if self._every[step.place].kind not in RATED:
                continue
            place = self._every[step.place].place
            before = [one for one in others if one.place < place][-1:]
            after = [one for one in others if one.place > place][:1]
            for one in (*before, *after):
                self._check_since(one)

    def _check_since(self, one: Document) -> None:
        if one.recorded_at < self._undone.recorded_at:
            return
        stood = self._stood(one.bill_id)
        if stood is None or not self._same(one.bill_id, stood):
            raise self._later(one)

    def _stood(self, bill: int) -> int | None:
        """What stood for the same as a bill when the correction was recorded."""
        for member in self._fates.family(bill):
            one, by = self._every[member], self._fates.of(member).cancelled_by
            known = one.kind in RATED and one.recorded_at < self._undone.recorded_at
            if known and not (by and self._every[by].recorded_at < self._undone.recorded_at):
                return member
        return None

    def _same(self, one: int, other: int) -> bool:
        """Whether two bills have the same lines and inputs, and hand on the same."""
        table = whole(self._reader, np.array([one, other]))
        pairs = (pa.array(table[name]).to_pylist() for name in ("lines", "inputs", "carried"))
        return all(mine == others for mine, others in pairs)

    def _later(self, one: Document) -> UndoRefused:
        why = f"bill {one.bill_id} was issued since: cancel it, or undo its correction, first."
        return UndoRefused(self._undone.correction_id, "LATER_DOCUMENT", why, one.bill_id)

    def _check_numbers(self, steps: Sequence[Step]) -> None:
        """Raises BillUncorrectable where a month has no numbers left."""
        for place, step in enumerate(steps):
            one = self._every[step.taken]
            same = sum(self._every[other.taken].month == one.month for other in steps[:place])
            for kind, most in _numbers(step):
                if count(self._every, one.month, kind) + same >= most:
                    raise exhausted(one, most)


def _numbers(step: Step) -> Iterator[tuple[BillKind, int]]:
    """How many documents of a kind a month may have, where a step may need another."""
    yield BillKind.CREDIT, NUMBERS
    yield BillKind.CORRECTION, NUMBERS
    if step.again and kind_of_bill(step.again) == BillKind.ONE_OFF:
        yield BillKind.ONE_OFF, ONE_OFFS


def check_days(reader: Reader, provider_id: int, undone: Correction, steps: Sequence[Step]) -> None:
    """Raises UndoRefused unless every day would be billed once."""
    accounts = np.array([step.account_id for step in steps])
    standing = rows.standing(reader, provider_id, accounts)
    gone = np.array([step.taken for step in steps])
    again = whole(reader, np.array([step.again for step in steps if step.again], dtype=np.int64))
    kinds = {"account_id": Kind.INT, "bill_id": Kind.INT, "inputs": Kind.BYTES}
    kept = np.flatnonzero(~np.isin(ints(standing["bill_id"]), gone))
    rated = np.flatnonzero(np.isin(ints(again["kind"]), RATED))
    parts = taken(standing, kept), taken(again, rated)
    table = {name: stacked([part[name] for part in parts], kind) for name, kind in kinds.items()}
    for finding in unevenly_billed(table):
        raise UndoRefused(undone.correction_id, "DAYS", f"then {finding['message']}")
