"""Two providers with accounts that are charged for connections, over gRPC alone."""

from dataclasses import dataclass, field
from itertools import count

from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import billing_service_pb2 as billing
from billcore.v1 import common_pb2, one_off_pb2
from billcore.v1 import consolidation_service_pb2 as consolidation
from tests.api.client import Client, value
from tests.charges import CONNECTION

TARIFF = CONNECTION.replace("EUR", "USD")
OPENED = "2025-01-01"
DAY = "2026-01-10"
PIPE = {"pipe": ("choice", "dn25"), "metres": "12.5"}
TOTAL = 323_250
"""(1,500 + 12.5 x 95.50) x 1.20, in cents."""

numbers = count(1)


def request_id() -> str:
    return f"charged {next(numbers)}"


@dataclass
class Charged:
    """A client of a provider with every role, and its accounts by number."""

    client: Client
    code: str
    accounts: dict[str, int] = field(default_factory=dict)

    def open_account(self, number: str) -> int:
        call = self.client.accounts
        person = accounts.Customer(kind="person", name=f"Customer {number}", number=f"C{number}")
        owner = call.CreateCustomer(
            accounts.CreateCustomerRequest(request_id=request_id(), customer=person)
        ).customer
        account = accounts.Account(number=number, customer_id=owner.customer_id, opened_day=OPENED)
        made = call.CreateAccount(
            accounts.CreateAccountRequest(request_id=request_id(), account=account)
        ).account
        self.accounts[number] = made.account_id
        return made.account_id

    def bill(self, number: str, day: str = DAY, **more: object) -> billing.IssuedBill:
        request = one_off_pb2.BillOneOffRequest(
            request_id=request_id(), order=order(number=number, day=day, **more)
        )
        return self.client.billing.BillOneOff(request).bill


def order(inputs: dict[str, object] | None = None, **fields: object) -> one_off_pb2.OneOffOrder:
    """A connection of 12.5 metres of pipe; inputs as tests.api.client.value has them."""
    given = [value(name, one) for name, one in (PIPE if inputs is None else inputs).items()]
    plan = {"plan": common_pb2.Plan(tariff_id="connection")}
    return one_off_pb2.OneOffOrder(inputs=given, **(plan | fields))


def joining(*members: object) -> list[consolidation.JoiningMember]:
    """Members from OPENED on: an id, a number, or (provider, number)."""
    found = []
    for one in members:
        match one:
            case int():
                found.append(consolidation.JoiningMember(account_id=one, first_day=OPENED))
            case (provider, number):
                named = {"provider": provider, "number": number}
                found.append(consolidation.JoiningMember(first_day=OPENED, **named))
            case _:
                found.append(consolidation.JoiningMember(number=one, first_day=OPENED))
    return found
