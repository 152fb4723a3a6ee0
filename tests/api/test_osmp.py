"""The kiosks' adapter: a process before a real server, asked as a payment system asks."""

import socket
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from urllib.parse import quote, urlencode

import pytest

from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import payment_service_pb2 as pb
from tests.api import stored, town_of_payers
from tests.api.client import Client
from tests.api.kiosks import PATH, Adapter, AdapterProcess
from tests.api.town_of_payers import balance

NUMBERS = count(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def keys(folder):
    return stored.fill(folder)


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def north(app, keys):
    """A1 to A4 owe 500.00; `shut` is closed, `later` opens in 2099, `rich` has a credit."""
    client = Client(app.port, keys["north"])
    town_of_payers.furnish(client)
    owner = client.accounts.ListCustomers(accounts.ListCustomersRequest()).customers[0].customer_id
    town_of_payers.open_account(client, "shut", owner)
    town_of_payers.open_account(client, "later", owner, opened_day="2099-01-01")
    town_of_payers.open_account(client, "rich", owner, debt=-2_500, name='<b>Ann</b> & "Co"')
    closed = client.accounts.GetAccount(accounts.GetAccountRequest(number="shut")).account
    client.accounts.CloseAccount(
        accounts.CloseAccountRequest(
            request_id="close",
            account_id=closed.account_id,
            closed_day="2020-06-01",
            revision=closed.revision,
            reason="moved",
        )
    )
    for code, policies in (
        ("kiosk", town_of_payers.KIOSK), ("tills", town_of_payers.TILLS),
        ("taken", '{"money_taken": true}'), ("shutting", ""),
    ):  # fmt: skip
        town_of_payers.channel(client, code, policies)
        keys[code] = town_of_payers.client_of(client, code, code)
    town_of_payers.terminal(client, "tills", "T-7")
    yield client
    client.channel.close()


@pytest.fixture(scope="module")
def begin(app, keys, north):
    """Starts adapters of the server in some way; they are stopped in the end."""
    started = []

    def made(kind, channel="kiosk", **settings):
        address = settings.pop("address", f"127.0.0.1:{app.port}")
        key = settings.pop("key", keys.get(channel, ""))
        started.append(kind(address, key, channel=channel, **settings))
        return started[-1]

    yield made
    for one in started:
        one.end()


@pytest.fixture(scope="module")
def start(begin):
    """Starts an adapter in this process."""
    return partial(begin, Adapter)


@pytest.fixture
def start_process(begin, tmp_path):
    """Starts an adapter as a process of its own."""
    return partial(begin, partial(AdapterProcess, tmp_path))


@pytest.fixture(scope="module")
def kiosk(start):
    return start()


@pytest.fixture
def txn():
    """A payment's number that nobody has used."""
    return 10**12 + next(NUMBERS)


def now(ago: int = 0) -> str:
    return f"{datetime.now(UTC) - timedelta(seconds=ago):%Y%m%d%H%M%S}"


def payment(txn: int, account: str = "A1", amount: str = "12.50", **more: object) -> dict:
    return {"txn_id": txn, "txn_date": now(), "account": account, "sum": amount} | more


def status_of(
    client: Client, reference: int, channel: str = "kiosk"
) -> pb.GetPaymentStatusResponse:
    request = pb.GetPaymentStatusRequest(channel=channel, reference=str(reference))
    return client.payments.GetPaymentStatus(request)


# -- asked


def test_what_a_kiosk_shows(kiosk, north):
    """The masked name and address, what is due and since when; nothing is registered."""
    owed = balance(north, "A4")
    for found in (
        kiosk.ask("getInfo", account="A4", ccy="USD"),
        kiosk.ask("check", txn_id=1, account="A4", sum="100.00"),
    ):
        assert (found.result, found.comment, found.sum) == ("0", "OK", "500.00")
        assert found.fields == {
            "Name": "M*** K***", "Address": "Lane *", "Due": "500.00 USD", "Due on": "2020-02-01",
        }  # fmt: skip
        assert found.prv_txn == ""
    assert kiosk.ask("check", txn_id=1, account="A4", sum="1.00").osmp_txn_id == "1"
    assert balance(north, "A4") == owed
    assert status_of(north, 1).state == pb.PAYMENT_STATE_UNKNOWN


def test_labels_are_of_the_settings(start):
    labels = {"name": "Абонент", "address": "", "due": 'К <оплате> & "всё"', "due_day": ""}
    found = start(labels=labels).ask("getInfo", account="A4")
    assert found.fields == {"Абонент": "M*** K***", 'К <оплате> & "всё"': "500.00 USD"}


@pytest.mark.parametrize(
    ("account", "amount", "result"),
    [
        ("A4", "1.00", "0"),
        ("A4", "10000.00", "0"),
        ("A4", "0.99", "241"),
        ("A4", "10000.01", "242"),
        ("A4", "2000000000000.00", "242"),
        ("A4", "0.00", "0"),  # the sum is not known yet
        ("A4", "", "0"),
        ("A4", "1,00", "31"),
        ("A4", "1.001", "31"),
        ("A9", "1.00", "5"),
        ("A 4", "1.00", "4"),
        ("", "1.00", "4"),
        ("x" * 201, "1.00", "4"),
        ("x" * 200, "1.00", "4"),  # the server's own limit
        ("shut", "1.00", "79"),
        ("later", "1.00", "79"),
        ("rich", "1.00", "0"),
        ("<b>&amp;\"'", "1.00", "5"),
    ],
)
def test_checks(kiosk, account, amount, result):
    found = kiosk.ask("check", txn_id=7, account=account, sum=amount)
    assert (found.osmp_txn_id, found.result) == ("7", result)


def test_nothing_is_due(kiosk):
    """Then the sum is 0, and may be paid all the same; names are texts, whatever stands in them."""
    found = kiosk.ask("check", txn_id=7, account="rich", sum="5.00")
    assert (found.result, found.sum) == ("0", "0.00")
    assert found.fields["Name"] == '<*** &*** "***'


@pytest.mark.parametrize(
    ("command", "parameters"),
    [
        ("", {}),
        ("PAY", {"txn_id": 1}),
        ("check", {"account": "A1", "sum": "1.00"}),
        ("check", {"txn_id": "x", "account": "A1"}),
        ("check", {"txn_id": "1" * 21, "account": "A1"}),
        ("pay", {"account": "A1", "sum": "1.00", "txn_date": "20240101000000"}),
        ("pay", {"txn_id": 99, "account": "A1", "sum": "1.00"}),
        ("pay", {"txn_id": 99, "account": "A1", "sum": "1.00", "txn_date": "2024-01-01"}),
        ("pay", {"txn_id": 99, "account": "A1", "txn_date": "20240101000000"}),
        ("status", {}),
        ("cancel", {"txn_id": 1}),
        ("getInfo", {"account": "A1", "ccy": "RUB"}),
    ],
)
def test_requests_that_miss_something(kiosk, command, parameters):
    assert kiosk.ask(command, **parameters).result == "31"


# -- paid


def test_a_payment_is_posted_once_and_answered_the_same(kiosk, start, north, txn):
    """Byte for byte: at once, later, by POST, by another adapter, however its sum is written."""
    owed, given = balance(north, "A1"), payment(txn)
    first = kiosk.ask("pay", **given)
    assert (first.result, first.osmp_txn_id, first.sum) == ("0", str(txn), "12.50")
    kept = status_of(north, txn).payment
    assert first.prv_txn == str(kept.payment_id)
    assert (kept.amount, kept.target.text) == (1_250, "A1")
    assert f"{datetime.fromtimestamp(kept.paid_at // 10**6, UTC):%Y%m%d%H%M%S}" == given["txn_date"]
    time.sleep(1.1)
    same = [
        kiosk.ask("pay", **given),
        kiosk.ask("pay", **given, pay_type=1, prv_id=3, data1="шт"),
        kiosk.ask("pay", **given | {"sum": "12.5"}),
        kiosk.post(urlencode({"command": "pay"} | given)),
        start().ask("pay", **given),
    ]
    assert {one.body for one in same} == {first.body}
    assert kiosk.ask("status", txn_id=txn).body == first.body
    assert kiosk.ask("getStatus", txn_id=txn).body == first.body
    assert balance(north, "A1") == owed - 1_250


def test_a_payment_that_many_send_at_a_time(kiosk, north, txn):
    owed, given = balance(north, "A2"), payment(txn, "A2", "1.00")
    with ThreadPoolExecutor(15) as pool:
        found = set(pool.map(lambda _: kiosk.ask("pay", **given).body, range(45)))
    assert len(found) == 1
    assert balance(north, "A2") == owed - 100


@pytest.mark.parametrize(
    "other",
    [
        {"account": "A2"},
        {"sum": "12.51"},
        {"txn_date": "20240101000000"},
        {"account": "A 1"},  # would be refused before it is sent
        {"account": "A9"},
        {"sum": "0.00"},
        {"sum": "0.50"},
        {"sum": "1,00"},
        {"txn_date": "yesterday"},
    ],
)
def test_another_payment_under_the_same_number(kiosk, north, txn, other):
    """Is a conflict, however wrong the other is: what was posted stays, and is not said to end."""
    given = payment(txn, ago=0) | {"txn_date": now(60)}
    first = kiosk.ask("pay", **given)
    owed = balance(north, "A1"), balance(north, "A2")
    found = kiosk.ask("pay", **given | other)
    assert (found.result, found.osmp_txn_id, found.prv_txn) == ("300", str(txn), "")
    assert kiosk.ask("pay", **given).body == first.body
    assert (balance(north, "A1"), balance(north, "A2")) == owed


@pytest.mark.parametrize(
    ("given", "result"),
    [
        ({"account": "A9"}, "5"),
        ({"account": "A 1"}, "4"),
        ({"account": "x" * 150}, "4"),
        ({"account": "shut"}, "79"),
        ({"account": "later"}, "79"),
        ({"sum": "0.99"}, "241"),
        ({"sum": "0.00"}, "241"),
        ({"sum": "10000.01"}, "242"),
        ({"sum": "2000000000000.00"}, "242"),
        ({"sum": "1.005"}, "31"),
        ({"sum": "-1.00"}, "31"),
        ({"txn_date": "20200101000000"}, "31"),  # longer ago than the channel's policy has it
        ({"txn_date": "20990101000000"}, "31"),
        ({"account": "A1", "trm_id": "x" * 41}, "31"),
    ],
)
def test_payments_that_are_refused(kiosk, north, txn, given, result):
    """The money goes back, and nothing is kept: the number can be used again."""
    found = kiosk.ask("pay", **payment(txn) | given)
    assert (found.result, found.prv_txn, found.osmp_txn_id) == (result, "", str(txn))
    assert status_of(north, txn).state == pb.PAYMENT_STATE_UNKNOWN
    assert kiosk.ask("pay", **payment(txn, "A3", "1.00")).result == "0"


def test_money_that_was_taken_is_kept(start, north, txn):
    """By the channel's policy: to suspense where nobody knows whose it is."""
    taking, given = start("taken"), payment(txn, "<&\"'>", "3.00")
    first = taking.ask("pay", **given)
    assert first.result == "0"
    assert taking.ask("pay", **given).body == first.body
    kept = status_of(north, txn, "taken")
    assert (kept.state, kept.payment.target.text) == (pb.PAYMENT_STATE_SUSPENDED, "<&\"'>")
    assert taking.ask("status", txn_id=txn).body == first.body
    assert taking.ask("check", txn_id=1, account="<&\"'>", sum="3.00").result == "5"


def test_terminals(start, north, txn):
    """As the rule says, required where the channel requires one; the same again, or a conflict."""
    tills, given = start("tills", terminal="T-{trm_id}"), payment(txn)
    assert tills.ask("pay", **given).result == "31"
    assert tills.ask("pay", **given, trm_id="8").result == "31"
    first = tills.ask("pay", **given, trm_id="7")
    assert first.result == "0"
    assert tills.ask("pay", **given, trm_id="7").body == first.body
    table = start("tills", terminals={"4151200": "T-7"})
    assert table.ask("pay", **given, trm_id="4151200").body == first.body


def test_a_repeated_payment_whose_format_is_wrong_since(kiosk, start, txn):
    """The settings were changed meanwhile: what was posted is answered as the first time."""
    given = payment(txn)
    first = kiosk.ask("pay", **given)
    strict = start(account_pattern="[0-9]{6}")
    assert strict.ask("pay", **given).body == first.body
    assert strict.ask("pay", **given | {"sum": "1.00"}).result == "300"
    assert strict.ask("pay", **given | {"txn_id": txn + 10**9}).result == "4"
    assert strict.ask("check", txn_id=1, account="A1").result == "4"


def test_a_channel_that_is_disabled_since(start, north, txn):
    """Takes nothing new, and still says what it took; also that of another is not taken back."""
    adapter, given = start("shutting"), payment(txn)
    first = adapter.ask("pay", **given)
    town_of_payers.enable(north, "shutting", False)
    time.sleep(1.2)  # the server remembers places for a second
    assert adapter.ask("pay", **given).body == first.body
    assert adapter.ask("pay", **given | {"sum": "1.00"}).result == "300"
    assert adapter.ask("pay", **payment(txn + 10**9)).result == "7"
    assert adapter.ask("check", txn_id=1, account="A1").result == "7"
    assert adapter.ask("status", txn_id=txn).body == first.body


@pytest.mark.parametrize(
    ("currency", "amount", "minor", "written"),
    [
        ("IRR", "362000.00", 362_000, "362000.00"),
        ("KWD", "1.25", 1_250, "1.250"),
        ("KWD", "1.255", 1_255, "1.255"),
    ],
)
def test_currencies_without_decimals_and_with_three(
    app, keys, start, txn, currency, amount, minor, written
):
    """Of a client of the house, which names the provider."""
    code = f"p{txn}"
    house = Client(app.port, keys["house"])
    of = accounts.Provider(
        code=code,
        name=code,
        time_zone="UTC",
        currency=currency,
        calendar="gregorian",
        language="en",
    )
    house.accounts.CreateProvider(accounts.CreateProviderRequest(request_id=code, provider=of))
    owner = Client(app.port, keys["house"], x_billcore_provider=code)
    town_of_payers.furnish(owner)
    town_of_payers.channel(owner, "kiosk")
    settings = {"key": keys["house"], "currency": currency, "provider": code}
    kiosk = start(**settings)
    given = payment(txn, amount=amount)
    first = kiosk.ask("pay", **given)
    assert (first.result, first.sum) == ("0", written)
    assert status_of(owner, txn).payment.amount == minor
    assert kiosk.ask("pay", **given).body == first.body
    assert kiosk.ask("pay", **given | {"txn_id": txn + 10**9, "sum": "1.0005"}).result == "31"
    if currency == "IRR":
        assert kiosk.ask("check", txn_id=1, account="A1", sum="10.50").result == "31"
    owner.channel.close()
    house.channel.close()


def test_a_currency_that_is_not_the_provider_s(start, txn):
    """Nothing is shown in wrong units, and nothing is posted."""
    adapter = start(currency="EUR")
    assert adapter.ask("check", txn_id=1, account="A1", sum="5.00").result == "1"
    assert adapter.ask("pay", **payment(txn)).result == "31"


def test_other_kinds_of_accounts(start, txn):
    """Bills by their number, documents by bill id and payment id: as the server reads them."""
    bills = start(account="bill")
    assert bills.ask("check", txn_id=1, account="A1").result == "4"
    assert bills.ask("check", txn_id=1, account="123456789").result == "5"
    assert bills.ask("pay", **payment(txn, "123456789")).result == "5"
    documents = start(account="document")
    assert documents.ask("pay", **payment(txn, "7748317800142/1770161")).result == "4"
    assert documents.ask("pay", **payment(txn, "7748317800142/1770160")).result == "5"  # foreign


# -- taken back


def test_a_payment_is_cancelled_whole_and_once(kiosk, north, txn):
    owed, given = balance(north, "A3"), payment(txn, "A3")
    kiosk.ask("pay", **given)
    undo = {"txn_id": txn + 10**9, "cancel_txn_id": txn}
    assert kiosk.ask("cancel", **undo, sum="12.00").result == "31"
    assert balance(north, "A3") == owed - 1_250
    first = kiosk.ask("cancel", **undo, sum="12.50", account="A3")
    assert (first.result, first.osmp_txn_id, first.cancel_txn_id, first.sum) == (
        "0", str(txn + 10**9), str(txn), "12.50",
    )  # fmt: skip
    assert first.prv_txn == str(status_of(north, txn).reversal.reversal_id)
    assert kiosk.ask("cancel", **undo).body == first.body
    assert kiosk.ask("cancel", **undo | {"txn_id": txn + 10**10}).result == "7"
    assert balance(north, "A3") == owed
    assert kiosk.ask("status", txn_id=txn).result == "7"
    assert kiosk.ask("cancel", txn_id=txn, cancel_txn_id=txn + 1).result == "300"


# -- when something is not there


def test_a_server_that_is_not_there(start, keys, tmp_path, txn):
    """Is a temporary error of every command; when it is back, the adapter finds it."""
    given = payment(txn)
    own = stored.fill(tmp_path)
    server = stored.server(tmp_path)
    client = Client(server.port, own["north"])
    town_of_payers.furnish(client)
    town_of_payers.channel(client, "kiosk")
    adapter = start(address=f"127.0.0.1:{server.port}", key=own["north"])
    assert adapter.get("/health").status == 200
    first = adapter.ask("pay", **given)
    assert first.result == "0"
    server.drain()
    for command, parameters in (
        ("getInfo", {"account": "A1"}),
        ("check", {"txn_id": 1, "account": "A1", "sum": "5.00"}),
        ("pay", given),
        ("pay", given | {"sum": "99999999.99"}),
        ("pay", given | {"account": "A 1"}),  # nobody can say whether it was posted before
        ("status", {"txn_id": txn}),
        ("cancel", {"txn_id": 1, "cancel_txn_id": txn}),
    ):
        assert adapter.ask(command, **parameters).result == "1", command
    assert adapter.get("/health").status == 503
    back = stored.server(tmp_path, port=server.port)
    until = time.monotonic() + 30
    while adapter.get("/health").status != 200:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert adapter.ask("pay", **given).body == first.body
    client.channel.close()
    back.drain()


def test_a_key_that_is_not_good(start_process, txn):
    """Is ours to mend: nobody's money is given back for it, and the log says so."""
    adapter = start_process(key="bck_1_nonsense")
    assert adapter.ask("check", txn_id=1, account="A1", sum="5.00").result == "1"
    assert adapter.ask("pay", **payment(txn)).result == "1"
    adapter.end()
    refused = [one for one in adapter.events if one["event"] == "call_refused"]
    assert {one["level"] for one in refused} == {"error"}


def test_a_payment_that_is_not_finished(app, start, north, txn):
    """A server that takes too long: 90 for the payment and for its status, never `not found`."""
    adapter, given, owed = start(answer_seconds=2), payment(txn), balance(north, "A1")
    with town_of_payers.store_held(app):
        assert adapter.ask("pay", **given).result == "90"
        assert adapter.ask("status", txn_id=txn).result == "90"
        assert adapter.ask("cancel", txn_id=1, cancel_txn_id=txn).result == "90"
        begun = time.monotonic()
        assert adapter.ask("check", txn_id=1, account="A1", sum="5.00").result == "0"
        assert time.monotonic() - begun < 1
    first = adapter.ask("pay", **given)
    assert (first.result, adapter.ask("status", txn_id=txn).body) == ("0", first.body)
    assert balance(north, "A1") == owed - 1_250


def test_requests_do_not_wait_for_each_other(app, start, txn):
    """While fifteen payments wait for the store, what can be answered is."""
    adapter = start()
    with ThreadPoolExecutor(16) as pool:
        with town_of_payers.store_held(app):
            waiting = [
                pool.submit(adapter.ask, "pay", **payment(txn * 100 + n, "A4", "1.00"))
                for n in range(15)
            ]
            time.sleep(0.5)
            begun = time.monotonic()
            for _ in range(5):
                assert adapter.ask("check", txn_id=1, account="A1", sum="5.00").result == "0"
            assert time.monotonic() - begun < 2
            assert not any(one.done() for one in waiting)
        assert {one.result(timeout=30).result for one in waiting} == {"0"}


def test_an_adapter_that_is_killed(app, start, start_process, north, txn):
    """Between request and answer: the next one answers, and the payment is posted once."""
    given, owed = payment(txn), balance(north, "A2")
    given["account"] = "A2"
    doomed = start_process()
    with ThreadPoolExecutor(1) as pool:
        with town_of_payers.store_held(app):
            waiting = pool.submit(doomed.ask, "pay", **given)
            until = time.monotonic() + 30
            while status_of(north, txn).state != pb.PAYMENT_STATE_IN_PROGRESS:
                assert time.monotonic() < until
                time.sleep(0.05)
            doomed.process.kill()
            with pytest.raises(OSError, match=r".*"):
                waiting.result(timeout=30)
            heir = start()
            assert heir.ask("status", txn_id=txn).result == "90"
        first = heir.ask("pay", **given)
    assert first.result == "0"
    assert heir.ask("pay", **given).body == first.body
    assert balance(north, "A2") == owed - 1_250


def test_sigterm_lets_a_payment_finish(app, start_process, txn):
    """It is answered, nothing new is taken, and the exit status is 0."""
    adapter = start_process()
    with ThreadPoolExecutor(1) as pool:
        with town_of_payers.store_held(app):
            waiting = pool.submit(adapter.ask, "pay", **payment(txn, "A4", "1.00"))
            time.sleep(0.5)
            adapter.process.terminate()
            time.sleep(0.5)
            with pytest.raises(OSError, match=r".*"):
                adapter.ask("check", txn_id=1, account="A1")
        assert waiting.result(timeout=30).result == "0"
    assert adapter.process.wait(timeout=30) == 0


# -- hostile


def test_who_may_call(start):
    """Networks of the settings; what a caller says of itself counts only behind a known proxy."""
    far = start(sources=["10.0.0.0/8"])
    assert far.get(f"{PATH}?command=check").status == 403
    assert far.get(f"{PATH}?command=check", **{"x-forwarded-for": "10.1.2.3"}).status == 403
    assert far.get("/health").status == 200
    behind = start(sources=["10.0.0.0/8"], proxies=["127.0.0.0/8"])
    for said, status in (
        ("10.1.2.3", 200),
        ("::ffff:10.1.2.3", 200),
        ("192.168.0.1", 403),
        ("::1", 403),
        ("10.1.2.3, 192.168.0.1", 403),  # the last hop is the one that the proxy saw
        ("nonsense", 403),
    ):
        headers = {"x-forwarded-for": said}
        assert behind.get(f"{PATH}?command=check", **headers).status == status
    assert behind.get(f"{PATH}?command=check").status == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", f"{PATH}/x", 404),
        ("PUT", PATH, 405),
        ("HEAD", f"{PATH}?command=check", 405),
        ("GET", f"{PATH}?account={'x' * 4100}", 414),
    ],
)
def test_requests_that_are_none_of_the_protocol(kiosk, method, path, status):
    assert kiosk.send(method, path, b"", {}).status == status
    assert kiosk.ask("check", txn_id=1, account="A1").result == "0"


