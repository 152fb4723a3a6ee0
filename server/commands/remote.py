"""A running server as the commands call it: address, key, refusals; AdminService among it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import grpc

from billcore.core.caller import Role
from billcore.core.client_errors import KeyMissing
from billcore.server import dialing
from billcore.server.commands.options import request_named
from billcore.server.gate import AUTHORIZATION, PROVIDER
from billcore.server.messages.admin import role_word
from billcore.server.refusals import ServerRefused
from billcore.v1 import admin_service_pb2 as pb
from billcore.v1.admin_service_pb2_grpc import AdminServiceStub

Stub = TypeVar("Stub")

SECONDS = 30.0
"""A call that takes longer is given up."""

PAGE_SIZE = 1_000
"""Items asked for at once."""


def credentials(key: str, provider: str) -> tuple[tuple[str, str], ...]:
    """What a call says of its caller; provider: '' is the key's own."""
    named = ((PROVIDER, provider),) if provider else ()
    return ((AUTHORIZATION, f"Bearer {key}"), *named)


@contextmanager
def refusing(address: str) -> Iterator[None]:
    """What the server at this address refuses is raised as ServerRefused."""
    try:
        yield
    except grpc.RpcError as error:
        code, details = error.code().name, error.details() or ""
        raise ServerRefused(address, code, details) from None


class Remote:
    """A server, called with a key, for a provider ('': the key's own, or the house).

    call: what goes with each short call; metadata: with a stream, which may take long.
    """

    def __init__(self, address: str, key: str, provider: str) -> None:
        if not key:
            raise KeyMissing
        self._address = address
        self.metadata = credentials(key, provider)
        self.call: dict[str, Any] = {"metadata": self.metadata, "timeout": SECONDS}

    @contextmanager
    def channel(self) -> Iterator[grpc.Channel]:
        """A channel for the block; what the server refuses is raised as ServerRefused."""
        with dialing.channel(self._address) as channel, refusing(self._address):
            yield channel

    @contextmanager
    def service(self, kind: Callable[[grpc.Channel], Stub]) -> Iterator[Stub]:
        """A service of the server for the block, as `channel`."""
        with self.channel() as channel:
            yield kind(channel)


def pages(method: Any, request: Any, call: Mapping[str, Any]) -> Iterator[Any]:
    """The answers of a list, page by page."""
    while True:
        page = method(request, **call)
        yield page
        if not page.next_page_token:
            return
        request.page_token = page.next_page_token


class Admin:
    """AdminService, called with a key, for a provider ('': the key's own, or the house)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._provider = provider
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, AdminServiceStub)
        self._call = self._remote.call

    def create(self, name: str, roles: Sequence[Role], **scope: str) -> pb.CreateClientResponse:
        """A new client with its key; scope: channel, terminal, expires_at."""
        words = [role_word(role) for role in roles]
        request = pb.CreateClientRequest(
            name=name, provider=self._provider, roles=words, request_id=request_named(), **scope
        )
        with self._stub() as stub:
            made: pb.CreateClientResponse = stub.CreateClient(request, **self._call)
            return made

    def clients(self, expiring_before: str = "") -> list[pb.Client]:
        """Every client, by number; of those whose keys end, that end before a moment."""
        request = pb.ListClientsRequest(expiring_before=expiring_before)
        with self._stub() as stub:
            return [
                client
                for page in pages(stub.ListClients, request, self._call)
                for client in page.clients
            ]

    def disable(self, client_id: int, reason: str) -> pb.Client:
        """The client, disabled."""
        request = pb.DisableClientRequest(
            client_id=client_id, reason=reason, request_id=request_named()
        )
        with self._stub() as stub:
            answer: pb.DisableClientResponse = stub.DisableClient(request, **self._call)
            return answer.client

    def rotate(
        self, client_id: int, reason: str, expires_at: str, old_key_until: str
    ) -> pb.RotateClientKeyResponse:
        """The client with its new key."""
        request = pb.RotateClientKeyRequest(
            client_id=client_id,
            reason=reason,
            request_id=request_named(),
            expires_at=expires_at,
            old_key_until=old_key_until,
        )
        with self._stub() as stub:
            made: pb.RotateClientKeyResponse = stub.RotateClientKey(request, **self._call)
            return made
