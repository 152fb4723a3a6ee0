"""Readiness that follows the store, liveness that does not; what a service manager is told."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Event, Thread

import grpc
import pytest
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from typer.testing import CliRunner

from billcore.server import health, keyless, settings
from billcore.server.app import App
from billcore.server.assembly import COMPUTING
from billcore.server.cli import app as commands
from billcore.server.health import LIVENESS, Health
from billcore.server.manager import Manager
from tests.api import stored
from tests.api.client import Client

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


def test_a_server_whose_store_is_away_is_not_ready(postgres_server, monkeypatch):
    """Seconds after PostgreSQL stops every service is NOT_SERVING, and SERVING again when it is
    back; the process lives all the time, also while it drains."""
    monkeypatch.setattr(health, "AWAY_SECONDS", 0.3)
    url = postgres_server.url(postgres_server.create())
    stored.fill_at(url)
    server = stored.server_at(url)
    client = Client(server.port)

    def states() -> set[int]:
        names = ("", *COMPUTING)
        asked = [health_pb2.HealthCheckRequest(service=name) for name in names]
        return {client.health.Check(one, timeout=10).status for one in asked}

    def becomes(wanted: int) -> None:
        until = time.monotonic() + 30
        while states() != {wanted}:
            assert time.monotonic() < until
            time.sleep(0.05)

    def lives() -> bool:
        return (
            client.health.Check(health_pb2.HealthCheckRequest(service=LIVENESS)).status == SERVING
        )

    try:
        assert states() == {SERVING}
        postgres_server.stop()
        becomes(NOT_SERVING)
        assert lives()
        told = CliRunner().invoke(commands, ["health", f"--address=127.0.0.1:{server.port}"])
        assert (told.exit_code, told.stdout) == (1, "NOT_SERVING\n")
        postgres_server.start()
        becomes(SERVING)
        told = CliRunner().invoke(commands, ["health", f"--address=127.0.0.1:{server.port}"])
        assert (told.exit_code, told.stdout) == (0, "SERVING\n")
    finally:
        client.channel.close()
        server.drain()


def test_a_server_that_leaves_stays_alive_and_never_ready():
    """From the first moment of a drain nothing makes it ready again."""
    watched = Health(None)
    watched.open(COMPUTING)
    watched.leave()
    watched.look()
    watched.open(COMPUTING)
    check = watched.servicer.Check
    states = [check(health_pb2.HealthCheckRequest(service=name), None).status for name in COMPUTING]
    assert set(states) == {NOT_SERVING}
    assert check(health_pb2.HealthCheckRequest(service=LIVENESS), None).status == SERVING


class Hung:
    """A store that answers when it is let."""

    def __init__(self) -> None:
        self.answers = Event()

    @contextmanager
    def read(self) -> Iterator["Hung"]:
        assert self.answers.wait(30)
        yield self

    def row(self, _: str) -> tuple[int]:
        return (1,)


def test_a_store_that_does_not_answer_is_away():
    """A look that never comes back hides nothing: not ready by the age of the last that did."""
    store, seconds = Hung(), [0.0]
    watched = Health(store, lambda: seconds[0])
    watched.open(COMPUTING)

    def state() -> int:
        return watched.servicer.Check(health_pb2.HealthCheckRequest(), None).status

    look = Thread(target=watched.look)
    look.start()
    seconds[0] = health.AWAY_SECONDS - 0.1
    watched.judge()
    assert state() == SERVING
    seconds[0] = health.AWAY_SECONDS
    watched.judge()
    assert state() == NOT_SERVING
    store.answers.set()
    look.join()
    assert state() == SERVING


def test_strangers_hold_little(app, client, monkeypatch):
    """Unknown names are kept nowhere, watches are few, reflection streams fewer and short."""
    monkeypatch.setattr(keyless, "REFLECTION_SECONDS", 0.3)
    watch = client.health.Watch
    unknown = [watch(health_pb2.HealthCheckRequest(service=f"x{number}")) for number in range(20)]
    assert {_ended(one) for one in unknown} == {grpc.StatusCode.NOT_FOUND}
    open_ones = [watch(health_pb2.HealthCheckRequest()) for _ in range(keyless.WATCHES_MAX)]
    assert {next(one).status for one in open_ones} == {SERVING}
    _until(lambda: len(app._health.servicer._watches) == keyless.WATCHES_MAX)
    assert _ended(watch(health_pb2.HealthCheckRequest())) is grpc.StatusCode.RESOURCE_EXHAUSTED
    for one in open_ones:
        one.cancel()
    _until(lambda: not app._health.servicer._watches)
    again = watch(health_pb2.HealthCheckRequest())
    assert next(again).status == SERVING
    again.cancel()
    idle = [_reflected(client) for _ in range(2)]  # a quarter of its threads
    assert _ended(_reflecting(client, [])) is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert {_ended(one) for one in idle} == {grpc.StatusCode.CANCELLED}
    _until(lambda: not app._reflection._open)
    assert _ended(_reflecting(client, [ASKED])) is grpc.StatusCode.OK


def test_a_drain_does_not_wait_for_strangers():
    """A watch is told and ends, an idle reflection stream is cut: the bound is not used up."""
    server = App(settings.load(port=0, metrics_port=0, drain_seconds=30))
    server.start()
    client = Client(server.port)
    watch = client.health.Watch(health_pb2.HealthCheckRequest())
    assert next(watch).status == SERVING
    idle = _reflected(client)
    started = time.monotonic()
    server.drain()
    assert time.monotonic() - started < 10
    assert [one.status for one in watch] == [NOT_SERVING]
    assert watch.code() is grpc.StatusCode.OK
    assert _ended(idle) is grpc.StatusCode.CANCELLED
    client.channel.close()


ASKED = reflection_pb2.ServerReflectionRequest(list_services="")


def _reflecting(client: Client, asked: list[reflection_pb2.ServerReflectionRequest]) -> grpc.Call:
    return reflection_pb2_grpc.ServerReflectionStub(client.channel).ServerReflectionInfo(
        iter(asked)
    )


def _reflected(client: Client) -> grpc.Call:
    """A stream that is answered once, and idle then."""
    asked = SimpleQueue[reflection_pb2.ServerReflectionRequest]()
    asked.put(ASKED)
    call = reflection_pb2_grpc.ServerReflectionStub(client.channel).ServerReflectionInfo(
        iter(asked.get, None)
    )
    next(call)
    call.add_callback(lambda: asked.put(None))
    return call


def _ended(call: grpc.Call) -> grpc.StatusCode:
    """How a stream ends."""
    with suppress(grpc.RpcError):
        list(call)
    return call.code()


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_service_manager_is_told(tmp_path, monkeypatch):
    """As systemd says: datagrams to the socket of NOTIFY_SOCKET, which children do not inherit."""
    place = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(place))
        monkeypatch.setenv("NOTIFY_SOCKET", str(place))
        told = Manager()
        told.ready()
        told.stopping()
        assert [manager.recv(100), manager.recv(100)] == [b"READY=1", b"STOPPING=1"]
        manager.settimeout(0.05)
        Manager().ready()  # a process of the one that was told of
        with pytest.raises(TimeoutError):
            manager.recv(100)
    monkeypatch.setenv("NOTIFY_SOCKET", str(place))
    Manager().ready()  # nobody listens any more: no reason to end
