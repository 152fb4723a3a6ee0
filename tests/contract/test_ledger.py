"""The ledger on both stores: entries balance, balances at any date, reversals, verify."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billcore.core.accounts.errors import AccountUnknown
from billcore.core.billing.checks import allocations_fit
from billcore.core.events import sequencer
from billcore.core.ids import owned_id
from billcore.core.ledger import balances, checks, journal
from billcore.core.ledger.account_entries import (
    AccountEntries,
    Posting,
    post_account_entries,
    reverse_account_entry,
)
from billcore.core.ledger.errors import (
    AmountInvalid,
    EntryExists,
    EntryReversed,
    EntryUnbalanced,
    EntryUnknown,
)
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ledger.told import DOCUMENTS, events_rebuild_balances
from billcore.core.store import events
from billcore.core.store import ledger as rows
from billcore.core.store.port import OPEN_DAY

WATER = 1
ANNA, BEN = owned_id(WATER, 1), owned_id(WATER, 2)
MAY = date(2026, 5, 1).toordinal()
SECOND = 1_000_000

LEDGER_CHECKS = (checks.entries_balance, checks.books_agree, checks.balances_chain,
                 allocations_fit, events_rebuild_balances)  # fmt: skip


@pytest.fixture
def books(books):
    """With the accounts of ANNA and BEN."""
    texts = ("number", "name", "geographic_code", "address", "phone", "email", "language")
    columns = {
        "account_id": np.array([ANNA, BEN]),
        "customer_id": np.array([1, 1]),
        "opened_day": np.array([1, 1]),
        "closed_day": np.array([OPEN_DAY, OPEN_DAY]),
        "revision": np.array([1, 1]),
        "recorded_at": np.array([0, 0]),
        **{name: pa.array([f"{name} 1", f"{name} 2"]) for name in texts},
    }
    with books.write() as session:
        session.insert("account", columns)
    return books


def entries(*found):
    """(account, kind, day, amount, reference) as columns."""
    account, kind, day, amount, reference = zip(*found, strict=True)
    return AccountEntries(
        account_id=np.array(account),
        kind=np.array([int(k) for k in kind]),
        day=np.array(day),
        amount=np.array(amount),
        reference=pa.array(reference),
        reverses=np.zeros(len(account), dtype=np.int64),
    )


def posting(source, at=SECOND):
    return Posting(WATER, source, client_id=7, recorded_at=at)


def post(store, source, *found, at=SECOND):
    with store.write() as session:
        return post_account_entries(session, entries(*found), posting(source, at))


def broken(store):
    """What the checks of the ledger find, all accounts drawn."""
    with store.write() as session:
        session.run(
            "INSERT INTO drawn (provider_id, kind, last) VALUES (:provider, 'account', 5)"
            " ON CONFLICT DO NOTHING",
            provider=WATER,
        )
    with store.read() as reader:
        return [finding for check in LEDGER_CHECKS for finding in check(reader, WATER)]


def trial_balance(store, day=2**31 - 1, known_at=balances.NOW):
    with store.read() as reader:
        return {str(c): int(a) for c, _, a in rows.trial_balance(reader, WATER, day, known_at)}


def test_one_entry_a_day_and_kind(books):
    post(
        books, "load 1/0",
        (ANNA, EntryKind.OPENING, MAY, 17, "opening"),
        (BEN, EntryKind.OPENING, MAY, -5, "opening"),
        (BEN, EntryKind.PAYMENT, MAY, -100, "p1"),
        (BEN, EntryKind.PAYMENT, MAY + 1, -100, "p2"),
    )  # fmt: skip
    assert trial_balance(books) == {"receivable": -188, "opening": -12, "channel_clearing": 200}
    assert trial_balance(books, MAY)["channel_clearing"] == 100
    with books.read() as reader:
        (count,) = reader.row("SELECT COUNT(*) FROM entry")
        assert count == 3
        assert balances.balance(reader, ANNA) == 17
        assert balances.balance(reader, BEN) == -205
        assert balances.balance(reader, BEN, MAY) == -105
    assert broken(books) == []


def test_a_source_is_posted_once(books):
    row = (ANNA, EntryKind.PAYMENT, MAY, -100, "p1")
    post(books, "file 9/3", row)
    with pytest.raises(EntryExists, match="file 9/3"):
        post(books, "file 9/3", row)
    assert trial_balance(books)["receivable"] == -100


@pytest.mark.parametrize("amount", [0, 10**17 + 1, -(10**17) - 1])
def test_an_amount_that_cannot_be(books, amount):
    with pytest.raises(AmountInvalid, match=r"entries\[1\].amount"):
        post(
            books, "x",
            (ANNA, EntryKind.PAYMENT, MAY, -1, "p1"),
            (ANNA, EntryKind.PAYMENT, MAY, amount, "p2"),
        )  # fmt: skip
    assert trial_balance(books) == {}


def test_an_entry_that_does_not_balance(books):
    entry = journal.Entry(WATER, "odd", MAY, 3, {"receivable": 5, "opening": -4}, 7, SECOND)
    with pytest.raises(EntryUnbalanced, match="sum to 1"), books.write() as session:
        journal.post(session, entry)
    assert trial_balance(books) == {}


def test_a_code_of_no_family(books):
    entry = journal.Entry(WATER, "odd", MAY, 3, {"recievable": 5, "opening": -5}, 7, SECOND)
    with pytest.raises(ValueError, match="recievable"), books.write() as session:
        journal.post(session, entry)
    assert trial_balance(books) == {}


def test_statement_as_known_at(books):
    """A late entry of an early day is in the statement only for those who know it."""
    post(books, "a", (ANNA, EntryKind.OPENING, MAY, 500, "old"), at=SECOND)
    post(books, "b", (ANNA, EntryKind.PAYMENT, MAY + 9, -200, "p2"), at=2 * SECOND)
    post(books, "c", (ANNA, EntryKind.PAYMENT, MAY + 3, -100, "p1, late"), at=3 * SECOND)
    with books.read() as reader:
        told = balances.statement(reader, ANNA, MAY + 1, MAY + 30)
        before = balances.statement(reader, ANNA, MAY + 1, MAY + 30, known_at=2 * SECOND)
    assert (told.opening, told.balances, told.closing) == (500, (400, 200), 200)
    assert [d.reference for d in told.documents] == ["p1, late", "p2"]
    assert (before.opening, before.balances) == (500, (300,))
    assert trial_balance(books, known_at=2 * SECOND)["receivable"] == 300


def test_a_reversal_undoes_once(books):
    (payment,) = post(books, "a", (ANNA, EntryKind.PAYMENT, MAY, -100, "p1")).tolist()
    with books.write() as session:
        undoing = reverse_account_entry(session, ANNA, payment, MAY + 4, posting("undo 1"))
    with books.read() as reader:
        assert balances.balance(reader, ANNA) == 0
        told = balances.statement(reader, ANNA, MAY, MAY + 30).documents
        assert [d.what for d in told] == ["payment", "payment reversal"]
    for entry, why in ((payment, "already"), (undoing, "itself")):
        with pytest.raises(EntryReversed, match=why), books.write() as session:
            reverse_account_entry(session, ANNA, entry, MAY + 5, posting("undo 2"))
    with pytest.raises(EntryUnknown), books.write() as session:
        reverse_account_entry(session, BEN, payment, MAY + 5, posting("undo 3"))
    assert broken(books) == []


@pytest.mark.parametrize("damage", ["amount = amount - 1", "reverses = 4711"])
def test_verify_finds_a_reversal_that_undoes_something_else(books, damage):
    (payment,) = post(books, "a", (ANNA, EntryKind.PAYMENT, MAY, -100, "p1")).tolist()
    with books.write() as session:
        reverse_account_entry(session, ANNA, payment, MAY + 4, posting("undo 1"))
    with books.write() as session:
        session.run(f"UPDATE account_entry SET {damage} WHERE reverses <> 0")
    with books.read() as reader:
        (finding,) = checks.reversals_undo(reader, WATER)
    assert finding["account_id"] == ANNA


def test_verify_finds_what_was_altered(books):
    post(books, "a", (ANNA, EntryKind.PAYMENT, MAY, -100, "p1"))
    with books.write() as session:
        session.run("UPDATE account_entry SET amount = -101")
    finding, told = broken(books)
    assert told["account_id"] == ANNA
    assert finding["day"] == MAY
    assert "-101" in finding["message"]
    assert "-100" in finding["message"]
    with books.write() as session:
        session.run("UPDATE posting SET amount = -101 WHERE amount = -100")
    finding, _ = broken(books)
    assert "sum to -1" in finding["message"]
    assert finding["source"].startswith("a/")
    with books.write() as session:
        session.run("DELETE FROM entry")
    assert any("no entry" in str(finding["message"]) for finding in broken(books))


ROWS = st.lists(
    st.tuples(
        st.sampled_from([ANNA, BEN]),
        st.sampled_from(list(EntryKind)),
        st.integers(MAY, MAY + 3),
        st.integers(-(10**12), 10**12).filter(bool),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_books_agree_whatever_is_posted(books, batches):
    """Every batch balances; an account's balance is the sum of its entries."""
    with books.write() as session:
        for table in ("account_entry", "entry", "posting", "event_pending"):
            session.run(f"DELETE FROM {table}")
    for number, batch in enumerate(batches):
        post(books, f"batch {number}", *((*row, f"row {n}") for n, row in enumerate(batch)))
    every = [row for batch in batches for row in batch]
    with books.read() as reader:
        for account in (ANNA, BEN):
            assert balances.balance(reader, account) == sum(r[3] for r in every if r[0] == account)
    assert sum(trial_balance(books).values()) == 0
    assert broken(books) == []


