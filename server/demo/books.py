"""The second part: account 1421 in a store, billed from its own readings, period by period.

Everything goes through the calls of a server with a store: the company, the customer, the meter,
five readings (two are doubtful and a clerk accepts them), five bills, four payments, the statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import grpc
from rich.table import Table

from billcore.core.caller import Role
from billcore.server.demo import statement
from billcore.server.demo.printed import PRINTED, PrintedBill, document, iso
from billcore.server.demo.screen import console
from billcore.server.gate import AUTHORIZATION
from billcore.server.messages.admin import role_word
from billcore.v1 import (
    account_service_pb2,
    admin_service_pb2,
    billing_service_pb2,
    ledger_service_pb2,
    meter_service_pb2,
    tariff_service_pb2,
)
from billcore.v1.account_service_pb2_grpc import AccountServiceStub
from billcore.v1.admin_service_pb2_grpc import AdminServiceStub
from billcore.v1.billing_service_pb2_grpc import BillingServiceStub
from billcore.v1.ledger_service_pb2_grpc import LedgerServiceStub
from billcore.v1.meter_service_pb2_grpc import MeterServiceStub
from billcore.v1.tariff_service_pb2_grpc import TariffServiceStub

NUMBER = "1421"
GEOGRAPHIC_CODE = "1900420071"
FIRST_DIAL = 98
DEBT = 17
"""What the account owed when its story begins; it is still owed when it ends."""

PAID_AFTER_DAYS = 9


POLICIES = """{"taxes": ["levy", "vat"],
 "payable": {"unit": 1000, "mode": "floor"}, "payment_ids": {"company": 118, "service": 1}}"""
"""What its bills ask for are whole thousands; each has a bill id and a payment id."""


def show(company: "Company") -> bool:
    """True: every total is the printed one, and the debt is 362,344."""
    company.settle()
    agree = company.bill_all()
    agree &= company.show_statement()
    return agree


def founded(channel: grpc.Channel, house: str) -> "Company":
    """The company as a client of its own, which the house's administrator makes."""
    return Company(channel, _founded(channel, house))


@dataclass(frozen=True)
class Call:
    """A stub's methods, called with a key."""

    stub: Any
    metadata: Sequence[tuple[str, str]]

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.stub, name)
        return lambda request: method(request, metadata=self.metadata)


def _founded(channel: grpc.Channel, key: str) -> str:
    """The house's administrator makes the provider and a client of it; that one's key."""
    house = ((AUTHORIZATION, f"Bearer {key}"),)
    provider = account_service_pb2.Provider(
        code="mehrab",
        name="Mehrab Mahan",
        time_zone="Asia/Tehran",
        currency="IRR",
        calendar="jalali",
        language="fa",
        policies=POLICIES,
    )
    Call(AccountServiceStub(channel), house).CreateProvider(
        account_service_pb2.CreateProviderRequest(provider=provider, request_id="provider")
    )
    request = admin_service_pb2.CreateClientRequest(
        name="office",
        provider="mehrab",
        roles=[role_word(role) for role in Role],
        request_id="client",
    )
    made: admin_service_pb2.CreateClientResponse = Call(
        AdminServiceStub(channel), house
    ).CreateClient(request)
    return made.key


