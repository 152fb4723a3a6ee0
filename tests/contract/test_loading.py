"""Loads on both stores: every kind, good and bad rows, resuming, twice the same, side by side."""

import itertools
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billcore.core.caller import Caller
from billcore.core.errors import ColumnInvalid, ColumnMissing, RequestInvalid
from billcore.core.loading import loads
from billcore.core.loading.errors import LoadConflict, LoadOutOfOrder, LoadUnknown
from billcore.core.loading.kinds import KINDS, Unreadable, check_columns, kind_of
from billcore.core.loading.loads import Chunk, content_digest
from billcore.core.verify import verify
from tests.loading_world import (
    NOW,
    chunk,
    columns,
    count,
    day,
    fill,
    ints,
    load,
    loader,
    open_provider,
    source,
    tables,
)

KEPT = {
    "customers": "customer",
    "points": "service_point",
    "accounts": "account",
    "agreements": "agreement",
    "meters": "installation",
    "readings": "reading",
    "entries": "account_entry",
    "payments": "payment_order",
}
"""Where the rows of a kind are kept."""

BEFORE = dict(zip(list(KINDS)[1:], KINDS, strict=False))
"""What must be loaded before a kind."""


@pytest.fixture
def caller(books):
    with books.write() as session:
        return open_provider(session)


def ready(books, kind):
    """A provider with 5 rows of everything before a kind; rows that the kind's table had."""
    before = BEFORE.get(kind)
    if before is None:
        with books.write() as session:
            found = open_provider(session)
    else:
        found = fill(books, 5, before)
    return found, count(books, KEPT[kind])


def broken(reader, caller):
    return [verdict for verdict in verify(reader, [caller.provider_id]) if verdict.broken]


def told(done):
    return [(r.row_no, r.field, r.reason) for d in done for r in d.refused]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_loaded(books, kind):
    """Good rows are kept, each once, however they are cut."""
    caller, before = ready(books, kind)
    done = load(books, caller, kind, tables(5)[kind], rows=2)
    assert [(d.chunk, d.first_row, d.row_count, d.accepted) for d in done] == [
        (1, 1, 2, 2),
        (2, 3, 2, 2),
        (3, 5, 1, 1),
    ]
    assert count(books, KEPT[kind]) == before + 5
    with books.read() as reader:
        assert broken(reader, caller) == []


