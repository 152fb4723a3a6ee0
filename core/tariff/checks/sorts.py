"""Types of formulas, and the algebra of parts and levels.

A formula that passes is homogeneous of degree one in its parts, so a cut where
nothing changes cannot change an exact amount.
"""

from dataclasses import dataclass, field
from typing import Literal

from billcore.core.tariff.checks.faults import Fault
from billcore.core.tariff.language.analysis import Sort
from billcore.core.tariff.language.document import TIMES, Cell, Document, Formula, Kind, Line


@dataclass(frozen=True, slots=True)
class Type:
    """What a formula gives. cells: of kind "cell", one for each branch that it can take."""

    kind: Literal["number", "flag", "choice", "cell", "history"]
    sort: Sort = Sort.WHOLE
    unit: str = ""
    choices: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(slots=True)
class Analysis:
    """Sorts of all that stands in a document; multi: bills can have several segments.

    formulas: by the id() of the document's own formula objects. sub_lines: the most
    tiers that a line can print.
    """

    multi: bool
    lines: dict[str, Sort] = field(default_factory=dict)
    values: dict[str, Sort] = field(default_factory=dict)
    formulas: dict[int, Sort] = field(default_factory=dict)
    sub_lines: dict[str, int] = field(default_factory=dict)

    def of(self, formula: Formula) -> Sort:
        """The sort of a top-level formula of the document (a line's, a value's, a limit)."""
        return self.formulas[id(formula)]

    def has_parts(self, line: Line) -> bool:
        return self.lines[line.id] is Sort.PART

    def adds_up(self, document: Document, name: str) -> bool:
        """Whether bill.name is the sum over the segments; else it is the same in all."""
        spec = document.inputs.get(name)
        return (
            (spec is not None and spec.kind is Kind.QUANTITY)
            or name in TIMES
            or name == document.period.named
            or self.values.get(name) is Sort.PART
        )

    def note_formula(self, formula: Formula, sort: Sort) -> None:
        self.formulas[id(formula)] = max(sort, self.formulas.get(id(formula), Sort.ZERO))

    def note_value(self, name: str, sort: Sort) -> None:
        self.values[name] = max(sort, self.values.get(name, Sort.ZERO))

    def note_line(self, line: Line, sort: Sort) -> None:
        self.lines[line.id] = max(sort, self.lines.get(line.id, Sort.ZERO))

    def note_sub_lines(self, line: Line, count: int) -> None:
        self.sub_lines[line.id] = max(count, self.sub_lines.get(line.id, 0))


def add_sorts(a: Sort, b: Sort, column: int, what: str) -> Sort:
    """The sort of a sum, minimum or choice between two numbers. Raises Fault at `column`."""
    if Sort.ZERO in (a, b) or a is b:
        return max(a, b)
    if Sort.PART in (a, b):
        raise Fault(
            "PART_AND_LEVEL",
            f"{what} meets a part of the bill with something of the whole bill or a level: "
            "scale it (days, share()), or take the whole with bill.x.",
            column,
        )
    return max(a, b)


def multiply_sorts(a: Sort, b: Sort, column: int) -> Sort:
    """The sort of a product. Raises Fault at `column`."""
    if a is Sort.PART and b is Sort.PART:
        raise Fault("PART_TIMES_PART", "A part times a part does not add up over segments.", column)
    return Sort.ZERO if Sort.ZERO in (a, b) else max(a, b)


def divide_sorts(a: Sort, b: Sort, column: int) -> Sort:
    """The sort of a quotient. Raises Fault at `column`."""
    if b is not Sort.PART:
        return a if a in (Sort.PART, Sort.ZERO) else max(a, b)
    if a in (Sort.PART, Sort.ZERO):
        return Sort.LEVEL
    raise Fault("LEVEL_BY_PART", "A level divided by a part does not add up over segments.", column)


def decided_sort(sort: Sort) -> Sort:
    """The sort of a comparison or quotient of numbers of this sort: never a part, never 0."""
    return Sort.LEVEL if sort is Sort.PART else max(sort, Sort.WHOLE)


def selected_sort(key: Sort, base: Sort) -> Sort:
    """The sort of what a key selects: a level if the key or the table is one."""
    return Sort.LEVEL if Sort.LEVEL in (key, base) else base


def guarded_sort(condition: Sort, sort: Sort) -> Sort:
    """The sort of a value that stands only under a condition."""
    return Sort.LEVEL if condition is Sort.LEVEL and sort is not Sort.PART else sort


def same_unit(left: Type, right: Type, column: int) -> str:
    """The unit of two numbers that meet. Raises Fault at `column`."""
    if left.unit and right.unit and left.unit != right.unit:
        raise Fault(
            "WRONG_UNIT",
            f"{left.unit} and {right.unit} do not meet: convert one with a factor.",
            column,
            (left.unit,),
        )
    return left.unit or right.unit
