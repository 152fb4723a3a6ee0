"""Bills, books and enquiries on a real server: the five printed bills over gRPC alone."""

import json
import threading
import time

import pytest

from billcore.core import verify
from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import billing_service_pb2 as billing
from billcore.v1 import enquiry_service_pb2 as enquiries
from billcore.v1 import event_service_pb2, rating_service_pb2
from billcore.v1 import ledger_service_pb2 as ledger
from billcore.v1 import meter_service_pb2 as meters
from tests import seed
from tests.api import waterworks
from tests.api.client import Client, refused
from tests.api.waterworks import iso

LAST = iso(seed.PRINTED[-1].day)
TOTALS = [printed.total for printed in seed.PRINTED]


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def works(app, keys):
    """The water company with its five printed bills."""
    house = Client(app.port, keys["house"])
    waterworks.founded(house)
    house.channel.close()
    client = Client(app.port, keys["house"], x_billcore_provider=waterworks.CODE)
    yield waterworks.billed(waterworks.furnished(waterworks.Waterworks(client)))
    client.channel.close()


@pytest.fixture
def client(works):
    """A client of the company; replaces the one of the server without a store."""
    return works.client


@pytest.fixture
def other(app, keys):
    """Clients of another provider, by name of their key."""
    opened = []

    def found(name):
        opened.append(Client(app.port, keys[name]))
        return opened[-1]

    yield found
    for one in opened:
        one.channel.close()


# -- the story


def test_the_printed_bills_to_the_rial(works):
    assert [bill.header.total for bill in works.bills] == TOTALS
    last = works.bills[-1].header
    assert (last.opening, last.total, last.closing) == (17, 362_327, 362_344)
    assert (last.month, last.currency, last.digits) == ("1397-07", "IRR", 0)
    assert (last.previous_day, last.this_day) == (iso(seed.PRINTED[-2].day), LAST)
    lines = {line.name: line for line in works.bills[-1].spans[0].lines}
    assert (lines["water"].amount, lines["vat"].amount) == (193_500, 19_945)
    assert lines["water"].labels["fa"]
    assert works.bills[1].spans[0].days == 138


def test_readings_of_billed_days_wait_for_a_decision(works):
    """The closing reading again is known; another one of those days would change a bill."""
    again = works.submit(works.meter_id, LAST, seed.PRINTED[-1].dial)
    assert again.status == meters.READING_STATUS_ACCEPTED
    earlier = works.submit(
        works.meter_id, iso(seed.PRINTED[-1].day, later=-3), seed.PRINTED[-1].dial - 1
    )
    assert earlier.status == meters.READING_STATUS_HELD
    assert list(earlier.findings) == [meters.READING_FINDING_BEFORE_BILLED]
    later = works.submit(
        works.meter_id, iso(seed.PRINTED[-1].day, later=1), seed.PRINTED[-1].dial + 1
    )
    assert later.status == meters.READING_STATUS_ACCEPTED


def test_the_statement_says_17_and_362_327_make_362_344(works):
    told = works.statement(works.account_id)
    assert [(d.amount, d.balance) for d in told.documents[-2:]] == [
        (-TOTALS[3], 17),
        (362_327, 362_344),
    ]
    assert (told.opening, told.closing, told.number) == (0, 362_344, "1421")
    assert [d.what for d in told.documents] == [
        "opening",
        *["regular", "adjustment"] * 4,
        "regular",
    ]
    # A credit pays the oldest debt: the opening 17 is long paid, the credits ran out in the last.
    assert [(item.amount, item.open) for item in told.open_items] == [
        (TOTALS[3], 17),
        (362_327, 362_327),
    ]
    part = works.statement(works.account_id, first_day=LAST, last_day=LAST)
    assert (part.opening, part.closing, len(part.documents)) == (17, 362_344, 1)


