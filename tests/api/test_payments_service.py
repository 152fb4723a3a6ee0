"""PaymentService on a real server: every call done, refused, and told again."""

import re
import threading
import time
from pathlib import Path

import grpc
import pytest

from billcore.server import pages
from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import channel_service_pb2 as channels
from billcore.v1 import ledger_service_pb2 as ledger
from billcore.v1 import payment_service_pb2 as pb
from tests.api import stored, town_of_payers
from tests.api.client import Client, refused
from tests.api.town_of_payers import DEBT, balance, batch, header, order, post_all, raw, target

REPLAYED = "x-billcore-replayed"
API = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture(scope="module")
def app(folder, keys):
    """A server with a store; replaces the one without."""
    server = stored.server(folder, payment_streams_max=1)
    yield server
    server.drain()


@pytest.fixture(scope="module")
def town(app, keys):
    """Clients by the names of their keys: `kiosk` posts for the kiosk of north alone."""
    found = {name: Client(app.port, keys[name]) for name in ("house", "north", "south", "viewer")}
    for name in ("north", "south"):
        town_of_payers.furnish(found[name])
    for code, policies in (
        ("kiosk", town_of_payers.KIOSK), ("bank", ""), ("shut", ""), ("tills", town_of_payers.TILLS)
    ):  # fmt: skip
        town_of_payers.channel(found["north"], code, policies)
    town_of_payers.channel(found["south"], "till")
    for code in ("post", "closed"):
        town_of_payers.channel(found["house"], code)
    town_of_payers.terminal(found["north"], "tills", "T1")
    town_of_payers.enable(found["north"], "shut", False)
    town_of_payers.enable(found["house"], "closed", False)
    for name, owner, code in (("kiosk", "north", "kiosk"), ("postman", "house", "post")):
        key = town_of_payers.client_of(found[owner], name, code)
        keys[name] = key
        found[name] = Client(app.port, key)
    yield found
    for client in found.values():
        client.channel.close()


@pytest.fixture
def north(town):
    return town["north"]


@pytest.fixture
def name(request):
    """References of this test alone."""
    return request.node.name[:60]


def status(client, reference, code="kiosk"):
    return client.payments.GetPaymentStatus(
        pb.GetPaymentStatusRequest(channel=code, reference=reference)
    )


def state(client, reference, code="kiosk"):
    return pb.PaymentState.Name(status(client, reference, code).state).removeprefix(
        "PAYMENT_STATE_"
    )


def told_again(client, method, request):
    """The answer of a call, which is answered again byte for byte."""
    first, trailers = raw(client, method, request)
    assert REPLAYED not in trailers
    second, trailers = raw(client, method, request)
    assert second == first
    assert trailers[REPLAYED] == "1"
    return first


# -- posted


def test_a_payment_is_posted_and_told(north, name):
    owed = balance(north, "A1")
    given = order(name, "A1", 1_234, fee=20, value_day=town_of_payers.today())
    made = north.payments.PostPayment(given)
    paid = made.payment
    assert (made.currency, made.digits) == ("USD", 2)
    assert (paid.state, paid.code) == (pb.PAYMENT_STATE_POSTED, pb.PAYMENT_CODE_OK)
    assert (paid.channel, paid.reference, paid.amount, paid.fee) == ("kiosk", name, 1_234, 20)
    assert paid.day == paid.value_day == town_of_payers.today()
    assert paid.paid_at == paid.recorded_at > 0
    assert balance(north, "A1") == owed - 1_234
    found = status(north, name)
    assert (found.state, found.payment) == (pb.PAYMENT_STATE_POSTED, paid)
    assert (found.currency, found.digits) == ("USD", 2)
    assert not found.HasField("reversal")
    assert not found.HasField("reservation")


def test_a_payment_told_again_has_the_first_answer_byte_for_byte(north, name):
    owed = balance(north, "A1")
    answer = told_again(north, "PostPayment", order(name, paid_at=town_of_payers.micros()))
    assert pb.PostPaymentResponse.FromString(answer).payment.reference == name
    assert balance(north, "A1") == owed - 1_000


def test_another_payment_under_the_reference_is_refused(north, name):
    north.payments.PostPayment(order(name))
    with refused("ALREADY_EXISTS", "PAYMENT_CONFLICT") as found:
        north.payments.PostPayment(order(name, amount=1_001))
    assert found[0].facts == {"reference": name, "differs": "amount"}
    assert "was 1000, now 1001" in found[0].message


def test_a_day_long_past_decides_lateness(north, name):
    """The effective day is the payer's, not that of the call."""
    paid_at = town_of_payers.micros() - 3 * 86_400 * 1_000_000
    paid = north.payments.PostPayment(order(name, paid_at=paid_at)).payment
    assert paid.paid_at == paid_at < paid.recorded_at
    assert paid.day < town_of_payers.today()
    with refused("INVALID_ARGUMENT", "PAYMENT_INVALID") as found:
        north.payments.PostPayment(order(f"{name}2", paid_at=paid_at - 100 * 86_400 * 1_000_000))
    assert found[0].facts["field"] == "paid_at"


WRONG = [
    # change, code, reason, field
    ({"channel": "nowhere"}, "NOT_FOUND", "CHANNEL_UNKNOWN", "channel"),
    ({"channel": "till"}, "NOT_FOUND", "CHANNEL_UNKNOWN", "channel"),
    ({"channel": "shut"}, "FAILED_PRECONDITION", "CHANNEL_DISABLED", "channel"),
    ({"channel": "tills"}, "INVALID_ARGUMENT", "FIELD_REFUSED", "terminal"),
    ({"terminal": "K9"}, "NOT_FOUND", "TERMINAL_UNKNOWN", "terminal"),
    ({"reference": ""}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "reference"),
    ({"reference": "x" * 101}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "reference"),
    ({"target": None}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "target.kind"),
    ({"target": target("x", pb.TARGET_KIND_TEXT)}, "INVALID_ARGUMENT", "PAYMENT_INVALID",
     "target.kind"),
    ({"target": target("")}, "INVALID_ARGUMENT", "ACCOUNT_FORMAT", "target.text"),
    ({"target": target("1x", pb.TARGET_KIND_BILL)}, "INVALID_ARGUMENT", "ACCOUNT_FORMAT",
     "target.text"),
    ({"target": target("nobody")}, "NOT_FOUND", "ACCOUNT_NOT_FOUND", ""),
    ({"target": target("2251799824986112", pb.TARGET_KIND_BILL)}, "NOT_FOUND",
     "ACCOUNT_NOT_FOUND", ""),
    ({"amount": 0}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "amount"),
    ({"amount": -5}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "amount"),
    ({"amount": 99}, "OUT_OF_RANGE", "AMOUNT_LOW", ""),
    ({"amount": 1_000_001}, "OUT_OF_RANGE", "AMOUNT_HIGH", ""),
    ({"fee": -1}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "fee"),
    ({"paid_at": -1}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "paid_at"),
    ({"value_day": "2024-02-30"}, "INVALID_ARGUMENT", "FIELD_REFUSED", "value_day"),
    ({"currency": "EUR"}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "currency"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "reason", "field"), WRONG)
