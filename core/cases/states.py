"""The states of a case: one table of what may follow what, and what each means for its clock."""

from collections.abc import Mapping
from enum import IntEnum


class CaseState(IntEnum):
    """Where a case is; the numbers travel and are stored."""

    REGISTERED = 1
    EVIDENCE_NEEDED = 2
    CHECKING = 3
    FOUND_LATE = 4
    FOUND_OTHER_SUBSCRIBER = 5
    FOUND_PAST_BILL = 6
    FOUND_DOUBLE = 7
    FOUND_SUSPENSE = 8
    SENT_TO_FINANCE = 9
    NOT_OURS = 10
    NOT_FOUND = 11
    CORRECTION_PROPOSED = 12
    CORRECTED = 13
    NOTIFIED = 14
    CLOSED = 15
    REJECTED = 16
    WITHDRAWN = 17
    REOPENED = 18


S = CaseState

FOUND = frozenset(
    {S.FOUND_LATE, S.FOUND_OTHER_SUBSCRIBER, S.FOUND_PAST_BILL, S.FOUND_DOUBLE, S.FOUND_SUSPENSE}
)
"""The money is in our books."""

OUTCOMES = FOUND | {S.SENT_TO_FINANCE, S.NOT_OURS, S.NOT_FOUND}
"""How an investigation ends."""

_GIVEN_UP = frozenset({S.REJECTED, S.WITHDRAWN})

NEXT: Mapping[CaseState, frozenset[CaseState]] = {
    S.REGISTERED: frozenset({S.EVIDENCE_NEEDED, S.CHECKING}),
    S.EVIDENCE_NEEDED: _GIVEN_UP | {S.CHECKING},
    S.CHECKING: _GIVEN_UP | OUTCOMES | {S.EVIDENCE_NEEDED},
    S.FOUND_LATE: _GIVEN_UP | {S.CHECKING, S.CORRECTION_PROPOSED},
    S.FOUND_OTHER_SUBSCRIBER: _GIVEN_UP | {S.CHECKING, S.CORRECTION_PROPOSED},
    S.FOUND_PAST_BILL: _GIVEN_UP | {S.CHECKING, S.CORRECTION_PROPOSED},
    S.FOUND_DOUBLE: _GIVEN_UP | {S.CHECKING, S.CORRECTION_PROPOSED},
    S.FOUND_SUSPENSE: _GIVEN_UP | {S.CHECKING, S.CORRECTION_PROPOSED},
    S.SENT_TO_FINANCE: _GIVEN_UP | {S.CHECKING, S.CORRECTION_PROPOSED},
    S.NOT_OURS: _GIVEN_UP | {S.CHECKING, S.NOTIFIED},
    S.NOT_FOUND: _GIVEN_UP | {S.CHECKING, S.NOTIFIED},
    S.CORRECTION_PROPOSED: _GIVEN_UP | {S.CHECKING, S.CORRECTED, S.SENT_TO_FINANCE},
    S.CORRECTED: frozenset({S.NOTIFIED, S.CHECKING}),
    S.NOTIFIED: frozenset({S.CLOSED, S.CHECKING}),
    S.CLOSED: frozenset({S.REOPENED}),
    S.REJECTED: frozenset({S.REOPENED}),
    S.WITHDRAWN: frozenset({S.REOPENED}),
    S.REOPENED: _GIVEN_UP | {S.EVIDENCE_NEEDED, S.CHECKING},
}
"""What may follow what. CHECKING behind a correction: it was undone. SENT_TO_FINANCE behind a
proposal: the account has provisional credit while finance looks for the money."""

ENDED = frozenset({S.CLOSED, S.REJECTED, S.WITHDRAWN})
"""Nothing more is done, unless the case is reopened."""

STOPS = ENDED | {S.CORRECTED, S.SENT_TO_FINANCE, S.NOT_OURS, S.NOTIFIED}
"""What the clock runs to: it stops at the first of them."""

CHECKABLE = OUTCOMES | {S.REGISTERED, S.EVIDENCE_NEEDED, S.CHECKING, S.REOPENED}
"""From where a case is investigated, again or for the first time."""

SWEPT = frozenset({S.CHECKING, S.SENT_TO_FINANCE})
"""What is investigated again by itself: money may still arrive."""


def may_follow(state: CaseState, following: CaseState) -> bool:
    """Whether a case may go from one state to another."""
    return following in NEXT[state]
