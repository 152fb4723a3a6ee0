"""Field work on a real server: a device that crashes and replays, by calls and by commands."""

import random

import pytest
from typer.testing import CliRunner

from billcore.core.caller import Role
from billcore.server import cli
from billcore.server.messages.admin import role_word
from billcore.v1 import (
    account_service_pb2,
    admin_service_pb2,
    agent_service_pb2,
    case_service_pb2,
    channel_service_pb2,
    ledger_service_pb2,
    payment_service_pb2,
)
from billcore.v1 import field_service_pb2 as pb
from tests.api import stored
from tests.api.client import Client, refused
from tests.field_world import loaded

simulator = loaded("simulator")

ACCOUNTS = [f"N{n}" for n in range(1, 13)]
OWED = 12_050


@pytest.fixture(scope="module")
def app(folder, keys):
    """A server with accounts that owe 120.50, and a collector whose route they are."""
    server = stored.server(folder)
    client = Client(server.port, keys["north"])
    channels = {"tuan": "CHANNEL_KIND_FIELD_DEVICE", "bank": "CHANNEL_KIND_BANK_COUNTER"}
    for code, kind in channels.items():
        given = channel_service_pb2.Channel(channel=code, kind=kind, name=code)
        client.channels.CreateChannel(
            channel_service_pb2.CreateChannelRequest(request_id=code, channel=given)
        )
    agent = agent_service_pb2.Agent(channel="tuan", name="Nguyen Van Tuan", float_limit=10**9)
    client.agents.CreateAgent(agent_service_pb2.CreateAgentRequest(request_id="a", agent=agent))
    customer = account_service_pb2.Customer(number="C1", kind="person", name="Customer")
    owner = client.accounts.CreateCustomer(
        account_service_pb2.CreateCustomerRequest(request_id="C1", customer=customer)
    ).customer
    for number in ACCOUNTS:
        account = account_service_pb2.Account(
            number=number, customer_id=owner.customer_id, opened_day="2020-01-01", phone="1"
        )
        client.accounts.CreateAccount(
            account_service_pb2.CreateAccountRequest(request_id=number, account=account)
        )
        client.ledger.PostAccountEntry(
            ledger_service_pb2.PostAccountEntryRequest(
                request_id=f"owe {number}", number=number, amount=OWED, reason="opening",
                kind="ENTRY_KIND_ADJUSTMENT", reference="opening",
            )
        )  # fmt: skip
    client.channel.close()
    yield server
    server.drain()


@pytest.fixture(scope="module")
def client(app, keys):
    found = Client(app.port, keys["north"])
    yield found
    found.channel.close()


@pytest.fixture(scope="module")
def phone(client):
    """The key of a client of the collector's channel."""
    made = client.admin.CreateClient(
        admin_service_pb2.CreateClientRequest(
            request_id="phone", name="phone", roles=[role_word(Role.CASHIER)], channel="tuan"
        )
    )
    return made.key


@pytest.fixture
def run(app, keys):
    """Runs `billcore field …` against the server; what it prints."""

    def called(*command):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys["north"],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, ["field", *command], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return " ".join(result.output.split())

    return called


def verified(client):
    told = client.admin.Verify(admin_service_pb2.VerifyRequest())
    return [str(one.verdict) for one in told if one.verdict.findings]


def test_a_day_with_crashes_and_replays(client, app, phone, run, tmp_path):
    """From the route to the counted cash, with a bill that is paid at a bank meanwhile."""
    accounts = tmp_path / "accounts.txt"
    accounts.write_text("\n".join(ACCOUNTS))
    key = simulator.key_of("1")
    public = key.public_key().public_bytes_raw().hex()
    assert "Nguyen Van Tuan, 0913, revision 1" in run("collector", "set", "tuan", "--phone", "0913")
    assert "12 stops" in run("route", "set", "north", str(accounts), "--area", "A")
    assert "Assignment 1: route north" in run("route", "assign", "north", "tuan")
    assert "Device 1 of tuan" in run("device", "register", "tuan", public, "--name", "phone 1")
    assert "10000000001 to 10000000009" in run("device", "allot", "tuan", "1", "--ahead", "9")
    assert "120.50" in run("device", "snapshot", "tuan", "1")

    line = simulator.Line(client.field, "tuan", 1, [("authorization", f"Bearer {phone}")])
    line.stub = Client(app.port, phone).field
    line.metadata = []
    device, stops = simulator.made(line, key, tmp_path / "journal", lambda place: None)
    assert [stop.payable for stop in stops] == [OWED] * 12
    target = payment_service_pb2.Target(kind="TARGET_KIND_ACCOUNT", text="N1")
    client.payments.PostPayment(
        payment_service_pb2.PostPaymentRequest(
            channel="bank", reference="b1", target=target, amount=OWED
        )
    )
    device.start()
    device.notice("N1", 1, OWED)
    paid = device.receipt("N1", 1, OWED, OWED)
    device, told = simulator.day(line, key, tmp_path / "journal", seed=7, crashes=0.1)
    assert (told.device.seq, told.device.missing) == (device.seq, 0)
    assert len(line.taken) == device.seq
    assert verified(client) == []

    agent = client.agents.GetAgent(agent_service_pb2.GetAgentRequest(channel="tuan")).agent
    assert (agent.held, agent.is_open) == (device.total, True)
    (hand_in,) = client.field.ListHandIns(pb.ListHandInsRequest(open=True)).hand_ins
    assert (hand_in.total, hand_in.receipts) == (device.total, device.receipts)
    by_hand = {"channel": "tuan", "request_id": "by hand"}
    for count in (
        lambda: client.agents.HandOverCash(
            agent_service_pb2.HandOverCashRequest(amount=1, **by_hand)
        ),
        lambda: client.agents.CloseShift(
            agent_service_pb2.CloseShiftRequest(counted=agent.held, **by_hand)
        ),
    ):
        with refused("FAILED_PRECONDITION", "HAND_IN_UNFIT"):
            count()
    assert "no" in run("hand-in", "list")
    counted = run("hand-in", "confirm", "tuan", "1", str(hand_in.seq), str(device.total - 50))
    assert "0.50 short" in counted
    assert "paid elsewhere" in run("device", "records", "tuan", "1")
    assert str(paid) in run("conflict", "list")
    settled = run("conflict", "settle", str(paid), "refund", "--reason", "paid at the bank")
    assert "refund, case 1" in settled
    case = client.cases.GetCase(case_service_pb2.GetCaseRequest(case_no=1)).case
    assert case.kind == case_service_pb2.CASE_KIND_DOUBLE_PAYMENT
    assert case.state == case_service_pb2.CASE_STATE_FOUND_DOUBLE
    assert "paid" in run("route", "visits", "1")
    assert "ended" in run("route", "end", "1", "--reason", "done")
    assert "shift none" in run("device", "list", "--collector", "tuan")
    assert "0.00" not in run("collector", "list")
    assert "12" in run("route", "list")
    assert "Assignment 1" in run("route", "assignments", "--collector", "tuan")
    assert verified(client) == []


