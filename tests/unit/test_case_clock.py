"""The clock of a case: hours of the wall clock, less its pauses; each warning once."""

import pytest

from billcore.core.cases import clock
from billcore.core.cases.clock import WARNINGS, Clock
from billcore.core.durations import HOUR

NOW = 1_790_000_000_000_000


@pytest.fixture
def running() -> Clock:
    return clock.started(24, NOW)


@pytest.mark.parametrize(
    ("hours", "percent", "overdue", "warnings"),
    [
        (0, 0, False, ()),
        (11, 45, False, ()),
        (12, 50, False, (50,)),
        (19, 79, False, (50,)),
        (20, 83, False, (50, 80)),
        (24, 100, False, (50, 80, 100)),
        (25, 104, True, (50, 80, 100)),
        (-1, 0, False, ()),  # a clock of the machine that went back
    ],
)
def test_hours_that_passed(running, hours, percent, overdue, warnings):
    now = NOW + hours * HOUR
    assert running.percent(now) == percent
    assert running.overdue(now) is overdue
    assert running.due_warnings(now) == warnings


def test_a_warning_comes_once(running):
    warned = running._replace(warned=50)
    assert warned.due_warnings(NOW + 30 * HOUR) == (80, 100)
    assert warned._replace(warned=100).due_warnings(NOW + 300 * HOUR) == ()


def test_a_pause_does_not_count(running):
    """Ten hours that it stood still are added; pausing twice and resuming twice change nothing."""
    still = clock.paused(running, NOW + 6 * HOUR)
    assert clock.paused(still, NOW + 9 * HOUR) == still
    assert still.percent(NOW + 100 * HOUR) == 25
    assert not still.overdue(NOW + 100 * HOUR)
    assert still.due_warnings(NOW + 100 * HOUR) == ()
    again = clock.resumed(still, NOW + 16 * HOUR)
    assert again.due_at == running.due_at + 10 * HOUR
    assert clock.resumed(again, NOW + 20 * HOUR) == again
    assert again.percent(NOW + 22 * HOUR) == 50


def test_what_is_stopped_stays_so(running):
    """The first stop counts; nothing is overdue or warned of behind it."""
    done = clock.stopped(running, NOW + 12 * HOUR)
    assert clock.stopped(done, NOW + 40 * HOUR) == done
    assert done.percent(NOW + 400 * HOUR) == 50
    assert not done.overdue(NOW + 400 * HOUR)
    assert done.due_warnings(NOW + 400 * HOUR) == ()
    assert clock.paused(done, NOW + 13 * HOUR) == done


def test_a_pause_ends_with_the_stop(running):
    done = clock.stopped(clock.paused(running, NOW + 6 * HOUR), NOW + 50 * HOUR)
    assert (done.paused_at, done.due_at) == (0, running.due_at + 44 * HOUR)
    assert done.percent(NOW + 51 * HOUR) == 25


def test_what_was_late_when_it_stopped_is_not_called_overdue_any_more(running):
    """The list of what is overdue is of what is still to be done."""
    late = clock.stopped(running, NOW + 30 * HOUR)
    assert late.left(NOW) == -6 * HOUR
    assert not late.overdue(NOW + 31 * HOUR)


def test_warnings_rise():
    assert list(WARNINGS) == sorted(set(WARNINGS))
    assert WARNINGS[-1] == 100
