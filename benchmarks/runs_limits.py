"""The raw limits of a month-end run: the same bills in, what they are made from out, nothing else.

After each chunk of a run its bill rows go once more into a store that has nothing else, by the
server's own COPY or a prepare, bind, step loop in C; and one range scan a table reads what they
depend on, by COPY to /dev/null or a step loop in C. The scans name the columns that a bill needs
whatever the run reads, so a run that reads less is not measured against less.
"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.codegen import compiler
from benchmarks.race import NotExact
from benchmarks.runs_world import JUDGED, order
from benchmarks.store_engines import kinds_of
from benchmarks.store_limits import KEYS, CLoop, Memory, path_of
from benchmarks.store_world import Town, day_of
from billcore.core.billing.make import month_of_issue
from billcore.core.billing.runs.chunk import Task
from billcore.core.metering.readings import month_of
from billcore.core.store import bills as bill_rows
from billcore.core.store import providers
from billcore.core.store.open import open_store
from billcore.core.store.port import Store
from billcore.core.store.postgres_catalog import partition

READING = "account_id, meter_id, register_no, day, version, value, status, findings"

DETERMINANTS = (
    (
        "agreement",
        "account_id, agreement_no, cycle_no, from_day, until_day, tariff_no, attributes, "
        "changed_day",
        "",
    ),
    (
        "installation",
        "account_id, agreement_no, meter_id, register_no, from_day, until_day, quantity, digits, "
        "decimals, multiplier, multiplier_decimals, share_before, share, share_of",
        "",
    ),
    ("reading", READING, "month = {opening} AND"),
    ("reading", READING, "month = {closing} AND"),
    ("bill", "bill_id, this_day, recorded_at, closing, carried", "month = {billed} AND"),
    ("account_entry", "account_id, recorded_at, amount", ""),
)
"""One range scan each: table, columns, which of its months."""


@dataclass
class Raw:
    """Processor seconds of rows in and of determinants out."""

    rows_in: float = 0.0
    rows_out: float = 0.0

    @property
    def whole(self) -> float:
        """Both."""
        return self.rows_in + self.rows_out


@contextmanager
def limits(town: Town) -> Iterator[tuple[Raw, Callable[[Task], None]]]:
    """(what the raw limits took so far, what is called after each chunk of the judged run)."""
    wanted, found = order(town, JUDGED), Raw()
    months = _months(town)
    with (_postgres if town.engine.is_postgres else _sqlite)(town, months["issued"]) as raw:

        def after(task: Task) -> None:
            first, last = wanted.accounts(task.chunk)
            accounts = f"account_id BETWEEN {first} AND {last}"
            scans = [
                f"SELECT {columns} FROM {table} WHERE {when.format(**months)} {accounts}"
                for table, columns, when in DETERMINANTS
            ]
            rows_in, rows_out = raw(first, last, scans)
            found.rows_in += rows_in
            found.rows_out += rows_out

        yield found, after


def _months(town: Town) -> dict[str, int]:
    """The months of the judged run, as its tables number them."""
    with town.store.read() as reader:
        provider = providers.provider(reader, town.provider_id)
    assert provider is not None
    readings = month_of(np.array([day_of(JUDGED - 1), day_of(JUDGED)])).tolist()
    issued = [month_of_issue(provider, order(town, m).issued_day) for m in (JUDGED - 1, JUDGED)]
    return {
        "opening": readings[0],
        "closing": readings[1],
        "billed": issued[0],
        "issued": issued[1],
    }


RawChunk = Callable[[int, int, list[str]], tuple[float, float]]
"""(first, last account, scans) to the seconds of rows in, and of rows out."""


@contextmanager
def _postgres(town: Town, month: int) -> Iterator[RawChunk]:
    place, clock = partition("bill", month), town.engine.clock
    names, file = ", ".join(kinds_of(("bill",))["bill"]), town.engine.files / "raw.copy"
    with town.bare.write() as session:
        session.open_month(month)

    def raw(first: int, last: int, scans: list[str]) -> tuple[float, float]:
        rows = f"SELECT {names} FROM {place} WHERE account_id BETWEEN {first} AND {last}"
        with town.store.write() as session:
            session.run(f"COPY ({rows} ORDER BY {KEYS['bill']}) TO '{file}' (FORMAT BINARY)")
        start = clock()
        with town.bare.write() as session:
            session.run(f"COPY {place} ({names}) FROM '{file}' (FORMAT BINARY)")
        between = clock()
        with town.store.write() as session:
            for scan in scans:
                session.run(f"COPY ({scan}) TO '/dev/null' (FORMAT BINARY)")
        return between - start, clock() - between

    yield raw
    file.unlink(missing_ok=True)
    _check_same(town, town.bare, month)


@contextmanager
def _sqlite(town: Town, month: int) -> Iterator[RawChunk]:
    """In: as the store suite's loop, with the checkpoints of its log. Out: a process of its own,
    for two copies of SQLite in one would undo each other's locks."""
    loop, reader = CLoop.built(town.engine.files), _built_reader(town.engine.files)
    if loop is None or reader is None:
        raise NotExact("there is no C compiler, or no libsqlite3 with its header")
    clock, path = town.engine.clock, path_of(town.bare)
    names = tuple(kinds_of(("bill",))["bill"])
    marks = ", ".join("?" * len(names))
    sql = f"INSERT INTO bill ({', '.join(names)}) VALUES ({marks})"
    town.bare.close()
    database = loop.opened(path)

    def raw(first: int, last: int, scans: list[str]) -> tuple[float, float]:
        with town.store.read() as snapshot:
            columns = bill_rows.of_month(snapshot, month, first, last)
        memory = Memory(columns)
        start = clock()
        loop.fill(database, sql, memory)
        loop.checkpoint(database)
        rows_in = clock() - start
        command = [str(reader), path_of(town.store), *scans]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return rows_in, int(told) / 1e9

    try:
        yield raw
    finally:
        loop.close(database)
    again = open_store(town.bare.url)
    try:
        _check_same(town, again, month)
    finally:
        again.close()


