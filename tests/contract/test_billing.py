"""Bills through the store: the five printed ones, carried debt, refusals, and what verify says."""

import numpy as np
import pytest

from billcore.core import verify
from billcore.core.billing.charges import packing
from billcore.core.billing.errors import BillExists
from billcore.core.ledger import balances
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import bills as rows
from billcore.core.store import ledger
from tests import seed


@pytest.fixture
def world(books):
    return seed.settle(books)


def all_billed(world):
    """The five printed bills, each paid in full before the next; the totals."""
    totals = []
    for number, printed in enumerate(seed.PRINTED):
        day, at = seed.jalali(printed.day), seed.NOW + 2 * (number + 1) * seed.SECOND
        seed.read(world, day, printed.dial)
        (bill_id,), made = seed.bill(world, day, printed.days, at)
        assert not made.refused
        totals.append(int(made.drafts.total[0]))
        if printed is not seed.PRINTED[-1]:
            seed.post(
                world.store, world.caller, world.account_id, EntryKind.PAYMENT, day + 9,
                -printed.total, f"payment of {bill_id}", at + seed.SECOND,
            )  # fmt: skip
    return totals


def broken(world):
    with world.store.read() as reader:
        found = list(verify.verify(reader, [world.caller.provider_id]))
    assert {verdict.check for verdict in found} == set(verify.CHECKS)
    return {verdict.check: verdict.broken for verdict in found if verdict.broken}


def test_the_printed_bills_to_the_rial(world):
    assert all_billed(world) == [printed.total for printed in seed.PRINTED]
    with world.store.read() as reader:
        assert balances.balance(reader, world.account_id) == 362_344
        told = balances.statement(reader, world.account_id, 1, 2**31 - 1)
    assert [d.what for d in told.documents] == ["opening", *["regular", "payment"] * 4, "regular"]
    assert told.documents[-1].amount == 362_327
    assert told.balances[-2:] == (17, 362_344)
    assert broken(world) == {}


def test_revenue_and_taxes_by_line(world):
    all_billed(world)
    with world.store.read() as reader:
        found = {
            str(code): int(amount)
            for code, _, amount in ledger.trial_balance(
                reader, world.caller.provider_id, 2**31 - 1, balances.NOW
            )
        }
    assert sum(found.values()) == 0
    assert found["receivable"] == 362_344
    assert found["revenue:water"] == -(193_500 + 150_500 + 40_311 + 36_000 + 79_200)
    assert found["tax:vat"] == -(19_945 + 27_280 + 50_936 + 21_480 + 40_172)
    assert found["channel_clearing"] == sum(p.total for p in seed.PRINTED[:-1])


def test_the_balance_stands_on_the_bill(world):
    """17 + 362,327 = 362,344: the previous debt is an input of the tariff, and printed."""
    all_billed(world)
    with world.store.read() as reader:
        month, bill_id = rows.last(reader, world.account_id)
        found = rows.one(reader, month, world.account_id, bill_id)
    assert (found["opening"][0], found["total"][0], found["closing"][0]) == (17, 362_327, 362_344)
    (part,) = packing.lines_parts(found["lines"])
    assert 362_344 in packing.amounts_of(part)[0].tolist()


def test_no_reading_no_bill(world):
    ids, made = seed.bill(world, seed.jalali("1395-10-06"))
    assert len(ids) == 0
    refusal = made.refused[world.account_id]
    assert refusal.rule == "NO_READING"
    assert "2016-04-17" in refusal.message
    assert broken(world) == {}


def test_a_bill_of_a_month_is_made_once(world):
    printed = seed.PRINTED[0]
    day = seed.jalali(printed.day)
    seed.read(world, day, printed.dial)
    (first,), _ = seed.bill(world, day)
    seed.read(world, day + 2, printed.dial + 1)
    ids, made = seed.bill(world, day + 2)
    assert len(ids) == 0
    refusal = made.refused[world.account_id]
    assert isinstance(refusal, BillExists)
    assert refusal.fields["bill"] == str(first)
    assert broken(world) == {}


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("UPDATE bill SET total = total + 1, closing = closing + 1", "bills_rerate"),
        ("UPDATE bill SET opening = opening - 1, closing = closing - 1", "balances_chain"),
        ("UPDATE bill SET total = total + 1", "books_agree"),
        ("UPDATE bill_bucket SET this_day = this_day - 1", "last_bills_found"),
        ("DELETE FROM bill_bucket", "last_bills_found"),
        ("UPDATE bill_bucket SET month = month + 100", "last_bills_found"),
    ],
)
def test_verify_finds_an_altered_bill(world, damage, check):
    all_billed(world)
    with world.store.write() as session:
        session.run(damage)
    assert check in broken(world)


def test_verify_finds_days_billed_twice(world):
    """A bill whose inputs are copied to another month bills its days again."""
    all_billed(world)
    with world.store.write() as session:
        first, second = session.rows("SELECT month FROM bill ORDER BY this_day LIMIT 2")
        session.run(
            "UPDATE bill SET inputs = (SELECT inputs FROM bill WHERE month = :first)"
            " WHERE month = :second",
            first=first[0],
            second=second[0],
        )
    found = broken(world)
    assert "twice" in str(found["days_billed_once"][0]["message"])
    assert "bills_rerate" in found


def test_packed_lines_are_what_was_rated(world):
    seed.read(world, seed.jalali("1395-10-06"), 120)
    _, made = seed.bill(world, seed.jalali("1395-10-06"), 253)
    (part,) = packing.lines_parts(made.drafts.lines)
    assert np.array_equal(part.field(0), [1])
    assert packing.amounts_of(part)[0].tolist()[:5] == [79_200, 168_667, 421_667, 20_086, 40_172]
