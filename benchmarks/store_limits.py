"""Bulk inserts against the raw limits: the server's own COPY, executemany, a loop in C.

The rows are those of bills and of readings, in the order of their keys, in transactions of CHUNK
rows. PostgreSQL's contender reads from files what our insert sends: the same rows into the same
partition, without a client. SQLite's are apsw's executemany in the store's own connection and a
prepare, bind, step loop in C with the system's libsqlite3.
"""

import ctypes
import ctypes.util
import subprocess
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.codegen import compiler
from benchmarks.race import NotExact
from benchmarks.report import Goal, Table, goal
from benchmarks.store_engines import CHUNK, Contender, Engine, chunked, kinds_of, raced
from benchmarks.timing import Timings
from billcore.core.ids import BILL_BITS, owned_id
from billcore.core.store.open import open_store
from billcore.core.store.port import Columns, Kind, Store
from billcore.core.store.postgres_catalog import partition

ROWS_MAX = 500_000
"""More rows take longer and tell no more."""

MONTH = 1416
KEYS = {
    "bill": "month, account_id, kind, ordinal, version",
    "reading": "month, account_id, meter_id, register_no, day, version",
}
LINES_BYTES, INPUTS_BYTES = 56, 48
"""Packed lines and inputs of a bill of four lines and two inputs (core/billing/charges/packing)."""

COPY_TARGET, MANY_TARGET = 0.85, 2.5
INSERT, COPY, MANY, LOOP = "insert()", "server-side COPY", "apsw executemany", "C bind and step"


def bills(rows: int) -> Columns:
    """Rows of `bill`, one an account."""
    draw = np.random.default_rng(1)
    account = owned_id(1, 1) + np.arange(rows)
    total = draw.integers(1_000, 2_000_000, rows)
    opening = draw.integers(-50_000, 500_000, rows)
    same = {
        "month": MONTH,
        "kind": 0,
        "ordinal": 0,
        "version": 0,
        "entry_id": 2**60 + 12_345,
        "issued_day": 736_360,
        "due_day": 736_375,
        "recorded_at": 1_487_000_000_000_000,
    }
    return {name: np.full(rows, value, dtype=np.int64) for name, value in same.items()} | {
        "account_id": account,
        "bill_id": account << BILL_BITS,
        "previous_day": 736_340 + draw.integers(-5, 5, rows),
        "this_day": 736_370 + draw.integers(-5, 5, rows),
        "opening": opening,
        "total": total,
        "closing": opening + total,
        "lines": _blobs(draw, rows, LINES_BYTES),
        "inputs": _blobs(draw, rows, INPUTS_BYTES),
        "carried": _blobs(draw, rows, 0),
    }


def readings(rows: int) -> Columns:
    """Rows of `reading`, one an account."""
    draw = np.random.default_rng(2)
    same = {
        "month": MONTH,
        "register_no": 1,
        "version": 1,
        "source": 1,
        "status": 1,
        "findings": 0,
        "client_id": 7,
        "recorded_at": 1_487_000_000_000_000,
    }
    ids = owned_id(1, 1) + np.arange(rows)
    return {name: np.full(rows, value, dtype=np.int64) for name, value in same.items()} | {
        "account_id": ids,
        "meter_id": ids,
        "day": 736_370 + draw.integers(-5, 5, rows),
        "value": draw.integers(0, 10**8, rows),
    }


def _blobs(draw: np.random.Generator, rows: int, width: int) -> pa.BinaryArray:
    offsets = np.arange(rows + 1, dtype=np.int32) * width
    data = draw.integers(0, 256, rows * width, dtype=np.uint8)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.BinaryArray.from_buffers(pa.binary(), rows, buffers)


ROWS_OF: dict[str, Callable[[int], Columns]] = {"bill": bills, "reading": readings}


def measured(
    pair: Sequence[Engine], rows: int, rounds: int, judged: bool
) -> tuple[Table, list[Goal]]:
    """Every contender of both engines on rows of both tables, ROWS_MAX at most."""
    rows = min(rows, ROWS_MAX)
    shown: list[list[str]] = []
    bars: dict[str, float] = {}
    goals: list[Goal] = []
    for table, made in ROWS_OF.items():
        columns = made(rows)
        for engine in pair:
            race = _postgres if engine.is_postgres else _sqlite
            timings = race(engine, table, columns, min(rounds, 3))
            for name in timings.seconds:
                label = f"{engine.name}, {table}: {name}"
                bars[label] = timings.ns(name)
                times = timings.ratio(name, INSERT)
                shown.append([label, f"{1e9 / timings.ns(name):,.0f}", f"{bars[label]:,.0f}"])
                shown[-1].append(f"{times:.2f}")
            goals.append(_goal(engine, table, timings, judged))
    note = (
        "Processor time: PostgreSQL of client and backend, SQLite of the thread that writes; "
        f"transactions of {CHUNK:,} rows."
    )
    headings = ("rows", "rows/s", "ns/row", "time ÷ that of insert()")
    return Table(f"Bulk insert, {rows:,} rows, ns per row", headings, shown, note, bars), goals