def test_balances_at_any_day_as_known_at_any_time(works, client):
    def balance(**more):
        request = enquiries.GetBalanceRequest(number="1421", **more)
        return client.enquiries.GetBalance(request)

    assert balance().balance == 362_344
    assert balance(day=iso(seed.PRINTED[-1].day, later=-1)).balance == 17
    first = works.bills[0].header
    assert balance(day=first.issued_day).balance == 17 + TOTALS[0]
    assert balance(known_at=first.recorded_at).balance == 17 + TOTALS[0]
    assert balance(known_at=first.recorded_at - 1).balance == 17
    again = balance()
    assert balance(day=again.day, known_at=again.known_at) == again


def test_each_bill_opens_with_what_the_one_before_left(works, client):
    request = billing.ListBillsRequest(account_id=works.account_id, page_size=2)
    found = []
    while True:
        page = client.billing.ListBills(request)
        found += page.bills
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert found == [bill.header for bill in works.bills]
    assert [bill.opening for bill in found] == [17] * 5


def test_a_bill_is_read_back_as_it_was_issued(works, client):
    for made in works.bills:
        request = billing.GetBillRequest(bill_id=made.header.bill_id)
        assert client.billing.GetBill(request).bill == made


def test_a_bill_rates_to_itself_from_what_it_tells(works, client):
    """rated_from is a Bill that RateBill takes as it is."""
    for made in works.bills:
        (span,) = made.spans
        request = rating_service_pb2.RateBillRequest(plan=span.plan, bill=span.rated_from)
        rated = client.rating.RateBill(request)
        assert rated.total == made.header.total
        assert {line.name: line.amount for line in rated.lines} == {
            line.name: line.amount for line in span.lines
        }


def test_a_bill_is_explained_from_its_own_inputs(works, client):
    for made in works.bills:
        request = billing.BillingServiceExplainBillRequest(
            bill_id=made.header.bill_id, language="fa"
        )
        (span,) = client.billing.ExplainBill(request).spans
        posted = {line.id: line.posted for line in span.explanation.lines}
        told = {line.name: line.amount for line in made.spans[0].lines}
        assert posted.items() <= told.items()
        assert span.explanation.total.posted == made.header.total
        assert span.plan == made.spans[0].plan
        assert made.spans[0].lines[0].labels["fa"] in span.text
    request.bill_id = works.bills[2].header.bill_id
    (span,) = client.billing.ExplainBill(request).spans
    assert [segment.days for segment in span.explanation.segments] == ["131", "210"]


def test_the_first_page_of_a_portal(works, client):
    request = enquiries.GetAccountSummaryRequest(number="1421")
    told = client.enquiries.GetAccountSummary(request)
    assert (told.customer_name, told.geographic_code) == ("Customer 1421", "1900420071")
    assert (told.balance, told.overdue) == (362_344, 362_344)
    assert told.due_day == works.bills[3].header.due_day
    assert told.last_bill == works.bills[-1].header
    (supply,) = told.supplies
    assert (supply.service, supply.place, supply.address) == ("water", "P1421", "Lane 3")
    assert supply.tariff_id == "ir-mehrab-water"
    (reading,) = supply.readings
    assert (reading.day, reading.value, reading.unit) == (LAST, "220", "m3")
    assert (reading.usage, reading.days) == ("90", 526)
    assert reading.average_use == "5.133"


def test_the_books(works, client):
    found = client.ledger.GetTrialBalance(ledger.GetTrialBalanceRequest())
    books = {one.code: one.balance for one in found.balances}
    assert sum(books.values()) == 0
    assert (books["receivable"], books["opening"]) == (362_344, -17)
    assert books["tax:vat"] == -(19_945 + 27_280 + 50_936 + 21_480 + 40_172)
    assert books["adjustment"] == sum(TOTALS[:4])
    before = client.ledger.GetTrialBalance(ledger.GetTrialBalanceRequest(day="2016-04-17"))
    assert {one.code: one.balance for one in before.balances if one.balance} == {
        "receivable": 17,
        "opening": -17,
    }


