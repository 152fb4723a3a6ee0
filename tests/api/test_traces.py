"""Traces of a real server, sent to a collector that speaks OTLP; and none without one."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as otlp
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as otlp_grpc
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

import billcore.server
from billcore.core.errors import SettingsInvalid
from billcore.server import settings, tracing
from billcore.v1 import enquiry_service_pb2, event_service_pb2, tariff_service_pb2
from tests.api import run_world, stored
from tests.api.client import Client, refused
from tests.api.documents import WATER

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


class Collector(otlp_grpc.TraceServiceServicer):
    """Keeps what it is sent."""

    def __init__(self):
        self._lock = Lock()
        self._requests = []
        self.server = grpc.server(ThreadPoolExecutor(2))
        otlp_grpc.add_TraceServiceServicer_to_server(self, self.server)
        self.endpoint = f"http://127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def Export(self, request, context):  # noqa: N802 - gRPC names the method
        with self._lock:
            self._requests.append(request)
        return otlp.ExportTraceServiceResponse()

    @property
    def resources(self):
        every = [one for request in self._requests for one in request.resource_spans]
        return {one.value.string_value for each in every for one in each.resource.attributes
                if one.key == "service.name"}  # fmt: skip

    @property
    def spans(self):
        return [
            span
            for request in self._requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


def facts(span):
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


@pytest.fixture
def collector():
    found = Collector()
    yield found
    found.server.stop(None)


@pytest.fixture
def traced(tmp_path, collector):
    """The spans of what a function does with a client of a server."""

    def do(act, **metadata):
        keys = stored.fill(tmp_path)
        server = stored.server(tmp_path, otel_endpoint=collector.endpoint)
        client = Client(server.port, keys["north"], **metadata)
        try:
            act(client)
        finally:
            client.channel.close()
            server.drain()
        return collector.spans

    return do


def test_a_call_and_its_transactions(traced, collector):
    """Below the caller's span; with who called and how it ended, and no word of why."""

    def act(client):
        client.tariffs.ListTariffs(tariff_service_pb2.ListTariffsRequest())
        with refused("NOT_FOUND"):
            client.enquiries.GetBalance(
                enquiry_service_pb2.GetBalanceRequest(number="Zahra Ahmadi")
            )
        client.events.ListEvents(event_service_pb2.ListEventsRequest())

    spans = traced(act, traceparent=f"00-{TRACE}-{PARENT}-01", x_request_id="till-7")
    calls = {span.name: span for span in spans if span.kind == Span.SPAN_KIND_SERVER}
    assert [*calls] == [
        "TariffService/ListTariffs",
        "EnquiryService/GetBalance",
        "EventService/ListEvents",
    ]
    for span in calls.values():
        assert span.trace_id.hex() == TRACE
        assert span.parent_span_id.hex() == PARENT
        assert facts(span)["billcore.request_id"] == "till-7"
        assert (facts(span)["billcore.client"], facts(span)["billcore.provider"]) == (2, 1)
    balance = calls["EnquiryService/GetBalance"]
    assert facts(balance)["rpc.grpc.status_code"] == grpc.StatusCode.NOT_FOUND.value[0]
    assert balance.status.code == Status.STATUS_CODE_UNSET  # the caller's fault is not ours
    reads = [span for span in spans if span.name == "store.read"]
    assert balance.span_id in {span.parent_span_id for span in reads}
    assert calls["EventService/ListEvents"].span_id in {span.parent_span_id for span in reads}
    # what the server does by itself, every second, is in no trace
    assert {span.name for span in spans} - {*calls} == {"store.read"}
    assert "Zahra" not in str(spans)
    assert collector.resources == {"billcore"}


