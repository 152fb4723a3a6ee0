"""Attributes of agreements: what a provider may say of them, as integers, and as a tariff's inputs.

A number is kept as an integer of 10^-decimals, a choice as the number of its word from 0, a flag as
0 or 1. Nothing is rounded: a text with more decimals is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.checks import (
    Bools,
    Checks,
    Ints,
    Number,
    Rule,
    Text,
    Word,
    constant,
    mask,
    one_row,
    read,
)
from billcore.core.accounts.errors import (
    AlreadyTaken,
    AttributeMisfit,
    AttributeUnknown,
    FieldRefused,
)
from billcore.core.errors import quoted
from billcore.core.money import scaled_text
from billcore.core.rating.columns import ColumnSpec, columns_of, defaults_of
from billcore.core.store import providers as rows
from billcore.core.store.port import Reader, Value
from billcore.core.tariff.tariff import Tariff

DECIMALS_MAX = 9
VALUE_MAX = 10**17
"""The integer of an attribute is below this."""

WORDS_MAX = 1_000
"""A choice has 1 to this many words."""

FLAGS = {"no": 0, "yes": 1, "false": 0, "true": 1, "0": 0, "1": 1}


class AttributeKind(StrEnum):
    """What the values of an attribute are."""

    NUMBER = "number"
    CHOICE = "choice"
    FLAG = "flag"


ATTRIBUTE_RULES: tuple[Rule, ...] = (
    Text(
        "name",
        least=1,
        most=60,
        pattern="[a-z][a-z0-9_]*",
        form="a name as tariffs write inputs: small letters, digits and _",
    ),
    Word("kind", tuple(AttributeKind)),
    Text("unit", most=20),
    Number("decimals", 0, DECIMALS_MAX),
)

WORD_RULES: tuple[Rule, ...] = (Text("words", least=1, most=60),)

# What inputs of tariffs an attribute of a kind can feed.
_FEEDS = {
    AttributeKind.NUMBER: ("number", "quantity", "money"),
    AttributeKind.CHOICE: ("choice",),
    AttributeKind.FLAG: ("flag",),
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a provider; words: of a choice, in order of their numbers."""

    attribute_no: int
    name: str
    kind: AttributeKind
    unit: str
    decimals: int
    words: tuple[str, ...] = ()


# -- what a provider has


def attributes_of(reader: Reader, provider_id: int) -> dict[str, Attribute]:
    """Every attribute of a provider by name, in order of their numbers."""
    words: dict[int, list[str]] = {}
    for number, word in rows.words(reader, provider_id):
        words.setdefault(number, []).append(word)
    return {
        row.name: Attribute(
            row.attribute_no,
            row.name,
            AttributeKind(row.kind),
            row.unit,
            row.decimals,
            tuple(words.get(row.attribute_no, ())),
        )
        for row in rows.attributes(reader, provider_id)
    }


def create_attribute(
    write: Write, name: str, kind: str, unit: str, decimals: int, words: Sequence[str]
) -> Attribute:
    """Adds an attribute. Raises FieldRefused, AlreadyTaken."""
    provider_id = provider_acting(write.caller)
    values: dict[str, Value] = {"name": name, "kind": kind, "unit": unit, "decimals": decimals}
    _, checks = read("attributes", ATTRIBUTE_RULES, one_row(values))
    checks.raise_first()
    if kind != AttributeKind.NUMBER and (unit or decimals):
        raise FieldRefused("unit", f"a {kind} has neither unit nor decimals.")
    if (kind == AttributeKind.CHOICE) != bool(words):
        raise FieldRefused("words", "a choice has words, and nothing else has.")
    _check_words(words, ())
    number = rows.draw(write.session, provider_id, "attribute", 1)
    row = rows.AttributeRow(number, name, kind, unit, decimals)
    if not rows.add_attribute(write.session, provider_id, row):
        raise AlreadyTaken("name", f"the attribute {name!r} is there already.")
    _add_words(write, provider_id, number, 0, words)
    tell(write, provider_id, "attribute.created", f"attribute {number}", {"name": name})
    return Attribute(number, name, AttributeKind(kind), unit, decimals, tuple(words))


def add_words(write: Write, name: str, words: Sequence[str]) -> Attribute:
    """Adds words behind those of a choice. Raises AttributeUnknown, FieldRefused, AlreadyTaken."""
    provider_id = provider_acting(write.caller)
    rows.lock(write.session, provider_id, "attribute")
    found = attributes_of(write.session, provider_id)
    attribute = found.get(name)
    if attribute is None:
        raise unknown("name", name, found)
    if attribute.kind is not AttributeKind.CHOICE:
        raise FieldRefused("name", f"{name!r} is a {attribute.kind}: only choices have words.")
    if not words:
        raise FieldRefused("words", "give at least one word.")
    _check_words(words, attribute.words)
    _add_words(write, provider_id, attribute.attribute_no, len(attribute.words), words)
    told = {"words": list(words)}
    subject = f"attribute {attribute.attribute_no}"
    tell(write, provider_id, "attribute.words_added", subject, told)
    return Attribute(
        attribute.attribute_no,
        name,
        attribute.kind,
        attribute.unit,
        attribute.decimals,
        (*attribute.words, *words),
    )


