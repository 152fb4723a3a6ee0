"""Events in the log have the ids of what they are about: of calls, of runs, of workers."""

from types import SimpleNamespace

import pytest
import structlog
from structlog.testing import LogCapture

from billcore.core.billing.runs.errors import RunFinished
from billcore.core.billing.runs.states import Phase, State
from billcore.server import interceptors, running, workers
from billcore.server.executor_names import PROCESSES
from billcore.server.executors import Executors
from billcore.server.telemetry import Metrics
from billcore.server.tracing import NoTraces
from billcore.v1 import account_service_pb2, billing_service_pb2, runs_pb2


@pytest.fixture
def bound():
    """What every event of this thread has; nothing at first."""
    with structlog.contextvars.bound_contextvars():
        structlog.contextvars.clear_contextvars()
        yield structlog.contextvars.get_contextvars


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (account_service_pb2.GetAccountRequest(account_id=71), {"account": 71}),
        (account_service_pb2.GetAccountRequest(number="Zahra"), {}),
        (billing_service_pb2.GetBillRequest(bill_id=5), {}),
        (runs_pb2.GetRunRequest(run_id=7), {"run": 7}),
    ],
)
def test_a_call_tells_its_account_or_run(bound, request_, told):
    handler = SimpleNamespace(request_deserializer=type(request_).FromString)
    assert interceptors._parsed(handler, request_.SerializeToString()) == request_
    assert bound() == told


@pytest.mark.parametrize(
    ("ends", "event"),
    [
        (lambda driver: State.RATED, "run_driven"),
        (lambda driver: None, "run_interrupted"),
        (lambda driver: 1 / 0, "run_broken"),
    ],
)
def test_a_run_that_is_driven_tells_which(bound, monkeypatch, ends, event):
    """Whatever becomes of it, and of each chunk; behind it nothing stays bound."""
    events = LogCapture()
    log = structlog.wrap_logger(
        None,
        processors=[structlog.contextvars.merge_contextvars, events],
        wrapper_class=structlog.stdlib.BoundLogger,
    )

    def drive(driver, provider_id, run_id):
        task = SimpleNamespace(phase=Phase.RATE, pass_no=0, chunk=4)
        driver.told(task, SimpleNamespace(bills=8, held=1, refused=0, micros=5))
        return ends(driver)

    monkeypatch.setattr(running, "log", log)
    monkeypatch.setattr(running, "drive", drive)
    keeper = running.Keeper(None, "sqlite:///x", Executors(count=0), Metrics(), NoTraces())
    keeper._drive(3, 7, PROCESSES)
    assert [one["event"] for one in events.entries] == ["run_chunk_done", event]
    assert all((one["provider"], one["run"]) == (3, 7) for one in events.entries)
    chunk = events.entries[0]
    assert (chunk["phase"], chunk["chunk"], chunk["bills"], chunk["held"]) == ("rate", 4, 8, 1)
    assert bound() == {}
    keeper.stop()


def test_a_run_that_others_finished_tells_nothing(bound, monkeypatch):
    def drive(driver, provider_id, run_id):
        raise RunFinished(run_id, "rated")

    monkeypatch.setattr(running, "drive", drive)
    keeper = running.Keeper(None, "sqlite:///x", Executors(count=0), Metrics(), NoTraces())
    assert keeper._drive(3, 7, PROCESSES) is None
    keeper.stop()


def test_an_executor_that_cannot_be_loaded_stops_one_run_alone(bound):
    """It is told why, and the line goes on with the next run."""

    def crew(executor):
        raise ImportError("half of a package")

    keeper = running.Keeper(None, "sqlite:///x", SimpleNamespace(crew=crew), Metrics(), NoTraces())
    for run_id in (7, 8):
        keeper.take(3, run_id, PROCESSES)
    keeper._threads.shutdown()
    told = [keeper.driving(3, run_id) for run_id in (7, 8)]
    assert [(one.driven, one.fault.reason) for one in told] == [(False, "INTERNAL")] * 2


def test_a_worker_tells_that_it_is_one():
    """Its lines are JSON as the server's, with its number."""
    make = workers.pool(1)
    assert make is not None
    with make() as executor:
        told = executor.submit(structlog.contextvars.get_contextvars).result(60)
        assert executor.submit(structlog.is_configured).result(60)
        (number,) = executor._processes
    assert told == {"worker": number}
