"""What handlers of stored data share: the store, the clock, who calls, and each write once."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.message import Message

from billcore.core.caller import Caller
from billcore.core.requests import Answer, once
from billcore.core.store.port import Session, Store
from billcore.core.tariff.catalog import Catalog, Published
from billcore.server.clock import now

REPLAYED_KEY = "x-billcore-replayed"
"""Trailing metadata of an answer that is that of an earlier call."""

CALLER: ContextVar[Caller] = ContextVar("caller")
"""Set by the interceptor that checks API keys, for the length of a call."""


@dataclass(frozen=True, slots=True)
class Write:
    """What a write acts with: its transaction, who calls, and when (microseconds since 1970)."""

    session: Session
    caller: Caller
    now: int


@dataclass(frozen=True, slots=True)
class Backend:
    """The store behind the handlers, and the tariffs that are published on it."""

    store: Store
    now: Callable[[], int] = now
    catalog: Catalog = field(default_factory=Catalog)

    def once(
        self,
        request: Any,
        context: grpc.ServicerContext,
        act: Callable[[Write], Message],
    ) -> bytes:
        """The answer of a write with a `request_id`, encoded; a repeated one gets the first answer.

        The same id with another request is refused (RequestConflict).
        """
        caller = CALLER.get()
        content = request.SerializeToString(deterministic=True)
        with self.store.write() as session:
            write = Write(session, caller, self.now())
            answer = once(
                session,
                caller,
                type(request).__name__.removesuffix("Request"),
                request.request_id,
                content,
                write.now,
                lambda: act(write).SerializeToString(deterministic=True),
            )
        return _told(answer, context)


class Visible:
    """The catalog as the caller of the running call sees it."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def get(self, tariff_id: str, version: int = 0, digest: str = "") -> Published:
        """As Catalog.get, of the caller's provider and the house."""
        return self._catalog.get(tariff_id, version, digest, CALLER.get().provider_id)


def mark_replayed(context: grpc.ServicerContext) -> None:
    """Tells, beside the answer, that it is that of an earlier call."""
    trailing = context.trailing_metadata() or ()
    context.set_trailing_metadata((*trailing, (REPLAYED_KEY, "1")))


def _told(answer: Answer, context: grpc.ServicerContext) -> bytes:
    if answer.replayed:
        mark_replayed(context)
    return answer.content
