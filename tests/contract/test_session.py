"""The contract of the port: every method, the same expectations of each engine."""

import threading
from contextlib import ExitStack
from itertools import product

import numpy as np
import pyarrow as pa
import pytest

from billcore.core.errors import BillcoreError
from billcore.core.store.errors import (
    SchemaMissing,
    SchemaUnknown,
    StoreConflict,
    StoreUnavailable,
    StoreValueInvalid,
)
from billcore.core.store.migrate import Migration, check_schema, migrate, migrations
from billcore.core.store.open import open_store
from billcore.core.store.port import Columns, Kind, Store

LO16, HI16 = -(2**15), 2**15 - 1
LO32, HI32 = -(2**31), 2**31 - 1
LO64, HI64 = -(2**63), 2**63 - 1

THING = {
    "id": Kind.INT,
    "small": Kind.INT,
    "word": Kind.INT,
    "name": Kind.TEXT,
    "data": Kind.BYTES,
}
ADD_THING = (
    "INSERT INTO thing (id, small, word, name, data) VALUES (:id, :small, :word, :name, :data)"
)
ADD_PAIR = "INSERT INTO pair (a, b, code) VALUES (:a, :b, :code)"
ALL_THINGS = "SELECT id, small, word, name, data FROM thing ORDER BY id"
ALL_PAIRS = "SELECT a, b, code FROM pair ORDER BY a, b"
PAIR = {"a": Kind.INT, "b": Kind.INT, "code": Kind.TEXT}

# fmt: off
EDGES = [  # id, small, word, name, data
    (LO64, LO16, LO32, "",                                   b""),
    (-1,   -1,   -1,   "plain",                              b"\0"),
    (0,    0,    0,    "صورت‌حساب آب و برق",                   b"\0\xff\0"),
    (1,    1,    1,    "电费账单：贰佰叁拾肆元",                    "آب".encode()),
    (2,    2,    2,    "it's \"quoted\" \\ :name ::int %s %%", bytes(range(256))),
    (3,    3,    3,    "line\nline\ttab\r",                  b"\\x41"),
    (4,    4,    4,    "\U0001f4a1 é e\u0301",               b"'"),
    (5,    5,    5,    "x" * 2**20,                          b"\xfe" * 2**20),
    (HI64, HI16, HI32, " space ",                            b" "),
]
# fmt: on


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def things(rows=EDGES) -> Columns:
    columns = list(zip(*rows, strict=True)) or [[]] * 5
    return {
        "id": np.array(columns[0], np.int64),
        "small": np.array(columns[1], np.int16),
        "word": np.array(columns[2], np.int32),
        "name": pa.array(columns[3], pa.string()),
        "data": pa.array(columns[4], pa.binary()),
    }


def pairs(*rows: tuple[int, int, str]) -> Columns:
    a, b, code = zip(*rows, strict=True) if rows else ((), (), ())
    return {
        "a": np.array(a, np.int32),
        "b": np.array(b, np.int64),
        "code": pa.array(code, pa.string()),
    }


def all_pairs(store: Store) -> list:
    with store.read() as reader:
        return reader.rows(ALL_PAIRS)


# -- values, both ways


def test_columns_come_back_as_they_went_in(store):
    """Every edge of every type is the same after insert and fetch, in the query's order."""
    with store.write() as session:
        assert session.insert("thing", things()) == len(EDGES)
    with store.read() as reader:
        fetched = reader.fetch(ALL_THINGS, THING)
        assert reader.rows(ALL_THINGS) == EDGES
    assert list(fetched) == list(THING)
    for name, column in fetched.items():
        assert column.tolist() == [row[list(THING).index(name)] for row in EDGES]
    assert {fetched[name].dtype for name in ("id", "small", "word")} == {np.dtype(np.int64)}
    assert isinstance(fetched["name"], pa.StringArray)
    assert isinstance(fetched["data"], pa.BinaryArray)


@pytest.mark.parametrize("row", EDGES)
def test_a_row_alone_comes_back_as_it_went_in(store, row):
    """The same of each edge by itself."""
    with store.write() as session:
        assert session.insert("thing", things([row])) == 1
        assert session.insert("thing", things([row]), existing="skip") == 0
    with store.read() as reader:
        assert reader.rows(ALL_THINGS) == [row]


def test_values_come_back_as_they_went_in(store):
    """Every edge of every type is the same after run and row."""
    with store.write() as session:
        for row in EDGES:
            assert session.run(ADD_THING, **dict(zip(THING, row, strict=True))) == 1
    one = "SELECT id, small, word, name, data FROM thing WHERE id = :id AND name = :name"
    with store.read() as reader:
        assert reader.rows(ALL_THINGS) == EDGES
        assert [reader.row(one, id=row[0], name=row[3]) for row in EDGES] == EDGES
        types = {tuple(map(type, row)) for row in reader.rows(ALL_THINGS)}
    assert types == {(int, int, int, str, bytes)}


