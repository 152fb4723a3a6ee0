"""How often something may be done: so many times at once, then one each time that one is over.

A bucket of the generic cell rate algorithm (ITU-T I.371) for every key: one integer, the time at
which it is empty again. Goals: what is refused takes nothing; whoever waits as told is let through.
Kept in this process: a restart forgets, several servers let through as many times as much.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from threading import Lock
from typing import NamedTuple

from billcore.core.durations import SECOND

KEYS_MAX = 200_000
"""So many keys are remembered, those that were used last."""


class Limit(NamedTuple):
    """`calls` at once, and as many again in `seconds`."""

    calls: int
    seconds: int

    @property
    def window(self) -> int:
        """In microseconds."""
        return self.seconds * SECOND

    def cost(self, calls: int) -> int:
        """What calls take of the window."""
        return -(-self.window * calls // self.calls)


class Wait(NamedTuple):
    """What is exhausted, and for how many seconds it is."""

    key: Hashable
    seconds: int


class Throttle:
    """Buckets by key. Safe for threads."""

    def __init__(self, keys_max: int = KEYS_MAX) -> None:
        self._keys_max = keys_max
        self._empty_at: OrderedDict[Hashable, int] = OrderedDict()
        self._lock = Lock()

    def take(self, wanted: Mapping[Hashable, Limit], now: int, calls: int = 1) -> Wait | None:
        """Takes calls from each of these buckets; if one has too few, from none: the longest wait.

        now: microseconds since 1970.
        """
        with self._lock:
            empty = {key: max(self._empty_at.get(key, 0), now) for key in wanted}
            filled = {key: at + wanted[key].cost(calls) for key, at in empty.items()}
            over = {key: at - now - wanted[key].window for key, at in filled.items()}
            key = max(over, key=over.__getitem__)
            if over[key] > 0:
                return Wait(key, -(-over[key] // SECOND))
            self._keep(filled)
        return None

    def charge(self, wanted: Mapping[Hashable, Limit], now: int, calls: int) -> None:
        """Takes calls from each of these buckets, more than it has if need be."""
        with self._lock:
            empty = {key: max(self._empty_at.get(key, 0), now) for key in wanted}
            self._keep({key: at + wanted[key].cost(calls) for key, at in empty.items()})

    def _keep(self, filled: Mapping[Hashable, int]) -> None:
        for key, at in filled.items():
            self._empty_at[key] = at
            self._empty_at.move_to_end(key)
        while len(self._empty_at) > self._keys_max:
            self._empty_at.popitem(last=False)
