"""Dunning on a real server, by calls and by commands."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from billcore.core.verify import CHECKS
from billcore.server import cli
from billcore.v1 import dunning_pb2 as pb
from tests.api.charged import TARIFF, TOTAL, Charged, request_id
from tests.api.client import Client, refused
from tests.api.test_collection_service import pay

POLICY = json.dumps(
    {
        "levels": [
            {"name": "reminder", "signal": "reminder", "after_days": 3},
            {
                "name": "notice",
                "signal": "notice",
                "after_days": 10,
                "charge": {"amount": 700, "tax": "vat", "tax_per_million": 200_000},
            },
        ],
        "pauses": {"PROMISE": 14},
    }
)


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def north(app, keys):
    client = Client(app.port, keys["north"])
    client.publish(TARIFF)
    found = Charged(client, "north")
    for number in ("A1", "A2", "A3"):
        found.open_account(number)
        found.bill(number)
    yield found
    client.channel.close()


@pytest.fixture
def run(app, keys):
    """Runs `billcore collect dunning …` against the server; what it prints."""

    def called(*command):
        environment = {"BILLCORE_ADDRESS": f"127.0.0.1:{app.port}", "BILLCORE_KEY": keys["north"]}
        result = CliRunner().invoke(cli.app, ["collect", "dunning", *command], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return " ".join(result.output.split())

    return called


def explain(client, number):
    return client.collection.ExplainDunning(pb.ExplainDunningRequest(number=number))


def test_the_life_of_an_overdue_account(north, run, tmp_path, today):
    """A policy, a pause, a reminder, the payment that settles it; by calls and commands."""
    client = north.client
    assert explain(client, "A1").verdict == pb.DUNNING_VERDICT_NO_POLICY
    file = tmp_path / "policy.json"
    file.write_text(POLICY)
    assert run("set", "all", str(file)).startswith("all, revision 1: {")
    (kept,) = client.collection.ListDunningPolicies(pb.ListDunningPoliciesRequest()).policies
    assert (kept.name, kept.revision) == ("all", 1)
    assert "all, revision 1" in run("policies")
    request = pb.PauseDunningRequest(
        request_id="pause", number="A2", reason_code="PROMISE", source="call 7", reason="promised"
    )
    pause = client.collection.PauseDunning(request).pause
    assert (pause.from_day, pause.until_day) == (str(today), str(today + timedelta(days=13)))
    assert client.collection.PauseDunning(request).pause == pause
    told = explain(client, "A1")
    assert (told.verdict, told.debt, told.next_level, told.policy.name) == (
        pb.DUNNING_VERDICT_ACT, TOTAL, 1, "all",
    )  # fmt: skip
    (item,) = told.items
    assert (item.open, item.debt, item.state) == (TOTAL, TOTAL, pb.DUNNING_ITEM_STATE_DEBT)
    assert f"debt {TOTAL} USD" in run("explain", "A1")
    done = client.collection.SweepDunning(pb.SweepDunningRequest())
    assert (done.day, done.accounts, done.next_page_token) == (str(today), 3, "")
    (count,) = done.counts
    assert (count.signal, count.accounts, count.debt) == (
        pb.DUNNING_SIGNAL_REMINDER, 2, 2 * TOTAL,
    )  # fmt: skip
    assert list(client.collection.SweepDunning(pb.SweepDunningRequest()).counts) == []
    assert explain(client, "A1").verdict == pb.DUNNING_VERDICT_WAITING
    assert explain(client, "A2").verdict == pb.DUNNING_VERDICT_PAUSED
    assert "paused" in run("explain", "A2")
    pay(client, "A1", TOTAL, str(today))
    assert f"{today}: 3 accounts settled: 1, debts 0, charged 0" == run("sweep")
    request = pb.ListDunningActionsRequest(number="A1", page_size=1)
    page = client.collection.ListDunningActions(request)
    request.page_token = page.next_page_token
    actions = [*page.actions, *client.collection.ListDunningActions(request).actions]
    assert [(one.action_no, one.signal, one.debt) for one in actions] == [
        (2, pb.DUNNING_SIGNAL_SETTLED, 0), (1, pb.DUNNING_SIGNAL_REMINDER, TOTAL),
    ]  # fmt: skip
    assert "reminder" in run("show", "A1")


def test_a_charge_is_waived(north, run):
    """A policy whose first level costs 8.40, tax and all; waived, nothing of it is left."""
    client, level = north.client, json.loads(POLICY)["levels"][1]
    north.open_account("B1")
    north.bill("B1")
    policy = pb.DunningPolicy(name="b", definition=json.dumps({"levels": [level], "rank": 1}))
    request = pb.SetDunningPolicyRequest(request_id=request_id(), policy=policy)
    client.collection.SetDunningPolicy(request)
    client.collection.SweepDunning(pb.SweepDunningRequest())
    request = pb.ListDunningActionsRequest(number="B1")
    (action,) = client.collection.ListDunningActions(request).actions
    assert (action.charge, action.tax, action.level) == (840, 140, 1)
    assert "Charge" in run("waive", "B1", str(action.account_entry_id), "--reason", "goodwill")
    items = explain(client, "B1").items
    assert [one.open for one in items] == [TOTAL]


def test_pauses(north, run):
    said = run("pause", "A3", "PROMISE", "call 1", "--reason", "said so", "--from", "2026-01-01")
    assert said == "Pause call 1: PROMISE, 2026-01-01 to 2026-01-14, version 1"
    said = run("resume", "A3", "call 1", "--reason", "broken", "--until", "2026-01-05")
    assert "2026-01-01 to 2026-01-05, version 2" in said
    assert run("pauses", "A3") == said


@pytest.mark.parametrize(
    ("call", "given", "code", "reason", "field"),
    [
        ("SetDunningPolicy", {"policy": {"name": "x", "definition": "{}"}}, "INVALID_ARGUMENT",
         "POLICY_INVALID", "definition.levels"),
        ("SetDunningPolicy", {"policy": {"name": "X", "definition": POLICY}}, "INVALID_ARGUMENT",
         "FIELD_REFUSED", "policy.name"),
        ("SetDunningPolicy", {"policy": {"name": "x", "definition": POLICY, "revision": 9}},
         "ABORTED", "REVISION_CONFLICT", ""),
        ("ExplainDunning", {"number": "A9"}, "NOT_FOUND", "ACCOUNT_UNKNOWN", ""),
        ("ExplainDunning", {"number": "A1", "day": "soon"}, "INVALID_ARGUMENT", "FIELD_REFUSED",
         "day"),
        ("PauseDunning", {"number": "A1", "reason_code": "X", "source": "s", "reason": "r"},
         "INVALID_ARGUMENT", "FIELD_REFUSED", "reason_code"),
        ("ResumeDunning", {"number": "A1", "source": "s", "reason": "r"}, "NOT_FOUND",
         "DUNNING_PAUSE_UNKNOWN", ""),
        ("WaiveDunningCharge", {"number": "A1", "account_entry_id": 7, "reason": "r"},
         "NOT_FOUND", "DUNNING_CHARGE_UNKNOWN", ""),
        ("SweepDunning", {"page_token": "bm9uZQ=="}, "INVALID_ARGUMENT", "REQUEST_INVALID",
         "page_token"),
    ],
)  # fmt: skip
def test_bad_requests(north, call, given, code, reason, field):
    """Each is refused with its field."""
    named = "request_id" in getattr(pb, f"{call}Request").DESCRIPTOR.fields_by_name
    request = getattr(pb, f"{call}Request")(
        **({"request_id": request_id()} if named else {}), **given
    )
    with refused(code, reason) as found:
        getattr(north.client.collection, call)(request)
    assert not field or list(found[0].fields) == [field]


def test_everything_verifies(app, north):
    """After all of it."""
    with app.store.read() as reader:
        assert [one for check in CHECKS.values() for one in check(reader, 1)] == []