def test_the_journal_is_read_page_by_page(works, client):
    request, found = ledger.ListEntriesRequest(page_size=3), []
    while True:
        page = client.ledger.ListEntries(request)
        assert len(page.entries) <= 3
        found += page.entries
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert len({entry.entry_id for entry in found}) == len(found) == 10
    assert [entry.day for entry in found] == sorted(entry.day for entry in found)
    assert all(sum(posting.amount for posting in entry.postings) == 0 for entry in found)
    assert all(len(entry.postings) > 1 for entry in found)
    assert found[0].kind == ledger.ENTRY_KIND_OPENING
    assert [entry.kind for entry in found].count(ledger.ENTRY_KIND_BILLS) == 5
    days = ledger.ListEntriesRequest(first_day=LAST, last_day=LAST)
    assert [entry.day for entry in client.ledger.ListEntries(days).entries] == [LAST]


def test_events_rebuild_the_balance(works, client):
    """A consumer that adds amounts by account has what the ledger has."""
    deadline, balance = time.monotonic() + 20, 0
    while balance != 362_344 and time.monotonic() < deadline:
        balance, after = 0, 0
        while page := client.events.ListEvents(
            event_service_pb2.ListEventsRequest(after=after)
        ).events:
            after = page[-1].sequence
            balance += sum(told_of(event, works.account_id) for event in page)
    assert balance == 362_344


def told_of(event, account_id):
    if event.kind not in ("bills.issued", "account_entries.posted"):
        return 0
    payload = json.loads(event.payload)
    pairs = zip(payload["account_ids"], payload["amounts"], strict=True)
    return sum(amount for account, amount in pairs if account == account_id)


def test_a_page_of_events_is_bounded_in_bytes(works, client, monkeypatch):
    """Events of a month-end are large; a walk over shorter pages misses none."""
    whole = client.events.ListEvents(event_service_pb2.ListEventsRequest(limit=10)).events
    monkeypatch.setattr("billcore.core.events.following.PAGE_BYTES", 1)
    found = []
    while len(found) < len(whole):
        after = found[-1].sequence if found else 0
        (event,) = client.events.ListEvents(
            event_service_pb2.ListEventsRequest(after=after, limit=10)
        ).events
        found.append(event)
    assert found == list(whole)


def test_verify_finds_nothing(works, client):
    first, *verdicts = client.admin.Verify(admin.VerifyRequest(), timeout=60)
    assert first.checks == len(verdicts)
    told = {answer.verdict.check: answer.verdict for answer in verdicts}
    assert {"books_agree", "bills_rerate", "events_rebuild_balances", "readings"} <= set(told)
    assert {verdict.provider for verdict in told.values()} == {waterworks.CODE}
    assert [verdict for verdict in told.values() if verdict.findings] == []


def test_the_house_verifies_everybody(works, other):
    _, *verdicts = other("house").admin.Verify(admin.VerifyRequest(), timeout=60)
    assert {answer.verdict.provider for answer in verdicts} >= {"", "north", waterworks.CODE}
    assert [answer.verdict for answer in verdicts if answer.verdict.findings] == []


# -- writes once, and none where refused


def test_a_repeated_call_bills_once(works, client):
    account_id = works.open_account("1500")
    meter_id = works.hang_meter("M1500", account_id)
    works.read(meter_id, iso("1395-10-06"), 120)
    order = works.order(account_id, iso("1395-10-06"), 253)
    request = billing.BillAccountRequest(request_id="once", order=order)
    raw = client.channel.unary_unary(
        "/billcore.v1.BillingService/BillAccount",
        request_serializer=billing.BillAccountRequest.SerializeToString,
    )
    first, again = raw(request), raw.with_call(request)
    assert again[0] == first
    assert ("x-billcore-replayed", "1") in [tuple(pair) for pair in again[1].trailing_metadata()]
    assert billing.BillAccountResponse.FromString(first).bill.header.total == TOTALS[0]
    listed = client.billing.ListBills(billing.ListBillsRequest(account_id=account_id)).bills
    assert len(listed) == 1
    request.order.last_day = iso("1395-10-07")
    with refused("ALREADY_EXISTS", "REQUEST_CONFLICT"):
        client.billing.BillAccount(request)
    with refused("FAILED_PRECONDITION", "ACCOUNT_UNBILLABLE"):  # it was billed up to that day
        works.bill(account_id, iso("1395-10-06"))


