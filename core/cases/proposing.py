"""What would be posted for a case, before anybody posts it; who must approve it, and from when on.

A payment found elsewhere is moved, money in suspense leaves it, what was paid twice stays credit or
is paid back; then the newest bill of every account that this touches is issued again, if it asks
for another amount than is owed.
"""

from collections.abc import Iterator, Sequence

from billcore.core.accounts.acting import Write, same_person
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.policies import Policies, parse_policies
from billcore.core.billing.asked import due_balance, instalments_of, rounded
from billcore.core.billing.items import AccountItems, account_items
from billcore.core.cases import notices
from billcore.core.cases.changing import check_reason, go, key_of, opened, policy_of, today_of
from billcore.core.cases.errors import ApprovalNeeded, CaseStateUnfit, CorrectionUnfit
from billcore.core.cases.facts import Paid
from billcore.core.cases.investigating import Found
from billcore.core.cases.kinds import PROOFS, EvidenceKind
from billcore.core.cases.plans import Balance, Plan, Step, StepKind, plan_of
from billcore.core.cases.registering import found_of
from billcore.core.cases.states import FOUND, CaseState
from billcore.core.durations import DAY
from billcore.core.store import bills
from billcore.core.store import cases as rows
from billcore.core.store.case_evidence import EvidenceRow
from billcore.core.store.cases import CaseRow, CorrectionRow, ProposalRow
from billcore.core.store.port import OPEN_DAY, Reader
from billcore.core.store.providers import Provider

DEFAULT_REASON = "OTHER"


def propose(
    write: Write,
    provider: Provider,
    case_no: int,
    reason_code: str,
    reason: str,
    refund: bool = False,
    provisional: bool = False,
) -> CaseRow:
    """Proposes what corrects a case; who loses money that is spent is told at once.

    reason_code: of the policy `correction_reasons`, '': OTHER. refund: what was paid twice is paid
    back. provisional: credit while finance looks for the money. Raises CaseUnknown, CaseStateUnfit,
    CorrectionUnfit, FieldRefused.
    """
    case = opened(write, case_no)
    check_reason(reason)
    state = CaseState(case.state)
    if state not in FOUND | {CaseState.SENT_TO_FINANCE}:
        raise CaseStateUnfit(case_no, state, "corrected by a proposal")
    code = _reason_code(provider, reason_code)
    made = planned(write.session, provider, case, state, write.now, refund, provisional)
    before = rows.proposals(write.session, key_of(write, case))
    corrections = rows.corrections(write.session, key_of(write, case))
    last = max((one.proposal_no for one in corrections), default=0)
    since = {one.account_id: _told_before(before[last:], one) for one in made.consumed}
    wait = write.now + policy_of(provider).notice_days * DAY
    from_when = max((told or wait for told in since.values()), default=write.now)
    row = ProposalRow(
        proposal_no=len(before) + 1,
        plan=made.text,
        amount=made.amount,
        correct_from=from_when,
        reason_code=code,
        refund=int(refund),
        provisional=int(provisional),
        client_id=write.caller.client_id,
        actor=write.caller.actor,
        recorded_at=write.now,
    )
    rows.add_proposal(write.session, key_of(write, case), row)
    for one in made.consumed:
        if not since[one.account_id]:
            notices.notice(write, provider, case, one.account_id, one.consumed, row.correct_from)
    return go(write, provider, case, CaseState.CORRECTION_PROPOSED, "proposed", reason)


def _told_before(proposals: Sequence[ProposalRow], lost: Balance) -> int:
    """From when on an account may lose what proposals behind the last posted one told it of; 0:
    they did not tell it of so much."""
    told = [
        row.correct_from
        for row in proposals
        for one in plan_of(row.plan).consumed
        if one.account_id == lost.account_id and one.consumed >= lost.consumed
    ]
    return min(told, default=0)


