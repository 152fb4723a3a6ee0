"""Denied calls are added up, few rows a minute whoever calls how often; none is lost meanwhile."""

import contextvars
import json

import pytest

from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.client_errors import KeyInvalid, KeyMissing, RoleMissing
from billcore.core.errors import RequestInvalid
from billcore.core.payments.errors import ChannelForbidden
from billcore.core.store import events
from billcore.core.store.errors import StoreBusy
from billcore.server.backend import CALLER
from billcore.server.denials import ANY_METHOD, METHODS_MAX, ROWS_MAX, WAIT_MAX, Denials, is_denial
from billcore.server.refusals import ClientCallsExhausted, StreamsExhausted
from tests.stores import migrated


class Clock:
    now = 1_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def store(tmp_path):
    found = migrated(f"sqlite:///{tmp_path / 'store.db'}")
    yield found
    found.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def denials(store, clock):
    return Denials(store, clock)


def note(denials, client_id, method, provider_id=1, error=None):
    """A denied call of a client."""

    def call():
        CALLER.set(Caller(client_id, provider_id, frozenset()))
        denials.note(method, error or RoleMissing(method, Role.ADMIN, []))

    contextvars.copy_context().run(call)


def written(store, provider_id=HOUSE):
    """(client, method, cause, calls) of what is in a log."""
    with store.read() as reader:
        found = events.pending_audits(reader, provider_id, 999)
    details = [json.loads(row.detail) for row in found]
    assert {row.actor for row in found} <= {""}
    return [
        (row.client_id, row.subject, detail["cause"], detail["calls"])
        for row, detail in zip(found, details, strict=True)
    ]


def test_which_refusals_are_denials():
    """Who somebody is, what they may, how much they did; not what they sent, not a full server."""
    turned_away = [
        KeyMissing(),
        KeyInvalid(),
        ChannelForbidden("a", "b"),
        ClientCallsExhausted(1, 2, 3),
    ]
    assert all(is_denial(error) for error in turned_away)
    assert not any(is_denial(e) for e in (RequestInvalid("a", "b"), StreamsExhausted("a", "b", 1)))


def test_they_are_written_once_a_minute(store, clock, denials):
    """Added up; a second minute has rows of its own."""
    for _ in range(3):
        note(denials, 7, "A/B")
        clock.now += 10
    denials.write_due()
    assert written(store, 1) == []
    clock.now = 1_000 + WAIT_MAX
    denials.write_due()
    assert written(store, 1) == [(7, "A/B", "ROLE_MISSING", 3)]
    with store.read() as reader:
        (row,) = events.pending_audits(reader, 1, 9)
    assert (json.loads(row.detail)["first_at"], json.loads(row.detail)["last_at"]) == (1_000, 1_020)
    note(denials, 7, "A/B")
    denials.write_all()
    assert [calls for *_, calls in written(store, 1)] == [3, 1]


def test_a_flood_is_a_few_rows(store, denials):
    """Of strangers one a cause; of a client METHODS_MAX and one a cause; of all ROWS_MAX."""
    for number in range(1_000):
        denials.note(f"A/{number}", KeyMissing())
        denials.note("A/B", KeyInvalid("KEY_EXPIRED", 3, 2))
        note(denials, 7, f"A/{number}")
    denials.write_all()
    assert written(store) == [(0, ANY_METHOD, "KEY_MISSING", 1_000)]
    assert written(store, 2) == [(3, "A/B", "KEY_EXPIRED", 1_000)]
    mine = written(store, 1)
    assert len(mine) == METHODS_MAX + 1
    assert sum(calls for *_, calls in mine) == 1_000
    for client_id in range(1, 500):
        note(denials, client_id, "A/B", provider_id=3)
    denials.write_all()
    assert len(written(store, 3)) == ROWS_MAX
    assert (0, ANY_METHOD, "ROLE_MISSING", 499 - ROWS_MAX) in written(store)


def test_what_the_store_does_not_take_is_kept(clock, store):
    """And written the next time, with what came since."""

    class Busy:
        def write(self):
            raise StoreBusy("a test")

    denials = Denials(Busy(), clock)
    note(denials, 7, "A/B")
    with pytest.raises(StoreBusy):
        denials.write_all()
    note(denials, 7, "A/B")
    denials._store = store
    denials.write_all()
    assert written(store, 1) == [(7, "A/B", "ROLE_MISSING", 2)]
