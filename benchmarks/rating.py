"""The rating suite: the standard bill on one core, against memory, generated C and peers.

Goals G1 to G5, each per dispatch level; a goal is judged at 10 million rows, and only
where its level runs. Ratios are of the same rounds, never across runs.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median
from time import perf_counter

import numpy as np

from benchmarks import codegen
from benchmarks.kernel import ExtMemoryOnly, Kernel, KernelMixed, Level, levels
from benchmarks.peers import (
    DuckDbSum,
    DuckDbTable,
    GeneratedC,
    GeneratedCPlans,
    MemoryOnly,
    NumbaBaked,
    NumbaTable,
    NumpyBlocks,
    OpenFiscaScale,
    Peer,
    PolarsLazy,
    PythonDecimal,
    Work,
)
from benchmarks.race import Entry, Judge, Outcome, race, race_table
from benchmarks.report import Better, Goal, Section, Table, goal
from benchmarks.standard import (
    grouped,
    random_data,
    random_plans,
    standard_plan,
    with_out_of_bound,
)
from benchmarks.timing import OthersBusy, collector_off, cores, timed

SUITE = "rating"
ROWS = (1_000_000, 10_000_000)
ROWS_JUDGED = 10_000_000
PLANS = 200
OTHERS_MAX = 0.15
"""Cores that other processes may keep busy while threads are judged."""
SCALING_TARGET = 1.7
IN_CACHE_ROWS, IN_CACHE_REPEATS = 20_000, 200
OUT_OF_BOUND_SHARES = (0.0, 0.0001, 0.001, 0.01, 0.05)
Say = Callable[[str], None]

MEMORY_SHARE = {Level.AVX512: 0.75, Level.AVX2: 0.60}
OVER_GENERATED = {Level.AVX512: 1.25, Level.AVX2: 1.35}
GENERATED: dict[Level, codegen.Level] = {Level.AVX512: "native", Level.AVX2: "avx2"}
PEERS: tuple[type[Peer], ...] = (
    NumpyBlocks,
    NumbaBaked,
    NumbaTable,
    PolarsLazy,
    DuckDbSum,
    DuckDbTable,
    OpenFiscaScale,
    PythonDecimal,
)
PEER_TARGETS: tuple[tuple[type[Peer], float], ...] = (
    (DuckDbSum, 40),
    (DuckDbTable, 40),
    (PolarsLazy, 15),
    (NumpyBlocks, 12),
    (NumbaBaked, 8),
)
MIXED_TARGETS: tuple[tuple[type[Peer], float], ...] = (
    (NumbaTable, 5),
    (DuckDbSum, 15),
    (DuckDbTable, 15),
)
MIXED_PEERS: tuple[type[Peer], ...] = (NumbaTable, NumpyBlocks, PolarsLazy, DuckDbSum, DuckDbTable)


def run(rows: Sequence[int] = ROWS, rounds: int = 9, say: Say = print) -> Section:
    tables: list[Table] = []
    goals: list[Goal] = []
    for n in rows:
        for part in PARTS:
            say(f"rating: {part.__name__.strip('_')}, {n:,} rows")
            made, judged = part(n, rounds)
            tables.append(made)
            goals = [*goals, *judged] if n == max(rows) else goals
    return Section(SUITE, tables, goals, _remarks())


def _remarks() -> list[str]:
    return [
        "One core, CPU time, medians of interleaved rounds; ratios are medians of the rounds' "
        "ratios. Standard plan with 4 tiers and 9 rounded lines unless said.",
        f"Dispatch levels of this processor: {', '.join(levels())}.",
    ]


def _goal(
    name: str, value: float | None, target: float, better: Better, rows: int, able: bool = True
) -> Goal:
    return goal(f"{SUITE}/{name}", value, target, better, able and rows >= ROWS_JUDGED)


def _label(level: Level) -> str:
    return f"billcore {level}"


def _compiled(work: Work, columns: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> list[Entry]:
    """The bound, generated C and the kernel at each level; all write to one memory."""
    entries = [Entry(ExtMemoryOnly.name, ExtMemoryOnly(columns=columns), work)]
    entries.append(Entry(MemoryOnly.name, MemoryOnly(columns=columns), work))
    have = levels()
    entries += [
        Entry(f"generated C {level}", GeneratedC(GENERATED[level], columns), work)
        for level in GENERATED
        if level in have
    ]
    return entries + [Entry(_label(level), Kernel(level, columns=columns), work) for level in have]


def _raced_compiled(rows: int, rounds: int, itemised: bool) -> Outcome:
    work = Work((standard_plan(),), random_data(rows), itemised)
    columns = np.zeros((work.lines + 1, rows), dtype=np.int64)
    return race(_compiled(work, columns), rounds, Judge())


def _totals(rows: int, rounds: int) -> tuple[Table, list[Goal]]:
    outcome = _raced_compiled(rows, rounds, itemised=False)
    goals = []
    for level in MEMORY_SHARE:
        share = over = None
        if level in levels():
            share = outcome.ratio("memory only", _label(level))
            over = outcome.ratio(_label(level), f"generated C {level}")
        goals.append(
            _goal(
                f"G1 total-only, share of memory only, {level}",
                share,
                MEMORY_SHARE[level],
                "higher",
                rows,
            )
        )
        goals.append(
            _goal(
                f"G2 one plan, time ÷ generated C, {level}",
                over,
                OVER_GENERATED[level],
                "lower",
                rows,
            )
        )
    return race_table(f"One plan, total only, {rows:,} bills", outcome, "memory only"), goals


def _itemised(rows: int, rounds: int) -> tuple[Table, list[Goal]]:
    outcome = _raced_compiled(rows, min(rounds, 7), itemised=True)
    goals = []
    for level in MEMORY_SHARE:
        share = outcome.ratio("memory only", _label(level)) if level in levels() else None
        name = f"G1 itemised, share of memory only, {level}"
        goals.append(_goal(name, share, 0.90, "higher", rows))
    title = f"One plan, total and 9 lines, {rows:,} bills"
    return race_table(title, outcome, "memory only"), goals


def _peers(rows: int, rounds: int) -> tuple[Table, list[Goal]]:
    work = Work((standard_plan(),), random_data(rows))
    entries = [Entry("billcore", Kernel(), work)]
    entries += [Entry(peer.name, peer(), work) for peer in PEERS]
    outcome = race(entries, min(rounds, 5), Judge())
    goals = [
        _goal(
            f"G3 faster than {peer.name}, times",
            outcome.ratio(peer.name, "billcore"),
            target,
            "higher",
            rows,
        )
        for peer, target in PEER_TARGETS
    ]
    return race_table(f"One plan, peers, {rows:,} bills", outcome, "billcore"), goals


def _plans(rows: int, rounds: int) -> tuple[Table, list[Goal]]:
    plans = random_plans(PLANS)
    mixed = Work(plans, random_data(rows, plans=PLANS))
    by_plan = Work(plans, grouped(mixed.data))
    one = Work((standard_plan(),), random_data(rows))
    entries: list[Entry] = []
    for level in (level for level in GENERATED if level in levels()):
        entries += [
            Entry(f"one plan, {level}", Kernel(level), one),
            Entry(f"by plan, {level}", KernelMixed(level), by_plan),
            Entry(f"random order, {level}", KernelMixed(level), mixed),
            Entry(f"by plan, generated C {level}", GeneratedCPlans(GENERATED[level]), by_plan),
        ]
    entries += [Entry(peer.name, peer(), mixed) for peer in MIXED_PEERS]
    outcome = race(entries, min(rounds, 5), Judge())
    against = f"one plan, {levels()[0]}" if levels()[0] in GENERATED else MIXED_PEERS[0].name
    table = race_table(f"{PLANS} plans, {rows:,} bills", outcome, against)
    return table, [*_plan_goals(outcome, rows), *_mixed_goals(outcome, rows)]


def _plan_goals(outcome: Outcome, rows: int) -> list[Goal]:
    """Each level against itself on one plan, and against generated C of that level."""
    goals = []
    for level in GENERATED:
        one, by_plan = f"one plan, {level}", f"by plan, {level}"
        generated = f"by plan, generated C {level}"
        for name, slow, fast, target in (
            (
                "G2 {} plans by plan, time ÷ generated C",
                by_plan,
                generated,
                1.15,
            ),
            ("G4 {} plans by plan, time ÷ one plan", by_plan, one, 1.2),
            ("G4 {} plans in random order, time ÷ one plan", f"random order, {level}", one, 3.5),
        ):
            ratio = outcome.ratio(slow, fast) if level in levels() else None
            goals.append(_goal(f"{name.format(PLANS)}, {level}", ratio, target, "lower", rows))
    return goals


def _mixed_goals(outcome: Outcome, rows: int) -> list[Goal]:
    """The best level on rows in random order, against peers on the same rows."""
    best = f"random order, {levels()[0]}"
    able = levels()[0] in GENERATED
    return [
        _goal(
            f"G4 {PLANS} plans in random order, faster than {peer.name}, times",
            outcome.ratio(peer.name, best) if able else None,
            target,
            "higher",
            rows,
        )
        for peer, target in MIXED_TARGETS
    ]


def _out_of_bound(rows: int, rounds: int) -> tuple[Table, list[Goal]]:
    plan, data = standard_plan(), random_data(rows)
    entries = [
        Entry(f"{share:.2%}", Kernel(), Work((plan,), with_out_of_bound(data, share)))
        for share in OUT_OF_BOUND_SHARES
    ]
    outcome = race(entries, min(rounds, 7), Judge())
    cost = outcome.ratio("0.10%", "0.00%")
    table = race_table(f"Rows beyond the fast bound, {rows:,} bills", outcome, "0.00%")
    return table, [_goal("G5 0.1 % out-of-bound rows, time ÷ none", cost, 1.25, "lower", rows)]


def _threads(rows: int, rounds: int) -> tuple[Table, list[Goal]]:
    """Wall time, best of the rounds: other work on the machine only ever adds."""
    work = Work((standard_plan(),), random_data(rows))
    others = OthersBusy()
    best = _best_walls(work, (1, 2), 2 * rounds)
    machine = _machine_scaling(rounds)
    busy = others.cores()
    able = cores() >= 2 and busy < OTHERS_MAX and machine >= SCALING_TARGET
    scaling = best[1] / best[2]
    table = Table(
        f"Threads, {rows:,} bills, wall time",
        ("threads", "ns/bill, best", "scaling"),
        [[str(n), f"{best[n] * 1e9 / rows:.2f}", f"{best[1] / best[n]:.2f}"] for n in best],
        f"Meanwhile other processes kept {busy:.2f} cores busy, and generated C on rows in cache "
        f"scaled {machine:.2f} times on two threads. The goal is judged where these are below "
        f"{OTHERS_MAX:g} and at least {SCALING_TARGET:g}: two cores, and ours.",
    )
    goals = [_goal("G5 two idle cores, times one", scaling, SCALING_TARGET, "higher", rows, able)]
    return table, goals


def _machine_scaling(rounds: int) -> float:
    """How much faster two threads do what needs no memory and is not ours: generated C."""
    works = [Work((standard_plan(),), random_data(IN_CACHE_ROWS)) for _ in range(2)]
    peers = [GeneratedC("native") for _ in works]
    for peer, work in zip(peers, works, strict=True):
        peer.prepare(work)

    def often(peer: GeneratedC) -> None:
        for _ in range(IN_CACHE_REPEATS):
            peer.run()

    ratios = []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            one = timed(partial(often, peers[0]), perf_counter)
            both = timed(lambda: list(pool.map(often, peers)), perf_counter)
            ratios.append(2 * one / both)
    return median(ratios)


def _best_walls(work: Work, threads: Sequence[int], rounds: int) -> dict[int, float]:
    """Best seconds for each number of threads, measured in turn."""
    kernels = {n: Kernel(threads=n) for n in threads}
    best = dict.fromkeys(threads, float("inf"))
    for kernel in kernels.values():
        kernel.prepare(work)
        kernel.run()
    with collector_off():
        for _ in range(rounds):
            for n, kernel in kernels.items():
                start = perf_counter()
                kernel.run()
                best[n] = min(best[n], perf_counter() - start)
    return best


PARTS = (_totals, _itemised, _peers, _plans, _out_of_bound, _threads)
