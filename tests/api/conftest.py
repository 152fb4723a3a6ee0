"""Servers for the tests of the API: one in this process for most, one of its own for its end."""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest
import structlog

from billcore.server import app as server_app
from billcore.server import settings
from billcore.server.app import App
from billcore.server.services import event, run
from tests.api import stored
from tests.api.client import Client
from tests.api.documents import OTHER, RATCHET, RUNNING, STRICT, WATER

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@pytest.fixture(scope="session", autouse=True)
def eager() -> Iterator[None]:
    """Servers of this process look for what is new at once, so that no test waits for them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(server_app, "LOOK_SECONDS", 0.02)
        patched.setattr(event, "POLL_SECONDS", 0.02)
        patched.setattr(run, "WATCH_SECONDS", 0.05)
        yield


@pytest.fixture
def today() -> date:
    """The day of a server, which it keeps for a test: the last minute of a day is waited out."""
    while (now := datetime.now(UTC)).hour == 23 and now.minute == 59:
        time.sleep(1)
    return now.date()


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    """A server in this process, with small limits so that tests can reach them."""
    server = App(
        settings.load(
            port=0,
            metrics_port=0,
            threads=8,
            streams_max=2,
            batch_rows_max=10_000,
            message_bytes_max=2 << 20,
            drain_seconds=0.2,
        )
    )
    server.start()
    yield server
    server.drain()


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[Client]:
    """A client of it, the test tariffs published."""
    found = Client(app.port)
    for document in (WATER, OTHER, STRICT, RUNNING, RATCHET):
        found.publish(document)
    yield found
    found.channel.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the store of a module's tests is."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def keys(folder: Path) -> dict[str, str]:
    """The store's clients, who have keys, by name."""
    return stored.fill(folder)


@pytest.fixture(scope="module")
def stored_app(folder: Path, keys: dict[str, str]) -> Iterator[App]:
    """A server on that store, for modules whose `app` it is."""
    server = stored.server(folder)
    yield server
    server.drain()


class Process:
    """A command that serves until it is asked to stop, with its log."""

    def __init__(self, *command: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "billcore.server.cli", *command],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
        self.events: list[dict[str, object]] = []
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        self.serving = self.until("serving")
        self.port, self.metrics_port = int(self.serving["port"]), int(self.serving["metrics"])

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as log:
            for line in log:
                self._lines.put(line)

    def until(self, event: str) -> dict[str, object]:
        """Reads the log up to an event."""
        while True:
            self.events.append(json.loads(self._lines.get(timeout=60)))
            if self.events[-1]["event"] == event:
                return self.events[-1]

    def end(self) -> int:
        """Asks it to stop, reads the rest of its log, and tells its exit status."""
        self.process.terminate()
        status = self.process.wait(timeout=60)
        self._reader.join(timeout=10)
        while not self._lines.empty():
            self.events.append(json.loads(self._lines.get()))
        return status


class Served(Process):
    """A server started by the command line, with a client of it."""

    def __init__(self, *options: str, **environment: str) -> None:
        super().__init__("serve", "--port=0", "--metrics-port=0", *options, **environment)
        self.client = Client(self.port, environment.get("BILLCORE_KEY", ""))

    def end(self) -> int:
        """As of every process; its client leaves too."""
        status = super().end()
        self.client.channel.close()
        return status


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server process with a folder of two tariffs, which soon cuts what does not end."""
    yield from _served(tmp_path, "3")


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Served]:
    """The same, which lets running calls take as long as a busy machine makes them."""
    yield from _served(tmp_path, "120")


def _served(folder: Path, drain_seconds: str) -> Iterator[Served]:
    (folder / "water.yaml").write_text(WATER, encoding="utf-8")
    (folder / "other.yaml").write_text(OTHER, encoding="utf-8")
    found = Served(f"--tariffs={folder}", BILLCORE_DRAIN_SECONDS=drain_seconds)
    yield found
    found.end()
