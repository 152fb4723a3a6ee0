"""Runs as people read them."""

from collections.abc import Iterable, Sequence

from rich.table import Table

from billcore.core.durations import SECOND
from billcore.server.commands.amounts import shown
from billcore.server.commands.console import err, out, say
from billcore.server.times import rfc3339
from billcore.v1 import runs_pb2 as pb


def state(number: int) -> str:
    """The word of a state."""
    return pb.RunState.Name(number).removeprefix("RUN_STATE_").lower()


def phase(told: pb.RunProgress) -> str:
    """The words of a pass: "rate", "freeze, pass 1"."""
    word = pb.RunPhase.Name(told.phase).removeprefix("RUN_PHASE_").lower()
    return f"{word}, pass {told.pass_no}" if told.pass_no else word


def created(run: pb.Run) -> None:
    """A run that was planned."""
    out.print(f"{_named(run)} is planned: `billcore run start {run.run_id}` begins it.")
    say(_order(run.order))


def begun(run: pb.Run) -> None:
    """A run of which something was begun."""
    word = phase(run.passes[-1])
    out.print(f"{_named(run)}: {word} is begun: `billcore run watch {run.run_id}` follows it.")


def moved(run: pb.Run) -> None:
    """A run that took a step."""
    out.print(f"{_named(run)} is {state(run.state)}.")


def runs(found: Iterable[pb.RunSummary]) -> None:
    """A list of runs."""
    table = Table("run", "state", "kind", "readings", "issued", "cycle", "created", box=None)
    for one in found:
        order = one.order
        table.add_row(
            str(one.run_id),
            state(one.state),
            "simulated" if one.simulated else _kind(order),
            f"{order.first_day} to {order.last_day}",
            order.issued_day,
            order.cycle or "all",
            rfc3339(one.recorded_at),
        )
    out.print(table)


def run(found: pb.Run) -> None:
    """A run: order, steps, passes, what it left out, and why it stopped."""
    out.print(f"{_named(found)}, {found.currency}: {state(found.state)}", style="bold")
    say(_order(found.order))
    if found.proposed:
        out.print(f"rated with proposed: {', '.join(found.proposed)}", markup=False)
    out.print(_steps(found.steps))
    if found.passes:
        out.print(_passes(found))
    if found.rules:
        out.print(_rules(found.rules))
    if found.HasField("fault"):
        told = f"It stopped: {found.fault.reason}: {found.fault.message}"
        err.print(told, style="red", markup=False, soft_wrap=True)
    elif found.under_way and not found.driven:
        told = f"Not driven by this server: `billcore run resume {found.run_id}` goes on."
        err.print(told, style="red", soft_wrap=True)


def exceptions(found: Sequence[pb.RunException], digits: int, more: bool) -> None:
    """Accounts without a bill."""
    table = Table("account", "outcome", "rule", box=None)
    table.add_column("total", justify="right")
    table.add_column("why")
    table.add_column("decided")
    for one in found:
        table.add_row(
            one.number or str(one.account_id),
            outcome(one.outcome),
            one.rule,
            shown(one.total, digits) if one.total else "",
            one.message,
            one.reason,
        )
    out.print(table)
    if more:
        err.print("There are more: --most tells more of them.")


def _named(found: pb.Run) -> str:
    return f"Run {found.run_id}{' (simulated)' if found.simulated else ''}"


def _order(order: pb.RunOrder) -> str:
    straight = ", straight through" if order.straight else ""
    return (
        f"{_kind(order)}{straight}: accounts {order.first_account} to {order.last_account} in "
        f"chunks of {order.chunk_accounts}, cycle {order.cycle or 'all'}, readings "
        f"{order.first_day} to {order.last_day}, issued {order.issued_day}, stragglers until "
        f"{order.straggler_day}{', then estimated' if order.estimate else ''}"
    )


def _kind(order: pb.RunOrder) -> str:
    return pb.RunKind.Name(order.kind).removeprefix("RUN_KIND_").lower()


def outcome(number: int) -> str:
    """The word of an outcome."""
    return pb.RunOutcome.Name(number).removeprefix("RUN_OUTCOME_").lower()


def _steps(steps: Iterable[pb.RunStep]) -> Table:
    table = Table("state", "when", "client", "person", "reason", box=None)
    for one in steps:
        when = rfc3339(one.recorded_at)
        table.add_row(state(one.state), when, str(one.client_id), one.actor, one.reason)
    return table


def _passes(found: pb.Run) -> Table:
    table = Table("phase", "until", box=None)
    for name in ("chunks", "bills", "held", "refused", "total", "seconds", "a second"):
        table.add_column(name, justify="right")
    table.add_column("digest", overflow="fold")
    for one in found.passes:
        table.add_row(
            phase(one),
            one.until_day,
            f"{one.chunks_done}/{one.chunks}",
            f"{one.bills:,}",
            f"{one.held:,}",
            f"{one.refused:,}",
            shown(one.total, found.digits),
            f"{one.microseconds / SECOND:,.1f}",
            f"{one.accounts_per_second:,}",
            one.digest,
        )
    return table


def _rules(rules: Iterable[pb.RunRule]) -> Table:
    table = Table("left out", "rule", box=None)
    table.add_column("accounts", justify="right")
    for one in rules:
        table.add_row(outcome(one.outcome), one.rule, f"{one.accounts:,}")
    return table
