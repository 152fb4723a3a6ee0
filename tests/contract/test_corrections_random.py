"""Bills, payments and corrections in random order, on both stores: the books hold after each."""

import random
from itertools import pairwise

import pytest

from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.corrections.credits import Reason
from billcore.core.billing.corrections.errors import BillUncorrectable, UndoRefused
from billcore.core.billing.errors import AccountUnbillable
from billcore.core.ledger.kinds import BillKind, EntryKind
from billcore.core.metering.errors import EstimateImpossible
from billcore.core.metering.findings import Source
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from tests import seed
from tests.contract.test_rerating import STATES
from tests.corrections_world import Desk

STEPS = 30
REFUSALS = (BillUncorrectable, UndoRefused, AccountUnbillable, EstimateImpossible, FieldRefused)

FIRST = seed.jalali(seed.FIRST[0])


class Play:
    """An account of the seed's company, and what was done to it."""

    def __init__(self, store, draw):
        self.world = seed.settle(store)
        self.draw = draw
        self.desk = Desk(store, self.world.caller, FIRST + 30 * (STEPS + 2), seed.NOW)
        self.day, self.dial, self.owed = FIRST, seed.FIRST[1], 17
        self.days, self.corrections, self.count = {}, [], 0
        self.acts = {
            self.bill: 6, self.estimate: 3, self.pay: 3, self.correct: 4, self.cancel: 3,
            self.rebill: 3, self.rerate: 4, self.re_estimate: 2, self.undo: 5, self.publish: 1,
        }  # fmt: skip

    @property
    def account(self):
        return self.world.account_id

    def step(self):
        """One act; a refusal leaves everything as it was."""
        self.count += 1
        (act,) = self.draw.choices(list(self.acts), list(self.acts.values()))
        before = self.state()
        try:
            act()
        except REFUSALS:
            assert self.state() == before
        return act.__name__

    def state(self):
        return self.desk.bills(self.account), self.desk.balance(self.account)

    def read(self, source):
        self.day += self.draw.randint(20, 40)
        self.dial += self.draw.randint(0, 40)
        self.desk.read(self.world.meter_id, self.day, self.dial, source)
        self.days[self.day] = self.dial

    def bill(self, source=Source.OFFICER):
        self.read(source)
        seed.bill(self.world, self.day, source=f"bill {self.count}")

    def estimate(self):
        """A bill on an estimate, which the next reading may stand below."""
        self.bill(Source.ESTIMATE)
        self.dial = max(self.dial - self.draw.randint(0, 50), seed.FIRST[1])

    def pay(self):
        amount = self.draw.randint(1, 5_000)
        self.owed -= amount
        seed.post(self.world.store, self.world.caller, self.account, EntryKind.PAYMENT, self.day,
                  -amount, f"payment {self.count}")  # fmt: skip

    def correct(self):
        if self.days:
            day = self.draw.choice(list(self.days))
            low = max((v for d, v in self.days.items() if d < day), default=seed.FIRST[1])
            high = min((v for d, v in self.days.items() if d > day), default=low + 40)
            self.days[day] = self.draw.randint(min(low, high), max(low, high))
            self.desk.correct(self.world.meter_id, day, self.days[day])

    def some(self):
        found = [one for one in self.desk.bills(self.account) if one.kind != BillKind.CREDIT]
        return self.draw.choice(found[-3:]).bill_id

    def cancel(self):
        if self.desk.bills(self.account):
            self.corrections.append(self.desk.cancel(self.some()).correction_id)

    def rebill(self):
        if self.desk.bills(self.account):
            self.keep(self.desk.rebill(self.some()))

    def rerate(self, **more):
        day = self.draw.randint(FIRST, self.day)
        self.keep(self.desk.rerate(self.account, day, **more))
        again = self.desk.rerate(self.account, day, **more)
        assert (again.correction_id, again.changes, again.estimates) == (0, (), ())

    def re_estimate(self):
        self.rerate(re_estimate=True)

    def undo(self):
        if self.corrections:
            before = said(self.desk, self.account)
            done = self.desk.undo(self.draw.choice(self.corrections[-3:]))
            if self.draw.random() < 0.3:
                done = self.desk.undo(done.correction_id)
                assert said(self.desk, self.account) == before
            self.corrections.append(done.correction_id)

    def publish(self):
        """The same tariff at another price."""
        text = STATES.replace("33.3", f"{self.draw.randint(30, 40)}.{self.count}")
        catalog = Catalog(Stored(self.world.store, lambda: seed.NOW))
        catalog.publish(text, f"version {self.count}", caller=self.world.caller)

    def keep(self, done):
        if done.correction_id:
            self.corrections.append(done.correction_id)

    def check(self):
        """The balance is what stands and what was paid; every invariant holds."""
        standing = self.desk.standing(self.account)
        expected = self.owed + sum(one.header.total for one in standing)
        assert self.desk.balance(self.account) == expected
        for one, other in pairwise(standing):
            assert one.header.this_day == other.header.previous_day
        assert self.desk.broken() == {}


def said(desk, account):
    """What the bills that stand say, by day."""
    return [(one.header.this_day, one.header.total, one.spans) for one in desk.standing(account)]


@pytest.mark.parametrize("number", range(4))
def test_the_books_hold_after_every_act(books, tmp_path, monkeypatch, number):
    """Refused or done: the ledger balances, days are billed once, everything rates to itself."""
    path = tmp_path / "states.yaml"
    path.write_text(STATES)
    monkeypatch.setattr(seed, "TARIFF", path)
    play = Play(books, random.Random(number))
    done = []
    for _ in range(STEPS):
        done.append(play.step())
        play.check()
    assert len(set(done)) > 5, done


def test_everything_undone_is_as_it_was(books):
    """Corrections undone from the last to the first leave every bill saying what it said."""
    world = seed.settle(books)
    for printed in seed.PRINTED:
        day = seed.jalali(printed.day)
        seed.read(world, day, printed.dial)
        seed.bill(world, day, printed.days)
    days = [seed.jalali(printed.day) for printed in seed.PRINTED]
    desk = Desk(books, world.caller, days[-1] + 10, seed.NOW)
    before, balance = said(desk, world.account_id), desk.balance(world.account_id)
    corrections = []
    for place, dial in ((1, 133), (3, 170), (0, 118), (4, 215)):
        desk.correct(world.meter_id, days[place], dial)
        corrections.append(desk.rerate(world.account_id, days[0]).correction_id)
    last = desk.standing(world.account_id)[-1].header.bill_id
    why = Reason("DUPLICATE", "twice", ("letter 3",))
    corrections.append(desk.cancel(last, why=why).correction_id)
    for correction in reversed(corrections):
        desk.undo(correction)
        assert desk.broken() == {}
    assert said(desk, world.account_id) == before
    assert desk.balance(world.account_id) == balance
