"""AdminService: clients made, listed, disabled, their keys rotated; the books verified."""

from collections.abc import Iterator
from threading import Lock

import grpc

from billcore.core import clients
from billcore.core.caller import HOUSE, Caller
from billcore.core.client_errors import ProviderForbidden
from billcore.core.clients import Client, NewKey
from billcore.core.store import providers
from billcore.core.store.port import Reader
from billcore.server import pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import admin as messages
from billcore.server.refusals import StreamsExhausted
from billcore.server.times import moment
from billcore.server.verifying import verdicts
from billcore.v1 import admin_service_pb2 as pb
from billcore.v1.admin_service_pb2_grpc import AdminServiceServicer


class AdminService(AdminServiceServicer):
    """A key is told by the call that made it and never kept, so a replayed answer has none."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._verifying = Lock()

    def CreateClient(
        self, request: pb.CreateClientRequest, context: grpc.ServicerContext
    ) -> pb.CreateClientResponse:
        roles, scope = messages.roles(request), messages.scope(request)
        made: list[NewKey] = []

        def act(write: Write) -> pb.CreateClientResponse:
            provider_id = _provider(write.session, write.caller, request.provider)
            new = clients.create(
                write.session,
                write.caller,
                request.name,
                provider_id,
                roles,
                write.now,
                scope,
            )
            made.append(new)
            return pb.CreateClientResponse(client=_told(write.session, new.client))

        answer = pb.CreateClientResponse.FromString(self._backend.once(request, context, act))
        answer.key = made[0].key if made else ""
        return answer

    def ListClients(
        self, request: pb.ListClientsRequest, context: grpc.ServicerContext
    ) -> pb.ListClientsResponse:
        after, limit = pages.after_number(request, "c"), pages.page_size(request)
        provider_id = CALLER.get().provider_id
        before = moment(request.expiring_before, "expiring_before")
        with self._backend.store.read() as reader:
            found = clients.listed(reader, provider_id, after, limit + 1, before)
            codes = {owner: _code(reader, owner) for owner in {c.provider_id for c in found}}
        return messages.clients(found, limit, codes)

    def DisableClient(
        self, request: pb.DisableClientRequest, context: grpc.ServicerContext
    ) -> pb.DisableClientResponse:
        reason = messages.reason(request)

        def act(write: Write) -> pb.DisableClientResponse:
            client = clients.disable(
                write.session, write.caller, request.client_id, reason, write.now
            )
            return pb.DisableClientResponse(client=_told(write.session, client))

        return pb.DisableClientResponse.FromString(self._backend.once(request, context, act))

    def RotateClientKey(
        self, request: pb.RotateClientKeyRequest, context: grpc.ServicerContext
    ) -> pb.RotateClientKeyResponse:
        reason, end = messages.reason(request), messages.new_end(request)
        old_until = moment(request.old_key_until, "old_key_until")
        made: list[NewKey] = []

        def act(write: Write) -> pb.RotateClientKeyResponse:
            new = clients.rotate(
                write.session, write.caller, request.client_id, reason, write.now, end, old_until
            )
            made.append(new)
            return pb.RotateClientKeyResponse(client=_told(write.session, new.client))

        answer = pb.RotateClientKeyResponse.FromString(self._backend.once(request, context, act))
        answer.key = made[0].key if made else ""
        return answer

    def Verify(
        self, request: pb.VerifyRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.VerifyResponse]:
        if not self._verifying.acquire(blocking=False):
            raise StreamsExhausted("AdminService/Verify", "verify_streams_max", 1)
        try:
            with self._backend.store.read() as reader:
                yield from verdicts(reader, CALLER.get().provider_id)
        finally:
            self._verifying.release()


def _provider(reader: Reader, caller: Caller, code: str) -> int:
    """The provider of a new client. Raises ProviderForbidden."""
    if not code:
        return caller.provider_id
    named = providers.provider_of_code(reader, code)
    if not named or caller.provider_id not in (HOUSE, named):
        raise ProviderForbidden(code)
    return named


def _told(reader: Reader, client: Client) -> pb.Client:
    return messages.client(client, _code(reader, client.provider_id))


def _code(reader: Reader, provider_id: int) -> str:
    found = providers.provider(reader, provider_id)
    return found.code if found else ""
