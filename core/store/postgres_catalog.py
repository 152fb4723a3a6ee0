"""What is known of a database's tables: their columns, and the months that have a partition."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg
from psycopg import sql
from psycopg.rows import scalar_row

from billcore.core.store.errors import StoreValueInvalid
from billcore.core.store.postgres_columns import WIDTHS

Connection = psycopg.Connection[tuple[object, ...]]

TABLES = """SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
AND relkind IN ('r', 'p') AND NOT relispartition"""

MONTHLY = f"{TABLES} AND relkind = 'p' ORDER BY relname"

COLUMNS = """SELECT a.attname, a.atttypid, c.relkind = 'p' FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relname = %s AND c.relnamespace = current_schema()::regnamespace
AND c.relkind IN ('r', 'p') ORDER BY a.attnum"""

PARTITIONS = """SELECT relname FROM pg_class WHERE relispartition AND relname = ANY(%s)
AND relnamespace = current_schema()::regnamespace"""

LOCK = "SELECT pg_advisory_xact_lock(%s::integer, %s::integer)"
HOLD_ALONE = "SELECT pg_advisory_xact_lock(%s::integer, n::integer) FROM unnest(%s) AS n"
HOLD = "SELECT pg_advisory_xact_lock_shared(%s::integer, n::integer) FROM unnest(%s) AS n"
HOLD_CLASS = 0x62757473
"""Of turns; the second key is a bucket."""

LOCK_CLASS = 0x62696C6C
"""Ours among the advisory locks of a database; the second key is a month."""
LOCK_SCHEMA = -1
"""The second key of who asks for the schema, or changes it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns in its order, with their types; monthly: it is partitioned by month."""

    name: str
    types: Mapping[str, int]
    monthly: bool


@dataclass(slots=True)
class Catalog:
    """What was looked up; safe for threads, which at worst look up twice."""

    tables: dict[str, Table] = field(default_factory=dict)
    months: set[int] = field(default_factory=set)
    query_types: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def table(self, connection: Connection, name: str) -> Table:
        """A table by its name. Raises StoreValueInvalid if it is not there."""
        found = self.tables.get(name)
        if found is None:
            found = self.tables[name] = _table(connection, name)
        return found


def _table(connection: Connection, name: str) -> Table:
    columns = connection.execute(COLUMNS, (name,)).fetchall()
    if not columns:
        raise StoreValueInvalid(name, "*", "there is no such table: run `billcore migrate`.")
    types = {str(column): int(str(oid)) for column, oid, _ in columns}
    for column, oid in types.items():
        if oid not in WIDTHS:
            raise StoreValueInvalid(name, column, f"its type {oid} is none of the schema's.")
    return Table(name, types, bool(columns[0][2]))


def partition(table: str, month: int) -> str:
    """The name of a month's partition."""
    return f"{table}_m{month}"


def hold(connection: Connection, buckets: list[int], alone: bool) -> None:
    """Takes a turn in each bucket, in this order, until the transaction ends."""
    if buckets:
        connection.execute(HOLD_ALONE if alone else HOLD, (HOLD_CLASS, buckets))


def add_month(connection: Connection, month: int) -> None:
    """Makes the partitions of a month that are not there, inside the running transaction.

    Two that do so at once take turns: the second waits until the first has ended. Others read and
    write the tables meanwhile: ATTACH takes no lock that is in their way.
    """
    if not _without(connection, month):
        return
    connection.execute(LOCK, (LOCK_CLASS, month))
    for table in _without(connection, month):
        parent, child = sql.Identifier(table), sql.Identifier(partition(table, month))
        connection.execute(sql.SQL("CREATE TABLE {} (LIKE {})").format(child, parent))
        attach = "ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})"
        connection.execute(sql.SQL(attach).format(parent, child, sql.Literal(month)))


def _without(connection: Connection, month: int) -> list[str]:
    """The tables by month that lack this one."""
    tables = _names(connection, MONTHLY)
    wanted = [partition(table, month) for table in tables]
    there = set(_names(connection, PARTITIONS, (wanted,)))
    return [t for t, name in zip(tables, wanted, strict=True) if name not in there]


def table_names(connection: Connection) -> set[str]:
    """The tables that are there; waits for another transaction that asks this or migrates."""
    connection.execute(LOCK, (LOCK_CLASS, LOCK_SCHEMA))
    return set(_names(connection, TABLES))


def _names(connection: Connection, query: str, values: tuple[object, ...] = ()) -> list[str]:
    with connection.cursor(row_factory=scalar_row) as cursor:
        return [str(name) for name in cursor.execute(query, values)]
