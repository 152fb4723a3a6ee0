"""PostgreSQL ends amid a run, or the line to it is cut: resumed, it ends with the same books."""

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from billcore.core.billing.runs import chunk as chunks
from billcore.core.billing.runs import runs
from billcore.core.billing.runs.drive import WorkersLost
from billcore.core.store.errors import StoreBusy, StoreUnavailable
from billcore.core.store.open import open_store
from tests import runs_world as at
from tests.contract.test_postgres_faults import proxied
from tests.faults import month_end
from tests.faults.conftest import FULL
from tests.faults.month_end import PHASES, TICKS, Begun, Clock, Workers
from tests.faults.test_cut_connection import COMMIT, Terminating
from tests.faults.test_killed_server import BACKENDS, kill_backend, kill_server

pytestmark = pytest.mark.usefixtures("no_orphans")

RETRY_S = 0.05

PLACES = {
    "begin": b"BEGIN ISOLATION LEVEL READ COMMITTED",
    "claim": b"INSERT INTO run_chunk",
    "turn": b"pg_advisory_xact_lock",
    "rows": b"PGCOPY",
    "event": b"INSERT INTO event_pending",
    "finish": b"UPDATE run_chunk",
    "commit": b"COMMIT\0",
}
"""What the driver sends when it is cut."""

CHUNK_USES_MIN = 8
"""A chunk uses its session more often than this."""


# -- the server


@pytest.fixture
def kills(full):
    return 12 if full else 2


def stop_at_once(server) -> None:
    """`pg_ctl stop -m immediate`; started again by hand."""
    server._end(signal.SIGQUIT)
    server.start()


def cut_everybody(server) -> None:
    """pg_terminate_backend of whoever is in a transaction."""
    for (pid,) in server.execute(BACKENDS):
        server.execute(f"SELECT pg_terminate_backend({pid})")


KILLS = (kill_server, stop_at_once, kill_backend, cut_everybody)


@pytest.mark.parametrize("phase", PHASES if FULL else ["straight"])
def test_a_killed_server(postgres_server, phase, kills, chance, tmp_path, calm):
    """kill -9, an immediate stop, the death of a backend, cut backends: amid chunks and commits."""
    begun = PHASES[phase](month_end.opened(postgres_server.url(postgres_server.create())))
    clock, workers = Clock(tmp_path / "clock"), Workers(2)
    with resumed(begun, workers, clock):
        for number in range(kills):
            month_end.wait_for(lambda: clock.ticks >= TICKS * number // (kills + 1))  # noqa: B023 - called now
            time.sleep(chance.uniform(0, month_end.PAUSE_S_MAX))
            assert not patiently(lambda: begun.done)
            KILLS[number % len(KILLS)](postgres_server)
            with clock.held_up():
                patiently(lambda: month_end.check(begun))
    assert month_end.told(begun) == calm(phase)
    begun.world.store.close()


def patiently(look: Callable[[], object]) -> object:
    """Looks again while a server that lost a backend recovers by itself."""
    for _ in range(int(month_end.WAIT_S_MAX / RETRY_S)):
        try:
            return look()
        except StoreUnavailable:
            time.sleep(RETRY_S)
    return look()


@contextmanager
def resumed(begun: Begun, workers: Workers, clock: Clock):
    """A thread that drives a run, and resumes it until it is done."""

    def drive() -> None:
        while not over.is_set():
            try:
                begun.driven(workers, workers.count, clock)
                return
            except (StoreUnavailable, StoreBusy, WorkersLost):
                time.sleep(RETRY_S)

    over = threading.Event()
    with ThreadPoolExecutor(1) as thread:
        driver = thread.submit(drive)
        try:
            yield
            driver.result(month_end.WAIT_S_MAX)
        finally:
            over.set()


# -- the line


@pytest.mark.parametrize("passed_on", [False, True], ids=["lost", "answer_lost"])
@pytest.mark.parametrize("phase", PHASES if FULL else ["straight"])
def test_a_cut_line(postgres_url, phase, passed_on, calm):
    """At each of PLACES, again and again until the driver gives up; then the run is resumed."""
    begun = PHASES[phase](month_end.opened(postgres_url))
    places = dict(PLACES)
    if phase == "rate":
        del places["event"]
    for words in places.values():
        with proxied(postgres_url, words, passed_on) as (url, proxy):
            store = open_store(url)
            proxy.armed = True
            with pytest.raises(StoreUnavailable):
                begun.on(store).driven()
            proxy.armed = False
            store.close()
        month_end.check(begun)
    for task in tasks(begun):
        with begun.world.store.write() as session:
            chunks.do(session, task, at.clock)
    with proxied(postgres_url, b"INSERT INTO run_step", passed_on) as (url, proxy):
        store = open_store(url)
        proxy.armed = True
        with pytest.raises(StoreUnavailable):
            begun.on(store).driven()
        proxy.armed = False
        assert begun.on(store).driven() is begun.end
        store.close()
    assert month_end.told(begun) == calm(phase)
    begun.world.store.close()


@pytest.mark.parametrize("phase", PHASES if FULL else ["straight", "reverse"])
def test_a_terminated_backend(postgres_cluster, postgres_url, phase, full, calm):
    """By pg_terminate_backend before statements of a chunk, and before its COMMIT."""
    begun = PHASES[phase](month_end.opened(postgres_url))
    first = tasks(begun)[0]
    assert is_terminated(begun, postgres_cluster, first, COMMIT)
    uses, step = 0, 1 if full else 5
    while is_terminated(begun, postgres_cluster, first, uses):
        uses += step
    assert uses > CHUNK_USES_MIN
    assert begun.driven() is begun.end
    assert month_end.told(begun) == calm(phase)
    begun.world.store.close()


def tasks(begun: Begun) -> list[chunks.Task]:
    with begun.world.store.read() as reader:
        return runs.tasks(reader, begun.world.provider_id, begun.run_id)


def is_terminated(begun: Begun, cluster, task: chunks.Task, n: int) -> bool:
    """Whether a chunk was cut before its n-th use of the store; else it is done."""
    watched = None
    try:
        with begun.world.store.write() as session:
            watched = Terminating(session, cluster, n)
            assert chunks.do(watched, task, at.clock)  # type: ignore[arg-type]
            if n == COMMIT:
                watched.terminate()
    except StoreUnavailable:
        assert watched is not None
        assert watched.cut
        assert task in tasks(begun)
        return True
    assert not watched.cut
    return False


def test_killed_while_the_run_is_ended(postgres_server, calm):
    """A server that dies amid the last step: resuming takes it."""
    begun = PHASES["straight"](month_end.opened(postgres_server.url(postgres_server.create())))
    for task in tasks(begun):
        with begun.world.store.write() as session:
            chunks.do(session, task, at.clock)
    with pytest.raises(StoreUnavailable):
        ends_without_server(begun, postgres_server)
    postgres_server.start()
    assert tasks(begun) == []
    assert begun.driven() is begun.end
    assert month_end.told(begun) == calm("straight")
    begun.world.store.close()


def ends_without_server(begun: Begun, server) -> None:
    """The server is killed between the last step and its COMMIT."""
    with begun.world.store.write() as session:
        runs.end(session, begun.world.provider_id, begun.run_id, at.clock())
        server.kill()
        time.sleep(RETRY_S)
