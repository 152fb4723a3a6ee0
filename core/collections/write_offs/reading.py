"""Write-offs as they are kept: what each gives up, its steps, its entries."""

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

from billcore.core.collections.write_offs.errors import WriteOffUnknown
from billcore.core.ids import provider_of
from billcore.core.ledger.account_entries import entry_id_of
from billcore.core.store import write_offs as rows
from billcore.core.store.port import Reader
from billcore.core.store.write_offs import ItemRow, StepRow, WriteOffRow

SOURCE = "write-offs/"
"""What the sources of write-offs in the general ledger begin with."""


class StepKind(IntEnum):
    """What became of a write-off; the numbers are kept and travel."""

    PROPOSED = 1
    WRITTEN_OFF = 2
    REJECTED = 3
    UNDONE = 4
    RECOVERED = 5
    TAKEN_BACK = 6  # a recovery, the money of which is gone


FOLLOWING: Mapping[StepKind, tuple[StepKind, ...]] = {
    StepKind.PROPOSED: (StepKind.WRITTEN_OFF, StepKind.REJECTED),
    StepKind.WRITTEN_OFF: (StepKind.UNDONE, StepKind.RECOVERED),
    StepKind.RECOVERED: (StepKind.RECOVERED, StepKind.TAKEN_BACK),
    StepKind.TAKEN_BACK: (StepKind.RECOVERED, StepKind.TAKEN_BACK, StepKind.UNDONE),
    StepKind.REJECTED: (),
    StepKind.UNDONE: (),
}
"""Which steps follow which. What was recovered in part is not undone."""


class WriteOff(NamedTuple):
    """A write-off with what it gives up and what became of it."""

    row: WriteOffRow
    items: tuple[ItemRow, ...]
    steps: tuple[StepRow, ...]

    @property
    def state(self) -> StepKind:
        """Where it is."""
        return StepKind(self.steps[-1].kind)

    @property
    def recovered(self) -> int:
        """What came for it later and was not taken back, in minor units."""
        return sum(one.amount for one in self.recoveries)

    @property
    def recoveries(self) -> list[StepRow]:
        """The recoveries that stand, in order."""
        back = {one.account_entry_id for one in self.steps if one.kind == StepKind.TAKEN_BACK}
        every = (one for one in self.steps if one.kind == StepKind.RECOVERED)
        return [one for one in every if one.account_entry_id not in back]

    @property
    def lost(self) -> int:
        """What of it is given up still."""
        gone = self.state in (StepKind.WRITTEN_OFF, StepKind.RECOVERED, StepKind.TAKEN_BACK)
        return self.row.total - self.recovered if gone else 0

    @property
    def source(self) -> str:
        """What names its posting."""
        return f"{SOURCE}{self.row.account_id}/{self.row.write_off_no}"


def of_accounts(reader: Reader, first: int, last: int) -> list[WriteOff]:
    """The write-offs of accounts first..last."""
    steps: dict[tuple[int, int], list[StepRow]] = {}
    for one in rows.steps(reader, first, last):
        steps.setdefault((one.account_id, one.write_off_no), []).append(one)
    return [
        WriteOff(
            row,
            tuple(rows.items(reader, row.account_id, row.write_off_no)),
            tuple(steps.get((row.account_id, row.write_off_no), ())),
        )
        for row in rows.write_offs(reader, first, last)
    ]


def find(reader: Reader, account_id: int, write_off_no: int) -> WriteOff:
    """A write-off. Raises WriteOffUnknown."""
    for one in of_accounts(reader, account_id, account_id):
        if one.row.write_off_no == write_off_no:
            return one
    raise WriteOffUnknown(account_id, write_off_no)


def reference_of(item: ItemRow) -> str:
    """What the statement says of an item that is given up."""
    return f"written off: {'bill' if item.is_bill else 'entry'} {item.item_id}"


def entries_of(found: WriteOff) -> list[int]:
    """The account entries of a write-off that was posted, in the order of its items."""
    account_id = found.row.account_id
    owner = provider_of(account_id)
    return [entry_id_of(owner, found.source, account_id, reference_of(one)) for one in found.items]
