"""Texts of a table's column to scaled integers, exactly; what is no value is told with its place.

Goals: no binary float in between; vectorised where the texts are good, word by word where they are
not. Non-goals: files (`tables`), limits of inputs (the kernel has them).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from billcore.core.calendar import DAY_MAX, DAY_MIN, Calendar
from billcore.core.errors import TextInvalid, quoted
from billcore.core.money import decimal_text, parse_decimal
from billcore.core.rating.rate import ColumnSpec
from billcore.core.tariff.bill import BillFailed
from billcore.core.tariff.language.document import Document, limits_text
from billcore.core.tariff.status import Status

FAULTS_MAX = 20
"""So many unreadable values are told at a time."""

EPOCH = date(1970, 1, 1).toordinal()

FLAGS: Mapping[str, int] = {"yes": 1, "no": 0, "true": 1, "false": 0, "1": 1, "0": 0}

OUT_OF_INT64 = np.iinfo(np.int64).max
"""Stands for a number that no column holds."""

UNKNOWN = -1
"""Stands for a word that is none of the known."""

FILLER = {"date": "1970-01-01"}
"""What stands where a value is missing, so that the rest of the column can be read."""

Ints = NDArray[np.int64]
Fault = tuple[int, str]
"""A row, counted from 0 in its chunk, and what is wrong with it."""


class Texts:
    """A column being read: OUT `found` (by column name), `failed` rows, `faults`.

    told: of the first failed rows, what is wrong.
    """

    def __init__(self, spec: ColumnSpec, document: Document, rows: int) -> None:
        self.spec = spec
        self.found: dict[str, Ints] = {}
        self.failed = np.zeros(rows, dtype=np.uint8)
        self.told: dict[int, BillFailed] = {}
        self.faults: list[Fault] = []
        self._default = default_text(spec, document)

    def read(self, texts: pa.Array) -> None:
        name = self.spec.name
        texts = self._filled(pc.utf8_trim_whitespace(texts))
        match self.spec.kind:
            case "history":
                self._histories(texts)
            case "date":
                self.found[name] = self._dates(texts)
            case "choice":
                self._words(texts, {w: n for n, w in enumerate(self.spec.choices)})
            case "flag":
                self._words(texts, FLAGS)
            case _:
                self.found[name] = self._numbers(texts)

    def _filled(self, texts: pa.Array) -> pa.Array:
        empty = pc.equal(texts, "")
        if self.spec.kind == "history" or not pc.any(empty).as_py():
            return texts
        if self._default is None:
            for row in _rows(empty):
                self.faults.append((row, "it is empty, and this input has no default."))
        return pc.if_else(empty, self._default or FILLER.get(self.spec.kind, "0"), texts)

    def _taught(self, wrong: pa.Array, texts: pa.Array, parse: Callable[[str], object]) -> None:
        """Faults in the words of the parser that refuses the text."""
        for row in _rows(wrong):
            try:
                parse(texts[row].as_py())
            except TextInvalid as error:
                self.faults.append((row, error.message))

    def _fail(self, wrong: pa.Array, texts: pa.Array, status: Status, why: str) -> None:
        """Rows whose value can be read, but that no bill of this tariff can have."""
        self.failed[_mask(wrong)] = status
        what = "state" if self.spec.kind == "state" else "input"
        for row in _rows(wrong):
            message = f"{what} {self.spec.name}: {quoted(texts[row].as_py())} {why}."
            self.told[row] = BillFailed(status, message)

    def _words(self, texts: pa.Array, known: Mapping[str, int]) -> None:
        self.found[self.spec.name] = found = words(texts, known)
        unknown = pa.array(found == UNKNOWN)
        self._fail(unknown, texts, Status.UNKNOWN_CHOICE, f"is not one of {', '.join(known)}")

    def _dates(self, texts: pa.Array) -> Ints:
        good = pc.match_substring_regex(texts, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
        try:
            days = pc.if_else(good, texts, FILLER["date"]).cast(pa.date32())
        except pa.ArrowInvalid:  # a 30th of February: find it, one by one
            good = pa.array([_is_date(text) for text in texts.to_pylist()])
            days = pc.if_else(good, texts, FILLER["date"]).cast(pa.date32())
        found: Ints = days.view(pa.int32()).to_numpy().astype(np.int64) + EPOCH
        foreign = pa.array((found < DAY_MIN) | (found > DAY_MAX))  # a year of another calendar
        doubtful = pc.or_(pc.invert(good), foreign)
        if pc.any(doubtful).as_py():
            self._taught(doubtful, texts, Calendar.GREGORIAN.parse)
        return found

    def _numbers(self, texts: pa.Array) -> Ints:
        decimals = self.spec.decimals
        good = pc.match_substring_regex(texts, r"^-?[0-9]+(\.[0-9]+)?$")
        if not pc.all(good).as_py():
            self._taught(pc.invert(good), texts, parse_decimal)
            texts = pc.if_else(good, texts, "0")
        finer = pc.match_substring_regex(texts, rf"\.[0-9]{{{decimals}}}[0-9]*[1-9]")
        self._fail(finer, texts, Status.UNREPRESENTABLE, f"has more than {decimals} decimals")
        huge = pc.match_substring_regex(texts, rf"^-?0*[1-9][0-9]{{{18 - decimals},}}")
        beyond = Status.BAD_PERIOD if self.spec.kind == "days" else Status.OUT_OF_RANGE
        self._fail(huge, texts, beyond, f"is outside {self._limits()}")
        texts = pc.if_else(pc.or_(finer, huge), "0", texts)
        tail = rf"(\.[0-9]{{{decimals}}})[0-9]+$" if decimals else r"(\.)[0-9]+$"
        texts = pc.replace_substring_regex(texts, tail, r"\1" if decimals else "")
        found = _unscaled(texts.cast(pa.decimal128(38, decimals)))
        found[_mask(huge)] = OUT_OF_INT64
        return found

    def _limits(self) -> str:
        one = 10**self.spec.decimals
        return limits_text(Fraction(self.spec.lo, one), Fraction(self.spec.hi, one))

    def _histories(self, texts: pa.Array) -> None:
        """Texts of month:value pairs, oldest first, as "11:20.5 12:18"."""
        histories = [self._history(text, row) for row, text in enumerate(texts.to_pylist())]
        longest = max([1, *map(len, histories)])
        months, values = np.zeros((2, len(histories), longest), dtype=np.int64)
        for row, history in enumerate(histories):
            for n, (month, value) in enumerate(history, longest - len(history)):
                months[row, n], values[row, n] = month, value
        self.found[self.spec.name] = values
        self.found[f"{self.spec.name}.month"] = months

    def _history(self, text: str, row: int) -> list[tuple[int, int]]:
        try:
            return [self._pair(word) for word in text.split()]
        except TextInvalid as error:
            self.faults.append((row, error.message))
            return []

    def _pair(self, word: str) -> tuple[int, int]:
        pair = re.fullmatch(r"(1[0-2]|[1-9]):(-?[0-9.]+)", word)
        if pair is None:
            message = f"{word!r} is no month:value pair; write them oldest first, 11:20.5 12:18."
            raise TextInvalid(message, text=word, rule="history")
        scaled = parse_decimal(pair[2]) * 10**self.spec.decimals
        if scaled.denominator != 1 or not self.spec.lo <= scaled <= self.spec.hi:
            limits = f"{self._limits()} with {self.spec.decimals} decimals"
            message = f"{word} is outside {limits}."
            raise TextInvalid(message, text=word, rule="limits")
        return int(pair[1]), int(scaled)


def default_text(spec: ColumnSpec, document: Document) -> str | None:
    """What an empty field means, as a text that reads back; None: it may not be empty."""
    given: Fraction | str | None = None
    if spec.name in document.inputs:
        given = document.inputs[spec.name].default
    elif spec.kind == "state":
        state = document.states.get(spec.name)
        given = state.initial if state else Fraction(0)
    return decimal_text(given, spec.decimals) if isinstance(given, Fraction) else given


def words(texts: pa.Array, known: Mapping[str, int]) -> Ints:
    """The numbers of known words; UNKNOWN for others, which fail their bills."""
    numbers = np.array([*known.values(), UNKNOWN], dtype=np.int64)
    places = pc.fill_null(pc.index_in(texts, pa.array(list(known))), len(known))
    found: Ints = numbers[places.to_numpy(zero_copy_only=False)]
    return found


def _is_date(text: str) -> bool:
    try:
        Calendar.GREGORIAN.parse(text)
    except TextInvalid:
        return False
    return True


def _unscaled(decimals: pa.Array) -> Ints:
    """The integers behind decimal128 values that fit 64 bits."""
    halves = np.frombuffer(decimals.buffers()[1], dtype="<i8")
    start = decimals.offset * 2
    return halves[start : start + 2 * len(decimals) : 2].copy()


def _mask(flags: pa.Array) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = flags.to_numpy(zero_copy_only=False)
    return found


def _rows(flags: pa.Array) -> Sequence[int]:
    rows: list[int] = np.flatnonzero(_mask(flags))[:FAULTS_MAX].tolist()
    return rows
