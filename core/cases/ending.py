"""How cases end: told, closed, rejected, withdrawn; and how one begins again."""

from collections.abc import Iterator

from billcore.core.accounts.acting import Write
from billcore.core.cases import notices
from billcore.core.cases.changing import (
    begun_again,
    check_reason,
    go,
    hold_again,
    opened,
    policy_of,
    today_of,
)
from billcore.core.cases.errors import ReopenRefused
from billcore.core.cases.notices import Side
from billcore.core.cases.plans import StepKind
from billcore.core.cases.states import ENDED, CaseState
from billcore.core.cases.undoing import standing, take_credit_back
from billcore.core.durations import HOUR
from billcore.core.store import cases as rows
from billcore.core.store.cases import CaseRow
from billcore.core.store.providers import Provider


def notify(write: Write, provider: Provider, case_no: int) -> CaseRow:
    """Tells both sides what became of a case. Raises CaseUnknown, CaseStateUnfit."""
    case = opened(write, case_no)
    outcome = CaseState(case.state)
    told = go(write, provider, case, CaseState.NOTIFIED, "told of")
    notices.notified(write, provider, told, outcome, _sides(write, case))
    return told


def _sides(write: Write, case: CaseRow) -> Iterator[tuple[Side, int, int, int]]:
    """Who is told: the customer, and each account that lost money."""
    posted = standing(write, case)
    codes = {one.account_id: one.code_after for one in posted if one.kind == StepKind.REISSUE}
    signs = {StepKind.PROVISIONAL_BACK: -1, StepKind.REISSUE: 0}
    gained = sum(one.amount * signs.get(StepKind(one.kind), 1) for one in posted)
    yield Side.CUSTOMER, case.account_id, gained, codes.get(case.account_id, 0)
    for one in posted:
        if one.kind == StepKind.TRANSFER:
            account_id = one.other_account_id
            yield Side.LOSING, account_id, one.amount, codes.get(account_id, 0)


def close(write: Write, provider: Provider, case_no: int) -> CaseRow:
    """Closes a case of which both sides were told. Raises CaseUnknown, CaseStateUnfit."""
    case = opened(write, case_no)
    return go(write, provider, case, CaseState.CLOSED, "closed")


def reject(write: Write, provider: Provider, case_no: int, reason: str) -> CaseRow:
    """Rejects a case; provisional credit is taken back. Raises CaseUnknown, CaseStateUnfit."""
    return _given_up(write, provider, case_no, CaseState.REJECTED, "rejected", reason)


def withdraw(write: Write, provider: Provider, case_no: int, reason: str) -> CaseRow:
    """The customer takes a case back. Raises CaseUnknown, CaseStateUnfit."""
    return _given_up(write, provider, case_no, CaseState.WITHDRAWN, "withdrawn", reason)


def _given_up(
    write: Write, provider: Provider, case_no: int, state: CaseState, what: str, reason: str
) -> CaseRow:
    case = opened(write, case_no)
    check_reason(reason)
    case = go(write, provider, case, state, what, reason)
    take_credit_back(write, provider, case)
    return case


def reopen(write: Write, provider: Provider, case_no: int, reason: str) -> CaseRow:
    """Begins a case again that ended: once, within the days of the policy.

    Raises CaseUnknown, CaseStateUnfit, ReopenRefused.
    """
    case = opened(write, case_no)
    check_reason(reason)
    before = CaseState(case.state)
    policy = policy_of(provider)
    if before in ENDED and case.reopened:
        raise ReopenRefused(case_no, "it was reopened once already; register another one.")
    if before in ENDED and write.now - case.changed_at > policy.reopen_days * 24 * HOUR:
        raise ReopenRefused(case_no, f"it ended more than {policy.reopen_days} days ago.")
    case = go(write, provider, case, CaseState.REOPENED, "reopened", reason)
    case = begun_again(case._replace(reopened=case.reopened + 1), provider, write.now)
    if not standing(write, case):
        today = today_of(write.session, provider.provider_id, write.now)
        case = hold_again(write, case, today)
    rows.change(write.session, provider.provider_id, case)
    return case
