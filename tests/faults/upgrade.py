"""A schema of many migrations that take their time, and a process that applies them.

python -m tests.faults.upgrade URL [wait]    # wait: until a line is read
"""

import sys

from billcore.core.store.migrate import TABLE, Migration, migrate
from billcore.core.store.open import open_store
from billcore.core.store.port import Session, Store

COUNT = 20
ROWS = 2000


def _steps(number: int) -> tuple[str, ...]:
    """A table by month and one beside it, filled, altered and indexed."""
    return (
        f"""CREATE TABLE t{number} (
    id INTEGER NOT NULL, month INTEGER NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (month, id)
) PARTITION BY LIST (month)""",
        f"CREATE TABLE u{number} (id INTEGER NOT NULL PRIMARY KEY, value BIGINT NOT NULL)",
        f"""INSERT INTO u{number} (id, value)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
SELECT i, i * {number} FROM n""",
        f"ALTER TABLE u{number} ADD COLUMN name TEXT NOT NULL DEFAULT 'x'",
        f"CREATE INDEX u{number}_value ON u{number} (value, name)",
        f"UPDATE u{number} SET value = value + 1",
    )


KNOWN = tuple(Migration(n, f"step {n}", _steps(n)) for n in range(1, COUNT + 1))


def applied(session: Session) -> int:
    """How many migrations a store has: each wholly, and nothing of the next one."""
    tables = session.tables()
    if not tables:
        return 0
    rows = session.rows(f"SELECT number, checksum FROM {TABLE} ORDER BY number")
    assert rows == [(m.number, m.checksum) for m in KNOWN[: len(rows)]]
    wanted = {name for m in KNOWN[: len(rows)] for name in (f"t{m.number}", f"u{m.number}")}
    assert tables == wanted | {TABLE}
    for migration in KNOWN[: len(rows)]:
        filled = f"SELECT COUNT(*), MAX(value) FROM u{migration.number} WHERE name = 'x'"
        assert session.row(filled) == (ROWS, ROWS * migration.number + 1)
    return len(rows)


def have(store: Store) -> int:
    """As `applied`, of a store."""
    with store.write() as session:
        return applied(session)


def main() -> None:
    store = open_store(sys.argv[1])
    print("open", flush=True)
    if "wait" in sys.argv:
        sys.stdin.readline()
    migrate(store, 0, KNOWN, lambda done: print(done.number, flush=True))
    store.close()


if __name__ == "__main__":
    main()
