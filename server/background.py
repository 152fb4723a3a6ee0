"""What a server does every second beside its calls: numbers events, takes in others' tariffs.

Goals: a failure of one round is logged and the next round tries again; the end of the server waits
for a last round. Non-goals: work that takes long.
"""

from collections.abc import Callable, Mapping
from threading import Event, Thread

import structlog

from billcore.core.errors import BillcoreError
from billcore.core.events import sequencer
from billcore.core.store import events
from billcore.core.store.port import Store
from billcore.server.telemetry import Metrics

SECONDS = 1.0
"""From the end of a round to the next."""

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