def test_simulating_tells_the_same_and_writes_nothing(works, client):
    account_id = works.open_account("1501")
    meter_id = works.hang_meter("M1501", account_id)
    works.read(meter_id, iso("1395-10-06"), 120)
    order = works.order(account_id, iso("1395-10-06"), 253)
    tried = client.billing.SimulateBill(billing.SimulateBillRequest(order=order)).bill
    assert works.statement(account_id).documents == []
    made = works.bill(account_id, iso("1395-10-06"), 253)
    tried.header.recorded_at = made.header.recorded_at
    assert tried == made
    works.read(meter_id, iso("1395-10-08"), 121)
    order = works.order(account_id, iso("1395-10-08"))
    with refused("ALREADY_EXISTS", "BILL_EXISTS"):
        client.billing.SimulateBill(billing.SimulateBillRequest(order=order))
    with refused("ALREADY_EXISTS", "BILL_EXISTS"):
        works.bill(account_id, iso("1395-10-08"))
    order.kind = billing.BILL_KIND_FINAL
    with refused("FAILED_PRECONDITION", "ACCOUNT_UNBILLABLE"):  # it goes on
        client.billing.BillAccount(billing.BillAccountRequest(request_id="final", order=order))


def test_an_account_that_cannot_be_billed(works, client):
    """The refusal says account, agreement and rule; nothing is written."""
    account_id = works.open_account("1502")
    works.hang_meter("M1502", account_id)
    with refused("FAILED_PRECONDITION", "ACCOUNT_UNBILLABLE") as found:
        works.bill(account_id, LAST)
    facts = found[0].facts
    assert (facts["account"], facts["agreement"], facts["rule"]) == (
        str(account_id),
        "1",
        "NO_READING",
    )
    assert works.statement(account_id).documents == []


def test_an_entry_is_undone_once(works, client):
    account_id = works.open_account("1503")
    posted = works.post(account_id, ledger.ENTRY_KIND_LATE_FEE, 500, LAST, "late")
    assert (posted.amount, posted.day, posted.reverses) == (500, LAST, 0)
    request = ledger.ReverseAccountEntryRequest(
        request_id="undo",
        account_id=account_id,
        account_entry_id=posted.account_entry_id,
        reason="waived",
    )
    undoing = client.ledger.ReverseAccountEntry(request).entry
    assert (undoing.amount, undoing.reverses) == (-500, posted.account_entry_id)
    assert client.ledger.ReverseAccountEntry(request).entry == undoing
    told = works.statement(account_id)
    assert [(d.what, d.amount, d.reverses) for d in told.documents] == [
        ("late_fee", 500, 0),
        ("late_fee reversal", -500, posted.account_entry_id),
    ]
    assert (told.closing, list(told.open_items)) == (0, [])
    request.request_id = "undo again"
    with refused("FAILED_PRECONDITION", "ENTRY_REVERSED"):
        client.ledger.ReverseAccountEntry(request)


def test_writes_are_audited_with_their_reason(works, client):
    works.post(works.open_account("1504"), ledger.ENTRY_KIND_ADJUSTMENT, -1, LAST, "a rial")
    deadline, found = time.monotonic() + 20, {}
    while "account_entry.posted" not in found and time.monotonic() < deadline:
        request = event_service_pb2.ListAuditRequest(limit=1_000)
        found = {row.action: row for row in client.events.ListAudit(request).rows}
    assert found["account_entry.posted"].reason == "as agreed"
    assert "bill.issued" in found


