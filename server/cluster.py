"""A Dask cluster as an executor of runs: connected for one driving, its faults in our words.

Goals: a worker that dies costs its chunk, which Dask gives to another; a scheduler that dies, or a
cluster without workers, stops the driving with a reason, and nothing is lost: a chunk is a
transaction of the store, which workers open themselves. Non-goals: what runs on the cluster
(`cluster_work`), which clusters a server may use (`executors`).

Chunks go by `Client.submit`, not `Client.get_executor`: that leaves a future unanswered for ever
where the scheduler dies between a chunk's end and its answer. With pure=True a chunk that is
submitted again would be answered with its first failure.
"""

import logging
import pickle
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from distributed import Client, KilledWorker
from distributed import Future as DaskFuture

from billcore.server import cluster_work
from billcore.server.refusals import ExecutorUnreachable, WorkerUnfit

CONNECT_S = 10.0
"""So long a scheduler may take to answer, and its first worker to be there."""

PATIENCE_S = 60.0
"""So long a cluster may be without workers amid a run."""

GONE = "the scheduler is gone"

P = ParamSpec("P")
T = TypeVar("T")

# Dask writes lines of its own to the server's log of JSON; what matters of them is in our errors.
_dask_log = logging.getLogger("distributed")
_dask_log.handlers = [logging.NullHandler()]
_dask_log.propagate = False


class Cluster:
    """The workers behind a scheduler, for one driving."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._executor: _Connected | None = None
        self._seen = time.monotonic()

    def pool(self) -> Executor:
        """Connects, and waits for a worker. Raises ExecutorUnreachable."""
        self._executor = _Connected(self._address)
        self._seen = time.monotonic()
        return self._executor

    def workers(self) -> int:
        """How many threads the cluster has now; none: the chunks wait for some.

        Raises ExecutorUnreachable when there are none for PATIENCE_S.
        """
        assert self._executor is not None
        count = self._executor.threads()
        now = time.monotonic()
        if count:
            self._seen = now
        elif now - self._seen > PATIENCE_S:
            raise ExecutorUnreachable(self._address, f"no worker is there for {PATIENCE_S:.0f} s.")
        return count


class _Connected(Executor):
    """Of `concurrent.futures`, over a client of its own."""

    def __init__(self, address: str) -> None:
        self._build = cluster_work.build()
        try:
            self._client = Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, RuntimeError, TypeError, ValueError) as error:
            raise ExecutorUnreachable(address, f"no scheduler answers ({error}).") from None
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_S)
        except (OSError, RuntimeError):  # TimeoutError is an OSError
            self._client.close()
            raise ExecutorUnreachable(address, "the scheduler has no workers.") from None
        self._link = self._client.scheduler_comm
        self._waiting: set[Future[Any]] = set()
        self._lock = Lock()

    def threads(self) -> int:
        """Of all workers; 0 too while the scheduler does not answer."""
        self._break_lost()
        try:
            return sum(self._client.nthreads().values())
        except Exception:  # of a closed client it is an AttributeError
            return 0

    def submit(self, act: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Future[T]:
        assert not named, "chunks are given by position"
        content = cluster_work.packed(self._build, act, *given)
        self._break_lost()
        if self._lost():
            raise BrokenExecutor(GONE)
        try:
            inner = self._client.submit(pickle.loads, content, pure=False)
        except Exception as error:  # the client was closed
            raise BrokenExecutor(str(error)) from None
        outer: Future[T] = Future()
        with self._lock:
            self._waiting.add(outer)
        assert self._client.loop is not None
        self._client.loop.add_callback(self._pass_on, outer, inner)
        return outer

    def _lost(self) -> bool:
        """Whether the connection of the beginning is no more.

        A client that connects again has a new one, to a scheduler that knows nothing of our chunks.
        """
        return self._client.status != "running" or self._client.scheduler_comm is not self._link

    def _break_lost(self) -> None:
        """Breaks what waits for a scheduler that is gone, whose answers may never come."""
        if self._lost():
            with self._lock:
                waiting = list(self._waiting)
            for outer in waiting:
                if self._claimed(outer):
                    outer.set_exception(BrokenExecutor(GONE))

    async def _pass_on(self, outer: Future[T], inner: "DaskFuture[T]") -> None:
        """Answers a chunk's future as the cluster did, or broken; in the thread of the client."""
        try:
            result: T = await inner._result()
        except BaseException as caught:  # cancelled too: whoever waits is told in any case
            told = _told(caught) if inner.status == "error" else BrokenExecutor(GONE)
            if self._claimed(outer):
                outer.set_exception(told)
        else:
            if self._claimed(outer):
                outer.set_result(result)

    def _claimed(self, outer: Future[Any]) -> bool:
        """Whether it is for the one who asks to answer a future: the first, if it is wanted."""
        with self._lock:
            if outer not in self._waiting:
                return False
            self._waiting.discard(outer)
            return outer.set_running_or_notify_cancel()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leaves the cluster: it forgets what no worker has begun; what has begun ends by itself.

        wait is as good as false: the driving waits for its chunks before.
        """
        self._client.close()


def _told(error: BaseException) -> BaseException:
    """What a worker failed with, in our words."""
    if isinstance(error, KilledWorker):
        return BrokenExecutor("worker after worker died of it")
    if _is_foreign(error):
        return WorkerUnfit("", f"it cannot load the work ({error}).")
    return error


def _is_foreign(error: BaseException) -> bool:
    """Whether a worker has no billcore, or one that lacks what was sent."""
    lacks = isinstance(error, AttributeError) and "Can't get attribute" in str(error)
    return lacks or isinstance(error, ImportError)
