"""What payers want paid: directions of payments, checked against the accounts that they pay.

Money that was taken is not refused for a bill or service that is not the account's: such a
direction has no effect. A month of another calendar is none at all, and always refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.checks import Bools, Ints
from billcore.core.billing.services import account_services, agreed_services
from billcore.core.ids import FIRST_YEAR, MONTH_MAX, account_of_bill
from billcore.core.ledger.folding import BILL, PERIOD, SERVICE
from billcore.core.payments.codes import Code
from billcore.core.payments.intake.form import Refusals
from billcore.core.payments.intake.resolve import Found, standing
from billcore.core.payments.orders import Orders
from billcore.core.payments.refusals import BillNotPayable, PaymentInvalid
from billcore.core.store import providers
from billcore.core.store.columns import byte_lengths, picked
from billcore.core.store.port import Reader

FIELD = "direction"


@dataclass(frozen=True, slots=True)
class _Told:
    """Directions of one word. said: what stands behind it; rows: of the payments; account_id: that
    each of them pays."""

    reader: Reader
    provider_id: int
    refusals: Refusals
    rows: list[int]
    account_id: Ints
    said: list[str]

    def refuse(self, at: int, words: str, allowed: Sequence[str] = ()) -> None:
        """Refuses one of them."""
        error = PaymentInvalid(FIELD, words, allowed)
        self.refusals.overrule(self.rows[at], Code.INVALID, error)


def check_directions(
    reader: Reader, provider_id: int, orders: Orders, found: Found, refusals: Refusals
) -> None:
    """Refuses payments of months that are none and, where their money was not taken, of bills and
    services that are not their account's.

    found: what their targets name. OUT: refusals.
    """
    directed: Bools = (byte_lengths(orders.direction) != 0) & refusals.good
    if not directed.any():
        return
    open_to = directed & ~orders.taken & (found.account_id != 0)
    every = np.flatnonzero(directed)
    texts = list(zip(every.tolist(), picked(orders.direction, every).to_pylist(), strict=True))
    for word, check, which in (
        (BILL, _bills, open_to),
        (SERVICE, _services, open_to),
        (PERIOD, _periods, directed),
    ):
        said = {row: t.removeprefix(word) for row, t in texts if which[row] and t.startswith(word)}
        if said:
            rows, words = [*said], [*said.values()]
            check(_Told(reader, provider_id, refusals, rows, found.account_id[rows], words))


def _bills(told: _Told) -> None:
    bill_id = np.array([int(one) for one in told.said], dtype=np.int64)
    mine = account_of_bill(bill_id) == told.account_id
    known, stands = standing(told.reader, bill_id, mine)
    for at in np.flatnonzero(~known).tolist():
        told.refuse(at, f"{BILL}{told.said[at]} is no bill of this account.")
    for at in np.flatnonzero(known & ~stands).tolist():
        words = f"the bill {told.said[at]} is cancelled or replaced."
        error = BillNotPayable(words, field=FIELD)
        told.refusals.overrule(told.rows[at], Code.BILL_NOT_PAYABLE, error)


def _services(told: _Told) -> None:
    agreed = agreed_services(told.reader, told.account_id)
    asked = list(zip(told.account_id.tolist(), told.said, strict=True))
    others = [at for at, (account, service) in enumerate(asked) if service not in agreed[account]]
    if not others:
        return
    known = account_services(told.reader, told.provider_id, told.account_id[others])
    for at in others:
        account, service = asked[at]
        if service not in known[account]:
            allowed = [f"{SERVICE}{one}" for one in sorted(known[account])]
            told.refuse(at, f"{SERVICE}{service} is no service of this account.", allowed)


def _periods(told: _Told) -> None:
    provider = providers.provider(told.reader, told.provider_id)
    assert provider is not None, "payments have their provider"
    first = FIRST_YEAR[provider.calendar]
    last = first + MONTH_MAX // 12
    for at, month in enumerate(told.said):
        if not first <= int(month[:4]) <= last:
            words = (
                f"{PERIOD}{month} is no month of this provider, whose calendar is "
                f"{provider.calendar}: its years are {first} to {last}."
            )
            told.refuse(at, words)
