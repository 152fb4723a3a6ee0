"""The columns of a tariff: what a batch must bring, and what comes out.

`batch_of` refuses a batch with a column missing, unknown, of another length or type.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from billcore.core import calendar
from billcore.core.errors import ColumnInvalid, ColumnMissing, ColumnUnknown
from billcore.core.rating.batch import Batch, Changes, Columns, Given, Rows, Segments
from billcore.core.tariff.language.analysis import depends_on_dates, names_used
from billcore.core.tariff.language.document import CARRY_LIMIT, Document, InputSpec, Kind
from billcore.core.tariff.tariff import Tariff, choice_values

TARIFFS_KEPT = 1 << 12
"""Tariffs whose columns are remembered: more than one batch has."""


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
def known_names(tariff: Tariff) -> frozenset[str]:
    """`column_names`, to look one up."""
    return frozenset(column_names(tariff))


@lru_cache(TARIFFS_KEPT)
def choices_of(tariff: Tariff) -> tuple[tuple[InputSpec, int], ...]:
    """The choices and flags, each with the number of its values."""
    return tuple((s, len(choice_values(s))) for s in tariff.document.choosing())


@lru_cache(TARIFFS_KEPT)
def histories_of(tariff: Tariff) -> tuple[ColumnSpec, ...]:
    """The histories of `columns_of`."""
    return tuple(s for s in columns_of(tariff) if s.kind == "history")


@lru_cache(TARIFFS_KEPT)
def required_of(tariff: Tariff) -> tuple[ColumnSpec, ...]:
    """The columns of `columns_of` that a batch must have."""
    return tuple(s for s in columns_of(tariff) if s.required)


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
    tariff: Tariff,
    columns: Columns,
    changes: Changes | None = None,
    segments: Segments | None = None,
) -> Batch:
    """All rows as those of one tariff. Raises ColumnMissing, ColumnUnknown or ColumnInvalid."""
    _check_names(tariff, columns)
    _check_varying(
        tariff, {*(changes.name if changes else ()), *(segments.inputs if segments else ())}
    )
    given = Given(columns, _length(columns))
    return part_of(tariff, given, slice(None), given.length, changes, segments)


def part_of(
    tariff: Tariff,
    given: Given,
    rows: slice | Rows,
    length: int,
    changes: Changes | None = None,
    segments: Segments | None = None,
) -> Batch:
    """These rows of a batch as those of a tariff, which leaves out columns that it does not know.

    Raises ColumnMissing or ColumnInvalid.
    """
    names = known_names(tariff)
    for spec in required_of(tariff):
        if spec.name not in given and not _told(spec, given.dated, segments):
            raise ColumnMissing(spec.name, [s.name for s in required_of(tariff)])
    for name in given.columns:
        if name in names:
            given.column(name)
    _check_histories(given, histories_of(tariff))
    return Batch(tariff, given, rows, length, defaults_of(tariff), changes, segments)


def _check_varying(tariff: Tariff, names: set[str]) -> None:
    """Only inputs `per: segment` have changes and values of segments."""
    inputs = tariff.document.inputs
    varying = sorted(n for n, spec in inputs.items() if spec.per_segment)
    for name in sorted(names):
        if name not in varying:
            raise ColumnUnknown(name, varying)


def _check_names(tariff: Tariff, columns: Columns) -> None:
    known = known_names(tariff)
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


def _check_histories(given: Given, specs: Iterable[ColumnSpec]) -> None:
    for spec in specs:
        name, months = spec.name, f"{spec.name}.month"
        if name not in given:
            continue
        if months not in given:
            raise ColumnMissing(months, (name, months))
        values = given.column(name)
        if values.ndim != 2 or given.column(months).shape != values.shape:
            needs = f"needs the shape ({given.length}, entries), as '{months}'"
            raise ColumnInvalid(name, needs, rule="shape")
        if values.shape[1] > spec.entries:
            raise ColumnInvalid(name, f"has more than {spec.entries} entries", rule="shape")


@lru_cache(TARIFFS_KEPT)
def defaults_of(tariff: Tariff) -> Mapping[str, int]:
    """What a column holds in every row where a batch leaves it out; no histories."""
    document = tariff.document
    found = {name: _default(spec, document) for name, spec in document.inputs.items()}
    for name, state in document.states.items():
        if state.history is None:
            found[name] = int(state.initial * 10**state.decimals)
    if document.total.carry is not None:
        found[document.total.carry] = 0
    return found


def _default(spec: InputSpec, document: Document) -> int:
    if spec.default is None:
        return 0
    if spec.kind is Kind.CHOICE:
        return spec.oneof.index(str(spec.default))
    return int(Fraction(spec.default) * 10 ** document.input_digits(spec))
