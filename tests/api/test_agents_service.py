"""Agents on a real server, by calls and by commands."""

import pytest
from typer.testing import CliRunner

from billcore.core.caller import Role
from billcore.server import cli
from billcore.server.messages.admin import role_word
from billcore.v1 import (
    account_service_pb2,
    admin_service_pb2,
    channel_service_pb2,
    payment_service_pb2,
)
from billcore.v1 import agent_service_pb2 as pb
from billcore.v1.payment_service_pb2_grpc import PaymentServiceStub
from tests.api import stored
from tests.api.client import Client, refused


@pytest.fixture(scope="module")
def app(folder, keys):
    """A server with a store, an account N1 and channels shop and cart of the kind agent."""
    server = stored.server(folder)
    client = Client(server.port, keys["north"])
    for code in ("shop", "cart"):
        given = channel_service_pb2.Channel(channel=code, kind="CHANNEL_KIND_AGENT", name=code)
        client.channels.CreateChannel(
            channel_service_pb2.CreateChannelRequest(request_id=code, channel=given)
        )
    customer = account_service_pb2.Customer(number="C1", kind="person", name="Customer")
    owner = client.accounts.CreateCustomer(
        account_service_pb2.CreateCustomerRequest(request_id="C1", customer=customer)
    ).customer
    account = account_service_pb2.Account(
        number="N1", customer_id=owner.customer_id, opened_day="2020-01-01"
    )
    client.accounts.CreateAccount(
        account_service_pb2.CreateAccountRequest(request_id="N1", account=account)
    )
    client.channel.close()
    yield server
    server.drain()


@pytest.fixture
def call(app, keys):
    opened = []

    def client(name="north", key=""):
        opened.append(Client(app.port, key or keys[name]))
        return opened[-1]

    yield client
    for one in opened:
        one.channel.close()


@pytest.fixture
def run(app, keys):
    """Runs a command against the server; what it prints."""

    def called(*command):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys["north"],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, ["agent", *command], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return called


def pay(client, reference, amount, channel="shop"):
    target = payment_service_pb2.Target(kind="TARGET_KIND_ACCOUNT", text="N1")
    request = payment_service_pb2.PostPaymentRequest(
        channel=channel, reference=reference, target=target, amount=amount
    )
    return PaymentServiceStub(client.channel).PostPayment(request).payment


def verified(client):
    told = client.admin.Verify(admin_service_pb2.VerifyRequest())
    return [str(one.verdict) for one in told if one.verdict.findings]


def test_an_agent_s_day(call):
    client = call()
    given = pb.Agent(channel="shop", name="Corner shop", float_limit=1_000, commission_fixed=5)
    made = client.agents.CreateAgent(pb.CreateAgentRequest(request_id="shop", agent=given)).agent
    assert (made.held, made.revision, made.is_open) == (0, 1, False)
    with refused("UNAVAILABLE", "AGENT_SHUT"):
        pay(client, "r0", 100)
    opened = client.agents.OpenShift(pb.OpenShiftRequest(request_id="o", channel="shop")).shift
    assert opened.shift_no == 1
    first = pay(client, "r1", 600)
    assert pay(client, "r1", 600) == first
    with refused("OUT_OF_RANGE", "AGENT_LIMIT") as found:
        pay(client, "r2", 500)
    assert (found[0].facts["held"], found[0].facts["limit"]) == ("600", "1000")
    request = pb.HandOverCashRequest(request_id="h", channel="shop", amount=400)
    assert client.agents.HandOverCash(request).agent.held == 200
    assert client.agents.HandOverCash(request).agent.held == 200  # the first answer
    assert pay(client, "r2", 500).amount == 500
    with refused("INVALID_ARGUMENT", "AGENT_FIELD_INVALID"):
        request.request_id, request.amount = "h2", 701
        client.agents.HandOverCash(request)
    close = pb.CloseShiftRequest(request_id="c", channel="shop", counted=690)
    done = client.agents.CloseShift(close)
    assert client.agents.CloseShift(close) == done
    sums = {pb.CashKind.Name(one.kind)[10:]: one.amount for one in done.sums}
    assert sums == {"PAYMENT": 1_100, "HAND_OVER": -1_090, "SHORT_OVER": -10}
    assert sum(one.commission for one in done.sums) == 10
    found = client.agents.GetShift(pb.GetShiftRequest(channel="shop", shift_no=1))
    assert (found.shift, list(found.sums)) == (done.shift, list(done.sums))
    with refused("NOT_FOUND", "AGENT_SHIFT_UNKNOWN"):
        client.agents.GetShift(pb.GetShiftRequest(channel="shop", shift_no=2))
    assert verified(client) == []


def test_an_agent_s_own_client_opens_its_shift_and_counts_nothing(call):
    """Who takes the cash does not count it."""
    north = call()
    roles = [role_word(Role.CASHIER), role_word(Role.VIEWER)]
    key = north.admin.CreateClient(
        admin_service_pb2.CreateClientRequest(
            request_id="own", name="own", provider="north", roles=roles, channel="cart"
        )
    ).key
    own = call(key=key)
    given = pb.Agent(channel="cart", name="Cart", float_limit=100)
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        own.agents.CreateAgent(pb.CreateAgentRequest(request_id="cart", agent=given))
    with refused("NOT_FOUND", "AGENT_UNKNOWN"):
        own.agents.GetAgent(pb.GetAgentRequest(channel="cart"))
    north.agents.CreateAgent(pb.CreateAgentRequest(request_id="cart", agent=given))
    own.agents.OpenShift(pb.OpenShiftRequest(request_id="o", channel="cart"))
    with refused("PERMISSION_DENIED", "CHANNEL_FORBIDDEN"):
        own.agents.OpenShift(pb.OpenShiftRequest(request_id="o2", channel="shop"))
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        own.agents.CloseShift(pb.CloseShiftRequest(request_id="c", channel="cart"))
    assert [one.channel for one in north.agents.ListAgents(pb.ListAgentsRequest()).agents] == [
        "shop",
        "cart",
    ]
    with refused("NOT_FOUND", "CHANNEL_UNKNOWN"):
        call("south").agents.GetAgent(pb.GetAgentRequest(channel="cart"))


def test_a_split_payment_is_not_taken_by_an_agent(call):
    target = payment_service_pb2.Target(kind="TARGET_KIND_ACCOUNT", text="N1")
    request = payment_service_pb2.SplitPaymentRequest(
        channel="shop",
        reference="split",
        parts=[payment_service_pb2.SplitPart(target=target, amount=5)],
        money_taken=True,
    )
    with refused("INVALID_ARGUMENT", "CHANNEL_MISFIT"):
        PaymentServiceStub(call().channel).SplitPayment(request)


def test_commands(run, call):
    said = run("update", "shop", "--revision", "1", "--name", "Shop", "--float-limit", "900")
    assert "Shop, holds 0 of 900, shift 2 is next" in said
    assert run("open", "shop") == "Shift 2: open\n"
    pay(call(), "by command", 300)
    assert "holds 300" in run("show", "shop")
    assert "holds 200" in run("hand-over", "shop", "100")
    said = run("close", "shop", "205")
    assert "closed, 205 counted of 200" in said
    assert "short over: 5 in 1" in said
    assert run("shift", "shop", "2") == said
    assert "Shift 1: closed, 690 counted of 700" in run("shifts", "shop")
    assert "cart" in run("list")
    assert verified(call()) == []
