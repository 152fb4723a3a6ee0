"""A run as an object: created, begun phase by phase, ended, and moved on by people.

A phase is begun in one transaction and done chunk by chunk (`chunk`, `drive`); when the last chunk
is done it is ended, which is what moves the run on. Whatever is killed in between, the same run is
driven again and does what is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from billcore.core.accounts.acting import Write
from billcore.core.billing.corrections.credits import Reason, record_correction
from billcore.core.billing.runs import states
from billcore.core.billing.runs.chunk import Task, run_source
from billcore.core.billing.runs.errors import (
    ReasonMissing,
    RunBusy,
    RunFinished,
    RunOverlaps,
    RunUnfinished,
)
from billcore.core.billing.runs.order import RunOrder, parsed
from billcore.core.billing.runs.states import ENDED, ISSUED, OPEN, Phase, State
from billcore.core.caller import Caller
from billcore.core.events.audit import audit
from billcore.core.events.outbox import record
from billcore.core.store import providers
from billcore.core.store import runs as rows
from billcore.core.store.port import Reader, Session

KIND = "run"
"""Of the numbers that are drawn."""

RUN_REVERSED = "RUN_REVERSED"
"""The reason code of the credit notes of a reversed run."""


@dataclass(frozen=True, slots=True)
class View:
    """A run with all that is known of it, from its own rows."""

    run_id: int
    simulated: bool
    order: RunOrder
    state: State
    steps: Sequence[rows.Step]
    passes: Sequence[rows.Pass]
    chunks: Sequence[rows.Chunk]

    def of(self, phase: int, pass_no: int) -> list[rows.Chunk]:
        """The chunks of a pass that are done."""
        return [c for c in self.chunks if (c.phase, c.pass_no) == (phase, pass_no)]

    @property
    def unfinished(self) -> rows.Pass | None:
        """The pass of which chunks are left to do."""
        for one in self.passes:
            if len(self.of(one.phase, one.pass_no)) < self.order.chunks:
                return one
        return None

    @property
    def under_way(self) -> rows.Pass | None:
        """The pass that was begun and from which the run has not moved on; None: it rests.

        Its chunks may all be done: whoever drove the run may have died just before its end.
        """
        if self.state in ENDED or not self.passes:
            return None
        last = self.passes[-1]
        return self.unfinished or (last if _ways(self, Phase(last.phase)) else None)


def view(reader: Reader, provider_id: int, run_id: int) -> View:
    """A run. Raises RunUnknown."""
    state = states.state(reader, provider_id, run_id)
    found = rows.find(reader, provider_id, run_id)
    assert found is not None
    return View(
        run_id,
        bool(found.simulated),
        parsed(found.orders),
        state,
        rows.steps(reader, provider_id, run_id),
        sorted(rows.passes(reader, provider_id, run_id)),  # by phase, whatever clocks said
        rows.chunks(reader, provider_id, run_id),
    )


def create(write: Write, order: RunOrder, simulated: bool) -> int:
    """A new run of the caller's provider; its number. Raises RunOverlaps."""
    session, provider_id = write.session, write.caller.provider_id
    run_id = providers.draw(session, provider_id, KIND, 1)  # others wait here
    if not simulated:
        _refuse_overlap(session, provider_id, order)
    row = rows.Run(run_id, int(simulated), order.text, write.caller.client_id, write.now)
    rows.add(session, provider_id, row)
    _step(write.session, write.caller, run_id, State.PLANNED, "", write.now)
    return run_id


def begin(write: Write, run_id: int, phase: Phase, until_day: int = 0, reason: str = "") -> None:
    """Begins a phase, or of a run that is frozen another pass of what was left out.

    until_day: the last day of closing readings of such a pass, 0: of the run's window; beyond the
    run's straggler_day it is the pass that estimates (`stragglers`). Of a reversal, its day. Raises
    RunUnknown, RunStateUnfit, RunBusy, ReasonMissing.
    """
    session, caller = write.session, write.caller
    provider_id = caller.provider_id
    states.turn(session, provider_id, run_id, alone=True)
    found = view(session, provider_id, run_id)
    act, wanted = _wanted(found, phase)
    states.expect(session, provider_id, run_id, act, wanted)
    _refuse_busy(found, act)
    begun = [p.pass_no for p in found.passes if p.phase == phase]
    number = len(begun)
    if phase is Phase.REVERSE:
        _check_reason(reason)
        number = 1 + max(p.pass_no for p in found.passes)
        why = Reason(RUN_REVERSED, reason)
        record_correction(session, caller, f"{run_source(run_id)}reverse", why, write.now)
    until = until_day or found.order.window.last_day
    told = rows.Pass(phase, number, until, caller.client_id, caller.actor, reason, write.now)
    rows.add_pass(session, provider_id, run_id, told)
    detail = {"phase": phase.name.lower(), "pass": number, "until_day": until}
    audit(session, caller, f"run.{act}", f"run {run_id}", reason, detail, write.now)


