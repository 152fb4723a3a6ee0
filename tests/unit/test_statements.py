"""Statements: what is a value, and what only looks like one."""

import pytest

from billcore.core.store.errors import StoreValueInvalid
from billcore.core.store.statements import checked, names, pyformat

CASES = [
    ("SELECT :a, :b_2 + :a", "SELECT %(a)s, %(b_2)s + %(a)s", {"a", "b_2"}),
    ("SELECT ':a', ':it''s :b' || :c", "SELECT ':a', ':it''s :b' || %(c)s", {"c"}),
    ('SELECT ":a" FROM t', 'SELECT ":a" FROM t', set()),
    ("SELECT x::bigint, :a::text", "SELECT x::bigint, %(a)s::text", {"a"}),
    ("SELECT a -- :b\n, :c", "SELECT a -- :b\n, %(c)s", {"c"}),
    ("SELECT /* :b\n'*/ :c", "SELECT /* :b\n'*/ %(c)s", {"c"}),
    ("SELECT 7 % :m WHERE a LIKE '1%'", "SELECT 7 %% %(m)s WHERE a LIKE '1%%'", {"m"}),
    ("SELECT :a>>28,(:b)", "SELECT %(a)s>>28,(%(b)s)", {"a", "b"}),
    ("SELECT a[1:2]", "SELECT a[1:2]", set()),
]


@pytest.mark.parametrize(("sql", "wanted", "values"), CASES, ids=[sql for sql, _, _ in CASES])
def test_values_are_found(sql, wanted, values):
    """Outside of literals, quoted names, comments and casts; percent signs stay what they are."""
    assert pyformat(sql) == wanted
    assert names(sql) == values


@pytest.mark.parametrize("given", [{}, {"a": 1, "b": 2}, {"b": 2}])
def test_the_values_are_exactly_those_asked_for(given):
    """A missing or unknown value is a mistake of the program."""
    with pytest.raises(TypeError, match="wanted"):
        checked("SELECT :a", given)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2**63, "beyond 64 bits"),
        (-(2**63) - 1, "beyond 64 bits"),
        ("a\0", "character 0"),
        ("\ud800", "surrogates"),
    ],
)
def test_a_value_that_no_column_holds_is_refused(value, words):
    """With the name of the value."""
    with pytest.raises(StoreValueInvalid, match=rf"value\.a: .*{words}"):
        checked("SELECT :a", {"a": value})


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63), 0, "", "نام", b"\0\xff", b""])
def test_every_other_value_is_kept(value):
    """As it was given."""
    assert checked("SELECT :a", {"a": value}) == {"a": value}