def _goal(engine: Engine, table: str, timings: Timings, judged: bool) -> Goal:
    if engine.is_postgres:
        share = timings.ratio(COPY, INSERT)
        name = f"store/PostgreSQL, {table} rows, insert() as share of a server-side COPY"
        return goal(name, share, COPY_TARGET, "higher", judged)
    times = timings.ratio(MANY, INSERT)
    name = f"store/SQLite, {table} rows, insert() times faster than executemany"
    return goal(name, times, MANY_TARGET, "higher", judged)


def check_rows(store: Store, table: str, expected: Columns) -> None:
    """Raises NotExact unless a table has these rows and no others."""
    kinds = kinds_of((table,))[table]
    with store.read() as reader:
        sql = f"SELECT {', '.join(kinds)} FROM {table} ORDER BY {KEYS[table]}"
        found = reader.fetch(sql, kinds)
    for name, kind in kinds.items():
        have, want = found[name], expected[name]
        same = np.array_equal(have, want) if kind is Kind.INT else have.equals(want)
        if not same:
            raise NotExact(f"{table}.{name} is not what was inserted")


# -- PostgreSQL


def _postgres(engine: Engine, table: str, columns: Columns, rounds: int) -> Timings:
    store, place = engine.fresh(), partition(table, MONTH)
    with store.write() as session:
        session.open_month(MONTH)
    chunks, names = chunked(columns), ", ".join(kinds_of((table,))[table])
    files = [engine.files / f"{table}-{number}.copy" for number in range(len(chunks))]
    _insert(table, chunks, store)
    with store.write() as session:
        for file, chunk in zip(files, chunks, strict=True):
            first, last = (int(chunk["account_id"][at]) for at in (0, -1))
            rows = f"SELECT {names} FROM {place} WHERE account_id BETWEEN {first} AND {last}"
            session.run(f"COPY ({rows} ORDER BY {KEYS[table]}) TO '{file}' (FORMAT BINARY)")

    def prepare() -> Store:
        with store.write() as session:
            session.run(f"TRUNCATE {table}")
        return store

    def copy(_: object) -> None:
        for file in files:
            with store.write() as session:
                session.run(f"COPY {place} ({names}) FROM '{file}' (FORMAT BINARY)")

    def check(_: object) -> None:
        check_rows(store, table, columns)

    contenders = {
        INSERT: Contender(prepare, partial(_insert, table, chunks), _nothing, check),
        COPY: Contender(prepare, copy, _nothing, check),
    }
    try:
        return raced(contenders, len(columns["account_id"]), rounds, engine.clock)
    finally:
        prepare()
        store.close()
        for file in files:
            file.unlink()


def _insert(table: str, chunks: Sequence[Columns], store: Store) -> None:
    for chunk in chunks:
        with store.write() as session:
            session.insert(table, chunk)


def _nothing(_: object) -> None:
    """What is left is emptied by the next run."""


# -- SQLite


def _sqlite(engine: Engine, table: str, columns: Columns, rounds: int) -> Timings:
    """Times the thread that writes: checkpoints, a thread of the store's own, are not inserts."""
    chunks = chunked(columns)
    names = tuple(columns)
    marks = ", ".join("?" * len(names))
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
    check = partial(check_rows, table=table, expected=columns)

    def many(store: object) -> None:
        for chunk in chunks:
            with store.write() as session:
                session._used.connection.executemany(sql, python_rows(chunk))

    contenders = {
        INSERT: Contender(engine.fresh, partial(_insert, table, chunks), _closed, check),
        MANY: Contender(engine.fresh, many, _closed, check),
    }
    loop = CLoop.built(engine.files)
    if loop is not None:
        contenders[LOOP] = loop.contender(engine, sql, chunks, check)
    return raced(contenders, len(columns["account_id"]), rounds, time.thread_time)


def python_rows(columns: Columns) -> zip:
    lists = [c.tolist() if isinstance(c, np.ndarray) else c.to_pylist() for c in columns.values()]
    return zip(*lists, strict=True)


def path_of(store: Store) -> str:
    """Of the file of an SQLite store."""
    return store.url.removeprefix("sqlite:///")


def _closed(store: Store) -> None:
    store.close()
    for end in ("", "-wal", "-shm", ".lock"):
        Path(path_of(store) + end).unlink(missing_ok=True)


