"""The port: what a store offers. SQLite and PostgreSQL are behind it; nobody else knows them.

Statements are plain SQL in the subset that both engines share, with `:name` for values. A row is a
tuple of int, str and bytes; columns are numpy integers and Arrow texts or bytes. No value is null:
an open end is OPEN_DAY, a text that is not known is ''. Every method raises the errors of
`core.errors` that end in Store… names, never an engine's own.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from typing import Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

OPEN_DAY = 2**31 - 1
"""The last day of what has no end."""

Value = int | str | bytes
Row = tuple[Value, ...]

Ints = npt.NDArray[np.signedinteger]
Column: TypeAlias = Ints | pa.StringArray | pa.BinaryArray
"""Integers of any width; texts; bytes. One length per table, no nulls."""

Columns = Mapping[str, Column]


class Kind(Enum):
    """What a fetched column holds: int64, text or bytes, the same on every engine."""

    INT = "int"
    TEXT = "text"
    BYTES = "bytes"


class Session(Protocol):
    """One transaction on one connection; used by one thread."""

    def run(self, sql: str, /, **values: Value) -> int:
        """Runs a statement; how many rows it inserted, changed or deleted."""

    def rows(self, sql: str, /, **values: Value) -> list[Row]:
        """All rows of a query or of a RETURNING clause."""

    def row(self, sql: str, /, **values: Value) -> Row | None:
        """The first row, or None."""

    def insert(
        self, table: str, columns: Columns, existing: Literal["refuse", "skip"] = "refuse"
    ) -> int:
        """Inserts columns as rows; how many were new.

        `existing` says what becomes of a row whose key is there: StoreConflict, or it is left
        as it is. Integers beyond the table's column are refused (StoreValueInvalid), and so are
        columns of different lengths, unknown or missing columns.
        """

    def fetch(self, sql: str, kinds: Mapping[str, Kind], /, **values: Value) -> dict[str, Column]:
        """The columns of a query in its order, named and typed by `kinds`; integers as int64."""

    def among(
        self, sql: str, kinds: Mapping[str, Kind], keys: Column, /, **values: Value
    ) -> dict[str, Column]:
        """As `fetch`, of a query with `IN (:keys)`: keys are integers or texts, thousands of them.

        Few keys are faster as values of their own (`listed`).
        """

    def together(self, rows: int) -> AbstractContextManager[None]:
        """A block whose inserts and `run` statements need not wait for each other, where they
        write no more rows than so many: none tells how many rows are new or changed, and what is
        wrong with one of them is raised at the end of the block at the latest.
        """

    def open_month(self, month: int) -> None:
        """Makes room for rows of a month in the tables that are kept by month."""

    def hold(self, buckets: Sequence[int], alone: bool) -> None:
        """Waits for a turn in each of these numbered buckets, until the transaction ends.

        Any number of transactions hold a bucket together, or one alone. What others committed in
        their turns is seen by the statements that follow. Deadlocks are StoreBusy.
        """

    def define(self, sql: str, /) -> None:
        """Runs one statement of a migration: PostgreSQL's words, of the subset that both have."""

    def tables(self) -> set[str]:
        """The names of the tables that are there, without the engine's own and partitions."""


class Reader(Protocol):
    """The reading half of a session: one snapshot, whatever is committed meanwhile."""

    def rows(self, sql: str, /, **values: Value) -> list[Row]:
        """As in Session."""

    def row(self, sql: str, /, **values: Value) -> Row | None:
        """As in Session."""

    def fetch(self, sql: str, kinds: Mapping[str, Kind], /, **values: Value) -> dict[str, Column]:
        """As in Session."""

    def among(
        self, sql: str, kinds: Mapping[str, Kind], keys: Column, /, **values: Value
    ) -> dict[str, Column]:
        """As in Session."""


class ReadStore(Protocol):
    """The reading half of a store."""

    def read(self) -> AbstractContextManager[Reader]:
        """A snapshot that writes nothing."""

    def close(self) -> None:
        """Gives back every connection; sessions must have ended."""


class Store(Protocol):
    """A database of billcore. Safe for threads; a session is not.

    shared: whether other processes may write too; if not, they may read (`open_reader`).
    """

    url: str
    shared: bool

    def write(self) -> AbstractContextManager[Session]:
        """A transaction: committed durably when the block ends, rolled back when it raises."""

    def read(self) -> AbstractContextManager[Reader]:
        """A snapshot that writes nothing."""

    def close(self) -> None:
        """Gives back every connection and lock; sessions must have ended."""
