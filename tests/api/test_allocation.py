"""Payments allocated by a provider's strategies, as statements and channels tell them."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import enquiry_service_pb2 as enquiries
from billcore.v1 import ledger_service_pb2 as ledger
from billcore.v1 import payment_service_pb2 as pb
from tests.api import stored, town_of_payers
from tests.api.client import Client
from tests.api.town_of_payers import order, request_id, target

NEWEST = """{"allocation": {"default": "newest",
    "strategies": [{"name": "newest", "kind": "current_first"}]}}"""


@pytest.fixture(scope="module")
def app(folder, keys):
    """A server with a store; replaces the one without."""
    server = stored.server(folder)
    yield server
    server.drain()


@pytest.fixture(scope="module")
def north(app, keys):
    """A client of north, whose accounts owe and whose payments pay the newest item first."""
    client = Client(app.port, keys["north"])
    town_of_payers.furnish(client)
    town_of_payers.channel(client, "kiosk")
    provider = client.accounts.GetProvider(accounts.GetProviderRequest()).provider
    provider.policies = NEWEST
    client.accounts.UpdateProvider(
        accounts.UpdateProviderRequest(
            request_id=request_id(), provider=provider, update_mask=FieldMask(paths=["policies"])
        )
    )
    yield client
    client.channel.close()


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
    """The newest item is paid first: statement, channel and summary agree on what is open."""
    owe(north, statement(north, "A1").account_id, 700, "2020-03-01")
    north.payments.PostPayment(order("newest", "A1", 500))
    told = statement(north, "A1")
    assert [(item.day, item.open) for item in told.open_items] == [
        ("2020-02-01", 50_000), ("2020-03-01", 200)]  # fmt: skip
    request = pb.FetchBillRequest(channel="kiosk", target=target("A1"))
    (account,) = north.payments.FetchBill(request).accounts
    assert [one.open for one in account.documents] == [50_000, 200]
