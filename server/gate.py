"""The gate: which client calls, from the call's metadata; clients are remembered for seconds.

Goals: a call costs no statement of the store while its key is remembered; a disabled, rotated or
expired key is refused after REMEMBERED_SECONDS at the latest, in every process. Keys are neither
logged nor kept: what is remembered is a digest. Non-goals: roles (`authorisation`), transport
security.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Generic, TypeVar

from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.client_errors import (
    KeyInvalid,
    KeyMissing,
    ProviderForbidden,
    ProviderNotNamed,
    RoleMissing,
    TerminalScope,
)
from billcore.core.clients import Client
from billcore.core.errors import RequestInvalid
from billcore.core.store.port import Store
from billcore.server.authorisation import ROLES, acts_for_one, is_within, may_call
from billcore.server.clock import now

AUTHORIZATION = "authorization"
ACTOR = "x-billcore-actor"
PROVIDER = "x-billcore-provider"

ACTOR_MAX = 100
"""An actor's name has at most this many characters; metadata is printable ASCII."""

REMEMBERED_SECONDS = 5.0
REMEMBERED_MAX = 10_000

Metadata = Mapping[str, str | bytes]

Known = tuple[Client, int]
"""A client, and the provider that a call of it is for."""

Refused = KeyInvalid | ProviderForbidden
"""Where it names a client, it is remembered too: a program that errs costs no statement a call."""


class OpenGate:
    """The gate of a server without a store, which listens on loopback: everybody may do all."""

    def known(self, metadata: Metadata) -> Caller:
        """The caller without a name."""
        return Caller(0, HOUSE, frozenset(Role), _actor(metadata))

    def admit(self, method: str, caller: Caller) -> None:
        """Lets every call through."""

    def caller(self, method: str, metadata: Metadata) -> Caller:
        """The caller without a name."""
        return self.known(metadata)


F = TypeVar("F")


class Memory(Generic[F]):
    """What was found by digest, for some seconds; of `most` the oldest is forgotten first."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds = seconds
        self._most = most
        self._found: OrderedDict[bytes, tuple[float, F]] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: bytes) -> F | None:
        """What is remembered; None: nothing."""
        found = self._found.get(digest)
        return found[1] if found is not None and time.monotonic() < found[0] else None

    def put(self, digest: bytes, found: F) -> None:
        """Remembers it from now on."""
        with self._lock:
            self._found[digest] = time.monotonic() + self._seconds, found
            self._found.move_to_end(digest)
            if len(self._found) > self._most:
                self._found.popitem(last=False)


class KeyGate:
    """The gate of a server with a store: a key, its role, its provider."""

    def __init__(
        self,
        store: Store,
        seconds: float = REMEMBERED_SECONDS,
        most: int = REMEMBERED_MAX,
        now: Callable[[], int] = now,
    ) -> None:
        self._store = store
        self._now = now
        self._clients: Memory[Known] = Memory(seconds, most)
        self._refusals: Memory[Refused] = Memory(seconds, most)

    def caller(self, method: str, metadata: Metadata) -> Caller:
        """Who calls the method; raises as `known` and `admit`."""
        caller = self.known(metadata)
        self.admit(method, caller)
        return caller

    def known(self, metadata: Metadata) -> Caller:
        """Who calls. Raises KeyMissing, KeyInvalid, ProviderForbidden and the store's errors."""
        client, provider_id = self._known(_key(metadata), _text(metadata, PROVIDER))
        return Caller(
            client.client_id,
            provider_id,
            client.roles,
            _actor(metadata),
            client.channel,
            client.terminal,
        )

    def admit(self, method: str, caller: Caller) -> None:
        """Whether they may call the method. Raises RoleMissing, TerminalScope, ProviderNotNamed."""
        if not may_call(method, caller.roles):
            raise RoleMissing(method, ROLES[method], caller.roles)
        if caller.terminal and not is_within(method, caller.roles):
            raise TerminalScope(method, caller.terminal)
        if caller.provider_id == HOUSE and acts_for_one(method):
            raise ProviderNotNamed(method)

    def _known(self, key: str, provider: str) -> Known:
        """The key's client and the provider that the call is for."""
        digest = hashlib.sha256(f"{key} {provider}".encode()).digest()
        if (found := self._clients.get(digest)) is not None:
            return found
        if (refusal := self._refusals.get(digest)) is not None:
            raise refusal.with_traceback(None)
        try:
            with self._store.read() as reader:
                client = clients.verified(reader, key, self._now())
                found = client, clients.acting_for(reader, client, provider)
        except (KeyInvalid, ProviderForbidden) as refused:
            if refused.client_id:  # strangers fill nothing
                self._refusals.put(digest, refused)
            raise
        self._clients.put(digest, found)
        return found


Gate = OpenGate | KeyGate


def _key(metadata: Metadata) -> str:
    given = _text(metadata, AUTHORIZATION)
    if not given:
        raise KeyMissing
    scheme, _, key = given.partition(" ")
    if scheme.lower() != "bearer":
        raise KeyInvalid
    return key.strip()


def _actor(metadata: Metadata) -> str:
    actor = _text(metadata, ACTOR)
    if len(actor) > ACTOR_MAX or not actor.isprintable():
        raise RequestInvalid(ACTOR, f"it has at most {ACTOR_MAX} printable ASCII characters.")
    return actor


def _text(metadata: Metadata, name: str) -> str:
    value = metadata.get(name, "")
    return value if isinstance(value, str) else value.decode("ascii", "replace")
