"""Cases begin: registered with evidence, checked for what they lack, investigated at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from billcore.core.accounts.acting import Write, provider_acting
from billcore.core.cases import clock, evidence, notices
from billcore.core.cases.changing import (
    add_event,
    check_reason,
    go,
    hold,
    key_of,
    opened,
    policy_of,
    today_of,
)
from billcore.core.cases.errors import CaseFieldInvalid, CaseStateUnfit, EvidenceMissing
from billcore.core.cases.evidence import WORD_MAX, Given, lacking
from billcore.core.cases.facts import facts_text
from billcore.core.cases.investigating import Found, judge
from billcore.core.cases.kinds import CaseKind
from billcore.core.cases.reading import known_of
from billcore.core.cases.states import CHECKABLE, ENDED, OUTCOMES, CaseState
from billcore.core.ids import COUNT_MAX
from billcore.core.store import case_evidence as evidence_rows
from billcore.core.store import cases as rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.accounts import Account
from billcore.core.store.case_evidence import EvidenceRow
from billcore.core.store.cases import CaseRow, FindingRow
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

EVIDENCE_CALL_MAX = 10
"""Pieces of evidence in one call."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is registered. channel: how it came, as web or call_centre.

    item_id, amount: what is disputed, for late fees; 0: the oldest open debt, what evidence says.
    """

    kind: CaseKind
    account: Account
    channel: str
    evidence: Sequence[Given] = ()
    item_id: int = 0
    amount: int = 0
    reason: str = ""


def register(write: Write, provider: Provider, given: NewCase) -> CaseRow:
    """Registers a case and investigates it, if it has what it must have.

    Raises CaseFieldInvalid, ClaimTaken, FieldRefused.
    """
    _check(given)
    session, number = write.session, provider.provider_id
    case_no = provider_rows.draw(session, number, "case", 1)
    if case_no > COUNT_MAX:
        raise CaseFieldInvalid("kind", f"a provider has at most {COUNT_MAX} cases.")
    at = clock.started(policy_of(provider).hours, write.now)
    case = CaseRow(
        case_no=case_no,
        kind=int(given.kind),
        account_id=given.account.account_id,
        channel=given.channel,
        state=int(CaseState.REGISTERED),
        events=1,
        round=1,
        reopened=0,
        held_item=0,
        waits_until=0,
        letter="",
        registered_at=write.now,
        **at._asdict(),
        changed_at=write.now,
        client_id=write.caller.client_id,
        actor=write.caller.actor,
    )
    rows.add(session, number, case)
    add_event(write, case, 0, given.reason)
    notices.registered(write, provider, case)
    keep_until = today_of(session, number, write.now) + policy_of(provider).evidence_days
    for place, one in enumerate(given.evidence):
        evidence.add(write, (number, case_no), one, f"evidence[{place}]", keep_until)
    amount = given.amount or max((one.amount for one in given.evidence), default=0)
    case = hold(write, case, given.item_id, amount, today_of(session, number, write.now))
    return check(write, provider, case)


def _check(given: NewCase) -> None:
    channel = given.channel
    if not 1 <= len(channel) <= WORD_MAX or not channel.isprintable():
        raise CaseFieldInvalid(
            "channel", f"say how it came, as web, in 1 to {WORD_MAX} printable characters."
        )
    if len(given.evidence) > EVIDENCE_CALL_MAX:
        raise CaseFieldInvalid(
            "evidence", f"at most {EVIDENCE_CALL_MAX} pieces come in one call: add the others."
        )
    if given.amount < 0:
        raise CaseFieldInvalid("disputed_amount", "it is minor units, 0 or more.")
    if given.reason:
        check_reason(given.reason)


def add_evidence(write: Write, provider: Provider, case_no: int, given: Sequence[Given]) -> CaseRow:
    """Adds evidence to a case, which is investigated if it waited for it.

    Raises CaseUnknown, CaseStateUnfit, CaseFieldInvalid, ClaimTaken.
    """
    case = opened(write, case_no)
    if CaseState(case.state) in ENDED:
        raise CaseStateUnfit(case_no, CaseState(case.state), "given evidence")
    if not 1 <= len(given) <= EVIDENCE_CALL_MAX:
        raise CaseFieldInvalid("evidence", f"1 to {EVIDENCE_CALL_MAX} pieces come in one call.")
    keep_until = today_of(write.session, provider.provider_id, write.now)
    keep_until += policy_of(provider).evidence_days
    for place, one in enumerate(given):
        evidence.add(write, key_of(write, case), one, f"evidence[{place}]", keep_until)
    if case.state == CaseState.EVIDENCE_NEEDED:
        return check(write, provider, case)
    return case


def check(write: Write, provider: Provider, case: CaseRow) -> CaseRow:
    """The case investigated, or waiting for what it lacks."""
    needs = needs_of(write.session, provider.provider_id, case)
    if not needs:
        return investigated(write, provider, case)
    if case.state == CaseState.EVIDENCE_NEEDED:
        return case
    told = "; ".join(needs)
    return go(write, provider, case, CaseState.EVIDENCE_NEEDED, "asked for evidence", told)


def needs_of(reader: Reader, provider_id: int, case: CaseRow) -> tuple[str, ...]:
    """What a case lacks, in words."""
    had = evidence_rows.of_case(reader, (provider_id, case.case_no))
    return tuple(need.value for need in lacking(CaseKind(case.kind), had))


# -- investigation


def investigate(write: Write, provider: Provider, case_no: int) -> CaseRow:
    """Investigates a case, again if it was. Raises CaseUnknown, CaseStateUnfit, EvidenceMissing."""
    case = opened(write, case_no)
    state = CaseState(case.state)
    if state not in CHECKABLE | {CaseState.CORRECTION_PROPOSED}:
        raise CaseStateUnfit(case_no, state, "investigated")
    needs = needs_of(write.session, provider.provider_id, case)
    if needs:
        raise EvidenceMissing(case_no, needs)
    return investigated(write, provider, case)


def found_of(
    reader: Reader, provider: Provider, case: CaseRow, now: int
) -> tuple[Found, Sequence[EvidenceRow]]:
    """What an investigation would find now, and the evidence that it is judged by."""
    had = evidence_rows.of_case(reader, (provider.provider_id, case.case_no))
    today = today_of(reader, provider.provider_id, now)
    known = known_of(reader, provider, case.account_id, had, today)
    return judge(CaseKind(case.kind), known), had


def investigated(write: Write, provider: Provider, case: CaseRow) -> CaseRow:
    """The case behind an investigation. Raises CaseStateUnfit."""
    found, had = found_of(write.session, provider, case, write.now)
    if case.state != CaseState.CHECKING:
        case = go(write, provider, case, CaseState.CHECKING, "investigated")
    _keep(write, case, found)
    case = case._replace(waits_until=found.waits_until)
    letter = f"{case.case_no}/{case.round}"
    if found.outcome is CaseState.SENT_TO_FINANCE and case.letter != letter:
        case = case._replace(letter=letter)
        notices.letter(write, provider, case, had)
    if found.outcome not in OUTCOMES:
        rows.change(write.session, provider_acting(write.caller), case)
        return case
    return go(write, provider, case, found.outcome, "investigated")


def _keep(write: Write, case: CaseRow, found: Found) -> None:
    """Keeps a finding, unless it is the last one."""
    key, text = key_of(write, case), facts_text(found.facts)
    before = rows.findings(write.session, key)
    said = int(found.outcome), found.waits_until, text
    if before and (before[-1].outcome, before[-1].waits_until, before[-1].facts) == said:
        return
    rows.add_finding(write.session, key, FindingRow(len(before) + 1, *said, write.now))
