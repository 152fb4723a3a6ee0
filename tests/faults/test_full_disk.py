"""What does not fit is refused and leaves nothing; where there is room again, it is done."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from psycopg.conninfo import conninfo_to_dict

from billcore.core.store.errors import StoreFull, StoreUnavailable
from billcore.core.store.open import open_store
from billcore.core.store.port import Store
from tests.faults import company
from tests.faults.conftest import open_company
from tests.postgres import UNPRIVILEGED, Cluster

MONTHS = 4
OTHERS = 2 << 28
"""The first account id of another provider, whose entries fill the room."""

FILE_BYTES = 17 << 20
"""No file of a limited server grows beyond: a segment of its log has 16 MiB."""

DISK_BYTES = 96 << 20
"""Of the small disk that is mounted."""

FILLER = """
import resource, sys
from billcore.core.store.open import open_store
from tests.faults import company, test_full_disk
store = open_store(sys.argv[1])
requests = company.whole_plan(4, test_full_disk.MONTHS)
with test_full_disk.small_files(1 << 20):
    done = test_full_disk.fill(store, requests)
    test_full_disk.is_refused(store, requests, done)
for request in requests[done:]:
    assert not company.do(store, request).replayed
store.close()
print(done)
"""


@pytest.fixture
def requests() -> list[company.Request]:
    return company.whole_plan(4, MONTHS)


@contextmanager
def small_files(most: int) -> Iterator[None]:
    """No file grows beyond these bytes, in this process and in those that it starts meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def fill(store: Store, requests: list[company.Request]) -> int:
    """Sends requests until one does not fit; how many did."""
    for done, request in enumerate(requests):
        try:
            assert not company.do(store, request).replayed
        except StoreFull:
            return done
    raise AssertionError("there was room for all")


def is_refused(store: Store, requests: list[company.Request], done: int) -> None:
    """The same request is refused again and again; what is done is answered, and whole."""
    owed = balances(store)
    for _ in range(3):
        with pytest.raises(StoreFull):
            company.do(store, requests[done])
    for request in requests[:done]:
        assert company.do(store, request).replayed
    assert balances(store) == owed
    assert company.broken(store) == {}


def balances(store: Store) -> dict[int, int]:
    with store.read() as reader:
        return company.balances_of(reader)


def ballast(store: Store) -> None:
    """Entries of others, until not one more of them has room."""
    at = OTHERS
    for length in (1000, 100, 1):
        rows = 4096
        while rows:
            try:
                add_others(store, np.arange(at, at + rows), "x" * length)
                at += rows
            except StoreFull:
                rows //= 4


def add_others(store: Store, ids: np.ndarray, reference: str) -> None:
    names = ("kind", "day", "amount", "entry_id", "reverses", "recorded_at", "strategy")
    columns = {name: np.ones(len(ids), dtype=np.int64) for name in names}
    texts = {"reference": pa.array([reference] * len(ids)), "direction": pa.array([""] * len(ids))}
    with store.write() as session:
        own = {"account_id": ids, "account_entry_id": ids}
        session.insert("account_entry", columns | own | texts)


def sends_the_rest(
    store: Store, requests: list[company.Request], answers: dict[int, bytes], done: int
) -> None:
    """Where there is room, the refused request and those behind it are done."""
    with store.write() as session:
        session.run("DELETE FROM account_entry WHERE account_id >= :others", others=OTHERS)
    for request in requests[done:]:
        assert not company.do(store, request).replayed
    company.check(store, requests, answers)


# -- SQLite


def test_a_full_database(sqlite_url, requests, answers_of):
    """`max_page_count` is reached."""
    store = open_company(sqlite_url)
    with store.write() as session:
        (pages,) = session.row("PRAGMA page_count")
        session.rows(f"PRAGMA max_page_count = {pages + 2}")
    done = fill(store, requests)
    assert done > 0
    is_refused(store, requests, done)
    with store.write() as session:
        session.rows("PRAGMA max_page_count = 1000000")
    sends_the_rest(store, requests, answers_of(requests), done)
    store.close()


def test_a_file_that_may_not_grow(sqlite_url, start, requests, answers_of):
    """RLIMIT_FSIZE in a process of its own: the log cannot take another page."""
    open_company(sqlite_url).close()
    child = start("-c", FILLER, sqlite_url)
    said = child.communicate()[0]
    assert child.returncode == 0
    assert 0 < int(said) < len(requests)
    store = open_store(sqlite_url)
    company.check(store, requests, answers_of(requests))
    store.close()


