"""Quantities through tables of rows, exactly: pure functions of the reference.

Fractions in and out, in the units of the document; BillFailed where a table has no
row for a quantity.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from billcore.core.money import Rounding
from billcore.core.tariff.bill import BillFailed
from billcore.core.tariff.language.expression import figure_text
from billcore.core.tariff.rated import Fill
from billcore.core.tariff.status import Status

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class TierRow:
    """A row with its scaled bounds; upper None: open. reprice: from zero at its rate."""

    lower: Fraction
    upper: Fraction | None
    inclusive: bool
    rate: Fraction
    base: Fraction | None
    over: Fraction | None
    reprice: bool


def row_of(x: Fraction, bounds: Iterable[tuple[Fraction | None, bool]]) -> int:
    """The index of the first row that holds x; bounds: (upper, inclusive). Raises BillFailed."""
    upper: Fraction | None = None
    for n, (upper, inclusive) in enumerate(bounds):
        if upper is None or x < upper or (inclusive and x == upper):
            return n
    ends = "" if upper is None else f", which ends at {figure_text(upper)}"
    message = f"{figure_text(x)} lies above the last row{ends}."
    raise BillFailed(Status.ABOVE_LAST_ROW, message)


def price(rows: Sequence[TierRow], q: Fraction, k: int) -> list[Fill]:
    """A quantity through a table: graduated rows fill one by one, others replace."""
    reached = row_of(q, [(r.upper, r.inclusive) for r in rows])
    found: list[Fill] = []
    for n, row in enumerate(rows[: reached + 1]):
        upto = q if n == reached or row.upper is None else row.upper
        if row.base is not None:
            over = row.lower if row.over is None else row.over
            found = [_fill(k, n, row, upto - over, row.base)]
        elif row.reprice:
            found = [_fill(k, n, row, upto, ZERO)]
        else:
            found.append(_fill(k, n, row, upto - row.lower, ZERO))
    return found


def _fill(k: int, n: int, row: TierRow, quantity: Fraction, base: Fraction) -> Fill:
    amount = base + quantity * row.rate
    return Fill(k, n + 1, row.lower, row.upper, quantity, row.rate, base, amount)


def price_between(rows: Sequence[TierRow], start: Fraction, q: Fraction, k: int) -> list[Fill]:
    """price(start + q) - price(start), row by row; rows that cancel are left out."""
    upto = price(rows, start + q, k)
    before = [_negative(f) for f in price(rows, start, k)]
    merged: dict[tuple[int, Fraction], Fill] = {}
    for f in [*upto, *before]:
        key = f.row, f.rate
        merged[key] = _added(merged[key], f) if key in merged else f
    return [f for f in merged.values() if f.quantity or f.amount]


def _negative(f: Fill) -> Fill:
    return replace(f, quantity=-f.quantity, base=-f.base, amount=-f.amount)


def _added(a: Fill, b: Fill) -> Fill:
    return replace(
        a, quantity=a.quantity + b.quantity, base=a.base + b.base, amount=a.amount + b.amount
    )


def shared(fills: Iterable[Fill], share: Fraction) -> list[Fill]:
    """The money of a whole bill's tiers, by a segment's share of the period."""
    return [replace(f, amount=f.amount * share) for f in fills]


def split(whole: Sequence[Fill], mine: Fraction, share: Fraction, rounding: Rounding) -> list[Fill]:
    """A segment's part of each tier's quantity, rounded; the highest takes the rest.

    whole: the tiers of the whole quantity; mine: the segment's part of that quantity.
    """
    lower = [replace(f, quantity=rounding.apply(f.quantity * share)) for f in whole[:-1]]
    rest = mine - sum((f.quantity for f in lower), ZERO)
    fills = [*lower, replace(whole[-1], quantity=rest)]
    return [replace(f, amount=f.quantity * f.rate) for f in fills]


def bought(
    money: Fraction, rows: Iterable[tuple[Fraction | None, Fraction]], start: Fraction
) -> Fraction:
    """The quantity that an amount buys, from position `start` of a graduated table.

    rows: (upper, rate), read as far as the money goes. Raises BillFailed.
    """
    got, lower = ZERO, ZERO
    for upper, rate in rows:
        room = None if upper is None else max(upper - max(lower, start), ZERO)
        if rate > 0 and (room is None or money <= room * rate):
            return got + money / rate
        if room is None:
            break
        got, money, lower = got + room, money - room * rate, max(lower, upper or ZERO)
    raise BillFailed(Status.ABOVE_LAST_ROW, "The money buys more than the table holds.")
