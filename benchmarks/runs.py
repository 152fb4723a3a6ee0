"""The runs suite: a month's bills of all accounts, straight through, against the raw limits.

Four tiers, a fixed fee, two taxes, arrears, and prices that change inside the month. A run claims
chunk after chunk, reads, rates, writes bills, ledger entry and events, digests and commits, on both
stores. Digests are compared before anything is timed, over chunks and workers, and afterwards
between the stores; at last every invariant is verified.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks import store_engines
from benchmarks.race import NotExact
from benchmarks.report import Goal, Section, Table, goal
from benchmarks.runs_limits import Raw, limits
from benchmarks.runs_memory import all_measured, memory_goal, sizes
from benchmarks.runs_memory import table as memory_table
from benchmarks.runs_race import (
    ONE,
    SMALL,
    SMALLER,
    STRAIGHT,
    TWO,
    TWO_PHASES,
    VARIANTS,
    Raced,
    check_alike,
    raced,
)
from benchmarks.runs_world import (
    FIRST,
    JUDGED,
    RACED,
    Cost,
    analysed,
    check_books,
    founded,
    newest,
    now,
    order,
    paid,
    ran,
)
from benchmarks.store_engines import Engine, Peak, engines
from benchmarks.store_world import Town
from benchmarks.timing import OthersBusy, collector_off
from billcore.core.billing.runs.progress import progress

SUITE = "runs"
ROWS = (1_000_000,)
ROWS_JUDGED = 1_000_000
ROUNDS_MAX = 3
POLLS = 50
Say = Callable[[str], None]

RAW_MAX = {"PostgreSQL": 1.25, "SQLite": 0.8}
"""Of the raw limits: what the prototype of this design could be expected to hold."""

OVER_POSTGRES_MAX = 0.4
TWO_PHASES_MAX = 1.4
SMALL_MAX = 1.2
PROGRESS_MAX = 0.01

REMARKS = (
    "Processor seconds of this process, of workers and of the server's backends; checkpoints of "
    "PostgreSQL are left out, those of SQLite are in, also in its raw limit.",
    "Raw in: the same bill rows with their key, by a server-side COPY from a file, or a loop in C "
    "that binds and steps. Raw out: one range scan a table of what bills depend on, by COPY to "
    "/dev/null, or a loop in C that steps. Both follow each chunk of the run.",
)


@dataclass
class Month:
    """The judged run of a town. grew: bytes of its store; peak: bytes of memory meanwhile;
    poll: processor seconds of asking for its progress once; verified: of every check."""

    town: Town
    cost: Cost
    raw: Raw
    grew: int
    peak: int
    poll: float
    races: Raced = field(default_factory=Raced)
    verified: float = 0.0

    @property
    def over_raw(self) -> float:
        """Time ÷ that of the raw limits."""
        return self.cost.whole / self.raw.whole


def run(rows: Sequence[int] = ROWS, rounds: int = 9, say: Say = print) -> Section:
    """The suite with each of these numbers of accounts."""
    tables: list[Table] = []
    goals: list[Goal] = []
    for accounts in rows:
        say(f"runs: {accounts:,} accounts")
        with engines() as pair, collector_off():
            months = [_month(engine, accounts, min(rounds, ROUNDS_MAX), say) for engine in pair]
        _check_same(months)
        some, judged = _told(months, accounts)
        tables += some
        goals = judged if accounts == max(rows) else goals
    if max(rows) >= ROWS_JUDGED:
        grown = all_measured(sizes(), say)
        tables.append(memory_table(grown))
        goals.append(memory_goal(grown))
    return Section(SUITE, tables, goals, REMARKS)


def _month(engine: Engine, accounts: int, rounds: int, say: Say) -> Month:
    """Loads a town, bills it month by month, races variants and verifies it."""
    town = founded(engine, accounts, RACED + rounds - 1, say)
    say(f"runs: {engine.name}, first bills, digests")
    ran(town, order(town, FIRST), engine.clock)
    paid(town)
    analysed(town)
    check_alike(town)
    say(f"runs: {engine.name}, the judged month")
    before, peak = _size(town), Peak()
    with limits(town) as (raw, after):
        cost = ran(town, order(town, JUDGED), engine.clock, after)
    grew, most = _size(town) - before, peak.bytes()
    month = Month(town, cost, raw, grew, most, _poll(town))
    analysed(town)
    say(f"runs: {engine.name}, variants")
    month.races = raced(town, rounds)
    say(f"runs: {engine.name}, verify")
    month.verified = _verified(town)
    return month


def _check_same(months: Sequence[Month]) -> None:
    if len({(month.cost.digest, month.cost.total) for month in months}) != 1:
        raise NotExact("the stores come to different bills")


def _size(town: Town) -> int:
    """Bytes of a store."""
    sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    if town.engine.is_postgres:
        sql = "SELECT pg_database_size(current_database())"
    with town.store.read() as reader:
        row = reader.row(sql)
    assert row is not None
    return int(row[0])


def _poll(town: Town) -> float:
    """Of a run with all its chunks; with fewer it costs less."""
    start = town.engine.clock()
    for _ in range(POLLS):
        view = newest(town)
        progress(view, view.passes[-1], now())
    return (town.engine.clock() - start) / POLLS


def _verified(town: Town) -> float:
    start = time.process_time()
    check_books(town)
    return time.process_time() - start


# -- told


def _told(months: Sequence[Month], accounts: int) -> tuple[list[Table], list[Goal]]:
    judged = accounts >= ROWS_JUDGED
    tables = [_phases(months, accounts), _curves(months, accounts)]
    tables += [_variants(months, accounts), _beside(months, accounts)]
    goals = [one for month in months for one in _goals(month, judged)]
    postgres, sqlite = months
    times = sqlite.cost.each / postgres.cost.each
    goals.append(goal("runs/SQLite ÷ PostgreSQL", times, OVER_POSTGRES_MAX, "lower", judged))
    return tables, goals


def _goals(month: Month, judged: bool) -> list[Goal]:
    name, timings = month.town.engine.name, month.races.timings

    def one(what: str, value: float, target: float) -> Goal:
        return goal(f"runs/{name}, {what}", value, target, "lower", judged)

    chunks = f"chunks of {store_engines.CHUNK // SMALLER:,} ÷ of {store_engines.CHUNK:,}"
    return [
        one("straight run ÷ raw limits", month.over_raw, RAW_MAX[name]),
        one("two phases ÷ straight", timings.ratio(TWO_PHASES, STRAIGHT), TWO_PHASES_MAX),
        one(chunks, timings.ratio(SMALL, STRAIGHT), SMALL_MAX),
        one("progress once a second, share of a core", month.poll, PROGRESS_MAX),
    ]


def _phases(months: Sequence[Month], accounts: int) -> Table:
    shown, bars = [], {}
    for month in months:
        name, bills = month.town.engine.name, month.cost.bills
        rows = month.cost.seconds | {"all phases": month.cost.whole}
        rows |= {"raw, rows in": month.raw.rows_in, "raw, determinants out": month.raw.rows_out}
        for what, seconds in rows.items():
            label = f"{name}, {what}"
            bars[label] = max(seconds, 1e-9) / bills * 1e9
            share = seconds / month.cost.whole
            shown.append([label, f"{bars[label]:,.0f}", f"{share:.0%}"])
        shown.append([f"{name}, all phases ÷ raw", f"{month.over_raw:.2f}", ""])
    title = f"A month-end run of {accounts:,} accounts, ns per bill"
    note = (
        f"Straight through, chunks of {store_engines.CHUNK:,}, in one process. Prepared: read, "
        "rate, pack; written: the rest, of which SQLite's one writer does all."
    )
    return Table(title, ("phase", "ns/bill", "share"), shown, note, bars)


def _curves(months: Sequence[Month], accounts: int) -> Table:
    shown = []
    for month in months:
        curve = month.cost.curve
        half = curve[len(curve) // 2]
        for done, seconds in (half, curve[-1]):
            each = seconds / done * 1e9
            shown.append([month.town.engine.name, f"{done:,.0f}", f"{seconds:.2f}", f"{each:,.0f}"])
    curves = {month.town.engine.name: month.cost.curve for month in months}
    title = f"A run of {accounts:,} accounts, seconds against accounts"
    headings = ("store", "accounts done", "processor s", "ns/bill so far")
    return Table(title, headings, shown, curves=curves)


def _variants(months: Sequence[Month], accounts: int) -> Table:
    shown, bars = [], {}
    for month in months:
        timings, walls = month.races.timings, month.races.walls
        for name in VARIANTS:
            label = f"{month.town.engine.name}, {name}"
            bars[label] = timings.ns(name)
            times = f"{timings.ratio(name, STRAIGHT):.2f}"
            faster = f"{walls.ratio(ONE, TWO):.2f}" if name == TWO else ""
            shown.append([label, f"{bars[label]:,.0f}", times, f"{walls.ns(name):,.0f}", faster])
    title = f"Ways to run {accounts:,} accounts, ns per bill"
    note = (
        f"Small chunks: {store_engines.CHUNK // SMALLER:,} accounts, others "
        f"{store_engines.CHUNK:,}. Medians of {len(months[0].races.cpu[STRAIGHT])} months; each "
        "variant has a part of the accounts, another one each month. Starting workers is not "
        "counted. Wall time tells something only where nothing else runs; meanwhile others kept "
        f"{_busy():.2f} cores busy."
    )
    headings = ("run", "processor", "÷ straight", "wall", "2 workers, times faster")
    return Table(title, headings, shown, note, bars)


def _busy() -> float:
    others = OthersBusy()
    time.sleep(0.5)
    return others.cores()


def _beside(months: Sequence[Month], accounts: int) -> Table:
    shown = []
    for month in months:
        name, bills = month.town.engine.name, month.cost.bills
        shown += [
            [f"{name}, bytes a bill, all tables", f"{month.grew / bills:,.0f}"],
            [f"{name}, most memory, MB", f"{month.peak / 1e6:,.0f}"],
            [f"{name}, asking for progress, µs", f"{month.poll * 1e6:,.0f}"],
            [f"{name}, verify, processor s of this process", f"{month.verified:,.1f}"],
        ]
    title = f"Beside a run of {accounts:,} accounts"
    note = "Bytes: what the store grew by, with the ledger's entry and the events."
    return Table(title, ("what", ""), shown, note)
