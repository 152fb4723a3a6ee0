"""AutopayService and `billcore autopay` on a real server, over the bills of account 1421."""

import json
import time
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from billcore.core.store import autopay as autopay_rows
from billcore.core.store import channels as channel_rows
from billcore.core.store.autopay import AutopayRow
from billcore.core.store.channels import Channel
from billcore.core.store.migrate import migrate
from billcore.core.store.open import open_store
from billcore.server import background, cli
from billcore.server.background import Reminders
from billcore.server.refusals import ServerRefused
from billcore.v1 import autopay_service_pb2 as pb
from billcore.v1 import channel_service_pb2 as channels
from billcore.v1 import event_service_pb2
from tests import payments_world
from tests.api import stored, town_of_payers, waterworks
from tests.api.client import Client, refused
from tests.api.town_of_payers import verified

DUE = "2018-11-06"
"""Of the newest bill, fifteen days after its issue."""

TOTAL = 362_327


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def works(app, keys):
    """The water company with the printed bills; the newest is open, 17 rials from before too."""
    house = Client(app.port, keys["house"])
    waterworks.founded(house)
    house.channel.close()
    client = Client(app.port, keys["house"], x_billcore_provider=waterworks.CODE)
    found = waterworks.billed(waterworks.furnished(waterworks.Waterworks(client)))
    for code, kind in (("debit", "DIRECT_DEBIT"), ("wallet", "WALLET"), ("kiosk", "KIOSK")):
        given = channels.Channel(channel=code, kind=f"CHANNEL_KIND_{kind}", name=code)
        client.channels.CreateChannel(channels.CreateChannelRequest(request_id=code, channel=given))
    keys["wallet"] = town_of_payers.client_of(client, "wallet", "wallet")
    yield found
    client.channel.close()


@pytest.fixture
def client(works):
    return works.client


