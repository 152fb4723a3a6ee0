"""A provider that duns: debts, payments, disputes and sweeps, on days of its own."""

import json
from dataclasses import dataclass

import numpy as np

from billcore.core.collections.dunning.explaining import explain
from billcore.core.collections.dunning.looking import Moment
from billcore.core.collections.dunning.pauses import pause, resume
from billcore.core.collections.dunning.policies import set_policy
from billcore.core.collections.dunning.policy import Signal
from billcore.core.collections.dunning.sweeping import settle, sweep, sweep_some
from billcore.core.collections.dunning.waiving import waive
from billcore.core.store import dunning as rows
from tests import late_fees_world
from tests.late_fees_world import Desk as LateFeeDesk
from tests.late_fees_world import day, moment
from tests.payments_world import SECOND

POLICY = {
    "items": ["bill", "opening", "adjustment"],
    "levels": [
        {"name": "reminder", "signal": "reminder", "after_days": 3, "minimum": 500,
         "text": "first_reminder"},
        {"name": "notice", "signal": "notice", "after_days": 10, "wait_days": 5,
         "charge": {"amount": 1_000, "code": "notice", "tax": "vat", "tax_per_million": 90_000}},
        {"name": "warning", "signal": "cut_off_warning", "after_days": 20, "wait_days": 5},
        {"name": "cut_off", "signal": "cut_off", "after_days": 20, "wait_days": 1},
    ],
    "reconnect": {"text": "again", "charge": {"amount": 5_000, "code": "reconnection"}},
    "pauses": {"PROMISE": 14},
}  # fmt: skip


@dataclass
class Desk(LateFeeDesk):
    """Works on the world; a sweep is of a day, at noon."""

    def dunning(self, policy: object = None, name: str = "all", revision: int = 0, **more) -> None:
        """Sets a policy: this one, or POLICY with other values."""
        text = json.dumps(policy or POLICY | more)
        self.write(lambda w: set_policy(w, name, text, revision))

    def clock(self, on: str) -> int:
        """A time of that day, later than those before; of the provider's time zone, too."""
        self.writes += 1
        return moment(f"{on}T08:00:00") + self.writes * SECOND

    def sweep(self, on: str) -> list[tuple[int, str, int]]:
        """(count of the account, signal, debt) of what a sweep of a day did."""
        swept = sweep(self.world.store, self.world.caller, lambda: self.clock(on))
        return self._told(swept)

    def settle(self, on: str, since: int = 0) -> list[tuple[int, str, int]]:
        swept = settle(self.world.store, self.world.caller, lambda: self.clock(on), since)
        return self._told(swept)

    def sweep_one(self, on: str, count: int = 1) -> list[tuple[int, str, int]]:
        accounts = np.array([self.world.account(count)])
        now = self.clock(on)
        return self._told([sweep_some(self.world.store, self.world.caller, lambda: now, accounts)])

    def _told(self, swept) -> list[tuple[int, str, int]]:
        first = self.world.account(1) - 1
        return [
            (row.account_id - first, Signal(row.signal).word, row.debt)
            for one in swept
            for row in one.actions
        ]

    def pause(self, on: str, until: str = "", code: str = "PROMISE", count: int = 1, source="p1"):
        account, last = self.world.account(count), day(until) if until else 0
        return self.write(lambda w: pause(w, account, code, day(on), last, source, "called"))

    def resume(self, until: str, count: int = 1, source: str = "p1"):
        account = self.world.account(count)
        return self.write(lambda w: resume(w, account, source, day(until), "broken"))

    def waive(self, entry: int, on: str, count: int = 1):
        account, source = self.world.account(count), f"waive/{self.writes}"
        return self.write(lambda w: waive(w, account, entry, day(on), "goodwill", source))

    def explain(self, on: str, count: int = 1):
        now = self.clock(on)
        with self.world.store.read() as reader:
            account = self.world.account(count)
            return explain(reader, self.provider(), account, Moment(day(on), now))

    def actions(self, count: int = 1):
        with self.world.store.read() as reader:
            return rows.actions(reader, self.world.account(count), 2**31 - 1, 1_000)[::-1]


def found(store, accounts: int = 5) -> Desk:
    desk = Desk(late_fees_world.found(store, accounts).world)
    desk.policy()
    desk.dunning()
    return desk
