"""Sorts of tiers forms: what a quantity through a table of rows adds up to."""

from dataclasses import dataclass
from typing import Protocol

from billcore.core.tariff.checks.faults import Fault, blaming
from billcore.core.tariff.checks.sorts import Analysis, Type, multiply_sorts
from billcore.core.tariff.language.analysis import Sort
from billcore.core.tariff.language.document import (
    PRICE,
    Basis,
    Cell,
    Formula,
    Line,
    Percent,
    Rows,
    Tiers,
)
from billcore.core.tariff.language.expression import Expr, constant


class Formulas(Protocol):
    """What is asked of formulas; every answer may raise Fault."""

    analysis: Analysis

    def infer(self, expr: Expr) -> Type: ...
    def number(self, formula: Formula) -> Type: ...
    def cell_number(self, cell: Cell) -> Type: ...


@dataclass(frozen=True, slots=True)
class _Sorts:
    """Of the quantity, and of the table that prices it."""

    of: Sort
    by: Sort
    bound: Sort
    base: Sort
    price: Sort

    @property
    def whole(self) -> Sort:
        """The sort of the amount, if the quantity is not a part."""
        sorts = (self.of, self.by, self.bound, self.base, self.price)
        return Sort.LEVEL if Sort.LEVEL in sorts else Sort.WHOLE


class TierSorts:
    """Sorts of tiers forms with one version's parameters."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas

    def sort(self, form: Tiers) -> Sort:
        """The sort of the form's amount. Raises Fault."""
        found = self.sorts(form)
        if form.start is not None and (form.split_money or form.split_fill):
            raise _fault(form, "SPLIT", "'start' and 'split' exclude each other.")
        if form.split_money or form.split_fill:
            return self.split_sort(form, found)
        if form.start is not None:
            self.check_start(form, form.start, found)
            return Sort.PART if found.of is Sort.PART else _of_whole(form, found)
        return _of_part(form, found) if found.of is Sort.PART else _of_whole(form, found)

    def sorts(self, form: Tiers) -> _Sorts:
        with blaming(form.by.place):
            tables = self.tables(form)
            by = self.formulas.infer(form.by.expr).sort
        return _Sorts(
            by=by,
            of=self.formulas.number(form.of).sort,
            bound=self.bound_sort(form, tables),
            base=self.base_sort(tables),
            price=max((self.price_sort(form, t) for t in tables), default=Sort.ZERO),
        )

    def tables(self, form: Tiers) -> list[Rows]:
        """The tables that `by` can name. Raises Fault."""
        by = self.formulas.infer(form.by.expr)
        if by.kind != "cell" or not all(isinstance(c, Rows) for c in by.cells):
            found = ", ".join(c.place.told for c in by.cells) or f"a {by.kind}"
            message = f"'by' names a table of rows, as [{{upto: 100, rate: 0.2}}], not {found}."
            raise Fault("NOT_A_TABLE", message).at(form.by.place)
        return [c for c in by.cells if isinstance(c, Rows)]

    def bound_sort(self, form: Tiers, tables: list[Rows]) -> Sort:
        """Of the scaled bounds; 0 where every row is open."""
        bounds = [r.bound for t in tables for r in t.rows if r.bound is not None]
        if not bounds:
            if form.scale is not None:
                self.formulas.number(form.scale)
            return Sort.ZERO
        sort = max(self.formulas.number(b).sort for b in bounds)
        if all(constant(b.expr) == 0 for b in bounds):
            sort = Sort.WHOLE
        if form.scale is None:
            return sort
        scale = self.formulas.number(form.scale).sort
        with blaming(form.scale.place):
            return multiply_sorts(max(sort, Sort.WHOLE), scale, 0)

    def base_sort(self, tables: list[Rows]) -> Sort:
        """Of the flat money of rows; `over` is looked at too."""
        rows = [r for t in tables for r in t.rows]
        bases = [self.formulas.cell_number(r.cells["base"]) for r in rows if "base" in r.cells]
        for row in rows:
            if "over" in row.cells:
                self.formulas.cell_number(row.cells["over"])
        return max((b.sort for b in bases), default=Sort.ZERO)

    def price_sort(self, form: Tiers, table: Rows) -> Sort:
        cells = [r.cells[form.price] for r in table.rows if form.price in r.cells]
        flat = all("base" in r.cells for r in table.rows)
        if not cells and not flat:
            columns = sorted({k for r in table.rows for k in r.cells})
            message = f"The table {table.place.told} has no column '{form.price}'."
            raise Fault("UNKNOWN_COLUMN", message, 0, columns).at(form.by.place)
        for row in table.rows:
            if form.price == PRICE and not {PRICE, "base"} & row.cells.keys():
                message = f"This row has no '{PRICE}': write {PRICE}: 0 if it is free."
                raise Fault("MISSING_PRICE", message, 0, (PRICE,)).at(row.place)
        sorts = [self.formulas.cell_number(c).sort for c in cells]
        if Sort.PART in sorts:
            message = "A price is a level, not a part of the bill."
            raise Fault("PART_TIMES_PART", message).at(form.by.place)
        return max(sorts, default=Sort.ZERO)

    def check_start(self, form: Tiers, start: Formula, found: _Sorts) -> None:
        if self.formulas.number(start).sort is Sort.PART or found.bound is Sort.PART:
            message = "With 'start' the bounds are those of the whole cycle."
            raise _fault(form, "PART_AND_LEVEL", message)

    def split_sort(self, form: Tiers, found: _Sorts) -> Sort:
        multi = self.formulas.analysis.multi
        if multi and Sort.PART in (found.of, found.bound):
            message = "'split' prices the whole quantity by whole bounds: say of: bill.x."
            raise _fault(form, "SPLIT", message)
        if form.split_fill and not self.graduated(form):
            raise _fault(form, "SPLIT", "split: fill needs a graduated table.")
        return Sort.PART if multi else Sort.WHOLE

    # -- sub-lines

    def graduated(self, form: Tiers) -> bool:
        """Whether every row adds its own part of the quantity, so that tiers are figures."""
        if form.whole or form.split_money:
            return False
        rows = [r for t in self.tables(form) for r in t.rows]
        return not any(r.reprice or "base" in r.cells for r in rows)

    def itemises(self, line: Line) -> bool:
        """Whether a line's tiers may be figures of their own (`id[1]`, `id[2]` ...)."""
        match line.form:
            case Tiers():
                return self.graduated(line.form)
            case Percent(basis=Basis.TIERS):
                return True
        return False


def _of_whole(form: Tiers, found: _Sorts) -> Sort:
    if Sort.PART in (found.bound, found.base):
        message = (
            "A whole quantity meets bounds that are parts: price the part, or scale by bill.days."
        )
        raise _fault(form, "PART_AND_LEVEL", message)
    return found.whole


def _of_part(form: Tiers, found: _Sorts) -> Sort:
    if found.bound not in (Sort.PART, Sort.ZERO):
        message = (
            "The part of the quantity meets whole-period bounds: scale them (scale: days / 30), "
            "or price bill.x with split."
        )
        raise _fault(form, "BOUND_NOT_SCALED", message)
    if found.base not in (Sort.ZERO, Sort.PART):
        message = (
            "The flat money of a row ('base') would be charged in every segment: price bill.x."
        )
        raise _fault(form, "PART_AND_LEVEL", message)
    return Sort.PART


def _fault(form: Tiers, rule: str, message: str) -> Fault:
    return Fault(rule, message).at(form.of.place)