C_LOOP = r"""
#include <stdint.h>
#include <sqlite3.h>
static const char *setup[] = {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 0", "PRAGMA cache_size = -65536", 0};
sqlite3 *opened(const char *path)
{
    sqlite3 *db;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, 0)) return 0;
    for (int i = 0; setup[i]; i++)
        if (sqlite3_exec(db, setup[i], 0, 0, 0)) return 0;
    return db;
}
void closed(sqlite3 *db) { sqlite3_close(db); }
void checkpointed(sqlite3 *db)
{
    sqlite3_wal_checkpoint_v2(db, 0, SQLITE_CHECKPOINT_PASSIVE, 0, 0);
}
/* ends[c]: null where column c has integers of 64 bits, else the borders of its blobs */
int filled(sqlite3 *db, const char *sql, int columns, void **data, int32_t **ends, int64_t rows)
{
    sqlite3_stmt *s;
    if (sqlite3_exec(db, "BEGIN IMMEDIATE", 0, 0, 0)) return 1;
    if (sqlite3_prepare_v2(db, sql, -1, &s, 0)) return 2;
    for (int64_t r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++)
            if (ends[c])
                sqlite3_bind_blob(s, c + 1, (char *)data[c] + ends[c][r],
                                  ends[c][r + 1] - ends[c][r], SQLITE_STATIC);
            else
                sqlite3_bind_int64(s, c + 1, ((int64_t *)data[c])[r]);
        if (sqlite3_step(s) != SQLITE_DONE) return 3;
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    return sqlite3_exec(db, "COMMIT", 0, 0, 0) ? 4 : 0;
}
"""


class CLoop:
    """The loop, compiled; a store is closed while it has the file."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        library.opened.restype = ctypes.c_void_p
        library.closed.argtypes = library.checkpointed.argtypes = (ctypes.c_void_p,)
        library.filled.argtypes = (
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_int,
            ctypes.c_void_p,
            ctypes.c_void_p,
            ctypes.c_int64,
        )

    @classmethod
    def built(cls, folder: Path) -> "CLoop | None":
        """None where the compiler, libsqlite3 or its header is missing."""
        source, library = folder / "loop.c", folder / "loop.so"
        source.write_text(C_LOOP)
        try:
            flags = ("-O3", "-shared", "-fPIC", str(source), "-o", str(library), "-lsqlite3")
            subprocess.run([compiler(), *flags], check=True, capture_output=True)
        except (FileNotFoundError, subprocess.CalledProcessError):
            return None
        return cls(ctypes.CDLL(str(library)))

    def opened(self, path: str) -> int:
        """A database; others may not have it in this process meanwhile."""
        database: int = self._library.opened(path.encode())
        return database

    def close(self, database: int) -> None:
        """Ends what `opened` began."""
        self._library.closed(database)

    def checkpoint(self, database: int) -> None:
        """Moves the log into the database."""
        self._library.checkpointed(database)

    def fill(self, database: int, sql: str, memory: "Memory") -> None:
        """Runs an insert for each row of columns, in a transaction."""
        result = self._library.filled(
            database, sql.encode(), len(memory.data), memory.data, memory.ends, memory.rows
        )
        if result:
            raise NotExact(f"the C loop failed at step {result}")

    def contender(
        self, engine: Engine, sql: str, chunks: Sequence[Columns], check: Callable[[Store], None]
    ) -> Contender:
        """Inserts chunks into a file that the store has made; opened again to be checked."""
        memory = [Memory(chunk) for chunk in chunks]
        at: dict[str, int] = {}

        def prepare() -> Store:
            store = engine.fresh()
            store.close()
            at["db"] = self.opened(path_of(store))
            return store

        def run(_: object) -> None:
            for one in memory:
                self.fill(at["db"], sql, one)

        def close() -> None:
            if at.get("db"):
                self.close(at.pop("db"))

        def compare(store: Store) -> None:
            close()
            again = open_store(store.url)
            try:
                check(again)
            finally:
                again.close()

        def undo(store: Store) -> None:
            close()
            _closed(store)

        return Contender(prepare, run, undo, compare)


class Memory:
    """Addresses of a chunk's columns; keeps what they point at."""

    def __init__(self, columns: Columns) -> None:
        self.rows = len(next(iter(columns.values())))
        parts = [_addresses(column) for column in columns.values()]
        self._kept = parts
        self.data = (ctypes.c_void_p * len(parts))(*(data.ctypes.data for data, _ in parts))
        ends = (None if ends is None else ends.ctypes.data for _, ends in parts)
        self.ends = (ctypes.c_void_p * len(parts))(*ends)


def _addresses(column: np.ndarray | pa.BinaryArray) -> tuple[np.ndarray, np.ndarray | None]:
    if isinstance(column, np.ndarray):
        return np.ascontiguousarray(column, dtype=np.int64), None
    _, offsets, data = column.buffers()
    borders = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(data or b"\0", np.uint8), borders.copy()
