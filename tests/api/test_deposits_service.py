"""Deposits and write-offs on a real server, by calls and by commands."""

import pytest
from typer.testing import CliRunner

from billcore.core.verify import CHECKS
from billcore.server import cli
from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import deposits_pb2 as pb
from billcore.v1 import write_offs_pb2
from tests.api.charged import TARIFF, TOTAL, Charged, request_id
from tests.api.client import Client, refused
from tests.api.test_collection_service import pay


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def north(app, keys):
    client = Client(app.port, keys["north"])
    client.publish(TARIFF)
    found = Charged(client, "north")
    for number in ("A1", "A2"):
        found.open_account(number)
    yield found
    client.channel.close()


@pytest.fixture(scope="module")
def boss(app, north):
    """The key of another person, who approves."""
    wanted = admin.CreateClientRequest(
        request_id="boss", name="boss", provider="north", roles=["CLIENT_ROLE_APPROVER"]
    )
    return north.client.admin.CreateClient(wanted).key


@pytest.fixture
def run(app, keys):
    """Runs `billcore collect …` against the server; what it prints."""

    def called(*command, key=keys["north"]):
        environment = {"BILLCORE_ADDRESS": f"127.0.0.1:{app.port}", "BILLCORE_KEY": key}
        result = CliRunner().invoke(cli.app, ["collect", *command], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return " ".join(result.output.split())

    return called


def test_the_life_of_a_deposit(north, run, today):
    """Asked for, paid, set off against a bill, refunded; one that was not paid is cancelled."""
    client = north.client
    request = pb.AskDepositRequest(
        request_id="ask", number="A1", amount=TOTAL + 50_000, reason="new here"
    )
    asked = client.collection.AskDeposit(request).deposit
    assert client.collection.AskDeposit(request).deposit == asked
    assert (asked.deposit_no, asked.held, asked.currency) == (1, 0, "USD")
    pay(client, "A1", TOTAL + 50_000, str(today))
    assert f"held {TOTAL + 50_000}, interest 0" in run("deposit", "show", "A1")
    assert "It bears 0 in all" in run("deposit", "interest", "A1", "1")
    north.bill("A1")
    said = run("deposit", "set-off", "A1", "1", "--reason", "moves out")
    assert f"held 50000, interest 0 {today} set_off: {TOTAL}" in said
    assert "refunded: 50000" in run("deposit", "refund", "A1", "1", "--reason", "moves out")
    assert "Deposit 2 of 700 USD" in run("deposit", "ask", "A1", "700", "--reason", "again")
    assert "cancelled: 700" in run("deposit", "cancel", "A1", "2", "--reason", "no")
    listed = client.collection.ListDeposits(pb.ListDepositsRequest(number="A1")).deposits
    assert [one.held for one in listed] == [0, 0]


def test_the_life_of_a_write_off(north, run, boss, today):
    """Proposed, approved by another person, recovered when money comes."""
    north.bill("A2")
    said = run("write-off", "propose", "A2", "INSOLVENCY", "--reason", "estate")
    assert f"INSOLVENCY: proposed, {TOTAL} USD, 0 recovered" in said
    request = write_offs_pb2.ApproveWriteOffRequest(
        request_id="me", number="A2", write_off_no=1, reason="me, too"
    )
    with refused("FAILED_PRECONDITION", "WRITE_OFF_APPROVAL_NEEDED"):
        north.client.collection.ApproveWriteOff(request)
    assert "written_off" in run("write-off", "approve", "A2", "1", "--reason", "seen", key=boss)
    pay(north.client, "A2", 20_000, str(today))
    assert run("write-off", "recover") == "1 recoveries of 20000"
    assert "20000 recovered" in run("write-off", "show", "A2")
    listed = write_offs_pb2.ListWriteOffsRequest(number="A2")
    (found,) = north.client.collection.ListWriteOffs(listed).write_offs
    assert [one.amount for one in found.steps] == [0, TOTAL, 20_000]


@pytest.mark.parametrize(
    ("module", "call", "given", "code", "reason", "field"),
    [
        (pb, "AskDeposit", {"number": "A1", "reason": "r"}, "INVALID_ARGUMENT", "FIELD_REFUSED",
         "amount"),
        (pb, "MoveDeposit", {"number": "A1", "deposit_no": 1, "reason": "r", "kind": 3},
         "INVALID_ARGUMENT", "FIELD_REFUSED", "kind"),
        (pb, "MoveDeposit", {"number": "A1", "deposit_no": 9, "reason": "r", "kind": 1},
         "NOT_FOUND", "DEPOSIT_UNKNOWN", ""),
        (pb, "MoveDeposit", {"number": "A1", "deposit_no": 2, "reason": "r", "kind": 2},
         "FAILED_PRECONDITION", "DEPOSIT_UNFIT", ""),
        (pb, "CreditDepositInterest", {"number": "A1", "deposit_no": 1, "until_day": "2099-01-01"},
         "INVALID_ARGUMENT", "FIELD_REFUSED", "until_day"),
        (write_offs_pb2, "ProposeWriteOff", {"number": "A1", "reason": "r", "reason_code": "X"},
         "INVALID_ARGUMENT", "FIELD_REFUSED", "item_ids"),
        (write_offs_pb2, "EndWriteOff", {"number": "A1", "reason": "r", "write_off_no": 3},
         "NOT_FOUND", "WRITE_OFF_UNKNOWN", ""),
        (write_offs_pb2, "EndWriteOff", {"number": "A2", "reason": "r", "write_off_no": 1},
         "FAILED_PRECONDITION", "WRITE_OFF_UNFIT", ""),
    ],
)  # fmt: skip
def test_bad_requests(north, module, call, given, code, reason, field):
    """Each is refused with its field."""
    request = getattr(module, f"{call}Request")(request_id=request_id(), **given)
    with refused(code, reason) as found:
        getattr(north.client.collection, call)(request)
    assert not field or list(found[0].fields) == [field]


def test_everything_verifies(app, north):
    """After all of it."""
    with app.store.read() as reader:
        assert [one for check in CHECKS.values() for one in check(reader, 1)] == []
