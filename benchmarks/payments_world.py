"""A water company whose accounts owe two bills each, and those who pay them.

The company and its bills are those of the runs suite; the readings of a third month wait for a run
that is made while others ask. A file pays the older bills and a part of the newer; single payments
that follow are told by account, oldest first, or name the newer bill as what they pay, so that what
must be open afterwards is known without a fold.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import pyarrow as pa

from benchmarks.race import NotExact
from benchmarks.runs_world import FIRST, JUDGED, analysed, founded, now, order, ran
from benchmarks.store_engines import Engine
from benchmarks.store_world import Act, Town
from billcore.core.billing.make import month_of_issue
from billcore.core.ids import owned_id
from billcore.core.payments.channels import create_channel
from billcore.core.payments.codes import TargetKind
from billcore.core.payments.intake.place import Place, place
from billcore.core.payments.intake.post import Intake
from billcore.core.payments.orders import Orders, Told
from billcore.core.store import providers
from billcore.core.store.port import Column, Kind, Reader

CHANNEL = "bank"
BILLED = (FIRST, JUDGED)
"""The months that are billed before anybody pays."""

MONTHS = JUDGED + 1

BILLS = """SELECT account_id, bill_id, total, due_day, recorded_at FROM bill
WHERE month = :month AND account_id BETWEEN :first AND :last ORDER BY account_id"""

Bills = Mapping[str, np.ndarray]

Say = Callable[[str], None]


@dataclass
class Payers:
    """Who pays at a company, and where. told: payments so far, and their sum."""

    town: Town
    place: Place
    told: int = 0
    amount: int = 0
    _references: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def intake(self) -> Intake:
        """What payments of a file are posted with."""
        at = self.place
        channels = {at.channel.channel_no: at.channel}
        return Intake(at.provider_id, now(), at.time_zone, at.policies, channels)

    def reference(self) -> str:
        """A new one; safe for threads."""
        return f"{next(self._references):012}"

    def payment(self, number: int, amount: int, bill_id: int = 0) -> Told:
        """Of the number-th account; bill_id: what it pays, 0: by the provider's policy."""
        return Told(
            channel_no=self.place.channel.channel_no,
            reference=self.reference(),
            target_kind=TargetKind.BILL if bill_id else TargetKind.ACCOUNT,
            target=str(bill_id) if bill_id else account_number(number),
            amount=amount,
            taken=False,
            client_id=self.town.caller.client_id,
        )

    def payments(self, numbers: np.ndarray, amounts: np.ndarray) -> Orders:
        """Payments of accounts as columns, told by the accounts' numbers."""
        rows = len(numbers)
        nothing = np.zeros(rows, dtype=np.int64)
        return Orders(
            channel_no=np.full(rows, self.place.channel.channel_no),
            reference=pa.array([self.reference() for _ in range(rows)]),
            target_kind=np.full(rows, TargetKind.ACCOUNT.value),
            target=pa.array([account_number(one) for one in numbers.tolist()]),
            amount=amounts,
            taken=np.zeros(rows, dtype=np.bool_),
            client_id=np.full(rows, self.town.caller.client_id),
            fee=nothing,
            terminal_no=nothing,
            direction=pa.repeat(pa.scalar(""), rows),
            paid_at=nothing,
            value_day=nothing,
        )


def account_number(number: int) -> str:
    """What people call the number-th account."""
    return f"A{number:08}"


def billed(engine: Engine, accounts: int, say: Say) -> Payers:
    """A company whose accounts were billed twice and have paid nothing."""
    town = founded(engine, accounts, MONTHS, say)
    say(f"payments: {engine.name}, two bills an account")
    for month in BILLED:
        ran(town, order(town, month), engine.clock)
    analysed(town)
    values = {"channel": CHANNEL, "kind": "bank_counter", "name": "Bank", "policies": ""}
    with town.store.write() as session:
        create_channel(Act(session, town.caller, now()), values)
    with town.store.read() as reader:
        return Payers(town, place(reader, town.caller, CHANNEL))


def bills(reader: Reader, town: Town, month: int, first: int, last: int) -> Bills:
    """account_id, bill_id, total, due_day and recorded_at of a range's bills of a month."""
    provider = providers.provider(reader, town.provider_id)
    assert provider is not None
    issued = month_of_issue(provider, order(town, month).issued_day)
    names = ("account_id", "bill_id", "total", "due_day", "recorded_at")
    kinds = dict.fromkeys(names, Kind.INT)
    found: dict[str, Column] = reader.fetch(BILLS, kinds, month=issued, first=first, last=last)
    return found  # type: ignore[return-value]  # all are integers


def newer_bills(town: Town) -> np.ndarray:
    """The id of each account's newer bill."""
    first, last = owned_id(town.provider_id, 1), owned_id(town.provider_id, town.accounts)
    with town.store.read() as reader:
        return bills(reader, town, JUDGED, first, last)["bill_id"]


def check_posted(payers: Payers) -> None:
    """Raises NotExact unless every payment that was told, and no other, is in the books."""
    with payers.town.store.read() as reader:
        orders = reader.row(
            "SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payment_order"
        )
        entries = reader.row(
            "SELECT COUNT(*), CAST(COALESCE(SUM(-amount), 0) AS BIGINT) FROM account_entry"
        )
    if not orders == entries == (payers.told, payers.amount):
        raise NotExact(f"{orders} orders, {entries} entries of {payers.told, payers.amount} told")
