"""The digest of a run is the same whatever the workers and the chunks, simulated or executed."""

import pytest

from billcore.core.billing.runs import digest
from billcore.core.billing.runs.states import Phase, State
from tests import runs_world as at
from tests.faults import month_end
from tests.faults.conftest import FULL
from tests.faults.month_end import Workers

pytestmark = pytest.mark.usefixtures("no_orphans")

WORKERS = (0, 1, 2, 8)
CHUNKS = (1, 3, 7, 20, 72, 1_000) if FULL else (5, 72)


def digest_of(world, run_id: int, phase: Phase) -> bytes:
    return digest.added([chunk.digest for chunk in at.view(world, run_id).of(phase, 0)])


def how(workers: int) -> dict[str, object]:
    return {"pool": Workers(workers), "workers": workers} if workers else {}


def test_digests_are_equal(url):
    """Of simulations with every number of workers and several chunks, and of the run itself."""
    world = month_end.opened(url)
    found = {}
    for chunk in CHUNKS:
        for workers in WORKERS:
            run_id = at.create(world, at.order(world, chunk_accounts=chunk), simulated=True)
            assert at.rated(world, run_id, **how(workers)) is State.OUTSORTED
            found[workers, chunk] = digest_of(world, run_id, Phase.RATE)
    (same,) = set(found.values())
    assert same != digest.EMPTY
    run_id = at.create(world, at.order(world, chunk_accounts=7))
    at.rated(world, run_id, **how(2))
    at.approved(world, run_id)
    at.frozen(world, run_id, **how(8))
    assert digest_of(world, run_id, Phase.RATE) == digest_of(world, run_id, Phase.FREEZE) == same
    assert at.broken(world) == {}
    world.store.close()


@pytest.mark.parametrize("workers", WORKERS)
def test_executions_are_equal(url, workers, sqlite_bills):
    """Straight through, each with another number of workers and another chunk: bill by bill."""
    world = month_end.opened(url)
    simulated = at.create(world, at.order(world, chunk_accounts=11), simulated=True)
    at.rated(world, simulated)
    chunk = CHUNKS[WORKERS.index(workers) % len(CHUNKS)]
    run_id = at.create(world, at.order(world, chunk_accounts=chunk, straight=True))
    assert at.frozen(world, run_id, **how(workers)) is State.FROZEN
    assert digest_of(world, run_id, Phase.FREEZE) == digest_of(world, simulated, Phase.RATE)
    assert bills(world) == sqlite_bills
    assert at.broken(world) == {}
    world.store.close()


@pytest.fixture(scope="module")
def sqlite_bills(tmp_path_factory):
    """Every bill of a run in one chunk, in one thread, on SQLite."""
    folder = tmp_path_factory.mktemp("bills")
    world = month_end.opened(f"sqlite:///{folder / 'store.db'}")
    at.whole(world, at.order(world, chunk_accounts=1_000, straight=True))
    found = bills(world)
    world.store.close()
    return found


def bills(world):
    """Every bill but for its ledger entry and the time at which it was recorded."""
    query = """SELECT bill_id, account_id, previous_day, this_day, issued_day, due_day, opening,
total, closing, lines, inputs, carried FROM bill ORDER BY account_id, bill_id"""
    with world.store.read() as reader:
        return reader.rows(query)
