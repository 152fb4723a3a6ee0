"""Account 1421 pays at a kiosk: its bill by the printed ids, once, a part, too much, and astray.

Every balance is foreseen from the printed bill; a call that is sent again is answered with the same
bytes and moves nothing.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
from rich.table import Table

from billcore.server.commands.pay_remote import REPLAYED
from billcore.server.demo import report, statement
from billcore.server.demo.books import DEBT, NUMBER, Call, Company
from billcore.server.demo.printed import PRINTED
from billcore.server.demo.screen import console
from billcore.server.gate import AUTHORIZATION
from billcore.v1 import channel_service_pb2, enquiry_service_pb2, event_service_pb2
from billcore.v1 import payment_service_pb2 as pb
from billcore.v1.channel_service_pb2_grpc import ChannelServiceStub
from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceStub
from billcore.v1.event_service_pb2_grpc import EventServiceStub
from billcore.v1.payment_service_pb2_grpc import PaymentServiceStub

KIOSK, TERMINAL, FEE = "kiosk", "K-17", 2_000
POLICIES = f'{{"terminal_required": true, "convenience_fee": {{"fixed": {FEE}}}}}'

OWED = DEBT + PRINTED[0].total
ASKED = OWED // 1_000 * 1_000
"""What the payment id asks for: whole thousands; the rest stays owed."""

PART, ADVANCE, ASTRAY = 300, 500_000, 150_000
MISTYPED = "1412"
"""There is no such account."""

POST = "/billcore.v1.PaymentService/PostPayment"
AUDIT_SECONDS = 30
REASON = "the payer showed the receipt: two digits were swapped"


def show(company: Company) -> bool:
    """True: every balance is the one that was foreseen, and nothing was posted twice."""
    console.print(f"\n[bold]Account {NUMBER}[/] at a kiosk, in rials")
    kiosk = Kiosk(company.channel, company.key)
    kiosk.open()
    agree = _fetched(kiosk)
    agree &= _once(kiosk)
    kiosk.post("a part", "K-2", NUMBER, PART)
    kiosk.post("too much: an advance", "K-3", NUMBER, OWED - ASKED - PART + ADVANCE)
    agree &= _astray(kiosk)
    kiosk.tell()
    agree &= _explained(kiosk)
    credit = -(ADVANCE + ASTRAY)
    found = [before - after for _, _, before, after in kiosk.steps]
    moved = [ASKED, 0, PART, OWED - ASKED - PART + ADVANCE, 0, ASTRAY]
    agree &= report.agree("Each posting moved the balance by its amount", found, moved)
    told = statement.show(company.channel, company.key, NUMBER)
    return agree & report.agree(f"What is left is a credit of {-credit:,}", told.closing, credit)


@dataclass
class Kiosk:
    """A channel of the company, and a client that takes payments through it.

    steps: what was done, with which amount, and what the account owed before and after.
    """

    channel: grpc.Channel
    key: str
    steps: list[tuple[str, int, int, int]] = field(default_factory=list)

    @property
    def call(self) -> Sequence[tuple[str, str]]:
        """Who calls."""
        return ((AUTHORIZATION, f"Bearer {self.key}"), ("x-billcore-actor", "Mina"))

    @property
    def payments(self) -> Any:
        """PaymentService."""
        return Call(PaymentServiceStub(self.channel), self.call)

    def open(self) -> None:
        """Makes the channel with its fee, and its terminal."""
        channels = Call(ChannelServiceStub(self.channel), self.call)
        of = channel_service_pb2
        kiosk = of.Channel(
            channel=KIOSK, kind=of.CHANNEL_KIND_KIOSK, name="Kiosks", policies=POLICIES
        )
        channels.CreateChannel(of.CreateChannelRequest(channel=kiosk, request_id=KIOSK))
        terminal = of.Terminal(channel=KIOSK, terminal=TERMINAL, place="Azadi Square")
        channels.CreateTerminal(of.CreateTerminalRequest(terminal=terminal, request_id=TERMINAL))

    def fetch(self, kind: pb.TargetKind, text: str) -> pb.FetchBillResponse:
        """What there is to pay."""
        target = pb.Target(kind=kind, text=text)
        found: pb.FetchBillResponse = self.payments.FetchBill(
            pb.FetchBillRequest(channel=KIOSK, target=target)
        )
        return found

    def post(
        self, what: str, reference: str, text: str, amount: int, kind: Any = pb.TARGET_KIND_ACCOUNT
    ) -> tuple[bytes, bool]:
        """Posts a payment whose money was taken; the answer's bytes, and whether it is a replay."""
        request = pb.PostPaymentRequest(
            channel=KIOSK,
            reference=reference,
            target=pb.Target(kind=kind, text=text),
            amount=amount,
            money_taken=True,
            terminal=TERMINAL,
            fee=FEE,
        )
        owed = self.owed()
        post: Any = self.channel.unary_unary(POST)
        answer, done = post.with_call(request.SerializeToString(), metadata=self.call)
        self.steps.append((what, amount, owed, self.owed()))
        return answer, REPLAYED in dict(done.trailing_metadata())

    def owed(self) -> int:
        """What the account owes."""
        request = enquiry_service_pb2.GetBalanceRequest(number=NUMBER)
        return int(Call(EnquiryServiceStub(self.channel), self.call).GetBalance(request).balance)

    def tell(self) -> None:
        """Prints the steps."""
        table = Table("at the kiosk")
        for name in ("paid", "owed before", "owed after"):
            table.add_column(name, justify="right")
        for what, *amounts in self.steps:
            table.add_row(what, *(f"{amount:,}" for amount in amounts))
        console.print(table)