def flood(raw: socket.socket) -> None:
    while True:
        raw.sendall(b"GET /osmp?account=" + b"x" * 60_000)


def test_a_request_that_does_not_end(kiosk):
    """Is cut where its first line and headers are too long, whatever the query is."""
    with (
        socket.create_connection(("127.0.0.1", kiosk.port), timeout=30) as raw,
        pytest.raises(OSError, match=r".*"),
    ):
        flood(raw)
    assert kiosk.ask("check", txn_id=1, account="A1").result == "0"


def test_bodies(kiosk):
    """Url-encoded and small, or refused before they are read to the end."""
    check = "command=check&txn_id=1&account=A1&sum=5.00"
    assert kiosk.post(check).result == "0"
    assert (
        kiosk.post(check, content_type="application/x-www-form-urlencoded; charset=utf-8").result
        == "0"
    )
    assert kiosk.post("txn_id=1&account=A1", path=f"{PATH}?command=check").result == "0"
    assert kiosk.post("command=pay", path=f"{PATH}?{check}").result == "31"  # given twice
    assert kiosk.post('{"command": "check"}', content_type="application/json").status == 415
    assert kiosk.post("", content_type="text/xml").status == 415
    assert kiosk.post(b"a=" + b"x" * 20_000).status == 413
    assert kiosk.post("").result == "31"


