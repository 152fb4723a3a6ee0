"""Stragglers on both stores: billed while they may be, then estimated by policy, or listed."""

from datetime import date

import numpy as np
import pytest

from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.runs import chunk as chunks
from billcore.core.billing.runs import runs, stragglers
from billcore.core.billing.runs.states import Phase, State
from billcore.core.metering.findings import Status
from billcore.core.metering.meters import Desk, Placing, create, install
from billcore.core.metering.provider import metering_provider
from billcore.core.metering.readings import readings_of
from billcore.core.store import bills as bill_rows
from billcore.core.store import readings as reading_rows
from billcore.core.store.meters import Register
from tests import runs_world as at

LATE = (2, 11, 12)
"""Accounts that nobody reads in March."""

MONTH = 2


@pytest.fixture
def world(books):
    """Twelve accounts, read in January and February, and most in March; February is billed."""
    world = at.settle(books, accounts=12, months=2)
    at.read(world, MONTH, without=LATE)
    at.whole(world, at.order(world, 1, straight=True))
    return world


def frozen(world, **changed):
    """A run of March that left the late ones out; its number."""
    run_id = at.whole(world, at.order(world, MONTH, straight=True, estimate=True, **changed))
    assert at.rules(world, run_id) == dict.fromkeys(LATE, "NO_READING")
    return run_id


def closing(world, run_id):
    """The pass that estimates."""
    begin(world, run_id)
    return at.driven(world, run_id)


def begin(world, run_id):
    at.supplement(world, run_id, at.view(world, run_id).order.straggler_day + 1)


def estimates(world):
    """By count: (day, dial) of every estimate."""
    with world.store.read() as reader:
        found = []
        for month in reading_rows.months(reader):
            lo, hi = world.account(1), world.account(world.accounts)
            table = readings_of(reading_rows.of_month(reader, month, np.arange(lo, hi + 1)))
            found.append(table.take(table.status == Status.ESTIMATED))
    return {
        int(account) - world.account(1) + 1: (int(day), int(value))
        for table in found
        for account, day, value in zip(table.account_id, table.day, table.value, strict=True)
    }


def last_days(world, counts):
    """By count: the last day that is billed."""
    with world.store.read() as reader:
        return {
            count: max(h.this_day for h in bill_rows.headers(reader, world.account(count), 0, 99))
            for count in counts
        }


