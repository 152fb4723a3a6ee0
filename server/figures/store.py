"""Figures of the store, of events on their way, and of what a server does beside its calls."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from billcore.server.figures.base import SECONDS, Figures


class StoreFigures(Figures):
    """Transactions, and the room that there is."""

    def __init__(self) -> None:
        super().__init__()
        self.__transactions = self._histogram(
            "billcore_store_transaction_seconds", "Transactions of the store.", SECONDS, "kind"
        )
        self.__commits = self._histogram(
            "billcore_store_commit_seconds",
            "Commits of the store: the end of each write that was kept.",
            SECONDS,
        )
        self.__store_failures = self._counter(
            "billcore_store_failures", "Transactions that the store failed.", "reason"
        )
        self.__bytes = self._gauge("billcore_store_bytes", "Size of the store.", "part")
        self.__free = self._gauge(
            "billcore_store_free_bytes", "Free room where the store is.", "place"
        )

    def transaction_ended(self, kind: str, seconds: float) -> None:
        """A transaction of the store; kind: read or write."""
        self.__transactions.labels(kind).observe(seconds)

    def committed(self, seconds: float) -> None:
        """A write was kept; how long its commit took."""
        self.__commits.observe(seconds)

    def store_failed(self, reason: str) -> None:
        """A transaction that the store could not do; reason: of its error."""
        self.__store_failures.labels(reason).inc()

    def store_measured(self, parts: Mapping[str, int], free: Mapping[str, int]) -> None:
        """Bytes of each part of the store; free bytes of each place that can be looked at."""
        for part, size in parts.items():
            self.__bytes.labels(part).set(size)
        for place, size in free.items():
            self.__free.labels(place).set(size)


class EventFigures(Figures):
    """Events from their write to those who follow them."""

    def __init__(self) -> None:
        super().__init__()
        self.pending = self._gauge("billcore_events_pending", "Rows without a number.")
        self.lag = self._gauge("billcore_sequencer_lag_seconds", "Age of the oldest of them.")
        self.streams_behind = self._gauge(
            "billcore_event_stream_behind",
            "Numbered events that the StreamEvents stream furthest behind has not been sent.",
        )


class BackgroundFigures(Figures):
    """Rounds of what a server does by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.__tasks = self._histogram(
            "billcore_background_seconds",
            "Duration of rounds of background tasks.",
            SECONDS,
            "task",
        )
        self.__task_failures = self._counter(
            "billcore_background_failures", "Rounds of background tasks that failed.", "task"
        )

    def task(self, name: str) -> AbstractContextManager[object]:
        """A block that is a round of a task."""
        return self.__tasks.labels(name).time()

    def task_failed(self, name: str) -> None:
        """A round of a task, or what of it is of one provider."""
        self.__task_failures.labels(name).inc()