def test_what_is_refused_says_why_and_writes_nothing(north, name, change, code, reason, field):
    given = {"channel": "kiosk", "reference": name, "target": target("A1"), "amount": 1_000}
    owed = balance(north, "A1")
    with refused(code, reason) as found:
        north.payments.PostPayment(pb.PostPaymentRequest(**given | change))
    assert found[0].facts.get("field", "") == field
    assert list(found[0].fields) == ([field] if field else [])
    assert not found[0].retryable
    assert state(north, name) == "UNKNOWN"
    assert balance(north, "A1") == owed


def test_a_terminal_is_named_where_the_channel_asks_for_it(north, name):
    paid = north.payments.PostPayment(order(name, channel="tills", terminal="T1")).payment
    assert paid.state == pb.PAYMENT_STATE_POSTED
    with refused("INVALID_ARGUMENT", "FIELD_REFUSED"):
        north.payments.PostPayment(order(name, channel="tills"))
    request = pb.FetchBillRequest(channel="tills", target=target("A1"))
    assert north.payments.FetchBill(request).accounts[0].number == "A1"
    assert state(north, name, "tills") == "POSTED"


def test_many_at_once_under_one_reference_are_one_payment(app, keys, town, name):
    """Thirty-two callers, of two clients: one posting, one answer."""
    clients = [Client(app.port, keys[k]) for k in ("north", "kiosk")]
    owed, answers, start = balance(town["north"], "A2"), [], threading.Barrier(32)

    def call(client):
        start.wait()
        answers.append(raw(client, "PostPayment", order(name, "A2")))

    threads = [threading.Thread(target=call, args=[clients[n % 2]]) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for client in clients:
        client.channel.close()
    assert len({answer for answer, _ in answers}) == 1
    assert sum(REPLAYED not in trailers for _, trailers in answers) == 1
    assert balance(town["north"], "A2") == owed - 1_000


def test_channels_have_references_of_their_own(north, name):
    for code in ("kiosk", "bank", "post"):
        north.payments.PostPayment(order(name, channel=code))
    assert state(north, name, "post") == "POSTED"


# -- whose


def test_another_provider_s_accounts_and_payments_are_unknown(town, name):
    """What north's channel and accounts are, south cannot tell."""
    town["north"].payments.PostPayment(order(name, channel="post"))
    south = town["south"]
    with refused("NOT_FOUND", "CHANNEL_UNKNOWN"):
        south.payments.PostPayment(order(name))
    assert state(south, name, "post") == "UNKNOWN"
    with refused("NOT_FOUND", "PAYMENT_UNKNOWN"):
        south.payments.ReversePayment(reversal(name, channel="post"))
    owed = balance(town["north"], "A1")
    paid = south.payments.PostPayment(order(name, channel="post")).payment
    assert paid.state == pb.PAYMENT_STATE_POSTED  # its own A1
    assert balance(town["north"], "A1") == owed


def test_a_client_of_a_channel_posts_for_it_alone(town, name):
    kiosk = town["kiosk"]
    assert kiosk.payments.PostPayment(order(name)).payment.reference == name
    part = pb.SplitPart(target=target("A1"), amount=100)
    for call, request in (
        (kiosk.payments.PostPayment, order(name, channel="bank")),
        (kiosk.payments.FetchBill, pb.FetchBillRequest(channel="bank", target=target("A1"))),
        (kiosk.payments.GetPaymentStatus,
         pb.GetPaymentStatusRequest(channel="bank", reference=name)),
        (kiosk.payments.ReversePayment, reversal(name, channel="bank")),
        (kiosk.payments.ReservePayment, reservation(name, channel="bank")),
        (kiosk.payments.ConfirmPayment, pb.ConfirmPaymentRequest(channel="bank", reference=name)),
        (kiosk.payments.ReleasePayment, pb.ReleasePaymentRequest(channel="bank", reference=name)),
        (kiosk.payments.SplitPayment,
         pb.SplitPaymentRequest(channel="bank", reference=name, parts=[part])),
        (town["postman"].payments.SplitPayment,
         pb.SplitPaymentRequest(channel="closed", reference=name, parts=[part])),
        (town["postman"].payments.GetPaymentStatus,
         pb.GetPaymentStatusRequest(channel="closed", reference=name)),
    ):  # fmt: skip
        with refused("PERMISSION_DENIED", "CHANNEL_FORBIDDEN"):
            call(request)
    with refused("PERMISSION_DENIED", "CHANNEL_FORBIDDEN"):
        post_all(kiosk, header("bank"))


def test_cashiers_pay_viewers_look(town, name):
    viewer, kiosk = town["viewer"], town["kiosk"]
    assert viewer.payments.ListSuspense(pb.ListSuspenseRequest()).currency == "USD"
    for call, request in (
        (viewer.payments.PostPayment, order(name)),
        (viewer.payments.FetchBill, pb.FetchBillRequest()),
        (viewer.payments.GetPaymentStatus, pb.GetPaymentStatusRequest()),
        (viewer.payments.ReversePayment, pb.ReversePaymentRequest()),
        (kiosk.payments.ListSuspense, pb.ListSuspenseRequest()),
        (kiosk.payments.TransferSuspense, pb.TransferSuspenseRequest(request_id=name)),
    ):
        with refused("PERMISSION_DENIED", "ROLE_MISSING"):
            call(request)


def test_the_house_names_the_provider_for_which_it_posts(app, keys, town, name):
    with refused("INVALID_ARGUMENT", "PROVIDER_NOT_NAMED"):
        town["house"].payments.PostPayment(order(name, channel="post"))
    named = Client(app.port, keys["house"], x_billcore_provider="south")
    owed = balance(town["south"], "A1")
    assert named.payments.PostPayment(order(name, channel="post")).payment.amount == 1_000
    assert balance(town["south"], "A1") == owed - 1_000
    named.channel.close()


# -- listed


def span(**more) -> pb.ListPaymentsRequest:
    """The payments of the kiosk from three days ago on."""
    now = town_of_payers.micros()
    given = {"channel": "kiosk", "paid_from": now - 3 * 86_400_000_000, "paid_until": now + 1}
    return pb.ListPaymentsRequest(**given | more)


def test_payments_are_listed(town, name):
    """With what became of them, to the channel's own client, to viewers and to cashiers."""
    kiosk, north = town["kiosk"], town["north"]
    begun = town_of_payers.micros()
    first = kiosk.payments.PostPayment(order(f"{name}-1", "A3", 500, terminal="")).payment
    parts = [pb.SplitPart(target=target(number), amount=150) for number in ("A3", "A2")]
    split = north.payments.SplitPayment(
        pb.SplitPaymentRequest(channel="kiosk", reference=f"{name}-2", parts=parts)
    ).payments
    undone = kiosk.payments.ReversePayment(
        pb.ReversePaymentRequest(
            channel="kiosk", reference=f"u{name}", payment_reference=f"{name}-1",
            kind="REVERSAL_KIND_CANCELLED", reason="r",
        )
    ).reversal  # fmt: skip
    request = span(paid_from=begun)
    found = kiosk.payments.ListPayments(request)
    assert (found.count, found.amount, found.currency, found.digits) == (2, 800, "USD", 2)
    assert found.next_page_token == ""
    one, other = found.payments
    assert (one.payment, one.reversal, list(one.parts)) == (first, undone, [])
    assert (one.payment.target.kind, one.payment.target.text) == (town_of_payers.ACCOUNT, "A3")
    assert list(other.parts) == list(split)
    assert (other.payment.amount, other.payment.reference) == (300, f"{name}-2")
    assert not other.payment.HasField("target")
    assert [part.target.text for part in other.parts] == ["A3", "A2"]
    assert not other.HasField("reversal")
    for client in (town["viewer"], north):
        assert client.payments.ListPayments(request) == found
    with refused("PERMISSION_DENIED", "CHANNEL_FORBIDDEN"):
        kiosk.payments.ListPayments(span(channel="bank"))
    with refused("NOT_FOUND", "CHANNEL_UNKNOWN"):
        town["south"].payments.ListPayments(request)


def test_lists_of_payments_have_pages(town, name):
    """A page token belongs to its span and channel; payments are told once, newest last."""
    kiosk, begun = town["kiosk"], town_of_payers.micros()
    for number in range(7):
        kiosk.payments.PostPayment(order(f"{name}-{9 - number}: ü", "A3", 100 + number))
    request, told = span(paid_from=begun, page_size=3), []
    while True:
        page = kiosk.payments.ListPayments(request)
        told += [one.payment.reference for one in page.payments]
        if not page.next_page_token:
            break
        assert (page.count, page.amount) == (0, 0)
        request.page_token = page.next_page_token
    assert told == [f"{name}-{9 - number}: ü" for number in range(7)]
    assert (page.count, page.amount) == (7, 721)
    for wrong in (
        span(paid_from=begun - 1, page_token=request.page_token),
        span(paid_from=begun, channel="bank", page_token=request.page_token),
        span(page_token="nonsense"),
        span(page_size=-1),
    ):
        with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
            town["north"].payments.ListPayments(wrong)


@pytest.mark.parametrize(
    "said", ["7:8", "x:8:r", "7:8:", "99999999:1:r", "7:-8:r", "7:8:" + "r" * 101]
)
def test_tokens_that_nobody_was_told(town, said):
    """Are refused, not guessed at."""
    request = span(paid_from=5, paid_until=6)
    channel = town["north"].channels.GetChannel(channels.GetChannelRequest(channel="kiosk")).channel
    request.page_token = pages.token(f"payments/1/{channel.channel_no}/5/6", said)
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as found:
        town["north"].payments.ListPayments(request)
    assert list(found[0].fields) == ["page_token"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"paid_from": 0}, "paid_from"),
        ({"paid_from": -(2**63)}, "paid_from"),
        ({"paid_until": 0}, "paid_until"),
        ({"paid_from": 1}, "paid_until"),
        ({"paid_from": 2**63 - 1, "paid_until": 2**63 - 1}, "paid_from"),
    ],
)
def test_spans_that_are_refused(town, wrong, field):
    with refused("INVALID_ARGUMENT", "PAYMENT_INVALID") as found:
        town["north"].payments.ListPayments(span(**wrong))
    assert list(found[0].fields) == [field]


