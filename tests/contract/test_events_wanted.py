"""Events by kind, subject and account on both engines: a filter passes over, and loses nothing."""

import random

import pytest

from billcore.core.errors import RequestInvalid
from billcore.core.events import following, sequencer
from billcore.core.events.outbox import record
from billcore.core.store import events as rows
from billcore.core.store.events import Wanted

PROVIDER = 3
A, B = 2 << 29, (2 << 29) + 1
"""Accounts; the digits of one stand in no other number by chance, unless a test says so."""

KINDS = ("bills.issued", "case.registered", "payment.reversed", "run.started")


def write(store, *events: tuple[str, str, dict[str, object]], now: int = 100) -> None:
    with store.write() as session:
        for number, (kind, subject, payload) in enumerate(events):
            record(session, PROVIDER, kind, subject, payload, now + number)
    with store.write() as session:
        sequencer.number(session, PROVIDER)


def page(store, wanted: Wanted, after: int = 0, most: int = 1000) -> following.Page:
    with store.read() as reader:
        return following.page(reader, PROVIDER, wanted, after, most)


def walked(store, wanted: Wanted, most: int, after: int = 0) -> list[rows.Event]:
    """Every page up to the end of the log."""
    found: list[rows.Event] = []
    while True:
        some = page(store, wanted, after, most)
        found += some.events
        assert len(some.events) <= most
        if some.through == some.last:
            return found
        assert some.through > after
        after = some.through


def test_events_are_found_by_kind_subject_and_account(books):
    """Every list narrows; an account is named by the subject, by itself or among many."""
    write(
        books,
        ("bills.issued", "run 1", {"account_ids": [A, B], "amounts": [1, 2]}),
        ("bills.issued", "run 2", {"account_ids": [B], "amounts": [A]}),
        ("agreement.created", f"agreement 1 of account {A}", {}),
        ("autopay.set", f"account {A}", {}),
        ("autopay.set", f"account {A}0", {}),
        ("case.registered", "case 1", {"account_id": A}),
        ("case.registered", "case 2", {"account_id": B, "sides": [{"account_id": A}]}),
        ("channel.created", f"bank account {A}", {"amount": A}),
    )

    def found(**wanted: tuple[object, ...]) -> list[int]:
        return [event.sequence for event in page(books, Wanted(**wanted)).events]

    assert found() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert found(kinds=("bills.issued",)) == [1, 2]
    assert found(kinds=("bills.issued", "autopay.set")) == [1, 2, 4, 5]
    assert found(subjects=("run 2", "case 1")) == [2, 6]
    assert found(account_ids=(A,)) == [1, 3, 4, 6, 7]
    assert found(account_ids=(A, B)) == [1, 2, 3, 4, 6, 7]
    assert found(account_ids=(A,), kinds=("case.registered",), subjects=("case 1",)) == [6]
    assert found(kinds=("no.such",)) == []
    assert found(kinds=("bills%", "bills_issued")) == []


@pytest.mark.parametrize(("looked_at", "page_bytes"), [(10_000, 1 << 20), (3, 1 << 20), (7, 40)])
def test_a_filter_loses_nothing(books, monkeypatch, looked_at, page_bytes):
    """Whatever is wanted, from wherever, in pages of any size: what a look at all would find."""
    monkeypatch.setattr(following, "LOOKED_AT", looked_at)
    monkeypatch.setattr(following, "PAGE_BYTES", page_bytes)
    draw = random.Random(5)
    accounts = [A + n for n in range(5)]
    write(
        books,
        *(
            (draw.choice(KINDS), f"run {draw.randrange(3)}", {"account_ids": some, "n": n})
            for n in range(40)
            for some in [draw.sample(accounts, draw.randrange(4))]
        ),
    )
    every = page_of_all(books)
    assert [event.sequence for event in every] == list(range(1, 41))
    for _ in range(30):
        wanted = Wanted(
            tuple(draw.sample(KINDS, draw.randrange(3))),
            tuple(draw.sample([f"run {n}" for n in range(3)], draw.randrange(2))),
            tuple(draw.sample(accounts, draw.randrange(3))),
        )
        after, most = draw.randrange(42), draw.randrange(1, 12)
        right = [
            event
            for event in every
            if event.sequence > after
            and (not wanted.kinds or event.kind in wanted.kinds)
            and (not wanted.subjects or event.subject in wanted.subjects)
            and following.is_about(event, wanted.account_ids)
        ]
        assert walked(books, wanted, most, min(after, 40)) == right


def page_of_all(store) -> list[rows.Event]:
    with store.read() as reader:
        return rows.events(reader, PROVIDER, 0, 1000)


def test_the_end_of_the_log_is_told(books):
    """Behind the end nothing is found and the place stays; what is new is found from there."""
    assert page(books, Wanted()) == ([], 0, 0)
    write(books, ("a.b", "s", {}), ("a.c", "s", {}))
    assert page(books, Wanted(kinds=("a.b",)))[1:] == (2, 2)
    assert page(books, Wanted(), after=2) == ([], 2, 2)
    assert page(books, Wanted(), after=9) == ([], 9, 2)
    write(books, ("a.b", "s", {"n": 1}), now=200)
    found = page(books, Wanted(kinds=("a.b",)), after=2)
    assert ([event.sequence for event in found.events], found.through) == ([3], 3)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(kinds=("",)), "filter.kinds[0]"),
        (Wanted(kinds=("a", "x" * 201)), "filter.kinds[1]"),
        (Wanted(subjects=("s",) * 51), "filter.subjects"),
        (Wanted(account_ids=(1, 0)), "filter.account_ids[1]"),
    ],
)
def test_a_wrong_filter_is_refused(wanted, field):
    with pytest.raises(RequestInvalid) as found:
        following.checked(wanted)
    assert found.value.fields["field"] == field
