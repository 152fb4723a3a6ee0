"""The water company of the printed bills, made and used over gRPC alone."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count

from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import billing_service_pb2 as billing
from billcore.v1 import enquiry_service_pb2 as enquiries
from billcore.v1 import ledger_service_pb2 as ledger
from billcore.v1 import meter_service_pb2 as meters
from tests import seed
from tests.api.client import Client

CODE = "mehrab"


def iso(jalali: str, later: int = 0) -> str:
    """The Gregorian text of a Jalali one."""
    return date.fromordinal(seed.jalali(jalali) + later).isoformat()


@dataclass
class Waterworks:
    """A client of the company with every role; ids of account 1421 and its meter."""

    client: Client
    account_id: int = 0
    meter_id: int = 0
    bills: list[billing.IssuedBill] = field(default_factory=list)
    numbers: count = field(default_factory=lambda: count(1))

    def request_id(self) -> str:
        return f"r{next(self.numbers)}"

    def open_account(self, number: str) -> int:
        """A customer, a place, an account with an agreement from the first reading's day on."""
        call, first = self.client.accounts, iso(seed.FIRST[0])
        person = accounts.Customer(kind="person", name=f"Customer {number}", number=f"C{number}")
        owner = call.CreateCustomer(
            accounts.CreateCustomerRequest(request_id=self.request_id(), customer=person)
        ).customer
        place = accounts.ServicePoint(number=f"P{number}", service="water", address="Lane 3")
        point = call.CreateServicePoint(
            accounts.CreateServicePointRequest(request_id=self.request_id(), service_point=place)
        ).service_point
        account = accounts.Account(
            number=number,
            customer_id=owner.customer_id,
            geographic_code="1900420071",
            opened_day=first,
        )
        made = call.CreateAccount(
            accounts.CreateAccountRequest(request_id=self.request_id(), account=account)
        ).account
        agreement = accounts.Agreement(
            account_id=made.account_id,
            point_id=point.point_id,
            service="water",
            cycle="two months",
            from_day=first,
            terms=[accounts.AgreementTerm(tariff_id="ir-mehrab-water")],
        )
        call.CreateAgreement(
            accounts.CreateAgreementRequest(request_id=self.request_id(), agreement=agreement)
        )
        return made.account_id

    def hang_meter(self, serial: str, account_id: int) -> int:
        """A meter at the account's agreement, with the first reading."""
        call = self.client.meters
        register = meters.Register(register_no=1, quantity="m3", unit="m3", digits=5)
        meter_id = call.CreateMeter(
            meters.CreateMeterRequest(
                request_id=self.request_id(), serial=serial, registers=[register]
            )
        ).meter_id
        call.InstallMeter(
            meters.InstallMeterRequest(
                request_id=self.request_id(),
                meter_id=meter_id,
                account_id=account_id,
                agreement_no=1,
                day=iso(seed.FIRST[0]),
                opening=[meters.Dial(register_no=1, value=str(seed.FIRST[1]))],
            )
        )
        return meter_id

    def read(self, meter_id: int, day: str, dial: int) -> None:
        """An officer reads the meter."""
        result = self.submit(meter_id, day, dial)
        assert result.status == meters.READING_STATUS_ACCEPTED, result

    def submit(self, meter_id: int, day: str, dial: int) -> meters.ReadingResult:
        """What becomes of an officer's reading."""
        reading = meters.NewReading(
            meter_id=meter_id,
            register_no=1,
            day=day,
            value=str(dial),
            source=meters.READING_SOURCE_OFFICER,
        )
        answer = self.client.meters.SubmitReadings(
            meters.SubmitReadingsRequest(request_id=self.request_id(), readings=[reading])
        )
        return answer.results[0]

    def bill(self, account_id: int, day: str, days: int = 0) -> billing.IssuedBill:
        """The bill up to the reading of a day, issued on it."""
        order = self.order(account_id, day, days)
        request = billing.BillAccountRequest(request_id=self.request_id(), order=order)
        return self.client.billing.BillAccount(request).bill

    def order(self, account_id: int, day: str, days: int = 0) -> billing.BillOrder:
        stated = [billing.StatedDays(agreement_no=1, days=days)] if days else []
        return billing.BillOrder(
            account_id=account_id, last_day=day, issued_day=day, stated_days=stated
        )

    def post(
        self, account_id: int, kind: int, amount: int, day: str, reference: str
    ) -> ledger.AccountEntry:
        """An entry by hand."""
        request = ledger.PostAccountEntryRequest(
            request_id=self.request_id(),
            account_id=account_id,
            kind=kind,
            amount=amount,
            day=day,
            reference=reference,
            reason="as agreed",
        )
        return self.client.ledger.PostAccountEntry(request).entry

    def statement(self, account_id: int, **more: object) -> enquiries.GetStatementResponse:
        request = enquiries.GetStatementRequest(account_id=account_id, **more)
        return self.client.enquiries.GetStatement(request)


def founded(client: Client) -> Waterworks:
    """The company with its tariff, cycle and account 1421, which has a debt of 17 rials."""
    found = Waterworks(client)
    provider = accounts.Provider(
        code=CODE,
        name="Mehrab Mahan",
        time_zone="Asia/Tehran",
        currency="IRR",
        calendar="jalali",
        language="fa",
        policies=seed.POLICIES,
    )
    client.accounts.CreateProvider(
        accounts.CreateProviderRequest(request_id=found.request_id(), provider=provider)
    )
    return found


def furnished(found: Waterworks) -> Waterworks:
    """OUT: the company has its tariff, its cycle, and account 1421 with a debt of 17 rials."""
    found.client.publish(seed.TARIFF.read_text("utf-8"))
    found.client.accounts.CreateCycle(
        accounts.CreateCycleRequest(
            request_id=found.request_id(), cycle=accounts.Cycle(cycle="two months", months=2)
        )
    )
    found.account_id = found.open_account("1421")
    found.meter_id = found.hang_meter("M1421", found.account_id)
    found.post(found.account_id, ledger.ENTRY_KIND_OPENING, 17, iso(seed.FIRST[0]), "taken over")
    return found


def billed(found: Waterworks) -> Waterworks:
    """OUT: the five printed bills are issued, each adjusted away before the next."""
    for printed in seed.PRINTED:
        day = iso(printed.day)
        found.read(found.meter_id, day, printed.dial)
        made = found.bill(found.account_id, day, printed.days)
        found.bills.append(made)
        if printed is not seed.PRINTED[-1]:
            found.post(
                found.account_id,
                ledger.ENTRY_KIND_ADJUSTMENT,
                -made.header.total,
                iso(printed.day, later=9),
                f"settles {made.header.bill_id}",
            )
    return found
