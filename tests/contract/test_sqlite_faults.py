"""What an SQLite store keeps when its process is killed, its disk is full, its file is not one."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import apsw
import numpy as np
import pyarrow as pa
import pytest

from billcore.core.store.errors import (
    StoreBusy,
    StoreCorrupt,
    StoreFull,
    StoreUnavailable,
    StoreUrlInvalid,
)
from billcore.core.store.open import open_store
from billcore.core.store.port import Store
from billcore.core.store.sqlite import SqliteStore
from billcore.core.store.sqlite_checkpoint import LOG_BYTES

ROWS = 5000
"""Rows of a transaction."""

DEFINE = """CREATE TABLE load (
    chunk INTEGER NOT NULL, row_no BIGINT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (chunk, row_no)
)"""

CHILD = """
import sys
from itertools import count
from billcore.core.store.open import open_store
from tests.contract.test_sqlite_faults import add_chunk, chunks
store = open_store(sys.argv[1])
print("open", flush=True)
for chunk in count(len(chunks(store))):
    add_chunk(store, chunk)
    print(chunk, flush=True)
"""

FILL = """
import resource, sys
from itertools import count
from billcore.core.store.errors import StoreFull
from billcore.core.store.open import open_store
from tests.contract.test_sqlite_faults import add_chunk, chunks
store = open_store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, resource.RLIM_INFINITY))
for chunk in count():
    try:
        add_chunk(store, chunk)
    except StoreFull:
        break
kept = chunks(store)
assert kept == [(i, 5000) for i in range(chunk)], kept
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
add_chunk(store, chunk)
store.close()
print(chunk)
"""


def add_chunk(store: Store, chunk: int) -> None:
    """One transaction: two inserts of columns."""
    columns = {
        "chunk": np.full(ROWS, chunk, np.int32),
        "row_no": np.arange(ROWS, dtype=np.int64),
        "name": pa.array([f"row {i} of {chunk}" for i in range(ROWS)]),
    }
    with store.write() as session:
        for part in (slice(0, ROWS // 2), slice(ROWS // 2, ROWS)):
            session.insert("load", {name: column[part] for name, column in columns.items()})


def add_chunks(store: Store, wanted: range) -> None:
    for chunk in wanted:
        add_chunk(store, chunk)


def chunks(store: Store) -> list:
    """(chunk, rows of it) of every chunk that has rows."""
    with store.read() as reader:
        return reader.rows("SELECT chunk, COUNT(*) FROM load GROUP BY chunk ORDER BY chunk")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def store(path: Path) -> Store:
    store = SqliteStore(f"sqlite:///{path}", str(path))
    with store.write() as session:
        session.define(DEFINE)
    yield store
    store.close()


def child(code: str, url: str) -> subprocess.Popen[str]:
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", code, url], stdout=subprocess.PIPE, text=True, cwd=root
    )


# -- a process that dies


def test_a_killed_process_leaves_whole_transactions(store, path):
    """kill -9 at any moment: each transaction is there with all its rows or not at all."""
    store.close()
    seen = 0
    for wait_s in (0.0, 0.013, 0.05, 0.031):
        loader = child(CHILD, store.url)
        assert loader.stdout.readline() == "open\n"
        assert loader.stdout.readline() == f"{seen}\n"
        time.sleep(wait_s)
        loader.send_signal(signal.SIGKILL)
        said = [seen, *map(int, loader.communicate()[0].split())]
        again = open_store(store.url)
        kept = chunks(again)
        again.close()
        assert kept == [(chunk, ROWS) for chunk in range(len(kept))]
        assert said[-1] + 1 <= len(kept) <= said[-1] + 2
        seen = len(kept)
    with closing(apsw.Connection(str(path))) as connection:
        assert connection.execute("PRAGMA integrity_check").get == "ok"


def test_a_second_process_is_refused(store):
    """The error names the owner; when that is dead the file is free."""
    other = child("import sys, time; from billcore.core.store.open import open_store\n"
                  "open_store(sys.argv[1])", store.url)  # fmt: skip
    other.communicate()
    assert other.returncode == 1
    store.close()
    owner = child(CHILD, store.url)
    assert owner.stdout.readline() == "open\n"
    with pytest.raises(StoreBusy, match=f"process {owner.pid} ") as caught:
        open_store(store.url)
    assert caught.value.fields["pid"] == str(owner.pid)
    owner.kill()
    owner.communicate()
    open_store(store.url).close()


def test_a_file_is_opened_once_in_a_process(store, path, tmp_path):
    """Also by another path to it; a file beside it is another."""
    (tmp_path / "link").symlink_to(tmp_path)
    for same in (path, tmp_path / "link" / "store.db"):
        with pytest.raises(StoreBusy, match=f"process {os.getpid()} "):
            open_store(f"sqlite:///{same}")
    open_store(f"sqlite:///{tmp_path / 'other.db'}").close()
    store.close()
    open_store(f"sqlite:///{path}").close()


# -- a disk that is full


def test_a_full_file_keeps_what_it_has(store):
    """StoreFull, nothing of the transaction, and the store works on when there is room."""
    add_chunk(store, 0)
    with store.write() as session:
        (pages,) = session.row("PRAGMA page_count")
        session.rows(f"PRAGMA max_page_count = {pages + 30}")
    for _ in range(3):
        with pytest.raises(StoreFull):
            add_chunks(store, range(1, 100))
        kept = chunks(store)
        assert kept == [(i, ROWS) for i in range(len(kept))]
        with store.write() as session:
            session.run("DELETE FROM load WHERE chunk > 0")
    with store.write() as session:
        session.rows("PRAGMA max_page_count = 1000000")
    add_chunks(store, range(1, 4))
    assert chunks(store) == [(i, ROWS) for i in range(4)]


def test_a_file_that_cannot_grow_is_full(store):
    """The same when the system refuses to write (RLIMIT_FSIZE), at any statement or at COMMIT."""
    store.close()
    filler = child(FILL, store.url)
    said, _ = filler.communicate()
    assert filler.returncode == 0
    again = open_store(store.url)
    assert chunks(again) == [(i, ROWS) for i in range(int(said) + 1)]
    again.close()


# -- files that are no store


def test_places_that_hold_no_store(tmp_path):
    """A missing folder, a folder, another file, a file in place of a folder."""
    (tmp_path / "text").write_text("this is not a database, it is a text" * 100)
    for place, message in [
        ("nowhere/store.db", "nowhere is not a folder"),
        ("", "is a folder, not a file"),
        ("text", "is not an SQLite database"),
        ("text/store.db", "is not a folder"),
    ]:
        url = f"sqlite:///{tmp_path / place}"
        with pytest.raises(StoreUrlInvalid, match=message):
            open_store(url)
    assert (tmp_path / "text").read_text().startswith("this is not")


def test_a_file_that_cannot_be_written(tmp_path):
    """An unprivileged process meets a folder that it may only read: StoreUnavailable."""
    tmp_path.chmod(0o555)
    code = """