def test_texts_are_ordered_by_their_code_points(store):
    """No language's collation: capital letters, small ones, other scripts."""
    words = ["b", "a", "Z", "ä", "آ", "z", "中", ""]
    with store.write() as session:
        session.insert("pair", pairs(*((i, i, word) for i, word in enumerate(words))))
    with store.read() as reader:
        found = reader.rows("SELECT code FROM pair ORDER BY code")
        above = reader.rows("SELECT code FROM pair WHERE code > :code ORDER BY code", code="Z")
    assert [word for (word,) in found] == sorted(words)
    assert [word for (word,) in above] == sorted(word for word in words if word > "Z")


@pytest.mark.parametrize("dtype", ["i1", "i2", "i4", "i8", ">i2", ">i8"])
def test_integers_may_have_any_width_and_order_of_bytes(store, dtype):
    """A column of another width, in other bytes, or a slice with steps has the same values."""
    columns = things([(i, i, i, "", b"") for i in range(-3, 4)])
    columns |= {
        name: np.repeat(columns[name], 2).astype(dtype)[::2]
        for name in THING
        if name != "name" and name != "data"
    }
    with store.write() as session:
        session.insert("thing", columns)
        assert session.rows("SELECT id, small, word FROM thing ORDER BY id") == [
            (i, i, i) for i in range(-3, 4)
        ]


def test_slices_of_arrow_arrays_are_their_rows(store):
    """An array that begins and ends inside its buffers."""
    columns = things([(i, i, i, f"n{i}", f"d{i}".encode()) for i in range(10)])
    with store.write() as session:
        session.insert("thing", {name: column[3:6] for name, column in columns.items()})
        assert session.rows("SELECT id, name, data FROM thing ORDER BY id") == [
            (i, f"n{i}", f"d{i}".encode()) for i in (3, 4, 5)
        ]


def test_zero_rows(store):
    """Columns of no rows are inserted and fetched, with their types."""
    with store.write() as session:
        assert session.insert("thing", things([])) == 0
        assert session.insert("thing", things([]), existing="skip") == 0
        assert session.rows(ALL_THINGS) == []
        assert session.row(ALL_THINGS) is None
        fetched = session.fetch(ALL_THINGS, THING)
    assert [len(column) for column in fetched.values()] == [0] * len(THING)
    assert fetched["id"].dtype == np.int64
    assert fetched["name"].type == pa.string()
    assert fetched["data"].type == pa.binary()


def test_many_rows(store):
    """200,000 rows go in and come back in the order that the query asks for."""
    n = 200_000
    order = np.random.default_rng(7).permutation(n)
    codes = pa.array([f"code {i}" for i in order])
    given = {"a": (order % 7).astype(np.int32), "b": order.astype(np.int64), "code": codes}
    with store.write() as session:
        assert session.insert("pair", given) == n
    with store.read() as reader:
        fetched = reader.fetch(
            "SELECT b, code, a FROM pair ORDER BY b DESC",
            {"b": Kind.INT, "code": Kind.TEXT, "a": Kind.INT},
        )
    expected = np.arange(n - 1, -1, -1)
    assert np.array_equal(fetched["b"], expected)
    assert np.array_equal(fetched["a"], expected % 7)
    assert fetched["code"].equals(pa.array([f"code {i}" for i in expected]))


def test_fetched_columns_outlive_the_store(url):
    """They own their memory."""
    store = open_store(url)
    with store.read() as reader:
        column = reader.fetch("SELECT 41 + 1", {"n": Kind.INT})["n"]
    store.close()
    assert column.tolist() == [42]


# -- among keys


def test_rows_among_many_keys(store):
    """Those whose key is among the given, once each, in whatever order; keys that are not there or
    come twice add nothing. Integers and texts, in a write and in a snapshot."""
    with store.write() as session:
        session.insert("pair", pairs(*((1, i, f"c{i}") for i in range(2_000))))
        wanted = ints(*range(0, 6_000, 3), 9)
        query = "SELECT b, code FROM pair WHERE a = :a AND b IN (:keys)"
        kinds = {"b": Kind.INT, "code": Kind.TEXT}
        found = session.among(query, kinds, wanted, a=1)
        assert sorted(found["b"].tolist()) == list(range(0, 2_000, 3))
        assert found["code"].to_pylist() == [f"c{b}" for b in found["b"].tolist()]
        assert session.among(query, kinds, wanted, a=2)["b"].tolist() == []
    texts = pa.array([f"c{i}" for i in range(1_990, 3_000)])
    with store.read() as reader:
        found = reader.among("SELECT b FROM pair WHERE code IN (:keys)", {"b": Kind.INT}, texts)
        assert sorted(found["b"].tolist()) == list(range(1_990, 2_000))
        assert found["b"].dtype == np.int64