# -- who may, and for whom


def test_another_provider_s_money_is_unknown(works, other):
    south = other("south")
    account, bill = works.account_id, works.bills[0].header.bill_id
    entry = {"kind": ledger.ENTRY_KIND_ADJUSTMENT, "amount": 1, "reference": "x", "reason": "x"}
    order = works.order(account, LAST)
    calls = [
        (south.billing.BillAccount, billing.BillAccountRequest(request_id="s", order=order)),
        (south.billing.SimulateBill, billing.SimulateBillRequest(order=order)),
        (south.billing.ListBills, billing.ListBillsRequest(account_id=account)),
        (south.billing.ListBills, billing.ListBillsRequest(number="1421")),
        (south.billing.GetBill, billing.GetBillRequest(bill_id=bill)),
        (south.billing.ExplainBill, billing.BillingServiceExplainBillRequest(bill_id=bill)),
        (
            south.ledger.PostAccountEntry,
            ledger.PostAccountEntryRequest(request_id="s", account_id=account, **entry),
        ),
        (
            south.ledger.ReverseAccountEntry,
            ledger.ReverseAccountEntryRequest(
                request_id="s", account_id=account, account_entry_id=1, reason="x"
            ),
        ),
        (south.enquiries.GetBalance, enquiries.GetBalanceRequest(account_id=account)),
        (south.enquiries.GetStatement, enquiries.GetStatementRequest(account_id=account)),
        (
            south.enquiries.GetAccountSummary,
            enquiries.GetAccountSummaryRequest(account_id=account),
        ),
    ]
    for call, request in calls:
        with refused("NOT_FOUND"):
            call(request)
    assert list(south.ledger.ListEntries(ledger.ListEntriesRequest()).entries) == []
    books = south.ledger.GetTrialBalance(ledger.GetTrialBalanceRequest())
    assert list(books.balances) == []
    assert works.statement(works.account_id).closing == 362_344


def test_roles(works, other):
    """Viewers ask and try, billers bill, approvers post, admins verify."""
    viewer, clerk = other("viewer"), other("clerk")
    order = billing.BillOrder(account_id=1, last_day=LAST)
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
        viewer.billing.SimulateBill(billing.SimulateBillRequest(order=order))
    for one in (viewer, clerk):
        with refused("PERMISSION_DENIED", "ROLE_MISSING") as found:
            one.billing.BillAccount(billing.BillAccountRequest(request_id="v", order=order))
        assert found[0].facts["role"] == "biller"
        with refused("PERMISSION_DENIED", "ROLE_MISSING") as found:
            one.ledger.PostAccountEntry(ledger.PostAccountEntryRequest(request_id="v"))
        assert found[0].facts["role"] == "approver"
        with refused("PERMISSION_DENIED", "ROLE_MISSING"):
            list(one.admin.Verify(admin.VerifyRequest()))
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        clerk.enquiries.GetBalance(enquiries.GetBalanceRequest(account_id=1))


# -- bad input: each wrong field is named

ORDER = {"number": "1421", "last_day": LAST}

BAD_ORDERS = [
    ({"last_day": LAST}, "order.by"),
    ({"number": "1421"}, "order.last_day"),
    (ORDER | {"last_day": "1397-13-01"}, "order.last_day"),
    (ORDER | {"last_day": "yesterday"}, "order.last_day"),
    (ORDER | {"first_day": "2018-1-1"}, "order.first_day"),
    (ORDER | {"first_day": "2018-10-23"}, "order.first_day"),
    (ORDER | {"first_day": "2017-10-21"}, "order.first_day"),
    (ORDER | {"issued_day": "x"}, "order.issued_day"),
    (ORDER | {"issued_day": "0001-01-01"}, "order.issued_day"),
    (ORDER | {"issued_day": "0622-03-22"}, "order.issued_day"),
    (ORDER | {"issued_day": "9999-12-31"}, "order.issued_day"),
    (ORDER | {"kind": billing.BILL_KIND_CREDIT}, "order.kind"),
    (ORDER | {"kind": 77}, "order.kind"),
    (ORDER | {"stated_days": [billing.StatedDays(agreement_no=1)]}, "order.stated_days"),
    (ORDER | {"stated_days": [billing.StatedDays(agreement_no=1, days=-1)]}, "order.stated_days"),
    (
        ORDER | {"stated_days": [billing.StatedDays(agreement_no=1, days=9)] * 2},
        "order.stated_days",
    ),
    (
        ORDER | {"stated_days": [billing.StatedDays(agreement_no=1, days=9)] * 1_001},
        "order.stated_days",
    ),
]


