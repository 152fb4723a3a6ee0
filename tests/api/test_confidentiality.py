"""What is one provider's is nobody else's, and what is a person's is in no log, figure or status.

Two walks through every method of the contract, with requests that are filled by the names of their
fields: another provider asks with the ids of this one's things, and this one's own client sends and
asks what is personal. The world is the water company of the printed bills, billed.
"""

import io
import logging
import time

import grpc
import pytest
import structlog
from prometheus_client import generate_latest

from billcore.core import clients
from billcore.core.store import events as event_rows
from billcore.server import telemetry
from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import channel_service_pb2 as channels
from billcore.v1 import payment_service_pb2 as payments
from tests import seed
from tests.api import filled, waterworks
from tests.api.client import Client, refused
from tests.api.waterworks import iso

NAME = "Marzieh Qarabaghi"

PERSONAL = {
    **{f"{of}.name": NAME for of in ("Customer", "Account", "Debtor", "Collector")},
    "collector_name": NAME,
    "recipient": NAME,
    "phone": "+98 912 555 0143",
    "collector_phone": "+98 912 555 0143",
    "email": "marzieh.q@mail.example",
    "address": "Kucheh Nastaran 17, Mehrab",
    "payer_code": "0499370899",
    "uploaded_by": NAME,
    "iban": "IR580540105180021273113007",
    "bank_account": "40817810099910004312",
    "bic": "MLLTIRTHXXX",
    "secret": "4929181277563301",
    "visitor": "198.51.100.77",
}
"""What is known of a person, by the names of the fields that have it."""

OF_A_PERSON = {"name": NAME} | {one: PERSONAL[one] for one in ("phone", "email", "address")}

METHODS = tuple(filled.methods())


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def log():
    """What the server logs, as it would on standard error."""
    buffer = io.StringIO()
    before = structlog.get_config()
    structlog.configure(
        processors=telemetry.processors("info"),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=buffer),
    )
    yield buffer
    structlog.configure(**before)


@pytest.fixture(scope="module")
def works(app, keys, log):
    """The company, with a customer of whom all is known, and a payment through a channel."""
    house = Client(app.port, keys["house"])
    waterworks.founded(house)
    house.channel.close()
    client = Client(app.port, keys["house"], x_billcore_provider=waterworks.CODE)
    found = waterworks.billed(waterworks.furnished(waterworks.Waterworks(client)))
    for one in (client, Client(app.port, keys["north"])):
        given = channels.Channel(channel="wicket", kind="CHANNEL_KIND_KIOSK", name="Wicket")
        one.channels.CreateChannel(channels.CreateChannelRequest(request_id="w", channel=given))
    person = accounts.Customer(
        kind="person",
        number="C-9",
        **OF_A_PERSON,
    )
    made = client.accounts.CreateCustomer(
        accounts.CreateCustomerRequest(request_id="c9", customer=person)
    ).customer
    account = accounts.Account(
        number="9001",
        customer_id=made.customer_id,
        opened_day=iso(seed.FIRST[0]),
        **OF_A_PERSON,
    )
    client.accounts.CreateAccount(accounts.CreateAccountRequest(request_id="a9", account=account))
    for number in ("1421", "9001"):
        target = payments.Target(kind=payments.TARGET_KIND_ACCOUNT, text=number)
        client.payments.PostPayment(
            payments.PostPaymentRequest(
                channel="wicket", reference=f"P-{number}", target=target, amount=4321
            )
        )
    yield found
    client.channel.close()


@pytest.fixture(scope="module")
def ids(works, app):
    """The ids of what the company has, by the names of fields."""
    total = works.bills[-1].header
    with app.store.read() as reader:
        (payment,) = reader.row(
            "SELECT payment_id FROM payment_order WHERE reference = :r", r="P-1421"
        )
        (entry,) = reader.row(
            "SELECT MIN(account_entry_id) FROM account_entry WHERE account_id = :a",
            a=works.account_id,
        )
        (customer,) = reader.row("SELECT customer_id FROM customer WHERE number = :n", n="C-9")
        (point,) = reader.row("SELECT MIN(point_id) FROM service_point")
    return {
        "account_id": works.account_id,
        "to_account_id": works.account_id,
        "customer_id": customer,
        "point_id": point,
        "meter_id": works.meter_id,
        "old_meter_id": works.meter_id,
        "new_meter_id": works.meter_id,
        "bill_id": total.bill_id,
        "bill_ids": total.bill_id,
        "item_id": total.bill_id,
        "item_ids": total.bill_id,
        "disputed_item_id": total.bill_id,
        "account_entry_id": entry,
        "payment_id": payment,
        "number": ("1421", 1421),
        "text": "1421",
        "serial": "M1421",
        "reference": "P-1421",
        "payment_reference": "P-1421",
        "tariff_id": "ir-mehrab-water",
        "cycle": "two months",
    }


PLAIN = {
    "day": iso(seed.PRINTED[-1].day),
    "from_day": iso(seed.FIRST[0]),
    "last_day": iso(seed.PRINTED[-1].day),
    "issued_day": iso(seed.PRINTED[-1].day),
    "reason": "because",
    "reason_code": "OTHER",
    "amount": 5,
    "channel": "wicket",
    "revision": 1,
    "register_no": 1,
    "agreement_no": 1,
    "version": 1,
    "language": "en",
    "source": "test",
    "visitor": "v",
    "first_month": "1397-01",
    "last_month": "1397-08",
    "kind": "person",
    "service": "water",
    "opened_day": iso(seed.FIRST[0]),
    "closed_day": iso(seed.PRINTED[-1].day),
    "value": "1",
    "plan_no": 1, "deposit_no": 1, "write_off_no": 1, "run_id": 1, "case_no": 1, "group_no": 1,
    "batch_no": 1, "device_no": 1, "shift_no": 1, "consolidated_no": 1, "client_id": 6,
}  # fmt: skip


