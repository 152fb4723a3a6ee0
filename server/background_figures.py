"""What a server looks at by itself for its figures: nothing is asked of the store when the page is
read, so looking costs the same however often it is read."""

from collections.abc import Callable

from billcore.core.billing.runs.standing import progress_of, standing
from billcore.core.durations import SECOND
from billcore.core.reconciliation.totals import suspended_in_all
from billcore.core.store import vitals
from billcore.core.store.port import Store
from billcore.server.following import Followers
from billcore.server.running import Keeper
from billcore.server.telemetry import Metrics

PROGRESS_AGAIN = 5
"""So many seconds after runs that are driven were looked at they are looked at again."""

STANDING_AGAIN = 60
"""So many seconds after all runs and the store's room were looked at they are again."""

SUSPENDED_AGAIN = 600
"""And suspense, all of whose items are read."""


class Watch:
    """Looks at runs that are driven and at streams of events, often, and seldom at the rest."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], int],
        metrics: Metrics,
        keeper: Keeper,
        followers: Followers,
    ) -> None:
        self._store = store
        self._now = now
        self._metrics = metrics
        self._keeper = keeper
        self._followers = followers
        self._progressed = self._stood = self._suspended = 0

    def look_often(self) -> None:
        """How far driven runs are; how far consumers that are connected are behind."""
        at = self._now()
        with self._store.read() as reader:
            self._metrics.streams_behind.set(self._followers.behind(reader))
            if at - self._progressed < PROGRESS_AGAIN * SECOND:
                return
            self._progressed = at
            found = progress_of(reader, self._keeper.driven(), at)
        self._metrics.runs_progressed(found)

    def look_seldom(self) -> None:
        """How all runs stand, what is in suspense, how large the store is."""
        at = self._now()
        if at - self._stood < STANDING_AGAIN * SECOND:
            return
        self._keeper.forget_ended()
        with self._store.read() as reader:
            runs = standing(reader)
            room = vitals.room(reader, self._store.url)
        self._metrics.runs_counted(runs)
        self._metrics.store_measured(room.parts, room.free)
        self._stood = at
        if at - self._suspended >= SUSPENDED_AGAIN * SECOND:
            with self._store.read() as reader:
                suspended = suspended_in_all(reader, at)
            self._metrics.suspense_counted(suspended, at)
            self._suspended = at
