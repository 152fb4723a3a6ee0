"""`kill -9` under a load of payments: of the server, of PostgreSQL.

What was answered is there once; what was not is there once or not at all, and its status says so.
"""

import os
import random
import signal
import time
from collections.abc import Callable

import pytest

from tests.api.conftest import Served
from tests.faults import tills
from tests.faults.test_killed_server import BACKENDS
from tests.faults.tills import Tills
from tests.postgres import Cluster

PAUSE_S_MAX = 0.03
PLANS = 4


@pytest.fixture
def kills(full):
    return 40 if full else 3


@pytest.fixture
def served():
    """Starts servers; at the end they are ended."""
    running: list[Served] = []

    def start(url: str) -> Served:
        running.append(Served(f"--store={url}"))
        return running[-1]

    yield start
    for one in running:
        one.process.kill()
        one.end()


def amid(paying: Tills, number: int, kills: int, chance: random.Random) -> None:
    """Returns at a random moment of the n-th part of the work."""
    part = len(paying.steps) / (kills + 1)
    paying.until_answered(int(part * (number + chance.uniform(0.1, 0.9))))
    time.sleep(chance.uniform(0, PAUSE_S_MAX))


def test_a_killed_server_posts_each_payment_once(url, served, kills, chance):
    """On a port of its own each time; the tills find the new one."""
    paying = Tills(tills.settle(url), PLANS, 12 * kills)
    server = served(url)
    paying.start(server.port)
    met = done = 0
    for number in range(kills):
        amid(paying, number, kills, chance)
        server.process.kill()
        server.process.wait()
        pending = paying.hold()
        met += bool(pending)
        tills.check_store(url)
        server = served(url)
        paying.port = server.port
        done += paying.check_held(pending)
        paying.go.set()
    paying.join()
    server.process.kill()
    server.process.wait()
    assert met == kills, (met, done, paying.cuts)
    tills.check(url, paying)


def kill_server(cluster: Cluster) -> None:
    """kill -9 of the postmaster; started again when the tills have heard of it."""
    cluster.kill()


def kill_backend(cluster: Cluster) -> None:
    """kill -9 of a process amid a transaction: PostgreSQL recovers by itself."""
    for (pid,) in cluster.execute(BACKENDS)[:1]:
        os.kill(int(str(pid)), signal.SIGKILL)


def cut_backends(cluster: Cluster) -> None:
    for (pid,) in cluster.execute(BACKENDS):
        cluster.execute(f"SELECT pg_terminate_backend({pid})")


KILLS: tuple[Callable[[Cluster], None], ...] = (kill_server, kill_backend, cut_backends)


def test_a_killed_postgresql_keeps_each_payment_once(postgres_server, served, kills, chance):
    """The server lives on, and takes payments again when PostgreSQL does."""
    url = postgres_server.url(postgres_server.create())
    paying = Tills(tills.settle(url), PLANS, 12 * kills)
    server = served(url)
    paying.start(server.port)
    met = 0
    for number in range(kills):
        amid(paying, number, kills, chance)
        kill = KILLS[number % len(KILLS)]
        kill(postgres_server)
        pending = paying.hold()
        met += bool(pending)
        if kill is kill_server:
            postgres_server.start()
        paying.check_held(pending)
        tills.check_store(url)
        paying.go.set()
    paying.join()
    assert server.process.poll() is None
    assert met >= -(-kills // len(KILLS)), (met, paying.cuts)
    tills.check(url, paying)
