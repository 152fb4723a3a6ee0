"""A consumer's own file: how far it has come, and what it knows. SQLite, of Python itself."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

SCHEMA = """
CREATE TABLE IF NOT EXISTS place (
    one INTEGER PRIMARY KEY CHECK (one = 1), through INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS handled (
    event_id INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (event_id, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS balance (account_id INTEGER PRIMARY KEY, amount INTEGER NOT NULL);
"""


class Place:
    """The file. `together` is one transaction: all of it is kept, or nothing."""

    def __init__(self, path: str) -> None:
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.executescript("PRAGMA synchronous = FULL;" + SCHEMA)

    @contextmanager
    def together(self) -> Iterator[None]:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")

    def through(self) -> int | None:
        """The sequence up to which everything is handled; None: the file is new."""
        row = self._file.execute("SELECT through FROM place").fetchone()
        return None if row is None else int(row[0])

    def move(self, through: int) -> None:
        self._file.execute("INSERT OR REPLACE INTO place VALUES (1, ?)", (through,))

    def is_handled(self, event_id: int, number: int) -> bool:
        asked = "SELECT 1 FROM handled WHERE event_id = ? AND number = ?"
        return self._file.execute(asked, (event_id, number)).fetchone() is not None

    def handled(self, event_id: int, number: int) -> None:
        """From now on what an event has to say is done with; number: which of it, from 0."""
        self._file.execute("INSERT OR IGNORE INTO handled VALUES (?, ?)", (event_id, number))

    def add(self, amounts: Iterable[tuple[int, int]]) -> None:
        """Adds amounts to the balances of accounts: (account, amount)."""
        self._file.executemany(
            "INSERT INTO balance VALUES (?, ?) "
            "ON CONFLICT (account_id) DO UPDATE SET amount = amount + excluded.amount",
            amounts,
        )

    def balances(self) -> dict[int, int]:
        return dict(self._file.execute("SELECT account_id, amount FROM balance"))

    def close(self) -> None:
        self._file.close()
