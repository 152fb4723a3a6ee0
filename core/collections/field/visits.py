"""The states of a visit: one table of what may follow what. Pure.

The order is that of collectors with a printer: both sides confirm the data, the notice is printed
and checked again, then the receipt. A receipt is money: it always counts, so that only the other
steps can be unfit.
"""

from collections.abc import Mapping
from enum import IntEnum

from billcore.core.collections.field.contents import Step

VISITS_MAX = 2
"""An account is visited so often in an assignment; then it pays at a collection point."""


class VisitState(IntEnum):
    """Where a visit is; the numbers travel and are stored."""

    ASSIGNED = 1
    CONTACTED = 2
    DATA_CONFIRMED = 3
    NOTICE_PRINTED = 4
    PAID = 5
    DEFERRED = 6
    ABSENT = 7
    REVISIT = 8
    HANDED_OVER = 9
    DISPUTED = 10


S = VisitState

NEXT: Mapping[VisitState, frozenset[VisitState]] = {
    S.ASSIGNED: frozenset({S.CONTACTED, S.NOTICE_PRINTED, S.HANDED_OVER}),
    S.CONTACTED: frozenset({S.DATA_CONFIRMED, S.NOTICE_PRINTED, S.DISPUTED}),
    S.DATA_CONFIRMED: frozenset({S.NOTICE_PRINTED, S.DISPUTED}),
    S.NOTICE_PRINTED: frozenset(
        {S.NOTICE_PRINTED, S.DEFERRED, S.ABSENT, S.DISPUTED, S.HANDED_OVER}
    ),
    S.DEFERRED: frozenset({S.REVISIT, S.HANDED_OVER}),
    S.ABSENT: frozenset({S.REVISIT, S.HANDED_OVER}),
    S.REVISIT: frozenset({S.NOTICE_PRINTED, S.DISPUTED, S.HANDED_OVER}),
    S.PAID: frozenset(),
    S.HANDED_OVER: frozenset(),
    S.DISPUTED: frozenset(),
}
"""Beside what a receipt does (PAID, from every state) and a void (NOTICE_PRINTED, from PAID)."""

SECOND = frozenset({S.NOTICE_PRINTED, S.DISPUTED, S.HANDED_OVER})
"""What may still become of the last visit of VISITS_MAX: neither deferred nor absent again."""

ENDED = frozenset({S.PAID, S.HANDED_OVER, S.DISPUTED})
"""The collector has nothing left to do."""

OF_STEP: Mapping[Step, VisitState] = {step: VisitState[step.name] for step in Step}


def moved(state: VisitState, visits: int, to: VisitState) -> tuple[VisitState, int] | None:
    """The state and number of visits behind a step, or None where it is unfit."""
    last = visits >= VISITS_MAX and to not in SECOND
    if to not in NEXT[state] or last:
        return None
    begun = state is S.ASSIGNED and to is not S.HANDED_OVER
    return to, visits + (begun or to is S.REVISIT)


def paid(visits: int) -> tuple[VisitState, int]:
    """What a receipt makes of a visit in any state."""
    return S.PAID, max(visits, 1)


def unpaid(state: VisitState) -> VisitState:
    """What a void makes of a visit."""
    return S.NOTICE_PRINTED if state is S.PAID else state
