"""The province settles: its provider, its tariffs and a hundred thousand accounts, through calls.

Everything goes as any client's would: a key of its own, the calls of master data, and the streams
of `billcore load`, one chunk on its way at a time.
"""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import grpc
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from billcore.core.caller import Role
from billcore.core.loading.loads import CHUNK_ROWS, Chunk, Source
from billcore.server.commands.load_remote import Remote
from billcore.server.demo.printed import document
from billcore.server.demo.process import Server
from billcore.server.demo.province import (
    ATTRIBUTES,
    CODE,
    CYCLE,
    POLICIES,
    PROVIDER,
    TARIFFS,
    Province,
    Table,
)
from billcore.server.demo.screen import console
from billcore.server.gate import AUTHORIZATION
from billcore.server.messages.admin import role_word
from billcore.v1 import account_service_pb2, admin_service_pb2, tariff_service_pb2
from billcore.v1.account_service_pb2_grpc import AccountServiceStub
from billcore.v1.admin_service_pb2_grpc import AdminServiceStub
from billcore.v1.tariff_service_pb2_grpc import TariffServiceStub


def show(server: Server, house: str, province: Province) -> str:
    """Makes the province and loads its accounts and the readings of two months; its key."""
    key = founded(server.channel, house)
    load(server.port, key, province, range(1, 3))
    return key


def founded(channel: grpc.Channel, house: str) -> str:
    """Makes the province with its tariffs, by the house's key; a key of its own, for everything."""
    call = {"metadata": ((AUTHORIZATION, f"Bearer {house}"),)}
    provider = account_service_pb2.Provider(**PROVIDER, policies=json.dumps(POLICIES))
    AccountServiceStub(channel).CreateProvider(
        account_service_pb2.CreateProviderRequest(provider=provider, request_id=CODE), **call
    )
    request = admin_service_pb2.CreateClientRequest(
        name=CODE, provider=CODE, roles=[role_word(role) for role in Role], request_id=CODE
    )
    key = str(AdminServiceStub(channel).CreateClient(request, **call).key)
    _furnish(channel, {"metadata": ((AUTHORIZATION, f"Bearer {key}"),)})
    return key


def _furnish(channel: grpc.Channel, call: dict[str, Any]) -> None:
    pb, accounts = account_service_pb2, AccountServiceStub(channel)
    cycle = pb.Cycle(cycle=CYCLE, months=1)
    accounts.CreateCycle(pb.CreateCycleRequest(cycle=cycle, request_id="cycle"), **call)
    for name, kind, unit, words in ATTRIBUTES:
        attribute = pb.Attribute(name=name, kind=kind, unit=unit, words=words)
        accounts.CreateAttribute(
            pb.CreateAttributeRequest(attribute=attribute, request_id=name), **call
        )
    for name in TARIFFS:
        request = tariff_service_pb2.PublishTariffRequest(document=document(name), request_id=name)
        TariffServiceStub(channel).PublishTariff(request, **call)


def load(port: int, key: str, province: Province, months: range) -> None:
    """Loads readings of months, behind everything else if they begin with the first."""
    tables = list(province.tables(0)) if months.start == 1 else []
    load_tables(port, key, province, [*tables, *map(province.readings, months)])


def load_tables(port: int, key: str, province: Province, tables: Sequence[Table]) -> None:
    """Loads tables. Raises SystemExit when a row is refused: they are made so that none is."""
    rows, started = sum(map(len, tables)), time.perf_counter()
    with Remote(f"127.0.0.1:{port}", key, "") as server, _progress() as progress:
        task = progress.add_task("", total=rows)
        for table in tables:
            progress.update(task, description=f"loading {table.name}")
            _load_table(server, table, province.accounts, lambda n: progress.advance(task, n))
    seconds = time.perf_counter() - started
    console.print(f"  {rows:,} rows loaded in {seconds:.1f} s: {rows / seconds:,.0f} a second")


def _load_table(
    server: Remote, table: Table, accounts: int, advance: Callable[[int], None]
) -> None:
    names = tuple(table.columns)
    source = Source(table.kind, table.digest(accounts), name=table.name)
    with server.opened(source, names, dry_run=False) as loading:
        last = loading.state.next_chunk - 1
        for chunk in table.chunks(loading.state.next_chunk, loading.state.next_row, CHUNK_ROWS):
            done = loading.load(chunk)
            if done.refused:
                raise SystemExit(f"{table.name}: {done.refused[0]}")
            advance(done.row_count)
            last = chunk.number
        loading.load(Chunk(last + 1, {}))


def _progress() -> Progress:
    columns = TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn()
    return Progress(*columns, TimeElapsedColumn(), console=console, transient=True)
