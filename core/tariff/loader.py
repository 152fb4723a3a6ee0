"""Tree of located nodes -> `Document`: shapes, decimals, dates, formulas, roundings.

Collects every finding of a document before it refuses it. Names and meaning are
the business of `check`.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TypeVar

from billcore.core.calendar import Calendar, MonthDay, parse_month_day
from billcore.core.errors import Finding, TariffInvalid, TextInvalid
from billcore.core.money import Rounding, minor_digits, parse_decimal
from billcore.core.tariff import expression, source
from billcore.core.tariff.document import (
    Basis,
    Cell,
    Change,
    Document,
    FillSplit,
    Form,
    Formula,
    InputSpec,
    Is,
    Kind,
    Limit,
    Line,
    Members,
    Percent,
    PeriodSpec,
    Record,
    Row,
    Rows,
    Season,
    Split,
    State,
    Sum,
    Tiers,
    Total,
    Value,
    Version,
)
from billcore.core.tariff.source import Mapping, Node, Place, Scalar, Sequence
from billcore.core.tariff.units import UNITS

DECIMALS_MAX = 9
MONEY_LIMIT = Fraction(10) ** 10
LINES_MAX = 200
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
TARIFF_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
RESERVED = frozenset(
    {
        "days",
        "calendar_months",
        "calendar_years",
        "season",
        "bill",
        "all",
        "and",
        "or",
        "not",
        "total",
    }
    | set(expression.FUNCTIONS)
)
LABELS = frozenset({"label", "note", "notes", "source"})
"""Keys that never change a bill: allowed anywhere, not part of the hash."""

T = TypeVar("T")


def load(text: str, file: str = "<document>") -> Document:
    """The document that a YAML or JSON text states.

    Raises TariffInvalid with every finding: file, line, column, path, what is allowed.
    """
    tree = source.parse(text, file)
    reader = _Reader()
    document = reader.document(tree)
    if reader.findings or document is None:
        raise TariffInvalid(reader.findings)
    return document


def canonical(node: Node) -> object:
    """The tree without labels, keys sorted: what the hash is over."""
    if isinstance(node, Scalar):
        return " ".join(node.text.split())
    if isinstance(node, Sequence):
        return [canonical(n) for n in node]
    return {k: canonical(n) for k, n in sorted(node.items.items()) if k not in LABELS}


def text_hash(node: Node) -> str:
    """SHA-256 (hex) of the canonical form."""
    text = json.dumps(canonical(node), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class _Reader:
    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.calendar = Calendar.GREGORIAN

    # -- small readers: each returns None and notes a finding when the text is wrong

    def refuse(self, place: Place, rule: str, message: str, allowed: Iterable[str] = ()) -> None:
        self.findings.append(place.finding(rule, message, tuple(allowed)))

    def keys(self, node: Mapping, allowed: Iterable[str], what: str) -> None:
        known = (*allowed, *sorted(LABELS))
        for key, place in node.keys.items():
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                hint = f" Did you mean '{near[0]}'?" if near else ""
                self.refuse(place, "UNKNOWN_KEY", f"{what} has no key '{key}'.{hint}", known)

    def require(self, node: Mapping, key: str, what: str) -> Node | None:
        found = node.get(key)
        if found is None:
            self.refuse(node.place, "MISSING_KEY", f"{what} needs '{key}'.", (key,))
        return found

    def mapping(self, node: Node | None, what: str) -> Mapping | None:
        if node is None or isinstance(node, Mapping):
            return node
        self.refuse(node.place, "NOT_A_MAPPING", f"{what} is a mapping of keys to values.")
        return None

    def sequence(self, node: Node | None, what: str) -> Sequence | None:
        if node is None or isinstance(node, Sequence):
            return node
        self.refuse(node.place, "NOT_A_LIST", f"{what} is a list.")
        return None

    def text(self, node: Node | None, what: str) -> str | None:
        if node is None:
            return None
        if isinstance(node, Scalar) and node.text.strip():
            return node.text.strip()
        self.refuse(node.place, "NOT_TEXT", f"{what} is one word or number.")
        return None

    def parsed(self, node: Node | None, what: str, read: Callable[[str], T]) -> T | None:
        """A scalar read by `read`; its ValueError or BillcoreError becomes a finding."""
        text = self.text(node, what)
        if text is None or node is None:
            return None
        try:
            return read(text)
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
        if value.denominator != 1 or not lo <= value <= hi:
            self.refuse(
                node.place,
                "OUT_OF_RANGE",
                f"{what} is a whole number {lo} to {hi}.",
                (f"{lo}..{hi}",),
            )
            return None
        return int(value)

    def word(self, node: Node | None, what: str, allowed: Iterable[str]) -> str | None:
        text = self.text(node, what)
        allowed = tuple(allowed)
        if text is None or node is None:
            return None
        if text not in allowed:
            self.refuse(node.place, "NOT_ALLOWED", f"{what} cannot be '{text}'.", allowed)
            return None
        return text

    def yes(self, node: Node | None, what: str) -> bool:
        return self.word(node, what, ("yes", "no")) == "yes"

    def name(self, text: str, place: Place, what: str) -> bool:
        if not NAME.fullmatch(text):
            self.refuse(
                place,
                "NAME",
                f"'{text}' is not a name for {what}: letters, digits and _, not first a digit.",
            )
            return False
        if text in RESERVED:
            self.refuse(
                place, "RESERVED_NAME", f"'{text}' has a meaning of its own; choose another name."
            )
            return False
        return True

    def rounding(self, node: Node | None, what: str) -> Rounding | None:
        return self.parsed(node, what, Rounding.parse)

    def date(self, node: Node | None, what: str) -> int | None:
        return self.parsed(node, what, self.calendar.parse)

    def formula(self, node: Node | None, what: str) -> Formula | None:
        if node is None:
            return None
        if not isinstance(node, Scalar) or not node.text.strip():
            self.refuse(node.place, "NOT_A_FORMULA", f"{what} is a number or a formula.")
            return None
        try:
            return Formula(node.text, expression.parse(node.text), node.place)
        except expression.ExpressionError as error:
            at = Place(
                node.place.file, node.place.line, node.place.column + error.column, node.place.path
            )
            self.refuse(at, "FORMULA", f"{what}, '{node.text}': {error}", error.allowed)
            return None

    def label(self, node: Mapping) -> dict[str, str]:
        found = node.get("label")
        if isinstance(found, Scalar):
            return {"": found.text}
        if isinstance(found, Mapping):
            return {k: v.text for k, v in found if isinstance(v, Scalar)}
        return {}

    # -- the document, top to bottom

    def document(self, tree: Mapping) -> Document | None:
        keys = (
            "tariff",
            "provider",
            "service",
            "currency",
            "calendar",
            "money",
            "inputs",
            "period",
            "seasons",
        )
        self.keys(
            tree, (*keys, "versions", "values", "lines", "total", "state", "rounding"), "A tariff"
        )
        self.calendar = self.read_calendar(tree)
        name = self.parsed(self.require(tree, "tariff", "A tariff"), "tariff", _tariff_id)
        currency = self.parsed(self.require(tree, "currency", "A tariff"), "currency", _currency)
        defaults = self.mapping(tree.get("rounding"), "rounding")
        if defaults is not None:
            self.keys(defaults, ("line", "show", "total"), "rounding")
        inputs = self.inputs(tree)
        versions = self.versions(tree)
        lines = self.lines(tree, defaults)
        total = self.total(tree, defaults)
        if name is None or currency is None or self.findings:
            return None
        return Document(
            id=name,
            provider=self.text(tree.get("provider"), "provider") or "",
            services=self.services(tree),
            currency=currency,
            digits=self.digits(tree, currency),
            calendar=self.calendar,
            inputs=inputs,
            period=self.period(tree),
            seasons=self.seasons(tree),
            versions=versions,
            values=self.values(tree),
            lines=lines,
            total=total,
            states=self.states(tree),
            hash=text_hash(tree),
            label=self.label(tree),
        )

    def read_calendar(self, tree: Mapping) -> Calendar:
        names = {c.name.lower(): c for c in Calendar}
        found = self.word(tree.get("calendar"), "calendar", names)
        return names[found] if found else Calendar.GREGORIAN

    def services(self, tree: Mapping) -> tuple[str, ...]:
        node = tree.get("service")
        if isinstance(node, Sequence):
            return tuple(t for n in node if (t := self.text(n, "service")))
        found = self.text(node, "service")
        return (found,) if found else ()

    def digits(self, tree: Mapping, currency: str) -> int:
        money = self.mapping(tree.get("money"), "money")
        if money is None:
            return minor_digits(currency)
        self.keys(money, ("decimals",), "money")
        found = self.integer(money.get("decimals"), "money.decimals", 0, DECIMALS_MAX)
        return minor_digits(currency) if found is None else found

    # -- inputs

    def inputs(self, tree: Mapping) -> dict[str, InputSpec]:
        found = {}
        for name, node in self.mapping(tree.get("inputs"), "inputs") or ():
            spec = self.mapping(node, f"input {name}")
            if (
                spec is not None
                and self.name(name, spec.place, "an input")
                and (read := self.input(name, spec))
            ):
                found[name] = read
        return found

    def input(self, name: str, node: Mapping) -> InputSpec | None:
        what = f"input {name}"
        keys = ("kind", "unit", "decimals", "min", "max", "per", "split", "default", "oneof")
        self.keys(node, keys, what)
        word = self.word(self.require(node, "kind", what), f"{what}.kind", [k.value for k in Kind])
        if word is None:
            return None
        kind = Kind(word)
        self.input_keys_for(kind, node, what)
        per = self.word(node.get("per"), f"{what}.per", ("bill", "segment"))
        lo, hi = self.limits(kind, node, what)
        oneof = self.oneof(kind, node, what)
        return InputSpec(
            name=name,
            kind=kind,
            unit=self.unit(node, what),
            decimals=self.integer(node.get("decimals"), f"{what}.decimals", 0, DECIMALS_MAX) or 0,
            lo=lo,
            hi=hi,
            per_segment=per == "segment",
            split=self.split(node.get("split"), what) or Split(),
            oneof=oneof,
            default=self.default(kind, node, what, oneof, (lo, hi)),
            place=node.place,
        )

    def input_keys_for(self, kind: Kind, node: Mapping, what: str) -> None:
        numeric = kind in (Kind.QUANTITY, Kind.NUMBER)
        if numeric:
            for key in ("decimals", "max"):
                self.require(node, key, f"{what} ({kind}; they prove that no bill can overflow)")
        only = {
            "split": kind is Kind.QUANTITY,
            "oneof": kind is Kind.CHOICE,
            "unit": numeric,
            "decimals": numeric,
            "min": numeric or kind is Kind.MONEY,
            "max": numeric or kind is Kind.MONEY,
        }
        for key, fits in only.items():
            if not fits and key in node.keys:
                self.refuse(node.keys[key], "KEY", f"{what} is a {kind}: it has no '{key}'.")

    def limits(self, kind: Kind, node: Mapping, what: str) -> tuple[Fraction, Fraction]:
        lo = self.decimal(node.get("min"), f"{what}.min")
        hi = self.decimal(node.get("max"), f"{what}.max")
        money = kind is Kind.MONEY
        lo = lo if lo is not None else (-MONEY_LIMIT if money else Fraction(0))
        hi = hi if hi is not None else (MONEY_LIMIT if money else Fraction(1))
        if lo > hi:
            self.refuse(node.place, "LIMITS", f"{what}: min {lo} is above max {hi}.")
        return lo, hi

    def oneof(self, kind: Kind, node: Mapping, what: str) -> tuple[str, ...]:
        if kind is not Kind.CHOICE:
            return ()
        items = self.sequence(self.require(node, "oneof", what), f"{what}.oneof")
        names = tuple(t for n in items or () if (t := self.text(n, f"{what}.oneof")))
        if len(set(names)) != len(names) or not names:
            self.refuse(node.place, "ONEOF", f"{what}.oneof lists each choice once, at least one.")
        return names

    def unit(self, node: Mapping, what: str) -> str:
        found = self.word(node.get("unit"), f"{what}.unit", UNITS)
        return found or ""

    def split(self, node: Node | None, what: str) -> Split | None:
        text = self.text(node, f"{what}.split")
        if text is None or node is None or text == "days":
            return None
        words = text.rsplit(None, 1)
        if len(words) != 2 or words[1] not in ("first", "last"):
            self.refuse(
                node.place,
                "SPLIT",
                f"{what}.split is 'days' or '<unit> <mode> first|last'.",
                ("days", "1 half_up last"),
            )
            return None
        scalar = Scalar(words[0], node.place)
        rounding = self.rounding(scalar, f"{what}.split")
        return Split(rounding, words[1] == "first") if rounding else None

    def default(
        self,
        kind: Kind,
        node: Mapping,
        what: str,
        oneof: tuple[str, ...],
        limits: tuple[Fraction, Fraction],
    ) -> Fraction | str | None:
        found = node.get("default")
        if found is None:
            return None
        if kind is Kind.CHOICE:
            return self.word(found, f"{what}.default", oneof)
        if kind is Kind.FLAG:
            return Fraction(self.yes(found, f"{what}.default"))
        value = self.decimal(found, f"{what}.default")
        if value is not None and not limits[0] <= value <= limits[1]:
            self.refuse(
                found.place, "OUT_OF_RANGE", f"{what}.default {value} is outside min and max."
            )
        return value

    # -- period, seasons, versions

    def period(self, tree: Mapping) -> PeriodSpec:
        node = self.mapping(tree.get("period"), "period")
        if node is None:
            return PeriodSpec()
        self.keys(node, ("change", "season_change", "cut", "named", "days_max"), "period")
        change = self.word(node.get("change"), "period.change", [c.value for c in Change])
        seasonal = self.word(
            node.get("season_change"), "period.season_change", [c.value for c in Change]
        )
        named = self.text(node.get("named"), "period.named")
        if named and not self.name(named, node.keys["named"], "a part of the period"):
            named = None
        return PeriodSpec(
            change=Change(change or "split"),
            season_change=Change(seasonal or "split"),
            cut=self.integer(node.get("cut"), "period.cut", 1, 12) or 1,
            named=named,
            days_max=self.integer(node.get("days_max"), "period.days_max", 1, 4000) or 400,
        )

    def seasons(self, tree: Mapping) -> dict[str, Season]:
        found = {}
        for name, node in self.mapping(tree.get("seasons"), "seasons") or ():
            spec = self.mapping(node, f"season {name}")
            if spec is not None and self.name(name, spec.place, "a season"):
                found[name] = self.season(name, spec)
        return found

    def season(self, name: str, node: Mapping) -> Season:
        what = f"season {name}"
        self.keys(node, ("from", "until", "rest"), what)
        if self.yes(node.get("rest"), f"{what}.rest"):
            return Season(name, None, None, node.place)
        start = self.parsed(self.require(node, "from", what), f"{what}.from", self.month_day)
        end = self.parsed(self.require(node, "until", what), f"{what}.until", self.month_day)
        return Season(name, start, end, node.place)

    def versions(self, tree: Mapping) -> tuple[Version, ...]:
        found = []
        nodes = self.sequence(self.require(tree, "versions", "A tariff"), "versions")
        for node in nodes or ():
            spec = self.mapping(node, "a version")
            if spec is not None and (read := self.version(spec)):
                found.append(read)
        if nodes is not None and not len(nodes):
            self.refuse(nodes.place, "NO_VERSION", "A tariff has at least one version.")
        self.version_order(found)
        return tuple(found)

    def version(self, node: Mapping) -> Version | None:
        start = self.date(self.require(node, "from", "A version"), "version from")
        end = self.date(node.get("until"), "version until")
        cells = {}
        for name, cell in node:
            if name in ("from", "until") or name in LABELS:
                continue
            if self.name(name, node.keys[name], "a parameter") and (read := self.cell(cell, name)):
                cells[name] = read
        return None if start is None else Version(start, end, cells, node.place)

    def version_order(self, versions: list[Version]) -> None:
        show = self.calendar.format
        for v in versions:
            if v.end is not None and v.end < v.start:
                self.refuse(
                    v.place, "VERSION_ORDER", f"This version ends {show(v.end)}, before it starts."
                )
        for before, after in zip(versions, versions[1:], strict=False):
            if after.start <= before.start:
                self.refuse(
                    after.place,
                    "VERSION_ORDER",
                    f"The version of {show(after.start)} must come after that of {show(before.start)}.",
                )
            elif before.end is not None and after.start != before.end + 1:
                kind = "VERSION_GAP" if after.start > before.end else "VERSION_OVERLAP"
                self.refuse(
                    after.place,
                    kind,
                    f"The version before ends {show(before.end)}: this one must start {show(before.end + 1)}.",
                )

    # -- parameter cells

    def cell(self, node: Node, what: str) -> Cell | None:
        if isinstance(node, Scalar):
            return self.formula(node, what)
        if isinstance(node, Mapping):
            items = {
                k: c for k, n in node if k not in LABELS and (c := self.cell(n, f"{what}.{k}"))
            }
            if not items:
                self.refuse(node.place, "EMPTY", f"{what} is empty.")
            return Record(items, node.place)
        return self.rows(node, what)

    def rows(self, node: Sequence, what: str) -> Rows | None:
        found = []
        for i, item in enumerate(node):
            row = self.mapping(item, f"{what}[{i}]")
            if row is not None:
                found.append(self.row(row, f"{what}[{i}]"))
        if not found:
            self.refuse(node.place, "EMPTY", f"The table {what} has no rows.")
            return None
        for row in found[:-1]:
            if row.bound is None:
                self.refuse(
                    row.place,
                    "TABLE_ORDER",
                    f"Only the last row of {what} may be open (no upto, no below).",
                )
        return Rows(tuple(found), node.place)

    def row(self, node: Mapping, what: str) -> Row:
        upto, below = node.get("upto"), node.get("below")
        if upto is not None and below is not None:
            self.refuse(
                node.place,
                "TABLE_BOUND",
                f"{what}: a row has 'upto' (inclusive) or 'below' (exclusive), not both.",
            )
        marks = ("upto", "below", "reprice")
        cells = {
            k: c
            for k, n in node
            if k not in marks and k not in LABELS and (c := self.cell(n, f"{what}.{k}"))
        }
        reprice = self.yes(node.get("reprice"), f"{what}.reprice")
        if reprice and "base" in cells:
            self.refuse(
                node.place, "TABLE_ROW", f"{what}: 'base' and 'reprice' exclude each other."
            )
        if "over" in cells and "base" not in cells:
            self.refuse(node.place, "TABLE_ROW", f"{what}: 'over' goes with 'base'.")
        bound = self.formula(upto if upto is not None else below, f"{what} bound")
        return Row(bound, below is None, reprice, cells, node.place)

    # -- forms

    FORMS = ("is", "tiers", "percent", "sum", "at_least", "at_most")

    def form(self, node: Mapping, what: str) -> Form | None:
        found = [k for k in self.FORMS if k in node.items]
        if len(found) != 1:
            self.refuse(
                node.place,
                "FORM",
                f"{what} has exactly one of {', '.join(self.FORMS)}.",
                self.FORMS,
            )
            return None
        key = found[0]
        at = node.items[key]
        if key == "is":
            formula = self.formula(at, f"{what}.is")
            return Is(formula) if formula else None
        if key == "sum":
            return self.sum_form(node, at, what)
        spec = self.mapping(at, f"{what}.{key}")
        if spec is None:
            return None
        if key == "tiers":
            return self.tiers(spec, what)
        return self.percent(spec, what) if key == "percent" else self.limit(spec, what, key)

    def sum_form(self, node: Mapping, at: Node, what: str) -> Form | None:
        members = self.members(at, f"{what}.sum")
        return Sum(members, self.basis(node.get("basis"), what, tiers=False)) if members else None

    def tiers(self, node: Mapping, what: str) -> Tiers | None:
        what = f"{what}.tiers"
        self.keys(node, ("of", "by", "price", "scale", "bounds", "start", "whole", "split"), what)
        of = self.formula(self.require(node, "of", what), f"{what}.of")
        by = self.formula(self.require(node, "by", what), f"{what}.by")
        money, fill = self.tier_split(node.get("split"), what)
        if of is None or by is None:
            return None
        return Tiers(
            of=of,
            by=by,
            price=self.text(node.get("price"), f"{what}.price") or "rate",
            scale=self.formula(node.get("scale"), f"{what}.scale"),
            bounds=self.rounding(node.get("bounds"), f"{what}.bounds"),
            start=self.formula(node.get("start"), f"{what}.start"),
            whole=self.yes(node.get("whole"), f"{what}.whole"),
            split_money=money,
            split_fill=fill,
        )

    def tier_split(self, node: Node | None, what: str) -> tuple[bool, FillSplit | None]:
        text = self.text(node, f"{what}.split")
        if text is None or node is None:
            return False, None
        if text == "money":
            return True, None
        if not text.startswith("fill "):
            self.refuse(
                node.place,
                "SPLIT",
                f"{what}.split is 'money' or 'fill <unit> <mode>'.",
                ("money", "fill 1 half_up"),
            )
            return False, None
        rounding = self.rounding(Scalar(text[5:], node.place), f"{what}.split")
        return False, FillSplit(rounding) if rounding else None

    def percent(self, node: Mapping, what: str) -> Percent | None:
        what = f"{what}.percent"
        self.keys(node, ("rate", "of", "basis"), what)
        rate = self.formula(self.require(node, "rate", what), f"{what}.rate")
        members = self.members(self.require(node, "of", what), f"{what}.of")
        basis = self.basis(node.get("basis"), what, tiers=True)
        return Percent(rate, members, basis) if rate and members else None

    def limit(self, node: Mapping, what: str, key: str) -> Limit | None:
        what = f"{what}.{key}"
        name = "least" if key == "at_least" else "most"
        self.keys(node, (name, "of", "basis"), what)
        limit = self.formula(self.require(node, name, what), f"{what}.{name}")
        members = self.members(self.require(node, "of", what), f"{what}.of")
        basis = self.basis(node.get("basis"), what, tiers=False)
        return Limit(limit, members, basis, key == "at_least") if limit and members else None

    def members(self, node: Node | None, what: str) -> Members | None:
        if isinstance(node, Sequence):
            names = tuple(t for n in node if (t := self.text(n, what)))
            if not names:
                self.refuse(node.place, "EMPTY", f"{what} names no line.")
                return None
            return Members(names, node.place)
        name = self.text(node, what)
        return Members((name,), node.place) if name and node else None

    def basis(self, node: Node | None, what: str, *, tiers: bool) -> Basis:
        allowed = [b.value for b in Basis if tiers or b is not Basis.TIERS]
        return Basis(self.word(node, f"{what}.basis", allowed) or "whole")

    # -- values, lines, total, state

    def values(self, tree: Mapping) -> dict[str, Value]:
        found = {}
        spec = self.mapping(tree.get("values"), "values")
        for name, node in spec or ():
            at = spec.keys[name] if spec else node.place
            if self.name(name, at, "a value") and (read := self.value(name, node)):
                found[name] = read
        return found

    def value(self, name: str, node: Node) -> Value | None:
        if not isinstance(node, Mapping):
            formula = self.formula(node, f"value {name}")
            return Value(name, Is(formula), None, node.place) if formula else None
        self.keys(node, (*self.FORMS, "basis", "round"), f"value {name}")
        form = self.form(node, f"value {name}")
        rounding = self.rounding(node.get("round"), f"value {name}.round")
        return Value(name, form, rounding, node.place) if form else None

    def lines(self, tree: Mapping, defaults: Mapping | None) -> tuple[Line, ...]:
        found = []
        nodes = self.sequence(self.require(tree, "lines", "A tariff"), "lines")
        if nodes is not None and not 1 <= len(nodes) <= LINES_MAX:
            self.refuse(nodes.place, "LINES", f"A tariff has 1 to {LINES_MAX} lines.")
        for node in nodes or ():
            spec = self.mapping(node, "a line")
            if spec is not None and (read := self.line(spec, defaults)):
                found.append(read)
        return tuple(found)

    def line(self, node: Mapping, defaults: Mapping | None) -> Line | None:
        name = self.text(self.require(node, "id", "A line"), "line id")
        if name is None or not self.name(name, node.place, "a line"):
            return None
        what = f"line {name}"
        marks = (
            "when",
            "group",
            "each",
            "round_parts",
            "round",
            "show",
            "info",
            "zero",
            "from",
            "until",
            "basis",
        )
        self.keys(node, ("id", *self.FORMS, *marks), what)
        form = self.form(node, what)
        if form is None:
            return None
        if "basis" in node.keys and not isinstance(form, Sum):
            self.refuse(node.keys["basis"], "KEY", f"{what}: 'basis' stands inside the form.")
        zero = self.word(node.get("zero"), f"{what}.zero", ("show", "hide"))
        return Line(
            id=name,
            form=form,
            when=self.formula(node.get("when"), f"{what}.when"),
            groups=self.group(node.get("group"), what),
            each=self.rounding(node.get("each"), f"{what}.each"),
            round_parts=self.rounding(node.get("round_parts"), f"{what}.round_parts"),
            rounding=self.default_rounding(node, "round", defaults, "line"),
            show=self.default_rounding(node, "show", defaults, "show"),
            info=self.yes(node.get("info"), f"{what}.info"),
            show_zero=zero == "show",
            start=self.date(node.get("from"), f"{what}.from"),
            end=self.date(node.get("until"), f"{what}.until"),
            label=self.label(node),
            place=node.place,
        )

    def group(self, node: Node | None, what: str) -> tuple[str, ...]:
        nodes = tuple(node) if isinstance(node, Sequence) else (node,)
        names = tuple(t for n in nodes if (t := self.text(n, f"{what}.group")))
        return tuple(n for n in names if node is not None and self.name(n, node.place, "a group"))

    def default_rounding(
        self, node: Mapping, key: str, defaults: Mapping | None, default: str
    ) -> Rounding | None:
        """The line's own rounding, `none`, or the document's default."""
        own = node.get(key)
        if own is None and defaults is not None:
            return self.rounding(defaults.get(default), f"rounding.{default}")
        if isinstance(own, Scalar) and own.text.strip() == "none":
            return None
        return self.rounding(own, key)

    def total(self, tree: Mapping, defaults: Mapping | None) -> Total:
        node = self.mapping(tree.get("total"), "total")
        if node is None:
            node = Mapping({}, {}, tree.place)
        self.keys(node, ("of", "is", "basis", "at_least", "at_most", "round", "carry"), "total")
        formula = self.formula(node.get("is"), "total.is")
        members = self.members(node.get("of"), "total.of")
        if formula and members:
            self.refuse(node.place, "FORM", "total has 'of' or 'is', not both.")
        if formula is None and members is None:
            members = Members(("all",), node.place)
        return Total(
            members=members,
            basis=self.basis(node.get("basis"), "total", tiers=False),
            formula=formula,
            at_least=self.formula(node.get("at_least"), "total.at_least"),
            at_most=self.formula(node.get("at_most"), "total.at_most"),
            rounding=self.default_rounding(node, "round", defaults, "total"),
            carry=self.text(node.get("carry"), "total.carry"),
            place=node.place,
        )

    def states(self, tree: Mapping) -> dict[str, State]:
        found = {}
        for name, node in self.mapping(tree.get("state"), "state") or ():
            spec = self.mapping(node, f"state {name}")
            if spec is not None and self.name(name, spec.place, "a state"):
                found[name] = self.state(name, spec)
        return found

    def state(self, name: str, node: Mapping) -> State:
        what = f"state {name}"
        self.keys(
            node, ("initial", "next", "resets", "decimals", "min", "max", "history", "push"), what
        )
        history = self.integer(node.get("history"), f"{what}.history", 1, 120)
        push = self.formula(node.get("push"), f"{what}.push")
        if (history is None) != (push is None):
            self.refuse(node.place, "STATE", f"{what}: 'history' and 'push' go together.")
        if history is not None and ("next" in node.keys or "resets" in node.keys):
            self.refuse(node.place, "STATE", f"{what}: a history has no 'next' and no 'resets'.")
        lo = self.decimal(node.get("min"), f"{what}.min")
        hi = self.decimal(self.require(node, "max", what), f"{what}.max")
        return State(
            name=name,
            decimals=self.integer(
                self.require(node, "decimals", what), f"{what}.decimals", 0, DECIMALS_MAX
            )
            or 0,
            lo=lo if lo is not None else Fraction(0),
            hi=hi if hi is not None else Fraction(0),
            initial=self.decimal(node.get("initial"), f"{what}.initial") or Fraction(0),
            next=self.formula(node.get("next"), f"{what}.next"),
            resets=self.parsed(node.get("resets"), f"{what}.resets", self.resets),
            history=history,
            push=push,
            place=node.place,
        )

    def resets(self, text: str) -> str:
        if text not in ("yearly", "monthly"):
            self.month_day(text)
        return text

    def month_day(self, text: str) -> MonthDay:
        return parse_month_day(self.calendar, text)


def _tariff_id(text: str) -> str:
    if not TARIFF_ID.fullmatch(text):
        raise ValueError(
            f"'{text}' is not a tariff id: letters, digits, '.', '_' and '-', at most 100."
        )
    return text


def _currency(text: str) -> str:
    minor_digits(text)
    return text
