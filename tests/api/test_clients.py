"""Keys, roles and providers on a real server with a store."""

import importlib
import json
import os
import pkgutil
import subprocess
import sys
import time
from collections.abc import Iterable

import grpc
import pytest
from grpc_health.v1 import health_pb2

import billcore.v1 as contract
from billcore.core.client_errors import ProviderNotNamed
from billcore.server import gate as gates
from billcore.server.authorisation import OF_ONE_PROVIDER, OF_PROVIDERS, ROLES, acts_for_one
from billcore.server.gate import KeyGate
from billcore.v1 import account_service_pb2, event_service_pb2, tariff_service_pb2
from billcore.v1 import admin_service_pb2 as pb
from tests.api import stored
from tests.api.client import Client, plan, refusal, refused
from tests.api.conftest import Served
from tests.api.documents import OTHER, WATER

LIST = tariff_service_pb2.ListTariffsRequest()


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture
def call(app, keys):
    """A client by the name of its key, and metadata."""
    opened = []

    def client(name: str = "", key: str = "", **metadata: str) -> Client:
        opened.append(Client(app.port, key or keys.get(name, ""), **metadata))
        return opened[-1]

    yield client
    for one in opened:
        one.channel.close()


def methods() -> set[str]:
    """Every method of every service of the contract."""
    found = set()
    for module in pkgutil.iter_modules(contract.__path__):
        if module.name.endswith("_pb2"):
            file = importlib.import_module(f"billcore.v1.{module.name}").DESCRIPTOR
            for service in file.services_by_name.values():
                found |= {f"{service.name}/{method.name}" for method in service.methods}
    return found


def test_every_method_needs_a_role():
    """None is missing, none is gone, and providers' services are known."""
    assert set(ROLES) == methods()
    assert methods() >= OF_PROVIDERS
    assert not acts_for_one("AccountService/ListProviders")
    assert acts_for_one("AccountService/GetAccount")
    assert {name.partition("/")[0] for name in OF_PROVIDERS} <= OF_ONE_PROVIDER


def test_without_a_key_nothing_is_told(call):
    """No key, a word that is none, another scheme, a key that was never made."""
    with refused("UNAUTHENTICATED", "KEY_MISSING"):
        call().tariffs.ListTariffs(LIST)
    for key in ("x", "bck_1_" + "A" * 43, "bck_77_" + "A" * 43):
        with refused("UNAUTHENTICATED", "KEY_INVALID"):
            call(key=key).tariffs.ListTariffs(LIST)
    with refused("UNAUTHENTICATED", "KEY_INVALID"):
        call(authorization="Basic abc").tariffs.ListTariffs(LIST)


def test_health_and_reflection_need_no_key(call):
    """Load balancers have none."""
    request = health_pb2.HealthCheckRequest(service="billcore.v1.EventService")
    assert call().health.Check(request).status == health_pb2.HealthCheckResponse.SERVING


def test_a_role_is_needed(call):
    """Viewers ask, analysts publish; a role implies no other."""
    call("viewer").tariffs.ListTariffs(LIST)
    with refused("PERMISSION_DENIED", "ROLE_MISSING") as found:
        call("viewer").publish(OTHER)
    assert found[0].facts["role"] == "analyst"
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        call("analyst").tariffs.ListTariffs(LIST)
    for stream in (call("clerk").rate_batches([]),):
        with refused("PERMISSION_DENIED", "ROLE_MISSING"):
            list(stream)


def test_a_client_acts_for_its_own_provider(call):
    """Naming its own is fine, another's or an unknown one is refused alike."""
    call("viewer", x_billcore_provider="north").tariffs.ListTariffs(LIST)
    for code in ("south", "nowhere"):
        with refused("PERMISSION_DENIED", "PROVIDER_FORBIDDEN"):
            call("viewer", x_billcore_provider=code).tariffs.ListTariffs(LIST)
    for code in PROVIDERS:
        call("house", x_billcore_provider=code).tariffs.ListTariffs(LIST)


PROVIDERS = list(stored.PROVIDERS)


def test_the_house_names_a_provider_where_data_is_one_s(app, keys):
    """A client of the house without one is told how."""
    gate = KeyGate(app.store)
    metadata = {"authorization": f"Bearer {keys['house']}"}
    with pytest.raises(ProviderNotNamed, match="x-billcore-provider"):
        gate.caller("AccountService/GetAccount", metadata)
    assert gate.caller("AccountService/ListProviders", metadata).provider_id == 0
    named = gate.caller("AccountService/GetAccount", metadata | {"x-billcore-provider": "south"})
    assert named.provider_id == 2


