"""What anybody may ask without a key, health and the contract, so bounded that strangers hold
nothing: no name that they choose is kept, few of their streams are open, none outlives a drain.

Goals: `grpc.health.v1` and gRPC's server reflection, as the libraries answer them but for the
bounds. A refusal is a status without a message, after which gRPC's own clients wait longer and
longer before they ask again. Non-goals: what the states are (`health`).
"""

from collections.abc import Callable, Iterable, Iterator
from threading import Lock, Timer
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2

WATCHES_MAX = 16
"""So many watches of health are open at a time; they hold no thread, but a place of `calls_max`."""

REFLECTIONS_MAX = 4
"""So many reflection streams are open at a time, and never more than a quarter of the threads."""

REFLECTION_SECONDS = 30.0
"""A reflection stream is cut after so long, idle or not: tools ask for all they want in less."""

Send = Callable[[health_pb2.HealthCheckResponse | None], None]
"""Sends an answer of a stream; None ends it."""


class HealthServicer(health_pb2_grpc.HealthServicer):
    """The states of services by name, told when they are asked for and, to watches, when set."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._states: dict[str, int] = {}
        self._watches: dict[Send, str] = {}
        self._left = False

    def set(self, service: str, state: int) -> None:
        """Sets a state, and tells those who watch it."""
        with self._lock:
            self._states[service] = state
            for send, name in self._watches.items():
                if name == service:
                    send(_answer(state))

    def leave(self) -> None:
        """Ends all watches, which have the last state that was set; no other begins."""
        with self._lock:
            self._left = True
            for send in self._watches:
                send(None)
            self._watches.clear()

    def Check(
        self, request: health_pb2.HealthCheckRequest, context: grpc.ServicerContext
    ) -> health_pb2.HealthCheckResponse:
        """A state. NOT_FOUND: no service has the name."""
        with self._lock:
            state = self._states.get(request.service)
        if state is None:
            context.abort(grpc.StatusCode.NOT_FOUND, "no service has this name")
        return _answer(state or 0)

    def Watch(  # type: ignore[override]
        self, request: health_pb2.HealthCheckRequest, context: grpc.ServicerContext, send: Send
    ) -> None:
        """A state now and whenever it is set, until the server leaves.

        NOT_FOUND at once: no service has the name, and none will. RESOURCE_EXHAUSTED: WATCHES_MAX
        are open. UNAVAILABLE: the server leaves.
        """
        with self._lock:
            state = self._states.get(request.service)
            refused = self._refused(state)
            if refused is None and context.add_callback(lambda: self._forget(send)):
                send(_answer(state or 0))
                self._watches[send] = request.service
        if refused is not None:
            context.abort(*refused)

    # grpc's server knows by this mark to call it with a third argument, and gives its thread back.
    Watch.experimental_non_blocking = True  # type: ignore[attr-defined]

    def _refused(self, state: int | None) -> tuple[grpc.StatusCode, str] | None:
        if state is None:
            return grpc.StatusCode.NOT_FOUND, "no service has this name"
        if self._left:
            return grpc.StatusCode.UNAVAILABLE, "the server leaves"
        if len(self._watches) >= WATCHES_MAX:
            return grpc.StatusCode.RESOURCE_EXHAUSTED, f"{WATCHES_MAX} watches are open"
        return None

    def _forget(self, send: Send) -> None:
        with self._lock:
            self._watches.pop(send, None)


class ReflectionServicer(reflection.ReflectionServicer):
    """The contract, for tools; services: the full names that are listed; threads: the server's."""

    def __init__(self, services: Iterable[str], threads: int) -> None:
        super().__init__(services)
        self._most = max(1, min(REFLECTIONS_MAX, threads // 4))
        self._lock = Lock()
        self._open: set[grpc.ServicerContext] = set()
        self._left = False

    def leave(self) -> None:
        """Cuts the open streams; no other begins."""
        with self._lock:
            self._left = True
            for context in self._open:
                context.cancel()

    def ServerReflectionInfo(
        self,
        request_iterator: Iterable[reflection_pb2.ServerReflectionRequest],
        context: Any,
    ) -> Iterator[reflection_pb2.ServerReflectionResponse]:
        """Answers each request. RESOURCE_EXHAUSTED: too many streams are open. UNAVAILABLE: the
        server leaves. CANCELLED: REFLECTION_SECONDS are over."""
        with self._lock:
            refused = self._refused()
            if refused is None:
                self._open.add(context)
        if refused is not None:
            context.abort(*refused)
        cut = Timer(REFLECTION_SECONDS, context.cancel)
        cut.daemon = True
        cut.start()
        try:
            yield from super().ServerReflectionInfo(request_iterator, context)
        finally:
            cut.cancel()
            with self._lock:
                self._open.discard(context)

    def _refused(self) -> tuple[grpc.StatusCode, str] | None:
        if self._left:
            return grpc.StatusCode.UNAVAILABLE, "the server leaves"
        if len(self._open) >= self._most:
            return grpc.StatusCode.RESOURCE_EXHAUSTED, f"{self._most} reflection streams are open"
        return None


def _answer(state: int) -> health_pb2.HealthCheckResponse:
    return health_pb2.HealthCheckResponse(status=state)
