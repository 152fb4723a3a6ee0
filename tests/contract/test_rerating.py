"""Bills rated again in a chain: states, remainders, estimates that were too high, equal days."""

import numpy as np
import pytest

from billcore.core.accounts import agreements, cycles, things
from billcore.core.accounts.accounts import POINTS
from billcore.core.accounts.adding import GivenTerm
from billcore.core.billing.charges import handed
from billcore.core.billing.charges.due import Chosen, Window
from billcore.core.billing.corrections import estimates
from billcore.core.billing.corrections.credits import correction_id
from billcore.core.billing.corrections.errors import UndoRefused
from billcore.core.billing.corrections.issuing import Correction
from billcore.core.billing.corrections.wanted import Wanted
from billcore.core.billing.last_bills import last_bills
from billcore.core.billing.make import Order, bill_accounts
from billcore.core.billing.stored import stored_bill
from billcore.core.metering.errors import EstimateImpossible
from billcore.core.metering.findings import Source, Status
from billcore.core.metering.meters import Share
from billcore.core.store import providers
from billcore.core.store.port import OPEN_DAY
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from tests import metering_world as at
from tests import seed
from tests.corrections_world import WHY, Desk
from tests.stores import migrated

STATES = """
tariff: ir-mehrab-water
provider: mehrab
service: water
currency: IRR
calendar: jalali
rounding: {line: 1 half_up}
inputs:
  m3: {kind: quantity, unit: m3, decimals: 0, max: 100000, split: 1 half_up last}
state:
  used: {decimals: 0, max: 1000000, next: used + m3}
  peaks: {decimals: 0, max: 1000000, history: 2, push: bill.m3}
versions:
  - from: 1390-01-01
    price: 33.3
lines:
  - {id: water, is: m3 * price}
  - {id: extra, is: used * 1.7}
  - {id: ratchet, is: 'highest(peaks) * 2.5'}
total: {of: all, round: 10 down, carry: remainder}
"""

FIRST = seed.jalali(seed.FIRST[0])
DIALS = (110, 130, 135, 170, 171)
DAYS = [FIRST + 30 * (number + 1) for number in range(len(DIALS))]
LATER = DAYS[-1] + 40


@pytest.fixture
def states(tmp_path, monkeypatch):
    """The seed's tariff has states, histories and a carried remainder."""
    path = tmp_path / "states.yaml"
    path.write_text(STATES)
    monkeypatch.setattr(seed, "TARIFF", path)


@pytest.fixture
def world(books, states):
    return seed.settle(books)


@pytest.fixture
def desk(world):
    return Desk(world.store, world.caller, LATER, seed.NOW)


def billed(world, desk, dials=DIALS, estimated=()):
    """A bill a month; estimated: the places of readings that nobody read."""
    for place, (day, dial) in enumerate(zip(DAYS, dials, strict=False)):
        source = Source.ESTIMATE if place in estimated else Source.OFFICER
        assert desk.read(world.meter_id, day, dial, source)[0] <= Status.ESTIMATED
        ids, made = seed.bill(world, day)
        assert len(ids) == 1, made.refused
    return [one.bill_id for one in desk.bills(world.account_id)]


def said(desk, world):
    """What the standing bills say, by day."""
    return [(one.header.total, one.spans) for one in desk.standing(world.account_id)]


def last_handed(world):
    with world.store.read() as reader:
        found = last_bills(reader, np.array([world.account_id]))
    return handed.read(found.carried[world.account_id])[1]


# -- states


def test_a_corrected_chain_is_what_it_had_been_if_right_at_once(world, desk, tmp_path):
    """Cumulative use, peaks and remainders of every later bill."""
    ids = billed(world, desk, (110, 121, *DIALS[2:]))
    desk.correct(world.meter_id, DAYS[1], DIALS[1])
    done = desk.rerate(world.account_id, DAYS[1])
    assert [change.bill_id for change in done.changes] == ids[1:]
    corrected, after = said(desk, world), last_handed(world)
    assert desk.broken() == {}
    other = migrated(f"sqlite:///{tmp_path / 'right.db'}")
    right = seed.settle(other)
    there = Desk(other, right.caller, LATER, seed.NOW)
    billed(right, there)
    assert corrected == said(there, right)
    assert after == last_handed(right)
    other.close()


