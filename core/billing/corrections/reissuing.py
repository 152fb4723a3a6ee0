"""A bill issued again as it was: its charges stay, what it asks for is what is owed now.

When money is found that was missing, what a bill says of the debt before it is wrong, and so is the
payment id in which that amount is. The bill is exchanged for one with the same lines, which opens
with what the account owes now and has a payment id of its own.
"""

from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.acting import Write
from billcore.core.billing.corrections.chain import count as counted
from billcore.core.billing.corrections.chain import of_account, whole
from billcore.core.billing.corrections.credits import NUMBERS, ONE_OFFS, repeating, taking_back
from billcore.core.billing.corrections.exchange import Exchange
from billcore.core.billing.corrections.issuing import Correction, corrected
from billcore.core.billing.corrections.judging import exhausted, unfit
from billcore.core.billing.corrections.wanted import Wanted, check
from billcore.core.billing.errors import BillUnknown
from billcore.core.ids import account_of_bill, month_of_bill, provider_of
from billcore.core.ledger.kinds import BillKind
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.store import references
from billcore.core.store.providers import Provider


@dataclass(frozen=True, slots=True)
class Reissued:
    """A bill, what takes it back, and what stands in its place."""

    correction_id: int
    bill_id: int
    credit_id: int
    rebill_id: int


def reissue(write: Write, provider: Provider, bill_id: int, wanted: Wanted) -> Reissued:
    """Issues a bill that stands again. Raises FieldRefused, BillUnknown, BillUncorrectable."""
    policies = check(provider, wanted)
    if bill_id <= 0 or provider_of(account := account_of_bill(bill_id)) != provider.provider_id:
        raise BillUnknown(bill_id)
    accounts = np.array([account])
    now = turn_to_correct(write.session, provider.provider_id, accounts, write.now)
    every = of_account(write.session, provider.provider_id, account)
    if refusal := unfit(every, bill_id, wanted.issued_day):
        raise refusal
    one, month = every[bill_id], month_of_bill(bill_id)
    kind = BillKind.ONE_OFF if one.kind is BillKind.ONE_OFF else BillKind.CORRECTION
    most = ONE_OFFS if kind is BillKind.ONE_OFF else NUMBERS
    if counted(every, month, kind) >= most or counted(every, month, BillKind.CREDIT) >= NUMBERS:
        raise exhausted(one, most)
    table = whole(write.session, np.array([bill_id]))
    what = Exchange(
        np.array([bill_id]), np.array([month]), taking_back(table), repeating(table), np.array([0])
    )
    correction = Correction(write, provider, policies, wanted, now)
    done = corrected(correction, what, "bill.reissued", f"bill {bill_id}", {"total": one.total})
    credit_id, rebill_id = int(done.credit_id[0]), int(done.rebill_id[0])
    if kind is BillKind.ONE_OFF:
        references.copy(write.session, account, bill_id, rebill_id)
    return Reissued(correction.correction_id, bill_id, credit_id, rebill_id)
