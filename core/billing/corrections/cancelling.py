"""Bills cancelled: each by a credit note, of an account the last one first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from billcore.core.accounts.acting import Write
from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.corrections.chain import Document, documents, whole
from billcore.core.billing.corrections.credits import taking_back
from billcore.core.billing.corrections.errors import BillUncorrectable
from billcore.core.billing.corrections.exchange import Exchange
from billcore.core.billing.corrections.issuing import Correction, corrected
from billcore.core.billing.corrections.judging import cancellable
from billcore.core.billing.corrections.wanted import Wanted, check
from billcore.core.billing.errors import BillUnknown
from billcore.core.errors import BatchTooLarge, BillcoreError
from billcore.core.ids import account_of_bill, provider_of
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.store.providers import Provider

BILLS_MAX = 10_000
"""So many bills are cancelled by one call."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """correction_id 0: every bill is refused. credits: by bill, its credit note.

    refused: by place in what was asked, from 0. total: of the credit notes, minor units.
    """

    correction_id: int = 0
    credits: Mapping[int, int] = field(default_factory=dict)
    refused: Mapping[int, BillcoreError] = field(default_factory=dict)
    total: int = 0


def cancel_bill(write: Write, provider: Provider, bill_id: int, wanted: Wanted) -> Cancelled:
    """Cancels a bill. Raises FieldRefused, BillUnknown, BillUncorrectable."""
    done = cancel_bills(write, provider, [bill_id], wanted)
    for why in done.refused.values():
        raise why
    return done


def cancel_bills(
    write: Write, provider: Provider, bill_ids: Sequence[int], wanted: Wanted
) -> Cancelled:
    """Cancels those of the bills that can be, and says why the others cannot.

    Raises FieldRefused, BatchTooLarge.
    """
    if len(bill_ids) > BILLS_MAX:
        raise BatchTooLarge("bill_ids", BILLS_MAX, len(bill_ids))
    if not bill_ids:
        raise FieldRefused("bill_ids", "name at least one bill.")
    policies = check(provider, wanted)
    places, refused = _placed(bill_ids, provider.provider_id)
    if not places:
        return Cancelled(refused=refused)
    accounts = np.array([account_of_bill(bill) for bill in places])
    now = turn_to_correct(write.session, provider.provider_id, accounts, write.now)
    every = documents(write.session, provider.provider_id, accounts)
    fit, unfit = _judged(every, places, wanted.issued_day)
    refused |= {places[bill]: why for bill, why in unfit.items()}
    if not fit:
        return Cancelled(refused=refused)
    return _cancelled(Correction(write, provider, policies, wanted, now), fit, refused)


def _placed(
    bill_ids: Sequence[int], provider_id: int
) -> tuple[dict[int, int], dict[int, BillcoreError]]:
    """(the place of each bill that can be the provider's; the refused places)."""
    places: dict[int, int] = {}
    refused: dict[int, BillcoreError] = {}
    for place, bill in enumerate(bill_ids):
        if bill <= 0 or provider_of(account_of_bill(bill)) != provider_id:
            refused[place] = BillUnknown(bill)
        elif bill in places:
            refused[place] = BillUncorrectable(bill, "REPEATED", "it stands in the list twice.")
        else:
            places[bill] = place
    return places, refused


def _judged(
    every: Mapping[int, Mapping[int, Document]], wanted: Iterable[int], issued_day: int
) -> tuple[list[Document], dict[int, BillcoreError]]:
    """(bills to cancel, of each account the last one first; why others cannot be)."""
    asked: dict[int, list[int]] = {}
    for bill in wanted:
        asked.setdefault(account_of_bill(bill), []).append(bill)
    fit: list[Document] = []
    refused: dict[int, BillcoreError] = {}
    for account, mine in asked.items():
        some, others = cancellable(every.get(account, {}), mine, issued_day)
        fit += some
        refused |= others
    return fit, refused


def _cancelled(
    correction: Correction, fit: Sequence[Document], refused: Mapping[int, BillcoreError]
) -> Cancelled:
    taken = np.array([one.bill_id for one in fit])
    by = taking_back(whole(correction.session, taken))
    what = Exchange(taken, np.array([one.month for one in fit]), by)
    total = int(by.total.sum())
    subject = f"bill {taken[0]}" if len(fit) == 1 else f"{len(fit)} bills"
    done = corrected(correction, what, "bill.cancelled", subject, {"total": total})
    credits = dict(zip(taken.tolist(), done.credit_id.tolist(), strict=True))
    return Cancelled(correction.correction_id, credits, refused, total)
