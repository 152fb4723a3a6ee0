"""Consumption by month as messages, and the months of a request."""

from collections.abc import Sequence

from billcore.core.accounts.errors import FieldRefused
from billcore.core.enquiries.consumption import (
    MONTHS,
    MONTHS_MAX,
    Months,
    MonthUse,
    NormUse,
    Series,
)
from billcore.core.ids import MONTH_MAX, accounting_month_of, year_and_month
from billcore.core.money import exact_text
from billcore.core.store.accounts import Account
from billcore.core.store.providers import Provider
from billcore.server.asked import currency
from billcore.server.messages import account as account_messages
from billcore.v1 import enquiry_service_pb2 as pb


def months(request: pb.GetConsumptionRequest, default: Months) -> Months:
    """The months that are asked for. Raises FieldRefused."""
    calendar = default.calendar
    last = (
        _month(request.last_month, "last_month", calendar) if request.last_month else default.last
    )
    first = max(last - MONTHS + 1, 0)
    if request.first_month:
        first = _month(request.first_month, "first_month", calendar)
    if first > last:
        raise FieldRefused("first_month", "it is after last_month.")
    if last - first >= MONTHS_MAX:
        raise FieldRefused("first_month", f"at most {MONTHS_MAX} months are told.")
    return Months(first, last, calendar)


def _month(text: str, field: str, calendar: str) -> int:
    number = accounting_month_of(text)
    if not 0 < number <= MONTH_MAX or text != month_text(number, calendar):
        example = month_text(number, calendar) if number > 0 else "2026-02"
        raise FieldRefused(field, f"give a month of the {calendar} calendar, as {example}.")
    return number


def month_text(month: int, calendar: str) -> str:
    """An accounting month as YYYY-MM."""
    year, number = year_and_month(month, calendar)
    return f"{year:04}-{number:02}"


def consumption(
    account: Account, provider: Provider, asked: Months, found: Sequence[Series]
) -> pb.GetConsumptionResponse:
    """The answer."""
    return pb.GetConsumptionResponse(
        account_id=account.account_id,
        number=account.number,
        first_month=month_text(asked.first, asked.calendar),
        last_month=month_text(asked.last, asked.calendar),
        series=[_series(one, asked.calendar) for one in found],
        **currency(provider),
    )


def _series(found: Series, calendar: str) -> pb.ConsumptionSeries:
    return pb.ConsumptionSeries(
        agreement_no=found.agreement_no,
        service=found.service,
        quantity=found.quantity,
        unit=found.unit,
        months=[_used(one, calendar) for one in found.months],
    )


def _used(found: MonthUse, calendar: str) -> pb.ConsumptionMonth:
    return pb.ConsumptionMonth(
        month=month_text(found.month, calendar),
        first_day=account_messages.iso(found.first_day),
        last_day=account_messages.iso(found.last_day),
        days=found.days,
        usage=exact_text(found.usage),
        amount=found.amount,
        by_norm=None if found.norm is None else _by_norm(found, found.norm),
    )


def _by_norm(found: MonthUse, norm: NormUse) -> pb.UsageByNorm:
    told = pb.UsageByNorm(
        usage=exact_text(norm.usage), saved_usage=exact_text(norm.usage - found.usage)
    )
    if norm.amount is not None:
        told.amount = norm.amount
        told.saving = norm.amount - found.amount
    return told
