"""How far plans are: what of each instalment is open, off the allocation's fold."""

from typing import NamedTuple

from billcore.core.billing.items import account_items
from billcore.core.collections.instalments import plans
from billcore.core.collections.instalments.states import PlanState
from billcore.core.store import instalments as rows
from billcore.core.store.instalments import InstalmentRow, ItemRow, PlanRow, StepRow
from billcore.core.store.port import Reader


class Part(NamedTuple):
    """An instalment; open: minor units of it that are not paid. account_entry_id: 0: the plan was
    never approved."""

    row: InstalmentRow
    open: int
    account_entry_id: int


class Plan(NamedTuple):
    """A plan with all that is known of it."""

    row: PlanRow
    items: tuple[ItemRow, ...]
    parts: tuple[Part, ...]
    steps: tuple[StepRow, ...]

    @property
    def open(self) -> int:
        """What of it is to be paid."""
        return sum(part.open for part in self.parts)

    def late_since(self) -> int:
        """The due day of the first instalment that is not paid; 0: all are."""
        return next((part.row.due_day for part in self.parts if part.open), 0)


def plan_of(reader: Reader, row: PlanRow) -> Plan:
    """A plan. What is open of one that is neither active nor paid is not asked for: it is 0."""
    key = row.account_id, row.plan_no
    ids = {one.instalment_no: one.account_entry_id for one in plans.posted(reader, row)}
    still: dict[int, int] = {}
    if row.state in (PlanState.ACTIVE, PlanState.COMPLETED):
        every = account_items(reader, row.account_id).open()
        still = {one.document.id: one.open for one in every}
    parts = tuple(
        Part(part, still.get(ids.get(part.instalment_no, 0), 0), ids.get(part.instalment_no, 0))
        for part in rows.instalments(reader, *key)
    )
    return Plan(row, tuple(rows.items(reader, *key)), parts, tuple(rows.steps(reader, *key)))


def plans_of(reader: Reader, account_id: int) -> list[Plan]:
    """The plans of an account, in order."""
    return [plan_of(reader, row) for row in rows.plans(reader, account_id, account_id)]
