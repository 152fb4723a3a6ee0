"""The example consumers against a real server that is killed: every event once, in order."""

import importlib
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import grpc
import pytest

from billcore.server.demo.process import BILLCORE
from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import event_service_pb2 as events
from billcore.v1 import ledger_service_pb2 as ledger
from billcore.v1 import notifications_pb2 as notifications
from tests.api import stored, town_of_payers
from tests.api.client import Client
from tests.programs import free_port

# What Python does for a script that it is given.
CONSUMERS = Path(__file__).parents[2] / "examples" / "consumers"
sys.path.insert(0, str(CONSUMERS))
feed = importlib.import_module("feed")
SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
SECONDS = 60
KILLS = 2

ENDINGS = """
import os, sys
class Sender:
    def send(self, message):
        with open(os.environ["SENT"], "a", encoding="utf-8") as file:
            print(message.id, message.way, message.to, message.text, file=file)
        if len(open(os.environ["SENT"], encoding="utf-8").readlines()) % 3 == 0:
            os._exit(9)
"""
"""A sender that dies with its consumer behind every third message, before anybody can note it."""


def signing(folder: Path) -> Path:
    """The file of the key that signs; beside it what is trusted."""
    (folder / "trusted").write_text(f"2026 {PUBLIC}\n")
    (folder / "signing.keys").write_text(f"2026 {SECRET}\n")
    return folder / "signing.keys"


@pytest.fixture
def keys(tmp_path) -> dict[str, str]:
    signing(tmp_path)
    return stored.fill(tmp_path)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, tmp_path) -> str:
    """The URL of a store that is not there yet, of each engine."""
    if request.param == "sqlite":
        return stored.url(tmp_path)
    url: str = request.getfixturevalue("postgres_url")
    return url


