"""All rows of all tables, whatever they mean: what a backup has to hold.

Tables and their keys are read off the database itself, so a table that a later migration adds is
there by itself. Rows are read in the order of the key, some thousands at a time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from billcore.core.store.columns import as_list
from billcore.core.store.port import Column, Columns, Kind, Reader

ROWS = 1 << 15
"""Rows that are read at a time."""

FILES = 32
"""Of tables whose rows hold whole files, or chunks of runs: so many at a time."""

CONTENT = "content"
"""The column that holds them."""

SQLITE_COLUMNS = """SELECT t.name, c.name, c.type, c.pk FROM sqlite_schema AS t
JOIN pragma_table_info(t.name) AS c
WHERE t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_' ORDER BY t.name, c.cid"""

POSTGRES_COLUMNS = """SELECT t.relname::text, a.attname::text, y.typname::text,
COALESCE(array_position(k.indkey::int2[], a.attnum), -1) + 1
FROM pg_class AS t
JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS y ON y.oid = a.atttypid
LEFT JOIN pg_index AS k ON k.indrelid = t.oid AND k.indisprimary
WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
AND NOT t.relispartition ORDER BY t.relname, a.attnum"""

KINDS = {
    "int2": Kind.INT,
    "int4": Kind.INT,
    "int8": Kind.INT,
    "text": Kind.TEXT,
    "bytea": Kind.BYTES,
    "INTEGER": Kind.INT,
    "TEXT": Kind.TEXT,
    "BLOB": Kind.BYTES,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its columns in order with what they hold, and the columns of its primary key."""

    name: str
    kinds: Mapping[str, Kind]
    key: tuple[str, ...]


def shapes(reader: Reader, shared: bool) -> list[Shape]:
    """Every table, by name. shared: as the store says, which engine it is."""
    found: dict[str, list[tuple[str, Kind, int]]] = {}
    for row in reader.rows(POSTGRES_COLUMNS if shared else SQLITE_COLUMNS):
        table, column, kind, place = str(row[0]), str(row[1]), str(row[2]), int(row[3])
        found.setdefault(table, []).append((column, KINDS[kind], place))
    return [_shape(name, columns) for name, columns in sorted(found.items())]


def _shape(name: str, columns: list[tuple[str, Kind, int]]) -> Shape:
    keyed = sorted((place, column) for column, _, place in columns if place)
    if not keyed:
        raise ValueError(f"table {name} has no primary key, so its rows have no order")
    kinds = {column: kind for column, kind, _ in columns}
    return Shape(name, kinds, tuple(column for _, column in keyed))


def chunks(reader: Reader, shape: Shape) -> Iterator[Columns]:
    """All rows of a table, some thousands at a time, in the order of its key."""
    limit = FILES if CONTENT in shape.kinds else ROWS
    columns, key = ", ".join(shape.kinds), ", ".join(shape.key)
    behind = ", ".join(f":after_{name}" for name in shape.key)
    ordered = f"ORDER BY {key} LIMIT {limit}"
    first = f"SELECT {columns} FROM {shape.name} {ordered}"  # noqa: S608 - names of our schema
    others = f"SELECT {columns} FROM {shape.name} WHERE ({key}) > ({behind}) {ordered}"  # noqa: S608
    found = reader.fetch(first, shape.kinds)
    while rows := len(found[shape.key[0]]):
        yield found
        if rows < limit:
            return
        last = {f"after_{name}": _last(found[name]) for name in shape.key}
        found = reader.fetch(others, shape.kinds, **last)


def _last(column: Column) -> int | str | bytes:
    value: int | str | bytes = as_list(column[-1:])[0]
    return value
