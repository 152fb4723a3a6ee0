"""Runs compared on both stores: every sum and every mover as counted one by one."""

from collections import defaultdict

import numpy as np
import pytest

from benchmarks import store_world
from billcore.core.accounts import agreements
from billcore.core.accounts.adding import GivenStep
from billcore.core.accounts.errors import AttributeUnknown
from billcore.core.billing.runs import packed, runs
from billcore.core.billing.runs.compare import sums
from billcore.core.billing.runs.compare.comparison import Wanted, compare
from billcore.core.billing.runs.compare.sums import Pair, Sum
from billcore.core.billing.runs.errors import RunStateUnfit, RunUnknown
from billcore.core.billing.runs.states import Phase
from billcore.core.errors import RequestInvalid
from billcore.core.store import bills as bill_rows
from billcore.core.store import providers, tariffs
from billcore.core.store import runs as rows
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from tests import runs_world as at


@pytest.fixture
def world(books):
    return at.settle(books)


def compared(world, one, other, **wanted):
    with world.store.read() as reader:
        provider = providers.provider(reader, world.provider_id)
        return compare(reader, provider, one, other, Wanted(**wanted))


def issued(world, run_id):
    """By count, what each bill of a run charges."""
    entries = {c.entry_id for c in at.view(world, run_id).of(Phase.FREEZE, 0)}
    entries |= {c.entry_id for c in at.view(world, run_id).of(Phase.FREEZE, 1)}
    found = {}
    with world.store.read() as reader:
        for month in bill_rows.months(reader, world.provider_id):
            lo, hi = world.account(1), world.account(world.accounts)
            bills = bill_rows.of_month(reader, month, lo, hi)
            for account, entry, total in zip(
                bills["account_id"], bills["entry_id"], bills["total"], strict=True
            ):
                if entry in entries:
                    found[int(account) - lo + 1] = int(total)
    return found


def rated(world, run_id):
    """By count, what each rated bill charges, held or not."""
    found = {}
    with world.store.read() as reader:
        for chunk in at.view(world, run_id).of(Phase.RATE, 0):
            key = rows.ChunkKey(world.provider_id, run_id, Phase.RATE, 0, chunk.chunk)
            drafts, _ = packed.unpacked(rows.result(reader, key))
            counts = (drafts.account_id - world.account(1) + 1).tolist()
            found |= dict(zip(counts, drafts.total.tolist(), strict=True))
    return found


def dearer(world, **changed):
    """A simulation of February with another price for the second tier."""
    text = store_world.TARIFF.read_text().replace("rate: 7052", "rate: 9999")
    text = text.replace("rate: 5973", "rate: 5900")
    with world.store.read() as reader:
        number = tariffs.number(reader, world.provider_id, "vn-hanoi-water")
    return at.simulated(world, at.order(world, proposed={number: text}, **changed))


def pairs(groups):
    return {name: (pair.one, pair.other) for name, pair in groups.sorted}


def grouped(names, one, other):
    """The same, counted one by one; names: of each account."""
    found = defaultdict(lambda: (Sum(), Sum()))
    for place, side in enumerate((one, other)):
        for count, total in side.items():
            found[names(count)][place].add(1, total)
    return dict(found)


def moves(largest, world):
    of = largest.moves
    counts = of.account_id - world.account(1) + 1
    return list(zip(counts.tolist(), of.one.tolist(), of.other.tolist(), strict=True))


def test_a_run_and_a_proposed_tariff(world):
    """By tariff, class and area; the movers in both directions, none missing, none posted."""
    other_id = dearer(world, chunk_accounts=13)
    run_id = at.whole(world, at.order(world, straight=True))
    one, other = issued(world, run_id), rated(world, other_id)
    found = compared(world, run_id, other_id, attribute="households", area_length=10, movers=7)
    assert (found.one.issued, found.other.issued) == (True, False)
    whole = Sum(40, sum(one.values())), Sum(40, sum(other.values()))
    assert (found.whole.one, found.whole.other) == whole
    assert found.whole.difference == whole[1].total - whole[0].total != 0
    assert pairs(found.tariffs) == {"vn-hanoi-water": whole}
    with world.store.read() as reader:
        known = dict(reader.rows("SELECT account_id, value FROM agreement_attribute"
                                 " WHERE attribute_no = 1"))  # fmt: skip
    households = {n: str(known[world.account(n)]) for n in one}
    assert len(set(households.values())) == 3
    assert pairs(found.classes) == grouped(households.get, one, other)
    assert pairs(found.areas) == grouped(lambda n: f"01.{n:08}"[:10], one, other)
    ordered = sorted(one, key=lambda n: (one[n] - other[n], n))
    rises = [n for n in ordered if other[n] > one[n]][:7]
    falls = [n for n in sorted(one, key=lambda n: (other[n] - one[n], n)) if other[n] < one[n]][:7]
    assert rises
    assert falls
    assert moves(found.rises, world) == [(n, one[n], other[n]) for n in rises]
    assert moves(found.falls, world) == [(n, one[n], other[n]) for n in falls]
    assert (found.only_one.sum, found.only_other.sum) == (Sum(), Sum())
    assert {found.numbers[world.account(n)] for n in rises} == {f"A{n:08}" for n in rises}
    assert issued(world, run_id) == one
    assert at.broken(world) == {}


