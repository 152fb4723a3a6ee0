"""Types and sorts of formulas, with the parameters of one version."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction

from billcore.core.tariff.checks.faults import Fault, blaming
from billcore.core.tariff.checks.infer_calls import Calls
from billcore.core.tariff.checks.sorts import (
    Analysis,
    Type,
    add_sorts,
    decided_sort,
    divide_sorts,
    multiply_sorts,
    same_unit,
    selected_sort,
)
from billcore.core.tariff.checks.tiers import TierSorts
from billcore.core.tariff.language.analysis import Sort, splits, varies
from billcore.core.tariff.language.document import (
    TIMES,
    Cell,
    Document,
    Formula,
    Is,
    Kind,
    Line,
    Record,
    Rows,
    Tiers,
)
from billcore.core.tariff.language.expression import (
    Binary,
    Call,
    Expr,
    Field,
    Index,
    Name,
    Negative,
    Not,
    Number,
    Text,
    Whole,
    choice_word,
)
from billcore.core.tariff.language.reading import meant

DECIMAL_KEY = re.compile(r"[0-9]+(\.[0-9]+)?")
"""A key of a map that a number selects from."""


class Formulas:
    """What the formulas of a document give; every question may raise Fault.

    before: only the lines above this position can be named. stepping: inside the `next`
    of a state, which sees one segment at a time.
    """

    def __init__(self, document: Document, analysis: Analysis, version: int) -> None:
        self.document = document
        self.analysis = analysis
        self.version = version
        self.before = len(document.lines)
        self.stepping = False
        self.tiers = TierSorts(self)
        self.calls = Calls(self)
        self._splits = splits(document)
        self._open: list[str] = []
        self._reading: list[Formula] = []
        self._reach: dict[str, int] = {}
        self._known: dict[str, Type] = {}

    # -- formulas of the document

    def number(self, formula: Formula) -> Type:
        """The type of a formula that must give a number; its sort is noted."""
        with blaming(formula.place), self.reading(formula):
            found = self.as_number(formula.expr)
        if not self.stepping:
            self.analysis.note_formula(formula, found.sort)
        return found

    @contextmanager
    def reading(self, formula: Formula) -> Iterator[None]:
        """A formula being read; a price must not need itself."""
        if any(other is formula for other in self._reading):
            raise Fault("CYCLE", f"{formula.place.told} needs itself: state it as a number.")
        self._reading.append(formula)
        try:
            yield
        finally:
            self._reading.pop()

    def flag(self, formula: Formula) -> Sort:
        """The sort of a condition, noted."""
        with blaming(formula.place):
            found = self.infer(formula.expr)
            if found.kind != "flag":
                raise _not_a_condition(0)
        self.analysis.note_formula(formula, found.sort)
        return found.sort

    def cell_number(self, cell: Cell) -> Type:
        if not isinstance(cell, Formula):
            raise Fault("NOT_A_NUMBER", "A number belongs in this cell.")
        return self.number(cell)

    # -- expressions

    def infer(self, expr: Expr) -> Type:
        match expr:
            case Number(value=value):
                return Type("number", Sort.ZERO if value == 0 else Sort.WHOLE)
            case Text():
                raise Fault("NOT_A_NUMBER", "A text stands only beside a choice.", expr.column)
            case Name():
                return self.name(expr)
            case Whole():
                return self.whole_name(expr)
            case Field():
                return self.field(expr)
            case Index():
                return self.index(expr)
            case Negative(of=of):
                return self.as_number(of)
            case Not(of=of):
                return self.condition(of)
            case Binary():
                return self.binary(expr)
            case Call():
                return self.calls.infer(expr)

    def as_number(self, expr: Expr) -> Type:
        return self.numeric(self.infer(expr), expr)

    def numeric(self, found: Type, expr: Expr) -> Type:
        """The number that an inferred formula gives, out of a cell if need be."""
        if found.kind == "number":
            return found
        if found.kind == "cell":
            return self.cell_value(found, expr)
        raise Fault("NOT_A_NUMBER", f"A number belongs here, not a {found.kind}.", expr.column)

    def cell_value(self, found: Type, expr: Expr) -> Type:
        """The number in a cell, whichever of its branches holds."""
        sort, unit = Sort.ZERO, ""
        for cell in found.cells:
            if not isinstance(cell, Formula):
                message = f"{cell.place.told} is a table: select a row or a column of it."
                raise Fault("NOT_A_NUMBER", message, expr.column)
            inner = self.number(cell)
            sort, unit = max(sort, inner.sort), inner.unit or unit
        if found.sort is Sort.LEVEL and sort is not Sort.PART:
            sort = Sort.LEVEL
        return Type("number", sort if len(found.cells) == 1 or sort else Sort.WHOLE, unit)

    def condition(self, expr: Expr) -> Type:
        found = self.infer(expr)
        if found.kind != "flag":
            raise _not_a_condition(expr.column)
        return found

    # -- names

    def level(self) -> Sort:
        """The sort of what belongs to a segment."""
        return Sort.LEVEL if self.analysis.multi else Sort.WHOLE

    def part(self) -> Sort:
        """The sort of what adds up over segments."""
        return Sort.PART if self.analysis.multi else Sort.WHOLE

    def name(self, expr: Name) -> Type:
        document, name = self.document, expr.id
        if name in TIMES or name == document.period.named:
            return Type("number", self.part())
        if name == "season" and document.seasons:
            sort = self.level() if self._splits.seasons else Sort.WHOLE
            return Type("choice", sort, choices=tuple(document.seasons))
        if name in document.inputs:
            return self.input(name)
        if name in document.parameters():
            return self.parameter(name)
        if name in document.values:
            return self.value(name)
        if name in document.states:
            state = document.states[name]
            if state.history:
                return Type("history")
            return Type("number", self.part() if self.stepping else self.level())
        line = document.line(name)
        if line is None:
            raise self.unknown(expr)
        self.above(line, expr.column)
        return Type("number", Sort.WHOLE)

    def unknown(self, expr: Name) -> Fault:
        document = self.document
        above = (x.id for x in document.lines[: self.before])
        tables = (document.inputs, document.parameters(), document.values, document.states)
        known = sorted([*(name for table in tables for name in table), *TIMES, *above])
        message = f"There is nothing named '{expr.id}'.{meant(expr.id, known)}"
        if expr.id == "season":
            message = "This tariff has no seasons: state 'seasons', or do without 'season'."
        return Fault("UNKNOWN_NAME", message, expr.column, known)

    def above(self, line: Line, column: int) -> None:
        """Refuses a line that does not stand above."""
        position = self.document.lines.index(line)
        if self.stepping and self.analysis.multi:
            message = "A state's 'next' steps through segments: it cannot use a line of the bill."
            raise Fault("STATE", message, column)
        for name in self._open:
            self._reach[name] = max(position, self._reach.get(name, -1))
        if position == self.before and self.before < len(self.document.lines):
            message = f"The line {line.id} cannot be taken of itself."
            raise Fault("SELF_REFERENCE", message, column)
        if position > self.before:
            message = f"The line {line.id} stands below: use only lines above."
            raise Fault("LINE_ORDER", message, column)

    def input(self, name: str) -> Type:
        spec = self.document.inputs[name]
        segment = self.level() if spec.per_segment else Sort.WHOLE
        match spec.kind:
            case Kind.QUANTITY:
                return Type("number", self.part(), spec.unit)
            case Kind.CHOICE:
                return Type("choice", segment, choices=spec.oneof)
            case Kind.FLAG:
                return Type("flag", segment)
        return Type("number", segment, spec.unit)

    def parameter(self, name: str) -> Type:
        cell = self.document.cell(self.version, name)
        if cell is None:
            raise Fault("MISSING_PARAMETER", f"The first version does not state '{name}'.")
        changes = self._splits.versions and varies(self.document, name)
        return Type("cell", self.level() if changes else Sort.ZERO, cells=(cell,))

    def whole_name(self, expr: Whole) -> Type:
        if expr.id in TIMES:
            return Type("number", Sort.WHOLE)
        found = self.name(Name(expr.id, expr.column))
        if found.kind == "cell":
            found = self.cell_value(found, expr)
        if found.kind != "number" or found.sort is Sort.LEVEL:
            raise Fault(
                "WHOLE_OF_LEVEL",
                f"bill.{expr.id}: only what adds up over the bill has a whole; "
                "say first() or last().",
                expr.column,
            )
        return replace(found, sort=Sort.WHOLE)

    # -- named values

    def value(self, name: str) -> Type:
        """The type of a named value; once a version, but anew in every step of a state."""
        if name in self._known and not self.stepping:
            self.reaches_above(name)
            return self._known[name]
        if name in self._open:
            chain = " → ".join([*self._open[self._open.index(name) :], name])
            raise Fault("CYCLE", f"These values need each other: {chain}.")
        self._open.append(name)
        try:
            found = self.fresh_value(name)
        finally:
            self._open.pop()
        if not self.stepping:
            self._known[name] = found
            self.analysis.note_value(name, found.sort)
        return found

    def reaches_above(self, name: str) -> None:
        """Refuses a value whose lines do not stand above the line that uses it."""
        deepest = self._reach.get(name, -1)
        if deepest >= 0:
            self.above(self.document.lines[deepest], 0)

    def fresh_value(self, name: str) -> Type:
        form = self.document.values[name].form
        if isinstance(form, Tiers):
            with blaming(form.of.place):
                return Type("number", self.tiers.sort(form))
        assert isinstance(form, Is)
        with blaming(form.formula.place):
            found = self.infer(form.formula.expr)
            if found.kind == "cell" and all(isinstance(c, Formula) for c in found.cells):
                found = self.cell_value(found, form.formula.expr)
        if found.kind == "number":
            self.analysis.note_formula(form.formula, found.sort)
        return found

    # -- records, maps and tables

    def field(self, expr: Field) -> Type:
        base = self.infer(expr.base)
        if base.kind != "cell":
            message = f"'.{expr.name}' belongs after a record or a row."
            raise Fault("NOT_A_TABLE", message, expr.column)
        return replace(base, cells=tuple(_column(cell, expr) for cell in base.cells))

    def index(self, expr: Index) -> Type:
        if isinstance(expr.base, Name) and (line := self.document.line(expr.base.id)):
            return self.sub_line(line, expr)
        base = self.infer(expr.base)
        if base.kind != "cell":
            raise Fault("NOT_A_TABLE", "'[...]' belongs after a table.", expr.column)
        key = self.infer(expr.key)
        if key.kind == "choice":
            cells = [c for cell in base.cells for c in _entries(cell, key, expr)]
        else:
            key = self.numeric(key, expr.key)
            if key.sort is Sort.PART:
                message = "A table is looked up by a level or by bill.x, not by a part."
                raise Fault("LOOKUP_BY_PART", message, expr.column)
            cells = [c for cell in base.cells for c in _rows(cell, expr)]
        return replace(base, sort=selected_sort(key.sort, base.sort), cells=tuple(cells))

    def sub_line(self, line: Line, expr: Index) -> Type:
        self.above(line, expr.column)
        number = isinstance(expr.key, Number) and expr.key.value.denominator == 1
        if not number or not self.tiers.itemises(line):
            message = f"{line.id}[n] is the n-th tier of a graduated line."
            raise Fault("SUB_LINE", message, expr.column)
        return Type("number", Sort.WHOLE)

    # -- operators

    def binary(self, expr: Binary) -> Type:
        if expr.op in ("and", "or"):
            left, right = self.condition(expr.left), self.condition(expr.right)
            return Type("flag", max(left.sort, right.sort))
        if expr.op in ("==", "!=") and (choice := self.choice_comparison(expr)):
            return choice
        left, right = self.as_number(expr.left), self.as_number(expr.right)
        if expr.op == "*":
            return Type("number", multiply_sorts(left.sort, right.sort, expr.column))
        if expr.op == "/":
            if isinstance(expr.right, Number) and expr.right.value == 0:
                raise Fault("DIVISION_BY_ZERO", "Division by 0.", expr.column)
            return Type("number", divide_sorts(left.sort, right.sort, expr.column))
        unit = same_unit(left, right, expr.column)
        sort = add_sorts(left.sort, right.sort, expr.column, f"'{expr.op}'")
        if expr.op in ("+", "-"):
            return Type("number", sort, unit)
        return Type("flag", decided_sort(sort))

    def choice_comparison(self, expr: Binary) -> Type | None:
        """The type of `choice == word`, either way round; None if neither side is a choice."""
        for subject, other in ((expr.left, expr.right), (expr.right, expr.left)):
            if isinstance(subject, Name) and self.document.is_choice(subject.id):
                found = self.name(subject)
                _check_word(other, found)
                return Type("flag", found.sort)
        return None


def _not_a_condition(column: int) -> Fault:
    message = "A condition (a comparison or a flag) belongs here."
    return Fault("NOT_A_CONDITION", message, column)


def _column(cell: Cell, expr: Field) -> Cell:
    if not isinstance(cell, Record):
        message = f"'.{expr.name}' belongs after a record or a selected row: {cell.place.told}."
        raise Fault("NOT_A_RECORD", message, expr.column)
    if expr.name not in cell.cells:
        message = f"{cell.place.told} has no column '{expr.name}'.{meant(expr.name, cell.cells)}"
        raise Fault("UNKNOWN_COLUMN", message, expr.column, sorted(cell.cells))
    return cell.cells[expr.name]


def _rows(cell: Cell, expr: Index) -> list[Cell]:
    """What a number can select."""
    if isinstance(cell, Rows):
        return [Record(r.cells, r.place) for r in cell.rows]
    if not isinstance(cell, Record):
        raise Fault("NOT_A_TABLE", "'[...]' belongs after a table.", expr.column)
    bad = [k for k in cell.cells if not DECIMAL_KEY.fullmatch(k)]
    if bad:
        message = f"A number cannot select the key '{bad[0]}' of the map {cell.place.told}."
        raise Fault("MAP_KEY", message, expr.column)
    if len({Fraction(k) for k in cell.cells}) != len(cell.cells):
        message = f"Two keys of the map {cell.place.told} are the same number."
        raise Fault("MAP_KEY", message, expr.column)
    return list(cell.cells.values())


def _entries(cell: Cell, key: Type, expr: Index) -> list[Cell]:
    """What a choice can select: the entries of a map that has one for each."""
    if not isinstance(cell, Record):
        message = f"A choice selects from a map, not from the table of ranges {cell.place.told}."
        raise Fault("NOT_A_MAP", message, expr.column)
    missing = [c for c in key.choices if c not in cell.cells]
    if missing:
        entry = f"{choice_word(expr.key)} {', '.join(missing)}"
        message = f"The map {cell.place.told} has no entry for {entry}."
        raise Fault("MISSING_CHOICE", message, expr.column, key.choices)
    extra = [k for k in cell.cells if k not in key.choices]
    if extra:
        message = f"'{extra[0]}' of the map {cell.place.told} is no {choice_word(expr.key)}."
        raise Fault("UNKNOWN_CHOICE", message, expr.column, key.choices)
    return [cell.cells[c] for c in key.choices]


def _check_word(expr: Expr, choice: Type) -> None:
    """Refuses what is not one of a choice's values."""
    word = choice_word(expr)
    if word is None:
        message = "A choice is compared with one of its values."
        raise Fault("NOT_A_CHOICE", message, expr.column, choice.choices)
    if word not in choice.choices:
        message = f"'{word}' is not one of the choices.{meant(word, choice.choices)}"
        raise Fault("UNKNOWN_CHOICE", message, expr.column, choice.choices)