@pytest.mark.parametrize("keys", [ints(), pa.array([], pa.string())])
def test_no_keys_find_no_rows(store, keys):
    """The columns are there, of their kinds."""
    with store.write() as session:
        session.insert("pair", pairs((1, 1, "a")))
    column = "b" if isinstance(keys, np.ndarray) else "code"
    with store.read() as reader:
        found = reader.among(f"SELECT b, code FROM pair WHERE {column} IN (:keys)",
                             {"b": Kind.INT, "code": Kind.TEXT}, keys)  # fmt: skip
    assert found["b"].tolist() == []
    assert found["code"].to_pylist() == []


def test_keys_have_their_place_in_the_statement(store):
    """A statement that asks for none is a fault of the caller."""
    with pytest.raises(TypeError), store.read() as reader:
        reader.among("SELECT b FROM pair", {"b": Kind.INT}, ints(1))


@pytest.mark.parametrize("bad", [pa.array(["a\0b"]), pa.array(["a", None])])
def test_keys_are_checked_as_columns(store, bad):
    """No null, no character 0."""
    with pytest.raises(StoreValueInvalid) as caught, store.read() as reader:
        reader.among("SELECT b FROM pair WHERE code IN (:keys)", {"b": Kind.INT}, bad)
    assert caught.value.fields["column"] == "keys"


# -- what is refused


def refused(store: Store, table: str, columns: Columns) -> StoreValueInvalid:
    with pytest.raises(StoreValueInvalid) as caught, store.write() as session:
        session.insert(table, columns)
    with store.read() as reader:
        assert reader.row(f"SELECT COUNT(*) FROM {table}") == (0,)
    return caught.value


GOOD = things([(1, 1, 1, "a", b"a"), (2, 2, 2, "b", b"b")])

# fmt: off
REFUSED = [  # what, changed columns, the column named, the row named
    ("above int16",   {"small": ints(1, HI16 + 1)},                      "small", "1"),
    ("below int16",   {"small": ints(LO16 - 1, 1)},                      "small", "0"),
    ("above int32",   {"word": ints(1, HI32 + 1)},                       "word",  "1"),
    ("below int32",   {"word": ints(LO32 - 1, LO32 - 2)},                "word",  "0"),
    ("unknown",       {"colour": ints(1, 2)},                            "colour", None),
    ("shorter",       {"word": ints(1)},                                 "word",  None),
    ("longer",        {"data": pa.array([b"1", b"2", b"3"])},            "data",  None),
    ("unsigned",      {"word": np.array([1, 2], np.uint32)},             "word",  None),
    ("floats",        {"word": np.array([1.0, 2.0])},                    "word",  None),
    ("flags",         {"word": np.array([True, False])},                 "word",  None),
    ("two dims",      {"word": np.ones((2, 2), np.int64)},               "word",  None),
    ("ints as text",  {"name": ints(1, 2)},                              "name",  None),
    ("bytes as text", {"name": pa.array([b"a", b"b"])},                  "name",  None),
    ("text as bytes", {"data": pa.array(["a", "b"])},                    "data",  None),
    ("text as ints",  {"word": pa.array(["1", "2"])},                    "word",  None),
    ("arrow ints",    {"word": pa.array([1, 2])},                        "word",  None),
    ("large texts",   {"name": pa.array(["a", "b"], pa.large_string())}, "name",  None),
    ("a list",        {"word": [1, 2]},                                  "word",  None),
    ("null text",     {"name": pa.array(["a", None])},                   "name",  "1"),
    ("null bytes",    {"data": pa.array([None, b"a"])},                  "data",  "0"),
    ("nul in text",   {"name": pa.array(["", "a\0b"])},                  "name",  "1"),
    ("not UTF-8",     {"name": pa.array([b"a", b"\xff"]).view("string")}, "name",  None),
]
# fmt: on