@contextmanager
def served(store: str, signing_keys: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """A server in a process of its own, which serves."""
    env = os.environ | {"BILLCORE_SIGNING_KEYS": str(signing_keys)}
    process = subprocess.Popen(
        [
            *BILLCORE,
            "serve",
            f"--port={port}",
            "--metrics-port=0",
            f"--store={store}",
        ],
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )
    told = (json.loads(line) for line in process.stderr or ())
    next(line for line in told if line["event"] == "serving")
    threading.Thread(target=process.stderr.read, daemon=True).start()
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


@contextmanager
def app(tmp_path: Path) -> Iterator[int]:
    server = stored.server(tmp_path, signing_keys=tmp_path / "signing.keys")
    yield server.port
    server.drain()


def run(name: str, port: int, key: str, place: Path, *more: str, **env: str):
    """A consumer, to the end of the log."""
    command = [sys.executable, str(CONSUMERS / name), "--once", f"--address=127.0.0.1:{port}"]
    command += [f"--key={key}", f"--place={place}", f"--public-keys={place.parent / 'trusted'}"]
    env = {"PYTHONPATH": str(place.parent), "PATH": "/usr/bin", "LANG": "C.UTF-8"} | env
    return subprocess.run(
        [*command, *more], capture_output=True, text=True, timeout=SECONDS, env=env, check=False
    )


def settled(client: Client) -> list[int]:
    """Accounts that owe; the first has a phone, the second an address, the others nothing."""
    call = client.accounts
    person = accounts.Customer(kind="person", name="Maryam Karimi", number="C1")
    owner = call.CreateCustomer(
        accounts.CreateCustomerRequest(request_id="c", customer=person)
    ).customer.customer_id
    ways = {"phone": "+98 34 1234", "language": "fa"}, {"email": "m@example.org", "language": "en"}
    given = (*ways, {}, {})
    return [
        town_of_payers.open_account(client, f"A{n}", owner, debt=50_000 + n, **given[n])
        for n in range(4)
    ]


def post(client: Client, account_id: int, amount: int, name: str, kind: int) -> None:
    client.ledger.PostAccountEntry(
        ledger.PostAccountEntryRequest(
            request_id=name,
            account_id=account_id,
            kind=kind,
            amount=amount,
            reference=name,
            reason="as agreed",
        )
    )


def test_balances_are_rebuilt_and_compared(tmp_path, keys):
    """They agree, again and again; an amount that is added behind its back is found."""
    place = tmp_path / "balances"
    with app(tmp_path) as port:
        client = Client(port, keys["north"])
        opened = settled(client)
        for more in range(2):
            post(client, opened[0], -700, f"p{more}", ledger.ENTRY_KIND_PAYMENT)
            done = run("balances.py", port, keys["north"], place)
            assert (done.returncode, done.stderr) == (0, "")
            assert "4 accounts, " in done.stdout
        with sqlite3.connect(place) as file:
            file.execute("UPDATE balance SET amount = amount + 1 WHERE account_id = ?", opened[1:2])
        file.close()
        done = run("balances.py", port, keys["north"], place)
        assert done.returncode == 1
        assert f"account {opened[1]}: events tell 50002, the ledger says 50001" in done.stdout
        client.channel.close()


def test_messages_are_sent_at_least_once_and_noted(tmp_path, keys):
    """In the customer's language; a consumer that dies goes on, and sends again only the message
    whose note was lost, under the id that it had."""
    place, sent = tmp_path / "notify", tmp_path / "sent"
    (tmp_path / "endings.py").write_text(ENDINGS)
    options = ("--begin=first", "--sender=endings:Sender", "--default=all")
    with app(tmp_path) as port:
        client = Client(port, keys["north"])
        opened = settled(client)
        for n in range(4):
            for account_id in opened:
                post(client, account_id, -100 - n, f"{n} {account_id}", ledger.ENTRY_KIND_PAYMENT)
        until_numbered(client)
        ends = []
        for _ in range(20):
            ends.append(run("notify.py", port, keys["viewer"], place, *options, SENT=str(sent)))
            if ends[-1].returncode == 0:
                break
        assert {end.returncode for end in ends[:-1]} == {9}
        lines = sent.read_text("utf-8").splitlines()
        assert len({line.split()[0] for line in lines}) == len(set(lines)) == 8
        assert len(lines) == 8 + len(ends) - 1
        at = {line: [n for n, other in enumerate(lines) if other == line] for line in lines}
        assert all(max(places) - min(places) < len(places) for places in at.values())
        assert any("sms +98 34 1234 اشتراک A0: مبلغ 1.03 USD" in line for line in lines)
        assert any(
            "email m@example.org Account A1: we have received 1.00 USD" in line for line in lines
        )
        again = run("notify.py", port, keys["viewer"], place, *options, SENT=str(sent))
        assert (again.returncode, again.stderr) == (0, "0 messages\n")
        post(client, opened[1], -5, "last", ledger.ENTRY_KIND_PAYMENT)
        until_numbered(client)
        console = run("notify.py", port, keys["viewer"], place, "--default=all")
        (message,) = (json.loads(line) for line in console.stdout.splitlines())
        assert message["text"] == "Account A1: we have received 0.05 USD. Thank you."
        client.channel.close()


def test_accounts_are_told_as_they_want(tmp_path, keys):
    """By their channel, in their language, of what they chose; the customer is reached where the
    account says nothing; who never said anything is told what the provider decides."""
    place = tmp_path / "notify"
    of = notifications
    paid, fee = (
        of.NOTIFICATION_EVENT_PAYMENT_RECEIVED,
        of.NOTIFICATION_EVENT_LATE_FEE_CHARGED,
    )
    wants = {
        "sms": of.NotificationPreferences(
            channel=of.NOTIFICATION_CHANNEL_SMS, language="fa-IR", events=[paid]
        ),
        "email": of.NotificationPreferences(channel=of.NOTIFICATION_CHANNEL_EMAIL, events=[fee]),
        "silent": of.NotificationPreferences(channel=of.NOTIFICATION_CHANNEL_NONE),
    }
    with app(tmp_path) as port:
        client = Client(port, keys["north"])
        person = accounts.Customer(
            kind="person", name="Lan", number="C1", phone="+84 1", email="l@example.org"
        )
        person.language = "vi"
        owner = client.accounts.CreateCustomer(
            accounts.CreateCustomerRequest(request_id="c", customer=person)
        ).customer.customer_id
        opened = {
            name: town_of_payers.open_account(client, name, owner, debt=900, **given)
            for name, given in {
                "sms": {"email": "own@example.org"},
                "email": {},
                "silent": {"phone": "+84 2"},
                "unsaid": {"phone": "+84 3", "language": "en"},
            }.items()
        }
        for name, preferences in wants.items():
            client.accounts.SetNotificationPreferences(
                of.SetNotificationPreferencesRequest(
                    request_id=name, number=name, preferences=preferences
                )
            )
        for name, account_id in opened.items():
            post(client, account_id, -150, f"paid {name}", ledger.ENTRY_KIND_PAYMENT)
            post(client, account_id, 25, f"fee {name}", ledger.ENTRY_KIND_LATE_FEE)
        until_numbered(client)
        console = run("notify.py", port, keys["viewer"], place, "--begin=first")
        told = [json.loads(line) for line in console.stdout.splitlines()]
        assert [(one["way"], one["to"], one["language"], one["text"]) for one in told] == [
            ("sms", "+84 1", "fa-IR", "اشتراک sms: مبلغ 1.50 USD دریافت شد. سپاسگزاریم."),
            ("email", "l@example.org", "vi", "Khách hàng email: đã tính phí trả chậm 0.25 USD."),
        ]
        console = run(
            "notify.py", port, keys["viewer"], tmp_path / "all", "--begin=first", "--default=all"
        )
        others = [json.loads(line) for line in console.stdout.splitlines()]
        assert [one for one in others if one["to"] != "+84 3"] == told
        assert [one["text"] for one in others if one["to"] == "+84 3"] == [
            "Account unsaid: we have received 1.50 USD. Thank you.",
            "Account unsaid: a late fee of 0.25 USD was charged.",
        ]
        client.channel.close()


def until_numbered(client: Client) -> None:
    """Waits until every event has its number, and for a server that others saw die just now."""
    last, now = -2, -1
    while last != now:
        last = now
        told = client.events.ListEvents(events.ListEventsRequest(), wait_for_ready=True, timeout=60)
        now = told.last_sequence
        time.sleep(1.5)


def test_an_event_that_is_not_signed_by_a_trusted_key_stops_the_consumer(tmp_path, keys):
    (tmp_path / "trusted").write_text(f"2025 {PUBLIC}\n")
    with app(tmp_path) as port:
        client = Client(port, keys["north"])
        settled(client)
        until_numbered(client)
        done = run("balances.py", port, keys["north"], tmp_path / "balances")
        assert done.returncode == 1
        assert "SignatureInvalid: event 3: key '2026' is not trusted" in done.stderr
        client.channel.close()


def test_every_event_comes_once_in_order_though_servers_are_killed(tmp_path, store):
    """Writers, and a follower that resumes behind what it has, while the server is killed -9."""
    keys, file = stored.fill_at(store), signing(tmp_path)
    port, stop, got = free_port(), threading.Event(), list[events.Event]()
    numbers, end = count(), [0]

    def write() -> None:
        client = Client(port, keys["north"])
        while not stop.is_set():
            n = next(numbers)
            with suppress(grpc.RpcError):
                post(client, opened[n % 4], 1 + n, f"w{n}", ledger.ENTRY_KIND_ADJUSTMENT)
        client.channel.close()

    def follow() -> None:
        given = [f"--address=127.0.0.1:{port}", f"--key={keys['north']}", "--place=none"]
        caller = feed.connected(feed.arguments(None).parse_args(given))
        trusted = feed.Keys(caller, str(tmp_path / "trusted"))
        for batch in feed.follow(caller, trusted, 0, (), once=False):
            got.extend(batch.events)
            if 0 < end[0] <= batch.through:
                break
        caller.channel.close()

    threads = [threading.Thread(target=act, daemon=True) for act in (write, follow)]
    for turn in range(KILLS + 1):
        with served(store, file, port) as process:
            client = Client(port, keys["north"])
            if turn == 0:
                opened = settled(client)
                for thread in threads:
                    thread.start()
            time.sleep(1.5)
            if turn < KILLS:
                process.kill()
                process.wait()
            else:
                stop.set()
                threads[0].join()
                until_numbered(client)
                post(client, opened[0], 1, "the last", ledger.ENTRY_KIND_ADJUSTMENT)
                end[0] = client.events.ListEvents(events.ListEventsRequest()).last_sequence + 1
                threads[1].join(SECONDS)
            client.channel.close()
    assert [event.sequence for event in got] == list(range(1, end[0] + 1))
    assert len({event.event_id for event in got}) == len(got) > 20
