"""What the commands share: where they print, how they end, what an error looks like."""

import os

from rich.console import Console, ConsoleDimensions
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from billcore.core.errors import BillcoreError, TariffInvalid

FAILED, UNUSABLE = 1, 2
"""Exit statuses: some bills failed, or the server refused; the input is unusable."""

PIPED_COLUMNS = 250
"""How wide a table may be that goes into a file or another program: ids are read whole there."""


class _Console(Console):
    @property  # type: ignore[misc]  # nobody sets it
    def size(self) -> ConsoleDimensions:
        """Its own, or, where nobody looks at it and COLUMNS does not say, a wide one."""
        found = super().size
        if self.is_terminal or "COLUMNS" in os.environ:
            return found
        return ConsoleDimensions(PIPED_COLUMNS, found.height)


out = _Console(highlight=False)
err = _Console(stderr=True, highlight=False)


def complain(error: BillcoreError) -> None:
    """The error on standard error; of a refused document every finding, one a line."""
    if isinstance(error, TariffInvalid):
        for finding in error.findings:
            err.print(str(finding), style="red", markup=False, soft_wrap=True)
        return
    err.print(f"error: {error.message}", style="red", markup=False, soft_wrap=True)


def progress() -> Progress:
    """A bar on standard error; none where that is a file."""
    done = MofNCompleteColumn()
    columns = TextColumn("{task.description}"), BarColumn(), done, TimeRemainingColumn()
    return Progress(*columns, console=err, disable=not err.is_terminal)


def say(text: str) -> None:
    """Prints a text as it is."""
    out.print(text, markup=False, soft_wrap=True)
