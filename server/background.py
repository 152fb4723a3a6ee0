"""What a server does beside its calls: every second it numbers events and takes in others' tariffs;
in a thread beside that it writes the reminders of automatic payment.

Goals: a failure of one round is logged and the next round tries again; the end of the server waits
for a last round. Non-goals: work that takes long.
"""

from collections.abc import Callable, Mapping
from threading import Event, Thread

import structlog

from billcore.core.errors import BillcoreError
from billcore.core.events import sequencer
from billcore.core.metering.provider import metering_provider
from billcore.core.payments.autopay.reminders import remind_all
from billcore.core.store import autopay, events
from billcore.core.store.port import Reader, Store
from billcore.server.telemetry import Metrics

SECONDS = 1.0
"""From the end of a round to the next."""

REMIND_AGAIN = 600
"""So many seconds after a provider was looked at for reminders it is looked at again."""

MICROSECONDS = 1_000_000

log = structlog.get_logger()

Task = Callable[[], object]


class Background:
    """A thread that does its tasks in rounds until `stop`."""

    def __init__(self, tasks: Mapping[str, Task], seconds: float = SECONDS) -> None:
        self._tasks = dict(tasks)
        self._seconds = seconds
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="background", daemon=True)

    def start(self) -> None:
        """Begins with a round at once."""
        self._thread.start()

    def stop(self) -> None:
        """Does a last round and returns when it has ended."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            last = self._stopped.is_set()
            for name, task in self._tasks.items():
                _tried(name, task)
            if last:
                return
            self._stopped.wait(self._seconds)


def _tried(name: str, task: Task) -> None:
    try:
        task()
    except BillcoreError as error:
        log.warning("background_refused", task=name, reason=error.reason)
    except Exception:
        log.exception("background_failed", task=name)


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


class Reminders:
    """Reminds of the bills of accounts that are paid automatically, each provider on its own day.

    A provider is looked at when its day begins, and again every REMIND_AGAIN seconds, for bills
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
            if day == today and self._now() - at < REMIND_AGAIN * MICROSECONDS:
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
