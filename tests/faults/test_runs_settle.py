"""Chunks that were prepared earlier give the books of chunks that are made as they are written.

Payments, adjustments, reversals and single bills come between preparing a chunk and writing it, in
any order. The tariff charges a part of what was owed, so that they change amounts and openings.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import store_world
from billcore.core.billing.charges.due import Window
from billcore.core.billing.make import Order, bill_accounts
from billcore.core.billing.runs import chunk as chunks
from billcore.core.billing.runs import runs
from billcore.core.billing.runs.chunk import Prepared
from billcore.core.billing.runs.states import Phase, State
from billcore.core.ledger.account_entries import (
    AccountEntries,
    Posting,
    post_account_entries,
    reverse_account_entry,
)
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import providers
from billcore.core.store.open import open_store
from tests import runs_world as at
from tests.faults import month_end
from tests.faults.conftest import FULL
from tests.faults.month_end import Begun
from tests.runs_world import World
from tests.stores import migrated

EXAMPLES = 250 if FULL else 12
ACCOUNTS = 12
CHUNK = 4
CHUNKS = ACCOUNTS // CHUNK

LATE = """  - {id: late, label: {en: Late}, is: previous_balance / 10, round: 1 half_up}
total: {of: [part_total, late]}"""

INPUT = "inputs:\n  previous_balance: {kind: money, default: 0}"


@dataclass(frozen=True)
class Event:
    """Something that is posted. kind: pay, charge, undo or bill; amount: minor units."""

    kind: str
    account: int
    amount: int


EVENTS = st.lists(
    st.builds(
        Event,
        st.sampled_from(["pay", "pay", "charge", "undo", "bill"]),
        st.integers(1, ACCOUNTS),
        st.integers(1, 10**6),
    ),
    max_size=8,
)

PLACES = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 8)).map(sorted), min_size=CHUNKS, max_size=CHUNKS
)
"""Of each chunk, before which events it is prepared and written."""


def settled(url: str, straight: bool) -> Begun:
    """A company whose first month is billed and partly paid, and whose second is to be frozen."""
    store = migrated(url)
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        text = store_world.TARIFF.read_text()
        text = text.replace("inputs:", INPUT).replace("total: {of: [part_total]}", LATE)
        assert text.count("previous_balance") == 2
        own = Path(folder, "tariff.yaml")
        own.write_text(text)
        patch.setattr(store_world, "TARIFF", own)
        world = at.settle(store, ACCOUNTS, months=3)
    at.whole(world, at.order(world, straight=True))
    for count in range(1, ACCOUNTS, 2):
        at.pay(world, count, 9_000 * count, at.day_of(1) + 9, f"first month {count}")
    order = at.order(world, 2, chunk_accounts=CHUNK, straight=straight)
    run_id = at.create(world, order)
    if not straight:
        at.rated(world, run_id)
        at.approved(world, run_id)
    at.begin(world, run_id, Phase.FREEZE)
    return Begun(world, run_id, Phase.FREEZE, State.FROZEN)


@lru_cache(2)
def template(straight: bool) -> tuple[bytes, Begun]:
    """The file of such a company."""
    with tempfile.TemporaryDirectory() as folder:
        begun = settled(f"sqlite:///{folder}/store.db", straight)
        begun.world.store.close()
        return Path(folder, "store.db").read_bytes(), begun


# -- what happens


class Books:
    """A copy of the company in which it happens."""

    def __init__(self, straight: bool) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="billcore-settle-"))
        content, begun = template(straight)
        (self._folder / "store.db").write_bytes(content)
        self.begun = begun.on(open_store(f"sqlite:///{self._folder / 'store.db'}"))
        self.world: World = self.begun.world
        with self.world.store.read() as reader:
            self.tasks = runs.tasks(reader, self.world.provider_id, self.begun.run_id)
        self._posted: list[tuple[int, int]] = []
        self._count = 0

    def close(self) -> None:
        self.world.store.close()
        shutil.rmtree(self._folder)

    def prepare(self, chunk: int) -> Prepared:
        with self.world.store.read() as reader:
            found = chunks.prepare(reader, self.tasks[chunk])
        assert found is not None
        return found

    def write(self, chunk: int, prepared: Prepared | None) -> None:
        with self.world.store.write() as session:
            assert chunks.do(session, self.tasks[chunk], at.clock, prepared)

    def happens(self, event: Event) -> None:
        self._count += 1
        act = {"pay": self._post, "charge": self._post, "undo": self._undo, "bill": self._bill}
        with self.world.store.write() as session:
            act[event.kind](session, event)

    def _post(self, session, event: Event) -> None:
        paid = event.kind == "pay"
        account = self.world.account(event.account)
        kind = EntryKind.PAYMENT if paid else EntryKind.ADJUSTMENT
        entries = AccountEntries(
            account_id=np.array([account]),
            kind=np.array([int(kind)]),
            day=np.array([at.day_of(2) + 2]),
            amount=np.array([-event.amount if paid else event.amount]),
            reference=pa.array([f"event {self._count}"]),
            reverses=np.array([0]),
        )
        (entry,) = post_account_entries(session, entries, self._posting())
        self._posted.append((account, int(entry)))

    def _undo(self, session, event: Event) -> None:
        if self._posted:
            account, entry = self._posted.pop(event.account % len(self._posted))
            reverse_account_entry(session, account, entry, at.day_of(2) + 3, self._posting())

    def _bill(self, session, event: Event) -> None:
        account, day = self.world.account(event.account), at.day_of(2)
        provider = providers.provider(session, self.world.provider_id)
        order = Order(
            first=account,
            last=account,
            window=Window(day - 5, day + 5),
            issued_day=day + 6,
            source=f"event {self._count}",
            client_id=self.world.caller.client_id,
            recorded_at=at.START,
        )
        bill_accounts(session, provider, order)

    def _posting(self) -> Posting:
        caller = self.world.caller
        return Posting(caller.provider_id, f"event {self._count}", caller.client_id, at.START)

    def told(self) -> tuple[object, ...]:
        """All that came of it but for the times and what the ledger calls its entries."""
        assert self.begun.driven() is State.FROZEN
        assert at.broken(self.world) == {}
        found = at.view(self.world, self.begun.run_id)
        with self.world.store.read() as reader:
            bills = reader.rows(
                "SELECT bill_id, previous_day, this_day, opening, total, closing, lines, inputs, "
                "carried FROM bill ORDER BY bill_id"
            )
            exceptions = reader.rows(month_end.EXCEPTIONS, run_id=self.begun.run_id)
        done = [
            (c.phase, c.chunk, c.bills, c.held, c.refused, c.total, c.digest) for c in found.chunks
        ]
        return bills, exceptions, done


def happen(
    straight: bool, events: Sequence[Event], places: Sequence[Sequence[int]], prepared: bool
) -> tuple[object, ...]:
    """What comes of it when the chunks are prepared before they are written, or not."""
    books = Books(straight)
    try:
        ready: dict[int, Prepared] = {}
        for step in range(9):
            for chunk, (early, late) in enumerate(places):
                if prepared and step == early:
                    ready[chunk] = books.prepare(chunk)
                if step == late:
                    books.write(chunk, ready.get(chunk))
            for event in events[step : step + 1]:
                books.happens(event)
        return books.told()
    finally:
        books.close()


@pytest.mark.parametrize("straight", [True, False], ids=["straight", "two phases"])
@settings(max_examples=EXAMPLES)
@given(events=EVENTS, places=PLACES)
def test_preparing_early_changes_nothing(straight, events, places):
    """Bills, openings, exceptions and digests are those of chunks made as they are written."""
    assert happen(straight, events, places, True) == happen(straight, events, places, False)
