"""Making bills: a range of accounts, from what the store knows to rows of record.

Rating decides everything before anything is written: an account with one refused agreement is
refused whole, and the others are billed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from billcore.core.accounts.attributes import attributes_of
from billcore.core.accounts.checks import ints
from billcore.core.accounts.days import iso
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.charges import handed, packing
from billcore.core.billing.charges.due import Chosen, Due, Spans, Window, due
from billcore.core.billing.charges.handed import HandedOn
from billcore.core.billing.charges.parts import Parts, parts_of
from billcore.core.billing.charges.rated import Terms, rated
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.errors import AccountUnbillable, BillExists
from billcore.core.billing.issue import Drafts, Issue, Issued, issue
from billcore.core.billing.payment_ids import payment_ids_of
from billcore.core.calendar import Calendar
from billcore.core.ids import accounting_month, bill_id
from billcore.core.ledger.kinds import BillKind
from billcore.core.ledger.turns import turn_to_bill
from billcore.core.money import minor_digits
from billcore.core.ordered import distinct, places, search
from billcore.core.rating.batch import Ints
from billcore.core.store import bills as rows
from billcore.core.store.port import OPEN_DAY, Reader, Session
from billcore.core.store.providers import Provider

NOT_ENDED = "NOT_ENDED"
"""The rule of an account that cannot have its final bill yet."""

VERSION_MAX = 15
"""A bill is made again for the same month at most so often."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which accounts are billed, for what days, and how it is told.

    first, last: account ids; chosen: which of them. days: billed days that are stated instead of
    counted, by account and agreement. source: unique per provider. finals: an account whose
    agreements are all billed to their last days by this gets a final bill, whatever the kind.
    proposed: by tariff number, documents in the place of the published ones, only to try.
    """

    first: int
    last: int
    window: Window
    issued_day: int
    source: str
    client_id: int
    recorded_at: int
    kind: BillKind = BillKind.REGULAR
    finals: bool = False
    chosen: Chosen = Chosen()  # noqa: RUF009 - frozen
    proposed: Mapping[int, str] = field(default_factory=dict)
    days: Mapping[tuple[int, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Bills ready to be issued, by account, and the accounts that are refused.

    found: what they were made from.
    """

    drafts: Drafts
    refused: dict[int, AccountUnbillable]
    found: Due


def make(reader: Reader, provider: Provider, order: Order) -> Made:
    """Rates what the accounts are due; writes nothing."""
    found = due(reader, order.first, order.last, order.window, order.chosen)
    terms = Terms(
        provider.currency,
        minor_digits(provider.currency),
        attributes_of(reader, provider.provider_id),
        order.days,
    )
    batches, handed_on = rated(found, Tariffs(reader, order.proposed), terms)
    account = distinct(found.spans.account_id)
    account = account[~found.refusals.of(account)]
    kind = _kinds(found, account, order)
    version = _versions(reader, provider, order, account, kind, found)
    there = ~found.refusals.of(account)
    account, kind, version = account[there], kind[there], version[there]
    owned = _Owned.by(account, found.spans)
    parts = [parts_of(batch, found.spans, account) for batch in batches]
    drafts = Drafts(
        account_id=account,
        kind=kind,
        ordinal=np.zeros(len(account), dtype=np.int64),
        version=version,
        previous_day=owned.least(found.spans.previous_day),
        this_day=owned.greatest(found.spans.this_day),
        opening=owned.least(found.opening),
        total=_totals(parts, len(account)),
        lines=packing.joined([part.lines for part in parts], len(account)),
        inputs=packing.joined([one for part in parts for one in part.inputs], len(account)),
        carried=_carried(account, handed_on),
    )
    return Made(drafts, found.refusals.by_account, found)


def bill_accounts(session: Session, provider: Provider, order: Order) -> tuple[Issued, Made]:
    """Makes and issues the bills of a range of accounts."""
    order = in_turn(session, provider, order)
    made = make(session, provider, order)
    if not len(made.drafts):
        return Issued(np.zeros(0, dtype=np.int64), 0), made
    return issue(session, made.drafts, issue_of(provider, order)), made


def in_turn(session: Session, provider: Provider, order: Order) -> Order:
    """The order when nobody else posts to its accounts or bills them: before anything is read."""
    now = turn_to_bill(session, provider.provider_id, order.first, order.last, order.recorded_at)
    return replace(order, recorded_at=now)


def issue_of(provider: Provider, order: Order) -> Issue:
    """How the drafts of an order are issued."""
    return issue_on(provider, order.issued_day, order.source, order.client_id, order.recorded_at)


def issue_on(provider: Provider, day: int, source: str, client_id: int, now: int) -> Issue:
    """How a provider's bills of a day are issued. now: when they are recorded."""
    policies = parse_policies(provider.policies)
    return Issue(
        provider_id=provider.provider_id,
        month=month_of_issue(provider, day),
        issued_day=day,
        due_day=day + policies.due_days,
        taxes=policies.taxes,
        source=source,
        client_id=client_id,
        recorded_at=now,
        payment_ids=payment_ids_of(policies, provider.calendar),
    )


