"""Small located readers: a node of the tree -> a word, a number, a date, a formula.

Each returns None where nothing is stated, and notes a finding where the text is wrong:
a whole document is read before it is refused.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import TypeVar

from billcore.core.calendar import Calendar, MonthDay, parse_month_day
from billcore.core.errors import Finding, TextInvalid, quoted
from billcore.core.money import Rounding, exact_text, parse_decimal
from billcore.core.tariff.language import expression
from billcore.core.tariff.language.document import TIMES, Formula
from billcore.core.tariff.language.source import Mapping, Node, Place, Scalar, Sequence
from billcore.core.tariff.language.units import UNITS

DECIMALS_MAX = 9
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
LABELS = frozenset({"label", "note", "notes", "source"})
"""Keys that never change a bill: allowed anywhere, not part of the hash."""

FLAGS = ("yes", "no", "true", "false")

WORDS = ("season", "bill", "all", "and", "or", "not", "total")

RESERVED = {*TIMES, *expression.FUNCTIONS, *WORDS, *LABELS}

T = TypeVar("T")


class Reader:
    """Reads nodes and collects findings. calendar: of the document's dates."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.calendar = Calendar.GREGORIAN

    def refuse(self, place: Place, rule: str, message: str, allowed: Iterable[str] = ()) -> None:
        self.findings.append(place.finding(rule, message, tuple(allowed)))

    # -- shapes of the tree

    def keys(self, node: Mapping, allowed: Iterable[str], what: str) -> None:
        """Refuses keys that are neither allowed nor a label."""
        known = (*allowed, *sorted(LABELS))
        for key, place in node.keys.items():
            if key not in known:
                hint = meant(key, known)
                if not NAME.fullmatch(key):
                    hint = " A formula with a comma needs quotes inside { }."
                self.refuse(place, "UNKNOWN_KEY", f"{what} has no key '{key}'.{hint}", known)

    def require(self, node: Mapping, key: str, what: str) -> Node | None:
        found = node.get(key)
        if found is None:
            self.refuse(node.place, "MISSING_KEY", f"{what} needs '{key}'.", (key,))
        return found

    def mapping(self, node: Node | None, what: str) -> Mapping | None:
        if node is None or isinstance(node, Mapping):
            return node
        message = f"{what} is a mapping of keys to values, not {_shape(node)}."
        self.refuse(node.place, "NOT_A_MAPPING", message)
        return None

    def sequence(self, node: Node | None, what: str) -> Sequence | None:
        if node is None or isinstance(node, Sequence):
            return node
        message = f"{what} is a list, as [a, b] or a line '- ' for each, not {_shape(node)}."
        self.refuse(node.place, "NOT_A_LIST", message)
        return None

    def mappings(self, nodes: Sequence | None, what: str) -> Iterator[Mapping]:
        """The mappings of a list; other items are refused."""
        for node in nodes or ():
            spec = self.mapping(node, what)
            if spec is not None:
                yield spec

    def named(
        self, tree: Mapping, key: str, what: str, an_item: str
    ) -> Iterator[tuple[str, Mapping]]:
        """(name, mapping) of all that stands under a key of the document, with a good name."""
        for name, node in self.mapping(tree.get(key), key) or ():
            spec = self.mapping(node, f"{what} {name}")
            if spec is not None and self.name(name, spec.place, an_item):
                yield name, spec

    # -- scalars

    def text(self, node: Node | None, what: str) -> str | None:
        if node is None:
            return None
        if isinstance(node, Scalar) and node.text.strip():
            return node.text.strip()
        self.refuse(node.place, "NOT_TEXT", f"{what} is one word or number, not {_shape(node)}.")
        return None

    def texts(self, nodes: Iterable[Node], what: str) -> tuple[str, ...]:
        return tuple(t for n in nodes if (t := self.text(n, what)))

    def parsed(self, node: Node | None, what: str, parse: Callable[[str], T]) -> T | None:
        """A scalar read by `parse`; its ValueError or TextInvalid becomes a finding."""
        text = self.text(node, what)
        if text is None or node is None:
            return None
        try:
            return parse(text)
        except TextInvalid as error:
            self.refuse(node.place, error.rule.upper(), f"{what}: {error.detail}", error.allowed)
        except ValueError as error:
            self.refuse(node.place, "VALUE", f"{what}: {error}")
        return None

    def decimal(self, node: Node | None, what: str) -> Fraction | None:
        return self.parsed(node, what, parse_decimal)

    def integer(self, node: Node | None, what: str, lo: int, hi: int) -> int | None:
        value = self.decimal(node, what)
        if value is None or node is None:
            return None
        if value.denominator == 1 and lo <= value <= hi:
            return int(value)
        message = f"{what} is a whole number {lo} to {hi}, not {exact_text(value)}."
        self.refuse(node.place, "OUT_OF_RANGE", message, (f"{lo}..{hi}",))
        return None

    def word(self, node: Node | None, what: str, allowed: Iterable[str]) -> str | None:
        text = self.text(node, what)
        allowed = tuple(allowed)
        if text is None or node is None:
            return None
        if text not in allowed:
            message = f"{what} cannot be {quoted(text)}.{meant(text, allowed)}"
            self.refuse(node.place, "NOT_ALLOWED", message, allowed)
            return None
        return text

    def yes(self, node: Node | None, what: str) -> bool:
        """Whether a flag is set; JSON says true and false."""
        return self.word(node, what, FLAGS) in ("yes", "true")

    def name(self, text: str, place: Place, an_item: str) -> bool:
        """Whether a word may name something; refuses it otherwise."""
        if not NAME.fullmatch(text):
            message = (
                f"'{text}' is not a name for {an_item}: letters, digits and _, not first a digit."
            )
            self.refuse(place, "NAME", message)
            return False
        if text in RESERVED:
            message = f"'{text}' has a meaning of its own; choose another name."
            self.refuse(place, "RESERVED_NAME", message)
            return False
        return True

    def unit(self, node: Mapping, what: str) -> str:
        return self.word(node.get("unit"), f"{what}.unit", UNITS) or ""

    def rounding(self, node: Node | None, what: str) -> Rounding | None:
        return self.parsed(node, what, Rounding.parse)

    def date(self, node: Node | None, what: str) -> int | None:
        """A day as an ordinal."""
        return self.parsed(node, what, self.calendar.parse)

    def month_day(self, text: str) -> MonthDay:
        """Raises TextInvalid."""
        return parse_month_day(self.calendar, text)

    def formula(self, node: Node | None, what: str) -> Formula | None:
        if node is None:
            return None
        if not isinstance(node, Scalar) or not node.text.strip():
            message = f"{what} is a number or a formula, not {_shape(node)}."
            self.refuse(node.place, "NOT_A_FORMULA", message)
            return None
        try:
            return Formula(node.text, expression.parse(node.text), node.place)
        except expression.ExpressionError as error:
            message = f"{what}, {quoted(node.text)}: {error}"
            self.refuse(node.place.moved(error.column), "FORMULA", message, error.allowed)
            return None


def meant(word: str, known: Iterable[str]) -> str:
    """A hint at the known word that is nearest, whatever its capitals; empty if none is near."""
    spelled = {k.lower(): k for k in known}
    near = difflib.get_close_matches(word.lower(), spelled, 1)
    return f" Did you mean '{spelled[near[0]]}'?" if near else ""


def _shape(node: Node) -> str:
    """What stands in the place of something else."""
    if isinstance(node, Scalar):
        return quoted(node.text.strip()) if node.text.strip() else "nothing"
    return "a list" if isinstance(node, Sequence) else "a mapping"


def label(node: Mapping) -> dict[str, str]:
    """The printed names by language; "" where none is stated."""
    found = node.get("label")
    if isinstance(found, Scalar):
        return {"": found.text}
    if isinstance(found, Mapping):
        return {k: v.text for k, v in found if isinstance(v, Scalar)}
    return {}
