"""What happens to cases by itself: warnings of their clocks, and another look where money may have
arrived. Each case in a transaction of its own; a second sweep does nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from billcore.core.accounts.acting import Acting
from billcore.core.accounts.providers import get_provider
from billcore.core.caller import Caller
from billcore.core.cases import notices
from billcore.core.cases.changing import clock_of, opened
from billcore.core.cases.registering import found_of, investigated
from billcore.core.cases.states import ENDED, FOUND, SWEPT, CaseState
from billcore.core.store import cases as rows
from billcore.core.store.again import again
from billcore.core.store.cases import CaseRow
from billcore.core.store.port import Reader, Session, Store
from billcore.core.store.providers import Provider

PAGE = 1_000

OPEN = tuple(int(state) for state in CaseState if state not in ENDED)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did. looked: at so many cases; warned: so many warnings; moved: so many cases
    are in another state."""

    looked: int = 0
    warned: int = 0
    moved: int = 0


def sweep(store: Store, caller: Caller, now: int, look: bool = True) -> Swept:
    """Warns of the clocks of a provider's cases, and looks for money, unless told not to.

    now: microseconds since 1970 in UTC.
    """
    done, after = Swept(), 0
    while True:
        with store.read() as reader:
            page = rows.of_states(reader, caller.provider_id, OPEN, after, PAGE)
            provider = get_provider(reader, caller, caller.provider_id) if page else None
            wanted = [one for one in page if provider and _asks(reader, provider, one, now, look)]
        for one in wanted:
            act = partial(_swept, caller=caller, now=now, case_no=one.case_no)
            warned, moved = again(store, act)
            done = replace(done, warned=done.warned + warned, moved=done.moved + moved)
        done = replace(done, looked=done.looked + len(page))
        if len(page) < PAGE:
            return done
        after = page[-1].case_no


def _asks(reader: Reader, provider: Provider, case: CaseRow, now: int, look: bool) -> bool:
    """Whether there is anything to do for a case."""
    if clock_of(case).due_warnings(now):
        return True
    return look and CaseState(case.state) in SWEPT and _moves(reader, provider, case, now)


def _moves(reader: Reader, provider: Provider, case: CaseRow, now: int) -> bool:
    """Whether an investigation would end otherwise than the last one."""
    found, _ = found_of(reader, provider, case, now)
    if case.state == CaseState.SENT_TO_FINANCE:
        return found.outcome in FOUND
    return found.outcome is not CaseState.CHECKING or found.waits_until != case.waits_until


def _swept(session: Session, caller: Caller, now: int, case_no: int) -> tuple[int, int]:
    """(warnings, whether it is in another state)."""
    write = Acting(session, caller, now)
    case = opened(write, case_no)
    provider = get_provider(session, caller, caller.provider_id)
    warnings: Sequence[int] = clock_of(case).due_warnings(now)
    for percent in warnings:
        case = case._replace(warned=percent)
        notices.warned(write, provider, case, percent)
    if warnings:
        rows.change(session, caller.provider_id, case)
    before = case.state
    if CaseState(before) in SWEPT and _moves(session, provider, case, now):
        case = investigated(write, provider, case)
    return len(warnings), int(case.state != before)
