"""What an account used, month by month, beside what it would have been by norm.

Goals: a chart is drawn from one answer; the months of a bill sum to the bill, in quantity and in
money. Sources: the bills of days that stand, and nothing else, so that the chart is what was
charged. A bill is spread over the days of its period evenly, as tariffs spread usage.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

import numpy as np
import pyarrow as pa

from billcore.core.accounts import agreements
from billcore.core.accounts.norms import Norm
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.revenue import receivable_weights
from billcore.core.billing.stored import Span, spans_of
from billcore.core.calendar import Calendar, cut, month_starts
from billcore.core.enquiries.by_norm import Piece, by_norm, fitting, used
from billcore.core.ids import accounting_month, year_and_month
from billcore.core.money import split_exactly
from billcore.core.rating.columns import line_names
from billcore.core.store import consumption as rows
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider
from billcore.core.tariff.bill import Bill
from billcore.core.tariff.language.document import InputSpec, Kind

MONTHS_MAX = 36
"""A chart goes over at most so many months."""

MONTHS = 12
"""So many where the first one is not told."""

AGREEMENTS_MAX = 1_000

Sum = TypeVar("Sum", int, Fraction)


@dataclass(frozen=True, slots=True)
class NormUse:
    """By the norm. usage: in the quantity's unit, exactly; amount: minor units, None: the tariff
    does not rate such usage."""

    usage: Fraction
    amount: int | None


@dataclass(frozen=True, slots=True)
class MonthUse:
    """What was billed of a month. month: an accounting month; days: how many of it are billed.

    usage: in the quantity's unit, exactly; amount: what the agreement was charged, minor units.
    norm: None where a bill of the month has none.
    """

    month: int
    first_day: int
    last_day: int
    days: int
    usage: Fraction
    amount: int
    norm: NormUse | None


@dataclass(frozen=True, slots=True)
class Series:
    """A quantity of an agreement, by month; unit: as its newest tariff has it."""

    agreement_no: int
    service: str
    quantity: str
    unit: str
    months: tuple[MonthUse, ...]


@dataclass(frozen=True, slots=True)
class Months:
    """Accounting months first..last of a calendar."""

    first: int
    last: int
    calendar: str

    def span(self) -> tuple[int, int]:
        """The first and the last day."""
        return self.days(self.first)[0], self.days(self.last)[1]

    def days(self, month: int) -> tuple[int, int]:
        """The first and the last day of a month."""
        calendar = Calendar[self.calendar.upper()]
        year, number = year_and_month(month, self.calendar)
        first = calendar.ordinal(year, number, 1)
        return first, first + calendar.month_length(year, number) - 1

    def pieces(self, bill: Bill) -> list[Piece]:
        """The days of a bill, month by month."""
        assert bill.previous is not None
        assert bill.this is not None
        starts = month_starts(Calendar[self.calendar.upper()], bill.previous + 1, bill.this)
        return cut(bill.previous, bill.this, starts)

    def of(self, day: int) -> int:
        """The month of a day."""
        year, number, _ = Calendar[self.calendar.upper()].ymd(day)
        return accounting_month(year, number, self.calendar)


def last_months(reader: Reader, provider: Provider, account_id: int, today: int) -> Months:
    """The months up to that of the account's last billed day, or of today."""
    calendar = provider.calendar
    last = Months(0, 0, calendar).of(rows.last_day(reader, account_id) or today)
    return Months(max(last - MONTHS + 1, 0), last, calendar)


def consumption(
    reader: Reader, provider: Provider, account_id: int, months: Months
) -> list[Series]:
    """Every quantity of the account's agreements, by agreement, in the order of its tariff."""
    found = agreements.list_agreements(reader, provider.provider_id, account_id, 0, AGREEMENTS_MAX)
    services = {one.row.agreement_no: one.row.service for one in found}
    norms = parse_policies(provider.policies).norms
    charts: dict[tuple[int, str], _Chart] = {}
    for span in _spans(reader, account_id, months):
        amount = _owed(span, span.lines)
        for spec in span.tariff.document.inputs.values():
            if spec.kind is Kind.QUANTITY:
                chart = charts.setdefault((span.agreement_no, spec.name), _Chart(spec))
                chart.spec = spec
                chart.add(months, span, amount, fitting(norms, span.tariff.id, spec.name))
    return [
        Series(
            agreement_no, services.get(agreement_no, ""), quantity, chart.spec.unit,
            chart.months(months),
        )
        for (agreement_no, quantity), chart in sorted(charts.items(), key=lambda one: one[0][0])
        if chart.tells
    ]  # fmt: skip


def _spans(reader: Reader, account_id: int, months: Months) -> Iterator[Span]:
    """What was billed of days of these months, in order."""
    found = rows.of_days(reader, account_id, *months.span())
    lines, inputs = found["lines"], found["inputs"]
    assert isinstance(lines, pa.Array)
    assert isinstance(inputs, pa.Array)
    tariffs = Tariffs(reader)
    for pair in zip(lines.to_pylist(), inputs.to_pylist(), strict=True):
        yield from spans_of(tariffs, *(pa.array([one], pa.binary()) for one in pair))


def _owed(span: Span, lines: Mapping[str, int]) -> int:
    """What lines of a span add to its bill, in minor units."""
    amounts = np.array([lines[name] for name in line_names(span.tariff)], dtype=np.int64)
    return int(amounts @ receivable_weights(span.tariff))


@dataclass(slots=True)
class _Sums:
    """What bills have of a month; by_norm, norm_amount: None as soon as one has none."""

    days: int = 0
    usage: Fraction = Fraction(0)
    amount: int = 0
    by_norm: Fraction | None = Fraction(0)
    norm_amount: int | None = 0


@dataclass(slots=True)
class _Chart:
    """A quantity of an agreement while bills are added."""

    spec: InputSpec
    sums: dict[int, _Sums] = field(default_factory=dict)
    tells: bool = False
    """Whether anything was used, or there is a norm."""

    def add(self, months: Months, span: Span, amount: int, norm: Norm | None) -> None:
        """Spreads a span over its months: evenly, but its norm as each month has it."""
        bill, scale = span.rated_from, 10**self.spec.decimals
        pieces = months.pieces(bill)
        days = [last - before for before, last in pieces]
        instead = by_norm(span.tariff, bill, norm, pieces) if norm else None
        lines = None if instead is None else instead.lines
        usage, nothing = used(bill, self.spec), [None] * len(pieces)
        self.tells |= bool(usage) or instead is not None
        parts = zip(
            pieces,
            days,
            split_exactly(usage, days),
            split_exactly(amount, days),
            nothing if instead is None else instead.usage,
            nothing if lines is None else split_exactly(_owed(span, lines), days),
            strict=True,
        )
        for (_, last), count, own, money, normed, norm_money in parts:
            sums = self.sums.setdefault(months.of(last), _Sums())
            sums.days += count
            sums.usage += Fraction(own, scale)
            sums.amount += money
            sums.by_norm = _both(sums.by_norm, None if normed is None else Fraction(normed, scale))
            sums.norm_amount = _both(sums.norm_amount, norm_money)

    def months(self, months: Months) -> tuple[MonthUse, ...]:
        """The months that have billed days, in order."""
        return tuple(
            MonthUse(
                month, *months.days(month), sums.days, sums.usage, sums.amount,
                None if sums.by_norm is None else NormUse(sums.by_norm, sums.norm_amount),
            )
            for month, sums in sorted(self.sums.items())
            if months.first <= month <= months.last
        )  # fmt: skip


def _both(one: Sum | None, other: Sum | None) -> Sum | None:
    return None if one is None or other is None else one + other
