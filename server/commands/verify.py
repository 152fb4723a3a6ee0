"""`billcore verify`: every invariant of the books, on a store or through its server."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from billcore.core.caller import HOUSE
from billcore.core.client_errors import ProviderForbidden
from billcore.core.store import providers
from billcore.core.store.errors import StoreBusy
from billcore.core.store.migrate import check_schema
from billcore.core.store.open import open_existing
from billcore.core.store.port import Reader, Store
from billcore.server.commands.console import FAILED, err, out, progress
from billcore.server.commands.options import LOCAL, Key
from billcore.server.settings_checks import check_store_url

if TYPE_CHECKING:
    from billcore.v1 import admin_service_pb2 as pb


def verify(
    store: Annotated[
        str | None,
        typer.Option(help="URL of the store; none, or a server has it: the server is asked."),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(envvar="BILLCORE_ADDRESS", help=f"Host and port of a server; none: {LOCAL}."),
    ] = None,
    provider: Annotated[str, typer.Option(help="Code of the provider; none: all.")] = "",
    key: Key = "",
) -> None:
    """Checks every invariant of the books; exit status 1 if one is broken.

    A store that a server has is verified by that server, with a key of the role admin.
    """
    found = _verdicts(store, address, provider, key)
    _tell(list(_watched(found)))


def verify_store(store: str) -> None:
    """As the command, of a store that no server has."""
    _tell(list(_watched(_direct(open_existing(store), ""))))


def _verdicts(
    store: str | None, address: str | None, provider: str, key: str
) -> "Iterator[pb.VerifyResponse]":
    server = address or LOCAL
    if store is None:
        return _remote(server, key, provider)
    check_store_url(store)
    try:
        opened = open_existing(store)
    except StoreBusy as busy:
        err.print(f"{busy.message} Asking the server {server}.", markup=False, soft_wrap=True)
        return _remote(server, key, provider)
    return _direct(opened, provider)


def _direct(store: Store, provider: str) -> "Iterator[pb.VerifyResponse]":
    from billcore.server.verifying import verdicts

    try:
        check_schema(store)
        with store.read() as reader:
            yield from verdicts(reader, _number(reader, provider))
    finally:
        store.close()


def _number(reader: Reader, code: str) -> int:
    number = providers.provider_of_code(reader, code) if code else HOUSE
    if code and not number:
        raise ProviderForbidden(code)
    return number


def _remote(address: str, key: str, provider: str) -> "Iterator[pb.VerifyResponse]":
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1 import admin_service_pb2
    from billcore.v1.admin_service_pb2_grpc import AdminServiceStub

    remote = Remote(address, key, provider)
    with remote.channel() as channel:
        stub = AdminServiceStub(channel)
        yield from stub.Verify(admin_service_pb2.VerifyRequest(), metadata=remote.metadata)


def _watched(found: "Iterator[pb.VerifyResponse]") -> "Iterator[pb.CheckVerdict]":
    """The verdicts; meanwhile a bar says how many checks have ended."""
    with progress() as bar:
        task = bar.add_task("verifying", total=next(found).checks)
        for answer in found:
            bar.update(task, advance=1, description=answer.verdict.check)
            yield answer.verdict


def _tell(verdicts: "list[pb.CheckVerdict]") -> None:
    table = Table("provider", "check", "seconds", "finding", box=None)
    for verdict in verdicts:
        seconds = f"{verdict.microseconds / 1_000_000:.3f}"
        head = (verdict.provider or "the house", verdict.check, seconds)
        lines = [_line(finding) for finding in verdict.findings] or ["ok"]
        for line in lines:
            table.add_row(*head, line, style="" if line == "ok" else "red")
            head = ("", "", "")
    out.print(table)
    if any(verdict.findings for verdict in verdicts):
        raise typer.Exit(FAILED)


def _line(finding: "pb.CheckFinding") -> str:
    where = ", ".join(f"{name} {value}" for name, value in sorted(finding.where.items()))
    return f"{finding.message} ({where})" if where else finding.message
