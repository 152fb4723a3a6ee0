"""Group commit: payments that come in together are posted in one transaction.

One thread takes all that waits, posts it, commits, and only then answers each caller. There is no
timer: while one batch is committed the next one gathers, so that a single caller waits for nothing
and sixty-four share a commit. Behind a batch the thread steps back once: else it would take what
the first of those who were answered tell, and leave the others for the batch after. What cannot
wait any more is refused (QueueFull), and nothing of it is kept.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import sleep
from typing import NamedTuple, Protocol

from billcore.core.payments.codes import Code
from billcore.core.payments.intake.place import Place
from billcore.core.payments.intake.post import Intake, Posted, post
from billcore.core.payments.orders import Told, orders
from billcore.core.payments.refusals import QueueFull
from billcore.core.store.again import again
from billcore.core.store.errors import StoreUnavailable
from billcore.core.store.payments import OrderRow
from billcore.core.store.port import Session, Store

BATCH_MAX = 1024
"""Payments that share a commit."""

QUEUE_MAX = 8192
"""Payments that wait, where nothing else is asked for."""


class Result(NamedTuple):
    """What became of a payment: its order, or why it was refused."""

    order: OrderRow | None
    replayed: bool
    error: BaseException | None


class Waiting(NamedTuple):
    """A payment that waits; done is called by the writer's thread, and must not take long."""

    place: Place
    told: Told
    done: Callable[[Result], None]


class Observer(Protocol):
    """Who is told how the writer does."""

    def posted(self, payments: int, seconds: float) -> None:
        """A batch was committed; seconds: from its first statement to its commit."""


@dataclass(slots=True)
class _Answer:
    """Somebody who waits for one payment."""

    given: threading.Lock = field(default_factory=threading.Lock)
    result: Result | None = None

    def __call__(self, result: Result) -> None:
        self.result = result
        self.given.release()


class Writer:
    """The one way of single payments into a store. `start`, then `stop`; safe for threads.

    now: microseconds since 1970 in UTC; clock: seconds, for the observer.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], int],
        queue_max: int = QUEUE_MAX,
        observer: Observer | None = None,
        clock: Callable[[], float] = lambda: 0,
    ) -> None:
        self._store = store
        self._now = now
        self._queue_max = queue_max
        self._observer = observer
        self._clock = clock
        self._queue: deque[Waiting] = deque()
        self._wake = threading.Condition()
        self._under_way: Counter[tuple[int, int, str]] = Counter()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="payments", daemon=True)

    def start(self) -> None:
        """Begins to take payments."""
        self._thread.start()

    def stop(self) -> None:
        """Posts what waits, then ends."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join()

    @property
    def waiting(self) -> int:
        """How many payments wait."""
        return len(self._queue)

    def is_under_way(self, provider_id: int, channel_no: int, reference: str) -> bool:
        """Whether this process is posting a payment of this key."""
        return self._under_way[provider_id, channel_no, reference] > 0

    def submit(self, waiting: Waiting) -> None:
        """Lets a payment wait for its turn. Raises QueueFull."""
        with self._wake:
            if len(self._queue) >= self._queue_max or self._stopping:
                raise QueueFull(len(self._queue))
            self._queue.append(waiting)
            self._under_way[_key(waiting)] += 1
            if len(self._queue) == 1:
                self._wake.notify()

    def post(self, place: Place, told: Told) -> Result:
        """Posts a payment and waits for its commit. Raises QueueFull and what refuses it."""
        answer = _Answer()
        answer.given.acquire()
        self.submit(Waiting(place, told, answer))
        answer.given.acquire()
        result = answer.result
        if result is None or result.error is not None:
            raise (result and result.error) or RuntimeError("a payment was not answered")
        return result

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._queue and not self._stopping:
                    self._wake.wait()
                if not self._queue:
                    return
                batch = [self._queue.popleft() for _ in range(min(len(self._queue), BATCH_MAX))]
            begun = self._clock()
            results = self._posted(batch)
            if self._observer is not None:
                with suppress(Exception):
                    self._observer.posted(len(batch), self._clock() - begun)
            with self._wake:
                for waiting in batch:
                    key = _key(waiting)
                    self._under_way[key] -= 1
                    if not self._under_way[key]:
                        del self._under_way[key]
            for waiting, result in zip(batch, results, strict=True):
                with suppress(Exception):  # who waited is gone; the others are not
                    waiting.done(result)
            if len(batch) > 1:
                sleep(0)  # who was answered may tell the next payment before the next batch

    def _posted(self, batch: Sequence[Waiting]) -> list[Result]:
        """What becomes of a batch; one payment that cannot be posted takes no other with it."""
        try:
            return again(self._store, lambda session: _post_all(session, batch, self._now()))
        except StoreUnavailable as error:
            return [Result(None, False, error)] * len(batch)
        except Exception as error:
            if len(batch) == 1:
                return [Result(None, False, error)]
            return [result for one in batch for result in self._posted([one])]


def _key(waiting: Waiting) -> tuple[int, int, str]:
    return waiting.place.provider_id, waiting.told.channel_no, waiting.told.reference


def _post_all(session: Session, batch: Sequence[Waiting], now: int) -> list[Result]:
    """Posts payments of several providers, one provider after the other."""
    results: list[Result] = [Result(None, False, None)] * len(batch)
    providers: dict[int, list[int]] = {}
    for row, waiting in enumerate(batch):
        providers.setdefault(waiting.place.provider_id, []).append(row)
    for provider_id in sorted(providers):
        rows = providers[provider_id]
        places = [batch[row].place for row in rows]
        channels = {place.channel.channel_no: place.channel for place in places}
        first = places[0]
        intake = Intake(provider_id, now, first.time_zone, first.policies, channels)
        posted = post(session, intake, orders([batch[row].told for row in rows]))
        for row, result in zip(rows, _results(posted), strict=True):
            results[row] = result
    return results


def _results(posted: Posted) -> Iterator[Result]:
    for row, (code, order) in enumerate(zip(posted.code.tolist(), posted.all(), strict=True)):
        if code in (Code.OK, Code.OK_REPLAYED):
            yield Result(order, code == Code.OK_REPLAYED, None)
        else:
            yield Result(None, False, posted.error(row))
