"""The consumers that follow events now, and how far each was told: kept while they are connected.

Non-goals: where consumers that are not connected are; they keep their positions themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from billcore.core.store import events
from billcore.core.store.port import Reader


@dataclass(slots=True)
class Follower:
    """A stream. after: it was told everything that it wants up to this number."""

    provider_id: int
    after: int


class Followers:
    """Safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._every: list[Follower] = []

    @contextmanager
    def follow(self, provider_id: int, after: int) -> Iterator[Follower]:
        """A stream that follows the events of a provider behind a number."""
        one = Follower(provider_id, after)
        with self._lock:
            self._every.append(one)
        try:
            yield one
        finally:
            with self._lock:
                self._every = [other for other in self._every if other is not one]

    def behind(self, reader: Reader) -> int:
        """How many numbered events the stream that is furthest behind was not told; 0: none is."""
        with self._lock:
            every = [(one.provider_id, one.after) for one in self._every]
        lasts = {
            provider_id: events.last_number(reader, provider_id, events.EVENT)
            for provider_id in {provider_id for provider_id, _ in every}
        }
        return max((lasts[provider_id] - after for provider_id, after in every), default=0)