@pytest.mark.parametrize("stranger", [owned_id(WATER, 3), owned_id(WATER + 1, 1), 0, -1])
def test_money_is_of_accounts_that_are_there(books, stranger):
    with pytest.raises(AccountUnknown, match=r"entries\[1\].account_id"):
        post(
            books, "x",
            (ANNA, EntryKind.PAYMENT, MAY, -1, "p1"),
            (stranger, EntryKind.PAYMENT, MAY, -1, "p2"),
        )  # fmt: skip
    assert trial_balance(books) == {}


def test_events_rebuild_balances(books):
    """Numbered or not, in pieces of DOCUMENTS: amounts of events add up to the balances."""
    rows_of_one = [(ANNA, EntryKind.PAYMENT, MAY, -1, f"p{n}") for n in range(DOCUMENTS + 1)]
    post(books, "many", *rows_of_one)
    with books.write() as session:
        assert sequencer.number(session, WATER) == 2
    post(books, "later", (BEN, EntryKind.OPENING, MAY, 5, "old"))
    assert broken(books) == []
    with books.write() as session:
        (event,) = events.pending_events(session, WATER, 10)
        assert '"amounts":[5]' in event.payload
        session.run("DELETE FROM event_pending")
    (finding,) = broken(books)
    assert finding["account_id"] == BEN
