"""What only PostgreSQL has: passwords, locks, processes at once, partitions, codes of errors."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import psycopg
import pyarrow as pa
import pytest

from billcore.core.errors import BillcoreError
from billcore.core.store import migrate
from billcore.core.store.errors import (
    StoreBusy,
    StoreConflict,
    StoreCorrupt,
    StoreFull,
    StoreUnavailable,
    StoreUrlInvalid,
    StoreValueInvalid,
)
from billcore.core.store.port import Kind, Session
from billcore.core.store.postgres import PostgresStore
from billcore.core.store.postgres_bulk import FEW
from billcore.core.store.postgres_pool import CONNECTIONS_MAX
from tests.contract.test_postgres_faults import ITEM, columns, load, prepare

KEYED = (
    "CREATE TABLE keyed (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, data BYTEA NOT NULL)"
)


@pytest.fixture
def store(postgres_url):
    opened = prepare(postgres_url)
    yield opened
    opened.close()


def at_once(work: Callable[[int], object], times: int = 2) -> list[object]:
    """The results of `work(0)`, `work(1)`, … in threads that begin together."""
    barrier = threading.Barrier(times)

    def begin(number: int) -> object:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(begin, range(times)))


# -- URLs


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://u@h", "names no database"),
        ("postgresql://u:secret@h", "names no database"),
        ("postgresql://u:secret@h/d?no_such=1", "cannot read it"),
        ("postgresql://u@h/d?password=secret&no_such=1", "cannot read it"),
        ("postgresql://u:secret@[h/d", "cannot read it"),
    ],
)
def test_a_url_that_cannot_be_opened_is_refused(url, words):
    """Without a word of the password."""
    with pytest.raises(StoreUrlInvalid, match=words) as refused:
        PostgresStore(url)
    assert "secret" not in repr(refused.value.as_dict())
    assert refused.value.__cause__ is None


def test_what_the_url_names_must_be_there(postgres_cluster, postgres_url):
    """An unknown database and an unknown role are faults of the URL, which say what to do."""
    with pytest.raises(StoreUrlInvalid, match='database "nowhere" does not exist: create it'):
        PostgresStore(postgres_cluster.url("nowhere"))
    with pytest.raises(StoreUrlInvalid, match='role "nobody" does not exist'):
        PostgresStore(postgres_cluster.url("postgres", user="nobody"))


def test_passwords_are_kept_to_ourselves(postgres_server):
    """A wrong one is refused, a right one opens, neither is in a message or in the store's URL."""
    postgres_server.execute("CREATE ROLE locked LOGIN PASSWORD 'right-one'")
    postgres_server.ask_for_password("locked")
    url = postgres_server.url("postgres", user="locked")
    for password, words in (
        (":wrong-one", "password or the user is wrong"),
        ("", "asks for a pass"),
    ):
        with pytest.raises(StoreUrlInvalid, match=words) as refused:
            PostgresStore(url.replace("locked@", f"locked{password}@"))
        assert "wrong-one" not in repr(refused.value.as_dict())
    for given in (url.replace("locked@", "locked:right-one@"), f"{url}&password=right-one"):
        store = PostgresStore(given)
        assert store.url == url
        store.close()


def test_another_encoding_is_refused(postgres_cluster):
    """Texts are UTF-8 in the database too."""
    options = "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
    postgres_cluster.execute(f"CREATE DATABASE latin {options}")
    with pytest.raises(StoreUrlInvalid, match="encoding is LATIN1"):
        PostgresStore(postgres_cluster.url("latin"))
    postgres_cluster.drop("latin")


def test_the_connection_says_who_it_is(store):
    """Settings of a session, whatever the server's own."""
    settings = (
        "application_name",
        "synchronous_commit",
        "transaction_isolation",
        "client_encoding",
    )
    with store.write() as session:
        shown = [session.row(f"SELECT current_setting('{name}')")[0] for name in settings]
    assert shown == ["billcore", "on", "read committed", "UTF8"]
    with store.read() as reader:
        assert reader.row("SELECT current_setting('transaction_isolation')") == ("repeatable read",)


# -- values


def test_results_are_ints_texts_and_bytes(store):
    """Sums of bigints, comparisons and counts are ints, on both ways out."""
    query = """SELECT SUM(v), COUNT(*), MAX(v) > 1, CAST(1 AS SMALLINT), :n - :m, 'a%:b', :b
    FROM (SELECT CAST(2 AS BIGINT) AS v UNION ALL SELECT 3) AS t"""
    given = {"n": -(2**63), "m": -1, "b": b"\0\xff'"}
    with store.read() as reader:
        row = reader.rows(query, **given)[0]
        assert row == (5, 2, 1, 1, -(2**63) + 1, "a%:b", b"\0\xff'")
        assert [type(value) for value in row] == [int] * 5 + [str, bytes]