def test_a_provider_s_tariffs_are_its_own(call):
    """What north publishes south does not see; the house's is everybody's."""
    call("house").publish(WATER)
    call("north").publish(OTHER)
    seen = {
        name: [v.tariff_id for v in call(name).tariffs.ListTariffs(LIST).tariffs]
        for name in ("north", "south", "house")
    }
    assert seen["north"] == ["test-other", "test-water"]
    assert seen["south"] == seen["house"] == ["test-water"]
    with refused("NOT_FOUND", "TARIFF_UNKNOWN"):
        call("south").rate_bill("test-other", inputs={"kwh": "1"})
    assert call("north").rate_bill("test-other", inputs={"kwh": "100"}).total == 2500
    with refused("NOT_FOUND", "TARIFF_UNKNOWN"):
        request = tariff_service_pb2.GetTariffRequest(plan=plan("test-other"))
        call("south").tariffs.GetTariff(request)


def made(client: Client, name: str, request_id: str = "", **more: object):
    request = pb.CreateClientRequest(
        name=name, roles=["CLIENT_ROLE_VIEWER"], request_id=request_id or name, **more
    )
    return client.admin.CreateClient(request)


def test_a_client_is_made_and_calls(call):
    """Its key is told once: the replayed answer has the client and no key."""
    first = made(call("north"), "kiosk", provider="north")
    assert (first.client.provider, first.client.enabled) == ("north", True)
    call(key=first.key).tariffs.ListTariffs(LIST)
    request = pb.CreateClientRequest(
        name="kiosk", provider="north", roles=["CLIENT_ROLE_VIEWER"], request_id="kiosk"
    )
    again, stream = call("north").admin.CreateClient.with_call(request)
    assert dict(stream.trailing_metadata())["x-billcore-replayed"] == "1"
    assert (again.client, again.key) == (first.client, "")
    with refused("ALREADY_EXISTS", "CLIENT_CONFLICT"):
        made(call("north"), "kiosk", "other")
    with refused("ALREADY_EXISTS", "REQUEST_CONFLICT"):
        made(call("north"), "kiosk two", "kiosk")
    with refused("PERMISSION_DENIED", "PROVIDER_FORBIDDEN"):
        made(call("north"), "kiosk three", provider="south")
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        call("north").admin.CreateClient(pb.CreateClientRequest(name="x", request_id="x"))


def test_a_disabled_key_stops_soon(call):
    """After the seconds for which a good key is remembered; a new key opens again."""
    new = made(call("house"), "short-lived", provider="south")
    portal = call(key=new.key)
    portal.tariffs.ListTariffs(LIST)
    disable = pb.DisableClientRequest(
        client_id=new.client.client_id, reason="gone", request_id="disable-1"
    )
    with refused("NOT_FOUND", "CLIENT_UNKNOWN"):
        call("north").admin.DisableClient(disable)
    assert not call("south").admin.DisableClient(disable).client.enabled
    with refused("UNAUTHENTICATED", "KEY_INVALID"):
        for _ in range(int(gates.REMEMBERED_SECONDS * 4) + 8):
            portal.tariffs.ListTariffs(LIST)
            time.sleep(0.25)
    rotate = pb.RotateClientKeyRequest(client_id=new.client.client_id, request_id="rotate-1")
    again = call("south").admin.RotateClientKey(rotate)
    call(key=again.key).tariffs.ListTariffs(LIST)


def test_clients_are_listed_by_page(call):
    """The house sees all, a provider its own; none has a key."""
    names, token = [], ""
    while token or not names:
        page = call("house").admin.ListClients(pb.ListClientsRequest(page_size=2, page_token=token))
        names += [c.name for c in page.clients]
        token = page.next_page_token
        if not token:
            break
    assert set(stored.KEYS) <= set(names)
    assert len(set(names)) == len(names)
    own = call("south").admin.ListClients(pb.ListClientsRequest()).clients
    assert {c.provider for c in own} == {"south"}


def test_who_did_it_is_in_the_audit_log(call):
    """Client, actor, reason; in the log of the provider that was acted for."""
    client = call("north", x_billcore_actor="shirin")
    number = made(client, "audited").client.client_id
    request = pb.DisableClientRequest(client_id=number, reason="test", request_id="audited-2")
    client.admin.DisableClient(request)
    for _ in range(50):
        rows = client.events.ListAudit(event_service_pb2.ListAuditRequest(limit=1000)).rows
        found = [r for r in rows if r.subject == f"client {number}"]
        if len(found) == 2:
            break
        time.sleep(0.1)
    assert [(r.action, r.actor, r.reason) for r in found] == [
        ("client.create", "shirin", ""),
        ("client.disable", "shirin", "test"),
    ]
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        call("north", x_billcore_actor="x" * 101).tariffs.ListTariffs(LIST)


