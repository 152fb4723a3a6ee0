"""A gas company for the demo of corrections: customers with bills and ids, a bank, a neighbour.

Everything goes through the calls of a server with a store; times are the clock's, so days are told
as so many ago.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import grpc

from billcore.core.caller import Role
from billcore.core.durations import DAY, SECOND
from billcore.core.identifiers.iran import BillId, PaymentId
from billcore.server.demo.books import Call
from billcore.server.gate import AUTHORIZATION
from billcore.server.messages.admin import role_word
from billcore.v1 import (
    account_service_pb2,
    admin_service_pb2,
    case_service_pb2,
    channel_service_pb2,
    common_pb2,
    enquiry_service_pb2,
    one_off_pb2,
    payment_service_pb2,
    rating_service_pb2,
    reconciliation_service_pb2,
    tariff_service_pb2,
)
from billcore.v1.account_service_pb2_grpc import AccountServiceStub
from billcore.v1.admin_service_pb2_grpc import AdminServiceStub
from billcore.v1.billing_service_pb2_grpc import BillingServiceStub
from billcore.v1.case_service_pb2_grpc import CaseServiceStub
from billcore.v1.channel_service_pb2_grpc import ChannelServiceStub
from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceStub
from billcore.v1.event_service_pb2_grpc import EventServiceStub
from billcore.v1.payment_service_pb2_grpc import PaymentServiceStub
from billcore.v1.reconciliation_service_pb2_grpc import ReconciliationServiceStub
from billcore.v1.tariff_service_pb2_grpc import TariffServiceStub

GAS, WATER = 417, 118
"""The companies in bill ids: this one's, and its neighbour's."""

BANK = "bank"
OPENED = "2020-01-01"

TARIFF = """\
tariff: demo-gas
label: {en: Gas, fa: گاز}
currency: IRR
rounding: {line: 1 half_up}
period: {change: last}
inputs:
  used: {kind: money, default: 0}
versions:
  - from: 2020-01-01
lines:
  - {id: gas, label: {en: Gas}, is: used}
