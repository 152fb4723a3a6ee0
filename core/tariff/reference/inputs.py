"""What a bill gives: its inputs, its time and its states, segment by segment, exactly."""

from fractions import Fraction

from billcore.core.money import Rounding
from billcore.core.tariff.bill import Bill, BillFailed, History, Number, cut
from billcore.core.tariff.language.document import Document, InputSpec, Kind, Split, limits_text
from billcore.core.tariff.language.expression import figure_text
from billcore.core.tariff.status import Status

ZERO = Fraction(0)


class Given:
    """A bill and its segments, numbered from 0. Raises BillFailed for inputs out of range."""

    def __init__(self, document: Document, bill: Bill) -> None:
        self.document = document
        self.bill = bill
        self.segments = cut(document, bill)
        self.weight = sum((s.weight for s in self.segments), ZERO)
        self.check_inputs()

    @property
    def every(self) -> range:
        """The numbers of all segments."""
        return range(len(self.segments))

    def share(self, k: int) -> Fraction:
        """Segment k's share of the period."""
        return self.segments[k].weight / self.weight

    # -- inputs

    def check_inputs(self) -> None:
        for spec in self.document.inputs.values():
            for k in self.every if spec.per_segment else (0,):
                self.check_input(spec, self.raw(spec, k))

    def check_input(self, spec: InputSpec, value: Number) -> None:
        if spec.kind is Kind.CHOICE:
            if value not in spec.oneof:
                message = f"input {spec.name}: '{value}' is not one of {', '.join(spec.oneof)}."
                raise BillFailed(Status.UNKNOWN_CHOICE, message)
            return
        if spec.kind is Kind.FLAG and value not in (0, 1):
            message = f"input {spec.name}: a flag is 1 or 0, yes or no, not {value}."
            raise BillFailed(Status.UNKNOWN_CHOICE, message)
        number, decimals = Fraction(value), self.document.input_digits(spec)
        _check_figure(f"input {spec.name}", number, (spec.lo, spec.hi), decimals)

    def raw(self, spec: InputSpec, k: int) -> Number:
        """The input as given for segment k, or its default."""
        given = self.segments[k].inputs if spec.per_segment else self.bill.inputs
        if spec.name in given:
            return given[spec.name]
        if spec.default is not None:
            return spec.default
        raise BillFailed(Status.OUT_OF_RANGE, f"The input '{spec.name}' is missing.")

    def input(self, spec: InputSpec, k: int) -> Fraction | bool | str:
        """The input in segment k: a quantity's part, a choice's word, a flag."""
        value = self.raw(spec, k)
        if spec.kind is Kind.CHOICE:
            return str(value)
        if spec.kind is Kind.FLAG:
            return bool(value)
        number = Fraction(value)
        if spec.kind is Kind.QUANTITY and not spec.per_segment:
            return self.cut_quantity(number, spec.split, k)
        return number

    def cut_quantity(self, whole: Fraction, split: Split, k: int) -> Fraction:
        """Segment k's part of a quantity of which only the whole is known."""
        if split.rounding is None:
            return whole * self.share(k)
        if split.rest_first:
            return self.after(whole, split.rounding, k) - self.after(whole, split.rounding, k + 1)
        return self.upto(whole, split.rounding, k + 1) - self.upto(whole, split.rounding, k)

    def upto(self, whole: Fraction, rounding: Rounding, k: int) -> Fraction:
        """The rounded running sum over the first k segments; the last takes the rest."""
        if k in (0, len(self.segments)):
            return whole if k else ZERO
        return rounding.apply(whole * sum(self.share(j) for j in range(k)))

    def after(self, whole: Fraction, rounding: Rounding, k: int) -> Fraction:
        """The rounded running sum over segments k and later; the first takes the rest."""
        if k in (0, len(self.segments)):
            return ZERO if k else whole
        return rounding.apply(whole * sum(self.share(j) for j in self.every[k:]))

    # -- time

    def time(self, name: str, k: int) -> Fraction:
        """days, calendar_months or calendar_years of segment k. Raises BillFailed."""
        segment = self.segments[k]
        found = {
            "days": segment.days,
            "calendar_months": segment.months,
            "calendar_years": segment.years,
        }[name]
        if found is None:
            raise BillFailed(Status.BAD_PERIOD, f"The bill does not tell its {name}: give dates.")
        return found

    # -- states

    def running(self, name: str) -> Fraction:
        """A running state as the bill before left it."""
        given = self.bill.state.get(name, self.document.states[name].initial)
        assert isinstance(given, Fraction)
        return self.check_state(name, given)

    def history(self, name: str) -> History:
        """The entries of a history that still count."""
        found = self.bill.state.get(name, ())
        assert isinstance(found, tuple)
        for _, value in found:
            self.check_state(name, value)
        return found[-(self.document.states[name].history or 0) :]

    def carried(self) -> Fraction:
        """What earlier totals left to carry, in units of the currency."""
        carry = self.document.total.carry
        found = ZERO if carry is None else self.bill.state.get(carry, ZERO)
        assert isinstance(found, Fraction)
        return found

    def check_state(self, name: str, value: Fraction) -> Fraction:
        """The value, if it is one of the state. Raises BillFailed."""
        spec = self.document.states[name]
        _check_figure(f"state {name}", value, (spec.lo, spec.hi), spec.decimals)
        return value


def _check_figure(
    what: str, value: Fraction, limits: tuple[Fraction, Fraction], decimals: int
) -> None:
    """Refuses what is outside the limits, or finer than the decimals. Raises BillFailed."""
    lo, hi = limits
    if not lo <= value <= hi:
        message = f"{what}: {figure_text(value)} is outside {limits_text(lo, hi)}."
        raise BillFailed(Status.OUT_OF_RANGE, message)
    if (value * 10**decimals).denominator != 1:
        message = f"{what}: {figure_text(value)} has more than {decimals} decimals."
        raise BillFailed(Status.OUT_OF_RANGE, message)
