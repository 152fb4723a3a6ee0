"""A correction undone, by another correction.

What had been cancelled stands again, by a bill that repeats it; what had been put in its place is
taken back. It can be undone while nothing that was issued since goes on from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.acting import Write
from billcore.core.billing.corrections import estimates
from billcore.core.billing.corrections.chain import documents, whole
from billcore.core.billing.corrections.credits import repeating, taking_back
from billcore.core.billing.corrections.errors import CorrectionUnknown, UndoRefused
from billcore.core.billing.corrections.exchange import Exchange, Exchanged, together
from billcore.core.billing.corrections.issuing import Correction, corrected
from billcore.core.billing.corrections.judging import Account
from billcore.core.billing.corrections.rerating import Change
from billcore.core.billing.corrections.undoable import Step, check_days, undoable
from billcore.core.billing.corrections.wanted import Wanted, check, check_not_before
from billcore.core.ids import MONTH_AT, MONTH_MAX, id_range, kind_of_bill
from billcore.core.ledger.kinds import BillKind
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.store import corrections as rows
from billcore.core.store import references
from billcore.core.store.corrections import BillCorrection
from billcore.core.store.port import Reader, Session
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
    steps = undoable(session, every, undone, found)
    check_not_before(wanted, [every[step.account_id][step.taken].issued_day for step in steps])
    check_days(session, provider_id, undone, steps)
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


# -- done


def _exchange(reader: Reader, steps: Sequence[Step]) -> Exchange:
    by_note = np.array([step.by_note for step in steps], dtype=np.bool_)
    taken = np.array([step.taken for step in steps], dtype=np.int64)
    again = np.array([step.again for step in steps], dtype=np.int64)
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


def _refer(session: Session, steps: Sequence[Step], done: Exchanged) -> None:
    """What stood for something says so again."""
    columns = done.credit_id.tolist(), done.rebill_id.tolist()
    for step, credit, instead in zip(steps, *columns, strict=True):
        if step.again and kind_of_bill(step.again) == BillKind.ONE_OFF:
            references.copy(session, step.account_id, step.again, instead or credit)


def _told(
    every: Mapping[int, Account], steps: Sequence[Step], what: Exchange, done: Exchanged
) -> Iterator[Change]:
    after = np.zeros(len(steps), dtype=np.int64)
    after[what.at] = what.instead.total
    columns = done.credit_id.tolist(), done.rebill_id.tolist(), after.tolist()
    for step, credit, instead, total in zip(steps, *columns, strict=True):
        one = every[step.account_id][step.taken]
        yield Change(one.bill_id, credit, instead, one.previous_day, one.this_day, one.total, total)
