"""Balances, statements and summaries of accounts as messages."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from billcore.core.accounts.agreements import Agreement
from billcore.core.accounts.attributes import value_text
from billcore.core.accounts.errors import FieldRefused
from billcore.core.enquiries.summary import LastReading, Summary
from billcore.core.ledger.balances import Document, DocumentKind, Statement
from billcore.core.ledger.items import OpenItem
from billcore.core.money import Mode, Rounding, decimal_text, exact_text, scaled_text
from billcore.core.store.providers import Provider
from billcore.server.asked import Moment, currency
from billcore.server.messages import account as account_messages
from billcore.server.messages import billing as billing_messages
from billcore.v1 import enquiry_service_pb2 as pb
from billcore.v1.document_service_pb2 import StatementWanted

DOCUMENTS_MAX = 10_000
"""A statement has at most this many documents."""

AVERAGE_DAYS = 30
AVERAGE = Rounding(Fraction(1, 1000), Mode.HALF_UP)
AVERAGE_DECIMALS = 3

BEGINNING = 0
"""Before every day."""

Place = tuple[str, str, str]
"""Number, address and geographic code of a service point."""


# -- statements


def days(request: pb.GetStatementRequest | StatementWanted, moment: Moment) -> tuple[int, int]:
    """The first and last day of a statement. Raises FieldRefused."""
    last = moment.day(request.last_day, "last_day")
    if not request.first_day:
        return BEGINNING, last
    first = account_messages.day(request.first_day, "first_day")
    if first > last:
        raise FieldRefused("first_day", "it is after last_day.")
    return first, last


def check_length(statement: Statement, items: Sequence[OpenItem]) -> None:
    """Raises FieldRefused for more documents than an answer has."""
    for count, what in ((len(statement.documents), "documents"), (len(items), "open items")):
        if count > DOCUMENTS_MAX:
            raise FieldRefused(
                "first_day", f"there are {count} {what}, at most {DOCUMENTS_MAX}: ask fewer days."
            )


def documents(statement: Statement) -> list[pb.StatementDocument]:
    every = zip(statement.documents, statement.balances, strict=True)
    return [_document(document, balance) for document, balance in every]


def _document(document: Document, balance: int) -> pb.StatementDocument:
    return pb.StatementDocument(
        kind=_kind(document),
        id=document.id,
        what=document.what,
        day=account_messages.iso(document.day),
        amount=document.amount,
        balance=balance,
        reference=document.reference,
        reverses=document.undoes if document.kind is DocumentKind.ENTRY else 0,
        due_day=account_messages.iso(document.due_day),
        recorded_at=document.recorded_at,
    )


def _kind(document: Document) -> str:
    return f"DOCUMENT_KIND_{document.kind.name}"


def items(found: Sequence[OpenItem]) -> list[pb.OpenItem]:
    return [_item(item) for item in found]


def _item(item: OpenItem) -> pb.OpenItem:
    document = item.document
    return pb.OpenItem(
        kind=_kind(document),
        id=document.id,
        what=document.what,
        day=account_messages.iso(document.day),
        due_day=account_messages.iso(document.due_day),
        amount=document.amount,
        open=item.open,
    )


# -- summaries


def summary(
    found: Summary,
    provider: Provider,
    names: account_messages.Names,
    places: dict[int, Place],
) -> pb.GetAccountSummaryResponse:
    account, last_bill = found.account, found.last_bill
    return pb.GetAccountSummaryResponse(
        account_id=account.account_id,
        number=account.number,
        customer_name=found.customer.name,
        geographic_code=account.geographic_code,
        opened_day=account_messages.iso(account.opened_day),
        closed_day=account_messages.iso(account.closed_day),
        balance=found.balance,
        overdue=found.overdue,
        due_day=account_messages.iso_if_any(found.due_day),
        last_bill=billing_messages.header(last_bill, provider, found.fate) if last_bill else None,
        supplies=[
            _supply(
                one,
                names,
                places,
                found.readings.get(one.row.agreement_no, ()),
                found.labels[one.terms[-1].tariff_no] if one.terms else {},
            )
            for one in found.agreements
        ],
        **currency(provider),
    )


def _supply(
    found: Agreement,
    names: account_messages.Names,
    places: dict[int, Place],
    readings: Sequence[LastReading],
    labels: Mapping[str, str],
) -> pb.Supply:
    place, address, code = places.get(found.row.agreement_no, ("", "", ""))
    return pb.Supply(
        agreement_no=found.row.agreement_no,
        service=found.row.service,
        place=place,
        address=address,
        geographic_code=code,
        tariff_id=names.tariffs[found.terms[-1].tariff_no] if found.terms else "",
        tariff_labels=labels,
        attributes=_attributes(found, names),
        until_day=account_messages.iso(found.row.until_day),
        readings=[_reading(reading) for reading in readings],
    )


def _attributes(found: Agreement, names: account_messages.Names) -> dict[str, str]:
    """The last values, by name; steps are in the order of their days."""
    told = {}
    for step in sorted(found.steps, key=lambda step: step.from_day):
        attribute = names.attributes[step.attribute_no]
        told[attribute.name] = value_text(attribute, step.value)
    return told


def _reading(reading: LastReading) -> pb.LastReading:
    return pb.LastReading(
        quantity=reading.quantity,
        unit=reading.unit,
        day=account_messages.iso(reading.day),
        value=scaled_text(reading.value, reading.decimals),
        estimated=reading.estimated,
        usage=exact_text(reading.usage),
        days=reading.days,
        average_use=average(reading.usage, reading.days),
    )


def average(usage: Fraction, days: int) -> str:
    """The use of 30 days, as text; empty without days."""
    if not days:
        return ""
    return decimal_text(AVERAGE.apply(usage * AVERAGE_DAYS / days), AVERAGE_DECIMALS)
