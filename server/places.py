"""Places of payments, remembered for a moment: every payment needs one, and they hardly change."""

import time
from collections.abc import Callable

from billcore.core.caller import Caller
from billcore.core.payments.intake.place import Place, fetch_place, place
from billcore.core.store.port import Store

SECONDS = 1.0
"""So long a channel that was disabled may still be used by a process."""

PLACES_MAX = 10_000
"""So many places are remembered; then all are forgotten."""


class Places:
    """Safe for threads: two that ask at once both look."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[tuple[int, str, str, str, str | None], tuple[float, Place]] = {}

    def get(self, caller: Caller, channel: str, terminal: str = "") -> Place:
        """Where a caller's payments come in; raises as `place`."""
        return self._found(caller, channel, terminal)

    def fetching(self, caller: Caller, channel: str) -> Place:
        """Where a caller asks what there is to pay; raises as `fetch_place`."""
        return self._found(caller, channel, None)

    def _found(self, caller: Caller, channel: str, terminal: str | None) -> Place:
        key = caller.provider_id, caller.channel, caller.terminal, channel, terminal
        now = self._clock()
        known = self._known.get(key)
        if known is not None and known[0] > now:
            return known[1]
        with self._store.read() as reader:
            if terminal is None:
                found = fetch_place(reader, caller, channel)
            else:
                found = place(reader, caller, channel, terminal)
        if len(self._known) >= PLACES_MAX:
            self._known.clear()
        self._known[key] = now + SECONDS, found
        return found
