"""ExplainPayment on a real server: what the money of a payment did, by whomever it may be asked."""

import pytest

from billcore.v1 import payment_service_pb2 as pb
from tests.api import stored, town_of_payers
from tests.api.client import Client, refused
from tests.api.town_of_payers import DEBT, order, target


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Clients by name of a server with two providers and channels."""
    folder = tmp_path_factory.mktemp("store")
    keys = stored.fill(folder)
    server = stored.server(folder)
    found = {name: Client(server.port, keys[name]) for name in ("house", "north", "south")}
    for name in ("north", "south"):
        town_of_payers.furnish(found[name])
    for code in ("kiosk", "bank"):
        town_of_payers.channel(found["north"], code)
    town_of_payers.channel(found["house"], "post")
    key = town_of_payers.client_of(found["north"], "kiosk", "kiosk")
    found["kiosk"] = Client(server.port, key)
    yield found
    for client in found.values():
        client.channel.close()
    server.drain()


def explained(client, reference, channel="kiosk"):
    request = pb.ExplainPaymentRequest(channel=channel, reference=reference)
    return client.payments.ExplainPayment(request)


def test_too_much_is_explained_to_the_cent(town):
    client = town["north"]
    given = order(
        "e1", "A1", DEBT + 700, fee=50, money_taken=True, direction=pb.Direction(service="water")
    )
    posted = client.payments.PostPayment(given).payment
    found = explained(client, "e1")
    assert (found.state, found.fee, found.currency, found.digits) == (
        pb.PAYMENT_STATE_POSTED, 50, "USD", 2
    )  # fmt: skip
    assert not found.HasField("reversal")
    (payment,) = found.payments
    assert payment.payment == posted
    assert (payment.suspended, payment.returned) == (0, 0)
    (one,) = payment.applied
    assert (one.account_id, one.number, one.account_entry_id) == (
        posted.account_id, "A1", posted.payment_id
    )  # fmt: skip
    assert (one.amount, one.credit, one.undone, one.day) == (DEBT + 700, 700, False, posted.day)
    assert (one.strategy, one.direction.service) == ("oldest_first", "water")
    (step,) = one.steps
    assert (step.bill_id, step.what, step.due_day) == (0, "opening", "2020-02-01")
    assert step.account_entry_id > 0
    assert step.cause == pb.APPLIED_CAUSE_AT_ONCE
    assert (step.open_before, step.amount, step.rest, step.divided_over) == (DEBT, DEBT, 700, 0)
    assert step.undone_day == ""
    assert step.sentence.startswith("When it came, it paid 500.00 USD of the 500.00 USD open of ")
    assert one.credit_sentence == "7.00 USD is credit of account 'A1', for what comes next."


def test_a_payment_that_bounced(town):
    client = town["north"]
    client.payments.PostPayment(order("e2", "A2", 1_000))
    client.payments.ReversePayment(
        pb.ReversePaymentRequest(
            channel="kiosk", reference="u2", payment_reference="e2",
            kind="REVERSAL_KIND_DISHONOURED", reason="no cover",
        )
    )  # fmt: skip
    found = explained(client, "e2")
    assert found.state == pb.PAYMENT_STATE_REVERSED
    assert (found.reversal.amount, found.reversal.charged) == (1_000, 750)
    (one,) = found.payments[0].applied
    assert (one.undone, one.credit) == (True, 0)
    assert [(step.amount, step.undone_day) for step in one.steps] == [(1_000, found.reversal.day)]


def test_money_in_suspense(town):
    client = town["north"]
    paid = client.payments.PostPayment(order("e3", "nobody", 900, money_taken=True)).payment
    client.payments.TransferSuspense(
        pb.TransferSuspenseRequest(
            request_id="t3", payment_id=paid.payment_id, number="A3", amount=400, reason="found"
        )
    )
    (payment,) = explained(client, "e3").payments
    assert (payment.suspended, payment.payment.code) == (500, pb.PAYMENT_CODE_ACCOUNT_NOT_FOUND)
    (one,) = payment.applied
    assert (one.number, one.amount, one.credit) == ("A3", 400, 0)
    assert [step.amount for step in one.steps] == [400]


def test_the_house_asks_for_its_acts(town):
    parts = [
        pb.SplitPart(provider=provider, target=target("A4"), amount=amount)
        for provider, amount in (("north", 300), ("south", DEBT + 20))
    ]
    town["house"].payments.SplitPayment(
        pb.SplitPaymentRequest(channel="post", reference="e4", parts=parts, money_taken=True)
    )
    found = explained(town["house"], "e4", "post")
    assert [one.payment.amount for one in found.payments] == [300, DEBT + 20]
    assert [one.applied[0].credit for one in found.payments] == [0, 20]
    assert found.currency == "USD"
    with refused("NOT_FOUND", "PAYMENT_UNKNOWN"):  # it is the house's order
        explained(town["north"], "e4", "post")


def test_what_is_not_explained(town):
    client = town["north"]
    client.payments.PostPayment(order("e5", "A1", 100))
    client.payments.ReservePayment(
        pb.ReservePaymentRequest(channel="kiosk", reference="e6", target=target("A1"), amount=1_000)
    )
    for reference, channel in (("never", "kiosk"), ("e6", "kiosk"), ("e5", "bank"), ("", "kiosk")):
        with refused("NOT_FOUND", "PAYMENT_UNKNOWN") as found:
            explained(client, reference, channel)
        assert found[0].facts["reference"] == reference
    with refused("NOT_FOUND", "CHANNEL_UNKNOWN"):
        explained(town["south"], "e5")
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):  # it takes payments, and no more
        explained(town["kiosk"], "e5")
