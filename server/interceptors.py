"""What surrounds every call of ours: request id, log event, figures, limits, errors as statuses.

Goals: a handler is only its four steps; a request that is no message is INVALID_ARGUMENT, as any
other bad input; a stream looks at deadline, cancellation and drain between two batches. Each
concern is a context manager around the call; `app` puts them in order.
Non-goals: who may call what (`gate`, `authorisation`).
"""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Event, Semaphore
from typing import Any, TypeAlias, cast

import grpc
import structlog
from google.protobuf.message import DecodeError
from prometheus_client import Gauge

from billcore.core.errors import BillcoreError, RequestInvalid
from billcore.server.backend import CALLER
from billcore.server.denials import Denials, cause, is_denial
from billcore.server.gate import Gate
from billcore.server.refusals import ServerDraining, StreamsExhausted
from billcore.server.status import REQUEST_ID_KEY, WireStatus, internal_status, wire_status
from billcore.server.telemetry import Metrics
from billcore.server.tracing import Traces

PREFIX = "/billcore.v1."
REQUEST_ID_MAX = 100
"""A caller's request id has at most this many printable ASCII characters; another is replaced."""

CODES = {code.name: int(code.value[0]) for code in grpc.StatusCode}
UNKNOWN = CODES["UNKNOWN"]

FAULTS = {
    *("UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS")
}
"""The codes by which a server's span has failed, as OpenTelemetry's conventions for RPC say."""

TOLD_IDS = ("account_id", "account"), ("run_id", "run")
"""The fields of requests that every event of their call has, and what it calls them."""

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any] | None"

log = structlog.get_logger()


class Call:
    """One call in progress."""

    def __init__(self, method: str, context: grpc.ServicerContext) -> None:
        self.method = method.removeprefix(PREFIX)
        self.context = context
        self.request_id = _request_id(context)
        self.started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def code(self) -> str:
        """The name of the code that the caller gets or would have got."""
        given = _code(self.context)
        if given is not None:
            return given.name if isinstance(given, grpc.StatusCode) else str(given)
        if self.context.is_active():
            return "OK"
        left = self.context.time_remaining()
        return "DEADLINE_EXCEEDED" if left is not None and left <= 0 else "CANCELLED"

    def end(self, status: WireStatus) -> None:
        """Ends the call with a status; raises."""
        self.context.abort_with_status(cast(grpc.Status, status))

    def refuse(self, error: BillcoreError) -> None:
        """Ends the call with the error's status; raises."""
        self.end(wire_status(error, self.request_id))


def _code(context: grpc.ServicerContext) -> object:
    return cast(Any, context).code()  # the stubs lack it


Surrounding = Callable[[Call], AbstractContextManager[None]]


@contextmanager
def logged(call: Call) -> Iterator[None]:
    """Binds the request id to every event of the call and logs its end."""
    # gRPC runs each call in a context of its own, so nothing has to be unbound.
    structlog.contextvars.bind_contextvars(request_id=call.request_id, method=call.method)
    try:
        yield
    finally:
        log.info("call_finished", code=call.code(), milliseconds=round(call.seconds * 1000, 3))


def traced(traces: Traces) -> Surrounding:
    """A span of the call: who called, for whom, how it ended; the log has its trace's id."""

    @contextmanager
    def surround(call: Call) -> Iterator[None]:
        metadata = {name: str(value) for name, value in call.context.invocation_metadata()}
        with traces.call(call.method, metadata) as (span, trace_id):
            if trace_id:
                structlog.contextvars.bind_contextvars(trace_id=trace_id)
            try:
                yield
            finally:
                code = call.code()
                facts: dict[str, str | int] = {
                    "rpc.grpc.status_code": CODES.get(code, UNKNOWN),
                    "billcore.request_id": call.request_id,
                }
                if (caller := CALLER.get(None)) is not None:
                    facts |= {
                        "billcore.client": caller.client_id,
                        "billcore.provider": caller.provider_id,
                    }
                span.told(facts, code if code in FAULTS else "")

    return surround


def measured(metrics: Metrics) -> Surrounding:
    """Counts the call by method and code, and its duration; and those under way."""

    @contextmanager
    def surround(call: Call) -> Iterator[None]:
        try:
            with metrics.calls_under_way.track_inprogress():
                yield
        finally:
            metrics.call_finished(call.method, call.code(), call.seconds)

    return surround


def refusing(metrics: Metrics) -> Surrounding:
    """The only place where errors become statuses; they are counted by reason, faults by class."""

    @contextmanager
    def surround(call: Call) -> Iterator[None]:
        try:
            yield
        except BillcoreError as error:
            log.info("call_refused", reason=error.reason)
            metrics.call_refused(error.reason)
            call.refuse(error)
        except grpc.RpcError:
            raise  # the caller has left; there is nobody to answer
        except Exception as error:
            log.exception("call_failed")
            metrics.call_failed(error)
            call.end(internal_status(call.request_id))

    return surround


def denied(denials: Denials | None, metrics: Metrics) -> Surrounding:
    """Logs, counts and notes for the audit log, of a server with a store, who is turned away."""

    @contextmanager
    def surround(call: Call) -> Iterator[None]:
        try:
            yield
        except BillcoreError as error:
            if is_denial(error):
                log.info("call_denied", cause=cause(error), of=getattr(error, "client_id", 0))
                metrics.call_not_allowed(cause(error))
                if denials is not None:
                    denials.note(call.method, error)
            raise

    return surround