def _check_same(town: Town, bare: Store, month: int) -> None:
    """Raises NotExact unless the bills of the month went in raw."""
    sql = "SELECT COUNT(*), CAST(SUM(total) AS BIGINT) FROM bill WHERE month = :month"
    found = []
    for store in (town.store, bare):
        with store.read() as reader:
            found.append(reader.row(sql, month=month))
    if found[0] != found[1]:
        raise NotExact(f"{found[1]} went in raw of {found[0]}")


C_READER = r"""
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <sqlite3.h>
static int64_t taken[1 << 16];
static char bytes[1 << 16];
/* path, queries: their processor time in nanoseconds */
int main(int argc, char **argv)
{
    sqlite3 *db;
    struct timespec from, to;
    if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, 0)) return 1;
    if (sqlite3_exec(db, "PRAGMA cache_size = -65536; BEGIN; SELECT 1 FROM sqlite_schema",
                     0, 0, 0)) return 2;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (int i = 2; i < argc; i++) {
        sqlite3_stmt *s;
        if (sqlite3_prepare_v2(db, argv[i], -1, &s, 0)) return 3;
        int columns = sqlite3_column_count(s), result;
        uint16_t at = 0;
        while ((result = sqlite3_step(s)) == SQLITE_ROW)
            for (int c = 0; c < columns; c++)
                if (sqlite3_column_type(s, c) == SQLITE_INTEGER) {
                    taken[at++] = sqlite3_column_int64(s, c);
                } else {
                    int size = sqlite3_column_bytes(s, c);
                    memcpy(bytes, sqlite3_column_blob(s, c), size < 65536 ? size : 65536);
                }
        if (result != SQLITE_DONE) return 4;
        sqlite3_finalize(s);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    printf("%lld\n", (to.tv_sec - from.tv_sec) * 1000000000LL + to.tv_nsec - from.tv_nsec);
    return 0;
}
"""


def _built_reader(folder: Path) -> Path | None:
    source, program = folder / "reader.c", folder / "reader"
    source.write_text(C_READER)
    command = [compiler(), "-O3", str(source), "-o", str(program), "-lsqlite3"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None
    return program
