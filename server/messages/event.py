"""Events and audit rows as messages."""

from collections.abc import Iterable
from typing import Protocol

from billcore.core.errors import RequestInvalid
from billcore.core.events.following import Page, checked
from billcore.core.events.signed import signed_bytes
from billcore.core.signatures import Signer
from billcore.core.store.events import Audit, Event, Wanted
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


def wanted(request: pb.ListEventsRequest | pb.StreamEventsRequest) -> Wanted:
    """Which events; RequestInvalid for a filter that breaks its rules."""
    given = request.filter
    return checked(Wanted(tuple(given.kinds), tuple(given.subjects), tuple(given.account_ids)))


def listed(page: Page, provider_id: int, signer: Signer) -> pb.ListEventsResponse:
    return pb.ListEventsResponse(
        events=[event(one, provider_id, signer) for one in page.events],
        through=page.through,
        last_sequence=page.last,
    )


def streamed(page: Page, provider_id: int, signer: Signer) -> pb.StreamEventsResponse:
    return pb.StreamEventsResponse(
        events=[event(one, provider_id, signer) for one in page.events],
        through=page.through,
        last_sequence=page.last,
    )


def event(found: Event, provider_id: int, signer: Signer) -> pb.Event:
    """An event with its signature."""
    recorded_at = rfc3339(found.recorded_at)
    return pb.Event(
        sequence=found.sequence,
        event_id=found.event_id,
        kind=found.kind,
        subject=found.subject,
        payload=found.payload,
        recorded_at=recorded_at,
        provider_id=provider_id,
        key_id=signer.key_id,
        signature=signer.sign(signed_bytes(provider_id, found, recorded_at)),
    )


def keys(signer: Signer) -> pb.ListSigningKeysResponse:
    return pb.ListSigningKeysResponse(
        keys=[
            pb.SigningKey(key_id=key.key_id, public_key=key.key, signs=key.signs)
            for key in signer.verifiers()
        ]
    )


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
