"""Settlements and entries of banks as messages, and back."""

from billcore.core.errors import RequestInvalid
from billcore.core.reconciliation.missing import Missing
from billcore.core.reconciliation.settlement.enquiries import BankEntry, Search, Trace
from billcore.core.store.settlements import SettlementRow
from billcore.server.messages.account import day, iso, iso_if_any
from billcore.v1 import reconciliation_service_pb2 as pb

DAYS_MAX = 92
"""So many days of a bank account are searched at once."""


def settlement(row: SettlementRow, channels: dict[int, str]) -> pb.Settlement:
    """channels: codes by number."""
    return pb.Settlement(
        settlement_id=row.settlement_id,
        channel=channels.get(row.channel_no, ""),
        bank=channels.get(row.bank_no, ""),
        batch=row.batch,
        first_day=iso(row.first_day),
        last_day=iso(row.last_day),
        due_day=iso(row.due_day),
        lines=row.line_count,
        gross=row.gross,
        fee=row.fee,
        paid=row.paid,
        charged=row.charged,
        credit_day=iso_if_any(row.credit_day),
        kind=pb.BreakKind.Name(pb.BreakKind.ValueType(row.kind)),
        changed_at=row.changed_at,
    )


def search(request: pb.ListBankEntriesRequest) -> Search:
    """What is looked for. Raises FieldRefused, RequestInvalid."""
    days = day(request.from_day, "from_day"), day(request.until_day, "until_day")
    if not days[0] <= days[1] < days[0] + DAYS_MAX:
        raise RequestInvalid("until_day", f"it is not before from_day, nor {DAYS_MAX} days later.")
    return Search(
        days=days,
        least=request.least if request.HasField("least") else None,
        most=request.most if request.HasField("most") else None,
        text=request.text,
        unknown=request.unknown,
        returned=request.returned,
    )


def bank_entry(found: BankEntry) -> pb.BankEntry:
    line = found.line
    return pb.BankEntry(
        file_no=line.file_no,
        line=line.line,
        format=line.format,
        day=iso(line.day),
        value_day=iso_if_any(line.value_day),
        amount=line.amount - line.fee,
        charged=line.fee,
        reference=line.reference,
        end_to_end=line.end_to_end,
        batch=line.batch,
        payer=line.payer,
        text=line.text,
        return_code=line.return_code,
        settlement_id=found.credit.settlement_id if found.credit else 0,
        payment_id=found.payment_id,
        payment_reference=found.reference,
    )


def trace(found: Trace, channels: dict[int, str]) -> pb.TracePaymentResponse:
    """channels: codes by number."""
    within = found.settlement
    return pb.TracePaymentResponse(
        payment_id=found.payment_id,
        stage=pb.PaymentStage.Name(pb.PaymentStage.ValueType(int(found.stage))),
        file_no=found.file_no,
        line=found.line,
        day=iso_if_any(found.day),
        kind=pb.BreakKind.Name(pb.BreakKind.ValueType(int(found.kind))),
        settlement=settlement(within, channels) if within else None,
    )


def missing(found: Missing) -> pb.MissingReport:
    return pb.MissingReport(
        channel=found.channel,
        day=iso(found.day),
        due_at=found.due_at,
        raised_at=found.raised_at,
    )
