"""`billcore health`: whether a server may be sent calls, or lives."""

from typing import Annotated, Any

import typer

from billcore.server.commands.console import FAILED, say
from billcore.server.commands.options import LOCAL, Address

SECONDS = 5.0
"""How long a server may take to answer."""


def health(
    address: Address = LOCAL,
    service: Annotated[
        str, typer.Option(help="A service's full name; none: the server; or `liveness`.")
    ] = "",
) -> None:
    """Asks a server for its health; exit status 1 unless it is SERVING."""
    from grpc_health.v1 import health_pb2, health_pb2_grpc  # gRPC is slow to import

    from billcore.server import dialing
    from billcore.server.commands.remote import refusing

    request = health_pb2.HealthCheckRequest(service=service)
    with dialing.channel(address) as channel, refusing(address):
        stub: Any = health_pb2_grpc.HealthStub(channel)
        answer = stub.Check(request, timeout=SECONDS)
    say(health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status))
    if answer.status != health_pb2.HealthCheckResponse.SERVING:
        raise typer.Exit(FAILED)
