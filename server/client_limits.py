"""How much one client may do: calls a second with a burst, and calls at a time, streams included.

Goals: a client that runs wild is told to wait before it costs more than that, and the others go on;
a call that is let through costs microseconds. Kept in this process, as every throttle: several
servers let through as many times as much. Non-goals: who has no key; sizes (`message_bytes_max`).
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from billcore.server.backend import CALLER
from billcore.server.interceptors import Call
from billcore.server.refusals import ClientCallsExhausted, ClientCallsOpen
from billcore.server.settings import Settings
from billcore.server.throttle import Limit, Throttle


class ClientLimits:
    """The calls of every client of this process; 0 of a setting: no limit. Safe for threads."""

    def __init__(self, settings: Settings) -> None:
        seconds = settings.client_burst_seconds
        self._rate = Limit(settings.client_calls_per_second * seconds, seconds)
        self._most = settings.client_calls_max
        self._throttle = Throttle()
        self._open: defaultdict[int, int] = defaultdict(int)
        self._lock = Lock()

    @contextmanager
    def surround(self, call: Call) -> Iterator[None]:
        """A call of CALLER. Raises ClientCallsExhausted, ClientCallsOpen."""
        client_id = CALLER.get().client_id
        if not client_id:  # a server without a store knows no clients
            yield
            return
        self._take(client_id)
        if not self._most:
            yield
            return
        self._enter(client_id)
        try:
            yield
        finally:
            self._leave(client_id)

    def _take(self, client_id: int) -> None:
        if not self._rate.calls:
            return
        wait = self._throttle.take({client_id: self._rate}, time.monotonic_ns() // 1_000)
        if wait is not None:
            per_second = self._rate.calls // self._rate.seconds
            raise ClientCallsExhausted(client_id, per_second, wait.seconds)

    def _enter(self, client_id: int) -> None:
        with self._lock:
            if self._open[client_id] >= self._most:
                raise ClientCallsOpen(client_id, self._most)
            self._open[client_id] += 1

    def _leave(self, client_id: int) -> None:
        with self._lock:
            self._open[client_id] -= 1
            if not self._open[client_id]:
                del self._open[client_id]
