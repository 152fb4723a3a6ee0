"""The gate remembers good keys for seconds, as many as it may, and none of the bad ones."""

import threading
from types import SimpleNamespace

import pytest

from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.client_errors import KeyInvalid, KeyMissing, ProviderForbidden
from billcore.core.durations import DAY
from billcore.server import background_keys
from billcore.server.background_keys import ExpiringKeys
from billcore.server.gate import KeyGate, OpenGate
from billcore.server.interceptors import Edge
from billcore.server.telemetry import Metrics
from tests.stores import migrated

METHOD = "TariffService/GetTariff"
HOUSE_ADMIN = Caller(0, HOUSE, frozenset())


@pytest.fixture
def store(tmp_path):
    found = migrated(f"sqlite:///{tmp_path / 'store.db'}")
    yield found
    found.close()


def keys(store, count: int) -> list[str]:
    with store.write() as session:
        return [
            clients.create(session, HOUSE_ADMIN, f"c{n}", HOUSE, [Role.VIEWER], 0).key
            for n in range(count)
        ]


def metadata(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def disable(store, number: int) -> None:
    with store.write() as session:
        clients.disable(session, HOUSE_ADMIN, number, "", 1)


def test_a_good_key_is_remembered_for_its_seconds(store):
    """Then the store is asked again, and a disabled key is refused."""
    (key,) = keys(store, 1)
    patient, hasty = KeyGate(store, seconds=60), KeyGate(store, seconds=0)
    for gate in (patient, hasty):
        assert gate.caller(METHOD, metadata(key)).client_id == 1
    disable(store, 1)
    assert patient.caller(METHOD, metadata(key)).client_id == 1
    with pytest.raises(KeyInvalid):
        hasty.caller(METHOD, metadata(key))


def test_only_so_many_keys_are_remembered(store):
    """The one that was verified longest ago is forgotten first."""
    first, second, third = keys(store, 3)
    gate = KeyGate(store, seconds=60, most=2)
    for key in (first, second, third):
        gate.caller(METHOD, metadata(key))
    for number in (1, 2, 3):
        disable(store, number)
    with pytest.raises(KeyInvalid):
        gate.caller(METHOD, metadata(first))
    for key in (second, third):
        gate.caller(METHOD, metadata(key))


def test_a_key_that_ends_is_refused_after_its_seconds(store, monkeypatch):
    """By the clock of the server; and it is told of before, once, and counted then."""
    moment = [DAY]
    with store.write() as session:
        scope = clients.Scope(expires_at=20 * DAY)
        key = clients.create(session, HOUSE_ADMIN, "ends", HOUSE, [Role.VIEWER], 0, scope).key
    keys(store, 1)
    gate = KeyGate(store, seconds=0, now=lambda: moment[0])
    told = []
    log = SimpleNamespace(warning=lambda event, **fields: told.append(fields))
    monkeypatch.setattr(background_keys, "log", log)
    figures = Metrics()
    task = ExpiringKeys(store, lambda: moment[0], figures, days=14)
    for day, ending, expired in ((5, 0, 0), (7, 1, 0), (19, 1, 0), (21, 0, 1)):
        moment[0] = day * DAY
        told.clear()
        task.look()
        assert [one["of"] for one in told] == ([1] if day == 7 else [])
        counted = (figures.keys_ending, figures.keys_expired)
        assert [one._value.get() for one in counted] == [ending, expired]
        if not expired:
            assert gate.caller(METHOD, metadata(key)).client_id == 1
    with pytest.raises(KeyInvalid):
        gate.caller(METHOD, metadata(key))


def test_a_bad_key_is_asked_for_every_time(store):
    """A key that is made after it was refused opens at once."""
    gate = KeyGate(store, seconds=60)
    with pytest.raises(KeyMissing):
        gate.caller(METHOD, {})
    with pytest.raises(KeyInvalid):
        gate.caller(METHOD, metadata("bck_1_" + "A" * 43))
    (key,) = keys(store, 1)
    assert gate.caller(METHOD, metadata(key)).client_id == 1


class Counted:
    """A store that counts its reads."""

    def __init__(self, store):
        self._store, self.reads = store, 0

    def read(self):
        self.reads += 1
        return self._store.read()


def test_what_a_known_client_does_wrong_is_remembered(store):
    """A disabled key, a provider that is none: one read for its seconds. Strangers fill nothing."""
    good, bad = keys(store, 2)
    disable(store, 2)
    counted = Counted(store)
    gate = KeyGate(counted, seconds=60)
    wrong = {**metadata(good), "x-billcore-provider": "nobody"}
    strange = metadata("bck_1_" + "A" * 43)
    for given, error, reads in (
        (metadata(bad), KeyInvalid, 1), (wrong, ProviderForbidden, 1), (strange, KeyInvalid, 3),
    ):  # fmt: skip
        counted.reads = 0
        for _ in range(3):
            with pytest.raises(error):
                gate.caller(METHOD, given)
        assert counted.reads == reads
    assert gate.caller(METHOD, metadata(good)).client_id == 1


def test_a_stream_does_not_outlive_its_key(store):
    """It is looked at before each message."""
    (key,) = keys(store, 1)
    edge = Edge([], threading.Event(), KeyGate(store, seconds=0))
    context = SimpleNamespace(
        invocation_metadata=lambda: metadata(key).items(), is_active=lambda: True
    )
    handler = SimpleNamespace(request_deserializer=bytes.decode)
    method = f"/billcore.v1.{METHOD}"
    messages = edge._pulled(handler, iter([b"first", b"second"]), context, method)
    assert next(messages) == "first"
    disable(store, 1)
    with pytest.raises(KeyInvalid):
        next(messages)


def test_an_open_gate_lets_everybody_do_all():
    """Without a store, on loopback."""
    caller = OpenGate().caller(METHOD, {"x-billcore-actor": "mina"})
    assert (caller.provider_id, caller.actor, caller.roles) == (HOUSE, "mina", frozenset(Role))
