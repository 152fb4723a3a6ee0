"""A run, and what must be equal, as the demo tells them in 80 columns."""

from collections.abc import Sequence

from rich.table import Table

from billcore.core.durations import SECOND
from billcore.server.commands import run_shown
from billcore.server.commands.amounts import shown
from billcore.server.demo.screen import console
from billcore.v1 import runs_pb2 as pb


def show(run: pb.Run) -> None:
    """Prints a run's states, its passes with their digests, and what rules left out."""
    console.print(f"Run {run.run_id}: {' → '.join(run_shown.state(s.state) for s in run.steps)}")
    table = Table(box=None)
    table.add_column("phase", no_wrap=True)
    for name in ("bills", "held", "refused", f"total {run.currency}", "seconds", "bills/s"):
        table.add_column(name, justify="right")
    for one in run.passes:
        table.add_row(
            run_shown.phase(one),
            f"{one.bills:,}",
            f"{one.held:,}",
            f"{one.refused:,}",
            shown(one.total, run.digits),
            f"{one.microseconds / SECOND:.1f}",
            f"{one.bills * SECOND // max(one.microseconds, 1):,}",
        )
    console.print(table)
    digests = (f"{run_shown.phase(one)} {short(one.digest)}…" for one in run.passes)
    console.print(f"  digests: {'; '.join(digests)}")
    for rule in run.rules:
        console.print(
            f"  left out: {rule.accounts:,} {run_shown.outcome(rule.outcome)} by {rule.rule}"
        )


def exceptions(found: Sequence[pb.RunException], digits: int) -> None:
    """Prints accounts without a bill."""
    table = Table("account", "outcome", "rule", box=None)
    table.add_column("bill", justify="right")
    for one in found:
        total = shown(one.total, digits) if one.total else ""
        table.add_row(one.number, run_shown.outcome(one.outcome), one.rule, total)
    console.print(table)


def agree(what: str, one: object, other: object, told: str = "") -> bool:
    """Prints whether two things are equal, which they must be; told: a digest beside it."""
    same = one == other
    style, mark = ("green", "") if same else ("bold red", f": no, {one} against {other}")
    console.print(f"[{style}]{what}{mark}[/]{f' (digest {told}…)' if told else ''}")
    return same


def short(digest: str) -> str:
    """The beginning of a digest."""
    return digest[:12]
