"""What an account is asked for today: one rule for counters, portals, notices and collectors."""

from collections.abc import Sequence

import numpy as np

from billcore.core.accounts.policies import Policies
from billcore.core.billing.items import AccountItems, account_items
from billcore.core.identifiers.payable import payable
from billcore.core.ledger.items import OpenItem
from billcore.core.store import instalments
from billcore.core.store.bills import BillHeader
from billcore.core.store.port import Reader


def due_balance(every: AccountItems, policies: Policies, today: int) -> int:
    """What of an account's whole balance may be asked for: without the instalments that are due
    later than a bill of today would be. every: of all days. Minor units; negative: a credit."""
    return every.balance - every.deferred(today + policies.due_days)


def asked_of(every: AccountItems, policies: Policies, today: int) -> int:
    """That, as the provider rounds what it asks for; 0: nothing."""
    return rounded(due_balance(every, policies, today), policies)


def rounded(owed: int, policies: Policies) -> int:
    """What is asked for where so much is owed, in minor units; 0: nothing, as of a credit."""
    rounding = policies.payable
    return payable(max(owed, 0), rounding.unit, rounding.mode).payable


def asked_for(reader: Reader, account_id: int, policies: Policies, today: int) -> int:
    """The same of an account as it stands now."""
    return asked_of(account_items(reader, account_id), policies, today)


def instalments_of(reader: Reader, header: BillHeader) -> tuple[Sequence[OpenItem], int]:
    """The open instalments that a bill asks for, and what of others is due later (minor units), as
    they were when it was issued."""
    if header.account_id not in instalments.planned(reader, np.array([header.account_id])):
        return (), 0
    every = account_items(reader, header.account_id, known_at=header.recorded_at)
    parts = [one for one in every.open() if one.is_deferred(0)]  # due on any day
    asked = [one for one in parts if not one.is_deferred(header.due_day)]
    return asked, sum(one.open for one in parts) - sum(one.open for one in asked)