@pytest.mark.parametrize("cuts", [(8, 8), (7, 9), (40, 1)])
def test_the_chunks_do_not_matter(world, cuts):
    other_id = dearer(world, chunk_accounts=cuts[1])
    run_id = at.whole(world, at.order(world, straight=True, chunk_accounts=cuts[0]))
    one, other = issued(world, run_id), rated(world, other_id)
    found = compared(world, run_id, other_id, area_length=11, movers=1000)
    assert pairs(found.areas) == grouped(lambda n: f"01.{n:08}", one, other)
    assert len(moves(found.rises, world)) + len(moves(found.falls, world)) == sum(
        one[n] != other[n] for n in one
    )


def test_accounts_of_one_side(world):
    """Ranges that overlap, and ranges that do not."""
    one_id = at.simulated(world, at.order(world, last_account=world.account(25)))
    other_id = at.simulated(world, at.order(world, first_account=world.account(21)))
    one, other = rated(world, one_id), rated(world, other_id)
    found = compared(world, one_id, other_id, movers=3)
    assert found.only_one.sum == Sum(20, sum(one[n] for n in range(1, 21)))
    assert found.only_other.sum == Sum(15, sum(other[n] for n in range(26, 41)))
    assert found.only_one.account_id.tolist() == [world.account(n) for n in (1, 2, 3)]
    assert found.only_other.total.tolist() == [other[n] for n in (26, 27, 28)]
    assert moves(found.rises, world) == moves(found.falls, world) == []
    far_id = at.simulated(world, at.order(world, first_account=world.account(39)))
    found = compared(world, one_id, far_id)
    assert (found.only_one.sum.bills, found.only_other.sum.bills) == (25, 2)
    assert (found.whole.one.bills, found.whole.other.bills) == (25, 2)


def test_a_run_with_itself(world):
    run_id = at.simulated(world, at.order(world))
    found = compared(world, run_id, run_id, attribute="area")
    assert found.whole.difference == found.whole.per_mille == 0
    assert moves(found.rises, world) == moves(found.falls, world) == []


def test_what_is_held_is_compared_when_rated(world):
    """Before it is frozen a run is what it rated; afterwards what it issued."""
    at.policies(world, taxes=["vat"], outsorting={"above": 1})
    run_id = at.create(world, at.order(world))
    at.rated(world, run_id)
    assert compared(world, run_id, run_id).whole.one.bills == 40
    at.approved(world, run_id)
    other_id = at.simulated(world, at.order(world))
    at.frozen(world, run_id)
    found = compared(world, run_id, other_id)
    assert (found.whole.one, found.only_other.sum.bills) == (Sum(), 40)


def test_passes_and_reversal(books):
    """What every pass issued; a reversed run is compared with the one in its place."""
    world = at.settle(books, months=1)
    at.read(world, 1, without=(2, 11))
    run_id = at.whole(world, at.order(world, straight=True))
    at.read_on(world, at.day_of(1) + 10, {n: at.dial(world, n, 0) + 9_000 for n in (2, 11)})
    at.begin(world, run_id, Phase.FREEZE, at.day_of(1) + 15)
    at.driven(world, run_id)
    one = issued(world, run_id)
    assert len(one) == 40
    at.begin(world, run_id, Phase.REVERSE, at.day_of(1) + 20, "wrong tariff")
    at.driven(world, run_id)
    text = store_world.TARIFF.read_text().replace("rate: 5973", "rate: 6973")
    Catalog(Stored(world.store, lambda: at.START)).publish(text, "new", caller=world.caller)
    window = at.order(world).window
    again = at.whole(world, at.order(
        world, straight=True, window=type(window)(window.first_day, at.day_of(1) + 15)
    ))  # fmt: skip
    other = issued(world, again)
    found = compared(world, run_id, again, movers=40)
    assert (found.whole.one, found.whole.other) == (
        Sum(40, sum(one.values())), Sum(40, sum(other.values()))
    )  # fmt: skip
    assert found.whole.difference > 0
    assert len(moves(found.rises, world)) == 40