def _reason_code(provider: Provider, code: str) -> str:
    allowed = parse_policies(provider.policies).correction_reasons
    wanted = code or DEFAULT_REASON
    if wanted not in allowed:
        raise FieldRefused(
            "reason_code", f"{wanted[:40]!r} is no reason for corrections here.", allowed
        )
    return wanted


def approve(write: Write, provider: Provider, case_no: int, reason: str) -> ProposalRow:
    """Approves the proposal of a case, by somebody else than who made it.

    Raises CaseUnknown, CaseStateUnfit, ApprovalNeeded.
    """
    case = opened(write, case_no)
    check_reason(reason)
    if case.state != CaseState.CORRECTION_PROPOSED:
        raise CaseStateUnfit(case_no, CaseState(case.state), "approved")
    row = rows.proposals(write.session, key_of(write, case))[-1]
    caller = write.caller
    if same_person(caller, row.client_id, row.actor):
        above = policy_of(provider).approval_above
        why = "another person than who proposed it approves it."
        raise ApprovalNeeded(case_no, row.amount, above, why)
    if row.approved_at:
        return row
    row = row._replace(approver_id=caller.client_id, approver=caller.actor, approved_at=write.now)
    rows.approve(write.session, key_of(write, case), row)
    notices.approved(write, case, row.proposal_no, row.amount, reason)
    return row


# -- the plan


def planned(
    reader: Reader,
    provider: Provider,
    case: CaseRow,
    state: CaseState,
    now: int,
    refund: bool,
    provisional: bool,
) -> Plan:
    """What would be posted now for a case that is in a state.

    Raises CorrectionUnfit.
    """
    found, had = found_of(reader, provider, case, now)
    if found.outcome is not state:
        why = f"it would be {found.outcome.name} by now, not {state.name}: investigate it again."
        raise CorrectionUnfit(case.case_no, "CHANGED", why)
    posted = rows.corrections(reader, (provider.provider_id, case.case_no))
    credits = [one for one in posted if _is_provisional(one)]
    _check_choice(provider, case, state, refund, provisional, credits)
    _check_proved(case, state, had)
    if provisional:
        steps = [_credit(case, had)]
    else:
        steps = [*_back(credits), *_money(reader, case, found, refund)]
    return _whole(reader, provider, case, steps, today_of(reader, provider.provider_id, now))


def _check_choice(
    provider: Provider,
    case: CaseRow,
    state: CaseState,
    refund: bool,
    provisional: bool,
    credits: Sequence[CorrectionRow],
) -> None:
    if refund and state is not CaseState.FOUND_DOUBLE:
        why = "only what was paid twice is paid back."
        raise CorrectionUnfit(case.case_no, "NOT_DOUBLE", why)
    finance = state is CaseState.SENT_TO_FINANCE
    if finance and not provisional:
        why = "the money is not here: only provisional credit can be given."
        raise CorrectionUnfit(case.case_no, "NOT_RECEIVED", why)
    if provisional and not finance:
        why = "provisional credit is for money that finance looks for."
        raise CorrectionUnfit(case.case_no, "NOT_AT_FINANCE", why)
    if provisional and not policy_of(provider).provisional_credit:
        why = "the provider's policy gives no provisional credit."
        raise CorrectionUnfit(case.case_no, "NO_PROVISIONAL_CREDIT", why)
    if provisional and credits:
        why = "its account has provisional credit already."
        raise CorrectionUnfit(case.case_no, "CREDITED", why)


def _check_proved(case: CaseRow, state: CaseState, had: Sequence[EvidenceRow]) -> None:
    """Money that is not the account's moves on more than words."""
    elsewhere = state in (CaseState.FOUND_OTHER_SUBSCRIBER, CaseState.FOUND_SUSPENSE)
    if elsewhere and not any(one.kind in PROOFS for one in had):
        allowed = ", ".join(sorted(EvidenceKind(one).name for one in PROOFS))
        why = f"money that is not the account's moves on one of {allowed}: add it."
        raise CorrectionUnfit(case.case_no, "NOT_PROVED", why)