def unknown(field: str, name: str, known: Mapping[str, Attribute]) -> AttributeUnknown:
    """The refusal of a name that is no attribute."""
    return AttributeUnknown(field, f"{quoted(name)} is no attribute here.", list(known))


def _check_words(words: Sequence[str], there: Sequence[str]) -> None:
    if len(words) + len(there) > WORDS_MAX:
        raise FieldRefused("words", f"a choice has at most {WORDS_MAX} words.")
    _, checks = read("words", WORD_RULES, {"words": pa.array(words, pa.string())})
    checks.raise_first()
    seen = set(there)
    for word in words:
        if word in seen:
            raise AlreadyTaken("words", f"{word!r} is a word of the choice already.")
        seen.add(word)


def _add_words(
    write: Write, provider_id: int, attribute_no: int, first: int, words: Sequence[str]
) -> None:
    count = len(words)
    columns = {
        "provider_id": constant(provider_id, count),
        "attribute_no": constant(attribute_no, count),
        "word_no": np.arange(first, first + count, dtype=np.int64),
        "word": pa.array(words, pa.string()),
    }
    if count:
        rows.add_words(write.session, columns)


# -- values


def values_of(
    attribute: Attribute, texts: pa.StringArray, checks: Checks, at: Ints, field: str
) -> Ints:
    """The integers of texts. OUT: checks refuse the rows `at` of the texts that are no value."""
    if attribute.kind is AttributeKind.NUMBER:
        values, bad = scaled(texts, attribute.decimals)
        rule = (
            f"not a plain number of at most {attribute.decimals} decimals below {_most(attribute)}"
        )
    else:
        flags = attribute.kind is AttributeKind.FLAG
        known = FLAGS if flags else {word: n for n, word in enumerate(attribute.words)}
        values = np.array([*known.values(), -1], dtype=np.int64)[_places(texts, list(known))]
        bad = values < 0
        rule = f"none of {', '.join(['yes', 'no'] if flags else attribute.words[:12])}"
    _refuse_at(checks, at, bad, texts, f"{attribute.name}: ", rule, field)
    return values


def value_text(attribute: Attribute, value: int) -> str:
    """A value as people write it; reads back."""
    match attribute.kind:
        case AttributeKind.NUMBER:
            return scaled_text(value, attribute.decimals)
        case AttributeKind.CHOICE:
            return attribute.words[value]
    return "yes" if value else "no"


def scaled(texts: pa.StringArray, decimals: int) -> tuple[Ints, Bools]:
    """Plain decimals as integers of 10^-decimals, and which texts are none that fit exactly.

    Those below VALUE_MAX with no digit but 0 behind the decimals fit; others are 0.
    """
    whole = rf"-?0*[0-9]{{1,{17 - decimals}}}"
    part = rf"(\.[0-9]{{1,{decimals}}}0*|\.0+)?" if decimals else r"(\.0+)?"
    good = pc.match_substring_regex(texts, f"^{whole}{part}$")
    plain = pc.if_else(good, texts, "0")
    kept = rf"(\.[0-9]{{0,{decimals}}})[0-9]*$"
    plain = pc.replace_substring_regex(plain, kept, r"\1" if decimals else "")
    plain = pc.replace_substring_regex(plain, "^(-?)0+([0-9])", r"\1\2")
    values = _unscaled(plain.cast(pa.decimal128(38, decimals)))
    return values, ~mask(good)


def _unscaled(numbers: pa.Array) -> Ints:
    """The integers behind decimal128 values that fit 64 bits."""
    halves = np.frombuffer(numbers.buffers()[1], dtype="<i8")
    start = numbers.offset * 2
    return halves[start : start + 2 * len(numbers) : 2].astype(np.int64)


