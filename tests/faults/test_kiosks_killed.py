"""Kiosks before a server that is killed while they pay: every payment is posted once."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from billcore.server.adapters.osmp import register
from billcore.server.adapters.osmp import settings as settings_of
from tests.api import stored, town_of_payers
from tests.api.conftest import Served
from tests.api.kiosks import Adapter, given
from tests.api.town_of_payers import ACCOUNTS, DEBT, balance

KIOSKS = 12
PAYMENTS = 25
WAIT_S_MAX = 120

AGAIN = ("1", "90")


@pytest.fixture
def keys(tmp_path):
    return stored.fill(tmp_path)


def serve(folder, key, port=0):
    """A server's process on the store, and nobody else's."""
    return Served(f"--store={stored.url(folder)}", f"--port={port}", BILLCORE_KEY=key)


class Kiosk:
    """Pays one after the other, and repeats what is not answered."""

    def __init__(self, adapter: Adapter, number: int) -> None:
        self._adapter = adapter
        self._number = number
        self.results: list[str] = []
        self.bodies: dict[int, bytes] = {}

    def pay(self, when: str) -> None:
        for count in range(PAYMENTS):
            txn = self._number * 1_000 + count + 1
            account = f"A{1 + txn % ACCOUNTS}"
            asked = {"txn_id": txn, "txn_date": when, "account": account, "sum": "0.25"}
            self.bodies[txn] = self._until_answered(asked)

    def _until_answered(self, asked: dict[str, object]) -> bytes:
        until = time.monotonic() + WAIT_S_MAX
        while time.monotonic() < until:
            found = self._adapter.ask("pay", **asked)
            self.results.append(found.result)
            if found.result not in AGAIN:
                return found.body
            status = self._adapter.ask("status", txn_id=asked["txn_id"]).result
            assert status in ("0", "300", *AGAIN)
            time.sleep(0.05)
        raise AssertionError(f"payment {asked['txn_id']} was not answered")


def test_a_server_that_is_killed_while_kiosks_pay(tmp_path, keys, full):
    """All are answered in the end, each with one payment, and the register has them all."""
    server = serve(tmp_path, keys["north"])
    town_of_payers.furnish(server.client)
    town_of_payers.channel(server.client, "kiosk")
    address = f"127.0.0.1:{server.port}"
    adapter = Adapter(address, keys["north"])
    kiosks = [Kiosk(adapter, number) for number in range(KIOSKS)]
    moment = datetime.now(UTC)
    when = f"{moment:%Y%m%d%H%M%S}"
    kills = 5 if full else 1
    with ThreadPoolExecutor(KIOSKS) as pool:
        running = [pool.submit(one.pay, when) for one in kiosks]
        for kill in range(kills):
            wanted = (kill + 1) * KIOSKS * PAYMENTS // (kills + 1)
            while sum(len(one.bodies) for one in kiosks) < wanted:
                time.sleep(0.01)
                assert not any(one.done() and one.exception() for one in running)
            server.process.kill()
            server.process.wait(timeout=60)
            server.client.channel.close()
            server = serve(tmp_path, keys["north"], server.port)
        for one in running:
            one.result(timeout=WAIT_S_MAX)
    assert {result for one in kiosks for result in one.results} <= {"0", *AGAIN}
    assert any(result in AGAIN for one in kiosks for result in one.results)
    told = {txn: body for one in kiosks for txn, body in one.bodies.items()}
    for txn, body in told.items():
        account = f"A{1 + txn % ACCOUNTS}"
        asked = {"txn_id": txn, "txn_date": when, "account": account, "sum": "0.25"}
        assert adapter.ask("pay", **asked).body == body
    client = server.client
    owed = sum(balance(client, f"A{number}") for number in range(1, ACCOUNTS + 1))
    assert owed == ACCOUNTS * DEBT - KIOSKS * PAYMENTS * 25
    assert town_of_payers.verified(client) == {}
    settings = settings_of.load(None, **given(address))
    made = register.write(settings, keys["north"], moment.date(), tmp_path)
    assert (made.payments, made.amount) == (KIOSKS * PAYMENTS, KIOSKS * PAYMENTS * 25)
    adapter.end()
    server.end()