@pytest.mark.parametrize(
    "query",
    [
        "command=check&txn_id=1&account=A1&account=A2",
        "command=check&command=pay&txn_id=1&account=A1",
        "command=check&txn_id=1&account=%CA%E8%EE%F1%EA",  # windows-1251
        "command=check&txn_id=1&account=%FF%FE",
        "&".join(["command=check", *(f"data{n}=1" for n in range(100))]),
    ],
)
def test_parameters_that_are_read_in_two_ways(kiosk, query):
    assert kiosk.get(f"{PATH}?{query}").result == "31"


@pytest.mark.parametrize(
    "account",
    [
        "<a>&\"'", "]]>", "&#0;", "\x00", "\x0b", "\ufffe", "😀", "А1", "٤", "A1\r\nX: y",
        "'; DROP TABLE payment_order;--", "../../etc/passwd", "{trm_id}",
    ],
)  # fmt: skip
def test_accounts_of_all_sorts(kiosk, account, txn):
    """Whatever it is, the answer is XML, and the account is not found or not written so."""
    for command, more in (("check", {}), ("pay", {"txn_date": now()})):
        found = kiosk.get(
            f"{PATH}?command={command}&txn_id={txn}&sum=5.00&account={quote(account)}"
            f"&{urlencode(more)}"
        )
        assert found.result in ("4", "5")


