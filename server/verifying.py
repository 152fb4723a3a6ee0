"""Verifying the books, a message for each check: for the rpc and for the command line."""

import time
from collections.abc import Iterator

from billcore.core import verify
from billcore.core.store import providers
from billcore.core.store.port import Reader
from billcore.server.messages import admin as messages
from billcore.v1 import admin_service_pb2 as pb


def verdicts(reader: Reader, provider_id: int) -> Iterator[pb.VerifyResponse]:
    """How many checks there are of a provider (the house: of all), then each with its time."""
    books = verify.books(reader, provider_id)
    codes = {one: _code(reader, one) for one in books}
    yield pb.VerifyResponse(checks=sum(len(verify.checks_of(one)) for one in books))
    started = time.monotonic_ns()
    for verdict in verify.verify(reader, books):
        took = (time.monotonic_ns() - started) // 1000
        told = messages.verdict(verdict, codes[verdict.provider_id], took)
        yield pb.VerifyResponse(verdict=told)
        started = time.monotonic_ns()


def _code(reader: Reader, provider_id: int) -> str:
    found = providers.provider(reader, provider_id)
    return found.code if found else ""
