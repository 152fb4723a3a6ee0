"""Outbox, numbers and audit chain on both engines: gapless, in order, tamper-evident."""

import threading

import numpy as np
import pytest

from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.events import canonical, sequencer
from billcore.core.events.audit import audit
from billcore.core.events.check import PENDING_SECONDS_MAX, check_events
from billcore.core.events.outbox import record
from billcore.core.store import events as rows

CLERK = Caller(7, 3, frozenset([Role.CLERK]), "nasrin")


def write(store, *kinds: str, provider: int = 3, now: int = 100, ids: bool = True) -> None:
    """Events of these kinds, with an audit row each, in one transaction."""
    with store.write() as session:
        for n, kind in enumerate(kinds):
            record(session, provider, kind, f"account {n if ids else 0}", {"n": n}, now)
            caller = Caller(7, provider, CLERK.roles, CLERK.actor)
            audit(session, caller, kind, f"account {n if ids else 0}", "why", {"n": n}, now)


def number(store, provider: int = 3, limit: int = sequencer.BATCH) -> int:
    with store.write() as session:
        return sequencer.number(session, provider, limit)


def events(store, provider: int = 3, after: int = 0, most: int = 1000) -> list[rows.Event]:
    with store.read() as reader:
        return rows.events(reader, provider, after, most)


def audits(store, provider: int = 3) -> list[rows.Audit]:
    with store.read() as reader:
        return rows.audits(reader, provider, 0, 1000)


def findings(store, provider: int = 3, now: int | None = None) -> list[dict[str, object]]:
    with store.read() as reader:
        return list(check_events(reader, provider, now))


def test_events_are_numbered_in_order_of_their_time(books):
    """Later transactions with earlier times come first if they are numbered together."""
    write(books, "late", now=200)
    write(books, "early", now=100)
    assert events(books) == []
    assert number(books) == 4
    assert [(e.sequence, e.kind, e.recorded_at) for e in events(books)] == [
        (1, "early", 100),
        (2, "late", 200),
    ]
    assert events(books)[0].payload == '{"n":0}'
    row = audits(books)[0]
    assert row[1:8] == (7, "nasrin", "early", "account 0", "why", '{"n":0}', 100)
    assert findings(books) == []


def test_numbers_go_on_and_providers_do_not_share_them(books):
    """Each provider counts from 1, the house too; a batch stops at its limit."""
    write(books, *"abc")
    write(books, *"xy", provider=HOUSE)
    assert [number(books, limit=2), number(books, limit=2), number(books, limit=2)] == [4, 2, 0]
    write(books, "d", now=101)
    number(books)
    number(books, HOUSE)
    assert [e.sequence for e in events(books)] == [1, 2, 3, 4]
    assert [e.sequence for e in events(books, HOUSE)] == [1, 2]
    assert [e.sequence for e in events(books, after=2, most=1)] == [3]
    assert findings(books) == findings(books, HOUSE) == []


def test_equal_events_of_one_microsecond_are_all_kept(books):
    """The same words twice in one transaction, and again after they were numbered."""
    with books.write() as session:
        for _ in range(3):
            record(session, 3, "k", "s", {}, 5)
            audit(session, CLERK, "k", "s", "", {}, 5)
    number(books)
    with books.write() as session:
        record(session, 3, "k", "s", {}, 5)
    number(books)
    assert len({e.event_id for e in events(books)}) == 4
    assert len(audits(books)) == 3


def test_ids_are_those_of_what_happened(books):
    """A transaction that is rolled back and written again writes the same rows."""
    seen = []

    def once() -> None:
        with books.write() as session:
            assert session.rows("SELECT event_id FROM event_pending") == []
            record(session, 3, "k", "s", {"a": 1}, 5)
            seen.append(session.rows("SELECT event_id FROM event_pending"))
            if len(seen) == 1:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once()
    once()
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("column", "value"),
    [("reason", "because"), ("recorded_at", 101), ("client_id", 8), ("detail", '{"n":9}')],
)
def test_an_altered_row_is_found_alone(books, column, value):
    """The chain names the row; the rows behind it are what they were."""
    write(books, *"abcd")
    number(books)
    with books.write() as session:
        session.run(f"UPDATE audit SET {column} = :value WHERE sequence = 3", value=value)
    (found,) = findings(books)
    assert (found["provider_id"], found["sequence"]) == (3, 3)
    assert "audit 3 is not what was written" in str(found["message"])


def test_an_altered_hash_breaks_its_link_too(books):
    """The row and the one that was chained to it are named."""
    write(books, *"abcd")
    number(books)
    with books.write() as session:
        session.run("UPDATE audit SET hash = :hash WHERE sequence = 2", hash=bytes(32))
    assert [f["sequence"] for f in findings(books)] == [2, 3]


@pytest.mark.parametrize(("log", "gone", "place"), [("event", 2, 2), ("audit", 4, 4)])
def test_a_missing_row_is_found(books, log, gone, place):
    """In the middle by its gap, at the end by the last number that was given."""
    write(books, *"abcd")
    number(books)
    with books.write() as session:
        session.run(f"DELETE FROM {log} WHERE sequence = {gone}")
    assert findings(books)[0]["sequence"] == place


def test_what_waits_too_long_is_told(books):
    """With a clock given, rows without a number are judged by their age."""
    write(books, "a", now=1_000_000)
    late = 1_000_000 + (PENDING_SECONDS_MAX + 1) * 1_000_000
    assert findings(books) == []
    assert findings(books, now=late - 2_000_000) == []
    assert "rows without a number: 2" in str(findings(books, now=late)[0]["message"])


def test_several_sequencers_leave_no_gap(books):
    """Writers and sequencers side by side: every event once, numbers without a gap."""
    stop = threading.Event()
    faults: list[BaseException] = []

    def keep_numbering() -> None:
        try:
            while not stop.is_set():
                number(books, limit=7)
        except BaseException as error:
            faults.append(error)

    def keep_writing(writer: int) -> None:
        for n in range(20):
            write(books, *"ab", now=1000 * n + writer)

    numbering = [threading.Thread(target=keep_numbering) for _ in range(2)]
    writing = [threading.Thread(target=keep_writing, args=(w,)) for w in range(3)]
    for thread in (*numbering, *writing):
        thread.start()
    for thread in writing:
        thread.join()
    stop.set()
    for thread in numbering:
        thread.join()
    while number(books):
        pass
    assert faults == []
    assert [e.sequence for e in events(books)] == list(range(1, 121))
    assert findings(books) == []


def test_a_payload_has_one_spelling():
    """Keys sorted, nothing spaced, scripts kept; floats and nothing are refused."""
    assert canonical.text({"b": [1, True], "a": "آب"}) == '{"a":"آب","b":[1,true]}'
    for bad in (0.1, None, {1: 2}, b"x"):
        with pytest.raises(TypeError):
            canonical.text({"a": bad})


@pytest.mark.parametrize("rows", [0, 1, 3, 6, 7])
def test_tables_are_spelled_as_their_lists(rows):
    """The next so many rows a text, as if each were a mapping of its own."""
    columns = {"ids": np.arange(rows) - 3, "amounts": np.arange(rows) * 10**15}
    same = {"day": 5, "kind": 'a "q" ز', "begins": True, "of": [1, {"x": "y"}]}
    told = [
        canonical.text({**same, **{n: c[at : at + 3].tolist() for n, c in columns.items()}})
        for at in range(0, rows, 3)
    ]
    assert canonical.tables(same, columns, 3) == told
