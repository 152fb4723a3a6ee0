"""What is known while a program is compiled: the document, the bill's shape, the steps so far."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from billcore.core.errors import TariffInvalid
from billcore.core.tariff.checks.sorts import Analysis
from billcore.core.tariff.language.document import Document
from billcore.core.tariff.language.source import Place
from billcore.core.tariff.program.builder import Builder, Val


@dataclass(frozen=True, slots=True)
class Variant:
    """What is constant in one segment and folds into the program."""

    version: int
    season: str
    active: tuple[bool, ...]
    resets: frozenset[str]
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """Where an input column of a program comes from.

    kind: input (the bill's or segment's attribute), days, months, years, state, or one
    of `expression.FOLDS` (of a history; factors: of month 1..12). segment None:
    the whole bill. scale: the column counts multiples of it.
    """

    column: str
    kind: str
    name: str
    segment: int | None
    scale: Fraction
    factors: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True)
class LineValue:
    """A line's figures in a program, as `rated.LineResult` has them for a bill."""

    exact: Val
    amount: Val
    posted: Val
    parts: tuple[Val, ...]
    tiers: tuple[Val, ...]

    def part(self, k: int) -> Val:
        return self.parts[k] if self.parts else self.exact


class Scope:
    """A program being compiled. place: of the formula or line whose steps are emitted."""

    def __init__(self, document: Document, analysis: Analysis, shape: tuple[Variant, ...]) -> None:
        self.document = document
        self.analysis = analysis
        self.shape = shape
        self.build = Builder()
        self.bindings: dict[str, Binding] = {}
        self.lines: dict[str, LineValue] = {}
        self.place = document.total.place

    @property
    def every(self) -> range:
        """The numbers of all segments."""
        return range(len(self.shape))

    @property
    def single(self) -> bool:
        return len(self.shape) == 1

    @contextmanager
    def at(self, place: Place) -> Iterator[None]:
        """Steps inside are those of `place`; an error leaves it, to be told where."""
        before, self.place = self.place, place
        yield
        self.place = before

    def refused(self, rule: str, message: str) -> TariffInvalid:
        """The error of a document that cannot be compiled, at the current place."""
        return self.place.refusal(rule, message)

    def input(self, binding: Binding, lo: Fraction, hi: Fraction) -> Val:
        """A bill's value, within lo..hi of its unit: the column that a binding names."""
        self.bindings[binding.column] = binding
        lowest, highest = Fraction(lo, binding.scale), Fraction(hi, binding.scale)
        return Val(self.build.input(binding.column, ceil(lowest), floor(highest)), binding.scale)
