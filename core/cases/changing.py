"""A case goes from state to state: the table is asked, the event kept, clock and hold follow."""

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.policies import CasePolicy, parse_policies
from billcore.core.billing.items import account_items
from billcore.core.cases import clock
from billcore.core.cases.clock import Clock
from billcore.core.cases.errors import CaseStateUnfit, CaseUnknown
from billcore.core.cases.kinds import CaseKind
from billcore.core.cases.states import STOPS, CaseState, may_follow
from billcore.core.collections.late_fees import holds
from billcore.core.collections.late_fees.debts import BEARS
from billcore.core.ledger.balances import Document, DocumentKind
from billcore.core.ledger.kinds import EntryKind
from billcore.core.metering.provider import metering_provider
from billcore.core.store import case_evidence as evidence_rows
from billcore.core.store import cases as rows
from billcore.core.store import late_fees as hold_rows
from billcore.core.store.cases import CaseRow, EventRow, Key
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

REASON_MAX = 500

CHANGED = "case.changed"

_ANNULLED = {CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.NOTIFIED}
_RELEASED = {CaseState.CORRECTED, CaseState.CLOSED}


def policy_of(provider: Provider) -> CasePolicy:
    """A provider's policy of cases."""
    return parse_policies(provider.policies).cases


def today_of(reader: Reader, provider_id: int, now: int) -> int:
    """The provider's day, an ordinal."""
    return metering_provider(reader, provider_id).today(now)


def key_of(write: Write, case: CaseRow) -> Key:
    """What names the rows of a case."""
    return provider_acting(write.caller), case.case_no


def clock_of(case: CaseRow) -> Clock:
    """The clock of a case."""
    return Clock(case.limit_at, case.due_at, case.paused_at, case.stopped_at, case.warned)


def opened(write: Write, case_no: int) -> CaseRow:
    """A case, held until the transaction ends. Raises CaseUnknown."""
    key = provider_acting(write.caller), case_no
    rows.lock(write.session, key)
    return found(write.session, *key)


def found(reader: Reader, provider_id: int, case_no: int) -> CaseRow:
    """A case. Raises CaseUnknown."""
    row = rows.one(reader, (provider_id, case_no))
    if row is None:
        raise CaseUnknown(case_no)
    return row


def check_reason(reason: str) -> None:
    """Raises FieldRefused for a reason that is none."""
    if not 1 <= len(reason.strip()) <= len(reason) <= REASON_MAX or not reason.isprintable():
        raise FieldRefused("reason", f"say why, in 1 to {REASON_MAX} printable characters.")


def go(
    write: Write, provider: Provider, case: CaseRow, state: CaseState, what: str, reason: str = ""
) -> CaseRow:
    """A case in another state; what: what cannot be done to it, if the table does not allow it.

    Raises CaseStateUnfit.
    """
    before = CaseState(case.state)
    if not may_follow(before, state):
        raise CaseStateUnfit(case.case_no, before, what)
    case = _turned(case, provider, before, state, write.now)
    if case.held_item and state in _ANNULLED | _RELEASED:
        case = _let_go(write, case, annul=state in _ANNULLED)
    case = case._replace(state=int(state), events=case.events + 1, changed_at=write.now)
    rows.change(write.session, provider.provider_id, case)
    add_event(write, case, int(before), reason)
    return case


def add_event(write: Write, case: CaseRow, before: int, reason: str) -> None:
    """Keeps the newest event of a case, and tells it."""
    caller = write.caller
    told = before, case.state, reason, caller.client_id, caller.actor, write.now
    rows.add_event(write.session, key_of(write, case), EventRow(case.events, *told))
    detail = {
        "case": case.case_no,
        "kind": CaseKind(case.kind).name,
        "account_id": case.account_id,
        "from": CaseState(before).name if before else "",
        "to": CaseState(case.state).name,
    }
    tell(write, provider_acting(caller), CHANGED, f"case {case.case_no}", detail, reason)


def _turned(
    case: CaseRow, provider: Provider, before: CaseState, state: CaseState, now: int
) -> CaseRow:
    """The case with its clock as the new state has it."""
    at = clock_of(case)
    if before is CaseState.EVIDENCE_NEEDED:
        at = clock.resumed(at, now)
    if state is CaseState.EVIDENCE_NEEDED and policy_of(provider).evidence_pauses:
        at = clock.paused(at, now)
    if state in STOPS:
        at = clock.stopped(at, now)
    return case._replace(**at._asdict())


def begun_again(case: CaseRow, provider: Provider, now: int) -> CaseRow:
    """The next round of a case, with a clock of its own; it is not written yet."""
    at = clock.started(policy_of(provider).hours, now)
    return case._replace(**at._asdict(), round=case.round + 1)


# -- the disputed amount


def hold_source(case: CaseRow) -> str:
    """The name of the hold of a case's round."""
    return f"case {case.case_no}/{case.round}"


def hold(write: Write, case: CaseRow, item_id: int, amount: int, day: int) -> CaseRow:
    """The case with late fees held for what is disputed; it is not written yet.

    item_id 0: the oldest debt that is open; amount 0, or more than it: all of it. Raises
    FieldRefused.
    """
    items = account_items(write.session, case.account_id)
    if not item_id:
        due = [one.document for one in items.open() if one.open > 0 and bears(one.document)]
        if not due:
            return case
        item_id = min(due, key=lambda one: (one.due_day, one.recorded_at, one.id)).id
    elif not any(one.id == item_id and one.amount > 0 and bears(one) for one in items.documents):
        raise FieldRefused("disputed_item_id", f"{item_id} is no bill or debt of the account.")
    whole = next((one.amount for one in items.documents if one.id == item_id), 0)
    share = amount if 0 < amount < whole else 0
    source, reason = hold_source(case), f"case {case.case_no}"
    holds.hold(write, case.account_id, item_id, share, day, source, reason)
    return case._replace(held_item=item_id)


def hold_again(write: Write, case: CaseRow, day: int) -> CaseRow:
    """As `hold`, of what the evidence says, for a case that begins again."""
    had = evidence_rows.of_case(write.session, key_of(write, case))
    return hold(write, case, 0, max((one.amount for one in had), default=0), day)


def bears(document: Document) -> bool:
    """Whether a document can bear late fees."""
    if document.kind is DocumentKind.BILL:
        return True
    return EntryKind(document.kind_no) in set(BEARS.values())


def _let_go(write: Write, case: CaseRow, annul: bool) -> CaseRow:
    """The case without its hold. annul: it was not right to hold."""
    key = case.account_id, case.account_id
    source = hold_source(case)
    held = next(
        one for one in hold_rows.holds(write.session, *key, 2**63 - 1) if one.source == source
    )
    today = today_of(write.session, provider_acting(write.caller), write.now)
    until, reason = max(today, held.from_day), f"case {case.case_no}"
    holds.release(write, case.account_id, source, until, reason, annul)
    return case._replace(held_item=0)
