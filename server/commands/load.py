"""`billcore load`: files of rows into a running server, or into a store that no server has."""

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from rich.progress import Progress, TaskID

from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.client_errors import ProviderForbidden
from billcore.core.errors import SettingsInvalid
from billcore.core.loading import loads
from billcore.core.loading.kinds import kind_of
from billcore.core.loading.loader import Loader
from billcore.core.loading.loads import CHUNK_ROWS, CHUNK_ROWS_MAX, Chunk, Done, Source, State
from billcore.core.store import providers
from billcore.core.store.loads import Refused
from billcore.core.store.migrate import check_schema
from billcore.core.store.open import open_existing
from billcore.core.store.port import Store
from billcore.server import load_files
from billcore.server.clock import now
from billcore.server.commands.console import FAILED, err, progress
from billcore.server.commands.options import LOCAL, Address
from billcore.server.load_files import LoadFile
from billcore.server.settings_checks import check_store_url

REFUSED_LISTED_MAX = 20
"""So many refused rows of a file are listed; all go to --refused."""

PAGE_ROWS = 1_000

DIGITS_NAMED = 16
"""So many digits of its SHA-256 are in the request of a file that is loaded again."""


Again = Annotated[
    str, typer.Option(help="Load files that are loaded already once more, under this name.")
]


class LoadKind(StrEnum):
    """The words of KINDS."""

    CUSTOMERS = "customers"
    POINTS = "points"
    ACCOUNTS = "accounts"
    AGREEMENTS = "agreements"
    METERS = "meters"
    READINGS = "readings"
    ENTRIES = "entries"
    PAYMENTS = "payments"


class Loading(Protocol):
    """A load being done somewhere. state: how far it was when it was opened."""

    state: State

    def load(self, chunk: Chunk) -> Done:
        """Does a chunk."""

    def refused(self) -> Iterator[Refused]:
        """Every row that the load refused, in earlier attempts too."""


class Destination(Protocol):
    """Where files are loaded to."""

    def opened(
        self, source: Source, columns: Sequence[str], dry_run: bool
    ) -> AbstractContextManager[Loading]:
        """The load of a file."""


def load(
    kind: Annotated[LoadKind, typer.Argument(help="What the rows are.")],
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Rows: .csv or .parquet.")
    ],
    address: Address = LOCAL,
    provider: Annotated[str, typer.Option(help="Code of the provider; none: the key's.")] = "",
    store: Annotated[
        str | None, typer.Option(help="URL of a store that no server has: load into it directly.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Try every row, keep none.")] = False,
    chunk_rows: Annotated[
        int, typer.Option(min=1, max=CHUNK_ROWS_MAX, help="Rows that are kept at a time.")
    ] = CHUNK_ROWS,
    refused: Annotated[
        Path | None, typer.Option(help="A CSV for every refused row: file, row, field, reason.")
    ] = None,
    again: Again = "",
) -> None:
    """Loads files of master data, readings, entries or payments.

    The same command again goes on where it ended; a file that is loaded changes nothing. Where
    rows were refused for what was not there yet, load the file --again: the others are refused as
    known, and of payments posted once.
    """
    checked = [load_files.checked(file, kind_of(kind)) for file in files]
    with ExitStack() as stack:
        place = _destination(stack, address, provider, store)
        report = Report(stack, refused)
        for file in checked:
            with place.opened(_source(file, kind, again), file.columns, dry_run) as loading:
                _load_file(file, loading, report, chunk_rows, dry_run)
    if report.refused:
        raise typer.Exit(FAILED)


def _source(file: LoadFile, kind: str, again: str) -> Source:
    """A file, or a request of its own for a file that is loaded again."""
    named = f"{again} {file.digest.hex()[:DIGITS_NAMED]}" if again else ""
    return Source(kind, file.digest, named, file.file.name)


class Report:
    """What is told of refused rows: the first ones of each file, all of them in a CSV."""

    def __init__(self, stack: ExitStack, file: Path | None) -> None:
        self.refused = 0
        self._writer: Any = None
        if file is not None:
            out = stack.enter_context(file.open("w", encoding="utf-8", newline=""))
            self._writer = csv.writer(out, lineterminator="\n")
            self._writer.writerow(("file", *Refused._fields))

    def tell(self, file: Path, rows: Iterator[Refused]) -> None:
        """Lists the refused rows of a file."""
        for count, row in enumerate(rows, start=1):
            if count <= REFUSED_LISTED_MAX:
                where = f"{file}: row {row.row_no}: " + (f"{row.field}: " if row.field else "")
                err.print(f"{where}{row.message} [{row.reason}]", markup=False, soft_wrap=True)
            if self._writer is not None:
                self._writer.writerow((file, *row))
            elif count > REFUSED_LISTED_MAX:
                err.print("and more: --refused OUT.csv has them all", markup=False)
                break


