"""One who loads: a source opened on a store, its chunks done each in a transaction, or tried."""

from collections.abc import Callable

from billcore.core.caller import Caller
from billcore.core.loading.kinds import kind_of
from billcore.core.loading.loads import (
    Chunk,
    Done,
    Source,
    State,
    load_chunk,
    open_load,
    try_chunk,
)
from billcore.core.store.port import Store


class Loader:
    """A load being done. dry_run: nothing is kept, each chunk is tried against the store as it is.

    state: how far the load was when it was opened; clock: microseconds since 1970 in UTC. Raises
    as `open_load`.
    """

    def __init__(
        self,
        store: Store,
        caller: Caller,
        clock: Callable[[], int],
        source: Source,
        dry_run: bool = False,
    ) -> None:
        self._store = store
        self._caller = caller
        self._clock = clock
        self._dry_run = dry_run
        self._next_row = 1
        self.state = self._trial(source) if dry_run else self._opened(source)

    def load(self, chunk: Chunk) -> Done:
        """Does a chunk. Raises as `load_chunk`."""
        if self._dry_run:
            done = try_chunk(
                self._store, self._caller, self.state.kind, chunk, self._next_row, self._clock()
            )
            self._next_row += done.row_count
            return done
        with self._store.write() as session:
            return load_chunk(session, self._caller, self.state.load_id, chunk, self._clock())

    def _opened(self, source: Source) -> State:
        with self._store.write() as session:
            return open_load(session, self._caller, source, self._clock())

    def _trial(self, source: Source) -> State:
        kind = kind_of(source.kind).word
        return State(0, kind, source.name, 0, 1, 1, accepted=0, complete=False)
