"""The columns of a tariff: what a batch must bring, and what comes out.

`batch_of` refuses a batch with a column missing, unknown, of another length or type.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from billcore.core import calendar
from billcore.core.batch import Batch, Changes, Column, Segments
from billcore.core.errors import ColumnInvalid, ColumnMissing, ColumnUnknown
from billcore.core.tariff.language.analysis import depends_on_dates, names_used
from billcore.core.tariff.language.document import CARRY_LIMIT, Document, InputSpec, Kind
from billcore.core.tariff.tariff import Tariff, choice_values

Columns = Mapping[str, npt.NDArray[np.integer]]

TARIFFS_KEPT = 512
"""Tariffs whose columns are remembered."""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """An input column: integers that count 10**-decimals of unit.

    kind: date (day ordinals), days, quantity, number, money (units of account),
    choice (index into choices), flag (0 or 1), state, history (rows x entries, beside
    `name.month` with 1..12 and 0 for no entry; at most `entries` of them). lo and hi
    bound the integers.
    """

    name: str
    kind: str
    unit: str
    decimals: int
    required: bool
    choices: tuple[str, ...]
    lo: int
    hi: int
    entries: int = 0


@lru_cache(TARIFFS_KEPT)
def columns_of(tariff: Tariff) -> tuple[ColumnSpec, ...]:
    """Every input column that a batch of this tariff may have; the required ones must be there."""
    document = tariff.document
    return (*_time_columns(document), *_input_columns(document), *_state_columns(document))


def _time_columns(document: Document) -> Iterator[ColumnSpec]:
    used = names_used(document)
    dated = depends_on_dates(document) or bool(used & {"calendar_months", "calendar_years"})
    lo, hi = calendar.DAY_MIN, calendar.DAY_MAX
    counted = "days" in used and not dated
    yield ColumnSpec("previous", "date", "", 0, dated, (), lo, hi)
    yield ColumnSpec("this", "date", "", 0, dated, (), lo, hi)
    yield ColumnSpec("days", "days", "day", 0, counted, (), 1, document.period.days_max)


def _input_columns(document: Document) -> Iterator[ColumnSpec]:
    for name, spec in document.inputs.items():
        kind, required = spec.kind.value, spec.default is None
        if spec.listed:
            choices = spec.oneof if spec.kind is Kind.CHOICE else ()
            last = len(choice_values(spec)) - 1
            yield ColumnSpec(name, kind, "", 0, required, choices, 0, last)
        else:
            decimals = document.input_digits(spec)
            lo, hi = _scaled_limits(spec.lo, spec.hi, decimals)
            yield ColumnSpec(name, kind, spec.unit, decimals, required, (), lo, hi)


def _state_columns(document: Document) -> Iterator[ColumnSpec]:
    for name, state in document.states.items():
        kind = "history" if state.history else "state"
        lo, hi = _scaled_limits(state.lo, state.hi, state.decimals)
        entries = state.history or 0
        yield ColumnSpec(name, kind, "", state.decimals, False, (), lo, hi, entries)
    carry = document.total.carry
    if carry is not None:
        lo, hi = _scaled_limits(-CARRY_LIMIT, CARRY_LIMIT, document.digits)
        yield ColumnSpec(carry, "state", "", document.digits, False, (), lo, hi)


def _scaled_limits(lo: Fraction, hi: Fraction, decimals: int) -> tuple[int, int]:
    return int(lo * 10**decimals), int(hi * 10**decimals)


@lru_cache(TARIFFS_KEPT)
def column_names(tariff: Tariff) -> tuple[str, ...]:
    """The names that a batch may use: of `columns_of`, and the months of histories."""
    specs = columns_of(tariff)
    return (*(s.name for s in specs), *(f"{s.name}.month" for s in specs if s.kind == "history"))


@lru_cache(TARIFFS_KEPT)
def line_names(tariff: Tariff) -> tuple[str, ...]:
    """The output columns in order: lines, their tiers, rounding, what is carried."""
    document = tariff.document
    found: list[str] = []
    for line in document.lines:
        found.append(line.id)
        if line.itemised:
            found += [f"{line.id}[{n}]" for n in range(1, tariff.analysis.sub_lines[line.id] + 1)]
    carried = ["carried_in", "carried_out"] if document.total.carry is not None else []
    return (*found, "rounding", *carried)


def state_names(tariff: Tariff) -> tuple[str, ...]:
    """The states that rating a bill gives back."""
    return tuple(tariff.document.states)


# -- columns of a batch


def batch_of(
    tariff: Tariff, columns: Columns, changes: Changes | None, segments: Segments | None
) -> Batch:
    """Validated columns, with a column of defaults for each that is left out.

    Raises ColumnMissing, ColumnUnknown or ColumnInvalid.
    """
    specs = {s.name: s for s in columns_of(tariff)}
    _check_names(tariff, columns)
    _check_varying(
        tariff, {*(changes.name if changes else ()), *(segments.inputs if segments else ())}
    )
    length = _length(columns)
    dated = "previous" in columns and "this" in columns
    for spec in specs.values():
        if spec.required and spec.name not in columns and not _told(spec, dated, segments):
            raise ColumnMissing(spec.name, [s.name for s in specs.values() if s.required])
    found = {n: _checked(n, c, length) for n, c in columns.items()}
    _check_histories(found, tariff.document, length)
    for name, default in _defaults(tariff.document):
        if name not in found:
            found[name] = np.full(length, default, dtype=np.int64)
    return Batch(
        tariff,
        length,
        found,
        found["previous"] if dated else None,
        found["this"] if dated else None,
        found.get("days"),
        changes,
        segments,
    )


def _check_varying(tariff: Tariff, names: set[str]) -> None:
    """Only inputs `per: segment` have changes and values of segments."""
    inputs = tariff.document.inputs
    varying = sorted(n for n, spec in inputs.items() if spec.per_segment)
    for name in sorted(names):
        if name not in varying:
            raise ColumnUnknown(name, varying)


def _check_names(tariff: Tariff, columns: Columns) -> None:
    known = column_names(tariff)
    for name in columns:
        if name not in known:
            raise ColumnUnknown(name, sorted(known))


def _told(spec: ColumnSpec, dated: bool, segments: Segments | None) -> bool:
    """Whether something else in the batch stands for a missing column."""
    if segments is not None and (spec.kind in ("date", "days") or spec.name in segments.inputs):
        return True
    return spec.kind == "days" and dated


def _length(columns: Columns) -> int:
    lengths: dict[str, int] = {n: c.shape[0] for n, c in columns.items() if c.ndim}
    if not lengths:
        raise ColumnMissing("this", ("this",))
    first = next(iter(lengths))
    for name, length in lengths.items():
        if length != lengths[first]:
            raise ColumnInvalid(
                name, f"has {length} rows, but '{first}' has {lengths[first]}", rule="length"
            )
    return lengths[first]


def _checked(name: str, column: npt.NDArray[np.integer], length: int) -> Column:
    if not np.issubdtype(column.dtype, np.signedinteger):
        raise ColumnInvalid(
            name, f"holds {column.dtype}; a column holds int32 or int64", rule="type"
        )
    if column.ndim not in (1, 2) or column.shape[0] != length:
        raise ColumnInvalid(name, f"has the shape {column.shape}, not ({length},)", rule="shape")
    wide = column if column.dtype.itemsize >= 4 else column.astype(np.int32)
    return np.ascontiguousarray(wide)


def _check_histories(found: dict[str, Column], document: Document, length: int) -> None:
    for name, state in document.states.items():
        months = f"{name}.month"
        if state.history is None or name not in found:
            continue
        if months not in found:
            raise ColumnMissing(months, (name, months))
        values = found[name]
        if values.ndim != 2 or found[months].shape != values.shape:
            needs = f"needs the shape ({length}, entries), as '{months}'"
            raise ColumnInvalid(name, needs, rule="shape")
        if values.shape[1] > state.history:
            raise ColumnInvalid(name, f"has more than {state.history} entries", rule="shape")


def _defaults(document: Document) -> Iterator[tuple[str, int]]:
    """(column, what it holds in every row where a batch leaves it out); no histories."""
    for name, spec in document.inputs.items():
        yield name, _default(spec, document)
    for name, state in document.states.items():
        if state.history is None:
            yield name, int(state.initial * 10**state.decimals)
    if document.total.carry is not None:
        yield document.total.carry, 0


def _default(spec: InputSpec, document: Document) -> int:
    if spec.default is None:
        return 0
    if spec.kind is Kind.CHOICE:
        return spec.oneof.index(str(spec.default))
    return int(Fraction(spec.default) * 10 ** document.input_digits(spec))
