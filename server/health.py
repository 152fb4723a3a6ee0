"""What `grpc.health.v1` answers: whether this server may be sent calls, and whether it lives.

Goals: `""` and every service are the readiness: NOT_SERVING until the ports are open, while the
store cannot be reached, and from the first moment of a drain; `liveness` says SERVING as long as
the process answers at all, so that nobody restarts a server because its database is away. A look at
the store may block for as long as the network pleases: what counts is when the last one came back,
and another thread than the one that looks judges that.
"""

import time
from collections.abc import Callable, Sequence
from threading import Lock

import structlog
from grpc_health.v1 import health_pb2

from billcore.core.errors import BillcoreError
from billcore.core.store.port import ReadStore
from billcore.server.keyless import HealthServicer

LIVENESS = "liveness"
"""The name that is asked for whether the process lives."""

AWAY_SECONDS = 5.0
"""A store that could not be reached for so long makes the server not ready."""

NO_ANSWER = "NO_ANSWER"
"""Why a store is away that refused nothing: a look at it has not come back."""

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING

log = structlog.get_logger()


class Health:
    """The states of a server's services. clock: seconds that never go back."""

    def __init__(
        self, store: ReadStore | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.servicer = HealthServicer()
        self._store = store
        self._clock = clock
        self._lock = Lock()
        self._services: Sequence[str] = ("",)
        self._reached = clock()
        self._reason = NO_ANSWER
        self._ready = self._leaving = False
        self.servicer.set("", NOT_SERVING)
        self.servicer.set(LIVENESS, SERVING)

    def open(self, services: Sequence[str]) -> None:
        """The ports are open: from now on these, and the whole server, are ready."""
        with self._lock:
            self._services = ("", *services)
            self._reached = self._clock()  # tariffs were read
            self._tell(True)

    def leave(self) -> None:
        """The server drains: it is ready no more, and lives. Watches are told, and end."""
        with self._lock:
            self._tell(False)
            self._leaving = True
        self.servicer.leave()

    def look(self) -> None:
        """Asks the store whether it is there, which may block; to be called every second or so."""
        if self._store is None:
            return
        try:
            with self._store.read() as reader:
                reader.row("SELECT 1")
        except BillcoreError as error:
            self._reason = error.reason
        else:
            self._reached, self._reason = self._clock(), NO_ANSWER
        self.judge()

    def judge(self) -> None:
        """Ready or not, by when the store was reached last; to be called every second or so, of
        another thread than `look`."""
        if self._store is None:
            return
        with self._lock:
            seconds = self._clock() - self._reached
            away = seconds >= AWAY_SECONDS
            if self._leaving or away != self._ready:
                return
            if away:
                log.warning("store_away", seconds=round(seconds, 1), reason=self._reason)
            else:
                log.info("store_back")
            self._tell(not away)

    def _tell(self, ready: bool) -> None:
        if not self._leaving:
            self._ready = ready
            for name in self._services:
                self.servicer.set(name, SERVING if ready else NOT_SERVING)
