"""`billcore backup` and `billcore restore`: a store in a folder, and a store out of one."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billcore.core.store.migrate import migrations
from billcore.server.clock import now
from billcore.server.commands.console import err, say
from billcore.server.commands.store import StoreUrl
from billcore.server.commands.verify import verify_store
from billcore.server.settings_checks import check_store_url

if TYPE_CHECKING:
    from billcore.core.backup.manifest import Manifest

JOBS = min(os.cpu_count() or 1, 8)
"""Unless told otherwise: more hardly help, and each is a connection of the database."""

Jobs = Annotated[
    int,
    typer.Option(min=1, max=64, help="Tables of PostgreSQL at a time."),
]


def backup(
    folder: Annotated[Path, typer.Argument(help="The folder to make; it must not be there.")],
    store: StoreUrl,
    jobs: Jobs = JOBS,
) -> None:
    """Makes a backup of a store, beside the servers that use it.

    Of one moment, whole under its name or not there at all. Files of keys are not part of a store.
    """
    from billcore.core.backup.making import make  # its libraries are slow to import

    check_store_url(store)
    _tell(folder, make(store, folder, now(), jobs, _done))


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of a backup.")],
    store: StoreUrl,
    jobs: Jobs = JOBS,
    verify: Annotated[
        bool, typer.Option(help="Checks every invariant of the books at the end.")
    ] = True,
) -> None:
    """Restores a backup into a file that is not there, or an empty database.

    Exit status 1 if the books break an invariant, as they did when the backup was made.
    """
    from billcore.core.backup.restoring import restore as restored

    check_store_url(store)
    manifest = restored(folder, store, jobs, _done)
    _tell(folder, manifest)
    have, need = len(manifest.migrations), len(migrations())
    if have < need:
        say(f"The schema is at {have}, this billcore needs {need}: run `billcore migrate`.")
    elif verify:
        verify_store(store)


def _done(what: str) -> None:
    err.print(what, markup=False)


def _tell(folder: Path, manifest: "Manifest") -> None:
    say(
        f"{folder}: {len(manifest.files)} files of {manifest.bytes:,} bytes; "
        f"{manifest.rows:,} rows of {len(manifest.tables)} tables, schema "
        f"{len(manifest.migrations)}."
    )
    say(f"digest {manifest.digest}")
