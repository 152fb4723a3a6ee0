"""Ways to do the same run, each on its part of the accounts, in turn from month to month.

All digests are compared before anything is timed: of simulations in other chunks, and by other
numbers of worker processes.
"""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from benchmarks import store_engines
from benchmarks.race import NotExact
from benchmarks.runs_world import JUDGED, RACED, Cost, order, ran, simulated
from benchmarks.store_world import Town
from benchmarks.timing import Timings
from billcore.core.billing.runs.drive import Pool
from billcore.core.billing.runs.order import RunOrder
from billcore.core.ids import owned_id

WORKERS = (1, 2, 8)
"""Worker processes whose digests are compared."""

STRAIGHT, TWO_PHASES, SMALL = "straight", "two phases", "small chunks"
ONE, TWO = "1 worker", "2 workers"
VARIANTS = (STRAIGHT, TWO_PHASES, SMALL, ONE, TWO)

SMALLER = 5
"""Small chunks have so many times fewer accounts."""


class Workers(ProcessPoolExecutor):
    """Fresh processes, ready to work, that count the processor time of what they do."""

    def __init__(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._spent = context.Value("d", 0.0)
        super().__init__(count, context, initializer=_begin, initargs=(self._spent,))
        for ready in [super(Workers, self).submit(_ready) for _ in range(count)]:
            ready.result()

    @property
    def seconds(self) -> float:
        """Of processor time so far."""
        return self._spent.value

    def submit(self, act: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """As of an executor."""
        return super().submit(_counted, act, *arguments, **named)


_spent: Any = None


def _begin(spent: Any) -> None:
    global _spent
    _spent = spent


def _ready() -> None:
    """Takes long enough that each worker gets one."""
    from billcore.core.billing.runs import drive  # noqa: F401

    time.sleep(0.2)


def _counted(act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    start = time.process_time()
    try:
        return act(*arguments, **named)
    finally:
        with _spent.get_lock():
            _spent.value += time.process_time() - start


# -- digests


def check_alike(town: Town) -> None:
    """Raises NotExact unless simulations of some accounts agree, whatever chunks and workers."""
    accounts = min(town.accounts, 2 * store_engines.CHUNK)
    last = owned_id(town.provider_id, accounts)
    small = max(store_engines.CHUNK // SMALLER, 1)
    found = {}
    for size in (store_engines.CHUNK, small, small // 3 + 7):
        wanted = order(town, JUDGED, last_account=last, chunk_accounts=size, straight=False)
        found[f"chunks of {size}"] = simulated(town, wanted)
    for count in WORKERS:
        wanted = order(town, JUDGED, last_account=last, chunk_accounts=small, straight=False)
        found[f"{count} workers"] = simulated(town, wanted, _pool(Workers(count)), count)
    if len(set(found.values())) != 1 or next(iter(found.values()))[0] != accounts:
        raise NotExact(f"{town.engine.name}: digests differ: {found}")


def _pool(workers: Workers) -> Pool:
    return lambda: workers


# -- the race


@dataclass
class Raced:
    """Processor and wall seconds of a bill, of each variant in each round."""

    cpu: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in VARIANTS})
    wall: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in VARIANTS})

    @property
    def timings(self) -> Timings:
        """Of processor time."""
        return Timings({name: tuple(each) for name, each in self.cpu.items()})

    @property
    def walls(self) -> Timings:
        """Of wall time."""
        return Timings({name: tuple(each) for name, each in self.wall.items()})


def raced(town: Town, rounds: int) -> Raced:
    """Every account is billed once a round, each part of them by another variant."""
    found = Raced()
    for turn in range(rounds):
        for place, (first, last) in enumerate(_parts(town)):
            name = VARIANTS[(place + turn) % len(VARIANTS)]
            wanted = _wanted(town, name, RACED + turn, first, last)
            cpu, cost = _timed(town, name, wanted)
            found.cpu[name].append(cpu / cost.bills)
            found.wall[name].append(cost.wall / cost.bills)
    return found


def _parts(town: Town) -> Sequence[tuple[int, int]]:
    """As many ranges of accounts as there are variants."""
    borders = [town.accounts * number // len(VARIANTS) for number in range(len(VARIANTS) + 1)]
    return [
        (owned_id(town.provider_id, begin + 1), owned_id(town.provider_id, end))
        for begin, end in pairwise(borders)
    ]


def _wanted(town: Town, name: str, month: int, first: int, last: int) -> RunOrder:
    size = store_engines.CHUNK // (SMALLER if name == SMALL else 1)
    return order(
        town,
        month,
        first_account=first,
        last_account=last,
        chunk_accounts=max(size, 1),
        straight=name != TWO_PHASES,
    )


def _timed(town: Town, name: str, wanted: RunOrder) -> tuple[float, Cost]:
    """The processor seconds of a run, workers included, and the run."""
    clock, count = town.engine.clock, {ONE: 1, TWO: 2}.get(name, 0)
    if not count:
        start = clock()
        cost = ran(town, wanted, clock)
        return clock() - start, cost
    workers = Workers(count)
    start = clock()
    cost = ran(town, wanted, clock, pool=_pool(workers), workers=count)
    return clock() - start + workers.seconds, cost
