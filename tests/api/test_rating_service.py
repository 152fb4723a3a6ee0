"""RateBill and ExplainBill on a real port: exact amounts, and every way to be refused."""

import pytest

from billcore.core.calendar import Calendar
from billcore.server.demo import rating as demo
from billcore.v1 import rating_service_pb2 as pb
from tests.api.client import bill, plan, refused, value


def amounts(rated: pb.RateBillResponse) -> dict[str, int]:
    return {line.name: line.amount for line in rated.lines} | {"total": rated.total}


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        ({"m3": "10"}, {"water": 2500, "fee": 300, "extra": 0, "total": 2800}),
        ({"m3": "0.001"}, {"water": 0, "fee": 300, "extra": 0, "total": 300}),
        ({"m3": "0.002"}, {"water": 1, "fee": 300, "extra": 0, "total": 301}),
        ({"m3": "10", "persons": "3"}, {"fee": 900, "total": 3400}),
        ({"m3": "10", "zone": ("choice", "south")}, {"extra": 1000, "total": 3800}),
        ({"m3": "10", "exempt": True}, {"fee": 0, "total": 2500}),
        ({"m3": "10", "arrears": ("money", 17)}, {"before": 17, "total": 2800}),
    ],
)
def test_a_bill_has_its_amounts(client, inputs, wanted):
    """Amounts count kopecks; an input left out has its default."""
    rated = client.rate_bill("test-water", inputs=inputs)
    assert (rated.currency, rated.digits, rated.plan.version) == ("RUB", 2, 1)
    assert wanted.items() <= amounts(rated).items()


def test_the_five_printed_bills_come_out_to_the_rial(client):
    """Every line of the printed bills, the 131/210-day split and the 138 stated days included."""
    published = demo.publish(client.tariffs)
    for printed in demo.PRINTED:
        rated = client.rating.RateBill(pb.RateBillRequest(plan=published, bill=demo.bill(printed)))
        found = amounts(rated)
        names = (*demo.LINES, "total")
        assert [found[n] for n in names] == [getattr(printed, n) for n in names]


def test_a_change_of_an_attribute_splits_the_bill(client):
    """persons 1 for 20 days and 3 for 10: (20 + 30) x 0.10."""
    change = pb.InputChange(first_day="2020-03-22", input=value("persons", "3"))
    rated = client.rate_bill("test-water", inputs={"m3": "0", "persons": "1"}, changes=[change])
    assert amounts(rated)["fee"] == 500


def test_segments_may_be_given(client):
    """A caller that has cut the period itself gives days and attributes of each segment."""
    segments = [
        pb.BillSegment(day="2020-03-10", days=20, inputs=[value("persons", "1")]),
        pb.BillSegment(day="2020-03-30", days=10, inputs=[value("persons", "3")]),
    ]
    rated = client.rate_bill(
        "test-water", previous="", this="", inputs={"m3": "0"}, segments=segments
    )
    assert amounts(rated)["fee"] == 500


def test_states_are_handed_on(client):
    """What a bill answers as states is what the next bill takes."""
    first = client.rate_bill("test-running", inputs={"kwh": "13"})
    assert {s.name: s.value for s in first.states} == {"used": "13", "left": "3.00"}
    second = client.rate_bill("test-running", inputs={"kwh": "4"}, states=list(first.states))
    assert {s.name: s.value for s in second.states} == {"used": "17", "left": "2.00"}
    assert (first.total, second.total) == (1000, 500)


def test_a_history_is_handed_on(client):
    """Earlier bills with their months go in; the value to append comes out."""
    history = [pb.HistoryValue(month=12, value="100"), pb.HistoryValue(month=1, value="90.5")]
    states = [pb.StateValue(name="before", history=history)]
    rated = client.rate_bill("test-ratchet", inputs={"kw": "50"}, states=states)
    assert rated.total == 800_00
    assert {s.name: s.value for s in rated.states} == {"before": "80.00"}
    history[0].month = 13
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as found:
        states = [pb.StateValue(name="before", history=history)]
        client.rate_bill("test-ratchet", inputs={"kw": "50"}, states=states)
    assert list(found[0].fields) == ["bill.states[0].history[0].month"]


