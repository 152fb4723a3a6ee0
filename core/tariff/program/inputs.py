"""Inputs of a program: a bill's quantities, time and states in each segment.

The rules of cutting are those of `reference.inputs`.
"""

from fractions import Fraction
from math import lcm

from billcore.core import calendar
from billcore.core.money import Rounding
from billcore.core.tariff.language.document import CARRY_LIMIT, InputSpec, Kind, Split
from billcore.core.tariff.program.builder import ZERO, Val, const
from billcore.core.tariff.program.scope import Binding, Scope

SHORTEST_DAYS = {"months": 28, "years": 365}
"""A period of as many days has at most one calendar month or year."""


class Inputs:
    """Columns of the bill; k is a segment, None the whole bill."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.document = scope.document
        self.build = scope.build

    # -- inputs

    def all(self) -> None:
        """Every declared number is an input, used or not: its limits always hold."""
        for spec in self.document.inputs.values():
            if not spec.listed:
                for k in self.scope.every if spec.per_segment else (None,):
                    self.column(spec, k)

    def column(self, spec: InputSpec, k: int | None) -> Val:
        column = spec.name if k is None else f"{spec.name}@{k}"
        unit = Fraction(1, 10 ** self.document.input_digits(spec))
        return self.scope.input(Binding(column, "input", spec.name, k, unit), spec.lo, spec.hi)

    def input(self, spec: InputSpec, k: int) -> Val | bool | str:
        """The input in segment k: a quantity's part, a choice's word, a flag."""
        if spec.listed:
            word = dict(self.scope.shape[k].choices)[spec.name]
            return word if spec.kind is Kind.CHOICE else word == "1"
        if spec.per_segment:
            return self.column(spec, k)
        whole = self.column(spec, None)
        return self.cut_quantity(whole, spec.split, k) if spec.kind is Kind.QUANTITY else whole

    def cut_quantity(self, whole: Val, split: Split, k: int) -> Val:
        """Segment k's part of a quantity of which only the whole is known."""
        if split.rounding is None or self.scope.single:
            return self.share(whole, k)
        border = self.after if split.rest_first else self.upto
        here, there = border(whole, split.rounding, k), border(whole, split.rounding, k + 1)
        return self.build.sub(here, there) if split.rest_first else self.build.sub(there, here)

    def upto(self, whole: Val, rounding: Rounding, k: int) -> Val:
        """The rounded running sum over the first k segments; the last takes the rest."""
        if k in (0, len(self.scope.shape)):
            return whole if k else ZERO
        return self.build.round(self.build.mul(whole, self.weight_upto(k)), rounding)

    def after(self, whole: Val, rounding: Rounding, k: int) -> Val:
        """The rounded running sum over segments k and later; the first takes the rest."""
        if k in (0, len(self.scope.shape)):
            return ZERO if k else whole
        rest = self.build.sub(const(1), self.weight_upto(k))
        return self.build.round(self.build.mul(whole, rest), rounding)

    # -- time

    def time(self, name: str, k: int | None) -> Val:
        """days, calendar_months, calendar_years of a segment or (None) of the bill."""
        cut = self.document.period.cut
        if cut > 1:
            whole = self.days(None) if name == "days" else self.calendar(name, None)
            return whole if k is None else self.build.scaled(whole, Fraction(1, cut))
        if name == "days":
            return self.days(k)
        if k is None and not self.scope.single:
            return self.build.sum(self.calendar(name, j) for j in self.scope.every)
        return self.calendar(name, k)

    def days(self, k: int | None) -> Val:
        """Billed days."""
        where = None if self.scope.single else k
        binding = Binding(_column("days", where), "days", "days", where, Fraction(1))
        most = Fraction(self.document.period.days_max)
        return self.scope.input(binding, Fraction(1), most)

    def calendar(self, name: str, k: int | None) -> Val:
        kind = name.removeprefix("calendar_")
        whole = {
            "months": calendar.MONTH_DENOMINATOR[self.document.calendar],
            "years": calendar.YEAR_DENOMINATOR,
        }[kind]
        where = None if self.scope.single else k
        binding = Binding(_column(name, where), kind, name, where, Fraction(1, whole))
        most = Fraction(self.document.period.days_max, SHORTEST_DAYS[kind])
        return self.scope.input(binding, Fraction(0), most)

    def share(self, val: Val, k: int) -> Val:
        """Segment k's share by days (or by equal parts) of something of the whole bill."""
        if self.scope.single:
            return val
        if self.document.period.cut > 1:
            return self.build.scaled(val, Fraction(1, len(self.scope.shape)))
        return self.build.div(self.build.mul(val, self.days(k)), self.days(None))

    def weight_upto(self, k: int) -> Val:
        """The share of the period in the first k segments."""
        if self.document.period.cut > 1:
            return const(Fraction(k, len(self.scope.shape)))
        above = self.build.sum(self.days(j) for j in range(k))
        return self.build.div(above, self.days(None))

    # -- states

    def running(self, name: str) -> Val:
        """A running state as the bill before left it."""
        spec = self.document.states[name]
        unit = Fraction(1, 10**spec.decimals)
        return self.scope.input(Binding(name, "state", name, None, unit), spec.lo, spec.hi)

    def carried(self, name: str) -> Val:
        """What earlier totals left to carry."""
        unit = Fraction(1, 10**self.document.digits)
        binding = Binding(name, "state", name, None, unit)
        return self.scope.input(binding, -CARRY_LIMIT, CARRY_LIMIT)

    def fold(self, function: str, name: str, factors: tuple[Fraction, ...]) -> Val:
        """What the entries of a history come to, each times its month's factor (`FOLDS`).

        The host computes the column; its name tells the factors, so that programs of
        different versions never share one.
        """
        spec = self.document.states[name]
        column = f"{function}({name}; {', '.join(str(f) for f in factors)})"
        count = spec.history or 0
        if function == "count_of":
            binding = Binding(column, function, name, None, Fraction(1), factors)
            return self.scope.input(binding, Fraction(0), Fraction(count))
        unit = Fraction(1, 10**spec.decimals)
        scale = Fraction(unit, lcm(*(f.denominator for f in factors)))
        corners = [Fraction(0), *(x * f for x in (spec.lo, spec.hi) for f in factors)]
        most = count if function == "sum_of" else 1
        binding = Binding(column, function, name, None, scale, factors)
        return self.scope.input(binding, min(corners) * most, max(corners) * most)


def _column(name: str, k: int | None) -> str:
    return name if k is None else f"{name}@{k}"
