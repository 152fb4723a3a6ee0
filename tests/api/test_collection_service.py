"""Late fees on a real server, by calls and by commands: bills that are paid late, and disputed."""

import json

import pytest
from typer.testing import CliRunner

from billcore.core.caller import Role
from billcore.core.verify import CHECKS
from billcore.server import cli
from billcore.v1 import account_service_pb2, corrections_pb2, ledger_service_pb2
from billcore.v1 import collection_service_pb2 as pb
from billcore.v1 import consolidation_service_pb2 as consolidation
from billcore.v1 import enquiry_service_pb2 as enquiries
from tests.api.charged import TARIFF, TOTAL, Charged, joining, request_id
from tests.api.client import Client, refused

DUE = "2026-01-25"  # of a bill of DAY
RULES = [
    {
        "name": "bands",
        "kind": "bands",
        "from_day": "2026-01-01",
        "rate": {"series": "key_rate", "day": "payment"},
        "bands": [{"until": 30}, {"until": 90, "divisor": 300}, {"divisor": 130}],
    }
]
WHY = corrections_pb2.CorrectionReason(
    reason_code="OTHER", reason="never built", evidence=["letter"]
)


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def north(app, keys):
    client = Client(app.port, keys["north"])
    client.publish(TARIFF)
    found = Charged(client, "north")
    for number in ("A1", "A2", "A3", "A4"):
        found.open_account(number)
    policies = json.dumps({"late_fees": {"rules": RULES}})
    provider = client.accounts.GetProvider(account_service_pb2.GetProviderRequest()).provider
    changed = account_service_pb2.Provider(
        provider_id=provider.provider_id, revision=provider.revision, policies=policies
    )
    request = account_service_pb2.UpdateProviderRequest(
        request_id="rules", provider=changed, update_mask={"paths": ["policies"]}, reason="law"
    )
    client.accounts.UpdateProvider(request)
    yield found
    client.channel.close()


@pytest.fixture
def run(app, keys):
    """Runs `billcore late-fees …` against the server; what it prints."""

    def called(*command, key="north"):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys[key],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, ["late-fees", *command], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return called


def assess(client, until, **more):
    """The last answer of an assessment."""
    name = more.pop("request_id", None) or request_id()
    request = pb.AssessLateFeesRequest(request_id=name, until_day=until, **more)
    *_, last = client.collection.AssessLateFees(request)
    return last.assessment


def rate(client, day, per_million):
    told = pb.ReferenceRate(
        series="key_rate", from_day=day, per_million=per_million, source="the bank", source_day=day
    )
    request = pb.SetReferenceRateRequest(request_id=request_id(), rate=told)
    return client.collection.SetReferenceRate(request).rate


def pay(client, number, amount, day):
    request = ledger_service_pb2.PostAccountEntryRequest(
        request_id=request_id(),
        number=number,
        kind="ENTRY_KIND_PAYMENT",
        amount=-amount,
        day=day,
        reference="at the counter",
        reason="at the counter",
    )
    return client.ledger.PostAccountEntry(request).entry


def fees(client, number):
    return list(client.collection.GetLateFees(pb.GetLateFeesRequest(number=number)).fees)


def statement(client, number):
    request = enquiries.GetStatementRequest(number=number)
    return client.enquiries.GetStatement(request)


def test_the_life_of_a_late_bill(north):
    """Refused without a rate, charged, explained, paid late, credited; statement and open items."""
    client = north.client
    bill = north.bill("A1").header
    assert bill.due_day == DUE
    request = pb.AssessLateFeesRequest(request_id="april", until_day="2026-04-25", number="A1")
    with refused("FAILED_PRECONDITION", "REFERENCE_RATE_MISSING") as found:
        list(client.collection.AssessLateFees(request))
    assert found[0].facts["series"] == "key_rate"
    rate(client, "2026-01-01", 155_000)
    answers = [one.assessment for one in client.collection.AssessLateFees(request)]
    assert [one.chunks_done for one in answers] == [0, 1]
    last = answers[-1]
    fee = 10_021  # 323,250 x 0.155 x 60 / 300 = 10,020.75
    assert (last.items, last.charges, last.charged, last.currency) == (1, 1, fee, "USD")
    assert [one.assessment for one in client.collection.AssessLateFees(request)] == [last]
    (charge,) = fees(client, "A1")
    assert (charge.item_id, charge.amount, charge.fee, charge.debt) == (
        bill.bill_id, fee, fee, TOTAL,
    )  # fmt: skip
    assert charge.exact == "40083/4"
    assert json.loads(charge.rule)["name"] == "bands"
    (line,) = charge.lines
    assert (line.first_day, line.last_day, line.days, line.band) == (
        "2026-02-25", "2026-04-25", 60, 2,
    )  # fmt: skip
    assert (line.rate_per_million, line.factor, line.source_day) == (
        155_000, "31/60000", "2026-01-01",
    )  # fmt: skip
    told = statement(client, "A1")
    assert [(one.what, one.amount) for one in told.documents] == [
        ("one_off", TOTAL), ("late_fee", fee),
    ]  # fmt: skip
    assert [one.open for one in told.open_items] == [TOTAL, fee]
    pay(client, "A1", TOTAL, "2026-02-24")  # day 30
    assert assess(client, "2026-04-25", number="A1").credited == -fee
    assert [one.open for one in statement(client, "A1").open_items] == []


