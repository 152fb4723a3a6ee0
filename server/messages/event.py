"""Events and audit rows as messages."""

from collections.abc import Iterable
from typing import Protocol

from billcore.core.errors import RequestInvalid
from billcore.core.store.events import Audit, Event
from billcore.server import pages
from billcore.server.times import rfc3339
from billcore.v1 import event_service_pb2 as pb


class _After(Protocol):
    after: int


class _Some(_After, Protocol):
    limit: int


def after(request: _After) -> int:
    """The sequence behind which to read."""
    if request.after < 0:
        raise RequestInvalid("after", "sequences count from 1; 0 reads from the first.")
    return request.after


def some(request: _Some) -> tuple[int, int]:
    """(the sequence behind which to read, how many)."""
    if request.limit < 0:
        raise RequestInvalid("limit", "it cannot be negative; 0 takes the default.")
    return after(request), min(request.limit or pages.PAGE_SIZE, pages.PAGE_SIZE_MAX)


def events(found: Iterable[Event]) -> list[pb.Event]:
    return [
        pb.Event(
            sequence=event.sequence,
            event_id=event.event_id,
            kind=event.kind,
            subject=event.subject,
            payload=event.payload,
            recorded_at=rfc3339(event.recorded_at),
        )
        for event in found
    ]


def audits(found: Iterable[Audit]) -> list[pb.AuditRow]:
    return [
        pb.AuditRow(
            sequence=row.sequence,
            audit_id=row.audit_id,
            client_id=row.client_id,
            actor=row.actor,
            action=row.action,
            subject=row.subject,
            reason=row.reason,
            detail=row.detail,
            recorded_at=rfc3339(row.recorded_at),
            hash=bytes(row.hash),
        )
        for row in found
    ]
