"""Reconciliation as messages, and back: files, terms, days, breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from billcore.core.accounts.definitions import Known
from billcore.core.errors import BatchTooLarge, RequestInvalid
from billcore.core.reconciliation.breaks import BreakKind, Flag, meaning
from billcore.core.reconciliation.closing import Group
from billcore.core.reconciliation.computing import Decision
from billcore.core.reconciliation.files.decoding import FILE_BYTES_MAX
from billcore.core.reconciliation.files.definition import Definition
from billcore.core.reconciliation.keeping import Asked
from billcore.core.reconciliation.reading import Day
from billcore.core.reconciliation.terms import Prevails
from billcore.core.reconciliation.treating import Treated
from billcore.core.store.channel_files import FileRow
from billcore.core.store.channels import Channel
from billcore.core.store.recon import BreakRow, DayRow
from billcore.server.messages.account import day, iso, iso_if_any
from billcore.v1 import reconciliation_service_pb2 as pb


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came. day: an ordinal, 0: not told."""

    asked: Asked
    channel: str
    format: str
    day: int
    content: bytes


def sent(requests: Iterator[Any]) -> Sent:
    """What a stream carries. Raises RequestInvalid, BatchTooLarge, FieldRefused."""
    first = next(requests, None)
    if first is None or first.WhichOneof("message") != "header":
        raise RequestInvalid("header", "the first message of a stream is its header.")
    header = first.header
    told = day(header.day, "header.day") if header.day else 0
    asked = Asked(header.name, header.sequence_no, header.replaces)
    return Sent(asked, header.channel, header.format, told, content_of(requests))


def content_of(requests: Iterator[Any]) -> bytes:
    """The parts of a file behind the header of its stream. Raises RequestInvalid,
    BatchTooLarge."""
    parts, size = [], 0
    for request in requests:
        if request.WhichOneof("message") != "part":
            raise RequestInvalid("part", "after the header every message is a part of the file.")
        size += len(request.part)
        if size > FILE_BYTES_MAX:
            raise BatchTooLarge("file_bytes_max", FILE_BYTES_MAX, size)
        parts.append(request.part)
    return b"".join(parts)


def decision(number: int) -> Decision:
    """What is decided. Raises RequestInvalid."""
    known = [one.value for one in Decision]
    if number not in known:
        allowed = [f"BREAK_DECISION_{one.name}" for one in Decision]
        raise RequestInvalid("decision", f"{number} is no decision.", allowed)
    return Decision(number)


def file(row: FileRow, channels: dict[int, str]) -> pb.ChannelFile:
    """channels: codes by number."""
    return pb.ChannelFile(
        file_no=row.file_no,
        channel=channels.get(row.channel_no, ""),
        name=row.name,
        sequence_no=row.sequence_no,
        version=row.version,
        digest=row.digest,
        format=row.format,
        day=iso_if_any(row.day),
        lines=row.line_count,
        amount=row.amount,
        state=pb.FileState.Name(pb.FileState.ValueType(row.state)),
        recorded_at=row.recorded_at,
    )


def terms(channel: Channel, text: str, revision: int) -> pb.ChannelTerms:
    return pb.ChannelTerms(channel=channel.channel, terms=text, revision=revision)


def report_format(kept: Known[Definition]) -> pb.ReportFormat:
    made = kept.definition
    return pb.ReportFormat(format=made.format, definition=made.text, revision=kept.revision)


def reconciliation_day(row: DayRow, channel: str, rest: int) -> pb.ReconciliationDay:
    """rest: the BreakKind of what has no break, 0: no bank account is compared."""
    fields = row._asdict() | {
        "channel": channel,
        "day": iso(row.day),
        "stale": bool(row.stale),
        "rest": pb.BreakKind.Name(pb.BreakKind.ValueType(rest)),
        "state": pb.DayState.Name(pb.DayState.ValueType(row.state)),
    }
    for own in ("provider_id", "channel_no", "digest"):
        del fields[own]
    return pb.ReconciliationDay(**fields)


def treated(found: Treated) -> pb.TreatDayResponse:
    refused = [
        pb.UntreatedBreak(
            break_id=one.break_id, reference=one.reference, reason=one.reason, message=one.message
        )
        for one in found.refused
    ]
    return pb.TreatDayResponse(
        posted=found.posted,
        reversed=found.reversed,
        adjusted=found.adjusted,
        refused_count=found.refused_count,
        refused=refused,
    )


def broken(row: BreakRow, of: Day) -> pb.Break:
    """of: the day that it is of."""
    prevails = of.terms.prevails is Prevails.LEDGER
    means = meaning(BreakKind(row.kind), row.flags, ledger_prevails=prevails)
    return pb.Break(
        break_id=row.break_id,
        channel=of.place.channel.channel,
        day=iso(of.day),
        kind=pb.BreakKind.Name(pb.BreakKind.ValueType(row.kind)),
        state=pb.BreakState.Name(pb.BreakState.ValueType(row.state)),
        reversal=bool(row.flags & Flag.REVERSAL),
        date_diff=bool(row.flags & Flag.DATE_DIFF),
        paired=bool(row.flags & Flag.PAIRED),
        payment_id=row.payment_id,
        reference=row.reference,
        target=row.target,
        account_id=row.account_id,
        file_no=row.file_no,
        line=row.line,
        ledger_amount=row.ledger_amount,
        report_amount=row.report_amount,
        treatment=means.treatment,
        owner=means.owner,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        paid_twice=bool(row.flags & Flag.PAID_TWICE),
    )


def group(found: Group, channels: dict[int, str]) -> pb.BreakGroup:
    """channels: codes by number."""
    return pb.BreakGroup(
        channel=channels.get(found.channel_no, ""),
        kind=pb.BreakKind.Name(pb.BreakKind.ValueType(int(found.kind))),
        owner=found.owner,
        age_days=found.age_days,
        count=found.count,
        amount=found.amount,
    )
