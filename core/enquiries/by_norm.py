"""A bill as if a quantity had been used by its norm instead of by a meter. Pure.

The norm of some days is the norm of a month times the months of these days, segment by segment, so
that it follows versions of the tariff and attributes as they change. The running sum over a bill is
rounded half up to the decimals of the quantity: what its pieces have sums to what it has. All else
of the bill stays as it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, pairwise

from billcore.core.accounts.norms import Norm
from billcore.core.calendar import calendar_months
from billcore.core.money import Mode, divide, parse_decimal
from billcore.core.rating.bills import rate_bill
from billcore.core.tariff.bill import Bill, BillFailed, Number, Segment, cut
from billcore.core.tariff.language.document import Document, Formula, InputSpec, Record
from billcore.core.tariff.language.expression import constant, figure_text
from billcore.core.tariff.tariff import Tariff

Piece = tuple[int, int]
"""Days (before, last] of a bill."""


@dataclass(frozen=True, slots=True)
class ByNorm:
    """usage: of each piece of the bill, in 10^-decimals of the quantity; lines: amounts by name as
    of the bill, None: the tariff does not rate such usage."""

    usage: Sequence[int]
    lines: dict[str, int] | None


def fitting(norms: Iterable[Norm], tariff_id: str, quantity: str) -> Norm | None:
    """The norm of a tariff's quantity, or None."""
    fits = (one for one in norms if one.quantity == quantity and one.tariff in ("", tariff_id))
    return next(fits, None)


def by_norm(tariff: Tariff, bill: Bill, norm: Norm, pieces: Sequence[Piece]) -> ByNorm | None:
    """What a bill would have been by a norm of one of its quantities; pieces: of all its days.

    None: the figure of the norm is not there.
    """
    document = tariff.document
    spec, segments = document.inputs[norm.quantity], cut(document, bill)
    spans = _spans(document, bill, segments)
    found = [_monthly(document, bill, segment, norm) for segment in segments[: len(spans)]]
    monthly = [one for one in found if one is not None]
    if len(monthly) < len(spans):
        return None

    def counts(days: Sequence[Piece]) -> list[int]:
        return _counted([_norm_of(document, one, spans, monthly) for one in days], spec)

    return ByNorm(counts(pieces), _lines(tariff, _using(bill, spec, spans, counts(spans))))


def used(bill: Bill, spec: InputSpec) -> int:
    """What a bill was rated from, in 10^-decimals of a quantity."""
    own = [bill.inputs.get(spec.name, spec.default or 0)]
    own += [value for _, name, value in bill.changes if name == spec.name]
    return int(sum(Fraction(value) for value in own) * 10**spec.decimals)


def _spans(document: Document, bill: Bill, segments: Sequence[Segment]) -> list[Piece]:
    """The days of segments; the equal parts of `period.cut` are alike, and have all of them."""
    assert bill.previous is not None
    assert bill.this is not None
    if document.period.cut > 1:
        return [(bill.previous, bill.this)]
    last = [segment.last_day or bill.this for segment in segments]
    return list(zip([bill.previous, *last[:-1]], last, strict=True))


def _norm_of(
    document: Document, days: Piece, spans: Sequence[Piece], monthly: Sequence[Fraction]
) -> Fraction:
    """The norm of some days, exactly."""
    before, last = days
    return sum(
        (
            norm * calendar_months(document.calendar, max(before, begin), min(last, end))
            for (begin, end), norm in zip(spans, monthly, strict=True)
            if max(before, begin) < min(last, end)
        ),
        Fraction(0),
    )


def _monthly(document: Document, bill: Bill, segment: Segment, norm: Norm) -> Fraction | None:
    """The norm of a month of a segment, or None."""
    figure = _figure(document, bill, segment, norm)
    if figure is None:
        return None
    for name in norm.times:
        value = _input(document, bill, segment, name)
        if not isinstance(value, Fraction):
            return None
        figure *= value
    return figure


def _figure(document: Document, bill: Bill, segment: Segment, norm: Norm) -> Fraction | None:
    """The norm of a month."""
    if norm.per_month:
        return parse_decimal(norm.per_month)
    if norm.input:
        value = _input(document, bill, segment, norm.input)
        return value if isinstance(value, Fraction) else None
    cell = document.cell(segment.version, norm.parameter)
    if norm.by and isinstance(cell, Record):
        key = _input(document, bill, segment, norm.by)
        if key is None:
            return None
        cell = cell.cells.get(key if isinstance(key, str) else figure_text(key))
    return constant(cell.expr) if isinstance(cell, Formula) else None


def _input(document: Document, bill: Bill, segment: Segment, name: str) -> Number | None:
    """An input of a segment; None: the tariff has none of this name."""
    spec = document.inputs.get(name)
    if spec is None:
        return None
    return segment.inputs.get(name, bill.inputs.get(name, spec.default))


def _counted(exact: Sequence[Fraction], spec: InputSpec) -> list[int]:
    """Whole counts of segments that sum to the rounded sum: the running sum is rounded."""
    sums = list(accumulate(exact, initial=Fraction(0)))
    scaled = [one * 10**spec.decimals for one in sums]
    borders = [divide(one.numerator, one.denominator, Mode.HALF_UP) for one in scaled]
    return [this - before for before, this in pairwise(borders)]


def _using(bill: Bill, spec: InputSpec, spans: Sequence[Piece], usage: Sequence[int]) -> Bill:
    """The bill with other usage of a quantity."""
    scale, name = 10**spec.decimals, spec.name
    if not spec.per_segment:
        return replace(bill, inputs={**bill.inputs, name: Fraction(sum(usage), scale)})
    changes = [change for change in bill.changes if change[1] != name]
    for (before, _), count in zip(spans[1:], usage[1:], strict=True):
        changes.append((before + 1, name, Fraction(count, scale)))
    inputs = {**bill.inputs, name: Fraction(usage[0], scale)}
    return replace(bill, inputs=inputs, changes=changes)


def _lines(tariff: Tariff, bill: Bill) -> dict[str, int] | None:
    try:
        return dict(rate_bill(tariff, bill).lines)
    except BillFailed:
        return None
