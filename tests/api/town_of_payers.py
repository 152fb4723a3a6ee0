"""Two providers with accounts, channels and keys for the tests of payments, made over gRPC."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

from google.protobuf.field_mask_pb2 import FieldMask

from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import channel_service_pb2 as channels
from billcore.v1 import enquiry_service_pb2 as enquiries
from billcore.v1 import ledger_service_pb2 as ledger
from billcore.v1 import payment_service_pb2 as pb
from tests.api.client import Client

ACCOUNTS = 4
DEBT = 50_000
"""Every account A1, A2, … of both providers owes so much at first, in cents."""

FEES = '{"reversal_fees": {"dishonoured": 750}}'

ACCOUNT = pb.TARGET_KIND_ACCOUNT
KIOSK = '{"amount_min": 100, "amount_max": 1000000}'
TILLS = '{"terminal_required": true}'

_NUMBERS = count(1)


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def micros() -> int:
    return time.time_ns() // 1000


def request_id() -> str:
    return f"r{next(_NUMBERS)}"


def channel(client: Client, code: str, policies: str = "") -> None:
    given = channels.Channel(channel=code, kind="CHANNEL_KIND_KIOSK", name=code, policies=policies)
    client.channels.CreateChannel(
        channels.CreateChannelRequest(request_id=request_id(), channel=given)
    )


def terminal(client: Client, code: str, name: str) -> None:
    given = channels.Terminal(channel=code, terminal=name)
    client.channels.CreateTerminal(
        channels.CreateTerminalRequest(request_id=request_id(), terminal=given)
    )


def enable(client: Client, code: str, on: bool) -> None:
    found = client.channels.GetChannel(channels.GetChannelRequest(channel=code)).channel
    found.enabled = on
    client.channels.UpdateChannel(
        channels.UpdateChannelRequest(
            request_id=request_id(), channel=found, update_mask=FieldMask(paths=["enabled"])
        )
    )


def furnish(client: Client) -> None:
    """OUT: the provider has accounts that owe, and charges for payments that bounce."""
    call = client.accounts
    person = accounts.Customer(kind="person", name="Maryam Karimi", number="C1")
    owner = call.CreateCustomer(
        accounts.CreateCustomerRequest(request_id=request_id(), customer=person)
    ).customer
    for number in range(1, ACCOUNTS + 1):
        open_account(client, f"A{number}", owner.customer_id, DEBT)
    provider = call.GetProvider(accounts.GetProviderRequest()).provider
    provider.policies = FEES
    call.UpdateProvider(
        accounts.UpdateProviderRequest(
            request_id=request_id(), provider=provider, update_mask=FieldMask(paths=["policies"])
        )
    )


def open_account(client: Client, number: str, customer_id: int, debt: int = 0, **more) -> int:
    given = {"opened_day": "2020-01-01", "name": "Maryam Karimi", "address": "Lane 3"} | more
    account = accounts.Account(number=number, customer_id=customer_id, **given)
    made = client.accounts.CreateAccount(
        accounts.CreateAccountRequest(request_id=request_id(), account=account)
    ).account
    if debt:
        client.ledger.PostAccountEntry(
            ledger.PostAccountEntryRequest(
                request_id=request_id(),
                account_id=made.account_id,
                kind=ledger.ENTRY_KIND_OPENING,
                amount=debt,
                day="2020-02-01",
                reference="taken over",
                reason="as agreed",
            )
        )
    return made.account_id


def client_of(client: Client, name: str, code: str) -> str:
    """The key of a new client that takes payments for one channel."""
    return client.admin.CreateClient(
        admin.CreateClientRequest(
            name=name, channel=code, roles=["CLIENT_ROLE_CASHIER"], request_id=request_id()
        )
    ).key


def balance(client: Client, number: str) -> int:
    request = enquiries.GetBalanceRequest(number=number)
    return client.enquiries.GetBalance(request).balance


def verified(client: Client) -> dict[str, list]:
    """What every check finds that finds something."""
    _, *verdicts = client.admin.Verify(admin.VerifyRequest(), timeout=60)
    found = {one.verdict.check: list(one.verdict.findings) for one in verdicts}
    return {check: findings for check, findings in found.items() if findings}


def target(text: str, kind: int = ACCOUNT) -> pb.Target:
    return pb.Target(kind=kind, text=text)


def order(reference: str, number: str = "A1", amount: int = 1_000, **more) -> pb.PostPaymentRequest:
    """A payment through the kiosk."""
    given = {"channel": "kiosk", "target": target(number)} | more
    return pb.PostPaymentRequest(reference=reference, amount=amount, **given)


def raw(client: Client, method: str, request) -> tuple[bytes, dict[str, str]]:
    """The bytes of an answer and its trailing metadata."""
    call = client.channel.unary_unary(f"/billcore.v1.PaymentService/{method}")
    answer, done = call.with_call(request.SerializeToString(), timeout=30)
    return answer, dict(done.trailing_metadata())


def texts(values: list[str]) -> tuple[bytes, list[int]]:
    encoded, ends, end = [v.encode() for v in values], [], 0
    for one in encoded:
        end += len(one)
        ends.append(end)
    return b"".join(encoded), ends


def header(code: str = "kiosk", **more) -> pb.PostPaymentsRequest:
    return pb.PostPaymentsRequest(header=pb.PaymentsHeader(channel=code, **more))


def batch(references: list[str], numbers: list[str], amounts: list[int], **more):
    names, name_ends = texts(references)
    told, told_ends = texts(numbers)
    given = {"target_kinds": [ACCOUNT], "rows": len(references)} | more
    return pb.PostPaymentsRequest(
        batch=pb.PaymentsBatch(
            references=names, reference_ends=name_ends, targets=told, target_ends=told_ends,
            amounts=amounts, **given,
        )
    )  # fmt: skip


def post_all(client: Client, *requests: pb.PostPaymentsRequest) -> list[pb.PostPaymentsResponse]:
    """The answers to a stream."""
    return list(client.payments.PostPayments(iter(requests), timeout=60))


@contextmanager
def store_held(app) -> Iterator[None]:
    """Nobody else writes into the store of SQLite."""
    with app.store.write() as session:
        session.run("UPDATE client SET enabled = enabled WHERE client_id = 0")
        yield