def test_what_is_no_http(kiosk):
    """Garbage gets an error or nothing, and takes no other with it."""
    for garbage in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"POST /osmp HTTP/1.1\r\n\r\n" * 3):
        with socket.create_connection(("127.0.0.1", kiosk.port), timeout=5) as raw:
            raw.sendall(garbage)
            raw.shutdown(socket.SHUT_WR)
            answer = b""
            while part := raw.recv(4096):
                answer += part
            assert not answer or answer.startswith(b"HTTP/1.1 4")
    assert kiosk.ask("check", txn_id=1, account="A1").result == "0"


def test_more_connections_than_are_taken(start):
    adapter = start(connections_max=3)
    held = [socket.create_connection(("127.0.0.1", adapter.port)) for _ in range(4)]
    time.sleep(0.3)
    assert adapter.get("/health").status == 503
    for one in held:
        one.close()
    until = time.monotonic() + 10
    while adapter.get("/health").status != 200:
        assert time.monotonic() < until
        time.sleep(0.1)


# -- watched


def test_what_an_adapter_tells_of_itself(start_process, txn):
    """Figures by command and result; events with ids that the server's have too; no accounts."""
    adapter = start_process()
    adapter.ask("check", txn_id=1, account="A1", sum="5.00")
    adapter.ask("pay", **payment(txn, "A1", "77.31"))
    adapter.ask("pay", **payment(txn, "A2", "77.31"))
    adapter.ask("what-ever")
    adapter.send("HEAD", f"{PATH}?command=check", b"", {})
    with urllib.request.urlopen(f"http://127.0.0.1:{adapter.metrics_port}/metrics") as page:
        figures = dict(
            line.rsplit(" ", 1) for line in page.read().decode().splitlines() if line[0] != "#"
        )
    for labels in (
        'command="check",result="0"', 'command="pay",result="0"', 'command="pay",result="300"',
        'command="unknown",result="31"',
    ):  # fmt: skip
        assert figures[f"billcore_osmp_requests_total{{{labels}}}"] == "1.0"
    assert figures['billcore_osmp_requests_refused_total{status="405"}'] == "1.0"
    assert figures['billcore_osmp_request_seconds_count{command="pay"}'] == "2.0"
    assert figures["billcore_osmp_requests_under_way"] == "0.0"
    assert adapter.end() == 0
    names = [one["event"] for one in adapter.events]
    assert (names[0], names[-1]) == ("starting", "stopped")
    answered = [one for one in adapter.events if one["event"] == "request_answered"]
    assert [(one["command"], one["result"]) for one in answered] == [
        ("check", 0), ("pay", 0), ("pay", 300), ("", 31),
    ]  # fmt: skip
    assert len({one["request_id"] for one in answered}) == 4
    told = str(adapter.events[1:])
    assert not any(secret in told for secret in ("A1", "A2", "77.31", "7731", "bck_", "Karimi"))


def test_what_the_adapter_may_do_is_its_client_s(app, keys, north, start, txn):
    """The server refuses a key of another channel, or without the role."""
    adapter = start("tills", key=keys["kiosk"])
    assert adapter.ask("pay", **payment(txn)).result == "1"
    made = north.admin.CreateClient(
        admin.CreateClientRequest(name="looker", roles=["CLIENT_ROLE_VIEWER"], request_id="looker")
    )
    assert start(key=made.key).ask("check", txn_id=1, account="A1").result == "1"
