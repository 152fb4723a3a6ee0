"""Traces by OpenTelemetry, sent as OTLP over gRPC; imported only where `otel_endpoint` is set.

Nothing is global: a server has its own provider. The SDK heeds its own variables:
OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_HEADERS and others.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.environment_variables import OTEL_SERVICE_NAME
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, Status, StatusCode, format_trace_id
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from billcore.server.tracing import Span, Value

SEND_SECONDS = 5
"""A collector that does not answer holds nothing up for longer, at the end of a server either."""

SERVICE = "billcore"

TRACER = "billcore.server"

PARTS_MAX = 128
"""So many parts of a call or of a run's phase are spans: a stream that follows events reads on and
on, for days perhaps."""

LEFT = context.create_key("billcore-parts-left")

CARRIED = ("traceparent", "tracestate")


class _Told:
    """A span of OpenTelemetry."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def told(self, facts: Mapping[str, Value], fault: str = "") -> None:
        """See Span."""
        self._span.set_attributes(dict(facts))
        if fault:
            self._span.set_status(Status(StatusCode.ERROR, fault))


class OtelTraces:
    """See Traces. processor: what becomes of spans; share: of traces that no caller began."""

    def __init__(self, processor: SpanProcessor, share: float) -> None:
        self._provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(share)),
            resource=Resource.create({SERVICE_NAME: os.environ.get(OTEL_SERVICE_NAME, SERVICE)}),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer(TRACER)
        self._carried = TraceContextTextMapPropagator()

    @contextmanager
    def call(self, method: str, metadata: Mapping[str, str]) -> Iterator[tuple[Span, str]]:
        """See Traces."""
        above = self._carried.extract({name: metadata.get(name, "") for name in CARRIED})
        service, _, name = method.rpartition("/")
        span = self._tracer.start_span(
            method,
            above,
            SpanKind.SERVER,
            {"rpc.system": "grpc", "rpc.service": service, "rpc.method": name},
        )
        # gRPC runs each call in a context of its own, so nothing has to be reset.
        context.attach(_with_parts(trace.set_span_in_context(span, above)))
        try:
            yield _Told(span), format_trace_id(span.get_span_context().trace_id)
        finally:
            span.end()

    def part(self, name: str) -> AbstractContextManager[object]:
        """See Traces."""
        left = context.get_value(LEFT)
        if not isinstance(left, Iterator) or not trace.get_current_span().is_recording():
            return nullcontext()
        return nullcontext() if next(left, None) is None else self._current(name, {})

    @contextmanager
    def work(self, name: str, facts: Mapping[str, Value]) -> Iterator[Span]:
        """See Traces."""
        with self._current(name, facts) as span:
            token = context.attach(_with_parts(context.get_current()))
            try:
                yield _Told(span)
            finally:
                context.detach(token)

    def done(self, name: str, micros: int, facts: Mapping[str, Value]) -> None:
        """See Traces."""
        now = time.time_ns()
        span = self._tracer.start_span(name, attributes=dict(facts), start_time=now - micros * 1000)
        span.end(now)

    def _current(self, name: str, facts: Mapping[str, Value]) -> AbstractContextManager[trace.Span]:
        """Messages of errors may name accounts and people: they are in no span."""
        return self._tracer.start_as_current_span(
            name,
            attributes=dict(facts),
            record_exception=False,
            set_status_on_exception=False,
        )

    def close(self) -> None:
        """See Traces."""
        self._provider.shutdown()


def _with_parts(of: context.Context) -> context.Context:
    """The same with room for parts of its span."""
    return context.set_value(LEFT, iter(range(PARTS_MAX)), of)


def exported(endpoint: str, share: float) -> OtelTraces:
    """Traces that go to a collector, a batch every few seconds, in a thread of their own."""
    exporter = OTLPSpanExporter(
        endpoint, insecure=endpoint.startswith("http://"), timeout=SEND_SECONDS
    )
    return OtelTraces(BatchSpanProcessor(exporter), share)
