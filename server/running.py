"""The keeper: drives what was begun of runs, in threads of its own beside the calls.

Goals: one run of a provider at a time, in the order in which they were handed over; what stops a
run is logged and told until the run goes on; the end of the server waits for the chunks under way
and begins no others. Non-goals: what a chunk is (`core/billing/runs`), runs of other servers: on a
shared store several may drive one run, each chunk is done by one of them.
"""

from collections import OrderedDict
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
from billcore.server import clock
from billcore.server.executors import Executors
from billcore.server.telemetry import Metrics
from billcore.server.tracing import Traces

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
    """url: of the store, as workers open it."""

    def __init__(
        self,
        store: Store,
        url: str,
        executors: Executors,
        metrics: Metrics,
        traces: Traces,
        now: Callable[[], int] = clock.now,
    ) -> None:
        self._store, self._url, self._now = store, url, now
        self.executors = executors
        self._metrics = metrics
        self._traces = traces
        self._stop = Event()
        self._lock = Lock()
        self._lines: dict[int, OrderedDict[int, str]] = {}
        self._driven: set[Key] = set()
        self._faults: OrderedDict[Key, Fault] = OrderedDict()
        self._threads = ThreadPoolExecutor(TOGETHER_MAX, thread_name_prefix="run")

    def take(self, provider_id: int, run_id: int, executor: str) -> None:
        """Has what was begun of a run driven, behind the provider's runs that are handed over.

        executor: one of `executors.allowed`.
        """
        with self._lock:
            if self._stop.is_set():
                return
            line = self._lines.get(provider_id)
            if line is None:
                self._lines[provider_id] = OrderedDict({run_id: executor})
                self._threads.submit(self._drive_all, provider_id)
            else:
                line[run_id] = executor
            self._measure()

    def take_unfinished(self) -> None:
        """Has everything driven that was begun and is not done, of every provider."""
        with self._store.read() as reader:
            every = providers.providers(reader, 0, PROVIDERS_MAX, PROVIDERS_MAX)
            numbers = [one.provider_id for one in every]
            found = [(one, run) for one in numbers for run in beginnings.under_way(reader, one)]
        for key in found:
            self.take(*key, self.executors.configured)
        if found:
            log.info("runs_resumed", runs=len(found))

    def driving(self, provider_id: int, run_id: int) -> Driving:
        """What this server does about a run."""
        key = provider_id, run_id
        with self._lock:
            waits = run_id in self._lines.get(provider_id, ())
            return Driving(waits or key in self._driven, self._faults.get(key))

    def driven(self) -> list[Key]:
        """The runs that are driven here now."""
        with self._lock:
            return sorted(self._driven)

    def forget_ended(self) -> None:
        """Of runs that another server brought further to their end, or somebody cancelled, nobody
        has to be told any more why they stopped."""
        with self._lock:
            told = set(self._faults)
        if not told:
            return
        with self._store.read() as reader:
            numbers = {provider_id for provider_id, _ in told}
            going = {(one, run) for one in numbers for run in beginnings.under_way(reader, one)}
        with self._lock:
            for key in told - going:
                self._faults.pop(key, None)
            self._measure()

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
        while (found := self._next(provider_id)) is not None:
            run_id, executor = found
            fault: Fault | None = None
            try:
                fault = self._drive(provider_id, run_id, executor)
            finally:
                self._end((provider_id, run_id), fault)

    def _next(self, provider_id: int) -> tuple[int, str] | None:
        """The provider's next run and its executor; None: there is none, and the thread is free."""
        with self._lock:
            line = self._lines[provider_id]
            if self._stop.is_set() or not line:
                del self._lines[provider_id]
                self._measure()
                return None
            run_id, executor = line.popitem(last=False)
            self._driven.add((provider_id, run_id))
            self._measure()
            return run_id, executor

    def _end(self, key: Key, fault: Fault | None) -> None:
        with self._lock:
            self._driven.discard(key)
            self._faults.pop(key, None)
            if fault is not None:
                self._metrics.run_stopped(fault.reason)
                self._faults[key] = fault
                if len(self._faults) > FAULTS_MAX:
                    self._faults.popitem(last=False)
            self._measure()

    def _drive(self, provider_id: int, run_id: int, executor: str) -> Fault | None:
        """Drives a run as far as it goes; why it did not go on. Every event has its ids."""
        run = {"provider": provider_id, "run": run_id}
        with (
            structlog.contextvars.bound_contextvars(**run, executor=executor),
            self._traces.work(
                "run", {f"billcore.{name}": value for name, value in run.items()}
            ) as span,
        ):
            fault = self._driven_on(provider_id, run_id, executor)
            span.told({}, fault.reason if fault else "")
            return fault

    def _driven_on(self, provider_id: int, run_id: int, executor: str) -> Fault | None:
        try:
            crew = self.executors.crew(executor)
            driver = Driver(
                self._store, self._url, self._now, self._stop, crew.pool, crew.workers, self._told
            )
            state = drive(driver, provider_id, run_id)
        except RunFinished:
            return None
        except BillcoreError as error:
            log.warning("run_failed", reason=error.reason, error=error.message)
            return Fault(error.reason, error.message, self._now())
        except Exception:
            log.exception("run_broken")
            return Fault(INTERNAL, "A fault of ours: see the server's log.", self._now())
        if state is None:
            log.info("run_interrupted")
        else:
            log.info("run_driven", state=state.name.lower())
        return None

    def _told(self, task: Task, done: Done) -> None:
        phase = task.phase.name.lower()
        self._metrics.run_chunk_done(phase, done.bills, done.micros / 1_000_000)
        facts = {"pass": task.pass_no, "chunk": task.chunk, "bills": done.bills, "held": done.held,
                 "refused": done.refused}  # fmt: skip
        spelled = {f"billcore.{name}": value for name, value in facts.items()}
        self._traces.done(f"run.{phase}", done.micros, spelled)
        log.debug("run_chunk_done", phase=phase, **facts)

    # -- the caller holds the lock

    def _measure(self) -> None:
        self._metrics.runs_driven.set(len(self._driven))
        self._metrics.runs_waiting.set(sum(map(len, self._lines.values())))
        self._metrics.runs_stopped.set(len(self._faults))
