"""Several servers on one PostgreSQL store, and a server that is killed."""

import threading
import time

import pytest

from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.clients import create
from billcore.core.events.check import check_events
from billcore.core.store.errors import StoreBusy
from billcore.core.store.open import open_store
from billcore.server import settings
from billcore.server.app import App
from billcore.v1 import admin_service_pb2, event_service_pb2, tariff_service_pb2
from tests.api import stored
from tests.api.client import Client, plan
from tests.api.conftest import Served
from tests.api.documents import OTHER
from tests.stores import migrated


@pytest.fixture
def key(postgres_url) -> str:
    """The key of a client of the house on a fresh store."""
    store = migrated(postgres_url)
    nobody = Caller(0, HOUSE, frozenset())
    with store.write() as session:
        made = create(session, nobody, "tests", HOUSE, list(Role), 0).key
    store.close()
    return made


@pytest.fixture
def apps(postgres_url, key):
    """Two servers on one store."""
    started = [
        App(settings.load(store=postgres_url, port=0, metrics_port=0, drain_seconds=1))
        for _ in range(2)
    ]
    for app in started:
        app.start()
    yield started
    for app in started:
        app.drain()


def test_servers_share_what_is_published(apps, key, postgres_url):
    """Versions, request ids and event numbers are one; each request is done once."""
    clients = [Client(app.port, key) for app in apps]
    publish = tariff_service_pb2.PublishTariffRequest(document=OTHER, request_id="shared")
    created = []

    def send(client: Client) -> None:
        created.append(client.tariffs.PublishTariff(publish).created)

    threads = [threading.Thread(target=send, args=(client,)) for client in clients * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert created.count(True) == 1
    assert clients[0].publish(OTHER.replace("0.25", "0.5")).version == 2
    newest = tariff_service_pb2.GetTariffRequest(plan=plan("test-other", 2))
    assert clients[1].tariffs.GetTariff(newest).tariff.version == 2
    for n in range(4):
        clients[n % 2].publish(OTHER.replace("0.25", f"0.{n + 1}1"))
    found = _events(clients[1], 6)
    assert [e.sequence for e in found] == [1, 2, 3, 4, 5, 6]
    store = open_store(postgres_url)
    with store.read() as reader:
        assert list(check_events(reader, HOUSE)) == []
    store.close()
    for client in clients:
        client.channel.close()


def _events(client: Client, count: int) -> list[event_service_pb2.Event]:
    for _ in range(100):
        found = client.events.ListEvents(event_service_pb2.ListEventsRequest()).events
        if len(found) >= count:
            break
        time.sleep(0.1)
    return list(found)


def test_a_killed_server_keeps_what_it_answered(tmp_path):
    """After SIGKILL the next server starts at once, and the same request gets its first answer;
    its event has its number. A file has one server: a second is told whose it is."""
    keys = stored.fill(tmp_path)
    request = admin_service_pb2.DisableClientRequest(client_id=5, reason="r", request_id="kill")
    method = "/billcore.v1.AdminService/DisableClient"
    answers = []
    for _ in range(2):
        served = Served(f"--store={stored.url(tmp_path)}", BILLCORE_KEY=keys["north"])
        call = served.client.channel.unary_unary(method)
        answers.append(call(request.SerializeToString()))
        served.process.kill()
        served.end()
    assert answers[0] == answers[1]
    served = Served(f"--store={stored.url(tmp_path)}", BILLCORE_KEY=keys["north"])
    with pytest.raises(StoreBusy, match=f"process {served.process.pid} has "):
        App(settings.load(store=stored.url(tmp_path)))
    for _ in range(50):
        rows = served.client.events.ListAudit(event_service_pb2.ListAuditRequest()).rows
        if rows:
            break
        time.sleep(0.1)
    assert [(r.sequence, r.action) for r in rows] == [(1, "client.disable")]
    assert served.end() == 0
