"""kill -9 of who drives a run, and of its workers: whoever resumes it ends with the same books."""

import signal
import threading
from contextlib import suppress

import pytest

from billcore.core.billing.runs import chunk as chunks
from billcore.core.billing.runs import runs
from billcore.core.billing.runs.drive import WorkersLost
from billcore.core.billing.runs.errors import RunBusy, RunFinished
from billcore.core.store.open import open_store
from tests import runs_world as at
from tests.faults import month_end
from tests.faults.conftest import FULL
from tests.faults.month_end import PHASES, TICKS, Begun, Clock, Workers

pytestmark = pytest.mark.usefixtures("no_orphans")


@pytest.fixture
def kills(full):
    return 14 if full else 1


@pytest.fixture(params=PHASES)
def phase(request):
    return request.param


SOME = list(PHASES) if FULL else ["straight"]
"""The phases whose workers are killed."""


# -- who drives


def test_a_killed_driver(url, phase, kills, chance, tmp_path, calm):
    """With workers or without; its orphans may still be at work when another process resumes."""
    begun = PHASES[phase](month_end.opened(url))
    begun.world.store.close()
    for number in range(kills):
        ticks = chance.randint(0, TICKS // kills // 2)
        workers = 2 * ((number + 1) % 2)
        kill_driver(url, begun, workers, ticks, chance, Clock(tmp_path / f"clock {number}"))
        store = open_store(url)
        month_end.check(begun.on(store))
        assert not begun.on(store).done
        store.close()
    with month_end.driving(url, begun, 2, Clock(tmp_path / "clock")) as child:
        child.join(month_end.WAIT_S_MAX)
        assert child.exitcode == 0
    store = open_store(url)
    assert month_end.told(begun.on(store)) == calm(phase)
    store.close()


def kill_driver(url, begun, workers, ticks, chance, clock) -> None:
    """Kills a new driver a moment after so many ticks, amid its work."""
    with month_end.driving(url, begun, workers, clock) as child:
        month_end.wait_for(lambda: clock.ticks > ticks or not child.is_alive())
        threading.Event().wait(chance.uniform(0, month_end.PAUSE_S_MAX))
        child.kill()
        child.join()
        assert child.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("pooled", [False, True] if FULL else [True])
def test_a_death_before_the_end(url, phase, pooled, calm):
    """All chunks are done, and the driver dies before the run moves on: resuming moves it on."""
    begun = PHASES[phase](month_end.opened(url))
    for task in tasks(begun):
        with begun.world.store.write() as session:
            assert chunks.do(session, task, at.clock)
    assert tasks(begun) == []
    with begun.world.store.write() as session, pytest.raises(RunBusy):
        runs.begin(begun.world.act(session), begun.run_id, begun.phase, reason="again")
    assert begun.driven(Workers(1) if pooled else None) is begun.end
    with pytest.raises(RunFinished):
        begun.driven()
    assert month_end.told(begun) == calm(phase)
    begun.world.store.close()


def tasks(begun: Begun) -> list[chunks.Task]:
    with begun.world.store.read() as reader:
        return runs.tasks(reader, begun.world.provider_id, begun.run_id)


# -- workers


@pytest.mark.parametrize("phase", SOME)
def test_killed_workers(url, phase, kills, chance, tmp_path, calm):
    """One of two at random moments: the driver makes the pool anew and goes on."""
    begun = PHASES[phase](month_end.opened(url))
    clock, workers = Clock(tmp_path / "clock"), Workers(2)
    killer = Killer(clock, workers, [TICKS * n // (kills + 1) for n in range(kills)], chance)
    killer.start()
    while not begun.done:
        with suppress(WorkersLost):
            begun.driven(workers, 2, clock)
    killer.stop()
    assert killer.killed == kills
    assert len(workers.made) > 1
    assert month_end.told(begun) == calm(phase)
    begun.world.store.close()


class Killer:
    """A thread that kills a worker when the clock has told so many ticks, amid the run."""

    def __init__(self, clock: Clock, workers: Workers, at_ticks: list[int], chance) -> None:
        self._clock, self._workers, self._ticks, self._chance = clock, workers, at_ticks, chance
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.killed = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        for ticks in self._ticks:
            month_end.wait_for(lambda: self._clock.ticks >= ticks or self._over.is_set())  # noqa: B023 - called now
            self._over.wait(self._chance.uniform(0, month_end.PAUSE_S_MAX))
            month_end.wait_for(lambda: self._workers.alive() or self._over.is_set())
            if self._over.is_set():
                return
            self._chance.choice(self._workers.alive()).kill()
            self.killed += 1


# A pool of Python 3.11 that breaks while it starts a worker may say so in a thread of its own.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("phase", SOME)
def test_workers_that_die_as_fast_as_they_start(url, phase, tmp_path, calm):
    """WorkersLost, with all that was done before; where they live, the run is resumed."""
    begun = PHASES[phase](month_end.opened(url))
    workers, over = Workers(2), threading.Event()

    def kill_all() -> None:
        while not over.wait(0.0005):
            for worker in workers.alive():
                worker.kill()

    killer = threading.Thread(target=kill_all)
    killer.start()
    try:
        with pytest.raises(WorkersLost):
            begun.driven(workers, 2)
    finally:
        over.set()
        killer.join()
    month_end.check(begun)
    assert not begun.done
    assert begun.driven(Workers(2), 2) is begun.end
    assert month_end.told(begun) == calm(phase)
    begun.world.store.close()
