"""Visits moved by what records tell: one row an account of an assignment."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from billcore.core.accounts.acting import Write
from billcore.core.collections.field.contents import Notice, Receipt, Visit, Void
from billcore.core.collections.field.records import Record
from billcore.core.collections.field.shift import Flag
from billcore.core.collections.field.taken import Taken
from billcore.core.collections.field.visits import OF_STEP, VisitState, moved, paid, unpaid
from billcore.core.payments.intake.place import Place
from billcore.core.store import field_records as record_rows
from billcore.core.store import field_routes as rows
from billcore.core.store.field_routes import VisitRow

Key = tuple[int, int]
"""(assignment_no, account_id)."""


@dataclass(slots=True)
class Visits:
    """The visits that records of one call are about."""

    write: Write
    provider_id: int
    device_no: int
    known: dict[Key, VisitRow]
    receipts: dict[int, Key]
    changed: set[Key] = field(default_factory=set)

    @classmethod
    def of(cls, write: Write, place: Place, device_no: int, taken: Iterable[Taken]) -> "Visits":
        """The visits of the collector that these records are about, as they are kept."""
        found = cls(write, place.provider_id, device_no, {}, {})
        voided = [told.number for one in taken if isinstance(told := one.record.content, Void)]
        owners = {one.account_id for one in taken}
        for number, kept in record_rows.receipts(write.session, place.provider_id, voided).items():
            found.receipts[number] = kept.assignment_no, kept.account_id
            owners.add(kept.account_id)
        owners.discard(0)
        if not owners:
            return found
        account_id = np.array(sorted(owners), dtype=np.int64)
        standing: dict[int, bool] = {}
        for row in rows.of_accounts(write.session, place.provider_id, account_id):
            if row.assignment_no not in standing:
                key = place.provider_id, row.assignment_no
                assignment = rows.assignment(write.session, *key)
                own = place.channel.channel_no
                standing[row.assignment_no] = (
                    assignment is not None and assignment.channel_no == own
                )
            if standing[row.assignment_no]:
                found.known[row.assignment_no, row.account_id] = row
        return found

    def take(self, one: Taken) -> Flag:
        """Moves the visit of a record; what is remarkable about that."""
        told = one.record.content
        if isinstance(told, Void):
            return self._void(told, one)
        if not isinstance(told, Notice | Receipt | Visit):
            return Flag(0)
        key = told.assignment_no, one.account_id
        if isinstance(told, Receipt):
            self.receipts[told.number] = key
        row = self.known.get(key)
        if row is None:
            return Flag.OFF_ROUTE
        state = VisitState(row.state)
        if isinstance(told, Receipt):
            self._put(key, one.record, *paid(row.visits))
            return Flag(0)
        to = VisitState.NOTICE_PRINTED if isinstance(told, Notice) else OF_STEP[told.step]
        after = moved(state, row.visits, to)
        if after is None:
            return Flag.VISIT_UNFIT
        self._put(key, one.record, *after)
        if isinstance(told, Visit):
            values = {"appointment_at": told.appointment_at, "note": told.note}
            self.known[key] = self.known[key]._replace(**values)  # type: ignore[arg-type]
        return Flag(0)

    def disputed(self, one: Taken) -> None:
        """Names the case that a visit ended in."""
        told = one.record.content
        assert isinstance(told, Visit)
        key = told.assignment_no, one.account_id
        row = self.known.get(key)
        if row is not None and row.state == VisitState.DISPUTED and row.seq == one.record.seq:
            self.known[key] = row._replace(case_no=one.case_no)

    def keep(self) -> None:
        """Writes where the visits are now."""
        changed = [self.known[key] for key in sorted(self.changed)]
        rows.move(self.write.session, self.provider_id, changed)

    def _void(self, told: Void, one: Taken) -> Flag:
        key = self.receipts.get(told.number, (0, 0))
        row = self.known.get(key)
        if row is not None:
            self._put(key, one.record, unpaid(VisitState(row.state)), row.visits)
        return Flag(0)

    def _put(self, key: Key, told: Record, state: VisitState, visits: int) -> None:
        self.known[key] = self.known[key]._replace(
            state=int(state),
            visits=visits,
            device_no=self.device_no,
            seq=told.seq,
            changed_at=self.write.now,
        )
        self.changed.add(key)
