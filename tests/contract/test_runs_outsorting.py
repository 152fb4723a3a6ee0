"""Outsorting on both stores: each rule holds exactly the bills beyond its border, no other."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from math import ceil

import numpy as np
import pytest

from benchmarks import store_world
from billcore.core.accounts import agreements
from billcore.core.billing.charges import packing
from billcore.core.billing.runs import holds, packed
from billcore.core.billing.runs.states import Phase, State
from billcore.core.store import bills as bill_rows
from billcore.core.store import runs as rows
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from tests import runs_world as at

EVERYBODY = range(1, 13)

FIXED = """
tariff: fixed
provider: hanoi-water
service: water
currency: VND
rounding: {{line: 1 half_up}}
versions:
  - from: 2014-10-01
    amount: {total}
lines:
  - {{id: fixed, is: amount}}
total: {{of: all}}
"""


@pytest.fixture
def world(books):
    """Twelve accounts, read in January to April; February and March are billed."""
    world = at.settle(books, accounts=12, months=4)
    at.whole(world, at.order(world, 1, straight=True))
    at.whole(world, at.order(world, 2, straight=True))
    return world


def drafts(world):
    """By count: (total, days, usage) of the bills of April, as a simulation makes them."""
    at.policies(world, outsorting={"negative": False})
    run_id = at.simulated(world, at.order(world, 3))
    found = {}
    with world.store.read() as reader:
        for chunk in rows.chunks(reader, world.provider_id, run_id):
            key = rows.ChunkKey(world.provider_id, run_id, Phase.RATE, 0, chunk.chunk)
            made, _ = packed.unpacked(rows.result(reader, key))
            found |= told(world, made.account_id, made.total, made.previous_day, made.this_day,
                          made.inputs)  # fmt: skip
    assert list(found) == list(EVERYBODY)
    return found


def told(world, account, total, previous, this, inputs):
    (part,) = packing.inputs_parts(inputs)
    usage = packing.values_of(part)[:, 0]  # m3 is the tariff's first input
    columns = (account - world.account(1) + 1, total, this - previous, usage)
    return {count: rest for count, *rest in zip(*(c.tolist() for c in columns), strict=True)}


def billed(world):
    """By count: (total, days, usage) of each issued bill, oldest first."""
    found = defaultdict(list)
    with world.store.read() as reader:
        for month in bill_rows.months(reader, world.provider_id):
            lo, hi = world.account(1), world.account(world.accounts)
            bills = bill_rows.of_month(reader, month, lo, hi)
            names = ("account_id", "total", "previous_day", "this_day", "inputs")
            for count, one in told(world, *(bills[name] for name in names)).items():
                found[count].append(one)
    return found


def held(world, **outsorting):
    """By count, the rule that holds the bill of April in a run with these rules alone."""
    at.policies(world, outsorting={"negative": False, **outsorting})
    run_id = at.simulated(world, at.order(world, 3))
    found = at.left_out(world, run_id)
    assert {one.outcome for one in found.values()} <= {rows.HELD}
    chunks = at.view(world, run_id).of(Phase.RATE, 0)
    assert sum(chunk.bills for chunk in chunks) == world.accounts - len(found)
    assert sum(chunk.held for chunk in chunks) == len(found)
    return {count: one.rule for count, one in found.items()}


def test_nothing_is_held_without_a_rule(world):
    assert held(world) == {}


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_above_an_amount(world, more):
    totals = {count: total for count, (total, *_) in drafts(world).items()}
    border = sorted(totals.values())[6] + more
    wanted = {count: "ABOVE" for count, total in totals.items() if total > border}
    assert len(wanted) == (6 if more == -1 else 5)
    assert held(world, above=border) == wanted


@pytest.mark.parametrize(
    ("total", "rules", "wanted"),
    [
        (0, {"zero": True}, "ZERO"),
        (0, {"zero": False, "negative": True}, None),
        (1, {"zero": True, "negative": True}, None),
        (-1, {"zero": True}, None),
        (-1, {"negative": True}, "NEGATIVE"),
        (-1, {"negative": False}, None),
    ],
)
def test_nothing_and_less_than_nothing(world, total, rules, wanted):
    """A bill of zero, one unit above and one below; the others pass."""
    text = FIXED.format(total=total)
    Catalog(Stored(world.store, lambda: at.START)).publish(text, "other", caller=world.caller)
    change(world, 4, "fixed", at.day_of(2) + 1)
    found = held(world, **rules)
    assert found == ({4: wanted} if wanted else {})


def change(world, count, tariff, day):
    """Another tariff for an account from a day on."""
    with world.store.write() as session:
        agreements.change_tariff(world.act(session), world.account(count), 1, day, tariff, 1)


@pytest.mark.parametrize("bills", [1, 2, 6])
@pytest.mark.parametrize("of", ["total", "usage"])
def test_above_the_average(world, bills, of):
    """Against the mean a day of the last bills; each account in turn is the border."""
    place, rule, key = {
        "total": (0, "ABOVE_AVERAGE", "above_average_percent"),
        "usage": (2, "USAGE_ABOVE_AVERAGE", "usage_above_percent"),
    }[of]
    before, ratio = billed(world), {}
    for count, now in drafts(world).items():
        last = before[count][-bills:]
        assert len(last) == min(bills, 2)
        average = Fraction(sum(one[place] for one in last), sum(one[1] for one in last))
        ratio[count] = 100 * Fraction(now[place], now[1]) / average
    for border in sorted(ratio.values())[5:7]:
        for percent in (ceil(border) - 1, ceil(border)):
            wanted = {count: rule for count, one in ratio.items() if one > percent}
            assert held(world, average_bills=bills, **{key: percent}) == wanted
        assert held(world, average_bills=bills, **{key: ceil(border) - 1}) != wanted


@pytest.mark.parametrize(("more", "wanted"), [(-1, {3: "ABOVE_AVERAGE"}), (0, {}), (1, {})])
def test_exactly_the_average_passes(world, more, wanted):
    """100 % of a bill of the same amount and days is not above it; of one unit less it is."""
    total, days, _ = drafts(world)[3]
    with world.store.write() as session:
        session.run("UPDATE bill SET total = 1000000 * (this_day - previous_day)")
        session.run(
            "UPDATE bill SET total = :total, previous_day = this_day - :days"
            " WHERE account_id = :account",
            total=total + more,
            days=days,
            account=world.account(3),
        )
    assert held(world, above_average_percent=100, average_bills=1) == wanted
    assert held(world, above_average_percent=100, average_bills=24) == wanted


def test_amounts_beyond_64_bits_are_compared_exactly(world):
    with world.store.write() as session:
        session.run("UPDATE bill SET total = 100000000000000000")
        session.run("UPDATE bill SET total = 1 WHERE account_id = :a", a=world.account(9))
    found = held(world, above_average_percent=100_000, average_bills=24)
    assert found == {9: "ABOVE_AVERAGE"}


def test_cancelled_bills_and_first_ones_are_no_average(world):
    """An account without bills that stand is held by no average, whatever it comes to."""
    run_id = at.whole(world, at.order(world, 3, straight=True, last_account=world.account(2)))
    at.begin(world, run_id, Phase.REVERSE, at.day_of(3) + 10, "wrong")
    at.driven(world, run_id)
    before = held(world, above_average_percent=1)
    assert before == dict.fromkeys(EVERYBODY, "ABOVE_AVERAGE")
    for run_id in (2, 1):
        at.begin(world, run_id, Phase.REVERSE, at.day_of(3) + 10, "wrong")
        assert at.driven(world, run_id) is State.REVERSED
    assert held(world, above_average_percent=1, usage_above_percent=1) == {}
    assert held(world, new_customer=True) == dict.fromkeys(EVERYBODY, "NEW_CUSTOMER")


def test_the_first_bill_of_an_account(books):
    world = at.settle(books, accounts=12, months=4)
    at.whole(world, at.order(world, 1, straight=True, last_account=world.account(5)))
    assert held(world, new_customer=True) == dict.fromkeys(range(6, 13), "NEW_CUSTOMER")


@pytest.mark.parametrize("least", [1, 2, 3, 4])
def test_chains_of_estimates(books, least):
    """Account n has n estimates in a row when April closes; number 5's chain was broken."""
    world = at.settle(books, accounts=12, months=1)
    for month in (1, 2, 3):
        nobody = [count for count in (1, 2, 3) if count > 3 - month]
        nobody += [4] if month == 2 else []
        nobody += [5] if month in (1, 3) else []
        at.read(world, month, without=tuple(nobody))
        at.estimate(world, month, nobody)
        if month < 3:
            at.whole(world, at.order(world, month, straight=True))
    length = {1: 1, 2: 2, 3: 3, 5: 1}
    wanted = {count: "ESTIMATES" for count, one in length.items() if one >= least}
    assert held(world, estimates=least) == wanted