def month_of_issue(provider: Provider, issued_day: int) -> int:
    """The accounting month of a day of issue."""
    year, month, _ = Calendar(provider.calendar).ymd(issued_day)
    return accounting_month(year, month, provider.calendar)


def _kinds(found: Due, account: Ints, order: Order) -> Ints:
    """What each account's bill is. Refuses final bills of accounts that go on."""
    kind = np.full(len(account), order.kind, dtype=np.int64)
    if not order.finals and order.kind is not BillKind.FINAL:
        return kind
    every, billed = found.agreements, found.billed.copy()
    np.maximum.at(billed, found.spans.agreement, found.spans.this_day)
    left = np.flatnonzero(every.until_day > billed)
    if order.kind is BillKind.FINAL:
        for at in left[np.isin(every.account_id[left], account)].tolist():
            _refuse_final(found, at, int(billed[at]))
    goes_on = np.isin(account, every.account_id[left])
    return np.where(goes_on, kind, int(BillKind.FINAL))


def _refuse_final(found: Due, at: int, billed: int) -> None:
    """at: of an agreement with days that a final bill leaves out; billed: up to when it bills."""
    every = found.agreements
    until = int(every.until_day[at])
    why = (
        "it has no last day: end it, then bill for the last time."
        if until == OPEN_DAY
        else f"it lasts until {iso(until)} and would be billed up to {iso(billed)}: a final bill "
        "is up to the last day."
    )
    found.refusals.add(int(every.account_id[at]), NOT_ENDED, why, int(every.agreement_no[at]))


def _versions(
    reader: Reader, provider: Provider, order: Order, account: Ints, kind: Ints, found: Due
) -> Ints:
    """The version of each account's bill: behind those of the month that are cancelled.

    Refuses accounts that have a bill of the month and kind that stands.
    """
    month = month_of_issue(provider, order.issued_day)
    keys = rows.keys(reader, month, order.first, order.last)
    known = {name: ints(column) for name, column in keys.items()}
    version = np.zeros(len(account), dtype=np.int64)
    at, there = places(account, known["account_id"])
    there[there] = kind[at[there]] == known["kind"][there]
    there &= np.asarray(known["ordinal"] == 0, dtype=np.bool_)
    stands = np.asarray(known["stands"] == 1, dtype=np.bool_)
    for row in np.flatnonzero(there & stands).tolist():
        exists = BillExists(int(account[at[row]]), int(known["bill_id"][row]))
        found.refusals.put(int(account[at[row]]), exists)
    np.maximum.at(version, at[there], known["version"][there] + 1)
    for place in np.flatnonzero(version > VERSION_MAX).tolist():
        number = bill_id(int(account[place]), month, int(kind[place]), 0, VERSION_MAX)
        found.refusals.add(
            int(account[place]),
            "VERSIONS_EXHAUSTED",
            f"{number} is the last version that a bill of this month can have.",
        )
    return version


@dataclass(frozen=True, slots=True, eq=False)
class _Owned:
    """The spans of some accounts: first: where those of each account begin among them."""

    rows: Ints
    first: Ints

    @classmethod
    def by(cls, account: Ints, spans: Spans) -> "_Owned":
        """Of sorted accounts, each of which has spans."""
        at, mine = places(account, spans.account_id)
        rows = np.flatnonzero(mine)
        return cls(rows, search(at[rows], np.arange(len(account))))

    def least(self, values: Ints) -> Ints:
        """The least value of the spans of each account."""
        return self._chosen(np.minimum, values)

    def greatest(self, values: Ints) -> Ints:
        """The greatest value of the spans of each account."""
        return self._chosen(np.maximum, values)

    def _chosen(self, choose: np.ufunc, values: Ints) -> Ints:
        found: Ints = (
            choose.reduceat(values[self.rows], self.first) if len(self.first) else values[:0]
        )
        return found


def _totals(parts: list[Parts], count: int) -> Ints:
    total = np.zeros(count, dtype=np.int64)
    for part in parts:
        np.add.at(total, part.bill, part.totals)
    return total


def _carried(account: Ints, handed_on: HandedOn) -> pa.BinaryArray:
    """What each bill hands on; the agreements that it does not bill stay as they were."""
    if not handed_on:
        return packing.joined([], len(account))
    texts = [b""] * len(account)
    by_account: dict[int, dict[int, handed.Handed]] = {}
    for (number, agreement), one in handed_on.items():
        by_account.setdefault(number, {})[agreement] = one
    for number, told in by_account.items():
        at = int(np.searchsorted(account, number))
        if at < len(account) and account[at] == number:
            texts[at] = handed.written(told)
    return pa.array(texts, pa.binary())
