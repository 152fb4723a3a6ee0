"""Clients and their API keys: made, rotated, disabled, verified.

A key is `bck_<client number>_<secret>`, the secret 32 random bytes in 43 characters. Only SHA-256
of the secret is kept: 256 random bits cannot be guessed however fast the hash is, so the slow
hashes that passwords need would only cost every call time. The number finds the row, the secret is
compared in constant time. Whatever is wrong with a key, the refusal is the same.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.errors import BillcoreError, RequestInvalid, quoted
from billcore.core.events.audit import audit
from billcore.core.store import channels, providers
from billcore.core.store import clients as rows
from billcore.core.store.port import Reader, Session

NAME_MAX = 100
"""A client's name has 1 to this many printable characters."""

CHANNEL_ROLES = frozenset([Role.CASHIER, Role.VIEWER])
"""A client of a channel has some of these roles and no other."""

SECRET_BYTES = 32

KEY = re.compile(r"bck_([1-9][0-9]{0,8})_([A-Za-z0-9_-]{43})")


class KeyMissing(BillcoreError):
    """The call carries no API key."""

    reason = "KEY_MISSING"

    def __init__(self) -> None:
        super().__init__(
            "This server answers to API keys: send the metadata `authorization: Bearer bck_…`. "
            "`billcore client create` makes a key."
        )


class KeyInvalid(BillcoreError):
    """The key is unknown, wrong or disabled; which of them is not told."""

    reason = "KEY_INVALID"

    def __init__(self) -> None:
        super().__init__(
            "The API key is not valid: it is misspelt, was rotated, or its client is disabled. "
            "Ask whoever administers the clients."
        )


class RoleMissing(BillcoreError):
    """The client lacks the role that the method needs."""

    reason = "ROLE_MISSING"

    def __init__(self, method: str, role: Role, has: Iterable[Role]) -> None:
        super().__init__(
            f"{method} needs the role {role}; this client has: {', '.join(sorted(has)) or 'none'}.",
            method=method,
            role=role,
        )


class ProviderForbidden(BillcoreError):
    """The client may not act for this provider, or there is none with this code."""

    reason = "PROVIDER_FORBIDDEN"

    def __init__(self, code: str) -> None:
        super().__init__(f"This client may not act for the provider {code!r}.", provider=code)


class ProviderNotNamed(BillcoreError):
    """A client of the house must say for which provider it acts."""

    reason = "PROVIDER_NOT_NAMED"

    def __init__(self, method: str) -> None:
        super().__init__(
            f"{method} acts for one provider: send its code as the metadata `x-billcore-provider`.",
            method=method,
        )


class ClientUnknown(BillcoreError):
    """No client of this provider has the number."""

    reason = "CLIENT_UNKNOWN"

    def __init__(self, client_id: int) -> None:
        super().__init__(f"No client {client_id} is known here.", client_id=client_id)


class ClientConflict(BillcoreError):
    """A client has this name already."""

    reason = "CLIENT_CONFLICT"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"A client is named {name!r} already: choose another name, or rotate its key.",
            name=name,
        )


class ClientsExist(BillcoreError):
    """The store has its first client already."""

    reason = "CLIENTS_EXIST"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The store has clients already, the first is {name!r}; its key was told when it was "
            "made. Whoever has the role admin makes others: `billcore client create`.",
            name=name,
        )