@pytest.mark.parametrize(
    ("changed", "column", "row"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_columns_that_do_not_fit_are_refused(store, changed, column, row):
    """The error names the table, the column and, where one is to blame, the row."""
    error = refused(store, "thing", GOOD | changed)
    assert error.fields["table"] == "thing"
    assert error.fields["column"] == column
    assert error.fields.get("row") == row


def test_a_missing_column_is_refused(store):
    """There are no defaults."""
    error = refused(store, "thing", {name: GOOD[name] for name in THING if name != "word"})
    assert error.fields["column"] == "word"
    assert refused(store, "thing", {}).fields["column"] == "id"


# fmt: off
BAD_VALUES = [
    ("nul",       {"name": "a\0b"}),
    ("surrogate", {"name": "\ud800"}),
    ("int64",     {"id": HI64 + 1}),
    ("int64 low", {"id": LO64 - 1}),
    ("int32",     {"word": HI32 + 1}),
    ("int16",     {"small": LO16 - 1}),
]
# fmt: on


@pytest.mark.parametrize(
    "bad", [case[1] for case in BAD_VALUES], ids=[case[0] for case in BAD_VALUES]
)
def test_values_that_no_column_holds_are_refused(store, bad):
    """A statement's values meet the same limits as columns."""
    good = dict(zip(THING, (1, 1, 1, "", b""), strict=True))
    with pytest.raises(StoreValueInvalid), store.write() as session:
        session.run(ADD_THING, **(good | bad))
    with store.read() as reader:
        assert reader.rows(ALL_THINGS) == []


@pytest.mark.parametrize("values", [{}, {"id": 1, "extra": 2}, {"di": 1}], ids=str)
def test_a_statement_gets_its_values_and_no_others(store, values):
    """A missing or unknown value is a mistake of the caller."""
    with pytest.raises(TypeError), store.read() as reader:
        reader.rows("SELECT name FROM thing WHERE id = :id", **values)


NARROW = {
    2: ("SMALLINT", [LO16, -1, 0, 1, HI16]),
    4: ("INTEGER", [LO32, LO16, -1, 0, 1, HI16, HI32]),
    8: ("BIGINT", [LO64, -1, 0, HI64]),
}


@pytest.mark.parametrize("widths", [(2, 4), (4, 2), (4, 4), (2, 2), (4, 8, 4, 2, 4)], ids=str)
def test_narrow_integers_beside_each_other_are_fetched_as_they_are(store, widths):
    """Every pair of the least, the greatest and those about 0, in the order of the query."""
    names = [f"n{at}" for at in range(len(widths))]
    words, values = zip(*(NARROW[width] for width in widths), strict=True)
    typed = ", ".join(f"{n} {word} NOT NULL" for n, word in zip(names, words, strict=True))
    rows = np.array(list(product(*values)))
    with store.write() as session:
        session.define(f"CREATE TABLE narrow (place BIGINT NOT NULL PRIMARY KEY, {typed})")
        columns = {name: rows[:, at].copy() for at, name in enumerate(names)}
        session.insert("narrow", {"place": np.arange(len(rows)), **columns})
        sql = f"SELECT {', '.join(names)} FROM narrow ORDER BY place"
        fetched = session.fetch(sql, dict.fromkeys(names, Kind.INT))
    assert [*fetched] == names
    assert np.stack(list(fetched.values())).T.tolist() == rows.tolist()
    assert {str(column.dtype) for column in fetched.values()} == {"int64"}


def test_a_null_is_not_fetched(store):
    """The error names the column."""
    query = "SELECT b, NULLIF(b, 2) FROM pair ORDER BY b"
    with store.write() as session:
        session.insert("pair", pairs((1, 1, "a"), (1, 2, "b")))
    with pytest.raises(StoreValueInvalid) as caught, store.read() as reader:
        reader.fetch(query, {"b": Kind.INT, "nothing": Kind.INT})
    assert caught.value.fields["column"] == "nothing"


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.BYTES])
def test_another_kind_is_not_fetched(store, kind):
    """An integer is not turned into a text."""
    with store.write() as session:
        session.insert("pair", pairs((1, 1, "a")))
    with pytest.raises(StoreValueInvalid) as caught, store.read() as reader:
        reader.fetch("SELECT a, b FROM pair", {"a": Kind.INT, "b": kind})
    assert caught.value.fields["column"] == "b"


def test_a_query_with_other_columns_is_not_fetched(store):
    """As many kinds as columns."""
    for kinds in ({"a": Kind.INT}, dict.fromkeys("abc", Kind.INT)):
        with pytest.raises(TypeError), store.read() as reader:
            reader.fetch("SELECT a, b FROM pair", kinds)


# -- keys


