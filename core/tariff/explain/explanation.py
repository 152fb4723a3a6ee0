"""Why a bill is what it is, as data: every input, day, tier, base and rounding.

Exact numbers stand as text ("1310/341" in parentheses where no decimal is exact),
amounts in units of the currency.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class RoundingStep:
    """A rounding before and after; stage: part, tier, line, show, post or total."""

    stage: str
    unit: str
    mode: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SegmentStep:
    """Days of constant version, season and attributes. Dates in the tariff's calendar."""

    number: int
    until: str
    days: str
    share: str
    version_from: str
    season: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class FormulaStep:
    """A formula in one segment (0: the whole bill), with its names and its value.

    name: of a named value, else "". roundings: what a named value rounds.
    """

    segment: int
    name: str
    formula: str
    written: str
    names: dict[str, str]
    value: str
    roundings: tuple[RoundingStep, ...] = ()


@dataclass(frozen=True, slots=True)
class TierStep:
    """quantity * rate + base = amount, in one row of a table; upper "" is open."""

    segment: int
    row: int
    lower: str
    upper: str
    quantity: str
    rate: str
    base: str
    amount: str


@dataclass(frozen=True, slots=True)
class MemberStep:
    """A line that a percentage, sum or limit is taken of, with the figure it gives."""

    line: str
    segment: int
    amount: str


@dataclass(frozen=True, slots=True)
class LineStep:
    """A line. form: is, tiers, percent, sum, at_least, at_most. Amounts in currency.

    posted counts 10**-digits; unit names the quantity of an information line that is one.
    """

    id: str
    label: dict[str, str]
    form: str
    present: bool
    counts: bool
    formulas: tuple[FormulaStep, ...]
    tiers: tuple[TierStep, ...]
    shares: tuple[str, ...]
    rates: tuple[str, ...]
    basis: str
    members: tuple[MemberStep, ...]
    sub_lines: tuple[str, ...]
    roundings: tuple[RoundingStep, ...]
    exact: str
    amount: str
    shown: str
    posted: int
    digits: int
    unit: str


@dataclass(frozen=True, slots=True)
class TotalStep:
    """The total: members or a formula, limits, what was carried, roundings."""

    basis: str
    members: tuple[MemberStep, ...]
    formula: tuple[FormulaStep, ...]
    at_least: tuple[FormulaStep, ...]
    at_most: tuple[FormulaStep, ...]
    exact: str
    carried_in: int
    carried_out: int
    roundings: tuple[RoundingStep, ...]
    rounding_line: int
    total: str
    posted: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of one bill. posted figures count units of account: 10**-digits of currency."""

    tariff: str
    hash: str
    currency: str
    digits: int
    period: dict[str, str]
    inputs: dict[str, str]
    state: dict[str, str]
    segments: tuple[SegmentStep, ...]
    values: tuple[FormulaStep, ...]
    lines: tuple[LineStep, ...]
    total: TotalStep

    def as_dict(self) -> dict[str, object]:
        """The explanation in JSON's types."""
        return asdict(self)
