"""The first screen of a portal: all that it shows of an account, from one snapshot."""

from dataclasses import dataclass

from billcore.core.accounts.policies import parse_policies
from billcore.core.accounts.preferences import Preferences, preferences_of
from billcore.core.billing.asked import asked_for
from billcore.core.caller import Caller
from billcore.core.cases.states import CaseState
from billcore.core.enquiries.summary import Summary, summary
from billcore.core.ledger.balances import NOW
from billcore.core.ledger.items import OpenItem
from billcore.core.payments.autopay.agreed import channel_of
from billcore.core.store import account_payments, autopay, cases, late_fees
from billcore.core.store.account_payments import NEWEST, PaymentRow
from billcore.core.store.accounts import Account
from billcore.core.store.autopay import AutopayRow
from billcore.core.store.cases import CaseRow
from billcore.core.store.late_fees import HoldRow
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

PAYMENTS_SHOWN = 5
"""So many payments are told, the newest ones."""

ITEMS_SHOWN = 100
"""So many open items are told, the oldest ones."""

CASES_SHOWN = 20
"""So many open cases are told, the newest ones."""

ENDED = (CaseState.CLOSED, CaseState.REJECTED, CaseState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """payable: minor units that the account is asked for, 0: nothing. open_items: with credits.

    autopay: what goes on, with the code of its channel, or None; holds: of late fees, that are in
    force today.
    """

    summary: Summary
    payable: int
    open_items: tuple[OpenItem, ...]
    payments: tuple[PaymentRow, ...]
    autopay: tuple[AutopayRow, str] | None
    cases: tuple[CaseRow, ...]
    holds: tuple[HoldRow, ...]
    notifications: Preferences


def dashboard(
    reader: Reader, caller: Caller, provider: Provider, account: Account, today: int
) -> Dashboard:
    """What there is to show of an account today."""
    told, account_id = summary(reader, caller, account, today), account.account_id
    holds = late_fees.holds(reader, account_id, account_id, NOW)
    return Dashboard(
        summary=told,
        payable=asked_for(reader, account_id, parse_policies(provider.policies), today),
        open_items=told.open_items[:ITEMS_SHOWN],
        payments=tuple(account_payments.newest(reader, account_id, NEWEST, PAYMENTS_SHOWN)),
        autopay=_autopay(reader, account_id),
        cases=_open_cases(reader, account_id),
        holds=tuple(one for one in holds if one.from_day <= today <= one.until_day),
        notifications=preferences_of(reader, account_id),
    )


def _autopay(reader: Reader, account_id: int) -> tuple[AutopayRow, str] | None:
    found = autopay.find(reader, account_id)
    if found is None or not found.enabled:
        return None
    return found, channel_of(reader, found).channel


def _open_cases(reader: Reader, account_id: int) -> tuple[CaseRow, ...]:
    states = [int(state) for state in CaseState if state not in ENDED]
    return tuple(cases.of_account(reader, account_id, states, CASES_SHOWN))
