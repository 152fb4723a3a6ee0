"""EventService: the logs of the provider that the caller acts for, once or as they grow."""

from collections.abc import Iterator
from itertools import accumulate
from threading import Event as Flag

import grpc

from billcore.core.store import events as rows
from billcore.server import pages
from billcore.server.backend import CALLER, Backend
from billcore.server.gate import Gate
from billcore.server.messages import event as messages
from billcore.server.refusals import ServerDraining
from billcore.v1 import event_service_pb2 as pb
from billcore.v1.event_service_pb2_grpc import EventServiceServicer

STREAM = "EventService/StreamEvents"

PAGE_BYTES = 2 << 20
"""A message tells events of about so many bytes at most, and one event at least: clients take 4 MiB
unless they say more."""

POLL_SECONDS = 0.5
"""A stream that has told everything looks again after this time."""


class EventService(EventServiceServicer):
    """leaving: set when the server drains; streams then end at once, their callers go elsewhere."""

    def __init__(self, backend: Backend, gate: Gate, leaving: Flag) -> None:
        self._backend = backend
        self._gate = gate
        self._leaving = leaving

    def ListEvents(
        self, request: pb.ListEventsRequest, context: grpc.ServicerContext
    ) -> pb.ListEventsResponse:
        after, limit = messages.some(request)
        found = self._events(after, limit)
        return pb.ListEventsResponse(events=messages.events(found))

    def StreamEvents(
        self, request: pb.StreamEventsRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.StreamEventsResponse]:
        after = messages.after(request)
        while context.is_active():
            self._check(context)
            found = self._events(after, pages.PAGE_SIZE_MAX)
            if found:
                yield pb.StreamEventsResponse(events=messages.events(found))
                after = found[-1].sequence
            else:
                self._leaving.wait(POLL_SECONDS)

    def ListAudit(
        self, request: pb.ListAuditRequest, context: grpc.ServicerContext
    ) -> pb.ListAuditResponse:
        after, limit = messages.some(request)
        with self._backend.store.read() as reader:
            found = rows.audits(reader, CALLER.get().provider_id, after, limit)
        return pb.ListAuditResponse(rows=messages.audits(found))

    def _events(self, after: int, limit: int) -> list[rows.Event]:
        with self._backend.store.read() as reader:
            found = rows.events(reader, CALLER.get().provider_id, after, limit)
        sizes = accumulate(len(event.payload) for event in found)
        every = zip(found, sizes, strict=True)
        return [event for event, size in every if size <= PAGE_BYTES or event is found[0]]

    def _check(self, context: grpc.ServicerContext) -> None:
        """A stream outlives neither its key nor the server."""
        if self._leaving.is_set():
            raise ServerDraining
        self._gate.caller(STREAM, dict(context.invocation_metadata()))
