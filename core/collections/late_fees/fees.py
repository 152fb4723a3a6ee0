"""Fees of items by a rule: exact over all slices of an item, rounded once; and why.

`fees` takes columns of many items, `explained` the slices of one and tells every step, `late_fee`
is both for debts at hand. All three compute from the same layers and steps.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple, Self

import numpy as np

from billcore.core.accounts.late_fees import FeeKind, LateFeeRule
from billcore.core.calendar import Calendar
from billcore.core.collections.late_fees.errors import LateFeeRuleUnfit
from billcore.core.collections.late_fees.layers import Layer, layers
from billcore.core.collections.late_fees.rates import Series
from billcore.core.collections.late_fees.slices import Held, Late, Slices, late
from billcore.core.collections.late_fees.steps import share, steps_of
from billcore.core.ledger.account_entries import AMOUNT_MAX
from billcore.core.money import divide
from billcore.core.rating.batch import Ints

WHOLE = 2**62
"""64 bits hold sums below this; what may be beyond is computed in integers of any size."""

Numbers = np.ndarray[Any, Any]
"""Integers of 64 bits, or of any size as objects."""


@dataclass(frozen=True, slots=True)
class Fees:
    """The fees of items, (items,) each, in minor units; item: its number in the slices."""

    item: Ints
    amount: Ints


def fees(
    rule: LateFeeRule,
    slices: Slices,
    held: Mapping[int, Sequence[Held]],
    series: Series,
    calendar: Calendar,
) -> Fees:
    """The fees by a rule of all items that slices are of.

    Raises ReferenceRateMissing, LateFeeRuleUnfit (a fee beyond AMOUNT_MAX).
    """
    found = late(slices, rule.payment_day, held)
    if rule.kind is FeeKind.NONE or not len(found.slices):
        return Fees(np.zeros(0, np.int64), np.zeros(0, np.int64))
    weights, whole = _weights(rule, found, series, calendar)
    items = found.slices.item
    starts = np.flatnonzero(np.append(True, items[1:] != items[:-1]))
    exact = np.add.reduceat(_products(found.slices.debt, weights), starts)
    return Fees(items[starts], _rounded(rule, exact, whole))


def rounded(rule: LateFeeRule, exact: Fraction) -> int:
    """The fee of an item in minor units: rounded once, and not below the least.

    Raises LateFeeRuleUnfit for one beyond AMOUNT_MAX.
    """
    unit = exact.denominator * rule.unit
    fee = divide(exact.numerator, unit, rule.mode) * rule.unit
    _check(rule, fee)
    return max(fee, rule.minimum) if exact else 0


def _check(rule: LateFeeRule, fee: int) -> None:
    if fee > AMOUNT_MAX:
        raise LateFeeRuleUnfit(rule.name, f"a fee comes to {fee}, beyond {AMOUNT_MAX}.")


def _rounded(rule: LateFeeRule, exact: Numbers, whole: int) -> Ints:
    """`rounded` of exact / whole, of columns."""
    unit = whole * rule.unit
    if exact.dtype == np.object_ or unit >= WHOLE:
        found = [rounded(rule, Fraction(one, whole)) for one in exact.tolist()]
        return np.array(found, dtype=np.int64)
    quotient, rest = np.divmod(exact, unit)
    borders = np.array([_rounds_up_from(rule, unit, parity) for parity in (0, 1)])
    fee = (quotient + (rest >= borders[quotient % 2])) * rule.unit
    _check(rule, int(fee.max()))
    least: Ints = np.where(exact > 0, np.maximum(fee, rule.minimum), 0)
    return least


def _rounds_up_from(rule: LateFeeRule, unit: int, quotient: int) -> int:
    """The least rest of a division by unit that rounds up, of an even or odd quotient."""
    low, high = 0, unit
    while low < high:
        middle = (low + high) // 2
        if divide(quotient * unit + middle, unit, rule.mode) > quotient:
            high = middle
        else:
            low = middle + 1
    return low


def _weights(
    rule: LateFeeRule, late: Late, series: Series, calendar: Calendar
) -> tuple[Numbers, int]:
    """What one minor unit of each slice bears, and in how many parts of a minor unit that is."""
    if rule.kind is FeeKind.PERCENT:
        return _steps_weights(rule, late, calendar)
    found = [(one, _factors(one)) for one in layers(rule, late, series, calendar)]
    whole = lcm(*(f.denominator for _, factors in found for f in factors.values()))
    greatest = max((f.numerator * whole // f.denominator for _, factors in found
                    for f in factors.values()), default=0)  # fmt: skip
    days = sum(int(layer.days.max()) for layer, _ in found)
    kind = np.int64 if days * greatest < WHOLE else np.object_
    weights = np.zeros(len(late.slices), dtype=kind)
    for layer, factors in found:
        table = np.zeros(len(layer.rates), dtype=kind)
        for at, factor in factors.items():
            table[at] = int(factor * whole)
        of = late.stretches.slice[layer.stretch]
        late_days: Numbers = layer.days.astype(kind)
        np.add.at(weights, of, late_days * table[layer.rate_of])
    return weights, whole


def _factors(layer: Layer) -> dict[int, Fraction]:
    """What a debt bears a day at each rate that counts in a layer, by place."""
    return {at: int(layer.rates[at]) * layer.part for at in np.unique(layer.rate_of).tolist()}


def _steps_weights(rule: LateFeeRule, late: Late, calendar: Calendar) -> tuple[Numbers, int]:
    keys = np.stack([steps_of(rule, late, calendar), late.slices.joins.astype(np.int64)])
    distinct, of = np.unique(keys, axis=1, return_inverse=True)
    shares = [share(rule, steps, bool(joins)) for steps, joins in distinct.T.tolist()]
    whole = lcm(*(one.denominator for one in shares))
    table = [int(one * whole) for one in shares]
    kind = np.int64 if max(table) < WHOLE else np.object_
    weights: Numbers = np.array(table, dtype=kind)[of.reshape(-1)]
    return weights, whole


def _products(debt: Ints, weights: Numbers) -> Numbers:
    """debt x weights, such that all of them sum within their kind."""
    most = int(debt.max()) * int(weights.max()) * len(debt)
    kind = np.int64 if most < WHOLE else np.object_
    found: Numbers = debt.astype(kind) * weights.astype(kind)
    return found


# -- why


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A part of a debt bears a fee: amount = debt x rate x part x (days, or 1 for steps).

    debt in minor units, paid on paid_day or still open then. first_day, days: the late days that
    bear it; of steps, all of them. rate_per_million x part: a day, or of all `steps`
    together; source_day: when the reference rate was told, or 0. band: of the rule, from 1, or 0;
    of DAILY 1 is this year's, 2 a past year's. amount: exact minor units.
    """

    debt: int
    due_day: int
    paid_day: int
    first_day: int
    last_day: int
    days: int
    band: int
    steps: int
    rate_per_million: int
    part: Fraction
    source_day: int
    amount: Fraction


