"""A run as it goes: a bar on a terminal, elsewhere nothing."""

import time
from collections.abc import Iterable

from rich.progress import BarColumn, Progress, TaskID, TextColumn

from billcore.core.durations import SECOND
from billcore.server.commands.console import err
from billcore.server.commands.run_shown import phase
from billcore.v1 import runs_pb2 as pb

PATIENCE_SECONDS = 10.0
"""A run that the asked server does not drive and that does not go on is not watched longer."""


def follow(answers: Iterable[pb.WatchRunResponse]) -> pb.Run | None:
    """The run at its end; None: nobody drives it."""
    with _bar() as bar:
        task = bar.add_task("", total=0, rate="", left="")
        moved, seen = time.monotonic(), -1
        for answer in answers:
            if answer.HasField("progress"):
                _show(bar, task, answer.progress)
            if answer.HasField("run"):
                return answer.run
            if answer.driven or answer.progress.chunks_done != seen:
                moved, seen = time.monotonic(), answer.progress.chunks_done
            elif time.monotonic() - moved > PATIENCE_SECONDS:
                break
    err.print(
        "Nobody drives this run: have a server go on with it, `billcore run resume`.",
        style="red",
        soft_wrap=True,
    )
    return None


def _bar() -> Progress:
    """Accounts done, how many a second, and how long the rest takes."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} accounts"),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[left]}"),
        console=err,
        disable=not err.is_terminal,
    )


def _show(bar: Progress, task: TaskID, told: pb.RunProgress) -> None:
    rate, left = told.accounts_per_second, told.left_microseconds // SECOND
    bar.update(
        task,
        description=phase(told),
        completed=told.accounts_done,
        total=told.accounts,
        rate=f"{rate:,} a second" if rate else "",
        left=f"{left // 60}:{left % 60:02} left" if left else "",
    )
