"""The table of who may call what, walked over a real server: every method, every kind of caller.

A request that is no message of its method passes the gate or does not, and goes no further: where
it passes it is refused as unreadable, so that no handler runs.
"""

import time
from collections import Counter
from itertools import islice
from pathlib import Path

import grpc
import pytest
from prometheus_client import generate_latest

from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.clients import Scope
from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.store import channels as channel_rows
from billcore.core.store import providers
from billcore.core.store.channels import Channel, Terminal
from billcore.core.store.open import open_store
from billcore.server import denials
from billcore.server.authorisation import AT_TERMINALS, ROLES, acts_for_one, may_call
from billcore.server.authorisation_page import matrix
from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import event_service_pb2 as events
from tests.api import stored
from tests.api.client import Client, refusal, refused

PAGE = Path(__file__).parents[2] / "docs" / "authorisation.md"

NO_MESSAGE = b"\xff"

AT_ONCE = 100
"""Calls at a time, fewer than a server accepts."""

PASSED = "REQUEST_INVALID"
"""The reason of a call that came through the gate."""

TILL = (Role.CASHIER, Role.VIEWER)


@pytest.fixture(scope="module")
def secrets(folder, keys):
    """Keys by name: of each role alone, of a channel, of a terminal, one that has expired."""
    store = open_store(stored.url(folder))
    nobody, now = Caller(0, HOUSE, frozenset()), time.time_ns() // 1_000
    policies = parse_channel_policies("").text
    with store.write() as session:
        channel_rows.add(session, Channel(1, 1, "hall", "kiosk", "Hall", 1, policies, 1, 0))
        channel_rows.add_terminal(session, Terminal(1, 1, 1, "K-1", "", 1, 1, 0))
        providers.draw(session, 1, "channel", 1)
        for name, roles, scope, made in (
            *((f"only {role}", (role,), Scope(), now) for role in Role),
            ("hall", TILL, Scope("hall"), now),
            ("till", TILL, Scope("hall", "K-1"), now),
            ("blind till", (Role.CASHIER,), Scope("hall", "K-1"), now),
            ("late", tuple(Role), Scope(expires_at=now - 1), now - 2),
        ):
            keys[name] = clients.create(session, nobody, name, 1, roles, made, scope).key
    store.close()
    return keys


@pytest.fixture(scope="module")
def app(folder, secrets):
    server = stored.server(folder, client_calls_per_second=10, client_burst_seconds=100)
    yield server
    server.drain()


@pytest.fixture(scope="module")
def call(app, secrets):
    """A client by the name of its key ('': none), and metadata."""
    opened = []

    def client(name: str = "", **metadata: str) -> Client:
        opened.append(Client(app.port, secrets[name] if name else "", **metadata))
        return opened[-1]

    yield client
    for one in opened:
        one.channel.close()


def walked(client: Client) -> dict[str, str]:
    """The reason with which each method of the contract ends for a caller."""
    found, methods = {}, iter(ROLES)
    while some := list(islice(methods, AT_ONCE)):
        calls = [client.channel.unary_unary(f"/billcore.v1.{method}") for method in some]
        ended = [one.future(NO_MESSAGE, timeout=60) for one in calls]
        for method, call in zip(some, ended, strict=True):
            with pytest.raises(grpc.RpcError):
                call.result()
            found[method] = refusal(call).reason
    return found


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_its_methods_and_no_other(call, role):
    """As the table says, for every method."""
    wanted = {m: PASSED if may_call(m, [role]) else "ROLE_MISSING" for m in ROLES}
    assert walked(call(f"only {role}")) == wanted


@pytest.mark.parametrize(
    ("name", "provider", "reason"),
    [
        ("", "", "KEY_MISSING"),
        ("late", "", "KEY_INVALID"),
        ("south", "north", "PROVIDER_FORBIDDEN"),
        ("north", "nowhere", "PROVIDER_FORBIDDEN"),
        ("north", "north", PASSED),
        ("house", "north", PASSED),
    ],
)
def test_who_is_turned_away_is_by_every_method(call, name, provider, reason):
    """Without a key, with one that has expired, for another's provider."""
    named = {"x_billcore_provider": provider} if provider else {}
    assert set(walked(call(name, **named)).values()) == {reason}


def test_the_house_names_the_provider_where_there_must_be_one(call):
    wanted = {m: "PROVIDER_NOT_NAMED" if acts_for_one(m) else PASSED for m in ROLES}
    assert walked(call("house")) == wanted


