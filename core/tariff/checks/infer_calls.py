"""Types of function calls in formulas."""

from dataclasses import replace
from typing import Protocol

from billcore.core.tariff.checks.faults import Fault
from billcore.core.tariff.checks.sorts import (
    Analysis,
    Type,
    add_sorts,
    decided_sort,
    guarded_sort,
    same_unit,
)
from billcore.core.tariff.ir import MODE_BY_NAME
from billcore.core.tariff.language.analysis import Sort
from billcore.core.tariff.language.document import Cell, Document, Formula, Line, Record, Rows
from billcore.core.tariff.language.expression import Call, Expr, Name, Number, constant

MONTHS = tuple(str(month) for month in range(1, 13))


class Formulas(Protocol):
    """What is asked of formulas; every answer may raise Fault."""

    document: Document
    analysis: Analysis

    def infer(self, expr: Expr) -> Type: ...
    def as_number(self, expr: Expr) -> Type: ...
    def numeric(self, found: Type, expr: Expr) -> Type: ...
    def number(self, formula: Formula) -> Type: ...
    def cell_number(self, cell: Cell) -> Type: ...
    def condition(self, expr: Expr) -> Type: ...
    def part(self) -> Sort: ...
    def above(self, line: Line, column: int) -> None: ...


class Calls:
    """The type of each function's result; every method may raise Fault."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas

    def infer(self, expr: Call) -> Type:
        match expr.function:
            case "if":
                return self.conditional(expr)
            case "min" | "max":
                return self.extreme(expr)
            case "round":
                return self.rounded(expr)
            case "share":
                return self.share(expr)
            case "first" | "last":
                return replace(self.numbers(expr)[0], sort=Sort.WHOLE)
            case "part":
                return self.part(expr)
            case "exact":
                self.named_line(expr)
                return Type("number", Sort.WHOLE)
            case "highest" | "lowest" | "sum_of" | "count_of":
                return self.fold(expr)
            case "power_factor":
                return self.power_factor(expr)
            case "units_for":
                return self.units_for(expr)
        return self.numbers(expr)[0]  # abs, floor, ceil

    def numbers(self, expr: Call, count: int | None = None) -> list[Type]:
        """The types of the first `count` arguments, all numbers."""
        return [self.formulas.as_number(a) for a in expr.arguments[:count]]

    def conditional(self, expr: Call) -> Type:
        condition = self.formulas.condition(expr.arguments[0])
        sides = [self.formulas.infer(a) for a in expr.arguments[1:]]
        if all(side.kind == "flag" for side in sides):
            return Type("flag", max(condition.sort, *(side.sort for side in sides)))
        then, other = map(self.formulas.numeric, sides, expr.arguments[1:])
        unit = same_unit(then, other, expr.column)
        sort = add_sorts(then.sort, other.sort, expr.column, "if()")
        return Type("number", max(guarded_sort(condition.sort, sort), Sort.WHOLE), unit)

    def extreme(self, expr: Call) -> Type:
        found, *others = self.numbers(expr)
        for other in others:
            unit = same_unit(found, other, expr.column)
            sort = add_sorts(found.sort, other.sort, expr.column, f"{expr.function}()")
            found = Type("number", sort, unit)
        return found

    def rounded(self, expr: Call) -> Type:
        x, unit, mode = expr.arguments
        found = self.formulas.as_number(x)
        if not isinstance(mode, Name) or mode.id not in MODE_BY_NAME:
            message = "round(x, unit, mode): the mode is a word."
            raise Fault("ROUNDING_MODE", message, mode.column, MODE_BY_NAME)
        self.constant_unit(unit)
        return found

    def constant_unit(self, expr: Expr) -> None:
        found = self.formulas.as_number(expr)
        if isinstance(expr, Number) and expr.value <= 0:
            raise Fault("ROUNDING_UNIT", "A rounding unit is positive.", expr.column)
        if found.sort is Sort.PART:
            raise Fault("ROUNDING_UNIT", "A rounding unit is a constant.", expr.column)

    def share(self, expr: Call) -> Type:
        found = self.numbers(expr)[0]
        if found.sort is Sort.PART:
            message = "share() of a part: it is the segment's share already."
            raise Fault("SHARE_OF_PART", message, expr.column)
        return replace(found, sort=found.sort if found.sort is Sort.ZERO else self.formulas.part())

    # -- lines and states

    def named_line(self, expr: Call) -> Line:
        argument = expr.arguments[0]
        line = self.formulas.document.line(argument.id) if isinstance(argument, Name) else None
        if line is None:
            message = f"{expr.function}() takes the id of a line above."
            raise Fault("NOT_A_LINE", message, expr.column)
        self.formulas.above(line, expr.column)
        return line

    def part(self, expr: Call) -> Type:
        line, analysis = self.named_line(expr), self.formulas.analysis
        if analysis.multi and analysis.lines.get(line.id) is not Sort.PART:
            message = f"The line {line.id} is computed once a bill: it has no parts."
            raise Fault("NO_PARTS", message, expr.column)
        return Type("number", self.formulas.part())

    def fold(self, expr: Call) -> Type:
        argument, *factors = expr.arguments
        states = self.formulas.document.states
        state = states.get(argument.id) if isinstance(argument, Name) else None
        if state is None or state.history is None:
            message = f"{expr.function}() takes the name of a state with a history."
            raise Fault("NOT_A_HISTORY", message, expr.column)
        if not factors:
            return Type("number", Sort.WHOLE)
        found = self.formulas.infer(factors[0])
        for cell in found.cells:
            _check_factors(cell, expr)
        if found.kind != "cell":
            raise Fault("FACTORS", "The factors are a map of the months 1 to 12.", expr.column)
        return Type("number", max(Sort.WHOLE, found.sort))

    # -- rare functions

    def power_factor(self, expr: Call) -> Type:
        active, reactive = self.numbers(expr, 2)
        self.constant_unit(expr.arguments[2])
        sort = add_sorts(active.sort, reactive.sort, expr.column, "power_factor()")
        return Type("number", decided_sort(sort))

    def units_for(self, expr: Call) -> Type:
        money = self.formulas.as_number(expr.arguments[0])
        table = self.formulas.infer(expr.arguments[1])
        if table.kind != "cell" or not all(isinstance(c, Rows) for c in table.cells):
            message = "units_for(money, table): the second is a table of rows."
            raise Fault("NOT_A_TABLE", message, expr.column)
        start = [self.formulas.as_number(a).sort for a in expr.arguments[2:]]
        sorts = [money.sort, table.sort, *start]
        for cell in table.cells:
            _check_invertible(cell, expr)
            for row in cell.rows if isinstance(cell, Rows) else ():
                sorts.append(self.formulas.cell_number(row.cells["rate"]).sort)
                if row.bound is not None:
                    sorts.append(self.formulas.number(row.bound).sort)
        if Sort.PART in sorts:
            message = "units_for() inverts a whole table: give it whole amounts."
            raise Fault("PART_AND_LEVEL", message, expr.column)
        return Type("number", max(*sorts, Sort.WHOLE))


def _check_factors(cell: Cell, expr: Call) -> None:
    """Refuses what is not a map of the twelve months to constants."""
    if not isinstance(cell, Record) or set(cell.cells) != set(MONTHS):
        message = f"The factors are a map of the months 1 to 12, not {cell.place.told}."
        raise Fault("FACTORS", message, expr.column, MONTHS)
    for factor in cell.cells.values():
        if not isinstance(factor, Formula) or constant(factor.expr) is None:
            message = f"The factors of months are plain numbers, not {factor.place.told}."
            raise Fault("FACTORS", message, expr.column)


def _check_invertible(cell: Cell, expr: Call) -> None:
    """Refuses a table of which the price of a quantity does not simply rise."""
    for row in cell.rows if isinstance(cell, Rows) else ():
        rate = row.cells.get("rate")
        if row.reprice or "base" in row.cells or not isinstance(rate, Formula):
            message = (
                "units_for() needs a graduated table with a rate in every row (no reprice, no "
                f"base), unlike {row.place.told}."
            )
            raise Fault("NOT_INVERTIBLE", message, expr.column)
