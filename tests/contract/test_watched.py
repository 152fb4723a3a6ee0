"""What a server looks at for its figures, on both stores: runs, suspense, the store itself."""

from billcore.core.billing.runs.states import Phase, State
from billcore.core.store import vitals
from billcore.server import running
from billcore.server.background_figures import SUSPENDED_AGAIN, Watch
from billcore.server.executors import Executors
from billcore.server.following import Followers
from billcore.server.telemetry import Metrics
from billcore.server.tracing import NoTraces
from tests import payments_world
from tests import runs_world as at
from tests.payments_world import DAY, SECOND


class Keeper:
    """Drives what a test says."""

    def __init__(self, *runs):
        self.driven = lambda: [*runs]

    def forget_ended(self):
        """It drives nothing that could fail."""


def watch(store, now, *runs, followers=None):
    """What a server looks at, and a reader of its figures."""
    metrics = Metrics()

    def told(name, **labels):
        return metrics.registry.get_sample_value(name, labels)

    return Watch(store, now, metrics, Keeper(*runs), followers or Followers()), told


def test_how_runs_stand(books):
    """One run rests with held and refused accounts, one has issued, one goes on; a simulation is
    not counted."""
    world = at.settle(books, accounts=12, months=3)
    at.read(world, 3, without=(2, 5))
    at.policies(world, outsorting={"above": 1})
    at.simulated(world, at.order(world, 1))
    first = at.order(world, 1, first_account=world.account(9))
    at.whole(world, first)
    resting = at.create(world, at.order(world, 3, last_account=world.account(8)))
    at.rated(world, resting)
    going = at.create(world, at.order(world, 2, first_account=world.account(9)))
    at.begin(world, going, Phase.RATE)
    look, told = watch(books, at.clock, (1, going), (1, resting))
    look.look_seldom()
    assert told("billcore_runs", state="outsorted") == told("billcore_runs", state="planned") == 1
    assert told("billcore_runs", state="frozen") == 1
    assert told("billcore_runs", state="rated") == 0
    assert told("billcore_run_exceptions", outcome="held", rule="ABOVE") == 6
    assert told("billcore_run_exceptions", outcome="refused", rule="NO_READING") == 2
    look.look_often()
    run = {"provider": "1", "phase": "rate"}
    assert told("billcore_run_accounts", **run) == 4
    assert told("billcore_run_accounts_done", **run) == 0
    assert at.driven(world, going) is State.OUTSORTED
    look, told = watch(books, at.clock, (1, going))
    look.look_often()
    assert told("billcore_run_accounts", **run) is None  # it rests


def test_a_run_half_done(books):
    """How far it is, what became of the accounts, how long the rest will take; then no more."""
    world = at.settle(books, accounts=12, months=3)
    run_id = at.create(world, at.order(world, 1, chunk_accounts=4))
    at.begin(world, run_id, Phase.RATE)
    assert at.driven(world, run_id, stop=at.After(2)) is None
    runs = [(1, run_id)]
    clock = [at.view(world, run_id).passes[0].recorded_at + 10 * SECOND]
    look, told = watch(books, lambda: clock[0], *runs)
    look.look_often()
    run = {"provider": "1", "phase": "rate"}
    assert told("billcore_run_accounts", **run) == 12
    assert told("billcore_run_accounts_done", **run) == 8
    assert told("billcore_run_pass_bills", **run, outcome="billed") == 8
    assert told("billcore_run_pass_bills", **run, outcome="held") == 0
    assert told("billcore_run_left_seconds", **run) == 5
    look._keeper = Keeper()
    clock[0] += 5 * SECOND
    look.look_often()
    assert told("billcore_run_accounts", **run) is None


def test_what_is_in_suspense(books):
    """By age since it was kept, what of each is still open."""
    world = payments_world.found(books)
    long_ago = world.at(-40 * DAY // SECOND)
    item = {}
    for when, name in (long_ago, "r2"), (long_ago, "r4"), (world, "r1"), (world, "r3"):
        done = when.post(when.told(name, f"nobody {name}", taken=True))
        item[name] = done.all()[0].payment_id
    world.transfer(item["r3"], 1, 0, "t3")
    world.transfer(item["r2"], 1, 70, "t2")
    now = [world.now + 60 * SECOND]
    look, told = watch(books, lambda: now[0])
    look.look_seldom()
    new, old = ({"currency": "IRR", "age_days": age} for age in ("0", "30"))
    items, amounts = "billcore_suspense_items", "billcore_suspense_amount_minor"
    assert (told(items, **new), told(amounts, **new)) == (1, 100)
    assert (told(items, **old), told(amounts, **old)) == (2, 130)
    assert told("billcore_suspense_age_seconds", **old) == 40 * 86_400 + 60
    world.transfer(item["r1"], 1, 0, "t1")
    look.look_seldom()
    assert told(items, **new) == 1  # it is too soon to look again
    now[0] += SUSPENDED_AGAIN * SECOND
    look.look_seldom()
    assert told(items, **new) is None
    assert told(items, **old) == 2


def test_how_far_consumers_are_behind(books):
    """The one that is furthest, of those that are connected."""
    with books.write() as session:
        for provider_id, last in ((1, 40), (2, 7)):
            session.run(
                "INSERT INTO drawn (provider_id, kind, last) VALUES (:one, 'event', :last)",
                one=provider_id,
                last=last,
            )
    followers = Followers()
    look, told = watch(books, at.clock, followers=followers)
    look.look_often()
    assert told("billcore_event_stream_behind") == 0
    with followers.follow(1, 38), followers.follow(2, 0) as slow:
        look.look_often()
        assert told("billcore_event_stream_behind") == 7
        slow.after = 7
        look.look_often()
        assert told("billcore_event_stream_behind") == 2
    look.look_often()
    assert told("billcore_event_stream_behind") == 0


def test_the_engine_and_its_room(books):
    """Both engines say what they are and how they write; a file knows its disk."""
    with books.read() as reader:
        engine, room = vitals.engine(reader, books.url), vitals.room(reader, books.url)
        assert {"schema_migration", "bill"} <= vitals.tables(reader, books.url)
        assert vitals.newest(reader) >= 0
    assert engine.version.split(".")[0].isdecimal()
    assert room.parts["database"] > 100_000
    if engine.name == vitals.SQLITE:
        assert engine.settings == {"journal_mode": "wal", "synchronous": "FULL"}
        assert room.free["store"] > 0
        assert engine.clock == 0
    else:
        assert engine.settings["synchronous_commit"] == "on"
        assert engine.settings["fsync"] == "off"
        assert not room.free
        assert engine.clock > 1_700_000_000_000_000


def test_why_a_run_stopped_is_forgotten_when_others_have_ended_it(books):
    """While it goes on elsewhere it is told still."""
    world = at.settle(books, accounts=12, months=3)
    run_id = at.create(world, at.order(world, 1))
    at.begin(world, run_id, Phase.RATE)
    keeper = running.Keeper(books, books.url, Executors(count=0), Metrics(), NoTraces())
    keeper._end((1, run_id), running.Fault("STORE_UNAVAILABLE", "it is away", 1))
    keeper.forget_ended()
    assert keeper.driving(1, run_id).fault is not None
    at.driven(world, run_id)
    keeper.forget_ended()
    assert keeper.driving(1, run_id).fault is None
    keeper.stop()
