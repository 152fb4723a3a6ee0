"""PaymentService of a running server as `billcore pay` calls it, and what it prints of it."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from rich.table import Table

from billcore.server.commands.amounts import shown
from billcore.server.commands.console import out, say
from billcore.server.commands.moments import shown_moment
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.v1 import payment_service_pb2 as pb
from billcore.v1.payment_service_pb2_grpc import PaymentServiceStub

REPLAYED = "x-billcore-replayed"


class Payments:
    """PaymentService, called with a key, for a provider ('': the key's own, or the house)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, PaymentServiceStub)

    def fetch(self, channel: str, kind: str, text: str) -> None:
        """Tells what there is to pay."""
        request = pb.FetchBillRequest(channel=channel, target=_target((kind, text)))
        with self._stub() as stub:
            found = stub.FetchBill(request, **self._remote.call)
        for one in found.accounts:
            _tell_account(one, found)

    def post(self, **given: Any) -> None:
        """Posts a payment and tells it."""
        request = pb.PostPaymentRequest(**given | {"target": _target(given["target"])})
        with self._stub() as stub:
            made, again = self._told(stub.PostPayment, request)
        _tell_payments([made.payment], made, again)

    def status(self, channel: str, reference: str) -> None:
        """Tells what became of a payment."""
        request = pb.GetPaymentStatusRequest(channel=channel, reference=reference)
        with self._stub() as stub:
            found = stub.GetPaymentStatus(request, **self._remote.call)
        _tell_status(reference, found)

    def list(self, channel: str, paid_from: int, paid_until: int) -> None:
        """Tells the payments that were paid in a span, and what they come to."""
        table = Table("reference", "day", "account", "state", box=None)
        table.add_column("amount", justify="right")
        request = pb.ListPaymentsRequest(
            channel=channel, paid_from=paid_from, paid_until=paid_until, page_size=PAGE_SIZE
        )
        with self._stub() as stub:
            for page in pages(stub.ListPayments, request, self._remote.call):
                for one in page.payments:
                    for row in _listed(one, page.digits):
                        table.add_row(*row)
        total = f"{shown(page.amount, page.digits)} {page.currency}"
        table.add_row(f"{page.count:,} payments", "", "", "", total, style="bold")
        out.print(table)

    def explain(self, channel: str, reference: str) -> None:
        """Tells what the money of a payment did."""
        request = pb.ExplainPaymentRequest(channel=channel, reference=reference)
        with self._stub() as stub:
            found = stub.ExplainPayment(request, **self._remote.call)
        _tell_explained(reference, found)

    def reverse(self, **given: Any) -> None:
        """Takes a payment back and tells the reversal."""
        with self._stub() as stub:
            done, again = self._told(stub.ReversePayment, pb.ReversePaymentRequest(**given))
        _tell_reversal(done.reversal, done, again)

    def reserve(self, **given: Any) -> None:
        """Announces a payment and tells it."""
        request = pb.ReservePaymentRequest(**given | {"target": _target(given["target"])})
        with self._stub() as stub:
            made, again = self._told(stub.ReservePayment, request)
        _tell_reservation(made.reservation, made, again)

    def confirm(self, **given: Any) -> None:
        """Posts what was reserved and tells it."""
        with self._stub() as stub:
            made, again = self._told(stub.ConfirmPayment, pb.ConfirmPaymentRequest(**given))
        _tell_payments([made.payment], made, again)

    def release(self, channel: str, reference: str) -> None:
        """Ends a reservation and tells it."""
        request = pb.ReleasePaymentRequest(channel=channel, reference=reference)
        with self._stub() as stub:
            done, again = self._told(stub.ReleasePayment, request)
        say(f"Reservation {reference}: {_state(done.state)}{_again(again)}")

    def split(self, parts: Sequence[tuple[str, str, int]], **given: Any) -> None:
        """Pays several accounts in one act and tells its payments."""
        told = [
            pb.SplitPart(provider=provider, target=_target(("account", number)), amount=amount)
            for provider, number, amount in parts
        ]
        with self._stub() as stub:
            made, again = self._told(stub.SplitPayment, pb.SplitPaymentRequest(parts=told, **given))
        _tell_payments(made.payments, made, again)

    def suspense(self, settled: bool) -> None:
        """Tells the worklist."""
        table = Table("payment", "since", "channel", "reference", "target", "why", box=None)
        table.add_column("amount", justify="right")
        table.add_column("open", justify="right")
        request = pb.ListSuspenseRequest(settled=settled, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListSuspense, request, self._remote.call):
                for one in page.items:
                    table.add_row(*_item(one, page.digits))
        held = f"{shown(page.open, page.digits)} {page.currency}"
        table.add_row("", "", "", "", "", "all that is open", "", held, style="bold")
        out.print(table)

    def transfer(
        self, payment_id: int, account: str, amount: int, reason: str, request_id: str
    ) -> None:
        """Moves money from suspense to an account and tells what is left."""
        request = pb.TransferSuspenseRequest(
            request_id=request_named(request_id),
            payment_id=payment_id,
            number=account,
            amount=amount,
            reason=reason,
        )
        with self._stub() as stub:
            done, again = self._told(stub.TransferSuspense, request)
        moved = _money(done.item.moves[-1].amount, done)
        left = _money(done.item.open, done)
        say(f"Payment {payment_id}: {moved} moved to {account}, {left} open{_again(again)}")

    def _told(self, method: Any, request: Any) -> tuple[Any, bool]:
        """An answer, and whether it is that of an earlier call."""
        answer, call = method.with_call(request, **self._remote.call)
        return answer, any(key == REPLAYED for key, _ in call.trailing_metadata())


# -- shown


def _target(given: tuple[str, str]) -> pb.Target:
    kind, text = given
    return pb.Target(kind=f"TARGET_KIND_{kind.upper()}", text=text)


def _tell_account(one: pb.PayableAccount, found: pb.FetchBillResponse) -> None:
    limits = f"from {_money(one.least, found)}" + (
        f" to {_money(one.most, found)}" * (one.most > 0)
    )
    fee = f", fee {_money(one.fee, found)}" if one.fee else ""
    say(
        f"Account {one.number}, {one.name}, {one.address}: {_code(one.code)}, "
        f"{_money(one.payable, found)} to pay, {limits}{fee}"
    )
    table = Table("document", "day", "due", box=None)
    table.add_column("amount", justify="right")
    table.add_column("open", justify="right")
    for document in one.documents:
        name = f"{document.what} {document.bill_id}" if document.bill_id else document.what
        amounts = shown(document.amount, found.digits), shown(document.open, found.digits)
        table.add_row(name, document.day, document.due_day, *amounts)
    if one.documents:
        out.print(table)


def _tell_payments(payments: Sequence[pb.Payment], answer: Any, again: bool) -> None:
    for one in payments:
        why = f", {_code(one.code)}" if one.code != pb.PAYMENT_CODE_OK else ""
        whose = f" to account {one.account_id}" if one.account_id else ""
        say(
            f"Payment {one.payment_id} ({one.channel} {one.reference}): {_state(one.state)}{whose}"
            f"{why}, {_money(one.amount, answer)}, of {one.day}{_again(again)}"
        )


def _tell_reversal(one: pb.Reversal, answer: Any, again: bool) -> None:
    kind = pb.ReversalKind.Name(one.kind).removeprefix("REVERSAL_KIND_").lower()
    fee = f", fee {_money(one.charged, answer)}" if one.charged else ""
    say(
        f"Reversal {one.reversal_id} ({one.reference}): {kind}, {_money(one.amount, answer)}{fee}, "
        f"of {one.day}, {one.reason}{_again(again)}"
    )


def _tell_reservation(one: pb.Reservation, answer: Any, again: bool) -> None:
    until = shown_moment(one.expires_at)
    say(
        f"Reserved for account {one.account_id}: {_money(one.amount, answer)}, until {until}"
        f"{_again(again)}"
    )


def _tell_status(reference: str, found: pb.GetPaymentStatusResponse) -> None:
    say(f"{reference}: {_state(found.state)}")
    if found.HasField("reservation"):
        _tell_reservation(found.reservation, found, again=False)
    _tell_payments(
        [found.payment] if found.HasField("payment") else found.parts, found, again=False
    )
    for move in found.moves:
        whose = f"moved to account {move.account_id}" if move.account_id else "given back"
        say(f"{_money(move.amount, found)} {whose}, {shown_moment(move.recorded_at)}")
    if found.HasField("reversal"):
        _tell_reversal(found.reversal, found, again=False)


def _tell_explained(reference: str, found: pb.ExplainPaymentResponse) -> None:
    fee = f", and {_money(found.fee, found)} to the channel on top" if found.fee else ""
    say(f"{reference}: {_state(found.state)}{fee}")
    for one in found.payments:
        say(f"Payment {one.payment.payment_id}: {one.sentence}")
        for applied in one.applied:
            say(f"  Account {applied.number}, {_money(applied.amount, found)}: {applied.sentence}")
            for number, step in enumerate(applied.steps, start=1):
                say(f"    {number}. {step.sentence}")
            say(f"    {applied.credit_sentence}")
    if found.HasField("reversal"):
        _tell_reversal(found.reversal, found, again=False)


def _listed(one: pb.ListedPayment, digits: int) -> Iterator[tuple[str, ...]]:
    """A row a payment, of a split payment a row a part."""
    state = _state(pb.PAYMENT_STATE_REVERSED) if one.HasField("reversal") else ""
    for payment in one.parts or [one.payment]:
        account = str(payment.account_id) if payment.account_id else ""
        told = state or _state(payment.state)
        amount = shown(payment.amount, digits)
        yield one.payment.reference, payment.day, account, told, amount


def _item(one: pb.SuspenseItem, digits: int) -> tuple[str, ...]:
    return (
        str(one.payment_id),
        shown_moment(one.recorded_at),
        one.channel,
        one.reference,
        one.target.text,
        _code(one.code),
        shown(one.amount, digits),
        shown(one.open, digits),
    )


def _money(amount: int, answer: Any) -> str:
    """With the currency of an answer."""
    return f"{shown(amount, answer.digits)} {answer.currency}"


def _state(number: Any) -> str:
    return pb.PaymentState.Name(number).removeprefix("PAYMENT_STATE_").lower()


def _code(number: Any) -> str:
    return pb.PaymentCode.Name(number).removeprefix("PAYMENT_CODE_").lower().replace("_", " ")


def _again(again: bool) -> str:
    return " (as told before)" if again else ""
