"""The one door to the allocation kernel: documents and strategies in, allocations out.

Goals: check what the kernel does not, compile strategies to its numbers, tell its faults with row
and rule. Non-goals: rules; they are told in `billcore.core.ledger.allocation`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from billcore.core.accounts.allocation import OLDEST_FIRST, Over, Strategy, StrategyKind
from billcore.core.errors import ColumnInvalid
from billcore.core.ledger.allocation.documents import Direction, Documents, Kind
from billcore.core.rating.batch import Ints
from billcore.ext import allocation

STEP = np.dtype(allocation.STEP)
"""A step of a fold: rows of credit and item, part of the item, the row at which it was taken, the
row that took it back or -1, the reason (a Direction; NOWHERE: the strategy), amount, and the sum
that was divided with it, 0 where nothing was divided."""


@dataclass(frozen=True, slots=True)
class Allocations:
    """What stands after a fold, in the order in which it was allocated; minor units, positive.

    credit, item: row numbers; part: of the item, from 0; amount. One credit can pay one part in
    several rows, where money on another item was freed in between.
    open: (rows,) of a DEBIT what is owed, of a CREDIT what is free, 0 where undone and of an UNDO.
    part_open: (parts,), `open` itself where items have no parts. undone: (rows,).
    steps: every step as STEP, with those that were taken back.
    """

    credit: Ints
    item: Ints
    part: Ints
    amount: Ints
    open: Ints
    part_open: Ints
    undone: npt.NDArray[np.bool_]
    steps: npt.NDArray[np.void]


def fold(documents: Documents, strategies: Sequence[Strategy] = (OLDEST_FIRST,)) -> Allocations:
    """Allocates the credits of each account to its items.

    strategies: by number. Raises ColumnInvalid with column, row and rule: of amounts, when an
    account's items or credits sum to more than 2**63 - 1; BatchTooLarge.
    """
    starts = documents.starts()
    plans, services = _compiled(strategies, documents.services)
    columns = {name: documents.column(name) for name in _COLUMNS}
    columns |= {f"part_{name}": column for name, column in documents.part_columns()}
    left, undone = np.zeros(len(documents), np.int64), np.zeros(len(documents), np.uint8)
    part_open = left if documents.parts is None else np.zeros(len(documents.parts.amount), np.int64)
    fault, row, steps = allocation.fold(
        starts,
        **columns,
        month_key=_month_key(documents, strategies),
        plans=plans,
        services=services,
        open=left,
        part_open=part_open,
        undone=undone,
    )
    if fault != allocation.FINE:
        raise _error(fault, row, documents)
    every = np.frombuffer(memoryview(steps), STEP)
    standing = every[every["undone"] < 0] if undone.any() else every
    return Allocations(
        credit=standing["credit"],
        item=standing["item"],
        part=standing["part"],
        amount=standing["amount"],
        open=left,
        part_open=part_open,
        undone=undone.view(np.bool_),
        steps=every,
    )


_COLUMNS = (
    "kind", "amount", "day", "id", "order", "period", "service", "penalty", "strategy",
    "direction", "target",
)  # fmt: skip


# -- strategies


NO_SERVICE = -1


class _Plan(NamedTuple):
    """A strategy as the kernel reads it, in its order of words."""

    order: int
    reference: int
    by_document: int
    limit_months: int
    services: int
    services_end: int


_ORDERS: Mapping[StrategyKind, int] = {
    StrategyKind.OLDEST_FIRST: allocation.OLDEST_FIRST,
    StrategyKind.CURRENT_FIRST: allocation.CURRENT_FIRST,
    StrategyKind.PRO_RATA: allocation.PRO_RATA,
    StrategyKind.PRIORITY_TABLE: allocation.PRIORITY_TABLE,
    StrategyKind.STATUTORY_RU: allocation.STATUTORY_RU,
}


def _compiled(strategies: Sequence[Strategy], names: Sequence[str]) -> tuple[Ints, Ints]:
    """The plans of the strategies and the services that their tables name, each end to end.

    names: of services by number; one that no part has is NO_SERVICE in a table.
    """
    named = {strategy.name: strategy for strategy in strategies}
    numbers = {name: number for number, name in enumerate(names)}
    plans, services = [], list[int]()
    for strategy in strategies:
        exact = strategy.kind is StrategyKind.EXACT_DOCUMENT
        own = named[strategy.rest] if exact else strategy
        begin = len(services)
        services += [numbers.get(name, NO_SERVICE) for name in own.services]
        plans.append(_plan(own, exact, begin, len(services)))
    return np.array(plans, np.int64).ravel(), np.array(services, np.int64)


def _plan(own: Strategy, exact: bool, begin: int, end: int) -> _Plan:
    statutory = own.kind is StrategyKind.STATUTORY_RU
    unless_exact = allocation.NAMES_PERIOD if statutory else allocation.IGNORED
    return _Plan(
        order=_ORDERS[own.kind],
        reference=allocation.NAMES_DOCUMENT if exact else unless_exact,
        by_document=own.over is Over.DOCUMENT,
        limit_months=own.limit_months,
        services=begin,
        services_end=end,
    )


def _month_key(documents: Documents, strategies: Sequence[Strategy]) -> Ints | None:
    """Days as 32 x Gregorian month + day of month, where a strategy counts months.

    An item of due day d is barred for a credit of day v when d's day of month, so many months
    later, lies before v; 32 a month compares that without knowing how long the months are.
    """
    if not any(strategy.limit_months for strategy in strategies):
        return None
    day = (documents.day - _EPOCH).astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    in_month: Ints = (day - month.astype("datetime64[D]")).astype(np.int64)
    return 32 * month.astype(np.int64) + in_month


_EPOCH = 719163
"""The ordinal of 1970-01-01."""


# -- faults

_FAULTS: Mapping[int, tuple[str, str, str]] = {
    allocation.KIND_UNKNOWN: (
        "kind", "kind", f"it is none of {', '.join(f'{k.value} ({k.name})' for k in Kind)}."),
    allocation.AMOUNT_NEGATIVE: (
        "amount", "negative", "an amount is not negative: the kind says what it does."),
    allocation.SUM_OVERFLOW: (
        "amount", "overflow", "with it the account's items, or its credits, sum to more than "
        "2**63 - 1 minor units."),
    allocation.PARTS_OUTSIDE: (
        "parts.begin", "range", "parts of rows follow each other inside the columns of parts, and "
        "only items have any."),
    allocation.PART_NEGATIVE: ("parts.amount", "negative", "the amount of a part is not negative."),
    allocation.PARTS_SUM: ("parts.amount", "sum", "the parts do not sum to the item's amount."),
    allocation.STRATEGY_UNKNOWN: ("strategy", "strategy", "no strategy has this number."),
    allocation.DIRECTION_UNKNOWN: (
        "direction", "direction",
        f"it is none of {', '.join(f'{d.value} ({d.name})' for d in Direction)}."),
    allocation.UNDO_OUTSIDE: (
        "target", "target", "only a row above of the same account can be undone."),
    allocation.UNDO_OF_UNDO: (
        "target", "undo", "the row is an UNDO itself: add the item or credit anew."),
    allocation.UNDO_TWICE: ("target", "twice", "the row is undone already."),
    allocation.UNDO_AMOUNT: ("amount", "undo", "an UNDO has the amount of what it undoes."),
}  # fmt: skip


def _error(fault: int, row: int, documents: Documents) -> Exception:
    if fault == allocation.NO_MEMORY:
        return MemoryError()
    column, rule, words = _FAULTS[fault]
    given = None if column.startswith("parts.") else documents.column(column)
    said = "" if given is None else f"{given[row]}: "
    return ColumnInvalid(column, said + words, rule=rule, row=row)