def test_a_row_that_is_there_is_refused(store):
    """The error names table and key; nothing of the insert is kept, whichever key it broke."""
    with store.write() as session:
        session.insert("pair", pairs((1, 1, "a"), (1, 2, "b")))
    for given, shown in [
        ([(1, 3, "c"), (1, 2, "d")], ("a", "b", "2")),
        ([(2, 1, "c"), (2, 2, "a")], ("code", "a")),
        ([(3, 1, "x"), (3, 2, "y"), (3, 1, "z")], ("a", "b", "3")),
    ]:
        with pytest.raises(StoreConflict) as caught, store.write() as session:
            session.insert("pair", pairs(*given))
        assert caught.value.table == "pair"
        assert all(word in caught.value.message for word in shown)
    assert all_pairs(store) == [(1, 1, "a"), (1, 2, "b")]


def test_a_row_that_is_there_is_skipped(store):
    """Only new rows are inserted and counted, also when the given rows repeat a key."""
    with store.write() as session:
        assert session.insert("pair", pairs((1, 1, "a"), (1, 2, "b")), existing="skip") == 2
        again = pairs((1, 1, "other"), (1, 3, "c"), (2, 1, "b"), (1, 3, "d"))
        assert session.insert("pair", again, existing="skip") == 1
        assert session.insert("pair", again, existing="skip") == 0
    assert all_pairs(store) == [(1, 1, "a"), (1, 2, "b"), (1, 3, "c")]


@pytest.mark.parametrize("count", [3, 2_000])
def test_statements_that_go_together_are_all_there(store, count):
    """Few rows or many, between other statements."""
    rows = [(10, at, f"c{at}") for at in range(count)]
    with store.write() as session:
        session.run(ADD_PAIR, a=1, b=1, code="before")
        with session.together(count):
            session.insert("pair", pairs(*rows))
            session.run(ADD_PAIR, a=2, b=2, code="within")
        assert session.run(ADD_PAIR, a=3, b=3, code="behind") == 1
        told = [(1, 1, "before"), (2, 2, "within"), (3, 3, "behind"), *rows]
        assert session.rows(ALL_PAIRS) == told
    assert all_pairs(store) == told


@pytest.mark.parametrize("count", [3, 2_000])
@pytest.mark.parametrize("first", [True, False])
def test_a_row_that_is_there_among_statements_that_go_together(store, count, first):
    """Whichever of them meets it: a conflict in its table, and nothing of the block is kept."""
    with store.write() as session:
        session.run(ADD_PAIR, a=10, b=0, code="old")
    rows = pairs(*((10, at, f"c{at}") for at in range(count)))

    def write() -> None:
        with store.write() as session:
            with session.together(count):
                if first:
                    session.insert("pair", rows)
                session.run(ADD_PAIR, a=2, b=2, code="within")
                if not first:
                    session.insert("pair", rows)
            pytest.fail("the block told no conflict")

    with pytest.raises(StoreConflict) as caught:
        write()
    assert caught.value.table == "pair"
    assert all_pairs(store) == [(10, 0, "old")]


@pytest.mark.parametrize("failures", range(3, 9))
def test_after_conflicts_the_same_statements_work(store, failures):
    """However often they failed: a driver prepares what it has seen often enough, and what was
    prepared in a block that failed is not there."""
    with store.write() as session:
        session.run(ADD_PAIR, a=1, b=1, code="old")

    def write(of: int) -> None:
        with store.write() as session, session.together(2):
            session.insert("pair", pairs((of, 1, f"first {of}")))
            session.run(ADD_PAIR, a=of, b=2, code=f"second {of}")

    for _ in range(failures):
        with pytest.raises(StoreConflict):
            write(1)
    write(2)
    assert all_pairs(store) == [(1, 1, "old"), (2, 1, "first 2"), (2, 2, "second 2")]


def test_many_rows_of_which_half_are_there(store):
    """The same for many rows."""
    rows = [(1, i, f"c{i}") for i in range(20_000)]
    with store.write() as session:
        session.insert("pair", pairs(*rows[::2]))
    with store.write() as session:
        assert session.insert("pair", pairs(*rows), existing="skip") == 10_000
    assert all_pairs(store) == rows
    with pytest.raises(StoreConflict), store.write() as session:
        session.insert("pair", pairs((2, 1, "new"), *rows))
    assert all_pairs(store) == rows


def test_a_statement_meets_a_row_that_is_there(store):
    """StoreConflict from run and rows; ON CONFLICT leaves it."""
    with store.write() as session:
        session.run(ADD_PAIR, a=1, b=1, code="a")
    for method in ("run", "rows"):
        with pytest.raises(StoreConflict) as caught, store.write() as session:
            getattr(session, method)(ADD_PAIR, a=1, b=1, code="b")
        assert caught.value.table == "pair"
    with store.write() as session:
        assert session.run(f"{ADD_PAIR} ON CONFLICT DO NOTHING", a=1, b=1, code="c") == 0
        assert session.run(f"{ADD_PAIR} ON CONFLICT DO NOTHING", a=1, b=2, code="c") == 1
    assert all_pairs(store) == [(1, 1, "a"), (1, 2, "c")]


