"""What people begin of runs, on both stores: each act in its state, and an end that was missed."""

import pytest

from billcore.core.billing.runs import beginnings, chunk, holds, left_out, runs
from billcore.core.billing.runs.errors import RunBusy, RunFinished, RunStateUnfit
from billcore.core.billing.runs.left_out import Outcome
from billcore.core.billing.runs.states import Phase, State
from billcore.core.store import providers
from tests import runs_world as at


@pytest.fixture
def world(books):
    return at.settle(books)


def act(world, do, *given):
    """Does something in a transaction of its own."""
    with world.store.write() as session:
        return do(world.act(session), *given)


def lose_the_end(world, run_id: int) -> None:
    """Does every chunk of what was begun, and dies before the run moves on."""
    with world.store.read() as reader:
        todo = runs.tasks(reader, world.provider_id, run_id)
    for task in todo:
        with world.store.write() as session:
            chunk.do(session, task, at.clock)


def test_an_end_that_was_missed_is_made_up_for(world):
    """The run is busy until somebody drives it again; then it moves on."""
    run_id = at.create(world, at.order(world))
    act(world, beginnings.start, run_id)
    lose_the_end(world, run_id)
    found = at.view(world, run_id)
    assert (found.unfinished, found.under_way) == (None, found.passes[0])
    with world.store.read() as reader:
        assert beginnings.under_way(reader, world.provider_id) == [run_id]
    with pytest.raises(RunBusy):
        act(world, beginnings.start, run_id)
    assert at.driven(world, run_id) is State.OUTSORTED
    with world.store.read() as reader:
        assert beginnings.under_way(reader, world.provider_id) == []


def test_bills_that_are_issued_cannot_be_cancelled_before_the_end(world):
    """Every chunk is frozen and the run still approved: its cancellation would lose the bills."""
    run_id = at.create(world, at.order(world))
    at.rated(world, run_id)
    at.approved(world, run_id)
    act(world, beginnings.freeze, run_id)
    lose_the_end(world, run_id)
    assert at.view(world, run_id).state is State.APPROVED
    with pytest.raises(RunBusy):
        act(world, runs.cancel, run_id, "too late")
    assert at.driven(world, run_id) is State.FROZEN
    assert at.broken(world) == {}


def test_a_run_that_goes_straight_is_started_once(world):
    """Another start would be another pass."""
    run_id = at.create(world, at.order(world, straight=True))
    with pytest.raises(RunStateUnfit, match="to freeze it, it must be approved"):
        act(world, beginnings.freeze, run_id)
    act(world, beginnings.start, run_id)
    assert at.driven(world, run_id) is State.FROZEN
    with pytest.raises(RunStateUnfit, match="to start it, it must be planned"):
        act(world, beginnings.start, run_id)
    with pytest.raises(RunStateUnfit):
        act(world, beginnings.freeze, run_id)
    assert len(at.view(world, run_id).passes) == 1


def test_a_cancelled_run_rests(world):
    """What was begun of it is not resumed."""
    run_id = at.create(world, at.order(world))
    act(world, beginnings.start, run_id)
    act(world, beginnings.resume, run_id)
    act(world, runs.cancel, run_id, "not now")
    assert at.view(world, run_id).under_way is None
    with pytest.raises(RunFinished):
        act(world, beginnings.resume, run_id)
    with pytest.raises(RunFinished):
        at.driven(world, run_id)


def test_a_reversal_is_of_the_day_of_issue_or_later(world):
    """Without a day today counts, if it is late enough."""
    run_id = at.whole(world, at.order(world))
    issued = at.view(world, run_id).order.issued_day
    with world.store.write() as session:
        provider = providers.provider(session, world.provider_id)
        beginnings.reverse(world.act(session), provider, run_id, 0, issued - 9, "wrong")
    assert at.view(world, run_id).passes[-1].until_day == issued
    assert at.driven(world, run_id) is State.REVERSED


def test_pages_of_what_is_left_out(world):
    """Held by hand among those that a pass refused; pages cover all, once, in order."""
    run_id = at.create(world, at.order(world, 3))  # not read yet: everybody is refused
    at.rated(world, run_id)
    other = at.create(world, at.order(world), simulated=True)
    at.rated(world, other)
    for count in (2, 3, 5, 8):
        act(world, holds.hold, other, world.account(count), "look")
    act(world, holds.release, other, world.account(3), "seen")
    assert accounts(world, run_id, 7) == [world.account(n) for n in range(1, 41)]
    assert accounts(world, run_id, 7, Outcome.HELD) == []
    assert accounts(world, run_id, 40, rule="NO_READING") == accounts(world, run_id, 100)
    wanted = [world.account(n) for n in (2, 5, 8)]
    assert accounts(world, other, 1) == accounts(world, other, 2, Outcome.HELD) == wanted
    assert accounts(world, other, 3, rule="BY_HAND") == wanted
    assert accounts(world, other, 3, rule="ABOVE") == []
    assert accounts(world, other, 3, Outcome.REFUSED) == []


def accounts(world, run_id, size, outcome=None, rule=""):
    """The accounts of every page."""
    found, after = [], 0
    while True:
        with world.store.read() as reader:
            page = left_out.left_out(reader, world.provider_id, run_id, outcome, rule, after, size)
        assert len(page.items) <= size
        found += [one.row.account_id for one in page.items]
        after = page.after
        if not after:
            return found


def test_a_chunk_says_whether_it_was_still_to_do(world):
    """None: somebody did it before."""
    run_id = at.create(world, at.order(world))
    at.begin(world, run_id, Phase.RATE)
    with world.store.read() as reader:
        task = runs.tasks(reader, world.provider_id, run_id)[0]
    with world.store.write() as session:
        first = chunk.do(session, task, at.clock)
    with world.store.write() as session:
        assert chunk.do(session, task, at.clock) is None
    assert first is not None
    assert first.bills == 8