BAD = {
    "customers": ("kind", "robot", "FIELD_REFUSED"),
    "points": ("service", "Water!", "FIELD_REFUSED"),
    "accounts": ("customer", "C99", "CUSTOMER_UNKNOWN"),
    "agreements": ("cycle", "weekly", "CYCLE_UNKNOWN"),
    "meters": ("opening", "123456.5", "FIELD_REFUSED"),
    "readings": ("dial", "12.345", "TOO_MANY_DIGITS"),
    "entries": ("amount", "0.00", "FIELD_REFUSED"),
    "payments": ("amount", "-2.50", "FIELD_REFUSED"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_bad_rows_are_refused_and_the_others_kept(books, kind):
    """A refusal has the file's row, the field and a stable reason, and is kept."""
    caller, before = ready(books, kind)
    table = tables(5)[kind]
    field, value, reason = BAD[kind]
    table[field][3] = value
    done = load(books, caller, kind, table, rows=2)
    assert told(done) == [(4, field, reason)]
    assert count(books, KEPT[kind]) == before + 4
    state = loader(books, caller, source(kind, repr(table).encode())).state
    assert (state.accepted, state.refused, state.complete) == (4, 1, True)
    with books.read() as reader:
        kept = loads.refusals(reader, caller, state.load_id, 0, 10)
    assert kept == list(done[1].refused)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["", " ", "\0", "x\0", "٣", "-1", "1e9", "2020-02-30", "9" * 40])
def test_no_cell_breaks_a_load(books, kind, text):
    """Whatever stands in a cell refuses at most its row; the row behind it is kept."""
    caller, _ = ready(books, kind)
    for field in tables(1)[kind]:
        table = tables(2)[kind]
        table[field][0] = text
        (done,) = load(books, caller, kind, table)
        again = [] if kind == "readings" or done.accepted == 2 else done.refused
        assert all(r.row_no in (1, 2) for r in again)
        assert done.row_count == 2


def test_a_row_that_cannot_be_read_is_refused(books, caller):
    """An unreadable row keeps its number; what stands in its cells is not looked at."""
    found = loader(books, caller, source("points"))
    table = tables(3)["points"]
    done = found.load(chunk(1, table, [Unreadable(1, "the line has 9 columns.")]))
    assert told([done]) == [(2, "", "ROW_UNREADABLE")]
    assert count(books, "service_point") == 2


# -- once


def test_a_load_goes_on_where_it_broke(books, caller, monkeypatch):
    """A fault in chunk 2 leaves chunk 1; the same file again does chunk 2 and the others."""
    table, fails = tables(6)["points"], iter([False, True])
    real = loads.keep

    def failing(*args):
        kept = real(*args)
        if next(fails, False):
            raise RuntimeError("pulled the plug")
        return kept

    monkeypatch.setattr(loads, "keep", failing)
    with pytest.raises(RuntimeError, match="plug"):
        load(books, caller, "points", table, rows=2)
    assert count(books, "service_point") == 2
    assert [d.first_row for d in load(books, caller, "points", table, rows=3)] == [3, 6]
    assert count(books, "service_point") == 6
    assert count(books, "number") == 6


def test_the_same_file_twice_changes_nothing(books, caller):
    """A complete load answers its counts; a chunk that is sent again is answered as before."""
    table = tables(4)["points"]
    table["number"][1] = ""
    first = load(books, caller, "points", table, rows=2)
    rows = [count(books, name) for name in ("service_point", "load_chunk", "event_pending")]
    assert load(books, caller, "points", table, rows=2) == []
    again = loader(books, caller, source("points", repr(table).encode()))
    assert again.state.complete
    assert (again.state.accepted, again.state.refused) == (3, 1)
    done = again.load(chunk(1, {name: texts[:2] for name, texts in table.items()}))
    assert done.repeated
    assert (done.accepted, done.refused) == (first[0].accepted, first[0].refused)
    assert rows == [count(books, name) for name in ("service_point", "load_chunk", "event_pending")]


def test_other_content_under_a_known_name_is_refused(books, caller):
    """A stream's request id stands for one kind, one header and one content of each chunk."""
    found = loader(books, caller, source("points", b"header", request_id="r1"))
    found.load(chunk(1, tables(2)["points"]))
    with pytest.raises(LoadConflict):
        loader(books, caller, source("customers", b"header", request_id="r1"))
    with pytest.raises(LoadConflict):
        loader(books, caller, source("points", b"other", request_id="r1"))
    with pytest.raises(LoadConflict):
        found.load(chunk(1, tables(2, start=5)["points"]))
    other = Caller(4, caller.provider_id, caller.roles)
    assert loader(books, other, source("points", b"header", request_id="r1")).state.next_chunk == 1
    assert count(books, "service_point") == 2


def test_chunks_are_done_in_order(books, caller):
    """A chunk without the one before it, behind the end, or of no load is refused."""
    found = loader(books, caller, source("points"))
    with pytest.raises(LoadOutOfOrder, match="chunk 1 is not done"):
        found.load(chunk(2, tables(1)["points"]))
    found.load(chunk(1, tables(1)["points"]))
    found.load(Chunk(2, {}))
    with pytest.raises(LoadOutOfOrder, match="ended"):
        found.load(chunk(3, tables(1, start=3)["points"]))
    with pytest.raises(LoadUnknown), books.write() as session:
        loads.load_chunk(session, caller, 5, chunk(1, tables(1)["points"]), NOW)
    assert count(books, "load_chunk") == 2


def test_two_loaders_of_a_file_do_it_once(books, caller):
    """Side by side, each chunk is done by one of them."""
    table = tables(200)["points"]
    start, results = threading.Barrier(2), []

    def work():
        start.wait()
        results.append(load(books, caller, "points", table, rows=20))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2
    assert count(books, "service_point") == 200
    fresh = [d.chunk for done in results for d in done if not d.repeated]
    assert sorted(fresh) == list(range(1, 11))


def test_a_trial_keeps_nothing(books, caller):
    """A dry run answers what would be refused, by the file's rows."""
    table, names = tables(3)["points"], ("load", "load_chunk", "load_refusal", "event_pending")
    table["service"][2] = ""
    before = [count(books, name) for name in (*names, "drawn", "service_point")]
    found = loader(books, caller, source("points"), dry_run=True)
    assert told([found.load(chunk(1, table))]) == [(3, "service", "FIELD_REFUSED")]
    assert found.load(chunk(2, tables(1)["points"])).first_row == 4
    assert [count(books, name) for name in (*names, "drawn", "service_point")] == before


def test_a_load_is_its_providers(books, caller):
    """Another provider's load is unknown, and the same file is another load there."""
    with books.write() as session:
        other = open_provider(session, "gas")
    table = tables(2)["points"]
    load(books, caller, "points", table)
    mine = loader(books, caller, source("points", repr(table).encode())).state
    theirs = loader(books, other, source("points", repr(table).encode())).state
    assert not theirs.complete
    assert mine.load_id != theirs.load_id
    with books.read() as reader, pytest.raises(LoadUnknown):
        loads.get_load(reader, other, mine.load_id)
    with books.read() as reader, pytest.raises(LoadUnknown):
        loads.refusals(reader, other, mine.load_id, 0, 1)


# -- kinds


def test_a_meter_has_its_registers_in_rows(books):
    """Registers of a meter in one chunk, in the next, and rows that do not fit the others."""
    caller = fill(books, 3, "agreements")
    table = tables(5)["meters"]
    table |= {
        "serial": ["S0", "S0", "S0", "S0", "S1"],
        "account": ["A0", "A0", "A1", "A0", "A1"],
        "register_no": ["1", "2", "3", "1", ""],
        "multiplier": ["40", "40.0", "40", "40", ""],
    }
    (done,) = load(books, caller, "meters", table)
    assert told([done]) == [(3, "account", "FIELD_REFUSED"), (4, "register_no", "ALREADY_TAKEN")]
    more = {name: texts[:3] for name, texts in table.items()}
    more |= {
        "serial": ["S0", "S1", "S0"],
        "account": ["A0", "A2", "A0"],
        "register_no": ["3", "3", "2"],
        "multiplier": ["40", "", "40"],
    }
    (done,) = load(books, caller, "meters", more)
    assert told([done]) == [(2, "serial", "ALREADY_TAKEN"), (3, "serial", "ALREADY_TAKEN")]
    query = "SELECT register_no, multiplier FROM installation ORDER BY meter_id, register_no"
    with books.read() as reader:
        assert reader.rows(query) == [(1, 40), (2, 40), (3, 40), (1, 1)]
        assert broken(reader, caller) == []
    assert count(books, "meter") == 2
    assert count(books, "reading") == 4


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("agreement_no", "2"),
        ("from_day", "2019-12-30"),
        ("from_day", "2023-11-15"),
        ("decimals", "8"),
        ("multiplier", "0"),
        ("multiplier", "1000000000000"),
        ("opening", "-1"),
        ("opening", "1.005"),
        ("digits", "99999999999999999"),
    ],
)
def test_what_a_meter_cannot_have(books, field, value):
    """Each is refused with its field, and nothing of the row is kept."""
    caller = fill(books, 1, "agreements")
    table = tables(1)["meters"] | {field: [value]}
    (done,) = load(books, caller, "meters", table)
    assert [r.field for r in done.refused] == [field]
    assert [count(books, name) for name in ("meter", "register", "number", "reading")] == [
        0,
        0,
        3,
        0,
    ]


