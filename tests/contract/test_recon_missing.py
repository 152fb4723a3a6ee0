"""Reports that do not come: an alarm for each day, once, when it is due, on both stores."""

import json

import pytest

from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.missing import missing, sweep
from billcore.core.reconciliation.totals import open_in_all
from billcore.server.background import LOOK_AGAIN, Reconciled
from billcore.server.telemetry import Metrics
from tests.payments_world import DAY, SECOND, TODAY
from tests.recon_world import found, midnight

HOUR = 3_600 * SECOND
ENDS = midnight() + DAY
"""When TODAY ends in UTC."""


@pytest.fixture
def world(books):
    return found(books)


def due(world, at):
    """The days that lack their report at a time, from TODAY on counted."""
    with world.store.read() as reader:
        return [one.day - TODAY for one in missing(reader, 1, at)]


def test_a_report_is_due_so_long_after_its_day(world):
    world.terms('{"time_zone": "UTC", "report_minutes": 120}', revision=1)
    world.pay("r1", 10)
    assert due(world, ENDS + 2 * HOUR - 1) == []
    assert due(world, ENDS + 2 * HOUR) == [0]
    world.report("a.csv", ("r1", 10))
    assert due(world, ENDS + 2 * HOUR) == []


def test_a_day_without_payments_awaits_none(world):
    assert due(world, ENDS + 30 * HOUR) == []


def test_days_end_at_their_cut_off(world):
    """Noon of Berlin, which is ten o'clock in UTC in September."""
    terms = {"time_zone": "Europe/Berlin", "cut_off_minute": 720, "report_minutes": 60}
    world.terms(json.dumps(terms), revision=1)
    world.pay("before", 10, seconds=36_000 - 1)
    cut_off = midnight() + 10 * HOUR
    assert due(world, cut_off + HOUR - 1) == []
    assert due(world, cut_off + HOUR) == [0]
    world.report("a.csv", ("before", 10), day=TODAY)
    assert due(world, cut_off + 24 * HOUR + HOUR) == []
    world.pay("behind", 10, seconds=36_000)
    assert due(world, cut_off + 24 * HOUR + HOUR) == [1]


def test_somebody_is_told_once(world):
    world.pay("r1", 10)
    at = ENDS + 12 * HOUR
    assert sweep(world.store, 1, at - 1) == []
    (first,) = sweep(world.store, 1, at)
    assert (first.channel, first.day, first.due_at, first.raised_at) == ("kiosk", TODAY, at, at)
    (again,) = sweep(world.store, 1, at + HOUR)
    assert again == first
    assert world.events("report.missing") == 1
    world.report("a.csv", ("r1", 10))
    assert sweep(world.store, 1, at + HOUR) == []
    assert world.events("report.missing") == 1
    assert world.broken() == []


def test_a_bank_account_awaits_no_report(world):
    world.bank("s1")
    assert sweep(world.store, 1, ENDS + 30 * HOUR) == []


def test_what_the_server_watches(world):
    """Looks again after a while, and shows what is open now."""
    clock = [ENDS + 12 * HOUR]
    metrics = Metrics()
    jobs = Reconciled(world.store, lambda: clock[0], metrics)
    world.pay("r1", 10)
    world.report("a.csv", ("r2", 7), ("r3", 5), day=TODAY - 1)
    world.match(TODAY - 1)

    def told(name, **labels):
        return metrics.registry.get_sample_value(name, labels)

    jobs.look()
    late = {"currency": "IRR", "kind": "LATE_ARRIVING", "age_days": "0"}
    assert told("billcore_reports_missing") == 1
    assert told("billcore_breaks_open", **late) == 2
    assert told("billcore_break_amount_minor", **late) == -12
    assert told("billcore_reconciliation_unclosed") == 1
    assert told("billcore_reconciliation_stale") == 0
    world.treat(TODAY - 1)
    world.match(TODAY - 1)
    world.report("b.csv", ("r1", 10))
    jobs.look()
    assert told("billcore_reports_missing") == 1
    clock[0] += LOOK_AGAIN * SECOND
    jobs.look()
    assert told("billcore_reports_missing") == 0
    assert told("billcore_breaks_open", **late) is None
    assert world.events("report.missing") == 1
    with world.store.read() as reader:
        assert open_in_all(reader, [1, 9], clock[0]).breaks == {}
    assert BreakKind.LATE_ARRIVING.name == late["kind"]
