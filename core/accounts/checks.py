"""Rows of a table and what is refused of them: every rule sees whole columns.

A rule gives a mask of bad rows; the first that refuses a row counts. Messages are made for refused
rows only. A unary call is a table of one row whose refusal is raised.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.errors import FieldRefused
from billcore.core.calendar import DAY_MAX, DAY_MIN
from billcore.core.errors import ColumnInvalid, ColumnMissing, quoted
from billcore.core.store.port import OPEN_DAY, Column, Columns, Value

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Table = dict[str, Column]
"""Checked columns of one length: int64 and Arrow texts."""


class Refusal(NamedTuple):
    """Why a row, counted from 0, is refused. reason: that of the error of a unary call."""

    row: int
    field: str
    reason: str
    message: str


class Checks:
    """The rows of a table that are still good, and the refusals of the others."""

    def __init__(self, rows: int) -> None:
        self.good: Bools = np.ones(rows, dtype=np.bool_)
        self._found: dict[int, tuple[type[FieldRefused], str, str]] = {}

    def refuse(
        self, bad: Bools, kind: type[FieldRefused], field: str, message: Callable[[int], str]
    ) -> None:
        """Refuses the good rows of a mask; the message is asked for each of them."""
        fresh = bad & self.good
        if fresh.any():
            for row in np.flatnonzero(fresh).tolist():
                self.refuse_row(row, kind, field, message(row))

    def refuse_row(self, row: int, kind: type[FieldRefused], field: str, message: str) -> None:
        """Refuses one row, if it is still good."""
        if self.good[row]:
            self._found[row] = kind, field, message
            self.good[row] = False

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Every refused row once, in order."""
        rows = sorted(self._found)
        found = ((row, *self._found[row]) for row in rows)
        return tuple(Refusal(row, field, kind.reason, text) for row, kind, field, text in found)

    def raise_first(self) -> None:
        """Raises the refusal of the first refused row, if any: for tables of one row."""
        if self._found:
            kind, field, message = self._found[min(self._found)]
            raise kind(field, message)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a table: the new ids by row, 0 of a refused row, and the refusals."""

    ids: Ints
    refusals: tuple[Refusal, ...]

    @property
    def accepted(self) -> int:
        """How many rows were kept."""
        return len(self.ids) - len(self.refusals)


# -- rules of columns


@dataclass(frozen=True, slots=True)
class Text:
    """Characters without control characters, not space at the ends; '' when `least` is 0.

    pattern: a regular expression of the whole text; form: it in words. personal: it tells of a
    person, so that no refusal quotes it: refusals go further than to who sent it.
    """

    name: str
    most: int
    least: int = 0
    pattern: str = ""
    form: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words."""

    name: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day ordinal of 1800 to 2200. default: where a column is left out; None: it may not be.

    A default of OPEN_DAY allows OPEN_DAY.
    """

    name: str
    default: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """An integer, both limits included."""

    name: str
    least: int
    most: int
    default: int | None = None


Rule = Text | Word | Day | Number


def read(of: str, rules: Sequence[Rule], columns: Columns) -> tuple[Table, Checks]:
    """The columns of a table called `of`, and its checks with the rows that break a rule.

    A column that is left out takes its default. Raises ColumnMissing and ColumnInvalid for what is
    wrong with a column as a whole.
    """
    _check_names(of, rules, columns)
    rows = _rows(columns)
    checks = Checks(rows)
    table = {rule.name: _column(rule, columns, rows) for rule in rules}
    for rule in rules:
        _check(rule, table[rule.name], checks)
    return table, checks


def one_row(values: Mapping[str, Value]) -> Table:
    """A table of one row."""
    return {name: column_of([value]) for name, value in values.items()}


def column_of(values: Sequence[Value]) -> Column:
    """A column of these values of one kind; empty: integers."""
    if values and isinstance(values[0], str):
        return pa.array(values, pa.string())
    if values and isinstance(values[0], bytes):
        return pa.array(values, pa.binary())
    return np.array(values, dtype=np.int64)


def only(table: Mapping[str, Column], rows: Bools) -> Table:
    """The rows of a mask."""
    if rows.all():
        return dict(table)
    mask = pa.array(rows)
    return {
        name: column[rows] if isinstance(column, np.ndarray) else column.filter(mask)
        for name, column in table.items()
    }


def constant(value: Value, rows: int) -> Column:
    """A column of one value."""
    if isinstance(value, int):
        return np.full(rows, value, dtype=np.int64)
    return pa.repeat(pa.scalar(value), rows)


def ints(column: Column) -> Ints:
    """An integer column as int64."""
    found: Ints = np.asarray(column, dtype=np.int64)
    return found


def texts(column: Column) -> list[str]:
    """A column of texts as a list."""
    assert isinstance(column, pa.StringArray), "it is a column of texts"
    found: list[str] = column.to_pylist()
    return found


def mask(flags: pa.Array) -> Bools:
    """An Arrow column of yes and no."""
    found: Bools = flags.to_numpy(zero_copy_only=False)
    return found


def repeated(texts: pa.StringArray) -> Bools:
    """Rows whose text stood in an earlier row."""
    codes = texts.dictionary_encode().indices.to_numpy()
    found = np.ones(len(codes), dtype=np.bool_)
    found[np.unique(codes, return_index=True)[1]] = False
    return found


def _check_names(of: str, rules: Sequence[Rule], columns: Columns) -> None:
    known = [rule.name for rule in rules]
    for name in columns:
        if name not in known:
            raise ColumnInvalid(name, f"{of} have the columns {', '.join(known)}.", rule="name")
    required = [rule.name for rule in rules if _default(rule) is None]
    for name in required:
        if name not in columns:
            raise ColumnMissing(name, required)


def _rows(columns: Columns) -> int:
    first = next(iter(columns))
    for name, column in columns.items():
        if len(column) != len(columns[first]):
            raise ColumnInvalid(
                name,
                f"has {len(column)} rows, but {first!r} has {len(columns[first])}.",
                rule="length",
            )
    return len(columns[first])


def _default(rule: Rule) -> Value | None:
    match rule:
        case Text(least=0):
            return ""
        case Day(default=default) | Number(default=default):
            return default
    return None


def _column(rule: Rule, columns: Columns, rows: int) -> Column:
    column = columns.get(rule.name)
    if column is None:
        default = _default(rule)
        assert default is not None  # _check_names has refused it
        return constant(default, rows)
    textual = isinstance(rule, Text | Word)
    if not textual and isinstance(column, np.ndarray) and column.dtype.kind == "i":
        return ints(column)
    if textual and isinstance(column, pa.StringArray) and not column.null_count:
        return column
    kind = "texts without nulls" if textual else "integers"
    raise ColumnInvalid(rule.name, f"it holds {kind}.", rule="kind")


def _check(rule: Rule, column: Column, checks: Checks) -> None:
    if isinstance(column, np.ndarray):
        _check_numbers(rule, column, checks)
    elif isinstance(rule, Word):
        bad = ~mask(pc.is_in(column, pa.array(rule.allowed)))
        allowed = ", ".join(rule.allowed)
        checks.refuse(
            bad, FieldRefused, rule.name, lambda row: f"{_quoted(column, row)}: one of {allowed}."
        )
    elif isinstance(rule, Text):
        _check_texts(rule, column, checks)


def _check_texts(rule: Text, texts: pa.StringArray, checks: Checks) -> None:
    length = pc.utf8_length(texts).to_numpy()
    few = f"{rule.least} to {rule.most}"

    def told(row: int) -> str:
        return "what is given" if rule.personal else _quoted(texts, row)

    checks.refuse(
        (length < rule.least) | (length > rule.most),
        FieldRefused,
        rule.name,
        lambda row: f"{told(row)} has {length[row]} characters: give {few}.",
    )
    checks.refuse(
        mask(pc.match_substring_regex(texts, r"\p{Cc}|^\s|\s$")),
        FieldRefused,
        rule.name,
        lambda row: f"{told(row)} has a control character, or space at an end.",
    )
    if rule.pattern:
        given = length > 0
        checks.refuse(
            given & ~mask(pc.match_substring_regex(texts, f"^(?:{rule.pattern})$")),
            FieldRefused,
            rule.name,
            lambda row: f"{told(row)} is not {rule.form}.",
        )


def _check_numbers(rule: Rule, values: npt.NDArray[np.signedinteger], checks: Checks) -> None:
    match rule:
        case Day(name=name, default=default):
            bad = (values < DAY_MIN) | (values > DAY_MAX)
            if default == OPEN_DAY:
                bad &= values != OPEN_DAY
            checks.refuse(
                bad, FieldRefused, name, lambda row: f"day {values[row]} is not of 1800 to 2200."
            )
        case Number(name=name, least=least, most=most):
            checks.refuse(
                (values < least) | (values > most),
                FieldRefused,
                name,
                lambda row: f"{values[row]} is outside {least}..{most}.",
            )


def _quoted(texts: pa.StringArray, row: int) -> str:
    return quoted(texts[row].as_py())
