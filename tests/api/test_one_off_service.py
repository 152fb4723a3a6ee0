"""One-off bills on a real server: charged, refused, and told as every bill."""

import pytest

from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import billing_service_pb2 as billing
from billcore.v1 import common_pb2, one_off_pb2, rating_service_pb2
from billcore.v1 import enquiry_service_pb2 as enquiries
from tests.api.charged import DAY, TARIFF, TOTAL, Charged, order
from tests.api.client import Client, refused, value


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
    yield found
    client.channel.close()


@pytest.fixture
def other(app, keys):
    opened = []

    def found(name, **metadata):
        opened.append(Client(app.port, keys[name], **metadata))
        return opened[-1]

    yield found
    for one in opened:
        one.channel.close()


def simulate(client, **fields):
    request = one_off_pb2.SimulateOneOffBillRequest(order=order(**fields))
    return client.billing.SimulateOneOffBill(request).bill


def test_a_charge_is_tried_made_and_read_back(north):
    tried = simulate(north.client, number="A1", day=DAY, reference="request 17")
    made = north.bill("A1", reference="request 17")
    header = made.header
    assert (header.kind, header.total) == (billing.BILL_KIND_ONE_OFF, TOTAL)
    assert (header.issued_day, header.due_day, header.month) == (DAY, "2026-01-25", "2026-01")
    assert (header.currency, header.digits, header.ordinal) == ("USD", 2, 0)
    (span,) = made.spans
    assert (span.agreement_no, span.days, span.plan.tariff_id) == (0, 1, "connection")
    assert {one.name: one.amount for one in span.lines if one.amount} == {
        "connection": 150_000,
        "trench": 119_375,
        "vat": 53_875,
    }
    tried.header.recorded_at = header.recorded_at
    assert tried == made
    found = north.client.billing.GetBill(billing.GetBillRequest(bill_id=header.bill_id)).bill
    assert (found, found.reference) == (made, "request 17")
    listed = north.client.billing.ListBills(billing.ListBillsRequest(number="A1")).bills
    assert list(listed) == [header]


def test_it_rates_and_explains_to_itself(north):
    made = north.bill("A1", inputs={"pipe": ("choice", "dn15"), "paved": True})
    (span,) = made.spans
    request = rating_service_pb2.RateBillRequest(plan=span.plan, bill=span.rated_from)
    assert north.client.rating.RateBill(request).total == made.header.total
    request = billing.BillingServiceExplainBillRequest(bill_id=made.header.bill_id)
    (told,) = north.client.billing.ExplainBill(request).spans
    assert told.explanation.total.posted == made.header.total
    assert "Connection" in told.text


def test_the_statement_says_what_it_stands_for(north):
    made = north.bill("A2", reference="fine 8")
    told = north.client.enquiries.GetStatement(enquiries.GetStatementRequest(number="A2"))
    found = [(one.what, one.reference, one.amount, one.due_day) for one in told.documents]
    assert found == [("one_off", "fine 8", TOTAL, made.header.due_day)]


def test_a_repeated_call_charges_once(north):
    wanted = order(number="A3", day=DAY)
    request = one_off_pb2.BillOneOffRequest(request_id="once", order=wanted)
    first = north.client.billing.BillOneOff(request)
    north.client.publish(TARIFF.replace("dn25: 1500", "dn25: 1700"))
    assert north.client.billing.BillOneOff(request) == first
    assert simulate(north.client, number="A3", day=DAY).header.total == TOTAL + 24_000
    listed = north.client.billing.ListBills(billing.ListBillsRequest(number="A3")).bills
    assert len(listed) == 1
    request.order.reference = "another"
    with refused("ALREADY_EXISTS", "REQUEST_CONFLICT"):
        north.client.billing.BillOneOff(request)
    north.client.publish(TARIFF)  # the first version again
    plan = common_pb2.Plan(tariff_id="connection", version=1)
    assert simulate(north.client, number="A3", day=DAY, plan=plan).header.total == TOTAL