def _most(attribute: Attribute) -> str:
    return str(VALUE_MAX // 10**attribute.decimals)


def _places(texts: pa.StringArray, known: Sequence[str]) -> npt.NDArray[np.intp]:
    """Where each text stands in a list; its length: nowhere."""
    places = pc.fill_null(pc.index_in(texts, pa.array(known, pa.string())), len(known))
    found: npt.NDArray[np.intp] = places.to_numpy(zero_copy_only=False)
    return found


def _refuse_at(
    checks: Checks, at: Ints, bad: Bools, texts: pa.StringArray, of: str, rule: str, field: str
) -> None:
    if not bad.any():
        return
    first = dict(zip(at[bad][::-1].tolist(), np.flatnonzero(bad)[::-1].tolist(), strict=True))
    rows_bad = np.zeros(len(checks.good), dtype=np.bool_)
    rows_bad[at[bad]] = True
    checks.refuse(
        rows_bad,
        FieldRefused,
        field,
        lambda row: f"{of}{quoted(texts[first[row]].as_py())} is {rule}.",
    )


# -- as inputs of a tariff


class Misfit(IntEnum):
    """Why an agreement's attribute cannot be an input of its tariff."""

    NONE = 0
    MISSING = 1  # the tariff needs it, the agreement does not have it
    TOO_FINE = 2  # the value has more decimals than the input
    TOO_LARGE = 3  # the value does not fit the input's column
    WORD_UNKNOWN = 4  # the tariff does not list the word


@dataclass(frozen=True, slots=True)
class RatingInputs:
    """Attributes as columns of a tariff.

    columns: by the input's name; misfit: for each row the first Misfit, or 0; misfit_of: the place
    in `names` of its input. The columns of a misfit row hold the inputs' defaults or limits.
    """

    columns: dict[str, Ints]
    names: tuple[str, ...]
    misfit: npt.NDArray[np.uint8]
    misfit_of: npt.NDArray[np.uint8]


def rating_inputs(
    tariff: Tariff,
    attributes: Mapping[str, Attribute],
    values: Mapping[int, tuple[Ints, Bools]],
    rows: int,
) -> RatingInputs:
    """The attributes of `rows` agreements as inputs of their tariff, exactly.

    values: of each attribute_no a column and where it is present (`packing.by_attribute`). Inputs
    that are no attribute are left out. Raises AttributeMisfit if kinds or units differ.
    """
    specs = [spec for spec in columns_of(tariff) if spec.name in attributes]
    misfit, misfit_of = np.zeros((2, rows), dtype=np.uint8)
    columns = {}
    for place, spec in enumerate(specs):
        attribute = attributes[spec.name]
        check_fits(attribute, spec, tariff.id)
        absent = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_)
        given, present = values.get(attribute.attribute_no, absent)
        column, why = _converted(attribute, spec, given)
        why = np.where(present, why, Misfit.MISSING if spec.required else Misfit.NONE)
        default = defaults_of(tariff)[spec.name]
        columns[spec.name] = np.where(present & (why == 0), column, default)
        fresh = (misfit == 0) & (why != 0)
        misfit[fresh], misfit_of[fresh] = why[fresh], place
    return RatingInputs(columns, tuple(s.name for s in specs), misfit, misfit_of)


def check_fits(attribute: Attribute, spec: ColumnSpec, tariff: str) -> None:
    """Raises AttributeMisfit unless the attribute is of a kind and unit that feed the input."""
    if spec.kind not in _FEEDS[attribute.kind]:
        raise AttributeMisfit(
            attribute.name,
            f"it is a {attribute.kind}, tariff {tariff} reads a {spec.kind} of this name.",
        )
    if attribute.unit and spec.unit and attribute.unit != spec.unit:
        raise AttributeMisfit(
            attribute.name,
            f"it counts {attribute.unit}, tariff {tariff} reads {spec.unit} under this name.",
        )


def step_value(attribute: Attribute, spec: ColumnSpec, value: int) -> tuple[int, Misfit]:
    """One value as the input's column has it: for changes inside a period."""
    column, why = _converted(attribute, spec, np.array([value], dtype=np.int64))
    return int(column[0]), Misfit(int(why[0]))


def _converted(
    attribute: Attribute, spec: ColumnSpec, values: Ints
) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """(column, Misfit of each row); the column means nothing where there is a misfit."""
    match attribute.kind:
        case AttributeKind.NUMBER:
            return _rescaled(values, spec.decimals - attribute.decimals)
        case AttributeKind.CHOICE:
            places = {word: n for n, word in enumerate(spec.choices)}
            table = np.array([*(places.get(w, -1) for w in attribute.words), -1], dtype=np.int64)
            inside = (values >= 0) & (values < len(attribute.words))
            column = table[np.where(inside, values, len(attribute.words))]
            return column, np.where(column < 0, Misfit.WORD_UNKNOWN, Misfit.NONE).astype(np.uint8)
    return values, np.zeros(len(values), dtype=np.uint8)


def _rescaled(values: Ints, shift: int) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """values x 10^shift."""
    if shift < 0:
        whole, rest = np.divmod(values, 10**-shift)
        return whole, np.where(rest != 0, Misfit.TOO_FINE, Misfit.NONE).astype(np.uint8)
    factor = 10**shift
    limit = (2**63 - 1) // factor
    large = (values > limit) | (values < -limit)
    fitting = np.where(large, 0, values) * factor
    return fitting, np.where(large, Misfit.TOO_LARGE, Misfit.NONE).astype(np.uint8)
