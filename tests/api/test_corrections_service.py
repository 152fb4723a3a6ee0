"""Corrections on a real server: bills cancelled, billed again, undone, and what is told of them."""

import time

import pytest
from typer.testing import CliRunner

from billcore.core.caller import Role
from billcore.server import cli
from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import billing_service_pb2 as billing
from billcore.v1 import corrections_pb2 as corrections
from billcore.v1 import enquiry_service_pb2 as enquiries
from billcore.v1 import event_service_pb2, rating_service_pb2
from billcore.v1 import meter_service_pb2 as meters
from tests import seed
from tests.api import waterworks
from tests.api.client import Client, refused
from tests.api.waterworks import iso

TOTALS = [printed.total for printed in seed.PRINTED]
LATER = iso(seed.PRINTED[-1].day, later=10)
WHY = corrections.CorrectionReason(
    reason_code="METER_READING", reason="the dial was misread", evidence=["photo 17"]
)


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def works(app, keys):
    house = Client(app.port, keys["house"])
    waterworks.founded(house)
    house.channel.close()
    client = Client(app.port, keys["house"], x_billcore_provider=waterworks.CODE,
                    x_billcore_actor="Mina")  # fmt: skip
    yield waterworks.furnished(waterworks.Waterworks(client))
    client.channel.close()


@pytest.fixture
def client(works):
    """A client of the company; replaces the one of the server without a store."""
    return works.client


class Account:
    """An account with a meter and its printed bills."""

    def __init__(self, works, number):
        self.works, self.number = works, number
        self.account_id = works.open_account(number)
        self.meter_id = works.hang_meter(f"M{number}", self.account_id)
        self.bills = []
        for printed in seed.PRINTED:
            works.read(self.meter_id, iso(printed.day), printed.dial)
            bill = works.bill(self.account_id, iso(printed.day), printed.days)
            self.bills.append(bill.header.bill_id)

    def correct(self, place, dial):
        request = meters.CorrectReadingRequest(
            request_id=self.works.request_id(),
            reading=meters.NewReading(
                account_id=self.account_id, meter_id=self.meter_id, register_no=1,
                day=iso(seed.PRINTED[place].day), value=str(dial),
                source=meters.READING_SOURCE_OFFICER,
            ),
            reason="misread",
        )  # fmt: skip
        return self.works.client.meters.CorrectReading(request)

    def headers(self):
        request = billing.ListBillsRequest(account_id=self.account_id)
        found = self.works.client.billing.ListBills(request).bills
        return {one.bill_id: one for one in found}

    @property
    def balance(self):
        request = enquiries.GetBalanceRequest(account_id=self.account_id, day=LATER)
        return self.works.client.enquiries.GetBalance(request).balance


@pytest.fixture
def account(works, request):
    return Account(works, f"2{abs(hash(request.node.name)) % 10**7}")


def cancel(works, bill_id, **more):
    request = corrections.CancelBillRequest(
        **{"request_id": works.request_id(), "bill_id": bill_id, "why": WHY, "issued_day": LATER}
        | more
    )
    return works.client.billing.CancelBill(request)


def rebill(works, bill_id):
    request = corrections.RebillBillRequest(
        request_id=works.request_id(), bill_id=bill_id, why=WHY, issued_day=LATER
    )
    return works.client.billing.RebillBill(request)


def rerate(works, account, place, **more):
    request = corrections.RerateAccountRequest(
        request_id=works.request_id(), account_id=account.account_id,
        from_day=iso(seed.PRINTED[place].day), why=WHY, issued_day=LATER, **more,
    )  # fmt: skip
    return works.client.billing.RerateAccount(request)


def undo(works, correction_id):
    request = corrections.UndoCorrectionRequest(
        request_id=works.request_id(), correction_id=correction_id, why=WHY, issued_day=LATER
    )
    return works.client.billing.UndoCorrection(request)


