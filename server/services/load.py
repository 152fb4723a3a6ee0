"""LoadService: rows in bulk, each chunk kept once. Each handler: convert, call, convert, return."""

from collections.abc import Iterator

import grpc

from billcore.core.client_errors import RoleMissing
from billcore.core.loading import loads
from billcore.core.loading.kinds import kind_of
from billcore.core.loading.loader import Loader
from billcore.core.loading.loads import State
from billcore.core.store.port import Reader
from billcore.server import pages
from billcore.server.backend import CALLER, Backend
from billcore.server.messages import load as messages
from billcore.server.streams import LOAD
from billcore.v1 import load_service_pb2 as pb
from billcore.v1.load_service_pb2_grpc import LoadServiceServicer


class LoadService(LoadServiceServicer):
    """The loads of the caller's provider over gRPC."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def Load(
        self, requests: Iterator[pb.LoadRequest], context: grpc.ServicerContext
    ) -> Iterator[pb.LoadResponse]:
        caller = CALLER.get()
        header = messages.header(requests)
        for role in header.kind.roles:
            if not caller.may(role):
                raise RoleMissing(LOAD, role, caller.roles)
        loader = Loader(
            self._backend.store, caller, self._backend.now, header.source, header.dry_run
        )
        yield messages.opened(loader.state)
        for request in requests:
            yield messages.loaded(loader.load(messages.chunk(request, header)))

    def GetLoad(
        self, request: pb.GetLoadRequest, context: grpc.ServicerContext
    ) -> pb.GetLoadResponse:
        with self._backend.store.read() as reader:
            found = _seen(reader, "LoadService/GetLoad", request.load_id)
        return pb.GetLoadResponse(load=messages.state(found))

    def ListRefusals(
        self, request: pb.ListRefusalsRequest, context: grpc.ServicerContext
    ) -> pb.ListRefusalsResponse:
        size, after = pages.page_size(request), pages.after_number(request, messages.REFUSALS)
        with self._backend.store.read() as reader:
            _seen(reader, "LoadService/ListRefusals", request.load_id)
            found = loads.refusals(reader, CALLER.get(), request.load_id, after, size + 1)
        return messages.refusals(found, size)


def _seen(reader: Reader, method: str, load_id: int) -> State:
    """A load, for those who may load one of its kind. Raises LoadUnknown, RoleMissing."""
    caller = CALLER.get()
    found = loads.get_load(reader, caller, load_id)
    needed = kind_of(found.kind).roles[0]
    if not caller.may(needed):
        raise RoleMissing(method, needed, caller.roles)
    return found
