"""Clients and their API keys: made, rotated, disabled, verified.

A key is `bck_<client number>_<secret>`, the secret 32 random bytes in 43 characters. Only SHA-256
of the secret is kept: 256 random bits cannot be guessed however fast the hash is, so the slow
hashes that passwords need would only cost every call time. The number finds the row, the secret is
compared in constant time. Whatever is wrong with a key, the refusal is the same.

A client has one key, and for a time after a rotation, if that is asked for, the one before.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.client_errors import (
    ClientConflict,
    ClientsExist,
    ClientUnknown,
    KeyInvalid,
    ProviderForbidden,
)
from billcore.core.durations import DAY
from billcore.core.errors import RequestInvalid, quoted
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

NEVER = 0
"""Of `expires_at`: the keys do not end."""


OVERLAP_DAYS_MAX = 90
"""For so long, at most, is a key good after it was replaced."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client. provider_id: HOUSE acts for any provider. Moments: microseconds since 1970 in UTC.

    channel: the code of the one channel for which it posts; '': every channel of its scope.
    terminal: of the one terminal of that channel at which it posts; '': every one. expires_at:
    from then on it has no good key, NEVER: no such moment. replaced_until: until then the key
    before is good as well; 0: none was replaced.
    """

    client_id: int
    provider_id: int
    name: str
    roles: frozenset[Role]
    enabled: bool
    recorded_at: int
    channel: str = ""
    terminal: str = ""
    expires_at: int = NEVER
    replaced_until: int = 0

    def has_expired(self, now: int) -> bool:
        """Whether its keys have ended."""
        return self.expires_at != NEVER and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class Scope:
    """What a new client is bound to beside its provider; moments and codes as of Client."""

    channel: str = ""
    terminal: str = ""
    expires_at: int = NEVER


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
    scope: Scope = Scope(),
) -> NewKey:
    """A new client of a provider that the caller acts for, with its key.

    Raises RequestInvalid, ProviderForbidden, ClientConflict.
    """
    wanted = frozenset(roles)
    _check(name, wanted)
    _check_end(scope.expires_at, now)
    if caller.provider_id not in (HOUSE, provider_id):
        raise ProviderForbidden(str(provider_id))
    if rows.is_named(session, name):
        raise ClientConflict(name)
    _check_scope(session, provider_id, scope, wanted)
    number = providers.draw(session, HOUSE, "client", 1)
    key, key_hash = _new_key(number)
    words = " ".join(sorted(wanted))
    row = rows.ClientRow(
        number,
        provider_id,
        name,
        words,
        key_hash,
        1,
        now,
        scope.channel,
        scope.terminal,
        scope.expires_at,
    )
    rows.add(session, row)
    detail = {"name": name, "provider_id": provider_id, "roles": words} | _told(scope)
    audit(session, caller, "client.create", _subject(number), "", detail, now)
    return NewKey(_client(row), key)


def disable(session: Session, caller: Caller, client_id: int, reason: str, now: int) -> Client:
    """Ends what the client's keys are good for. Raises ClientUnknown."""
    providers.lock(session, HOUSE, "client")  # nobody rotates its key meanwhile
    client = get(session, caller.provider_id, client_id)
    rows.set_enabled(session, client_id, enabled=False)
    detail = {"name": client.name}
    audit(session, caller, "client.disable", _subject(client_id), reason, detail, now)
    return get(session, caller.provider_id, client_id)


def rotate(
    session: Session,
    caller: Caller,
    client_id: int,
    reason: str,
    now: int,
    expires_at: int | None = None,
    old_until: int = 0,
) -> NewKey:
    """Another key for the client, which can call again if it was disabled.

    expires_at: its new end, None: as it is; old_until: so long the key before is good as well, 0:
    no longer. Raises ClientUnknown, and RequestInvalid where the client has expired and no new end
    is told, or where there is no good key that could stay good.
    """
    providers.lock(session, HOUSE, "client")  # of two at once the second replaces the first's key
    client = get(session, caller.provider_id, client_id)
    end = client.expires_at if expires_at is None else expires_at
    if expires_at is None and client.has_expired(now):
        raise RequestInvalid("expires_at", "its keys have expired: say when the new one does.")
    _check_end(end, now)
    if old_until:
        _check_overlap(client, old_until, now)
    key, key_hash = _new_key(client_id)
    good_until = old_until or now
    if client.expires_at != NEVER:  # a key does not outlive its end by being replaced
        good_until = min(good_until, client.expires_at)
    rows.set_key(session, client_id, key_hash, end, good_until)
    rows.set_enabled(session, client_id, enabled=True)
    detail: dict[str, object] = {"name": client.name}
    if end != client.expires_at:
        detail["expires_at"] = end
    if old_until:
        detail["old_until"] = good_until
    audit(session, caller, "client.rotate", _subject(client_id), reason, detail, now)
    return NewKey(get(session, caller.provider_id, client_id), key)


