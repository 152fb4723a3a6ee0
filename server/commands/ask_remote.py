"""EnquiryService of a running server as `billcore ask` calls it."""

from collections.abc import Iterable
from functools import partial

from rich.table import Table

from billcore.server.commands.amounts import shown
from billcore.server.commands.console import out, say
from billcore.server.commands.remote import Remote, pages
from billcore.v1 import enquiry_service_pb2 as pb
from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceStub


class Asked:
    """EnquiryService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, EnquiryServiceStub)

    def dashboard(self, number: str) -> None:
        """Tells the first screen of a portal."""
        with self._stub() as stub:
            request = pb.GetDashboardRequest(number=number)
            found = stub.GetDashboard(request, **self._remote.call)
        told = found.summary
        digits = told.digits
        due = f", due {told.due_day}" if told.due_day else ""
        say(f"Account {told.number} of {told.customer_name}, {told.currency}")
        say(f"to pay {shown(found.payable, digits)}{due}; owes {shown(told.balance, digits)}")
        for supply in told.supplies:
            for reading in supply.readings:
                average = f", {reading.average_use} in 30 days" if reading.average_use else ""
                say(
                    f"{supply.service} at {supply.place}: {reading.quantity} {reading.value} "
                    f"{reading.unit} on {reading.day}{average}"
                )
        self._items(found)
        if found.payments:
            _tell_payments(found.payments, digits)
        if found.autopay.channel:
            say(f"paid automatically through {found.autopay.channel}")
        for one in found.cases:
            say(f"case {one.case_no} is open: {pb_name(one)}")

    def _items(self, found: pb.GetDashboardResponse) -> None:
        table = Table("day", "document", "due", box=None)
        for name in ("amount", "open"):
            table.add_column(name, justify="right")
        for item in found.open_items:
            amounts = (shown(amount, found.summary.digits) for amount in (item.amount, item.open))
            table.add_row(item.day, item.what, item.due_day, *amounts)
        if found.open_items:
            out.print(table)

    def consumption(self, number: str, first: str, until: str) -> None:
        """Tells usage and charges by month."""
        request = pb.GetConsumptionRequest(number=number, first_month=first, last_month=until)
        with self._stub() as stub:
            found = stub.GetConsumption(request, **self._remote.call)
        say(f"Account {found.number}, {found.first_month} to {found.last_month}, {found.currency}")
        for series in found.series:
            say(f"{series.service}: {series.quantity}, {series.unit or 'no unit'}")
            table = Table("month", "days", box=None)
            for name in ("used", "charged", "norm", "by norm", "saved", "saving"):
                table.add_column(name, justify="right")
            for month in series.months:
                table.add_row(*_month(month, found.digits))
            out.print(table)

    def look_up(self, number: str) -> None:
        """Tells an account, masked."""
        with self._stub() as stub:
            found = stub.LookUpAccount(pb.LookUpAccountRequest(number=number), **self._remote.call)
        amounts = (found.previous, found.last_bill, found.payable)
        previous, last, payable = (shown(amount, found.digits) for amount in amounts)
        due = f", due {found.due_day}" if found.due_day else ""
        say(f"Account {found.number} of {found.masked_name}, {found.masked_address}")
        say(f"to pay {payable} {found.currency}{due}: last bill {last}, before {previous}")

    def bills(self, number: str, language: str) -> None:
        """Tells every bill with its lines."""
        request = pb.ListAccountBillsRequest(number=number, language=language)
        with self._stub() as stub:
            for page in pages(stub.ListAccountBills, request, self._remote.call):
                for bill in page.bills:
                    _tell_bill(bill)

    def payments(self, number: str) -> None:
        """Tells every payment."""
        request = pb.ListAccountPaymentsRequest(number=number)
        with self._stub() as stub:
            for page in pages(stub.ListAccountPayments, request, self._remote.call):
                _tell_payments(page.payments, page.digits)


def pb_name(one: pb.OpenCase) -> str:
    """The state of a case in small letters."""
    field = pb.OpenCase.DESCRIPTOR.fields_by_name["state"]
    assert field.enum_type is not None
    name = field.enum_type.values_by_number[one.state].name
    return name.removeprefix("CASE_STATE_").replace("_", " ").lower()


def _month(month: pb.ConsumptionMonth, digits: int) -> list[str]:
    row = [month.month, str(month.days), month.usage, shown(month.amount, digits)]
    if not month.HasField("by_norm"):
        return [*row, "", "", "", ""]
    norm = month.by_norm
    money = ("", "")
    if norm.HasField("amount"):
        money = shown(norm.amount, digits), shown(norm.saving, digits)
    return [*row, norm.usage, money[0], norm.saved_usage, money[1]]


def _tell_payments(found: Iterable[pb.AccountPayment], digits: int) -> None:
    table = Table("day", "payment", box=None)
    table.add_column("amount", justify="right")
    table.add_column("reversed")
    for one in found:
        table.add_row(one.day, one.reference, shown(one.amount, digits), one.reversed_day)
    out.print(table)


def _tell_bill(bill: pb.AccountBill) -> None:
    header = bill.header
    words = f"open {shown(bill.open, header.digits)}" if header.stands else "cancelled"
    say(f"Bill {header.bill_id} of {header.issued_day}, {header.currency}, {words}")
    table = Table("tariff", "days", "used", "dials", "line", box=None)
    table.add_column("amount", justify="right")
    for span in bill.spans:
        head = [span.tariff, str(span.days or ""), *_used(span)]
        for line in span.lines:
            if line.counts and line.amount:
                table.add_row(*head, line.label, shown(line.amount, line.digits))
                head = [""] * len(head)
    table.add_row("", "", "", "", "total", shown(header.total, header.digits), style="bold")
    out.print(table)


def _used(span: pb.AccountBillSpan) -> tuple[str, str]:
    """What was used, and the dials before and after it."""
    usages = ", ".join(f"{one.usage} {one.unit}" for one in span.usages)
    dials = ", ".join(
        "-".join(dial.value for dial in (*one.opening, *one.closing)) for one in span.usages
    )
    return usages, dials
