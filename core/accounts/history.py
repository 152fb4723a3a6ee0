"""The history of agreements as tables: tariffs and attributes by day, checked and folded.

    terms   row, from_day, until_day, tariff_no     the days of an agreement, each once
    steps   row, attribute_no, from_day, value      a value holds until the next step

`row` is the agreement's place in its own table. Everything works on many agreements at once.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Bools, Checks, Ints, Table, ints
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import AgreementOutside, AgreementUncovered, FieldRefused
from billcore.core.accounts.packing import packed

TERMS = ("row", "from_day", "until_day", "tariff_no")
STEPS = ("row", "attribute_no", "from_day", "value")


class Packed(NamedTuple):
    """What an agreement's row says of its history: the last of it, and the day that it began."""

    tariff_no: Ints
    attributes: pa.BinaryArray
    changed_day: Ints


def table_of(names: tuple[str, ...], rows: Sequence[tuple[int, ...]]) -> Table:
    """A table of integers."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, len(names))
    return {name: columns[:, n].copy() for n, name in enumerate(names)}


def check_terms(agreements: Table, terms: Table, checks: Checks) -> None:
    """Refuses agreements whose terms leave a day out, share one, or lie outside (field "terms")."""
    _check_spans(terms, checks)
    row, first, last = _sorted(terms, ("row", "from_day"), "row", "from_day", "until_day")
    begins, ends = ints(agreements["from_day"]), ints(agreements["until_day"])
    new = _starts(row)
    expected = np.where(new, begins[row], np.roll(last, 1) + 1)
    _refuse_steps(row, first, expected, checks)
    reached = begins - 1
    reached[row] = last  # the last term of each row is the one that stays
    checks.refuse(
        reached < ends,
        AgreementUncovered,
        "terms",
        lambda at: (
            f"{iso(reached[at] + 1)} is the first day without a tariff: terms go on until "
            f"the agreement's last day, {iso(ends[at])}."
        ),
    )
    checks.refuse(
        reached > ends,
        AgreementOutside,
        "terms",
        lambda at: f"the last term ends {iso(reached[at])}, the agreement {iso(ends[at])}.",
    )


def check_steps(agreements: Table, steps: Table, checks: Checks) -> None:
    """Refuses agreements with a step outside their days or two of one day (field "attributes")."""
    row, day = ints(steps["row"]), ints(steps["from_day"])
    begins, ends = ints(agreements["from_day"]), ints(agreements["until_day"])
    outside = (day < begins[row]) | (day > ends[row])
    _refuse_at(
        checks,
        row,
        outside,
        AgreementOutside,
        "attributes",
        lambda at: (
            f"{iso(day[at])} is outside the agreement's days, "
            f"{iso(begins[row[at]])} to {iso(ends[row[at]])}."
        ),
    )
    order = np.lexsort((day, ints(steps["attribute_no"]), row))
    twice = np.zeros(len(row), dtype=np.bool_)
    twice[order] = _same(steps, ("row", "attribute_no", "from_day"), order)
    _refuse_at(
        checks,
        row,
        twice,
        FieldRefused,
        "attributes",
        lambda at: f"an attribute has two values from {iso(day[at])}.",
    )


def settled_terms(terms: Table) -> Table:
    """Terms by row and day; neighbours of one tariff are one term. The terms cover their days."""
    order = np.lexsort((ints(terms["from_day"]), ints(terms["row"])))
    kept = order[~_same(terms, ("row", "tariff_no"), order)]
    found: Table = {name: ints(terms[name])[kept] for name in TERMS}
    row, until = ints(found["row"]), np.roll(ints(found["from_day"]), -1) - 1
    last = np.roll(_starts(row), -1)
    ends = np.zeros(int(row.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(ends, ints(terms["row"]), ints(terms["until_day"]))
    found["until_day"] = np.where(last, ends[row], until)
    return found


def settled_steps(steps: Table) -> Table:
    """Steps by row, attribute and day; a step that changes nothing is left out."""
    order = np.lexsort((ints(steps["from_day"]), ints(steps["attribute_no"]), ints(steps["row"])))
    kept = order[~_same(steps, ("row", "attribute_no", "value"), order)]
    return {name: ints(steps[name])[kept] for name in STEPS}


def folded(rows: int, terms: Table, steps: Table) -> Packed:
    """The packed values of `rows` agreements from sorted terms and steps."""
    row, day = ints(terms["row"]), ints(terms["from_day"])
    tariff_no = np.zeros(rows, dtype=np.int64)
    tariff_no[row] = ints(terms["tariff_no"])  # the last term of each row is the one that stays
    changed_day = np.zeros(rows, dtype=np.int64)
    np.maximum.at(changed_day, row, day)
    np.maximum.at(changed_day, ints(steps["row"]), ints(steps["from_day"]))
    row, number = ints(steps["row"]), ints(steps["attribute_no"])
    last = np.ones(len(row), dtype=np.bool_)
    last[:-1] = (row[1:] != row[:-1]) | (number[1:] != number[:-1])
    attributes = packed(rows, row[last], number[last], ints(steps["value"])[last])
    return Packed(tariff_no, attributes, changed_day)


def chosen(table: Table, agreements: Bools) -> Table:
    """The history of the agreements of a mask, whose rows are counted anew."""
    row = ints(table["row"])
    places = np.cumsum(agreements) - 1
    kept = agreements[row]
    found: Table = {name: ints(column)[kept] for name, column in table.items()}
    found["row"] = places[ints(found["row"])]
    return found


def _check_spans(terms: Table, checks: Checks) -> None:
    row, first, last = (ints(terms[name]) for name in ("row", "from_day", "until_day"))
    _refuse_at(
        checks,
        row,
        last < first,
        FieldRefused,
        "terms",
        lambda at: f"a term that begins {iso(first[at])} cannot end {iso(last[at])}.",
    )


def _refuse_steps(row: Ints, first: Ints, expected: Ints, checks: Checks) -> None:
    """Refuses gaps and overlaps between the sorted terms of a row."""
    new = _starts(row)

    def message(at: int) -> str:
        if first[at] > expected[at]:
            return f"{iso(expected[at])} is the first day without a tariff."
        if new[at]:
            return f"the term of {iso(first[at])} begins before the agreement, {iso(expected[at])}."
        return f"{iso(first[at])} has two tariffs: a term begins before the other has ended."

    _refuse_at(
        checks,
        row,
        first != expected,
        lambda at: AgreementOutside if new[at] and first[at] < expected[at] else AgreementUncovered,
        "terms",
        message,
    )


def _refuse_at(
    checks: Checks,
    row: Ints,
    bad: Bools,
    kind: type[FieldRefused] | Callable[[int], type[FieldRefused]],
    field: str,
    message: Callable[[int], str],
) -> None:
    """Refuses the rows of bad lines of a history: the first bad line of a row says why."""
    lines = np.flatnonzero(bad)
    for at in lines[np.unique(row[lines], return_index=True)[1]].tolist():
        why = kind if isinstance(kind, type) else kind(at)
        checks.refuse_row(int(row[at]), why, field, message(at))


def _sorted(table: Table, by: tuple[str, ...], *names: str) -> list[Ints]:
    order = np.lexsort([ints(table[name]) for name in reversed(by)])
    return [ints(table[name])[order] for name in names]


def _starts(row: Ints) -> Bools:
    """Where another row begins in a sorted column."""
    new = np.ones(len(row), dtype=np.bool_)
    new[1:] = row[1:] != row[:-1]
    return new


def _same(table: Table, names: tuple[str, ...], order: Ints) -> Bools:
    """In this order: whether a line equals the one before it in these columns."""
    same = np.ones(len(order), dtype=np.bool_)
    same[:1] = False
    for name in names:
        column = ints(table[name])[order]
        same[1:] &= column[1:] == column[:-1]
    return same
