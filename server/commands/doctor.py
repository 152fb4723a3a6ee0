"""`billcore doctor`: whether a store, and the files of a server, can be relied on now."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from billcore.core.errors import SettingsInvalid
from billcore.server import settings as settings_of
from billcore.server.clock import now
from billcore.server.commands.console import FAILED, out, say

STYLES = {"ok": "green", "warn": "yellow", "fail": "red"}


def doctor(
    store: Annotated[
        str | None, typer.Option(help="URL of the store; none: that of the settings.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="The server's TOML file of settings.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Looks at the store, its clock, disk, schema and queues, and at keys and certificates of the
    server's settings; exit status 1 if something fails. Only reads, beside a running server too."""
    from billcore.server.doctor import examined  # cryptography is slow to import

    settings = settings_of.load(config, store=store)
    if settings.store is None:
        raise SettingsInvalid("store", "name one: `--store`, BILLCORE_STORE, or the file.")
    found = list(examined(settings, now()))
    failed = any(one.level.value == "fail" for one in found)
    if as_json:
        checks = [
            {"check": one.check, "state": one.level.value, "what": one.what, "remedy": one.remedy}
            for one in found
        ]
        say(json.dumps({"ok": not failed, "checks": checks}, ensure_ascii=False, indent=2))
    else:
        table = Table("check", "state", "what", "what to do", box=None)
        for one in found:
            state = one.level.value
            table.add_row(one.check, Text(state, STYLES[state]), Text(one.what), Text(one.remedy))
        out.print(table)
    if failed:
        raise typer.Exit(FAILED)
