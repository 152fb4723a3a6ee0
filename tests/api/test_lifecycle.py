"""A server of its own, started by the command: log, health, reflection, metrics, its end."""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request

import grpc
import pytest
from google.protobuf import descriptor_pb2
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from billcore.server.assembly import COMPUTING
from billcore.v1 import tariff_service_pb2
from tests.api.client import batch, encoded_batches, header, month, plan, refusal, refused
from tests.api.documents import BROKEN, OTHER, WATER

SERVING = health_pb2.HealthCheckResponse.SERVING


def metrics(served) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{served.metrics_port}/metrics") as page:
        lines = page.read().decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if line.startswith("billcore_"))
    return {name: float(number) for name, number in pairs}


def test_a_server_says_what_it_does(served):
    """Settings at the start, request ids on every event, figures on the page, exit status 0."""
    client = served.client
    assert client.health.Check(health_pb2.HealthCheckRequest()).status == SERVING
    for service in COMPUTING:
        request = health_pb2.HealthCheckRequest(service=service)
        assert client.health.Check(request).status == SERVING
    listed = client.tariffs.ListTariffs(tariff_service_pb2.ListTariffsRequest())
    assert [v.tariff_id for v in listed.tariffs] == ["test-other", "test-water"]
    list(client.rate_batches([header("test-water"), batch(**month(3), m3=[1, 2, -3])]))
    with refused("INVALID_ARGUMENT", "BILL_FAILED"):
        client.rate_bill("test-water", inputs={"m3": "-1"})
    found = metrics(served)
    assert found['billcore_calls_total{code="OK",method="RatingService/RateBatch"}'] == 1
    assert found["billcore_bills_rated_total"] == 2
    assert found['billcore_bills_failed_total{status="OUT_OF_RANGE"}'] == 2
    assert found["billcore_batch_rows_count"] == 1
    assert found["billcore_tariffs"] == 2
    assert found["billcore_streams_in_flight"] == 0
    assert served.end() == 0
    names = [event["event"] for event in served.events]
    assert names[0] == "starting"
    assert names[-2:] == ["draining", "stopped"]
    assert served.events[0]["settings"]["host"] == "127.0.0.1"
    calls = [event for event in served.events if event["event"] == "call_finished"]
    assert all(len(event["request_id"]) == 32 for event in calls)
    assert len({event["request_id"] for event in calls}) == len(calls)


def test_a_request_id_goes_through(served):
    """The caller's id is in the answer's trailers, in a refusal, and on every event of the call."""
    client = served.client
    request = tariff_service_pb2.GetTariffRequest(plan=plan("test-water"))
    own = (("x-request-id", "clerk-7/42"),)
    _, call = client.tariffs.GetTariff.with_call(request, metadata=own)
    assert dict(call.trailing_metadata())["x-request-id"] == "clerk-7/42"
    request.plan.tariff_id = "nowhere"
    with pytest.raises(grpc.RpcError) as caught:
        client.tariffs.GetTariff(request, metadata=own)
    assert refusal(caught.value).request_id == "clerk-7/42"
    with pytest.raises(grpc.RpcError) as caught:
        client.tariffs.GetTariff(request, metadata=(("x-request-id", "x" * 101),))
    assert len(refusal(caught.value).request_id) == 32
    served.end()
    mine = [e["event"] for e in served.events if e.get("request_id") == "clerk-7/42"]
    assert mine == ["call_finished", "call_refused", "call_finished"]


def test_no_input_of_a_bill_is_logged(served):
    """Quantities, amounts and documents stay out of the log."""
    served.client.rate_bill("test-water", inputs={"m3": "123.457"})
    with refused("INVALID_ARGUMENT"):
        served.client.rate_bill("test-water", inputs={"m3": "987654.321"})
    served.end()
    text = json.dumps(served.events)
    assert "123.457" not in text
    assert "987654" not in text
    assert "Testville" not in text


def test_a_client_can_ask_for_the_contract(served):
    """Reflection lists the services and hands out the files with their messages."""
    stub = reflection_pb2_grpc.ServerReflectionStub(served.client.channel)
    asked = [
        reflection_pb2.ServerReflectionRequest(list_services=""),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol=COMPUTING[0]),
    ]
    listed, file = list(stub.ServerReflectionInfo(iter(asked)))
    names = {service.name for service in listed.list_services_response.service}
    assert {*COMPUTING, "grpc.health.v1.Health"} <= names
    files = file.file_descriptor_response.file_descriptor_proto
    packages = {descriptor_pb2.FileDescriptorProto.FromString(f).package for f in files}
    assert "billcore.v1" in packages