def test_the_last_pass_estimates_and_bills(world):
    """As of the last day of the window, going on as in the period before."""
    run_id = frozen(world)
    last = at.view(world, run_id).order.window.last_day
    at.begin(world, run_id, Phase.FREEZE, at.view(world, run_id).order.straggler_day)
    at.driven(world, run_id)
    assert estimates(world) == {}, "on the straggler day itself nothing is estimated"
    assert closing(world, run_id) is State.FROZEN
    assert at.rules(world, run_id) == {}
    found = estimates(world)
    assert sorted(found) == list(LATE)
    for count, (day, value) in found.items():
        before, now = at.dial(world, count, 0), at.dial(world, count, 1)
        days = at.day_of(1) - at.day_of(0)
        doubled = 2 * (now - before) * (last - at.day_of(1)) + days
        assert (day, value) == (last, now + doubled // (2 * days))
    assert last_days(world, LATE) == dict.fromkeys(LATE, last)
    assert at.broken(world) == {}


def test_without_estimates_they_stay_listed(world):
    run_id = at.whole(world, at.order(world, MONTH, straight=True))
    straggler_day = at.view(world, run_id).order.straggler_day
    with pytest.raises(FieldRefused, match="only a run that estimates"):
        at.supplement(world, run_id, straggler_day + 1)
    at.supplement(world, run_id, straggler_day)
    assert at.driven(world, run_id) is State.FROZEN
    assert at.rules(world, run_id) == dict.fromkeys(LATE, "NO_READING")
    assert estimates(world) == {}


def test_a_reading_that_came_is_not_estimated(world):
    """Up to the straggler day a reading closes the bill; one of the day after does not."""
    run_id = frozen(world)
    order = at.view(world, run_id).order
    at.read_on(world, order.straggler_day, {2: at.dial(world, 2, 1) + 9_000})
    at.read_on(world, order.straggler_day + 1, {11: at.dial(world, 11, 1) + 9_000})
    closing(world, run_id)
    assert sorted(estimates(world)) == [11, 12]
    wanted = {2: order.straggler_day, 11: order.window.last_day, 12: order.window.last_day}
    assert last_days(world, LATE) == wanted
    assert at.broken(world) == {}


def test_done_again_it_changes_nothing(world):
    run_id = frozen(world)
    closing(world, run_id)
    before = estimates(world), last_days(world, range(1, 13))
    closing(world, run_id)
    assert (estimates(world), last_days(world, range(1, 13))) == before
    assert at.view(world, run_id).of(Phase.FREEZE, 2)
    with world.store.read() as reader:
        count = "SELECT COUNT(*), MAX(version) FROM reading WHERE status = 2"
        assert tuple(reader.row(count)) == (3, 1)
    assert at.broken(world) == {}


def test_a_chunk_that_is_killed_leaves_nothing(world, monkeypatch):
    """It is estimated and billed in one transaction, or not at all; the next try does both."""
    run_id = frozen(world)
    begin(world, run_id)
    real = chunks._freeze

    def killed(*given):
        real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(chunks, "_freeze", killed)
    with pytest.raises(KeyboardInterrupt):
        at.driven(world, run_id)
    assert estimates(world) == {}
    assert at.view(world, run_id).of(Phase.FREEZE, 1) == []
    monkeypatch.undo()
    assert at.driven(world, run_id) is State.FROZEN
    assert sorted(estimates(world)) == list(LATE)
    assert at.broken(world) == {}


@pytest.mark.parametrize("way", ["recent", "similar"])
def test_the_chunks_do_not_matter(world, way):
    """The estimates are the same, and so is what is billed, however the run is cut."""
    at.policies(world, estimation=[way])
    found = []
    for cut in (5, 3, 12):
        run_id = frozen(world, chunk_accounts=cut)
        closing(world, run_id)
        done = at.view(world, run_id).of(Phase.FREEZE, 1)
        assert len(done) == -(-12 // cut)
        found.append((estimates(world), sum(c.bills for c in done), sum(c.total for c in done)))
        at.begin(world, run_id, Phase.REVERSE, at.day_of(MONTH) + 20, "again, cut otherwise")
        at.driven(world, run_id)
        with world.store.write() as session:
            session.run("DELETE FROM reading WHERE status = 2")
    assert found[0] == found[1] == found[2]
    assert found[0][1] == len(LATE)


def test_what_cannot_be_estimated_stays_refused(world):
    """With the reason; the others of the chunk are billed."""
    at.policies(world, estimation=[])
    run_id = frozen(world)
    closing(world, run_id)
    left = at.left_out(world, run_id)
    assert {count: one.rule for count, one in left.items()} == dict.fromkeys(
        LATE, "ESTIMATE_IMPOSSIBLE"
    )
    assert "names no way" in left[2].message
    at.policies(world, estimation=["last_year"])
    closing(world, run_id)
    left = at.left_out(world, run_id)
    assert {one.rule for one in left.values()} == {"ESTIMATE_IMPOSSIBLE"}
    assert "tell nothing of it" in left[2].message
    assert "register 1" in left[2].message
    assert (left[2].agreement_no, left[2].pass_no) == (1, 2)
    at.policies(world, estimation=["last_year", "recent"])
    closing(world, run_id)
    assert at.rules(world, run_id) == {}
    assert at.broken(world) == {}


def test_a_meter_that_is_gone_cannot_be_estimated(world):
    run_id = frozen(world)
    with world.store.write() as session:
        session.run(
            "UPDATE installation SET until_day = :day WHERE account_id = :a",
            day=at.day_of(1) + 3,
            a=world.account(11),
        )
    closing(world, run_id)
    left = at.left_out(world, run_id)
    assert at.rules(world, run_id) == {11: "ESTIMATE_IMPOSSIBLE"}
    assert "no meter of it is at work" in left[11].message


def test_of_two_meters_one_was_not_read(books):
    """It is estimated as of the day on which the other one was read."""
    world = at.settle(books, accounts=12, months=2)
    second = hang(world, 5, at.day_of(0) + 1, 500)
    at.read_on(world, at.day_of(1), {5: 530}, meter=second)
    at.whole(world, at.order(world, 1, straight=True))
    at.read(world, MONTH)
    run_id = at.whole(world, at.order(world, MONTH, straight=True, estimate=True))
    assert at.rules(world, run_id) == {5: "USAGE_INCOMPLETE"}
    closing(world, run_id)
    assert at.rules(world, run_id) == {}
    assert estimates(world) == {5: (at.day_of(MONTH), 558)}, "a unit a day"
    assert at.broken(world) == {}


def test_of_two_meters_one_tells_nothing(world):
    """Without a history of its own it stays; what similar accounts use has another meter."""
    second = hang(world, 5, at.day_of(1), 500)
    at.policies(world, estimation=["recent", "similar"])
    run_id = at.whole(world, at.order(world, MONTH, straight=True, estimate=True))
    closing(world, run_id)
    assert at.rules(world, run_id) == {5: "ESTIMATE_IMPOSSIBLE"}
    message = at.left_out(world, run_id)[5].message
    assert f"register 1 of meter {second}" in message
    assert f"as of {date.fromordinal(at.day_of(MONTH))}" in message
    at.read_on(world, at.day_of(MONTH), {5: 530}, meter=second)
    at.begin(world, run_id, Phase.FREEZE)
    at.driven(world, run_id)
    assert at.rules(world, run_id) == {}


def hang(world, count, day, dial):
    """Another meter at an account's agreement, of the same quantity; its id."""
    with world.store.write() as session:
        provider = metering_provider(session, world.provider_id)
        desk = Desk(session, world.caller, provider, at.clock())
        meter = create(desk, "second", "", [Register(1, "m3", "m3", 6, 0)])
        place = Placing(world.account(count), 1, meter.meter_id, day)
        install(desk, place, {1: (dial, 0)})
        return meter.meter_id


def test_who_is_billed_by_hand_meanwhile_is_not_estimated(world):
    """The account has its bill of the month: its next one begins there."""
    run_id = frozen(world)
    at.read_on(world, at.day_of(MONTH) + 2, {2: at.dial(world, 2, 1) + 9_000})
    only = {"first_account": world.account(2), "last_account": world.account(2)}
    at.whole(world, at.order(world, MONTH, straight=True, **only))
    closing(world, run_id)
    assert sorted(estimates(world)) == [11, 12]
    assert at.rules(world, run_id) == {2: "NO_READING"}
    assert at.broken(world) == {}


def test_similar_accounts_tell_who_has_no_history(world):
    """The mean a day of what the run billed of the same tariff and cycle."""
    at.policies(world, estimation=["last_year", "similar"])
    run_id = frozen(world)
    with world.store.read() as reader:
        lo, hi = world.account(1), world.account(12)
        (month,) = {h.month for h in bill_rows.headers(reader, lo, 0, 99)[-1:]}
        bills = bill_rows.of_month(reader, month, lo, hi)
    days = int((bills["this_day"] - bills["previous_day"]).sum())
    others = [n for n in range(1, 13) if n not in LATE]
    usage = sum(at.dial(world, n, 2) - at.dial(world, n, 1) for n in others)
    assert len(bills["account_id"]) == len(others)
    closing(world, run_id)
    last = at.view(world, run_id).order.window.last_day
    length = last - at.day_of(1)
    for count, (day, value) in estimates(world).items():
        wanted = at.dial(world, count, 1) + (2 * usage * length + days) // (2 * days)
        assert (day, value) == (last, wanted)
    assert sorted(estimates(world)) == list(LATE)
    assert at.broken(world) == {}


def test_estimates_are_held_by_their_rule(world):
    """A bill that was estimated is outsorted as any other."""
    run_id = frozen(world)
    at.policies(world, outsorting={"estimates": 1})
    closing(world, run_id)
    assert at.rules(world, run_id) == dict.fromkeys(LATE, "ESTIMATES")


def test_other_processes_do_not_prepare_it(world):
    """It writes before it rates: only the transaction of the chunk knows what it comes to."""
    run_id = frozen(world)
    begin(world, run_id)
    with world.store.read() as reader:
        task = runs.tasks(reader, world.provider_id, run_id)[0]
        assert chunks.prepare(reader, task) is None


def test_a_reading_that_comes_in_between_can_be_tried_again(world, monkeypatch):
    run_id = frozen(world)
    begin(world, run_id)
    real, tries = stragglers.record_estimates, []

    def beaten(session, *given):
        tries.append(1)
        if len(tries) == 1:
            raise stragglers.StoreConflict("reading", "it is there")
        return real(session, *given)

    monkeypatch.setattr(stragglers, "record_estimates", beaten)
    assert at.driven(world, run_id) is State.FROZEN
    assert sorted(estimates(world)) == list(LATE)
