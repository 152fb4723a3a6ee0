"""The documents of a running server as `billcore doc` calls them."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path

import typer

from billcore.core.documents.rendering import Format
from billcore.core.errors import RequestInvalid
from billcore.server.commands.amounts import shown
from billcore.server.commands.console import progress, say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import Remote
from billcore.server.messages import export as export_messages
from billcore.v1 import document_service_pb2 as pb
from billcore.v1 import export_pb2
from billcore.v1.billing_service_pb2_grpc import BillingServiceStub
from billcore.v1.document_service_pb2_grpc import DocumentServiceStub

FORMATS = {
    "text58": Format.TEXT_58,
    "text80": Format.TEXT_80,
    "escpos58": Format.ESCPOS_58,
    "escpos80": Format.ESCPOS_80,
    "pdf": Format.PDF,
}

ISSUED = ("issued", "cancelled")
"""What the export of a run says of bills that were issued."""

AHEAD = 4
"""So many documents wait for each one that is asked for."""


class Documents:
    """DocumentService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, DocumentServiceStub)

    def bill(
        self, bill_id: int, notice: bool, collector: str, form: str, language: str,
        output: Path | None,
    ) -> None:  # fmt: skip
        """Writes a bill, or a notice of it."""
        name, _, phone = collector.partition("/")
        wanted = pb.DocumentWanted(bill_id=bill_id)
        if notice or collector:
            told = pb.NoticeWanted(bill_id=bill_id, collector_name=name, collector_phone=phone)
            wanted = pb.DocumentWanted(notice=told)
        self._write(wanted, form, language, output)

    def statement(
        self, number: str, first: str, last: str, form: str, language: str, output: Path | None
    ) -> None:
        """Writes a statement."""
        told = pb.StatementWanted(number=number, first_day=first, last_day=last)
        self._write(pb.DocumentWanted(statement=told), form, language, output)

    def receipt(
        self, given: tuple[str, str, int, str, str], form: str, language: str, output: Path | None
    ) -> None:
        """Issues the receipt of a payment, or a copy of it, and writes that."""
        channel, reference, part, recipient, request_id = given
        request = pb.IssueReceiptRequest(
            request_id=request_named(request_id),
            channel=channel,
            reference=reference,
            part_no=part,
            recipient=recipient,
        )
        with self._stub() as stub:
            made = stub.IssueReceipt(request, **self._remote.call)
        told = pb.ReceiptWanted(number=made.number, copy_no=made.copy_no)
        self._write(pb.DocumentWanted(receipt=told), form, language, output)

    def verify(self, number: str, code: str) -> bool:
        """Tells whether a receipt is genuine."""
        request = pb.VerifyReceiptRequest(signed=number)
        if code:
            if not number.isdecimal():
                raise RequestInvalid("number", f"{number[:40]!r} is no number of a receipt.")
            request = pb.VerifyReceiptRequest(code=pb.ReceiptCode(number=int(number), code=code))
        with self._stub() as stub:
            told = stub.VerifyReceipt(request, **self._remote.call)
        if not told.genuine:
            say("It is not a receipt of this provider.")
            return False
        paid = f"{shown(told.amount, told.digits)} {told.currency}"
        undone = "; the payment was taken back since" if told.reversed else ""
        say(f"Genuine: receipt {told.number}, {paid}, {told.copies} copies{undone}.")
        return True

    def _write(
        self, wanted: pb.DocumentWanted, form: str, language: str, output: Path | None
    ) -> None:
        with self._stub() as stub:
            content = self._rendered(stub, wanted, form, language)
        if output is not None:
            output.write_bytes(content)
        elif form.startswith("text"):
            typer.echo(content.decode(), nl=False)
        else:
            sys.stdout.buffer.write(content)

    def _rendered(
        self, stub: DocumentServiceStub, wanted: pb.DocumentWanted, form: str, language: str
    ) -> bytes:
        request = pb.RenderDocumentRequest(
            document=wanted,
            format=int(FORMATS[form]),  # type: ignore[arg-type]
            language=language,
        )
        content: bytes = stub.RenderDocument(request, **self._remote.call).content
        return content

    def run(self, run_id: int, form: str, language: str, folder: Path, jobs: int) -> None:
        """Renders the issued bills of a run, each to a file of its own unless that is there."""
        folder.mkdir(parents=True, exist_ok=True)
        made = kept = 0
        with self._remote.channel() as channel, progress() as bar:
            stub, task = DocumentServiceStub(channel), bar.add_task("documents", total=None)

            def render(bill_id: int) -> bool:
                file = folder / f"{bill_id}{FORMATS[form].suffix}"
                if file.exists():
                    return False
                wanted = pb.DocumentWanted(bill_id=bill_id)
                _whole(file, self._rendered(stub, wanted, form, language))
                return True

            for new in _each(render, self._bills(BillingServiceStub(channel), run_id), jobs):
                made, kept = made + new, kept + (not new)
                bar.update(task, completed=made + kept)
        say(f"{folder}: {made} documents of run {run_id}; {kept} were there.")

    def _bills(self, stub: BillingServiceStub, run_id: int) -> Iterator[int]:
        """The ids of the run's issued bills, batch by batch."""
        request = export_pb2.ExportRunRequest(run_id=run_id)
        answers = stub.ExportRun(request, metadata=self._remote.metadata)
        with export_messages.opened(answers) as batches:
            for batch in batches:
                ids = batch.column("bill_id").to_pylist()
                outcomes = batch.column("outcome").to_pylist()
                yield from (one for one, told in zip(ids, outcomes, strict=True) if told in ISSUED)


def _whole(file: Path, content: bytes) -> None:
    """Writes a file that has its name only when it is whole."""
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)


def _each(render: Callable[[int], bool], bills: Iterator[int], jobs: int) -> Iterator[bool]:
    """Renders bills, so many at a time, and tells of each whether it is new."""
    with ThreadPoolExecutor(jobs) as pool:
        waiting = set()
        for bill_id in bills:
            waiting.add(pool.submit(render, bill_id))
            if len(waiting) >= jobs * AHEAD:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        yield from (one.result() for one in waiting)
