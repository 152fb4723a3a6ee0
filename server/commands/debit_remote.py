"""DirectDebitService of a running server as `billcore debit` calls it. Amounts are minor units."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from billcore.server.commands.console import out, say
from billcore.server.commands.options import request_named
from billcore.server.commands.recon_remote import PART_BYTES
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.v1 import direct_debit_service_pb2 as pb
from billcore.v1.direct_debit_service_pb2_grpc import DirectDebitServiceStub


class Debits:
    """DirectDebitService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, DirectDebitServiceStub)
        self._long = {"metadata": self._remote.metadata}

    # -- terms and formats

    def show_terms(self, channel: str) -> None:
        """Tells how debits are collected."""
        with self._stub() as stub:
            request = pb.GetDebitTermsRequest(channel=channel)
            _tell_terms(stub.GetDebitTerms(request, **self._remote.call).terms)

    def set_terms(self, channel: str, text: str, revision: int, reason: str, named: str) -> None:
        """Sets it and tells it."""
        given = pb.DebitTerms(channel=channel, terms=text, revision=revision)
        name = request_named(named)
        request = pb.SetDebitTermsRequest(request_id=name, terms=given, reason=reason)
        with self._stub() as stub:
            _tell_terms(stub.SetDebitTerms(request, **self._remote.call).terms)

    def formats(self) -> None:
        """Tells the domestic pairs of files."""
        table = Table("format", "of", "revision", box=None)
        with self._stub() as stub:
            request = pb.ListDebitFormatsRequest()
            for one in stub.ListDebitFormats(request, **self._remote.call).formats:
                whose = "the provider" if one.revision else "billcore"
                table.add_row(one.format, whose, str(one.revision))
        out.print(table)

    def set_format(self, text: str, revision: int, reason: str, named: str) -> None:
        """Keeps a pair and tells it."""
        given = pb.DebitFormat(definition=text, revision=revision)
        name = request_named(named)
        request = pb.SetDebitFormatRequest(request_id=name, format=given, reason=reason)
        with self._stub() as stub:
            made = stub.SetDebitFormat(request, **self._remote.call).format
        say(f"Format {made.format}, revision {made.revision}")

    # -- from plan to bank

    def plan(self, channel: str, scheme: str, day: str) -> None:
        """Plans all debits of a day and tells how many."""
        debits = amount = 0
        wanted = {"channel": channel, "scheme": scheme_of(scheme), "collection_day": day}
        request = pb.PlanDebitsRequest(**wanted)
        with self._stub() as stub:
            while True:
                done = stub.PlanDebits(request, **self._long)
                debits, amount = debits + done.debits, amount + done.amount
                request = pb.PlanDebitsRequest(**wanted, page_token=done.next_page_token)
                if not done.next_page_token:
                    break
        say(f"{day}: {debits} debits planned, {amount} minor units")

    def notify(self, channel: str, day: str) -> None:
        """Announces all that come up, and tells how many."""
        debits = withdrawn = 0
        request = pb.NotifyDebitsRequest(channel=channel, day=day)
        with self._stub() as stub:
            while True:
                done = stub.NotifyDebits(request, **self._long)
                debits, withdrawn = debits + done.debits, withdrawn + done.withdrawn
                if not done.more:
                    break
        say(f"{done.day}: {debits} debits announced, {withdrawn} withdrawn")

    def seal(self, channel: str, scheme: str, day: str) -> None:
        """Seals all announced debits of a day and tells the batches."""
        request = pb.SealBatchRequest(channel=channel, scheme=scheme_of(scheme), collection_day=day)
        with self._stub() as stub:
            while True:
                done = stub.SealBatch(request, **self._long)
                tell_batch(done.batch)
                if not done.left:
                    break

    def file(self, batch_no: int, into: Path) -> None:
        """Writes the file of a batch."""
        request = pb.GetBatchFileRequest(batch_no=batch_no)
        size = 0
        with self._stub() as stub, into.open("wb") as file:
            for one in stub.GetBatchFile(request, **self._long):
                size += file.write(one.part)
        say(f"Batch {batch_no}: {size} bytes in {into.name}")

    def sent(self, batch_no: int, day: str, reason: str, named: str) -> None:
        """Says that the bank has it."""
        request = pb.MarkBatchSentRequest(
            request_id=request_named(named), batch_no=batch_no, day=day, reason=reason
        )
        with self._stub() as stub:
            tell_batch(stub.MarkBatchSent(request, **self._long).batch)

    # -- results

    def results(self, channel: str, file: Path, format_name: str) -> None:
        """Imports a file of results and tells what it came to."""
        header = {"name": file.name, "channel": channel, "format": format_name}
        with self._stub() as stub:
            done = stub.ImportDebitResults(_parts(file, header), **self._long)
        one = done.result
        say(
            f"Result {one.result_no} ({one.format}){', again' if done.repeated else ''}: "
            f"{one.accepted} accepted, {one.rejected} rejected, {one.collected} collected, "
            f"{one.returned} taken back, {one.repeated_count} told before, "
            f"{one.unknown_count} unknown"
        )
        for each in one.unknown:
            say(f"  line {each.line}: {each.end_to_end_id or 'a block'}: {each.why}")

    def imported(self) -> None:
        """Tells every file of results."""
        table = Table(
            "result", "name", "format", "accepted", "rejected", "collected", "back", "unknown",
            box=None,
        )  # fmt: skip
        request = pb.ListDebitResultsRequest(page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListDebitResults, request, self._remote.call):
                for one in page.results:
                    counts = one.accepted, one.rejected, one.collected, one.returned
                    names = str(one.result_no), one.name, one.format
                    table.add_row(*names, *map(str, counts), str(one.unknown_count))
        out.print(table)

    # -- what is there

    def list(self, state: str, batch_no: int) -> None:
        """Tells debits."""
        table = debits_table()
        wanted = value_of(pb.DebitState, "DEBIT_STATE_", state, "--state")
        request = pb.ListDebitsRequest(state=wanted, batch_no=batch_no, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListDebits, request, self._remote.call):
                for one in page.debits:
                    add_debit(table, one)
        out.print(table)

    def batches(self) -> None:
        """Tells every batch."""
        request = pb.ListDebitBatchesRequest(page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListDebitBatches, request, self._remote.call):
                for one in page.batches:
                    tell_batch(one)

    def summary(self) -> None:
        """Tells what debits come to."""
        with self._stub() as stub:
            found = stub.SummariseDebits(pb.SummariseDebitsRequest(), **self._remote.call)
        table = Table("debits", "count", "amount", box=None)
        for one in found.sums:
            table.add_row(word(pb.DebitState, one.state), str(one.debits), str(one.amount))
        for one in found.failures:
            name = f"  {one.code} {one.meaning}".rstrip()
            table.add_row(name, str(one.debits), str(one.amount))
        table.add_row("contingent", "", str(found.contingent))
        out.print(table)

    def show(self, end_to_end_id: str) -> None:
        """Tells a debit's story."""
        with self._stub() as stub:
            request = pb.GetDebitRequest(end_to_end_id=end_to_end_id)
            found = stub.GetDebit(request, **self._remote.call)
        one = found.debit
        say(
            f"Debit {one.end_to_end_id}: {word(pb.DebitState, one.state)}, {one.amount} of account "
            f"{one.account_id}, for {one.collection_day}, try {one.attempt}"
        )
        for step in found.steps:
            why = f", {step.code}" if step.code else ""
            told = f", result {step.result_no}:{step.line}" if step.result_no else ""
            say(f"  {step.day} {word(pb.DebitState, step.state)}, {step.amount}{why}{told}")
        if found.payment_id:
            back = f", reversed by {found.reversal_id}" if found.reversal_id else ""
            say(f"  payment {found.payment_id}{back}, charged {found.charged}")
        if one.contingent_until_day:
            say(f"  contingent until {one.contingent_until_day}")
        for each in found.earlier:
            say(f"  tries again {each.end_to_end_id}, which is {word(pb.DebitState, each.state)}")
        for each in found.later:
            say(f"  tried again as {each.end_to_end_id} on {each.collection_day}")

    def reverse(self, end_to_end_id: str, day: str, reason: str, named: str) -> None:
        """Gives a debit back and tells it."""
        request = pb.ReverseDebitRequest(
            request_id=request_named(named), end_to_end_id=end_to_end_id, day=day, reason=reason
        )
        with self._stub() as stub:
            one = stub.ReverseDebit(request, **self._remote.call).debit
        say(f"Debit {one.end_to_end_id}: {word(pb.DebitState, one.state)} on {one.day}")

    def sweep(self) -> None:
        """Does what time does, and tells it."""
        with self._stub() as stub:
            done = stub.SweepMandates(pb.SweepMandatesRequest(), **self._long)
        say(f"{done.expired} mandates expired; debits: {done.final} final, {done.withdrawn} late")