@pytest.mark.parametrize(
    ("tariff", "fields", "code", "status"),
    [
        ("test-water", {"inputs": {"m3": "1001"}}, "INVALID_ARGUMENT", "OUT_OF_RANGE"),
        ("test-water", {"inputs": {"m3": "-1"}}, "INVALID_ARGUMENT", "OUT_OF_RANGE"),
        ("test-water", {"inputs": {"m3": "0.0001"}}, "INVALID_ARGUMENT", "OUT_OF_RANGE"),
        ("test-strict", {"inputs": {"kwh": "201"}}, "OUT_OF_RANGE", "ABOVE_LAST_ROW"),
        (
            "test-water",
            {"previous": "2019-03-01", "this": "2019-04-01", "inputs": {"m3": "1"}},
            "FAILED_PRECONDITION",
            "NOT_IN_FORCE",
        ),
        (
            "test-water",
            {"previous": "2020-04-01", "this": "2020-03-01", "inputs": {"m3": "1"}},
            "INVALID_ARGUMENT",
            "BAD_PERIOD",
        ),
        (
            "test-water",
            {"previous": "2020-03-01", "this": "2021-12-01", "inputs": {"m3": "1"}},
            "INVALID_ARGUMENT",
            "BAD_PERIOD",
        ),
        ("test-water", {"days": 100_000, "inputs": {"m3": "1"}}, "INVALID_ARGUMENT", "BAD_PERIOD"),
        (
            "test-strict",
            {"previous": "2020-12-15", "this": "2021-01-15", "inputs": {"kwh": "1"}},
            "FAILED_PRECONDITION",
            "CHANGE_REFUSED",
        ),
    ],
)
@pytest.mark.parametrize("method", ["RateBill", "ExplainBill"])
def test_a_bill_that_cannot_be_rated_says_why(client, method, tariff, fields, code, status):
    """Both engines answer the status of the bill, each status with its code."""
    request = getattr(pb, f"{method}Request")(plan=plan(tariff), bill=bill(**fields))
    with refused(code, "BILL_FAILED") as found:
        getattr(client.rating, method)(request)
    assert found[0].facts["status"] == status


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"inputs": {}}, "COLUMN_MISSING", "m3"),
        ({"inputs": {"m3": "1", "kwh": "1"}}, "COLUMN_UNKNOWN", "kwh"),
        ({"inputs": {"m3": "1e3"}}, "REQUEST_INVALID", "bill.inputs[0].number"),
        ({"inputs": {"m3": "1,5"}}, "REQUEST_INVALID", "bill.inputs[0].number"),
        ({"inputs": {"m3": "NaN"}}, "REQUEST_INVALID", "bill.inputs[0].number"),
        ({"inputs": {"m3": "9" * 41}}, "REQUEST_INVALID", "bill.inputs[0].number"),
        ({"inputs": {"m3": True}}, "REQUEST_INVALID", "bill.inputs[0].flag"),
        ({"inputs": {"m3": ("choice", "x")}}, "REQUEST_INVALID", "bill.inputs[0].choice"),
        (
            {"inputs": {"m3": "1", "zone": ("choice", "west")}},
            "REQUEST_INVALID",
            "bill.inputs[1].choice",
        ),
        ({"previous": "", "inputs": {"m3": "1"}}, "REQUEST_INVALID", "bill.previous_date"),
        ({"this": "", "inputs": {"m3": "1"}}, "REQUEST_INVALID", "bill.this_date"),
        (
            {"previous": "2021-02-29", "inputs": {"m3": "1"}},
            "REQUEST_INVALID",
            "bill.previous_date",
        ),
        ({"this": "1399-01-31", "inputs": {"m3": "1"}}, "REQUEST_INVALID", "bill.this_date"),
        ({"days": -1, "inputs": {"m3": "1"}}, "REQUEST_INVALID", "bill.days"),
        (
            {"inputs": {"m3": "1"}, "states": [pb.StateValue(name="used", value="1")]},
            "COLUMN_UNKNOWN",
            "used",
        ),
        (
            {
                "inputs": {"m3": "1"},
                "changes": [pb.InputChange(first_day="2020-03-10", input=value("m3", "2"))],
            },
            "REQUEST_INVALID",
            "bill.changes[0].input.name",
        ),
        (
            {
                "inputs": {"m3": "1"},
                "changes": [pb.InputChange(first_day="soon", input=value("persons", "2"))],
            },
            "REQUEST_INVALID",
            "bill.changes[0].first_day",
        ),
    ],
)
def test_a_field_that_is_wrong_is_named(client, fields, reason, field):
    """Every refusal of a request names its field."""
    with refused("INVALID_ARGUMENT", reason) as found:
        client.rate_bill("test-water", **fields)
    assert list(found[0].fields) == [field]


