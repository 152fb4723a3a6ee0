"""PostgreSQL is killed amid postings and bills; its clients try again until all is done once."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

from billcore.core.errors import BillcoreError
from billcore.core.store.errors import StoreBusy, StoreUnavailable
from billcore.core.store.port import Store
from tests.faults import company
from tests.faults.conftest import open_company
from tests.postgres import Cluster

PAUSE_S_MAX = 0.02
RETRY_S = 0.02
WAIT_S_MAX = 60

BACKENDS = """SELECT pid FROM pg_stat_activity WHERE application_name = 'billcore'
AND state <> 'idle' AND pid <> pg_backend_pid() ORDER BY pid"""


@pytest.fixture
def kills(full):
    return 60 if full else 6


@pytest.fixture
def months(full):
    return 29 if full else 8


class Clients:
    """A thread a group, which sends its requests until each is answered."""

    def __init__(self, store: Store, months: int) -> None:
        self.store = store
        groups = range(len(company.GROUPS))
        self.plans = [list(company.plan(8, months, group)) for group in groups]
        self.answers: dict[int, bytes] = {}
        self.replayed = 0
        self.cuts: Counter[str] = Counter()
        self.acting = {method: threading.Event() for method in company._ACTS}
        self._stopped = False
        self._threads = ThreadPoolExecutor(len(self.plans))
        self._sent: list[Future[None]] = []

    @property
    def requests(self) -> list[company.Request]:
        return [request for plan in self.plans for request in plan]

    def start(self) -> None:
        self._sent = [self._threads.submit(self._send, plan) for plan in self.plans]

    def join(self) -> None:
        """Waits until every request is answered; raises what ended a client."""
        wait(self._sent, 300)
        for sent in self._sent:
            sent.result(0)

    def alive(self) -> bool:
        return not any(sent.done() for sent in self._sent)

    def stop(self) -> None:
        self._stopped = True
        self._threads.shutdown()
        self.store.close()

    def _send(self, requests: list[company.Request]) -> None:
        for request in requests:
            while request.number not in self.answers and not self._stopped:
                self._try(request)

    def _try(self, request: company.Request) -> None:
        try:
            self._send_one(request)
        except (StoreUnavailable, StoreBusy) as error:
            self.cuts[_kind(error)] += 1
            time.sleep(RETRY_S)

    def _send_one(self, request: company.Request) -> None:
        with self.store.write() as session:
            answer = company.do_in(session, request)
            self.acting[request.method].set()
        self.answers[request.number] = answer.content
        self.replayed += answer.replayed
        if request.number % 5 == 0:
            company.number_some(self.store, 5)


@pytest.fixture
def clients(postgres_server: Cluster, months: int) -> Iterator[Clients]:
    clients = Clients(open_company(postgres_server.url(postgres_server.create())), months)
    yield clients
    clients.stop()


def _kind(error: BillcoreError) -> str:
    return "unknown outcome" if "outcome is unknown" in error.message else error.reason


def kill_server(server: Cluster) -> None:
    """kill -9 of the postmaster; started again by hand."""
    server.kill()
    server.start()


def kill_backend(server: Cluster) -> None:
    """kill -9 of a client's process: the server recovers by itself."""
    for (pid,) in server.execute(BACKENDS)[:1]:
        os.kill(int(str(pid)), signal.SIGKILL)


def cut_backends(server: Cluster) -> None:
    """pg_terminate_backend of whoever is in a transaction: the server lives on."""
    for (pid,) in server.execute(BACKENDS):
        server.execute(f"SELECT pg_terminate_backend({pid})")


KILLS = (kill_server, kill_backend, cut_backends)


def test_a_killed_server_does_each_request_once(
    postgres_server, clients, kills, chance, answers_of
):
    """Amid a bill, a post, a reversal or a reading; what was acknowledged is durable."""
    clients.start()
    for number in range(kills):
        wait_amid(clients, ("bill", "post", "bill", "reverse", "read")[number % 5], chance)
        KILLS[number % len(KILLS)](postgres_server)
    clients.join()
    requests = clients.requests
    answers = answers_of(requests)
    assert clients.answers == answers
    assert clients.cuts.total() >= kills, clients.cuts
    company.check(clients.store, requests, answers)


def wait_amid(clients: Clients, method: str, chance: random.Random) -> None:
    """Returns a moment after a request of this kind was done, just before its COMMIT."""
    time.sleep(chance.uniform(0, 10 * PAUSE_S_MAX))
    event = clients.acting[method]
    event.clear()
    assert event.wait(WAIT_S_MAX)
    time.sleep(chance.uniform(0, PAUSE_S_MAX))
    assert clients.alive()


def test_what_is_answered_is_durable(postgres_server):
    """kill -9 at once after each answer: it is there when the server is back."""
    store = open_company(postgres_server.url(postgres_server.create()))
    requests = list(company.plan(3, 1, 0))
    answers = {}
    for request in requests[:2]:
        answers[request.number] = company.do(store, request).content
        postgres_server.kill()
        with pytest.raises(StoreUnavailable):
            company.do(store, request)
        postgres_server.start()
        again = company.do(store, request)
        assert again.replayed
        assert again.content == answers[request.number]
    company.check(store, requests[:2], answers)
    store.close()