# -- statements


def test_run_counts_the_rows_that_it_changed(store):
    """Inserted, changed, deleted; a query changes none."""
    with store.write() as session:
        session.insert("pair", pairs(*((1, i, f"c{i}") for i in range(5))))
        assert session.run("UPDATE pair SET a = 2 WHERE b > :b", b=2) == 2
        assert session.run("UPDATE pair SET a = 2 WHERE b > :b", b=2) == 2
        assert session.run("UPDATE pair SET a = 9 WHERE b = 77") == 0
        assert session.run("SELECT a FROM pair") == 0
        assert session.run("DELETE FROM pair WHERE a = 2") == 2
        assert (
            session.run("INSERT INTO pair (a, b, code) SELECT a, b + 100, code || '!' FROM pair")
            == 3
        )
        assert session.run("DELETE FROM pair") == 6


def test_returning(store):
    """RETURNING gives rows to `rows` and `row`; the change is whole in both."""
    add = "INSERT INTO pair (a, b, code) SELECT a, b + 10, code || '+' FROM pair RETURNING b"
    with store.write() as session:
        session.insert("pair", pairs((1, 1, "a"), (1, 2, "b"), (1, 3, "c")))
        assert sorted(session.rows(add)) == [(11,), (12,), (13,)]
        first = session.row("UPDATE pair SET a = 5 WHERE b > 10 RETURNING a")
        assert first == (5,)
        assert session.row("SELECT COUNT(*) FROM pair WHERE a = 5") == (3,)
        assert session.row("UPDATE pair SET a = 6 WHERE b = 99 RETURNING a") is None
        assert session.run("DELETE FROM pair WHERE a = 5 RETURNING b") == 3


def test_a_colon_is_not_always_a_value(store):
    """Inside texts, names and comments a colon is what it is; a name may come twice."""
    query = """SELECT ':code', code, ':' || code || '::', 'it''s :a' -- :not a value
        FROM pair WHERE code = :code AND a <> :a /* nor :this */ AND b <> :a AND 100 % 7 = :two"""
    with store.write() as session:
        session.insert("pair", pairs((1, 1, ":a"), (2, 2, "%s")))
        assert session.row(query, code=":a", a=5, two=2) == (":code", ":a", "::a::", "it's :a")
        assert session.row(query, code="%s", a=2, two=2) is None
        fetched = session.fetch(query, dict.fromkeys("wxyz", Kind.TEXT), code="%s", a=7, two=2)
    assert [fetched[name].to_pylist() for name in "wxyz"] == [
        [":code"], ["%s"], [":%s::"], ["it's :a"],
    ]  # fmt: skip


