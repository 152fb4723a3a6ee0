"""AutopayService of a running server as `billcore autopay` and `billcore pay remind` call it."""

from functools import partial

from rich.table import Table

from billcore.server.commands.amounts import shown
from billcore.server.commands.console import out, say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import Remote
from billcore.v1 import autopay_service_pb2 as pb
from billcore.v1.autopay_service_pb2_grpc import AutopayServiceStub

Terms = tuple[str, int, int]
"""Channel, days before a bill is due, limit of a debit."""


class Autopays:
    """AutopayService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, AutopayServiceStub)

    def set(self, number: str, terms: Terms, revision: int, reason: str, given_id: str) -> None:
        """Agrees terms for an account and tells them."""
        channel, remind_days, amount_max = terms
        autopay = pb.Autopay(
            channel=channel, remind_days=remind_days, amount_max=amount_max, revision=revision
        )
        request = pb.SetAutopayRequest(
            request_id=request_named(given_id), number=number, autopay=autopay, reason=reason
        )
        with self._stub() as stub:
            _tell(number, stub.SetAutopay(request, **self._remote.call).autopay)

    def show(self, number: str) -> None:
        """Tells what was agreed, and the reminders."""
        with self._stub() as stub:
            found = stub.GetAutopay(pb.GetAutopayRequest(number=number), **self._remote.call)
        _tell(number, found.autopay)
        table = Table("bill", "channel", "reminded", "due", box=None)
        for name in ("debit", "open", "currency"):
            table.add_column(name, justify="right")
        for one in found.reminders:
            amounts = (shown(amount, found.digits) for amount in (one.amount, one.open))
            row = str(one.bill_id), one.channel, one.day, one.due_day
            table.add_row(*row, *amounts, found.currency)
        if found.reminders:
            out.print(table)

    def end(self, number: str, revision: int, reason: str, given_id: str) -> None:
        """Ends it and tells it."""
        request = pb.EndAutopayRequest(
            request_id=request_named(given_id), number=number, revision=revision, reason=reason
        )
        with self._stub() as stub:
            _tell(number, stub.EndAutopay(request, **self._remote.call).autopay)

    def remind(self, day: str) -> None:
        """Reminds of all bills of a day, and tells how many."""
        reminders = 0
        request = pb.RemindAutopayRequest(day=day)
        with self._stub() as stub:
            while True:
                done = stub.RemindAutopay(request, **self._remote.call)
                reminders += done.reminders
                request = pb.RemindAutopayRequest(day=done.day, page_token=done.next_page_token)
                if not done.next_page_token:
                    break
        say(f"{done.day}: {reminders} reminders")


def _tell(number: str, one: pb.Autopay) -> None:
    limit = f"at most {one.amount_max} minor units a debit" if one.amount_max else "no limit"
    terms = f"through {one.channel}, reminded {one.remind_days} days before, {limit}"
    state = terms if one.enabled else "ended"
    say(f"Account {number}: {state}; revision {one.revision}")