def test_a_cancelled_bill_takes_its_fee_along(north):
    client = north.client
    rate(client, "2026-01-01", 155_000)
    bill = north.bill("A2").header
    assert assess(client, "2026-06-30", number="A2").charges == 1
    request = corrections_pb2.CancelBillRequest(
        request_id=request_id(), bill_id=bill.bill_id, issued_day="2026-07-01", why=WHY
    )
    client.billing.CancelBill(request)
    done = assess(client, "2026-07-01", number="A2")
    assert (done.charges, done.credits) == (0, 1)
    assert statement(client, "A2").closing == 0
    gone = fees(client, "A2")[-1]
    assert (gone.rule, gone.due_day, gone.fee, list(gone.lines)) == ("", "", 0, [])


def test_a_consolidated_bill_tells_late_fees(north):
    """They are in what an account owes, and told beside it."""
    client = north.client
    rate(client, "2026-01-01", 155_000)
    north.open_account("G1")
    north.bill("G1")
    assess(client, "2026-04-25", number="G1")
    group = consolidation.Group(name="G", address="")
    made = client.consolidation.CreateGroup(
        consolidation.CreateGroupRequest(request_id="G", group=group, joining=joining("G1"))
    ).group
    bill = client.consolidation.ConsolidateBills(
        consolidation.ConsolidateBillsRequest(
            request_id="bill of G", group_no=made.group_no, day="2026-04-30"
        )
    ).bill
    (member,) = bill.members
    assert (member.total, member.owed, member.late_fees) == (TOTAL, TOTAL + 10_021, 10_021)


def test_a_preview_keeps_nothing(north):
    client = north.client
    rate(client, "2026-01-01", 155_000)
    north.bill("A3")
    request = pb.PreviewLateFeesRequest(number="A3", until_day="2099-01-01")
    told = client.collection.PreviewLateFees(request)
    assert told.change == told.items[0].fee == told.items[0].change > TOTAL
    assert fees(client, "A3") == []


def test_holds(north):
    client = north.client
    rate(client, "2026-01-01", 155_000)
    bill = north.bill("A4").header
    request = pb.HoldLateFeesRequest(
        request_id="hold", number="A4", item_id=bill.bill_id, source="case 1", reason="disputed",
        from_day="2026-01-26",
    )  # fmt: skip
    held = client.collection.HoldLateFees(request).hold
    assert (held.from_day, held.until_day, held.version) == ("2026-01-26", "", 1)
    assert client.collection.HoldLateFees(request).hold == held
    assert assess(client, "2026-10-01", number="A4").charges == 0
    release = pb.ReleaseLateFeesRequest(
        request_id="release", number="A4", source="case 1", annul=True, reason="by mistake"
    )
    ended = client.collection.ReleaseLateFees(release).hold
    assert (ended.until_day, ended.version) == ("2026-01-25", 2)
    assert assess(client, "2026-10-01", number="A4").charges == 1
    listed = client.collection.ListLateFeeHolds(pb.ListLateFeeHoldsRequest(number="A4")).holds
    assert list(listed) == [ended]