def test_the_house_names_the_provider_whose_payments_it_lists(app, keys, town):
    with refused("INVALID_ARGUMENT", "PROVIDER_NOT_NAMED"):
        town["house"].payments.ListPayments(span())
    named = Client(app.port, keys["house"], x_billcore_provider="south")
    assert named.payments.ListPayments(span(channel="post")).currency == "USD"
    named.channel.close()


# -- fetched


def test_what_there_is_to_pay(north):
    request = pb.FetchBillRequest(channel="kiosk", target=target("A4"))
    found = north.payments.FetchBill(request)
    assert (found.code, found.currency, found.digits) == (pb.PAYMENT_CODE_OK, "USD", 2)
    assert found.recognised == pb.TARGET_KIND_ACCOUNT
    (one,) = found.accounts
    assert (one.number, one.name, one.address) == ("A4", "M*** K***", "Lane *")
    assert (one.code, one.balance, one.payable) == (pb.PAYMENT_CODE_OK, DEBT, DEBT)
    assert (one.least, one.most, one.exactness) == (100, 1_000_000, pb.EXACTNESS_ANY)
    (document,) = one.documents
    assert (document.what, document.amount, document.open) == ("opening", DEBT, DEBT)
    assert (document.bill_id, document.day) == (0, "2020-02-01")


