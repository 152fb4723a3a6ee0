"""Whether anything is to be done about what an account owes: pure.

An episode begins with the first level and is about what was overdue then. It ends when that is
paid, or settled otherwise; after a cut-off when nothing is overdue, nor written off since and not
paid. What fell due meanwhile begins an episode of its own, so nobody is cut off for a debt that
nobody reminded of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from billcore.core.collections.dunning.policy import DunningPolicy, Signal
from billcore.core.store.dunning import StateRow


class Verdict(IntEnum):
    """What is to be done, or why nothing is; the numbers travel."""

    ACT = 1
    END = 2
    NOTHING_OVERDUE = 3
    COVERED = 4
    NO_POLICY = 5
    PAUSED = 6
    LAST_LEVEL = 7
    NOT_LATE_ENOUGH = 8
    WAITING = 9
    BELOW_MINIMUM = 10
    WRONG_WEEKDAY = 11


class OverdueItem(NamedTuple):
    """A debt whose due day has passed; amounts in minor units. held: what of it is in dispute."""

    item_id: int
    due_day: int
    open: int
    held: int


@dataclass(frozen=True, slots=True)
class Owed:
    """What is overdue of an account: items by due day. free: credits that pay nothing yet;
    in_flight: what direct debits fetch and payers have announced; written_off: after the last
    action, and not recovered."""

    items: tuple[OverdueItem, ...] = ()
    free: int = 0
    in_flight: int = 0
    written_off: int = 0


class Asked(NamedTuple):
    """An item behind free credits: what of it is left, and what of that may be dunned."""

    item: OverdueItem
    left: int
    debt: int


@dataclass(frozen=True, slots=True)
class Debt:
    """overdue: in minor units, behind free credits; debt: what of it may be dunned, neither in
    dispute nor on its way. oldest, newest: due days of the debt, 0 where there is none."""

    overdue: int
    debt: int
    oldest: int
    newest: int
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """level: the next one, counted from 1, 0: the end. until: the day before which nothing is
    done, 0: no day says it."""

    verdict: Verdict
    level: int
    debt: Debt
    until: int = 0

    @property
    def acts(self) -> bool:
        """Whether something is to be done."""
        return self.verdict in (Verdict.ACT, Verdict.END)


def debt_of(owed: Owed) -> Debt:
    """What may be dunned: credits and money on its way pay the oldest debts first, what of an item
    is in dispute is paid last."""
    free, coming, asked = owed.free, owed.in_flight, []
    for item in owed.items:
        left = max(item.open - free, 0)
        free -= item.open - left
        debt = max(left - item.held, 0)
        covered = min(debt, coming)
        coming -= covered
        asked.append(Asked(item, left, debt - covered))
    days = [one.item.due_day for one in asked if one.debt]
    return Debt(
        overdue=sum(one.left for one in asked),
        debt=sum(one.debt for one in asked),
        oldest=days[0] if days else 0,
        newest=days[-1] if days else 0,
        asked=tuple(asked),
    )


def judge(
    policy: DunningPolicy | None,
    state: StateRow | None,
    owed: Owed,
    paused_until: int,
    today: int,
) -> Judgement:
    """What is to be done today. paused_until: the last day of a pause, 0: there is none."""
    debt, running = debt_of(owed), state if state and state.level else None
    if running and _is_over(policy, running, owed, debt.asked):
        return Judgement(Verdict.END, 0, debt)
    if not debt.debt:
        return Judgement(Verdict.COVERED if debt.overdue else Verdict.NOTHING_OVERDUE, 0, debt)
    if running and running.signal != Signal.CUT_OFF and debt.oldest > running.about_day:
        return Judgement(Verdict.COVERED, 0, debt)
    if policy is None:
        return Judgement(Verdict.NO_POLICY, 0, debt)
    level = running.level + 1 if running else 1
    if level > len(policy.levels):
        return Judgement(Verdict.LAST_LEVEL, 0, debt)
    if paused_until:
        return Judgement(Verdict.PAUSED, level, debt, paused_until + 1)
    step = policy.levels[level - 1]
    late_from = debt.oldest + step.after_days
    if today < late_from:
        return Judgement(Verdict.NOT_LATE_ENOUGH, level, debt, late_from)
    if running and today < running.day + step.wait_days:
        return Judgement(Verdict.WAITING, level, debt, running.day + step.wait_days)
    if debt.debt < step.minimum:
        return Judgement(Verdict.BELOW_MINIMUM, level, debt)
    if date.fromordinal(today).isoweekday() not in step.weekdays:
        return Judgement(Verdict.WRONG_WEEKDAY, level, debt)
    return Judgement(Verdict.ACT, level, debt)


def _is_over(
    policy: DunningPolicy | None, state: StateRow, owed: Owed, asked: Sequence[Asked]
) -> bool:
    """Whether an episode ends. Who is cut off is not reconnected because the debt was given up."""
    whole = state.signal == Signal.CUT_OFF
    left = sum(one.left for one in asked if whole or one.item.due_day <= state.about_day)
    if whole:
        spare = owed.free - sum(one.item.open - one.left for one in asked)
        left += max(owed.written_off - spare, 0)
    return left < (policy.ends_below if policy else 1)
