"""Values of attributes: texts to integers, exactly; packed; as inputs of a tariff."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.accounts.attributes import (
    VALUE_MAX,
    Attribute,
    AttributeKind,
    Misfit,
    rating_inputs,
    scaled,
    value_text,
)
from billcore.core.accounts.errors import AttributeMisfit
from billcore.core.accounts.packing import by_attribute, packed, unpacked
from billcore.core.errors import MoneyInvalid
from billcore.core.money import parse_decimal
from billcore.core.rating.columns import columns_of
from billcore.core.tariff.tariff import Tariff

DOCUMENT = """
tariff: HOME
provider: water
service: water
currency: IRR
calendar: gregorian
inputs:
  m3: {kind: quantity, unit: m3, decimals: 3, max: 1000}
  persons: {kind: number, unit: person, decimals: 2, max: 100, default: 1}
  area: {kind: number, unit: m2, decimals: 0, max: 1000}
  class: {kind: choice, oneof: [shop, home]}
  veteran: {kind: flag, default: no}
versions:
  - {from: 2020-01-01, price: {shop: 2, home: 1}}
lines:
  - {id: use, is: "m3 * price[class]", round: 1 half_up}
  - {id: people, is: persons * 1, round: 1 half_up}
  - {id: space, is: area * 1, when: not veteran, round: 1 half_up}
total: {round: 1 half_up}
"""

PERSONS = Attribute(1, "persons", AttributeKind.NUMBER, "person", 1)
AREA = Attribute(2, "area", AttributeKind.NUMBER, "m2", 2)
CLASS = Attribute(3, "class", AttributeKind.CHOICE, "", 0, ("home", "shop", "farm"))
VETERAN = Attribute(4, "veteran", AttributeKind.FLAG, "", 0)
ALL = {a.name: a for a in (PERSONS, AREA, CLASS, VETERAN)}


@pytest.fixture(scope="module")
def tariff():
    return Tariff.load(DOCUMENT)


def texts(*values):
    return pa.array(values, pa.string())


def column(values, present=None):
    given = np.array(values, dtype=np.int64)
    return given, np.ones(len(given), bool) if present is None else np.array(present)


@given(
    st.integers(0, 9), st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{1,12})?|x|1e3|\+1|", fullmatch=True)
)
def test_numbers_are_read_as_parse_decimal_reads_them(decimals, text):
    """A text fits exactly or is refused; nothing is rounded."""
    values, bad = scaled(texts(text), decimals)
    try:
        exact = parse_decimal(text) * 10**decimals
    except MoneyInvalid:
        exact = None
    fits = exact is not None and exact.denominator == 1 and abs(exact) < VALUE_MAX
    assert bad[0] == (not fits)
    assert values[0] == (int(exact) if fits else 0)


def test_values_read_back():
    """The text of a value reads back as the value."""
    assert value_text(AREA, -1205) == "-12.05"
    assert value_text(CLASS, 2) == "farm"
    assert [value_text(VETERAN, n) for n in (0, 1)] == ["no", "yes"]
    assert scaled(texts("-12.05"), 2)[0].tolist() == [-1205]


def test_pairs_are_packed_and_unpacked():
    """Whole columns, with empty rows and slices."""
    rows, numbers, values = np.array([0, 0, 2]), np.array([1, 3, 1]), np.array([5, -1, 2**62])
    column_of = packed(4, rows, numbers, values)
    assert [len(v.as_py()) for v in column_of] == [32, 0, 16, 0]
    for got, wanted in zip(unpacked(column_of), (rows, numbers, values), strict=True):
        assert got.tolist() == wanted.tolist()
    found = by_attribute(column_of.slice(1, 2))
    assert found[1][0].tolist() == [0, 2**62]
    assert found[1][1].tolist() == [False, True]
    assert by_attribute(packed(0, rows[:0], numbers[:0], values[:0])) == {}


def test_every_attribute_feeds_the_column_that_the_tariff_has(tariff):
    """Scaled to the column's decimals; words as the tariff counts them; defaults where absent."""
    inputs = rating_inputs(tariff, ALL, {
        1: column([30, 15], [True, False]),
        2: column([1200, 500]),
        3: column([0, 1]),
        4: column([1, 0]),
    }, 2)  # fmt: skip
    assert {n: c.tolist() for n, c in inputs.columns.items()} == {
        "persons": [300, 100],
        "area": [12, 5],
        "class": [1, 0],
        "veteran": [1, 0],
    }
    assert inputs.misfit.tolist() == [0, 0]
    specs = {spec.name: spec for spec in columns_of(tariff)}
    for name, values in inputs.columns.items():
        assert specs[name].lo <= values.min() <= values.max() <= specs[name].hi


def test_a_row_that_does_not_fit_is_told(tariff):
    """Why, and of which input; the other rows are columns."""
    inputs = rating_inputs(tariff, ALL, {
        2: column([1250, 100, 100, 0], [True, True, True, False]),
        3: column([0, 2, 1, 1]),
        1: column([0, 0, 2**62, 0]),
    }, 4)  # fmt: skip
    names = [inputs.names[n] for n in inputs.misfit_of]
    assert inputs.misfit.tolist() == [
        Misfit.TOO_FINE, Misfit.WORD_UNKNOWN, Misfit.TOO_LARGE, Misfit.MISSING,
    ]  # fmt: skip
    assert names == ["area", "class", "persons", "area"]


@pytest.mark.parametrize(
    "wrong",
    [
        Attribute(1, "persons", AttributeKind.FLAG, "", 0),
        Attribute(1, "persons", AttributeKind.NUMBER, "m2", 0),
        Attribute(1, "class", AttributeKind.NUMBER, "", 0),
    ],
)
def test_another_kind_or_unit_fits_no_column(tariff, wrong):
    """The tariff and the attribute speak of different things."""
    with pytest.raises(AttributeMisfit):
        rating_inputs(tariff, {wrong.name: wrong}, {}, 1)
