"""Which bills of an account can be corrected, and why the others cannot."""

from collections.abc import Mapping, Sequence

from billcore.core.accounts.days import iso
from billcore.core.billing.corrections.chain import RATED, Document, chained, count
from billcore.core.billing.corrections.credits import NUMBERS
from billcore.core.billing.corrections.errors import BillUncorrectable
from billcore.core.billing.errors import BillUnknown
from billcore.core.errors import BillcoreError
from billcore.core.ledger.kinds import BillKind

Account = Mapping[int, Document]
"""The documents of an account by bill."""


def unfit(every: Account, bill: int, issued_day: int) -> BillcoreError | None:
    """Why a bill can never be corrected on a day, whatever its account's others are."""
    if bill not in every:
        return BillUnknown(bill)
    one = every[bill]
    if one.kind is BillKind.CREDIT:
        why = "it is a credit note: undo the correction that issued it."
        return BillUncorrectable(bill, "CREDIT_NOTE", why)
    if not one.stands:
        return BillUncorrectable(bill, "CANCELLED", "it is cancelled already.")
    if issued_day < one.issued_day:
        why = f"it was issued on {iso(one.issued_day)}: correct it on that day or later."
        return BillUncorrectable(bill, "ISSUED_LATER", why)
    return None


def cancellable(
    every: Account, wanted: Sequence[int], issued_day: int
) -> tuple[list[Document], dict[int, BillcoreError]]:
    """(the bills of an account that can be cancelled, the last one first; why others cannot)."""
    reasons = {bill: unfit(every, bill, issued_day) for bill in wanted}
    refused = {bill: why for bill, why in reasons.items() if why is not None}
    good = [every[bill] for bill in wanted if bill not in refused]
    kept = [one for one in good if one.kind not in RATED]
    chain, rated = chained(every), {one.bill_id for one in good}
    while chain and chain[-1].bill_id in rated:
        kept.append(chain.pop())
    for one in chain:
        if one.bill_id in rated:
            refused[one.bill_id] = later(one, chain[-1])
    return _with_numbers(every, kept, refused)


def _with_numbers(
    every: Account, wanted: Sequence[Document], refused: dict[int, BillcoreError]
) -> tuple[list[Document], dict[int, BillcoreError]]:
    """Those whose month has a number left; a bill of days waits for those that go on from it."""
    kept: list[Document] = []
    blocking: Document | None = None
    for one in wanted:
        same = sum(other.month == one.month for other in kept)
        if blocking is not None:
            refused[one.bill_id] = later(one, blocking)
        elif count(every, one.month, BillKind.CREDIT) + same >= NUMBERS:
            refused[one.bill_id] = exhausted(one)
            blocking = one if one.kind in RATED else None
        else:
            kept.append(one)
    return kept, refused


def later(one: Document, last: Document) -> BillUncorrectable:
    """The refusal of a bill from which others go on."""
    return BillUncorrectable(
        one.bill_id,
        "LATER_BILL",
        f"bill {last.bill_id}, up to {iso(last.this_day)}, goes on from it: cancel that first, or "
        f"rate the account again from {iso(one.previous_day + 1)}.",
        last.bill_id,
    )


def exhausted(one: Document, most: int = NUMBERS) -> BillUncorrectable:
    """The refusal of a bill for whose correction no number is left."""
    why = f"its account has {most} documents of that kind in its month, the most that there can be."
    return BillUncorrectable(one.bill_id, "NUMBERS_EXHAUSTED", why)