def test_no_rial_is_lost_on_the_way(world, desk):
    """What the lines come to is what was billed and the remainder that is still handed on."""
    billed(world, desk)
    for place, dial in ((1, 127), (2, 139), (0, 105)):
        desk.correct(world.meter_id, DAYS[place], dial)
        desk.rerate(world.account_id, DAYS[0])
    spent = sum(
        span.lines["water"] + span.lines["extra"] + span.lines["ratchet"]
        for bill in desk.standing(world.account_id)
        for span in bill.spans
    )
    totals = sum(bill.header.total for bill in desk.standing(world.account_id))
    assert spent == totals + last_handed(world).remainder
    assert desk.balance(world.account_id) == 17 + totals
    assert desk.broken() == {}


def test_an_undone_chain_hands_on_what_it_did(world, desk):
    billed(world, desk)
    before, told = said(desk, world), last_handed(world)
    desk.correct(world.meter_id, DAYS[0], 105)
    done = desk.rerate(world.account_id, DAYS[0])
    assert last_handed(world) != told
    desk.undo(done.correction_id)
    assert (said(desk, world), last_handed(world)) == (before, told)
    assert desk.broken() == {}


def test_the_next_bill_goes_on_from_the_corrected_one(world, desk):
    billed(world, desk, DIALS[:3])
    desk.correct(world.meter_id, DAYS[1], 127)
    desk.rerate(world.account_id, DAYS[1])
    used = last_handed(world).states["used"]
    desk.read(world.meter_id, DAYS[3], DIALS[3])
    seed.bill(world, DAYS[3])
    (span,) = desk.standing(world.account_id)[-1].spans
    assert span.rated_from.state["used"] == used == DIALS[2] - seed.FIRST[1]
    assert desk.broken() == {}


def test_a_rebill_takes_the_state_of_the_bill_before(world, desk):
    ids = billed(world, desk)
    desk.correct(world.meter_id, DAYS[-1], 180)
    (change,) = desk.rebill(ids[-1]).changes
    (span,) = desk.bill(change.rebill_id).spans
    assert span.rated_from.state["used"] == DIALS[-2] - seed.FIRST[1]
    assert last_handed(world).states["used"] == 180 - seed.FIRST[1]
    assert desk.broken() == {}


# -- estimates


def estimates_of(desk, world):
    """By day, the dial of the reading that counts and whether it is an estimate."""
    with world.store.read() as reader:
        rows = reader.rows(
            "SELECT day, version, value, status FROM reading WHERE account_id = :account"
            " ORDER BY day, version",
            account=world.account_id,
        )
    return {day: (value, status == Status.ESTIMATED) for day, _, value, status in rows}


@pytest.fixture
def estimated(world, desk):
    """Two estimated bills, then a dial that stands below the second estimate."""
    ids = billed(world, desk, (110, 140, 170), estimated=(1, 2))
    assert desk.read(world.meter_id, DAYS[3], 149)[0] == Status.ACCEPTED
    return ids


def test_estimates_above_an_actual_reading_are_spread_evenly(world, desk, estimated):
    """110 and 149 sixty days later: 123 and 136; the actual bill stays."""
    done = desk.rerate(world.account_id, DAYS[3], re_estimate=True)
    told = [(one.day, one.before, one.value, one.version, one.until) for one in done.estimates]
    assert told == [(DAYS[1], 140, 123, 2, DAYS[3]), (DAYS[2], 170, 136, 2, DAYS[3])]
    assert [change.bill_id for change in done.changes] == estimated[1:]
    assert estimates_of(desk, world) == {
        FIRST: (98, False), DAYS[0]: (110, False), DAYS[1]: (123, True), DAYS[2]: (136, True),
        DAYS[3]: (149, False),
    }  # fmt: skip
    seed.bill(world, DAYS[3])
    usages = [int(one.spans[0].rated_from.inputs["m3"]) for one in desk.standing(world.account_id)]
    assert usages == [12, 13, 13, 13]
    assert desk.broken() == {}


def test_estimating_again_twice_changes_nothing(world, desk, estimated):
    desk.rerate(world.account_id, DAYS[3], re_estimate=True)
    count = len(desk.bills(world.account_id))
    again = desk.rerate(world.account_id, DAYS[0], re_estimate=True)
    assert (again.correction_id, again.changes, again.estimates) == (0, (), ())
    assert len(desk.bills(world.account_id)) == count


