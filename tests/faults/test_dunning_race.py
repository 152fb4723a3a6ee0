"""Payments beside sweeps, on both stores: nothing is done about money that was paid before."""

import threading
import time

import numpy as np
import pytest

from billcore.core.collections.dunning.sweeping import sweep_some
from billcore.core.ledger import balances
from tests import dunning_world
from tests.dunning_world import day
from tests.late_fees_world import moment
from tests.payments_world import SECOND
from tests.stores import migrated

ACCOUNTS, DEBT, PART = 40, 100_000, 20_000
LEVELS = [
    {"name": f"level{number}", "signal": "reminder", "after_days": number}
    for number in range(1, 13)
]


@pytest.fixture(params=["sqlite", "postgres"])
def desk(request, tmp_path):
    url = f"sqlite:///{tmp_path / 'x.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    store = migrated(url)
    found = dunning_world.found(store, ACCOUNTS)
    found.dunning({"levels": LEVELS}, revision=1)
    yield found
    store.close()


def test_no_level_is_about_what_was_paid_before(desk):
    """Two payers pay 40 accounts in parts while two sweepers sweep a dozen days: whatever was
    paid when a sweep began is in no amount of it, and what nobody had begun to pay is in all."""
    world = desk.world
    world.owe(*[DEBT] * ACCOUNTS, day=day("2026-03-01"))
    begun, paid, swept = [], [], []

    def pay(counts):
        for part in range(5):
            for count in counts:
                begun.append((count, time.perf_counter()))
                told = world.told(f"{count}/{part}", count, PART)
                assert world.post(told).all()
                paid.append((count, time.perf_counter()))

    def sweep():
        for on in range(2, 14):
            now = moment(f"2026-03-{on:02}T08:00:00")
            start = time.perf_counter()
            accounts = np.array([world.account(n) for n in range(1, ACCOUNTS + 1)])
            done = sweep_some(world.store, world.caller, lambda now=now: now + SECOND, accounts)
            swept.append((start, time.perf_counter(), done.actions))

    work = [lambda: pay(range(1, 21)), lambda: pay(range(21, 41)), sweep, sweep]
    threads = [threading.Thread(target=one) for one in work]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    first = world.account(1) - 1
    for start, end, actions in swept:
        for row in actions:
            count = row.account_id - first
            before = sum(PART for n, at in paid if n == count and at < start)
            maybe = sum(PART for n, at in begun if n == count and at < end)
            if row.level:
                assert DEBT - maybe <= row.debt <= DEBT - before
                assert row.debt > 0
    done = [(row.account_id, row.episode, row.level) for *_, rows in swept for row in rows]
    assert len(set(done)) == len(done) > ACCOUNTS
    with world.store.read() as reader:
        assert {balances.balance(reader, world.account(n)) for n in range(1, 41)} == {0}
    assert world.broken() == []
