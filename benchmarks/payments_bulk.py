"""A file of payments, one an account in random order, and which bills they pay.

The intake posts it chunk by chunk; then every account's documents are read and folded, oldest
first. After each chunk the rows of orders and of account entries that it wrote go once more, raw,
into a store that has nothing else: by the server's own COPY from a file, or apsw's executemany;
our own `insert()` of them is shown beside. What must be open is known from how the amounts were
drawn: a payment pays the older bill and less than half of the newer.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from benchmarks import store_engines
from benchmarks.payments_world import BILLED, Payers, bills, check_posted
from benchmarks.race import NotExact
from benchmarks.runs_world import phased, ranges
from benchmarks.store_engines import kinds_of
from benchmarks.store_limits import python_rows
from benchmarks.store_world import Town
from billcore.core.ids import owned_id
from billcore.core.ledger.allocation.documents import Documents, Kind
from billcore.core.ledger.allocation.kernel import fold
from billcore.core.payments.codes import Code
from billcore.core.payments.intake import books, post
from billcore.core.payments.intake.post import Posted
from billcore.core.store import ledger as ledger_rows
from billcore.core.store import payments as payment_rows
from billcore.core.store.port import Columns, Store
from billcore.core.store.port import Kind as ColumnKind

ENTRIES = """SELECT account_id, amount, day, recorded_at FROM account_entry
WHERE account_id BETWEEN :first AND :last"""

TABLES = ("payment_order", "account_entry")
RAW, INSERT = "raw", "insert()"

PARTS = (
    (post, "look", "look up, check"),
    (payment_rows, "add", "orders"),
    (ledger_rows, "add_account_entries", "account entries"),
    (books, "tell_documents", "events"),
    (post, "post", "post"),
)
"""What the intake calls, by what it is timed as; `post` has the others inside."""


@dataclass
class Bulk:
    """Processor seconds by phase; of the raw inserts of the same rows; how many payments."""

    payments: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    raw: float = 0.0
    insert: float = 0.0

    @property
    def whole(self) -> float:
        """All phases."""
        return sum(self.seconds.values())

    def add(self, phase: str, seconds: float) -> None:
        """More of a phase."""
        self.seconds[phase] = self.seconds.get(phase, 0.0) + seconds


def bulk(payers: Payers) -> Bulk:
    """Posts a payment of every account that has paid nothing, and folds what they pay."""
    town, found = payers.town, Bulk()
    draw = np.random.default_rng(54)
    owed, paid = _drawn(town, draw)
    order = draw.permutation(town.accounts)
    with _raw(town) as raw:
        for start in range(0, town.accounts, store_engines.CHUNK):
            rows = order[start : start + store_engines.CHUNK]
            told = payers.payments(rows + 1, paid[rows])
            written = _posted(payers, told, found)
            payers.told += len(rows)
            payers.amount += int(paid[rows].sum())
            costs = raw(written)
            found.raw += costs[RAW]
            found.insert += costs[INSERT]
    check_posted(payers)
    _allocated(town, owed, paid, found)
    return found


def _drawn(town: Town, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """What each account owes, (bills, accounts), and what it pays."""
    first, last = owned_id(town.provider_id, 1), owned_id(town.provider_id, town.accounts)
    with town.store.read() as reader:
        owed = np.stack([bills(reader, town, month, first, last)["total"] for month in BILLED])
    return owed, owed[0] + draw.integers(0, owed[1] // 2)


def _posted(payers: Payers, told: object, found: Bulk) -> dict[str, Columns]:
    """Posts a chunk; the rows that it wrote."""
    town, clock = payers.town, payers.town.engine.clock
    start = clock()
    with phased(clock, PARTS) as spent:
        with town.store.write() as session:
            done: Posted = post.post(session, payers.intake, told)  # type: ignore[arg-type]
        whole = clock() - start
    if (done.code != Code.OK).any():
        raise NotExact(f"refused: {done.error(int(np.argmax(done.code != Code.OK)))}")
    found.payments += len(done.code)
    inner = [name for _, _, name in PARTS[:-1]]
    for name in inner:
        found.add(name, spent.get(name, 0.0))
    found.add("rest of posting", spent["post"] - sum(spent.get(name, 0.0) for name in inner))
    found.add("commit", whole - spent["post"])
    return _written(town, int(done.orders["recorded_at"][0]))


def _written(town: Town, recorded_at: int) -> dict[str, Columns]:
    found: dict[str, Columns] = {}
    for table, kinds in kinds_of(TABLES).items():
        sql = f"SELECT {', '.join(kinds)} FROM {table} WHERE recorded_at = :recorded_at"
        with town.store.read() as reader:
            found[table] = reader.fetch(sql, kinds, recorded_at=recorded_at)
    return found


# -- allocation


def _allocated(town: Town, owed: np.ndarray, paid: np.ndarray, found: Bulk) -> None:
    clock, first_of_all = town.engine.clock, owned_id(town.provider_id, 1)
    for first, last in ranges(town):
        start = clock()
        documents = _documents(town, first, last)
        read = clock()
        left = fold(documents).open
        found.add("read documents", read - start)
        found.add("allocate", clock() - read)
        rows = slice(first - first_of_all, last - first_of_all + 1)
        wanted = np.stack([np.zeros_like(paid[rows]), owed[:, rows].sum(axis=0) - paid[rows]])
        debits = documents.kind == Kind.DEBIT
        if not np.array_equal(left[debits].reshape(-1, 2).T, wanted) or left[~debits].any():
            raise NotExact(f"accounts {first} to {last}: other amounts are open")


def _documents(town: Town, first: int, last: int) -> Documents:
    """The bills and account entries of a range, in the order of the fold."""
    with town.store.read() as reader:
        issued = [bills(reader, town, month, first, last) for month in BILLED]
        kinds = dict.fromkeys(("account_id", "amount", "day", "recorded_at"), ColumnKind.INT)
        entries = reader.fetch(ENTRIES, kinds, first=first, last=last)
    parts = {
        "account": [one["account_id"] for one in issued] + [entries["account_id"]],
        "amount": [one["total"] for one in issued] + [entries["amount"]],
        "day": [one["due_day"] for one in issued] + [entries["day"]],
        "recorded_at": [one["recorded_at"] for one in issued] + [entries["recorded_at"]],
    }
    columns = {name: np.concatenate(some) for name, some in parts.items()}
    order = np.lexsort((columns.pop("recorded_at"), columns["account"]))
    account, amount, day = (columns[name][order] for name in ("account", "amount", "day"))
    kind = np.where(amount < 0, int(Kind.CREDIT), int(Kind.DEBIT))
    return Documents(account, kind, np.abs(amount), day)


# -- raw

RawChunk = Callable[[Mapping[str, Columns]], dict[str, float]]
"""Rows by table to the processor seconds of each way to insert them."""


@contextmanager
def _raw(town: Town) -> Iterator[RawChunk]:
    """Two bare stores that hold the same rows at the end, one for each way."""
    bare = {RAW: town.bare, INSERT: town.engine.fresh()}
    way = _copied if town.engine.is_postgres else _many
    ways: dict[str, Callable[[Store, str, Columns], Callable[[], None]]] = {
        RAW: partial(way, town),
        INSERT: _inserted,
    }

    def raw(written: Mapping[str, Columns]) -> dict[str, float]:
        costs = dict.fromkeys(ways, 0.0)
        for table, columns in written.items():
            for name, prepare in ways.items():
                job = prepare(bare[name], table, columns)
                start = town.engine.clock()
                job()
                costs[name] += town.engine.clock() - start
        return costs

    yield raw
    wanted = _counted(town.store)
    for name, store in bare.items():
        if _counted(store) != wanted:
            raise NotExact(f"{name}: {_counted(store)} rows and amounts, not {wanted}")
    bare[INSERT].close()


def _counted(store: Store) -> list[int]:
    """How many rows of each table, and the sum of their amounts."""
    found: list[int] = []
    for table in TABLES:
        sql = f"SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM {table}"
        with store.read() as reader:
            found += [int(one) for row in reader.rows(sql) for one in row]
    return found


def _inserted(store: Store, table: str, columns: Columns) -> Callable[[], None]:
    def job() -> None:
        with store.write() as session:
            session.insert(table, columns)

    return job


def _copied(town: Town, store: Store, table: str, columns: Columns) -> Callable[[], None]:
    """By the server's own COPY, of a file that another COPY has written."""
    names, file = ", ".join(columns), town.engine.files / "raw.copy"
    recorded_at = int(columns["recorded_at"][0])  # type: ignore[arg-type]
    with town.store.write() as session:
        rows = f"SELECT {names} FROM {table} WHERE recorded_at = {recorded_at}"
        session.run(f"COPY ({rows}) TO '{file}' (FORMAT BINARY)")

    def job() -> None:
        with store.write() as session:
            session.run(f"COPY {table} ({names}) FROM '{file}' (FORMAT BINARY)")

    return job


def _many(_: Town, store: Store, table: str, columns: Columns) -> Callable[[], None]:
    """By executemany in the store's own connection; its Python values are made before."""
    marks = ", ".join("?" * len(columns))
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
    rows = list(python_rows(columns))

    def job() -> None:
        with store.write() as session:
            session._used.connection.executemany(sql, rows)  # type: ignore[attr-defined]

    return job
