"""Why a credit went where it went, as data: every step with its reason, amount and rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from billcore.core.accounts.allocation import OLDEST_FIRST, Strategy
from billcore.core.errors import ColumnInvalid
from billcore.core.ledger.allocation.documents import Direction, Documents, Kind
from billcore.core.ledger.allocation.kernel import fold
from billcore.core.rating.batch import Ints


class Cause(StrEnum):
    """What made a credit pay just then."""

    AT_ONCE = "at_once"  # it came, and the item was open
    NEW_ITEM = "new_item"  # it was free when the item came
    UNDONE = "undone"  # another row was undone: the item opened again, or the credit was freed


@dataclass(frozen=True, slots=True)
class Step:
    """A credit pays a part of an item; amounts in minor units.

    at: the row at which it did, with its cause. reason: what it was directed to, or NOWHERE: it is
    the item's turn by the strategy. item: row; item_id, due_day, order, period: that row's columns;
    part: of the item, from 0; service, penalty: of the part; rank: the service's place in the table
    of a priority table, or None. open_before: of the part. divided_over: the sum of all that the
    credit was divided over with this part, 0 if it was not divided. rest: of the credit, after.
    undone_at: the row that took the step back, or None. service_name: "" of what has no service.
    """

    at: int
    cause: Cause
    reason: Direction
    item: int
    item_id: int
    due_day: int
    order: int
    period: int
    part: int
    service: int
    penalty: bool
    rank: int | None
    open_before: int
    divided_over: int
    amount: int
    rest: int
    undone_at: int | None
    service_name: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A credit: its row, strategy, direction, steps in order, and what of it is free at the end.

    service: the name of the one that it is directed to, "": to none.
    """

    row: int
    amount: int
    strategy: Strategy
    direction: Direction
    target: int
    steps: tuple[Step, ...]
    free: int
    undone: bool
    service: str = ""


def explain(
    documents: Documents, row: int, strategies: Sequence[Strategy] = (OLDEST_FIRST,)
) -> Explained:
    """The steps of the credit at a row, counted from 0; one account's documents are enough.

    Raises ColumnInvalid as `fold` does, and if the row is no credit.
    """
    if not 0 <= row < len(documents) or documents.kind[row] != Kind.CREDIT:
        raise ColumnInvalid("kind", "no credit stands there.", rule="credit", row=row)
    folded = fold(documents, strategies)
    by = strategies[_at(documents.strategy, row)]
    direction, target = Direction(_at(documents.direction, row)), _at(documents.target, row)
    return Explained(
        row=row,
        amount=int(documents.amount[row]),
        strategy=by,
        direction=direction,
        target=target,
        steps=tuple(_steps(documents, folded.steps, row, _table(by, strategies))),
        free=int(folded.open[row]),
        undone=bool(folded.undone[row]),
        service=documents.service_name(target) if direction is Direction.SERVICE else "",
    )


def _steps(
    documents: Documents, every: npt.NDArray[np.void], row: int, table: Sequence[str]
) -> Iterator[Step]:
    for place in np.flatnonzero(every["credit"] == row).tolist():
        step, before = every[place], every[:place]
        live = before[(before["undone"] < 0) | (before["undone"] > step["at"])]
        mine = live[live["credit"] == row]
        on_part = live[(live["item"] == step["item"]) & (live["part"] == step["part"])]
        spent = int(mine["amount"].sum()) + int(step["amount"])
        yield _step(
            documents,
            step,
            paid_before=int(on_part["amount"].sum()),
            rest=int(documents.amount[row]) - spent,
            table=table,
        )


def _step(
    documents: Documents, step: np.void, paid_before: int, rest: int, table: Sequence[str]
) -> Step:
    item, part, undone = int(step["item"]), int(step["part"]), int(step["undone"])
    parts = documents.parts
    place = item if parts is None else int(parts.begin[item]) + part
    of = documents if parts is None else parts
    service = _at(of.service, place)
    name = documents.service_name(service)
    return Step(
        at=int(step["at"]),
        cause=_cause(documents, step),
        reason=Direction(int(step["reason"])),
        item=item,
        item_id=_at(documents.id, item),
        due_day=int(documents.day[item]),
        order=_at(documents.order, item),
        period=_at(documents.period, item),
        part=part,
        service=service,
        penalty=bool(_at(of.penalty, place)),
        rank=table.index(name) if name in table else None,
        open_before=int(of.amount[place]) - paid_before,
        divided_over=int(step["base"]),
        amount=int(step["amount"]),
        rest=rest,
        undone_at=None if undone < 0 else undone,
        service_name=name,
    )


def _cause(documents: Documents, step: np.void) -> Cause:
    if step["at"] == step["credit"]:
        return Cause.AT_ONCE
    return Cause.NEW_ITEM if documents.kind[step["at"]] == Kind.DEBIT else Cause.UNDONE


def _table(by: Strategy, strategies: Sequence[Strategy]) -> Sequence[str]:
    """The services that the strategy pays first: its own, or those of its rest."""
    return next((one.services for one in strategies if one.name == by.rest), by.services)


def _at(column: Ints | None, row: int) -> int:
    return 0 if column is None else int(column[row])
