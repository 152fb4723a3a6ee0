"""For tests of writers: stores that stand still or break on purpose, a process with a writer."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from billcore.core.payments.intake.writer import Writer
from billcore.core.store.open import open_store
from billcore.core.store.port import Session, Store
from tests.payments_world import NOW, World

WAIT_S_MAX = 60


class Held:
    """A store whose transactions wait, before their first statement, until `go` is set."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)
        self.transactions = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    @contextmanager
    def write(self) -> Iterator[Session]:
        self.begun.release()
        assert self.go.wait(WAIT_S_MAX)
        with self._store.write() as session:
            yield session
        self.transactions += 1

    def until_held(self) -> None:
        """Waits for the next transaction to begin."""
        assert self.begun.acquire(timeout=WAIT_S_MAX)


class Breaking:
    """A store whose next transactions end with these errors, before or behind their COMMIT."""

    def __init__(self, store: Store, *errors: Exception, committed: bool = False) -> None:
        self._store = store
        self.errors = list(errors)
        self._committed = committed
        self.tried = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    @contextmanager
    def write(self) -> Iterator[Session]:
        self.tried += 1
        error = self.errors.pop(0) if self.errors else None
        with self._store.write() as session:
            yield session
            if error is not None and not self._committed:
                raise error
        if error is not None:
            raise error


def run(url: str, chance: int, payments: int, threads: int) -> dict[str, tuple[int, bool]]:
    """In a process of its own: posts r0, r1, … in an order by chance, through one writer.

    (payment id, whether it was new here) by reference.
    """
    store = open_store(url)
    world = World(store)
    place = world.place()
    dice = random.Random(chance)
    numbers = list(range(payments))
    dice.shuffle(numbers)
    told = {n: world.told(f"r{n}", *target(n), taken=True, channel_no=1) for n in numbers}
    writer = Writer(store, clock(dice))
    writer.start()
    with ThreadPoolExecutor(threads) as pool:
        results = pool.map(lambda n: writer.post(place, told[n]), numbers)
        found = {
            result.order.reference: (result.order.payment_id, not result.replayed)
            for result in results
        }
    writer.stop()
    store.close()
    return found


def target(number: int) -> tuple[int | str, int]:
    """Account and amount of a payment; every seventh is nobody's."""
    return (f"x{number}" if number % 7 == 0 else number % 5 + 1), 10 + number


def clock(dice: random.Random) -> Callable[[], int]:
    """A clock that is off by up to a second, as those of other machines."""
    off = dice.randrange(1_000_000)
    return lambda: NOW + off
