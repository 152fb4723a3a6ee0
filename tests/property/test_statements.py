"""Statements of random histories: for any days, as known at any time, they are the ledger."""

import shutil
import tempfile
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billcore.core.billing.items import account_items
from billcore.core.ledger import balances
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import ledger as ledger_rows
from billcore.core.store.open import open_store
from tests import payments_world
from tests.payments_world import NOW, SECOND, TODAY
from tests.stores import migrated

KINDS = (EntryKind.ADJUSTMENT, EntryKind.OPENING, EntryKind.TRANSFER)
days = st.integers(-60, 60)


class Step(NamedTuple):
    """An entry of an account, or the reversal of an earlier one; so many seconds after the last."""

    account: int
    kind: EntryKind
    day: int
    amount: int
    seconds: int
    undoes: int


steps = st.lists(
    st.builds(
        Step,
        account=st.integers(1, 3),
        kind=st.sampled_from(KINDS),
        day=days,
        amount=st.integers(-500, 500).filter(bool),
        seconds=st.integers(0, 3),
        undoes=st.one_of(st.just(-1), st.integers(0, 20)),
    ),
    max_size=20,
)


class Posted(NamedTuple):
    """A row of the plain model."""

    account: int
    day: int
    amount: int
    at: int
    id: int
    undone: bool = False


@lru_cache(1)
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "store.db")
        store = migrated(f"sqlite:///{path}")
        payments_world.found(store)
        store.close()
        return path.read_bytes()


def entries(world, step, amount, day, reverses):
    account_id = np.array([world.account(step.account)])
    return AccountEntries(
        account_id=account_id, kind=np.array([int(step.kind)]), day=np.array([day]),
        amount=np.array([amount]), reference=pa.array(["…"]), reverses=np.array([reverses]),
    )  # fmt: skip


def post(world, history):
    """Posts a history; the model of what is posted, with the times that the ledger gave it."""
    model: list[Posted] = []
    kinds: dict[int, EntryKind] = {}
    now = NOW
    for number, step in enumerate(history):
        now += step.seconds * SECOND
        account, kind, amount, undoes = step.account, step.kind, step.amount, 0
        if 0 <= step.undoes < len(model) and not model[step.undoes].undone:
            of = model[step.undoes]
            account, kind, amount, undoes = of.account, kinds[of.id], -of.amount, of.id
            model[step.undoes] = of._replace(undone=True)
        given_step = step._replace(account=account, kind=kind)
        made = entries(world, given_step, amount, TODAY + step.day, undoes)
        with world.store.write() as session:
            posting = Posting(world.provider_id, f"step {number}", 1, now)
            (entry_id,) = post_account_entries(session, made, posting).tolist()
            row = session.row(
                "SELECT recorded_at FROM account_entry WHERE account_entry_id = :id", id=entry_id
            )
        at = int(row[0])
        assert max([now, *(one.at for one in model)]) <= at  # entries are told in turns
        kinds[entry_id] = kind
        model.append(Posted(account, TODAY + step.day, amount, at, entry_id, bool(undoes)))
    return model


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps, st.lists(st.tuples(days, days, st.integers(-1, 60)), min_size=1, max_size=6))
def test_a_statement_is_the_ledger(history, questions):
    folder = Path(tempfile.mkdtemp())
    path = folder / "store.db"
    path.write_bytes(_template())
    store = open_store(f"sqlite:///{path}")
    world = payments_world.World(store)
    try:
        model = post(world, history)
        for first, last, known in questions:
            check(world, model, *sorted((TODAY + first, TODAY + last)), NOW + known * SECOND)
        assert world.broken() == []
    finally:
        store.close()
        shutil.rmtree(folder)


def check(world, model, first, last, known_at):
    """Every account's statement against the model, their sum against the general ledger."""
    closing = 0
    with world.store.read() as reader:
        for count in (1, 2, 3):
            mine = [one for one in model if one.account == count and one.at <= known_at]
            told = balances.statement(reader, world.account(count), first, last, known_at)
            assert told.opening == sum(one.amount for one in mine if one.day < first)
            inside = [one for one in mine if first <= one.day <= last]
            assert sorted(d.id for d in told.documents) == sorted(one.id for one in inside)
            assert told.closing == told.opening + sum(one.amount for one in inside)
            running = (told.opening, *told.balances)
            steps_told = zip(pairwise(running), told.documents, strict=True)
            assert all(b - a == document.amount for (a, b), document in steps_told)
            order = [(d.day, d.recorded_at) for d in told.documents]
            assert order == sorted(order)
            items = account_items(reader, world.account(count), last, known_at)
            assert sum(item.open for item in items.open()) == told.closing
            assert items.balance == told.closing
            closing += told.closing
        books = ledger_rows.trial_balance(reader, world.provider_id, last, known_at)
        found = {str(code): int(amount) for code, _, amount in books}
    assert found.get("receivable", 0) == closing
    assert sum(found.values()) == 0
