"""A rated bill as data: its lines, what their tiers did, the total and the states."""

from dataclasses import dataclass
from fractions import Fraction

from billcore.core.tariff.bill import Segment
from billcore.core.tariff.language.document import Line


@dataclass(frozen=True, slots=True)
class Fill:
    """What one row of a table did in one segment: quantity * rate + base = amount.

    row counts from 1; lower and upper are the row's scaled bounds (None: open).
    base is the money brought from below (tables that re-price or step), else 0.
    """

    segment: int
    row: int
    lower: Fraction
    upper: Fraction | None
    quantity: Fraction
    rate: Fraction
    base: Fraction
    amount: Fraction


@dataclass(frozen=True, slots=True)
class LineResult:
    """A line of one bill, in units of the currency; posted in units of account.

    parts: one a segment (before rounding, after round_parts), empty for a line
    computed once. tiers: the sub-lines id[1], id[2] ... (rounded by `each`).
    """

    line: Line
    present: bool
    exact: Fraction
    amount: Fraction
    shown: Fraction
    posted: int
    parts: tuple[Fraction, ...]
    tiers: tuple[Fraction, ...]
    fills: tuple[Fill, ...]

    @property
    def printed(self) -> bool:
        return self.present and (self.amount != 0 or self.line.show_zero)

    def part(self, k: int) -> Fraction:
        """Segment k's part; of a line computed once, the line itself."""
        return self.parts[k] if self.parts else self.exact


@dataclass(frozen=True, slots=True)
class Rated:
    """A rated bill. total = sum of counted posted lines + rounding + carried in - carried out."""

    lines: dict[str, LineResult]
    exact_total: Fraction
    total: Fraction
    total_posted: int
    rounding_posted: int
    carried_in: int
    carried_out: int
    state: dict[str, Fraction]
    segments: tuple[Segment, ...]
