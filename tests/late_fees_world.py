"""A provider that charges late fees: debts, payments and assessments, on days of its own."""

import json
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from billcore.core.accounts.policies import parse_policies
from billcore.core.collections.late_fees import assessments, shown
from billcore.core.collections.late_fees.holds import hold, release
from billcore.core.collections.late_fees.reference import GivenRate, set_rate
from billcore.core.ledger import balances
from billcore.core.ledger.account_entries import (
    AccountEntries,
    Posting,
    post_account_entries,
    reverse_account_entry,
)
from billcore.core.ledger.items import open_items
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import providers
from tests import payments_world
from tests.payments_world import SECOND, World

DAILY = {
    "name": "daily",
    "kind": "daily",
    "per_million": 1_000,
    "items": ["bill", "opening", "adjustment"],
}
"""One per mille a day, from the day after the due day to that of payment."""


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@dataclass
class Desk:
    """Works on the world; its clock moves with every write."""

    world: World
    writes: int = 0

    def policy(self, *rules: dict, **more: object) -> None:
        """The provider's rules from now on."""
        text = json.dumps({"late_fees": {"rules": rules}, **more})
        with self.world.store.write() as session:
            session.run(
                "UPDATE provider SET policies = :text WHERE provider_id = :provider_id",
                text=text,
                provider_id=self.world.provider_id,
            )

    def write(self, act):
        self.writes += 1
        return self.world.at(self.writes).write(act)

    def post(self, amount: int, on: str, kind=EntryKind.ADJUSTMENT, count: int = 1) -> int:
        """An entry of an account: a debt that is due, or a payment made, on that day; its id."""
        given = AccountEntries(
            account_id=np.array([self.world.account(count)]),
            kind=np.array([int(kind)]),
            day=np.array([day(on)]),
            amount=np.array([amount]),
            reference=pa.array([f"entry {self.writes}"]),
            reverses=np.array([0]),
        )
        return int(
            self.write(lambda w: post_account_entries(w.session, given, self._posting(w)))[0]
        )

    def pay(self, amount: int, on: str, count: int = 1) -> int:
        return self.post(-amount, on, EntryKind.PAYMENT, count)

    def undo(self, entry: int, on: str, count: int = 1) -> None:
        account = self.world.account(count)
        self.write(
            lambda w: reverse_account_entry(w.session, account, entry, day(on), self._posting(w))
        )

    def _posting(self, write) -> Posting:
        return Posting(self.world.provider_id, f"test/{self.writes}", 7, write.now)

    def rate(self, series: str, on: str, per_million: int) -> None:
        given = GivenRate(series, day(on), per_million, "central bank", day(on) - 3)
        self.write(lambda write: set_rate(write, given))

    def hold(self, item: int, amount: int, on: str, source: str = "case 1", count: int = 1):
        account = self.world.account(count)
        return self.write(lambda w: hold(w, account, item, amount, day(on), source, "disputed"))

    def release(self, on: str = "", source: str = "case 1", annul: bool = False, count: int = 1):
        account, last = self.world.account(count), day(on) if on else 0
        return self.write(lambda w: release(w, account, source, last, "settled", annul))

    def begin(self, until: str, count: int = 0, chunk_accounts: int = 2):
        account = self.world.account(count) if count else 0
        return self.write(
            lambda w: assessments.begin(w, day(until), day(until), account, chunk_accounts)
        )

    def assess(self, until: str, count: int = 0, chunk_accounts: int = 2):
        """(charged, credited) of an assessment of all accounts, or of one."""
        made = self.begin(until, count, chunk_accounts)
        return self.drive(made.assessment_id)

    def drive(self, assessment_id: int):
        *_, last = assessments.drive(
            self.world.store, self.world.caller, assessment_id, self._clock
        )
        assert last.complete
        return sum(c.charged for c in last.chunks), sum(c.credited for c in last.chunks)

    def _clock(self) -> int:
        self.writes += 1
        return self.world.now + self.writes * SECOND

    def provider(self):
        with self.world.store.read() as reader:
            return providers.provider(reader, self.world.provider_id)

    def charges(self, count: int = 1):
        with self.world.store.read() as reader:
            return shown.charges(reader, self.provider(), self.world.account(count))[0]

    def preview(self, until: str, count: int = 1):
        with self.world.store.read() as reader:
            account = self.world.account(count)
            return shown.preview(reader, self.provider(), account, day(until))

    def fees(self, count: int = 1) -> list[int]:
        """What late fees, and credits of such, the statement of an account shows."""
        with self.world.store.read() as reader:
            every = balances.documents(reader, self.world.account(count))
        return [one.amount for one in every if one.what == "late_fee"]

    def open(self, count: int = 1) -> dict[int, int]:
        """What is open of each document of an account."""
        with self.world.store.read() as reader:
            every = balances.documents(reader, self.world.account(count))
        strategies = parse_policies(self.provider().policies).allocation.strategies
        return {item.document.id: item.open for item in open_items(every, strategies)}


def found(store, accounts: int = 5) -> Desk:
    desk = Desk(payments_world.found(store, accounts))
    with store.write() as session:
        session.run("UPDATE provider SET currency = 'CNY', calendar = 'gregorian'")
    desk.policy(DAILY)
    return desk


def moment(text: str) -> int:
    """Microseconds since 1970 of a time in UTC."""
    return int(datetime.fromisoformat(text + "+00:00").timestamp()) * SECOND