def test_a_dispute_is_a_case_and_forks_lock(client, app, phone, run, tmp_path):
    key = simulator.key_of("2")
    public = key.public_key().public_bytes_raw().hex()
    run("route", "assign", "north", "tuan")
    run("device", "retire", "tuan", "1", "--reason", "replaced")
    run("device", "register", "tuan", public, "--name", "phone 2")
    stub = Client(app.port, phone).field
    line = simulator.Line(stub, "tuan", 2, [])
    device, _ = simulator.made(line, key, tmp_path / "journal", lambda place: None)
    device.start()
    device.visit("N4", 2, "CONTACTED")
    device.visit("N4", 2, "DISPUTED", dispute="PAST_BILL_ID", note=" ")
    device.visit("N2", 2, "CONTACTED")
    device.visit("N2", 2, "DISPUTED", dispute="LATE_PAYMENT", note="paid on Monday")
    records = list(device.lines())
    random.Random(1).shuffle(records)
    answers = line.send(records).answers
    assert line.send(records).answers == answers
    assert len({one.case_no for one in answers if one.case_no}) == 2
    case_no = max(one.case_no for one in answers)
    case = client.cases.GetCase(case_service_pb2.GetCaseRequest(case_no=case_no)).case
    assert case.kind == case_service_pb2.CASE_KIND_LATE_PAYMENT
    twin, _ = simulator.made(line, key, tmp_path / "other", lambda place: None)
    twin.start()
    twin.notice("N3", 2, 1)
    told = line.send(list(twin.lines()))
    assert told.device.state == pb.DEVICE_STATE_LOCKED
    forks = client.field.ListForks(pb.ListForksRequest(channel="tuan", device_no=2)).forks
    assert {one.record.line for one in forks} <= {one for one, _ in twin.lines()}
    assert "forked" in run("device", "records", "tuan", "2")
    assert "locked" in run("device", "list")
    assert verified(client) == []


def test_refusals(client, app, phone, keys):
    def sync(**more):
        request = {"channel": "tuan", "device_no": 2} | more
        return Client(app.port, phone).field.SyncRecords(pb.SyncRecordsRequest(**request))

    bad = [pb.DeviceRecord(line="F1/1/2", signature=b"")]
    for call, code, reason in (
        (lambda: sync(), "INVALID_ARGUMENT", "FIELD_WORK_INVALID"),
        (lambda: sync(records=bad), "INVALID_ARGUMENT", "DEVICE_RECORD_INVALID"),
        (lambda: sync(device_no=9, records=bad), "NOT_FOUND", "DEVICE_UNKNOWN"),
        (lambda: sync(channel="bank"), "PERMISSION_DENIED", "CHANNEL_FORBIDDEN"),
        (
            lambda: client.field.GetCollector(pb.GetCollectorRequest(channel="bank")),
            "INVALID_ARGUMENT",
            "CHANNEL_MISFIT",
        ),
        (
            lambda: client.field.SettleConflict(
                pb.SettleConflictRequest(request_id="s", number=5, reason="x", how=2)
            ),
            "NOT_FOUND",
            "CONFLICT_UNKNOWN",
        ),
        (
            lambda: Client(app.port, keys["viewer"]).field.LockDevice(
                pb.LockDeviceRequest(request_id="l", channel="tuan", device_no=2, reason="x")
            ),
            "PERMISSION_DENIED",
            "ROLE_MISSING",
        ),
    ):
        with refused(code, reason):
            call()
