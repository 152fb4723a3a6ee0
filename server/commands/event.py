"""`billcore event …`: the log of what happened, from a running server."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import grpc
import typer
from rich.table import Table

from billcore.server.commands.console import out
from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key

if TYPE_CHECKING:
    from billcore.v1 import event_service_pb2 as pb

Metadata = Sequence[tuple[str, str]]

app = typer.Typer(no_args_is_help=True, help="What happened, in order; on a running server.")


@app.command()
def follow(
    after: Annotated[int, typer.Option(min=0, help="Behind this sequence; 0: from the first.")] = 0,
    kind: Annotated[list[str] | None, typer.Option(help="Only these; may be repeated.")] = None,
    subject: Annotated[list[str] | None, typer.Option(help="Only these; may be repeated.")] = None,
    account: Annotated[
        list[str] | None, typer.Option(help="Only what names these numbers; may be repeated.")
    ] = None,
    once: Annotated[bool, typer.Option(help="End where the log ends now.")] = False,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Prints events as lines of JSON, then new ones as they come, until it is interrupted."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1 import event_service_pb2 as pb

    remote = Remote(address, key, provider)
    with remote.channel() as channel:
        wanted = pb.EventFilter(kinds=kind or (), subjects=subject or ())
        wanted.account_ids.extend(_ids(channel, remote.metadata, account or ()))
        request = pb.StreamEventsRequest(after=after, filter=wanted)
        for event in (_to_end if once else _for_ever)(channel, request, remote.metadata):
            typer.echo(_line(event))


@app.command()
def keys(provider: HouseProvider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the public keys by which signatures of events are verified."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1 import event_service_pb2 as pb
    from billcore.v1.event_service_pb2_grpc import EventServiceStub

    remote = Remote(address, key, provider)
    with remote.channel() as channel:
        stub = EventServiceStub(channel)
        told = stub.ListSigningKeys(pb.ListSigningKeysRequest(), **remote.call).keys
    table = Table("key", "signs", "public key", box=None)
    for one in told:
        table.add_row(one.key_id, "yes" if one.signs else "no", one.public_key.hex())
    out.print(table)


def _ids(channel: grpc.Channel, metadata: Metadata, numbers: Iterable[str]) -> Iterator[int]:
    """The ids of accounts."""
    from billcore.v1 import account_service_pb2
    from billcore.v1.account_service_pb2_grpc import AccountServiceStub

    stub = AccountServiceStub(channel)
    for number in numbers:
        request = account_service_pb2.GetAccountRequest(number=number)
        yield stub.GetAccount(request, metadata=metadata).account.account_id


def _for_ever(
    channel: grpc.Channel, request: "pb.StreamEventsRequest", metadata: Metadata
) -> Iterator["pb.Event"]:
    from billcore.v1.event_service_pb2_grpc import EventServiceStub

    for told in EventServiceStub(channel).StreamEvents(request, metadata=metadata):
        yield from told.events


def _to_end(
    channel: grpc.Channel, request: "pb.StreamEventsRequest", metadata: Metadata
) -> Iterator["pb.Event"]:
    from billcore.server.commands.remote import PAGE_SIZE
    from billcore.v1 import event_service_pb2 as pb
    from billcore.v1.event_service_pb2_grpc import EventServiceStub

    stub, after = EventServiceStub(channel), request.after
    while True:
        page = pb.ListEventsRequest(after=after, limit=PAGE_SIZE, filter=request.filter)
        told = stub.ListEvents(page, metadata=metadata)
        yield from told.events
        after = told.through
        if after >= told.last_sequence:
            return


def _line(event: "pb.Event") -> str:
    told = {
        "sequence": event.sequence,
        "event_id": event.event_id,
        "kind": event.kind,
        "subject": event.subject,
        "recorded_at": event.recorded_at,
        "payload": json.loads(event.payload),
    }
    return json.dumps(told, ensure_ascii=False)