def rows(app) -> dict[str, set[tuple[object, ...]]]:
    """Every row of the store, by table."""
    with app.store.write() as session:
        tables = session.tables()
        return {table: set(session.rows(f"SELECT * FROM {table}")) for table in tables}


LOGS = {"event", "event_pending", "audit", "audit_pending", "request", "drawn"}
"""Tables that every call may change: pending rows are numbered, numbers are drawn."""


def settled(app) -> None:
    for _ in range(200):
        with app.store.read() as reader:
            if not reader.row("SELECT COUNT(*) FROM event_pending")[0]:
                return
        time.sleep(0.02)


def test_another_provider_gets_nothing_and_changes_nothing(app, keys, works, ids):
    """Every method that names a thing, with this company's things, by a client of another with
    every role: no answer and no status has a name or a figure of them, and no row of them changes.
    """
    settled(app)
    before = rows(app)
    totals = [str(bill.header.total) for bill in works.bills]
    secrets = [*PERSONAL.values(), "Customer 1421", "Lane 3", "1900420071", *totals]
    client, codes = Client(app.port, keys["north"]), {}
    named = ids.keys() - {"channel"}
    for method in METHODS:
        if not filled.names(method.descriptor.input_type) & named:
            continue
        values = PLAIN | ids | {"request_id": f"foreign {method.name}"}
        request = filled.filled(method.descriptor.input_type, values)
        ended = filled.called(client, method, request)
        said = f"{ended.told} {ended.answers}"
        assert [s for s in secrets if s in said] == [], method.name
        codes[method.name] = ended.code
    client.channel.close()
    assert len(codes) > 100
    assert grpc.StatusCode.INTERNAL not in codes.values(), codes
    assert grpc.StatusCode.UNKNOWN not in codes.values(), codes
    assert sum(code is grpc.StatusCode.NOT_FOUND for code in codes.values()) > 60
    after = rows(app)
    lost = {name: before[name] - after[name] for name in before if name not in LOGS}
    assert {name: gone for name, gone in lost.items() if gone} == {}
    theirs = {ids["account_id"], ids["meter_id"], ids["bill_id"], ids["payment_id"]}
    for name in before.keys() - LOGS:
        added = after[name] - before[name]
        assert [row for row in added if theirs & set(row)] == [], name


def test_every_write_is_audited(app, works, ids, monkeypatch):
    """What is done of a walk through every method with a request id. (Payments and redemptions,
    whose key is the channel's reference, have their client in their rows.)"""
    audited, unseen, written = set(), set(), []
    real = event_rows.add_audit

    def add_audit(*given):
        written.append(given)
        return real(*given)

    monkeypatch.setattr(event_rows, "add_audit", add_audit)
    settled(app)
    values = PLAIN | ids | PERSONAL
    for method in METHODS:
        if "request_id" not in method.descriptor.input_type.fields_by_name:
            continue
        written.clear()
        before = rows(app)
        request = filled.filled(
            method.descriptor.input_type, values | {"request_id": f"audited {method.name}"}
        )
        ended = filled.called(works.client, method, request)
        if ended.code is not grpc.StatusCode.OK:
            continue
        after = rows(app)
        changed = {name for name in after.keys() - LOGS - {"meter"} if after[name] - before[name]}
        if changed:
            (audited if written else unseen).add((method.name, *changed))
    assert unseen == set()
    assert len(audited) >= 12


def test_nothing_personal_is_logged_counted_audited_or_in_a_status(
    app, keys, works, ids, log, monkeypatch
):
    """Every method with what is known of a person, well and badly written, and one whose handler
    fails over it."""
    well = PLAIN | ids | PERSONAL
    badly = [{name: f"{value} \x07" * 40} for name, value in PERSONAL.items()]
    ended = []
    for wrong in ({}, *badly):
        for method in METHODS:
            fields = filled.names(method.descriptor.input_type)
            if wrong and fields.isdisjoint(one.rpartition(".")[2] for one in wrong):
                continue
            given = well | wrong | {"request_id": f"own {method.name} {len(ended)}"}
            request = filled.filled(method.descriptor.input_type, given)
            ended.append((method.name, filled.called(works.client, method, request)))

    def failing(*given):
        raise ValueError(f"cannot tell {NAME} of {PERSONAL['phone']}")

    monkeypatch.setattr(clients, "listed", failing)
    with refused("INTERNAL"):
        works.client.admin.ListClients(admin.ListClientsRequest())
    codes = [one.code for _, one in ended]
    assert codes.count(grpc.StatusCode.OK) > 50
    assert grpc.StatusCode.INTERNAL not in codes, [n for n, one in ended if "INTERNAL" in str(one)]
    with app.store.read() as reader:
        audits = str(reader.rows("SELECT * FROM audit")) + str(
            reader.rows("SELECT * FROM audit_pending")
        )
        events = str(reader.rows("SELECT * FROM event")) + str(
            reader.rows("SELECT * FROM event_pending")
        )
    text = log.getvalue()
    assert '"event": "call_failed"' in text
    assert "ValueError" in text
    assert "failing" in text
    places = {
        "log": text,
        "metrics": generate_latest(app.metrics.registry).decode(),
        "audit": audits,
        "events": events,
        **{f"status {n} of {name}": one.told for n, (name, one) in enumerate(ended)},
    }
    leaks = [(n, place) for place, said in places.items() for n, v in PERSONAL.items() if v in said]
    assert leaks == [], [place for _, place in leaks]
