"""The machines of a soak: a database, a server of two processes, and what befalls them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Condition, Thread

from tests.postgres import Cluster
from tests.programs import environment, free_port
from tests.soak.figures import Figures

PAGE = os.sysconf("SC_PAGE_SIZE")

FAULTS = ("call_failed", "background_failed", "run_broken", "process_ended")
"""Log events that tell a fault of ours."""

PROCESSES = 2
WATCHED, KILLED = 1, 2
"""The process whose memory is watched, and the one that is killed."""

SETTINGS = {
    "BILLCORE_PROCESSES": str(PROCESSES),
    "BILLCORE_RUN_WORKERS": "2",
    "BILLCORE_RUN_RESUME": "true",
    "BILLCORE_METRICS_PORT": "0",
}

WORKER_SECONDS = 20

START_SECONDS = 120
STOP_SECONDS = 60


class Server:
    """A server of several processes on one port; its parent starts a killed one again."""

    def __init__(self, url: str, figures: Figures) -> None:
        self.port = free_port()
        self._environment = environment() | SETTINGS
        self._environment |= {"BILLCORE_STORE": url, "BILLCORE_PORT": str(self.port)}
        self._figures = figures
        self._changed = Condition()
        self._pids: dict[int, int] = {}
        self._served = self._ended = self._lost = 0
        self._parent: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts it, and waits until every process serves."""
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "billcore.server.cli", "serve"],
            env=self._environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        Thread(target=self._read, daemon=True).start()
        self._until(PROCESSES)

    def kill(self, number: int) -> None:
        """Ends one of its processes by kill -9, and waits until another serves in its place."""
        before = self._served
        self._ended += 1
        os.kill(self._pids[number], signal.SIGKILL)
        self._until(before + 1)

    def stop(self) -> int:
        """SIGTERM; its exit status."""
        assert self._parent is not None
        self._parent.terminate()
        return self._parent.wait(STOP_SECONDS)

    def end(self) -> None:
        """kill -9, whatever runs."""
        if self._parent is not None and self._parent.poll() is None:
            self._parent.kill()
            for pid in self._pids.values():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def workers(self) -> list[int]:
        """The processes that rate and write its runs now."""
        found = [child for pid in self._pids.values() for child in _children(pid)]
        return [pid for pid in found if b"spawn_main" in _command(pid)]

    def memory(self) -> int:
        """Bytes of the process that nobody kills, without workers."""
        return int(Path(f"/proc/{self._pids[WATCHED]}/statm").read_text().split()[1]) * PAGE

    def _until(self, served: int) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._served >= served, START_SECONDS):
                raise RuntimeError("the server does not serve")

    def _read(self) -> None:
        assert self._parent is not None
        assert self._parent.stderr is not None
        with self._parent.stderr as log:
            for line in log:
                event = _event(line)
                with self._changed:
                    if event.get("event") == "process_started":
                        self._pids[int(str(event["number"]))] = int(str(event["pid"]))
                    self._served += event.get("event") == "serving" and "process" in event
                    self._changed.notify_all()
                if event.get("event") == "process_lost":
                    self._lost += 1
                    if self._lost > self._ended:
                        self._figures.fault(f"a process ended by itself: {line.strip()}")
                if event.get("event") in FAULTS:
                    self._figures.fault(f"the server's log: {line.strip()[-2_000:]}")


class Machines:
    """The database and the server on it."""

    def __init__(self, cluster: Cluster, url: str, figures: Figures) -> None:
        self._cluster, self._figures = cluster, figures
        self.server = Server(url, figures)

    def kill_worker(self) -> None:
        """Ends a worker of a run by kill -9, the first that there is within WORKER_SECONDS."""
        until = time.monotonic() + WORKER_SECONDS
        while time.monotonic() < until:
            for pid in self.server.workers()[:1]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self._figures.happened("workers killed")
                    return
            time.sleep(0.02)

    def kill_server(self) -> None:
        """Ends a process of the server by kill -9; its parent starts it again."""
        self.server.kill(KILLED)
        self._figures.happened("servers killed")

    def kill_database(self) -> None:
        """Ends PostgreSQL by kill -9 and starts it again."""
        self._cluster.kill()
        self._figures.happened("databases killed")
        self._cluster.start()

    def restart_database(self) -> None:
        """Stops PostgreSQL in an orderly way and starts it again."""
        self._cluster.stop()
        self._figures.happened("databases restarted")
        self._cluster.start()


@contextmanager
def running(cluster: Cluster, url: str, figures: Figures) -> Iterator[Machines]:
    """Machines for the block; whatever runs at its end is killed."""
    machines = Machines(cluster, url, figures)
    try:
        machines.server.start()
        yield machines
    finally:
        machines.server.end()


def _event(line: str) -> Mapping[str, object]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, thread.read_text().split())
        except OSError:  # it ended just then
            continue
    return found
