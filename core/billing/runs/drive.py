"""Driving a run: its chunks through an executor, and the phase ended when all are done.

Where any process writes, a worker does its chunk whole. Where one process owns the store, workers
prepare chunks from snapshots and the driving thread writes them. A worker that dies takes its chunk
with it, nothing else: the pool is made anew and the chunk done again.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from dataclasses import dataclass
from threading import Event, Lock

from billcore.core.billing.runs import chunk as chunks
from billcore.core.billing.runs.chunk import Clock, Prepared, Task
from billcore.core.billing.runs.runs import end, tasks
from billcore.core.billing.runs.states import Phase, State
from billcore.core.errors import BillcoreError
from billcore.core.store import runs as rows
from billcore.core.store.open import open_reader, open_store
from billcore.core.store.port import ReadStore, Store

TRIES = 5
"""So often in a row a chunk may fail for a reason that can pass, or the pool break."""

PAUSE_S = 0.1
"""Before a pool is made anew, once for each time that it broke in a row."""

LOOK_S = 1.0
"""So often, while chunks are under way, it is seen whether to stop and who is there to work."""

Pool = Callable[[], Executor]
"""Makes an executor; called again when the one before broke."""

Workers = Callable[[], int]
"""How many chunks the executor does at a time, now."""


def _one() -> int:
    return 1


Told = Callable[[Task, rows.Done], None]
"""Hears of each chunk that was done, when it is committed; in the driving thread."""


def _unheard(task: Task, done: rows.Done) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Driver:
    """What a run is driven with. pool None: in this thread.

    url: of the store, for workers. stop: set, it ends the driving after the chunks that are under
    way; what can be taken back from the pool is. told: hears of the chunks that this driving did.
    """

    store: Store
    url: str
    clock: Clock
    stop: Event
    pool: Pool | None = None
    workers: Workers = _one
    told: Told = _unheard


def drive(driver: Driver, provider_id: int, run_id: int) -> State | None:
    """Does what is left of the phase that has begun, and ends it; None: it was stopped.

    Raises RunFinished, RunStateUnfit (somebody cancelled it), and what the store raises.
    """
    with driver.store.read() as reader:
        todo = tasks(reader, provider_id, run_id)
    if driver.pool is None:
        for task in todo:
            if driver.stop.is_set():
                return None
            _heard(driver, task, _retried(lambda task=task: _here(driver, task)))  # type: ignore[misc]
    elif not _Pooled(driver, driver.pool).do(todo):
        return None
    with driver.store.write() as session:
        return end(session, provider_id, run_id, driver.clock())


def _here(driver: Driver, task: Task, prepared: Prepared | None = None) -> rows.Done | None:
    with driver.store.write() as session:
        return chunks.do(session, task, driver.clock, prepared)


def _heard(driver: Driver, task: Task, done: rows.Done | None) -> None:
    """Tells of a chunk, if it was this driving that did it."""
    if done is not None:
        driver.told(task, done)


def _retried(act: Callable[[], rows.Done | None]) -> rows.Done | None:
    for _ in range(TRIES - 1):
        try:
            return act()
        except BillcoreError as error:
            if not error.retryable:
                raise
    return act()


class _Pooled:
    """Chunks in other processes, so many at a time that memory stays as it is."""

    def __init__(self, driver: Driver, pool: Pool) -> None:
        self._driver, self._pool = driver, pool
        self._executor = pool()
        self._waiting: dict[Future[Made], Task] = {}
        self._failed: dict[Task, int] = {}
        self._broken = 0
        self._left_over = False
        self._asked: Future[int] | None = None

    def do(self, todo: list[Task]) -> bool:
        """Whether all are done; False: it was stopped."""
        left = iter(todo)
        try:
            self._fill(left)
            while self._waiting:
                ended = wait(self._waiting, LOOK_S, FIRST_COMPLETED).done
                if not ended:
                    self._ask()
                for future in ended:
                    self._take(future)
                self._fill(left)
        finally:
            self._executor.shutdown(cancel_futures=True)
        return next(left, None) is None and not self._left_over

    def _fill(self, left: Iterator[Task]) -> None:
        if self._driver.stop.is_set():
            self._take_back()
            return
        room = self._driver.workers() + 1 - len(self._waiting)
        for _, task in zip(range(room), left, strict=False):
            self._submit(task)

    def _ask(self) -> None:
        """A pool that breaks just while a chunk is submitted never tells of that chunk."""
        try:
            if self._asked is None or self._asked.done():
                self._asked = self._executor.submit(int)
        except BrokenExecutor:
            self._submit(*self._lost())

    def _take_back(self) -> None:
        """Cancels what no worker has begun, as far as the executor knows."""
        for future in [one for one in self._waiting if one.cancel()]:
            del self._waiting[future]
            self._left_over = True

    def _submit(self, *tasks: Task) -> None:
        act = _whole if self._driver.store.shared else _prepared
        left = deque(tasks)
        while left:
            try:
                future = self._executor.submit(act, self._driver.url, left[0], self._driver.clock)
            except (BrokenExecutor, OSError, ValueError):
                # The others: it broke while it started a worker, whose pipes were closed just then.
                left.extend(self._lost())
            else:
                self._waiting[future] = left.popleft()

    def _take(self, future: "Future[Made]") -> None:
        task = self._waiting.pop(future, None)
        if task is None:  # it was submitted anew
            return
        try:
            _heard(self._driver, task, self._done(task, future.result()))
        except (BrokenExecutor, CancelledError):
            self._submit(task, *self._lost())
        except BillcoreError as error:
            self._failed[task] = self._failed.get(task, 0) + 1
            if not error.retryable or self._failed[task] >= TRIES:
                raise
            self._submit(task)
        else:
            self._broken = 0

    def _done(self, task: Task, made: "Made") -> rows.Done | None:
        """What a worker did; or what it prepared is done here."""
        if made is None or isinstance(made, Prepared):
            if self._driver.store.shared:
                return None
            return _retried(lambda: _here(self._driver, task, made))
        return made

    def _lost(self) -> list[Task]:
        """After a worker died: a new pool; everything that was under way, to be done once more."""
        self._broken += 1
        if self._broken > TRIES:
            raise WorkersLost(TRIES)
        lost = list(self._waiting.values())
        self._waiting.clear()
        self._asked = None
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._driver.stop.wait(self._broken * PAUSE_S)
        self._executor = self._pool()
        return lost


class WorkersLost(BillcoreError):
    """Workers die as fast as they are started."""

    reason = "WORKERS_LOST"
    retryable = True

    def __init__(self, tries: int) -> None:
        super().__init__(
            f"The workers died {tries} times in a row before any chunk was done: look into the "
            "system's log (memory?), then resume the run."
        )


# -- in a worker

Made = Prepared | rows.Done | None
"""What a worker answers: what it prepared, or what it did; None: nothing could be prepared, or it
was done before."""

_stores: dict[str, Store] = {}
_reader: ReadStore | None = None
_opening = Lock()


def _whole(url: str, task: Task, clock: Clock) -> Made:
    """Does a chunk in a store that any process may write."""
    with _opening:  # a worker may have several threads, and serve several stores
        if url not in _stores:
            _stores[url] = open_store(url)
    with _stores[url].write() as session:
        return chunks.do(session, task, clock)


def _prepared(url: str, task: Task, clock: Clock) -> Made:  # noqa: ARG001
    """What a chunk comes to, from a snapshot of a store that another process writes."""
    global _reader
    if task.phase is Phase.REVERSE:
        return None
    if _reader is None:
        _reader = open_reader(url)
    with _reader.read() as reader:
        return chunks.prepare(reader, task)
