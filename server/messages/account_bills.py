"""An account's bills as a portal tables them, as messages."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from billcore.core.billing.stored import Span
from billcore.core.enquiries.account_bills import AccountBill, Usage
from billcore.core.metering.findings import Status
from billcore.core.metering.listing import Entry
from billcore.core.money import exact_text, scaled_text
from billcore.core.store.accounts import Account
from billcore.core.store.providers import Provider
from billcore.server.messages import account as account_messages
from billcore.server.messages import billing as billing_messages
from billcore.server.messages.enquiry import average
from billcore.v1 import billing_service_pb2
from billcore.v1 import enquiry_service_pb2 as pb

PAGE_SIZE = 12
PAGE_SIZE_MAX = 50


def languages(
    request: pb.ListAccountBillsRequest, account: Account, provider: Provider
) -> list[str]:
    """The languages of labels, the best first."""
    wanted = (request.language, account.language, provider.language, "en")
    return list(dict.fromkeys(filter(None, wanted)))


def bills(
    found: Iterable[AccountBill], provider: Provider, languages: Sequence[str]
) -> list[pb.AccountBill]:
    return [_bill(one, provider, languages) for one in found]


def _bill(found: AccountBill, provider: Provider, languages: Sequence[str]) -> pb.AccountBill:
    told = billing_messages.bill(found.bill, provider)
    spans = zip(found.bill.spans, told.spans, found.usages, strict=True)
    return pb.AccountBill(
        header=told.header,
        open=found.open,
        reference=told.reference,
        spans=[_span(*one, languages) for one in spans],
    )


def _span(
    span: Span,
    told: billing_service_pb2.BillSpan,
    usages: Sequence[Usage],
    languages: Sequence[str],
) -> pb.AccountBillSpan:
    bill, document = span.rated_from, span.tariff.document
    days = told.days if span.agreement_no else 0
    return pb.AccountBillSpan(
        agreement_no=span.agreement_no,
        tariff=_label(document.label, document.id, languages),
        previous_day=account_messages.iso(bill.previous or 0) if days else "",
        this_day=account_messages.iso(bill.this or 0) if days else "",
        days=days,
        usages=[_usage(one, days) for one in usages],
        lines=[
            pb.NamedLine(
                name=line.name,
                label=_label(line.labels, line.name, languages),
                amount=line.amount,
                digits=line.digits,
                unit=line.unit,
                counts=line.counts,
            )
            for line in told.lines
        ],
    )


def _label(labels: Mapping[str, str], name: str, languages: Sequence[str]) -> str:
    """In the best language that there is."""
    return next((labels[one] for one in languages if one in labels), name)


def _usage(found: Usage, days: int) -> pb.BilledUsage:
    return pb.BilledUsage(
        quantity=found.quantity,
        unit=found.unit,
        usage=exact_text(found.usage),
        average_use=average(Fraction(found.usage), days),
        opening=[_dial(one) for one in found.opening],
        closing=[_dial(one) for one in found.closing],
    )


def _dial(entry: Entry) -> pb.BilledDial:
    return pb.BilledDial(
        meter_id=entry.meter_id,
        register_no=entry.register_no,
        value=scaled_text(entry.value, entry.decimals),
        estimated=entry.status is Status.ESTIMATED,
    )
