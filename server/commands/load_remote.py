"""LoadService of a running server as `billcore load` calls it."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from queue import SimpleQueue
from typing import Any

from billcore.core.loading.loads import Chunk, Done, Source, State
from billcore.core.store.loads import Refused
from billcore.server import dialing, pages
from billcore.server.commands.remote import credentials, refusing
from billcore.server.messages import load as messages
from billcore.v1 import load_service_pb2 as pb
from billcore.v1.load_service_pb2_grpc import LoadServiceStub

METHOD = "/billcore.v1.LoadService/Load"


class Remote(AbstractContextManager["Remote"]):
    """A server, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self.address = address
        self._metadata = credentials(key, provider)
        self._channel = dialing.channel(address)

    def __exit__(self, *ended: object) -> None:
        self._channel.close()

    def opened(
        self, source: Source, columns: Sequence[str], dry_run: bool
    ) -> AbstractContextManager["RemoteLoading"]:
        """The load of a file. Raises ServerRefused."""
        header = messages.packed_header(source, columns, dry_run=dry_run)
        return RemoteLoading(self, header)

    def stream(self, requests: Iterator[bytes]) -> Any:
        """An open stream of Load."""
        call: Any = self._channel.stream_stream(
            METHOD, response_deserializer=pb.LoadResponse.FromString
        )
        return call(requests, metadata=self._metadata)

    def page(self, load_id: int, token: str) -> pb.ListRefusalsResponse:
        """A page of refused rows."""
        request = pb.ListRefusalsRequest(
            load_id=load_id, page_size=pages.PAGE_SIZE_MAX, page_token=token
        )
        with refusing(self.address):
            stub = LoadServiceStub(self._channel)
            found: pb.ListRefusalsResponse = stub.ListRefusals(request, metadata=self._metadata)
            return found


class RemoteLoading(AbstractContextManager["RemoteLoading"]):
    """A load through a server: one chunk is on its way at a time."""

    def __init__(self, server: Remote, header: bytes) -> None:
        self._server = server
        self._requests: SimpleQueue[bytes | None] = SimpleQueue()
        self._answers = server.stream(iter(self._requests.get, None))
        self.state = _state(self._answer(header).opened.load)

    def __exit__(self, kind: object, *ended: object) -> None:
        self._requests.put(None)
        if kind is not None:
            self._answers.cancel()
            return
        with refusing(self._server.address):
            for _ in self._answers:  # none: the server ends the call as one that went well
                pass

    def load(self, chunk: Chunk) -> Done:
        """Does a chunk. Raises ServerRefused: the same command again goes on behind the last."""
        found = self._answer(messages.packed_batch(chunk)).batch
        counts = found.chunk, found.first_row, found.rows, found.accepted
        return Done(*counts, tuple(map(_refused, found.refused)), found.repeated)

    def refused(self) -> Iterator[Refused]:
        """Every refused row of the load."""
        token = ""
        while True:
            page = self._server.page(self.state.load_id, token)
            yield from map(_refused, page.refusals)
            token = page.next_page_token
            if not token:
                return

    def _answer(self, request: bytes) -> pb.LoadResponse:
        self._requests.put(request)
        with refusing(self._server.address):
            found: pb.LoadResponse = next(self._answers)
            return found


def _refused(row: pb.RefusedRow) -> Refused:
    return Refused(row.row, row.field, row.reason, row.message)


def _state(found: pb.LoadState) -> State:
    kind = pb.LoadKind.Name(found.kind).removeprefix("LOAD_KIND_").lower()
    return State(
        found.load_id,
        kind,
        found.source,
        0,
        found.next_chunk,
        found.next_row,
        found.accepted,
        found.complete,
    )
