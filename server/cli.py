"""The `billcore` command: its groups put together, errors as exit statuses.

Goals: answers on standard output, errors on standard error with their place; exit status 0 fine,
1 some bills failed (they are listed), 2 unusable input or a server that refuses; a command loads
what it needs and not what the others need. Non-goals: rules, they are in core.
"""

import importlib
import sys
from collections.abc import Iterator, Mapping
from itertools import chain
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from billcore.core.errors import BillcoreError
from billcore.server.commands.console import UNUSABLE, complain

GROUPS = {
    "tariff": "tariff",
    "client": "client",
    "bill": "bill",
    "group": "group",
    "consolidate": "consolidate",
    "doc": "doc",
    "provider": "provider",
    "channel": "channel",
    "terminal": "terminal",
    "run": "run",
    "pay": "pay",
    "recon": "recon",
    "voucher": "voucher",
    "agent": "agent",
    "field": "field",
    "adapter": "adapter",
    "autopay": "autopay",
    "late-fees": "late_fees",
    "collect": "collect",
    "report": "report",
    "case": "case",
    "debit": "debit",
    "event": "event",
    "ask": "ask",
    "notify": "notify",
}
"""Groups of commands, and the module of `commands` whose `app` has them."""

COMMANDS = {
    "schema": "tariff",
    "rate": "rate",
    "load": "load",
    "statement": "statement",
    "verify": "verify",
    "init": "store",
    "migrate": "store",
    "backup": "backup",
    "restore": "backup",
    "serve": "serve",
    "health": "health",
    "doctor": "doctor",
}
"""Single commands, and the module whose function of that name each is."""


class Commands(Mapping[str, Any]):
    """All commands by name, each loaded when somebody asks for it."""

    def __getitem__(self, name: str) -> Any:
        holder = typer.Typer()
        if name in GROUPS:
            holder.add_typer(_module(GROUPS[name]).app, name=name)
        else:
            holder.command()(getattr(_module(COMMANDS[name]), name))
        return get_group(holder).commands[name]

    def __iter__(self) -> Iterator[str]:
        return chain(GROUPS, COMMANDS)

    def __len__(self) -> int:
        return len(GROUPS) + len(COMMANDS)


class Billcore(TyperGroup):
    """The command."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands: Any = Commands()

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names."""
        return list(self.commands)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"billcore.server.commands.{name}")


app = typer.Typer(
    cls=Billcore, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False
)


@app.callback()
def billcore() -> None:
    """Exact utility bills from tariff documents."""


def main() -> None:
    """Runs the command; errors of the domain end it with status 2."""
    try:
        app()
    except BillcoreError as error:
        complain(error)
        sys.exit(UNUSABLE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(UNUSABLE)


if __name__ == "__main__":
    main()
