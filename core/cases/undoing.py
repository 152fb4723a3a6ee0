"""A correction undone: every entry the other way, bills as they were, with ids of their own."""

from billcore.core.accounts.acting import Write
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.corrections.credits import Reason
from billcore.core.billing.corrections.undoing import undo as undo_bills
from billcore.core.billing.corrections.wanted import Wanted
from billcore.core.billing.items import account_items
from billcore.core.cases.changing import (
    begun_again,
    check_reason,
    go,
    hold_again,
    key_of,
    opened,
    today_of,
)
from billcore.core.cases.correcting import Desk, reissued_row, undone
from billcore.core.cases.errors import CaseStateUnfit, CorrectionUnfit
from billcore.core.cases.plans import StepKind
from billcore.core.cases.proposing import reissued
from billcore.core.cases.states import CaseState
from billcore.core.ledger.account_entries import Posting, reversal_id, reverse_account_entry
from billcore.core.ledger.kinds import EntryKind
from billcore.core.payments.moving import move_back
from billcore.core.payments.suspense import put_back
from billcore.core.store import bills
from billcore.core.store import cases as rows
from billcore.core.store import payments as payment_rows
from billcore.core.store.cases import CaseRow, CorrectionRow, ProposalRow
from billcore.core.store.ledger import is_undone
from billcore.core.store.port import OPEN_DAY
from billcore.core.store.providers import Provider

UNDOABLE = frozenset(
    {CaseState.CORRECTED, CaseState.NOTIFIED, CaseState.REOPENED, CaseState.SENT_TO_FINANCE}
)
"""Where a case is with a correction that can be undone; a closed one is reopened first."""


def undo(write: Write, provider: Provider, case_no: int, reason: str) -> CaseRow:
    """Undoes what was posted for a case, which begins again.

    Raises CaseUnknown, CaseStateUnfit, CorrectionUnfit where nothing stands, and what bills refuse.
    """
    case = opened(write, case_no)
    check_reason(reason)
    state = CaseState(case.state)
    if state not in UNDOABLE:
        raise CaseStateUnfit(case_no, state, "undone")
    if not standing(write, case):
        raise CorrectionUnfit(case_no, "NOTHING_POSTED", "nothing that was posted for it stands.")
    take_back(write, provider, case)
    case = go(write, provider, case, CaseState.CHECKING, "undone", reason)
    again = begun_again(case, provider, write.now)
    if case.held_item:
        case = again._replace(round=case.round)  # the hold that stands is named after it
    else:
        today = today_of(write.session, provider.provider_id, write.now)
        case = hold_again(write, again, today)
    rows.change(write.session, provider.provider_id, case)
    return case


def standing(write: Write, case: CaseRow) -> list[CorrectionRow]:
    """What was posted for a case and stands."""
    every = rows.corrections(write.session, key_of(write, case))
    return [one for one in every if not one.undone_at]


def take_back(write: Write, provider: Provider, case: CaseRow) -> None:
    """Takes back what stands of a case: the money first, so that bills open with what is right."""
    taker = _Taker(write, provider, case)
    every = [one for one in standing(write, case) if one.kind != StepKind.PROVISIONAL_BACK]
    back = [one for one in standing(write, case) if one.kind == StepKind.PROVISIONAL_BACK]
    money = [one for one in reversed(every) if one.kind != StepKind.REISSUE]
    for one in money:
        taker.money(one)
    for one in back:
        taker.credit_again(one)
    for one in reversed(every):
        if one.kind == StepKind.REISSUE:
            taker.bill(one)


def take_credit_back(write: Write, provider: Provider, case: CaseRow) -> None:
    """Takes back the provisional credit of a case that is given up."""
    taker = _Taker(write, provider, case)
    for one in standing(write, case):
        if one.kind == StepKind.PROVISIONAL_CREDIT:
            taker.money(one)


class _Taker:
    """Takes back the steps of a case."""

    def __init__(self, write: Write, provider: Provider, case: CaseRow) -> None:
        self._write, self._provider, self._case = write, provider, case
        self._today = today_of(write.session, provider.provider_id, write.now)
        self._named = f"case {case.case_no}"

    def money(self, row: CorrectionRow) -> None:
        """Moves money back to where it was, unless the channel has taken it back since."""
        write, day = self._write, self._today
        if is_undone(write.session, row.account_id, row.account_entry_id):
            entry = reversal_id(row.account_id, row.account_entry_id)
        elif row.kind == StepKind.TRANSFER:
            entry = move_back(write, row.payment_id, row.move_no, day, self._named)
        elif row.kind == StepKind.SUSPENSE_TRANSFER:
            put_back(write, row.payment_id, row.move_no, day, self._named)
            number = self._provider.provider_id
            entry = payment_rows.moves(write.session, number, row.payment_id)[-1].account_entry_id
        else:
            told = self._provider.provider_id, self._source(row), write.caller.client_id
            posting = Posting(*told, write.now)
            account_id, posted = row.account_id, row.account_entry_id
            entry = reverse_account_entry(write.session, account_id, posted, day, posting)
        self._keep(undone(row, write.now, entry))

    def credit_again(self, row: CorrectionRow) -> None:
        """Provisional credit that was taken back is given again."""
        desk = Desk(self._write, self._provider, self._case, self._proposal(row))
        named = f"{self._named}: until the money is there, again"
        told = row.account_id, EntryKind.PROVISIONAL, -row.amount, named, self._source(row)
        entry = desk.entry(*told)
        kind = int(StepKind.PROVISIONAL_CREDIT)
        desk.keep(row._replace(kind=kind, account_entry_id=entry))
        self._keep(undone(row, self._write.now))

    def bill(self, row: CorrectionRow) -> None:
        """The bill as it was, with a payment id of its own; where a later one stands, that one is
        issued again if it asks for another amount than is owed now."""
        session = self._write.session
        newest = bills.newest(session, row.account_id, OPEN_DAY)
        if newest is not None and newest.bill_id == row.rebill_id:
            day = max(self._today, newest.issued_day)
            wanted = Wanted(self._why(row), day, self._source(row))
            done = undo_bills(self._write, self._provider, row.correction_id, wanted)
            self._keep(undone(row, self._write.now, correction=done.correction_id))
            return
        policies = parse_policies(self._provider.policies)
        correction = 0
        items = account_items(session, row.account_id)
        for step in reissued(session, policies, row.account_id, items, 0, self._today):
            made = reissued_row(
                self._write, self._provider, row.account_id, step.bill_id, self._why(row),
                self._today, self._source(row), row,
            )  # fmt: skip
            correction = made.correction_id
        self._keep(undone(row, self._write.now, correction=correction))

    def _why(self, row: CorrectionRow) -> Reason:
        code = self._proposal(row).reason_code
        return Reason(code, f"{self._named} undone", (self._named,))

    def _proposal(self, row: CorrectionRow) -> ProposalRow:
        every = rows.proposals(self._write.session, key_of(self._write, self._case))
        return every[row.proposal_no - 1]

    def _source(self, row: CorrectionRow) -> str:
        return f"case undo/{self._case.case_no}/{row.correction_no}"

    def _keep(self, row: CorrectionRow) -> None:
        rows.undo(self._write.session, key_of(self._write, self._case), row)
