"""The schema can be spread by account: `core/store/sharding.py` against PostgreSQL's catalog."""

import re
from pathlib import Path

import pytest

from billcore.core.billing.runs import chunk as chunks
from billcore.core.billing.runs import runs
from billcore.core.billing.runs.states import Phase
from billcore.core.store.open import open_store
from billcore.core.store.sharding import BY_CHUNKS, HOMES, NAMING, Home, home_of
from tests import runs_world as at

SCALING = Path(__file__).parents[2] / "docs" / "scaling.md"

TABLES = """SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
GROUP BY c.relname"""

KEYS = """SELECT t.relname, i.indexrelid::regclass::text, array_agg(a.attname) FROM pg_index i
JOIN pg_class t ON t.oid = i.indrelid AND NOT t.relispartition
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey)
WHERE i.indisunique AND t.relnamespace = 'public'::regnamespace
GROUP BY t.relname, i.indexrelid"""

FOREIGN_KEYS = """SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f'"""

COUNTERS = """SELECT relname FROM pg_class WHERE relkind = 'S'
UNION ALL SELECT attrelid::regclass::text || '.' || attname FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'public'::regnamespace
WHERE a.attidentity <> ''"""

TOUCHED = """SELECT COALESCE(p.relname, s.relname), CAST(SUM(n_tup_ins + n_tup_upd) AS BIGINT)
FROM pg_stat_xact_user_tables s LEFT JOIN pg_inherits i ON i.inhrelid = s.relid
LEFT JOIN pg_class p ON p.oid = i.inhparent
WHERE seq_scan + COALESCE(idx_scan, 0) + n_tup_ins + n_tup_upd + n_tup_del > 0 GROUP BY 1"""

ROWS_MAX = 12
"""A chunk writes so few rows of a table that is not kept by account, however many accounts."""

TRIGGERS = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"


@pytest.fixture
def books(postgres_url):
    """A store of PostgreSQL with the schema."""
    store = open_store(postgres_url)
    yield store
    store.close()


@pytest.fixture(scope="module")
def asked(postgres_cluster, postgres_schema):
    """Asks the catalog of a store with the schema."""
    return lambda query: postgres_cluster.execute(query, postgres_schema)


@pytest.fixture(scope="module")
def columns(asked) -> dict[str, set[str]]:
    return {table: set(found) for table, found in asked(TABLES)}


@pytest.fixture(scope="module")
def keys(asked) -> list[tuple[str, str, set[str]]]:
    found = [(table, name, set(of)) for table, name, of in asked(KEYS)]
    assert len(found) > 130, "the catalog was read"
    return found


def test_every_table_has_one_home(columns):
    placed = [table for tables in HOMES.values() for table in tables]
    assert sorted(placed) == sorted(columns)


@pytest.mark.parametrize("home", [Home.ACCOUNT, Home.PAYMENT])
def test_every_key_has_what_its_rows_are_spread_by(columns, keys, home):
    """Primary keys, unique constraints and unique indexes: a node alone can keep them."""
    for table in HOMES[home]:
        assert home.value in columns[table], table
        own = [(name, of) for of_table, name, of in keys if of_table == table]
        assert own, f"{table} has no key"
        assert [name for name, of in own if home.value not in of] == []


def test_what_names_an_account_is_kept_by_it_or_has_a_reason(columns):
    named = {"account_id", "from_account_id", "to_account_id", "other_account_id"}
    naming = {table for table, found in columns.items() if found & named}
    assert naming - set(HOMES[Home.ACCOUNT]) == set(NAMING)


def test_nothing_is_counted_by_a_sequence(asked):
    """Ids are computed; what is drawn, is drawn from rows (`drawn`), in blocks."""
    assert asked(COUNTERS) == []


def test_no_foreign_key_leaves_a_node(asked):
    """Today there are none at all; one may stand between tables of one account, or name a copy."""
    for table, named in asked(FOREIGN_KEYS):
        colocated = home_of(table) is home_of(named) is Home.ACCOUNT
        assert colocated or home_of(named) is Home.COPIED, f"{table} names {named}"
    assert asked(TRIGGERS) == []


@pytest.mark.parametrize("straight", [True, False])
def test_a_chunk_of_a_run_stays_with_its_accounts(books, postgres_url, straight):
    """What its transaction reads and writes is kept by account, or copied; what else there is, is a
    few rows a chunk."""
    world = at.settle(books, accounts=24, months=2)
    number = at.create(world, at.order(world, chunk_accounts=24, straight=straight))
    at.begin(world, number, Phase.FREEZE if straight else Phase.RATE)
    with books.read() as reader:
        (task,) = runs.tasks(reader, world.provider_id, number)
    alone = open_store(postgres_url)  # a session's figures are its own
    with alone.write() as session:
        assert chunks.do(session, task, at.clock).bills == 24
        touched = {str(table): int(rows) for table, rows in session.rows(TOUCHED)}
    alone.close()
    assert touched["bill" if straight else "run_result"] == (24 if straight else 1)
    elsewhere = {table: n for table, n in touched.items() if home_of(table) is not Home.ACCOUNT}
    assert {one for one in elsewhere if home_of(one) is not Home.COPIED} <= set(BY_CHUNKS)
    assert max(elsewhere.values()) <= ROWS_MAX


def test_the_page_has_the_same_table():
    """docs/scaling.md lists every table under its home, and each reason."""
    page = SCALING.read_text(encoding="utf-8")
    for home, tables in HOMES.items():
        (row,) = re.findall(rf"^\| {home.name.lower()} \|.*$", page, re.MULTILINE)
        assert re.findall(r"`(\w+)`", row.split("|")[3]) == list(tables)
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|$", page, re.MULTILINE)
    assert {table: why for table, why in rows if table in NAMING} == dict(NAMING)
