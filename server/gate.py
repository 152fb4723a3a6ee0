"""The gate: which client calls, from the call's metadata; good keys are remembered for seconds.

Goals: a call costs no statement of the store while its key is remembered; a disabled or rotated key
is refused after REMEMBERED_SECONDS at the latest, in every process. Keys are neither logged nor
kept: what is remembered is a digest. Non-goals: roles (`authorisation`), transport security.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.clients import Client, KeyInvalid, KeyMissing, ProviderNotNamed, RoleMissing
from billcore.core.errors import RequestInvalid
from billcore.core.store.port import Store
from billcore.server.authorisation import ROLES, acts_for_one, may_call

AUTHORIZATION = "authorization"
ACTOR = "x-billcore-actor"
PROVIDER = "x-billcore-provider"

ACTOR_MAX = 100
"""An actor's name has at most this many characters; metadata is printable ASCII."""

REMEMBERED_SECONDS = 5.0
REMEMBERED_MAX = 10_000

Metadata = Mapping[str, str | bytes]


class OpenGate:
    """The gate of a server without a store, which listens on loopback: everybody may do all."""

    def caller(self, method: str, metadata: Metadata) -> Caller:
        """The caller without a name."""
        return Caller(0, HOUSE, frozenset(Role), _actor(metadata))


class KeyGate:
    """The gate of a server with a store: a key, its role, its provider."""

    def __init__(
        self,
        store: Store,
        seconds: float = REMEMBERED_SECONDS,
        most: int = REMEMBERED_MAX,
    ) -> None:
        self._store = store
        self._seconds = seconds
        self._most = most
        self._remembered: OrderedDict[bytes, tuple[float, Client, int]] = OrderedDict()
        self._lock = Lock()

    def caller(self, method: str, metadata: Metadata) -> Caller:
        """Who calls the method.

        Raises KeyMissing, KeyInvalid, ProviderForbidden, RoleMissing, ProviderNotNamed and the
        errors of the store.
        """
        client, provider_id = self._known(_key(metadata), _text(metadata, PROVIDER))
        if not may_call(method, client.roles):
            raise RoleMissing(method, ROLES[method], client.roles)
        if provider_id == HOUSE and acts_for_one(method):
            raise ProviderNotNamed(method)
        actor = _actor(metadata)
        return Caller(client.client_id, provider_id, client.roles, actor, client.channel)

    def _known(self, key: str, provider: str) -> tuple[Client, int]:
        """The key's client and the provider that the call is for."""
        digest = hashlib.sha256(f"{key} {provider}".encode()).digest()
        found = self._remembered.get(digest)
        if found is not None and time.monotonic() < found[0]:
            return found[1:]
        with self._store.read() as reader:
            client = clients.verified(reader, key)
            provider_id = clients.acting_for(reader, client, provider)
        self._remember(digest, client, provider_id)
        return client, provider_id

    def _remember(self, digest: bytes, client: Client, provider_id: int) -> None:
        with self._lock:
            self._remembered[digest] = time.monotonic() + self._seconds, client, provider_id
            self._remembered.move_to_end(digest)
            if len(self._remembered) > self._most:
                self._remembered.popitem(last=False)


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