def test_nothing_is_due_of_closed_and_future_accounts(north, name):
    customer = accounts.GetCustomerRequest(number="C1")
    owner = north.accounts.GetCustomer(customer).customer.customer_id
    wanted = {
        "F1": (pb.PAYMENT_CODE_NOTHING_DUE, {}),
        "F2": (pb.PAYMENT_CODE_ACCOUNT_CLOSED, {"closed_day": "2021-01-01"}),
        "F3": (pb.PAYMENT_CODE_ACCOUNT_INACTIVE, {"opened_day": "2190-01-01"}),
    }
    for number, (code, more) in wanted.items():
        town_of_payers.open_account(north, number, owner, **more)
        request = pb.FetchBillRequest(channel="kiosk", target=target(number))
        found = north.payments.FetchBill(request)
        assert found.code == pb.PAYMENT_CODE_NOTHING_DUE
        assert [(a.code, a.payable, a.fee) for a in found.accounts] == [(code, 0, 0)]
    for number, reason in (("F2", "ACCOUNT_CLOSED"), ("F3", "ACCOUNT_INACTIVE")):
        with refused("FAILED_PRECONDITION", reason):
            north.payments.PostPayment(order(f"{name}{number}", number))
        taken = order(f"{name}{number}", number, money_taken=True)
        assert north.payments.PostPayment(taken).payment.state == pb.PAYMENT_STATE_SUSPENDED


@pytest.mark.parametrize(
    ("given", "code", "reason"),
    [
        ({"target": target("nobody")}, "NOT_FOUND", "ACCOUNT_NOT_FOUND"),
        ({"target": target("")}, "INVALID_ARGUMENT", "ACCOUNT_FORMAT"),
        ({}, "INVALID_ARGUMENT", "PAYMENT_INVALID"),
        ({"channel": "shut", "target": target("A1")}, "FAILED_PRECONDITION", "CHANNEL_DISABLED"),
    ],
)
def test_what_cannot_be_fetched(north, given, code, reason):
    with refused(code, reason):
        north.payments.FetchBill(pb.FetchBillRequest(**{"channel": "kiosk"} | given))


# -- streams


def test_a_stream_is_answered_row_by_row(north, name):
    owed = balance(north, "A3")
    names = [f"{name}{n}" for n in range(5)]
    opened, done, again = post_all(
        north,
        header(),
        batch(names, ["A3", "A3", "nobody", "A3", "A3"], [100, 200, 300, 99, 400],
              fees=[0, 1, 0, 0, 0]),
        batch([names[0], names[4]], ["A3", "A3"], [100, 401], target_kinds=[1, 1]),
    )  # fmt: skip
    assert opened.opened.rows_max == 50_000
    codes = [pb.PaymentCode.Name(c).removeprefix("PAYMENT_CODE_") for c in done.posted.codes]
    assert codes == ["OK", "OK", "ACCOUNT_NOT_FOUND", "AMOUNT_LOW", "OK"]
    assert list(done.posted.states) == [6, 6, 0, 0, 6]
    assert [bool(i) for i in done.posted.payment_ids] == [True, True, False, False, True]
    assert [(r.row, r.code) for r in done.posted.refused] == [
        (2, pb.PAYMENT_CODE_ACCOUNT_NOT_FOUND), (3, pb.PAYMENT_CODE_AMOUNT_LOW),
    ]  # fmt: skip
    assert done.posted.recorded_at > 0
    assert list(again.posted.codes) == [pb.PAYMENT_CODE_OK_REPLAYED, pb.PAYMENT_CODE_CONFLICT]
    assert again.posted.payment_ids[0] == done.posted.payment_ids[0]
    assert "was 400, now 401" in again.posted.refused[0].message
    assert again.posted.recorded_at == 0  # nothing is new
    assert balance(north, "A3") == owed - 700
    assert status(north, names[1]).payment.fee == 1
    assert state(north, names[2]) == "UNKNOWN"


def test_a_stream_of_money_that_was_taken_refuses_no_target(north, name):
    _, done = post_all(
        north, header(money_taken=True), batch([name], ["nobody"], [5])
    )  # below the channel's least, too
    assert list(done.posted.states) == [pb.PAYMENT_STATE_SUSPENDED]
    assert state(north, name) == "SUSPENDED"


def test_a_stream_names_its_terminal(north, name):
    with refused("INVALID_ARGUMENT", "FIELD_REFUSED"):
        post_all(north, header("tills"))
    _, done = post_all(north, header("tills", terminal="T1"), batch([name], ["A1"], [100]))
    assert list(done.posted.codes) == [pb.PAYMENT_CODE_OK]


def test_a_broken_stream_is_sent_again(north, name):
    """What was answered is answered as replayed, what was not is posted: nothing twice."""
    owed = balance(north, "A3")
    batches = [
        batch([f"{name}{n}{i}" for i in range(10)], ["A3"] * 10, [100] * 10) for n in range(3)
    ]

    def broken():
        yield header()
        yield from batches[:2]
        time.sleep(30)

    stream = north.payments.PostPayments(broken())
    first = [next(stream) for _ in range(3)][1:]
    stream.cancel()
    deadline = time.monotonic() + 20  # the thread of the cancelled stream may still hold its place
    while True:
        try:
            _, *answers = post_all(north, header(), *batches)
            break
        except Exception as error:
            if "RESOURCE_EXHAUSTED" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    codes = [set(answer.posted.codes) for answer in answers]
    assert codes == [{pb.PAYMENT_CODE_OK_REPLAYED}] * 2 + [{pb.PAYMENT_CODE_OK}]
    for before, after in zip(first, answers, strict=False):
        assert after.posted.payment_ids == before.posted.payment_ids
    assert balance(north, "A3") == owed - 3_000