class Company:
    """The water company as a client. Request ids are fixed: any call may be sent again."""

    def __init__(self, channel: grpc.Channel, key: str) -> None:
        self.channel, self.key = channel, key
        caller = ((AUTHORIZATION, f"Bearer {key}"), ("x-billcore-actor", "Mina"))
        self.tariffs = Call(TariffServiceStub(channel), caller)
        self.accounts = Call(AccountServiceStub(channel), caller)
        self.meters = Call(MeterServiceStub(channel), caller)
        self.billing = Call(BillingServiceStub(channel), caller)
        self.ledger = Call(LedgerServiceStub(channel), caller)
        self.account_id = 0
        self.meter_id = 0

    # -- the company, its customer, its meter

    def settle(self) -> None:
        """Publishes the tariff, takes over account 1421 with its debt, and hangs its meter."""
        pb = account_service_pb2
        first_day = iso(PRINTED[-1].previous)
        self.tariffs.PublishTariff(
            tariff_service_pb2.PublishTariffRequest(document=document(), request_id="tariff")
        )
        person = pb.Customer(kind="person", name="…", number="C1421")
        request = pb.CreateCustomerRequest(customer=person, request_id="customer")
        owner = self.accounts.CreateCustomer(request).customer
        place = pb.ServicePoint(number="420/71", service="water", geographic_code=GEOGRAPHIC_CODE)
        account = pb.Account(
            number=NUMBER,
            customer_id=owner.customer_id,
            geographic_code=GEOGRAPHIC_CODE,
            opened_day=first_day,
        )
        made = self.accounts.CreateAccount(
            pb.CreateAccountRequest(account=account, request_id="account")
        )
        self.account_id = made.account.account_id
        self._agree(place, first_day)
        self._hang_meter(first_day)
        self._post("opening", first_day, DEBT, ledger_service_pb2.ENTRY_KIND_OPENING)

    def _agree(self, place: account_service_pb2.ServicePoint, first_day: str) -> None:
        pb = account_service_pb2
        point = self.accounts.CreateServicePoint(
            pb.CreateServicePointRequest(service_point=place, request_id="point")
        ).service_point
        cycle = pb.Cycle(cycle="two months", months=2)
        self.accounts.CreateCycle(pb.CreateCycleRequest(cycle=cycle, request_id="cycle"))
        agreement = pb.Agreement(
            account_id=self.account_id,
            point_id=point.point_id,
            service="water",
            cycle="two months",
            from_day=first_day,
            terms=[pb.AgreementTerm(from_day=first_day, tariff_id="ir-mehrab-water")],
        )
        self.accounts.CreateAgreement(
            pb.CreateAgreementRequest(agreement=agreement, request_id="agreement")
        )

    def _hang_meter(self, day: str) -> None:
        pb = meter_service_pb2
        register = pb.Register(register_no=1, quantity="m3", unit="m3", digits=5)
        self.meter_id = self.meters.CreateMeter(
            pb.CreateMeterRequest(request_id="m", serial="M1421", registers=[register])
        ).meter_id
        opening = pb.Dial(register_no=1, value=str(FIRST_DIAL))
        self.meters.InstallMeter(
            pb.InstallMeterRequest(
                request_id="i",
                meter_id=self.meter_id,
                account_id=self.account_id,
                agreement_no=1,
                day=day,
                opening=[opening],
            )
        )

    # -- period by period

    def bill_all(self) -> bool:
        """Reads, bills and is paid, from the oldest bill to the newest, which stays open."""
        table = Table(
            "billed",
            "dial",
            "reading",
            "total",
            "printed",
            "paid",
            title="Account 1421, from its readings, in rials",
        )
        agree, dial = True, FIRST_DIAL
        for number, printed in enumerate(reversed(PRINTED), start=1):
            dial += printed.m3
            said = self._read(number, iso(printed.this), dial)
            bill = self._bill(number, printed)
            paid = "" if number == len(PRINTED) else f"{bill.total:,}"
            if paid:
                day = _later(iso(printed.this), PAID_AFTER_DAYS)
                kind = ledger_service_pb2.ENTRY_KIND_PAYMENT
                self._post(f"payment {number}", day, -bill.total, kind)
            same = bill.total == printed.total
            agree &= same
            style = "green" if same else "bold red"
            table.add_row(
                f"to {printed.this}",
                str(dial),
                said,
                f"[{style}]{bill.total:,}[/]",
                f"{printed.total:,}",
                paid,
            )
        console.print(table)
        return agree

    def _read(self, number: int, day: str, dial: int) -> str:
        """An officer's reading; a clerk accepts it where it is held. What became of it."""
        pb = meter_service_pb2
        reading = pb.NewReading(
            account_id=self.account_id,
            meter_id=self.meter_id,
            register_no=1,
            day=day,
            value=str(dial),
            source=pb.READING_SOURCE_OFFICER,
        )
        request = pb.SubmitReadingsRequest(request_id=f"r{number}", readings=[reading])
        (result,) = self.meters.SubmitReadings(request).results
        if result.status == pb.READING_STATUS_ACCEPTED:
            return "accepted"
        self.meters.DecideReading(
            pb.DecideReadingRequest(
                request_id=f"d{number}",
                account_id=self.account_id,
                meter_id=self.meter_id,
                register_no=1,
                day=day,
                version=result.version,
                accept=True,
                reason="the owner was there this summer",
            )
        )
        names = (pb.ReadingFinding.Name(finding) for finding in result.findings)
        why = ", ".join(name.removeprefix("READING_FINDING_").lower() for name in names)
        return f"held: {why}; accepted"

    def _bill(self, number: int, printed: PrintedBill) -> billing_service_pb2.BillHeader:
        pb = billing_service_pb2
        day = iso(printed.this)
        stated = [pb.StatedDays(agreement_no=1, days=printed.days)] if printed.days else []
        order = pb.BillOrder(
            number=NUMBER, first_day=day, last_day=day, issued_day=day, stated_days=stated
        )
        request = pb.BillAccountRequest(request_id=f"b{number}", order=order)
        answer: pb.BillAccountResponse = self.billing.BillAccount(request)
        return answer.bill.header

    def _post(
        self, reference: str, day: str, amount: int, kind: ledger_service_pb2.EntryKind
    ) -> None:
        self.ledger.PostAccountEntry(
            ledger_service_pb2.PostAccountEntryRequest(
                request_id=reference,
                number=NUMBER,
                kind=kind,
                amount=amount,
                day=day,
                reference=reference,
                reason="the demo",
            )
        )

    # -- what the account owes

    def show_statement(self) -> bool:
        """Prints the statement; True: it ends with 17 + 362,327 = 362,344."""
        told = statement.show(self.channel, self.key, NUMBER)
        newest = PRINTED[0].total
        agree = told.closing == DEBT + newest and told.documents[-1].amount == newest
        console.print(
            f"Previous debt {DEBT} + this bill {newest:,} = [bold]{told.closing:,}[/]\n",
            style="green" if agree else "bold red",
        )
        return bool(agree)


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
