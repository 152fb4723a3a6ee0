"""Parameters of a version: numbers and formulas, records, maps and range tables."""

from collections.abc import Container

from billcore.core.tariff.language.document import Cell, Record, Row, Rows
from billcore.core.tariff.language.reading import LABELS, Reader
from billcore.core.tariff.language.source import Mapping, Node, Scalar, Sequence

ROW_MARKS = frozenset({"upto", "below", "reprice"})
"""Keys of a row that are not columns of its table."""


def read_cell(read: Reader, node: Node, what: str) -> Cell | None:
    """The parameter that a node states; None where it cannot be read."""
    if isinstance(node, Scalar):
        return read.formula(node, what)
    if isinstance(node, Sequence):
        return _rows(read, node, what)
    cells = _cells(read, node, what)
    if not cells:
        read.refuse(node.place, "EMPTY", f"{what} is empty.")
    return Record(cells, node.place)


def _cells(
    read: Reader, node: Mapping, what: str, marks: Container[str] = frozenset()
) -> dict[str, Cell]:
    return {
        key: cell
        for key, inner in node
        if key not in marks
        and key not in LABELS
        and (cell := read_cell(read, inner, f"{what}.{key}"))
    }


def _rows(read: Reader, node: Sequence, what: str) -> Rows | None:
    found = []
    for i, item in enumerate(node):
        spec = read.mapping(item, f"{what}[{i}]")
        if spec is not None:
            found.append(_row(read, spec, f"{what}[{i}]"))
    if not found:
        read.refuse(node.place, "EMPTY", f"The table {what} has no rows.")
        return None
    for row in found[:-1]:
        if row.bound is None:
            message = f"Only the last row of {what} may be open (no upto, no below)."
            read.refuse(row.place, "TABLE_ORDER", message)
    return Rows(tuple(found), node.place)


def _row(read: Reader, node: Mapping, what: str) -> Row:
    upto, below = node.get("upto"), node.get("below")
    if upto is not None and below is not None:
        message = f"{what}: a row has 'upto' (inclusive) or 'below' (exclusive), not both."
        read.refuse(node.place, "TABLE_BOUND", message)
    cells = _cells(read, node, what, ROW_MARKS)
    reprice = read.yes(node.get("reprice"), f"{what}.reprice")
    if reprice and "base" in cells:
        message = f"{what}: 'base' and 'reprice' exclude each other."
        read.refuse(node.place, "TABLE_ROW", message)
    if "over" in cells and "base" not in cells:
        read.refuse(node.place, "TABLE_ROW", f"{what}: 'over' goes with 'base'.")
    bound = read.formula(upto if upto is not None else below, f"{what} bound")
    return Row(bound, below is None, reprice, cells, node.place)
