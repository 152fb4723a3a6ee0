"""The last bills of accounts, from the newest month back, are those of their whole history."""

import random
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pytest

from billcore.core.accounts.columns import AgreementColumns
from billcore.core.billing.charges import handed, packing
from billcore.core.billing.charges.billed import billed_until
from billcore.core.billing.charges.handed import Handed
from billcore.core.billing.last_bills import NEVER, last_bills, last_inputs
from billcore.core.billing.openings import balances, openings
from billcore.core.ids import bill_id, owned_id
from billcore.core.ledger.kinds import BillKind
from billcore.core.store import bills, corrections, ledger
from billcore.core.store import last_bills as rows

PROVIDER = 3
FIRST_MONTH = 1400
DAY = 736_000
ACCOUNTS = 60
STEPS = 900
OF_DAYS = (BillKind.REGULAR, BillKind.FINAL, BillKind.CORRECTION)


@dataclass
class Bill:
    """A row, and the agreements' last days that it bills."""

    bill_id: int
    kind: BillKind
    month: int
    recorded_at: int
    this_day: int
    opening: int
    total: int
    until: dict[int, int]
    carried: dict[int, Handed]
    stands: bool = True


@dataclass
class Account:
    """What has happened to an account. Odd ones have two agreements, each with a cycle."""

    account_id: int
    bills: list[Bill] = field(default_factory=list)
    entries: list[tuple[int, int]] = field(default_factory=list)

    @property
    def agreements(self) -> tuple[int, ...]:
        return (1, 2) if self.account_id % 2 else (1,)

    @property
    def balance(self) -> int:
        return sum(b.total for b in self.bills) + sum(amount for _, amount in self.entries)

    @property
    def of_days(self) -> list[Bill]:
        return [b for b in self.bills if b.stands and b.kind in OF_DAYS]

    def last_of(self, agreement: int) -> Bill | None:
        mine = [b for b in self.of_days if agreement in b.until]
        return max(mine, key=lambda b: (b.until[agreement], b.bill_id), default=None)


class History:
    """Random acts in the order of time, most of them of the newest month."""

    def __init__(self, session, seed: int) -> None:
        self.session, self.random, self.now = session, random.Random(seed), 1_000
        numbers = [owned_id(PROVIDER, n * 300) for n in range(1, ACCOUNTS + 1)]
        self.accounts = {number: Account(number) for number in numbers}
        for step in range(STEPS):
            newest = FIRST_MONTH + step * 8 // STEPS
            account = self.accounts[self.random.choice([*self.accounts])]
            month = (
                newest if self.random.random() < 0.9 else self.random.randint(FIRST_MONTH, newest)
            )
            act = self.random.choice(
                (self.regular, self.regular, self.one_off, self.credit, self.pay)
            )
            act(account, month)

    def regular(self, account: Account, month: int) -> None:
        """The next days of one agreement or of all."""
        agreements = account.agreements
        if self.random.random() < 0.5:
            agreements = (self.random.choice(agreements),)
        until, carried = {}, {}
        for number in agreements:
            last = account.last_of(number)
            until[number] = (last.until[number] if last else DAY) + self.random.randint(5, 40)
            carried[number] = Handed(1, {}, {}, self.random.randint(0, 9))
        self._bill(
            account, self.random.choice((BillKind.REGULAR, BillKind.FINAL)), month, until, carried
        )

    def one_off(self, account: Account, month: int) -> None:
        self._bill(account, BillKind.ONE_OFF, month, {}, {})

    def credit(self, account: Account, _: int) -> None:
        """A bill taken back in its own month, and mostly one put in its place."""
        standing = [b for b in account.bills if b.stands and b.kind is not BillKind.CREDIT]
        if not standing:
            return
        bill = self.random.choice(standing)
        bill.stands = False
        note = self._bill(account, BillKind.CREDIT, bill.month, {}, {}, -bill.total)
        row = {"account_id": account.account_id, "bill_id": bill.bill_id, "credit_id": note.bill_id}
        row |= {"rebill_id": 0, "correction_id": 1}
        corrections.add_bills(self.session, {name: np.array([row[name]]) for name in row})
        if bill.until and self.random.random() < 0.7:
            self._bill(account, BillKind.CORRECTION, bill.month, bill.until, bill.carried)

    def pay(self, account: Account, _: int) -> None:
        self.now += self.random.randint(0, 1)  # a time may be that of the bill before
        amount = -self.random.randint(1, 500)
        account.entries.append((self.now, amount))
        row = {"account_entry_id": len(account.entries), "kind": 2, "day": DAY, "amount": amount}
        row |= {
            "account_id": account.account_id,
            "entry_id": 1,
            "reverses": 0,
            "recorded_at": self.now,
            "strategy": 0,
        }
        columns = {name: np.array([value]) for name, value in row.items()}
        texts = dict.fromkeys(("reference", "direction"), pa.array([""]))
        ledger.add_account_entries(self.session, {**columns, **texts})

    def _bill(self, account, kind, month, until, carried, total=None) -> Bill:
        self.now += 1
        same = [b for b in account.bills if (b.month, b.kind) == (month, kind)]
        ordinal, version = len(same) >> 4, len(same) & 15
        number = bill_id(account.account_id, month, int(kind), ordinal, version)
        total = self.random.randint(-50, 900) if total is None else total
        this_day, opening = max(until.values(), default=DAY), account.balance
        bill = Bill(number, kind, month, self.now, this_day, opening, total, until, carried)
        account.bills.append(bill)
        row = {
            "month": month, "account_id": account.account_id, "kind": int(kind), "ordinal": ordinal,
            "version": version, "bill_id": number, "entry_id": 1, "previous_day": DAY,
            "this_day": bill.this_day, "issued_day": DAY, "due_day": DAY, "recorded_at": self.now,
            "opening": bill.opening, "total": total, "closing": bill.opening + total,
        }  # fmt: skip
        texts = {"lines": b"", "inputs": _inputs(until), "carried": handed.written(carried)}
        bills.add(self.session, PROVIDER, month, {
            **{name: np.array([value]) for name, value in row.items()},
            **{name: pa.array([text], pa.binary()) for name, text in texts.items()},
        })  # fmt: skip
        return bill