def tasks(reader: Reader, provider_id: int, run_id: int) -> list[Task]:
    """The chunks that are still to do of the pass under way; none: it has only to be ended.

    Raises RunFinished.
    """
    found = view(reader, provider_id, run_id)
    one = found.under_way
    if one is None:
        raise RunFinished(run_id, found.state.name.lower())
    done = {chunk.chunk for chunk in found.of(one.phase, one.pass_no)}
    return [
        Task(
            provider_id, run_id, Phase(one.phase), one.pass_no, chunk, one.until_day, one.client_id
        )
        for chunk in range(found.order.chunks)
        if chunk not in done
    ]


def end(session: Session, provider_id: int, run_id: int, now: int) -> State:
    """Moves the run on when every chunk of what was begun is done; its state.

    Raises RunUnfinished.
    """
    states.turn(session, provider_id, run_id, alone=True)
    found = view(session, provider_id, run_id)
    one = found.under_way
    if one is None:
        return found.state
    phase, done = Phase(one.phase), len(found.of(one.phase, one.pass_no))
    if done < found.order.chunks:
        raise RunUnfinished(run_id, phase.name.lower(), done, found.order.chunks)
    caller = Caller(one.client_id, provider_id, frozenset(), one.actor)
    for later, state in enumerate(_ways(found, phase)):
        # Events of one microsecond have no order.
        _step(session, caller, run_id, state, one.reason, now + later)
    return states.state(session, provider_id, run_id)


def approve(write: Write, run_id: int, reason: str) -> None:
    """Somebody looked at what was rated. Raises RunUnknown, RunStateUnfit."""
    _move(write, run_id, "approve", (State.OUTSORTED,), State.APPROVED, reason)


def publish(write: Write, run_id: int) -> None:
    """The bills may be sent. Raises RunUnknown, RunStateUnfit, RunBusy."""
    _move(write, run_id, "publish", (State.FROZEN,), State.PUBLISHED, "")


def cancel(write: Write, run_id: int, reason: str) -> None:
    """Ends a run that has issued nothing. Raises RunUnknown, RunStateUnfit, RunBusy,
    ReasonMissing."""
    _check_reason(reason)
    _move(write, run_id, "cancel", OPEN, State.CANCELLED, reason)
    rows.drop_results(write.session, write.caller.provider_id, run_id)


def _move(
    write: Write, run_id: int, act: str, wanted: Sequence[State], to: State, reason: str
) -> None:
    session, caller = write.session, write.caller
    states.turn(session, caller.provider_id, run_id, alone=True)
    found = view(session, caller.provider_id, run_id)
    if found.simulated and to is not State.CANCELLED:
        wanted = ()
    states.expect(session, caller.provider_id, run_id, act, wanted)
    if to is not State.CANCELLED or any(p.phase == Phase.FREEZE for p in found.passes):
        _refuse_busy(found, act)
    _step(session, caller, run_id, to, reason, write.now)


def _step(session: Session, caller: Caller, run_id: int, to: State, reason: str, now: int) -> None:
    """Adds a step, with its event and its line in the audit log."""
    states.step(session, caller, run_id, to, reason, now)
    name = f"run.{to.name.lower()}"
    record(session, caller.provider_id, name, f"run {run_id}", {"run_id": run_id}, now)
    audit(session, caller, name, f"run {run_id}", reason, {}, now)


def _wanted(found: View, phase: Phase) -> tuple[str, Sequence[State]]:
    """(what beginning a phase is called, the states in which that can be)."""
    if found.simulated:
        return ("rate", (State.PLANNED,)) if phase is Phase.RATE else (phase.name.lower(), ())
    if phase is Phase.REVERSE:
        return "reverse", ISSUED
    if phase is Phase.RATE:
        return "rate", () if found.order.straight else (State.PLANNED,)
    if any(p.phase == Phase.FREEZE for p in found.passes) and found.state in ISSUED:
        return "supplement", ISSUED
    return "freeze", (State.PLANNED if found.order.straight else State.APPROVED,)


def _ways(found: View, phase: Phase) -> Sequence[State]:
    """The states that a run goes through when a phase has ended; none: it has gone already."""
    if phase is Phase.RATE and found.state is State.PLANNED:
        return State.RATED, State.OUTSORTED
    if phase is Phase.FREEZE and found.state is State.PLANNED:
        return State.RATED, State.OUTSORTED, State.APPROVED, State.FROZEN
    if phase is Phase.FREEZE and found.state is State.APPROVED:
        return (State.FROZEN,)
    if phase is Phase.REVERSE and found.state in ISSUED:
        return (State.REVERSED,)
    return ()


def _refuse_overlap(session: Session, provider_id: int, order: RunOrder) -> None:
    for run_id, state in rows.states(session, provider_id).items():
        if State(state) not in OPEN:
            continue
        other = rows.find(session, provider_id, run_id)
        assert other is not None
        if not other.simulated and order.overlaps(parsed(other.orders)):
            raise RunOverlaps(run_id, State(state).name.lower())


def _refuse_busy(found: View, act: str) -> None:
    one = found.under_way
    if one is not None:
        raise RunBusy(found.run_id, act, Phase(one.phase).name.lower())


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing
