"""A proposal posted: all of its steps in one transaction, and nothing but them.

What would be posted is computed once more in the turn of its accounts; if it is not what was
proposed, nothing is.
"""

import numpy as np
import pyarrow as pa

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.acting import Write
from billcore.core.accounts.checks import ints
from billcore.core.billing.corrections.credits import Reason
from billcore.core.billing.corrections.reissuing import reissue
from billcore.core.billing.corrections.wanted import Wanted
from billcore.core.cases.changing import go, key_of, opened, policy_of, today_of
from billcore.core.cases.errors import (
    ApprovalNeeded,
    CaseStateUnfit,
    CorrectionUnfit,
    NoticeRunning,
    ProposalStale,
)
from billcore.core.cases.plans import Plan, Step, StepKind, plan_of
from billcore.core.cases.proposing import planned
from billcore.core.cases.states import CaseState
from billcore.core.ids import month_of_bill
from billcore.core.ledger.account_entries import (
    AccountEntries,
    Posting,
    post_account_entries,
    reverse_account_entry,
)
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.payments.moving import move_payment
from billcore.core.payments.suspense import transfer
from billcore.core.store import bills, issued
from billcore.core.store import cases as rows
from billcore.core.store import payments as payment_rows
from billcore.core.store.cases import CaseRow, CorrectionRow, ProposalRow
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


def correct(write: Write, provider: Provider, case_no: int, reason: str) -> CaseRow:
    """Posts the proposal of a case.

    Raises CaseUnknown, CaseStateUnfit, ApprovalNeeded, NoticeRunning, ProposalStale and what bills
    and payments refuse.
    """
    case = opened(write, case_no)
    if case.state != CaseState.CORRECTION_PROPOSED:
        raise CaseStateUnfit(case_no, CaseState(case.state), "corrected")
    row = rows.proposals(write.session, key_of(write, case))[-1]
    _check_allowed(provider, case, row, write.now)
    proposed = plan_of(row.plan)
    accounts = np.array([one.account_id for one in proposed.balances])
    turn_to_correct(write.session, provider.provider_id, accounts, write.now)
    _check_same(write.session, provider, case, row, proposed, write.now)
    desk = Desk(write, provider, case, row)
    for number, step in enumerate(proposed.steps, start=1):
        desk.post(step, number)
    state = CaseState.SENT_TO_FINANCE if row.provisional else CaseState.CORRECTED
    return go(write, provider, case, state, "corrected", reason)


def _check_allowed(provider: Provider, case: CaseRow, row: ProposalRow, now: int) -> None:
    above = policy_of(provider).approval_above
    if row.amount > above and not row.approved_at:
        why = "another person approves it first."
        raise ApprovalNeeded(case.case_no, row.amount, above, why)
    if now < row.correct_from:
        raise NoticeRunning(case.case_no, row.correct_from, now)


def _check_same(
    reader: Reader, provider: Provider, case: CaseRow, row: ProposalRow, proposed: Plan, now: int
) -> None:
    """Raises ProposalStale where the books are not as they were."""
    finding = rows.findings(reader, (provider.provider_id, case.case_no))[-1]
    state, refund = CaseState(finding.outcome), bool(row.refund)
    try:
        made = planned(reader, provider, case, state, now, refund, bool(row.provisional))
    except CorrectionUnfit as error:
        raise ProposalStale(case.case_no, row.proposal_no, error.message) from None
    if made.steps != proposed.steps or made.balances != proposed.balances:
        before = {one.account_id: one.before for one in proposed.balances}
        changed = [one for one in made.balances if before.get(one.account_id) != one.before]
        what = (
            "other steps would be posted."
            if not changed
            else " ".join(
                f"account {one.account_id} owed {before.get(one.account_id, 0)}, now {one.before}."
                for one in changed
            )
        )
        raise ProposalStale(case.case_no, row.proposal_no, what)


class Desk:
    """Posts the steps of a proposal, and keeps what it posted."""

    def __init__(
        self, write: Write, provider: Provider, case: CaseRow, proposal: ProposalRow
    ) -> None:
        self._write, self._provider, self._case = write, provider, case
        self._proposal = proposal
        self._today = today_of(write.session, provider.provider_id, write.now)
        self._posted = len(rows.corrections(write.session, key_of(write, case)))

    @property
    def _named(self) -> str:
        return f"case {self._case.case_no}"

    def post(self, step: Step, number: int) -> CorrectionRow:
        """Posts a step; number: of it in its proposal, from 1."""
        source = f"case/{self._case.case_no}/{self._proposal.proposal_no}/{number}"
        posted = {
            StepKind.TRANSFER: self._transfer,
            StepKind.SUSPENSE_TRANSFER: self._from_suspense,
            StepKind.REISSUE: self._reissue,
            StepKind.REFUND: self._refund,
            StepKind.PROVISIONAL_CREDIT: self._credit,
            StepKind.PROVISIONAL_BACK: self._credit_back,
        }[step.kind](step, source)
        return self.keep(posted)

    def keep(self, posted: CorrectionRow) -> CorrectionRow:
        """Keeps what was posted, numbered."""
        self._posted += 1
        row = posted._replace(correction_no=self._posted, recorded_at=self._write.now)
        rows.add_correction(self._write.session, key_of(self._write, self._case), row)
        return row

    def _row(self, step: Step) -> CorrectionRow:
        told = step.account_id, 0, 0, 0, step.amount, step.payment_id
        return CorrectionRow(0, self._proposal.proposal_no, int(step.kind), *told)

    def _transfer(self, step: Step, source: str) -> CorrectionRow:
        sides = step.other_account_id, step.account_id
        reference = f"{self._named}: {step.reference}"
        move = move_payment(
            self._write, step.payment_id, *sides, step.amount, self._today, reference,
            self._named, source,
        )  # fmt: skip
        return self._row(step)._replace(
            account_entry_id=move.to_entry_id,
            other_account_id=move.from_account_id,
            other_entry_id=move.from_entry_id,
            move_no=move.move_no,
        )

    def _from_suspense(self, step: Step, source: str) -> CorrectionRow:
        session, number = self._write.session, self._provider.provider_id
        account = things.get(session, number, ACCOUNTS, step.account_id)
        told = step.amount, self._named, source
        transfer(self._write, step.payment_id, account, *told)
        move = payment_rows.moves(session, number, step.payment_id)[-1]
        return self._row(step)._replace(
            account_entry_id=move.account_entry_id, move_no=move.move_no
        )

    def _reissue(self, step: Step, source: str) -> CorrectionRow:
        return reissued_row(
            self._write, self._provider, step.account_id, step.bill_id,
            Reason(self._proposal.reason_code, self._named, (self._named,)), self._today, source,
            self._row(step),
        )  # fmt: skip

    def _refund(self, step: Step, source: str) -> CorrectionRow:
        named = f"{self._named}: refund of {step.reference}"
        entry = self.entry(step.account_id, EntryKind.REFUND, step.amount, named, source)
        return self._row(step)._replace(account_entry_id=entry)

    def _credit(self, step: Step, source: str) -> CorrectionRow:
        named = f"{self._named}: until the money is there"
        entry = self.entry(step.account_id, EntryKind.PROVISIONAL, -step.amount, named, source)
        return self._row(step)._replace(account_entry_id=entry)

    def _credit_back(self, step: Step, source: str) -> CorrectionRow:
        posting = self._posting(source)
        session, day = self._write.session, self._today
        entry = reverse_account_entry(session, step.account_id, step.entry_id, day, posting)
        key = key_of(self._write, self._case)
        for one in rows.corrections(session, key):
            if one.account_entry_id == step.entry_id:
                rows.undo(session, key, undone(one, self._write.now, entry))
        return self._row(step)._replace(account_entry_id=entry)

    def entry(self, account_id: int, kind: EntryKind, amount: int, named: str, source: str) -> int:
        """Posts an account entry of today; its id."""
        entries = AccountEntries(
            account_id=np.array([account_id]),
            kind=np.array([int(kind)]),
            day=np.array([self._today]),
            amount=np.array([amount]),
            reference=pa.array([named]),
            reverses=np.array([0]),
        )
        (posted,) = post_account_entries(self._write.session, entries, self._posting(source))
        return int(posted)

    def _posting(self, source: str) -> Posting:
        told = self._provider.provider_id, source, self._write.caller.client_id
        return Posting(*told, self._write.now)


def reissued_row(
    write: Write,
    provider: Provider,
    account_id: int,
    bill_id: int,
    why: Reason,
    today: int,
    source: str,
    row: CorrectionRow,
) -> CorrectionRow:
    """Issues a bill again, on the day or on its own if that is later; the row with what it did."""
    header = bills.header(write.session, month_of_bill(bill_id), account_id, bill_id)
    day = max(today, header.issued_day) if header else today
    done = reissue(write, provider, bill_id, Wanted(why, day, source))
    return row._replace(
        correction_id=done.correction_id,
        bill_id=bill_id,
        rebill_id=done.rebill_id,
        code_before=code_of(write.session, account_id, bill_id),
        code_after=code_of(write.session, account_id, done.rebill_id),
    )


def code_of(reader: Reader, account_id: int, bill_id: int) -> int:
    """The payment id that a bill was issued with; 0: none."""
    table = issued.of_accounts(reader, np.array([account_id]))
    mine = np.flatnonzero(ints(table["bill_id"]) == bill_id)
    return int(ints(table["payment_code"])[mine[0]]) if mine.size else 0


def undone(row: CorrectionRow, now: int, entry: int = 0, correction: int = 0) -> CorrectionRow:
    """A posted step, taken back by an entry or by a correction of bills."""
    return row._replace(undone_at=now, undone_entry_id=entry, undone_correction_id=correction)