@pytest.mark.parametrize(
    ("requests", "reason", "field"),
    [
        ([batch(["a"], ["A1"], [100])], "REQUEST_INVALID", "header"),
        ([header(), header()], "REQUEST_INVALID", "batch"),
        ([header(), batch([], [], [], rows=0)], "BATCH_TOO_LARGE", "rows_max"),
        ([header(), batch(["a"], ["A1"], [100], rows=50_001)], "BATCH_TOO_LARGE", "rows_max"),
        ([header(), batch(["a"], ["A1"], [100], rows=2)], "COLUMN_INVALID", "references"),
        ([header(), batch(["a"], ["A1"], [])], "REQUEST_INVALID", "batch.amounts"),
        ([header(), batch(["a"], ["A1"], [100], fees=[1, 2])], "REQUEST_INVALID", "batch.fees"),
        ([header(), batch(["a", "b"], ["A1", "A1"], [100, 100], target_kinds=[])],
         "REQUEST_INVALID", "batch.target_kinds"),
    ],
)  # fmt: skip
def test_a_stream_that_breaks_the_rules_ends(north, requests, reason, field):
    with refused("INVALID_ARGUMENT", reason) as found:
        post_all(north, *requests)
    assert list(found[0].fields) == [field]


def test_only_so_many_streams_are_open(north, name):
    hold = threading.Event()

    def waiting():
        yield header()
        hold.wait(30)

    stream = north.payments.PostPayments(waiting())
    assert next(stream).HasField("opened")
    with refused("RESOURCE_EXHAUSTED", "STREAMS_EXHAUSTED") as found:
        post_all(north, header())
    assert found[0].retryable
    assert found[0].facts["limit"] == "payment_streams_max"
    hold.set()
    assert list(stream) == []


def test_a_stream_ends_when_its_channel_is_disabled(north, name):
    town_of_payers.channel(north, "fair")
    go = threading.Event()

    def sent():
        yield header("fair")
        yield batch([name], ["A1"], [100])
        go.wait(30)
        yield batch([f"{name}2"], ["A1"], [100])

    stream = north.payments.PostPayments(sent())
    next(stream)
    assert list(next(stream).posted.codes) == [pb.PAYMENT_CODE_OK]
    town_of_payers.enable(north, "fair", False)
    time.sleep(1.1)  # so long a process may go on with what it knows
    go.set()
    with refused("FAILED_PRECONDITION", "CHANNEL_DISABLED"):
        next(stream)
    assert state(north, f"{name}2", "fair") == "UNKNOWN"
    done = north.payments.ReversePayment(reversal(name, channel="fair"))  # it may be taken back
    assert done.reversal.amount == 100


# -- the queue


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    """A server that keeps one payment waiting, with an account and a channel; its client."""
    folder = tmp_path_factory.mktemp("narrow")
    keys = stored.fill(folder)
    server = stored.server(folder, payments_waiting_max=1)
    client = Client(server.port, keys["north"])
    town_of_payers.furnish(client)
    town_of_payers.channel(client, "kiosk")
    yield server, client
    client.channel.close()
    server.drain()


def test_a_full_queue_refuses_and_says_when_to_come_back(narrow):
    """One payment is being posted, one waits, the third is refused and may be sent again."""
    server, client = narrow
    client.payments.PostPayment(order("warm"))  # the place is known from now on
    with town_of_payers.store_held(server):
        calls = [client.payments.PostPayment.future(order("q1"))]
        until(lambda: state(client, "q1") == "IN_PROGRESS" and not server._writer.waiting)
        calls.append(client.payments.PostPayment.future(order("q2")))
        until(lambda: server._writer.waiting == 1)
        with refused("RESOURCE_EXHAUSTED", "PAYMENT_QUEUE_FULL") as found:
            client.payments.PostPayment(order("q3"))
        assert found[0].retryable
        assert state(client, "q2") == "IN_PROGRESS"
        assert status(client, "q2").currency == "USD"
        assert state(client, "q3") == "UNKNOWN"
    assert [call.result().payment.reference for call in calls] == ["q1", "q2"]
    assert client.payments.PostPayment(order("q3")).payment.amount == 1_000
    assert state(client, "q1") == "POSTED"


def until(holds, seconds=20):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# -- taken back


def reversal(payment, kind=pb.REVERSAL_KIND_CANCELLED, **more):
    given = {"channel": "kiosk", "reference": f"undo {payment}", "reason": "payer's wish"} | more
    return pb.ReversePaymentRequest(payment_reference=payment, kind=kind, **given)


def test_a_payment_is_taken_back_once(north, name):
    owed = balance(north, "A1")
    north.payments.PostPayment(order(name))
    done = pb.ReversePaymentResponse.FromString(told_again(north, "ReversePayment", reversal(name)))
    undone = done.reversal
    assert (undone.amount, undone.charged, undone.reference) == (1_000, 0, f"undo {name}")
    assert (undone.kind, undone.reason) == (pb.REVERSAL_KIND_CANCELLED, "payer's wish")
    assert undone.day == town_of_payers.today()
    assert (done.currency, done.digits) == ("USD", 2)
    assert balance(north, "A1") == owed
    found = status(north, name)
    assert (found.state, found.reversal) == (pb.PAYMENT_STATE_REVERSED, undone)
    assert found.payment.state == pb.PAYMENT_STATE_POSTED  # as it was posted
    with refused("FAILED_PRECONDITION", "PAYMENT_REVERSED") as refusal:
        north.payments.ReversePayment(reversal(name, reference="again"))
    assert refusal[0].facts["reversal"] == f"undo {name}"
    with refused("ALREADY_EXISTS", "PAYMENT_CONFLICT"):
        north.payments.ReversePayment(reversal(name, reason="another"))
    answer, trailers = raw(north, "PostPayment", order(name))  # still the first answer
    assert trailers[REPLAYED] == "1"
    assert pb.PostPaymentResponse.FromString(answer).payment == found.payment


def test_a_payment_that_bounces_costs_what_the_provider_says(north, name):
    owed = balance(north, "A2")
    north.payments.PostPayment(order(name, "A2"))
    done = north.payments.ReversePayment(reversal(name, pb.REVERSAL_KIND_DISHONOURED))
    assert done.reversal.charged == 750
    assert balance(north, "A2") == owed + 750