def test_readings_say_why_they_are_refused(books):
    """The reason is the name of the finding; a reading that is known changes nothing."""
    caller = fill(books, 2, "readings")
    table = {
        "serial": ["S9", "S0", "S0", "S0", "S1"],
        "day": ["2020-03-01", "2019-01-01", "2024-01-01", "2020-02-01", "2020-03-01"],
        "dial": ["1", "1", "1", "10.25", "12"],
        "source": ["", "", "", "customer", "robot"],
    }
    (done,) = load(books, caller, "readings", table)
    assert told([done]) == [
        (1, "serial", "UNKNOWN_METER"),
        (2, "day", "NOT_INSTALLED"),
        (3, "day", "FUTURE"),
        (5, "source", "FIELD_REFUSED"),
    ]
    assert done.accepted == 1
    assert count(books, "reading") == 4


def test_entries_are_posted_once(books):
    """What is posted already is refused, in the chunk and in another load; signs and kinds, too."""
    caller = fill(books, 2)
    table = {
        "account": ["A0", "A0", "A1", "A1", "A1", "A1"],
        "kind": ["payment", "payment", "payment", "opening", "opening", "write_off"],
        "day": ["2020-01-02"] * 3 + ["2020-01-01"] * 3,
        "amount": ["-3.00", "-3.00", "3", "12.50", "-1.005", "-1.00"],
        "reference": ["p1", "p1", "p2", "O1", "O9", "w1"],
    }
    (done,) = load(books, caller, "entries", table)
    assert told([done]) == [
        (2, "reference", "ALREADY_TAKEN"),
        (3, "amount", "FIELD_REFUSED"),
        (4, "reference", "ALREADY_TAKEN"),
        (5, "amount", "FIELD_REFUSED"),
        (6, "kind", "FIELD_REFUSED"),  # wants its approval
    ]
    with books.read() as reader:
        assert reader.row("SELECT SUM(amount) FROM account_entry")[0] == 2 * 1250 - 300
        assert broken(reader, caller) == []