def test_an_input_given_twice_is_refused(client):
    """Two values for one input are not one of them."""
    message = bill(inputs={"m3": "1"})
    message.inputs.append(value("m3", "2"))
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        client.rating.RateBill(pb.RateBillRequest(plan=plan("test-water"), bill=message))


def test_too_many_inputs_are_refused(client):
    """bill.inputs has a maximum."""
    message = bill()
    message.inputs.extend(value(f"x{n}", "1") for n in range(1001))
    with refused("INVALID_ARGUMENT", "BATCH_TOO_LARGE") as found:
        client.rating.RateBill(pb.RateBillRequest(plan=plan("test-water"), bill=message))
    assert found[0].facts == {"limit": "bill.inputs", "limit_max": "1000", "given": "1001"}


def test_an_explanation_tells_the_split(client):
    """Bill 3 of the print: 131 days at the old prices, 210 at the new ones, in data and in text."""
    published = demo.publish(client.tariffs)
    request = pb.ExplainBillRequest(plan=published, bill=demo.bill(demo.PRINTED[2]))
    answer = client.rating.ExplainBill(request)
    assert [s.days for s in answer.explanation.segments] == ["131", "210"]
    lines = {line.id: line for line in answer.explanation.lines}
    assert lines["subscription"].exact.strip("()") == "766000/3"
    assert lines["subscription"].posted == 255333
    assert answer.explanation.total.posted == 925331
    assert "131" in answer.text
    assert "925 331" in answer.text


def test_labels_of_an_explanation_follow_the_language(client):
    """The text uses the labels of the language that was asked for."""
    published = demo.publish(client.tariffs)
    request = pb.ExplainBillRequest(plan=published, bill=demo.bill(demo.PRINTED[0]), language="fa")
    assert "آبونمان" in client.rating.ExplainBill(request).text


def test_both_engines_agree_over_the_wire(client):
    """RateBill (kernel) and ExplainBill (exact reference) post the same amounts."""
    published = demo.publish(client.tariffs)
    first = Calendar.JALALI.parse("1395-01-01")
    for n in range(0, 900, 37):
        message = bill(
            previous=Calendar.GREGORIAN.format(first + n),
            this=Calendar.GREGORIAN.format(first + n + 30 + n % 300),
            inputs={"m3": f"{n}.{n % 1000:03}"},
        )
        rated = client.rating.RateBill(pb.RateBillRequest(plan=published, bill=message))
        told = client.rating.ExplainBill(pb.ExplainBillRequest(plan=published, bill=message))
        assert {line.id: line.posted for line in told.explanation.lines}.items() <= amounts(
            rated
        ).items()
        assert told.explanation.total.posted == rated.total