def test_estimates_that_nothing_contradicts_stay(world, desk):
    billed(world, desk, (110, 140, 170), estimated=(1, 2))
    desk.read(world.meter_id, DAYS[3], 175)
    done = desk.rerate(world.account_id, DAYS[0], re_estimate=True)
    assert (done.changes, done.estimates) == ((), ())


def test_without_the_option_estimates_stay(world, desk, estimated):
    done = desk.rerate(world.account_id, DAYS[0])
    assert (done.changes, done.estimates, done.unchanged) == ((), (), 3)


def test_only_the_bills_that_used_them_are_rated_again(world, desk, estimated):
    """A price that changed meanwhile is taken by those bills, and by no other."""
    text = STATES.replace("33.3", "44.4")
    catalog = Catalog(Stored(world.store, lambda: seed.NOW))
    catalog.publish(text, "dearer", caller=world.caller)
    done = desk.rerate(world.account_id, FIRST, re_estimate=True)
    assert [change.bill_id for change in done.changes] == estimated[1:]
    assert [one.spans[0].version for one in desk.standing(world.account_id)] == [1, 2, 2]


def test_undoing_puts_the_estimates_back(world, desk, estimated):
    before, kept = said(desk, world), estimates_of(desk, world)
    done = desk.rerate(world.account_id, DAYS[3], re_estimate=True)
    back = desk.undo(done.correction_id)
    assert back.estimates == 2
    assert (said(desk, world), estimates_of(desk, world)) == (before, kept)
    again = desk.undo(back.correction_id)
    assert again.estimates == 2
    assert estimates_of(desk, world)[DAYS[1]] == (123, True)
    assert desk.broken() == {}


def test_estimates_corrected_since_are_not_put_back(world, desk, estimated):
    done = desk.rerate(world.account_id, DAYS[3], re_estimate=True)
    desk.correct(world.meter_id, DAYS[2], 130)
    back = desk.undo(done.correction_id)
    assert back.estimates == 1
    assert estimates_of(desk, world)[DAYS[2]] == (130, False)


def test_estimates_are_audited(world, desk, estimated):
    done = desk.rerate(world.account_id, DAYS[3], re_estimate=True)
    with world.store.read() as reader:
        rows = reader.rows(
            "SELECT subject, reason, detail FROM audit_pending"
            " WHERE action = 'reading.re_estimated' ORDER BY detail"
        )
    assert len(rows) == 2
    assert {subject for subject, *_ in rows} == {f"account {world.account_id}"}
    assert all(str(done.correction_id) in detail for *_, detail in rows)


def test_two_actual_readings_that_contradict_each_other(world, desk):
    billed(world, desk, (110, 140), estimated=(1,))
    status, _ = desk.read(world.meter_id, DAYS[2], 105)
    assert status == Status.HELD
    with world.store.write() as session:
        session.run("UPDATE reading SET status = 1 WHERE status = 3")
    with pytest.raises(EstimateImpossible, match="stands below the actual one"):
        desk.rerate(world.account_id, FIRST, re_estimate=True)
    assert len(desk.bills(world.account_id)) == 2


def test_a_dial_that_goes_round_between_estimates(books, states):
    """99 990 to 20 over the end: the estimates stand on both sides of it."""
    world = seed.settle(books)
    desk = Desk(world.store, world.caller, LATER, seed.NOW)
    with books.write() as session:
        session.run("UPDATE reading SET value = 99970")
    billed(world, desk, (99_990, 25, 40), estimated=(1, 2))
    status, _ = desk.read(world.meter_id, DAYS[3], 20)
    assert status == Status.ACCEPTED
    done = desk.rerate(world.account_id, DAYS[3], re_estimate=True)
    assert [one.value for one in done.estimates] == [0, 10]
    usages = [int(one.spans[0].rated_from.inputs["m3"]) for one in desk.standing(world.account_id)]
    assert usages == [20, 10, 10]
    assert desk.broken() == {}


