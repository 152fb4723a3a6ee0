"""Payments allocated by a provider's strategies, as statements and channels tell them."""

import time
from itertools import product

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import common_pb2, one_off_pb2
from billcore.v1 import enquiry_service_pb2 as enquiries
from billcore.v1 import ledger_service_pb2 as ledger
from billcore.v1 import payment_service_pb2 as pb
from tests.api import charged, town_of_payers
from tests.api.client import Client, refused
from tests.api.town_of_payers import batch, header, order, post_all, request_id, target

POLICIES = """{"allocation": {"default": "%s", "strategies": [
    {"name": "newest", "kind": "current_first"}, {"name": "shares", "kind": "pro_rata"}]}}"""

PLAN = common_pb2.Plan(tariff_id="housing")

HOUSING = """
tariff: housing
service: [water, heat]
currency: USD
versions: [{from: 2020-01-01, price: 30}]
lines:
  - {id: water, is: price}
  - {id: heat, is: 70}
total: {of: all}
"""


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def north(app, keys):
    """A client of north, whose accounts owe; A3 and A4 for water and heat of two months, too."""
    client = Client(app.port, keys["north"])
    town_of_payers.furnish(client)
    town_of_payers.channel(client, "kiosk")
    client.publish(HOUSING)
    for number, day in product(("A3", "A4"), ("2020-01-10", "2020-02-10")):
        asked = charged.order({}, plan=PLAN, number=number, day=day)
        request = one_off_pb2.BillOneOffRequest(request_id=request_id(), order=asked)
        client.billing.BillOneOff(request)
    yield client
    client.channel.close()


def use(client, strategy):
    """From now on payments are allocated by a strategy."""
    provider = client.accounts.GetProvider(accounts.GetProviderRequest()).provider
    provider.policies = POLICIES % strategy
    client.accounts.UpdateProvider(
        accounts.UpdateProviderRequest(
            request_id=request_id(), provider=provider, update_mask=FieldMask(paths=["policies"])
        )
    )
    time.sleep(1.1)  # so long a process may go on with what it knows


def opened(client, number):
    """What is open of each document; statement and channel tell the same."""
    found = [item.open for item in statement(client, number).open_items]
    request = pb.FetchBillRequest(channel="kiosk", target=target(number))
    (account,) = client.payments.FetchBill(request).accounts
    assert sorted(one.open for one in account.documents) == sorted(found)
    return found


def statement(client, number):
    return client.enquiries.GetStatement(enquiries.GetStatementRequest(number=number))


def owe(client, account_id, amount, day):
    client.ledger.PostAccountEntry(
        ledger.PostAccountEntryRequest(
            request_id=request_id(), account_id=account_id, kind=ledger.ENTRY_KIND_ADJUSTMENT,
            amount=amount, day=day, reference="more", reason="as agreed",
        )
    )  # fmt: skip


def test_a_statement_follows_the_providers_strategies(north):
    """The newest item is paid first: statement and channel agree on what is open."""
    use(north, "newest")
    owe(north, statement(north, "A1").account_id, 700, "2020-03-01")
    north.payments.PostPayment(order("newest", "A1", 500))
    assert opened(north, "A1") == [50_000, 200]


def test_payers_direct_money_to_services_and_months(north):
    """What pays the rest, and what is asked for next, follows from it."""
    use(north, "oldest_first")
    assert opened(north, "A3") == [10_000, 50_000, 10_000]
    north.payments.PostPayment(order("month", "A3", 4_000, direction={"period": "2020-02"}))
    assert opened(north, "A3") == [10_000, 50_000, 6_000]
    north.payments.PostPayment(order("water", "A3", 4_000, direction={"service": "water"}))
    assert opened(north, "A3") == [6_000, 50_000, 6_000]  # February's water is paid
    for direction, words in (
        ({"service": "gas"}, "Allowed: service:heat, service:water."),
        ({"period": "1399-02"}, "its years are 1900 to 2241"),
        ({"bill_id": 5}, "no bill of this account"),
        ({"service": "Gas"}, "Allowed: bill:ID, service:NAME"),
    ):
        with refused("INVALID_ARGUMENT", "PAYMENT_INVALID") as found:
            north.payments.PostPayment(order("wrong", "A3", 4_000, direction=direction))
        assert list(found[0].fields) == ["direction"]
        assert words in found[0].message


def test_streams_carry_directions_and_value_days(north):
    use(north, "shares")
    names = [f"stream {n}" for n in range(4)]
    directions, ends = town_of_payers.texts(["", "service:heat", "service:gas", "period:2020-02"])
    given = batch(names, ["A4"] * 4, [1_000] * 4, directions=directions, direction_ends=ends,
                  value_days=[0, 18_300, 0, 10**6])  # fmt: skip
    _, done, again = post_all(north, header(), given, given)
    ok, replayed, invalid = (
        pb.PAYMENT_CODE_OK, pb.PAYMENT_CODE_OK_REPLAYED, pb.PAYMENT_CODE_INVALID)  # fmt: skip
    assert list(done.posted.codes) == [ok, ok, invalid, invalid]
    assert list(again.posted.codes) == [replayed, replayed, invalid, invalid]
    first, second = done.posted.refused
    assert "service:gas is no service of this account" in first.message
    assert "value_day" in second.message
    request = pb.GetPaymentStatusRequest(channel="kiosk", reference=names[1])
    paid = north.payments.GetPaymentStatus(request).payment
    assert (paid.value_day, paid.day) == ("2020-02-08", town_of_payers.today())
    assert opened(north, "A4") == [8_000, 50_000, 10_000]
    for wrong, reason, field in (
        ({"directions": b"x"}, "COLUMN_INVALID", "directions"),
        ({"direction_ends": [1]}, "COLUMN_INVALID", "directions"),
        ({"value_days": [1, 2]}, "REQUEST_INVALID", "batch.value_days"),
    ):
        with refused("INVALID_ARGUMENT", reason) as found:
            post_all(north, header(), batch(["a"], ["A4"], [100], **wrong))
        assert list(found[0].fields) == [field]
