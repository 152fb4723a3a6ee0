"""An import whose process is killed in a chunk goes on when the file is sent again."""

import signal
import subprocess
import sys

import pytest

from billcore.core.reconciliation import keeping
from billcore.core.reconciliation.keeping import FileState
from billcore.core.store.migrate import migrate
from billcore.core.store.open import open_store
from tests import recon_world

LINES = 250
CHUNK = 30

CHILD = """
import os, signal, sys
from billcore.core.reconciliation import keeping
from billcore.core.store.open import open_store
from tests.faults.test_import_killed import CHUNK, send
from tests.recon_world import Recon

keeping.CHUNK_LINES = CHUNK
kept, left = keeping.rows.add_lines, int(sys.argv[2])

def dying(session, table, columns):
    global left
    kept(session, table, columns)
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

keeping.rows.add_lines = dying
store = open_store(sys.argv[1])
send(Recon(store))
"""


def lines():
    return [(f"r{number:04}", number + 1) for number in range(LINES)]


def send(world):
    return world.report("a.csv", *lines())


@pytest.mark.parametrize("chunk", [1, 4, 9])
def test_an_import_is_killed(url, chunk, monkeypatch):
    """Every line is kept once, whichever chunk the process died in: its last one included."""
    store = open_store(url)
    migrate(store, 0)
    recon_world.found(store)
    store.close()
    child = subprocess.run([sys.executable, "-c", CHILD, url, str(chunk)], check=False)
    assert child.returncode == -signal.SIGKILL
    store = open_store(url)
    try:
        world = recon_world.Recon(store)
        (row,) = world.files()
        assert (row.state, row.loaded) == (FileState.LOADING, (chunk - 1) * CHUNK)
        assert world.broken() == []
        monkeypatch.setattr(keeping, "CHUNK_LINES", CHUNK)
        assert not send(world).repeated
        assert world.lines(1) == lines()
        assert send(world).repeated
        assert world.broken() == []
    finally:
        store.close()