def _inputs(until: dict[int, int]) -> bytes:
    zero = np.zeros(1, dtype=np.int64)
    parts = [
        packing.inputs_part(
            zero,
            zero + agreement,
            (1, 1),
            packing.Period(zero + DAY, zero + this, zero),
            np.zeros((1, 1), dtype=np.int64),
        )
        for agreement, this in until.items()
    ]
    return packing.joined(parts, 1)[0].as_py()


@pytest.fixture(params=range(3))
def history(books, request):
    with books.write() as session:
        told = History(session, request.param)
    with books.read() as reader:
        yield told.accounts, reader


def test_the_newest_document_and_the_last_bill_of_days_are_found(history):
    """Whatever month they belong to, and whatever was taken back since."""
    accounts, reader = history
    found = last_bills(reader, np.array([*accounts]))
    for at, account in enumerate(accounts.values()):
        newest = max(account.bills, key=lambda b: (b.recorded_at, b.bill_id), default=None)
        closing = (newest.recorded_at, newest.opening + newest.total) if newest else (NEVER, 0)
        assert (found.recorded_at[at], found.closing[at]) == closing
        last = max(account.of_days, key=lambda b: (b.this_day, b.recorded_at), default=None)
        bill = (last.bill_id, last.this_day) if last else (0, 0)
        assert (found.bill_id[at], found.this_day[at]) == bill
        carried = {n: one for n, one in last.carried.items() if not one.empty} if last else {}
        assert handed.read(found.carried.get(account.account_id, b"")) == carried


def test_balances_are_the_sums_of_all_documents(history):
    accounts, reader = history
    wanted = np.array([*accounts])
    owed = [account.balance for account in accounts.values()]
    assert balances(reader, last_bills(reader, wanted)).tolist() == owed
    some = wanted[[7, 7, 3]]
    assert openings(reader, some).tolist() == [owed[7], owed[7], owed[3]]


def test_each_agreement_is_billed_as_far_as_its_last_bill(history):
    """Of several agreements each has its own last bill, which hands on its own states."""
    accounts, reader = history
    pairs = [(a.account_id, number) for a in accounts.values() for number in a.agreements]
    account, number = np.array(pairs).T
    nothing = np.zeros(len(pairs), dtype=np.int64)
    columns = AgreementColumns(account, number, *([nothing] * 5), {})
    found = billed_until(reader, columns, last_bills(reader, np.array([*accounts])))
    last = {pair: accounts[pair[0]].last_of(pair[1]) for pair in pairs}
    assert found.until.tolist() == [last[p].until[p[1]] if last[p] else 0 for p in pairs]
    assert found.handed == {
        (a, n): bill.carried[n]
        for (a, n), bill in last.items()
        if bill and not bill.carried[n].empty
    }


def test_the_inputs_of_the_last_bills(history):
    accounts, reader = history
    found = last_bills(reader, np.array([*accounts]))
    told = last_inputs(reader, found)
    billed = found.bill_id > 0
    assert told["account_id"].tolist() == found.account_id[billed].tolist()
    by_id = {b.bill_id: b for account in accounts.values() for b in account.bills}
    wanted = [_inputs(by_id[one].until) for one in found.bill_id[billed].tolist()]
    assert told["inputs"].to_pylist() == wanted


def test_nobody_has_no_last_bills(books):
    """And accounts without any bill have nothing."""
    with books.read() as reader:
        assert len(last_bills(reader, np.zeros(0, dtype=np.int64)).account_id) == 0
        assert len(last_inputs(reader, last_bills(reader, np.array([5])))["account_id"]) == 0
        assert openings(reader, np.array([5, 9])).tolist() == [0, 0]
        assert openings(reader, np.zeros(0, dtype=np.int64)).tolist() == []


def test_a_month_that_can_change_nothing_is_not_read(books, monkeypatch):
    """Of older months only the accounts without a newer bill are."""
    with books.write() as session:
        told = History(session, 7)
    asked = {}
    read = rows.documents
    monkeypatch.setattr(
        rows,
        "documents",
        lambda r, month, ids: asked.setdefault(month, len(ids)) and read(r, month, ids),
    )
    with books.read() as reader:
        last_bills(reader, np.array([*told.accounts]))
    months = sorted(asked, reverse=True)
    assert asked[months[0]] == ACCOUNTS
    assert asked[months[-1]] < ACCOUNTS