total: {of: [gas]}
"""

POLICIES = """{"payable": {"unit": 1000, "mode": "floor"},
 "payment_ids": {"company": %d, "service": %d},
 "late_fees": {"rules": [{"name": "daily", "kind": "daily", "per_million": 1000}]},
 "cases": {"notice_days": 0, "provisional_credit": true}}"""


@dataclass(frozen=True)
class Slip:
    """What is printed on a bill: its ids, and the amount that they ask for."""

    payer_id: str
    payment_id: str
    amount: int


@dataclass
class Gas:
    """The company as a client. Request ids are counted: each call is another one."""

    channel: grpc.Channel
    key: str
    accounts: dict[str, int] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def call(self, stub: Any, actor: str = "Mina") -> Any:
        """A service, called by a person."""
        return Call(stub(self.channel), _caller(self.key, actor))

    def cases(self, actor: str = "Mina") -> Any:
        """CaseService, called by a person."""
        return self.call(CaseServiceStub, actor)

    def request_id(self) -> str:
        return f"demo-{next(self.numbers)}"

    # -- made

    def open_account(self, number: str) -> int:
        """An account with a customer of its own; its id."""
        pb, call = account_service_pb2, self.call(AccountServiceStub)
        person = pb.Customer(kind="person", name="…", number=f"C{number}")
        owner = call.CreateCustomer(
            pb.CreateCustomerRequest(customer=person, request_id=self.request_id())
        ).customer
        account = pb.Account(number=number, customer_id=owner.customer_id, opened_day=OPENED)
        made = call.CreateAccount(
            pb.CreateAccountRequest(account=account, request_id=self.request_id())
        ).account
        self.accounts[number] = made.account_id
        return int(made.account_id)

    def bill(self, number: str, used: int, days_ago: int) -> Slip:
        """A bill of so many days ago; what is printed on it."""
        if number not in self.accounts:
            self.open_account(number)
        given = rating_service_pb2.InputValue(name="used", money=used)
        order = one_off_pb2.OneOffOrder(
            number=number,
            plan=common_pb2.Plan(tariff_id="demo-gas"),
            inputs=[given],
            day=day(days_ago),
        )
        request = one_off_pb2.BillOneOffRequest(request_id=self.request_id(), order=order)
        self.call(BillingServiceStub).BillOneOff(request)
        return self.slip(number)

    def slip(self, number: str) -> Slip:
        """What is printed on the newest bill of an account of which anything is open."""
        pb = payment_service_pb2
        target = pb.Target(kind=pb.TARGET_KIND_ACCOUNT, text=number)
        request = pb.FetchBillRequest(channel=BANK, target=target)
        (account,) = self.call(PaymentServiceStub).FetchBill(request).accounts
        for one in reversed(account.documents):
            if one.payer_id:
                return Slip(one.payer_id, one.payment_id, one.asked)
        return Slip("", "", 0)  # nothing is asked for

    def pay(self, reference: str, paid: Slip | str, amount: int = 0, days_ago: int = 0) -> int:
        """The bank pays by the ids of a slip, or to an account; when the customer did."""
        pb = payment_service_pb2
        if isinstance(paid, Slip):
            text = f"{paid.payer_id:0>13}{paid.payment_id:0>13}"
            target = pb.Target(kind=pb.TARGET_KIND_DOCUMENT, text=text)
            amount = amount or paid.amount
        else:
            target = pb.Target(kind=pb.TARGET_KIND_ACCOUNT, text=paid)
        paid_at = ago(days_ago)
        request = pb.PostPaymentRequest(
            channel=BANK,
            reference=reference,
            target=target,
            amount=amount,
            money_taken=True,
            paid_at=paid_at,
        )
        self.call(PaymentServiceStub).PostPayment(request)
        return paid_at

    def report(self, reference: str, slip: Slip, days_ago: int) -> Any:
        """The bank's report of a day tells a payment; it is imported, matched and treated."""
        pb, call = reconciliation_service_pb2, self.call(ReconciliationServiceStub)
        told = datetime.fromtimestamp(ago(days_ago) // SECOND, UTC)
        text = f"{slip.payer_id:0>13}{slip.payment_id:0>13}"
        line = f"{reference},{told:%Y-%m-%dT%H:%M:%S},{text},{slip.amount}"
        content = f"reference,paid_at,target,amount\n{line}\n"
        business = day(days_ago)
        head = pb.FileHeader(channel=BANK, name=f"{business}.csv", day=business)
        parts = [
            pb.ImportChannelReportRequest(header=head),
            pb.ImportChannelReportRequest(part=content.encode()),
        ]
        call.ImportChannelReport(iter(parts))
        call.MatchDay(pb.MatchDayRequest(channel=BANK, day=business))
        return call.TreatDay(pb.TreatDayRequest(channel=BANK, day=business))

    # -- what there is

    def owed(self, number: str) -> int:
        """What an account owes."""
        request = enquiry_service_pb2.GetBalanceRequest(number=number)
        return int(self.call(EnquiryServiceStub).GetBalance(request).balance)

    def events(self) -> Any:
        """EventService."""
        return self.call(EventServiceStub)


def founded(channel: grpc.Channel, house: str) -> Gas:
    """The company with its bank, tariff and client; and a water company beside it."""
    caller = _caller(house, "Mina")
    accounts = Call(AccountServiceStub(channel), caller)
    for code, name, company, service in (
        ("gas", "Gilan Gas", GAS, 3),
        ("water", "Gilan Water", WATER, 1),
    ):
        provider = account_service_pb2.Provider(
            code=code,
            name=name,
            time_zone="UTC",
            currency="IRR",
            calendar="jalali",
            language="fa",
            policies=POLICIES % (company, service),
        )
        accounts.CreateProvider(
            account_service_pb2.CreateProviderRequest(provider=provider, request_id=f"p {code}")
        )
    request = admin_service_pb2.CreateClientRequest(
        name="gas office",
        provider="gas",
        roles=[role_word(role) for role in Role],
        request_id="gas office",
    )
    made = Call(AdminServiceStub(channel), caller).CreateClient(request)
    gas = Gas(channel, made.key)
    _furnish(gas)
    return gas


def _furnish(gas: Gas) -> None:
    publish = tariff_service_pb2.PublishTariffRequest(document=TARIFF, request_id="gas")
    gas.call(TariffServiceStub).PublishTariff(publish)
    of = channel_service_pb2
    bank = of.Channel(channel=BANK, kind=of.CHANNEL_KIND_WEB_BANK, name="The bank")
    gas.call(ChannelServiceStub).CreateChannel(
        of.CreateChannelRequest(channel=bank, request_id=BANK)
    )
    pb = reconciliation_service_pb2
    terms = '{"time_zone": "UTC", "target_kind": "document", "transit_days": 1}'
    gas.call(ReconciliationServiceStub).SetTerms(
        pb.SetTermsRequest(request_id="terms", terms=pb.ChannelTerms(channel=BANK, terms=terms))
    )


def foreign(amount: int) -> Slip:
    """What is printed on a bill of the water company."""
    bill = BillId(5_501, str(WATER), 1)
    return Slip(bill.text, PaymentId(bill, amount, 5, 6).text, amount)


def turnover(trace: str, slip: Slip, paid_at: int) -> case_service_pb2.Evidence:
    """The turnover of the customer's account: what was paid by which ids, when."""
    pb = case_service_pb2
    return pb.Evidence(
        kind=pb.EVIDENCE_KIND_TURNOVER,
        media_type="text/plain",
        content=f"{trace} {slip.payer_id} {slip.payment_id} {slip.amount}".encode(),
        channel="web",
        payer_code=slip.payer_id,
        payment_code=slip.payment_id,
        amount=slip.amount,
        paid_at=paid_at,
        trace=trace,
        paid_channel=BANK,
        pan_last4="0017",
    )


def ago(days: int) -> int:
    """The time so many days ago."""
    return (time.time_ns() // 1_000) - days * DAY


def day(days_ago: int) -> str:
    """The day so many days ago."""
    today = datetime.fromtimestamp(ago(0) // SECOND, UTC).date()
    found: date = today - timedelta(days=days_ago)
    return found.isoformat()


def _caller(key: str, actor: str) -> tuple[tuple[str, str], ...]:
    return (AUTHORIZATION, f"Bearer {key}"), ("x-billcore-actor", actor)
