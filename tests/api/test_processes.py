"""Several processes on one port over one PostgreSQL: shared work, a killed one, their end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from threading import Event, Thread

import grpc
import pytest

from billcore.core.errors import SettingsInvalid
from billcore.core.store.open import open_store
from billcore.server import settings
from billcore.server.ports import reserved
from billcore.v1 import admin_service_pb2, event_service_pb2
from tests.api import stored
from tests.api.client import Client
from tests.api.conftest import Process
from tests.api.documents import OTHER

DRAIN_SECONDS = 3


class Several(Process):
    """`billcore serve --processes 2` on a store, with a free port."""

    def __init__(self, url: str) -> None:
        super().__init__(
            "serve", f"--store={url}", "--processes=2", "--port=0", "--metrics-port=0",
            BILLCORE_DRAIN_SECONDS=str(DRAIN_SECONDS), BILLCORE_EVENT_STREAMS_MAX="16",
        )  # fmt: skip
        self.all_serving = self.until("all_serving")

    def of(self, event: str) -> list[dict[str, object]]:
        return [one for one in self.events if one["event"] == event]


def channel(port: int) -> grpc.Channel:
    """A connection of its own: channels to one address share theirs otherwise."""
    own = [("grpc.use_local_subchannel_pool", 1)]
    return grpc.insecure_channel(f"127.0.0.1:{port}", options=own)


def figure(port: object, name: str) -> float:
    """The sum of a metric's lines on a page."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as page:
        lines = page.read().decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


def metadata(key: str) -> list[tuple[str, str]]:
    return [("authorization", f"Bearer {key}")]


class Writer(Thread):
    """Makes clients one after the other; each call is sent again until it is answered."""

    def __init__(self, port: int, key: str, name: str, enough: Event) -> None:
        super().__init__(daemon=True)
        self.port, self.key, self.stem, self.enough = port, key, name, enough
        self.made: list[int] = []
        self.codes: list[grpc.StatusCode] = []

    def run(self) -> None:
        while not self.enough.is_set():
            name = f"{self.stem}-{len(self.made)}"
            request = admin_service_pb2.CreateClientRequest(
                name=name, roles=[admin_service_pb2.CLIENT_ROLE_VIEWER], request_id=name
            )
            self.made.append(self._answered(request).client.client_id)
            time.sleep(0.05)  # the machine has more to do

    def _answered(
        self, request: admin_service_pb2.CreateClientRequest
    ) -> admin_service_pb2.CreateClientResponse:
        while True:
            with channel(self.port) as fresh:
                call = fresh.unary_unary(
                    "/billcore.v1.AdminService/CreateClient",
                    request.__class__.SerializeToString,
                    admin_service_pb2.CreateClientResponse.FromString,
                )
                try:
                    return call(request, metadata=metadata(self.key), timeout=20)
                except grpc.RpcError as error:
                    self.codes.append(error.code())


@pytest.fixture
def keys(postgres_url: str) -> dict[str, str]:
    return stored.fill_at(postgres_url)


def test_processes_share_a_port(postgres_url, keys):
    """Both answer; a killed one costs retryable refusals alone and comes back; SIGTERM drains."""
    several = Several(postgres_url)
    port = int(several.all_serving["port"])
    pages = {int(e["process"]): e["metrics"] for e in several.of("serving")}
    assert sorted(pages) == [1, 2]
    enough = Event()
    writers = [Writer(port, keys["house"], f"writer-{n}", enough) for n in range(3)]
    for writer in writers:
        writer.start()
    until = time.monotonic() + 30
    while any(figure(page, "billcore_calls_total") < 5 for page in pages.values()):
        assert time.monotonic() < until, "one process gets no calls"
        time.sleep(0.05)
    victim = next(e for e in several.of("process_started") if e["number"] == 2)
    os.kill(int(victim["pid"]), signal.SIGKILL)
    lost = several.until("process_lost")
    assert (lost["number"], lost["status"], lost["again_in"]) == (2, -signal.SIGKILL, 0)
    back = several.until("serving")
    assert (back["process"], back["port"]) == (2, port)
    before = figure(back["metrics"], "billcore_calls_total")
    while figure(back["metrics"], "billcore_calls_total") < before + 5:
        assert time.monotonic() < until + 30, "the new process gets no calls"
        time.sleep(0.05)
    enough.set()
    for writer in writers:
        writer.join(30)
    made = [one for writer in writers for one in writer.made]
    assert len(made) == len(set(made))
    assert {code for writer in writers for code in writer.codes} <= {grpc.StatusCode.UNAVAILABLE}
    assert figure(several.all_serving["metrics"], "billcore_process_restarts_total") == 1
    assert figure(several.all_serving["metrics"], "billcore_processes ") == 2
    _drained(several, port, keys["house"])
    assert sorted(_names(postgres_url)) == sorted(
        f"{w.stem}-{n}" for w in writers for n in range(len(w.made))
    )