def family(works, bill_id):
    return works.client.billing.GetBillFamily(corrections.GetBillFamilyRequest(bill_id=bill_id))


def verified(client):
    _, *verdicts = client.admin.Verify(admin.VerifyRequest(), timeout=60)
    return {one.verdict.check: list(one.verdict.findings) for one in verdicts}


# -- the story


def test_a_cancelled_bill_and_its_credit_note(works, client, account):
    done = cancel(works, account.bills[-1])
    note = done.credit
    assert (note.header.total, note.header.kind) == (-TOTALS[-1], billing.BILL_KIND_CREDIT)
    bill = client.billing.GetBill(billing.GetBillRequest(bill_id=account.bills[-1])).bill
    kept = client.billing.GetBill(billing.GetBillRequest(bill_id=note.header.bill_id)).bill
    assert kept == note
    assert (bill.header.stands, bill.header.cancelled_by) == (False, note.header.bill_id)
    assert (note.header.stands, note.header.takes_back) == (True, account.bills[-1])
    ((charged,), (credited,)) = bill.spans, note.spans
    assert [line.amount for line in credited.lines] == [-line.amount for line in charged.lines]
    assert (credited.rated_from, credited.plan) == (charged.rated_from, charged.plan)
    rated = client.rating.RateBill(
        rating_service_pb2.RateBillRequest(plan=credited.plan, bill=credited.rated_from)
    )
    assert rated.total == -note.header.total
    headers = account.headers()
    assert [one.stands for one in headers.values()] == [True] * 4 + [False, True]
    assert account.balance == sum(TOTALS[:-1])


def test_a_credit_note_is_explained_by_its_bill(works, client, account):
    note = cancel(works, account.bills[-1]).credit.header
    request = billing.BillingServiceExplainBillRequest(bill_id=note.bill_id, language="fa")
    told = client.billing.ExplainBill(request)
    assert told.takes_back == account.bills[-1]
    assert told.spans[0].explanation.total.posted == TOTALS[-1]
    request.bill_id = account.bills[-1]
    own = client.billing.ExplainBill(request)
    assert (own.takes_back, own.spans) == (0, told.spans)


def test_a_bill_in_the_place_of_another(works, client, account):
    same = rebill(works, account.bills[-1])
    assert (same.correction_id, same.HasField("credit")) == (0, False)
    assert same.bill.header.bill_id == account.bills[-1]
    account.correct(-1, 210)
    done = rebill(works, account.bills[-1])
    assert (done.credit.header.total, done.bill.header.kind) == (
        -TOTALS[-1], billing.BILL_KIND_CORRECTION,
    )  # fmt: skip
    old = account.headers()[account.bills[-1]]
    assert old.place_taken_by == done.bill.header.bill_id
    assert done.bill.header.in_place_of == account.bills[-1]
    assert account.balance == sum(TOTALS[:-1]) + done.bill.header.total
    last = enquiries.GetAccountSummaryRequest(account_id=account.account_id)
    assert client.enquiries.GetAccountSummary(last).last_bill == done.bill.header


def test_an_account_is_rated_again_and_that_is_undone(works, client, account):
    account.correct(1, 133)
    done = rerate(works, account, 1)
    assert [one.bill_id for one in done.corrected] == account.bills[1:3]
    assert (done.unchanged, done.currency, done.digits) == (2, "IRR", 0)
    again = rerate(works, account, 1)
    assert (again.correction_id, list(again.corrected), again.unchanged) == (0, [], 4)
    difference = sum(one.total_after - one.total_before for one in done.corrected)
    assert account.balance == sum(TOTALS) + difference
    back = undo(works, done.correction_id)
    assert [one.bill_id for one in back.corrected] == [o.place_taken_by for o in done.corrected]
    assert account.balance == sum(TOTALS)
    with refused("FAILED_PRECONDITION", "UNDO_REFUSED") as found:
        undo(works, done.correction_id)
    assert found[0].facts["rule"] == "UNDONE"
    assert found[0].facts["other"] == str(back.correction_id)


