"""Statements as both engines understand them: `:name` stands for a value.

`:name` inside a text literal, a quoted name or a comment is left alone, and so is a cast (`::`).
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from billcore.core.store.errors import StoreValueInvalid
from billcore.core.store.port import Value

STATEMENTS_KEPT = 1 << 12
"""Statements that are remembered: more than the room has."""

KEYS = ":keys"
"""Stands, in brackets behind IN, for the keys of `among`."""

_TOKEN = re.compile(
    r"""
    (?P<kept> '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | :: )
    | (?<!\w) : (?P<name> [A-Za-z_]\w* )
    | (?P<percent> % )
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(STATEMENTS_KEPT)
def names(sql: str) -> frozenset[str]:
    """The values that a statement asks for."""
    return frozenset(found["name"] for found in _TOKEN.finditer(sql) if found["name"])


@lru_cache(STATEMENTS_KEPT)
def pyformat(sql: str) -> str:
    """The statement in the words of PEP 249's `pyformat`: `%(name)s`, and %% for a percent sign."""
    return _TOKEN.sub(_pyformat, sql)


@lru_cache(STATEMENTS_KEPT)
def with_keys(sql: str, keys: str) -> str:
    """The statement with a subquery in the place of `:keys`. Raises TypeError without that."""
    if KEYS not in sql:
        raise TypeError(f"the statement does not ask for {KEYS}: {sql}")
    return sql.replace(KEYS, keys)


def _pyformat(found: re.Match[str]) -> str:
    if found["name"]:
        return f"%({found['name']})s"
    return found[0].replace("%", "%%")


def checked(sql: str, values: Mapping[str, Value]) -> Mapping[str, Value]:
    """The values of a statement; StoreValueInvalid for one that no column can hold.

    Raises TypeError unless all of the statement's values are given, and no others.
    """
    if values.keys() != names(sql):
        raise TypeError(f"values {sorted(values)}, wanted {sorted(names(sql))}: {sql}")
    for name, value in values.items():
        if isinstance(value, str):
            _check_text(name, value)
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise StoreValueInvalid("value", name, f"{value} is beyond 64 bits.")
    return values


def _check_text(name: str, text: str) -> None:
    if "\0" in text:
        raise StoreValueInvalid("value", name, "a text has no character 0.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise StoreValueInvalid("value", name, f"{error}.") from None
