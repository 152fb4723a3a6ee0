"""A correction undone, by another correction.

What had been cancelled stands again, by a bill that repeats it; what had been put in its place is
taken back. It can be undone while nothing that was issued since goes on from it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.acting import Write
from billcore.core.accounts.checks import ints, taken
from billcore.core.billing.checks import unevenly_billed
from billcore.core.billing.corrections import estimates
from billcore.core.billing.corrections.chain import (
    RATED,
    Document,
    chained,
    count,
    documents,
    whole,
)
from billcore.core.billing.corrections.credits import (
    NUMBERS,
    ONE_OFFS,
    repeating,
    taking_back,
)
from billcore.core.billing.corrections.errors import CorrectionUnknown, UndoRefused
from billcore.core.billing.corrections.exchange import Exchange, Exchanged, together
from billcore.core.billing.corrections.issuing import Correction, corrected
from billcore.core.billing.corrections.judging import Account, exhausted
from billcore.core.billing.corrections.rerating import Change
from billcore.core.billing.corrections.wanted import Wanted, check, check_not_before
from billcore.core.ids import MONTH_AT, MONTH_MAX, id_range, kind_of_bill
from billcore.core.ledger.kinds import BillKind
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.rating.batch import Ints
from billcore.core.store import corrections as rows
from billcore.core.store import references
from billcore.core.store.columns import stacked
from billcore.core.store.corrections import BillCorrection
from billcore.core.store.port import Kind, Reader, Session
from billcore.core.store.providers import Provider

DOCUMENTS_MAX = 10_000
"""A correction of more bills is not undone by one call."""

RUN = "run/"
"""What the sources of runs begin with."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a correction did. estimates: how many readings were put back."""

    correction_id: int
    changes: tuple[Change, ...]
    estimates: int


@dataclass(frozen=True, slots=True)
class _Step:
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


def _step(row: BillCorrection) -> _Step:
    if kind_of_bill(row.bill_id) == BillKind.CREDIT:  # it made a bill stand again
        return _Step(row.account_id, row.credit_id, row.credit_id, 0)
    return _Step(row.account_id, row.bill_id, row.rebill_id or row.credit_id, row.bill_id)


def undo(write: Write, provider: Provider, correction_id: int, wanted: Wanted) -> Undone:
    """Undoes a correction. Raises FieldRefused, CorrectionUnknown, UndoRefused,
    BillUncorrectable."""
    policies = check(provider, wanted)
    session, provider_id = write.session, provider.provider_id
    undone = rows.find(session, provider_id, correction_id)
    if undone is None:
        raise CorrectionUnknown(correction_id)
    found = _rows(session, provider_id, undone)
    accounts = np.unique(np.array([row.account_id for row in found]))
    now = turn_to_correct(session, provider_id, accounts, write.now)
    if other := rows.undone_by(session, provider_id, correction_id):
        raise UndoRefused(correction_id, "UNDONE", f"correction {other} undoes it already.", other)
    every = documents(session, provider_id, accounts)
    steps = _steps(every, found)
    for account, mine in _by_account(steps).items():
        _check_account(undone, every[account], mine)
        check_not_before(wanted, [every[account][step.taken].issued_day for step in mine])
    _check_days(session, provider_id, undone, accounts, steps)
    correction = Correction(write, provider, policies, wanted, now, undone.correction_id)
    what = _exchange(session, steps)
    subject = f"correction {correction_id}"
    done = corrected(correction, what, "correction.undone", subject, {"undoes": correction_id})
    _refer(session, steps, done)
    back = 0
    if len(accounts) == 1:
        (account,) = accounts.tolist()
        first = min(every[account][step.place].previous_day for step in steps)
        back = estimates.take_back(correction, account, first, undone.recorded_at)
    return Undone(correction.correction_id, tuple(_told(every, steps, what, done)), back)


def _rows(reader: Reader, provider_id: int, undone: rows.Correction) -> list[BillCorrection]:
    number = undone.correction_id
    if undone.source.startswith(RUN):
        why = "it is a reversed run: bill the accounts by another run."
        raise UndoRefused(number, "OF_RUN", why)
    found = rows.of_correction(reader, id_range(provider_id), number, DOCUMENTS_MAX + 1)
    if len(found) > DOCUMENTS_MAX:
        why = f"it is of more than {DOCUMENTS_MAX} bills."
        raise UndoRefused(number, "TOO_LARGE", why)
    return found


def _steps(every: Mapping[int, Account], found: Sequence[BillCorrection]) -> list[_Step]:
    """The rows by account, and in the order of the chain."""
    steps = map(_step, found)
    return sorted(
        steps, key=lambda step: (step.account_id, every[step.account_id][step.place].place)
    )


