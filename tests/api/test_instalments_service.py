"""Plans of instalments on a real server: what a bill and a counter ask for; calls and commands."""

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from billcore.core.verify import CHECKS
from billcore.server import cli
from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import document_service_pb2 as documents
from billcore.v1 import instalments_pb2 as pb
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
    found.open_account("A1")
    found.bill("A1")
    yield found
    client.channel.close()


@pytest.fixture
def run(app, keys):
    """Runs `billcore collect plan …` against the server; what it prints."""

    def called(*command):
        environment = {"BILLCORE_ADDRESS": f"127.0.0.1:{app.port}", "BILLCORE_KEY": keys["north"]}
        result = CliRunner().invoke(cli.app, ["collect", "plan", *command], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return " ".join(result.output.split())

    return called


def test_the_life_of_a_plan(app, keys, north, run, today):
    """Four instalments, the first today: proposed, approved by another person, asked for on the
    next bill but for those that are due later, paid."""
    client, part = north.client, TOTAL // 4
    first = TOTAL - 3 * part
    request = pb.ProposeInstalmentsRequest(
        request_id="plan", number="A1", instalment_count=4, every_days=30, reason="asked for it"
    )
    plan = client.collection.ProposeInstalments(request).plan
    assert (plan.state, plan.total, plan.open) == (pb.INSTALMENT_PLAN_STATE_PROPOSED, TOTAL, 0)
    assert client.collection.ProposeInstalments(request).plan == plan
    approval = pb.ApproveInstalmentsRequest(request_id="yes", number="A1", plan_no=1, reason="ok")
    with refused("FAILED_PRECONDITION", "INSTALMENT_APPROVAL_NEEDED"):
        client.collection.ApproveInstalments(approval)
    wanted = admin.CreateClientRequest(
        request_id="boss", name="boss", provider="north", roles=["CLIENT_ROLE_APPROVER"]
    )
    boss = Client(app.port, client.admin.CreateClient(wanted).key)
    plan = boss.collection.ApproveInstalments(approval).plan
    boss.channel.close()
    assert (plan.state, plan.open) == (pb.INSTALMENT_PLAN_STATE_ACTIVE, TOTAL)
    assert [one.amount for one in plan.instalments] == [first, part, part, part]
    assert [one.due_day for one in plan.instalments][:2] == [
        str(today), str(today + timedelta(days=30)),
    ]  # fmt: skip
    bill = north.bill("A1", day=str(today)).header
    wanted = documents.DocumentWanted(bill_id=bill.bill_id)
    asked = documents.GetDocumentRequest(document=wanted)
    told = client.documents.GetDocument(asked).bill
    assert [(one.due_day, one.open) for one in told.instalments] == [(str(today), first)]
    assert (told.closing, told.deferred) == (TOTAL + told.total, 3 * part)
    assert told.payable == told.total + first
    assert f"{first} open" in run("show", "A1")
    pay(client, "A1", TOTAL, str(today))
    assert f"4 due {today + timedelta(days=90)}: {part}, {part} open" in run("show", "A1")
    assert run("sweep") == "0 completed, 0 given up, 0 reopened"
    assert "cancelled" in run("end", "A1", "1", "--reason", "pays at once")
    assert "proposed" in run("propose", "A1", "2", "--reason", "again")
    assert "rejected" in run("end", "A1", "2", "--reason", "no")


@pytest.mark.parametrize(
    ("call", "given", "code", "reason", "field"),
    [
        ("ProposeInstalments", {"number": "A9", "reason": "r"}, "NOT_FOUND", "ACCOUNT_UNKNOWN", ""),
        ("ProposeInstalments", {"number": "A1"}, "INVALID_ARGUMENT", "FIELD_REFUSED", "reason"),
        ("ProposeInstalments",
         {"number": "A1", "reason": "r", "instalment_count": 2,
          "instalments": [{"due_day": "2026-01-01", "amount": 1}]},
         "INVALID_ARGUMENT", "FIELD_REFUSED", "instalments"),
        ("ApproveInstalments", {"number": "A1", "plan_no": 99, "reason": "r"}, "NOT_FOUND",
         "INSTALMENT_PLAN_UNKNOWN", ""),
    ],
)  # fmt: skip
def test_bad_requests(north, call, given, code, reason, field):
    """Each is refused with its field."""
    request = getattr(pb, f"{call}Request")(request_id=request_id(), **given)
    with refused(code, reason) as found:
        getattr(north.client.collection, call)(request)
    assert not field or list(found[0].fields) == [field]


def test_everything_verifies(app, north):
    """After all of it."""
    with app.store.read() as reader:
        assert [one for check in CHECKS.values() for one in check(reader, 1)] == []
