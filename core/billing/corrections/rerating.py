"""Bills rated again: one, or all of an account from a day on, each in the chain of those before.

A bill that comes to something else gets a credit note and a bill in its place; the others stay.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write
from billcore.core.accounts.checks import Table
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.corrections import estimates
from billcore.core.billing.corrections.again import rated_again, same_bill
from billcore.core.billing.corrections.chain import (
    RATED,
    Document,
    chained,
    count,
    of_account,
    whole,
)
from billcore.core.billing.corrections.credits import NUMBERS, taking_back
from billcore.core.billing.corrections.errors import BillUncorrectable
from billcore.core.billing.corrections.estimates import Reestimated
from billcore.core.billing.corrections.exchange import Exchange
from billcore.core.billing.corrections.issuing import Correction, corrected
from billcore.core.billing.corrections.judging import Account, exhausted, later, unfit
from billcore.core.billing.corrections.wanted import Wanted, check
from billcore.core.billing.errors import BillUnknown
from billcore.core.billing.fates import Fates
from billcore.core.billing.issue import Drafts, joined
from billcore.core.ids import account_of_bill, provider_of
from billcore.core.ledger.kinds import BillKind
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.store import corrections as rows
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

PERIODS_MAX = 24
"""So many bills of an account are rated again by one call."""


@dataclass(frozen=True, slots=True)
class Change:
    """A document that was taken back. bill_id: its own id; credit_id: what takes it back.

    rebill_id: what stands in its place, 0: nothing. Totals in minor units.
    """

    bill_id: int
    credit_id: int
    rebill_id: int
    previous_day: int
    this_day: int
    total_before: int
    total_after: int


@dataclass(frozen=True, slots=True)
class Rerated:
    """correction_id 0: nothing differs, and nothing was issued. unchanged: bills that stay.

    estimates: the readings that were estimated again.
    """

    correction_id: int
    changes: tuple[Change, ...]
    unchanged: int
    estimates: tuple[Reestimated, ...] = ()


def rebill(write: Write, provider: Provider, bill_id: int, wanted: Wanted) -> Rerated:
    """Rates the days of an account's last bill again.

    Raises FieldRefused, BillUnknown, BillUncorrectable, AccountUnbillable.
    """
    policies = check(provider, wanted)
    if bill_id <= 0 or provider_of(account := account_of_bill(bill_id)) != provider.provider_id:
        raise BillUnknown(bill_id)
    now = _turn(write, provider, account)
    every = of_account(write.session, provider.provider_id, account)
    if refusal := unfit(every, bill_id, wanted.issued_day):
        raise refusal
    if every[bill_id].kind not in RATED:
        why = "it is no bill of days: cancel it, and issue another."
        raise BillUncorrectable(bill_id, "NOT_RATED", why)
    chain = chained(every)
    if chain[-1].bill_id != bill_id:
        raise later(every[bill_id], chain[-1])
    correction = Correction(write, provider, policies, wanted, now)
    return _issued(correction, every, [chain[-1]], "bill.corrected", f"bill {bill_id}")


def rerate(
    write: Write,
    provider: Provider,
    account_id: int,
    from_day: int,
    wanted: Wanted,
    re_estimate: bool = False,
) -> Rerated:
    """Rates the bills of an account again that end on from_day or later.

    re_estimate: estimates above a later actual reading of from_day or later are estimated again,
    and only the bills that used them, or take something else from the bill before, are rated.
    Raises FieldRefused, BillUncorrectable, AccountUnbillable, EstimateImpossible.
    """
    policies = check(provider, wanted)
    now = _turn(write, provider, account_id)
    every = of_account(write.session, provider.provider_id, account_id)
    correction = Correction(write, provider, policies, wanted, now)
    found: tuple[Reestimated, ...] = ()
    uses: Callable[[Table], bool] = _always
    if re_estimate:
        found = estimates.estimate_again(correction, account_id, from_day)
        from_day = min([from_day, *(one.day for one in found)])
        uses = estimates.Use(write.session, account_id, found).of
    again = [one for one in chained(every) if one.this_day >= from_day]
    if len(again) > PERIODS_MAX:
        first = iso(again[-PERIODS_MAX].previous_day + 1)
        why = (
            f"{len(again)} bills end then or later, at most {PERIODS_MAX} are rated again: {first}."
        )
        raise FieldRefused("from_day", why)
    subject = f"account {account_id}"
    done = _issued(correction, every, again, "account.rerated", subject, uses)
    return replace(done, estimates=found)


def _always(bill: Table) -> bool:  # noqa: ARG001
    return True


def _turn(write: Write, provider: Provider, account_id: int) -> int:
    accounts = np.array([account_id])
    return turn_to_correct(write.session, provider.provider_id, accounts, write.now)


def _issued(
    correction: Correction,
    every: Account,
    again: Sequence[Document],
    action: str,
    subject: str,
    uses: Callable[[Table], bool] = _always,
) -> Rerated:
    """Rates bills that follow each other to the end of the chain, and issues what differs."""
    drafts = _differing(correction, every, again, uses)
    differ = [one for one in again if one.bill_id in drafts]
    if not differ:
        return Rerated(0, (), len(again))
    _check(every, differ, correction.wanted.issued_day)
    taken = np.array([one.bill_id for one in differ])
    instead = joined([drafts[one.bill_id] for one in differ])
    what = Exchange(
        taken,
        np.array([one.month for one in differ]),
        taking_back(whole(correction.session, taken)),
        instead,
        np.arange(len(differ)),
    )
    before = sum(one.total for one in differ)
    detail = {"total_before": before, "total_after": int(instead.total.sum())}
    done = corrected(correction, what, action, subject, detail)
    changes = tuple(
        Change(one.bill_id, credit, bill, one.previous_day, one.this_day, one.total, total)
        for one, credit, bill, total in zip(
            differ,
            done.credit_id.tolist(),
            done.rebill_id.tolist(),
            instead.total.tolist(),
            strict=True,
        )
    )
    return Rerated(correction.correction_id, changes, len(again) - len(differ))


def _differing(
    correction: Correction,
    every: Account,
    again: Sequence[Document],
    uses: Callable[[Table], bool],
) -> Mapping[int, Drafts]:
    """The bills in the place of those that come to something else, by bill."""
    session, tariffs = correction.session, Tariffs(correction.session)
    fates = Fates(rows.of_account(session, again[0].account_id)) if again else Fates(())
    found: dict[int, Drafts] = {}
    last_day = 0
    known = told = _handed_before(session, every, again)
    for one in again:
        bill = whole(session, np.array([one.bill_id]))
        opening = every[fates.original(one.bill_id)].opening
        carried = bill["carried"]
        assert isinstance(carried, pa.Array)
        kept: bytes = carried[0].as_py()
        if not (told != known or one.this_day == last_day or uses(bill)):
            known = told = kept
            continue
        draft = rated_again(session, correction.provider, bill, told, opening)
        # Of bills that end on one day the order of recording counts: they stay together.
        if one.this_day == last_day or not same_bill(tariffs, bill, draft):
            found[one.bill_id], last_day = draft, one.this_day
            known, told = kept, draft.carried[0].as_py()
        else:
            known = told = kept
    return found


def _handed_before(reader: Reader, every: Account, again: Sequence[Document]) -> bytes:
    """What the bill before the first of these hands on."""
    chain = chained(every)
    if not again or chain[0] == again[0]:
        return b""
    before = chain[chain.index(again[0]) - 1]
    carried = whole(reader, np.array([before.bill_id]))["carried"]
    assert isinstance(carried, pa.Array)
    text: bytes = carried[0].as_py()
    return text


def _check(every: Account, differ: Sequence[Document], issued_day: int) -> None:
    """Raises unless every one of these bills can be corrected on that day."""
    for place, one in enumerate(differ):
        if why := unfit(every, one.bill_id, issued_day):
            raise why
        same = sum(other.month == one.month for other in differ[:place])
        for kind in (BillKind.CREDIT, BillKind.CORRECTION):
            if count(every, one.month, kind) + same >= NUMBERS:
                raise exhausted(one)