def test_fetch_keeps_the_order_of_the_query(store):
    """Ordered, limited, grouped, united: rows come as the query gives them."""
    with store.write() as session:
        session.insert("pair", pairs(*((i % 3, i, f"c{9 - i}") for i in range(10))))
    n = {"n": Kind.INT}
    with store.read() as reader:
        for query, expected in [
            ("SELECT b FROM pair ORDER BY code", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
            ("SELECT b FROM pair ORDER BY a DESC, b DESC", [8, 5, 2, 7, 4, 1, 9, 6, 3, 0]),
            ("SELECT b FROM pair ORDER BY b DESC LIMIT 3", [9, 8, 7]),
            ("SELECT COUNT(*) FROM pair GROUP BY a ORDER BY a", [4, 3, 3]),
            ("SELECT CAST(SUM(b) AS BIGINT) FROM pair GROUP BY a ORDER BY a DESC", [15, 12, 18]),
            (
                "SELECT b FROM pair WHERE b > 8 UNION ALL "
                "SELECT a FROM pair WHERE b < 2 ORDER BY 1",
                [0, 1, 9],
            ),
            ("WITH q AS (SELECT b FROM pair WHERE b < :b) SELECT b FROM q ORDER BY b", [0, 1, 2]),
            ("SELECT b FROM pair WHERE b = 3 -- the end", [3]),
        ]:
            values = {"b": 3} if ":b" in query else {}
            assert reader.fetch(query, n, **values)["n"].tolist() == expected, query


def test_columns_of_one_name_are_told_apart(store):
    """`kinds` names the columns, whatever the query calls them."""
    with store.read() as reader:
        fetched = reader.fetch(
            "SELECT 1 AS n, 2 AS n, CAST('x' AS TEXT)",
            {"a": Kind.INT, "b": Kind.INT, "c": Kind.TEXT},
        )
    assert (fetched["a"].tolist(), fetched["b"].tolist(), fetched["c"].to_pylist()) == (
        [1],
        [2],
        ["x"],
    )


# -- transactions


def test_a_block_that_raises_leaves_nothing(store):
    """Statements, columns and definitions are undone, and the store works on."""

    class Stopped(Exception):
        pass

    def stop() -> None:
        with store.write() as session:
            session.insert("pair", pairs((1, 1, "a")))
            session.run(ADD_PAIR, a=2, b=2, code="b")
            session.open_month(24_000)
            session.define("CREATE TABLE later (id BIGINT NOT NULL PRIMARY KEY)")
            session.insert("later", {"id": ints(1)})
            raise Stopped

    with pytest.raises(Stopped):
        stop()
    with store.write() as session:
        assert session.tables() == {"thing", "pair", "monthly"}
        assert session.rows(ALL_PAIRS) == []
        session.define("CREATE TABLE later (number INTEGER NOT NULL PRIMARY KEY)")
        assert session.insert("later", {"number": ints(1)}) == 1


def test_a_transaction_with_a_failed_statement_is_over(store):
    """Who catches the error can neither go on nor commit what came before it."""

    def go_on() -> None:
        with store.write() as session:
            session.insert("pair", pairs((1, 1, "a")))
            with pytest.raises(StoreConflict):
                session.insert("pair", pairs((1, 1, "a")))
            with pytest.raises(RuntimeError):
                session.rows(ALL_PAIRS)

    with pytest.raises(RuntimeError, match="failed"):
        go_on()
    assert all_pairs(store) == []


def test_a_wrong_statement_leaves_a_store_that_works(store):
    """Also inside a transaction, and a reader's too."""
    with store.write() as session:
        session.insert("pair", pairs((1, 1, "a")))
    for _ in range(3):
        with pytest.raises(Exception, match="nowhere"), store.write() as session:
            session.run("DELETE FROM nowhere")
        with pytest.raises(Exception, match="nowhere"), store.read() as reader:
            reader.rows("SELECT x FROM nowhere")
    assert all_pairs(store) == [(1, 1, "a")]


def test_a_session_ends_with_its_block(store):
    """Kept references are of no use."""
    with store.write() as session, store.read() as reader:
        pass
    for call in (
        lambda: session.run("DELETE FROM pair"),
        lambda: session.rows(ALL_PAIRS),
        lambda: session.insert("pair", pairs((1, 1, "a"))),
        lambda: session.tables(),
        lambda: reader.row(ALL_PAIRS),
        lambda: reader.fetch(ALL_PAIRS, PAIR),
    ):
        with pytest.raises(RuntimeError):
            call()


def test_a_write_inside_a_write_is_refused(store):
    """It would wait for itself. The outer one works on; another thread is another matter."""
    with store.write() as session:
        with pytest.raises(RuntimeError), store.write():
            pass
        session.run(ADD_PAIR, a=1, b=1, code="a")
    assert all_pairs(store) == [(1, 1, "a")]


def test_a_reader_sees_one_moment(store):
    """What is committed meanwhile is seen by the next reader only."""
    with store.write() as session:
        session.insert("pair", pairs((1, 1, "a")))
    with store.read() as reader:
        with store.write() as session:
            session.insert("pair", pairs((1, 2, "b")))
            session.run("UPDATE pair SET a = 7 WHERE b = 1")
            assert len(session.rows(ALL_PAIRS)) == 2
            assert reader.rows(ALL_PAIRS) == [(1, 1, "a")]
        assert reader.rows(ALL_PAIRS) == [(1, 1, "a")]
        assert reader.fetch(ALL_PAIRS, PAIR)["b"].tolist() == [1]
        assert all_pairs(store) == [(1, 2, "b"), (7, 1, "a")]


def test_a_reader_cannot_write(store):
    """Even by a statement that gives rows."""
    with pytest.raises(Exception, match=r"(?i)read-?only"), store.read() as reader:
        reader.rows(f"{ADD_PAIR} RETURNING a", a=1, b=1, code="a")
    assert all_pairs(store) == []


def test_many_readers_at_a_time(store):
    """Each has its own moment."""
    with ExitStack() as stack:
        readers = []
        for i in range(12):
            readers.append(stack.enter_context(store.read()))
            with store.write() as session:
                session.run(ADD_PAIR, a=i, b=i, code=str(i))
        assert [len(reader.rows(ALL_PAIRS)) for reader in readers] == list(range(12))
    assert len(all_pairs(store)) == 12


def test_two_threads_write_in_turns(store):
    """Each adds 200 to a count by reading it first, with readers beside; no write is lost."""
    failures = []

    def add(who: int) -> None:
        try:
            for i in range(200):
                with store.write() as session:
                    session.run("UPDATE thing SET id = id + 1 WHERE word = 1")
                    session.run(ADD_PAIR, a=who, b=i, code=f"{who}.{i}")
        except BaseException as error:
            failures.append(error)

    with store.write() as session:
        session.insert("thing", things([(0, 0, 1, "", b"")]))
    threads = [threading.Thread(target=add, args=(who,)) for who in (1, 2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        with store.read() as reader:
            (count,) = reader.row("SELECT id FROM thing")
            assert reader.row("SELECT COUNT(*) FROM pair") == (count,)
    assert failures == []
    with store.read() as reader:
        assert reader.row("SELECT id FROM thing") == (400,)


# -- months, tables, migrations


def test_months_are_opened_before_their_rows(store):
    """Twice is as good as once, in one transaction or two; several months go in together."""
    columns = {"month": ints(24_000, 24_001, 24_000), "id": ints(1, 1, 2), "amount": ints(5, 6, 7)}
    with store.write() as session:
        session.open_month(24_000)
        session.open_month(24_000)
        session.open_month(24_001)
        assert session.insert("monthly", columns) == 3
    with store.write() as session:
        session.open_month(24_000)
        assert session.insert("monthly", columns, existing="skip") == 0
        assert session.tables() == {"thing", "pair", "monthly"}
    with pytest.raises(StoreConflict) as caught, store.write() as session:
        session.insert("monthly", columns)
    assert caught.value.table == "monthly"
    with store.read() as reader:
        assert reader.rows("SELECT amount FROM monthly WHERE month = :m ORDER BY id", m=24_000) == [
            (5,),
            (7,),
        ]


@pytest.mark.parametrize("month", [-1, 2**31])
def test_what_is_no_month_is_refused(store, month):
    """A month is a 31-bit number."""
    with pytest.raises(StoreValueInvalid), store.write() as session:
        session.open_month(month)


def test_an_empty_store_has_no_tables(empty):
    """What the engine itself keeps is not listed."""
    with empty.write() as session:
        assert session.tables() == set()


def test_what_is_committed_is_there_after_opening_again(url):
    """close gives everything back, and may be called twice."""
    store = open_store(url)
    with store.write() as session:
        session.define("CREATE TABLE kept (id BIGINT NOT NULL PRIMARY KEY)")
        session.insert("kept", {"id": ints(1, 2)})
    store.close()
    store.close()
    for use in (store.read, store.write):
        with pytest.raises(StoreUnavailable), use():
            pass
    again = open_store(url)
    with again.read() as reader:
        assert reader.rows("SELECT id FROM kept ORDER BY id") == [(1,), (2,)]
    with pytest.raises(StoreValueInvalid), again.write() as session:
        session.insert("kept", {"id": ints(3), "other": ints(3)})
    again.close()


def test_migrations_make_the_schema(empty):
    """Applied once, in order; a store has all of them or is refused."""
    with pytest.raises(SchemaMissing):
        check_schema(empty)
    seen = []
    assert migrate(empty, now=1, progress=seen.append) == migrations()
    assert tuple(seen) == migrations()
    assert migrate(empty, now=2) == ()
    check_schema(empty)
    with empty.write() as session:
        assert {"provider", "account", "bill", "reading", "audit"} <= session.tables()
        assert session.row("SELECT COUNT(*) FROM schema_migration") == (len(migrations()),)


def test_a_migration_is_whole_or_not_there(empty):
    """A statement that fails takes its migration back; those before it stay."""
    good = Migration(1, "good", ("CREATE TABLE first (id BIGINT NOT NULL PRIMARY KEY)",))
    bad = Migration(
        2, "bad", ("CREATE TABLE second (id BIGINT NOT NULL PRIMARY KEY)", "CREATE TABLE")
    )
    with pytest.raises(Exception, match=r"syntax|incomplete"):
        migrate(empty, now=1, known=[good, bad])
    with empty.write() as session:
        assert session.tables() == {"first", "schema_migration"}
    with pytest.raises(SchemaMissing):
        check_schema(empty, [good, bad])


def test_a_strange_database_is_refused(store):
    """Tables that no migration made."""
    with pytest.raises(SchemaUnknown):
        migrate(store, now=1)


def test_the_stores_errors_are_the_domains(store):
    """They have a reason and fields, and say if a later try can succeed."""
    with pytest.raises(BillcoreError) as caught, store.write() as session:
        session.insert("pair", {})
    assert caught.value.as_dict()["reason"] == "STORE_VALUE_INVALID"
    assert not caught.value.retryable
