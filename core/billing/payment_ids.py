"""Payment ids issued with bills: what banks and kiosks take, off-line too, and for ever.

A payment id fixes an amount: what the account owes with the bill, rounded as the provider's policy
`payable` says. So every bill has one of its own, a corrected one another; each is kept.
"""

from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.checks import ints
from billcore.core.accounts.policies import Policies
from billcore.core.identifiers import bulk
from billcore.core.identifiers.payable import PayableMode, payables
from billcore.core.ids import (
    COUNT_MAX,
    account_of_bill,
    kind_of_bill,
    month_of_bill,
    year_and_month,
)
from billcore.core.ledger.kinds import BillKind
from billcore.core.rating.batch import Ints
from billcore.core.store import issued as rows
from billcore.core.store.port import Reader, Session

YEAR_PERIODS = 100
"""A year has so many periods at most."""

PERIODS = 20
"""Of the hundred periods of a year the first twelve are the months' regular bills; other kinds of
bills have theirs so many later each, so that two bills of a month differ in it."""

VERSIONS = 80
"""Bills that were made again have theirs from here on: the first one that gives an id which the
account has not had yet, so that the same amount asked for again has another one."""


@dataclass(frozen=True, slots=True)
class PaymentIds:
    """Which ids are issued: company and service of the bill ids, and what is asked for."""

    company: str
    service: int
    calendar: str
    unit: int
    mode: PayableMode


def payment_ids_of(policies: Policies, calendar: str) -> PaymentIds | None:
    """What a provider's policies say; None: no ids are issued. calendar: the provider's."""
    own, payable = policies.payment_ids, policies.payable
    if not own.company:
        return None
    return PaymentIds(f"{own.company:03}", own.service, calendar, payable.unit, payable.mode)


def issue_payment_ids(
    session: Session, how: PaymentIds, recorded_at: int, bill_id: Ints, owed: Ints
) -> None:
    """Issues the payment ids of new bills that leave something to pay, and keeps them.

    owed: what the accounts owe with the bills and is not deferred, in rials. A sum beyond what an
    id can say has none: it is paid by account.
    """
    asked = payables(owed, how.unit, how.mode).payable
    rows_of = np.flatnonzero((asked > 0) & (kind_of_bill(bill_id) != BillKind.CREDIT))
    if not rows_of.size:
        return
    bill_id, asked = bill_id[rows_of], asked[rows_of]
    account_id = account_of_bill(bill_id)
    payers = bulk.bill_ids(account_id & COUNT_MAX, how.company, how.service)
    year, period = _periods(bill_id, how.calendar)
    period = _unused(session, bill_id, payers.ids, asked, year % 10, period)
    made = bulk.payment_ids(payers.ids, asked, year % 10, period)
    good = np.flatnonzero((payers.faults == 0) & (made.faults == 0))
    rows.add(
        session,
        {
            "account_id": account_id[good],
            "bill_id": bill_id[good],
            "payer_code": payers.ids[good],
            "payment_code": made.ids[good],
            "amount": asked[good],
            "recorded_at": np.full(good.size, recorded_at),
        },
    )


def _unused(
    reader: Reader, bill_id: Ints, payer: Ints, asked: Ints, year_digit: Ints, period: Ints
) -> Ints:
    """The periods, of bills that were made again those that give them new ids."""
    again = np.flatnonzero((bill_id & 15 > 0) | (kind_of_bill(bill_id) == BillKind.CORRECTION))
    if not again.size:
        return period
    found = period.copy()
    table = rows.of_accounts(reader, account_of_bill(bill_id[again]))
    had = set(zip(ints(table["payer_code"]).tolist(), ints(table["payment_code"]).tolist(),
                  strict=True))  # fmt: skip
    for row in again.tolist():
        one = slice(row, row + 1)
        turns = (*range(int(period[row]), YEAR_PERIODS), *range(VERSIONS, int(period[row])))
        for turn in turns:
            made = bulk.payment_ids(payer[one], asked[one], year_digit[one], turn)
            if (int(payer[row]), int(made.ids[0])) not in had:
                found[row] = turn
                break
    return found


def _periods(bill_id: Ints, calendar: str) -> tuple[Ints, Ints]:
    """The year, and the period in it, of bills."""
    first, _ = year_and_month(0, calendar)
    month, kind, version = month_of_bill(bill_id), kind_of_bill(bill_id), bill_id & 15
    in_year = month % 12 + 1
    of_kind = np.choose(kind, [0, PERIODS, 2 * PERIODS, 0, 3 * PERIODS])
    return first + month // 12, np.where(version > 0, VERSIONS + in_year, in_year + of_kind)
