"""What the first page of a portal shows of an account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from billcore.core.accounts import agreements, things
from billcore.core.accounts.accounts import CUSTOMERS
from billcore.core.accounts.agreements import Agreement
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.fates import STANDS, Fate, Fates
from billcore.core.billing.items import account_items
from billcore.core.caller import Caller
from billcore.core.ids import provider_of
from billcore.core.ledger.balances import DocumentKind
from billcore.core.ledger.items import OpenItem
from billcore.core.metering.findings import Status
from billcore.core.metering.listing import Entry, Wanted, listing
from billcore.core.store import bills, corrections
from billcore.core.store.accounts import Account, Customer
from billcore.core.store.bills import BillHeader
from billcore.core.store.port import Reader

YEAR_DAYS = 365
READINGS_MAX = 10_000
"""So many readings of a year are looked at, the newest ones."""

AGREEMENTS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class LastReading:
    """The newest reading of a quantity. value: the dial in 10^-decimals; day: an ordinal.

    usage: in units, what was used in `days` days up to it; days 0: it is the only reading.
    """

    quantity: str
    unit: str
    day: int
    value: int
    decimals: int
    estimated: bool
    usage: Fraction
    days: int


@dataclass(frozen=True, slots=True)
class Summary:
    """balance, overdue: minor units; due_day: of the oldest open bill, 0: none is open.

    readings: by agreement, then quantity; last_bill: the one recorded last; fate: of it.
    open_items: what is open today, in order, credits too. labels: of tariffs by number, as their
    newest versions name them, by language.
    """

    account: Account
    customer: Customer
    balance: int
    overdue: int
    due_day: int
    last_bill: BillHeader | None
    agreements: list[Agreement]
    readings: dict[int, list[LastReading]]
    fate: Fate
    open_items: tuple[OpenItem, ...]
    labels: Mapping[int, Mapping[str, str]]


def summary(reader: Reader, caller: Caller, account: Account, today: int) -> Summary:
    """What there is to show of an account today."""
    provider_id = provider_of(account.account_id)
    every = account_items(reader, account.account_id, today)
    still = every.open()
    open_bills = [
        item for item in still if item.document.kind is DocumentKind.BILL and item.open > 0
    ]
    last_bill = _last_bill(reader, account.account_id)
    supplied = agreements.list_agreements(
        reader, provider_id, account.account_id, 0, AGREEMENTS_MAX
    )
    return Summary(
        account=account,
        customer=things.get(reader, provider_id, CUSTOMERS, account.customer_id),
        balance=every.balance,
        overdue=_overdue(open_bills, today),
        due_day=open_bills[0].document.due_day if open_bills else 0,
        last_bill=last_bill,
        agreements=supplied,
        readings=_readings(reader, caller, account.account_id, today, last_bill),
        fate=_fate(reader, last_bill),
        open_items=tuple(still),
        labels=_labels(reader, supplied),
    )


def _labels(reader: Reader, supplied: Iterable[Agreement]) -> dict[int, Mapping[str, str]]:
    """What the tariffs of agreements are called."""
    tariffs = Tariffs(reader)
    numbers = {one.terms[-1].tariff_no for one in supplied if one.terms}
    return {number: tariffs.newest(number)[1].document.label for number in sorted(numbers)}


def _overdue(open_bills: Iterable[OpenItem], today: int) -> int:
    return sum(item.open for item in open_bills if item.document.due_day < today)


def _last_bill(reader: Reader, account_id: int) -> BillHeader | None:
    found = bills.last(reader, account_id)
    if found is None:
        return None
    month, bill_id = found
    return bills.header(reader, month, account_id, bill_id)


def _fate(reader: Reader, bill: BillHeader | None) -> Fate:
    if bill is None:
        return STANDS
    return Fates(corrections.of_account(reader, bill.account_id)).of(bill.bill_id)


def _readings(
    reader: Reader, caller: Caller, account_id: int, today: int, last_bill: BillHeader | None
) -> dict[int, list[LastReading]]:
    """Of the last year; where that has none, of the year before the last bill's reading."""
    days = [today] if last_bill is None else [today, last_bill.this_day]
    for day in days:
        wanted = Wanted(account_id, 0, 0, day - YEAR_DAYS, day)
        entries, _ = listing(reader, caller, wanted, None, READINGS_MAX)
        if entries:
            return _grouped(entries)
    return {}


def _grouped(entries: Sequence[Entry]) -> dict[int, list[LastReading]]:
    """By agreement, of each quantity the last one; entries: newest first."""
    groups: dict[tuple[int, str], list[Entry]] = {}
    for entry in entries:
        if entry.counts:
            groups.setdefault((entry.agreement_no, entry.quantity), []).append(entry)
    found: dict[int, list[LastReading]] = {}
    for (agreement_no, _), group in sorted(groups.items()):
        found.setdefault(agreement_no, []).append(_last(group))
    return found


def _last(group: Sequence[Entry]) -> LastReading:
    """Exchanged meters follow one another and registers count side by side: days count once."""
    newest = group[0]
    used = [entry for entry in group if entry.days]
    begin = min((entry.day - entry.days for entry in used), default=newest.day)
    return LastReading(
        quantity=newest.quantity,
        unit=newest.unit,
        day=newest.day,
        value=newest.value,
        decimals=newest.decimals,
        estimated=newest.status is Status.ESTIMATED,
        usage=sum((Fraction(e.usage, 10**e.usage_decimals) for e in used), Fraction(0)),
        days=newest.day - begin,
    )
