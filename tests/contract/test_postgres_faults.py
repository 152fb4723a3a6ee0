"""PostgreSQL and its clients die at any moment: whole transactions stay, and the store recovers."""

import os
import random
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from billcore.core.store.errors import StoreUnavailable
from billcore.core.store.port import Kind, Session
from billcore.core.store.postgres import PostgresStore
from tests.postgres import Cluster

ROOT = Path(__file__).parents[2]

ITEM = """CREATE TABLE item (month INTEGER NOT NULL, id BIGINT NOT NULL, chunk INTEGER NOT NULL,
value BIGINT NOT NULL, PRIMARY KEY (month, id)) PARTITION BY LIST (month)"""
DONE = "CREATE TABLE done (chunk INTEGER NOT NULL PRIMARY KEY, total BIGINT NOT NULL)"
CLAIM = "INSERT INTO done (chunk, total) VALUES (:chunk, :total) ON CONFLICT DO NOTHING"
CHUNKS = 40
ROWS = 20_000

CLIENT = """
import sys
from tests.contract.test_postgres_faults import load
from billcore.core.store.postgres import PostgresStore
store = PostgresStore(sys.argv[1])
for chunk in range(10**6):
    load(store, chunk)
    print(chunk, flush=True)
"""


def prepare(url: str) -> PostgresStore:
    store = PostgresStore(url)
    with store.write() as session:
        session.define(ITEM)
        session.define(DONE)
    return store