class Explained(NamedTuple):
    """The fee of one item in minor units, exact before it was rounded, and its lines."""

    amount: int
    exact: Fraction
    lines: tuple[FeeLine, ...]

    @classmethod
    def nothing(cls) -> Self:
        """No fee."""
        return cls(0, Fraction(0), ())


def explained(
    rule: LateFeeRule, slices: Slices, held: Sequence[Held], series: Series, calendar: Calendar
) -> Explained:
    """The fee of one item, of which all slices are.

    Raises ReferenceRateMissing, LateFeeRuleUnfit.
    """
    if rule.kind is FeeKind.NONE or not len(slices):
        return Explained.nothing()
    found = late(slices, rule.payment_day, {int(slices.item[0]): held})
    if rule.kind is FeeKind.PERCENT:
        lines = tuple(_steps_lines(rule, found, calendar))
    else:
        lines = tuple(_daily_lines(rule, found, series, calendar))
    exact = sum((line.amount for line in lines), Fraction(0))
    ordered = sorted(lines, key=lambda line: (line.first_day, line.paid_day, line.band))
    return Explained(rounded(rule, exact), exact, tuple(ordered))


def _daily_lines(
    rule: LateFeeRule, late: Late, series: Series, calendar: Calendar
) -> Iterator[FeeLine]:
    of = late.slices
    for layer in layers(rule, late, series, calendar):
        for at, stretch in enumerate(layer.stretch.tolist()):
            row, place = int(late.stretches.slice[stretch]), int(layer.rate_of[at])
            debt, days, rate = int(of.debt[row]), int(layer.days[at]), int(layer.rates[place])
            first = int(layer.first_day[at])
            if rate:
                yield FeeLine(
                    debt, int(of.due_day[row]), int(of.paid_day[row]), first, first + days - 1,
                    days, layer.band, 0, rate, layer.part, int(layer.source_day[place]),
                    debt * days * rate * layer.part,
                )  # fmt: skip


def _steps_lines(rule: LateFeeRule, late: Late, calendar: Calendar) -> Iterator[FeeLine]:
    of, days, last = late.slices, late.days, late.last_day
    for row, steps in enumerate(steps_of(rule, late, calendar).tolist()):
        if steps and rule.per_million:
            whole, debt = share(rule, steps, bool(of.joins[row])), int(of.debt[row])
            yield FeeLine(
                debt, int(of.due_day[row]), int(of.paid_day[row]), int(of.due_day[row]) + 1,
                int(last[row]), int(days[row]), 0, steps, rule.per_million,
                Fraction(whole, rule.per_million), 0, debt * whole,
            )  # fmt: skip


class Debt(NamedTuple):
    """A debt in minor units, paid on a day or still open then."""

    amount: int
    due_day: int
    paid_day: int


def late_fee(
    debts: Iterable[Debt],
    rule: LateFeeRule,
    series: Series | None = None,
    calendar: Calendar = Calendar.GREGORIAN,
    held: Sequence[Held] = (),
    joins: bool = False,
) -> Explained:
    """The fee of one item that was paid in parts. joins: it fell late beside older arrears."""
    rows = [debt for debt in debts if debt.paid_day > debt.due_day and debt.amount]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T.copy()
    item = np.zeros(len(rows), dtype=np.int64)
    debt, due_day, paid_day = columns
    slices = Slices(item, debt, due_day, paid_day, np.full(len(rows), joins))
    return explained(rule, slices, held, series or {}, calendar)
