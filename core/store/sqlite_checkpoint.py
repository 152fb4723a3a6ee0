"""Moves the write-ahead log into the database, off the path of commits.

The first pass runs beside writers and does the work; the second, with the writers' lock, has only
what was committed meanwhile, so that the log is whole in the database and begins again at its
start. A reader of an old snapshot delays that until a later commit asks again.
"""

import threading
from contextlib import suppress

import apsw

from billcore.core.store.sqlite_files import PAGE_BYTES

LOG_BYTES = 64 << 20
"""A commit that leaves a longer log asks for a checkpoint."""


class Checkpointer:
    """A thread with a connection of its own, from its making until `close`."""

    def __init__(self, connection: apsw.Connection, writing: threading.Lock) -> None:
        self._connection = connection
        self._writing = writing
        self._asked = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="billcore-checkpoint", daemon=True)
        self._thread.start()

    def committed(self, _: apsw.Connection, __: str, pages: int) -> int:
        """The writer's hook: `pages` is the log's length now."""
        if pages * PAGE_BYTES > LOG_BYTES:
            self._asked.set()
        return apsw.SQLITE_OK

    def close(self) -> None:
        """Ends the thread and its connection."""
        self._closing = True
        self._asked.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while self._asked.wait() and not self._closing:
            self._asked.clear()
            self._checkpoint()
            with self._writing:
                self._checkpoint()

    def _checkpoint(self) -> None:
        with suppress(apsw.Error):  # a full disk, a reader in the way: a later commit asks again
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