def load(store: PostgresStore, chunk: int) -> bool:
    """One chunk of an import, in one transaction that is claimed; whether it was still to do."""
    values = np.arange(ROWS, dtype=np.int64) + chunk
    with store.write() as session:
        if not session.run(CLAIM, chunk=chunk, total=int(values.sum())):
            return False
        session.open_month(chunk // 10)
        session.insert("item", columns(chunk, values))
    return True


def columns(chunk: int, values: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "month": np.full(ROWS, chunk // 10, np.int32),
        "id": np.arange(ROWS) + chunk * ROWS,
        "chunk": np.full(ROWS, chunk, np.int32),
        "value": values,
    }


def loaded(store: PostgresStore) -> dict[int, tuple[int, int]]:
    """(rows, total) of every chunk."""
    query = "SELECT chunk, COUNT(*), SUM(value) FROM item GROUP BY chunk"
    with store.read() as reader:
        return {chunk: (rows, total) for chunk, rows, total in reader.rows(query)}


def claimed(store: PostgresStore) -> dict[int, tuple[int, int]]:
    """What `loaded` must be by the claims."""
    with store.read() as reader:
        return {c: (ROWS, total) for c, total in reader.rows("SELECT chunk, total FROM done")}


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_client_leaves_whole_chunks(postgres_url, seed):
    """kill -9 amid bulk COPY: every chunk is there wholly or not at all, a confirmed one wholly."""
    store = prepare(postgres_url)
    confirmed = []
    with subprocess.Popen(
        [sys.executable, "-c", CLIENT, postgres_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as client:
        for line in client.stdout:
            confirmed.append(int(line))
            if len(confirmed) == 5:
                time.sleep(random.Random(seed).uniform(0, 0.1))
                os.kill(client.pid, signal.SIGKILL)
    assert len(confirmed) >= 5
    for chunk in range(len(confirmed) + 2):
        load(store, chunk)
    assert loaded(store) == claimed(store)
    assert set(loaded(store)) == set(range(len(confirmed) + 2)) | set(confirmed)
    store.close()


def test_a_crashed_server_keeps_whole_chunks(postgres_server):
    """kill -9 of the server amid imports: the store goes on by itself when the server is back."""
    store = prepare(postgres_server.url(postgres_server.create()))
    cuts: list[StoreUnavailable] = []
    importers = [threading.Thread(target=import_all, args=(store, cuts)) for _ in range(2)]
    for importer in importers:
        importer.start()
    for crash in range(2):
        wait_for(lambda: len(loaded_or_none(store)) >= 5 * (crash + 1))  # noqa: B023 - called now
        postgres_server.kill()
        postgres_server.start()
    for importer in importers:
        importer.join(120)
    assert cuts
    assert loaded(store) == claimed(store)
    assert set(loaded(store)) == set(range(CHUNKS))
    store.close()


def import_all(store: PostgresStore, cuts: list[StoreUnavailable]) -> None:
    """Loads every chunk, trying again what was cut, whether its outcome is known or not."""
    for chunk in range(CHUNKS):
        while True:
            try:
                load(store, chunk)
                break
            except StoreUnavailable as error:
                cuts.append(error)
                time.sleep(0.05)


def loaded_or_none(store: PostgresStore) -> dict[int, tuple[int, int]]:
    with suppress(StoreUnavailable):
        return loaded(store)
    return {}


def wait_for(happened: Callable[[], object]) -> None:
    until = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


def backend(session: Session) -> int:
    return int(session.row("SELECT pg_backend_pid()")[0])


def terminate(cluster: Cluster, pid: int) -> None:
    """Cuts a connection from the server's side, and waits until it is gone."""
    cluster.execute(f"SELECT pg_terminate_backend({pid}, 10000)")


USES: dict[str, Callable[[Session], object]] = {
    "run": lambda s: s.run(CLAIM, chunk=2, total=0),
    "row": lambda s: s.row("SELECT 1"),
    "insert": lambda s: (s.open_month(0), s.insert("item", columns(1, np.arange(ROWS)))),
    "fetch": lambda s: s.fetch("SELECT chunk FROM done", {"chunk": Kind.INT}),
    "define": lambda s: s.define("CREATE TABLE other (id INTEGER)"),
}


@pytest.mark.parametrize("use", USES)
def test_a_cut_connection_ends_one_transaction(postgres_cluster, postgres_url, use):
    """What is cut amid a transaction keeps nothing; the next transaction works."""
    store = prepare(postgres_url)
    with pytest.raises(StoreUnavailable):
        use_when_cut(store, postgres_cluster, USES[use])
    assert claimed(store) == {}
    assert load(store, 0)
    store.close()


def use_when_cut(store: PostgresStore, cluster: Cluster, use: Callable[[Session], object]) -> None:
    with store.write() as session:
        session.run(CLAIM, chunk=1, total=0)
        terminate(cluster, backend(session))
        use(session)


def test_idle_connections_may_be_cut(postgres_cluster, postgres_url):
    """No transaction sees that the connections which waited for it are gone."""
    store = prepare(postgres_url)
    with store.read() as one, store.read() as two, store.write() as three:
        pids = [backend(session) for session in (one, two, three)]
    for pid in pids:
        terminate(postgres_cluster, pid)
    assert load(store, 0)
    with store.read() as reader:
        assert backend(reader) not in pids
    store.close()


def test_a_stopped_server_is_said_and_its_return_is_noticed(postgres_server):
    """StoreUnavailable while it is away, at once; then the next transaction works."""
    url = postgres_server.url(postgres_server.create())
    store = prepare(url)
    postgres_server.stop()
    for _ in range(2):
        begun = time.monotonic()
        with pytest.raises(StoreUnavailable, match="running"):
            load(store, 0)
        with pytest.raises(StoreUnavailable, match="running"):
            PostgresStore(url)
        assert time.monotonic() - begun < 5
    postgres_server.start()
    assert load(store, 0)
    store.close()


class Proxy:
    """Passes bytes between a store and its server until the client sends some words."""

    def __init__(self, folder: Path, server: Path, words: bytes, passed_on: bool) -> None:
        self._server, self._words, self._passed_on = server, words, passed_on
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self.armed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(self._server / ".s.PGSQL.5432"))
        with client, server, selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while all(self._pass(key) for key, _ in selector.select()):
                pass

    def _pass(self, key: selectors.SelectorKey) -> bool:
        """Passes on what came from one side; False at the end."""
        data = key.fileobj.recv(1 << 16)
        cut = self.armed and self._words in data
        if data and (self._passed_on or not cut):
            key.data.sendall(data)
        if cut and self._passed_on:
            key.data.recv(1 << 16)  # the server has done it, and says so
        return bool(data) and not cut

    def close(self) -> None:
        self._listener.close()


@contextmanager
def proxied(url: str, words: bytes, passed_on: bool) -> Iterator[tuple[str, Proxy]]:
    """(URL through a proxy, the proxy)."""
    direct, _, folder = url.partition("?host=")
    with tempfile.TemporaryDirectory(dir="/tmp") as own:
        proxy = Proxy(Path(own), Path(folder), words, passed_on)
        try:
            yield f"{direct}?host={own}", proxy
        finally:
            proxy.close()


@pytest.mark.parametrize("passed_on", [False, True])
def test_a_commit_that_is_cut_may_be_sent_again(postgres_url, passed_on):
    """Whether it was done is not known to the client; the same claimed request settles it."""
    with proxied(postgres_url, b"COMMIT\0", passed_on) as (url, proxy):
        store = prepare(url)
        proxy.armed = True
        with pytest.raises(StoreUnavailable, match="outcome is unknown; the same request may be"):
            load(store, 3)
        proxy.armed = False
        assert load(store, 3) != passed_on
        assert loaded(store) == claimed(store)
        assert set(loaded(store)) == {3}
        store.close()


def test_a_connection_that_is_cut_amid_a_copy_keeps_nothing(postgres_url):
    """The line goes while rows are under way."""
    with proxied(postgres_url, b"PGCOPY", False) as (url, proxy):
        store = prepare(url)
        with store.write() as session:
            session.open_month(0)
        proxy.armed = True
        with pytest.raises(StoreUnavailable):
            load(store, 3)
        proxy.armed = False
        assert loaded(store) == claimed(store) == {}
        assert load(store, 3)
        store.close()
