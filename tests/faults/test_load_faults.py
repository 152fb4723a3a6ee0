"""kill -9 amid loads: whoever sends the file again ends with each of its rows once."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from billcore.core.caller import Caller, Role
from billcore.core.store.open import open_store
from billcore.core.verify import verify
from tests.loading_world import count, load, loader, open_provider, source, tables
from tests.stores import migrated

ROOT = Path(__file__).parents[2]
ROWS = 6_000
CHUNK = 500
KILLS = 6
CONTENT = b"the file"
KINDS = {"customers": "customer", "points": "service_point", "accounts": "account"}

CHILD = """
import sys
from tests.faults.test_load_faults import load_all
load_all(sys.argv[1])
"""


def load_all(url: str) -> None:
    """Loads every kind from where it is, telling when it starts."""
    store = open_store(url)
    caller = caller_of(store)
    every = tables(ROWS)
    print("started", flush=True)
    for kind in KINDS:
        load(store, caller, kind, every[kind], rows=CHUNK, content=CONTENT)
    store.close()


def caller_of(store):
    """The client of the only provider; makes both when there are none."""
    with store.write() as session:
        found = session.row("SELECT provider_id FROM provider")
        if found is None:
            return open_provider(session)
    return Caller(3, int(found[0]), frozenset(Role), "Anna")


def killed_amid(url: str, seconds: float) -> bool:
    """Runs the loader and ends it by kill -9 after a time; whether it was still at work."""
    command = [sys.executable, "-c", CHILD, url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "started\n"
        time.sleep(seconds)
        at_work = child.poll() is None
        os.kill(child.pid, signal.SIGKILL)
    return at_work


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.mark.parametrize("seed", range(2))
def test_a_killed_load_is_resumed_exactly_once(url, seed):
    """Killed several times at random moments, then run to its end: every row is there once."""
    store = migrated(url)
    caller = caller_of(store)
    store.close()
    chance, at_work = random.Random(seed), 0
    for _ in range(KILLS):
        at_work += killed_amid(url, chance.uniform(0, 0.12))
    assert at_work
    load_all(url)
    store = open_store(url)
    for kind, table in KINDS.items():
        state = loader(store, caller, source(kind, CONTENT)).state
        assert (state.complete, state.accepted, state.refused) == (True, ROWS, 0)
        assert count(store, table) == ROWS
        assert distinct(store, table) == ROWS
    assert count(store, "number") == ROWS * len(KINDS)
    assert chunks_told(store) == ROWS // CHUNK * len(KINDS)
    with store.read() as reader:
        assert [v for v in verify(reader, [caller.provider_id]) if v.broken] == []
    store.close()


def distinct(store, table):
    with store.read() as reader:
        return int(reader.row(f"SELECT COUNT(DISTINCT number) FROM {table}")[0])


def chunks_told(store):
    """Events of chunks: one for each that is done."""
    with store.read() as reader:
        query = "SELECT COUNT(*) FROM event_pending WHERE kind LIKE '%.loaded'"
        return int(reader.row(query)[0])
