"""`billcore bill cancel|rebill|rerate|undo|family`: corrections through a running server."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from billcore.server.commands.amounts import shown
from billcore.server.commands.console import FAILED, out
from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId, request_named

if TYPE_CHECKING:
    from billcore.v1 import billing_service_pb2 as pb
    from billcore.v1 import corrections_pb2
    from billcore.v1.billing_service_pb2_grpc import BillingServiceStub

Bill = Annotated[int, typer.Argument(help="The id of the bill.")]
Code = Annotated[str, typer.Option("--code", help="Why: a code of the provider, as TARIFF.")]
Why = Annotated[str, typer.Option("--reason", help="Why, in words.")]
Evidence = Annotated[
    list[str] | None, typer.Option(help="A document that shows it; again for another.")
]
Issued = Annotated[str, typer.Option(help="Day of issue; none: today.")]


def cancel(
    bills: Annotated[list[int], typer.Argument(help="The ids of the bills.")],
    code: Code,
    reason: Why = "",
    evidence: Evidence = None,
    issued: Issued = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Cancels bills by credit notes; those that cannot be are told, with exit status 1."""
    from billcore.v1 import corrections_pb2

    asked = _asked(code, reason, evidence, issued, request_id)
    request = corrections_pb2.CancelBillsRequest(bill_ids=bills, **asked)
    with _called(address, key, provider) as (stub, call):
        done = stub.CancelBills(request, **call)
    table = Table("bill", "credit note", "why not", box=None)
    for one in done.results:
        table.add_row(str(one.bill_id), str(one.credit_id or ""), one.message)
    out.print(table)
    _tell_correction(done.correction_id)
    if done.cancelled < len(done.results):
        raise typer.Exit(FAILED)


def rebill(
    bill: Bill,
    code: Code,
    reason: Why = "",
    evidence: Evidence = None,
    issued: Issued = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Rates the days of an account's last bill again, and puts a bill in its place."""
    from billcore.v1 import corrections_pb2

    asked = _asked(code, reason, evidence, issued, request_id)
    request = corrections_pb2.RebillBillRequest(bill_id=bill, **asked)
    with _called(address, key, provider) as (stub, call):
        done = stub.RebillBill(request, **call)
    if done.correction_id:
        _tell_headers([done.credit.header, done.bill.header])
    _tell_correction(done.correction_id)


def rerate(
    account: Annotated[str, typer.Argument(help="The number of the account.")],
    first: Annotated[str, typer.Option("--from", help="First day that is not as it was billed.")],
    code: Code,
    reason: Why = "",
    evidence: Evidence = None,
    re_estimate: Annotated[
        bool, typer.Option("--re-estimate", help="Estimates above a later reading are made anew.")
    ] = False,
    issued: Issued = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Rates an account's bills again from a day on; corrects those that come to something else."""
    from billcore.v1 import corrections_pb2

    asked = _asked(code, reason, evidence, issued, request_id)
    request = corrections_pb2.RerateAccountRequest(
        number=account, from_day=first, re_estimate=re_estimate, **asked
    )
    with _called(address, key, provider) as (stub, call):
        done = stub.RerateAccount(request, **call)
    for one in done.readings:
        out.print(
            f"Meter {one.meter_id}, register {one.register_no}, {one.day}: {one.value} instead of "
            f"{one.value_before}, estimated.",
            markup=False,
        )
    _tell_corrected(done.corrected, done.digits)
    out.print(f"Unchanged bills: {done.unchanged}.")
    _tell_correction(done.correction_id)


def undo(
    correction: Annotated[int, typer.Argument(help="The number of the correction.")],
    code: Code,
    reason: Why = "",
    evidence: Evidence = None,
    issued: Issued = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Undoes a correction by another."""
    from billcore.v1 import corrections_pb2

    asked = _asked(code, reason, evidence, issued, request_id)
    request = corrections_pb2.UndoCorrectionRequest(correction_id=correction, **asked)
    with _called(address, key, provider) as (stub, call):
        done = stub.UndoCorrection(request, **call)
    _tell_corrected(done.corrected, done.digits)
    _tell_correction(done.correction_id)


def family(bill: Bill, provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Prints a bill's original, its credit notes and the bills in its place, with the reasons."""
    from billcore.v1 import corrections_pb2

    with _called(address, key, provider) as (stub, call):
        request = corrections_pb2.GetBillFamilyRequest(bill_id=bill)
        found = stub.GetBillFamily(request, **call)
    _tell_headers([one.header for one in found.members])
    for one in found.corrections:
        more = ": ".join(text for text in (one.why.reason_code, one.why.reason) if text)
        out.print(f"Correction {one.correction_id}, {more}", markup=False)
        for label, told in (
            ("evidence", "; ".join(one.why.evidence)),
            ("by", one.actor),
            ("undoes", str(one.undoes or "")),
            ("undone by", str(one.undone_by or "")),
        ):
            if told:
                out.print(f"    {label}: {told}", markup=False)


@contextmanager
def _called(
    address: str, key: str, provider: str
) -> Iterator[tuple["BillingServiceStub", dict[str, Any]]]:
    """The service on a server, and what goes with a call."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1.billing_service_pb2_grpc import BillingServiceStub

    remote = Remote(address, key, provider)
    with remote.service(BillingServiceStub) as stub:
        yield stub, remote.call


def _asked(
    code: str, reason: str, evidence: list[str] | None, issued: str, request_id: str
) -> dict[str, Any]:
    """What every correction is asked with."""
    from billcore.v1 import corrections_pb2

    why = corrections_pb2.CorrectionReason(reason_code=code, reason=reason, evidence=evidence or ())
    return {"why": why, "issued_day": issued, "request_id": request_named(request_id)}


def _tell_headers(headers: "list[pb.BillHeader]") -> None:
    table = Table("bill", "kind", "days", "issued", "stands", box=None)
    table.add_column("total", justify="right")
    for one in headers:
        table.add_row(
            str(one.bill_id),
            _kind(one),
            f"({one.previous_day}, {one.this_day}]",
            one.issued_day,
            "yes" if one.stands else f"no: {one.cancelled_by}",
            shown(one.total, one.digits),
        )
    out.print(table)


def _kind(header: "pb.BillHeader") -> str:
    from billcore.v1 import billing_service_pb2 as pb

    return pb.BillKind.Name(header.kind).removeprefix("BILL_KIND_").lower()


def _tell_corrected(corrected: "list[corrections_pb2.CorrectedDocument]", digits: int) -> None:
    table = Table("taken back", "by", "in its place", "days", box=None)
    for title in ("before", "after"):
        table.add_column(title, justify="right")
    for one in corrected:
        table.add_row(
            str(one.bill_id),
            str(one.taken_back_by),
            str(one.place_taken_by or ""),
            f"({one.previous_day}, {one.this_day}]",
            *(shown(amount, digits) for amount in (one.total_before, one.total_after)),
        )
    if corrected:
        out.print(table)


def _tell_correction(number: int) -> None:
    told = f"Correction {number}." if number else "Nothing was issued."
    out.print(told, style="bold")
