"""Tells of clients' keys that end soon, or have ended: figures, and a line of the log for each."""

from collections.abc import Callable, Iterator

from billcore.core import clients
from billcore.core.caller import HOUSE
from billcore.core.clients import Client
from billcore.core.durations import DAY, SECOND
from billcore.core.store.port import Reader, Store
from billcore.server.background import LOOK_AGAIN, log
from billcore.server.telemetry import Metrics
from billcore.server.times import rfc3339

PAGE = 1_000
"""So many clients are read at a time."""


class ExpiringKeys:
    """Looks at the clients of all providers every LOOK_AGAIN seconds.

    days: so many days before its end a key is told of; once by each process that runs.
    """

    def __init__(self, store: Store, now: Callable[[], int], metrics: Metrics, days: int) -> None:
        self._store = store
        self._now = now
        self._metrics = metrics
        self._days = days
        self._looked = 0
        self._told: set[tuple[int, int]] = set()

    def look(self) -> None:
        """Where it is time."""
        at = self._now()
        if at - self._looked < LOOK_AGAIN * SECOND:
            return
        with self._store.read() as reader:
            found = list(_ending(reader, at + self._days * DAY))
        expired = sum(one.has_expired(at) for one in found)
        self._metrics.keys_ending.set(len(found) - expired)
        self._metrics.keys_expired.set(expired)
        for one in found:
            if (one.client_id, one.expires_at) not in self._told:
                self._told.add((one.client_id, one.expires_at))
                log.warning("client_key_ends", of=one.client_id, at=rfc3339(one.expires_at))
        self._looked = at


def _ending(reader: Reader, before: int) -> Iterator[Client]:
    """Every enabled client whose keys end before a moment, or have ended."""
    last = 0
    while page := clients.listed(reader, HOUSE, last, PAGE, before):
        yield from page
        last = page[-1].client_id