def get(reader: Reader, provider_id: int, client_id: int) -> Client:
    """A client of a provider, of any for HOUSE. Raises ClientUnknown."""
    row = rows.find(reader, client_id)
    if row is None or provider_id not in (HOUSE, row.provider_id):
        raise ClientUnknown(client_id)
    return _client(row)


def listed(
    reader: Reader, provider_id: int, after: int, limit: int, ending_before: int = 0
) -> list[Client]:
    """The clients of a provider, all for HOUSE, whose numbers are above `after`, in order.

    ending_before: only enabled ones whose keys end before that moment, or have; 0: all.
    """
    found = rows.listed(reader, provider_id, after, limit, ending_before)
    return [_client(row) for row in found]


def _check(name: str, roles: frozenset[Role]) -> None:
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        raise RequestInvalid("name", f"a client has one of 1 to {NAME_MAX} printable characters.")
    if not roles:
        raise RequestInvalid("roles", "a client without a role can do nothing.", list(Role))


def _check_end(expires_at: int, now: int) -> None:
    if expires_at != NEVER and expires_at <= now:
        raise RequestInvalid("expires_at", "a key that ends in the past is good for nothing.")


def _check_overlap(client: Client, old_until: int, now: int) -> None:
    if not client.enabled or client.has_expired(now):
        raise RequestInvalid(
            "old_key_until", "the key before is refused already and stays so: leave it out."
        )
    if not now < old_until <= now + OVERLAP_DAYS_MAX * DAY:
        raise RequestInvalid(
            "old_key_until", f"it is a moment of the next {OVERLAP_DAYS_MAX} days."
        )


def _check_scope(session: Session, provider_id: int, scope: Scope, roles: frozenset[Role]) -> None:
    if not scope.channel:
        if scope.terminal:
            raise RequestInvalid("terminal", "a terminal is of a channel: name that too.")
        return
    if roles - CHANNEL_ROLES:
        raise RequestInvalid(
            "roles", "a client of a channel takes payments and asks.", sorted(CHANNEL_ROLES)
        )
    channel = channels.find_code(session, provider_id, scope.channel)
    if channel is None:
        raise RequestInvalid(
            "channel",
            f"{quoted(scope.channel)} is no channel of its provider or of the house: create it "
            "first.",
        )
    if scope.terminal and channels.find_terminal(session, channel, scope.terminal) is None:
        raise RequestInvalid(
            "terminal",
            f"{quoted(scope.terminal)} is no terminal of {quoted(scope.channel)}: create it first.",
        )


def _told(scope: Scope) -> dict[str, object]:
    """What of a scope is set, for the audit log."""
    told = {
        "channel": scope.channel,
        "terminal": scope.terminal,
        "expires_at": scope.expires_at,
    }
    return {name: value for name, value in told.items() if value}


def _new_key(client_id: int) -> tuple[str, bytes]:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return f"bck_{client_id}_{secret}", _hash(secret)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _client(row: rows.ClientRow) -> Client:
    return Client(
        row.client_id,
        row.provider_id,
        row.name,
        frozenset(Role(word) for word in row.roles.split()),
        bool(row.enabled),
        row.recorded_at,
        row.channel,
        row.terminal,
        row.expires_at,
        row.replaced_until,
    )


def _subject(client_id: int) -> str:
    return f"client {client_id}"


# -- verified


def verified(reader: Reader, key: str, now: int) -> Client:
    """The client that the key is of. Raises KeyInvalid."""
    parts = KEY.fullmatch(key)
    if parts is None:
        raise KeyInvalid
    row = rows.find(reader, int(parts[1]))
    given = _hash(parts[2])
    if row is None or not hmac.compare_digest(given, row.key_hash):
        former = rows.replaced_hash(reader, row.client_id) if row else None
        if row is None or former is None or not hmac.compare_digest(given, former):
            raise KeyInvalid
        if row.replaced_until <= now:
            raise KeyInvalid("KEY_REPLACED", row.client_id, row.provider_id)
    client = _client(row)
    if not client.enabled:
        raise KeyInvalid("CLIENT_DISABLED", row.client_id, row.provider_id)
    if client.has_expired(now):
        raise KeyInvalid("KEY_EXPIRED", row.client_id, row.provider_id)
    return client


def acting_for(reader: Reader, client: Client, code: str) -> int:
    """The provider that a call of the client acts for; code: the one that it names, or ''.

    Raises ProviderForbidden. A client of the house that names none acts for HOUSE.
    """
    if not code:
        return client.provider_id
    named = providers.provider_of_code(reader, code)
    if not named or client.provider_id not in (HOUSE, named):
        raise ProviderForbidden(code, client.client_id, client.provider_id)
    return named
