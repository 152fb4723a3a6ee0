"""Dunning day after day, whatever happens to an account: the signals of the plain model, and books
that verify."""

import shutil
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests import dunning_world
from tests.dunning_model import Model
from tests.dunning_world import POLICY
from tests.stores import migrated

FIRST = date(2026, 3, 1).toordinal()
SHORT = [  # so that all of it happens in a few days
    {"after_days": 1, "minimum": 5_000},
    {"after_days": 2, "wait_days": 3},
    {"after_days": 4, "wait_days": 2, "minimum": 20_000},
    {"after_days": 4, "wait_days": 1, "weekdays": [1, 2, 3, 5]},
]
LEVELS = [level | short for level, short in zip(POLICY["levels"], SHORT, strict=True)]


def text(day: int) -> str:
    return date.fromordinal(FIRST + day).isoformat()


class Dunned(RuleBasedStateMachine):
    """One account; days go by, each with a sweep."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        store = migrated(f"sqlite:///{Path(self.folder) / 'x.db'}")
        self.desk = dunning_world.found(store, 1)
        self.desk.dunning(POLICY | {"levels": LEVELS}, revision=1)
        self.model = Model(POLICY | {"levels": LEVELS})
        self.today = self.paused_until = self.cases = 0
        self.debts: list[tuple[int, int]] = []

    def teardown(self) -> None:
        assert self.desk.world.broken() == []
        self.desk.world.store.close()
        shutil.rmtree(self.folder)

    @rule(amount=st.integers(1, 60), due=st.integers(-4, 8))
    def owe(self, amount, due):
        on = max(self.today + due, 0)
        item = self.desk.post(amount * 1_000, text(on))
        self.debts.append((item, len(self.model.items)))
        self.model.debt(FIRST + on, amount * 1_000)

    @rule(amount=st.integers(1, 80))
    def pay(self, amount):
        self.desk.pay(amount * 1_000, text(self.today))
        self.model.pay(amount * 1_000)

    @precondition(lambda self: self.debts)
    @rule(pick=st.integers(0, 10**6), amount=st.integers(0, 3))
    def dispute(self, pick, amount):
        item, place = self.debts[pick % len(self.debts)]
        self.cases += 1
        amount *= 200
        self.desk.hold(item, amount, text(self.today), source=f"case {self.cases}")
        self.model.hold(place, amount or 10**9)  # 0: all of it

    @precondition(lambda self: self.model.level and self.debts)
    @rule()
    def dispute_what_it_is_about(self):
        for item, place in self.debts:
            if self.model.items[place][0] <= self.model.about and self.model.items[place][1]:
                self.cases += 1
                self.desk.hold(item, 0, text(self.today), source=f"case {self.cases}")
                self.model.hold(place, 10**9)

    @precondition(lambda self: self.today > self.paused_until)
    @rule(days=st.integers(1, 14))
    def pause(self, days):
        self.paused_until = self.today + days - 1
        source = f"p{self.today}"
        self.desk.pause(text(self.today), text(self.paused_until), source=source)

    @rule(days=st.integers(1, 6))
    def days_go_by(self, days):
        for _ in range(days):
            self.today += 1
            paused = self.today <= self.paused_until
            wanted = self.model.sweep(FIRST + self.today, paused)
            done = [signal for _, signal, _ in self.desk.sweep_one(text(self.today))]
            assert done == ([wanted] if wanted else [])
            again = self.model.sweep(FIRST + self.today, paused)  # behind an end another may begin
            done = [signal for _, signal, _ in self.desk.sweep_one(text(self.today))]
            assert done == ([again] if again else [])


def test_signals_are_those_of_the_model():
    """Whatever happens, each day has the signal of the model, or none."""
    run_state_machine_as_test(
        Dunned,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