def _by_account(steps: Sequence[_Step]) -> dict[int, list[_Step]]:
    found: dict[int, list[_Step]] = {}
    for step in steps:
        found.setdefault(step.account_id, []).append(step)
    return found


# -- whether it can be


def _check_account(undone: rows.Correction, every: Account, steps: Sequence[_Step]) -> None:
    """Raises UndoRefused where something was issued since that goes on from what is undone."""
    taken = {step.taken for step in steps}
    others = [one for one in chained(every) if one.bill_id not in taken]
    for step in steps:
        if not every[step.taken].stands:
            raise _later(undone, every[step.taken], "is taken back itself")
        place = every[step.place].place
        before = [one for one in others if one.place < place][-1:]
        after = [one for one in others if one.place > place][:1]
        for one in (*before, *after):
            if one.recorded_at > undone.recorded_at:
                raise _later(undone, one, "was issued since and goes with it")
    _check_numbers(every, steps)


def _later(undone: rows.Correction, one: Document, what: str) -> UndoRefused:
    why = f"bill {one.bill_id} {what}: cancel or undo that first."
    return UndoRefused(undone.correction_id, "LATER_DOCUMENT", why, one.bill_id)


def _check_numbers(every: Account, steps: Sequence[_Step]) -> None:
    """Raises BillUncorrectable where a month has no numbers left."""
    for place, step in enumerate(steps):
        one = every[step.taken]
        same = sum(every[other.taken].month == one.month for other in steps[:place])
        for kind, most in _numbers(step):
            if count(every, one.month, kind) + same >= most:
                raise exhausted(one, most)


def _numbers(step: _Step) -> Iterator[tuple[BillKind, int]]:
    """How many documents of a kind a month may have, where a step may need another."""
    yield BillKind.CREDIT, NUMBERS
    yield BillKind.CORRECTION, NUMBERS
    if step.again and kind_of_bill(step.again) == BillKind.ONE_OFF:
        yield BillKind.ONE_OFF, ONE_OFFS


def _check_days(
    reader: Reader,
    provider_id: int,
    undone: rows.Correction,
    accounts: Ints,
    steps: Sequence[_Step],
) -> None:
    """Raises UndoRefused unless every day would be billed once."""
    again = whole(reader, _ids(step.again for step in steps if step.again))
    standing = rows.standing(reader, provider_id, accounts)
    kept = ~np.isin(ints(standing["bill_id"]), _ids(step.taken for step in steps))
    kinds = {"account_id": Kind.INT, "bill_id": Kind.INT, "inputs": Kind.BYTES}
    rated = np.isin(ints(again["kind"]), RATED)
    parts = (taken(standing, np.flatnonzero(kept)), taken(again, np.flatnonzero(rated)))
    table = {name: stacked([part[name] for part in parts], kind) for name, kind in kinds.items()}
    for finding in unevenly_billed(table):
        raise UndoRefused(undone.correction_id, "DAYS", f"then {finding['message']}")


def _ids(found: Iterable[int]) -> Ints:
    return np.array(list(found), dtype=np.int64)


# -- done


def _exchange(reader: Reader, steps: Sequence[_Step]) -> Exchange:
    by_note = np.array([step.by_note for step in steps], dtype=np.bool_)
    taken = _ids(step.taken for step in steps)
    again = _ids(step.again for step in steps)
    instead = np.flatnonzero(by_note & (again > 0))
    notes = taking_back(whole(reader, taken[by_note]))
    repeated = repeating(whole(reader, again[~by_note]))
    by = together([(np.flatnonzero(by_note), notes), (np.flatnonzero(~by_note), repeated)])
    return Exchange(
        taken,
        taken >> MONTH_AT & MONTH_MAX,
        by,
        repeating(whole(reader, again[instead])),
        instead,
    )


def _refer(session: Session, steps: Sequence[_Step], done: Exchanged) -> None:
    """What stood for something says so again."""
    for step, bill_id in zip(steps, done.credit_id.tolist(), strict=True):
        if step.again and kind_of_bill(step.again) == BillKind.ONE_OFF:
            references.copy(session, step.account_id, step.again, bill_id)


def _told(
    every: Mapping[int, Account], steps: Sequence[_Step], what: Exchange, done: Exchanged
) -> Iterator[Change]:
    after = np.zeros(len(steps), dtype=np.int64)
    after[what.at] = what.instead.total
    columns = done.credit_id.tolist(), done.rebill_id.tolist(), after.tolist()
    for step, credit, instead, total in zip(steps, *columns, strict=True):
        one = every[step.account_id][step.taken]
        yield Change(one.bill_id, credit, instead, one.previous_day, one.this_day, one.total, total)