def test_a_bill_of_two_tariffs_counts_in_each(world):
    """With what each of them charges, which together is the bill."""
    text = store_world.TARIFF.read_text().replace("tariff: vn-hanoi-water", "tariff: other")
    Catalog(Stored(world.store, lambda: at.START)).publish(text, "other", caller=world.caller)
    middle = at.day_of(0) + 10
    with world.store.write() as session:
        agreements.change_tariff(world.act(session), world.account(9), 1, middle + 1, "other", 1)
    at.read_on(world, middle, {9: (at.dial(world, 9, 0) + at.dial(world, 9, 1)) // 2})
    run_id = at.simulated(world, at.order(world))
    total = rated(world, run_id)
    found = pairs(compared(world, run_id, run_id, attribute="households").tariffs)
    assert found["vn-hanoi-water"][0].bills == 40
    assert found["other"][0].bills == 1
    assert 0 < found["other"][0].total < total[9]
    assert found["other"][0].total + found["vn-hanoi-water"][0].total == sum(total.values())


def test_the_class_is_that_of_the_bills_last_day(world):
    """A value from the day after does not count; accounts without a value have no name."""
    day = at.day_of(1)
    with world.store.write() as session:
        for count, from_day, value in ((3, day, "77"), (4, day + 1, "88")):
            given = GivenStep("households", from_day, value)
            agreements.change_attribute(world.act(session), world.account(count), 1, given, 1)
        session.run("DELETE FROM agreement_attribute WHERE account_id = :a", a=world.account(5))
    run_id = at.simulated(world, at.order(world))
    found = pairs(compared(world, run_id, run_id, attribute="households").classes)
    assert found["77"][0] == Sum(1, rated(world, run_id)[3])
    assert "88" not in found
    assert found[""][0].bills == 1


def test_refusals(world, monkeypatch):
    run_id = at.simulated(world, at.order(world))
    planned = at.create(world, at.order(world))
    with pytest.raises(RunUnknown):
        compared(world, run_id, planned + 1)
    with pytest.raises(RunStateUnfit, match="planned; to compare it, it must be outsorted or"):
        compared(world, run_id, planned)
    with world.store.write() as session:
        runs.cancel(world.act(session), planned, "not now")
    with pytest.raises(RunStateUnfit, match="cancelled"):
        compared(world, planned, run_id)
    with pytest.raises(AttributeUnknown, match="households"):
        compared(world, run_id, run_id, attribute="colour")
    for wanted in ({"movers": 1001}, {"movers": -1}, {"area_length": 101}, {"area_length": -1}):
        with pytest.raises(RequestInvalid, match="is outside"):
            compared(world, run_id, run_id, **wanted)
    monkeypatch.setattr(sums, "GROUPS_MAX", 39)
    with pytest.raises(RequestInvalid, match="more than 39 groups"):
        compared(world, run_id, run_id, area_length=11)
    assert len(compared(world, run_id, run_id, area_length=10).areas.pairs) == 5


@pytest.mark.parametrize(
    ("one", "other", "difference", "per_mille"),
    [
        (1000, 1001, 1, 1),
        (2000, 2001, 1, 1),
        (2001, 2002, 1, 0),
        (1000, 999, -1, -1),
        (2000, 1999, -1, -1),
        (-1000, -900, 100, 100),
        (0, 5, 5, 0),
        (5, 0, -5, -1000),
        (10**17, 2 * 10**17, 10**17, 1000),
    ],
)
def test_differences_in_thousandths(one, other, difference, per_mille):
    """Rounded half away from zero, of the magnitude of the base."""
    pair = Pair(Sum(1, one), Sum(1, other))
    assert (pair.difference, pair.per_mille) == (difference, per_mille)


def test_the_largest_of_many_chunks():
    """As sorting everything at once would have it; of equal ones the lowest ids."""
    draw = np.random.default_rng(7)
    account, one, other = np.arange(500), *draw.integers(0, 40, (2, 500))
    largest = sums.Largest(20, -1)
    for part in np.array_split(account, 13):
        largest.add(sums.Moves(part, one[part], other[part]))
    falls = sorted(account.tolist(), key=lambda n: (other[n] - one[n], n))
    wanted = [n for n in falls if other[n] < one[n]][:20]
    assert largest.moves.account_id.tolist() == wanted