def test_days_and_numbers_may_come_as_integers(books):
    """Integer columns are values already."""
    caller = fill(books, 1, "customers")
    given = columns({"customer": ["C0", "C0"], "number": ["X1", "X2"]})
    given["opened_day"] = ints(day("2020-01-01"), 5)
    done = loader(books, caller, source("accounts")).load(Chunk(1, given))
    assert told([done]) == [(2, "opened_day", "FIELD_REFUSED")]


def test_a_header_is_refused_as_a_whole():
    """Missing and unknown columns are named, with those that there are."""
    with pytest.raises(ColumnMissing, match="service"):
        check_columns(kind_of("points"), ["number"])
    with pytest.raises(ColumnInvalid, match="geographic_code"):
        check_columns(kind_of("points"), ["number", "service", "colour"])
    with pytest.raises(ColumnInvalid, match=r"attribute\.NAME"):
        check_columns(kind_of("agreements"), ["account", "colour"])
    with pytest.raises(RequestInvalid, match="readings"):
        kind_of("bills")


def test_a_chunk_has_one_digest_however_it_is_held():
    """Slices of columns have the digest of what they say."""
    table = columns(tables(9)["points"])
    part = {name: column.slice(4, 3) for name, column in table.items()}
    assert content_digest(Chunk(1, part)) == content_digest(chunk(1, tables(3, start=4)["points"]))
    assert content_digest(Chunk(1, part)) != content_digest(Chunk(1, table))


# -- random files

CODES = itertools.count()

CELLS = st.one_of(
    st.sampled_from(["", " ", "\0", "1", "-1", "2020-01-01", "2020-13-01", "1.5", "9" * 30]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data())
def test_random_cells_never_break_a_chunk(books, data):
    """Whatever the cells are: counts add up, and what is kept is what was accepted."""
    with books.write() as session:
        caller = open_provider(session, f"p{next(CODES)}")
    for kind, table in tables(6).items():
        for _ in range(data.draw(st.integers(0, 3))):
            field = data.draw(st.sampled_from(sorted(table)))
            table[field][data.draw(st.integers(0, 5))] = data.draw(CELLS)
        before = count(books, KEPT[kind])
        done = load(books, caller, kind, table, rows=data.draw(st.sampled_from([2, 4, 6])))
        assert sum(d.row_count for d in done) == 6
        assert all(d.accepted == d.row_count - len(d.refused) for d in done)
        kept = count(books, KEPT[kind]) - before
        accepted = sum(d.accepted for d in done)
        assert kept == accepted if kind != "readings" else kept <= accepted
    with books.read() as reader:
        assert broken(reader, caller) == []
