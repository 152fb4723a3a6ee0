"""The keeper: drives what was begun of runs, in threads of its own beside the calls.

Goals: one run of a provider at a time, in the order in which they were handed over; what stops a
run is logged and told until the run goes on; the end of the server waits for the chunks under way
and begins no others. Non-goals: what a chunk is (`core/billing/runs`), runs of other servers: on a
shared store several may drive one run, each chunk is done by one of them.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Lock

import structlog

from billcore.core.billing.runs import beginnings
from billcore.core.billing.runs.chunk import Task
from billcore.core.billing.runs.drive import Driver, drive
from billcore.core.billing.runs.errors import RunFinished
from billcore.core.errors import BillcoreError
from billcore.core.ids import PROVIDERS_MAX
from billcore.core.store import providers
from billcore.core.store.port import Store
from billcore.core.store.runs import Done
from billcore.server import clock, workers
from billcore.server.telemetry import Metrics

TOGETHER_MAX = 4
"""A server drives the runs of so many providers at a time, each with workers of its own."""

FAULTS_MAX = 1_000
"""The newest faults that are remembered, one a run."""

INTERNAL = "INTERNAL"

log = structlog.get_logger()

Key = tuple[int, int]
"""A provider and its run."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why the driving of a run stopped; at: microseconds since 1970 in UTC."""

    reason: str
    message: str
    at: int


@dataclass(frozen=True, slots=True)
class Driving:
    """What this server does about a run: whether it drives it, or will; why it stopped."""

    driven: bool
    fault: Fault | None = None


class Keeper:
    """url: of the store, as workers open it; count: worker processes of a run, 0: its thread."""

    def __init__(
        self,
        store: Store,
        url: str,
        count: int,
        metrics: Metrics,
        now: Callable[[], int] = clock.now,
    ) -> None:
        self._store, self._url, self._now = store, url, now
        self._pool, self._count = workers.pool(count), max(count, 1)
        self._metrics = metrics
        self._stop = Event()
        self._lock = Lock()
        self._lines: dict[int, deque[int]] = {}
        self._driven: set[Key] = set()
        self._faults: OrderedDict[Key, Fault] = OrderedDict()
        self._threads = ThreadPoolExecutor(TOGETHER_MAX, thread_name_prefix="run")

    def take(self, provider_id: int, run_id: int) -> None:
        """Has what was begun of a run driven, behind the provider's runs that are handed over."""
        with self._lock:
            if self._stop.is_set():
                return
            line = self._lines.get(provider_id)
            if line is None:
                self._lines[provider_id] = deque([run_id])
                self._threads.submit(self._drive_all, provider_id)
            elif run_id not in line:
                line.append(run_id)
            self._measure()

    def take_unfinished(self) -> None:
        """Has everything driven that was begun and is not done, of every provider."""
        with self._store.read() as reader:
            every = providers.providers(reader, 0, PROVIDERS_MAX, PROVIDERS_MAX)
            numbers = [one.provider_id for one in every]
            found = [(one, run) for one in numbers for run in beginnings.under_way(reader, one)]
        for key in found:
            self.take(*key)
        if found:
            log.info("runs_resumed", runs=len(found))

    def driving(self, provider_id: int, run_id: int) -> Driving:
        """What this server does about a run."""
        key = provider_id, run_id
        with self._lock:
            waits = run_id in self._lines.get(provider_id, ())
            return Driving(waits or key in self._driven, self._faults.get(key))

    def leave(self) -> None:
        """From now on no chunk is begun."""
        with self._lock:
            self._stop.set()

    def stop(self) -> None:
        """As `leave`; returns when the chunks under way have ended."""
        self.leave()
        self._threads.shutdown()

    # -- in a thread of the keeper

    def _drive_all(self, provider_id: int) -> None:
        while (run_id := self._next(provider_id)) is not None:
            fault: Fault | None = None
            try:
                fault = self._drive(provider_id, run_id)
            finally:
                self._end((provider_id, run_id), fault)

    def _next(self, provider_id: int) -> int | None:
        """The provider's next run; None: there is none, and the thread is free."""
        with self._lock:
            line = self._lines[provider_id]
            if self._stop.is_set() or not line:
                del self._lines[provider_id]
                self._measure()
                return None
            run_id = line.popleft()
            self._driven.add((provider_id, run_id))
            self._measure()
            return run_id

    def _end(self, key: Key, fault: Fault | None) -> None:
        with self._lock:
            self._driven.discard(key)
            self._faults.pop(key, None)
            if fault is not None:
                self._faults[key] = fault
                if len(self._faults) > FAULTS_MAX:
                    self._faults.popitem(last=False)
            self._measure()

    def _drive(self, provider_id: int, run_id: int) -> Fault | None:
        """Drives a run as far as it goes; why it did not go on."""
        told = log.bind(provider=provider_id, run=run_id)
        driver = Driver(
            self._store, self._url, self._now, self._stop, self._pool, self._count, self._told
        )
        try:
            state = drive(driver, provider_id, run_id)
        except RunFinished:
            return None
        except BillcoreError as error:
            told.warning("run_failed", reason=error.reason, error=error.message)
            return Fault(error.reason, error.message, self._now())
        except Exception:
            told.exception("run_broken")
            return Fault(INTERNAL, "A fault of ours: see the server's log.", self._now())
        if state is None:
            told.info("run_interrupted")
        else:
            told.info("run_driven", state=state.name.lower())
        return None

    def _told(self, task: Task, done: Done) -> None:
        self._metrics.run_chunk_done(task.phase.name.lower(), done.bills, done.micros / 1_000_000)

    # -- the caller holds the lock

    def _measure(self) -> None:
        self._metrics.runs_driven.set(len(self._driven))
        self._metrics.runs_waiting.set(sum(map(len, self._lines.values())))