def test_estimates_are_made_again(works, client):
    account_id = works.open_account("2900")
    meter_id = works.hang_meter("M2900", account_id)
    for place, dial in ((0, 120), (1, 160)):
        day = iso(seed.PRINTED[place].day)
        source = meters.READING_SOURCE_ESTIMATE if place else meters.READING_SOURCE_OFFICER
        reading = meters.NewReading(meter_id=meter_id, register_no=1, day=day, value=str(dial),
                                    source=source)  # fmt: skip
        request_id = works.request_id()
        client.meters.SubmitReadings(
            meters.SubmitReadingsRequest(request_id=request_id, readings=[reading])
        )
        works.bill(account_id, day)
    works.read(meter_id, iso(seed.PRINTED[2].day), 140)
    with refused("FAILED_PRECONDITION", "ACCOUNT_UNBILLABLE"):
        works.bill(account_id, iso(seed.PRINTED[2].day))
    request = corrections.RerateAccountRequest(
        request_id=works.request_id(), number="2900", from_day=iso(seed.PRINTED[2].day), why=WHY,
        issued_day=LATER, re_estimate=True,
    )  # fmt: skip
    done = client.billing.RerateAccount(request)
    (reading,) = done.readings
    assert (reading.value, reading.value_before, reading.version) == ("126", "160", 2)
    assert (reading.day, reading.account_id) == (iso(seed.PRINTED[1].day), account_id)
    assert len(done.corrected) == 1
    works.bill(account_id, iso(seed.PRINTED[2].day))
    assert verified(client)["corrections_undo"] == []


def test_many_bills_are_answered_one_by_one(works, client, account):
    wanted = [account.bills[4], account.bills[0], 7, account.bills[3]]
    request = corrections.CancelBillsRequest(
        request_id=works.request_id(), bill_ids=wanted, why=WHY, issued_day=LATER
    )
    done = client.billing.CancelBills(request)
    assert [one.bill_id for one in done.results] == wanted
    assert [bool(one.credit_id) for one in done.results] == [True, False, False, True]
    assert [(one.refusal, one.rule) for one in done.results] == [
        ("", ""), ("BILL_UNCORRECTABLE", "LATER_BILL"), ("BILL_UNKNOWN", ""), ("", ""),
    ]  # fmt: skip
    assert (done.cancelled, done.total, done.currency) == (2, -sum(TOTALS[3:]), "IRR")
    assert client.billing.CancelBills(request) == done
    assert account.balance == sum(TOTALS[:3])


def test_a_family_is_told_with_its_reasons(works, client, account):
    account.correct(-1, 210)
    done = rebill(works, account.bills[-1])
    back = undo(works, done.correction_id)
    found = family(works, done.credit.header.bill_id)
    assert [one.header.kind for one in found.members] == [1, 4, 5, 4, 5]
    assert [one.correction_id for one in found.members] == [
        0, *[done.correction_id] * 2, *[back.correction_id] * 2,
    ]  # fmt: skip
    first, second = found.corrections
    assert (first.why, first.actor, first.undone_by) == (WHY, "Mina", back.correction_id)
    assert (second.undoes, second.undone_by) == (first.correction_id, 0)
    assert first.client_id > 0
    assert 0 < first.recorded_at < second.recorded_at
    assert found.members[0].header.place_taken_by == found.members[-1].header.bill_id


def test_the_books_hold(works, client):
    assert {check: found for check, found in verified(client).items() if found} == {}
    assert "corrections_undo" in verified(client)


def test_corrections_are_audited(works, client, account):
    done = cancel(works, account.bills[-1])
    deadline, found = time.monotonic() + 20, []
    while not found and time.monotonic() < deadline:
        rows = client.events.ListAudit(event_service_pb2.ListAuditRequest(limit=1_000)).rows
        found = [row for row in rows if str(done.correction_id) in row.detail]
    assert (found[0].action, found[0].actor, found[0].reason) == (
        "bill.cancelled", "Mina", WHY.reason,
    )  # fmt: skip


