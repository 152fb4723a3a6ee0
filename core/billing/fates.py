"""What became of documents: which are taken back, by which, and what stands in their place."""

from collections.abc import Iterable
from dataclasses import dataclass

from billcore.core.ids import kind_of_bill
from billcore.core.ledger.kinds import BillKind
from billcore.core.store.corrections import BillCorrection


@dataclass(frozen=True, slots=True)
class Fate:
    """Ids of documents, 0: none.

    cancelled_by: what takes it back; place_taken_by: the bill that stands now in its place;
    takes_back: what it takes back; in_place_of: the bill in whose place it was issued.
    """

    cancelled_by: int = 0
    place_taken_by: int = 0
    takes_back: int = 0
    in_place_of: int = 0

    @property
    def stands(self) -> bool:
        """Whether nothing takes it back."""
        return not self.cancelled_by


STANDS = Fate()
"""Of a bill that was never corrected."""


class Fates:
    """The corrections of one account's documents."""

    def __init__(self, rows: Iterable[BillCorrection]) -> None:
        self.rows = tuple(rows)
        self._of = {row.bill_id: row for row in self.rows}
        self._by = {row.credit_id: row for row in self.rows}
        self._instead = {row.rebill_id: row for row in self.rows if row.rebill_id}

    def of(self, bill_id: int) -> Fate:
        """What became of a document."""
        row, by = self._of.get(bill_id), self._by.get(bill_id)
        return Fate(
            cancelled_by=row.credit_id if row else 0,
            place_taken_by=self._standing(row) if row else 0,
            takes_back=by.bill_id if by else 0,
            in_place_of=self.in_place_of(bill_id),
        )

    def in_place_of(self, bill_id: int) -> int:
        """The bill in whose place one was issued; 0: it is an original, or a credit note."""
        if row := self._instead.get(bill_id):
            return row.bill_id
        note = self._by.get(bill_id)
        if note is None or kind_of_bill(bill_id) == BillKind.CREDIT:
            return 0
        cancelled = self._by.get(note.bill_id)  # it stands again: its note is taken back
        return cancelled.bill_id if cancelled else 0

    def original(self, bill_id: int) -> int:
        """The bill that was issued first of all that stand for the same."""
        if kind_of_bill(bill_id) == BillKind.CREDIT and bill_id in self._by:
            bill_id = self._by[bill_id].bill_id
        while before := self.in_place_of(bill_id):
            bill_id = before
        return bill_id

    def family(self, bill_id: int) -> set[int]:
        """A bill's original and all that takes it back or stands for it, with their like."""
        found: set[int] = set()
        left = [self.original(bill_id)]
        while left:
            one = left.pop()
            if one in found:
                continue
            found.add(one)
            if row := self._of.get(one):
                left += [other for other in (row.credit_id, row.rebill_id) if other]
        return found

    def issued_by(self, bill_id: int) -> int:
        """The correction that issued a document, or 0."""
        row = self._by.get(bill_id) or self._instead.get(bill_id)
        return row.correction_id if row else 0

    def _standing(self, row: BillCorrection) -> int:
        """What stands in the place of a bill that is taken back; of a credit note nothing."""
        if kind_of_bill(row.bill_id) == BillKind.CREDIT:
            return 0
        found: BillCorrection | None = row
        while found is not None:
            instead = found.rebill_id
            if not instead:
                again = self._of.get(found.credit_id)
                instead = again.credit_id if again else 0
            if instead not in self._of:
                return instead
            found = self._of[instead]
        return 0
