"""A run through Dask: a real scheduler and two workers, which are killed; the books are the same.

The workers have no nanny, so whoever is killed stays dead: what is left must do the rest.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from billcore.core.billing.runs.states import Phase
from billcore.core.store import runs as rows
from billcore.core.store.open import open_store
from billcore.server import cli, cluster, cluster_work
from billcore.server.cluster import Cluster
from billcore.server.executor_names import address
from billcore.server.refusals import ExecutorUnreachable, WorkerUnfit
from billcore.v1 import runs_pb2 as pb
from tests.api import run_world as at
from tests.api.client import refused

ACCOUNTS = 120
CHUNK = 2
WAIT_S = 60
LOOK_S = 0.03
ALONE = {"start_new_session": True, "cwd": "/", "stderr": subprocess.DEVNULL}


class Dask:
    """A scheduler and its workers on loopback; each can be killed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._port = 0
        self.processes: list[subprocess.Popen[bytes]] = []
        self.start_scheduler()
        self.workers = [self.start_worker() for _ in range(2)]

    @property
    def url(self) -> str:
        return f"dask://127.0.0.1:{self._port}"

    def start_scheduler(self) -> None:
        """On the port of the one before."""
        self._file.unlink(missing_ok=True)
        self.scheduler = self._started(
            "scheduler", f"--port={self._port}", f"--scheduler-file={self._file}", "--no-show"
        )
        told = until(self._told)
        self._port = int(told["address"].rpartition(":")[2])

    def start_worker(self) -> "subprocess.Popen[bytes]":
        return self._started(
            "worker", f"tcp://127.0.0.1:{self._port}", "--no-nanny", "--nthreads=1"
        )

    def end(self) -> None:
        for one in self.processes:
            one.kill()
            one.wait()

    def _started(self, what: str, *options: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.dask_{what}"]
        place = ["--host=127.0.0.1", "--no-dashboard"]
        found = subprocess.Popen([*command, *options, *place], **ALONE)
        self.processes.append(found)
        return found

    def _told(self):
        with suppress(OSError, ValueError):
            return json.loads(self._file.read_text())
        return None


def until(what, seconds: float = WAIT_S):
    """Waits until something is true, and tells it."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(LOOK_S)
    return found


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    found = Dask(tmp_path_factory.mktemp("dask"))
    yield found
    found.end()


@pytest.fixture
def company(postgres_url):
    return at.settled(postgres_url, accounts=ACCOUNTS)


@contextmanager
def served(company, dask):
    """A server whose runs go to the cluster."""
    with at.served(company, run_executor=dask.url) as runs:
        yield runs


def amid(runs, run_id: int) -> None:
    """Waits until some chunks of a run are done; `unfinished` keeps it from having all."""
    until(lambda: runs.get(run_id).passes[-1].chunks_done >= 3)
    assert runs.get(run_id).passes[-1].chunks_done < ACCOUNTS / CHUNK


@contextmanager
def unfinished(company, run_id: int, phase: Phase):
    """The phase does not end within the block: its last chunk waits for a transaction that claimed
    it, and is rolled back."""
    store = open_store(company.url)
    try:
        with suppress(Released), store.write() as session:
            (provider_id,) = session.row("SELECT provider_id FROM run WHERE run_id = :n", n=run_id)
            key = rows.ChunkKey(provider_id, run_id, phase, 0, ACCOUNTS // CHUNK - 1)
            assert rows.claim(session, key, (0, 0), 0)
            yield
            raise Released
    finally:
        store.close()


class Released(Exception):
    """The transaction shall keep nothing."""


def test_a_killed_worker_then_a_killed_scheduler(company, dask, monkeypatch):
    """One digest: of the server's thread, of a cluster that loses a worker amid rating, and of one
    that loses its scheduler amid freezing and is resumed when there is another."""
    with served(company, dask) as runs:
        tried = runs.ask("CreateRun", order=at.order(chunk_accounts=0), simulated=True).run
        assert tried.order.chunk_accounts == 204_800
        tried = runs.did("StartRun", tried.run_id, executor="processes")  # none: a thread
        (digest,) = [one.digest for one in tried.passes]
        run_id = runs.create(at.order(chunk_accounts=CHUNK))
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{runs.app.port}",
            "BILLCORE_KEY": company.keys["all"],
        }
        words = ["run", "start", str(run_id), "--executor", dask.url]
        with unfinished(company, run_id, Phase.RATE):
            assert CliRunner().invoke(cli.app, words, env=environment).exit_code == 0
            amid(runs, run_id)
            os.kill(dask.workers[0].pid, signal.SIGKILL)
        rated = runs.watched(run_id)
        assert (rated.state, rated.passes[0].digest) == (pb.RUN_STATE_OUTSORTED, digest)

        runs.ask("ApproveRun", run_id=run_id)
        with monkeypatch.context() as patch, unfinished(company, run_id, Phase.FREEZE):
            runs.ask("FreezeRun", run_id=run_id)
            amid(runs, run_id)
            patch.setattr(cluster, "CONNECT_S", 0.5)
            os.kill(dask.scheduler.pid, signal.SIGKILL)
            stopped = runs.watched(run_id)
        assert (stopped.state, stopped.under_way) == (pb.RUN_STATE_APPROVED, True)
        assert stopped.fault.reason == "EXECUTOR_UNREACHABLE"
        assert "resume the run" in stopped.fault.message

        dask.start_scheduler()
        dask.workers = [dask.start_worker()]
        frozen = runs.did("ResumeRun", run_id)
        assert (frozen.state, frozen.passes[-1].digest) == (pb.RUN_STATE_FROZEN, digest)
        assert frozen.passes[-1].bills == ACCOUNTS
    assert at.broken(company.url) == []


def test_a_worker_of_another_build_does_nothing(company, dask, monkeypatch):
    """The run stops before any chunk and says why; the server's own processes can go on."""
    with served(company, dask) as runs:
        run_id = runs.create(at.order(chunk_accounts=100))
        with refused("INVALID_ARGUMENT", "FIELD_REFUSED") as why:
            runs.ask("StartRun", run_id=run_id, executor="dask://10.0.0.1:8786")
        assert dask.url in why[0].message
        with monkeypatch.context() as patch:
            patch.setattr(cluster_work, "build", lambda: "f" * 64)
            stopped = runs.did("StartRun", run_id)
        assert stopped.fault.reason == "WORKER_UNFIT"
        assert "ffffffffffff" in stopped.fault.message
        assert stopped.passes[0].chunks_done == 0
        rated = runs.did("ResumeRun", run_id, executor="processes")
        assert rated.state == pb.RUN_STATE_OUTSORTED


def test_a_drained_server_leaves_its_chunks_to_the_cluster(company, dask):
    """It begins no others; whoever resumes the run meets what the workers still do."""
    with ExitStack() as until_drained, served(company, dask) as runs:
        run_id = runs.create(at.order(chunk_accounts=CHUNK, straight=True))
        until_drained.enter_context(unfinished(company, run_id, Phase.FREEZE))
        runs.ask("StartRun", run_id=run_id)
        amid(runs, run_id)
    with at.served(company) as runs:
        found = runs.get(run_id)
        assert (found.under_way, found.driven) == (True, False)
        frozen = runs.did("ResumeRun", run_id)
        assert (frozen.state, frozen.passes[0].bills) == (pb.RUN_STATE_FROZEN, ACCOUNTS)
    assert at.broken(company.url) == []


def test_chunks_whose_answers_never_come_are_broken(dask):
    """The client found another scheduler amid an answer, or was closed: nothing waits for ever."""
    found = Cluster(address(dask.url))
    executor = found.pool()

    async def never(_keys):
        await asyncio.sleep(WAIT_S)

    executor._client._gather = never
    waiting = executor.submit(len, "four")
    connection = executor._client.scheduler_comm
    executor._client.scheduler_comm = object()  # as after connecting anew
    assert found.workers() >= 1
    assert isinstance(waiting.exception(0), BrokenExecutor)
    with pytest.raises(BrokenExecutor, match="the scheduler is gone"):
        executor.submit(len, "four")
    executor._client.scheduler_comm = connection

    async def cut(_keys):
        raise OSError("cut amid the answer")

    executor._client._gather = cut
    with pytest.raises(BrokenExecutor):
        executor.submit(len, "four").result(WAIT_S)
    executor.shutdown()
    assert found.workers() == 0
    with pytest.raises(BrokenExecutor):
        executor.submit(len, "four")


def unheard_of() -> None:
    """No worker can import it."""


def test_what_a_worker_cannot_load_is_told(dask, monkeypatch):
    """It survives that, and does the next; so does the server where there is no cluster."""
    found = Cluster(address(dask.url))
    with found.pool() as executor:
        for _ in range(2):
            with pytest.raises(WorkerUnfit, match="it cannot load the work"):
                executor.submit(unheard_of).result(WAIT_S)
        assert executor.submit(len, "four").result(WAIT_S) == 4
        assert found.workers() >= 1
        monkeypatch.setattr(found._executor, "threads", lambda: 0)
        assert found.workers() == 0  # for a while chunks wait for some
        monkeypatch.setattr(cluster, "PATIENCE_S", -1.0)
        with pytest.raises(ExecutorUnreachable, match="no worker is there"):
            found.workers()
    monkeypatch.setattr(cluster, "CONNECT_S", 0.2)
    with pytest.raises(ExecutorUnreachable, match="no scheduler answers"):
        Cluster("tcp://127.0.0.1:1").pool()
    with pytest.raises(ExecutorUnreachable, match="no scheduler answers"):
        Cluster("tls://127.0.0.1:1").pool()
