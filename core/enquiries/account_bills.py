"""An account's bills as a portal tables them: dials, usage, lines, what of each is open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from billcore.core.billing.items import account_items
from billcore.core.billing.stored import Span, StoredBill, stored_bill
from billcore.core.caller import Caller
from billcore.core.enquiries.by_norm import used
from billcore.core.enquiries.payable import is_bill
from billcore.core.metering.listing import Entry, Wanted, listing
from billcore.core.store import bills as rows
from billcore.core.store.accounts import Account
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider
from billcore.core.tariff.language.document import Kind

READINGS_MAX = 10_000
"""So many readings of a page are looked at, the newest ones."""

Dials = Mapping[tuple[int, str, int], Sequence[Entry]]
"""The readings that count, by agreement, quantity and day."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a span was billed of a quantity. usage: in its unit, exactly; opening, closing: the
    dials at the begin and the end of the span, none where no meter feeds the quantity."""

    quantity: str
    unit: str
    usage: Fraction
    opening: Sequence[Entry]
    closing: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class AccountBill:
    """A bill, what of it is open today in minor units, and what each of its spans used."""

    bill: StoredBill
    open: int
    usages: tuple[tuple[Usage, ...], ...]


def account_bills(
    reader: Reader,
    caller: Caller,
    provider: Provider,
    account: Account,
    before: int,
    most: int,
    today: int,
) -> list[AccountBill]:
    """Up to `most` bills of an account before the id `before`, the newest first."""
    headers = rows.newest_headers(reader, account.account_id, before, most)
    found = [stored_bill(reader, provider.provider_id, one.bill_id) for one in headers]
    items = account_items(reader, account.account_id, today).open()
    still = {item.document.id: item.open for item in items if is_bill(item)}
    dials = _dials(reader, caller, account.account_id, found)
    return [
        AccountBill(
            bill,
            still.get(bill.header.bill_id, 0),
            tuple(_usages(dials, span) for span in bill.spans),
        )
        for bill in found
    ]


def _dials(reader: Reader, caller: Caller, account_id: int, bills: Iterable[StoredBill]) -> Dials:
    """The readings of the days with which spans of these bills begin and end."""
    days = {
        day
        for bill in bills
        for span in bill.spans
        if span.agreement_no
        for day in (span.rated_from.previous, span.rated_from.this)
        if day
    }
    found: dict[tuple[int, str, int], list[Entry]] = {}
    if days:
        wanted = Wanted(account_id, 0, 0, min(days), max(days))
        for entry in listing(reader, caller, wanted, None, READINGS_MAX)[0]:
            if entry.counts and entry.day in days:
                key = entry.agreement_no, entry.quantity, entry.day
                found.setdefault(key, []).append(entry)
    return found


def _usages(dials: Dials, span: Span) -> tuple[Usage, ...]:
    """Of every quantity that was used, or that has a meter."""
    bill, found = span.rated_from, []
    for spec in span.tariff.document.inputs.values():
        if spec.kind is Kind.QUANTITY:
            opening, closing = (
                dials.get((span.agreement_no, spec.name, day or 0), ())
                for day in (bill.previous, bill.this)
            )
            usage = Fraction(used(bill, spec), 10**spec.decimals)
            if usage or opening or closing:
                found.append(Usage(spec.name, spec.unit, usage, opening, closing))
    return tuple(found)
