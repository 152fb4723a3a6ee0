"""EventService: the logs of the provider that the caller acts for, once or as they grow."""

from collections.abc import Iterator
from threading import Event as Flag

import grpc

from billcore.core.events import following
from billcore.core.events.following import Page
from billcore.core.signatures import Signer
from billcore.core.store import events as rows
from billcore.core.store.events import Wanted
from billcore.server import pages
from billcore.server.backend import CALLER, Backend
from billcore.server.following import Followers
from billcore.server.gate import Gate
from billcore.server.messages import event as messages
from billcore.server.refusals import ServerDraining
from billcore.server.streams import STREAM_EVENTS
from billcore.v1 import event_service_pb2 as pb
from billcore.v1.event_service_pb2_grpc import EventServiceServicer

POLL_SECONDS = 0.5
"""A stream that has told everything looks again after this time."""


class EventService(EventServiceServicer):
    """leaving: set when the server drains; streams then end at once, their callers go elsewhere."""

    def __init__(
        self, backend: Backend, gate: Gate, leaving: Flag, signer: Signer, followers: Followers
    ) -> None:
        self._backend = backend
        self._gate = gate
        self._leaving = leaving
        self._signer = signer
        self._followers = followers

    def ListEvents(
        self, request: pb.ListEventsRequest, context: grpc.ServicerContext
    ) -> pb.ListEventsResponse:
        after, limit = messages.some(request)
        page = self._page(messages.wanted(request), after, limit)
        return messages.listed(page, CALLER.get().provider_id, self._signer)

    def StreamEvents(
        self, request: pb.StreamEventsRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.StreamEventsResponse]:
        """A page is read when the one before has left: a slow caller is waited for."""
        after, wanted = messages.after(request), messages.wanted(request)
        gone = Flag()
        context.add_callback(gone.set)
        provider_id = CALLER.get().provider_id
        with self._followers.follow(provider_id, after) as told:
            while not gone.is_set():
                self._check(context)
                page = self._page(wanted, told.after, pages.PAGE_SIZE_MAX)
                if page.through > told.after:
                    yield messages.streamed(page, provider_id, self._signer)
                    told.after = page.through
                else:
                    gone.wait(POLL_SECONDS)  # a caller that goes frees its stream at once

    def ListSigningKeys(
        self, request: pb.ListSigningKeysRequest, context: grpc.ServicerContext
    ) -> pb.ListSigningKeysResponse:
        return messages.keys(self._signer)

    def ListAudit(
        self, request: pb.ListAuditRequest, context: grpc.ServicerContext
    ) -> pb.ListAuditResponse:
        after, limit = messages.some(request)
        with self._backend.store.read() as reader:
            found = rows.audits(reader, CALLER.get().provider_id, after, limit)
        return pb.ListAuditResponse(rows=messages.audits(found))

    def _page(self, wanted: Wanted, after: int, limit: int) -> Page:
        with self._backend.store.read() as reader:
            return following.page(reader, CALLER.get().provider_id, wanted, after, limit)

    def _check(self, context: grpc.ServicerContext) -> None:
        """A stream outlives neither its key nor the server."""
        if self._leaving.is_set():
            raise ServerDraining
        self._gate.caller(STREAM_EVENTS, dict(context.invocation_metadata()))