def test_sums_are_fetched_as_integers(store):
    """A numeric that is whole and within 64 bits."""
    query = "SELECT SUM(v) FROM (SELECT :least AS v UNION ALL SELECT 0) AS t"
    with store.read() as reader:
        assert reader.fetch(query, {"v": Kind.INT}, least=-(2**63))["v"].tolist() == [-(2**63)]
    with pytest.raises(StoreValueInvalid, match="no whole number"), store.read() as reader:
        reader.fetch("SELECT SUM(v) FROM (VALUES (:v), (1)) AS t (v)", {"v": Kind.INT}, v=2**63 - 1)


def test_fetch_is_many_blocks_long(store):
    """More rows than any buffer holds, in their order."""
    query = "SELECT i, CAST(i AS TEXT) FROM generate_series(1, :n) AS t (i) ORDER BY t.i DESC"
    with store.read() as reader:
        fetched = reader.fetch(query, {"i": Kind.INT, "t": Kind.TEXT}, n=200_000)
    assert np.array_equal(fetched["i"], np.arange(200_000, 0, -1))
    assert fetched["t"].to_pylist() == [str(i) for i in range(200_000, 0, -1)]


def test_a_fetch_that_fails_leaves_a_usable_store(store):
    """A null or an error far behind the first rows."""
    for expression in ("NULLIF(i, 90000)", "1 / (90000 - i)"):
        query = f"SELECT {expression} FROM generate_series(1, 100000) AS i"
        with pytest.raises(StoreValueInvalid), store.read() as reader:
            reader.fetch(query, {"i": Kind.INT})
        assert load(store, 0) or True


def test_skipping_is_the_same_for_few_and_many(store):
    """Rows whose key is there, or comes twice, are skipped; once and again in one session."""
    with store.write() as session:
        session.define(KEYED)
    for first, n in ((0, 7), (10**6, FEW * 3)):
        ids = np.arange(first, first + n)
        with store.write() as session:
            assert session.insert("keyed", keyed(ids), "skip") == n
            assert session.insert("keyed", keyed(ids + 2), "skip") == 2
            assert session.insert("keyed", keyed(ids + 3), "skip") == 1
        twice = np.concatenate([ids, ids]) + 10 * n
        with store.write() as session:
            assert session.insert("keyed", keyed(twice), "skip") == n
    with (
        pytest.raises(StoreConflict, match=r"a row with \(id\) = \(3\) is there"),
        store.write() as session,
    ):
        session.insert("keyed", keyed(np.arange(3, 4)))


def keyed(ids: np.ndarray) -> dict[str, object]:
    texts = [f"nº {i}" for i in ids.tolist()]
    return {"id": ids, "name": pa.array(texts), "data": pa.array([t.encode() for t in texts])}


# -- several at once


def test_two_migrate_at_once(postgres_url):
    """Both end well; each migration was applied by one of them."""
    stores = [PostgresStore(postgres_url) for _ in range(2)]
    applied = at_once(lambda i: migrate.migrate(stores[i], now=1))
    numbers = sorted(migration.number for each in applied for migration in each)
    assert numbers == [migration.number for migration in migrate.migrations()]
    for store in stores:
        migrate.check_schema(store)
        store.close()


def test_two_open_a_month_at_once(store):
    """Both end well and write to it."""
    for month in range(5):
        chunks = (10 * month, 10 * month + 1)
        assert at_once(lambda i, chunks=chunks: load(store, chunks[i])) == [True, True]


def test_a_month_that_is_opened_is_in_nobodys_way(store):
    """Others read and write the other months while it is not committed yet."""
    load(store, 0)
    with store.write() as session:
        session.open_month(7)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(load, store, 1).result(10)
        with store.read() as reader:
            assert reader.row("SELECT COUNT(*) FROM item") == (40_000,)


def test_a_month_that_was_rolled_back_is_opened_again(store):
    """What is known of partitions is what was committed."""
    roll_back(store, lambda session: session.open_month(0))
    assert load(store, 0)


def test_a_month_without_room_is_refused(store):
    """Rows of a month that was not opened, or that somebody has removed."""
    with pytest.raises(StoreValueInvalid, match=r"item\.month: no room"), store.write() as session:
        session.insert("item", columns(0, np.arange(20_000)))
    load(store, 0)
    with store.write() as session:
        session.define("DROP TABLE item_m0")
    with store.write() as session:
        session.open_month(0)
        session.insert("item", columns(0, np.arange(20_000)))


def test_a_month_that_another_hand_removed_is_opened_again(store, postgres_cluster):
    """The insert that met it fails, the next transaction works."""
    load(store, 0)
    postgres_cluster.execute("DROP TABLE item_m0", store.url.partition("@/")[2].partition("?")[0])
    with pytest.raises(psycopg.errors.UndefinedTable), store.write() as session:
        session.insert("item", columns(1, np.arange(20_000)))
    assert load(store, 1)


def test_rows_of_several_months_find_their_partitions(store):
    """One insert, two months."""
    mixed = columns(0, np.arange(20_000)) | {"month": np.arange(20_000, dtype=np.int16) % 2}
    with store.write() as session:
        session.open_month(0)
        session.open_month(1)
        assert session.insert("item", mixed, "skip") == 20_000
        assert session.insert("item", mixed, "skip") == 0
        assert session.row("SELECT COUNT(*) FROM item_m1") == (10_000,)