# -- once, and who may


def test_a_repeated_call_corrects_once(works, client, account):
    request = corrections.CancelBillRequest(
        request_id="once", bill_id=account.bills[-1], why=WHY, issued_day=LATER
    )
    first = client.billing.CancelBill(request)
    assert client.billing.CancelBill(request) == first
    assert len(account.headers()) == 6
    request.why.reason = "another"
    with refused("ALREADY_EXISTS", "REQUEST_CONFLICT"):
        client.billing.CancelBill(request)


def calls(stub, account_id, bill_id):
    """Every call on a bill, and its request."""
    asked = {"request_id": "r", "why": WHY}
    return [
        (stub.CancelBill, corrections.CancelBillRequest(bill_id=bill_id, **asked)),
        (stub.RebillBill, corrections.RebillBillRequest(bill_id=bill_id, **asked)),
        (stub.UndoCorrection, corrections.UndoCorrectionRequest(correction_id=1, **asked)),
        (stub.RerateAccount, corrections.RerateAccountRequest(
            account_id=account_id, from_day=LATER, **asked)),
        (stub.GetBillFamily, corrections.GetBillFamilyRequest(bill_id=bill_id)),
    ]  # fmt: skip


def test_another_provider_s_bills_are_unknown(works, app, keys, account):
    south = Client(app.port, keys["south"])
    for call, request in calls(south.billing, account.account_id, account.bills[-1]):
        with refused("NOT_FOUND"):
            call(request)
    done = south.billing.CancelBills(
        corrections.CancelBillsRequest(request_id="s", bill_ids=account.bills, why=WHY)
    )
    assert {one.refusal for one in done.results} == {"BILL_UNKNOWN"}
    assert account.balance == sum(TOTALS)
    south.channel.close()


def test_approvers_correct_and_viewers_look(works, app, keys, account):
    viewer = Client(app.port, keys["viewer"])
    many = corrections.CancelBillsRequest(request_id="v")
    for call, request in (
        *calls(viewer.billing, account.account_id, account.bills[-1])[:4],
        (viewer.billing.CancelBills, many),
    ):
        with refused("PERMISSION_DENIED", "ROLE_MISSING") as found:
            call(request)
        assert found[0].facts["role"] == Role.APPROVER
    with refused("NOT_FOUND", "BILL_UNKNOWN"):
        viewer.billing.GetBillFamily(corrections.GetBillFamilyRequest(bill_id=account.bills[-1]))
    viewer.channel.close()


# -- bad input: each wrong field is named

BAD = [
    ({"why": None}, "why.reason_code"),
    ({"why": corrections.CorrectionReason(reason_code="WHIM", reason="x", evidence=["x"])},
     "why.reason_code"),
    ({"why": corrections.CorrectionReason(reason_code="TARIFF", evidence=["x"])}, "why.reason"),
    ({"why": corrections.CorrectionReason(reason_code="TARIFF", reason="x")}, "why.evidence"),
    ({"issued_day": "2018-02-30"}, "issued_day"),
    ({"issued_day": "0001-01-01"}, "issued_day"),
    ({"request_id": ""}, "request_id"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "wrong"), BAD)
def test_a_bad_correction_names_its_field(works, client, change, wrong):
    asked = {"request_id": "bad", "why": WHY, "issued_day": LATER} | change
    by = {"number": "1421", "from_day": LATER}
    for call, kind, fields in (
        (client.billing.CancelBill, corrections.CancelBillRequest, {"bill_id": 1}),
        (client.billing.CancelBills, corrections.CancelBillsRequest, {"bill_ids": [1]}),
        (client.billing.RebillBill, corrections.RebillBillRequest, {"bill_id": 1}),
        (client.billing.RerateAccount, corrections.RerateAccountRequest, by),
        (client.billing.UndoCorrection, corrections.UndoCorrectionRequest, {"correction_id": 1}),
    ):
        with refused("INVALID_ARGUMENT") as found:
            call(kind(**asked, **fields))
        assert list(found[0].fields) == [wrong]