import os, sys
from billcore.core.store.errors import StoreUnavailable
from billcore.core.store.open import open_store
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.setuid(65534)
try:
    open_store("sqlite:///store.db")
except StoreUnavailable as error:
    print(error)
"""
    said, _ = child(code, str(tmp_path)).communicate()
    tmp_path.chmod(0o755)
    assert "store.db.lock: Permission denied" in said


def test_a_damaged_file(store, path):
    """StoreCorrupt when a page that is read is not one; other statements work on."""
    add_chunk(store, 0)
    store.close()
    with open(path, "r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (path.stat().st_size - 8192))
    damaged = open_store(store.url)
    with pytest.raises(StoreCorrupt):
        chunks(damaged)
    with pytest.raises(StoreCorrupt):
        add_chunk(damaged, 1)
    with damaged.read() as reader:
        assert reader.row("SELECT 1") == (1,)
    damaged.close()


def test_a_lock_of_another_hand(store, path):
    """A tool that writes to the file makes writers wait, then StoreBusy; readers work on."""
    store._writer.set_busy_timeout(50)
    with closing(apsw.Connection(str(path))) as tool:
        tool.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            add_chunk(store, 0)
        assert chunks(store) == []
        tool.execute("ROLLBACK")
    add_chunk(store, 0)
    assert chunks(store) == [(0, ROWS)]


# -- the log


def test_the_log_is_moved_into_the_file(store, path):
    """Beside the writers, so that the log does not grow with all that was ever written."""
    log = path.with_name("store.db-wal")
    written = longest = 0
    for chunk in range(4000):
        before = log.stat().st_size
        with store.write() as session:
            session.run(
                "INSERT INTO load VALUES (:chunk, 0, :name)", chunk=chunk, name="x" * 200_000
            )
        written += 200_000
        longest = max(longest, before)
        if written > 4 * LOG_BYTES:
            break
    assert longest < 3 * LOG_BYTES
    with store.read() as reader:
        assert reader.row("SELECT COUNT(*) FROM load") == (chunk + 1,)


def test_closing_leaves_one_file(store, path):
    """The log is in the file, and only the lock's file is beside it."""
    add_chunk(store, 0)
    store.close()
    assert sorted(os.listdir(path.parent)) == ["store.db", "store.db.lock"]
    with pytest.raises(StoreUnavailable):
        chunks(store)
