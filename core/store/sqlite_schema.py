"""The schema's words on SQLite, and what a table of it can hold.

PostgreSQL's integers have widths, SQLite's have one: a narrower column gets a CHECK with its
range, and that text in the database is also where the range is read from.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

import apsw

from billcore.core.store.port import Kind

RANGES = {"SMALLINT": (-(2**15), 2**15 - 1), "INTEGER": (-(2**31), 2**31 - 1)}
INT64 = (-(2**63), 2**63 - 1)

_TYPES = {"SMALLINT": "INTEGER", "INTEGER": "INTEGER", "BIGINT": "INTEGER", "BYTEA": "BLOB"}
_KINDS = {"INTEGER": Kind.INT, "TEXT": Kind.TEXT, "BLOB": Kind.BYTES}


class ColumnShape(NamedTuple):
    """What a column holds; lo and hi are the least and the greatest integer."""

    kind: Kind
    lo: int
    hi: int


def translated(sql: str) -> str:
    """A statement of a migration in SQLite's words."""
    named = re.match(r"\s*(CREATE|ALTER) TABLE (\w+)", sql)
    if named is None:
        return sql
    verb, table = named.groups()
    sql = re.sub(
        rf"\b(\w+) ({'|'.join(_TYPES)})\b", lambda found: _column(table, *found.groups()), sql
    )
    if verb == "ALTER":
        return sql
    return re.sub(r"\)\s*PARTITION BY LIST \(\w+\)\s*$", ")", sql) + " STRICT, WITHOUT ROWID"


def _column(table: str, name: str, word: str) -> str:
    if word not in RANGES:
        return f"{name} {_TYPES[word]}"
    lo, hi = RANGES[word]
    check = f'CONSTRAINT "{table}.{name}" CHECK ({name} BETWEEN {lo} AND {hi})'
    return f"{name} {_TYPES[word]} {check}"


def table_shape(connection: apsw.Connection, table: str) -> Mapping[str, ColumnShape]:
    """The columns of a table in its order; empty when there is no such table."""
    sql = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).get
    checks = re.findall(r"CHECK \((\w+) BETWEEN (-?\d+) AND (-?\d+)\)", str(sql))
    ranges = {name: (int(lo), int(hi)) for name, lo, hi in checks}
    columns = connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall()
    return {
        str(name): ColumnShape(_KINDS[str(word)], *ranges.get(str(name), INT64))
        for name, word in columns
    }
