"""Bills issued again with what is owed now, on both stores: bills of days, in their chain."""

import numpy as np
import pytest

from billcore.core.accounts.checks import ints
from billcore.core.billing.corrections.errors import BillUncorrectable
from billcore.core.billing.corrections.reissuing import reissue
from billcore.core.billing.errors import BillUnknown
from billcore.core.ledger.kinds import BillKind, EntryKind
from billcore.core.store import issued
from tests import seed
from tests.corrections_world import Desk

DAYS = [seed.jalali(printed.day) for printed in seed.PRINTED]
TOTALS = [printed.total for printed in seed.PRINTED]
LATER = DAYS[-1] + 10
POLICIES = """{"taxes": ["levy", "vat"],
 "plausibility": {"low_percent": 0, "high_percent": 1000},
 "payable": {"unit": 1000, "mode": "floor"}, "payment_ids": {"company": 118, "service": 1}}"""


@pytest.fixture
def world(books):
    """The company with the first four printed bills, and ids on them."""
    found = seed.settle(books)
    with books.write() as session:
        session.run("UPDATE provider SET policies = :text", text=POLICIES)
    for printed in seed.PRINTED[:4]:
        billed(found, printed)
    return found


def billed(world, printed):
    day = seed.jalali(printed.day)
    seed.read(world, day, printed.dial)
    seed.bill(world, day, printed.days)


@pytest.fixture
def desk(world):
    return Desk(world.store, world.caller, LATER, seed.NOW)


def codes(world):
    """(bill, payment id, amount) of what was issued, by bill."""
    with world.store.read() as reader:
        table = issued.of_accounts(reader, np.array([world.account_id]))
    columns = (ints(table[name]).tolist() for name in ("bill_id", "payment_code", "amount"))
    return {bill: (code, amount) for bill, code, amount in zip(*columns, strict=True)}


def pay(world, amount):
    told = EntryKind.PAYMENT, DAYS[3], -amount, f"paid {amount}"
    seed.post(world.store, world.caller, world.account_id, *told)


def test_the_newest_bill_asks_for_what_is_owed(desk, world):
    """Same lines and days, another opening, another payment id; the next bill goes on from it."""
    last = desk.bills(world.account_id)[-1]
    owed = 17 + sum(TOTALS[:4])
    assert last.closing == owed
    pay(world, 2_000_000)
    done = desk._do(reissue, last.bill_id)
    again = desk.bill(done.rebill_id)
    assert again.header.kind == BillKind.CORRECTION
    assert (again.header.total, again.header.this_day) == (last.total, last.this_day)
    assert again.header.closing == owed - 2_000_000 == desk.balance(world.account_id)
    assert again.spans[0].lines == desk.bill(last.bill_id).spans[0].lines
    told = codes(world)
    assert told[done.rebill_id][1] == (owed - 2_000_000) // 1_000 * 1_000
    assert told[done.rebill_id][0] != told[last.bill_id][0]
    assert not desk.broken()
    billed(world, seed.PRINTED[4])
    newest = desk.standing(world.account_id)[-1].header
    assert newest.opening == again.header.closing
    assert newest.total == TOTALS[4]
    assert not desk.broken()


def test_undone_it_is_as_it_was(desk, world):
    last = desk.bills(world.account_id)[-1]
    pay(world, 2_000_000)
    done = desk._do(reissue, last.bill_id)
    undone = desk.undo(done.correction_id)
    (change,) = undone.changes
    (again,) = [one for one in desk.standing(world.account_id) if one.header.this_day == DAYS[3]]
    assert again.header.bill_id == change.rebill_id
    assert again.header.total == TOTALS[3]
    assert desk.balance(world.account_id) == 17 + sum(TOTALS[:4]) - 2_000_000
    told = [code for code, _ in codes(world).values()]
    assert len(set(told)) == len(told), "no payment id comes twice"
    assert not desk.broken()


def test_the_same_amount_has_another_id_each_time(desk, world):
    """However often a bill is issued again, its id is one that the account never had."""
    bill = desk.bills(world.account_id)[-1].bill_id
    for _ in range(12):
        bill = desk._do(reissue, bill).rebill_id
    told = [code for code, _ in codes(world).values()]
    assert len(set(told)) == len(told) == 4 + 12
    assert not desk.broken()


def test_a_bill_in_the_middle_of_the_chain(desk, world):
    """It is exchanged where it stands: the bills behind it say what they said."""
    middle = desk.bills(world.account_id)[1]
    before = [one.header.bill_id for one in desk.standing(world.account_id)]
    done = desk._do(reissue, middle.bill_id)
    after = [one.header.bill_id for one in desk.standing(world.account_id)]
    assert after == [done.rebill_id if one == middle.bill_id else one for one in before]
    assert not desk.broken()
    desk.undo(done.correction_id)
    assert not desk.broken()


def test_what_cannot_be_issued_again(desk, world):
    last = desk.bills(world.account_id)[-1].bill_id
    done = desk._do(reissue, last)
    for bill in (last, done.credit_id):
        with pytest.raises(BillUncorrectable):
            desk._do(reissue, bill)
    for bill in (0, 17, 1 << 62):
        with pytest.raises(BillUnknown):
            desk._do(reissue, bill)
    with pytest.raises(BillUncorrectable, match="was issued on"):
        desk._do(reissue, done.rebill_id, day=DAYS[0])
