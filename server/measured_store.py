"""A store whose transactions are counted, timed and traced."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from billcore.core.errors import BillcoreError
from billcore.core.store import errors
from billcore.core.store.port import Reader, Session, Store
from billcore.server.telemetry import Metrics
from billcore.server.tracing import Traces

T = TypeVar("T")


class MeasuredStore:
    """The same store; what becomes of its transactions goes to the figures."""

    def __init__(self, store: Store, metrics: Metrics, traces: Traces) -> None:
        self.url, self.shared = store.url, store.shared
        self._store = store
        self._metrics = metrics
        self._traces = traces

    def write(self) -> AbstractContextManager[Session]:
        """See Store."""
        return self._measured("write", self._store.write)

    def read(self) -> AbstractContextManager[Reader]:
        """See Store."""
        return self._measured("read", self._store.read)

    def close(self) -> None:
        """See Store."""
        self._store.close()

    @contextmanager
    def _measured(self, kind: str, begin: Callable[[], AbstractContextManager[T]]) -> Iterator[T]:
        started = time.perf_counter()
        try:
            with self._traces.part(f"store.{kind}"), begin() as transaction:
                yield transaction
                committing = time.perf_counter()
            if kind == "write":
                self._metrics.committed(time.perf_counter() - committing)
        except BillcoreError as error:
            # What the rules refuse inside a transaction is no fault of the store.
            if type(error).__module__ == errors.__name__:
                self._metrics.store_failed(error.reason)
            raise
        finally:
            self._metrics.transaction_ended(kind, time.perf_counter() - started)