def authenticated(gate: Gate) -> Surrounding:
    """Sets CALLER for the length of the call; refuses who is nobody."""

    @contextmanager
    def surround(call: Call) -> Iterator[None]:
        caller = gate.known(dict(call.context.invocation_metadata()))
        # gRPC runs each call in a context of its own, so nothing has to be reset.
        CALLER.set(caller)
        structlog.contextvars.bind_contextvars(client=caller.client_id, provider=caller.provider_id)
        yield

    return surround


def authorised(gate: Gate) -> Surrounding:
    """Refuses a CALLER who may not call the method."""

    @contextmanager
    def surround(call: Call) -> Iterator[None]:
        gate.admit(call.method, CALLER.get())
        yield

    return surround


def limited(method: str, limit: str, most: int, open_now: Gauge) -> Surrounding:
    """Streams hold a thread each, so only so many of a method are open; limit: the setting."""
    free = Semaphore(most)

    @contextmanager
    def surround(call: Call) -> Iterator[None]:
        if call.method != method:
            yield
            return
        if not free.acquire(blocking=False):
            raise StreamsExhausted(method, limit, most)
        try:
            with open_now.track_inprogress():
                yield
        finally:
            free.release()

    return surround


class Edge(grpc.ServerInterceptor):
    """Puts the surroundings, outermost first, around every method of billcore.v1.

    gate: asked again before each message of a stream, which does not outlive its key.
    """

    def __init__(self, surroundings: Sequence[Surrounding], drained: Event, gate: Gate) -> None:
        self._surroundings = tuple(surroundings)
        self._drained = drained
        self._gate = gate

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Handler],
        details: grpc.HandlerCallDetails,
    ) -> Handler:
        handler = continuation(details)
        if handler is None or not details.method.startswith(PREFIX):
            return handler
        return self._wrapped(handler, details.method)

    def _wrapped(self, handler: Any, method: str) -> Handler:
        if handler.stream_stream is not None:
            return grpc.stream_stream_rpc_method_handler(
                self._streaming(handler, method), None, _serializer(handler)
            )
        if handler.stream_unary is not None:
            return grpc.stream_unary_rpc_method_handler(
                self._gathering(handler, method), None, _serializer(handler)
            )
        if handler.unary_stream is not None:
            return grpc.unary_stream_rpc_method_handler(
                self._following(handler, method), None, _serializer(handler)
            )
        return grpc.unary_unary_rpc_method_handler(
            self._unary(handler, method), None, _serializer(handler)
        )

    def _unary(self, handler: Any, method: str) -> Callable[[bytes, grpc.ServicerContext], Any]:
        def answer(request: bytes, context: grpc.ServicerContext) -> Any:
            with ExitStack() as stack:
                self._enter(stack, Call(method, context))
                return handler.unary_unary(_parsed(handler, request), context)

        return answer

    def _following(
        self, handler: Any, method: str
    ) -> Callable[[bytes, grpc.ServicerContext], Iterator[Any]]:
        def answers(request: bytes, context: grpc.ServicerContext) -> Iterator[Any]:
            with ExitStack() as stack:
                self._enter(stack, Call(method, context))
                yield from handler.unary_stream(_parsed(handler, request), context)

        return answers

    def _streaming(
        self, handler: Any, method: str
    ) -> Callable[[Iterator[bytes], grpc.ServicerContext], Iterator[Any]]:
        def answers(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[Any]:
            with ExitStack() as stack:
                self._enter(stack, Call(method, context))
                yield from handler.stream_stream(
                    self._pulled(handler, requests, context, method), context
                )

        return answers

    def _gathering(
        self, handler: Any, method: str
    ) -> Callable[[Iterator[bytes], grpc.ServicerContext], Any]:
        def answer(requests: Iterator[bytes], context: grpc.ServicerContext) -> Any:
            with ExitStack() as stack:
                self._enter(stack, Call(method, context))
                return handler.stream_unary(
                    _whole(self._pulled(handler, requests, context, method), context), context
                )

        return answer

    def _enter(self, stack: ExitStack, call: Call) -> None:
        call.context.set_trailing_metadata(((REQUEST_ID_KEY, call.request_id),))
        for surrounding in self._surroundings:
            stack.enter_context(surrounding(call))

    def _pulled(
        self, handler: Any, requests: Iterator[bytes], context: grpc.ServicerContext, method: str
    ) -> Iterator[Any]:
        """The messages of a stream, each read when it is asked for."""
        metadata = dict(context.invocation_metadata())
        for request in requests:
            if not context.is_active():
                return
            if self._drained.is_set():
                raise ServerDraining
            self._gate.caller(method.removeprefix(PREFIX), metadata)
            yield _parsed(handler, request)


def _whole(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
    """The messages of a stream that is taken as one: a caller who left amid it sent nothing."""
    yield from requests
    if not context.is_active():
        raise grpc.RpcError("the caller has left")


def _parsed(handler: Any, request: bytes) -> Any:
    try:
        found = handler.request_deserializer(request)
    except DecodeError:
        raise RequestInvalid("request", "it is not a message of this method.") from None
    for field, name in TOLD_IDS:
        if number := getattr(found, field, 0):
            structlog.contextvars.bind_contextvars(**{name: number})
    return found


def _request_id(context: grpc.ServicerContext) -> str:
    given = str(dict(context.invocation_metadata()).get(REQUEST_ID_KEY, ""))
    fits = 1 <= len(given) <= REQUEST_ID_MAX and given.isascii() and given.isprintable()
    return given if fits else uuid.uuid4().hex


def _serializer(handler: Any) -> Callable[[Any], bytes]:
    """A handler may answer bytes that it has encoded itself."""
    encode = handler.response_serializer
    return lambda answer: answer if isinstance(answer, bytes) else encode(answer)
