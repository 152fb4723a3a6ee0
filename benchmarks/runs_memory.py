"""The most memory that a run on SQLite needs: the same with many accounts as with few.

Each number of accounts is measured in a process of its own, whose memory nothing else has used.
BILLCORE_BENCH=full measures the largest number too.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from benchmarks.report import Goal, Table, goal
from benchmarks.runs_world import FIRST, founded, order, ran
from benchmarks.store_engines import Engine, Peak, engines
from benchmarks.timing import collector_off

SIZES = (1_000_000, 3_000_000)
LARGEST = 10_000_000
MEMORY_MAX = 1.1


@dataclass(frozen=True, slots=True)
class Grown:
    """A run of a number of accounts. peak: bytes of memory; curve: see `runs_world.Cost`."""

    peak: int
    curve: Sequence[tuple[float, float]]


def sizes() -> Sequence[int]:
    """The numbers of accounts to measure."""
    full = {"": False, "full": True}[os.environ.get("BILLCORE_BENCH", "")]
    return (*SIZES, LARGEST) if full else SIZES


def measured(engine: Engine, accounts: int) -> Grown:
    """The first bills of so many accounts, straight through."""
    town = founded(engine, accounts, FIRST, lambda _: None)
    peak = Peak()
    cost = ran(town, order(town, FIRST), engine.clock)
    return Grown(peak.bytes(), cost.curve)


def all_measured(wanted: Sequence[int], say: Callable[[str], None]) -> dict[int, Grown]:
    """Each size in its own process, one after the other."""
    found = {}
    for accounts in wanted:
        say(f"runs: memory of {accounts:,} accounts on SQLite")
        command = [sys.executable, "-m", "benchmarks.runs_memory", str(accounts)]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        found[accounts] = Grown(**json.loads(told))
    return found


def table(found: Mapping[int, Grown]) -> Table:
    """What each size needs, and its time against the accounts done."""
    rows = [
        [f"{n:,}", f"{one.peak / 1e6:,.0f}", f"{one.curve[-1][1] / n * 1e9:,.0f}"]
        for n, one in found.items()
    ]
    note = "First bills of all accounts on SQLite; each size in a process of its own."
    curves = {f"{n:,} accounts": one.curve for n, one in found.items()}
    title = "Runs of more and more accounts on SQLite, seconds against accounts"
    return Table(title, ("accounts", "most memory, MB", "ns/bill"), rows, note, curves=curves)


def memory_goal(found: Mapping[int, Grown]) -> Goal:
    """The largest run's memory ÷ that of the smallest."""
    value = found[max(found)].peak / found[min(found)].peak
    what = f"runs/SQLite, most memory of {max(found):,} accounts ÷ of {min(found):,}"
    return goal(what, value, MEMORY_MAX, "lower", min(found) >= SIZES[0])


def main() -> None:
    """Prints what a number of accounts needs, as JSON."""
    with engines() as (_, sqlite), collector_off():
        print(json.dumps(asdict(measured(sqlite, int(sys.argv[1])))))


if __name__ == "__main__":
    main()
