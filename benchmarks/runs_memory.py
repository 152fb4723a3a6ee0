"""The most memory that a run on SQLite needs: the same with many accounts as with few.

A world is loaded by one process and billed by another, which has done nothing else: what a heap
keeps after other work is not the run's. Judged is the memory that the process has written to;
libraries are the same pages for every number of accounts. BILLCORE_BENCH=full measures the largest
number too.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from benchmarks import store_engines
from benchmarks.report import Goal, Table, goal
from benchmarks.runs_world import FIRST, TARIFF_ID, founded, order, ran
from benchmarks.store_engines import NOW, Engine, Peak
from benchmarks.store_world import Town
from benchmarks.timing import collector_off
from billcore.core.caller import Caller
from billcore.core.store.migrate import migrate
from billcore.core.store.open import open_store
from billcore.core.store.port import Store

SIZES = (1_000_000, 3_000_000)
LARGEST = 10_000_000
MEMORY_MAX = 1.1

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Grown:
    """A run of a number of accounts. peak: bytes of memory, own: of those that no file fills;
    curve: see `runs_world.Cost`."""

    peak: int
    own: int
    curve: Sequence[tuple[float, float]]


def sizes() -> Sequence[int]:
    """The numbers of accounts to measure."""
    full = {"": False, "full": True}[os.environ.get("BILLCORE_BENCH", "")]
    return (*SIZES, LARGEST) if full else SIZES


def measured(accounts: int) -> Grown:
    """The first bills of so many accounts, straight through, in chunks of CHUNK."""
    with tempfile.TemporaryDirectory(prefix="billcore-bench-") as folder:
        caller = _alone(_load, folder, accounts)
        return _alone(_run, folder, accounts, store_engines.CHUNK, caller)


def _alone(act: Callable[..., Answer], *given: object) -> Answer:
    """What is done by a process that does nothing else."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(act, *given).result()


def _load(folder: str, accounts: int) -> Caller:
    with _opened(folder) as engine:
        return founded(engine, accounts, FIRST, lambda _: None).caller


def _run(folder: str, accounts: int, chunk: int, caller: Caller) -> Grown:
    with _opened(folder) as engine:
        store, peak = engine.fresh(), Peak()
        town = Town(engine, store, store, caller, accounts, tariff=TARIFF_ID)
        cost = ran(town, order(town, FIRST, chunk_accounts=chunk), engine.clock)
        return Grown(peak.bytes(), peak.own(), cost.curve)


@contextmanager
def _opened(folder: str) -> Iterator[Engine]:
    """SQLite with one store, which is there or is made."""
    store = open_store(f"sqlite:///{folder}/town.db")
    migrate(store, NOW)

    def fresh() -> Store:
        return store

    try:
        with collector_off():
            yield Engine("SQLite", fresh, time.process_time, Path(folder), lambda: store.url)
    finally:
        store.close()


def all_measured(wanted: Sequence[int], say: Callable[[str], None]) -> dict[int, Grown]:
    """Each size by itself, one after the other."""
    found = {}
    for accounts in wanted:
        say(f"runs: memory of {accounts:,} accounts on SQLite")
        found[accounts] = measured(accounts)
    return found


def table(found: Mapping[int, Grown]) -> Table:
    """What each size needs, and its time against the accounts done."""
    rows = [
        [
            f"{n:,}",
            f"{one.own / 1e6:,.0f}",
            f"{one.peak / 1e6:,.0f}",
            f"{one.curve[-1][1] / n * 1e9:,.0f}",
        ]
        for n, one in found.items()
    ]
    note = (
        "First bills of all accounts on SQLite; each size in a process that does nothing else. "
        "Own: what the process has written; in all: with the pages of its libraries."
    )
    curves = {f"{n:,} accounts": one.curve for n, one in found.items()}
    title = "Runs of more and more accounts on SQLite, seconds against accounts"
    return Table(
        title,
        ("accounts", "most own memory, MB", "in all, MB", "ns/bill"),
        rows,
        note,
        curves=curves,
    )


def memory_goal(found: Mapping[int, Grown]) -> Goal:
    """The largest run's memory ÷ that of the smallest."""
    value = found[max(found)].own / found[min(found)].own
    what = f"runs/SQLite, most own memory of {max(found):,} accounts ÷ of {min(found):,}"
    return goal(what, value, MEMORY_MAX, "lower", min(found) >= SIZES[0])