@pytest.mark.parametrize(
    ("change", "code", "reason", "field"),
    [
        ({"payment_reference": "never told"}, "NOT_FOUND", "PAYMENT_UNKNOWN", ""),
        ({"kind": 0}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "kind"),
        ({"kind": 9}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "kind"),
        ({"reason": ""}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "reason"),
        ({"reference": ""}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "reference"),
        ({"day": "x"}, "INVALID_ARGUMENT", "FIELD_REFUSED", "day"),
        ({"channel": "nowhere"}, "NOT_FOUND", "CHANNEL_UNKNOWN", "channel"),
    ],
)
def test_a_reversal_that_is_refused(north, name, change, code, reason, field):
    north.payments.PostPayment(order(name))
    given = {"channel": "kiosk", "reference": "r", "payment_reference": name, "kind": 1,
             "reason": "x"}  # fmt: skip
    with refused(code, reason) as found:
        north.payments.ReversePayment(pb.ReversePaymentRequest(**given | change))
    assert found[0].facts.get("field", "") == field
    assert state(north, name) == "POSTED"


def test_a_channel_cancels_for_so_many_days(north, name):
    town_of_payers.channel(north, "today", '{"reversal_days": 0}')
    north.payments.PostPayment(order(name, channel="today"))
    with refused("FAILED_PRECONDITION", "REVERSAL_LATE") as found:
        north.payments.ReversePayment(reversal(name, channel="today"))
    assert found[0].facts["days"] == "0"
    done = north.payments.ReversePayment(
        reversal(name, pb.REVERSAL_KIND_CHARGEBACK, channel="today")
    )
    assert done.reversal.amount == 1_000


# -- in two phases


def reservation(reference, number="A1", **more):
    given = {"channel": "kiosk", "target": target(number), "amount": 1_000} | more
    return pb.ReservePaymentRequest(reference=reference, **given)


def confirmation(reference, **more):
    return pb.ConfirmPaymentRequest(**{"channel": "kiosk", "reference": reference} | more)


def release(reference):
    return pb.ReleasePaymentRequest(channel="kiosk", reference=reference)


def test_a_reservation_is_confirmed(north, name):
    owed = balance(north, "A1")
    answer = told_again(north, "ReservePayment", reservation(name))
    made = pb.ReservePaymentResponse.FromString(answer)
    assert (made.reservation.amount, made.currency) == (1_000, "USD")
    assert made.reservation.expires_at == made.reservation.recorded_at + 900 * 1_000_000
    assert balance(north, "A1") == owed
    found = status(north, name)
    assert (found.state, found.reservation) == (pb.PAYMENT_STATE_RESERVED, made.reservation)
    assert not found.HasField("payment")
    with refused("ALREADY_EXISTS", "PAYMENT_CONFLICT"):
        north.payments.ReservePayment(reservation(name, amount=1_001))
    done = pb.ConfirmPaymentResponse.FromString(
        told_again(north, "ConfirmPayment", confirmation(name))
    )
    assert (done.payment.state, done.payment.amount) == (pb.PAYMENT_STATE_POSTED, 1_000)
    assert (done.currency, done.digits) == ("USD", 2)
    with refused("ALREADY_EXISTS", "PAYMENT_CONFLICT") as conflict:
        north.payments.ConfirmPayment(confirmation(name, paid_at=town_of_payers.micros()))
    assert conflict[0].facts["differs"] == "paid_at"
    assert balance(north, "A1") == owed - 1_000
    assert status(north, name).payment == done.payment
    with refused("FAILED_PRECONDITION", "RESERVATION_ENDED"):
        north.payments.ReleasePayment(release(name))
    assert raw(north, "ReservePayment", reservation(name))[0] == answer


def test_a_reservation_is_released(north, name):
    owed = balance(north, "A1")
    north.payments.ReservePayment(reservation(name))
    answer = told_again(north, "ReleasePayment", release(name))
    assert pb.ReleasePaymentResponse.FromString(answer).state == pb.PAYMENT_STATE_RELEASED
    assert state(north, name) == "RELEASED"
    with refused("FAILED_PRECONDITION", "RESERVATION_ENDED") as found:
        north.payments.ConfirmPayment(confirmation(name))
    assert found[0].facts["state"] == "RELEASED"
    done = north.payments.ConfirmPayment(confirmation(name, money_taken=True))
    assert done.payment.state == pb.PAYMENT_STATE_POSTED
    assert balance(north, "A1") == owed - 1_000


def test_a_reservation_ends_by_itself(north, name):
    north.payments.ReservePayment(reservation(name, seconds=1))
    until(lambda: state(north, name) == "EXPIRED")
    with refused("FAILED_PRECONDITION", "RESERVATION_ENDED"):
        north.payments.ConfirmPayment(confirmation(name))
    released = north.payments.ReleasePayment(release(name))
    assert released.state == pb.PAYMENT_STATE_EXPIRED


@pytest.mark.parametrize(
    ("change", "code", "reason"),
    [
        ({"target": target("nobody")}, "NOT_FOUND", "ACCOUNT_NOT_FOUND"),
        ({"amount": 5}, "OUT_OF_RANGE", "AMOUNT_LOW"),
        ({"seconds": 901}, "INVALID_ARGUMENT", "PAYMENT_INVALID"),
        ({"seconds": -1}, "INVALID_ARGUMENT", "PAYMENT_INVALID"),
        ({"reference": "\n"}, "INVALID_ARGUMENT", "PAYMENT_INVALID"),
        ({"channel": "shut"}, "FAILED_PRECONDITION", "CHANNEL_DISABLED"),
    ],
)
def test_a_reservation_that_is_refused(north, name, change, code, reason):
    given = {"channel": "kiosk", "reference": name, "target": target("A1"), "amount": 1_000}
    with refused(code, reason):
        north.payments.ReservePayment(pb.ReservePaymentRequest(**given | change))
    assert state(north, name) == "UNKNOWN"
    for call, request in (
        (north.payments.ConfirmPayment, confirmation(name)),
        (north.payments.ReleasePayment, release(name)),
    ):
        with refused("NOT_FOUND", "PAYMENT_UNKNOWN"):
            call(request)


# -- split


def act(reference, *parts, code="post", **more):
    """parts: (provider, account, amount)."""
    given = [
        pb.SplitPart(provider=provider, target=target(number), amount=amount)
        for provider, number, amount in parts
    ]
    return pb.SplitPaymentRequest(channel=code, reference=reference, parts=given, **more)


