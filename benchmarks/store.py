"""The store suite: both engines beside the raw limits of what they stand on, and the books on them.

Goals: bulk inserts against what the database itself can take, loading, determinants, single
balances, bills and `verify` over as many accounts as a million. Everything is compared with what
was given before its time counts. Non-goals: posting many payments at once, and several clients.
"""

from collections.abc import Callable, Sequence

from benchmarks import store_books, store_limits, store_reads, store_world
from benchmarks.report import Goal, Section, Table
from benchmarks.store_engines import Engine, engines

SUITE = "store"
ROWS = (1_000_000,)
ROWS_JUDGED = 1_000_000
Say = Callable[[str], None]

REMARKS = (
    "Both stores are durable: PostgreSQL with fsync and full_page_writes, SQLite with "
    "synchronous=FULL. Processor time counts what this process and the server's backends used; "
    "PostgreSQL's own helpers (checkpoints, the writer of its log) are left out.",
    "The bulk inserts are medians of three rounds in turning order; the rest is done once, chunk "
    "by chunk, each chunk followed by its raw counterpart.",
)


def run(rows: Sequence[int] = ROWS, rounds: int = 9, say: Say = print) -> Section:
    tables: list[Table] = []
    goals: list[Goal] = []
    for n in rows:
        say(f"store: {n:,} accounts")
        some, judged = measured(n, rounds, say)
        tables += some
        goals = judged if n == max(rows) else goals
    return Section(SUITE, tables, goals, REMARKS)


def measured(rows: int, rounds: int, say: Say) -> tuple[list[Table], list[Goal]]:
    """All tables of one size; the stores are made for it and removed."""
    judged = rows >= ROWS_JUDGED
    with engines() as pair:
        say("store: bulk inserts")
        limits, goals = store_limits.measured(pair, rows, rounds, judged)
        tables, more = _town(pair, rows, judged, say)
    return [limits, *tables], [*goals, *more]


def _town(
    pair: tuple[Engine, Engine], accounts: int, judged: bool, say: Say
) -> tuple[list[Table], list[Goal]]:
    towns = [store_world.founded(engine, accounts) for engine in pair]
    for town in towns:
        store_world.loaded(town, say)
    say("store: determinants")
    determined = store_reads.determined(towns)
    billed = store_books.billed(towns, say)
    verified, goals = store_books.verified(towns, judged, say)
    say("store: single accounts")
    single = store_reads.single(towns)
    return [store_world.table(towns), determined, single, billed, verified], goals
