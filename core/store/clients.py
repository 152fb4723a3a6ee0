"""Clients: who may call, by the hashes of their keys' secrets."""

from typing import NamedTuple, cast

from billcore.core.store.port import Reader, Session

_CLIENT = """SELECT c.client_id, c.provider_id, c.name, c.roles, c.key_hash, c.enabled,
    c.recorded_at, c.channel, c.terminal, c.expires_at, COALESCE(r.good_until, 0)
FROM client c LEFT JOIN replaced_key r ON r.client_id = c.client_id"""

ADD = """INSERT INTO client (client_id, provider_id, name, roles, key_hash, enabled, recorded_at,
    channel, terminal, expires_at)
VALUES (:client_id, :provider_id, :name, :roles, :key_hash, :enabled, :recorded_at, :channel,
    :terminal, :expires_at)"""

FIND = f"{_CLIENT} WHERE c.client_id = :client_id"

NAMED = "SELECT client_id FROM client WHERE name = :name"

LIST = f"""{_CLIENT}
WHERE c.client_id > :after AND (:provider_id = 0 OR c.provider_id = :provider_id)
ORDER BY c.client_id LIMIT :most"""

ENDING = f"""{_CLIENT}
WHERE c.client_id > :after AND (:provider_id = 0 OR c.provider_id = :provider_id)
    AND c.enabled = 1 AND c.expires_at > 0 AND c.expires_at < :ending_before
ORDER BY c.client_id LIMIT :most"""

SET_ENABLED = "UPDATE client SET enabled = :enabled WHERE client_id = :client_id"

SET_KEY = """UPDATE client SET key_hash = :key_hash, expires_at = :expires_at
WHERE client_id = :client_id"""

REPLACED = "SELECT key_hash FROM replaced_key WHERE client_id = :client_id"

LOST_KEYS = """SELECT client_id FROM replaced_key r
WHERE NOT EXISTS (SELECT 1 FROM client c WHERE c.client_id = r.client_id)
ORDER BY client_id LIMIT :most"""

KEEP_REPLACED = """INSERT INTO replaced_key (client_id, key_hash, good_until)
SELECT client_id, key_hash, CAST(:good_until AS BIGINT) FROM client WHERE client_id = :client_id
ON CONFLICT (client_id) DO UPDATE
SET key_hash = excluded.key_hash, good_until = excluded.good_until"""


class ClientRow(NamedTuple):
    """A client as it is stored; roles: words in order; enabled: 1 or 0; channel, terminal: codes or
    ''; expires_at: 0 for never; replaced_until: so long the key before is good, 0: there is none.
    """

    client_id: int
    provider_id: int
    name: str
    roles: str
    key_hash: bytes
    enabled: int
    recorded_at: int
    channel: str
    terminal: str
    expires_at: int
    replaced_until: int = 0


def add(session: Session, client: ClientRow) -> None:
    """Inserts a client that has replaced no key. Raises StoreConflict where its name is taken."""
    values = client._asdict()
    del values["replaced_until"]
    session.run(ADD, **values)


def find(reader: Reader, client_id: int) -> ClientRow | None:
    """The client with this number."""
    row = reader.row(FIND, client_id=client_id)
    return ClientRow._make(row) if row else None


def replaced_hash(reader: Reader, client_id: int) -> bytes | None:
    """Of the key that a client's last rotation replaced."""
    row = reader.row(REPLACED, client_id=client_id)
    return bytes(cast(bytes, row[0])) if row else None


def lost_keys(reader: Reader, most: int) -> list[int]:
    """The clients of replaced keys that there are not."""
    return [cast(int, number) for (number,) in reader.rows(LOST_KEYS, most=most)]


def is_named(reader: Reader, name: str) -> bool:
    """Whether a client has this name."""
    return reader.row(NAMED, name=name) is not None


def listed(
    reader: Reader, provider_id: int, after: int, most: int, ending_before: int = 0
) -> list[ClientRow]:
    """The clients of a provider, of every provider for 0, behind a number, in order.

    ending_before: only those that are enabled and end before that moment; 0: all.
    """
    asked = {"provider_id": provider_id, "after": after, "most": most}
    if ending_before:
        found = reader.rows(ENDING, ending_before=ending_before, **asked)
    else:
        found = reader.rows(LIST, **asked)
    return [ClientRow._make(row) for row in found]


def set_enabled(session: Session, client_id: int, *, enabled: bool) -> None:
    """Lets a client call, or no longer."""
    session.run(SET_ENABLED, client_id=client_id, enabled=int(enabled))


def set_key(
    session: Session, client_id: int, key_hash: bytes, expires_at: int, old_until: int
) -> None:
    """Gives a client another key with its end; the one before is kept, good until a moment."""
    session.run(KEEP_REPLACED, client_id=client_id, good_until=old_until)
    session.run(SET_KEY, client_id=client_id, key_hash=key_hash, expires_at=expires_at)
