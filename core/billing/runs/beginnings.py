"""What people begin of a run: each act in its state only, in the transaction of its request.

A phase that was begun is driven afterwards (`drive`), by whoever handed it over.
"""

from billcore.core.accounts.acting import Write
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.days import check_day_of_issue
from billcore.core.billing.runs import states
from billcore.core.billing.runs.errors import RunFinished
from billcore.core.billing.runs.runs import View, begin, view
from billcore.core.billing.runs.states import ENDED, ISSUED, Phase, State
from billcore.core.events.audit import audit
from billcore.core.store import runs as rows
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


def start(write: Write, run_id: int) -> None:
    """Begins the first phase: rating, or of a run that goes straight through freezing.

    Raises RunUnknown, RunStateUnfit, RunBusy.
    """
    found = _in_state(write, run_id, "start", State.PLANNED)
    begin(write, run_id, Phase.FREEZE if found.order.straight else Phase.RATE)


def freeze(write: Write, run_id: int) -> None:
    """Begins to issue what was approved. Raises RunUnknown, RunStateUnfit, RunBusy."""
    _in_state(write, run_id, "freeze", State.APPROVED)
    begin(write, run_id, Phase.FREEZE)


def supplement(write: Write, run_id: int, until_day: int) -> None:
    """Begins another pass of what was left out. until_day: of closing readings; 0: straggler_day;
    beyond it the pass estimates what nobody read, if the run's order says so (`stragglers`).

    Raises RunUnknown, RunStateUnfit, RunBusy, FieldRefused.
    """
    order = _in_state(write, run_id, "supplement", *ISSUED).order
    until = until_day or order.straggler_day
    late = until > order.straggler_day and not order.estimate
    if late or until < order.window.last_day:
        raise FieldRefused(
            "until_day",
            f"{iso(until)} is not in {iso(order.window.last_day)} to {iso(order.straggler_day)}, "
            "from the run's last_day to its straggler_day; only a run that estimates goes beyond.",
        )
    begin(write, run_id, Phase.FREEZE, until)


def reverse(
    write: Write, provider: Provider, run_id: int, day: int, today: int, reason: str
) -> None:
    """Begins to cancel every bill of the run by a credit note of this day.

    day 0: today, or the day of issue if that is later.

    Raises RunUnknown, RunStateUnfit, RunBusy, FieldRefused, ReasonMissing.
    """
    order = _in_state(write, run_id, "reverse", *ISSUED).order
    day = day or max(today, order.issued_day)
    check_day_of_issue(provider, day, "day")
    if day < order.issued_day:
        issued = iso(order.issued_day)
        raise FieldRefused("day", f"{iso(day)} is before the bills were issued, {issued}.")
    begin(write, run_id, Phase.REVERSE, day, reason)


def resume(write: Write, run_id: int) -> None:
    """Lets what was begun be driven again. Raises RunUnknown, RunFinished."""
    found = view(write.session, write.caller.provider_id, run_id)
    one = found.under_way
    if one is None:
        raise RunFinished(run_id, found.state.name.lower())
    detail = {"phase": Phase(one.phase).name.lower(), "pass": one.pass_no}
    audit(write.session, write.caller, "run.resume", f"run {run_id}", "", detail, write.now)


def under_way(reader: Reader, provider_id: int) -> list[int]:
    """The runs of a provider of which something was begun and is not done."""
    every = rows.states(reader, provider_id).items()
    going = [run_id for run_id, state in every if state not in ENDED]
    return [run for run in going if view(reader, provider_id, run).under_way is not None]


def _in_state(write: Write, run_id: int, act: str, *wanted: State) -> View:
    """The run, in its turn. Raises RunUnknown, RunStateUnfit."""
    session, provider_id = write.session, write.caller.provider_id
    states.turn(session, provider_id, run_id, alone=True)
    found = view(session, provider_id, run_id)
    allowed = () if found.simulated and wanted != (State.PLANNED,) else wanted
    states.expect(session, provider_id, run_id, act, allowed)
    return found
