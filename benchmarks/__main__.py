"""Run the suites and write the report; a run with --rows only prints, unless told where.

Exit status 1: a contender that counts as exact gave a wrong total; nothing of its suite is written.
"""

import argparse
import importlib
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from benchmarks.race import NotExact
from benchmarks.report import FOLDER, Section, goals_table, write

SUITES = (
    "rating", "allocation", "grpc", "store", "runs", "payments", "reconciliation", "enquiries",
    "documents", "analytics", "field", "recovery",
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=140)
    for suite in [options.suite] if options.suite else SUITES:
        module = importlib.import_module(f"benchmarks.{suite}")
        try:
            section = module.run(options.rows or module.ROWS, options.rounds, console.log)
        except NotExact as wrong:
            console.print(f"Stopped, nothing written: {wrong}", style="bold red")
            return 1
        _show(console, section)
        folder = options.report or (None if options.rows else FOLDER)
        if folder is not None:
            write(section, folder)
            console.print(f"Report: {folder / 'report.md'}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("suite", nargs="?", choices=SUITES)
    parser.add_argument("--rows", type=int, nargs="+", help="table sizes (goals need 10,000,000)")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--report", type=Path, help="folder; a full run writes to the usual one")
    return parser


def _show(console: Console, section: Section) -> None:
    for table in (*section.tables, goals_table(section.goals)):
        shown = RichTable(title=table.title, title_justify="left")
        for heading in table.headings:
            shown.add_column(heading)
        for row in table.rows:
            shown.add_row(*row)
        console.print(shown)


if __name__ == "__main__":
    sys.exit(main())
