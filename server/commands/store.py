"""`billcore init` and `billcore migrate`: a store's schema, and its first client."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from billcore.core import clients
from billcore.core.store.errors import SchemaMissing
from billcore.core.store.migrate import check_schema, migrations
from billcore.core.store.migrate import migrate as migrate_store
from billcore.core.store.open import open_existing, open_store
from billcore.core.store.port import Store
from billcore.server.clock import now
from billcore.server.commands.console import err, progress
from billcore.server.settings_checks import check_store_url

StoreUrl = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="BILLCORE_STORE",
        help="sqlite:///path or postgresql://user@host/database.",
    ),
]


def init(
    store: StoreUrl,
    client: Annotated[str, typer.Option(help="Name of the first client.")] = "admin",
) -> None:
    """Makes a store: its schema, and a client with the role admin, whose key is printed once."""
    with _opened(store, open_store) as opened:
        _refuse_older(opened)
        _apply(opened)
        with opened.write() as session:
            new = clients.first(session, client, now())
    err.print(f"The key of the client {client!r}, which is not told again:", markup=False)
    typer.echo(new.key)


def migrate(store: StoreUrl) -> None:
    """Brings a store's schema up to this billcore's; its servers must be stopped."""
    with _opened(store, open_existing) as opened:
        _apply(opened)


def _refuse_older(store: Store) -> None:
    """A store that is in use is migrated by `migrate`, not by the way."""
    try:
        check_schema(store)
    except SchemaMissing as missing:
        if missing.fields["have"] != "0":
            raise


@contextmanager
def _opened(url: str, opens: Callable[[str], Store]) -> Iterator[Store]:
    check_store_url(url)
    store = opens(url)
    try:
        yield store
    finally:
        store.close()


def _apply(store: Store) -> None:
    every = migrations()
    with progress() as bar:
        task = bar.add_task("migrating", total=len(every))
        applied = migrate_store(
            store, now(), every, lambda done: bar.update(task, completed=done.number)
        )
        bar.update(task, completed=len(every))
    for migration in applied:
        err.print(f"applied {migration.number} {migration.name}", markup=False)
    err.print(f"The schema is at {every[-1].number}.", markup=False)