@pytest.mark.parametrize(("fields", "wrong"), BAD_ORDERS)
def test_a_bad_order_names_its_field(client, fields, wrong):
    order = billing.BillOrder(**fields)
    with refused("INVALID_ARGUMENT") as found:
        client.billing.BillAccount(billing.BillAccountRequest(request_id="bad", order=order))
    assert list(found[0].fields) == [wrong]
    with refused("INVALID_ARGUMENT") as found:
        client.billing.SimulateBill(billing.SimulateBillRequest(order=order))
    assert list(found[0].fields) == [wrong]


def test_what_is_not_there(works, client):
    stated = [billing.StatedDays(agreement_no=7, days=9)]
    order = billing.BillOrder(stated_days=stated, **ORDER)
    with refused("NOT_FOUND", "AGREEMENT_UNKNOWN"):
        client.billing.SimulateBill(billing.SimulateBillRequest(order=order))
    bill = works.bills[0].header.bill_id
    for bill_id in (0, -1, 1, bill + 1, 2**63 - 1):
        with refused("NOT_FOUND", "BILL_UNKNOWN"):
            client.billing.GetBill(billing.GetBillRequest(bill_id=bill_id))
        with refused("NOT_FOUND", "BILL_UNKNOWN"):
            request = billing.BillingServiceExplainBillRequest(bill_id=bill_id)
            client.billing.ExplainBill(request)
    with refused("NOT_FOUND", "ENTRY_UNKNOWN"):
        request = ledger.ReverseAccountEntryRequest(
            request_id="none", number="1421", account_entry_id=5, reason="x"
        )
        client.ledger.ReverseAccountEntry(request)


ENTRY = {
    "request_id": "bad",
    "number": "1421",
    "kind": ledger.ENTRY_KIND_ADJUSTMENT,
    "amount": 1,
    "reference": "r",
    "reason": "why",
}

BAD_ENTRIES = [
    ({"number": ""}, "number", "NOT_FOUND"),
    ({"number": None}, "by", "INVALID_ARGUMENT"),
    ({"request_id": ""}, "request_id", "INVALID_ARGUMENT"),
    ({"kind": 0}, "kind", "INVALID_ARGUMENT"),
    ({"kind": 99}, "kind", "INVALID_ARGUMENT"),
    ({"kind": ledger.ENTRY_KIND_BILLS}, "kind", "INVALID_ARGUMENT"),
    ({"kind": ledger.ENTRY_KIND_TRANSFER}, "kind", "INVALID_ARGUMENT"),
    ({"kind": ledger.ENTRY_KIND_LATE_FEE, "amount": -1}, "amount", "INVALID_ARGUMENT"),
    ({"kind": ledger.ENTRY_KIND_WRITE_OFF, "amount": -1}, "kind", "INVALID_ARGUMENT"),
    ({"kind": ledger.ENTRY_KIND_PAYMENT}, "amount", "INVALID_ARGUMENT"),
    ({"day": "2018-02-30"}, "day", "INVALID_ARGUMENT"),
    ({"reference": ""}, "reference", "INVALID_ARGUMENT"),
    ({"reference": "r" * 101}, "reference", "INVALID_ARGUMENT"),
    ({"reason": " "}, "reason", "INVALID_ARGUMENT"),
    ({"reason": "r" * 501}, "reason", "INVALID_ARGUMENT"),
]