def test_other_bad_fields(works, client, account):
    asked = {"request_id": "bad", "why": WHY, "issued_day": LATER}
    for fields, wrong in (
        ({"from_day": LATER}, "by"),
        ({"number": "1421"}, "from_day"),
        ({"number": "1421", "from_day": "x"}, "from_day"),
    ):
        with refused("INVALID_ARGUMENT") as found:
            client.billing.RerateAccount(corrections.RerateAccountRequest(**asked, **fields))
        assert list(found[0].fields) == [wrong]
    with refused("INVALID_ARGUMENT", "BATCH_TOO_LARGE"):
        client.billing.CancelBills(corrections.CancelBillsRequest(bill_ids=[1] * 10_001, **asked))
    with refused("INVALID_ARGUMENT", "FIELD_REFUSED"):
        client.billing.CancelBills(corrections.CancelBillsRequest(**asked))
    with refused("FAILED_PRECONDITION", "BILL_UNCORRECTABLE") as found:
        cancel(works, account.bills[0])
    assert found[0].facts["rule"] == "LATER_BILL"
    with refused("NOT_FOUND", "CORRECTION_UNKNOWN"):
        undo(works, 5)


def test_a_provider_names_its_reasons(works, app, keys):
    """A policy that is wrong is refused with its place."""
    house = Client(app.port, keys["house"])
    for text, place in (
        ('{"correction_reasons": []}', "policies.correction_reasons"),
        ('{"correction_reasons": ["not a code"]}', "policies.correction_reasons"),
        ('{"evidence_required": 1}', "policies.evidence_required"),
    ):
        provider = accounts.Provider(
            code="x", name="X", time_zone="UTC", currency="EUR", calendar="gregorian",
            language="en", policies=text,
        )  # fmt: skip
        with refused("INVALID_ARGUMENT", "POLICY_INVALID") as found:
            house.accounts.CreateProvider(
                accounts.CreateProviderRequest(request_id="p", provider=provider)
            )
        assert list(found[0].fields) == [place]
    house.channel.close()


# -- from the command line


@pytest.fixture
def run(app, keys):
    def called(*command, status=0):
        environment = {"BILLCORE_ADDRESS": f"127.0.0.1:{app.port}", "BILLCORE_KEY": keys["house"],
                       "COLUMNS": "200"}  # fmt: skip
        given = ("bill", *command, f"--provider={waterworks.CODE}")
        result = CliRunner().invoke(cli.app, given, env=environment, catch_exceptions=True)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.output

    return called


ASKED = ("--code=TARIFF", "--reason=wrong class", "--evidence=letter 3", f"--issued={LATER}")


def test_bills_are_corrected_from_the_command_line(works, run, account):
    last = account.bills[-1]
    assert "Nothing was issued" in run("rebill", str(last), *ASKED)
    account.correct(-1, 210)
    told = run("rebill", str(last), *ASKED)
    assert "-362,327" in told
    number = told.rpartition("Correction ")[2].split(".")[0]
    told = run("family", str(last))
    for words in (number, "TARIFF: wrong class", "letter 3", "correction", "no: "):
        assert words in told
    assert "362,327" in run("undo", number, *ASKED)
    assert "undone by" in run("family", str(last))
    account.correct(-1, 220)
    account.correct(1, 133)
    told = run("rerate", account.number, f"--from={iso(seed.PRINTED[0].day)}", *ASKED)
    assert "Unchanged bills: 3." in told
    newest = [one.bill_id for one in account.headers().values() if one.stands and one.kind != 4]
    told = run("cancel", str(account.bills[0]), str(max(newest)), *ASKED, status=1)
    assert "goes on from it" in " ".join(told.split())  # a long line is folded
    assert "Correction " in told