@pytest.mark.parametrize(
    ("call", "request_fields", "code", "reason", "field"),
    [
        ("AssessLateFees", {"until_day": "2099-01-01"}, "INVALID_ARGUMENT",
         "LATE_FEE_DAY_INVALID", "until_day"),
        ("AssessLateFees", {"until_day": "yesterday"}, "INVALID_ARGUMENT", "FIELD_REFUSED",
         "until_day"),
        ("AssessLateFees", {"chunk_accounts": -1}, "INVALID_ARGUMENT", "FIELD_REFUSED",
         "chunk_accounts"),
        ("AssessLateFees", {"number": "A9"}, "NOT_FOUND", "ACCOUNT_UNKNOWN", ""),
        ("SetReferenceRate", {}, "INVALID_ARGUMENT", "FIELD_REFUSED", "rate.from_day"),
        ("SetReferenceRate", {"rate": {"from_day": "2026-01-01", "source_day": "2026-01-01",
                                       "series": "Key Rate", "source": "x"}},
         "INVALID_ARGUMENT", "FIELD_REFUSED", "rate.series"),
        ("SetReferenceRate", {"rate": {"from_day": "2026-01-01", "source_day": "2026-01-01",
                                       "series": "key_rate", "source": "x", "per_million": -1}},
         "INVALID_ARGUMENT", "FIELD_REFUSED", "rate.per_million"),
        ("HoldLateFees", {"number": "A1", "item_id": 7, "source": "c", "reason": "r"},
         "INVALID_ARGUMENT", "FIELD_REFUSED", "item_id"),
        ("HoldLateFees", {"number": "A1", "item_id": 7, "source": "c"},
         "INVALID_ARGUMENT", "FIELD_REFUSED", "reason"),
        ("ReleaseLateFees", {"number": "A1", "source": "nobody", "reason": "r"}, "NOT_FOUND",
         "LATE_FEE_HOLD_UNKNOWN", ""),
        ("ReleaseLateFees", {"number": "A1", "source": "c", "reason": "r", "annul": True,
                             "until_day": "2026-01-01"},
         "INVALID_ARGUMENT", "FIELD_REFUSED", "until_day"),
    ],
)  # fmt: skip
def test_bad_requests(north, call, request_fields, code, reason, field):
    """Each is refused with its field."""
    stub = north.client.collection
    request = getattr(pb, f"{call}Request")(request_id=request_id(), **request_fields)
    with refused(code, reason) as found:
        answer = getattr(stub, call)(request)
        if call == "AssessLateFees":
            list(answer)
    assert not field or list(found[0].fields) == [field]


def test_pages_and_tokens(north):
    client = north.client
    for day in ("2025-01-01", "2025-02-01", "2025-03-01"):
        rate(client, day, 100_000)
    request, seen = pb.ListReferenceRatesRequest(page_size=2), []
    while True:
        page = client.collection.ListReferenceRates(request)
        seen += [(one.from_day, one.version) for one in page.rates]
        request.page_token = page.next_page_token
        if not page.next_page_token:
            break
    assert seen == sorted(seen)
    assert len(seen) >= 4
    request.page_token = "bm9uZQ=="
    with refused("INVALID_ARGUMENT"):
        client.collection.ListReferenceRates(request)
    listed = client.collection.ListLateFeeAssessments(pb.ListLateFeeAssessmentsRequest())
    numbers = [one.assessment_id for one in listed.assessments]
    assert numbers == sorted(numbers, reverse=True)


def test_roles(app, keys, north):
    """A viewer asks and nothing else; a clerk holds; another provider sees nothing."""
    viewer, clerk = Client(app.port, keys["viewer"]), Client(app.port, keys["clerk"])
    with refused("PERMISSION_DENIED", "ROLE_MISSING") as found:
        list(viewer.collection.AssessLateFees(pb.AssessLateFeesRequest(request_id="r")))
    assert Role.BILLER.name.lower() in found[0].message
    assert viewer.collection.GetLateFees(pb.GetLateFeesRequest(number="A1")).account_id
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        rate(clerk, "2026-01-01", 1)
    south = Client(app.port, keys["south"])
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
        south.collection.GetLateFees(pb.GetLateFeesRequest(account_id=north.accounts["A1"]))
    for one in (viewer, clerk, south):
        one.channel.close()


def test_commands(north, run, today):
    """The command line, over the same calls."""
    number = "C1"
    north.open_account(number)
    bill = north.bill(number).header
    said = run(
        "rates", "set", "key_rate", "2026-01-01", "155000", "--source", "the bank",
        "--source-day", "2026-01-01",
    )  # fmt: skip
    assert "key_rate from 2026-01-01: 155000" in said
    assert "155000" in run("rates", "list")
    hold = ("hold", number, str(bill.bill_id), "case 9", "--reason", "disputed")
    assert "all of" in run(*hold, "--from", "2026-02-01")
    assert "2026-02-01 to open" in run("holds", number)
    assert "case 9" in run("release", number, "case 9", "--annul", "--reason", "by mistake")
    assert "10021 USD would be posted" in run("preview", number, "--until", "2026-04-25")
    said = run("assess", "--account", number, "--until", str(today))
    assert "1 of 1 chunks, 1 late items, 1 charges" in said
    assert "1 charges" in run("list")
    shown = run("show", number)
    assert f"charged for {bill.bill_id}" in shown
    assert "x 31/60000 x 60 days" in shown


def test_everything_verifies(app, north):
    """After all of it."""
    with app.store.read() as reader:
        assert [one for check in CHECKS.values() for one in check(reader, 1)] == []
