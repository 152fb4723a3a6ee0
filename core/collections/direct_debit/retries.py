"""When a debit that failed is tried again; pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from billcore.core.collections.direct_debit.reasons import Action, Reason
from billcore.core.collections.direct_debit.terms import DebitTerms

LOOK_AHEAD = 35
"""A retry lies at most so many days behind the first possible one."""

WEEKEND = (6, 7)
"""ISO days of the week on which SEPA settles nothing."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A debit that failed. attempt: from 1; day: on which it was to be collected; next_due: the
    day on which the account's next debit, or bill, is due; 0: none is known. today: an ordinal.
    taken: days for which the mandate had another debit."""

    attempt: int
    day: int
    today: int
    next_due: int
    taken: Collection[int] = ()


def retry_day(terms: DebitTerms, reason: Reason, failed: Failed) -> int:
    """The day on which a debit is tried again; 0: it is not.

    It lies days_apart behind the last try and as far ahead as notice and bank need, on a pay day or
    on another day of the week than the last try, before whatever is due next.
    """
    if reason.action is not Action.RETRY:
        return 0
    if failed.attempt > min(reason.retries, terms.retries.most):
        return 0
    ahead = max(terms.retry_notice_days, terms.lead_days, 1)
    first = max(failed.day + terms.retries.days_apart, failed.today + ahead)
    for day in range(first, first + LOOK_AHEAD):
        if failed.next_due and day >= failed.next_due:
            return 0
        if day not in failed.taken and _fits(day, failed.day, terms.retries.pay_days):
            return day
    return 0


def _fits(day: int, last: int, pay_days: Sequence[int]) -> bool:
    on = date.fromordinal(day)
    if on.isoweekday() in WEEKEND:
        return False
    if pay_days:
        return on.day in pay_days
    return on.isoweekday() != date.fromordinal(last).isoweekday()


def final_action(reason: Reason, retried: bool) -> Action:
    """What follows beside a retry, or instead of one."""
    if reason.action is not Action.RETRY:
        return reason.action
    return Action.RETRY if retried else reason.then