def test_no_key_is_logged(folder, tmp_path):
    """Neither a good nor a wrong key, nor the hash of one, is in the log of a server."""
    keys = stored.fill(tmp_path)
    served = Served(f"--store={stored.url(tmp_path)}", BILLCORE_KEY=keys["north"])
    served.client.tariffs.ListTariffs(LIST)
    with refused("UNAUTHENTICATED"):
        Client(served.port, keys["north"] + "x").tariffs.ListTariffs(LIST)
    assert served.end() == 0
    text = json.dumps(served.events)
    assert keys["north"].split("_", 2)[2] not in text
    assert "bck_" not in text


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "billcore.server.cli", *words],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | environment,
        check=False,
    )


def test_a_store_from_nothing(tmp_path):
    """init prints the key once; serve needs the schema; client commands administer the server."""
    url = stored.url(tmp_path)
    early = command("serve", "--port=0", "--metrics-port=0", f"--store={url}")
    assert (early.returncode, "billcore init" in early.stderr) == (2, True)
    assert command("verify", f"--store={url}").returncode == 2
    assert not list(tmp_path.iterdir()), "only init makes a store"
    started = command("init", f"--store={url}")
    assert started.returncode == 0, started.stderr
    key = started.stdout.strip()
    again = command("init", f"--store={url}")
    assert (again.returncode, again.stdout) == (2, "")
    assert "has clients already" in again.stderr
    assert command("migrate", f"--store={url}").returncode == 0
    served = Served(f"--store={url}")
    here = {"BILLCORE_ADDRESS": f"127.0.0.1:{served.port}", "BILLCORE_KEY": key}
    created = command("client", "create", "desk", "--role=viewer", "--role=clerk", **here)
    assert created.returncode == 0, created.stderr
    listed = command("client", "list", **here)
    assert "desk" in listed.stdout
    assert created.stdout.strip() not in listed.stdout
    assert "no" in command("client", "disable", "2", "--reason=test", **here).stdout
    rotated = command("client", "rotate", "2", **here)
    assert rotated.stdout.startswith("bck_2_")
    wrong = command("client", "list", **here | {"BILLCORE_KEY": "bck_1_x"})
    assert (wrong.returncode, "UNAUTHENTICATED" in wrong.stderr) == (2, True)
    missing = command("client", "list", BILLCORE_ADDRESS=here["BILLCORE_ADDRESS"])
    assert (missing.returncode, "API keys" in missing.stderr) == (2, True)
    assert served.end() == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["serve", "--host=0.0.0.0"], "'host'"),
        (["serve", "--store=postgresql://u:secret@h/d"], "'store'"),
        (["init", "--store=postgresql://u:secret@h/d"], "'store'"),
        (["init", "--store=mysql://h/d"], "it names no store"),
        (["migrate", "--store=sqlite:////nowhere/at/all.db"], "Store"),
    ],
)
def test_a_start_that_is_unsafe_or_impossible(words, told):
    """Status 2 with the reason; a password never comes back."""
    found = command(*words)
    assert found.returncode == 2
    assert told in found.stderr
    assert "secret" not in found.stderr


def refusals(client: Client, methods: Iterable[str] = ROLES) -> set[str]:
    """The reasons with which methods of the contract refuse an empty request."""
    found = set()
    for method in methods:
        service, _, name = method.partition("/")
        call = client.channel.unary_unary(f"/billcore.v1.{service}/{name}")
        with pytest.raises(grpc.RpcError) as caught:
            call(b"", timeout=20)
        found.add(refusal(caught.value).reason)
    return found


def test_no_method_is_open(call):
    """Every method of every service: without a key, for a stranger's provider, without the role."""
    assert refusals(call()) == {"KEY_MISSING"}
    assert refusals(call("north", x_billcore_provider="south")) == {"PROVIDER_FORBIDDEN"}
    for role in ("viewer", "analyst", "clerk"):
        others = [method for method, needed in ROLES.items() if needed != role]
        assert refusals(call(role), others) == {"ROLE_MISSING"}


def test_a_new_provider_is_acted_for(call):
    """The house makes it, names it, and reads its log."""
    provider = account_service_pb2.Provider(
        code="west",
        name="West",
        time_zone="UTC",
        currency="USD",
        calendar="gregorian",
        language="en",
    )
    request = account_service_pb2.CreateProviderRequest(provider=provider, request_id="west")
    made, _ = call("house").accounts.CreateProvider.with_call(request)
    again, ended = call("house").accounts.CreateProvider.with_call(request)
    assert again == made
    assert dict(ended.trailing_metadata())["x-billcore-replayed"] == "1"
    with refused("PERMISSION_DENIED", "HOUSE_NEEDED"):
        call("north").accounts.CreateProvider(request)
    west = call("house", x_billcore_provider="west")
    for _ in range(50):
        rows = west.events.ListEvents(event_service_pb2.ListEventsRequest()).events
        if rows:
            break
        time.sleep(0.1)
    assert rows[0].kind == "provider.created"
