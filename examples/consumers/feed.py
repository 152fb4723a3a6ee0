"""What consumers of events share: a stream that is resumed for ever, and checked signatures.

Uses the contract (`billcore.v1`, gRPC) and nothing else of billcore. Delivery is at least once: a
consumer keeps the `through` of what it has handled (place.py) and opens the next stream behind it.
"""

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import grpc
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from billcore.v1 import event_service_pb2 as pb
from billcore.v1.event_service_pb2_grpc import EventServiceStub

AGAIN = {
    grpc.StatusCode.UNAVAILABLE,  # the server leaves, or is not there yet
    grpc.StatusCode.RESOURCE_EXHAUSTED,  # it has as many streams as it takes
    grpc.StatusCode.DEADLINE_EXCEEDED,
}
"""What ends by itself; everything else is a fault that waiting does not mend."""

WAIT_SECONDS, WAIT_SECONDS_MAX = 0.5, 30.0
PAGE = 1_000


class SignatureInvalid(Exception):
    """An event is not what the server has signed. Nothing behind it is handled."""


class Batch(NamedTuple):
    """Some events. through: everything up to it is told; last: the end of the log."""

    events: Sequence[pb.Event]
    through: int
    last: int


def arguments(description: str | None) -> argparse.ArgumentParser:
    """The options of every consumer."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--address", default="127.0.0.1:50051", help="of the server")
    parser.add_argument("--key", default=os.environ.get("BILLCORE_KEY", ""), help="BILLCORE_KEY")
    parser.add_argument("--provider", default="", help="code; of a client of the house")
    parser.add_argument("--place", required=True, help="file that keeps how far it has come")
    parser.add_argument("--public-keys", help="file of lines 'id hex': trust these keys alone")
    parser.add_argument("--once", action="store_true", help="end when the log is read to its end")
    return parser


class Caller(NamedTuple):
    """A channel and who calls through it."""

    channel: grpc.Channel
    metadata: Sequence[tuple[str, str]]


def connected(options: argparse.Namespace) -> Caller:
    """Who calls, as the options say."""
    metadata = [("authorization", f"Bearer {options.key}")]
    if options.provider:
        metadata.append(("x-billcore-provider", options.provider))
    channel = grpc.insecure_channel(options.address, [("grpc.max_reconnect_backoff_ms", 5_000)])
    return Caller(channel, metadata)


class Keys:
    """The public keys that are trusted: those of a file, or else those that the server tells."""

    def __init__(self, caller: Caller, file: str | None = None) -> None:
        self._caller = caller
        self._pinned = file is not None
        self._keys: dict[str, Ed25519PublicKey] = {}
        if file is not None:
            with open(file, encoding="utf-8") as lines:
                pairs = [line.split() for line in lines if line.strip()]
            self._keys = {name: _public(bytes.fromhex(text)) for name, text in pairs}

    def check(self, event: pb.Event) -> None:
        """Raises SignatureInvalid unless the event is signed by one of the keys."""
        key = self._key(event.key_id)
        if key is None:
            raise SignatureInvalid(f"event {event.sequence}: key {event.key_id!r} is not trusted")
        try:
            key.verify(event.signature, signed(event))
        except InvalidSignature:
            raise SignatureInvalid(f"event {event.sequence} is not what was signed") from None

    def _key(self, key_id: str) -> Ed25519PublicKey | None:
        if key_id not in self._keys and not self._pinned:
            stub = EventServiceStub(self._caller.channel)
            told = stub.ListSigningKeys(pb.ListSigningKeysRequest(), metadata=self._caller.metadata)
            self._keys = {key.key_id: _public(key.public_key) for key in told.keys}
        return self._keys.get(key_id)


def signed(event: pb.Event) -> bytes:
    """The bytes that a signature is over: netstrings, see event_service.proto."""
    texts = (
        "billcore.event.v1",
        str(event.provider_id),
        str(event.sequence),
        str(event.event_id),
        event.kind,
        event.subject,
        event.recorded_at,
        event.payload,
    )
    return b"".join(b"%d:%s," % (len(text.encode()), text.encode()) for text in texts)


def _public(key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key)


def last_sequence(caller: Caller) -> int:
    """The end of the log now."""
    stub = EventServiceStub(caller.channel)
    return stub.ListEvents(pb.ListEventsRequest(limit=1), metadata=caller.metadata).last_sequence


def follow(
    caller: Caller, keys: Keys, after: int, kinds: Sequence[str], once: bool
) -> Iterator[Batch]:
    """What is behind a sequence, verified; `once`: to the end of the log, else for ever.

    What breaks off is asked again behind what was yielded last.
    """
    wait = WAIT_SECONDS
    while True:
        try:
            for told in (pages if once else stream)(caller, after, kinds):
                for event in told.events:
                    keys.check(event)
                yield Batch(told.events, told.through, told.last_sequence)
                after, wait = told.through, WAIT_SECONDS
            if once:
                return
        except grpc.RpcError as error:
            if error.code() not in AGAIN:
                raise
            time.sleep(wait)
            wait = min(2 * wait, WAIT_SECONDS_MAX)


def stream(caller: Caller, after: int, kinds: Sequence[str]) -> Iterator[pb.StreamEventsResponse]:
    """What is there, and what comes."""
    request = pb.StreamEventsRequest(after=after, filter=pb.EventFilter(kinds=kinds))
    yield from EventServiceStub(caller.channel).StreamEvents(request, metadata=caller.metadata)


def pages(caller: Caller, after: int, kinds: Sequence[str]) -> Iterator[pb.ListEventsResponse]:
    """What is there."""
    stub, wanted = EventServiceStub(caller.channel), pb.EventFilter(kinds=kinds)
    while True:
        request = pb.ListEventsRequest(after=after, limit=PAGE, filter=wanted)
        told = stub.ListEvents(request, metadata=caller.metadata)
        if told.through > after:
            yield told
        after = told.through
        if after >= told.last_sequence:
            return