def _load_file(
    file: LoadFile, loading: Loading, report: Report, chunk_rows: int, dry_run: bool
) -> None:
    state = loading.state
    if state.complete:
        err.print(f"{file.file} is loaded already.", markup=False, soft_wrap=True)
    elif state.next_chunk > 1:
        resumed = f"{file.file}: going on with row {state.next_row} of {file.rows}."
        err.print(resumed, markup=False, soft_wrap=True)
    tried: list[Refused] = []
    accepted, refused = state.accepted, state.refused
    if not state.complete:
        for done in _done(file, loading, chunk_rows):
            accepted += done.accepted
            refused += done.row_count - done.accepted
            tried += done.refused if dry_run else ()
    report.refused += refused
    report.tell(file.file, iter(tried) if dry_run else loading.refused())
    told = f"{file.file}: {accepted} rows {'would be ' if dry_run else ''}accepted"
    style = "yellow" if refused else "green"
    err.print(f"{told}, {refused} refused.", style=style, markup=False, soft_wrap=True)


def _done(file: LoadFile, loading: Loading, chunk_rows: int) -> Iterator[Done]:
    """Does the chunks that are not done, and ends the load."""
    state = loading.state
    last = state.next_chunk - 1
    with progress() as bar:
        task = bar.add_task(state.kind, total=file.rows, completed=state.next_row - 1)
        for chunk in load_files.chunks(file, state.next_chunk, state.next_row, chunk_rows):
            yield _advanced(bar, task, loading.load(chunk))
            last = chunk.number
        loading.load(Chunk(last + 1, {}))


def _advanced(bar: Progress, task: TaskID, done: Done) -> Done:
    bar.advance(task, done.row_count)
    return done


# -- where to


def _destination(stack: ExitStack, address: str, provider: str, store: str | None) -> Destination:
    if store is not None:
        return stack.enter_context(_Direct(store, provider))
    key = os.environ.get("BILLCORE_KEY", "")
    if not key:
        raise SettingsInvalid(
            "BILLCORE_KEY", "it holds the key of a client with the role clerk (payments: cashier)."
        )
    from billcore.server.commands.load_remote import Remote  # gRPC is slow to import

    return stack.enter_context(Remote(address, key, provider))


class _Direct(AbstractContextManager["_Direct"]):
    """A store that this process owns."""

    def __init__(self, url: str, provider: str) -> None:
        check_store_url(url)
        if not provider:
            raise SettingsInvalid("provider", "name the provider whose rows they are.")
        self._provider = provider
        self._store = open_existing(url)

    def __enter__(self) -> "_Direct":
        try:
            check_schema(self._store)
            self._caller = Caller(0, self._provider_id(), frozenset(Role))
        except BaseException:
            self._store.close()
            raise
        return self

    def __exit__(self, *ended: object) -> None:
        self._store.close()

    def _provider_id(self) -> int:
        with self._store.read() as reader:
            found = providers.provider_of_code(reader, self._provider)
        if found == HOUSE:
            raise ProviderForbidden(self._provider)
        return found

    def opened(
        self,
        source: Source,
        columns: Sequence[str],
        dry_run: bool,
    ) -> AbstractContextManager[Loading]:
        return _DirectLoading(self._store, self._caller, source, dry_run)


class _DirectLoading(AbstractContextManager["_DirectLoading"]):
    """A load into a store of this process."""

    def __init__(self, store: Store, caller: Caller, source: Source, dry_run: bool) -> None:
        self._store = store
        self._caller = caller
        self._loader = Loader(store, caller, now, source, dry_run)
        self.state = self._loader.state

    def __exit__(self, *ended: object) -> None:
        """The store is closed by its owner."""

    def load(self, chunk: Chunk) -> Done:
        return self._loader.load(chunk)

    def refused(self) -> Iterator[Refused]:
        after = 0
        while page := self._page(after):
            yield from page
            after = page[-1].row_no

    def _page(self, after: int) -> Sequence[Refused]:
        with self._store.read() as reader:
            return loads.refusals(reader, self._caller, self.state.load_id, after, PAGE_ROWS)