@pytest.mark.parametrize("month", [-1, 2**31])
def test_a_month_out_of_range_is_refused(store, month):
    """Months are days' months: of a calendar."""
    with pytest.raises(StoreValueInvalid, match="is no month"), store.write() as session:
        session.open_month(month)


def test_locks_in_each_others_way(store):
    """One of a deadlock's two goes on, the other may try again."""
    load(store, 0)
    load(store, 1)
    both = threading.Barrier(2)

    def cross(number: int) -> str:
        try:
            with store.write() as session:
                session.run("UPDATE done SET total = 0 WHERE chunk = :c", c=number)
                both.wait()
                session.run("UPDATE done SET total = 0 WHERE chunk = :c", c=1 - number)
        except StoreBusy as busy:
            return str(busy)
        return "done"

    one, other = sorted(at_once(cross))
    assert (one, other) == ("The store is busy: deadlock detected.", "done")


def test_a_lock_that_lasts_is_busy(store):
    """After a time the one who waits is told to try again."""
    with store.write() as holder:
        holder.run("INSERT INTO done (chunk, total) VALUES (9, 0)")
        with ThreadPoolExecutor(1) as other:
            assert other.submit(wait_briefly, store).exception().reason == "STORE_BUSY"


def wait_briefly(store: PostgresStore) -> None:
    with store.write() as session:
        session.run("SET LOCAL lock_timeout = 50")
        session.run("INSERT INTO done (chunk, total) VALUES (9, 0)")


def test_more_connections_than_allowed_wait(store, monkeypatch):
    """A transaction waits for a free connection, and is told when there is none."""
    monkeypatch.setattr("billcore.core.store.postgres_pool.WAIT_S_MAX", 0.05)
    opened = [store.read() for _ in range(CONNECTIONS_MAX)]
    for block in opened:
        block.__enter__()
    with pytest.raises(StoreBusy, match="connections are in use"), store.read():
        pass
    opened.pop().__exit__(None, None, None)
    with store.read():
        pass
    for block in opened:
        block.__exit__(None, None, None)


# -- errors

CODES: list[tuple[str, type[BillcoreError]]] = [
    ("57P01", StoreUnavailable),  # admin shutdown
    ("57P02", StoreUnavailable),  # crash shutdown
    ("57P03", StoreUnavailable),  # cannot connect now
    ("58030", StoreUnavailable),  # I/O error
    ("25006", StoreUnavailable),  # read-only: a standby
    ("53200", StoreUnavailable),  # out of memory
    ("53100", StoreFull),  # disk full
    ("53400", StoreFull),  # a configured limit
    ("53300", StoreBusy),  # too many connections
    ("40001", StoreBusy),  # serialization failure
    ("40P01", StoreBusy),  # deadlock
    ("55P03", StoreBusy),  # lock not available
    ("57014", StoreBusy),  # query cancelled
    ("22003", StoreValueInvalid),  # out of range
    ("22021", StoreValueInvalid),  # not in the encoding
    ("22P05", StoreValueInvalid),  # untranslatable
    ("23502", StoreValueInvalid),  # null
    ("54000", StoreValueInvalid),  # too long for an index
    ("23505", StoreConflict),
    ("XX001", StoreCorrupt),
    ("XX002", StoreCorrupt),
]


@pytest.mark.parametrize(("code", "error"), CODES, ids=[code for code, _ in CODES])
def test_the_servers_codes(store, code, error):
    """Each has one name in the store, says the server's words, and ends the transaction."""
    words = "is there already" if error is StoreConflict else "said by the server"
    with pytest.raises(error, match=words), store.write() as session:
        session.run(f"DO $$ BEGIN RAISE 'said by the server' USING ERRCODE = '{code}'; END $$")


def test_a_limit_on_temporary_files_is_full(store):
    """A real one of the family."""
    with pytest.raises(StoreFull, match="temporary file size"):
        sort_too_much(store)


def sort_too_much(store: PostgresStore) -> None:
    with store.write() as session:
        session.run("SET LOCAL temp_file_limit = '1MB'")
        session.run("SET LOCAL work_mem = '64kB'")
        session.run("SELECT i FROM generate_series(1, 1000000) AS i ORDER BY -i")


def test_a_table_defined_in_the_session_is_known(store):
    """And forgotten again when the session is rolled back."""
    roll_back(store, define_and_fill)
    with pytest.raises(StoreValueInvalid, match="there is no such table"), store.write() as session:
        session.insert("keyed", keyed(np.arange(3)))


def define_and_fill(session: Session) -> None:
    session.define(KEYED)
    session.define(ITEM.replace("item", "other"))
    session.open_month(3)
    assert session.insert("keyed", keyed(np.arange(3))) == 3
    assert session.insert("other", columns(30, np.arange(20_000))) == 20_000


def roll_back(store: PostgresStore, work: Callable[[Session], object]) -> None:
    with suppress(ZeroDivisionError), store.write() as session:
        work(session)
        raise ZeroDivisionError