def test_a_chain_of_months_in_one_bill(books):
    """What was estimated before the first bill counts; so does what lies inside a period."""
    world = at.settle(books, accounts=12, months=1)
    for month in (1, 2, 3):
        at.read(world, month, without=(7,))
        at.estimate(world, month, [7])
    at.whole(world, at.order(world, 1, straight=True))
    assert held(world, estimates=3) == {7: "ESTIMATES"}
    assert held(world, estimates=4) == {}


def publish(world, more=""):
    """The tariff again, saying something else."""
    text = store_world.TARIFF.read_text().replace("max: 100000}", "max: 100001}")
    text = text.replace("values:\n  width", f"{more}values:\n  width")
    Catalog(Stored(world.store, lambda: at.START)).publish(text, "again", caller=world.caller)


def test_another_version_of_the_tariff(world):
    assert held(world, tariff_changed=True) == {}
    publish(world)
    assert held(world, tariff_changed=True) == dict.fromkeys(EVERYBODY, "TARIFF_CHANGED")
    at.policies(world)
    at.whole(world, at.order(world, 3, straight=True, last_account=world.account(4)))
    at.read(world, 4)
    at.policies(world, outsorting={"tariff_changed": True})
    run_id = at.simulated(world, at.order(world, 4))
    assert at.rules(world, run_id) == dict.fromkeys(range(5, 13), "TARIFF_CHANGED")