def _is_provisional(row: CorrectionRow) -> bool:
    return row.kind == StepKind.PROVISIONAL_CREDIT and not row.undone_at


def _credit(case: CaseRow, had: Sequence[EvidenceRow]) -> Step:
    amount = max((one.amount for one in had), default=0)
    return Step(StepKind.PROVISIONAL_CREDIT, case.account_id, amount)


def _back(credits: Sequence[CorrectionRow]) -> Iterator[Step]:
    for one in credits:
        kind, entry = StepKind.PROVISIONAL_BACK, one.account_entry_id
        yield Step(kind, one.account_id, one.amount, entry_id=entry)


def _money(reader: Reader, case: CaseRow, found: Found, refund: bool) -> Iterator[Step]:
    free = _free(account_items(reader, case.account_id)) if refund else 0
    for one in found.payments:
        if found.outcome is CaseState.FOUND_OTHER_SUBSCRIBER:
            yield _moved(StepKind.TRANSFER, case, one, one.account_id)
        elif found.outcome is CaseState.FOUND_SUSPENSE:
            yield _moved(StepKind.SUSPENSE_TRANSFER, case, one, 0)
        elif refund:
            if free < one.left:
                why = f"of {one.left} paid twice {free} is free: the rest paid other debts."
                raise CorrectionUnfit(case.case_no, "CONSUMED", why)
            yield _moved(StepKind.REFUND, case, one, 0)


def _moved(kind: StepKind, case: CaseRow, one: Paid, other: int) -> Step:
    named = f"{one.channel} {one.reference}".strip()
    return Step(
        kind,
        case.account_id,
        one.left,
        other_account_id=other,
        payment_id=one.payment_id,
        reference=named,
    )


def _free(items: AccountItems) -> int:
    """What of an account's credits has paid nothing, in minor units."""
    return -sum(one.open for one in items.open() if one.open < 0)


def _whole(
    reader: Reader, provider: Provider, case: CaseRow, steps: Sequence[Step], today: int
) -> Plan:
    """The steps with the bills that are issued again, and the balances."""
    gains = {case.account_id: 0}
    for step in steps:
        sign = -1 if step.kind in (StepKind.REFUND, StepKind.PROVISIONAL_BACK) else 1
        gains[step.account_id] = gains.get(step.account_id, 0) + sign * step.amount
        if step.other_account_id:
            other = step.other_account_id
            gains[other] = gains.get(other, 0) - step.amount
    balances, again = [], []
    policies = parse_policies(provider.policies)
    for account_id, gain in sorted(gains.items()):
        items = account_items(reader, account_id)
        lost = -gain if account_id != case.account_id and gain < 0 else 0
        consumed = max(0, lost - _free(items)) if lost else 0
        balances.append(Balance(account_id, items.balance, items.balance - gain, consumed))
        again += list(reissued(reader, policies, account_id, items, gain, today))
    return Plan((*steps, *again), tuple(balances))


def reissued(
    reader: Reader,
    policies: Policies,
    account_id: int,
    items: AccountItems,
    gain: int,
    today: int,
) -> Iterator[Step]:
    """The newest bill of an account issued again, where it asks for another amount than is owed.

    items: of the account, of all days. gain: what the account will owe less. Where nothing is asked
    for, nothing is issued again; nor are instalments asked for that are due later than the bill.
    """
    newest = bills.newest(reader, account_id, OPEN_DAY)
    if newest is None:
        return
    _, later = instalments_of(reader, newest)
    before = rounded(newest.closing - later, policies)
    day = max(today, newest.issued_day)
    after = rounded(due_balance(items, policies, day) - gain, policies)
    if after > 0 and after != before:
        yield Step(
            StepKind.REISSUE,
            account_id,
            bill_id=newest.bill_id,
            asked_before=before,
            asked_after=after,
        )
