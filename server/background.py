"""What a server does beside its calls: every second it numbers events and takes in others' tariffs;
in a thread beside that it writes the reminders of automatic payment, and sweeps correction cases.

Goals: a failure of one round is logged and the next round tries again; the end of the server waits
for a last round. Non-goals: work that takes long.
"""

from collections.abc import Callable, Mapping
from threading import Event, Thread

import structlog

from billcore.core.caller import Caller
from billcore.core.cases import sweeping
from billcore.core.cases.states import ENDED, CaseState
from billcore.core.durations import SECOND
from billcore.core.errors import BillcoreError
from billcore.core.events import sequencer
from billcore.core.metering.provider import metering_provider
from billcore.core.payments.autopay.reminders import remind_all
from billcore.core.reconciliation import missing
from billcore.core.reconciliation.totals import open_in_all
from billcore.core.store import autopay, cases, events, recon
from billcore.core.store.port import Reader, Store
from billcore.server.telemetry import Metrics

LOOK_AGAIN = 600
"""So many seconds after providers were looked at for reminders to write, for reports that lack, for
money of cases, they are looked at again."""


log = structlog.get_logger()

Task = Callable[[], object]


class Background:
    """A thread that does its tasks in rounds until `stop`."""

    def __init__(self, tasks: Mapping[str, Task], seconds: float, metrics: Metrics) -> None:
        self._tasks = dict(tasks)
        self._metrics = metrics
        self._seconds = seconds
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="background", daemon=True)

    def start(self) -> None:
        """Begins with a round at once."""
        self._thread.start()

    def stop(self, seconds: float | None = None) -> bool:
        """Does a last round and returns when it has ended, or the seconds are over; whether it
        has ended. One that has not goes on until the process ends."""
        self._stopped.set()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            last = self._stopped.is_set()
            for name, task in self._tasks.items():
                with self._metrics.task(name):
                    tried(self._metrics, name, task)
            if last:
                return
            self._stopped.wait(self._seconds)


def tried(metrics: Metrics, name: str, task: Task, **where: object) -> None:
    """Does a task, or what of it is of one provider; what it raises is logged, counted and goes no
    further, so that the next one is done."""
    try:
        task()
    except BillcoreError as error:
        log.warning("background_refused", task=name, reason=error.reason, **where)
        metrics.task_failed(name)
    except Exception:
        log.exception("background_failed", task=name, **where)
        metrics.task_failed(name)


class Sequencer:
    """Numbers the events of every provider; tells the figures what is left."""

    def __init__(self, store: Store, now: Callable[[], int], metrics: Metrics) -> None:
        self._store = store
        self._now = now
        self._metrics = metrics

    def number_all(self) -> None:
        """Until nothing that was committed when it began has no number."""
        with self._store.read() as reader:
            waiting = events.pending_providers(reader)
        for provider_id in waiting:
            while self._number_some(provider_id):
                pass
        self._measure()

    def _number_some(self, provider_id: int) -> bool:
        """Whether there may be more: this batch was full."""
        with self._store.write() as session:
            return sequencer.number(session, provider_id) >= sequencer.BATCH

    def _measure(self) -> None:
        with self._store.read() as reader:
            count, oldest = events.pending(reader)
        self._metrics.pending.set(count)
        self._metrics.lag.set(max(0, self._now() - oldest) / 1_000_000 if count else 0)


class Reconciled:
    """Tells of reports of channels that did not come, once each, and measures what is open.

    All providers are looked at again every LOOK_AGAIN seconds. Several servers may do it.
    """

    def __init__(self, store: Store, now: Callable[[], int], metrics: Metrics) -> None:
        self._store = store
        self._now = now
        self._metrics = metrics
        self._looked = 0

    def look(self) -> None:
        """Looks at every provider that reconciles, where it is time."""
        at = self._now()
        if at - self._looked < LOOK_AGAIN * SECOND:
            return
        with self._store.read() as reader:
            owners = recon.reconciled(reader)
        lacking = sum(len(missing.sweep(self._store, one, at)) for one in owners)
        with self._store.read() as reader:
            found = open_in_all(reader, owners, at)
        self._metrics.reconciled(found, lacking)
        self._looked = at


class Reminders:
    """Reminds of the bills of accounts that are paid automatically, each provider on its own day.

    A provider is looked at when its day begins, and again every LOOK_AGAIN seconds, for bills
    that were issued since. Several servers may do it: a bill is reminded of once.
    """

    def __init__(self, store: Store, now: Callable[[], int], leaving: Event) -> None:
        self._store = store
        self._now = now
        self._leaving = leaving
        self._looked: dict[int, tuple[int, int]] = {}

    def remind_due(self) -> None:
        """Until all providers were looked at, or the server leaves."""
        with self._store.read() as reader:
            days = {one: self._today(reader, one) for one in autopay.owners(reader)}
        for provider_id, today in days.items():
            day, at = self._looked.get(provider_id, (0, 0))
            if day == today and self._now() - at < LOOK_AGAIN * SECOND:
                continue
            if self._remind(provider_id, today):
                self._looked[provider_id] = today, self._now()

    def _remind(self, provider_id: int, today: int) -> bool:
        """Whether it came to the end."""
        written = 0
        for reminders in remind_all(self._store, provider_id, today, self._now()):
            written += reminders
            if self._leaving.is_set():
                return False
        if written:
            log.info("reminded", provider=provider_id, reminders=written)
        return True

    def _today(self, reader: Reader, provider_id: int) -> int:
        return metering_provider(reader, provider_id).today(self._now())


class Cases:
    """Warns of the clocks of correction cases; every LOOK_AGAIN seconds it looks again for money
    that may have arrived.

    Several servers may do it: a warning is written once.
    """

    def __init__(
        self, store: Store, now: Callable[[], int], metrics: Metrics, leaving: Event
    ) -> None:
        self._store = store
        self._now = now
        self._metrics = metrics
        self._leaving = leaving
        self._looked: dict[int, int] = {}

    def sweep_all(self) -> None:
        """Until the cases of all providers were looked at, or the server leaves."""
        with self._store.read() as reader:
            providers = cases.providers(reader)
        for provider_id in providers:
            if self._leaving.is_set():
                return
            caller = Caller(0, provider_id, frozenset(), "billcore")
            now = self._now()
            look = now - self._looked.get(provider_id, 0) >= LOOK_AGAIN * SECOND
            done = sweeping.sweep(self._store, caller, now, look)
            if look:
                self._looked[provider_id] = now
            self._metrics.cases_swept(done.warned, done.moved)
            if done.warned or done.moved:
                log.info("cases_swept", provider=provider_id, warned=done.warned, moved=done.moved)
        self._measure()

    def _measure(self) -> None:
        now = self._now()
        with self._store.read() as reader:
            found = cases.counts(reader, now)
        states = dict.fromkeys((state.name for state in CaseState), 0)
        states |= {CaseState(state).name: count for state, count, _, _ in found}
        open_ones = [row for row in found if CaseState(row[0]) not in ENDED]
        oldest = min((row[3] for row in open_ones), default=now)
        overdue = sum(row[2] for row in open_ones)
        self._metrics.cases_counted(states, overdue, max(0, now - oldest) / SECOND)