def test_a_stream_that_goes_on(traced, monkeypatch):
    """It reads again and again; its first reads are spans."""
    monkeypatch.setattr("billcore.server.otel.PARTS_MAX", 3)

    def act(client):
        stream = client.events.StreamEvents(event_service_pb2.StreamEventsRequest())
        client.publish(WATER)
        next(iter(stream))
        time.sleep(0.3)  # a dozen looks
        stream.cancel()

    spans = traced(act)
    (stream,) = [one for one in spans if one.name == "EventService/StreamEvents"]
    reads = [one for one in spans if one.parent_span_id == stream.span_id]
    assert [one.name for one in reads] == ["store.read"] * 3


def test_a_fault_of_ours(traced, monkeypatch):
    """The span has failed; what was raised is in the log alone."""
    monkeypatch.setattr("billcore.core.events.following.page", lambda *_: 1 / 0)

    def act(client):
        with refused("INTERNAL"):
            client.events.ListEvents(event_service_pb2.ListEventsRequest())

    (span,) = [one for one in traced(act) if one.kind == Span.SPAN_KIND_SERVER]
    assert (span.status.code, span.status.message) == (Status.STATUS_CODE_ERROR, "INTERNAL")
    assert len(span.trace_id) == 16
    assert not span.parent_span_id


def test_a_run_and_its_chunks(tmp_path, collector):
    """Each phase is a trace of the server's own, each chunk a span of the time that it took."""
    company = run_world.settled(f"sqlite:///{tmp_path / 'runs.db'}", accounts=16)
    with run_world.served(company, otel_endpoint=collector.endpoint) as runs:
        runs.did("StartRun", runs.create())
    spans = collector.spans
    (run,) = [span for span in spans if span.name == "run"]
    assert facts(run) == {"billcore.provider": 1, "billcore.run": 1}
    assert run.status.code == Status.STATUS_CODE_UNSET
    chunks = [span for span in spans if span.name == "run.rate"]
    assert sum(facts(span)["billcore.bills"] for span in chunks) == 16
    for span in chunks:
        assert span.parent_span_id == run.span_id
        assert run.start_time_unix_nano <= span.end_time_unix_nano <= run.end_time_unix_nano
        assert span.start_time_unix_nano < span.end_time_unix_nano


def test_a_share_is_sent(tmp_path, collector):
    """0: none but those that a caller asks for."""
    keys = stored.fill(tmp_path)
    server = stored.server(tmp_path, otel_endpoint=collector.endpoint, otel_share=0.0)
    asked = Client(server.port, keys["north"], traceparent=f"00-{TRACE}-{PARENT}-01")
    for client in Client(server.port, keys["north"]), asked:
        client.tariffs.ListTariffs(tariff_service_pb2.ListTariffsRequest())
        client.channel.close()
    server.drain()
    assert {span.trace_id.hex() for span in collector.spans} == {TRACE}


def test_a_collector_that_is_away_holds_nothing_up(tmp_path, collector):
    collector.server.stop(None).wait()
    keys = stored.fill(tmp_path)
    server = stored.server(tmp_path, otel_endpoint=collector.endpoint)
    client = Client(server.port, keys["north"])
    client.tariffs.ListTariffs(tariff_service_pb2.ListTariffsRequest())
    client.channel.close()
    server.drain()
    assert collector.spans == []


@pytest.mark.parametrize("endpoint", ["127.0.0.1:4317", "http://collector", "http://u:p@host:1"])
def test_a_wrong_endpoint_is_refused(endpoint):
    with pytest.raises(SettingsInvalid, match="otel_endpoint"):
        settings.load(otel_endpoint=endpoint)


def test_what_lacks_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    monkeypatch.delitem(sys.modules, "billcore.server.otel", raising=False)
    monkeypatch.delattr(billcore.server, "otel", raising=False)
    with pytest.raises(SettingsInvalid, match=r"pip install 'billcore\[otel\]'"):
        tracing.traces(settings.load(otel_endpoint="http://127.0.0.1:4317"))


def test_nothing_is_imported_without_it():
    """A server that traces nothing does not load OpenTelemetry."""
    text = "import sys, billcore.server.app; print([m for m in sys.modules if 'opentel' in m])"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