def test_a_terminal_s_client_calls_what_is_a_terminal_s(call):
    """Within its roles; a viewer's questions beside, where it has that role too."""
    tills = {m: PASSED if may_call(m, TILL) else "ROLE_MISSING" for m in ROLES}
    assert walked(call("hall")) == tills
    beyond = {m for m in ROLES if may_call(m, [Role.CASHIER]) and m not in AT_TERMINALS}
    seen = {m for m in ROLES if ROLES[m] is Role.VIEWER}
    assert "AgentService/OpenShift" in beyond
    assert "PaymentService/PostPayment" not in beyond
    assert walked(call("till")) == tills | dict.fromkeys(beyond - seen, "TERMINAL_SCOPE")
    alone = {m: PASSED if may_call(m, [Role.CASHIER]) else "ROLE_MISSING" for m in ROLES}
    assert walked(call("blind till")) == alone | dict.fromkeys(beyond, "TERMINAL_SCOPE")


def test_the_page_is_the_table():
    """docs/authorisation.md is what `billcore client matrix` prints."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == matrix()
    assert all(f"| `{method}` |" in page for method in ROLES)


def test_denied_calls_are_audited_and_not_one_by_one(app, call, secrets):
    """After all of the above: known clients by method, strangers by cause alone, so few rows; the
    chain of the log holds; no key, and no name that a stranger gave, is in a row."""
    with refused("UNAUTHENTICATED", "KEY_INVALID"):
        call("", authorization="Bearer bck_9_x", x_billcore_actor="Stranger").events.ListAudit(
            events.ListAuditRequest()
        )
    assert app._denials is not None
    app._denials.write_all()
    rows = {name: audited(call(name)) for name in ("house", "north", "south")}
    strangers = [r for r in rows["house"] if r.client_id == 0 and r.subject == denials.ANY_METHOD]
    assert {"KEY_MISSING", "KEY_INVALID"} <= {cause(r) for r in strangers}
    known = [r for r in rows["north"] if cause(r) == "ROLE_MISSING"]
    assert known
    assert all(r.client_id and r.subject in {*ROLES, denials.ANY_METHOD} for r in known)
    assert max(Counter(r.client_id for r in known).values()) <= denials.METHODS_MAX + 1
    assert "KEY_EXPIRED" in {cause(r) for r in rows["north"]}
    assert {cause(r) for r in rows["south"]} == {"PROVIDER_FORBIDDEN"}
    written = sum(len(found) for found in rows.values())
    calls = sum(int(r.detail.partition('"calls":')[2].partition(",")[0]) for f in rows.values()
                for r in f)  # fmt: skip
    assert calls > 1_000
    assert written < denials.ROWS_MAX
    text = str(rows)
    assert "Stranger" not in text
    assert not any(key.split("_", 2)[2] in text for key in secrets.values())
    answers = call("house").admin.Verify(admin.VerifyRequest())
    assert not [f for a in answers for f in a.verdict.findings]


def test_a_client_that_runs_wild_is_told_to_wait(app, call):
    """It alone: another client's calls go on. It is counted and, as any denial, audited."""
    client, other = call("clerk"), call("analyst")
    method = client.channel.unary_unary("/billcore.v1.TariffService/GetTariff")
    ended = []
    for _ in range(13):
        calls = [method.future(NO_MESSAGE, timeout=60) for _ in range(AT_ONCE)]
        ended += [one.exception() for one in calls]
    waiting = [one for one in map(refusal, ended) if one.reason == "CLIENT_CALLS_EXHAUSTED"]
    assert waiting
    assert waiting[0].code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert waiting[0].retryable
    assert waiting[0].facts["limit"] == "client_calls_per_second"
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        other.admin.ListClients(admin.ListClientsRequest())
    page = generate_latest(app.metrics.registry).decode()
    assert 'billcore_calls_not_allowed_total{reason="CLIENT_CALLS_EXHAUSTED"}' in page


def audited(client: Client):
    """The rows of denied calls in the log of a provider, when it is numbered."""
    for _ in range(100):
        found = client.events.ListAudit(events.ListAuditRequest(limit=1000)).rows
        denied = [row for row in found if row.action == denials.ACTION]
        if denied:
            return denied
        time.sleep(0.05)
    raise AssertionError("no denied call was audited")


def cause(row) -> str:
    return row.detail.partition('"cause":"')[2].partition('"')[0]