# -- PostgreSQL


def test_a_server_whose_files_may_not_grow(postgres_server, requests, answers_of):
    """RLIMIT_FSIZE of the server, until it is started without."""
    store = open_company(postgres_server.url(postgres_server.create()))
    postgres_server.stop()
    with small_files(FILE_BYTES):
        postgres_server.start()
    try:
        ballast(store)
        done = fill(store, requests)
        is_refused(store, requests, done)
    finally:
        postgres_server.stop()
        postgres_server.start()
    sends_the_rest(store, requests, answers_of(requests), done)
    store.close()


def test_a_sort_that_has_no_room(postgres_cluster, postgres_url):
    """`temp_file_limit`: StoreFull, nothing of the transaction stays, and the store works on."""
    name = conninfo_to_dict(postgres_url)["dbname"]
    for setting in ("temp_file_limit = '1MB'", "work_mem = '64kB'"):
        postgres_cluster.execute(f"ALTER DATABASE {name} SET {setting}")
    store = open_company(postgres_url)
    request, other, *_ = company.whole_plan(4, 1)
    sort = "SELECT n FROM generate_series(1, 500000) AS n ORDER BY n % 977, n LIMIT :most"
    with pytest.raises(StoreFull):
        sort_too(store, request, sort)
    with pytest.raises(StoreFull), store.read() as reader:
        reader.rows(sort, most=400_000)
    assert not company.do(store, request).replayed
    assert not company.do(store, other).replayed
    assert company.broken(store) == {}
    store.close()


def sort_too(store: Store, request: company.Request, sort: str) -> None:
    with store.write() as session:
        company.do_in(session, request)
        session.rows(sort, most=400_000)


# -- PostgreSQL on a small file system: root mounts it


@pytest.fixture
def server() -> Iterator[Cluster]:
    """A durable cluster of a test's own."""
    cluster = Cluster(settings={})
    try:
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def small_disk(server: Cluster) -> Iterator[Path]:
    """A file system of DISK_BYTES in the server's folder."""
    place = server.folder / "small"
    place.mkdir()
    size = f"size={DISK_BYTES},mode=0777"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], check=True)
    yield place
    server.stop()
    subprocess.run(["umount", place], check=True)


@pytest.mark.system
def test_a_full_tablespace(server, small_disk, requests, answers_of):
    """The tables' disk is full; the log has another."""
    (small_disk / "space").mkdir()
    shutil.chown(small_disk / "space", UNPRIVILEGED)
    (small_disk / "space").chmod(0o700)
    server.execute(f"CREATE TABLESPACE small LOCATION '{small_disk / 'space'}'")
    name = server.create()
    server.execute(f"ALTER DATABASE {name} SET default_tablespace = small")
    store = open_company(server.url(name))
    ballast(store)
    done = fill(store, requests)
    is_refused(store, requests, done)
    more = f"remount,size={2 * DISK_BYTES}"
    subprocess.run(["mount", "-o", more, small_disk], check=True)
    sends_the_rest(store, requests, answers_of(requests), done)
    store.close()


@pytest.mark.system
def test_a_full_log(server, small_disk, requests, answers_of):
    """The disk of the server's log is full: the server ends; nothing acknowledged is lost."""
    store = open_company(server.url(server.create()))
    answers = answers_of(requests)
    done = len(requests) // 2
    for request in requests[:done]:
        company.do(store, request)
    move_log(server, small_disk)
    with pytest.raises((StoreUnavailable, StoreFull)):
        add_many(store)
    server.kill()
    (small_disk / "rest").unlink()
    server.start()
    for request in requests[:done]:
        assert company.do(store, request).replayed
    sends_the_rest(store, requests, answers, done)
    store.close()


def add_many(store: Store) -> None:
    """100 MB, a transaction a megabyte."""
    for first in range(OTHERS, OTHERS + 100_000, 1000):
        add_others(store, np.arange(first, first + 1000), "x" * 1000)


def move_log(server: Cluster, place: Path) -> None:
    """Puts the server's log on the small disk, with room for one more segment."""
    server.stop()
    log = server.folder / "data" / "pg_wal"
    subprocess.run(["cp", "-a", log, place / "log"], check=True)
    shutil.rmtree(log)
    log.symlink_to(place / "log")
    used = sum(file.stat().st_size for file in (place / "log").rglob("*") if file.is_file())
    (place / "rest").write_bytes(bytes(DISK_BYTES - used - (20 << 20)))
    server.start()