def test_the_house_splits_an_act_over_two_providers(town, name):
    """All of it is posted, asked for and taken back as one."""
    before = [balance(town[p], "A3") for p in ("north", "south")]
    request = act(name, ("north", "A3", 700), ("south", "A3", 300))
    for who in ("house", "postman"):
        answer, trailers = raw(town[who], "SplitPayment", request)
        done = pb.SplitPaymentResponse.FromString(answer)
        assert [p.amount for p in done.payments] == [700, 300]
        assert (REPLAYED in trailers) == (who == "postman")
    assert (done.currency, done.digits) == ("USD", 2)
    assert [balance(town[p], "A3") for p in ("north", "south")] == [
        before[0] - 700, before[1] - 300
    ]  # fmt: skip
    found = status(town["house"], name, "post")
    assert (found.state, list(found.parts)) == (pb.PAYMENT_STATE_POSTED, list(done.payments))
    assert (found.currency, found.digits) == ("USD", 2)
    assert not found.HasField("payment")
    assert state(town["north"], name, "post") == "UNKNOWN"  # it is the house's order
    undone = reversal(name, channel="post")
    answer = pb.ReversePaymentResponse.FromString(
        told_again(town["house"], "ReversePayment", undone)
    )
    assert (answer.reversal.amount, answer.currency) == (1_000, "USD")
    assert [balance(town[p], "A3") for p in ("north", "south")] == before
    assert state(town["house"], name, "post") == "REVERSED"


def test_a_provider_splits_among_its_own_accounts(north, name):
    request = act(name, ("", "A1", 100), ("north", "A2", 200), code="kiosk")
    answer = told_again(north, "SplitPayment", request)
    paid = pb.SplitPaymentResponse.FromString(answer).payments
    assert len({p.payment_id for p in paid}) == len({p.account_id for p in paid}) == 2
    assert [p.payment_id for p in status(north, name).parts] == [p.payment_id for p in paid]
    with refused("ALREADY_EXISTS", "PAYMENT_CONFLICT") as found:
        north.payments.SplitPayment(act(name, ("", "A1", 101), ("", "A2", 199), code="kiosk"))
    assert found[0].facts["differs"] == "parts"


SPLITS = [
    # who, parts, change, code, reason, field
    ("north", [], {}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "parts"),
    ("north", [("", "A1", 100)] * 101, {}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "parts"),
    ("north", [("", "A1", 100), ("", "A2", 0)], {}, "INVALID_ARGUMENT", "PAYMENT_INVALID",
     "parts[1].amount"),
    ("north", [("", "A1", 100), ("", "nobody", 100)], {}, "NOT_FOUND", "ACCOUNT_NOT_FOUND",
     "parts[1].target"),
    ("north", [("south", "A1", 100)], {}, "NOT_FOUND", "PROVIDER_UNKNOWN", "parts[0].provider"),
    ("north", [("", "A1", 100)], {"reference": ""}, "INVALID_ARGUMENT", "PAYMENT_INVALID",
     "reference"),
    ("north", [("", "A1", 100)], {"paid_at": 1}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "paid_at"),
    ("house", [("", "A1", 100)], {}, "INVALID_ARGUMENT", "PAYMENT_INVALID", "parts[0].provider"),
    ("house", [("nobody", "A1", 100)], {}, "NOT_FOUND", "PROVIDER_UNKNOWN", "parts[0].provider"),
    ("house", [("north", "A1", 100)], {"channel": "closed"}, "FAILED_PRECONDITION",
     "CHANNEL_DISABLED", "channel"),
    ("house", [("north", "A1", 100)], {"channel": "kiosk"}, "NOT_FOUND", "CHANNEL_UNKNOWN",
     "channel"),
    ("house", [("north", "A1", 100), ("east", "A1", 100)], {}, "INVALID_ARGUMENT",
     "PAYMENT_INVALID", "parts[1].provider"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "parts", "change", "code", "reason", "field"), SPLITS)
def test_an_act_that_is_refused_posts_nothing(town, name, who, parts, change, code, reason, field):
    provider = accounts.Provider(
        code="east", name="East", time_zone="UTC", currency="EUR", calendar="gregorian",
        language="en",
    )  # fmt: skip
    town["house"].accounts.CreateProvider(
        accounts.CreateProviderRequest(request_id="east", provider=provider)
    )
    owed = balance(town["north"], "A1")
    request = act(name, *parts)
    for field_name, value in change.items():
        setattr(request, field_name, value)
    with refused(code, reason) as found:
        town[who].payments.SplitPayment(request)
    assert found[0].facts["field"] == field
    assert balance(town["north"], "A1") == owed
    assert state(town[who], name, "post") == "UNKNOWN"


# -- suspense


def worklist(client, size=0, **more):
    """Every item, page by page."""
    found, request = [], pb.ListSuspenseRequest(page_size=size, **more)
    while True:
        page = client.payments.ListSuspense(request)
        found += page.items
        if not page.next_page_token:
            return found
        request.page_token = page.next_page_token


def transfer(payment_id, number="A2", **more):
    given = {"request_id": town_of_payers.request_id(), "reason": "found the payer"} | more
    return pb.TransferSuspenseRequest(payment_id=payment_id, number=number, **given)