@dataclass(frozen=True, slots=True)
class Client:
    """A client. provider_id: HOUSE acts for any provider. recorded_at: microseconds since 1970.

    channel: the code of the one channel for which it posts; '': every channel of its scope.
    """

    client_id: int
    provider_id: int
    name: str
    roles: frozenset[Role]
    enabled: bool
    recorded_at: int
    channel: str = ""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A client with its key, which is never told again."""

    client: Client
    key: str

    def __repr__(self) -> str:
        return f"NewKey(client={self.client!r})"


# -- administered


def first(session: Session, name: str, now: int) -> NewKey:
    """The first client of a store, an admin of the house. Raises ClientsExist, RequestInvalid."""
    there = listed(session, HOUSE, 0, 1)
    if there:
        raise ClientsExist(there[0].name)
    nobody = Caller(0, HOUSE, frozenset())
    return create(session, nobody, name, HOUSE, [Role.ADMIN], now)


def create(
    session: Session,
    caller: Caller,
    name: str,
    provider_id: int,
    roles: Iterable[Role],
    now: int,
    channel: str = "",
) -> NewKey:
    """A new client of a provider that the caller acts for, with its key.

    channel: the code of the one channel, the provider's or the house's, that it posts for; '': any.
    Raises RequestInvalid, ProviderForbidden, ClientConflict.
    """
    wanted = frozenset(roles)
    _check(name, wanted)
    if caller.provider_id not in (HOUSE, provider_id):
        raise ProviderForbidden(str(provider_id))
    if rows.is_named(session, name):
        raise ClientConflict(name)
    if channel:
        _check_channel(session, provider_id, channel, wanted)
    number = providers.draw(session, HOUSE, "client", 1)
    client = Client(number, provider_id, name, wanted, True, now, channel)
    key, key_hash = _new_key(client.client_id)
    words = " ".join(sorted(wanted))
    row = rows.ClientRow(client.client_id, provider_id, name, words, key_hash, 1, now, channel)
    rows.add(session, row)
    detail = {"name": name, "provider_id": provider_id, "roles": words}
    if channel:
        detail["channel"] = channel
    audit(session, caller, "client.create", _subject(client), "", detail, now)
    return NewKey(client, key)


def disable(session: Session, caller: Caller, client_id: int, reason: str, now: int) -> Client:
    """Ends what the client's key is good for. Raises ClientUnknown."""
    client = get(session, caller.provider_id, client_id)
    rows.set_enabled(session, client_id, enabled=False)
    audit(session, caller, "client.disable", _subject(client), reason, {"name": client.name}, now)
    return get(session, caller.provider_id, client_id)


def rotate(session: Session, caller: Caller, client_id: int, reason: str, now: int) -> NewKey:
    """Another key for the client, which can call again if it was disabled. Raises ClientUnknown."""
    client = get(session, caller.provider_id, client_id)
    key, key_hash = _new_key(client_id)
    rows.set_key(session, client_id, key_hash)
    rows.set_enabled(session, client_id, enabled=True)
    audit(session, caller, "client.rotate", _subject(client), reason, {"name": client.name}, now)
    return NewKey(get(session, caller.provider_id, client_id), key)


def get(reader: Reader, provider_id: int, client_id: int) -> Client:
    """A client of a provider, of any for HOUSE. Raises ClientUnknown."""
    row = rows.find(reader, client_id)
    if row is None or provider_id not in (HOUSE, row.provider_id):
        raise ClientUnknown(client_id)
    return _client(row)


def listed(reader: Reader, provider_id: int, after: int, limit: int) -> list[Client]:
    """The clients of a provider, all for HOUSE, whose numbers are above `after`, in order."""
    return [_client(row) for row in rows.listed(reader, provider_id, after, limit)]


def _check(name: str, roles: frozenset[Role]) -> None:
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        raise RequestInvalid("name", f"a client has one of 1 to {NAME_MAX} printable characters.")
    if not roles:
        raise RequestInvalid("roles", "a client without a role can do nothing.", list(Role))


def _check_channel(
    session: Session, provider_id: int, channel: str, roles: frozenset[Role]
) -> None:
    if roles - CHANNEL_ROLES:
        raise RequestInvalid(
            "roles", "a client of a channel takes payments and asks.", sorted(CHANNEL_ROLES)
        )
    if channels.find_code(session, provider_id, channel) is None:
        raise RequestInvalid(
            "channel",
            f"{quoted(channel)} is no channel of its provider or of the house: create it first.",
        )


def _new_key(client_id: int) -> tuple[str, bytes]:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return f"bck_{client_id}_{secret}", _hash(secret)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _client(row: rows.ClientRow) -> Client:
    roles = frozenset(Role(word) for word in row.roles.split())
    return Client(
        row.client_id,
        row.provider_id,
        row.name,
        roles,
        bool(row.enabled),
        row.recorded_at,
        row.channel,
    )


def _subject(client: Client) -> str:
    return f"client {client.client_id}"


# -- verified


def verified(reader: Reader, key: str) -> Client:
    """The client that the key is of. Raises KeyInvalid."""
    parts = KEY.fullmatch(key)
    if parts is None:
        raise KeyInvalid
    row = rows.find(reader, int(parts[1]))
    stored = row.key_hash if row else bytes(32)
    same = hmac.compare_digest(_hash(parts[2]), stored)
    if row is None or not same or not row.enabled:
        raise KeyInvalid
    return _client(row)


def acting_for(reader: Reader, client: Client, code: str) -> int:
    """The provider that a call of the client acts for; code: the one that it names, or ''.

    Raises ProviderForbidden. A client of the house that names none acts for HOUSE.
    """
    if not code:
        return client.provider_id
    named = providers.provider_of_code(reader, code)
    if not named or client.provider_id not in (HOUSE, named):
        raise ProviderForbidden(code)
    return named
