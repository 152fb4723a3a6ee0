"""Several serving processes on one port: started, watched, started again, drained together.

Goals: the parent keeps the port and no store, so nothing that fails in a process reaches it; a
process that dies is replaced at once, and with growing pauses where it dies again; SIGTERM drains
all at a time; processes whose parent was killed drain by themselves. Non-goals: what they share:
that is in the store (decision 0024).
"""

import multiprocessing
import os
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Thread
from types import FrameType

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from billcore.core.errors import BillcoreError, SettingsInvalid
from billcore.server import metrics_page, telemetry
from billcore.server.manager import Manager
from billcore.server.ports import reserved
from billcore.server.settings import Settings

PAUSE_SECONDS_MAX = 30.0
"""The longest pause before a process is started again; it doubles from none, by 1 second."""

STEADY_SECONDS = 60.0
"""A process that lived so long did not die again and again: its next pause is the first."""

REFUSED = 2
"""The exit status of a process that could not start."""

log = structlog.get_logger()


class Figures:
    """The figures of the parent."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.serving = Gauge(
            "billcore_processes", "Processes that serve now.", registry=self.registry
        )
        self.restarts = Counter(
            "billcore_process_restarts",
            "Processes started in the place of lost ones.",
            registry=self.registry,
        )


@dataclass(slots=True)
class Place:
    """One of the processes, by its number from 1; `due`: when it is to be started again."""

    number: int
    process: SpawnProcess | None = None
    told: Connection | None = None
    since: float = 0.0
    losses: int = 0
    due: float = 0.0
    serving: bool = False


class Processes:
    """So many servers on the port as `settings.processes` says: `heed_signals`, `start`, `run`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._spawn = multiprocessing.get_context("spawn")
        self._places = [Place(number) for number in range(1, settings.processes + 1)]
        self._figures = Figures()
        self._manager = Manager()
        self._woken, self._wake = os.pipe()
        self._stopping = False
        self.port = self.metrics_port = 0

    def heed_signals(self) -> None:
        """From now on SIGTERM and SIGINT end `run`; of the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def start(self) -> None:
        """All of them serve. Raises BillcoreError, with none left, where one cannot start."""
        settings = self._settings
        self._held = reserved(settings.host, settings.port, settings.reuse_port)
        self.port = int(self._held.getsockname()[1])
        try:
            self._page = metrics_page.served(
                self._figures.registry, settings.metrics_host, settings.metrics_port
            )
        except BaseException:
            self._held.close()
            raise
        self.metrics_port = self._page.server_port
        try:
            for place in self._places:
                resumes = settings.run_resume and place.number == 1
                self._begin(place, resumes, first=True)
            while not self._stopping and not all(place.serving for place in self._places):
                self._look(None, first=True)
            if not self._stopping:
                self._tell_serving()
        except BaseException:
            self._end()
            raise

    def run(self) -> None:
        """Keeps them serving until a signal that is heeded, then drains them; so does whatever it
        raises: a parent that is gone could neither watch them nor be told to end."""
        try:
            while not self._stopping:
                now = time.monotonic()
                for place in self._places:
                    if place.process is None and place.due <= now:
                        self._begin(place, self._settings.run_resume)
                waiting = [place.due for place in self._places if place.process is None]
                self._look(max(min(waiting) - now, 0.0) if waiting else None)
            self._manager.stopping()
        finally:
            self._end()

    def _tell_serving(self) -> None:
        self._manager.ready()
        log.info(
            "all_serving",
            host=self._settings.host,
            port=self.port,
            metrics=self.metrics_port,
            processes=len(self._places),
        )

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True
        os.write(self._wake, b".")

    def _begin(self, place: Place, resumes: bool, first: bool = False) -> None:
        """Starts a process, or counts it as lost where the system has no room for it; `first`: that
        is raised."""
        place.since, place.serving = time.monotonic(), False
        try:
            place.process, place.told = self._begun(place.number, resumes)
        except OSError as error:
            if first:
                why = f"process {place.number} cannot be started: {error.strerror}."
                raise SettingsInvalid("processes", why) from None
            place.losses += 1
            pause = _pause(place.losses + 1)  # what lacks room is not tried again at once
            place.due = place.since + pause
            log.warning(
                "process_not_started", number=place.number, error=error.errno, again_in=pause
            )
            return
        if not first:
            self._figures.restarts.inc()
        log.info("process_started", number=place.number, pid=place.process.pid)

    def _begun(self, number: int, resumes: bool) -> tuple[SpawnProcess, Connection]:
        """A process, and where it tells that it serves. Raises OSError."""
        metrics = self._settings.metrics_port
        update = {
            "processes": 1,
            "reuse_port": True,
            "port": self.port,
            "metrics_port": metrics and metrics + number,
            "run_resume": resumes,
        }
        settings = self._settings.model_copy(update=update)
        ours, theirs = self._spawn.Pipe(duplex=False)
        arguments = (settings, number, theirs)
        process = self._spawn.Process(target=_serve, args=arguments, name=f"serve-{number}")
        try:
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return process, ours

    def _look(self, seconds: float | None, first: bool = False) -> None:
        """Waits for what processes tell, for one that ends, for a signal; `first`: none may end."""
        alive = {place.process.sentinel: place for place in self._places if place.process}
        telling = {place.told: place for place in self._places if place.told}
        ready = wait([self._woken, *telling, *alive], seconds)
        for one in ready:
            if one in telling:
                self._hear(telling[one], first)
        for one in ready:
            if one in alive and not self._stopping:
                self._lose(alive[one], first)
        self._figures.serving.set(sum(place.serving for place in self._places))

    def _hear(self, place: Place, first: bool) -> None:
        assert place.told is not None
        try:
            said: object = place.told.recv()
        except (EOFError, OSError):
            said = None
        place.told.close()
        place.told = None
        if isinstance(said, BillcoreError) and first:
            raise said
        place.serving = said is True

    def _lose(self, place: Place, first: bool) -> None:
        assert place.process is not None
        place.process.join()
        status = place.process.exitcode
        if place.told is not None:
            self._hear(place, first)
        place.process, place.serving = None, False
        now = time.monotonic()
        place.losses = 1 if now - place.since >= STEADY_SECONDS else place.losses + 1
        pause = _pause(place.losses)
        place.due = now + pause
        log.warning("process_lost", number=place.number, status=status, again_in=pause)
        if first:
            raise SettingsInvalid("processes", f"process {place.number} ended with {status}.")

    def _end(self) -> None:
        """Has all drain at a time, and returns when they have ended."""
        running = [place.process for place in self._places if place.process is not None]
        for process in running:
            process.terminate()
        for process in running:
            process.join()
            if process.exitcode not in (0, -signal.SIGTERM):
                log.warning("process_ended", name=process.name, status=process.exitcode)
        self._page.shutdown()
        self._page.server_close()
        self._held.close()
        log.info("all_stopped")


def _pause(losses: int) -> float:
    """Seconds until a process that was lost so many times is started again."""
    return min(2.0 ** min(losses - 2, 9), PAUSE_SECONDS_MAX) if losses > 1 else 0.0


# -- in a process


def _serve(settings: Settings, number: int, told: Connection) -> None:
    from billcore.server import serving  # gRPC is slow to import, and not for the parent

    telemetry.start_logs(settings.log_level, number)
    Thread(target=_leave_with_parent, name="parent", daemon=True).start()
    try:
        serving.serve(settings, lambda: told.send(True))
    except BillcoreError as error:
        told.send(error)
        sys.exit(REFUSED)


def _leave_with_parent() -> None:
    """A process whose parent was killed drains: nobody would start it again, or end it."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