@pytest.mark.parametrize(("later", "wanted"), [(0, False), (1, True), (31, True), (32, False)])
def test_a_version_of_the_document_that_begins(books, later, wanted):
    """On the first or the last day of the period; not on the day before or after it."""
    world = at.settle(books, accounts=12, months=4)
    day = date.fromordinal(at.day_of(2) + later)
    publish(world, f"  - from: {day}\n    vat_rate: 6%\n")
    at.whole(world, at.order(world, 1, straight=True))
    at.whole(world, at.order(world, 2, straight=True))
    everybody = dict.fromkeys(EVERYBODY, "TARIFF_CHANGED")
    assert held(world, tariff_changed=True) == (everybody if wanted else {})


def test_another_tariff(world):
    """From the first day of the period on, or from a day inside it."""
    text = store_world.TARIFF.read_text().replace("tariff: vn-hanoi-water", "tariff: other")
    Catalog(Stored(world.store, lambda: at.START)).publish(text, "other", caller=world.caller)
    change(world, 6, "other", at.day_of(2) + 1)
    change(world, 7, "other", at.day_of(3) + 1)
    change(world, 8, "other", at.day_of(2) + 11)
    at.read_on(world, at.day_of(2) + 10, {8: (at.dial(world, 8, 2) + at.dial(world, 8, 3)) // 2})
    assert held(world, tariff_changed=True) == dict.fromkeys((6, 8), "TARIFF_CHANGED")
    at.policies(world, outsorting={"tariff_changed": True})
    found = at.left_out(world, at.simulated(world, at.order(world, 3)))
    assert found[8].message == (
        "agreement 1 is billed by other version 1 from 2017-03-31 on, before that by "
        "vn-hanoi-water version 1."
    )


def test_the_first_rule_names_the_hold(world):
    """Of all that hold a bill; the message says what it is and what it was compared with."""
    total = {count: total for count, (total, *_) in drafts(world).items()}
    border = max(total.values()) - 1
    (dearest,) = [count for count, one in total.items() if one > border]
    at.policies(
        world,
        outsorting={"above": border, "above_average_percent": 1, "usage_above_percent": 1,
                    "tariff_changed": True},
    )  # fmt: skip
    run_id = at.simulated(world, at.order(world, 3))
    found = at.left_out(world, run_id)
    assert found[dearest].rule == "ABOVE"
    assert found[dearest].message == f"it comes to {border + 1}, above {border}."
    assert {one.rule for count, one in found.items() if count != dearest} == {"ABOVE_AVERAGE"}
    other = 1 + dearest % 12
    before = billed(world)[other]
    amount, days = sum(one[0] for one in before), sum(one[1] for one in before)
    assert found[other].message == (
        f"it comes to {total[other]} for 31 days; its last 2 bills came to {amount} for {days} "
        "days: a day it is above 1 % of that."
    )
    assert found[other].total == total[other]


def test_the_run_goes_on_and_a_released_bill_is_not_held_again(world):
    total = {count: total for count, (total, *_) in drafts(world).items()}
    border = sorted(total.values())[-3]
    two = sorted(count for count, one in total.items() if one > border)
    at.policies(world, outsorting={"above": border})
    run_id = at.whole(world, at.order(world, 3, straight=True))
    assert at.rules(world, run_id) == dict.fromkeys(two, "ABOVE")
    with world.store.write() as session:
        holds.release(world.act(session), run_id, world.account(two[0]), "it is right")
    at.begin(world, run_id, Phase.FREEZE)
    assert at.driven(world, run_id) is State.FROZEN
    assert at.rules(world, run_id) == {two[1]: "ABOVE"}
    assert at.broken(world) == {}
    assert np.sum([len(bills) for bills in billed(world).values()]) == 35
