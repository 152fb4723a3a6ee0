"""Collectors, routes, devices and their records as messages, and back."""

from collections.abc import Sequence
from typing import Any

from billcore.core.cases.kinds import CaseKind
from billcore.core.collections.field.collectors import Limits
from billcore.core.collections.field.conflicts import Settlement, settlement_of
from billcore.core.collections.field.contents import Step, Visit
from billcore.core.collections.field.errors import DeviceRecordInvalid, FieldWorkInvalid
from billcore.core.collections.field.records import NUMBER_AT
from billcore.core.collections.field.routes import Given
from billcore.core.collections.field.shift import Flag
from billcore.core.collections.field.sync import Answer
from billcore.core.documents.rendering import Format
from billcore.core.enquiries.route_snapshot import Stop
from billcore.core.ledger.balances import DocumentKind
from billcore.core.ledger.items import OpenItem
from billcore.core.store.agents import AgentRow
from billcore.core.store.field_devices import CollectorRow, DeviceRow
from billcore.core.store.field_records import ForkRow, HandInRow, ReceiptRow, RecordRow
from billcore.core.store.field_routes import AssignmentRow, RouteRow, VisitRow
from billcore.server.messages.account import iso
from billcore.v1 import field_service_pb2 as pb

FLAGS = tuple(Flag)
"""Flags in the order of their numbers on the wire, from 1."""


# -- requests


def limits(given: pb.Collector) -> Limits:
    """What goes for a collector."""
    return Limits(**{name: getattr(given, name) for name in Limits._fields})


def route_given(given: pb.Route) -> Given:
    """A route as it is set."""
    return Given(given.route, given.name, given.area, list(given.accounts), given.revision)


def records(request: pb.SyncRecordsRequest) -> list[tuple[str, bytes]]:
    """Lines with signatures."""
    return [(one.line, one.signature) for one in request.records]


def notice_form(request: pb.GetRouteSnapshotRequest) -> Format | None:
    """As what notices are told; None: not at all. Raises FieldWorkInvalid."""
    allowed = [one for one in Format if one is not Format.PDF]
    if request.notice_format and int(request.notice_format) not in map(int, allowed):
        names = [f"DOCUMENT_FORMAT_{one.name}" for one in allowed]
        raise FieldWorkInvalid("notice_format", "printers take no other.", names)
    return Format(request.notice_format) if request.notice_format else None


def settlement(number: int) -> Settlement:
    """How a conflict is settled. Raises FieldWorkInvalid."""
    allowed = (Settlement.KEPT, Settlement.REFUND)
    if number not in allowed:
        names = [f"CONFLICT_STATE_{one.name}" for one in allowed]
        raise FieldWorkInvalid("how", "say what becomes of the surplus.", names)
    return Settlement(number)


def check_dispute(told: Visit, place: str) -> None:
    """Raises DeviceRecordInvalid unless a visit names a kind of case exactly if it is disputed."""
    kinds = [kind.name for kind in CaseKind]
    if told.step is not Step.DISPUTED:
        if told.dispute:
            raise DeviceRecordInvalid(place, "dispute is of a disputed visit alone.")
    elif told.dispute not in kinds:
        raise DeviceRecordInvalid(place, f"{told.dispute[:40]!r} is no kind of case.", kinds)


# -- answers


def collector(found: CollectorRow, agent: AgentRow, channel: str) -> pb.Collector:
    """channel: its code."""
    values = found._asdict() | {
        "channel": channel,
        "name": agent.name,
        "float_limit": agent.float_limit,
        "held": agent.held,
    }
    del values["channel_no"]
    return pb.Collector(**values)


def route(found: RouteRow, accounts: Sequence[str] = ()) -> pb.Route:
    """accounts: the numbers of its stops."""
    return pb.Route(**found._asdict(), accounts=accounts)


def assignment(found: AssignmentRow, channel: str) -> pb.Assignment:
    """channel: the code of the collector's."""
    values = found._asdict() | {
        "channel": channel,
        "first_day": iso(found.first_day),
        "last_day": iso(found.last_day),
    }
    del values["channel_no"]
    return pb.Assignment(**values)


def visit(found: VisitRow) -> pb.Visit:
    return pb.Visit(**found._asdict())


def device(found: DeviceRow, channel: str, missing: int) -> pb.Device:
    """channel: the code of the collector's; missing: see `sync.missing_of`."""
    at = found.device_no * NUMBER_AT
    names = (
        "device_no", "name", "public_key", "state", "why", "seq", "hash", "phase", "total",
        "receipts", "voids", "registered_at", "changed_at",
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(found, name) for name in names}
    values |= {"next_number": at + found.used + 1, "last_number": at + found.allotted}
    return pb.Device(channel=channel, missing=missing, **values)


def answer(given: Answer) -> pb.RecordAnswer:
    """What became of a record, the same bytes whenever it is asked."""
    if given.state != given.row.state:  # of a fork nothing else is true
        return pb.RecordAnswer(seq=given.seq, hash=given.hash, state=given.state)  # type: ignore[arg-type]
    return _answer(given.row)


def _answer(row: RecordRow) -> pb.RecordAnswer:
    return pb.RecordAnswer(
        seq=row.seq,
        hash=row.hash,
        state=row.state,  # type: ignore[arg-type]
        flags=flags(row.flags),
        payment_id=row.payment_id,
        surplus=row.surplus,
        case_no=row.case_no,
    )


def flags(number: int) -> list[Any]:
    """The flags of a record as they travel."""
    return [at for at, flag in enumerate(FLAGS, start=1) if flag & number]


def kept(row: RecordRow) -> pb.KeptRecord:
    return pb.KeptRecord(
        kind=row.kind,  # type: ignore[arg-type]
        record=pb.DeviceRecord(line=row.line, signature=row.signature),
        answer=_answer(row),
        received_at=row.received_at,
        taken_at=row.taken_at,
    )


def fork(row: ForkRow) -> pb.Fork:
    record = pb.DeviceRecord(line=row.line, signature=row.signature)
    return pb.Fork(seq=row.seq, record=record, received_at=row.received_at)


def hand_in(row: HandInRow, channel: str) -> pb.HandIn:
    """channel: the code of the collector's."""
    values = row._asdict() | {"channel": channel}
    del values["channel_no"], values["confirmed_by"]
    return pb.HandIn(**values)


def conflict(row: ReceiptRow) -> pb.Conflict:
    names = (
        "number", "device_no", "seq", "account_id", "amount", "debt", "surplus", "payment_id",
        "case_no", "recorded_at",
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(row, name) for name in names}
    return pb.Conflict(**values, state=int(settlement_of(row)))  # type: ignore[arg-type]


def stop(found: Stop) -> pb.Stop:
    account = found.account
    names = ("number", "name", "address", "geographic_code", "phone", "language")
    values: dict[str, Any] = {name: getattr(account, name) for name in names}
    return pb.Stop(
        visit=visit(found.visit),
        route=found.route,
        balance=found.balance,
        payable=found.payable,
        documents=[_document(item) for item in found.items],
        before=[visit(one) for one in found.before],
        notice=found.notice,
        **values,
    )


def _document(item: OpenItem) -> pb.StopDocument:
    document = item.document
    return pb.StopDocument(
        document_id=document.id,
        what=document.what,
        is_bill=document.kind is DocumentKind.BILL,
        day=iso(document.day),
        due_day=iso(document.due_day),
        amount=document.amount,
        open=item.open,
        reference=document.reference,
    )
