"""The mandates of a running server as `billcore debit mandate` calls them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from rich.table import Table

from billcore.server.commands.console import out, say
from billcore.server.commands.debit_remote import add_debit, debits_table, scheme_of, value_of, word
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.v1 import direct_debit_service_pb2 as pb
from billcore.v1.direct_debit_service_pb2_grpc import DirectDebitServiceStub


class Mandates:
    """DirectDebitService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, DirectDebitServiceStub)

    def create(
        self,
        number: str,
        scheme: str,
        given: Mapping[str, Any],
        debtor: Mapping[str, str],
        reason: str,
        named: str,
    ) -> None:
        """Makes a mandate and tells it."""
        mandate = pb.Mandate(**given, scheme=scheme_of(scheme), debtor=pb.Debtor(**debtor))
        name = request_named(named)
        request = pb.CreateMandateRequest(
            request_id=name, number=number, mandate=mandate, reason=reason
        )
        with self._stub() as stub:
            _tell(stub.CreateMandate(request, **self._remote.call).mandate)

    def change(
        self,
        mandate: str,
        version: int,
        amount_max: int | None,
        debtor: Mapping[str, str],
        reason: str,
        named: str,
    ) -> None:
        """Changes a mandate and tells it."""
        request = pb.ChangeMandateRequest(
            request_id=request_named(named), mandate=mandate, version=version, reason=reason
        )
        if amount_max is not None:
            request.amount_max = amount_max
        if any(debtor.values()):
            request.debtor.CopyFrom(pb.Debtor(**debtor))
        with self._stub() as stub:
            _tell(stub.ChangeMandate(request, **self._remote.call).mandate)

    def go(self, act: str, mandate: str, version: int, reason: str, named: str) -> None:
        """Submits, activates, suspends or cancels a mandate and tells it."""
        request = getattr(pb, f"{act}MandateRequest")(
            request_id=request_named(named), mandate=mandate, version=version, reason=reason
        )
        with self._stub() as stub:
            _tell(getattr(stub, f"{act}Mandate")(request, **self._remote.call).mandate)

    def show(self, mandate: str) -> None:
        """Tells a mandate, its versions and debits."""
        with self._stub() as stub:
            found = stub.GetMandate(pb.GetMandateRequest(mandate=mandate), **self._remote.call)
        _tell(found.mandate)
        for one in found.versions:
            why = f": {one.reason}" if one.reason else ""
            say(f"  version {one.version}: {word(pb.MandateState, one.state)}{why}")
        table = debits_table()
        for debit in found.debits:
            add_debit(table, debit)
        if found.debits:
            out.print(table)

    def list(self, state: str) -> None:
        """Tells mandates."""
        table = Table("mandate", "reference", "account", "channel", "scheme", "state", box=None)
        wanted = value_of(pb.MandateState, "MANDATE_STATE_", state, "--state")
        request = pb.ListMandatesRequest(state=wanted, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListMandates, request, self._remote.call):
                for one in page.mandates:
                    names = f"#{one.mandate_no}", one.umr, str(one.account_id), one.channel
                    words = word(pb.DebitScheme, one.scheme), word(pb.MandateState, one.state)
                    table.add_row(*names, *words)
        out.print(table)


def _tell(one: pb.Mandate) -> None:
    limit = f", at most {one.amount_max} a debit" if one.amount_max else ""
    account = one.debtor.iban or one.debtor.bank_account
    say(
        f"Mandate {one.umr} (#{one.mandate_no}, {word(pb.DebitScheme, one.scheme)}): "
        f"{word(pb.MandateState, one.state)}, of {account}{limit}; version {one.version}"
    )
