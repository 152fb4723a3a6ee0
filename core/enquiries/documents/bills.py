"""Bills and notices as facts: from a bill's own packed texts, its readings, its issued ids."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np

from billcore.core.accounts.checks import ints
from billcore.core.accounts.documents import QrScheme, payload
from billcore.core.accounts.policies import Policies, parse_policies
from billcore.core.billing.asked import asked_of, instalments_of, rounded
from billcore.core.billing.charges.packing import PackedInvalid
from billcore.core.billing.items import account_items
from billcore.core.billing.revenue import receivable_weights
from billcore.core.billing.stored import Span, StoredBill, stored_bill
from billcore.core.caller import Caller
from billcore.core.documents.facts import Bill, Charge, Dial, Notice, PaymentCodes, Price, Supply
from billcore.core.enquiries.documents import parties
from billcore.core.enquiries.documents.prices import prices
from billcore.core.identifiers.faults import IdentifierInvalid
from billcore.core.identifiers.iran import parse_pair
from billcore.core.ledger.kinds import BillKind
from billcore.core.metering.findings import Status
from billcore.core.metering.listing import Entry, Wanted, listing
from billcore.core.metering.provider import metering_provider
from billcore.core.money import exact_text, scaled_text
from billcore.core.rating.columns import line_names
from billcore.core.store import agreements as agreement_rows
from billcore.core.store import issued, meters
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider
from billcore.core.tariff.language.document import Document, Kind

READINGS_MAX = 10_000
"""So many readings of a bill's days are looked at."""

AGREEMENTS_MAX = 1_000


def bill(reader: Reader, caller: Caller, provider: Provider, bill_id: int) -> Bill:
    """A bill of the provider. Raises BillUnknown, PackedInvalid."""
    found = stored_bill(reader, provider.provider_id, bill_id)
    header, policies = found.header, parse_policies(provider.policies)
    payer = parties.payer(reader, header.account_id)
    supplies = tuple(_supplies(reader, caller, found, policies))
    if sum(line.amount for supply in supplies for line in supply.charges) != header.total:
        raise PackedInvalid
    seller = parties.seller(provider)
    parts, later = instalments_of(reader, header)
    asks = found.fate.stands and not found.is_credit
    asked = rounded(header.closing - later, policies) if asks else 0
    return Bill(
        seller=seller,
        payer=payer,
        money=parties.money(provider),
        bill_id=bill_id,
        kind=BillKind(header.kind).name.lower(),
        issued_day=header.issued_day,
        due_day=header.due_day,
        supplies=supplies,
        opening=header.opening,
        total=header.total,
        closing=header.closing,
        payable=asked,
        codes=_codes(reader, policies, found, seller.name, payer.number, asked),
        reference=found.reference,
        cancelled=not found.fate.stands,
        instalments=tuple(sorted((one.document.due_day, one.open) for one in parts)),
        deferred=later,
    )


def notice(
    reader: Reader,
    caller: Caller,
    provider: Provider,
    bill_id: int,
    now: int,
    collector: tuple[str, str] = ("", ""),
) -> Notice:
    """A request to pay what the account of a bill owes now. collector: name and phone. Raises as
    `bill`."""
    told = bill(reader, caller, provider, bill_id)
    policies = parse_policies(provider.policies)
    every = account_items(reader, told.payer.account_id)
    today = metering_provider(reader, provider.provider_id).today(now)
    return Notice(told, every.balance, asked_of(every, policies, today), now, *collector)


# -- what was charged


def _supplies(
    reader: Reader, caller: Caller, found: StoredBill, policies: Policies
) -> Iterator[Supply]:
    account_id = found.header.account_id
    known = agreement_rows.agreements_of(reader, account_id, 0, AGREEMENTS_MAX)
    services = {row.agreement_no: row.service for row in known}
    places = meters.places(reader, account_id)
    counting = _counting(reader, caller, found)
    for span in found.spans:
        number, address, _ = places.get(span.agreement_no, ("", "", ""))
        bill = span.rated_from
        previous, this = bill.previous or 0, bill.this or 0
        days = span.days if number and this else 0
        yield Supply(
            agreement_no=span.agreement_no,
            service=services.get(span.agreement_no, ""),
            place=number,
            address=address,
            previous_day=previous,
            this_day=this,
            days=days,
            dials=tuple(_dials(counting, span)) if days else (),
            quantities=tuple(_quantities(span)),
            charges=tuple(_charges(span, policies.taxes, {} if found.is_credit else prices(span))),
        )


