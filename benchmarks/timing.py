"""Timing: interleaved rounds of CPU time on one pinned core, compared within one run.

Absolute figures move with the machine's other work, ratios of the same round
hardly: so every job of a table runs once per round, and a ratio is the median of
its rounds' ratios.
"""

import gc
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

Job = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds per row of each job in each round (rounds agree across jobs)."""

    seconds: Mapping[str, tuple[float, ...]]

    def ns(self, job: str) -> float:
        return median(self.seconds[job]) * 1e9

    def ns_min(self, job: str) -> float:
        return min(self.seconds[job]) * 1e9

    def ratio(self, slow: str, fast: str) -> float:
        """How many times the time of `fast` `slow` takes, per row."""
        pairs = zip(self.seconds[slow], self.seconds[fast], strict=True)
        return median(a / b for a, b in pairs)


def interleaved(
    jobs: Mapping[str, Job],
    rows: Mapping[str, int],
    rounds: int = 9,
    clock: Clock = time.process_time,
) -> Timings:
    """Warm every job up once, then run all of them once per round, each round in turned order."""
    for job in jobs.values():
        job()
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    names = list(jobs)
    with collector_off():
        for turn in range(rounds):
            shift = turn % len(names)
            for name in names[shift:] + names[:shift]:
                seconds[name].append(timed(jobs[name], clock) / rows[name])
    return Timings({name: tuple(s) for name, s in seconds.items()})


def timed(job: Job, clock: Clock = time.process_time) -> float:
    start = clock()
    job()
    return max(clock() - start, 1e-9)


@contextmanager
def collector_off() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def pinned(cpu: int = 0) -> Iterator[None]:
    """Keep this thread, and threads that it starts, on one core; needs Linux, else does nothing."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {cpu if cpu in before else min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class OthersBusy:
    """How many cores other processes keep busy, from its making on; 0 where Linux does not say."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._others = _others_seconds()

    def cores(self) -> float:
        elapsed = max(time.perf_counter() - self._start, 0.01)
        return max(0.0, (_others_seconds() - self._others) / elapsed)


def _others_seconds() -> float:
    """Seconds of processor time that anybody but this process has used since the start."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    user, nice, system, _, _, irq, soft, steal = map(int, stat.read_text().split(None, 9)[1:9])
    ticks: int = os.sysconf("SC_CLK_TCK")
    return (user + nice + system + irq + soft + steal) / ticks - time.process_time()