@pytest.fixture
def run(app, keys, works):
    """Runs a command for the company; what it prints."""

    def called(*command):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys["house"],
            "COLUMNS": "200",
        }
        given = [*map(str, command), f"--provider={waterworks.CODE}"]
        result = CliRunner().invoke(cli.app, given, env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        return result.output

    return called


def setting(name, channel="debit", days=5, most=0, revision=0, **more):
    autopay = pb.Autopay(channel=channel, remind_days=days, amount_max=most, revision=revision)
    by = more or {"number": "1421"}
    return pb.SetAutopayRequest(request_id=name, autopay=autopay, reason="by letter", **by)


def remind(client, day):
    """The days of the pages, and how many reminders they wrote; a token leads to the next one."""
    found, request = [], pb.RemindAutopayRequest(day=day)
    while not found or found[-1].next_page_token:
        found.append(client.autopay.RemindAutopay(request))
        request = pb.RemindAutopayRequest(day=day, page_token=found[-1].next_page_token)
    return {page.day for page in found}, sum(page.reminders for page in found)


def told(client, count):
    """The payloads of reminders, waited for until there are so many."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = client.events.ListEvents(event_service_pb2.ListEventsRequest(limit=1_000)).events
        payloads = [json.loads(one.payload) for one in found if one.kind == "autopay_reminder"]
        if len(payloads) >= count:
            return payloads
        time.sleep(0.1)
    raise AssertionError(payloads)


def test_a_bill_is_reminded_of_over_the_wire(works, client):
    request = setting("s1", most=300_000)
    made = client.autopay.SetAutopay(request).autopay
    assert (made.channel, made.remind_days, made.amount_max) == ("debit", 5, 300_000)
    assert (made.account_id, made.enabled, made.revision) == (works.account_id, True, 1)
    assert client.autopay.SetAutopay(request).autopay == made  # sent again
    found = client.autopay.GetAutopay(pb.GetAutopayRequest(number="1421"))
    assert (found.autopay, found.currency, found.digits) == (made, "IRR", 0)
    assert not found.reminders
    assert remind(client, "2018-10-31") == ({"2018-10-31"}, 0)
    assert remind(client, "2018-11-01") == ({"2018-11-01"}, 1)
    for day in ("2018-11-01", DUE):
        assert remind(client, day) == ({day}, 0)
    (one,) = client.autopay.GetAutopay(pb.GetAutopayRequest(number="1421")).reminders
    bill = works.bills[-1].header.bill_id
    assert (one.bill_id, one.channel, one.day, one.due_day) == (bill, "debit", "2018-11-01", DUE)
    assert (one.amount, one.open) == (300_000, TOTAL)
    (event,) = told(client, 1)
    assert event == {
        "account_id": works.account_id, "bill_id": bill, "channel": "debit",
        "day": datetime(2018, 11, 1, tzinfo=UTC).toordinal(),
        "due_day": datetime(2018, 11, 6, tzinfo=UTC).toordinal(),
        "amount": 300_000, "open": TOTAL, "balance": 17 + TOTAL, "currency": "IRR",
    }  # fmt: skip
    assert verified(client) == {}


@pytest.mark.parametrize(
    ("given", "code", "reason"),
    [
        ({"number": "never"}, "NOT_FOUND", "ACCOUNT_UNKNOWN"),
        ({"channel": "kiosk"}, "INVALID_ARGUMENT", "CHANNEL_MISFIT"),
        ({"channel": "never"}, "NOT_FOUND", "CHANNEL_UNKNOWN"),
        ({"days": 61}, "INVALID_ARGUMENT", "FIELD_REFUSED"),
        ({"most": -1}, "INVALID_ARGUMENT", "FIELD_REFUSED"),
        ({"revision": 77}, "ABORTED", "REVISION_CONFLICT"),
    ],
)
def test_what_is_refused(client, given, code, reason):
    with refused(code, reason):
        client.autopay.SetAutopay(setting(f"refused {given}", **given))


def test_whom_it_is_refused(app, keys, works):
    viewer, wallet = (Client(app.port, keys[name]) for name in ("viewer", "wallet"))
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        viewer.autopay.SetAutopay(setting("v1"))
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):  # another provider's
        viewer.autopay.GetAutopay(pb.GetAutopayRequest(number="1421"))
    with refused("PERMISSION_DENIED", "CHANNEL_FORBIDDEN"):
        wallet.autopay.SetAutopay(setting("w1"))
    number = works.open_account("1500")
    made = wallet.autopay.SetAutopay(setting("w2", "wallet", account_id=number)).autopay
    ended = wallet.autopay.EndAutopay(
        pb.EndAutopayRequest(request_id="w3", account_id=number, revision=made.revision)
    ).autopay
    assert (ended.enabled, ended.channel, ended.revision) == (False, "wallet", 2)
    with refused("NOT_FOUND", "AUTOPAY_UNKNOWN"):
        wallet.autopay.EndAutopay(
            pb.EndAutopayRequest(request_id="w4", account_id=number, revision=2)
        )
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        wallet.autopay.RemindAutopay(pb.RemindAutopayRequest())
    for client in (viewer, wallet):
        client.channel.close()


def test_what_cannot_be_asked(works, client):
    with refused("NOT_FOUND", "AUTOPAY_UNKNOWN"):
        works.open_account("1501")
        client.autopay.GetAutopay(pb.GetAutopayRequest(number="1501"))
    with refused("INVALID_ARGUMENT", "FIELD_REFUSED"):
        client.autopay.GetAutopay(pb.GetAutopayRequest())
    with refused("INVALID_ARGUMENT", "FIELD_REFUSED"):
        remind(client, "yesterday")
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        client.autopay.RemindAutopay(pb.RemindAutopayRequest(page_token="x"))


def test_by_the_command_line(run):
    """On a new account: set, changed, shown, ended; reminded of on a day."""
    revision = 1
    shown = run("autopay", "show", "1421")
    assert "Account 1421: through debit, reminded 5 days before, at most 300000" in shown
    assert "300,000" in shown.splitlines()[-1]
    assert f"{TOTAL:,}" in shown.splitlines()[-1]
    with pytest.raises(ServerRefused, match="ABORTED"):
        run("autopay", "set", "1421", "wallet", "--remind-days=9")
    told = run("autopay", "set", "1421", "wallet", "--remind-days=9", f"--revision={revision}")
    assert told == "Account 1421: through wallet, reminded 9 days before, no limit; revision 2\n"
    assert run("pay", "remind", "--day=2018-11-02") == "2018-11-02: 0 reminders\n"
    assert run("autopay", "end", "1421", "--revision=2") == "Account 1421: ended; revision 3\n"
    with pytest.raises(ServerRefused, match="NOT_FOUND"):
        run("autopay", "end", "1421", "--revision=3")


def test_the_server_reminds_by_itself(app, works, client):
    """When a day begins, and again after a while for bills that were issued since; once each."""
    works.client.autopay.SetAutopay(setting("again", revision=3))
    bill = works.bills[-1].header
    with app.store.write() as session:  # as if it had never been
        session.run("DELETE FROM autopay_reminder WHERE bill_id = :bill", bill=bill.bill_id)
    clock = [int(datetime(2018, 10, 31, 20, tzinfo=UTC).timestamp()) * 1_000_000]
    leaving = background.Event()
    jobs = Reminders(app.store, lambda: clock[0], leaving)

    def count():
        with app.store.read() as reader:
            return int(reader.row("SELECT COUNT(*) FROM autopay_reminder")[0])

    jobs.remind_due()  # 23:30 in Tehran
    assert count() == 0
    clock[0] += 3_600 * 1_000_000  # half past midnight there
    jobs.remind_due()
    jobs.remind_due()
    assert count() == 1
    with app.store.write() as session:
        session.run("DELETE FROM autopay_reminder WHERE bill_id = :bill", bill=bill.bill_id)
    jobs.remind_due()
    assert count() == 0  # it was looked at a moment ago
    clock[0] += background.LOOK_AGAIN * 1_000_000
    leaving.set()
    jobs.remind_due()
    assert count() == 1  # a transaction that was begun is done


def test_a_server_begins_with_a_look(tmp_path):
    """What is due today is reminded of when a server starts, without being asked."""
    url = stored.url(tmp_path)
    store = open_store(url)
    migrate(store, 0)
    world = payments_world.found(store)
    today = datetime.now(UTC).toordinal()
    with store.write() as session:
        channel = Channel(1, 4, "debit", "direct_debit", "debit", 1, "{}", 1, 0)
        channel_rows.add(session, channel)
        autopay_rows.add(session, AutopayRow(world.account(1), 4, 7, 0, 1, 1, 0))
    bill = world.bill(1_000, today + 3)
    store.close()
    app = stored.server_at(url)
    try:
        until = time.monotonic() + 20
        found: list[int] = []
        while not found and time.monotonic() < until:
            with app.store.read() as reader:
                found = [one.bill_id for one in autopay_rows.reminders(reader, world.account(1))]
        assert found == [bill]
    finally:
        app.drain()