def test_sigterm_lets_a_running_stream_finish(patient):
    """After SIGTERM a stream goes on to its end; new calls are refused; the exit status is 0."""
    running, draining, refused_calls = threading.Event(), threading.Event(), []

    def messages():
        yield header("test-water", lines=False)
        for number, message in enumerate(encoded_batches(20, 1000)):
            yield message
            if number == 5:
                assert running.wait(60)  # a call that the server has not taken yet may be refused
                patient.process.terminate()
                patient.until("draining")
                refused_calls.append(_refused_now(patient))
                draining.set()

    answers = []
    for answer in patient.client.rate_batches(messages()):
        answers.append(answer)
        running.set()
    assert draining.is_set()
    assert [a.result.sequence for a in answers[1:]] == list(range(1, 21))
    assert refused_calls[0] in (
        grpc.StatusCode.UNAVAILABLE,  # the port is closed
        grpc.StatusCode.DEADLINE_EXCEEDED,  # it is not yet, but nobody answers
        grpc.StatusCode.CANCELLED,  # it was just then, and the call was taken by nobody
    )
    assert patient.process.wait(timeout=120) == 0


def _refused_now(served) -> grpc.StatusCode:
    """How a new call is refused; one that comes before the port is closed is still answered."""
    for _ in range(100):
        with grpc.insecure_channel(f"127.0.0.1:{served.port}") as fresh:
            try:
                fresh.unary_unary("/billcore.v1.TariffService/ListTariffs")(b"", timeout=1)
            except grpc.RpcError as error:
                return error.code()
        time.sleep(0.05)
    raise AssertionError("new calls are answered while the server drains")


def test_a_stream_that_outlives_the_drain_is_told_to_resume(served):
    """At the bound a stream gets UNAVAILABLE with the reason; what was answered is numbered."""

    def messages():
        yield header("test-water", lines=False)
        for number, message in enumerate(encoded_batches(10_000, 1000)):
            yield message
            if number == 50:  # the server has taken the call
                served.process.terminate()
            time.sleep(0.01)

    answers = []
    with refused("UNAVAILABLE", "SERVER_DRAINING") as found:
        answers.extend(served.client.rate_batches(messages()))
    assert found[0].retryable
    assert served.process.wait(timeout=30) == 0


def test_an_idle_stream_does_not_hold_the_server(served):
    """A stream that sends nothing is cut soon after the bound."""
    hold = threading.Event()

    def messages():
        yield header("test-water")
        hold.wait(30)

    call = served.client.rate_batches(messages())
    next(call)
    started = time.monotonic()
    assert served.end() == 0
    assert time.monotonic() - started < 10
    hold.set()
    with pytest.raises(grpc.RpcError):
        list(call)


def start(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A server that is expected not to start."""
    command = [sys.executable, "-m", "billcore.server.cli", "serve", "--port=0", "--metrics-port=0"]
    return subprocess.run(
        [*command, *options],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | environment,
        check=False,
    )


def test_a_folder_with_an_invalid_document_stops_the_start(tmp_path):
    """Status 2, and every finding of every file with its place."""
    (tmp_path / "good.yaml").write_text(WATER, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "worse.json").write_text("[]", encoding="utf-8")
    found = start(f"--tariffs={tmp_path}")
    assert found.returncode == 2
    assert f"{tmp_path / 'bad.yaml'}:18:" in found.stderr
    assert f"{tmp_path / 'worse.json'}:1:1" in found.stderr


def test_two_files_of_one_tariff_stop_the_start(tmp_path):
    """Nothing guesses which file is the newer."""
    (tmp_path / "a.yaml").write_text(OTHER, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(OTHER.replace("0.25", "0.3"), encoding="utf-8")
    found = start(f"--tariffs={tmp_path}")
    assert found.returncode == 2
    assert "a.yaml, b.yaml" in found.stderr


@pytest.mark.parametrize(
    ("options", "environment", "setting"),
    [
        (["--port=70000"], {}, "port"),
        ([], {"BILLCORE_THREADS": "none"}, "threads"),
        ([], {"BILLCORE_THREADZ": "9"}, "BILLCORE_THREADZ"),
        ([], {"BILLCORE_STREAMS_MAX": "64"}, "streams_max"),
        (["--tariffs=/nowhere"], {}, "tariffs"),
        (["--host=192.0.2.1"], {}, "host"),
    ],
)
def test_a_wrong_setting_stops_the_start(options, environment, setting):
    """Status 2, and the setting is named."""
    found = start(*options, **environment)
    assert found.returncode == 2
    assert repr(setting) in found.stderr


def test_a_taken_port_stops_the_start(served):
    """Two servers never share a port unseen."""
    found = start(f"--port={served.port}")
    assert found.returncode == 2
    assert "'port'" in found.stderr


def test_settings_come_from_a_file_below_the_environment(tmp_path):
    """TOML gives values, the environment overrides them, an unknown name is refused."""
    file = tmp_path / "billcore.toml"
    file.write_text('threads = "many"\n', encoding="utf-8")
    assert "'threads'" in start(f"--config={file}").stderr
    file.write_text("thread = 9\n", encoding="utf-8")
    assert "'thread'" in start(f"--config={file}").stderr
    file.write_text("threads = 3\nstreams_max = 5\n", encoding="utf-8")
    assert "'streams_max'" in start(f"--config={file}", BILLCORE_THREADS="4").stderr
