"""A tariff document as data: what `loader` reads and every engine follows.

Nothing here computes. Rounding, dates and decimals are parsed; formulas are
syntax trees (`expression`). Money stands in units of the currency (Fractions)
until the unit of account `Document.digits` counts it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from billcore.core.calendar import Calendar
from billcore.core.money import Rounding, exact_text
from billcore.core.tariff.language.expression import Expr
from billcore.core.tariff.language.source import Place

PRICE = "rate"
"""The price column of a table, unless a tiers form names another."""


class Kind(StrEnum):
    """What an input is: quantities add up over time, the others do not."""

    QUANTITY = "quantity"
    NUMBER = "number"
    CHOICE = "choice"
    FLAG = "flag"
    MONEY = "money"


class Change(StrEnum):
    """What a version or season border inside a bill does."""

    SPLIT = "split"
    FIRST = "first"
    LAST = "last"
    REFUSE = "refuse"


TIMES = ("days", "calendar_months", "calendar_years")
"""The lengths of time that every document can name: parts of the bill."""

COLUMN_MAX = 2**62
"""A column holds integers below this."""

CARRY_LIMIT = Fraction(10) ** 9
"""A carried rounding remainder stays within this many units of the currency."""


class Basis(StrEnum):
    """Which figures of the members a percentage or sum takes."""

    WHOLE = "whole"
    EXACT = "exact"
    PARTS = "parts"
    TIERS = "tiers"


def limits_text(lo: Fraction, hi: Fraction) -> str:
    """The limits of an input or a state, both included: 0..100."""
    return f"{exact_text(lo)}..{exact_text(hi)}"


@dataclass(frozen=True, slots=True)
class Formula:
    text: str
    expr: Expr
    place: Place


@dataclass(frozen=True, slots=True)
class Record:
    """A record (`.name`) or a map (`[choice]`): the same shape."""

    cells: dict[str, "Cell"]
    place: Place


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a range table. `bound` None: open. inclusive: `upto`, else `below`."""

    bound: Formula | None
    inclusive: bool
    reprice: bool
    cells: dict[str, "Cell"]
    place: Place


@dataclass(frozen=True, slots=True)
class Rows:
    rows: tuple[Row, ...]
    place: Place


Cell = Formula | Record | Rows


@dataclass(frozen=True, slots=True)
class Split:
    """How a whole quantity is cut over segments: rounding None is by days, exactly."""

    rounding: Rounding | None = None
    rest_first: bool = False


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One column. lo/hi in its unit; the column holds integers of 10**-decimals."""

    name: str
    kind: Kind
    unit: str
    decimals: int
    lo: Fraction
    hi: Fraction
    per_segment: bool
    split: Split
    oneof: tuple[str, ...]
    default: Fraction | str | None
    place: Place

    @property
    def listed(self) -> bool:
        """Whether its few values are listed (a choice, a flag): programs fold them."""
        return self.kind in (Kind.CHOICE, Kind.FLAG)


@dataclass(frozen=True, slots=True)
class PeriodSpec:
    """The rules of a bill's period. place: of `cut`, where it is stated."""

    change: Change = Change.SPLIT
    season_change: Change = Change.SPLIT
    cut: int = 1
    named: str | None = None
    days_max: int = 400
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """start/end are (month, day), both included; None: the rest of the year."""

    name: str
    start: tuple[int, int] | None
    end: tuple[int, int] | None
    place: Place


@dataclass(frozen=True, slots=True)
class Version:
    """In force from day `start` (ordinal) through `end` (None: until the next)."""

    start: int
    end: int | None
    cells: dict[str, Cell]
    place: Place


@dataclass(frozen=True, slots=True)
class Members:
    """Line ids and groups, or `all` counting lines above."""

    names: tuple[str, ...]
    place: Place

    @property
    def everything(self) -> bool:
        return self.names == ("all",)


@dataclass(frozen=True, slots=True)
class Is:
    formula: Formula


@dataclass(frozen=True, slots=True)
class FillSplit:
    """Tier quantities of the whole bill by days, rounded; the highest takes the rest."""

    rounding: Rounding


@dataclass(frozen=True, slots=True)
class Tiers:
    of: Formula
    by: Formula
    price: str
    scale: Formula | None
    bounds: Rounding | None
    start: Formula | None
    whole: bool
    split_money: bool
    split_fill: FillSplit | None


@dataclass(frozen=True, slots=True)
class Percent:
    rate: Formula
    members: Members
    basis: Basis


@dataclass(frozen=True, slots=True)
class Sum:
    members: Members
    basis: Basis


@dataclass(frozen=True, slots=True)
class Limit:
    """at_least (lowest=True) lifts the members' sum to `limit`; at_most lowers it."""

    limit: Formula
    members: Members
    basis: Basis
    lowest: bool


Form = Is | Tiers | Percent | Sum | Limit