def test_money_that_is_nobody_s_finds_its_account(north, name):
    held = north.payments.ListSuspense(pb.ListSuspenseRequest()).open
    paid = north.payments.PostPayment(order(name, "no one", money_taken=True)).payment
    assert (paid.state, paid.code, paid.account_id) == (
        pb.PAYMENT_STATE_SUSPENDED, pb.PAYMENT_CODE_ACCOUNT_NOT_FOUND, 0,
    )  # fmt: skip
    page = north.payments.ListSuspense(pb.ListSuspenseRequest())
    assert (page.open, page.currency, page.digits) == (held + 1_000, "USD", 2)
    (item,) = [one for one in worklist(north, size=1) if one.reference == name]
    assert (item.payment_id, item.channel, item.target) == (
        paid.payment_id, "kiosk", target("no one"),
    )  # fmt: skip
    assert (item.code, item.amount, item.open) == (paid.code, 1_000, 1_000)
    owed, first = balance(north, "A2"), transfer(paid.payment_id, amount=400)
    answer = pb.TransferSuspenseResponse.FromString(told_again(north, "TransferSuspense", first))
    assert (answer.item.open, answer.currency) == (600, "USD")
    assert balance(north, "A2") == owed - 400
    assert state(north, name) == "SUSPENDED"
    with refused("FAILED_PRECONDITION", "SUSPENSE_SETTLED") as found:
        north.payments.TransferSuspense(transfer(paid.payment_id, amount=601))
    assert found[0].facts["open"] == "600"
    done = north.payments.TransferSuspense(transfer(paid.payment_id, "A3")).item
    assert (done.open, [m.amount for m in done.moves]) == (0, [400, 600])
    found = status(north, name)
    assert found.state == pb.PAYMENT_STATE_TRANSFERRED
    assert list(found.moves) == list(done.moves)
    assert name not in [one.reference for one in worklist(north)]
    assert name in [one.reference for one in worklist(north, settled=True)]
    north.payments.ReversePayment(reversal(name))
    assert balance(north, "A2") == owed
    assert state(north, name) == "REVERSED"


@pytest.mark.parametrize(
    ("change", "code", "reason"),
    [
        ({"payment_id": 7}, "NOT_FOUND", "SUSPENSE_UNKNOWN"),
        ({"number": "nobody"}, "NOT_FOUND", "ACCOUNT_UNKNOWN"),
        ({"reason": " "}, "INVALID_ARGUMENT", "FIELD_REFUSED"),
        ({"amount": -1}, "INVALID_ARGUMENT", "PAYMENT_INVALID"),
        ({"request_id": ""}, "INVALID_ARGUMENT", "REQUEST_INVALID"),
    ],
)
def test_a_transfer_that_is_refused(town, name, change, code, reason):
    north = town["north"]
    paid = north.payments.PostPayment(order(name, "no one", money_taken=True)).payment
    given = {"request_id": name, "payment_id": paid.payment_id, "number": "A1", "reason": "x"}
    with refused(code, reason):
        north.payments.TransferSuspense(pb.TransferSuspenseRequest(**given | change))
    with refused("NOT_FOUND", "SUSPENSE_UNKNOWN"):
        town["south"].payments.TransferSuspense(transfer(paid.payment_id, "A1"))
    assert state(north, name) == "SUSPENDED"


def test_a_split_act_in_suspense_is_followed_to_its_end(town, name):
    """Each part finds its own account; then the act is transferred, and can be taken back."""
    request = act(name, ("north", "no one", 700), ("south", "no one", 300), money_taken=True)
    paid = town["house"].payments.SplitPayment(request).payments
    assert {p.state for p in paid} == {pb.PAYMENT_STATE_SUSPENDED}
    owed = balance(town["south"], "A1")
    town["north"].payments.TransferSuspense(transfer(paid[0].payment_id))
    assert state(town["house"], name, "post") == "SUSPENDED"
    town["south"].payments.TransferSuspense(transfer(paid[1].payment_id, "A1"))
    found = status(town["house"], name, "post")
    assert found.state == pb.PAYMENT_STATE_TRANSFERRED
    assert sorted(move.amount for move in found.moves) == [300, 700]
    town["house"].payments.ReversePayment(reversal(name, channel="post"))
    assert balance(town["south"], "A1") == owed


# -- for ever


def test_answers_outlive_the_server(tmp_path_factory):
    """Behind a restart every write has its first answer, byte for byte, and posts nothing."""
    folder = tmp_path_factory.mktemp("restarted")
    keys = stored.fill(folder)
    server = stored.server(folder)
    client = Client(server.port, keys["north"])
    town_of_payers.furnish(client)
    town_of_payers.channel(client, "kiosk")
    writes = [
        ("PostPayment", order("p1", paid_at=town_of_payers.micros())),
        ("PostPayment", order("p2", "no one", money_taken=True)),
        ("ReservePayment", reservation("p3")),
        ("ConfirmPayment", confirmation("p3")),
        ("ReservePayment", reservation("p4")),
        ("ReleasePayment", release("p4")),
        ("SplitPayment", act("p5", ("", "A1", 100), ("", "A2", 200), code="kiosk")),
        ("ReversePayment", reversal("p1")),
    ]
    answers = [raw(client, *write)[0] for write in writes]
    held = worklist(client)[0].payment_id
    writes.append(("TransferSuspense", transfer(held)))
    answers.append(raw(client, *writes[-1])[0])
    stated = [status(client, f"p{n}") for n in range(1, 6)]
    owed = [balance(client, f"A{n}") for n in (1, 2)]
    client.channel.close()
    server.drain()
    server = stored.server(folder)
    client = Client(server.port, keys["north"])
    again = [raw(client, *write) for write in writes]
    assert [answer for answer, _ in again] == answers
    assert {trailers.get(REPLAYED) for _, trailers in again} == {"1"}
    assert [status(client, f"p{n}") for n in range(1, 6)] == stated
    assert [balance(client, f"A{n}") for n in (1, 2)] == owed
    assert town_of_payers.verified(client) == {}
    client.channel.close()
    server.drain()


def test_the_books_hold(town):
    """After all of the above, at both providers."""
    assert town_of_payers.verified(town["house"]) == {}
    told = town["north"].ledger.GetTrialBalance(ledger.GetTrialBalanceRequest())
    amounts = {one.code: one.balance for one in told.balances}
    held = town["north"].payments.ListSuspense(pb.ListSuspenseRequest()).open
    assert sum(amounts.values()) == 0
    assert -amounts.get("suspense", 0) - amounts.get("suspense_foreign", 0) == held


def test_the_example_of_the_guide_pays(town, name):
    """The Python of the guide's page, against a server: posted once however often it is called."""
    page = API.read_text("utf-8").partition("\n## PaymentService\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    scope = {"grpc": grpc}
    exec(compile(block, str(API), "exec"), scope)
    stub = town["kiosk"].payments
    assert scope["pay"](stub, name, "A1", 500) == scope["pay"](stub, name, "A1", 500)
    with pytest.raises(grpc.RpcError, match="is another one"):
        scope["pay"](stub, name, "A1", 501)