def _charges(
    span: Span, taxes: Sequence[str], priced: Mapping[str, tuple[Price, ...]]
) -> Iterator[Charge]:
    """What counts towards the total and is not nothing, in the order of the bill."""
    document = span.tariff.document
    weights = dict(
        zip(line_names(span.tariff), receivable_weights(span.tariff).tolist(), strict=True)
    )
    for name, amount in span.lines.items():
        if weights[name] and amount:
            line = document.line(name)
            labels = {} if line is None else line.label
            groups = () if line is None else line.groups
            is_tax = name in taxes or bool(set(groups) & set(taxes))
            made_of = priced.get(name, ())
            yield Charge(name, weights[name] * amount, labels, is_tax, made_of)


def _quantities(span: Span) -> Iterator[tuple[str, str, str]]:
    """What was used: the quantities that the bill was rated from."""
    document: Document = span.tariff.document
    for name, value in span.rated_from.inputs.items():
        spec = document.inputs[name]
        if spec.kind is Kind.QUANTITY and isinstance(value, Fraction) and value:
            yield name, exact_text(value), spec.unit


def _counting(reader: Reader, caller: Caller, found: StoredBill) -> Sequence[Entry]:
    """The readings of a bill's days that count now, of its agreements, newest first."""
    days = [
        day
        for span in found.spans
        if span.agreement_no
        for day in (span.rated_from.previous, span.rated_from.this)
        if day
    ]
    if not days:
        return ()
    wanted = Wanted(found.header.account_id, 0, 0, min(days), max(days))
    entries, _ = listing(reader, caller, wanted, None, READINGS_MAX)
    return [entry for entry in entries if entry.counts]


def _dials(counting: Sequence[Entry], span: Span) -> Iterator[Dial]:
    """The readings on the borders of a span of each register, and what was used between."""
    bill = span.rated_from
    assert bill.previous is not None
    assert bill.this is not None
    dials: dict[tuple[int, int], dict[int, Entry]] = {}
    for entry in counting:
        if entry.agreement_no == span.agreement_no and bill.previous <= entry.day <= bill.this:
            dials.setdefault((entry.meter_id, entry.register_no), {})[entry.day] = entry
    for days in dials.values():
        first, last = days[min(days)], days[max(days)]
        if first.day < last.day:
            used = sum((Fraction(e.usage, 10**e.usage_decimals) for e in days.values()
                        if e.day > first.day), Fraction(0))  # fmt: skip
            yield Dial(
                last.quantity,
                last.unit,
                scaled_text(first.value, first.decimals),
                scaled_text(last.value, last.decimals),
                exact_text(used),
                last.status is Status.ESTIMATED,
            )


# -- how it is paid


def _codes(
    reader: Reader, policies: Policies, found: StoredBill, name: str, number: str, asked: int
) -> PaymentCodes:
    """The ids that the bill was issued with, and its code; none where nothing is asked for."""
    if asked <= 0:
        return PaymentCodes()
    header, qr = found.header, policies.documents.qr
    payer_code, payment_code, amount = _issued(reader, header.account_id, header.bill_id)
    if qr.scheme is QrScheme.IDS and payment_code:
        barcode = parse_pair(payer_code, payment_code).barcode
        return PaymentCodes(payer_code, payment_code, amount, barcode)
    try:
        text = payload(qr, name, asked, number, header.bill_id)
    except IdentifierInvalid:  # a name or number that the scheme has no room for
        text = ""
    return PaymentCodes(payer_code, payment_code, amount or asked, text)


def _issued(reader: Reader, account_id: int, bill_id: int) -> tuple[str, str, int]:
    told = issued.of_accounts(reader, np.array([account_id]))
    at = np.flatnonzero(ints(told["bill_id"]) == bill_id).tolist()
    if not at:
        return "", "", 0
    payer, payment, amount = (
        int(ints(told[name])[at[-1]]) for name in ("payer_code", "payment_code", "amount")
    )
    return str(payer), str(payment), amount
