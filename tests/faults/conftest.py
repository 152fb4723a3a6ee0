"""What the fault tests share: both engines, the children they end, how often they kill."""

import multiprocessing
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from billcore.core.store.port import Store
from tests.faults import company, month_end
from tests.postgres import Cluster
from tests.stores import migrated

ROOT = Path(__file__).parents[2]
FULL = {"": False, "full": True}[os.environ.get("BILLCORE_FAULTS", "")]
"""BILLCORE_FAULTS=full: many more kills; see README.md here."""

Child = subprocess.Popen[str]


def pytest_report_header() -> str:
    return f"billcore: faults {'in full' if FULL else 'a few; BILLCORE_FAULTS=full for many'}"


@pytest.fixture
def full() -> bool:
    """Whether there is time for many kills."""
    return FULL


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The moments of a test: the same in every run, as far as the machine is."""
    return random.Random(request.node.name)


@pytest.fixture(scope="session")
def durable_cluster() -> Iterator[Cluster]:
    """A durable cluster that tests kill, one after the other."""
    cluster = Cluster(settings={})
    try:
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def postgres_server(durable_cluster: Cluster) -> Iterator[Cluster]:
    """A running durable cluster; a test makes a database of its own in it."""
    yield durable_cluster
    durable_cluster.kill()
    durable_cluster.start()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def start() -> Iterator[Callable[..., Child]]:
    """Starts Python with these arguments; whatever still runs at the end of the test is killed."""
    children: list[Child] = []

    def started(*arguments: str, **options: object) -> Child:
        command = [sys.executable, *arguments]
        child = subprocess.Popen(command, text=True, cwd=ROOT, stdout=subprocess.PIPE, **options)
        children.append(child)
        return child

    yield started
    for child in children:
        child.kill()
        child.wait()
        for pipe in filter(None, (child.stdin, child.stdout, child.stderr)):
            pipe.close()


@pytest.fixture
def settled(url: str) -> str:
    """The URL of a store with the company, which nobody has open."""
    store = open_company(url)
    store.close()
    return url


def open_company(url: str) -> Store:
    """A new store with the company."""
    store = migrated(url)
    company.settle(store)
    return store


@pytest.fixture(scope="session")
def answers_of(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[list[company.Request]], dict[int, bytes]]:
    """What requests answer where no fault befalls them, by number."""

    known: dict[tuple[company.Request, ...], dict[int, bytes]] = {}

    def answered(requests: list[company.Request]) -> dict[int, bytes]:
        if tuple(requests) in known:
            return known[tuple(requests)]
        store = open_company(f"sqlite:///{tmp_path_factory.mktemp('calm') / 'store.db'}")
        answers = {request.number: company.do(store, request) for request in requests}
        assert not any(answer.replayed for answer in answers.values())
        found = {number: answer.content for number, answer in answers.items()}
        company.check(store, requests, found)
        store.close()
        known[tuple(requests)] = found
        return found

    return answered


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], month_end.Told]:
    """What comes of a phase of a run that nobody disturbs."""
    known: dict[str, month_end.Told] = {}

    def told(phase: str) -> month_end.Told:
        if phase not in known:
            known[phase] = month_end.undisturbed(phase, tmp_path_factory.mktemp("calm"))
        return known[phase]

    return told


@pytest.fixture
def no_orphans() -> Iterator[None]:
    """Ends what a pool that broke while it started workers has left behind."""
    yield
    for child in multiprocessing.active_children():
        child.kill()
        child.join()
