"""The kernel `sqlite_columns`: what it refuses is an error of the statement, never a crash."""

from collections.abc import Iterator
from contextlib import closing

import apsw
import numpy as np
import pytest

from billcore.core.store.sqlite_bulk import load_extension
from billcore.ext.sqlite_columns import COLUMNS_IN_MAX, OPEN_MAX, Sink, Source

ALL = "SELECT c0 FROM billcore_columns(?)"
TAKE = "SELECT billcore_take(?, c0) FROM billcore_columns(?)"


@pytest.fixture
def connection() -> Iterator[apsw.Connection]:
    with closing(apsw.Connection(":memory:")) as connection:
        load_extension(connection)
        yield connection


@pytest.fixture
def source() -> Iterator[Source]:
    with Source([np.arange(3)]) as source:
        yield source


# fmt: off
WRONG = [  # a statement, its values
    ("SELECT c0 FROM billcore_columns",                  ()),
    ("SELECT c0 FROM billcore_columns(c0)",              ()),
    (ALL,                                                (0,)),
    (ALL,                                                (-1,)),
    (ALL,                                                (2**63 - 1,)),
    (ALL,                                                ("1",)),
    (ALL,                                                (b"\0" * 8,)),
    (ALL,                                                (None,)),
    (ALL,                                                (1.0,)),
    ("DELETE FROM billcore_columns",                     ()),
    ("INSERT INTO billcore_columns(c0) VALUES (1)",      ()),
    ("SELECT billcore_take()",                           ()),
    ("SELECT billcore_take(1, 2)",                       ()),
    ("SELECT billcore_take('1', 2)",                     ()),
    ("SELECT billcore_take(NULL)",                       ()),
]
# fmt: on


@pytest.mark.parametrize(("sql", "values"), WRONG)
def test_a_wrong_handle_is_an_error(connection, sql, values):
    """No number in a statement is an address."""
    with pytest.raises(apsw.Error):
        connection.execute(sql, values).fetchall()


def test_a_handle_of_the_other_kind_is_an_error(connection, source):
    """A sink is no source, a source no sink."""
    with Sink(["int"]) as sink:
        for sql, values in ((ALL, (sink.handle,)), (TAKE, (source.handle, source.handle))):
            with pytest.raises(apsw.SQLError):
                connection.execute(sql, values).fetchall()


def test_a_closed_handle_is_an_error(connection, source):
    """It is never given again; closing twice is once."""
    source.close()
    source.close()
    with Source([np.arange(5)]) as other:
        assert other.handle != source.handle
        with pytest.raises(apsw.SQLError, match=f"handle {source.handle}"):
            connection.execute(ALL, (source.handle,)).fetchall()


def test_a_source_in_use_stays_open(connection, source):
    """Closing it is refused while a statement is in its rows; a lost name is kept alive."""
    cursor = connection.execute(ALL, (source.handle,))
    assert next(cursor) == (0,)
    with pytest.raises(RuntimeError, match="still uses"):
        source.close()
    assert cursor.fetchall() == [(1,), (2,)]
    source.close()


def test_a_column_beyond_the_last_is_an_error(connection, source):
    """The table has room for more columns than the source."""
    with pytest.raises(apsw.SQLError, match="no column c1"):
        connection.execute("SELECT c0, c1 FROM billcore_columns(?)", (source.handle,)).fetchall()


def test_one_statement_fills_a_sink(connection, source):
    """A second one that fills it at the same time, or with other columns, is refused."""
    twice = "SELECT billcore_take(?1, c0), billcore_take(?1, c0 + 0) FROM billcore_columns(?2)"
    wide = "SELECT billcore_take(?, c0, c0) FROM billcore_columns(?)"
    for sql in (twice, wide):
        with Sink(["int"]) as sink, pytest.raises(apsw.SQLError):
            connection.execute(sql, (sink.handle, source.handle)).fetchall()
    with Sink(["int"]) as sink:
        assert connection.execute(TAKE, (sink.handle, source.handle)).get == 3
        assert np.frombuffer(sink.take()[0], np.int64).tolist() == [0, 1, 2]


def test_a_value_that_does_not_fit_is_told(connection):
    """Which column, which row, and why."""
    rows = "SELECT billcore_take(?, column1, column2) FROM (VALUES (1, 'a'), (2, {}))"
    for value, why in (("NULL", "null"), ("3", "type"), ("x'41'", "type"), ("1.5", "type")):
        with Sink(["int", "text"]) as sink:
            with pytest.raises(apsw.SQLError):
                connection.execute(rows.format(value), (sink.handle,)).fetchall()
            assert sink.failure == (why, 1, 1)


OFFSETS = np.array([0, 1, 3], np.int32)

# fmt: off
NO_SOURCES = [
    ("no columns",     []),
    ("too many",       [np.arange(1)] * (COLUMNS_IN_MAX + 1)),
    ("floats",         [np.ones(2)]),
    ("unsigned",       [np.ones(2, np.uint64)]),
    ("other bytes",    [np.ones(2, ">i4")]),
    ("steps",          [np.arange(4)[::2]]),
    ("two dims",       [np.ones((2, 2), np.int64)]),
    ("lengths",        [np.arange(2), np.arange(3)]),
    ("text lengths",   [np.arange(3), ("text", OFFSETS, b"abc")]),
    ("short data",     [("text", OFFSETS, b"ab")]),
    ("falling",        [("text", OFFSETS[::-1].copy(), b"abc")]),
    ("below zero",     [("bytes", OFFSETS - 1, b"abc")]),
    ("no offsets",     [("bytes", OFFSETS[:0], b"abc")]),
    ("wide offsets",   [("bytes", OFFSETS.astype(np.int64), b"abc")]),
    ("unknown kind",   [("word", OFFSETS, b"abc")]),
    ("no buffer",      [[1, 2]]),
]
# fmt: on


@pytest.mark.parametrize(
    "columns", [case[1] for case in NO_SOURCES], ids=[c[0] for c in NO_SOURCES]
)
def test_what_is_no_source(columns):
    """Types, lengths and offsets are checked when a source is made."""
    with pytest.raises((TypeError, ValueError, KeyError, BufferError)):
        Source(columns)


def test_handles_are_limited():
    """One more than OPEN_MAX is refused, and room comes back."""
    kept = []
    with pytest.raises(RuntimeError, match=f"{OPEN_MAX} handles"):
        kept.extend(Source([np.arange(1)]) for _ in range(OPEN_MAX + 1))
    with pytest.raises(RuntimeError):
        Sink(["int"])
    for source in kept:
        source.close()
    Sink(["int"]).close()
