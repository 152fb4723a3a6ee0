"""The parent of several processes: what befalls it leaves nobody behind, and it does not give up.

Its children are of the test: they serve at once, and end when they are asked to.
"""

import errno
import os
import signal
import socket
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection, Pipe
from multiprocessing.context import SpawnProcess

import pytest

from billcore.core.errors import SettingsInvalid
from billcore.server import settings
from billcore.server.manager import Manager
from billcore.server.ports import reserved
from billcore.server.processes import Processes


class Child:
    """A process that serves until it is told to end."""

    pid, name, exitcode = 1, "serve", None

    def __init__(self) -> None:
        self._ended, self._end = Pipe(duplex=False)
        self.sentinel = self._ended.fileno()

    def terminate(self) -> None:
        self._end.send(None)

    def join(self) -> None:
        assert self._ended.poll(5), "nobody told it to end"
        self.exitcode = 0


@pytest.fixture
def children(monkeypatch) -> list[Child]:
    """Those that were started."""
    found: list[Child] = []

    def begun(self: Processes, number: int, resumes: bool) -> tuple[Child, Connection]:
        found.append(Child())
        ours, theirs = Pipe(duplex=False)
        theirs.send(True)
        theirs.close()
        return found[-1], ours

    monkeypatch.setattr(Processes, "_begun", begun)
    return found


@pytest.fixture
def several() -> Iterator[Processes]:
    """Two on a free port; whoever starts them ends them."""
    heeded = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    every = Processes(
        settings.load(store="postgresql:///none", processes=2, port=0, metrics_port=0)
    )
    every.heed_signals()
    yield every
    for number, handler in heeded.items():
        signal.signal(number, handler)
    os.close(every._woken)
    os.close(every._wake)


def nothing_left(several: Processes, children: list[Child]) -> bool:
    """All have ended, and nobody has the port."""
    reserved("127.0.0.1", several.port, shared=False).close()
    return [child.exitcode for child in children] == [0, 0]


def test_a_parent_that_fails_ends_its_children(several, children, monkeypatch):
    """Otherwise it would wait for them, and they for it, deaf to SIGTERM."""
    several.start()

    def fails(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(several, "_look", fails)
    with pytest.raises(MemoryError):
        several.run()
    assert nothing_left(several, children)


def test_a_parent_that_cannot_tell_ends_its_children(several, children, monkeypatch):
    """Also between the start of all and the first wait."""

    def fails(_: Manager) -> None:
        raise MemoryError

    monkeypatch.setattr(Manager, "ready", fails)
    with pytest.raises(MemoryError):
        several.start()
    assert nothing_left(several, children)


def test_a_process_that_finds_no_room_is_tried_again(several, children, monkeypatch):
    """After pauses that grow; no end of a pipe stays open; at the start it is a refusal."""
    begun = Processes._begun
    several.start()
    monkeypatch.undo()  # from here on processes are started truly

    def no_room(_: SpawnProcess) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(SpawnProcess, "start", no_room)
    place = several._places[1]
    place.process = None
    pauses, ends = [], ends_of_pipes(several, monkeypatch)
    for _ in range(3):
        several._begin(place, False)
        assert place.process is None
        pauses.append(place.due - place.since)
    assert pauses == pytest.approx([1, 2, 4])
    assert len(ends) == 6
    assert all(end.closed for end in ends)
    with pytest.raises(SettingsInvalid, match="cannot be started"):
        several._begin(place, False, first=True)
    monkeypatch.setattr(Processes, "_begun", begun)
    place.due = time.monotonic()
    monkeypatch.setattr(several, "_look", lambda _: setattr(several, "_stopping", True))
    several.run()
    assert [child.exitcode for child in (children[0], children[2])] == [0, 0]


def ends_of_pipes(several: Processes, monkeypatch) -> list[Connection]:
    """Of all that are made from here on."""
    found: list[Connection] = []
    made = several._spawn.Pipe

    def noted(duplex: bool) -> tuple[Connection, Connection]:
        ends = made(duplex)
        found.extend(ends)
        return ends

    monkeypatch.setattr(several._spawn, "Pipe", noted)
    return found


def test_a_port_is_taken_beside_ended_connections():
    """What a server that listened alone left in TIME_WAIT does not keep the next one out."""
    with socket.create_server(("127.0.0.1", 0)) as alone:
        number = alone.getsockname()[1]
        caller = socket.create_connection(("127.0.0.1", number))
        alone.accept()[0].close()  # who closes first keeps the port for a minute
        assert caller.recv(1) == b""
        caller.close()
    reserved("127.0.0.1", number, shared=False).close()
