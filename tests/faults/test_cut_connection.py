"""The line to PostgreSQL is cut at any point of a transaction; the same request settles it."""

import pytest

from billcore.core.store.errors import StoreUnavailable
from billcore.core.store.open import open_store
from billcore.core.store.port import Session, Store
from tests.contract.test_postgres_faults import backend, proxied, terminate
from tests.faults import company
from tests.faults.conftest import open_company

UNKNOWN = "outcome is unknown; the same request may be sent again"

PLACES = {
    "begin": b"BEGIN ISOLATION LEVEL READ COMMITTED",
    "claim": b"INSERT INTO request",
    "rows": b'INSERT INTO "',
    "event": b"INSERT INTO event_pending",
    "answer": b"UPDATE request",
    "commit": b"COMMIT\0",
}
"""What the client sends when it is cut."""

COMMIT = 1 << 30
"""As a use of the store that is cut: none, but the COMMIT behind them."""


@pytest.fixture
def requests() -> list[company.Request]:
    return list(company.plan(6, 2, 0))


def first(requests: list[company.Request], method: str) -> int:
    return next(place for place, request in enumerate(requests) if request.method == method)


@pytest.mark.parametrize("passed_on", [False, True], ids=["lost", "answer_lost"])
def test_a_cut_line(postgres_url, answers_of, passed_on):
    """At each of PLACES amid a post and a bill, before or after the server has done its part."""
    open_company(postgres_url).close()
    requests = list(company.plan(6, len(PLACES), 0))
    places = {"post": list(PLACES), "bill": list(PLACES)}
    for request in requests:
        left = places.get(request.method)
        settles(postgres_url, request, left.pop() if left else "", passed_on)
    assert places == {"post": [], "bill": []}
    store = open_store(postgres_url)
    company.check(store, requests, answers_of(requests))
    store.close()


def settles(direct: str, request: company.Request, place: str, passed_on: bool) -> None:
    """Sends a request that is cut at a place, and again; '': it is not cut."""
    with proxied(direct, PLACES.get(place, b"\0none"), passed_on) as (url, proxy):
        store = open_store(url)
        if place:
            is_cut(store, proxy, request, place == "commit")
        answer = company.do(store, request)
        assert answer.replayed == (place == "commit" and passed_on)
        store.close()


def is_cut(store: Store, proxy, request: company.Request, unknown: bool) -> None:
    """The caller is told, and told whether the outcome is known."""
    proxy.armed = True
    with pytest.raises(StoreUnavailable) as caught:
        company.do(store, request)
    proxy.armed = False
    assert (UNKNOWN in caught.value.message) == unknown
    assert caught.value.retryable


@pytest.mark.parametrize("method", ["post", "bill"])
def test_a_terminated_backend(postgres_cluster, postgres_url, requests, answers_of, method, full):
    """By pg_terminate_backend before statements of a transaction, and before its COMMIT."""
    store = open_company(postgres_url)
    place = first(requests, method)
    for request in requests[:place]:
        company.do(store, request)
    assert is_terminated(store, postgres_cluster, requests[place], COMMIT)
    uses, step = 0, 1 if full else 4
    while is_terminated(store, postgres_cluster, requests[place], uses):
        uses += step
    assert uses > 4
    for request in requests[place + 1 :]:
        company.do(store, request)
    company.check(store, requests, answers_of(requests))
    store.close()


class Terminating:
    """A session whose connection is cut before its n-th use."""

    def __init__(self, session: Session, cluster, n: int) -> None:
        self._session, self._cluster, self._left = session, cluster, n
        self.cut = False

    def __getattr__(self, name: str):
        if not self._left:
            self.terminate()
        self._left -= 1
        return getattr(self._session, name)

    def terminate(self) -> None:
        terminate(self._cluster, backend(self._session))
        self.cut = True


def is_terminated(store: Store, cluster, request: company.Request, n: int) -> bool:
    """Whether a request was cut before its n-th use of the store; else it is done."""
    watched = None
    try:
        with store.write() as session:
            watched = Terminating(session, cluster, n)
            answer = company.do_in(watched, request)  # type: ignore[arg-type]
            if n == COMMIT:
                watched.terminate()
    except StoreUnavailable:
        assert watched is not None
        assert watched.cut
        return True
    assert not watched.cut
    assert not answer.replayed
    return False
