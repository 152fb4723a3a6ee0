"""The gate remembers good keys for seconds, as many as it may, and none of the bad ones."""

import pytest

from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.clients import KeyInvalid, KeyMissing
from billcore.server.gate import KeyGate, OpenGate
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


def test_a_bad_key_is_asked_for_every_time(store):
    """A key that is made after it was refused opens at once."""
    gate = KeyGate(store, seconds=60)
    with pytest.raises(KeyMissing):
        gate.caller(METHOD, {})
    with pytest.raises(KeyInvalid):
        gate.caller(METHOD, metadata("bck_1_" + "A" * 43))
    (key,) = keys(store, 1)
    assert gate.caller(METHOD, metadata(key)).client_id == 1


def test_an_open_gate_lets_everybody_do_all():
    """Without a store, on loopback."""
    caller = OpenGate().caller(METHOD, {"x-billcore-actor": "mina"})
    assert (caller.provider_id, caller.actor, caller.roles) == (HOUSE, "mina", frozenset(Role))