BAD = [
    ({}, "INVALID_ARGUMENT", "order.by"),
    ({"number": "A9"}, "NOT_FOUND", "number"),
    ({"number": "A1", "day": "2026-02-30"}, "INVALID_ARGUMENT", "order.day"),
    ({"number": "A1", "day": "0001-01-01"}, "INVALID_ARGUMENT", "order.day"),
    ({"number": "A1", "plan": common_pb2.Plan()}, "INVALID_ARGUMENT", "order.plan.tariff_id"),
    ({"number": "A1", "reference": "r" * 101}, "INVALID_ARGUMENT", "order.reference"),
    ({"number": "A1", "agreement_no": 1}, "NOT_FOUND", "order.agreement_no"),
    ({"number": "A1", "agreement_no": -1}, "NOT_FOUND", "order.agreement_no"),
    ({"number": "A1", "inputs": {"pipe": "12"}}, "INVALID_ARGUMENT", "order.inputs[0].number"),
    ({"number": "A1", "inputs": {"pipe": ("choice", "x")}}, "INVALID_ARGUMENT",
     "order.inputs[0].choice"),
    ({"number": "A1", "inputs": {"metres": "1e3"}}, "INVALID_ARGUMENT", "order.inputs[0].number"),
    ({"number": "A1", "inputs": {"pipe": ("choice", "dn15"), "previous_balance": ("money", 5)}},
     "INVALID_ARGUMENT", "order.inputs"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "code", "wrong"), BAD)
def test_a_bad_order_names_its_field(north, fields, code, wrong):
    with refused(code) as found:
        simulate(north.client, **fields)
    assert list(found[0].fields) == [wrong]
    request = one_off_pb2.BillOneOffRequest(request_id=f"bad {wrong}", order=order(**fields))
    with refused(code) as found:
        north.client.billing.BillOneOff(request)
    assert list(found[0].fields) == [wrong]


REFUSED = [
    ({"plan": common_pb2.Plan(tariff_id="none")}, "NOT_FOUND", "TARIFF_UNKNOWN", ""),
    ({"plan": common_pb2.Plan(tariff_id="connection", version=99)}, "NOT_FOUND",
     "TARIFF_VERSION_UNKNOWN", ""),
    ({"inputs": {}}, "INVALID_ARGUMENT", "COLUMN_MISSING", ""),
    ({"inputs": {"m3": "1"}}, "INVALID_ARGUMENT", "COLUMN_UNKNOWN", ""),
    ({"inputs": {"pipe": ("choice", "dn15"), "metres": "2000"}}, "INVALID_ARGUMENT",
     "BILL_FAILED", ""),
    ({"day": "2024-12-31"}, "FAILED_PRECONDITION", "ACCOUNT_UNBILLABLE", "ACCOUNT_CLOSED"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "code", "reason", "rule"), REFUSED)
def test_what_cannot_be_charged(north, fields, code, reason, rule):
    with refused(code, reason) as found:
        simulate(north.client, number="A1", **fields)
    assert found[0].facts.get("rule", "") == rule
    request = one_off_pb2.BillOneOffRequest(request_id="x", order=order(number="A1", **fields))
    with refused(code, reason):
        north.client.billing.BillOneOff(request)


def test_an_input_is_given_once(north):
    wanted = order(number="A1")
    wanted.inputs.append(value("metres", "1"))
    with refused("INVALID_ARGUMENT") as found:
        north.client.billing.SimulateOneOffBill(one_off_pb2.SimulateOneOffBillRequest(order=wanted))
    assert list(found[0].fields) == ["order.inputs[2].name"]


def test_roles(north, other):
    """Billers charge, viewers try."""
    simulate(other("viewer"), number="A1")
    for name in ("viewer", "clerk"):
        request = one_off_pb2.BillOneOffRequest(request_id="v", order=order(number="A1"))
        with refused("PERMISSION_DENIED", "ROLE_MISSING") as found:
            other(name).billing.BillOneOff(request)
        assert found[0].facts["role"] == "biller"
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        simulate(other("clerk"), number="A1")
    with refused("INVALID_ARGUMENT", "PROVIDER_NOT_NAMED"):
        simulate(other("house"), number="A1")
    assert simulate(other("house", x_billcore_provider="north"), number="A1").header.total > 0


def test_another_provider_s_account_and_tariff_are_unknown(north, other):
    south = other("south")
    account = north.accounts["A1"]
    with refused("NOT_FOUND", "TARIFF_UNKNOWN"):
        simulate(south, account_id=account)
    south.publish(TARIFF)
    for by in ({"account_id": account}, {"number": "A1"}):
        with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
            simulate(south, **by)


def test_the_books_hold(north):
    _, *verdicts = north.client.admin.Verify(admin.VerifyRequest(), timeout=60)
    assert [one.verdict for one in verdicts if one.verdict.findings] == []