@pytest.mark.parametrize(("change", "wrong", "code"), BAD_ENTRIES)
def test_a_bad_entry_names_its_field(client, change, wrong, code):
    fields = {name: value for name, value in (ENTRY | change).items() if value is not None}
    with refused(code) as found:
        client.ledger.PostAccountEntry(ledger.PostAccountEntryRequest(**fields))
    assert list(found[0].fields) == [wrong]


@pytest.mark.parametrize("amount", [0, 10**17 + 1, -(10**17) - 1, 2**63 - 1, -(2**63)])
def test_an_amount_that_cannot_be(client, amount):
    with refused("INVALID_ARGUMENT", "AMOUNT_INVALID") as found:
        client.ledger.PostAccountEntry(ledger.PostAccountEntryRequest(**ENTRY | {"amount": amount}))
    assert list(found[0].fields) == ["amount"]


BAD_QUESTIONS = [
    ("enquiries.GetBalance", enquiries.GetBalanceRequest(), "by"),
    ("enquiries.GetBalance", enquiries.GetBalanceRequest(number="1421", day="x"), "day"),
    ("enquiries.GetBalance", enquiries.GetBalanceRequest(number="1421", known_at=-1), "known_at"),
    ("enquiries.GetStatement", enquiries.GetStatementRequest(), "by"),
    (
        "enquiries.GetStatement",
        enquiries.GetStatementRequest(number="1421", first_day="2020-01-02", last_day="2020-01-01"),
        "first_day",
    ),
    ("enquiries.GetStatement", enquiries.GetStatementRequest(number="1421", last_day="x"),
     "last_day"),
    ("enquiries.GetAccountSummary", enquiries.GetAccountSummaryRequest(), "by"),
    ("billing.ListBills", billing.ListBillsRequest(), "by"),
    ("billing.ListBills", billing.ListBillsRequest(number="1421", page_size=-1), "page_size"),
    ("billing.ListBills", billing.ListBillsRequest(number="1421", page_token="x"), "page_token"),
    ("ledger.GetTrialBalance", ledger.GetTrialBalanceRequest(day="x"), "day"),
    ("ledger.GetTrialBalance", ledger.GetTrialBalanceRequest(known_at=-1), "known_at"),
    ("ledger.ListEntries", ledger.ListEntriesRequest(first_day="x"), "first_day"),
    ("ledger.ListEntries", ledger.ListEntriesRequest(last_day="x"), "last_day"),
    ("ledger.ListEntries", ledger.ListEntriesRequest(page_size=-1), "page_size"),
    ("ledger.ListEntries", ledger.ListEntriesRequest(page_token="ZW50cnk6MS4y!"), "page_token"),
    ("ledger.ListEntries", ledger.ListEntriesRequest(page_token="ZW50cnk6eA=="), "page_token"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "request_", "wrong"), BAD_QUESTIONS)
def test_a_bad_question_names_its_field(client, call, request_, wrong):
    service, method = call.split(".")
    with refused("INVALID_ARGUMENT") as found:
        getattr(getattr(client, service), method)(request_)
    assert list(found[0].fields) == [wrong]


def test_one_verify_at_a_time(works, client, monkeypatch):
    """It reads the whole store: a second one is told to come again."""
    go_on = threading.Event()

    def held(reader, provider_ids):
        assert go_on.wait(20)
        yield from ()

    monkeypatch.setattr(verify, "verify", held)
    running = client.admin.Verify(admin.VerifyRequest(), timeout=60)
    next(running)
    with refused("RESOURCE_EXHAUSTED", "STREAMS_EXHAUSTED"):
        list(client.admin.Verify(admin.VerifyRequest(), timeout=60))
    go_on.set()
    assert list(running) == []
    assert len(list(client.admin.Verify(admin.VerifyRequest(), timeout=60))) == 1
