"""The states of a run and the ways between them, as steps that are only ever added.

    planned -> rated -> outsorted -> approved -> frozen -> published
       |         |          |           |           |          |
       +---------+----------+-----------+-> cancelled          |
                                                    +----------+-> reversed

A step is written in the run's turn, so that two callers cannot both take it and no chunk of a phase
is done while the run leaves the state that the phase belongs to.
"""

from collections.abc import Collection
from enum import IntEnum

from billcore.core.billing.runs.errors import RunStateUnfit, RunUnknown
from billcore.core.caller import Caller
from billcore.core.store import runs as rows
from billcore.core.store.port import Reader, Session


class State(IntEnum):
    """What a run is."""

    PLANNED = 1
    RATED = 2
    OUTSORTED = 3
    APPROVED = 4
    FROZEN = 5
    PUBLISHED = 6
    CANCELLED = 7
    REVERSED = 8


class Phase(IntEnum):
    """What is done chunk by chunk."""

    RATE = 1
    FREEZE = 2
    REVERSE = 3


OPEN = (State.PLANNED, State.RATED, State.OUTSORTED, State.APPROVED)
"""Nothing is issued yet: such a run can be cancelled, and keeps others from its accounts."""

ISSUED = (State.FROZEN, State.PUBLISHED)

ENDED = (State.CANCELLED, State.REVERSED)
"""Nothing more is done of such a run."""

RUN_TURNS = 1 << 30
"""Above the buckets of accounts."""


def turn(session: Session, provider_id: int, run_id: int, alone: bool) -> None:
    """Waits for a turn at the run: chunks share it, a step has it alone."""
    session.hold([RUN_TURNS | (provider_id << 18 | run_id) & RUN_TURNS - 1], alone)


def state(reader: Reader, provider_id: int, run_id: int) -> State:
    """What the run is. Raises RunUnknown."""
    steps = rows.steps(reader, provider_id, run_id)
    if not steps:
        raise RunUnknown(run_id)
    return State(steps[-1].state)


def expect(
    reader: Reader, provider_id: int, run_id: int, act: str, wanted: Collection[State]
) -> State:
    """The run's state. Raises RunUnknown, RunStateUnfit."""
    found = state(reader, provider_id, run_id)
    if found not in wanted:
        names = [one.name.lower() for one in wanted]
        raise RunStateUnfit(run_id, act, found.name.lower(), names)
    return found


def step(session: Session, caller: Caller, run_id: int, to: State, reason: str, now: int) -> None:
    """Adds a step, in a turn of the session's own."""
    provider_id = caller.provider_id
    steps = rows.steps(session, provider_id, run_id)
    new = rows.Step(len(steps) + 1, to, caller.client_id, caller.actor, reason, now)
    rows.add_step(session, provider_id, run_id, new)