def _drained(several: Several, port: int, key: str) -> None:
    """Streams of both processes are told to go on elsewhere, within the bound; the status is 0."""
    client = Client(port, key)
    client.publish(OTHER)
    client.channel.close()
    channels = [channel(port) for _ in range(12)]
    streams = [
        one.unary_stream("/billcore.v1.EventService/StreamEvents")(
            event_service_pb2.StreamEventsRequest().SerializeToString(),
            metadata=metadata(key),
        )
        for one in channels
    ]
    for stream in streams:
        next(stream)  # it is open
    started = time.monotonic()
    several.process.terminate()
    for stream in streams:
        with pytest.raises(grpc.RpcError) as caught:
            list(stream)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert several.process.wait(60) == 0
    assert time.monotonic() - started < DRAIN_SECONDS + 5
    assert several.end() == 0
    assert len(several.of("stopped")) == 2
    assert several.events[-1]["event"] == "all_stopped"
    for one in channels:
        one.close()


def _names(url: str) -> list[str]:
    store = open_store(url)
    with store.read() as reader:
        rows = reader.rows("SELECT name FROM client WHERE name LIKE 'writer-%'")
    store.close()
    return [str(name) for (name,) in rows]


def test_processes_that_cannot_start_leave_nothing(postgres_url):
    """A store without a schema: status 2, the reason once, and no process that tries again."""
    command = [sys.executable, "-m", "billcore.server.cli", "serve", f"--store={postgres_url}"]
    done = subprocess.run(
        [*command, "--processes=2", "--port=0", "--metrics-port=0"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("billcore init") == 1
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert lines[-1]["event"] == "start_refused"
    assert lines[-1]["reason"] == "SCHEMA_MISSING"


def test_a_taken_port_is_not_shared_unasked(postgres_url):
    """Several processes do not creep in beside a server that listens already."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(SettingsInvalid, match="'port'"):
            reserved("127.0.0.1", number, shared=False)
        reserved("127.0.0.1", number, shared=True).close()


@pytest.mark.parametrize(
    ("given", "setting"),
    [
        ({"processes": 2}, "processes"),
        ({"processes": 2, "store": "sqlite:///books.db"}, "processes"),
        ({"reuse_port": True, "store": "sqlite:///books.db"}, "reuse_port"),
        ({"processes": 2, "store": "postgresql:///b", "metrics_port": 65534}, "metrics_port"),
        ({"store": "postgresql://u:secret@h/b"}, "store"),
        ({"store": "postgresql://h/b?password=secret"}, "store"),
    ],
)
def test_settings_that_do_not_go_together(given, setting):
    """Only PostgreSQL is served by several; no password is taken, nor told."""
    with pytest.raises(SettingsInvalid, match=f"'{setting}'") as caught:
        settings.load(**given)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    "given",
    [
        {"otel_endpoint": "http://u:secret@collector:4317"},
        {"store": ["postgresql://u:secret@h/b"]},
        {"store_password": "secret"},
    ],
)
def test_faults_do_not_tell_values_that_may_be_secret(given):
    with pytest.raises(SettingsInvalid, match=next(iter(given))) as caught:
        settings.load(**given)
    assert "secret" not in repr(caught.value.as_dict())