def scheme_of(text: str) -> Any:
    """The scheme of a word."""
    return value_of(pb.DebitScheme, "DEBIT_SCHEME_", text or "?", "SCHEME")


def value_of(enum: Any, prefix: str, text: str, where: str) -> Any:
    """The value of an enum by its last words; '': its zero."""
    known = [name.removeprefix(prefix).lower() for name in enum.keys()[1:]]
    if text and text.lower() not in known:
        raise typer.BadParameter(f"one of {', '.join(known)}", param_hint=where)
    return enum.Value(prefix + (text.upper() or "UNSPECIFIED"))


def word(enum: Any, number: int) -> str:
    """The last words of a value's name, small."""
    prefix = f"{enum.Name(0).removesuffix('UNSPECIFIED')}"
    return str(enum.Name(number).removeprefix(prefix).lower())


def debits_table() -> Table:
    """An empty table of debits."""
    return Table("debit", "account", "collection", "state", "amount", "batch", "code", box=None)


def add_debit(table: Table, one: pb.Debit) -> None:
    """OUT: the table has one row more."""
    state = word(pb.DebitState, one.state)
    batch = str(one.batch_no or "")
    table.add_row(
        one.end_to_end_id, str(one.account_id), one.collection_day, state, str(one.amount), batch,
        one.code,
    )  # fmt: skip


def tell_batch(one: pb.DebitBatch) -> None:
    """Tells a batch."""
    digest = f", SHA-256 {one.digest.hex()[:16]}…" if one.digest else ""
    say(
        f"Batch {one.batch_no} ({one.message_id}, {word(pb.DebitScheme, one.scheme)} of "
        f"{one.collection_day}): {word(pb.DebitBatchState, one.state)}, {one.debits} debits, "
        f"{one.amount}{digest}"
    )


def _tell_terms(one: pb.DebitTerms) -> None:
    say(f"{one.channel}, revision {one.revision}: {one.terms}")


def _parts(file: Path, header: dict[str, Any]) -> Iterator[pb.ImportDebitResultsRequest]:
    yield pb.ImportDebitResultsRequest(header=pb.DebitResultHeader(**header))
    with file.open("rb") as content:
        while part := content.read(PART_BYTES):
            yield pb.ImportDebitResultsRequest(part=part)