def _fetched(kiosk: Kiosk) -> bool:
    """Asks by number, then by the barcode of the bill, which fixes an amount."""
    (account,) = kiosk.fetch(pb.TARGET_KIND_ACCOUNT, NUMBER).accounts
    bill = account.documents[-1]
    console.print(
        f"The bill has the bill id {bill.payer_id} and the payment id {bill.payment_id}; of "
        f"{account.balance:,} owed it asks for {bill.asked:,}, the kiosk for {account.fee:,} more."
    )
    agree = report.agree("By number: what the account owes", account.balance, OWED)
    scanned = kiosk.fetch(pb.TARGET_KIND_TEXT, _barcode(bill))
    (found,) = scanned.accounts
    told = found.number, found.payable, scanned.recognised
    wanted = NUMBER, ASKED, pb.TARGET_KIND_DOCUMENT
    return agree & report.agree("By its barcode: what the payment id asks for", told, wanted)


def _barcode(bill: pb.PayableDocument) -> str:
    """The 26 digits of a bill's ids."""
    return f"{bill.payer_id:0>13}{bill.payment_id:0>13}"


def _once(kiosk: Kiosk) -> bool:
    """Pays the bill by its ids, sends it again, then another amount under its reference."""
    bill = kiosk.fetch(pb.TARGET_KIND_ACCOUNT, NUMBER).accounts[0].documents[-1]
    paid = "K-1", _barcode(bill), ASKED, pb.TARGET_KIND_DOCUMENT
    first, replayed = kiosk.post("the bill, by its payment id", *paid)
    second, replayed_then = kiosk.post("the same again", *paid)
    agree = report.agree("Sent again, the answer is the same byte for byte", second, first)
    agree &= report.agree("and marked as a replay", (replayed, replayed_then), (False, True))
    try:
        kiosk.post("", "K-1", _barcode(bill), ASKED + 1, pb.TARGET_KIND_DOCUMENT)
    except grpc.RpcError as error:
        found = error.code()
        console.print(f"  {error.details()}")
    else:
        found = grpc.StatusCode.OK
    told = "Another amount under its reference is refused"
    return agree & report.agree(told, found, grpc.StatusCode.ALREADY_EXISTS)


def _astray(kiosk: Kiosk) -> bool:
    """Pays to a number that there is not, and moves the money to the account that was meant."""
    answer, _ = kiosk.post(f"to {MISTYPED}, which there is not", "K-4", MISTYPED, ASTRAY)
    payment = pb.PostPaymentResponse.FromString(answer).payment
    (item,) = kiosk.payments.ListSuspense(pb.ListSuspenseRequest()).items
    found, wanted = (item.payment_id, item.open), (payment.payment_id, ASTRAY)
    agree = report.agree("Nobody knows the account: it waits in suspense", found, wanted)
    owed = kiosk.owed()
    request = pb.TransferSuspenseRequest(
        request_id="move", payment_id=item.payment_id, number=NUMBER, reason=REASON
    )
    moved = kiosk.payments.TransferSuspense(request)
    kiosk.steps.append((f"moved to {NUMBER}", ASTRAY, owed, kiosk.owed()))
    row = _audited(Call(EventServiceStub(kiosk.channel), kiosk.call))
    console.print(f"  audited: {row.actor}, {row.action}: {row.reason}")
    return agree & report.agree("It is moved, and suspense is empty", moved.item.open, 0)


def _explained(kiosk: Kiosk) -> bool:
    """Prints what the advance paid and why."""
    request = pb.ExplainPaymentRequest(channel=KIOSK, reference="K-3")
    (payment,) = kiosk.payments.ExplainPayment(request).payments
    (applied,) = payment.applied
    console.print(f"Why? {payment.sentence} {applied.sentence}")
    for step in applied.steps:
        console.print(f"  {step.sentence}")
    console.print(f"  {applied.credit_sentence}")
    found = [step.amount for step in applied.steps], applied.credit
    wanted = [OWED - ASKED - PART], ADVANCE
    return report.agree("The advance paid the rest of the bill, and is credit", found, wanted)


def _audited(events: Call) -> Any:
    """The audit log's row about the move; rows are numbered a moment after their write."""
    until = time.monotonic() + AUDIT_SECONDS
    while time.monotonic() < until:
        for row in events.ListAudit(event_service_pb2.ListAuditRequest(limit=1_000)).rows:
            if row.action == "suspense.transferred":
                return row
        time.sleep(0.1)
    raise SystemExit("the audit log does not tell the move")
