"""Making bills: a range of accounts, from what the store knows to rows of record.

Rating decides everything before anything is written: an account with one refused agreement is
refused whole, and the others are billed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from billcore.core.accounts.attributes import attributes_of
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing import revenue
from billcore.core.billing.charges import handed, packing
from billcore.core.billing.charges.due import Due, Window, due
from billcore.core.billing.charges.parts import Parts, parts_of
from billcore.core.billing.charges.rated import HandedOn, Terms, rated
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.errors import AccountUnbillable
from billcore.core.billing.issue import Drafts, Issue, issue
from billcore.core.calendar import Calendar
from billcore.core.ids import accounting_month
from billcore.core.ledger.kinds import BillKind
from billcore.core.ledger.turns import turn_to_bill
from billcore.core.money import minor_digits
from billcore.core.rating.batch import Ints
from billcore.core.store.port import Reader, Session
from billcore.core.store.providers import Provider


@dataclass(frozen=True, slots=True)
class Order:
    """Which accounts are billed, for what days, and how it is told.

    first, last: account ids. days: billed days that are stated instead of counted, by account and
    agreement. source: unique per provider.
    """

    first: int
    last: int
    window: Window
    issued_day: int
    source: str
    client_id: int
    recorded_at: int
    kind: BillKind = BillKind.REGULAR
    days: Mapping[tuple[int, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Bills ready to be issued, what they post, and the accounts that are refused."""

    drafts: Drafts
    amounts: dict[str, int]
    refused: dict[int, AccountUnbillable]


def make(reader: Reader, provider: Provider, order: Order) -> Made:
    """Rates what the accounts are due; writes nothing."""
    found = due(reader, provider.provider_id, order.first, order.last, order.window)
    terms = Terms(
        provider.currency,
        minor_digits(provider.currency),
        attributes_of(reader, provider.provider_id),
        order.days,
    )
    batches, handed_on = rated(found, Tariffs(reader), terms)
    account = np.unique(found.spans.account_id)
    account = account[~found.refusals.of(account)]
    parts = [parts_of(batch, found.spans, account) for batch in batches]
    taxes = parse_policies(provider.policies).taxes
    drafts = Drafts(
        account_id=account,
        previous_day=_by_account(found, account, found.spans.previous_day, np.minimum),
        this_day=_by_account(found, account, found.spans.this_day, np.maximum),
        opening=_by_account(found, account, found.opening, np.minimum),
        total=_totals(parts, len(account)),
        lines=packing.joined([part.lines for part in parts], len(account)),
        inputs=packing.joined([one for part in parts for one in part.inputs], len(account)),
        carried=_carried(account, handed_on),
    )
    amounts = revenue.added([part.amounts(taxes) for part in parts])
    return Made(drafts, amounts, found.refusals.by_account)


def bill_accounts(session: Session, provider: Provider, order: Order) -> tuple[Ints, Made]:
    """Makes and issues the bills of a range of accounts; (their ids, what was made)."""
    order = in_turn(session, provider, order)
    made = make(session, provider, order)
    if not len(made.drafts):
        return np.zeros(0, dtype=np.int64), made
    return issue(session, made.drafts, issue_of(provider, order), made.amounts), made


def in_turn(session: Session, provider: Provider, order: Order) -> Order:
    """The order when nobody else posts to its accounts or bills them: before anything is read."""
    now = turn_to_bill(session, provider.provider_id, order.first, order.last, order.recorded_at)
    return replace(order, recorded_at=now)


def _by_account(due: Due, account: Ints, values: Ints, choose: np.ufunc) -> Ints:
    """The least or greatest value of the spans of each account."""
    place = np.searchsorted(account, due.spans.account_id)
    mine = np.isin(due.spans.account_id, account)
    _, first = np.unique(place[mine], return_index=True)
    found: Ints = choose.reduceat(values[mine], first) if len(first) else values[:0]
    return found


def _totals(parts: list[Parts], count: int) -> Ints:
    total = np.zeros(count, dtype=np.int64)
    for part in parts:
        np.add.at(total, part.bill, part.totals)
    return total


def _carried(account: Ints, handed_on: HandedOn) -> pa.BinaryArray:
    """What each bill hands on; the agreements that it does not bill stay as they were."""
    texts = [b""] * len(account)
    by_account: dict[int, dict[int, handed.Handed]] = {}
    for (number, agreement), one in handed_on.items():
        by_account.setdefault(number, {})[agreement] = one
    for number, told in by_account.items():
        at = int(np.searchsorted(account, number))
        if at < len(account) and account[at] == number:
            texts[at] = handed.written(told)
    return pa.array(texts, pa.binary())


def issue_of(provider: Provider, order: Order) -> Issue:
    """How the drafts of an order are issued."""
    year, month, _ = Calendar(provider.calendar).ymd(order.issued_day)
    return Issue(
        provider_id=provider.provider_id,
        month=accounting_month(year, month, provider.calendar),
        kind=order.kind,
        ordinal=0,
        version=0,
        issued_day=order.issued_day,
        due_day=order.issued_day + parse_policies(provider.policies).due_days,
        source=order.source,
        client_id=order.client_id,
        recorded_at=order.recorded_at,
    )