def test_a_shared_meter_is_estimated_for_everybody(books):
    """The reading is written at every account that shares the meter, and told."""
    with books.write() as session:
        at.open_provider(session, accounts=2)
        meter = at.new_meter(session, "S1")
        at.hang(session, meter, "2023-01-15", 100, of=1, share=Share(0, 1, 2))
        at.hang(session, meter, "2023-01-15", 100, of=2, share=Share(1, 1, 2))
        at.submit(session, (meter, "2023-02-15", 150), source=Source.ESTIMATE, of=0)
        at.submit(session, (meter, "2023-03-15", 120), of=0)
    with books.write() as session:
        provider = providers.provider(session, at.PROVIDER)
        write = seed.Act(session, at.CLERK, at.NOW)
        asked = Wanted(WHY, at.TODAY, "shared")
        made = Correction(write, provider, None, asked, at.NOW)
        found = estimates.estimate_again(made, at.account(1), at.day("2023-03-01"))
        assert made.correction_id == correction_id(at.PROVIDER, "shared")
    assert [(one.account_id, one.value) for one in found] == [
        (at.account(1), 111), (at.account(2), 111),
    ]  # fmt: skip


def test_an_account_without_a_meter_has_no_estimates(books):
    with books.write() as session:
        at.open_provider(session)
        provider = providers.provider(session, at.PROVIDER)
        write = seed.Act(session, at.CLERK, at.NOW)
        made = Correction(write, provider, None, Wanted(WHY, at.TODAY, "none"), at.NOW)
        assert estimates.estimate_again(made, at.account(1), at.TODAY) == ()


# -- bills that end on one day


FLAT = """
tariff: flat
provider: mehrab
service: waste
currency: IRR
calendar: jalali
rounding: {line: 1 half_up}
state:
  days_so_far: {decimals: 0, max: 1000000, next: days_so_far + days}
versions:
  - from: 1390-01-01
    rate: 10
lines:
  - {id: waste, is: days * rate}
total: {of: all}
"""


def test_bills_of_one_day_stay_in_their_order(world, desk):
    """Two agreements of two cycles, billed apart up to one day: what both hand on stays."""
    catalog = Catalog(Stored(world.store, lambda: seed.NOW))
    catalog.publish(FLAT, "flat", caller=world.caller)
    with world.store.write() as session:
        act = seed.Act(session, world.caller, seed.NOW)
        cycles.create_cycle(act, "waste", 1)
        place = {"number": "W1", "service": "waste", "address": "", "geographic_code": ""}
        point = things.create(act, POINTS, place)
        values = {
            "account_id": world.account_id,
            "point_id": point.point_id,
            "service": "waste",
            "cycle": "waste",
            "from_day": FIRST,
            "until_day": OPEN_DAY,
        }
        agreements.create_agreement(act, values, [GivenTerm(FIRST, OPEN_DAY, "flat")], ())
    desk.read(world.meter_id, DAYS[0], 110)
    made = [cycle_bill(world, cycle, day) for cycle, day in ((1, DAYS[0]), (2, DAYS[0]))]
    desk.correct(world.meter_id, DAYS[0], 120)
    done = desk.rerate(world.account_id, DAYS[0])
    assert [change.bill_id for change in done.changes] == made
    with world.store.read() as reader:
        found = last_bills(reader, np.array([world.account_id]))
        newest = stored_bill(reader, world.caller.provider_id, int(found.bill_id[0]))
    assert newest.spans[0].agreement_no == 2
    told = handed.read(found.carried[world.account_id])
    assert told[1].states == {"used": 22}
    assert told[2].states == {"days_so_far": DAYS[0] - FIRST + 1}
    assert desk.rerate(world.account_id, DAYS[0]).changes == ()
    desk.cancel(newest.header.bill_id)
    with pytest.raises(UndoRefused):
        desk.undo(done.correction_id)
    assert desk.broken() == {}


def cycle_bill(world, cycle_no, day):
    """The bill of an account's agreements of a cycle."""
    with world.store.write() as session:
        provider = providers.provider(session, world.caller.provider_id)
        order = Order(
            world.account_id,
            world.account_id,
            Window(day, day),
            day + cycle_no * 40,  # in another month
            f"cycle {cycle_no}",
            world.caller.client_id,
            seed.NOW,
            chosen=Chosen(cycle_no),
        )
        issued, made = bill_accounts(session, provider, order)
    assert not made.refused, made.refused
    (number,) = np.asarray(issued.bill_id).tolist()
    return number
