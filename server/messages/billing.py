"""Bills of accounts as messages, and back.

Goals: a day, kind or count that its field cannot hold is refused with the field's path.
Non-goals: rules of bills, which core has; bills to be rated alone (`bill_messages`).
"""

from collections.abc import Sequence

from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.charges.due import Window
from billcore.core.billing.fates import Fate
from billcore.core.billing.single import Asked
from billcore.core.billing.stored import Span, StoredBill
from billcore.core.errors import BatchTooLarge
from billcore.core.ids import year_and_month
from billcore.core.ledger.kinds import BillKind
from billcore.core.store.accounts import Account
from billcore.core.store.bills import BillHeader
from billcore.core.store.providers import Provider
from billcore.core.tariff.explain.text import as_text
from billcore.server.asked import Moment, currency
from billcore.server.messages import account as account_messages
from billcore.server.messages import bill as bill_messages
from billcore.server.messages import tariff as tariff_messages
from billcore.v1 import billing_service_pb2 as pb
from billcore.v1 import common_pb2

STATED_DAYS_MAX = 1_000
"""So many agreements of an order may have stated days."""

KINDS = {
    pb.BILL_KIND_UNSPECIFIED: BillKind.REGULAR,
    **{pb.BillKind.Value(f"BILL_KIND_{kind.name}"): kind for kind in BillKind},
}


# -- requests


def asked(order: pb.BillOrder, account: Account, moment: Moment) -> Asked:
    """The bill that an order wants. Raises FieldRefused, BatchTooLarge."""
    last = account_messages.day(order.last_day, "order.last_day")
    first = account_messages.day(order.first_day or order.last_day, "order.first_day")
    if order.kind not in KINDS:
        raise FieldRefused("order.kind", f"{order.kind} is no kind of bill.")
    return Asked(
        account.account_id,
        Window(first, last),
        moment.day(order.issued_day, "order.issued_day"),
        KINDS[order.kind],
        _stated(order.stated_days),
    )


def _stated(given: Sequence[pb.StatedDays]) -> dict[int, int]:
    if len(given) > STATED_DAYS_MAX:
        raise BatchTooLarge("order.stated_days", STATED_DAYS_MAX, len(given))
    found = {stated.agreement_no: stated.days for stated in given}
    if len(found) < len(given):
        raise FieldRefused("order.stated_days", "an agreement stands in it twice.")
    return found


# -- answers


def bill(found: StoredBill, provider: Provider) -> pb.IssuedBill:
    return pb.IssuedBill(
        header=header(found.header, provider, found.fate),
        spans=[_span(span) for span in found.spans],
        reference=found.reference,
    )


def header(found: BillHeader, provider: Provider, fate: Fate) -> pb.BillHeader:
    year, month = year_and_month(found.month, provider.calendar)
    return pb.BillHeader(
        bill_id=found.bill_id,
        account_id=found.account_id,
        kind=f"BILL_KIND_{BillKind(found.kind).name}",
        ordinal=found.ordinal,
        version=found.version,
        month=f"{year:04}-{month:02}",
        previous_day=account_messages.iso(found.previous_day),
        this_day=account_messages.iso(found.this_day),
        issued_day=account_messages.iso(found.issued_day),
        due_day=account_messages.iso(found.due_day),
        opening=found.opening,
        total=found.total,
        closing=found.closing,
        recorded_at=found.recorded_at,
        stands=fate.stands,
        cancelled_by=fate.cancelled_by,
        place_taken_by=fate.place_taken_by,
        takes_back=fate.takes_back,
        in_place_of=fate.in_place_of,
        **currency(provider),
    )


def _span(span: Span) -> pb.BillSpan:
    return pb.BillSpan(
        agreement_no=span.agreement_no,
        plan=_plan(span),
        days=span.days,
        lines=[_line(span, name, amount) for name, amount in span.lines.items()],
        rated_from=bill_messages.told(span.rated_from, span.tariff.document),
    )


def _plan(span: Span) -> common_pb2.Plan:
    tariff = span.tariff
    return common_pb2.Plan(tariff_id=tariff.id, version=span.version, hash=tariff.hash)


def _line(span: Span, name: str, amount: int) -> pb.BillLine:
    document = span.tariff.document
    told = tariff_messages.line(document, name)
    line = document.line(name.partition("[")[0])
    return pb.BillLine(
        name=name,
        labels=told.labels,
        amount=amount,
        digits=told.digits,
        unit=told.unit,
        counts=line is None or line.counts,
    )


def explained(span: Span, language: str) -> pb.ExplainedSpan:
    explanation = span.explanation()
    return pb.ExplainedSpan(
        agreement_no=span.agreement_no,
        plan=_plan(span),
        explanation=bill_messages.steps(explanation),
        text=as_text(explanation, language or "en"),
    )
