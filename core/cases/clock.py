"""The clock of a case: so many hours of the wall clock, less its pauses, from its registration.

Times are microseconds since 1970 in UTC. Nothing here asks what time it is.
"""

from typing import NamedTuple

from billcore.core.durations import HOUR

WARNINGS = (50, 80, 100)
"""Percent of the clock that are warned of, each once."""


class Clock(NamedTuple):
    """limit_at: microseconds that it allows; due_at: when they have run out, without later pauses.

    paused_at, stopped_at: since when, 0: it is not. warned: the last percent that was warned of.
    """

    limit_at: int
    due_at: int
    paused_at: int = 0
    stopped_at: int = 0
    warned: int = 0

    @property
    def runs(self) -> bool:
        """Whether time counts."""
        return not self.paused_at and not self.stopped_at

    def left(self, now: int) -> int:
        """Microseconds that are left; below 0: it ran out so long ago."""
        return self.due_at - (self.stopped_at or self.paused_at or now)

    def overdue(self, now: int) -> bool:
        """Whether it has run out and was not stopped."""
        return not self.stopped_at and self.left(now) < 0

    def percent(self, now: int) -> int:
        """Whole percent of it that have passed, 0 at least."""
        return max(0, (self.limit_at - self.left(now)) * 100 // self.limit_at)

    def due_warnings(self, now: int) -> tuple[int, ...]:
        """What is to be warned of now, in order; a clock that stands still warns of nothing."""
        if not self.runs:
            return ()
        passed = self.percent(now)
        return tuple(one for one in WARNINGS if self.warned < one <= passed)


def started(hours: int, now: int) -> Clock:
    """A clock that starts now."""
    return Clock(hours * HOUR, now + hours * HOUR)


def paused(clock: Clock, now: int) -> Clock:
    """It stands still from now on; one that does so already stays as it is."""
    return clock._replace(paused_at=now) if clock.runs else clock


def resumed(clock: Clock, now: int) -> Clock:
    """It goes on: what it stood still is added."""
    if not clock.paused_at:
        return clock
    return clock._replace(due_at=clock.due_at + now - clock.paused_at, paused_at=0)


def stopped(clock: Clock, now: int) -> Clock:
    """It has done its work; the first time counts."""
    return resumed(clock, now)._replace(stopped_at=clock.stopped_at or now)