@dataclass(frozen=True, slots=True)
class Value:
    name: str
    form: Form
    rounding: Rounding | None
    place: Place


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line. `rounding` has the document's default folded in.

    unit and decimals: an info line that is a quantity; else it is money.
    """

    id: str
    form: Form
    when: Formula | None
    groups: tuple[str, ...]
    each: Rounding | None
    round_parts: Rounding | None
    rounding: Rounding | None
    show: Rounding | None
    info: bool
    unit: str
    decimals: int | None
    show_zero: bool
    start: int | None
    end: int | None
    label: dict[str, str]
    place: Place

    @property
    def counts(self) -> bool:
        """Whether it belongs to the money of the bill (a printed subtotal does not)."""
        return not self.info and not isinstance(self.form, Sum)

    @property
    def itemised(self) -> bool:
        """Whether its tiers are figures of their own (`id[1]`, `id[2]` ...)."""
        return self.each is not None


@dataclass(frozen=True, slots=True)
class Total:
    members: Members | None
    basis: Basis
    formula: Formula | None
    at_least: Formula | None
    at_most: Formula | None
    rounding: Rounding | None
    carry: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class State:
    """history None: a running value stepped by `next`; else the last n pushed values."""

    name: str
    decimals: int
    lo: Fraction
    hi: Fraction
    initial: Fraction
    next: Formula | None
    resets: str | None
    history: int | None
    push: Formula | None
    place: Place


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    provider: str
    services: tuple[str, ...]
    currency: str
    digits: int
    calendar: Calendar
    inputs: dict[str, InputSpec]
    period: PeriodSpec
    seasons: dict[str, Season]
    versions: tuple[Version, ...]
    values: dict[str, Value]
    lines: tuple[Line, ...]
    total: Total
    states: dict[str, State]
    hash: str
    label: dict[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.hash)

    def line(self, name: str) -> Line | None:
        return next((x for x in self.lines if x.id == name), None)

    def line_borders(self) -> set[int]:
        """The days (ordinals) on which a dated line begins, or is there no more."""
        starts = {x.start for x in self.lines if x.start is not None}
        return starts | {x.end + 1 for x in self.lines if x.end is not None}

    def line_digits(self, line: Line) -> int:
        """Decimals of the integers that a line's column holds: money's, or its own."""
        return self.digits if line.decimals is None else line.decimals

    def input_digits(self, spec: InputSpec) -> int:
        """Decimals of the integers that an input's column holds: money's, or its own."""
        return self.digits if spec.kind is Kind.MONEY else spec.decimals

    def is_choice(self, name: str) -> bool:
        """Whether a name stands for one of a list of words: a choice, or the season."""
        spec = self.inputs.get(name)
        return (spec is not None and spec.kind is Kind.CHOICE) or (
            name == "season" and bool(self.seasons)
        )

    def given_once(self, name: str) -> InputSpec | None:
        """The input of that name, where a bill gives one figure of the whole bill for it."""
        spec = self.inputs.get(name)
        if spec is None or spec.per_segment or spec.kind is Kind.FLAG:
            return None
        return spec

    def choosing(self) -> tuple[InputSpec, ...]:
        """The choices and flags, in order."""
        return tuple(s for s in self.inputs.values() if s.listed)

    def members(self, members: Members, before: int | None = None) -> tuple[Line, ...]:
        """The lines that `members` names, of those before index `before`, in order."""
        above = self.lines[:before]
        if members.everything:
            return tuple(x for x in above if x.counts)
        wanted = set(members.names)
        return tuple(x for x in above if x.id in wanted or wanted & set(x.groups))

    def cell(self, version: int, name: str) -> Cell | None:
        """The parameter as version number `version` has it (versions state only changes)."""
        for v in reversed(self.versions[: version + 1]):
            if name in v.cells:
                return v.cells[name]
        return None

    def parameters(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for v in self.versions for name in v.cells))

    def version_on(self, day: int) -> int | None:
        """The index of the version in force on a day; None outside all of them."""
        for i in reversed(range(len(self.versions))):
            v = self.versions[i]
            if day >= v.start:
                return i if v.end is None or day <= v.end else None
        return None


def formulas(cell: Cell) -> Iterator[Formula]:
    """Every formula inside a cell."""
    match cell:
        case Formula():
            yield cell
        case Record(cells=cells):
            for inner in cells.values():
                yield from formulas(inner)
        case Rows(rows=rows):
            for row in rows:
                if row.bound is not None:
                    yield row.bound
                for inner in row.cells.values():
                    yield from formulas(inner)


def table_rows(cell: Cell) -> Iterator[Row]:
    """Every row of every table inside a cell."""
    match cell:
        case Record(cells=cells):
            for inner in cells.values():
                yield from table_rows(inner)
        case Rows(rows=rows):
            for row in rows:
                yield row
                for inner in row.cells.values():
                    yield from table_rows(inner)


def form_formulas(form: Form) -> Iterator[Formula]:
    """Every formula that a form states directly."""
    match form:
        case Is(formula=f) | Percent(rate=f) | Limit(limit=f):
            yield f
        case Tiers():
            yield from (f for f in (form.of, form.by, form.scale, form.start) if f is not None)
